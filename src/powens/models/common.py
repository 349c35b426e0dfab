"""What several areas share: currencies and pagination links."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from attrs import field, frozen

from ._base import DEPRECATED, Envelope, Model


@frozen(kw_only=True)
class Link(Model):
    """Target of a pagination link."""

    href: str = field(repr=False)


@frozen(kw_only=True)
class PaginationLinks(Model):
    """Where a page stands among its neighbours: each link is None at an end."""

    self: Link | None = field(default=None, alias="self_")
    prev: Link | None = None
    next: Link | None = None


@frozen(kw_only=True)
class Currency(Model):
    """A currency; `id` is its ISO 4217 code (crypto-currencies have codes of their own)."""

    id: str
    name: str | None = None
    symbol: str | None = None
    crypto: bool | None = field(default=None, metadata=DEPRECATED)
    # Digits after the decimal point.
    precision: int | None = None
    # True when the symbol goes before the amount.
    prefix: bool | None = None
    marketcap: Decimal | None = None
    datetime: dt.datetime | None = None


@frozen(kw_only=True)
class CurrenciesList(Envelope[Currency]):
    """Answer of `GET /currencies`."""

    _items_field: ClassVar[str] = "currencies"
    currencies: tuple[Currency, ...]
    total: int | None = None
