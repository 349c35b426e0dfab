import json
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest

from powens.sandbox import Fault

CREATED = "POST /users/{user_id}/connections"
NEW = b'{"id_connector": 1, "login": "someone", "password": "something"}'


@pytest.fixture
def knock(powens):
    """Sends a request through a socket of its own, which is closed at the end."""
    lines = []

    def send(method="GET", path="/users/me", body=b"", length=None):
        parts = urlsplit(powens.base_url)
        lines.append(socket.create_connection((parts.hostname, parts.port), timeout=5))
        head = (
            f"{method} {parts.path}{path} HTTP/1.1",
            "host: here",
            f"authorization: Bearer {powens.access_token}",
            f"content-length: {len(body) if length is None else length}",
        )
        lines[-1].sendall("\r\n".join([*head, "", ""]).encode() + body)
        return lines[-1]

    yield send
    for line in lines:
        line.close()


def everything(line):
    """What comes before the connection ends, and whether it ends with a reset."""
    received = b""
    try:
        while piece := line.recv(65536):
            received += piece
    except ConnectionResetError:
        return received, True
    return received, False


def so_far(line):
    """What comes before nothing more does; the connection has to stay."""
    received = b""
    line.settimeout(0.1)
    try:
        while piece := line.recv(65536):
            received += piece
    except TimeoutError:
        return received
    pytest.fail("the connection is over")


def test_a_status(powens, api):
    fault = powens.add_fault(Fault(status=503, times=2))
    assert (fault.used, fault.remaining) == (0, 2)
    for _ in range(2):
        error = api.ask("GET", "/users/me", 503)
        assert error.keys() == {"code", "description", "request_id"}
        assert error["code"] == "websiteUnavailable"
    api.ask("GET", "/users/me")
    assert (fault.used, fault.remaining) == (2, 0)


def test_a_replaced_call_is_not_carried_out(powens, api):
    powens.add_fault(Fault(status=500, method="delete"))
    api.ask("DELETE", "/users/me", 500)
    api.ask("GET", "/users/me")


def test_rate_limit(powens, api):
    powens.add_fault(Fault(status=429, headers={"Retry-After": "3"}, code="tooManyRequests"))
    answer = api.get("/users/me")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "3"
    assert answer.json()["code"] == "tooManyRequests"


def test_a_body(powens, api):
    powens.add_fault(Fault(status=502, body="<html>bad gateway</html>"))
    answer = api.get("/users/me")
    assert answer.status_code == 502
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text == "<html>bad gateway</html>"
    powens.add_fault(Fault(body=b"[]", headers={"content-type": "application/json"}))
    answer = api.get("/users/me")
    assert answer.json() == []
    assert answer.headers.get_list("content-type") == ["application/json"]


def test_where_it_hits(powens, api):
    powens.add_fault(Fault(status=500, method="GET", path="/users/me/accounts*", times=None))
    api.ask("GET", "/users/me")
    api.ask("POST", "/users/me/accounts/1001", json={})
    api.ask("GET", "/users/me/accounts", 500)
    api.ask("GET", "/users/me/accounts/1001?all", 500)
    fault = Fault(status=500, path="/users/me")
    powens.clear_faults()
    powens.add_fault(fault)
    api.ask("GET", "/users/me/accounts")
    api.ask("GET", "/users/me", 500)
    assert fault.used == 1


def test_skipping(powens, api):
    fault = powens.add_fault(Fault(status=500, skip=2))
    assert [api.get("/users/me").status_code for _ in range(5)] == [200, 200, 500, 200, 200]
    assert fault.used == 1


def test_they_come_in_order(powens, api):
    powens.add_fault(Fault(status=500))
    powens.add_fault(Fault(status=503, times=2))
    powens.add_fault(Fault(status=404))
    statuses = [api.get("/users/me").status_code for _ in range(5)]
    assert statuses == [500, 503, 503, 404, 200]


def test_without_end_until_cleared(powens, api):
    fault = powens.add_fault(Fault(status=500, times=None))
    for _ in range(5):
        api.ask("GET", "/users/me", 500)
    assert fault.remaining is None
    powens.clear_faults()
    api.ask("GET", "/users/me")


def test_delay(powens, api):
    powens.add_fault(Fault(delay=0.2))
    before = time.monotonic()
    api.ask("GET", "/users/me")
    assert time.monotonic() - before >= 0.2
    powens.add_fault(Fault(delay=30))
    with pytest.raises(httpx.ReadTimeout):
        api.get("/users/me", timeout=0.1)
    api.ask("GET", "/users/me")


def test_a_delay_holds_nobody_else_up(powens, api):
    powens.add_fault(Fault(delay=30, path="/currencies"))
    with pytest.raises(httpx.ReadTimeout), httpx.Client(timeout=0.3) as slow:
        slow.get(f"{powens.base_url}/currencies")
    api.ask("GET", "/users/me")


def test_reset_before_any_answer(powens, api, capfd):
    powens.add_fault(Fault(cut="before", method="POST"))
    before = api.ask("GET", "/users/me/connections")
    body = {"id_connector": 1, "login": "someone", "password": "something"}
    with pytest.raises(httpx.ReadError):
        api.post("/users/me/connections", json=body)
    assert powens.requests[-1].status is None
    assert api.ask("GET", "/users/me/connections") == before
    assert capfd.readouterr() == ("", "")


def test_cut_in_the_body(powens, api, capfd):
    powens.add_fault(Fault(cut="body", by="close", times=2))
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        api.get("/users/me")
    with api.stream("GET", "/users/me") as answer:
        assert answer.status_code == 200
        pieces = answer.iter_bytes()
        received = next(pieces)
        with pytest.raises(httpx.RemoteProtocolError):
            next(pieces)
        whole = api.get("/users/me").content
        assert int(answer.headers["content-length"]) == len(whole)
        assert received == whole[: len(whole) // 2]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("by", ["reset", "close"])
@pytest.mark.parametrize(
    ("cut", "carried_out", "status"),
    [
        *(("request", 0, None), ("before", 0, None)),
        *(("after", 1, None), ("head", 1, 201), ("body", 1, 201), (5, 1, 201)),
    ],
)
def test_a_connection_ends_where_it_is_cut(cut, by, carried_out, status, powens, knock, capfd):
    powens.add_fault(Fault(cut=cut, by=by))
    received, was_reset = everything(knock("POST", "/users/me/connections", NEW))
    assert was_reset == (by == "reset")
    assert powens.executions[CREATED] == carried_out
    assert powens.requests[-1].status == status
    head, ended, body = received.partition(b"\r\n\r\n")
    match cut:
        case "head":
            assert head.startswith(b"HTTP/1.1 201 Created\r\n")
            assert not ended
        case "body" | 5:
            length = int(head.partition(b"content-length: ")[2].split()[0])
            assert len(body) == (5 if cut == 5 else length // 2)
        case _:
            assert received == b""
    assert capfd.readouterr() == ("", "")


def test_a_number_cuts_no_more_than_there_is(powens, knock, api):
    whole = api.get("/users/me").content
    powens.add_fault(Fault(cut=len(whole) + 1, by="close"))
    received, _ = everything(knock())
    assert received.partition(b"\r\n\r\n")[2] == whole


def test_reset_before_the_request_is_all_there(powens, knock):
    powens.add_fault(Fault(cut="request"))
    received, was_reset = everything(knock("POST", "/users/me/connections", NEW, length=10**6))
    assert (received, was_reset) == (b"", True)
    assert powens.executions == {}
    assert [(request.json, request.status) for request in powens.requests] == [(None, None)]


@pytest.mark.parametrize(
    ("cut", "carried_out"), [("request", 0), ("before", 0), ("after", 1), ("head", 1), ("body", 1)]
)
def test_stalled_a_connection_stays_and_says_nothing(cut, carried_out, powens, knock, api):
    powens.add_fault(Fault(cut=cut, by="stall"))
    line = knock("POST", "/users/me/connections", NEW)
    received = so_far(line)
    assert bool(received) == (cut in {"head", "body"})
    assert powens.executions[CREATED] == carried_out
    api.ask("GET", "/users/me")


@pytest.mark.parametrize(
    "slow", [{"cut": "after", "by": "stall"}, {"drip": "all", "interval": 600}, {"delay": 600}]
)
def test_what_takes_for_ever_ends_when_the_client_leaves(slow, powens, knock):
    powens.add_fault(Fault(**slow))
    line = knock()
    under_way = powens._running._server.server_state.tasks
    while not under_way:
        pass
    line.close()
    while under_way:
        pass


@pytest.mark.parametrize(
    "slow",
    [
        *({"cut": cut, "by": "stall"} for cut in ("request", "before", "after", "body")),
        {"drip": "all", "interval": 600},
    ],
)
def test_what_takes_for_ever_ends_when_the_sandbox_stops(slow, powens, knock):
    powens.add_fault(Fault(**slow))
    line = knock()
    while not powens.requests:
        pass
    powens.stop()
    everything(line)


@pytest.mark.parametrize("drip", ["head", "body", "all"])
def test_a_drip_gives_a_piece_at_a_time(drip, powens, knock):
    powens.add_fault(Fault(drip=drip, piece=3, interval=600))
    head, ended, body = so_far(knock()).partition(b"\r\n\r\n")
    if drip == "body":
        assert (ended, body) == (b"\r\n\r\n", b"")
    else:
        assert head == b"HTT"


@pytest.mark.parametrize("drip", ["head", "body", "all"])
@pytest.mark.parametrize("piece", [1, 10**6])
def test_a_drip_gives_all_in_the_end(piece, drip, powens, api):
    whole = api.get("/users/me")
    powens.add_fault(Fault(drip=drip, piece=piece, interval=0.0001, headers={"x-extra": "1"}))
    answer = api.get("/users/me")
    assert answer.content == whole.content
    assert answer.headers["x-extra"] == "1"
    assert whole.headers.items() <= answer.headers.items()
    api.ask("GET", "/users/me")


def test_a_drip_can_be_cut(powens, knock):
    powens.add_fault(Fault(drip="body", piece=2, interval=0, cut=7, by="close"))
    received, _ = everything(knock())
    assert len(received.partition(b"\r\n\r\n")[2]) == 7


@pytest.mark.parametrize("status", [204, 418, 599])
def test_any_status_can_be_cut(status, powens, knock):
    powens.add_fault(Fault(status=status, body=b"", cut="body", by="close"))
    received, _ = everything(knock())
    assert received.startswith(b"HTTP/1.1 %d " % status)
    assert (b"content-length" in received) == (status != 204)


def test_malformed(powens, api):
    powens.add_fault(Fault(malformed=True))
    answer = api.get("/users/me")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    api.ask("GET", "/users/me")


@pytest.mark.parametrize("count", [1, 7])
def test_corrupt(count, powens, api):
    whole = api.get("/users/me").content
    powens.add_fault(Fault(corrupt=count, times=2))
    first, second = (api.get("/users/me") for _ in range(2))
    assert first.status_code == 200
    assert first.content == second.content
    garbled = [new for old, new in zip(whole, first.content, strict=True) if new != old]
    assert len(garbled) == count
    assert min(garbled) >= 0x80
    with pytest.raises(UnicodeDecodeError):
        first.content.decode()


def test_corrupt_through_and_through(powens, api):
    powens.add_fault(Fault(body="short", corrupt=100))
    assert api.get("/users/me").content == bytes(byte ^ 0xFF for byte in b"short")


def test_a_wrong_length(powens, api, capfd):
    powens.add_fault(Fault(headers={"Content-Length": "4"}))
    assert len(api.get("/users/me").content) == 4
    powens.add_fault(Fault(headers={"content-length": "100000"}))
    with pytest.raises(httpx.RemoteProtocolError):
        api.get("/users/me")
    api.ask("GET", "/users/me")
    assert capfd.readouterr() == ("", "")


def test_more_headers_on_the_real_answer(powens, api):
    powens.add_fault(Fault(headers={"X-Extra": "1"}))
    answer = api.get("/users/me")
    assert answer.json()["id"] == powens.user_id
    assert answer.headers["x-extra"] == "1"


def test_the_record(powens, api):
    api.ask("POST", "/users/me/accounts/1001?expand=connection&x=%2F", json={"name": "Réserve"})
    httpx.post(f"{powens.base_url}/auth/init", data={"a": "1"})
    api.get("/users/a%2Fb")
    first, second, third = powens.requests
    assert (first.method, first.path, first.query) == (
        "POST",
        "/users/me/accounts/1001",
        "expand=connection&x=%2F",
    )
    assert first.json == {"name": "Réserve"}
    assert first.token == powens.access_token
    assert first.status == 200
    assert first.headers["content-type"] == "application/json"
    assert (second.json, second.token, second.status) == (None, None, 200)
    assert (third.path, third.status) == ("/users/a%2Fb", 404)
    first.path = "changed"
    assert powens.requests[0].path == "/users/me/accounts/1001"
    powens.clear_requests()
    assert powens.requests == []


def test_what_was_carried_out_is_counted(powens, api):
    connection = api.ask("POST", "/users/me/connections", 201, content=NEW)["id"]
    api.ask("GET", f"/users/me/connections/{connection}")
    api.ask("GET", f"/users/{powens.user_id}/connections/{connection}")
    api.ask("GET", "/users/me/connections/1", 404)
    api.ask("POST", "/users/me/connections", 400, json={"id_connector": 1, "login": 1})
    powens.add_fault(Fault(status=200))
    api.ask("POST", "/users/me/connections", content=NEW)
    secrets = {"client_id": powens.client_id, "client_secret": powens.client_secret}
    scope = {**secrets, "grant_type": "client_credentials", "scope": "payment-links:admin"}
    token = api.ask("POST", "/auth/token", json=scope)["token"]
    bearer = {"authorization": f"Bearer {token}"}
    assert httpx.get(f"{powens.payment_links_url}/payment-links", headers=bearer).is_success
    root = powens.base_url.removesuffix("/2.0") + "/sandbox"
    assert httpx.get(f"{root}/faults").is_success
    expected = {
        CREATED: 1,
        "GET /users/{user_id}/connections/{connection_id}": 2,
        "POST /auth/token": 1,
        "GET /payment-links-api/payment-links": 1,
    }
    assert powens.executions == expected
    assert httpx.get(f"{root}/executions").json() == {"executions": expected}
    powens.executions.clear()
    powens.clear_requests()
    assert powens.executions == expected


def test_which_faults_wait_still(powens, api):
    once = powens.add_fault(Fault(status=500))
    twice = powens.add_fault(Fault(status=500, times=2))
    always = powens.add_fault(Fault(status=500, times=None, path="/currencies"))
    assert powens.unused_faults == [once, twice, always]
    api.ask("GET", "/users/me", 500)
    assert powens.unused_faults == [twice, always]
    api.ask("GET", "/users/me", 500)
    assert powens.unused_faults == [twice, always]
    api.ask("GET", "/users/me", 500)
    api.ask("GET", "/currencies", 500)
    assert powens.unused_faults == []


@pytest.mark.parametrize(
    "nonsense",
    [
        *({"cut": "nowhere"}, {"cut": -1}, {"cut": True}, {"by": "magic"}, {"drip": "tail"}),
        *({"piece": 0}, {"corrupt": -1}, {"delay": -1}, {"interval": float("nan")}),
    ],
)
def test_a_fault_that_means_nothing_is_refused(nonsense):
    (name,) = nonsense
    with pytest.raises(ValueError, match=name):
        Fault(**nonsense)


def test_controls_over_http(powens, api):
    root = powens.base_url.removesuffix("/2.0") + "/sandbox"
    assert httpx.post(f"{root}/faults", json={"status": 503, "times": 1}).status_code == 201
    httpx.post(f"{root}/faults", json={"method": "GET", "status": 500, "delay": 0.01})
    assert httpx.get(f"{root}/faults").json()["faults"][0] == {
        "method": None,
        "path": None,
        "used": 0,
        "remaining": 1,
    }
    api.ask("GET", "/users/me", 503)
    (unused,) = httpx.get(f"{root}/faults?unused").json()["faults"]
    assert (unused["method"], unused["used"], unused["remaining"]) == ("GET", 0, 1)
    api.ask("GET", "/users/me", 500)
    httpx.post(f"{root}/faults", json={"status": 503, "times": None})
    assert httpx.delete(f"{root}/faults").status_code == 204
    api.ask("GET", "/users/me")
    record = httpx.get(f"{root}/requests").json()["requests"]
    assert [request["status"] for request in record] == [503, 500, 200]
    assert httpx.delete(f"{root}/requests").status_code == 204
    assert powens.requests == []
    for nonsense in ({"nonsense": 1}, {"cut": "nowhere"}, {"headers": 1}, {"delay": "long"}):
        assert httpx.post(f"{root}/faults", json=nonsense).status_code == 400
    assert httpx.post(f"{root}/clock", json={"seconds": 3600}).json() == {
        "now": "2026-01-31 10:00:02"
    }
