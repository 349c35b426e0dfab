import httpx
import pytest

from powens._codec import decode
from powens.models import (
    Certificate,
    ClientApp,
    ClientAppsList,
    ConfigLogsList,
    ConfigLogType,
    Webhook,
    WebhookAuthProvider,
    WebhookAuthProvidersList,
    WebhookEvent,
    WebhookLogsList,
    WebhooksList,
)

OAUTH = {
    "url": "https://app.example/token",
    "client_id": "me",
    "client_secret": "hush",
    "grant_type": "client_credentials",
}


@pytest.fixture
def console(powens, api_of):
    return api_of(powens, powens.config_token)


@pytest.mark.parametrize(
    "path", ["/clients", "/config", "/config/logs", "/certificate/qwac", "/webhooks/auth"]
)
def test_it_is_for_the_console(powens, api, path):
    api.ask("GET", path, 403)
    assert httpx.get(powens.base_url + path).status_code == 401


def test_clients(powens, console):
    (first,) = console.ask("GET", "/clients")["clients"]
    assert (str(first["id"]), first["secret"]) == (powens.client_id, powens.client_secret)
    body = {"name": "Boutique", "redirect_uris": "https://a.example https://b.example"}
    made = console.ask("POST", "/clients", 201, json=body)
    assert body.items() <= made.items()
    assert {*ClientApp.__annotations__} <= made.keys()
    assert console.ask("GET", f"/clients/{made['id']}") == made
    listed = decode(console.get("/clients").content, ClientAppsList)
    assert [each.id for each in listed] == [first["id"], made["id"]]
    assert listed.total == 2
    assert console.ask("GET", "/clients?limit=1&offset=1")["clients"] == [made]
    changed = console.ask("PUT", f"/clients/{made['id']}", json={"name": None})
    assert changed == made | {"name": None}
    assert console.ask("DELETE", f"/clients/{made['id']}", 204) is None
    for method in ("GET", "PUT", "DELETE"):
        console.ask(method, f"/clients/{made['id']}", 404)
    assert console.ask("GET", "/clients")["total"] == 1


def test_a_user_sees_no_secret_of_a_client(powens, api, console):
    shown = api.ask("GET", f"/clients/{powens.client_id}")
    assert shown["name"]
    assert not {"secret", "private_key"} & shown.keys()
    api.ask("PUT", f"/clients/{powens.client_id}", 403, json={"name": "mine"})


def test_keys_of_a_client(console):
    made = console.ask("POST", "/clients", 201, json={"generate_keys": True})
    assert made["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    assert "PRIVATE KEY-----" in made["private_key"]
    again = console.ask("PUT", f"/clients/{made['id']}", json={"generate_keys": True})
    assert again == made


def test_the_secret_of_a_client(api, console):
    made = console.ask("POST", "/clients", 201, json={})

    def renew(secret, status):
        body = {"client_id": made["id"], "client_secret": secret}
        api.ask("POST", "/auth/renew", status, json=body)

    renew(made["secret"], 200)
    path = f"/clients/{made['id']}"
    assert console.ask("PUT", path, json={"secret": "another"})["secret"] == "another"
    renew(made["secret"], 401)
    renew("another", 200)
    reset = console.ask("PUT", path, json={"secret": True})["secret"]
    assert reset not in {"another", made["secret"]}
    console.ask("DELETE", path, 204)
    renew(reset, 401)


def test_the_settings_of_a_client(console):
    made = console.ask("POST", "/clients", 201, json={"config": {"a": 1, "b": 2}})
    path = f"/clients/{made['id']}"
    changed = console.ask("PUT", path, json={"config": {"b": 3}})
    assert changed["config"] == {"a": 1, "b": 3}
    body = {"config": {"c": 4}, "update_config": False}
    assert console.ask("PUT", path, json=body)["config"] == {"c": 4}
    assert console.ask("PUT", path, json={"config": "text"})["config"] == "text"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": 1},
        {"redirect_uris": ["https://a.example"]},
        {"generate_keys": "yes"},
        {"primary_color": "#fff"},
        {"update_config": 2},
    ],
)
def test_wrong_values_of_a_client(powens, console, wrong):
    console.ask("POST", "/clients", 400, json=wrong)
    console.ask("PUT", f"/clients/{powens.client_id}", 400, json=wrong)
    assert console.ask("GET", "/clients")["total"] == 1


def test_the_logo_of_a_client(powens, console):
    path = f"/clients/{powens.client_id}"
    logo = {"file": ("logo.png", b"\x89PNG\r\n\x1a\n", "image/png")}
    number = console.ask("POST", f"{path}/logo", files=logo)["id"]
    assert console.ask("GET", path)["id_logo"] == number
    console.ask("POST", f"{path}/logo", 400)
    console.ask("POST", f"{path}/logo", 400, files={"file": ("a.txt", b"a", "text/plain")})
    console.ask("POST", "/clients/1/logo", 404, files=logo)


def test_configuration(console):
    before = console.ask("GET", "/config")
    assert before["payment.max_amount"] == "0"
    assert all(isinstance(value, str) for value in before.values())
    body = {"payment.max_amount": 25, "oauth2.enabled": False, "my.key": "x"}
    after = console.ask("POST", "/config", json=body)
    changed = {"payment.max_amount": "25", "oauth2.enabled": "0", "my.key": "x"}
    assert after == before | changed == console.ask("GET", "/config")
    found = console.ask("GET", "/config?search=PAYMENT.")
    assert found
    assert all(key.startswith("payment.") for key in found)
    restored = console.ask("POST", "/config?search=m", json=dict.fromkeys(body))
    assert restored == {key: value for key, value in before.items() if "m" in key}
    assert console.ask("GET", "/config") == before


@pytest.mark.parametrize("wrong", [{"a": ["1"]}, {"payment.max_amount": "much"}])
def test_wrong_configuration(console, wrong):
    before = console.ask("GET", "/config")
    assert console.ask("POST", "/config", 400, json={"b": "1"} | wrong)["code"] == "invalidValue"
    assert console.ask("GET", "/config") == before


def test_past_configuration(powens, console):
    for day, value in enumerate(("1", "2", "2", None)):
        console.ask("POST", "/config", json={"my.key": value, "other.key": str(day)})
        powens.advance(86_400)
    logs = decode(console.get("/config/logs?search=my.").content, ConfigLogsList)
    assert [each.type for each in logs] == [*ConfigLogType][::-1]
    assert [(each.previous_value, each.new_value) for each in logs] == [
        ("2", None),
        ("1", "2"),
        (None, "1"),
    ]
    assert logs.total == 3

    def found(**query):
        logs = console.ask("GET", "/config/logs", params={"search": "my."} | query)
        return [each["timestamp"][:10] for each in logs["configlogs"]]

    assert found(min_date="2026-02-01") == ["2026-02-03", "2026-02-01"]
    assert found(max_date="2026-02-01") == ["2026-02-01", "2026-01-31"]
    assert found(type="add") == ["2026-01-31"]
    assert found(type="other") == []


def test_certificates(console):
    for kind in ("qwac", "qseal"):
        certificate = decode(console.get(f"/certificate/{kind}").content, Certificate)
        assert certificate.type == kind
        assert certificate.created
    console.ask("GET", "/certificate/other", 404)


def test_providers(console):
    body = {"type": "hmac_signature", "name": "hmac1"}
    made = console.ask("POST", "/webhooks/auth", json=body)
    assert made["config"]["secret_key"]
    assert console.ask("POST", "/webhooks/auth", 400, json=body)["code"] == "invalidValue"
    oauth = console.ask(
        "POST", "/webhooks/auth", json={"type": "oauth", "name": "oauth1", "config": OAUTH}
    )
    assert "config" not in oauth
    listed = decode(console.get("/webhooks/auth").content, WebhookAuthProvidersList)
    assert [(each.id, each.name) for each in listed] == [
        (1, "sandbox"),
        (made["id"], "hmac1"),
        (oauth["id"], "oauth1"),
    ]
    assert all(each.config is None for each in listed)
    (second,) = console.ask("GET", "/webhooks/auth?limit=1&offset=1")["authproviders"]
    assert second["id"] == made["id"]
    path = f"/webhooks/auth/{made['id']}"
    changed = console.put(path, json={"type": "hmac_signature", "name": "hmac2"})
    assert decode(changed.content, WebhookAuthProvider).name == "hmac2"
    assert "secret_key" not in changed.text
    assert console.ask("DELETE", path, 204) is None
    console.ask("DELETE", path, 404)
    console.ask("PUT", path, 404, json=body)
    left = console.ask("GET", "/webhooks/auth")["authproviders"]
    assert [each["id"] for each in left] == [1, oauth["id"]]


def test_a_provider_by_the_query(console):
    query = {"type": "hmac_signature", "name": "byquery"}
    made = console.ask("POST", "/webhooks/auth", params=query)
    assert query.items() <= made.items()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "a"}, 400, "missingParameter"),
        ({"type": "oauth"}, 400, "missingParameter"),
        ({"type": "basic", "name": "a"}, 400, "invalidValue"),
        ({"type": "hmac_signature", "name": "a-b"}, 500, "dataError"),
        ({"type": "hmac_signature", "name": "a" * 39}, 500, "dataError"),
        ({"type": "oauth", "name": "a"}, 400, "missingParameter"),
        ({"type": "oauth", "name": "a", "config": "x"}, 400, "invalidValue"),
        ({"type": "oauth", "name": "a", "config": {}}, 400, "missingParameter"),
        (
            {"type": "oauth", "name": "a", "config": OAUTH | {"grant_type": "password"}},
            400,
            "invalidValue",
        ),
    ],
)
def test_wrong_values_of_a_provider(console, body, status, code):
    assert console.ask("POST", "/webhooks/auth", status, json=body)["code"] == code
    assert console.ask("GET", "/webhooks/auth")["total"] == 1  # the ready-made one


def test_webhooks(powens, console):
    provider = console.ask(
        "POST", "/webhooks/auth", json={"type": "hmac_signature", "name": "hmac1"}
    )
    body = {"url": "https://app.example/synced", "event": "CONNECTION_SYNCED", "id_auth": "hmac1"}
    made = console.ask("POST", "/webhooks", json=body | {"id_user": powens.user_id})
    assert made["id_auth"] == provider["id"]
    assert made["id_user"] == powens.user_id
    assert {*Webhook.__annotations__} <= made.keys()
    path = f"/webhooks/{made['id']}"
    changed = console.ask("PUT", path, json={"event": "USER_SYNCED", "id_user": None})
    assert (changed["id_user"], changed["url"]) == (None, body["url"])
    assert changed["id_event"] != made["id_event"]
    assert changed["updated"] > made["updated"]
    added = console.ask("POST", f"{path}/add_to_data", json={"key": "plan"})
    assert added["add_to_data"] == '{"key": "plan"}'
    assert console.ask("DELETE", path)["deleted"]
    assert console.ask("GET", "/webhooks")["webhooks"] == []
    (listed,) = decode(console.get("/webhooks?all").content, WebhooksList)
    assert listed.deleted
    assert console.ask("PUT", path, json={"deleted": "null"})["deleted"] is None
    console.ask("PUT", path, 400, json={"deleted": ["soon"]})
    off = console.ask("PUT", path, json={"deleted": "2026-03-01 00:00:00"})
    assert off["deleted"] == "2026-03-01 00:00:00"
    console.ask("DELETE", f"/webhooks/auth/{provider['id']}", 204)
    assert console.ask("GET", "/webhooks?all")["webhooks"][0]["id_auth"] is None
    for method in ("PUT", "DELETE"):
        console.ask(method, "/webhooks/424242", 404)


def test_every_event_can_be_asked_for(console):
    for event in WebhookEvent:
        body = {"url": "https://app.example/", "event": event}
        assert decode(console.post("/webhooks", json=body).content, Webhook).id_event
    assert console.ask("GET", "/webhooks")["total"] == len(WebhookEvent)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"url": None}, "missingParameter"),
        ({"event": None}, "missingParameter"),
        ({"url": "nowhere"}, "invalidValue"),
        ({"event": "SOMETHING"}, "invalidValue"),
        ({"id_auth": "unknown"}, "invalidValue"),
        ({"id_user": "me"}, "invalidValue"),
        ({"params": "text"}, "invalidValue"),
    ],
)
def test_wrong_values_of_a_webhook(console, more, code):
    body = {"url": "https://app.example/", "event": "USER_SYNCED"} | more
    assert console.ask("POST", "/webhooks", 400, json=body)["code"] == code
    made = console.ask(
        "POST", "/webhooks", json={"url": "https://b.example/", "event": "USER_SYNCED"}
    )
    error = console.ask("PUT", f"/webhooks/{made['id']}", 400, json=more)
    assert error["code"] == "invalidValue"
    assert console.ask("GET", "/webhooks")["webhooks"] == [made]


def test_deliveries(powens, console):
    def hook(**more):
        body = {"url": "https://app.example/", "event": "CONNECTION_SYNCED"} | more
        return f"/webhooks/{console.ask('POST', '/webhooks', json=body)['id']}"

    mine, theirs, other = hook(), hook(id_user=1), hook(event="USER_DELETED")
    gone = hook()
    console.ask("DELETE", gone)
    powens.advance(60)
    assert console.ask("POST", "/test/webhooks", 204) is None
    powens.advance(20 * 86_400)
    console.ask("POST", "/test/webhooks", 204)
    logs = decode(console.get(f"{mine}/logs").content, WebhookLogsList)
    assert [str(each.timestamp.date()) for each in logs] == ["2026-02-20", "2026-01-31"]
    assert len({each.id_webhook_data for each in logs}) == 2
    for path in (theirs, other, gone):
        assert console.ask("GET", f"{path}/logs")["webhooklogs"] == []

    def count(**query):
        return len(console.ask("GET", f"{mine}/logs", params=query)["webhooklogs"])

    assert count(limit=1, offset=1) == count(min_date="2026-02") == count(max_date="2026-01") == 1
    assert count(id_user=powens.user_id) == 2
    assert count(id_user=1) == 0
    powens.advance(20 * 86_400)
    assert count() == 1  # of the last month
    assert count(min_date="2026") == 2


def test_no_connection_to_test_with(api, console):
    api.ask("DELETE", "/users/me", 204)
    console.ask("POST", "/test/webhooks", 404)
