# Generated from tests/_async/test_transport.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""One exchange: what is sent, how long it may take, and with whose connections."""

from __future__ import annotations

import gzip

import httpx
import pytest

from powens import (
    UNSET,
    PowensClient,
    PowensConnectionError,
    PowensError,
    PowensHTTPError,
    PowensNotFoundError,
    PowensSerializationError,
    PowensTimeoutError,
    RetryPolicy,
    ThresholdCircuitBreaker,
)

USER = {"id": 1}
CONNECTION = {"id": 5}
ONCE = RetryPolicy(max_attempts=1)


# --- The network fails ---------------------------------------------------------------------------

NETWORK_FAILURES = [
    (httpx.ConnectTimeout, PowensTimeoutError),
    (httpx.ReadTimeout, PowensTimeoutError),
    (httpx.WriteTimeout, PowensTimeoutError),
    (httpx.PoolTimeout, PowensTimeoutError),
    (httpx.ConnectError, PowensConnectionError),
    (httpx.ReadError, PowensConnectionError),
    (httpx.WriteError, PowensConnectionError),
    (httpx.CloseError, PowensConnectionError),
    (httpx.ProxyError, PowensConnectionError),
    (httpx.UnsupportedProtocol, PowensConnectionError),
    (httpx.LocalProtocolError, PowensConnectionError),
    (httpx.RemoteProtocolError, PowensConnectionError),
    (httpx.TooManyRedirects, PowensConnectionError),
    (httpx.DecodingError, PowensSerializationError),
]


def test_every_error_of_a_request_is_listed_here():
    def leaves(kind):
        return {kind}.union(*map(leaves, kind.__subclasses__())) - ({kind} & ABSTRACT)

    assert leaves(httpx.RequestError) == {kind for kind, _ in NETWORK_FAILURES}


ABSTRACT = {
    *(httpx.RequestError, httpx.TransportError, httpx.TimeoutException),
    *(httpx.NetworkError, httpx.ProtocolError),
}


@pytest.mark.parametrize(("kind", "expected"), NETWORK_FAILURES)
def test_a_failure_of_the_network_has_a_class_and_a_cause(api, connect, kind, expected):
    api.answers(kind("s3cret detail"))
    with connect(retry_policy=ONCE) as client:
        with pytest.raises(PowensError) as caught:
            client.users.list(search="s3cret").first_page()
    error = caught.value
    assert type(error) is expected
    assert type(error.__cause__) is kind
    assert str(error).startswith("GET https://example.biapi.pro/2.0/users: ")
    if expected is not PowensSerializationError:
        assert kind.__name__ in str(error)
    for secret in ("s3cret", "t0ken"):
        assert secret not in f"{error}{error!r}"


@pytest.mark.parametrize("kind", [KeyError, httpx.InvalidURL, ExceptionGroup])
def test_an_error_that_is_not_of_the_network_comes_as_it_is(api, connect, kind):
    mine = kind("mine", [ValueError()]) if kind is ExceptionGroup else kind("mine")
    api.answers(mine)
    with connect() as client:
        with pytest.raises(kind) as caught:
            client.users.me()
    assert caught.value is mine
    assert api.count == 1


# When httpx cannot unpack a stream it leaves it to the garbage collector, which may complain.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(b'{"id": 1}')[:12]])
def test_an_answer_that_cannot_be_unpacked(api, connect, content):
    api.answers(
        lambda _: httpx.Response(
            200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(content)
        )
    )
    breaker = ThresholdCircuitBreaker(failure_threshold=1)
    with connect(circuit_breaker=breaker) as client:
        with pytest.raises(PowensSerializationError):
            client.users.me()
    assert api.count == 1
    assert breaker.state == "closed"  # the service answered, if badly


def test_parameters_that_no_address_can_hold(api, connect):
    with connect() as client:
        with pytest.raises(ValueError, match="do not fit into a URL"):
            client.transactions.list(search="x" * 70_000).to_list()
    assert api.count == 0


def test_a_timeout_says_which_limit_there_was(api, connect):
    api.answers(httpx.ReadTimeout("slow"))
    with connect(timeout=2.5, retry_policy=ONCE) as client:
        with pytest.raises(PowensTimeoutError, match=r"no answer within 2\.5 s"):
            client.users.me()
        with pytest.raises(PowensTimeoutError, match="no answer in time"):
            client.with_options(timeout=None).users.me()


def test_a_packed_answer_is_unpacked(api, connect):
    headers = {"content-encoding": "gzip"}
    api.answers(lambda _: httpx.Response(200, headers=headers, content=gzip.compress(b'{"id":1}')))
    with connect() as client:
        assert (client.users.me()).id == 1


# --- Time ----------------------------------------------------------------------------------------

CALLS = {
    "connections.create": lambda client: client.connections.create(connector_uuid="u"),
    "connections.update": lambda client: client.connections.update(connection_id=5),
    "connections.sync": lambda client: client.connections.sync(connection_id=5),
    "connections.force_sync": lambda client: client.connections.force_sync(connection_id=5),
    "connections.get": lambda client: client.connections.get(connection_id=5),
    "connections.delete": lambda client: client.connections.delete(connection_id=5),
    "users.me": lambda client: client.users.me(),
    "request": lambda client: client.request("POST", "/users/me/connections"),
}
TALKS_TO_THE_BANK = ("create", "update", "sync", "force_sync")


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("settings", "usual", "with_bank"),
    [
        ({}, 30, 180),
        ({"timeout": 7, "sync_timeout": 70}, 7, 70),
        ({"timeout": None, "sync_timeout": None}, None, None),
        ({"deadline": 50}, 30, 50),
        ({"deadline": 5}, 5, 5),
        ({"deadline": 9, "timeout": None, "sync_timeout": None}, 9, 9),
    ],
)
def test_each_network_step_has_its_time(api, connect, clock, name, settings, usual, with_bank):
    api.answers(CONNECTION)
    with connect(**settings) as client:
        CALLS[name](client)
    waits = name.rpartition(".")[2] in TALKS_TO_THE_BANK
    assert api.timeouts == [with_bank if waits else usual]


def test_a_view_with_a_shorter_timeout_still_waits_for_the_bank(api, connect):
    api.answers(CONNECTION)
    with connect() as client:
        view = client.with_options(timeout=1)
        view.connections.sync(connection_id=5)
        view.connections.get(connection_id=5)
    assert api.timeouts == [180, 1]


def test_a_step_gets_no_more_time_than_the_deadline_leaves(api, connect, clock):
    def slow(_):
        clock.time += 4
        return 503

    api.answers(slow)
    policy = RetryPolicy(max_attempts=9, base_delay=0, jitter=0)
    with connect(deadline=10, timeout=6, retry_policy=policy) as client:
        with pytest.raises(PowensHTTPError) as caught:
            client.users.me()
    assert api.timeouts == [6, 6, 2]
    assert caught.value.status_code == 503


def test_a_deadline_that_has_passed_sends_nothing(api, connect, clock):
    api.answers({"users": [{"id": 1}, {"id": 2}]})
    with connect(deadline=10) as client:
        walk = client.users.list().by_page()
        walk.__next__()
        clock.time += 10
        with pytest.raises(PowensTimeoutError, match="the deadline has passed"):
            walk.__next__()
        assert api.count == 1
        client.users.list().first_page()
    assert api.count == 2


def test_a_deadline_spans_all_pages_of_a_listing(api, connect, clock):
    def slow(request):
        clock.time += 4
        offset, limit = (int(request.url.params.get(name, 0)) for name in ("offset", "limit"))
        return {"users": [{"id": n} for n in range(offset, offset + limit)]}

    api.answers(slow)
    with connect().with_options(deadline=10) as client:
        with pytest.raises(PowensTimeoutError, match="the deadline has passed"):
            client.users.list(limit=1).to_list()
    assert api.timeouts == [10, 6, 2]


def test_a_deadline_begins_anew_with_each_call(api, connect, clock):
    def slow(_):
        clock.time += 9
        return USER

    api.answers(slow)
    with connect(deadline=10) as client:
        for _ in range(3):
            client.users.me()
    assert api.timeouts == [10, 10, 10]


# --- A client of httpx that is lent --------------------------------------------------------------


def test_a_lent_client_is_used_and_not_closed(api):
    api.answers(USER)
    with httpx.Client(transport=httpx.MockTransport(api)) as lent:
        with PowensClient(domain="demo", access_token="t0ken", http_client=lent) as client:
            client.users.me()
        assert not lent.is_closed
        with pytest.raises(PowensError, match="this client is closed"):
            client.users.me()
        PowensClient(domain="demo", access_token="other", http_client=lent).users.me()
    assert api.bearers == ["t0ken", "other"]


def test_a_lent_client_that_its_owner_closed(api):
    lent = httpx.Client(transport=httpx.MockTransport(api))
    client = PowensClient(domain="demo", access_token="t0ken", http_client=lent)
    lent.close()
    with pytest.raises(PowensError, match="closed"):
        client.users.me()


def test_a_lent_client_keeps_its_habits_to_itself(api):
    api.answers(lambda _: httpx.Response(302, headers={"location": "https://evil.example/2.0/x"}))
    with (
        httpx.Client(
            transport=httpx.MockTransport(api),
            base_url="https://elsewhere.example/",
            auth=("me", "s3cret"),
            cookies={"session": "s3cret"},
            follow_redirects=True,
            timeout=1,
        ) as lent,
        PowensClient(domain="demo", access_token="t0ken", http_client=lent) as client,
    ):
        with pytest.raises(PowensHTTPError, match="302"):
            client.users.me()
        with pytest.raises(PowensHTTPError, match="302"):
            client.connectors.list_all()
        with pytest.raises(PowensHTTPError, match="302"):
            client.with_options(access_token=None).connectors.list_all()
    assert [request.url.host for request in api.requests] == ["demo.biapi.pro"] * 3
    assert api.bearers == ["t0ken", "t0ken", None]
    assert not [request for request in api.requests if "cookie" in request.headers]
    assert api.timeouts == [30, 30, 30]


def test_a_cookie_of_one_user_does_not_follow_another(api, connect):
    api.answers(lambda _: httpx.Response(200, json=USER, headers={"set-cookie": "session=one"}))
    with connect() as client:
        client.users.me()
        client.with_options(access_token="other").users.me()
    assert not [request for request in api.requests if "cookie" in request.headers]


@pytest.mark.parametrize("status", [301, 302, 303, 304, 307, 308])
def test_a_redirect_is_an_error(api, connect, status):
    api.answers(
        lambda _: httpx.Response(status, headers={"location": "https://example.biapi.pro/2.0/x"})
    )
    with connect() as client:
        with pytest.raises(PowensHTTPError, match="redirects are not followed; check base_url"):
            client.users.me()
    assert api.count == 1


# --- The call for what has no method of its own --------------------------------------------------


@pytest.mark.parametrize(
    ("path", "params", "target"),
    [
        ("/users/me", None, "/users/me"),
        ("users/me", None, "/users/me"),
        ("https://example.biapi.pro/2.0/users/me", None, "/users/me"),
        ("https://EXAMPLE.biapi.pro:443/2.0/users/me", None, "/users/me"),
        ("/users/me", {}, "/users/me"),
        ("/users/me", {"a": None, "b": UNSET}, "/users/me"),
        (
            "/users",
            {"a": 1, "b": [1, 2], "c": True, "d": "\u00e9 &"},
            "/users?a=1&b=1,2&c=true&d=%C3%A9%20%26",
        ),
        ("/users?x=1", None, "/users?x=1"),
        ("/users?x=1", {"y": 2}, "/users?x=1&y=2"),
        ("https://example.biapi.pro/2.0/users?x=1", {"y": 2}, "/users?x=1&y=2"),
        ("/users#there", None, "/users"),
        ("/users/a%2Fb", None, "/users/a%2Fb"),
        ("//evil.example/users", None, "//evil.example/users"),
    ],
)
def test_a_call_of_ones_own_goes_below_the_base_url(api, connect, path, params, target):
    with connect() as client:
        client.request("get", path, params=params)
    assert api.targets == [target]
    assert api.bearers == ["t0ken"]
    assert api.requests[0].method == "GET"
    assert "content-type" not in api.requests[0].headers


@pytest.mark.parametrize(
    "path",
    [
        *("https://evil.example/2.0/users", "https:\\\\evil.example/"),
        *("http://example.biapi.pro/2.0/users", "https://example.biapi.pro:8443/2.0/users"),
        *("https://example.biapi.pro/1.0/users", "https://example.biapi.pro/2.0.1/users"),
        *("https://me@example.biapi.pro/2.0/users", "https://example.biapi.pro@evil.example/2.0/"),
        *("/../users", "../users", "/a/../../users", "/%2e%2e/users", "/a/.%2E/b", "%2e/users"),
        *("https://example.biapi.pro/2.0/../users", "https://example.biapi.pro/2.0/a/../b"),
        *("/us ers", "/users\n", "/users\r\nx-evil: 1", "/us\\ers", "/\x00", "/\ud800"),
        *("\thttps://evil.example", "/..%2f..%2fx", "/.%2F", "/a/..%5cb"),
        *("https://[::1/2.0/users", "javascript:alert(1)", "file:///2.0/users"),
    ],
)
def test_a_call_of_ones_own_does_not_leave_the_base_url(api, connect, path):
    with connect() as client:
        with pytest.raises(ValueError, match=r"^it "):
            client.request("GET", path)
    assert api.count == 0


def test_a_call_of_ones_own_below_no_prefix_stays_on_its_host(api, connect):
    with connect(base_url="http://localhost:8000") as client:
        with pytest.raises(ValueError, match="another host"):
            client.request("GET", "//evil.example/x")
        client.request("GET", "/x")
    assert [str(request.url) for request in api.requests] == ["http://localhost:8000/x"]


@pytest.mark.parametrize(
    ("body", "content"),
    [
        ({"a": 1, "b": UNSET, "c": None}, b'{"a":1,"c":null}'),
        (None, b"null"),
        ([], b"[]"),
        ("\u00e9", '"\u00e9"'.encode()),
    ],
)
def test_a_call_of_ones_own_may_have_a_body(api, connect, body, content):
    with connect() as client:
        client.request("PATCH", "/x", json=body)
    assert api.requests[0].content == content
    assert api.requests[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("body", "kind"),
    [(object(), TypeError), ({"a": b"x"}, TypeError), (float("nan"), ValueError)],
)
def test_a_body_that_is_no_json_is_refused(api, connect, body, kind):
    with connect() as client:
        with pytest.raises(kind):
            client.request("POST", "/x", json=body)
    assert api.count == 0


def test_a_call_of_ones_own_may_have_headers_and_its_time(api, connect):
    with connect() as client:
        client.request("GET", "/x", headers={"Accept": "text/csv", "X-Mine": "1"}, timeout=3)
        client.request("GET", "/x", timeout=None)
    first = api.requests[0].headers
    assert (first.get_list("accept"), first["x-mine"]) == (["text/csv"], "1")
    assert first["authorization"] == "Bearer t0ken"
    assert api.timeouts == [3, None]


@pytest.mark.parametrize(("seconds", "kind"), [(0, ValueError), (-1, ValueError), ("3", TypeError)])
def test_a_call_of_ones_own_needs_a_sane_timeout(api, connect, seconds, kind):
    with connect() as client:
        with pytest.raises(kind, match="timeout must be"):
            client.request("GET", "/x", timeout=seconds)
    assert api.count == 0


def test_a_call_of_ones_own_gives_the_answer_as_it_came(api, connect):
    headers = {"X-Request-Id": "r1"}
    api.answers(lambda _: httpx.Response(201, headers=headers, content=b'{"amount": 1.10}'))
    with connect() as client:
        answer = client.request("POST", "/x")
    assert answer.status_code == 201
    assert answer.headers["x-request-id"] == "r1"
    assert answer.content == b'{"amount": 1.10}'
    assert str(answer.json()["amount"]) == "1.10"
    assert "amount" not in repr(answer)


def test_a_call_of_ones_own_may_get_what_is_no_json(api, connect):
    api.answers(b"a;b;c")
    with connect() as client:
        answer = client.request("GET", "/export")
    assert answer.content == b"a;b;c"
    with pytest.raises(PowensSerializationError, match="not valid JSON"):
        answer.json()


def test_a_call_of_ones_own_fails_like_all_others(api, connect, clock):
    api.answers(503, 404)
    with connect() as client:
        with pytest.raises(PowensNotFoundError):
            client.request("GET", "/x")
        assert api.count == 2
        api.answers(503)
        with pytest.raises(PowensHTTPError):
            client.request("POST", "/x", json={})
    assert api.count == 1


# --- What came too early -------------------------------------------------------------------------


def test_what_came_behind_an_answer_answers_no_other_request(serve):
    def script(visit):
        number = int(visit.target.rpartition("/")[2])
        answer = b'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{"id": %3d}'
        # In one piece, or it might come in time to be the answer to what is sent next.
        visit.send(answer % number + (answer % 666 if number == 1 else b""))

    peer = serve(script)
    with PowensClient(base_url=peer.base_url, access_token="t0ken") as client:
        for number in (1, 2, 1, 3):
            user = client.users.get(user_id=number)
            assert user.id == number


def test_a_body_that_is_refused_is_closed_at_once(api, connect):
    ended = []

    class Pieces(httpx.SyncByteStream):
        def __iter__(self):
            try:
                yield b"no gzip"
                yield b"at all"
            finally:
                ended.append(True)

    headers = {"content-encoding": "gzip"}
    api.answers(lambda _: httpx.Response(200, headers=headers, stream=Pieces()))
    with connect() as client:
        with pytest.raises(PowensSerializationError, match="cannot be unpacked"):
            client.request("GET", "/x")
    assert ended == [True]
