# Generated from tests/_async/test_deadlines.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Deadlines: no call outlives its own, whatever the network does, or does not do."""

from __future__ import annotations

import base64
import gc
import gzip
import json
import os
import socket
import threading
import time

import httpx
import pytest
from joserfc.jwk import RSAKey

from powens import (
    PaymentValidateRequest,
    PowensClient,
    PowensConnectionError,
    PowensHTTPError,
    PowensTimeoutError,
    RetryBudget,
    RetryPolicy,
    Upload,
)

GRACE = 0.25
"""What is promised: no call outlives its deadline by more than this."""

DEADLINE = 0.2
ONCE = RetryPolicy(max_attempts=1)
EAGER = RetryPolicy(max_attempts=1000, base_delay=0, jitter=0)

USER = b'{"id": 1}'
CUT = {"content_length": 1 << 20}
CHUNKED = {"transfer_encoding": "chunked"}


def client_of(where, **options):
    options = {"access_token": "t0ken", "deadline": DEADLINE, "timeout": 10, **options}
    return PowensClient(base_url=where, **options)


class Outcome:
    """What became of a call, and how long it took."""

    def __init__(self):
        self.result = None
        self.error = None
        self.seconds = 0.0


def watch(call):
    outcome = Outcome()
    began = time.monotonic()
    try:
        outcome.result = call()
    except Exception as error:  # noqa: BLE001 - whatever it is, the test asks
        outcome.error = error
    outcome.seconds = time.monotonic() - began
    return outcome


def watched(call, *args):
    """Make something to do of a call that is to be watched."""
    return lambda: watch(lambda: call(*args))


def check_late(outcome, deadline=DEADLINE):
    """The call used all its time, and no more."""
    assert type(outcome.error) is PowensTimeoutError, outcome.error
    assert deadline - 0.02 <= outcome.seconds <= deadline + GRACE


# --- A server that does not get to the end -------------------------------------------------------


def drip_after(start, rest):
    """Send the start at once, and the rest byte by byte."""

    def script(visit):
        visit.send(start)
        visit.drip(rest, 0.02)

    return script


def send_and_hang(data):
    def script(visit):
        visit.send(data)
        visit.hang()

    return script


def repeat(data, interval):
    """Send the same for ever."""

    def script(visit):
        while True:
            visit.send(data)
            visit.pause(interval)

    return script


def scripts(head):
    """Answers that do not end."""
    interim = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    packed = gzip.compress(os.urandom(1000))
    return {
        "head dripped": drip_after(b"", head(x=" " * 999)),
        "interim answers dripped": repeat(interim, 0.02),
        "interim answers poured": repeat(interim * 1000, 0),
        "body dripped": drip_after(head(**CUT), USER * 99),
        "chunks dripped": drip_after(head(**CHUNKED), b"1\r\n \r\n" * 99),
        "chunk size dripped": drip_after(head(**CHUNKED), b"0" * 999),
        "trailer dripped": drip_after(
            head(**CHUNKED) + b"9\r\n" + USER + b"\r\n0\r\nx: ", USER * 9
        ),
        "until close dripped": drip_after(head(), USER * 99),
        "until close poured": repeat(head() + b" " * 10_000, 0.001),
        "packed body dripped": drip_after(head(content_encoding="gzip", **CUT), packed),
        "error dripped": drip_after(head(503, **CUT), USER * 99),
        "nothing": send_and_hang(b""),
        "half a head": send_and_hang(head(**CUT)[:-2]),
        "no body": send_and_hang(head(**CUT)),
        "half a body": send_and_hang(head(**CUT) + USER),
        "half a chunk": send_and_hang(head(**CHUNKED) + b"ff\r\n" + USER),
        "no close": send_and_hang(head() + USER),
        "error without body": send_and_hang(head(500, **CUT)),
    }


def play(visit):
    """Do what the path says."""
    name = visit.target.rpartition("/")[2].replace("-", " ")
    scripts(visit.head)[name](visit)


NAMES = [name.replace(" ", "-") for name in scripts(lambda *_, **__: b"")]


def test_an_answer_that_never_ends(serve, gather):
    with client_of(serve(play).base_url) as client:
        outcomes = gather(*(watched(client.request, "GET", f"/{name}") for name in NAMES))
    for outcome in outcomes:
        check_late(outcome)


def test_an_answer_over_tls_that_never_ends(serve, certified, gather):
    chosen = ("head-dripped", "body-dripped", "until-close-poured", "nothing", "half-a-body")
    with client_of(serve(play, tls=certified).base_url, deadline=0.4) as client:
        outcomes = gather(*(watched(client.request, "GET", f"/{name}") for name in chosen))
    for outcome in outcomes:
        check_late(outcome, 0.4)


def test_a_download_that_never_ends(serve, gather, tmp_path):
    chosen = ("body-dripped", "until-close-poured", "nothing", "half-a-body", "error-dripped")
    peer = serve(play)
    with client_of(peer.base_url) as client:

        def download(name):
            return client.documents.download(document=f"{peer.base_url}/{name}", to=tmp_path / name)

        outcomes = gather(*(watched(download, name) for name in chosen))
    for outcome in outcomes:
        check_late(outcome)
    assert list(tmp_path.iterdir()) == []


def test_a_fast_answer_is_in_time(serve, certified, gather):
    def script(visit):
        visit.drip(visit.head(content_length=len(USER)), 0.001)
        visit.send(USER)

    for peer in (serve(script), serve(script, tls=certified)):
        with client_of(peer.base_url, deadline=2) as client:
            for _ in range(2):
                assert (client.users.me()).id == 1
        assert peer.connections == 1


# --- A server that does not take what it is sent -------------------------------------------------


def test_what_is_sent_and_nobody_reads(serve, certified, gather):
    content = b"x" * (8 << 20)
    file = Upload(name="big.pdf", content=content)

    def upload(client):
        return client.documents.upload(file=file, date="2026-01-01", duedate="2026-01-01")

    def replace(client):
        return client.request("PUT", "/users/me", json={"text": content.decode()})

    peers = [serve(lambda visit: visit.wait_for_the_end(), tls=each) for each in (None, certified)]
    for peer in peers:
        peer.reads_bodies = False
    plain, secure = (client_of(peer.base_url, deadline=0.4) for peer in peers)
    with plain, secure:
        outcomes = gather(watched(upload, plain), watched(upload, secure), watched(replace, plain))
    for outcome in outcomes:
        check_late(outcome, 0.4)
    assert [len(peer.requests) for peer in peers] == [2, 1]


# --- No connection -------------------------------------------------------------------------------


def test_a_connection_that_never_stands(serve, certified, unanswered, drip, gather):
    silent = serve(lambda visit: visit.hang())  # it waits for a request, which never comes
    dripping = serve(lambda visit: visit.answer(USER), tls=certified)
    clients = [
        client_of(f"http://{unanswered}/2.0"),
        client_of(silent.base_url.replace("http:", "https:")),
        client_of(drip(dripping, 0.01)),
    ]
    outcomes = gather(*(watched(client.users.me) for client in clients))
    for outcome in outcomes:
        check_late(outcome)
    assert silent.connections == dripping.connections == 1
    assert silent.requests == dripping.requests == []
    for client in clients:
        client.close()


def test_many_addresses_that_do_not_answer(unanswered, monkeypatch):
    host, _, port = unanswered.partition(":")
    address = (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, int(port)))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [address] * 50)
    with client_of("https://demo.biapi.pro/2.0") as client:
        check_late(watch(client.users.me))


def test_an_address_that_answers_after_some_that_do_not(serve, unanswered, monkeypatch):
    monkeypatch.setattr("powens._sync.network._PATIENCE", 0.05)
    peer = serve(lambda visit: visit.answer(USER))
    ports = [unanswered.rpartition(":")[2]] * 2 + [str(httpx.URL(peer.base_url).port)]
    addresses = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", int(port))) for port in ports
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses)
    with client_of("http://localhost:1/2.0", deadline=2) as client:
        assert (client.users.me()).id == 1


def test_a_resolver_that_hangs(monkeypatch, gather):
    is_over = threading.Event()

    def hang(*_args, **_options):
        assert is_over.wait(20)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        # More of them than there are threads to share.
        with client_of("https://demo.biapi.pro/2.0") as client:
            outcomes = gather(*[watched(client.users.me)] * 50)
    finally:
        is_over.set()
    for outcome in outcomes:
        check_late(outcome)


def test_all_is_dripped_but_in_time(serve, certified, drip):
    peer = serve(lambda visit: visit.answer(USER), tls=certified)
    with client_of(drip(peer, 0), deadline=10) as client:
        assert (client.users.me()).id == 1


def test_a_connection_that_others_do_not_give_back(serve, gather, until):
    arrived = threading.Event()

    def script(visit):
        arrived.set()
        visit.hang()

    peer = serve(script)
    with client_of(peer.base_url, deadline=3 * DEADLINE, max_connections=1) as client:
        view = client.with_options(deadline=DEADLINE)

        def wait_in_line():
            until(arrived)
            return watch(view.users.me)

        first, *others = gather(watched(client.users.me), wait_in_line, wait_in_line, wait_in_line)
    check_late(first, 3 * DEADLINE)
    for outcome in others:
        check_late(outcome)
    assert len(peer.requests) == 1


# --- More than one request in a call -------------------------------------------------------------


def test_attempts_that_fail_at_once(serve):
    def script(visit):
        visit.pause(0.01)
        visit.answer({}, status=503)

    peer = serve(script)
    budget = RetryBudget(reserve=10_000)
    with client_of(peer.base_url, retry_policy=EAGER, retry_budget=budget) as client:
        outcome = watch(client.users.me)
    assert isinstance(outcome.error, (PowensTimeoutError, PowensHTTPError))
    assert outcome.seconds <= DEADLINE + GRACE
    assert len(peer.requests) > 1


def test_attempts_that_hang(serve):
    peer = serve(lambda visit: visit.hang())
    with client_of(peer.base_url, retry_policy=EAGER, timeout=0.05) as client:
        check_late(watch(client.users.me))
    assert 1 < len(peer.requests) < 6


@pytest.mark.parametrize("asked", [1, 3600, 99_999_999_999])
def test_no_wait_for_what_comes_too_late(serve, asked):
    peer = serve(lambda visit: visit.answer({}, status=503, retry_after=asked))
    with client_of(peer.base_url) as client:
        outcome = watch(client.users.me)
    assert isinstance(outcome.error, PowensHTTPError)
    assert outcome.error.retry_after == asked
    assert outcome.seconds < DEADLINE
    assert len(peer.requests) == 1


def test_no_wait_that_ends_too_late(serve):
    peer = serve(lambda visit: visit.reset())
    policy = RetryPolicy(base_delay=1, jitter=0)
    with client_of(peer.base_url, retry_policy=policy) as client:
        outcome = watch(client.users.me)
    assert type(outcome.error) is PowensConnectionError
    assert outcome.seconds < DEADLINE
    assert len(peer.requests) == 1


def give_page(visit):
    """One row of a listing that has no end, after a while."""
    visit.pause(0.07)
    offset = dict(httpx.QueryParams(visit.target.partition("?")[2])).get("offset", "0")
    visit.answer({"users": [{"id": int(offset)}], "total": 9999})


def test_a_listing_of_slow_pages(serve):
    peer = serve(give_page)
    with client_of(peer.base_url) as client:
        check_late(watch(lambda: client.users.list(limit=1).to_list()))
    assert 2 <= len(peer.requests) <= 5


def test_a_listing_whose_reader_is_slow(serve):
    peer = serve(give_page)
    with client_of(peer.base_url) as client:
        pages = client.users.list(limit=1).by_page()
        pages.__next__()
        threading.Event().wait(DEADLINE)  # whoever is slow, it is not the network
        outcome = watch(pages.__next__)
    assert type(outcome.error) is PowensTimeoutError
    assert outcome.seconds < 0.05
    assert len(peer.requests) == 1


def test_a_connection_that_never_settles(serve):
    peer = serve(lambda visit: visit.answer({"id": 5, "state": "validating"}))
    with client_of(peer.base_url) as client:
        outcome = watch(
            lambda: client.connections.wait_until_settled(connection_id=5, poll_interval=0.05)
        )
    assert type(outcome.error) is PowensTimeoutError
    # It does not wait for what would come too late.
    assert DEADLINE - 0.08 <= outcome.seconds <= DEADLINE + GRACE
    assert len(peer.requests) >= 3


FIELDS = {"login": "me"}
VALIDATION = PaymentValidateRequest(
    validate_mechanism="webauth", webview_url="https://app.example", fields=FIELDS
)


def test_two_requests_have_one_deadline(serve, gather):
    key = {**RSAKey.generate_key(2048).as_dict(private=False), "kid": "k1"}

    def script(visit):
        first = visit.target.partition("?")[0]
        if first not in {"/publickey", "/users/me"}:
            visit.hang()
        visit.pause(0.2)
        header = {"alg": "RS256", "key_url": f"{peer.base_url}/sign-keys/7"}
        encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=")
        visit.answer(key if first == "/publickey" else encoded + b".e30.c2lnbmF0dXJl")

    peer = serve(script)
    client = client_of(peer.base_url, deadline=0.4)
    calls = [
        lambda: client.connections.create(connector_uuid="u", fields=FIELDS, encrypt=True),
        lambda: client.connections.update(connection_id=5, fields=FIELDS, encrypt=True),
        lambda: client.payments.validate(payment_id=5, body=VALIDATION, encrypt=True),
        client.with_options(sign_responses=True).users.me,
    ]
    with client:
        outcomes = gather(*map(watched, calls))
    for outcome in outcomes:
        check_late(outcome, 0.4)
    assert {target.partition("?")[0] for _, target, _ in peer.requests} == {
        "/publickey",
        "/users/me/connections",
        "/users/me/connections/5",
        "/payments/5",
        "/users/me",
        "/sign-keys/7",
    }


# --- A timeout alone bounds each step ------------------------------------------------------------


def test_a_drip_that_is_faster_than_the_timeout_goes_on(serve):
    body = b"[" + b" " * 20 + b"]"

    def script(visit):
        visit.send(visit.head(content_length=len(body)))
        visit.drip(body, 0.02)

    with client_of(serve(script).base_url, deadline=None, timeout=0.2) as client:
        outcome = watch(lambda: client.request("GET", "/x"))
    assert outcome.result.json() == []
    assert outcome.seconds > 0.4


def test_each_step_has_its_timeout(serve, certified, unanswered, gather):
    names = ("nothing", "half-a-body")
    options = {"deadline": None, "timeout": DEADLINE, "retry_policy": ONCE}

    def slow_drip(visit):
        visit.drip(b"HTTP", 5)

    silent = serve(lambda visit: visit.hang()).base_url.replace("http:", "https:")
    deaf = serve(lambda visit: visit.wait_for_the_end())
    deaf.reads_bodies = False
    text = "x" * (8 << 20)
    plain, secure = serve(play).base_url, serve(play, tls=certified).base_url
    clients = [
        client_of(where, **options)
        for where in (
            f"http://{unanswered}/2.0",
            silent,
            serve(slow_drip).base_url,
            deaf.base_url,
            plain,
            secure,
        )
    ]
    first = [watched(client.request, "GET", "/x") for client in clients[:3]]
    sending = watched(lambda: clients[3].request("PUT", "/x", json={"text": text}))
    others = [
        watched(client.request, "GET", f"/{name}") for client in clients[4:] for name in names
    ]
    for outcome in gather(*first, sending, *others):
        check_late(outcome)
        assert "no answer within 0.2 s" in str(outcome.error)
    for client in clients:
        client.close()


def test_the_line_has_its_timeout(serve, gather, until):
    arrived = threading.Event()

    def script(visit):
        arrived.set()
        visit.hang()

    with client_of(
        serve(script).base_url, deadline=None, timeout=2 * DEADLINE, max_connections=1
    ) as client:
        view = client.with_options(timeout=DEADLINE, retry_policy=ONCE)

        def wait_in_line():
            until(arrived)
            return watch(view.users.me)

        once = client.with_options(retry_policy=ONCE)
        first, second = gather(watched(once.users.me), wait_in_line)
    check_late(first, 2 * DEADLINE)
    check_late(second)


# --- Transports of the caller: a deadline bounds each step, and is looked at between pieces -------


# A stream that is not read to its end is left to the garbage collector by httpx.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_lent_client(serve, gather):
    chosen = ("body-dripped", "chunks-dripped", "nothing", "no-body", "half-a-body")
    with (
        httpx.Client(timeout=None) as lent,
        client_of(serve(play).base_url, http_client=lent) as client,
    ):
        outcomes = gather(*(watched(client.request, "GET", f"/{name}") for name in chosen))
        for name, outcome in zip(chosen, outcomes, strict=True):
            # What comes piece by piece is seen at the next one, what hangs has a whole step more.
            check_late(outcome, DEADLINE if name.endswith("dripped") else outcome.seconds)
            assert DEADLINE - 0.02 <= outcome.seconds <= 2 * DEADLINE + GRACE
    gc.collect()


def test_a_lent_client_whose_connections_are_all_in_use(serve, gather, until):
    arrived = threading.Event()

    def script(visit):
        arrived.set()
        visit.hang()

    limits = httpx.Limits(max_connections=1)
    with (
        httpx.Client(timeout=None, limits=limits) as lent,
        client_of(serve(script).base_url, http_client=lent, deadline=2 * DEADLINE) as client,
    ):
        view = client.with_options(deadline=DEADLINE)

        def wait_in_line():
            until(arrived)
            return watch(view.users.me)

        first, second = gather(watched(client.users.me), wait_in_line)
    check_late(first, 2 * DEADLINE)
    check_late(second)


def test_a_transport_of_the_caller(clock):
    class Slow(httpx.SyncByteStream):
        """A body whose pieces take long."""

        def __init__(self):
            self.left = USER

        def __iter__(self):
            return self

        def __next__(self):
            if not self.left:
                raise StopIteration
            clock.time += 1
            piece, self.left = self.left[:1], self.left[1:]
            return piece

    seen = []

    def answer(request):
        seen.append(request.extensions["timeout"]["read"])
        return httpx.Response(200, stream=Slow())

    transport = httpx.MockTransport(answer)
    with client_of("https://demo.biapi.pro/2.0", transport=transport, deadline=5) as client:
        with pytest.raises(PowensTimeoutError, match="the deadline has passed"):
            client.users.me()
        assert (client.with_options(deadline=10).users.me()).id == 1
    assert seen == [5, 10]
