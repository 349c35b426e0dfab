# Generated from src/powens/_async/resources/invoices.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Invoices of providers."""

from __future__ import annotations

from typing import Final

from ..._checks import check_count
from ..._pagination import Listing, OffsetWalk
from ..._wire import build_path, flag, make_request
from ...models import Invoice, InvoicesList
from ..pagination import Pager
from ._base import Resource, owned_path

MAX_LIMIT: Final = 100


class Invoices(Resource):
    """Invoices of a user; a feature that Powens switches on.

    (https://docs.powens.com/api-reference/products/data-aggregation/invoices)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
        connection_id: int | None = None,
        include_all: bool = False,
        limit: int = MAX_LIMIT,
        cursor: str | None = None,
    ) -> Pager[Invoice]:
        """List invoices.

        API: `GET /users/{user_id}/invoices`, `GET
        /users/{user_id}/connections/{connection_id}/invoices`
        (https://docs.powens.com/api-reference/products/data-aggregation/invoices).

        Args:
            user_id: Id of the user, or `me`.
            connection_id: Those of this connection only.
            include_all: Deleted ones too.
            limit: Rows in a page, at most 100.
            cursor: `next_cursor` of the page to go on after.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, or the cursor is of another listing.
        """
        return Pager(
            self._session,
            Listing(
                model=InvoicesList,
                path=owned_path(user_id, "invoices", connections=connection_id),
                walk=OffsetWalk,
                params={"all": flag(include_all)},
                limit=limit,
                cursor=cursor,
                most=MAX_LIMIT,
            ),
        )

    def list_all(
        self,
        *,
        user_id: int | str = "me",
        connection_id: int | None = None,
        include_all: bool = False,
        limit: int = MAX_LIMIT,
    ) -> InvoicesList:
        """Get a page of invoices in one call.

        API: `GET /users/{user_id}/invoices`, `GET
        /users/{user_id}/connections/{connection_id}/invoices`
        (https://docs.powens.com/api-reference/products/data-aggregation/invoices).

        Args:
            user_id: Id of the user, or `me`.
            connection_id: Those of this connection only.
            include_all: Deleted ones too.
            limit: Rows in a page, at most 100.

        Returns:
            The answer as it is.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range.
            PowensError: The call failed; the class says why.
        """
        check_count("limit", limit, least=1, most=MAX_LIMIT)
        return self._session.fetch(
            InvoicesList,
            make_request(
                "GET",
                owned_path(user_id, "invoices", connections=connection_id),
                params={"all": flag(include_all), "limit": limit},
            ),
        )

    def get(
        self,
        *,
        invoice_id: int,
        user_id: int | str = "me",
    ) -> Invoice:
        """Get an invoice.

        API: `GET /users/{user_id}/invoices/{invoice_id}`
        (https://docs.powens.com/api-reference/products/data-aggregation/invoices).

        Args:
            invoice_id: Id of the invoice.
            user_id: Id of the user, or `me`.

        Returns:
            The invoice.

        Raises:
            PowensNotFoundError: There is no such invoice.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            Invoice,
            make_request(
                "GET",
                build_path("users", user_id, "invoices", invoice_id),
            ),
        )
