"""What several areas share: currencies and pagination links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar, Generic

from attrs import field, frozen

from .._model import DEPRECATED, Envelope, Item, Model, restore_model, values_of


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
class Page(Generic[Item]):
    """One page of a listing: iterate over it, or take its `len`.

    Attributes:
        items: The rows of this page that no page before it had.
        total: How many rows there are in all, where the API says so; transactions count too many.
        links: Links to the neighbours, where the API gives them.
        next_cursor: Give it to the same `list` to go on after this page, in another process if
            need be; None on the last page.
        envelope: The whole answer, with what a particular endpoint sends beside the rows.
    """

    items: tuple[Item, ...] = field(repr=lambda items: f"<{len(items)}>")
    total: int | None = None
    links: PaginationLinks | None = field(default=None, repr=False)
    next_cursor: str | None = field(default=None, repr=False)
    envelope: Envelope[Item] = field(repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return restore_model, (type(self), values_of(self))

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


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

    @classmethod
    def reshape(cls, data: object) -> object:
        """Take a bare code for a currency of which nothing else is known."""
        return {"id": data} if isinstance(data, str) else data


@frozen(kw_only=True)
class CurrenciesList(Envelope[Currency]):
    """Answer of `GET /currencies`."""

    _items_field: ClassVar[str] = "currencies"
    currencies: tuple[Currency, ...]
    total: int | None = None
