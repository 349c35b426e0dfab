"""What loans cost, month by month."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._wire import make_request
from ...models import LoanAmortization, LoanAmortizationsList
from ..pagination import AsyncPager
from ._base import AsyncResource, owned_path


class AsyncLoanAmortizations(AsyncResource):
    """Amortizations of loans.

    Without the product every call is refused with a PowensAuthError whose code is `unauthorized`:
    the token is fine.

    (https://docs.powens.com/api-reference/products/wealth-aggregation/loan-amortizations)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
        account_id: int | None = None,
        connection_id: int | None = None,
    ) -> AsyncPager[LoanAmortization]:
        """List the amortizations of loans.

        API: `GET /users/{user_id}/amortizations`, `GET
        /users/{user_id}/accounts/{account_id}/amortizations`, `GET
        /users/{user_id}/connections/{connection_id}/amortizations`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/loan-amortizations).

        Args:
            user_id: Id of the user, or `me`.
            account_id: Those of this account only.
            connection_id: Those of this connection only.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            ValueError: Both an account and a connection are given.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=LoanAmortizationsList,
                path=owned_path(
                    user_id, "amortizations", accounts=account_id, connections=connection_id
                ),
                walk=SingleWalk,
            ),
        )

    async def list_all(
        self,
        *,
        user_id: int | str = "me",
        account_id: int | None = None,
        connection_id: int | None = None,
    ) -> LoanAmortizationsList:
        """Get the amortizations of loans in one call.

        API: `GET /users/{user_id}/amortizations`, `GET
        /users/{user_id}/accounts/{account_id}/amortizations`, `GET
        /users/{user_id}/connections/{connection_id}/amortizations`
        (https://docs.powens.com/api-reference/products/wealth-aggregation/loan-amortizations).

        Args:
            user_id: Id of the user, or `me`.
            account_id: Those of this account only.
            connection_id: Those of this connection only.

        Returns:
            The answer as it is.

        Raises:
            ValueError: Both an account and a connection are given.
            PowensAuthError: The product is not part of the contract.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            LoanAmortizationsList,
            make_request(
                "GET",
                owned_path(
                    user_id, "amortizations", accounts=account_id, connections=connection_id
                ),
            ),
        )
