"""Clients of both surfaces at the mercy of a server, and what must hold whatever it answers."""

from __future__ import annotations

import contextlib
import io
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import islice

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from powens import AsyncPager, AsyncPowensClient, Pager, PowensClient, PowensError, RetryPolicy

from ..peer import Peer, Visit
from .cases import CANARY, Answer, Bytes

SURFACES = ("blocking", "asyncio", "trio")

PLAIN = Answer(200, [(b"content-length", b"9")], b'{"id": 7}')
LIMIT = 2_000_000
DEADLINE = 5.0
# For the little that is done when the deadline has passed, on a machine that has much to do.
GRACE = 2.0
MOST_PAGES = 3

RETRYING = RetryPolicy(max_attempts=2, base_delay=0.0, jitter=0.0, max_delay=0.01)
ONCE = RetryPolicy(max_attempts=1)

# What `provoke` calls: a method by its name, and its arguments.
Call = tuple[str, dict[str, object]]


class Victim:
    """A client, and a way to make it call a method."""

    def __init__(self, surface: str, portal: BlockingPortal | None, **options: object) -> None:
        self._portal = portal
        kind = PowensClient if portal is None else AsyncPowensClient
        self.client = kind(
            access_token="t0ken",
            client_id=11,
            client_secret="app-secret",
            max_connections=2,
            **options,
        )

    def call(self, call: Call, **options: object) -> object:
        """Make a call to its end, and that of a listing over some pages."""
        client = self.client.with_options(**options)
        if self._portal is None:
            return self._call(client, *call)
        return self._portal.call(self._call_async, client, *call)

    def close(self) -> None:
        """Close the client."""
        self.client.close() if self._portal is None else self._portal.call(self.client.aclose)

    def _call(self, client: PowensClient, method: str, arguments: dict[str, object]) -> object:
        outcome = _bound(client, method)(**arguments)
        return (
            list(islice(outcome.by_page(), MOST_PAGES)) if isinstance(outcome, Pager) else outcome
        )

    async def _call_async(
        self, client: AsyncPowensClient, method: str, arguments: dict[str, object]
    ) -> object:
        outcome = _bound(client, method)(**arguments)
        if not isinstance(outcome, AsyncPager):
            return await outcome
        pages = []
        async for page in outcome.by_page():
            pages.append(page)
            if len(pages) == MOST_PAGES:
                break
        return pages


class Server:
    """Gives the answer it is told to all requests, from memory or over sockets."""

    def __init__(self) -> None:
        self.answer: Answer | Bytes = PLAIN
        self.requests = 0

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer as a mock transport does."""
        self.requests += 1
        status, headers, body = self.answer
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))

    def serve(self, visit: Visit) -> None:
        """Answer over a socket."""
        self.requests += 1
        answer = self.answer
        if isinstance(answer, Answer):
            visit.answer(answer.body, answer.status)
            return
        for data in [answer.data] if isinstance(answer.data, bytes) else answer.data:
            visit.send(data)
        if answer.then == "close":
            visit.close()
        elif answer.then == "reset":
            visit.reset()


@contextlib.contextmanager
def victim_of(
    server: Server, surface: str, peer: Peer | None = None, *, limit: int = LIMIT
) -> Iterator[Victim]:
    """A client that calls a server over sockets where there is a peer, or else from memory."""
    with contextlib.ExitStack() as running:
        options: dict[str, object] = {
            "base_url": "https://example.biapi.pro/2.0",
            "max_response_size": limit,
        }
        if peer is None:
            options["transport"] = httpx.MockTransport(server.handle)
        else:
            options["base_url"] = peer.base_url
        portal = None
        if surface != "blocking":
            portal = running.enter_context(start_blocking_portal(surface))
        victim = Victim(surface, portal, **options)
        running.callback(victim.close)
        yield victim


def provoke(
    victim: Victim, server: Server, answer: Answer | Bytes, call: Call, **options: object
) -> PowensError | None:
    """Make a call that is answered so, and see that nothing comes of it but an error of ours."""
    server.answer, server.requests = answer, 0
    options = {"deadline": DEADLINE, "timeout": DEADLINE, "retry_policy": ONCE, **options}
    error = None
    began = time.monotonic()
    try:
        victim.call(_fresh(call), **options)
    except PowensError as caught:
        error = caught
    assert time.monotonic() - began < options["deadline"] + GRACE
    assert server.requests <= MOST_PAGES * options["retry_policy"].max_attempts
    if error is not None:
        printed = "".join(traceback.format_exception(error))
        assert CANARY not in f"{error} {error!r} {printed}"
    server.answer = PLAIN
    user = victim.call(("users.get", {"user_id": 7}), timeout=30.0, deadline=60.0)
    assert user.id == 7
    return error


def run(seeds: range, label: Callable[[int], str], case: Callable[[int], None]) -> None:
    """Try a case for each seed; where one fails, say how to try it again."""
    for seed in seeds:
        try:
            case(seed)
        except BaseException as error:
            error.add_note(f"{label(seed)}; again with POWENS_CASE={seed}")
            raise


def _fresh(call: Call) -> Call:
    method, arguments = call
    return method, {**arguments, "to": io.BytesIO()} if "to" in arguments else arguments


def _bound(client: object, method: str) -> Callable[..., object]:
    for name in method.split("."):
        client = getattr(client, name)
    return client
