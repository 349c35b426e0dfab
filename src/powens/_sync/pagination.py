# Generated from src/powens/_async/pagination.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Pagers: what every `list` returns."""

from __future__ import annotations

from collections import deque
from functools import partial
from types import TracebackType
from typing import Final, Generic, TypeVar

from .._checks import check_count
from .._model import Envelope
from .._pagination import Listing
from .._runtime import Background
from .._wire import Request
from ..exceptions import PowensError
from ..models import Page
from .session import Session

Item = TypeVar("Item")

_NOT_ENTERED: Final = (
    "pages are fetched ahead within a block only: use `with pager.by_page(prefetch=1) as pages`"
)


class Pager(Generic[Item]):
    """A listing that has not been asked for yet: iterate over it to get its items.

    Each iteration starts afresh. A pager keeps the token and the settings of the moment it was
    made, whatever happens to the client.
    """

    def __init__(self, session: Session, listing: Listing[Item]) -> None:
        # A cursor of another listing is refused here, where the mistake is, not while iterating.
        listing.start(session.base_url)
        self._session = session.snapshot()
        self._listing = listing

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._listing.model.__name__}>"

    def __iter__(self) -> ItemIterator[Item]:
        return ItemIterator(self.by_page())

    def by_page(self, prefetch: int = 0) -> PageIterator[Item]:
        """Iterate over pages instead of items.

        Each page has `items`, `total`, `links` and `next_cursor`. When getting a page fails, the
        same iterator asks for that page again.

        With `prefetch=1` the next page is fetched while the caller works on the one it has. That
        takes a block, which ends what is under way when it is left, however it is left::

            with pager.by_page(prefetch=1) as pages:
                for page in pages:
                    ...

        A request begins when a page is handed out, one at a time and none behind the last page; an
        error of it is raised where its page would have been. A request over an `http_client` or
        `transport` of the caller may be waited for where the block is left.

        Args:
            prefetch: Pages to fetch ahead: 0 or 1.

        Returns:
            An iterator of `Page` that starts at the beginning of the listing.

        Raises:
            TypeError: `prefetch` is no int.
            ValueError: `prefetch` is neither 0 nor 1.
        """
        check_count("prefetch", prefetch, least=0, most=1)
        return PageIterator(self._session, self._listing, prefetch)

    def first_page(self) -> Page[Item]:
        """Ask for the first page only.

        Returns:
            The page; it is empty when the listing is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return self.by_page().__next__()

    def to_list(self, max_items: int | None = None) -> list[Item]:
        """Collect the items.

        Args:
            max_items: Most items to collect; None collects all of them. No page is asked for
                once they are there.

        Returns:
            The items, in the order of the listing.

        Raises:
            TypeError: `max_items` is no int.
            ValueError: `max_items` is negative.
            PowensError: A call failed; the class says why.
        """
        if max_items is not None:
            check_count("max_items", max_items, least=0)
        items: list[Item] = []
        if max_items == 0:
            return items
        for item in self:
            items.append(item)
            if len(items) == max_items:
                break
        return items


class PageIterator(Generic[Item]):
    """One pass over a listing, page by page."""

    def __init__(self, session: Session, listing: Listing[Item], prefetch: int = 0) -> None:
        self._session = session
        self._listing = listing
        self._walk = listing.start(session.base_url)
        self._until = session.deadline_from_now()
        self._is_first = True
        self._prefetches = prefetch > 0
        self._background: Background[Envelope[Item]] | None = None

    def __enter__(self) -> PageIterator[Item]:
        if self._prefetches and self._background is None:
            background = Background[Envelope[Item]]()
            background.open()
            self._background = background
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        background, self._background = self._background, None
        if background is not None:
            background.close()

    def __iter__(self) -> PageIterator[Item]:
        return self

    def __next__(self) -> Page[Item]:
        if self._prefetches and self._background is None:
            raise PowensError(_NOT_ENTERED)
        while (request := self._walk.request) is not None:
            envelope = self._get(request)
            page = self._walk.receive(envelope)
            # A page that is empty says something only when the listing is.
            if page is not None and (page.items or self._is_first):
                self._is_first = False
                self._begin_next()
                return page
        raise StopIteration

    def _get(self, request: Request) -> Envelope[Item]:
        fetch = partial(self._fetch, request)
        return fetch() if self._background is None else self._background.get(fetch)

    def _begin_next(self) -> None:
        # Only the request is in the background: the walk is the caller's at all times.
        request = self._walk.request
        if self._background is not None and request is not None:
            self._background.begin(partial(self._fetch, request))

    def _fetch(self, request: Request) -> Envelope[Item]:
        return self._session.fetch(self._listing.model, request, until=self._until)


class ItemIterator(Generic[Item]):
    """One pass over a listing, item by item."""

    def __init__(self, pages: PageIterator[Item]) -> None:
        self._pages = pages
        self._items: deque[Item] = deque()

    def __iter__(self) -> ItemIterator[Item]:
        return self

    def __next__(self) -> Item:
        while not self._items:
            self._items.extend((self._pages.__next__()).items)
        return self._items.popleft()
