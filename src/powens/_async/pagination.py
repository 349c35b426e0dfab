"""Pagers: what every `list` returns."""

from __future__ import annotations

from collections import deque
from functools import partial
from types import TracebackType
from typing import Final, Generic, TypeVar

from .._checks import check_count
from .._model import Envelope
from .._pagination import Listing
from .._runtime import AsyncBackground
from .._wire import Request
from ..exceptions import PowensError
from ..models import Page
from .session import AsyncSession

Item = TypeVar("Item")

_NOT_ENTERED: Final = (
    "pages are fetched ahead within a block only: "
    "use `async with pager.by_page(prefetch=1) as pages`"
)


class AsyncPager(Generic[Item]):
    """A listing that has not been asked for yet: iterate over it to get its items.

    Each iteration starts afresh. A pager keeps the token and the settings of the moment it was
    made, whatever happens to the client.
    """

    def __init__(self, session: AsyncSession, listing: Listing[Item]) -> None:
        # A cursor of another listing is refused here, where the mistake is, not while iterating.
        listing.start(session.base_url)
        self._session = session.snapshot()
        self._listing = listing

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._listing.model.__name__}>"

    def __aiter__(self) -> AsyncItemIterator[Item]:
        return AsyncItemIterator(self.by_page())

    def by_page(self, prefetch: int = 0) -> AsyncPageIterator[Item]:
        """Iterate over pages instead of items.

        Each page has `items`, `total`, `links` and `next_cursor`. When getting a page fails, the
        same iterator asks for that page again.

        With `prefetch=1` the next page is fetched while the caller works on the one it has. That
        takes a block, which ends what is under way when it is left, however it is left::

            async with pager.by_page(prefetch=1) as pages:
                async for page in pages:
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
        return AsyncPageIterator(self._session, self._listing, prefetch)

    async def first_page(self) -> Page[Item]:
        """Ask for the first page only.

        Returns:
            The page; it is empty when the listing is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self.by_page().__anext__()

    async def to_list(self, max_items: int | None = None) -> list[Item]:
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
        async for item in self:
            items.append(item)
            if len(items) == max_items:
                break
        return items


class AsyncPageIterator(Generic[Item]):
    """One pass over a listing, page by page."""

    def __init__(self, session: AsyncSession, listing: Listing[Item], prefetch: int = 0) -> None:
        self._session = session
        self._listing = listing
        self._walk = listing.start(session.base_url)
        self._until = session.deadline_from_now()
        self._is_first = True
        self._prefetches = prefetch > 0
        self._background: AsyncBackground[Envelope[Item]] | None = None

    async def __aenter__(self) -> AsyncPageIterator[Item]:
        if self._prefetches and self._background is None:
            background = AsyncBackground[Envelope[Item]]()
            await background.open()
            self._background = background
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        background, self._background = self._background, None
        if background is not None:
            await background.close()

    def __aiter__(self) -> AsyncPageIterator[Item]:
        return self

    async def __anext__(self) -> Page[Item]:
        if self._prefetches and self._background is None:
            raise PowensError(_NOT_ENTERED)
        while (request := self._walk.request) is not None:
            envelope = await self._get(request)
            page = self._walk.receive(envelope)
            # A page that is empty says something only when the listing is.
            if page is not None and (page.items or self._is_first):
                self._is_first = False
                self._begin_next()
                return page
        raise StopAsyncIteration

    async def _get(self, request: Request) -> Envelope[Item]:
        fetch = partial(self._fetch, request)
        return await (fetch() if self._background is None else self._background.get(fetch))

    def _begin_next(self) -> None:
        # Only the request is in the background: the walk is the caller's at all times.
        request = self._walk.request
        if self._background is not None and request is not None:
            self._background.begin(partial(self._fetch, request))

    async def _fetch(self, request: Request) -> Envelope[Item]:
        return await self._session.fetch(self._listing.model, request, until=self._until)


class AsyncItemIterator(Generic[Item]):
    """One pass over a listing, item by item."""

    def __init__(self, pages: AsyncPageIterator[Item]) -> None:
        self._pages = pages
        self._items: deque[Item] = deque()

    def __aiter__(self) -> AsyncItemIterator[Item]:
        return self

    async def __anext__(self) -> Item:
        while not self._items:
            self._items.extend((await self._pages.__anext__()).items)
        return self._items.popleft()
