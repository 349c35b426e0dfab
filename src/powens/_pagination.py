"""How a listing goes from page to page. Pure: nothing here sends anything.

A `Listing` says what to list. Its `start` gives a `Walk`, which holds the next request to send and
is told each answer. While rows come and go, each row that is there throughout comes once, or the
walk raises `PowensSerializationError`: it never ends early in silence.

Pages by offset overlap by one row, which is asked for on top of the limit. In the API's order, rows
that follow a known row in one answer follow it without a gap, wherever insertions and deletions
have moved it. An answer without any known row is set aside, and the walk goes back to find one. A
cursor names the row that it comes after, so that a later walk does the same. What an API gives one
row at a time cannot overlap, and is refused.

Pages by links join by themselves where the API's cursor marks a row. Where it counts rows, one that
is deleted passes another over, so that a `total` that goes down raises.

What nobody can tell from outside: rows that change their place; rows deleted between pages by
links of an API that counts rows and gives no `total`, or inserts as many; rows that such an API
repeats after 10,000 others; rows of which some are deleted, by an API that gives one at a time and
no `total`; that there is more, where the API says that there is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final, Generic, Protocol, TypeVar

from attrs import evolve, field, frozen

from ._checks import check_count, check_kind
from ._model import Envelope
from ._wire import BaseURL, Param, Request, TokenUse, encode_query
from .exceptions import PowensSerializationError
from .models import Link, Page, PaginationLinks

MAX_LIMIT: Final = 1000

_OFFSET: Final = "offset="
_AFTER: Final = "&after="
_NOBODY: Final = "none"  # stands for a row that is not known, and never found
_CURSOR: Final = re.compile(rf"{_OFFSET}(\d{{1,18}})(?:{_AFTER}(\d{{1,18}}|{_NOBODY}))?", re.ASCII)
_PATIENCE: Final = 100  # answers in a row that bring nothing new
_FAR: Final = 1_000_000  # rows further on: what is the same there pays no heed to the offset
_MEMORY: Final = 10_000  # rows that pages by links are held against

Item = TypeVar("Item")


class Walk(Protocol[Item]):
    """One pass over a listing."""

    @property
    def request(self) -> Request | None:
        """What to send next; None once the listing is complete."""
        ...

    def receive(self, envelope: Envelope[Item]) -> Page[Item] | None:
        """Take the answer to `request`, and work out what comes next.

        None stands for an answer that was set aside.
        """
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

    def size(self, *, more: int) -> int | None:
        """Rows to ask for: `more` than the limit, as far as the endpoint allows."""
        return None if self.limit is None else min(self.limit + more, self.most)

    def request(self, *, offset: int = 0, more: int = 0) -> Request:
        """Ask for the rows from `offset` on."""
        paging: dict[str, Param] = {"limit": self.size(more=more), "offset": offset or None}
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
        # Whoever got the cursor has the rows before it, which this walk does not know.
        self._end, after = _parse_cursor(listing.cursor)
        self._known: set[object] = set() if after is None else {after}
        self._last: object = after  # the row that those to come follow, or nobody
        self._previous: tuple[object, ...] = ()
        self._total: int | None = None
        self._is_wide = False  # whether any page had two rows, so that pages can join
        self._glimpses = 0  # of rows behind the last one, that no page joined to it
        self._stalls = 0
        self._go_on()

    def receive(self, envelope: Envelope[Item]) -> Page[Item] | None:
        """Take a page; a row that was seen before is left out of it."""
        return self._read(envelope)

    def _read_page(self, envelope: Envelope[Item]) -> Page[Item] | None:
        """Read rows, the first of which should be the last one of the page before."""
        keys, total = _keys(envelope), _total(envelope)
        if self._known and self._known.isdisjoint(keys):
            if self._listing.cursor is not None:
                raise self._refused("rows around the cursor came or went; list again without it")
            if self._offset > 0:  # set it aside: rows before it went
                self._ask(self._read_page, self._offset - 2**self._stalls)
                return None
        is_again, is_short = keys == self._previous, len(keys) != self._size
        self._previous, self._total, self._end = keys, total, self._offset + len(keys)
        self._is_wide = self._is_wide or len(keys) > 1
        fresh = self._take(keys, envelope)
        is_alone = is_short and len(keys) <= 1
        # The last row comes again, alone; that says nothing where rows never came together.
        is_rest = is_alone and (not keys or (self._is_wide and not fresh))
        is_told = is_short and total == self._end and (is_alone or fresh)
        if is_told or (is_rest and not self._is_more_expected()):
            return self._finish(envelope, fresh)
        if is_alone:
            self._ask(self._read_behind, self._end)
        elif is_again:
            self._ask(self._read_far, self._offset + _FAR)
        else:
            self._go_on()
        return _page(envelope, fresh, next_cursor=self._cursor()) if fresh else None

    def _read_behind(self, envelope: Envelope[Item]) -> Page[Item] | None:
        """See whether anything follows a row that came alone."""
        keys, total = _keys(envelope), _total(envelope)
        is_again = keys == self._previous
        if keys and is_again:
            self._ask(self._read_far, self._offset + _FAR)
        elif not self._known.isdisjoint(keys):  # rows that came before it have moved it here
            return self._read_page(envelope)
        elif keys or total != self._total:
            self._glimpses += bool(keys)
            if self._glimpses > 1:
                raise self._refused("the API gives one row at a time, so that no page joins")
            self._go_on()
        elif self._is_wide or is_again or not self._is_more_expected():
            return self._finish(envelope)
        else:  # an API that never gave two rows may as well give none by mistake
            self._previous = ()
            self._ask(self._read_behind, self._end)
        return None

    def _read_far(self, envelope: Envelope[Item]) -> Page[Item] | None:
        """See whether the API heeds the offset at all."""
        keys, total = _keys(envelope), _total(envelope)
        if keys != self._previous:
            self._go_on()
            return None
        may_have_more = len(keys) == self._size if total is None else len(keys) < total
        if may_have_more:
            raise self._refused(
                "the API repeats a page and may have more rows; ask again with a larger limit"
            )
        return self._finish(envelope)

    def _is_more_expected(self) -> bool:
        """Whether the API says or shows that anything follows the last row."""
        return self._glimpses > 0 or (self._total is not None and self._total > self._end)

    def _go_on(self) -> None:
        self._ask(self._read_page, self._end - 1 if self._known else self._end)

    def _ask(self, read: Callable[[Envelope[Item]], Page[Item] | None], offset: int) -> None:
        self._stall()
        more = 1 if self._known else 0
        self._read = read
        self._offset = max(offset, 0)
        self._size = self._listing.size(more=more)
        self.request: Request | None = self._listing.request(offset=self._offset, more=more)

    def _take(self, keys: tuple[object, ...], envelope: Envelope[Item]) -> tuple[Item, ...]:
        """Give the rows that follow the last known one."""
        fresh: dict[object, Item] = {}
        for key, row in _by_key(envelope):
            if key in self._known:
                fresh.clear()
            else:
                fresh.setdefault(key, row)
        if fresh:
            # Where the last row is gone, known ones may be behind those that came instead.
            is_certain = not self._known or self._last in keys
            self._last = keys[-1] if is_certain else _NOBODY
            self._known.update(fresh)
            self._stalls = self._glimpses = 0
        return tuple(fresh.values())

    def _stall(self) -> None:
        self._stalls += 1
        if self._stalls > _PATIENCE:
            raise self._refused(
                "the API gives nothing new; ask again with a larger limit, or later"
            )

    def _cursor(self) -> str:
        is_marked = isinstance(self._last, int) or self._last == _NOBODY
        return f"{_OFFSET}{self._end}{_AFTER}{self._last}" if is_marked else f"{_OFFSET}{self._end}"

    def _finish(self, envelope: Envelope[Item], items: tuple[Item, ...] = ()) -> Page[Item]:
        self.request = None
        return _page(envelope, items, next_cursor=None)

    def _refused(self, reason: str) -> PowensSerializationError:
        return PowensSerializationError(f"{self._listing.model.__name__}: {reason}")


class CursorWalk(OffsetWalk[Item]):
    """Pages by links. Where the API gives no links at all, the walk goes on by offset."""

    def __init__(self, listing: Listing[Item], base_url: BaseURL) -> None:
        cursor = listing.cursor
        link = cursor if cursor is not None and not cursor.startswith(_OFFSET) else None
        # A link has its filters and its limit.
        rest = listing if link is None else evolve(listing, cursor=None, limit=None)
        super().__init__(rest, base_url)
        # Whether there are links shows in the first answer.
        self._is_linked = True if link is not None else None if cursor is None else False
        self._taken = 0
        self._recent: dict[object, None] = {}
        self._address = base_url.url(listing.request())
        if link is not None:
            try:
                self._address = _path_of_link(link, listing, base_url)
            except ValueError as error:
                raise ValueError(f"cursor is not one that this listing gave: {error}") from None
            self.request = Request(method="GET", path=self._address, token=listing.token)
        self._followed = {self._address}

    def receive(self, envelope: Envelope[Item]) -> Page[Item] | None:
        """Take a page and find the link to the next."""
        links = _links(envelope)
        if self._is_linked is None:
            self._is_linked = links is not None
        if not self._is_linked:
            return super().receive(envelope)
        if links is None and envelope.items:
            raise self._refused_link("is missing")
        # Everything that can be refused is, before anything is taken: the same page can be asked
        # for again.
        path = self._follow(links.next) if links is not None and links.next else None
        self._check_total(envelope)
        fresh = self._not_recent(envelope)
        if envelope.items and not fresh:
            raise self._refused_link("it led to the same rows again")
        if fresh:
            self._stalls = 0
        self._stall()
        self._taken += len(envelope)
        if path is None and self._may_lack_link(envelope):
            return self._leave_links(envelope, fresh)
        self.request = None
        if path is not None:
            self._address = path
            self._followed.add(path)
            self.request = Request(method="GET", path=path, token=self._listing.token)
        return _page(envelope, fresh, next_cursor=path)

    def _check_total(self, envelope: Envelope[Item]) -> None:
        """Refuse to go on by links that may count rows, of which some went."""
        total = _total(envelope)
        if total is not None and self._total is not None and total < self._total:
            raise self._refused("rows were deleted while it was listed; list again")
        self._total = self._total if total is None else total

    def _may_lack_link(self, envelope: Envelope[Item]) -> bool:
        """Whether a page without a link to the next looks as if there were one."""
        is_full = len(envelope) == self._listing.limit
        return is_full and self._total is not None and self._total > self._taken

    def _leave_links(self, envelope: Envelope[Item], fresh: tuple[Item, ...]) -> Page[Item]:
        """Go on by offset, which tells whether there is more."""
        self._is_linked = False
        self._known.update(self._recent)
        self._last = _keys(envelope)[-1]
        self._end = self._taken
        self._go_on()
        return _page(envelope, fresh, next_cursor=self._cursor())

    def _not_recent(self, envelope: Envelope[Item]) -> tuple[Item, ...]:
        fresh: dict[object, Item] = {}
        for key, row in _by_key(envelope):
            if key not in self._recent:
                fresh.setdefault(key, row)
        self._recent.update(dict.fromkeys(fresh))
        for key in [*islice(self._recent, max(len(self._recent) - _MEMORY, 0))]:
            del self._recent[key]
        return tuple(fresh.values())

    def _follow(self, link: Link) -> str:
        try:
            path = self._base_url.resolve(link.href, seen_from=self._address)
        except ValueError as error:
            raise self._refused_link(str(error)) from None
        if path in self._followed:
            raise self._refused_link("it was followed before")
        return path

    def _refused_link(self, reason: str) -> PowensSerializationError:
        return self._refused(f"the link at _links.next.href is refused: {reason}")


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


def _by_key(envelope: Envelope[Item]) -> Iterator[tuple[object, Item]]:
    """Tell the rows of an answer from others: by their ids, where they have any."""
    for row in envelope.items:
        key = getattr(row, "id", None)
        yield row if key is None else key, row


def _keys(envelope: Envelope[Item]) -> tuple[object, ...]:
    return tuple(key for key, _ in _by_key(envelope))


def _parse_cursor(cursor: str | None) -> tuple[int, int | str | None]:
    """Read where to begin, and after which row."""
    if cursor is None:
        return 0, None
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise ValueError("cursor is not one that this listing gave")
    after = match[2]
    return int(match[1]), after if after in (None, _NOBODY) else int(after)


def _path_of_link(link: str, listing: Listing[Item], base_url: BaseURL) -> str:
    address = base_url.resolve(link)
    if address.partition("?")[0].rpartition("/")[2] != listing.path.rpartition("/")[2]:
        raise ValueError("it belongs to another endpoint")
    return address
