import httpx
import pytest


@pytest.fixture
def client(powens):
    return {"client_id": powens.client_id, "client_secret": powens.client_secret}


def test_temporary_user(powens, api, api_of):
    made = api.ask("POST", "/auth/init", json={})
    assert made.keys() == {"auth_token", "type", "id_user", "expires_in"}
    assert made["type"] == "temporary"
    assert made["expires_in"] == 1800
    own = api_of(powens, made["auth_token"])
    assert own.ask("GET", "/users/me")["id"] == made["id_user"]
    powens.advance(1801)
    own.ask("GET", "/users/me", 401)
    users = api_of(powens, powens.users_token).ask("GET", "/users")
    assert made["id_user"] not in [user["id"] for user in users["users"]]


def test_permanent_user(powens, api, api_of, client):
    made = api.ask("POST", "/auth/init", json=client)
    assert made.keys() == {"auth_token", "type", "id_user"}
    assert made["type"] == "permanent"
    powens.advance(10**6)
    own = api_of(powens, made["auth_token"])
    assert own.ask("GET", "/users/me")["id"] == made["id_user"]


@pytest.mark.parametrize("path", ["/auth/init", "/auth/token/access", "/auth/renew", "/auth/token"])
@pytest.mark.parametrize("wrong", [{"client_secret": "x"}, {"client_id": "1"}])
def test_wrong_credentials(api, client, path, wrong):
    error = api.ask("POST", path, 401, json=client | wrong | {"code": "c", "scope": "payments"})
    assert error["code"] == "unauthorized"


def test_missing_credentials(api, client):
    assert api.ask("POST", "/auth/renew", 400, json={})["code"] == "missingParameter"
    del client["client_secret"]
    assert api.ask("POST", "/auth/init", 400, json=client)["code"] == "missingParameter"


@pytest.mark.parametrize(
    ("type_", "access"), [("singleAccess", "single"), ("requestAccess", "standard")]
)
def test_codes(powens, api, api_of, type_, access):
    code = api.ask("GET", "/auth/token/code", params={"type": type_})
    assert code == {"code": code["code"], "type": "temporary", "access": access, "expires_in": 1800}
    own = api_of(powens, code["code"])
    assert own.ask("GET", "/users/me")["id"] == powens.user_id
    own.ask("GET", "/users/me", 401 if access == "single" else 200)
    powens.advance(1800)
    own.ask("GET", "/users/me", 401)


def test_code_of_unknown_type(api):
    assert api.ask("GET", "/auth/token/code?type=often", 400)["code"] == "invalidValue"


@pytest.mark.parametrize("encoding", ["json", "data"])
def test_exchange_of_a_code(powens, api, api_of, client, encoding):
    code = api.ask("GET", "/auth/token/code")["code"]
    token = api.ask("POST", "/auth/token/access", **{encoding: client | {"code": code}})
    assert token.keys() == {"access_token", "token_type"}
    assert token["token_type"] == "Bearer"
    assert api_of(powens, token["access_token"]).ask("GET", "/users/me")["id"] == powens.user_id
    api.ask("POST", "/auth/token/access", 401, json=client | {"code": code})


def test_exchange_of_a_temporary_token(powens, api, api_of, client):
    made = api.ask("POST", "/auth/init")
    body = client | {"code": made["auth_token"], "grant_type": "authorization_code"}
    token = api.ask("POST", "/auth/token/access", json=body)["access_token"]
    powens.advance(10_000)
    assert api_of(powens, token).ask("GET", "/users/me")["id"] == made["id_user"]
    api_of(powens, made["auth_token"]).ask("GET", "/users/me", 401)


def test_exchange_refuses_other_tokens_and_grants(powens, api, client):
    api.ask("POST", "/auth/token/access", 401, json=client | {"code": powens.access_token})
    code = api.ask("GET", "/auth/token/code")["code"]
    body = client | {"code": code, "grant_type": "client_credentials"}
    assert api.ask("POST", "/auth/token/access", 400, json=body)["code"] == "invalidValue"


def test_renewal(powens, api, api_of, client):
    body = client | {"grant_type": "client_credentials", "id_user": powens.user_id}
    token = api.ask("POST", "/auth/renew", json=body)["access_token"]
    assert api_of(powens, token).ask("GET", "/users/me")["id"] == powens.user_id
    newest = api.ask("POST", "/auth/renew", json=body | {"revoke_previous": True})["access_token"]
    api_of(powens, token).ask("GET", "/users/me", 401)
    api.ask("GET", "/users/me", 401)
    api_of(powens, newest).ask("GET", "/users/me")


def test_renewal_without_a_user_makes_one(powens, api, api_of, client):
    token = api.ask("POST", "/auth/renew", json=client | {"id_user": None})["access_token"]
    assert api_of(powens, token).ask("GET", "/users/me")["id"] != powens.user_id
    api.ask("POST", "/auth/renew", 404, json=client | {"id_user": 987654})


def test_revocation(powens, api, api_of):
    temporary = api.ask("POST", "/auth/init")["auth_token"]
    api_of(powens, temporary).ask("DELETE", "/auth/token", 403)
    assert api.ask("DELETE", "/auth/token", 204) is None
    error = api.ask("GET", "/users/me", 401)
    assert error.keys() == {"code", "description", "request_id"}
    assert error["code"] == "unauthorized"


@pytest.mark.parametrize("scope", ["payments:admin", ["payments:validate", "payments:cancel"]])
def test_service_tokens(powens, api, api_of, client, scope):
    body = client | {"grant_type": "client_credentials", "scope": scope}
    token = api.ask("POST", "/auth/token", json=body)
    assert token["scope"] == (scope if isinstance(scope, str) else " ".join(scope))
    api_of(powens, token["token"]).ask("GET", "/users/me", 403)


def test_a_service_token_needs_a_scope(api, client):
    assert api.ask("POST", "/auth/token", 400, json=client)["code"] == "missingParameter"
    assert (
        api.ask("POST", "/auth/token", 400, json=client | {"scope": [1]})["code"] == "invalidValue"
    )


def test_some_tokens_need_percent_encoding(powens, api):
    codes = "".join(api.ask("GET", "/auth/token/code")["code"] for _ in range(10))
    assert {"+", "/", "="} <= set(codes)


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer nonsense"])
def test_no_token_no_entry(powens, header):
    answer = httpx.get(f"{powens.base_url}/users/me", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.json().keys() == {"code", "description", "request_id"}
    assert "nonsense" not in answer.text


def test_users(powens, api, api_of):
    mine = api.ask("GET", f"/users/{powens.user_id}")
    assert mine == api.ask("GET", "/users/me")
    assert mine["platform"] == "sharedAccess"
    assert len(mine["signin"]) == len("2026-01-31 09:00:00")
    other = api.ask("POST", "/auth/init")
    assert api.ask("GET", f"/users/{other['id_user']}", 403)["code"] == "forbidden"
    assert api.ask("GET", "/users/424242", 404)["code"] == "notFound"
    assert api.ask("GET", "/users/nobody", 404)["code"] == "notFound"
    api.ask("GET", "/users", 403)
    console = api_of(powens, powens.users_token)
    users = console.ask("GET", "/users")
    assert users["total"] == len(users["users"]) == 2
    assert console.ask("GET", "/users?limit=1&offset=1")["users"] == users["users"][1:]
    console.ask("GET", "/users/me", 403)


def test_deleting_a_user(powens, api, api_of):
    code = api.ask("GET", "/auth/token/code")["code"]
    assert api.ask("DELETE", "/users/me", 204) is None
    api.ask("GET", "/users/me", 401)
    api_of(powens, code).ask("GET", "/users/me", 401)
    assert api_of(powens, powens.users_token).ask("GET", "/users") == {"users": [], "total": 0}
