import httpx
import pytest


@pytest.mark.parametrize(
    "path", ["/nothing", "/users/me/nothing", "/users/me/", "/connectors/1/x/y", "/"]
)
def test_unknown_routes(api, path):
    error = api.ask("GET", path, 404)
    assert error.keys() == {"code", "description", "request_id"}
    assert error["code"] == "notFound"


@pytest.mark.parametrize(("method", "path"), [("POST", "/users/me"), ("PUT", "/currencies")])
def test_wrong_methods(api, method, path):
    assert api.ask(method, path, 405)["code"] == "methodNotAllowed"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[1]",
        b'"text"',
        b"\xff",
        b"{} {}",
        b'{"name": NaN}',
        b'{"name": "\\u0000"}',
        b"12",
        b"[" * 99_999,
    ],
)
def test_broken_bodies(api, body):
    error = api.ask("POST", "/users/me/accounts/1001", 400, content=body)
    assert error["code"] == "invalidValue"


def test_broken_forms(api):
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    for body in (b"nonsense", b"name=%00", b"\xff=1"):
        api.ask("POST", "/users/me/accounts/1001", 400, content=body, headers=headers)
    assert (
        api.ask("POST", "/users/me/accounts/1001", content=b"name=a+b", headers=headers)["name"]
        == "a b"
    )


def test_both_kinds_of_request_ids(powens, api):
    assert isinstance(api.ask("GET", "/nothing", 404)["request_id"], int)
    answer = httpx.get(f"{powens.base_url}/users/me").json()
    assert isinstance(answer["request_id"], str)


def test_secrets_are_not_repeated(powens, api):
    secret = "s3cr3t-Zz"
    body = {"client_id": powens.client_id, "client_secret": secret, "code": secret}
    for path in ("/auth/init", "/auth/token/access", "/auth/renew"):
        assert secret not in api.post(path, json=body).text
    body = {"id_connector": 6, "login": "a", "password": secret, "region": secret}
    assert secret not in api.post("/users/me/connections", json=body).text


def test_nothing_is_said_of_the_server(api):
    assert not {"server", "date"} & api.get("/currencies").headers.keys()


def test_head(api):
    answer = api.head("/currencies")
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) > 0
    assert answer.content == b""
