"""Subscriptions and the documents they hold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import field, frozen

from ._base import Model
from .common import Currency

if TYPE_CHECKING:
    from .connections import Connection


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
    number: str | None = None
    label: str | None = None
    subscriber: str | None = None
    validity: dt.date | None = None
    renewdate: dt.date | None = None
    last_update: dt.datetime | None = None
    # When the site stopped showing it.
    deleted: dt.datetime | None = None
    # When collection stopped; a new subscription is disabled.
    disabled: dt.datetime | None = None
    error: str | None = None
    # Only with `expand`.
    connection: Connection | None = None
    # Only in webhooks: the new ones.
    documents: tuple[Document, ...] | None = None
