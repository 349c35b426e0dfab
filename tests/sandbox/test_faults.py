import json
import time

import httpx
import pytest

from powens.sandbox import Fault


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
    powens.add_fault(Fault(cut="body"))
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        api.get("/users/me")
    powens.add_fault(Fault(cut="body"))
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


def test_malformed(powens, api):
    powens.add_fault(Fault(malformed=True))
    answer = api.get("/users/me")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    api.ask("GET", "/users/me")


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


def test_controls_over_http(powens, api):
    root = powens.base_url.removesuffix("/2.0") + "/sandbox"
    assert httpx.post(f"{root}/faults", json={"status": 503, "times": 1}).status_code == 201
    httpx.post(f"{root}/faults", json={"status": 500, "delay": 0.01, "headers": {"a": "b"}})
    assert httpx.get(f"{root}/faults").json()["faults"][0] == {"used": 0, "remaining": 1}
    api.ask("GET", "/users/me", 503)
    api.ask("GET", "/users/me", 500)
    httpx.post(f"{root}/faults", json={"status": 503, "times": None})
    assert httpx.delete(f"{root}/faults").status_code == 204
    api.ask("GET", "/users/me")
    record = httpx.get(f"{root}/requests").json()["requests"]
    assert [request["status"] for request in record] == [503, 500, 200]
    assert httpx.delete(f"{root}/requests").status_code == 204
    assert powens.requests == []
    assert httpx.post(f"{root}/faults", json={"nonsense": 1}).status_code == 400
    assert httpx.post(f"{root}/clock", json={"seconds": 3600}).json() == {
        "now": "2026-01-31 10:00:02"
    }
