# Generated from src/powens/_async/resources/investments.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Investments."""

from __future__ import annotations

from ..._checks import check_count
from ..._pagination import MAX_LIMIT, Listing, OffsetWalk
from ..._wire import Date, build_path, day, make_request
from ...models import Investment, InvestmentHistoryValuesList, InvestmentsList, SecurityHistory
from ..pagination import Pager
from ._base import Resource, owned_path


class Investments(Resource):
    """Investments of a user.

    (https://docs.powens.com/api-reference/products/wealth-aggregation/investments)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
        account_id: int | None = None,
        connection_id: int | None = None,
        label: str | None = None,
        code: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pager[Investment]:
        """List investments.

        API: `GET /users/{user_id}/investments`, `GET
        /users/{user_id}/accounts/{account_id}/investments`, `GET
        /users/{user_id}/connections/{connection_id}/investments`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/investments).

        Args:
            user_id: Id of the user, or `me`.
            account_id: Those of this account only.
            connection_id: Those of this connection only.
            label: Words to look for in the labels.
            code: ISIN code to look for.
            limit: Rows in a page, at most 1000.
            cursor: `next_cursor` of the page to go on after.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, the cursor is of another listing, or both an
                account and a connection are given.
        """
        return Pager(
            self._session,
            Listing(
                model=InvestmentsList,
                path=owned_path(
                    user_id, "investments", accounts=account_id, connections=connection_id
                ),
                walk=OffsetWalk,
                params={"label": label, "code": code},
                limit=limit,
                cursor=cursor,
            ),
        )

    def list_all(
        self,
        *,
        user_id: int | str = "me",
        account_id: int | None = None,
        connection_id: int | None = None,
        label: str | None = None,
        code: str | None = None,
        limit: int | None = None,
    ) -> InvestmentsList:
        """Get investments and the sums over them in one call.

        API: `GET /users/{user_id}/investments`, `GET
        /users/{user_id}/accounts/{account_id}/investments`, `GET
        /users/{user_id}/connections/{connection_id}/investments`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/investments).

        Args:
            user_id: Id of the user, or `me`.
            account_id: Those of this account only.
            connection_id: Those of this connection only.
            label: Words to look for in the labels.
            code: ISIN code to look for.
            limit: Rows in a page, at most 1000.

        Returns:
            The answer as it is, with `valuation` and `diff` over what it holds.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, or both an account and a connection are given.
            PowensError: The call failed; the class says why.
        """
        if limit is not None:
            check_count("limit", limit, least=1, most=MAX_LIMIT)
        return self._session.fetch(
            InvestmentsList,
            make_request(
                "GET",
                owned_path(user_id, "investments", accounts=account_id, connections=connection_id),
                params={"label": label, "code": code, "limit": limit},
            ),
        )

    def get(
        self,
        *,
        investment_id: int,
        user_id: int | str = "me",
    ) -> Investment:
        """Get an investment.

        API: `GET /users/{user_id}/investments/{investment_id}`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/investments).

        Args:
            investment_id: Id of the investment.
            user_id: Id of the user, or `me`.

        Returns:
            The investment.

        Raises:
            PowensNotFoundError: There is no such investment.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            Investment,
            make_request(
                "GET",
                build_path("users", user_id, "investments", investment_id),
            ),
        )

    def history(
        self,
        *,
        investment_id: int,
        user_id: int | str = "me",
        min_date: Date | None = None,
        max_date: Date | None = None,
        limit: int | None = None,
    ) -> InvestmentHistoryValuesList:
        """Get the past values of an investment, since its connection was made.

        API: `GET /users/{user_id}/investments/{investment_id}/history`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/investments).

        Args:
            investment_id: Id of the investment.
            user_id: Id of the user, or `me`.
            min_date: First day; accepted by the live API, not in the reference.
            max_date: Last day, likewise.
            limit: Values to get, the newest; likewise.

        Returns:
            The values.

        Raises:
            PowensNotFoundError: There is no such investment.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            InvestmentHistoryValuesList,
            make_request(
                "GET",
                build_path("users", user_id, "investments", investment_id, "history"),
                params={"min_date": day(min_date), "max_date": day(max_date), "limit": limit},
            ),
        )

    def security_history(
        self,
        *,
        investment_id: int,
        user_id: int | str = "me",
        min_date: Date | None = None,
        max_date: Date | None = None,
    ) -> SecurityHistory:
        """Get the past prices of the security behind an investment.

        Known from the guide to the product only, not from the reference.

        API: `GET /users/{user_id}/investments/{investment_id}/security/history`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/investments).

        Args:
            investment_id: Id of the investment.
            user_id: Id of the user, or `me`.
            min_date: First day.
            max_date: Last day.

        Returns:
            The prices, of a third party: they go back further than `history`, and may differ from
            it.

        Raises:
            PowensNotFoundError: There is no such investment.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            SecurityHistory,
            make_request(
                "GET",
                build_path("users", user_id, "investments", investment_id, "security", "history"),
                params={"min_date": day(min_date), "max_date": day(max_date)},
            ),
        )
