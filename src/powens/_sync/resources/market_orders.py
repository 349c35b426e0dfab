# Generated from src/powens/_async/resources/market_orders.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Orders on markets."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._wire import build_path, make_request
from ...models import MarketOrder, MarketOrdersList
from ..pagination import Pager
from ._base import Resource, owned_path


class MarketOrders(Resource):
    """Market orders of a user.

    (https://docs.powens.com/api-reference/products/wealth-aggregation/market-orders)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
        account_id: int | None = None,
        connection_id: int | None = None,
    ) -> Pager[MarketOrder]:
        """List market orders.

        API: `GET /users/{user_id}/marketorders`, `GET
        /users/{user_id}/accounts/{account_id}/marketorders`, `GET
        /users/{user_id}/connections/{connection_id}/marketorders`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/market-orders).

        Args:
            user_id: Id of the user, or `me`.
            account_id: Those of this account only.
            connection_id: Those of this connection only.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            ValueError: Both an account and a connection are given.
        """
        return Pager(
            self._session,
            Listing(
                model=MarketOrdersList,
                path=owned_path(
                    user_id, "marketorders", accounts=account_id, connections=connection_id
                ),
                walk=SingleWalk,
            ),
        )

    def list_all(
        self,
        *,
        user_id: int | str = "me",
        account_id: int | None = None,
        connection_id: int | None = None,
    ) -> MarketOrdersList:
        """Get market orders in one call.

        API: `GET /users/{user_id}/marketorders`, `GET
        /users/{user_id}/accounts/{account_id}/marketorders`, `GET
        /users/{user_id}/connections/{connection_id}/marketorders`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/market-orders).

        Args:
            user_id: Id of the user, or `me`.
            account_id: Those of this account only.
            connection_id: Those of this connection only.

        Returns:
            The answer as it is.

        Raises:
            ValueError: Both an account and a connection are given.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            MarketOrdersList,
            make_request(
                "GET",
                owned_path(user_id, "marketorders", accounts=account_id, connections=connection_id),
            ),
        )

    def get(
        self,
        *,
        market_order_id: int,
        user_id: int | str = "me",
    ) -> MarketOrder:
        """Get a market order.

        API: `GET /users/{user_id}/marketorders/{market_order_id}`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/market-orders).

        Args:
            market_order_id: Id of the market order.
            user_id: Id of the user, or `me`.

        Returns:
            The market order.

        Raises:
            PowensNotFoundError: There is no such market order.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            MarketOrder,
            make_request(
                "GET",
                build_path("users", user_id, "marketorders", market_order_id),
            ),
        )
