"""Faults on request, the record of what came in, and the gate in front of the API for both."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

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


@dataclass(kw_only=True, eq=False)
class Fault:
    """Something that goes wrong on request.

    A fault with a `status` or a `body` answers in place of the API, which does not see the call.
    One without them lets the API answer, then spoils the answer: late (`delay`), with more
    `headers`, cut short (`malformed`, `cut="body"`).

    Attributes:
        times: How many calls it hits; None is every call.
        method: The HTTP method it hits; None is every method.
        path: The paths it hits, an fnmatch pattern on what follows `/2.0` (`/users/me/accounts*`);
            those of payment links begin with `/payment-links-api`.
        status: The status to answer with.
        code: The error code to answer with; one that fits the status by default.
        headers: More headers of the answer.
        body: The raw body to answer with.
        delay: Seconds to wait before answering.
        cut: `"before"` resets the connection before any byte of an answer, `"body"` closes it
            half-way through the body.
        malformed: Cut the JSON of the answer in half, with a length that fits.
        skip: How many matching calls to let through first.
    """

    times: int | None = 1
    method: str | None = None
    path: str | None = None
    status: int | None = None
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | str | None = None
    delay: float = 0.0
    cut: Literal["before", "body"] | None = None
    malformed: bool = False
    skip: int = 0
    used: int = field(default=0, init=False)
    _skipped: int = field(default=0, init=False, repr=False)

    @property
    def remaining(self) -> int | None:
        """How many calls it will still hit; None is no end."""
        return None if self.times is None else self.times - self.used

    @property
    def replaces_answer(self) -> bool:
        """Whether the API is kept from seeing the call."""
        return self.cut == "before" or self.status is not None or self.body is not None

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
        """The same answer with the fault's headers, and half its body if it is to be malformed."""
        extra = [(name.lower().encode(), value.encode()) for name, value in fault.headers.items()]
        names = {name for name, _ in extra}
        headers = [header for header in self.headers if header[0] not in names] + extra
        body = self.body[: len(self.body) // 2] if fault.malformed else self.body
        return RawAnswer(self.status, headers, body)


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
        self._received = 0

    @property
    def faults(self) -> list[Fault]:
        """The faults that were added."""
        with self._lock:
            return list(self._faults)

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
        body = await _read(receive)
        if body is None:
            return
        request = _record(scope, path.removeprefix(PREFIX), body)
        number, fault = self._desk.receive(request)
        scope["state"]["request_number"] = number
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
        if fault.delay and not await _stays_connected(fault.delay, receive):
            return
        transport: asyncio.Transport = scope["state"]["transport"]
        if fault.cut == "before":
            _reset(transport)
            await _disconnected(receive)
            return
        answer = (
            fault.answer(number) if fault.replaces_answer else await self._ask(scope, body, receive)
        )
        answer = answer.spoiled_by(fault)
        await _deliver(answer, request, send, whole=fault.cut is None)
        if fault.cut == "body":
            transport.close()
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
        headers = [header for header in start["headers"] if header[0] != b"content-length"]
        return RawAnswer(start["status"], headers, b"".join(part.get("body", b"") for part in rest))


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


async def _deliver(
    answer: RawAnswer, request: RecordedRequest, send: Send, *, whole: bool = True
) -> None:
    # The record is complete before the client can look at it.
    request.status = answer.status
    length = [] if answer.status == 204 else [(b"content-length", str(len(answer.body)).encode())]  # noqa: PLR2004 - no content
    await send(
        {"type": "http.response.start", "status": answer.status, "headers": answer.headers + length}
    )
    body = answer.body if whole else answer.body[: len(answer.body) // 2]
    await send({"type": "http.response.body", "body": body, "more_body": not whole})


async def _stays_connected(delay: float, receive: Receive) -> bool:
    """Wait, and say whether the client is still there."""
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


def _record(scope: Scope, path: str, body: bytes) -> RecordedRequest:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    json = None
    with contextlib.suppress(ValueError):
        json = parse_json(body)
    return RecordedRequest(
        method=scope["method"],
        path=path,
        query=scope["query_string"].decode("latin-1"),
        json=json,
        token=bearer(headers.get("authorization")),
        status=None,
        headers=headers,
    )


def bearer(header: str | None) -> str | None:
    """The token of an Authorization header."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
