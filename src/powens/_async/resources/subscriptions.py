"""Subscriptions, which hold documents."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._unset import UNSET, Unset
from ..._wire import Expand, build_path, flag, make_request
from ...models import Subscription, SubscriptionsList, SubscriptionUpdateRequest
from ..pagination import AsyncPager
from ._base import AsyncResource, owned_path


class AsyncSubscriptions(AsyncResource):
    """Subscriptions of a user. They arrive disabled: enabling one is the user's consent.

    (https://docs.powens.com/api-reference/products/documents-aggregation/subscriptions)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
        connection_id: int | None = None,
        include_all: bool = False,
        expand: Expand = None,
    ) -> AsyncPager[Subscription]:
        """List subscriptions.

        API: `GET /users/{user_id}/subscriptions`, `GET
        /users/{user_id}/connections/{connection_id}/subscriptions`
        (https://docs.powens.com/api-reference/products/documents-aggregation/subscriptions).

        Args:
            user_id: Id of the user, or `me`.
            connection_id: Those of this connection only.
            include_all: Disabled ones too, as all are before the user consents.
            expand: Relations to send along; known is `connection`.

        Returns:
            A pager, which sends nothing until it is iterated.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=SubscriptionsList,
                path=owned_path(user_id, "subscriptions", connections=connection_id),
                walk=SingleWalk,
                params={"all": flag(include_all), "expand": expand},
            ),
        )

    async def list_all(
        self,
        *,
        user_id: int | str = "me",
        connection_id: int | None = None,
        include_all: bool = False,
        expand: Expand = None,
    ) -> SubscriptionsList:
        """Get subscriptions in one call.

        API: `GET /users/{user_id}/subscriptions`, `GET
        /users/{user_id}/connections/{connection_id}/subscriptions`
        (https://docs.powens.com/api-reference/products/documents-aggregation/subscriptions).

        Args:
            user_id: Id of the user, or `me`.
            connection_id: Those of this connection only.
            include_all: Disabled ones too, as all are before the user consents.
            expand: Relations to send along; known is `connection`.

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            SubscriptionsList,
            make_request(
                "GET",
                owned_path(user_id, "subscriptions", connections=connection_id),
                params={"all": flag(include_all), "expand": expand},
            ),
        )

    async def get(
        self,
        *,
        subscription_id: int,
        user_id: int | str = "me",
        include_all: bool = False,
        expand: Expand = None,
    ) -> Subscription:
        """Get a subscription.

        API: `GET /users/{user_id}/subscriptions/{subscription_id}`
        (https://docs.powens.com/api-reference/products/documents-aggregation/subscriptions).

        Args:
            subscription_id: Id of the subscription.
            user_id: Id of the user, or `me`.
            include_all: Find it even if it is disabled.
            expand: Relations to send along; known is `connection`.

        Returns:
            The subscription.

        Raises:
            PowensNotFoundError: There is no such subscription, or it is disabled.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Subscription,
            make_request(
                "GET",
                build_path("users", user_id, "subscriptions", subscription_id),
                params={"all": flag(include_all), "expand": expand},
            ),
        )

    async def update(
        self,
        *,
        subscription_id: int,
        user_id: int | str = "me",
        disabled: bool | Unset | None = UNSET,
        include_all: bool = False,
    ) -> Subscription:
        """Enable or disable a subscription.

        API: `POST /users/{user_id}/subscriptions/{subscription_id}`
        (https://docs.powens.com/api-reference/products/documents-aggregation/subscriptions).

        Args:
            subscription_id: Id of the subscription.
            user_id: Id of the user, or `me`.
            disabled: False is the user's consent, and starts the collection of documents. True
                deletes the documents already collected.
            include_all: Find it even if it is disabled, as it is before it is enabled.

        Returns:
            The subscription as it is now.

        Raises:
            PowensNotFoundError: There is no such subscription, or it is disabled.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Subscription,
            make_request(
                "POST",
                build_path("users", user_id, "subscriptions", subscription_id),
                params={"all": flag(include_all)},
                body=SubscriptionUpdateRequest(disabled=disabled),
            ),
        )
