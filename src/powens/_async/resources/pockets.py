"""Pockets of investments."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._wire import build_path, make_request
from ...models import Pocket, PocketsList
from ..pagination import AsyncPager
from ._base import AsyncResource, owned_path


class AsyncPockets(AsyncResource):
    """Pockets, the parts of investments that have a date of availability.

    (https://docs.powens.com/api-reference/products/wealth-aggregation/pockets)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
        investment_id: int | None = None,
        account_id: int | None = None,
        connection_id: int | None = None,
    ) -> AsyncPager[Pocket]:
        """List pockets.

        API: `GET /users/{user_id}/pockets`, `GET
        /users/{user_id}/investments/{investment_id}/pockets`, `GET
        /users/{user_id}/accounts/{account_id}/pockets`, `GET
        /users/{user_id}/connections/{connection_id}/pockets`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/pockets).

        Args:
            user_id: Id of the user, or `me`.
            investment_id: Those of this investment only.
            account_id: Those of this account only.
            connection_id: Those of this connection only.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            ValueError: More than one of an investment, an account and a connection is given.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=PocketsList,
                path=owned_path(
                    user_id,
                    "pockets",
                    investments=investment_id,
                    accounts=account_id,
                    connections=connection_id,
                ),
                walk=SingleWalk,
            ),
        )

    async def list_all(
        self,
        *,
        user_id: int | str = "me",
        investment_id: int | None = None,
        account_id: int | None = None,
        connection_id: int | None = None,
    ) -> PocketsList:
        """Get pockets in one call.

        API: `GET /users/{user_id}/pockets`, `GET
        /users/{user_id}/investments/{investment_id}/pockets`, `GET
        /users/{user_id}/accounts/{account_id}/pockets`, `GET
        /users/{user_id}/connections/{connection_id}/pockets`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/pockets).

        Args:
            user_id: Id of the user, or `me`.
            investment_id: Those of this investment only.
            account_id: Those of this account only.
            connection_id: Those of this connection only.

        Returns:
            The answer as it is.

        Raises:
            ValueError: More than one of an investment, an account and a connection is given.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            PocketsList,
            make_request(
                "GET",
                owned_path(
                    user_id,
                    "pockets",
                    investments=investment_id,
                    accounts=account_id,
                    connections=connection_id,
                ),
            ),
        )

    async def get(
        self,
        *,
        pocket_id: int,
        user_id: int | str = "me",
    ) -> Pocket:
        """Get a pocket.

        API: `GET /users/{user_id}/pockets/{pocket_id}`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/pockets).

        Args:
            pocket_id: Id of the pocket.
            user_id: Id of the user, or `me`.

        Returns:
            The pocket.

        Raises:
            PowensNotFoundError: There is no such pocket.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Pocket,
            make_request(
                "GET",
                build_path("users", user_id, "pockets", pocket_id),
            ),
        )
