"""Copies what Powens has of a customer into our tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import models, transaction

import powens as sdk
from powens import PowensBadRequestError, PowensClient, PowensSerializationError, to_utc

from .models import Account, Connection, Customer, Transaction

Row = TypeVar("Row", bound=models.Model)

ZONE = "Europe/Paris"  # of times that the API sends without one
PROGRESS = ["synced_until", "resume_cursor", "resume_until"]  # of an account, ours alone


def pull(
    customer: Customer,
    *,
    powens: PowensClient | None = None,
    full: bool = False,
    on_rows: Callable[[int], object] = lambda _: None,
) -> None:
    """Bring the rows of a customer up to date.

    Transactions of an account are read from where the last pull ended, or was interrupted. No
    transaction of the database is open while Powens is asked.

    Args:
        customer: Whose banks.
        powens: The client to ask, acting for the customer; by default `customer.powens`.
        full: True reads all transactions again, from the first page.
        on_rows: Called with the number of transactions of each page.

    Raises:
        PowensError: A call failed. What was read before it is kept.
    """
    powens = powens or customer.powens
    _pull_connections(customer, powens)
    _pull_accounts(customer, powens)
    for account in Account.objects.filter(connection__customer=customer, gone=False):
        if full:
            account.synced_until = account.resume_cursor = ""
        is_resumed = True
        while is_resumed:  # what came while it was interrupted is above where it goes on
            is_resumed = bool(account.resume_cursor)
            _pull_transactions(account, powens, on_rows)


def _pull_connections(customer: Customer, powens: PowensClient) -> None:
    rows = [
        Connection(
            id=each.id,
            customer=customer,
            bank=(each.connector.name if each.connector else None) or "Your bank",
            resolution=each.resolution.value,
        )
        for each in powens.connections.list(expand="connector")
    ]
    with transaction.atomic():
        _upsert(Connection, rows)
        customer.connections.exclude(id__in=[each.id for each in rows]).delete()


def _pull_accounts(customer: Customer, powens: PowensClient) -> None:
    known = set(customer.connections.values_list("id", flat=True))
    rows = [
        Account(
            id=each.id,
            connection_id=each.id_connection,
            name=each.name or each.original_name or "Account",
            type=each.type or "unknown",
            iban_end=(each.iban or each.number or "")[-4:],
            balance=each.balance,
            currency=each.currency.id if each.currency else "",
            last_update=to_utc(each.last_update, assume=ZONE) if each.last_update else None,
            gone=bool(each.deleted),
        )
        for each in powens.accounts.list(include_all=True)
        # One that is disabled is one that the customer has not agreed to, or not any more.
        if each.id_connection in known and not each.disabled
    ]
    with transaction.atomic():
        _upsert(Account, rows)
        mine = Account.objects.filter(connection__customer=customer)
        mine.exclude(id__in=[each.id for each in rows]).delete()


def _pull_transactions(
    account: Account, powens: PowensClient, on_rows: Callable[[int], object]
) -> None:
    pager = powens.transactions.list(
        account_id=account.pk,
        include_all=True,  # deleted ones, to mark them
        expand="categories",
        last_update=account.synced_until or None,
        cursor=account.resume_cursor or None,
    )
    try:
        for page in pager.by_page():
            if not account.resume_cursor:
                # Of the first page: what changes while the others are read is later than this.
                times = [each.last_update for each in page if each.last_update]
                account.resume_until = max(times).isoformat() if times else account.synced_until
            account.resume_cursor = page.next_cursor or ""
            with transaction.atomic():  # rows and the place to go on, or neither
                _upsert(Transaction, [_row(each, account) for each in page])
                account.save(update_fields=PROGRESS)
            on_rows(len(page))
    except (PowensBadRequestError, PowensSerializationError):
        # Rows around the cursor came or went: begin again the next time.
        account.resume_cursor = ""
        account.save(update_fields=PROGRESS)
        raise
    account.synced_until, account.resume_cursor = account.resume_until, ""
    account.save(update_fields=PROGRESS)


def _upsert(model: type[Row], rows: list[Row]) -> None:
    """Write rows, over those of the same ids: one statement for hundreds of them."""
    fields = model._meta.concrete_fields  # noqa: SLF001 - documented, for all its underscore
    names = [each.name for each in fields if not each.primary_key]
    model._default_manager.bulk_create(  # noqa: SLF001 - documented as well
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[name for name in names if name not in PROGRESS],
    )


def _row(each: sdk.Transaction, account: Account) -> Transaction:
    category = each.categories[0].code if each.categories else None
    return Transaction(
        id=each.id,
        account=account,
        date=each.date or each.application_date,
        wording=(each.wording or each.original_wording or "")[:500],
        category=category or "",
        value=each.value if each.value is not None else each.gross_value,
        coming=bool(each.coming),
        deleted=bool(each.deleted),
    )
