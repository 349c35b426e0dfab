from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

SECRETS = {"login": "someone", "password": "something"}


@pytest.fixture
def connect(api):
    def connect(number, status=201, path="/users/me/connections", **more):
        return api.ask("POST", path, status, json={"id_connector": number} | SECRETS | more)

    return connect


@pytest.fixture
def webauth(api, powens):
    def address(status=200, **more):
        params = {"client_id": powens.client_id, "redirect_uri": "https://app.example/back"} | more
        return api.ask("GET", "/webauth-url", status, params=params)

    return address


def test_a_plain_bank(api, connect):
    made = connect(1)
    assert made["state"] is made["error"] is made["fields"] is None
    assert all(made[name] for name in ("created", "last_update", "expire", "next_try"))
    own = f"/users/me/connections/{made['id']}"
    assert api.ask("GET", own) == made
    assert api.ask("GET", f"{own}/accounts")["accounts"] == []
    found = api.ask("GET", f"{own}/accounts?all")
    assert found["total"] == 4
    assert found["balances"] == {}
    assert all(account["disabled"] for account in found["accounts"])


def test_more_accounts_with_each_source(api, connect):
    both = connect(1, path="/users/me/connections?source=openapi,directaccess&expand=all_accounts")
    assert len(both["all_accounts"]) == 6
    one = connect(1, source="directaccess")
    own = f"/users/me/connections/{one['id']}"
    assert api.ask("GET", f"{own}/accounts?all")["total"] == 2
    api.ask("POST", f"{own}?source=openapi")
    assert api.ask("GET", f"{own}/accounts?all")["total"] == 6
    assert api.ask("GET", f"{own}/sources")["total"] == 2
    api.ask("POST", f"{own}?source=elsewhere", 400)


def test_wrong_password_leaves_no_connection(api, connect):
    before = api.ask("GET", "/users/me/connections")
    error = connect(2, 400, password="wrongpass")
    assert error["code"] == "wrongpass"
    assert error["message"]
    assert api.ask("GET", "/users/me/connections") == before


def test_wrong_password_on_update(api, connect):
    own = f"/users/me/connections/{connect(1)['id']}"
    assert api.ask("POST", own, 400, json={"password": "wrongpass"})["code"] == "wrongpass"
    assert api.ask("GET", own)["state"] == "wrongpass"
    assert api.ask("POST", own, json=SECRETS)["state"] is None


@pytest.mark.parametrize("lacking", ["login", "password", "region"])
def test_fields_are_required(api, lacking):
    body = {"id_connector": 6, "region": "1"} | SECRETS
    del body[lacking]
    error = api.ask("POST", "/users/me/connections", 400, json=body)
    assert error["code"] == "missingParameter"
    assert lacking in error["description"]


def test_a_list_field_takes_its_values_only(api, connect):
    assert connect(6, region=2)["state"] is None
    assert connect(6, 400, region="9")["code"] == "invalidValue"


def test_which_connector(api):
    assert api.ask("POST", "/users/me/connections", 400, json=SECRETS)["code"] == "missingParameter"
    api.ask("POST", "/users/me/connections", 404, json=SECRETS | {"connector_uuid": "none"})
    uuid = api.ask("GET", "/connectors/1")["uuid"]
    body = SECRETS | {"connector_uuid": uuid}
    assert api.ask("POST", "/users/me/connections", 201, data=body)["connector_uuid"] == uuid


def test_one_time_password(api, connect):
    made = connect(2, 202)
    assert made["state"] == made["error"] == "additionalInformationNeeded"
    assert [field["name"] for field in made["fields"]] == ["otp"]
    assert made["last_update"] is None
    own = f"/users/me/connections/{made['id']}"
    wrong = api.ask("POST", own, 202, json={"otp": "654321"})
    assert wrong["state"] == "additionalInformationNeeded"
    assert wrong["error_message"]
    api.ask("POST", own, 202)
    done = api.ask("POST", own, json={"otp": "123456"})
    assert done["state"] is done["error_message"] is done["fields"] is None
    assert api.ask("GET", f"{own}/accounts?all")["total"] == 4


def test_decoupled(api, connect):
    own = f"/users/me/connections/{connect(3, 202)['id']}"
    assert api.ask("GET", own)["state"] == "decoupled"
    assert api.ask("POST", own, json={"resume": True})["state"] is None


def test_decoupled_in_the_background(api, connect):
    own = f"/users/me/connections/{connect(3, 202)['id']}"
    assert (
        api.ask("POST", f"{own}?background=true", 202, json={"resume": "true"})["state"]
        == "validating"
    )
    states = [api.ask("GET", own)["state"] for _ in range(3)]
    assert states == ["validating", "validating", None]
    assert api.ask("GET", f"{own}/accounts?all")["total"] == 4


def test_strong_authentication(api, connect):
    made = connect(5, 202)
    assert made["state"] == "SCARequired"
    own = f"/users/me/connections/{made['id']}"
    assert api.ask("PUT", own, 202)["state"] == "SCARequired"
    assert api.ask("POST", own)["state"] is None
    assert api.ask("POST", own, 202, json={"refresh_auth": True})["state"] == "SCARequired"
    assert api.ask("POST", own, json={})["state"] is None


@pytest.mark.parametrize(
    ("number", "state", "status", "answer"),
    [
        (7, "actionNeeded", 202, None),
        (8, "passwordExpired", 202, {"password": "another"}),
        (9, "websiteUnavailable", 201, None),
        (11, "rateLimiting", 201, None),
    ],
)
def test_states_that_pass(api, connect, number, state, status, answer):
    made = connect(number, status)
    assert made["state"] == state
    own = f"/users/me/connections/{made['id']}"
    assert api.ask("GET", f"{own}/accounts?all")["accounts"] == []
    assert api.ask("POST", own, json=answer)["state"] is None
    assert api.ask("GET", f"{own}/accounts?all")["accounts"] != []


def test_a_bug_stays(api, connect):
    own = f"/users/me/connections/{connect(10, 201)['id']}"
    assert api.ask("POST", own)["state"] == "bug"
    assert api.ask("PUT", own)["state"] == "bug"


def test_forced_synchronization(powens, api, connect):
    number = connect(1)["id"]
    own = f"/users/me/connections/{number}"
    assert api.ask("PUT", f"{own}?psu_requested=false")["id"] == number
    error = api.ask("PUT", own, 409)
    assert error["code"] == "conflict"
    assert error["description"] == f"Can't force synchronization of connection {number}"
    powens.advance(60)
    api.ask("PUT", own)


def test_a_connection_with_a_message(api, connect):
    number = connect(6, region="1")["id"]
    answer = api.ask("PUT", f"/users/me/connections/{number}")
    assert answer.keys() == {"connection", "message"}
    assert answer["connection"]["id"] == number


def test_settings(api, connect):
    own = f"/users/me/connections/{connect(2, 202)['id']}"
    changed = api.ask("POST", own, 202, json={"active": False, "expire": "2026-12-01 10:00:00"})
    assert changed["active"] is False
    assert changed["expire"] == "2026-12-01 10:00:00"
    for wrong in ({"active": "maybe"}, {"expire": "soon"}):
        assert api.ask("POST", own, 400, json=wrong)["code"] == "invalidValue"


def test_list_and_expand(api, connect):
    connect(1)
    listed = api.ask("GET", "/users/me/connections")
    assert listed["total"] == 2
    assert not {"connector", "accounts", "sources"} & listed["connections"][0].keys()
    assert api.ask("GET", "/users/me/connections?limit=1&offset=1") == {
        "connections": listed["connections"][1:],
        "total": 2,
    }
    expand = "accounts,all_accounts[connection],connector[countries],sources,subscriptions,no[no]"
    first, second = api.ask("GET", "/users/me/connections", params={"expand": expand})[
        "connections"
    ]
    assert len(first["accounts"]) == len(first["all_accounts"]) == 6
    assert second["accounts"] == []
    assert second["all_accounts"][0]["connection"]["id"] == second["id"]
    assert second["connector"]["countries"] == [{"id": "fr", "name": "France"}]
    assert "fields" not in second["connector"]
    assert len(first["subscriptions"]) == 6
    assert len(first["sources"]) == 2
    for broken in ("accounts[", "accounts]", "[accounts]"):
        error = api.ask("GET", "/users/me/connections", 400, params={"expand": broken})
        assert error["code"] == "invalidValue"


def test_deletion(powens, api, connect):
    number = connect(1)["id"]
    own = f"/users/me/connections/{number}"
    assert api.ask("DELETE", own, 204) is None
    assert api.ask("GET", own, 404)["code"] == "notFound"
    first = api.ask("GET", "/users/me/connections")["connections"][0]["id"]
    api.ask("DELETE", f"/users/me/connections/{first}", 204)
    assert api.ask("GET", "/users/me/accounts?all")["accounts"] == []
    assert api.ask("GET", "/users/me/transactions", 409)["code"] == "noAccount"


def test_sources(api):
    own = "/users/me/connections/201/sources"
    listed = api.ask("GET", own)
    assert listed["total"] == 2
    source = listed["sources"][0]
    one = f"{own}/{source['id']}"
    assert api.ask("GET", one) == source
    assert source["disabled"] is None
    assert source["access_expire"] > source["created"]
    assert api.ask("POST", one, json={"disabled": True})["disabled"]
    assert api.ask("GET", own)["total"] == 1
    assert api.ask("GET", f"{own}?all")["total"] == 2
    api.ask("GET", one, 404)
    api.ask("POST", one, 404, json={"disabled": False})
    assert api.ask("POST", f"{one}?all=", json={"disabled": False})["disabled"] is None
    api.ask("POST", one, 400, json={"disabled": "2026-01-01 00:00:00"})


def test_logs(powens, api):
    own = "/users/me/connections/201"
    powens.advance(3 * 86_400)
    api.ask("PUT", own)
    logs = api.ask("GET", f"{own}/logs")
    assert logs["total"] == 2
    newest, oldest = logs["connectionlogs"]
    assert newest["timestamp"][:10] == "2026-02-03"
    assert api.ask("GET", f"{own}/logs?limit=1&offset=1")["connectionlogs"] == [oldest]
    assert api.ask("GET", f"{own}/logs?min_date=2026-02-03")["connectionlogs"] == [newest]
    assert api.ask("GET", f"{own}/logs?max_date=2026-01")["connectionlogs"] == [oldest]
    assert api.ask("GET", f"{own}/logs?id_source=1")["connectionlogs"] == []
    assert api.ask("GET", f"{own}/logs?min_date=never", 400)["code"] == "invalidValue"


def test_the_banks_own_page(api, connect, webauth):
    made = api.ask("POST", "/users/me/connections", 202, json={"id_connector": 4})
    assert made["state"] == "webauthRequired"
    assert api.ask("POST", f"/users/me/connections/{made['id']}", 202)["state"] == "webauthRequired"
    page = webauth(id_connection=made["id"], state="a b&c")["url"]
    back = httpx.get(page)
    assert back.status_code == 302
    target = urlsplit(back.headers["location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == "https://app.example/back"
    assert parse_qs(target.query) == {"id_connection": [str(made["id"])], "state": ["a b&c"]}
    assert api.ask("GET", f"/users/me/connections/{made['id']}")["state"] is None
    assert webauth(409, id_connection=made["id"])["code"] == "invalidValue"
    assert httpx.get(page).status_code == 404


def test_a_new_connection_through_the_banks_page(api, webauth):
    uuid = api.ask("GET", "/connectors/4")["uuid"]
    for chosen in ({"id_connector": 4}, {"connector_uuid": uuid, "source": "directaccess"}):
        location = httpx.get(webauth(**chosen)["url"]).headers["location"]
        number = parse_qs(urlsplit(location).query)["id_connection"][0]
        made = api.ask("GET", f"/users/me/connections/{number}?expand=sources")
        assert made["state"] is None
        assert [each["name"] for each in made["sources"]] == [chosen.get("source", "openapi")]


def test_refusal_on_the_banks_page(api, webauth):
    before = api.ask("GET", "/users/me/connections")["total"]
    location = httpx.get(webauth(id_connector=4, state="s")["url"] + "?deny").headers["location"]
    assert parse_qs(urlsplit(location).query)["error"] == ["access_denied"]
    assert parse_qs(urlsplit(location).query)["state"] == ["s"]
    assert api.ask("GET", "/users/me/connections")["total"] == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "1"},
        {"redirect_uri": "https://app.example/back?with=query"},
        {"redirect_uri": "nonsense"},
        {"id_connector": "1"},
        {"source": "elsewhere"},
    ],
)
def test_wrong_arguments_for_the_banks_page(webauth, wrong):
    assert webauth(400, **({"id_connector": "4"} | wrong))["code"] == "invalidValue"


def test_missing_arguments_for_the_banks_page(api, webauth):
    assert webauth(400)["code"] == "missingParameter"
    assert api.ask("GET", "/webauth-url", 400)["code"] == "missingParameter"
    assert webauth(404, id_connection=1)["code"] == "notFound"


def test_the_browser_redirection(powens, api):
    code = api.ask("GET", "/auth/token/code?type=singleAccess")["code"]
    params = {
        "client_id": powens.client_id,
        "redirect_uri": "https://app.example/back",
        "id_connector": 4,
        "token": code,
    }
    first = httpx.get(f"{powens.base_url}/webauth", params=params)
    assert first.status_code == 302
    assert "id_connection=" in httpx.get(first.headers["location"]).headers["location"]
    assert httpx.get(f"{powens.base_url}/webauth", params=params).status_code == 401


def test_other_users_see_nothing(powens, api, api_of):
    other = api_of(powens, api.ask("POST", "/auth/init")["auth_token"])
    for path in ("/connections/201", "/connections/201/accounts", "/accounts/1001"):
        assert other.ask("GET", f"/users/me{path}", 404)["code"] == "notFound"
        assert other.ask("GET", f"/users/{powens.user_id}{path}", 403)["code"] == "forbidden"
