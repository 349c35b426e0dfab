# Generated from src/powens/_async/lanes.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""The connections to one host, on httpcore.

A connection is in the hands of one request at a time. It is kept for the next one only when the
whole answer was read; whatever else happened, an error or a cancellation at any point, it is closed
and forgotten. So nothing can leave a connection behind that is neither usable nor gone, which is
how a pool that lets requests wait for each other's connections loses them one by one. A slot and
a connection are booked under the request, before anything else, and to give back what was booked,
if anything was, is harmless when repeated: so it can be done again wherever it was interrupted.
"""

from __future__ import annotations

import contextlib
import ssl
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from typing import Final, cast

import httpcore
import httpx

from .._deadline import now
from .._proxy import find_proxy
from .._runtime import Slots
from .network import Network

# Idle connections that are kept, and for how many seconds.
_MOST_IDLE: Final = 20
_IDLE_LIFE: Final = 5.0

_FAILURES: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


class Lane:
    """One connection, opened when it is first needed, and anew when it has ended in between."""

    def __init__(self, context: ssl.SSLContext | None, proxy: httpcore.Proxy | None) -> None:
        self.network = Network()
        self.idle_since = 0.0
        self._context = context
        self._direct: httpcore.HTTPConnection | None = None
        # Only a pool of httpcore knows its way through a proxy; without one it costs much and does
        # nothing, as there is one request at a time.
        self._by_proxy: httpcore.ConnectionPool | None = None
        if proxy is not None:
            self._by_proxy = httpcore.ConnectionPool(
                ssl_context=context,
                proxy=proxy,
                max_connections=1,
                keepalive_expiry=_IDLE_LIFE,
                network_backend=self.network,
            )

    def send(self, message: httpcore.Request) -> httpcore.Response:
        """Send a request and receive the head of the answer."""
        if self._by_proxy is not None:
            return self._by_proxy.handle_request(message)
        direct = self._direct
        if direct is None or not direct.is_available() or direct.has_expired():
            self._direct = direct = httpcore.HTTPConnection(
                message.url.origin,
                ssl_context=self._context,
                keepalive_expiry=_IDLE_LIFE,
                network_backend=self.network,
            )
        return direct.handle_request(message)


class Shelf:
    """The connections to one host, idle and busy. What changes them never waits."""

    def __init__(self, count: int, context: ssl.SSLContext | None, url: httpx.URL) -> None:
        self.slots = Slots(count)
        self._context = context
        self._proxy = find_proxy(url)
        self._idle: deque[Lane] = deque()
        self.busy: dict[httpx.Request, Lane] = {}
        self._is_closed = False

    def send(self, request: httpx.Request) -> httpx.Response:
        """Send a request that has a slot, and receive the head of the answer."""
        return Exchange(self, request).send()

    def take(self, request: httpx.Request) -> Lane:
        """Take a connection, the last one used if any is idle."""
        try:
            lane = self._idle.pop()
        except IndexError:
            lane = Lane(self._context, self._proxy)
        self.busy[request] = lane
        return lane

    def give_back(self, request: httpx.Request, *, keep: bool) -> None:
        """Give back what a request has taken, if anything, or close it."""
        lane = self.busy.pop(request, None)
        if lane is not None and keep:
            lane.idle_since = now()
            self._idle.append(lane)
            self._tidy()
            if self._is_closed:  # at the last moment
                self._close_idle()
        elif lane is not None:
            lane.network.close()
        self.slots.release(request)

    def close(self) -> None:
        """Close what is idle, and let what is busy fail."""
        self._is_closed = True
        self._close_idle()
        for lane in [*self.busy.values()]:
            lane.network.end()

    def forget(self) -> None:
        """Close the copies that a child has of everything."""
        self._close_idle()
        for lane in self.busy.values():
            lane.network.close()

    def _tidy(self) -> None:
        with contextlib.suppress(IndexError):  # another thread took the last one
            while len(self._idle) > _MOST_IDLE or self._idle[0].idle_since + _IDLE_LIFE < now():
                self._idle.popleft().network.close()

    def _close_idle(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._idle.popleft().network.close()


class Pieces:
    """The body of a request: no generator, as nobody would end one that is not used up."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)

    def __iter__(self) -> Pieces:
        return self

    def __next__(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            raise StopIteration
        return piece


class Exchange(httpx.SyncByteStream):
    """One request on a connection of its own, and the body of its answer."""

    def __init__(self, shelf: Shelf, request: httpx.Request) -> None:
        self._shelf = shelf
        self._request = request
        self._lane = shelf.take(request)
        self._lane.network.until = request.extensions.get("deadline")
        self._lane.network.has_received = False
        self._answer: httpcore.Response | None = None
        self._pieces: Iterator[bytes] | None = None
        self._is_whole = False
        self._has_ended = False

    def send(self) -> httpx.Response:
        """Send the request and receive the head of the answer."""
        request = self._request
        message = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=Pieces(cast("Iterable[bytes]", request.stream)),
            extensions=request.extensions,
        )
        with self._guarded():
            answer = self._lane.send(message)
            if not self._lane.network.has_received:
                # It came behind the answer to another request, which may be another user's.
                raise httpcore.RemoteProtocolError("the answer was there before the request")
        self._answer = answer
        self._pieces = iter(cast("Iterable[bytes]", answer.stream))
        return httpx.Response(answer.status, headers=answer.headers, stream=self)

    def __iter__(self) -> Exchange:
        return self

    def __next__(self) -> bytes:
        piece = None
        if self._pieces is not None and not self._has_ended:
            with self._guarded():
                piece = next(self._pieces, None)
        if piece is None:
            self._is_whole = True
            raise StopIteration
        return piece

    def close(self) -> None:
        """Give the connection back, or close it when some of the answer was not read."""
        if self._has_ended or self._answer is None:
            return
        keep = self._is_whole
        try:
            if keep:
                with self._guarded():
                    self._answer.close()
            else:
                # The generators of httpcore are not left to the garbage collector, which may
                # complain: the next thing they read is an error, which ends them.
                self._lane.network.close()
                with contextlib.suppress(httpx.TransportError):
                    for _ in self:
                        pass
            self.end(keep=keep)
        except BaseException:
            self.end(keep=False)
            raise

    def end(self, *, keep: bool) -> None:
        """Give the connection back."""
        if not self._has_ended:
            self._shelf.give_back(self._request, keep=keep)
            self._has_ended = True

    @contextlib.contextmanager
    def _guarded(self) -> Generator[None]:
        """End the exchange with whatever error there is, and put it in the terms of httpx."""
        try:
            yield
        except _FAILURES as error:
            self.end(keep=False)
            kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
            raise kind(str(error)) from None
        except ValueError:  # a number in the head that is too long for Python
            self.end(keep=False)
            raise httpx.RemoteProtocolError("") from None
        except BaseException:
            self.end(keep=False)
            raise
