"""Types of bank accounts."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._wire import TokenUse, build_path, make_request
from ...models import AccountType, AccountTypesList
from ..pagination import AsyncPager
from ._base import AsyncResource


class AsyncAccountTypes(AsyncResource):
    """Account types; their ids differ between domains, their names do not.

    (https://docs.powens.com/api-reference/products/data-aggregation/bank-account-types)
    """

    def list(self) -> AsyncPager[AccountType]:
        """List the account types.

        API: `GET /account_types`
        (https://docs.powens.com/api-reference/products/data-aggregation/bank-account-types).

        Returns:
            A pager, which sends nothing until it is iterated.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=AccountTypesList,
                path=build_path("account_types"),
                walk=SingleWalk,
                token=TokenUse.OPTIONAL,
            ),
        )

    async def list_all(self) -> AccountTypesList:
        """Get the account types in one call.

        API: `GET /account_types`
        (https://docs.powens.com/api-reference/products/data-aggregation/bank-account-types).

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            AccountTypesList,
            make_request("GET", build_path("account_types"), token=TokenUse.OPTIONAL),
        )

    async def get(self, *, type_id: int) -> AccountType:
        """Get an account type.

        API: `GET /account_types/{type_id}`
        (https://docs.powens.com/api-reference/products/data-aggregation/bank-account-types).

        Args:
            type_id: Id of the type on this domain.

        Returns:
            The account type.

        Raises:
            PowensNotFoundError: There is no such type.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            AccountType,
            make_request("GET", build_path("account_types", type_id), token=TokenUse.OPTIONAL),
        )
