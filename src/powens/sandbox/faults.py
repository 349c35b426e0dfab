"""Faults on request, the record of what came in, and the gate in front of the API for both."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from http import HTTPStatus
from http.client import responses
from typing import Any, Literal, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from powens.sandbox.wire import ApiError, dump, parse_json

PREFIX = "/2.0"
LINKS_PREFIX = "/payment-links-api"  # the other host of the API

_CODES = {
    400: "invalidValue",
    401: "unauthorized",
    403: "forbidden",
    404: "notFound",
    405: "methodNotAllowed",
    409: "conflict",
    429: "tooManySync",
    503: "websiteUnavailable",
}


Place: TypeAlias = Literal["request", "before", "after", "head", "body"] | int

_PLACES = ("request", "before", "after", "head", "body")
_ENDS = ("reset", "close", "stall")
_DRIPS = ("head", "body", "all")
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})


@dataclass(kw_only=True, eq=False)
class Fault:
    """Something that goes wrong on request.

    It hits the calls that `method`, `path`, `skip` and `times` say; of several the first that was
    added, until it has hit its number. What happens then is said in three parts, each of which
    may be left out:

    - Which answer. With a `status` or a `body` the fault answers in place of the API, which does
      not see the call. Without them the API carries the call out and answers.
    - How it is spoiled: more `headers`, bytes garbled (`corrupt`), JSON cut in half (`malformed`).
    - How it travels: late (`delay`), in small pieces (`drip`), up to some place only (`cut`).

    A stall and a drip end when the client leaves or the sandbox stops.

    Attributes:
        times: How many calls it hits; None is every call.
        method: The HTTP method it hits; None is every method.
        path: The paths it hits, an fnmatch pattern on what follows `/2.0` (`/users/me/accounts*`);
            those of payment links begin with `/payment-links-api`.
        skip: How many matching calls to let through first.
        status: The status to answer with.
        code: The error code to answer with; one that fits the status by default.
        headers: More headers of the answer. A length or encoding among them replaces the true one.
        body: The raw body to answer with.
        malformed: Cut the JSON of the answer in half, with a length that fits.
        corrupt: How many bytes of the body to garble, spread evenly: the same ones each time,
            every bit of them turned over, so that what was ASCII is no UTF-8 any more.
        delay: Seconds to wait before anything else is done.
        drip: What to send in small pieces: the `"head"` (status line and headers), the `"body"`,
            or `"all"`. Such an answer is the last of its connection.
        interval: Seconds between two pieces.
        piece: Bytes of a piece.
        cut: Where the answer ends too early: `"request"` is before the body of the request is
            read, `"before"` is before the API sees the call, `"after"` is once the API has carried
            it out and before any byte of the answer, `"head"` and `"body"` are half-way through
            these, and a number is after so many bytes of the body.
        by: How it ends there: by a `"reset"` of the connection, by its `"close"`, or by a
            `"stall"`, in which nothing more comes and the connection stays.
        used: How many calls it has hit.
    """

    times: int | None = 1
    method: str | None = None
    path: str | None = None
    skip: int = 0
    status: int | None = None
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | str | None = None
    malformed: bool = False
    corrupt: int = 0
    delay: float = 0.0
    drip: Literal["head", "body", "all"] | None = None
    interval: float = 0.05
    piece: int = 1
    cut: Place | None = None
    by: Literal["reset", "close", "stall"] = "reset"
    used: int = field(default=0, init=False)
    _skipped: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse what would do nothing, or something else than it says."""
        self.delay, self.interval = float(self.delay), float(self.interval)
        self.headers = dict(self.headers)
        if not (self.cut is None or self.cut in _PLACES or _is_count(self.cut)):
            raise ValueError(f"cut must be one of {_PLACES} or a number of bytes")
        if self.by not in _ENDS:
            raise ValueError(f"by must be one of {_ENDS}")
        if not (self.drip is None or self.drip in _DRIPS):
            raise ValueError(f"drip must be one of {_DRIPS}")
        if not (_is_count(self.corrupt) and _is_count(self.piece) and self.piece):
            raise ValueError("corrupt and piece are numbers of bytes, and piece is not 0")
        if not (self.delay >= 0 and self.interval >= 0):
            raise ValueError("delay and interval are seconds")

    @property
    def remaining(self) -> int | None:
        """How many calls it will still hit; None is no end."""
        return None if self.times is None else self.times - self.used

    @property
    def is_unused(self) -> bool:
        """Whether it waits for calls still; one without end waits for its first."""
        return self.remaining != 0 if self.times is not None else self.used == 0

    @property
    def replaces_answer(self) -> bool:
        """Whether it answers in place of the API."""
        return self.status is not None or self.body is not None

    @property
    def is_raw(self) -> bool:
        """Whether its answer breaks the rules of HTTP, or takes more care than a server gives."""
        return (
            self.cut is not None
            or self.drip is not None
            or not _FRAMING.isdisjoint(name.lower().encode() for name in self.headers)
        )

    def hits(self, method: str, path: str) -> bool:
        """Whether this call is for it, which also counts the call."""
        if self.remaining == 0 or not self._matches(method, path):
            return False
        if self._skipped < self.skip:
            self._skipped += 1
            return False
        self.used += 1
        return True

    def answer(self, request_number: int) -> "RawAnswer":
        """The answer it gives in place of the API."""
        status = self.status or 200
        if self.body is not None:
            body = self.body.encode() if isinstance(self.body, str) else self.body
            return RawAnswer(status, [(b"content-type", b"text/html; charset=utf-8")], body)
        error = ApiError(status, self.code or _CODES.get(status, "bug"), "A fault of the sandbox")
        return RawAnswer(
            status, [(b"content-type", b"application/json")], dump(error.body(request_number))
        )

    def _matches(self, method: str, path: str) -> bool:
        return (self.method is None or self.method.upper() == method) and (
            self.path is None or fnmatchcase(path, self.path)
        )


@dataclass(frozen=True)
class RawAnswer:
    """A complete HTTP answer."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def spoiled_by(self, fault: Fault) -> "RawAnswer":
        """The same answer with the fault's headers, and its body cut or garbled."""
        extra = [(name.lower().encode(), value.encode()) for name, value in fault.headers.items()]
        names = {name for name, _ in extra}
        headers = [header for header in self.headers if header[0] not in names] + extra
        body = self.body[: len(self.body) // 2] if fault.malformed else self.body
        return RawAnswer(self.status, headers, _garbled(body, fault.corrupt))

    @property
    def framed(self) -> list[tuple[bytes, bytes]]:
        """The headers, with the length of the body where they do not say it."""
        if self.status == HTTPStatus.NO_CONTENT or any(
            name in _FRAMING for name, _ in self.headers
        ):
            return self.headers
        return [*self.headers, (b"content-length", str(len(self.body)).encode())]

    def pieces(self, fault: Fault) -> Iterator[bytes]:
        """What the fault lets through of the answer, byte for byte, piece by piece."""
        lines = [f"HTTP/1.1 {self.status} {responses.get(self.status, '')}".encode()]
        lines += [b": ".join(header) for header in (*self.framed, (b"connection", b"close"))]
        head = b"\r\n".join([*lines, b"", b""])
        head, body = _until(fault.cut, head, self.body)
        for part, is_slow in (
            (head, fault.drip in {"head", "all"}),
            (body, fault.drip in {"body", "all"}),
        ):
            step = fault.piece if is_slow else max(len(part), 1)
            yield from (part[start : start + step] for start in range(0, len(part), step))


@dataclass
class RecordedRequest:
    """A request the sandbox received.

    Attributes:
        method: The HTTP method.
        path: The path after `/2.0`, as it was sent (percent-encoded).
        query: The query string as it was sent.
        json: The JSON body, or None.
        token: The bearer token it came with, or None.
        status: The status of the answer; None when there was none (yet).
        headers: The request's headers, names in lower case.
    """

    method: str
    path: str
    query: str
    json: Any = field(repr=False)
    token: str | None = field(repr=False)
    status: int | None
    headers: dict[str, str] = field(repr=False)


class Desk:
    """The faults to come and the requests gone by, shared by the server's thread and its users."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._requests: list[RecordedRequest] = []
        self._executions = Counter[str]()
        self._received = 0

    @property
    def faults(self) -> list[Fault]:
        """The faults that were added."""
        with self._lock:
            return list(self._faults)

    @property
    def unused_faults(self) -> list[Fault]:
        """Those of them that have not hit all the calls they are for."""
        with self._lock:
            return [fault for fault in self._faults if fault.is_unused]

    def add_fault(self, fault: Fault) -> None:
        """Queue a fault."""
        with self._lock:
            self._faults.append(fault)

    def clear_faults(self) -> None:
        """Forget every fault."""
        with self._lock:
            self._faults.clear()

    @property
    def requests(self) -> list[RecordedRequest]:
        """A snapshot of the record."""
        with self._lock:
            return [replace(request) for request in self._requests]

    def clear_requests(self) -> None:
        """Forget every request."""
        with self._lock:
            self._requests.clear()

    @property
    def executions(self) -> Counter[str]:
        """How often each operation was carried out."""
        with self._lock:
            return self._executions.copy()

    def count_execution(self, operation: str) -> None:
        """Count an operation that was carried out."""
        with self._lock:
            self._executions[operation] += 1

    def receive(self, request: RecordedRequest) -> tuple[int, Fault | None]:
        """Write a request down; its number, and the fault that hits it."""
        with self._lock:
            self._requests.append(request)
            self._received += 1
            hit = (fault for fault in self._faults if fault.hits(request.method, request.path))
            return self._received, next(hit, None)


class Gate:
    """The ASGI application in front of the API."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Record a call, let the API or a fault answer it."""
        path = scope["raw_path"].decode("latin-1")
        if not path.startswith((PREFIX + "/", LINKS_PREFIX + "/")):
            await self._app(scope, receive, send)
            return
        request = _record(scope, path.removeprefix(PREFIX))
        number, fault = self._desk.receive(request)
        scope["state"]["request_number"] = number
        body: bytes | None = b""
        if fault is None or fault.cut != "request":
            body = await _read(receive)
        if body is None:
            return
        with contextlib.suppress(ValueError):
            request.json = parse_json(body)
        if fault is None:
            await _deliver(await self._ask(scope, body, receive), request, send)
        else:
            await self._fail(fault, number, request, (scope, body, receive, send))

    async def _fail(
        self,
        fault: Fault,
        number: int,
        request: RecordedRequest,
        call: tuple[Scope, bytes, Receive, Send],
    ) -> None:
        scope, body, receive, send = call
        if not await _stays_connected(fault.delay, receive):
            return
        transport: asyncio.Transport = scope["state"]["transport"]
        if fault.cut not in {"request", "before"}:
            answer = (
                fault.answer(number)
                if fault.replaces_answer
                else await self._ask(scope, body, receive)
            ).spoiled_by(fault)
            if not fault.is_raw:
                await _deliver(answer, request, send)
                return
            if fault.cut != "after":
                request.status = answer.status
                if not await _write(answer.pieces(fault), fault, transport, receive):
                    return
        if fault.cut is None or fault.by == "close":
            transport.close()
        elif fault.by == "reset":
            _reset(transport)
        await _disconnected(receive)

    async def _ask(self, scope: Scope, body: bytes, receive: Receive) -> RawAnswer:
        """The API's own answer, kept back until it is complete."""
        unread = [body]
        messages: list[Message] = []

        async def replay() -> Message:
            if unread:
                return {"type": "http.request", "body": unread.pop(), "more_body": False}
            return await receive()

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, replay, keep)
        start, *rest = messages
        status: int = start["status"]
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            self._desk.count_execution(scope["state"]["operation"])
        headers = [header for header in start["headers"] if header[0] != b"content-length"]
        return RawAnswer(status, headers, b"".join(part.get("body", b"") for part in rest))


async def _read(receive: Receive) -> bytes | None:
    """The body of a request, or None when the client left before its end."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


async def _deliver(answer: RawAnswer, request: RecordedRequest, send: Send) -> None:
    # The record is complete before the client can look at it.
    request.status = answer.status
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.framed})
    await send({"type": "http.response.body", "body": answer.body})


async def _write(
    pieces: Iterable[bytes], fault: Fault, transport: asyncio.Transport, receive: Receive
) -> bool:
    """Send pieces past the server, which would not send them so; whether the client is there."""
    for piece in pieces:
        transport.write(piece)
        if fault.drip is not None and not await _stays_connected(fault.interval, receive):
            return False
    return True


async def _stays_connected(delay: float, receive: Receive) -> bool:
    """Wait, and say whether the client is still there."""
    if not delay:
        return True
    leaving = asyncio.ensure_future(_disconnected(receive))
    done, _ = await asyncio.wait({leaving}, timeout=delay)
    leaving.cancel()
    return not done


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _reset(transport: asyncio.Transport) -> None:
    """End a connection with a reset: what is unsent is dropped, and so is the polite farewell."""
    raw: socket.socket = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _record(scope: Scope, path: str) -> RecordedRequest:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return RecordedRequest(
        method=scope["method"],
        path=path,
        query=scope["query_string"].decode("latin-1"),
        json=None,
        token=bearer(headers.get("authorization")),
        status=None,
        headers=headers,
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _garbled(body: bytes, count: int) -> bytes:
    """The body with so many of its bytes, or all of them, turned over."""
    garbled = bytearray(body)
    count = min(count, len(body))
    for k in range(count):
        garbled[(2 * k + 1) * len(body) // (2 * count)] ^= 0xFF
    return bytes(garbled)


def _until(cut: Place | None, head: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Head and body as far as the cut."""
    match cut:
        case "head":
            return head[: len(head) // 2], b""
        case "body":
            return head, body[: len(body) // 2]
        case int():
            return head, body[:cut]
        case _:
            return head, body


def bearer(header: str | None) -> str | None:
    """The token of an Authorization header."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
