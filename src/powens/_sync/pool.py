# Generated from src/powens/_async/pool.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""The pool: which connections a request may use, and when.

Connections belong to the home that opened them, which `_runtime` knows: another one, or a child
after a fork, opens its own. What they are made of is in `lanes`.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

import httpx

from .._deadline import after, earlier, left
from .._fork import renew_after_fork
from .._runtime import home
from .._tls import tls_context

if TYPE_CHECKING:
    from .lanes import Shelf


class Pool(httpx.BaseTransport):
    """Connections for so many requests at a time; further ones wait.

    Beside what httpx says of a request, `extensions["deadline"]` is when it must have ended.
    """

    def __init__(self, *, max_connections: int) -> None:
        self.is_closed = False
        self._max_connections = max_connections
        self._homes: weakref.WeakKeyDictionary[object, dict[tuple[object, ...], Shelf]] = (
            weakref.WeakKeyDictionary()
        )
        renew_after_fork(self)

    @property
    def busy(self) -> int:
        """How many connections are in the hands of a request."""
        return sum(len(shelf.busy) for shelf in self._shelves())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Raises:
            httpx.TransportError: There was no answer.
        """
        shelf = self._shelf(request.url)
        try:
            self._admit(request, shelf)
            return shelf.send(request)
        except BaseException:
            shelf.give_back(request, keep=False)
            raise

    def close(self) -> None:
        """Close all connections; the requests under way fail."""
        self.is_closed = True
        for shelf in self._shelves():
            shelf.close()

    def renew(self) -> None:
        """Leave the connections to the parent: they were opened there."""
        for shelf in self._shelves():
            shelf.forget()
        self._homes = weakref.WeakKeyDictionary()

    def _admit(self, request: httpx.Request, shelf: Shelf) -> None:
        extensions = request.extensions
        until = earlier(extensions.get("deadline"), after(extensions["timeout"]["pool"]))
        try:
            shelf.slots.acquire(request, left(until))
        except TimeoutError:
            raise httpx.PoolTimeout("all connections are in use", request=request) from None
        if self.is_closed:
            raise httpx.ConnectError("the client was closed", request=request)

    def _shelf(self, url: httpx.URL) -> Shelf:
        shelves = self._homes.setdefault(home(), {})
        origin = (url.scheme, url.host, url.port)
        if origin not in shelves:
            # With the first request: httpcore takes as long to import as all of this package.
            from .lanes import Shelf  # noqa: PLC0415

            context = tls_context() if url.scheme == "https" else None
            shelves.setdefault(origin, Shelf(self._max_connections, context, url))
        return shelves[origin]

    def _shelves(self) -> list[Shelf]:
        return [shelf for shelves in [*self._homes.values()] for shelf in [*shelves.values()]]
