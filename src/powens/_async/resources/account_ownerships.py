"""Who owns the accounts of a user."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._wire import build_path, make_request
from ...models import AccountOwnership, AccountOwnershipsList
from ..pagination import AsyncPager
from ._base import AsyncResource


class AsyncAccountOwnerships(AsyncResource):
    """Account ownerships; a feature that Powens switches on.

    (https://docs.powens.com/api-reference/products/data-aggregation/account-ownerships)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
    ) -> AsyncPager[AccountOwnership]:
        """List who owns the accounts of a user.

        API: `GET /users/{user_id}/account_ownerships`
        (https://docs.powens.com/api-reference/products/data-aggregation/account-ownerships).

        Args:
            user_id: Id of the user, or `me`.

        Returns:
            A pager, which sends nothing until it is iterated.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=AccountOwnershipsList,
                path=build_path("users", user_id, "account_ownerships"),
                walk=SingleWalk,
            ),
        )

    async def list_all(
        self,
        *,
        user_id: int | str = "me",
    ) -> AccountOwnershipsList:
        """Get who owns the accounts of a user in one call.

        API: `GET /users/{user_id}/account_ownerships`
        (https://docs.powens.com/api-reference/products/data-aggregation/account-ownerships).

        Args:
            user_id: Id of the user, or `me`.

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            AccountOwnershipsList,
            make_request(
                "GET",
                build_path("users", user_id, "account_ownerships"),
            ),
        )
