"""Currencies."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._wire import TokenUse, build_path, make_request
from ...models import CurrenciesList, Currency
from ..pagination import AsyncPager
from ._base import AsyncResource


class AsyncCurrencies(AsyncResource):
    """Currencies (https://docs.powens.com/api-reference/products/data-aggregation/currencies)."""

    def list(self) -> AsyncPager[Currency]:
        """List the currencies.

        API: `GET /currencies`
        (https://docs.powens.com/api-reference/products/data-aggregation/currencies).

        Returns:
            A pager, which sends nothing until it is iterated.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=CurrenciesList,
                path=build_path("currencies"),
                walk=SingleWalk,
                token=TokenUse.OPTIONAL,
            ),
        )

    async def list_all(self) -> CurrenciesList:
        """Get the currencies in one call.

        API: `GET /currencies`
        (https://docs.powens.com/api-reference/products/data-aggregation/currencies).

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            CurrenciesList, make_request("GET", build_path("currencies"), token=TokenUse.OPTIONAL)
        )
