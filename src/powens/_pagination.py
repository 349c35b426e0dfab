"""How a listing goes from page to page. Pure: nothing here sends anything.

A `Listing` says what to list. Its `start` gives a `Walk`, which holds the next request to send and
is told each answer. A walk gives no row twice, and it is complete or raises: where the API leaves
open whether there is more, the walk asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Generic, Protocol, TypeVar

from attrs import evolve, field, frozen

from ._checks import check_count, check_kind
from ._wire import BaseURL, Param, Request, TokenUse, encode_query
from .exceptions import PowensSerializationError
from .models import Link, Page, PaginationLinks
from .models._base import Envelope

MAX_LIMIT: Final = 1000

_OFFSET: Final = "offset="
_CURSOR: Final = re.compile(rf"{_OFFSET}(\d{{1,18}})", re.ASCII)

Item = TypeVar("Item")


class Walk(Protocol[Item]):
    """One pass over a listing."""

    @property
    def request(self) -> Request | None:
        """What to send next; None once the listing is complete."""
        ...

    def receive(self, envelope: Envelope[Item]) -> Page[Item]:
        """Take the answer to `request`, and work out what comes next."""
        ...


def _keep_iterators(params: Mapping[str, Param]) -> Mapping[str, Param]:
    """Read what can be read only once, since every page asks for it."""
    return {
        name: tuple(value) if isinstance(value, Iterator) else value
        for name, value in params.items()
    }


@frozen(kw_only=True)
class Listing(Generic[Item]):
    """What to list, and how its endpoint is paged.

    Attributes:
        model: The envelope of a page.
        path: Path of the endpoint.
        walk: How to go from page to page.
        params: Filters, which stay the same on every page.
        token: Whether the access token goes along.
        limit: Rows to ask for in a page; None leaves it to the API.
        cursor: Where to begin, as a page gave it; it carries the filters it was made with.
        most: The largest limit that the endpoint takes.
    """

    model: type[Envelope[Item]]
    path: str
    walk: Callable[[Listing[Item], BaseURL], Walk[Item]]
    params: Mapping[str, Param] = field(
        factory=dict[str, Param], converter=_keep_iterators, repr=False
    )
    token: TokenUse = TokenUse.REQUIRED
    limit: int | None = None
    cursor: str | None = field(default=None, repr=False)
    most: int = MAX_LIMIT

    def __attrs_post_init__(self) -> None:
        if self.limit is not None:
            check_count("limit", self.limit, least=1, most=self.most)
        if self.cursor is not None:
            check_kind("cursor", self.cursor, str)

    def start(self, base_url: BaseURL) -> Walk[Item]:
        """Begin a pass.

        Raises:
            ValueError: The cursor is not one of this listing.
        """
        return self.walk(self, base_url)

    def request(self, *, offset: int = 0) -> Request:
        """Ask for the rows from `offset` on."""
        paging: dict[str, Param] = {"limit": self.limit, "offset": offset or None}
        query = encode_query({**self.params, **paging})
        return Request(method="GET", path=self.path, query=query, token=self.token)


class SingleWalk(Generic[Item]):
    """The API gives everything in one answer."""

    def __init__(self, listing: Listing[Item], _base_url: BaseURL) -> None:
        self.request: Request | None = listing.request()

    def receive(self, envelope: Envelope[Item]) -> Page[Item]:
        """Take the one answer."""
        self.request = None
        return _page(envelope, envelope.items, next_cursor=None)


class OffsetWalk(Generic[Item]):
    """Pages by `limit` and `offset`. The offset moves by the rows received, not by those asked."""

    def __init__(self, listing: Listing[Item], base_url: BaseURL) -> None:
        self._listing = listing
        self._base_url = base_url
        self._offset = _parse_offset(listing.cursor)
        # Rows before the offset that the walk began at count as seen.
        self._skipped = self._offset
        self._seen: set[object] = set()
        self.request: Request | None = listing.request(offset=self._offset)

    def receive(self, envelope: Envelope[Item]) -> Page[Item]:
        """Take a page; a row that was seen before is left out of it."""
        rows = envelope.items
        fresh = self._unseen(rows)
        self._offset += len(rows)
        total = _total(envelope)
        if rows and not fresh and total is not None and total > self._skipped + len(self._seen):
            raise PowensSerializationError(
                f"{self._listing.model.__name__}: the API repeats a page and announces more rows; "
                "ask again with a larger limit"
            )
        if not fresh or self._is_last(rows, total):
            self.request = None
            return _page(envelope, fresh, next_cursor=None)
        self.request = self._listing.request(offset=self._offset)
        return _page(envelope, fresh, next_cursor=f"{_OFFSET}{self._offset}")

    def _is_last(self, rows: tuple[Item, ...], total: int | None) -> bool:
        is_full = len(rows) == self._listing.limit
        return not is_full and total is not None and self._offset >= total

    def _unseen(self, rows: tuple[Item, ...]) -> tuple[Item, ...]:
        fresh: dict[object, Item] = {}
        for row in rows:
            key = _key(row)
            if key not in self._seen:
                fresh.setdefault(key, row)
        self._seen.update(fresh)
        return tuple(fresh.values())


class CursorWalk(OffsetWalk[Item]):
    """Pages by links. Where the API gives no links at all, the walk goes on by offset."""

    def __init__(self, listing: Listing[Item], base_url: BaseURL) -> None:
        cursor = listing.cursor
        link = cursor if cursor is not None and not cursor.startswith(_OFFSET) else None
        super().__init__(evolve(listing, cursor=None) if link is not None else listing, base_url)
        self._resumed_at_link = link is not None
        if link is not None:
            try:
                path = _path_of_link(link, listing, base_url)
            except ValueError as error:
                raise ValueError(f"cursor is not one that this listing gave: {error}") from None
            self.request = Request(method="GET", path=path, token=listing.token)
        self._followed = {self._address()}

    def receive(self, envelope: Envelope[Item]) -> Page[Item]:
        """Take a page and find the link to the next."""
        links = _links(envelope)
        if links is None:
            if self._resumed_at_link and envelope.items:
                raise self._refused("is missing")
            return super().receive(envelope)
        # Everything that can be refused is, before anything is taken: the same page can be asked
        # for again.
        path = self._follow(links.next) if links.next else None
        rows = envelope.items
        fresh = self._unseen(rows)
        if rows and not fresh:
            raise self._refused("it led to the same rows again")
        # The API's cursor moves on by itself: it is enough to know the page before.
        self._seen = {_key(row) for row in rows}
        self._offset += len(rows)
        self.request = None
        if path is not None:
            self._followed.add(path)
            self.request = Request(method="GET", path=path, token=self._listing.token)
        return _page(envelope, fresh, next_cursor=path)

    def _follow(self, link: Link) -> str:
        try:
            path = self._base_url.resolve(link.href, seen_from=self._address())
        except ValueError as error:
            raise self._refused(str(error)) from None
        if path in self._followed:
            raise self._refused("it was followed before")
        return path

    def _address(self) -> str:
        return self._base_url.url(self.request) if self.request else ""

    def _refused(self, reason: str) -> PowensSerializationError:
        return PowensSerializationError(
            f"{self._listing.model.__name__}: the link at _links.next.href is refused: {reason}"
        )


def _page(
    envelope: Envelope[Item], items: tuple[Item, ...], *, next_cursor: str | None
) -> Page[Item]:
    return Page(
        items=items,
        total=_total(envelope),
        links=_links(envelope),
        next_cursor=next_cursor,
        envelope=envelope,
    )


def _total(envelope: Envelope[Item]) -> int | None:
    return getattr(envelope, "total", None)


def _links(envelope: Envelope[Item]) -> PaginationLinks | None:
    return getattr(envelope, "links", None)


def _key(row: object) -> object:
    identity = getattr(row, "id", None)
    return row if identity is None else identity


def _parse_offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise ValueError("cursor is not one that this listing gave")
    return int(match[1])


def _path_of_link(link: str, listing: Listing[Item], base_url: BaseURL) -> str:
    address = base_url.resolve(link)
    if address.partition("?")[0].rpartition("/")[2] != listing.path.rpartition("/")[2]:
        raise ValueError("it belongs to another endpoint")
    return address
