# Generated from src/powens/_async/resources/currencies.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Currencies."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._wire import TokenUse, build_path, make_request
from ...models import CurrenciesList, Currency
from ..pagination import Pager
from ._base import Resource


class Currencies(Resource):
    """Currencies (https://docs.powens.com/api-reference/products/data-aggregation/currencies)."""

    def list(self) -> Pager[Currency]:
        """List the currencies.

        API: `GET /currencies`
        (https://docs.powens.com/api-reference/products/data-aggregation/currencies).

        Returns:
            A pager, which sends nothing until it is iterated.
        """
        return Pager(
            self._session,
            Listing(
                model=CurrenciesList,
                path=build_path("currencies"),
                walk=SingleWalk,
                token=TokenUse.OPTIONAL,
            ),
        )

    def list_all(self) -> CurrenciesList:
        """Get the currencies in one call.

        API: `GET /currencies`
        (https://docs.powens.com/api-reference/products/data-aggregation/currencies).

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            CurrenciesList, make_request("GET", build_path("currencies"), token=TokenUse.OPTIONAL)
        )
