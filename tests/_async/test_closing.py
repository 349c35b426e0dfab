"""Closing: what is under way ends at once and says why, and nothing is left over."""

from __future__ import annotations

import contextlib
import gc
import socket
import threading
import time

import httpx
import pytest

from powens import (
    AsyncPowensClient,
    PowensError,
    RetryPolicy,
    Upload,
)

USER = {"id": 1}
AT_ONCE = 2.0  # seconds: what is cut waits for nothing; what is not would take the timeout
EAGER = RetryPolicy(max_attempts=5, base_delay=0, jitter=0)
CLOSED = "this client is closed: make a new one"
CUT = "closed during the call"


def client_of(where, **options):
    return AsyncPowensClient(base_url=where, access_token="t0ken", **options)


def answer(visit):
    visit.answer(USER)


def pages(visit):
    """Rows of a listing that has no end."""
    offset = dict(httpx.QueryParams(visit.target.partition("?")[2])).get("offset", "0")
    visit.answer({"users": [{"id": int(offset)}], "total": 9999})


class Stop:
    """A script that does something and then tells that it is there."""

    def __init__(self, action=lambda visit: visit.hang(), count=1):
        self.action = action
        self.arrived = threading.Event()
        self._lock = threading.Lock()
        self._left = count

    def __call__(self, visit):
        with self._lock:
            self._left -= 1
            if self._left == 0:
                self.arrived.set()
        self.action(visit)


# --- A client that is closed ---------------------------------------------------------------------


async def test_a_closed_client_sends_nothing(serve):
    peer = serve(answer)
    client = client_of(peer.base_url)
    view = client.with_options(access_token="other")
    await client.users.me()
    await client.aclose()
    later = client.with_options(deadline=5)
    for each in (client, view, later):
        with pytest.raises(PowensError, match=CLOSED) as caught:
            await each.users.me()
        assert type(caught.value) is PowensError
    assert len(peer.requests) == 1


async def test_a_closed_view_closes_nothing(serve):
    peer = serve(answer)
    async with client_of(peer.base_url) as client:
        async with client.with_options(access_token="other") as view:
            await view.users.me()
        await view.users.me()
        await client.users.me()
    assert peer.connections == 1


async def test_closing_twice_and_all_at_once(serve, sockets, async_gather):
    peer = serve(answer)
    before = sockets()
    client = client_of(peer.base_url)
    await client.users.me()
    await client.aclose()
    await client.aclose()
    assert await async_gather(*[client.aclose] * 10) == [None] * 10
    peer.wait_until_left()
    assert sockets() == before


async def test_a_client_that_was_never_used_closes(serve):
    client = client_of(serve(answer).base_url)
    await client.aclose()
    with pytest.raises(PowensError, match=CLOSED):
        await client.users.me()


async def test_a_closed_client_as_a_context(serve):
    peer = serve(answer)
    client = client_of(peer.base_url)
    async with client:
        await client.users.me()
    async with client:
        with pytest.raises(PowensError, match=CLOSED):
            await client.users.me()
    assert len(peer.requests) == 1


async def test_what_was_begun_before_closing_does_not_go_on(serve, tmp_path):
    peer = serve(pages)
    client = client_of(peer.base_url)
    walk = client.users.list(limit=1).by_page()
    items = aiter(client.users.list(limit=1))
    listing = client.users.list()
    await walk.__anext__()
    await items.__anext__()
    await client.aclose()
    count = len(peer.requests)
    for call in (
        walk.__anext__,
        walk.__anext__,
        items.__anext__,
        listing.first_page,
        listing.to_list,
        lambda: client.documents.download(document="documents/4/file", to=tmp_path / "file"),
        lambda: client.connections.wait_until_settled(connection_id=5),
        lambda: client.request("GET", "/users/me"),
    ):
        with pytest.raises(PowensError, match=CLOSED):
            await call()
    assert len(peer.requests) == count
    assert list(tmp_path.iterdir()) == []


async def test_a_closed_client_asks_no_breaker_and_makes_no_attempts(serve):
    class Breaker:
        def allow_request(self):
            raise AssertionError

        record_success = record_failure = allow_request

    client = client_of(serve(answer).base_url, circuit_breaker=Breaker(), retry_policy=EAGER)
    await client.aclose()
    with pytest.raises(PowensError, match=CLOSED):
        await client.users.me()


# --- Requests under way --------------------------------------------------------------------------


def hang_in_the_body(visit):
    visit.send(visit.head(content_length=100) + b'{"id"')
    visit.hang()


def hang_before_the_close(visit):
    visit.send(visit.head() + b"the first half")
    visit.hang()


def hang_over_a_failure(visit):
    visit.send(visit.head(503, content_length=100, retry_after=3600))
    visit.hang()


UNDER_WAY = [
    lambda visit: visit.hang(),
    hang_in_the_body,
    hang_before_the_close,
    hang_over_a_failure,
    lambda visit: visit.drip(visit.head(content_length=9999) + b" " * 9999, 0.01),
]


async def cut(client, call, arrived, async_gather, async_until):
    """Close a client once its call has arrived; give what became of the call, and how fast."""
    ended = []

    async def run():
        try:
            return await call()
        finally:
            ended.append(time.monotonic())

    async def close():
        await async_until(arrived)
        ended.append(time.monotonic())
        await client.aclose()

    outcome, nothing = await async_gather(run, close)
    assert nothing is None
    closed, over = ended
    return outcome, over - closed


@pytest.mark.parametrize("action", UNDER_WAY)
@pytest.mark.parametrize("is_secure", [False, True])
async def test_a_call_under_way_is_cut(
    serve, certified, async_gather, async_until, sockets, action, is_secure
):
    stop = Stop(action)
    peer = serve(stop, tls=certified if is_secure else None)
    client = client_of(peer.base_url, retry_policy=EAGER)
    outcome, seconds = await cut(client, client.users.me, stop.arrived, async_gather, async_until)
    assert type(outcome) is PowensError
    assert CUT in str(outcome)
    assert seconds < AT_ONCE
    assert len(peer.requests) == 1
    peer.wait_until_left()


async def test_half_a_download_does_not_pass_for_a_whole_one(
    serve, async_gather, async_until, tmp_path
):
    stop = Stop(hang_before_the_close)
    peer = serve(stop)
    client = client_of(peer.base_url)

    def call():
        return client.documents.download(document="documents/4/file", to=tmp_path / "file")

    outcome, _ = await cut(client, call, stop.arrived, async_gather, async_until)
    assert type(outcome) is PowensError
    assert CUT in str(outcome)
    assert list(tmp_path.iterdir()) == []


async def test_an_upload_under_way_is_cut(serve, async_gather, async_until):
    stop = Stop(lambda visit: visit.wait_for_the_end())
    peer = serve(stop)
    peer.reads_bodies = False
    client = client_of(peer.base_url)
    file = Upload(name="big.pdf", content=bytes(8 << 20))

    def call():
        return client.documents.upload(file=file, date="2026-01-01", duedate="2026-01-01")

    outcome, seconds = await cut(client, call, stop.arrived, async_gather, async_until)
    assert type(outcome) is PowensError
    assert CUT in str(outcome)
    assert seconds < AT_ONCE


async def test_a_handshake_under_way_is_cut(serve, certified, async_gather, async_until):
    peer = serve(answer)  # it waits for a request, which never comes
    client = client_of(peer.base_url.replace("http:", "https:"))
    outcome, seconds = await cut(client, client.users.me, peer.visited, async_gather, async_until)
    assert type(outcome) is PowensError
    assert CUT in str(outcome)
    assert seconds < AT_ONCE


async def test_an_attempt_to_connect_is_cut(unanswered, monkeypatch, async_gather, async_until):
    looked_up = threading.Event()
    look_up = socket.getaddrinfo

    def tell(*args, **options):
        looked_up.set()
        return look_up(*args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", tell)
    client = client_of(f"http://{unanswered}/2.0")
    outcome, seconds = await cut(client, client.users.me, looked_up, async_gather, async_until)
    assert type(outcome) is PowensError
    assert CUT in str(outcome)
    assert seconds < AT_ONCE


async def test_a_look_up_under_way_is_cut(monkeypatch, async_gather, async_until):
    looked_up, is_over = threading.Event(), threading.Event()

    def hang(*_args, **_options):
        looked_up.set()
        assert is_over.wait(20)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    client = client_of("https://demo.biapi.pro/2.0", max_connections=1)

    async def both():
        return await async_gather(client.users.me, client.users.me)

    try:
        outcomes, seconds = await cut(client, both, looked_up, async_gather, async_until)
    finally:
        is_over.set()
    for outcome in outcomes:
        assert type(outcome) is PowensError
    assert seconds < AT_ONCE


async def test_those_who_wait_in_line_are_woken(serve, async_gather, async_until):
    stop = Stop(count=2)
    peer = serve(stop)
    client = client_of(peer.base_url, max_connections=2, retry_policy=EAGER)

    async def close():
        await async_until(stop.arrived)
        await client.aclose()

    began = time.monotonic()
    outcomes = await async_gather(*[client.users.me] * 12, close)
    assert time.monotonic() - began < AT_ONCE
    assert outcomes.pop() is None
    for outcome in outcomes:
        assert type(outcome) is PowensError
        assert CUT in str(outcome) or CLOSED in str(outcome)
    assert len(peer.requests) == 2
    peer.wait_until_left()


async def test_a_call_that_waits_to_try_again_does_not(serve, async_gather, async_until):
    stop = Stop(lambda visit: visit.answer({}, status=503))
    peer = serve(stop)
    policy = RetryPolicy(base_delay=0.3, jitter=0)
    client = client_of(peer.base_url, retry_policy=policy)
    outcome, seconds = await cut(client, client.users.me, stop.arrived, async_gather, async_until)
    assert isinstance(outcome, PowensError)
    assert CLOSED in str(outcome) or CUT in str(outcome)
    assert seconds < AT_ONCE
    assert len(peer.requests) == 1


async def test_what_has_arrived_is_not_thrown_away(serve, async_gather, async_until):
    peer = serve(answer)
    for _ in range(5):
        client = client_of(peer.base_url, max_connections=3)
        outcomes = await async_gather(*[client.users.me] * 9, client.aclose)
        assert outcomes.pop() is None
        for outcome in outcomes:
            assert type(outcome) is PowensError or outcome.id == 1
        peer.wait_until_left()


# --- A client that is forgotten ------------------------------------------------------------------


async def test_a_forgotten_client_leaves_nothing(serve, sockets):
    peer = serve(answer)
    before = sockets()
    client = client_of(peer.base_url)
    view = client.with_options(access_token="other")
    await client.users.me()
    del client
    await view.users.me()  # the connections live as long as a view does
    assert peer.connections == 1
    del view
    gc.collect()
    peer.wait_until_left()
    assert sockets() == before


async def test_a_client_that_failed_and_is_forgotten_leaves_nothing(serve, certified, sockets):
    scripts = [answer, lambda visit: visit.reset(), hang_in_the_body]
    peers = [serve(script, tls=each) for script in scripts for each in (None, certified)]
    before = sockets()
    for peer in peers:
        client = client_of(peer.base_url, timeout=0.1, retry_policy=RetryPolicy(max_attempts=1))
        with contextlib.suppress(PowensError):
            await client.users.me()
        del client
    gc.collect()
    for peer in peers:
        peer.wait_until_left()
    assert sockets() == before


async def test_many_lifetimes_leave_nothing(serve, certified, sockets, scale):
    peers = serve(answer), serve(answer, tls=certified)
    before = None
    for number in range(scale(60, 1000)):
        client = client_of(peers[number % 2].base_url)
        await client.users.me()
        if number % 3:
            await client.aclose()
        del client
        if number == 5:
            gc.collect()
            for peer in peers:
                peer.wait_until_left()
            before = sockets(), threading.active_count()
    gc.collect()
    for peer in peers:
        peer.wait_until_left()
    count, threads = before
    assert sockets() == count
    assert threading.active_count() <= threads + 1


# --- A client of httpx that is lent --------------------------------------------------------------


async def test_a_lent_client_stays_open(serve):
    peer = serve(answer)
    async with httpx.AsyncClient() as lent:
        for _ in range(2):
            async with client_of(peer.base_url, http_client=lent) as client:
                await client.users.me()
            with pytest.raises(PowensError, match=CLOSED):
                await client.users.me()
        assert (await lent.get(f"{peer.base_url}/users/me")).json() == USER
    assert peer.connections == 1


async def test_a_lent_client_that_its_owner_closed(serve):
    peer = serve(answer)
    lent = httpx.AsyncClient()
    client = client_of(peer.base_url, http_client=lent)
    await client.users.me()
    await lent.aclose()
    with pytest.raises(PowensError, match="closed"):
        await client.users.me()
    await client.aclose()
    assert len(peer.requests) == 1


async def test_a_transport_of_the_caller_is_closed_with_the_client(api):
    api.answers(USER)

    class Closable(httpx.MockTransport):
        closed = 0

        async def aclose(self):
            self.closed += 1

    transport = Closable(api)
    async with AsyncPowensClient(domain="demo", access_token="t", transport=transport) as client:
        await client.users.me()
    assert transport.closed == 1
