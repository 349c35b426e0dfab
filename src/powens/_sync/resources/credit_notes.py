# Generated from src/powens/_async/resources/credit_notes.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Credit notes of providers."""

from __future__ import annotations

from typing import Final

from ..._checks import check_count
from ..._pagination import Listing, OffsetWalk
from ..._wire import build_path, flag, make_request
from ...models import CreditNote, CreditNotesList
from ..pagination import Pager
from ._base import Resource, owned_path

MAX_LIMIT: Final = 100


class CreditNotes(Resource):
    """Credit notes of a user; a feature that Powens switches on.

    (https://docs.powens.com/api-reference/products/data-aggregation/credit-notes)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
        connection_id: int | None = None,
        invoice_id: int | None = None,
        include_all: bool = False,
        limit: int = MAX_LIMIT,
        cursor: str | None = None,
    ) -> Pager[CreditNote]:
        """List credit notes.

        API: `GET /users/{user_id}/credit_notes`, `GET
        /users/{user_id}/connections/{connection_id}/credit_notes`, `GET
        /users/{user_id}/invoices/{invoice_id}/credit_notes`
        (https://docs.powens.com/api-reference/products/data-aggregation/credit-notes).

        Args:
            user_id: Id of the user, or `me`.
            connection_id: Those of this connection only.
            invoice_id: Those of this invoice only.
            include_all: Deleted ones too.
            limit: Rows in a page, at most 100.
            cursor: `next_cursor` of the page to go on after.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, or the cursor is of another listing, or both a
                connection and an invoice are given.
        """
        return Pager(
            self._session,
            Listing(
                model=CreditNotesList,
                path=owned_path(
                    user_id, "credit_notes", connections=connection_id, invoices=invoice_id
                ),
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
        invoice_id: int | None = None,
        include_all: bool = False,
        limit: int = MAX_LIMIT,
    ) -> CreditNotesList:
        """Get a page of credit notes in one call.

        API: `GET /users/{user_id}/credit_notes`, `GET
        /users/{user_id}/connections/{connection_id}/credit_notes`, `GET
        /users/{user_id}/invoices/{invoice_id}/credit_notes`
        (https://docs.powens.com/api-reference/products/data-aggregation/credit-notes).

        Args:
            user_id: Id of the user, or `me`.
            connection_id: Those of this connection only.
            invoice_id: Those of this invoice only.
            include_all: Deleted ones too.
            limit: Rows in a page, at most 100.

        Returns:
            The answer as it is.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, or both a connection and an invoice are given.
            PowensError: The call failed; the class says why.
        """
        check_count("limit", limit, least=1, most=MAX_LIMIT)
        return self._session.fetch(
            CreditNotesList,
            make_request(
                "GET",
                owned_path(user_id, "credit_notes", connections=connection_id, invoices=invoice_id),
                params={"all": flag(include_all), "limit": limit},
            ),
        )

    def get(
        self,
        *,
        credit_note_id: int,
        user_id: int | str = "me",
    ) -> CreditNote:
        """Get a credit note.

        API: `GET /users/{user_id}/credit_notes/{credit_note_id}`
        (https://docs.powens.com/api-reference/products/data-aggregation/credit-notes).

        Args:
            credit_note_id: Id of the credit note.
            user_id: Id of the user, or `me`.

        Returns:
            The credit note.

        Raises:
            PowensNotFoundError: There is no such credit note.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            CreditNote,
            make_request(
                "GET",
                build_path("users", user_id, "credit_notes", credit_note_id),
            ),
        )
