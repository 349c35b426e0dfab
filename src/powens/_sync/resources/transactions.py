# Generated from src/powens/_async/resources/transactions.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Bank transactions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from ..._pagination import CursorWalk, Listing
from ..._unset import UNSET, Unset
from ..._wire import Date, Expand, build_path, day, flag, make_request
from ...models import (
    AttachmentsList,
    Category,
    Transaction,
    TransactionDateFilter,
    TransactionsList,
    TransactionUpdateRequest,
)
from ..pagination import Pager
from ._base import Resource, owned_path


class Transactions(Resource):
    """Bank transactions of a user, newest first.

    (https://docs.powens.com/api-reference/products/data-aggregation/bank-transactions)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
        account_id: int | None = None,
        connection_id: int | None = None,
        limit: int = 1000,
        include_all: bool = False,
        income: bool | None = None,
        deleted: bool | None = None,
        filter: TransactionDateFilter | str | None = None,
        min_date: Date | None = None,
        max_date: Date | None = None,
        wording: str | None = None,
        min_value: Decimal | float | str | None = None,
        max_value: Decimal | float | str | None = None,
        search: str | None = None,
        value: Decimal | float | str | None = None,
        last_update: dt.datetime | str | None = None,
        expand: Expand = None,
        cursor: str | None = None,
    ) -> Pager[Transaction]:
        """List transactions.

        API: `GET /users/{user_id}/transactions`, also under `accounts/{id}` and
        `connections/{id}`
        (https://docs.powens.com/api-reference/products/data-aggregation/bank-transactions).

        Args:
            user_id: Id of the user, or `me`.
            account_id: List the transactions of this account only.
            connection_id: List the transactions of this connection only.
            limit: Rows in a page, at most 1000.
            include_all: List deleted transactions too.
            income: True lists credits only, False debits only.
            deleted: True lists deleted transactions only.
            filter: The date that `min_date` and `max_date` act on: `application_date` (what the
                API takes when left out) or `date`.
            min_date: First day, as a date, `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
            max_date: Last day, likewise.
            wording: Text that the wording must contain.
            min_value: Lowest amount, itself included.
            max_value: Highest amount, itself included.
            search: Text to look for in wordings, dates, amounts and categories.
            value: The amount; `"12.5|-12.5"` and `"±12.5"` match either sign.
            last_update: List only what changed after this time. A datetime without zone is sent
                as it is, one with a zone in UTC. Deleted rows need `include_all`.
            expand: Relations to send along: `account`, `categories`, `attachments`, `documents`.
                One that is not part of the contract is ignored by the API.
            cursor: `next_cursor` of the page to go on after; it carries its filters with it.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, both an account and a connection are given, or
                the cursor is of another listing.
        """
        return Pager(
            self._session,
            Listing(
                model=TransactionsList,
                path=owned_path(
                    user_id, "transactions", accounts=account_id, connections=connection_id
                ),
                walk=CursorWalk,
                params={
                    "all": flag(include_all),
                    "income": income,
                    "deleted": deleted,
                    "filter": filter,
                    "min_date": day(min_date),
                    "max_date": day(max_date),
                    "wording": wording,
                    "min_value": min_value,
                    "max_value": max_value,
                    "search": search,
                    "value": value,
                    "last_update": last_update,
                    "expand": expand,
                },
                limit=limit,
                cursor=cursor,
            ),
        )

    def list_page(
        self,
        *,
        user_id: int | str = "me",
        account_id: int | None = None,
        connection_id: int | None = None,
        limit: int = 1000,
        include_all: bool = False,
        income: bool | None = None,
        deleted: bool | None = None,
        filter: TransactionDateFilter | str | None = None,
        min_date: Date | None = None,
        max_date: Date | None = None,
        wording: str | None = None,
        min_value: Decimal | float | str | None = None,
        max_value: Decimal | float | str | None = None,
        search: str | None = None,
        value: Decimal | float | str | None = None,
        last_update: dt.datetime | str | None = None,
        expand: Expand = None,
        cursor: str | None = None,
    ) -> TransactionsList:
        """Get one page of transactions, with the dates that the API sends beside them.

        API: `GET /users/{user_id}/transactions`, also under `accounts/{id}` and
        `connections/{id}`
        (https://docs.powens.com/api-reference/products/data-aggregation/bank-transactions).

        Args:
            user_id: Id of the user, or `me`.
            account_id: Get transactions of this account only.
            connection_id: Get transactions of this connection only.
            limit: Rows in the page, at most 1000.
            include_all: Get deleted transactions too.
            income: True gets credits only, False debits only.
            deleted: True gets deleted transactions only.
            filter: The date that `min_date` and `max_date` act on: `application_date` (what the
                API takes when left out) or `date`.
            min_date: First day, as a date, `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
            max_date: Last day, likewise.
            wording: Text that the wording must contain.
            min_value: Lowest amount, itself included.
            max_value: Highest amount, itself included.
            search: Text to look for in wordings, dates, amounts and categories.
            value: The amount; `"12.5|-12.5"` and `"±12.5"` match either sign.
            last_update: Get only what changed after this time. A datetime without zone is sent
                as it is, one with a zone in UTC.
            expand: Relations to send along: `account`, `categories`, `attachments`, `documents`.
            cursor: `next_cursor` of the page to go on after; it carries its filters with it.

        Returns:
            The answer as it is, with `first_date`, `last_date` and links to its neighbours.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, both an account and a connection are given, or
                the cursor is of another listing.
            PowensError: The call failed; the class says why.
        """
        pager = self.list(
            user_id=user_id,
            account_id=account_id,
            connection_id=connection_id,
            limit=limit,
            include_all=include_all,
            income=income,
            deleted=deleted,
            filter=filter,
            min_date=min_date,
            max_date=max_date,
            wording=wording,
            min_value=min_value,
            max_value=max_value,
            search=search,
            value=value,
            last_update=last_update,
            expand=expand,
            cursor=cursor,
        )
        page = pager.first_page()
        return cast("TransactionsList", page.envelope)

    def get(
        self,
        *,
        transaction_id: int,
        user_id: int | str = "me",
        include_all: bool = False,
        expand: Expand = None,
    ) -> Transaction:
        """Get a transaction.

        API: `GET /users/{user_id}/transactions/{transaction_id}`
        (https://docs.powens.com/api-reference/products/data-aggregation/bank-transactions).

        Args:
            transaction_id: Id of the transaction.
            user_id: Id of the user, or `me`.
            include_all: Find it even if it is deleted.
            expand: Relations to send along: `account`, `categories`, `attachments`, `documents`.

        Returns:
            The transaction.

        Raises:
            PowensNotFoundError: There is no such transaction.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            Transaction,
            make_request(
                "GET",
                build_path("users", user_id, "transactions", transaction_id),
                params={"all": flag(include_all), "expand": expand},
            ),
        )

    def update(
        self,
        *,
        transaction_id: int,
        user_id: int | str = "me",
        wording: str | Unset | None = UNSET,
        application_date: Date | Unset | None = UNSET,
        categories: Sequence[Category] | Unset | None = UNSET,
        comment: str | Unset | None = UNSET,
        active: bool | Unset | None = UNSET,
        id_category: int | Unset | None = UNSET,
        include_all: bool = False,
        expand: Expand = None,
    ) -> Transaction:
        """Change what can be edited on a transaction.

        What is left out stays as it is; None sends null.

        API: `POST /users/{user_id}/transactions/{transaction_id}`
        (https://docs.powens.com/api-reference/products/data-aggregation/bank-transactions).

        Args:
            transaction_id: Id of the transaction.
            user_id: Id of the user, or `me`.
            wording: Text to show.
            application_date: Accounting date.
            categories: Categories; the reference leaves open what the API accepts here.
            comment: Note on the transaction.
            active: False leaves the transaction out of analyses.
            id_category: Number of the category in the old system (deprecated).
            include_all: Find the transaction even if it is deleted.
            expand: Relations to send along: `account`, `categories`, `attachments`, `documents`.

        Returns:
            The transaction as it is now.

        Raises:
            PowensNotFoundError: There is no such transaction.
            PowensError: The call failed; the class says why.
        """
        if not isinstance(application_date, Unset):
            application_date = day(application_date)
        return self._session.fetch(
            Transaction,
            make_request(
                "POST",
                build_path("users", user_id, "transactions", transaction_id),
                params={"all": flag(include_all), "expand": expand},
                body=TransactionUpdateRequest(
                    wording=wording,
                    application_date=application_date,
                    categories=categories,
                    comment=comment,
                    active=active,
                    id_category=id_category,
                ),
            ),
        )

    def list_attachments(
        self, *, transaction_id: int, user_id: int | str = "me"
    ) -> AttachmentsList:
        """Get the files attached to a transaction.

        The reference does not settle the shape of this answer, so several are understood.

        API: `GET /users/{user_id}/transactions/{transaction_id}/attachments`
        (https://docs.powens.com/api-reference/products/data-aggregation/transactions-attachments).

        Args:
            transaction_id: Id of the transaction.
            user_id: Id of the user, or `me`.

        Returns:
            The attachments.

        Raises:
            PowensNotFoundError: There is no such transaction.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            AttachmentsList,
            make_request(
                "GET", build_path("users", user_id, "transactions", transaction_id, "attachments")
            ),
        )
