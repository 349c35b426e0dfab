"""Balances of an account over time."""

from __future__ import annotations

from ..._wire import Date, build_path, day, make_request
from ...models import BalanceGroupsList
from ._base import AsyncResource


class AsyncBalances(AsyncResource):
    """Balances, which Powens works out from the current balance and the known transactions.

    They may be a day old, and are not fit for reconciliation.

    (https://docs.powens.com/api-reference/products/data-aggregation/balances)
    """

    async def get(
        self,
        *,
        account_id: int,
        user_id: int | str = "me",
        min_date: Date | None = None,
        max_date: Date | None = None,
        period: str | None = None,
    ) -> BalanceGroupsList:
        """Get the balances of an account, by period.

        API: `GET /users/{user_id}/accounts/{account_id}/balances`
        (https://docs.powens.com/api-reference/products/data-aggregation/balances).

        Args:
            account_id: Id of the account.
            user_id: Id of the user, or `me`.
            min_date: First day; the API takes the first of this month when it is left out.
            max_date: Last day; the API takes the last of this month when it is left out.
            period: Length of a period, such as `1month` or `15days`; known from an old
                specification only.

        Returns:
            The periods; their `daily_balances` are there when a bound was given.

        Raises:
            PowensNotFoundError: There is no such account.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            BalanceGroupsList,
            make_request(
                "GET",
                build_path("users", user_id, "accounts", account_id, "balances"),
                params={"min_date": day(min_date), "max_date": day(max_date), "period": period},
            ),
        )
