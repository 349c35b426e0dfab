# Generated from src/powens/_async/resources/webhook_auth_providers.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""How webhooks prove who sends them."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._unset import UNSET
from ..._wire import build_path, make_request
from ...models import (
    WebhookAuthProvider,
    WebhookAuthProvidersList,
    WebhookAuthType,
    WebhookOAuthConfig,
)
from ..pagination import Pager
from ._base import Resource


class WebhookAuthProviders(Resource):
    """Auth providers of webhooks, with the configuration token of the console.

    A provider is tied to a webhook in the console.

    (https://docs.powens.com/documentation/integration-guides/webhooks)
    """

    def create(
        self,
        *,
        type_: WebhookAuthType | str,
        name: str,
        config: WebhookOAuthConfig | None = None,
    ) -> WebhookAuthProvider:
        """Create a provider: one that signs, or one that gets a token from you.

        API: `POST /webhooks/auth`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Args:
            type_: `hmac_signature` or `oauth`.
            name: Its name, which no other has. Keep it short, letters and digits only.
            config: Where Powens gets the token; for `oauth` only.

        Returns:
            The provider. Keep `config.secret_key` of one that signs: it is not shown again.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            WebhookAuthProvider,
            make_request(
                "POST",
                build_path("webhooks", "auth"),
                body={"type": type_, "name": name, "config": UNSET if config is None else config},
            ),
        )

    def list(
        self,
        *,
        limit: int | None = None,
    ) -> Pager[WebhookAuthProvider]:
        """List providers.

        Not in the current reference, and known to work.

        API: `GET /webhooks/auth`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Args:
            limit: Rows in a page, at most 1000.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range.
        """
        return Pager(
            self._session,
            Listing(
                model=WebhookAuthProvidersList,
                path=build_path("webhooks", "auth"),
                walk=SingleWalk,
                limit=limit,
            ),
        )

    def list_all(
        self,
        *,
        limit: int | None = None,
    ) -> WebhookAuthProvidersList:
        """Get the providers in one call.

        Not in the current reference, and known to work.

        API: `GET /webhooks/auth`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Args:
            limit: Rows in a page, at most 1000.

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            WebhookAuthProvidersList,
            make_request(
                "GET",
                build_path("webhooks", "auth"),
                params={"limit": limit},
            ),
        )

    def update(
        self,
        *,
        auth_provider_id: int,
        type_: WebhookAuthType | str,
        name: str,
        config: WebhookOAuthConfig | None = None,
    ) -> WebhookAuthProvider:
        """Change a provider.

        Known from an old specification only.

        API: `PUT /webhooks/auth/{auth_provider_id}`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Args:
            auth_provider_id: Id of the provider.
            type_: Its type.
            name: Its name.
            config: Where Powens gets the token; for `oauth` only.

        Returns:
            The provider as it is now.

        Raises:
            PowensNotFoundError: There is no such provider.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            WebhookAuthProvider,
            make_request(
                "PUT",
                build_path("webhooks", "auth", auth_provider_id),
                body={"type": type_, "name": name, "config": UNSET if config is None else config},
            ),
        )

    def delete(
        self,
        *,
        auth_provider_id: int,
    ) -> None:
        """Delete a provider.

        Not in the current reference, and known to work.

        API: `DELETE /webhooks/auth/{auth_provider_id}`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Args:
            auth_provider_id: Id of the provider.

        Raises:
            PowensNotFoundError: There is no such provider.
            PowensError: The call failed; the class says why.
        """
        self._session.send(
            make_request(
                "DELETE",
                build_path("webhooks", "auth", auth_provider_id),
            )
        )
