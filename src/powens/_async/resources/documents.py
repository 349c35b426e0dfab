"""Documents, and the files behind them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ..._checks import check_count
from ..._files import Target
from ..._pagination import MAX_LIMIT, Listing, OffsetWalk
from ..._unset import UNSET, Unset
from ..._wire import Date, Request, Upload, build_path, day, make_request
from ...models import Attachment, Document, DocumentsList, DocumentUpdateRequest
from ..pagination import AsyncPager
from ._base import AsyncResource, owned_path


class AsyncDocuments(AsyncResource):
    """Documents of a user.

    (https://docs.powens.com/api-reference/products/documents-aggregation/documents)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
        subscription_id: int | None = None,
        connection_id: int | None = None,
        transaction_id: int | None = None,
        id_type: int | None = None,
        min_amount: Decimal | int | str | None = None,
        max_amount: Decimal | int | str | None = None,
        min_date: Date | None = None,
        max_date: Date | None = None,
        min_timestamp: dt.datetime | str | None = None,
        max_timestamp: dt.datetime | str | None = None,
        limit: int = MAX_LIMIT,
        cursor: str | None = None,
    ) -> AsyncPager[Document]:
        """List documents.

        API: `GET /users/{user_id}/documents`, `GET
        /users/{user_id}/subscriptions/{subscription_id}/documents`, `GET
        /users/{user_id}/connections/{connection_id}/documents`, `GET
        /users/{user_id}/transactions/{transaction_id}/documents`
        (https://docs.powens.com/api-reference/products/documents-aggregation/documents).

        Args:
            user_id: Id of the user, or `me`.
            subscription_id: Those of this subscription only.
            connection_id: Those of this connection only.
            transaction_id: Those attached to this transaction only.
            id_type: Those of this type only.
            min_amount: Lowest amount, itself included.
            max_amount: Highest amount, itself included.
            min_date: First day; this and the next three are known from an old specification only.
            max_date: Last day.
            min_timestamp: When Powens made it, at the earliest.
            max_timestamp: When Powens made it, at the latest.
            limit: Rows in a page, at most 1000.
            cursor: `next_cursor` of the page to go on after.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, the cursor is of another listing, or more than one
                of a subscription, a connection and a transaction is given.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=DocumentsList,
                path=owned_path(
                    user_id,
                    "documents",
                    subscriptions=subscription_id,
                    connections=connection_id,
                    transactions=transaction_id,
                ),
                walk=OffsetWalk,
                params={
                    "id_type": id_type,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "min_date": day(min_date),
                    "max_date": day(max_date),
                    "min_timestamp": min_timestamp,
                    "max_timestamp": max_timestamp,
                },
                limit=limit,
                cursor=cursor,
            ),
        )

    async def list_all(
        self,
        *,
        user_id: int | str = "me",
        subscription_id: int | None = None,
        connection_id: int | None = None,
        transaction_id: int | None = None,
        id_type: int | None = None,
        min_amount: Decimal | int | str | None = None,
        max_amount: Decimal | int | str | None = None,
        min_date: Date | None = None,
        max_date: Date | None = None,
        min_timestamp: dt.datetime | str | None = None,
        max_timestamp: dt.datetime | str | None = None,
        limit: int = MAX_LIMIT,
    ) -> DocumentsList:
        """Get a page of documents and the bounds of their dates in one call.

        API: `GET /users/{user_id}/documents`, `GET
        /users/{user_id}/subscriptions/{subscription_id}/documents`, `GET
        /users/{user_id}/connections/{connection_id}/documents`, `GET
        /users/{user_id}/transactions/{transaction_id}/documents`
        (https://docs.powens.com/api-reference/products/documents-aggregation/documents).

        Args:
            user_id: Id of the user, or `me`.
            subscription_id: Those of this subscription only.
            connection_id: Those of this connection only.
            transaction_id: Those attached to this transaction only.
            id_type: Those of this type only.
            min_amount: Lowest amount, itself included.
            max_amount: Highest amount, itself included.
            min_date: First day; this and the next three are known from an old specification only.
            max_date: Last day.
            min_timestamp: When Powens made it, at the earliest.
            max_timestamp: When Powens made it, at the latest.
            limit: Rows in a page, at most 1000.

        Returns:
            The answer as it is.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, or more than one of a subscription, a connection
                and a transaction is given.
            PowensError: The call failed; the class says why.
        """
        check_count("limit", limit, least=1, most=MAX_LIMIT)
        return await self._session.fetch(
            DocumentsList,
            make_request(
                "GET",
                owned_path(
                    user_id,
                    "documents",
                    subscriptions=subscription_id,
                    connections=connection_id,
                    transactions=transaction_id,
                ),
                params={
                    "id_type": id_type,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "min_date": day(min_date),
                    "max_date": day(max_date),
                    "min_timestamp": min_timestamp,
                    "max_timestamp": max_timestamp,
                    "limit": limit,
                },
            ),
        )

    async def get(
        self,
        *,
        document_id: int,
        user_id: int | str = "me",
    ) -> Document:
        """Get a document.

        The page of the reference prints this path without the user; its siblings have the user, and
        so does this call.

        API: `GET /users/{user_id}/documents/{document_id}`
        (https://docs.powens.com/api-reference/products/documents-aggregation/documents).

        Args:
            document_id: Id of the document.
            user_id: Id of the user, or `me`.

        Returns:
            The document.

        Raises:
            PowensNotFoundError: There is no such document.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Document,
            make_request(
                "GET",
                build_path("users", user_id, "documents", document_id),
            ),
        )

    async def update(
        self,
        *,
        document_id: int,
        user_id: int | str = "me",
        id_type: int | Unset | None = UNSET,
        date: Date | Unset | None = UNSET,
        duedate: Date | Unset | None = UNSET,
        total_amount: Decimal | Unset | None = UNSET,
        untaxed_amount: Decimal | Unset | None = UNSET,
        vat: Decimal | Unset | None = UNSET,
        income: bool | Unset | None = UNSET,
        name: str | Unset | None = UNSET,
    ) -> Document:
        """Change what is known of a document.

        What is left out stays as it is; None sends null. The page of the reference prints this path
        without the user; its siblings have the user, and so does this call.

        API: `POST /users/{user_id}/documents/{document_id}`
        (https://docs.powens.com/api-reference/products/documents-aggregation/documents).

        Args:
            document_id: Id of the document.
            user_id: Id of the user, or `me`.
            id_type: Id of its type.
            date: Its date.
            duedate: When it is due.
            total_amount: Amount with tax.
            untaxed_amount: Amount without tax.
            vat: Tax.
            income: Whether it is an income.
            name: Its name.

        Returns:
            The document as it is now.

        Raises:
            PowensNotFoundError: There is no such document.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Document,
            make_request(
                "POST",
                build_path("users", user_id, "documents", document_id),
                body=DocumentUpdateRequest(
                    id_type=id_type,
                    date=_as_day(date),
                    duedate=_as_day(duedate),
                    total_amount=total_amount,
                    untaxed_amount=untaxed_amount,
                    vat=vat,
                    income=income,
                    name=name,
                ),
            ),
        )

    async def delete(
        self,
        *,
        document_id: int,
        user_id: int | str = "me",
    ) -> None:
        """Delete a document.

        Known from an old specification only.

        API: `DELETE /users/{user_id}/documents/{document_id}`
        (https://docs.powens.com/api-reference/products/documents-aggregation/documents).

        Args:
            document_id: Id of the document.
            user_id: Id of the user, or `me`.

        Raises:
            PowensNotFoundError: There is no such document.
            PowensError: The call failed; the class says why.
        """
        await self._session.send(
            make_request(
                "DELETE",
                build_path("users", user_id, "documents", document_id),
            )
        )

    async def upload(
        self,
        *,
        file: Upload,
        date: Date,
        duedate: Date,
        user_id: int | str = "me",
        id_type: int | None = None,
        name: str | None = None,
    ) -> Document:
        """Add a document of the user.

        Known from an old specification only.

        API: `POST /users/{user_id}/documents`
        (https://docs.powens.com/api-reference/products/documents-aggregation/documents).

        Args:
            file: The file, with its name and type.
            date: Its date.
            duedate: When it is due.
            user_id: Id of the user, or `me`.
            id_type: Id of its type.
            name: Its name.

        Returns:
            The document.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Document,
            make_request(
                "POST",
                build_path("users", user_id, "documents"),
                upload=file,
                form={
                    "date": day(date),
                    "duedate": day(duedate),
                    "id_type": id_type,
                    "name": name,
                },
            ),
        )

    async def download(self, *, document: Document | Attachment | str, to: Target) -> int:
        """Save the file of a document or of an attachment, a piece at a time.

        The file is written beside its place under another name, and takes its name when it is
        whole: a file of that name is never half of one. When it fails, nothing is left behind.

        API: `GET {document.url}`
        (https://docs.powens.com/api-reference/products/documents-aggregation/documents).

        Args:
            document: The document or attachment, or the address of its file.
            to: Path of the file, which is replaced if there is one; or a binary file object, which
                may hold a part when the call fails.

        Returns:
            How many bytes were written.

        Raises:
            ValueError: It has no file, or the file is on another host: the token is sent to the
                base URL only.
            OSError: The file cannot be written.
            PowensNotFoundError: The file is gone.
            PowensError: The call failed; the class says why.
        """
        url = document if isinstance(document, str) else document.url
        if not url:
            raise ValueError("this document has no file")
        address = self._session.base_url.resolve(url)
        request = Request(method="GET", path=address, headers={"accept": "*/*"})
        return await self._session.download(request, to)


def _as_day(date: Date | Unset | None) -> str | Unset | None:
    return date if isinstance(date, Unset) else day(date)
