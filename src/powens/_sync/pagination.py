# Generated from src/powens/_async/pagination.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Pagers: what every `list` returns."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

from .._checks import check_count
from .._pagination import Listing
from ..models import Page
from .session import Session

Item = TypeVar("Item")


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

    def by_page(self) -> PageIterator[Item]:
        """Iterate over pages instead of items.

        Each page has `items`, `total`, `links` and `next_cursor`. When getting a page fails, the
        same iterator asks for that page again.

        Returns:
            An iterator of `Page` that starts at the beginning of the listing.
        """
        return PageIterator(self._session, self._listing)

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

    def __init__(self, session: Session, listing: Listing[Item]) -> None:
        self._session = session
        self._listing = listing
        self._walk = listing.start(session.base_url)
        self._until = session.deadline_from_now()
        self._is_first = True

    def __iter__(self) -> PageIterator[Item]:
        return self

    def __next__(self) -> Page[Item]:
        while self._walk.request is not None:
            envelope = self._session.fetch(
                self._listing.model, self._walk.request, until=self._until
            )
            page = self._walk.receive(envelope)
            # A page that is empty says something only when the listing is.
            if page is not None and (page.items or self._is_first):
                self._is_first = False
                return page
        raise StopIteration


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
