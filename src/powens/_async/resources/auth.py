"""Tokens and codes."""

from __future__ import annotations

from collections.abc import Sequence

from ..._checks import check_count
from ..._unset import UNSET, Unset
from ..._wire import TokenUse, build_path, make_request
from ...models import (
    AuthCode,
    AuthCodeRequestType,
    AuthRenewRequest,
    AuthScope,
    AuthServiceToken,
    AuthServiceTokenRequest,
    AuthToken,
    AuthTokenExchange,
    AuthTokenExchangeRequest,
    AuthTokenInitRequest,
)
from ._base import AsyncResource


class AsyncAuth(AsyncResource):
    """Tokens and codes (https://docs.powens.com/api-reference/overview/authentication).

    `client_id` and `client_secret` default to those of the client everywhere.
    """

    async def init_user(
        self,
        *,
        client_id: int | str | Unset | None = UNSET,
        client_secret: str | Unset | None = UNSET,
    ) -> AuthToken:
        """Create a user and its first token.

        With credentials the token is permanent. Without, it lives for 30 minutes and its user
        ends with it, unless `exchange_code` makes it permanent. Each call creates a user.

        API: `POST /auth/init`
        (https://docs.powens.com/api-reference/overview/authentication).

        Args:
            client_id: Id of the client application; None asks for a temporary user.
            client_secret: Its secret; None asks for a temporary user.

        Returns:
            The token and the id of its user.

        Raises:
            ValueError: One of the credentials is there and the other is not.
            PowensAuthError: The credentials are not right.
            PowensError: The call failed; the class says why.
        """
        app = self._session.app
        chosen_id = app.client_id if isinstance(client_id, Unset) else client_id
        secret = app.client_secret if isinstance(client_secret, Unset) else client_secret
        is_permanent = chosen_id is not None or secret is not None
        credentials = app.credentials(chosen_id, secret) if is_permanent else {}
        return await self._session.fetch(
            AuthToken,
            make_request(
                "POST",
                build_path("auth", "init"),
                body=AuthTokenInitRequest(**credentials),
                token=TokenUse.NEVER,
            ),
        )

    async def generate_code(self, *, type_: AuthCodeRequestType | str | None = None) -> AuthCode:
        """Get a temporary code of the user, to open a webview with.

        Get it just before use: some codes live for a few minutes only.

        API: `GET /auth/token/code`
        (https://docs.powens.com/api-reference/overview/authentication).

        Args:
            type_: `singleAccess` for a code that works once, `requestAccess` (what the API takes
                when left out) for one that works for 30 minutes.

        Returns:
            The code.

        Raises:
            PowensAuthError: The token of the user is not valid.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            AuthCode,
            make_request("GET", build_path("auth", "token", "code"), params={"type": type_}),
        )

    async def exchange_code(
        self,
        *,
        code: str,
        client_id: int | str | Unset = UNSET,
        client_secret: str | Unset = UNSET,
        redirect_uri: str | Unset = UNSET,
    ) -> AuthTokenExchange:
        """Turn a temporary code, or a temporary token, into a permanent token. It works once.

        API: `POST /auth/token/access`
        (https://docs.powens.com/api-reference/overview/authentication).

        Args:
            code: What the webview brought back, or the temporary token itself.
            client_id: Id of the client application.
            client_secret: Its secret.
            redirect_uri: Address that the code was sent to; older specifications ask for it.

        Returns:
            The permanent token.

        Raises:
            ValueError: A credential is given neither here nor to the client.
            PowensAuthError: The code or the credentials are not right.
            PowensError: The call failed; the class says why.
        """
        body = AuthTokenExchangeRequest(
            **self._session.app.credentials(client_id, client_secret),
            code=code,
            redirect_uri=redirect_uri,
        )
        return await self._session.fetch(
            AuthTokenExchange,
            make_request(
                "POST", build_path("auth", "token", "access"), body=body, token=TokenUse.NEVER
            ),
        )

    async def revoke_token(self) -> None:
        """Revoke the permanent token that this client sends.

        API: `DELETE /auth/token`
        (https://docs.powens.com/api-reference/overview/authentication).

        Raises:
            PowensAuthError: The token is not valid any more.
            PowensError: The call failed; the class says why.
        """
        await self._session.send(make_request("DELETE", build_path("auth", "token")))

    async def renew_token(
        self,
        *,
        id_user: int,
        client_id: int | str | Unset = UNSET,
        client_secret: str | Unset = UNSET,
        revoke_previous: bool = False,
    ) -> AuthTokenExchange:
        """Make another permanent token for a user.

        API: `POST /auth/renew`
        (https://docs.powens.com/api-reference/overview/authentication).

        Args:
            id_user: Id of the user. The API would create a user without it, so it is required.
            client_id: Id of the client application.
            client_secret: Its secret.
            revoke_previous: Revoke all other permanent tokens of the user.

        Returns:
            The new token.

        Raises:
            TypeError: `id_user` is no int.
            ValueError: `id_user` is no id, or a credential is given neither here nor to the client.
            PowensError: The call failed; the class says why.
        """
        check_count("id_user (without one the API creates a user)", id_user, least=1)
        body = AuthRenewRequest(
            **self._session.app.credentials(client_id, client_secret),
            id_user=id_user,
            revoke_previous=revoke_previous,
        )
        return await self._session.fetch(
            AuthTokenExchange,
            make_request("POST", build_path("auth", "renew"), body=body, token=TokenUse.NEVER),
        )

    async def generate_service_token(
        self,
        *,
        scope: AuthScope | str | Sequence[AuthScope | str],
        client_id: int | str | Unset = UNSET,
        client_secret: str | Unset = UNSET,
    ) -> AuthServiceToken:
        """Make a token of the domain, tied to no user, that lives for 30 minutes.

        API: `POST /auth/token`
        (https://docs.powens.com/api-reference/overview/authentication).

        Args:
            scope: What the token may do: one scope, or several.
            client_id: Id of the client application.
            client_secret: Its secret.

        Returns:
            The token and the scope that was granted.

        Raises:
            ValueError: A credential is given neither here nor to the client.
            PowensAuthError: The credentials are not right, or the scope is not allowed.
            PowensError: The call failed; the class says why.
        """
        body = AuthServiceTokenRequest(
            **self._session.app.credentials(client_id, client_secret), scope=scope
        )
        return await self._session.fetch(
            AuthServiceToken,
            make_request("POST", build_path("auth", "token"), body=body, token=TokenUse.NEVER),
        )
