"""Bank transactions and what hangs on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from .._model import DEPRECATED, Envelope, Flag, Model, Open
from .common import Currency, PaginationLinks
from .enums import AccountSchemeName, CounterpartyType, TransactionType

if TYPE_CHECKING:
    from .accounts import BankAccount
from collections.abc import Sequence

from .._unset import UNSET, Unset


@frozen(kw_only=True)
class Category(Model):
    """Category of a transaction, as codes of an open set."""

    code: str | None = None
    parent_code: str | None = None


@frozen(kw_only=True)
class Counterparty(Model):
    """The other side of a transfer."""

    # Name of the other side.
    label: str | None = None
    account_scheme_name: Open[AccountSchemeName] | None = None
    account_identification: str | None = field(default=None, repr=False)
    type: Open[CounterpartyType] | None = None


@frozen(kw_only=True)
class Attachment(Model):
    """A file attached to a transaction, an invoice or a credit note."""

    id: int
    name: str | None = None
    description: str | None = None
    mime_type: str | None = None
    # Bytes.
    size: int | None = None
    created_date: dt.date | None = None
    created_datetime: dt.datetime | None = None
    last_update: dt.datetime | None = None
    url: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class AttachmentsList(Envelope[Attachment]):
    """Answer of `GET /users/{id}/transactions/{id}/attachments`."""

    _items_field: ClassVar[str] = "attachments"
    attachments: tuple[Attachment, ...]


@frozen(kw_only=True)
class Transaction(Model):
    """A movement on an account."""

    _seldom_sent = ("categories", "attachments", "account", "new", "nopurge")
    id: int
    id_account: int | None = None
    # Accounting date; can be edited.
    application_date: dt.date | None = None
    # Debit date.
    date: dt.date | None = None
    # UTC, as are the other three `*datetime` fields.
    datetime: dt.datetime | None = None
    # Value date.
    vdate: dt.date | None = None
    vdatetime: dt.datetime | None = None
    # Date of realisation.
    rdate: dt.date | None = None
    rdatetime: dt.datetime | None = None
    bdate: dt.date | None = field(default=None, metadata=DEPRECATED)
    bdatetime: dt.datetime | None = field(default=None, metadata=DEPRECATED)
    # Negative for a debit; None where only `gross_value` is known.
    value: Decimal | None = None
    gross_value: Decimal | None = None
    type: Open[TransactionType] | None = None
    original_wording: str | None = None
    simplified_wording: str | None = None
    wording: str | None = None
    # Only with `expand`: None is "not delivered", empty is "none".
    categories: tuple[Category, ...] | None = None
    date_scraped: dt.datetime | None = None
    # True: not posted yet.
    coming: bool | None = None
    # False: left out of analyses.
    active: bool | None = None
    id_cluster: int | None = None
    comment: str | None = None
    last_update: dt.datetime | None = None
    # Deleted rows are listed with `include_all` or `deleted` only.
    deleted: dt.datetime | None = None
    # Amount in `original_currency`.
    original_value: Decimal | None = None
    original_gross_value: Decimal | None = None
    original_currency: Currency | None = None
    commission: Decimal | None = None
    commission_currency: Currency | None = None
    country: str | None = field(default=None, metadata=DEPRECATED)
    card: str | None = field(default=None, repr=False)
    counterparty: Counterparty | None = None
    # Only with `expand`: None is "not delivered", empty is "none".
    attachments: tuple[Attachment, ...] | None = None
    # Only with `expand`.
    account: BankAccount | None = None
    id_category: int | None = field(default=None, metadata=DEPRECATED)
    # From here on: undocumented, sent by the live API.
    details: Mapping[str, object] | None = field(default=None, repr=False, hash=False)
    documents_count: int | None = None
    # Localised text, not for parsing.
    formatted_value: str | None = None
    informations: Mapping[str, object] | None = field(default=None, repr=False, hash=False)
    state: str | None = None
    stemmed_wording: str | None = None
    webid: str | None = field(default=None, repr=False)
    new: bool | None = None
    nopurge: Flag | None = None


@frozen(kw_only=True)
class TransactionsList(Envelope[Transaction]):
    """One page of transactions."""

    _items_field: ClassVar[str] = "transactions"
    transactions: tuple[Transaction, ...]
    # The oldest date there is, whatever the filters.
    first_date: dt.date | None = None
    # The newest date there is, whatever the filters.
    last_date: dt.date | None = None
    # Sent when a date bound was asked for.
    result_min_date: dt.date | None = None
    result_max_date: dt.date | None = None
    _links: PaginationLinks | None = field(default=None, alias="links")
    # Undocumented, and ignores the date bounds: never the end of a listing.
    total: int | None = None

    @property
    def links(self) -> PaginationLinks | None:
        """Links to the neighbours of this page."""
        return self._links


@frozen(kw_only=True)
class TransactionUpdateRequest(Model):
    """What to change on a transaction; what is left out stays as it is."""

    wording: str | Unset | None = UNSET
    application_date: dt.date | str | Unset | None = UNSET
    # No body was ever seen accepted.
    categories: Sequence[Category] | Unset | None = UNSET
    comment: str | Unset | None = UNSET
    active: bool | Unset | None = UNSET
    id_category: int | Unset | None = field(default=UNSET, metadata=DEPRECATED)
