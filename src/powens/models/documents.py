"""Subscriptions and the documents they hold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import field, frozen

from .._model import Model, Since
from .common import Currency

if TYPE_CHECKING:
    from .connections import Connection
from typing import ClassVar

from .._model import Envelope, Open
from .._unset import UNSET, Unset
from .enums import DocumentTypeName


@frozen(kw_only=True)
class Document(Model):
    """A bill, statement or other file."""

    id: int
    id_user: int | None = None
    id_subscription: int | None = None
    id_type: int | None = None
    id_file: int | None = None
    id_thumbnail: int | None = None
    name: str | None = None
    date: dt.datetime | None = None
    # When Powens created it.
    timestamp: dt.datetime | None = None
    thumb_url: str | None = field(default=None, repr=False)
    # The file itself.
    url: str | None = field(default=None, repr=False)
    duedate: dt.date | None = None
    total_amount: Decimal | None = None
    untaxed_amount: Decimal | None = None
    vat: Decimal | None = None
    income: bool | None = None
    readonly: bool | None = None
    number: str | None = None
    issuer: str | None = None
    last_update: dt.datetime | None = None
    has_file_on_website: bool | None = None
    currency: Currency | None = None
    # From here on: seen in samples and older specifications only.
    type: str | None = None
    rdate: dt.date | None = None
    id_category: int | None = None


@frozen(kw_only=True)
class Subscription(Model):
    """A container of documents: a contract, or one per account on a bank."""

    id: int
    id_connection: int | None = None
    id_user: int | None = None
    id_source: int | None = None
    number: str | None = field(default=None, repr=False)
    label: str | None = None
    subscriber: str | None = None
    validity: dt.date | None = None
    renewdate: dt.date | None = None
    last_update: dt.datetime | None = None
    # When the site stopped showing it.
    deleted: dt.datetime | None = None
    # When collection stopped; a new subscription is disabled.
    disabled: Since | None = None
    error: str | None = None
    # Only with `expand`.
    connection: Connection | None = None
    # Only in webhooks: the new ones.
    documents: tuple[Document, ...] | None = None


@frozen(kw_only=True)
class DocumentsList(Envelope[Document]):
    """Answer of `GET /users/{id}/documents`."""

    _items_field: ClassVar[str] = "documents"
    documents: tuple[Document, ...]
    # Bounds of all there is.
    first_date: dt.date | None = None
    last_date: dt.date | None = None
    # Bounds of this answer.
    result_min_date: dt.date | None = None
    result_max_date: dt.date | None = None
    total: int | None = None


@frozen(kw_only=True)
class DocumentUpdateRequest(Model):
    """What to change on a document; what is left out stays as it is."""

    id_type: int | Unset | None = UNSET
    date: dt.date | str | Unset | None = UNSET
    duedate: dt.date | str | Unset | None = UNSET
    total_amount: Decimal | Unset | None = UNSET
    untaxed_amount: Decimal | Unset | None = UNSET
    vat: Decimal | Unset | None = UNSET
    # True for an income.
    income: bool | Unset | None = UNSET
    name: str | Unset | None = UNSET


@frozen(kw_only=True)
class DocumentTypeEntry(Model):
    """A type of document. The reference sends its name alone, older specifications the object."""

    id: int | None = None
    name: Open[DocumentTypeName] | None = None
    # Whether it can be attached to a transaction.
    attacheable: bool | None = None

    @classmethod
    def reshape(cls, data: object) -> object:
        """Take a bare name."""
        return {"name": data} if isinstance(data, str) else data


@frozen(kw_only=True)
class DocumentTypesList(Envelope[DocumentTypeEntry]):
    """Answer of `GET /documenttypes`."""

    _items_field: ClassVar[str] = "documenttypes"
    documenttypes: tuple[DocumentTypeEntry, ...]
    total: int | None = None


@frozen(kw_only=True)
class SubscriptionsList(Envelope[Subscription]):
    """Answer of `GET /users/{id}/subscriptions`."""

    _items_field: ClassVar[str] = "subscriptions"
    subscriptions: tuple[Subscription, ...]
    total: int | None = None


@frozen(kw_only=True)
class SubscriptionUpdateRequest(Model):
    """What to change on a subscription."""

    # False is the consent of the user; True deletes the documents.
    disabled: bool | Unset | None = UNSET
