# Generated from tests/_async/test_closing.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

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
    PowensClient,
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
    return PowensClient(base_url=where, access_token="t0ken", **options)


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


def test_a_closed_client_sends_nothing(serve):
    peer = serve(answer)
    client = client_of(peer.base_url)
    view = client.with_options(access_token="other")
    client.users.me()
    client.close()
    later = client.with_options(deadline=5)
    for each in (client, view, later):
        with pytest.raises(PowensError, match=CLOSED) as caught:
            each.users.me()
        assert type(caught.value) is PowensError
    assert len(peer.requests) == 1


def test_a_closed_view_closes_nothing(serve):
    peer = serve(answer)
    with client_of(peer.base_url) as client:
        with client.with_options(access_token="other") as view:
            view.users.me()
        view.users.me()
        client.users.me()
    assert peer.connections == 1


def test_closing_twice_and_all_at_once(serve, sockets, gather):
    peer = serve(answer)
    before = sockets()
    client = client_of(peer.base_url)
    client.users.me()
    client.close()
    client.close()
    assert gather(*[client.close] * 10) == [None] * 10
    peer.wait_until_left()
    assert sockets() == before


def test_a_client_that_was_never_used_closes(serve):
    client = client_of(serve(answer).base_url)
    client.close()
    with pytest.raises(PowensError, match=CLOSED):
        client.users.me()


def test_a_closed_client_as_a_context(serve):
    peer = serve(answer)
    client = client_of(peer.base_url)
    with client:
        client.users.me()
    with client:
        with pytest.raises(PowensError, match=CLOSED):
            client.users.me()
    assert len(peer.requests) == 1


def test_what_was_begun_before_closing_does_not_go_on(serve, tmp_path):
    peer = serve(pages)
    client = client_of(peer.base_url)
    walk = client.users.list(limit=1).by_page()
    items = iter(client.users.list(limit=1))
    listing = client.users.list()
    walk.__next__()
    items.__next__()
    client.close()
    count = len(peer.requests)
    for call in (
        walk.__next__,
        walk.__next__,
        items.__next__,
        listing.first_page,
        listing.to_list,
        lambda: client.documents.download(document="documents/4/file", to=tmp_path / "file"),
        lambda: client.connections.wait_until_settled(connection_id=5),
        lambda: client.request("GET", "/users/me"),
    ):
        with pytest.raises(PowensError, match=CLOSED):
            call()
    assert len(peer.requests) == count
    assert list(tmp_path.iterdir()) == []


def test_a_closed_client_asks_no_breaker_and_makes_no_attempts(serve):
    class Breaker:
        def allow_request(self):
            raise AssertionError

        record_success = record_failure = allow_request

    client = client_of(serve(answer).base_url, circuit_breaker=Breaker(), retry_policy=EAGER)
    client.close()
    with pytest.raises(PowensError, match=CLOSED):
        client.users.me()


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


def cut(client, call, arrived, gather, until):
    """Close a client once its call has arrived; give what became of the call, and how fast."""
    ended = []

    def run():
        try:
            return call()
        finally:
            ended.append(time.monotonic())

    def close():
        until(arrived)
        ended.append(time.monotonic())
        client.close()

    outcome, nothing = gather(run, close)
    assert nothing is None
    closed, over = ended
    return outcome, over - closed


@pytest.mark.parametrize("action", UNDER_WAY)
@pytest.mark.parametrize("is_secure", [False, True])
def test_a_call_under_way_is_cut(serve, certified, gather, until, sockets, action, is_secure):
    stop = Stop(action)
    peer = serve(stop, tls=certified if is_secure else None)
    client = client_of(peer.base_url, retry_policy=EAGER)
    outcome, seconds = cut(client, client.users.me, stop.arrived, gather, until)
    assert type(outcome) is PowensError
    assert CUT in str(outcome)
    assert seconds < AT_ONCE
    assert len(peer.requests) == 1
    peer.wait_until_left()


def test_half_a_download_does_not_pass_for_a_whole_one(serve, gather, until, tmp_path):
    stop = Stop(hang_before_the_close)
    peer = serve(stop)
    client = client_of(peer.base_url)

    def call():
        return client.documents.download(document="documents/4/file", to=tmp_path / "file")

    outcome, _ = cut(client, call, stop.arrived, gather, until)
    assert type(outcome) is PowensError
    assert CUT in str(outcome)
    assert list(tmp_path.iterdir()) == []


def test_an_upload_under_way_is_cut(serve, gather, until):
    stop = Stop(lambda visit: visit.wait_for_the_end())
    peer = serve(stop)
    peer.reads_bodies = False
    client = client_of(peer.base_url)
    file = Upload(name="big.pdf", content=bytes(8 << 20))

    def call():
        return client.documents.upload(file=file, date="2026-01-01", duedate="2026-01-01")

    outcome, seconds = cut(client, call, stop.arrived, gather, until)
    assert type(outcome) is PowensError
    assert CUT in str(outcome)
    assert seconds < AT_ONCE


def test_a_handshake_under_way_is_cut(serve, certified, gather, until):
    peer = serve(answer)  # it waits for a request, which never comes
    client = client_of(peer.base_url.replace("http:", "https:"))
    outcome, seconds = cut(client, client.users.me, peer.visited, gather, until)
    assert type(outcome) is PowensError
    assert CUT in str(outcome)
    assert seconds < AT_ONCE


def test_an_attempt_to_connect_is_cut(unanswered, monkeypatch, gather, until):
    looked_up = threading.Event()
    look_up = socket.getaddrinfo

    def tell(*args, **options):
        looked_up.set()
        return look_up(*args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", tell)
    client = client_of(f"http://{unanswered}/2.0")
    outcome, seconds = cut(client, client.users.me, looked_up, gather, until)
    assert type(outcome) is PowensError
    assert CUT in str(outcome)
    assert seconds < AT_ONCE


def test_a_look_up_under_way_is_cut(monkeypatch, gather, until):
    looked_up, is_over = threading.Event(), threading.Event()

    def hang(*_args, **_options):
        looked_up.set()
        assert is_over.wait(20)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    client = client_of("https://demo.biapi.pro/2.0", max_connections=1)

    def both():
        return gather(client.users.me, client.users.me)

    try:
        outcomes, seconds = cut(client, both, looked_up, gather, until)
    finally:
        is_over.set()
    for outcome in outcomes:
        assert type(outcome) is PowensError
    assert seconds < AT_ONCE


def test_those_who_wait_in_line_are_woken(serve, gather, until):
    stop = Stop(count=2)
    peer = serve(stop)
    client = client_of(peer.base_url, max_connections=2, retry_policy=EAGER)

    def close():
        until(stop.arrived)
        client.close()

    began = time.monotonic()
    outcomes = gather(*[client.users.me] * 12, close)
    assert time.monotonic() - began < AT_ONCE
    assert outcomes.pop() is None
    for outcome in outcomes:
        assert type(outcome) is PowensError
        assert CUT in str(outcome) or CLOSED in str(outcome)
    assert len(peer.requests) == 2
    peer.wait_until_left()


def test_a_call_that_waits_to_try_again_does_not(serve, gather, until):
    stop = Stop(lambda visit: visit.answer({}, status=503))
    peer = serve(stop)
    policy = RetryPolicy(base_delay=0.3, jitter=0)
    client = client_of(peer.base_url, retry_policy=policy)
    outcome, seconds = cut(client, client.users.me, stop.arrived, gather, until)
    assert isinstance(outcome, PowensError)
    assert CLOSED in str(outcome) or CUT in str(outcome)
    assert seconds < AT_ONCE
    assert len(peer.requests) == 1


def test_what_has_arrived_is_not_thrown_away(serve, gather, until):
    peer = serve(answer)
    for _ in range(5):
        client = client_of(peer.base_url, max_connections=3)
        outcomes = gather(*[client.users.me] * 9, client.close)
        assert outcomes.pop() is None
        for outcome in outcomes:
            assert type(outcome) is PowensError or outcome.id == 1
        peer.wait_until_left()


# --- A client that is forgotten ------------------------------------------------------------------


def test_a_forgotten_client_leaves_nothing(serve, sockets):
    peer = serve(answer)
    before = sockets()
    client = client_of(peer.base_url)
    view = client.with_options(access_token="other")
    client.users.me()
    del client
    view.users.me()  # the connections live as long as a view does
    assert peer.connections == 1
    del view
    gc.collect()
    peer.wait_until_left()
    assert sockets() == before


def test_a_client_that_failed_and_is_forgotten_leaves_nothing(serve, certified, sockets):
    scripts = [answer, lambda visit: visit.reset(), hang_in_the_body]
    peers = [serve(script, tls=each) for script in scripts for each in (None, certified)]
    before = sockets()
    for peer in peers:
        client = client_of(peer.base_url, timeout=0.1, retry_policy=RetryPolicy(max_attempts=1))
        with contextlib.suppress(PowensError):
            client.users.me()
        del client
    gc.collect()
    for peer in peers:
        peer.wait_until_left()
    assert sockets() == before


def test_many_lifetimes_leave_nothing(serve, certified, sockets, scale):
    peers = serve(answer), serve(answer, tls=certified)
    before = None
    for number in range(scale(60, 1000)):
        client = client_of(peers[number % 2].base_url)
        client.users.me()
        if number % 3:
            client.close()
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


def test_a_lent_client_stays_open(serve):
    peer = serve(answer)
    with httpx.Client() as lent:
        for _ in range(2):
            with client_of(peer.base_url, http_client=lent) as client:
                client.users.me()
            with pytest.raises(PowensError, match=CLOSED):
                client.users.me()
        assert (lent.get(f"{peer.base_url}/users/me")).json() == USER
    assert peer.connections == 1


def test_a_lent_client_that_its_owner_closed(serve):
    peer = serve(answer)
    lent = httpx.Client()
    client = client_of(peer.base_url, http_client=lent)
    client.users.me()
    lent.close()
    with pytest.raises(PowensError, match="closed"):
        client.users.me()
    client.close()
    assert len(peer.requests) == 1


def test_a_transport_of_the_caller_is_closed_with_the_client(api):
    api.answers(USER)

    class Closable(httpx.MockTransport):
        closed = 0

        def close(self):
            self.closed += 1

    transport = Closable(api)
    with PowensClient(domain="demo", access_token="t", transport=transport) as client:
        client.users.me()
    assert transport.closed == 1
