"""Pagers: what every `list` returns."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

from .._checks import check_count
from .._pagination import Listing
from ..models import Page
from .session import AsyncSession

Item = TypeVar("Item")


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

    def by_page(self) -> AsyncPageIterator[Item]:
        """Iterate over pages instead of items.

        Each page has `items`, `total`, `links` and `next_cursor`. When getting a page fails, the
        same iterator asks for that page again.

        Returns:
            An iterator of `Page` that starts at the beginning of the listing.
        """
        return AsyncPageIterator(self._session, self._listing)

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

    def __init__(self, session: AsyncSession, listing: Listing[Item]) -> None:
        self._session = session
        self._listing = listing
        self._walk = listing.start(session.base_url)
        self._until = session.deadline_from_now()
        self._is_first = True

    def __aiter__(self) -> AsyncPageIterator[Item]:
        return self

    async def __anext__(self) -> Page[Item]:
        while self._walk.request is not None:
            envelope = await self._session.fetch(
                self._listing.model, self._walk.request, until=self._until
            )
            page = self._walk.receive(envelope)
            # A page that is empty says something only when the listing is.
            if page is not None and (page.items or self._is_first):
                self._is_first = False
                return page
        raise StopAsyncIteration


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
