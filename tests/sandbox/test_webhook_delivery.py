"""Webhooks that the sandbox sends, to real receivers."""

import gzip
import json
import logging
import socket
import threading
from decimal import Decimal
from urllib.parse import parse_qs

import flask
import httpx
import pytest
import starlette.applications
import starlette.routing
import uvicorn
from werkzeug.serving import make_server

from powens.exceptions import PowensWebhookError
from powens.models import ConnectionState, PaymentState, WebhookEvent
from powens.sandbox import Delivery, Sandbox
from powens.webhooks.flask import webhook as flask_webhook
from powens.webhooks.starlette import webhook as starlette_webhook

from .receiver import Receiver, accept, status

TEST_BANK = "338178e6-3d01-564f-9a7b-52ca442459bf"
PAYMENT = {
    "client_redirect_uri": "https://shop.example/paid",
    "connector_uuid": TEST_BANK,
    "instructions": [
        {
            "amount": 12.5,
            "currency": "EUR",
            "label": "Commande 42",
            "execution_date_type": "first_open_day",
            "beneficiary": {
                "scheme_name": "iban",
                "identification": "FR1420041010050500013M02606",
                "label": "Atelier Garance",
            },
            "beneficiary_identity": {"first_name": "Anouk", "last_name": "Tessier"},
        }
    ],
}


@pytest.fixture
def powens():
    """A sandbox that sends nothing again unless it is told to."""
    with Sandbox(webhook_retry=None) as running:
        yield running


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture
def console(powens, api_of):
    return api_of(powens, powens.config_token)


@pytest.fixture
def hook(console):
    """Registers a webhook; gives its path in the API."""

    def register(url, event="CONNECTION_SYNCED", **more):
        made = console.ask("POST", "/webhooks", json={"url": url, "event": event} | more)
        return f"/webhooks/{made['id']}"

    return register


def client_of(powens):
    return {"client_id": powens.client_id, "client_secret": powens.client_secret}


def alizes(api):
    (bank,) = (
        each
        for each in api.ask("GET", "/connectors")["connectors"]
        if each["name"] == "Banque des Alizés"
    )
    return {"connector_uuid": bank["uuid"], "login": "ada", "password": "secret-c4n4ry"}


def connection_id(api):
    return api.ask("GET", "/users/me/connections")["connections"][0]["id"]


def log_of(console, path):
    return console.ask("GET", f"{path}/logs")["webhooklogs"]


@pytest.fixture(scope="module")
def told():
    """What an application hears of a user's whole life, by event; and what the user is."""
    with Sandbox() as powens, Receiver() as receiver, httpx.Client() as client:
        powens.send_webhooks_to(f"{receiver.url}/hooks/")

        def ask(method, path, **more):
            answer = client.request(method, powens.base_url + path, **more)
            assert answer.is_success, answer.text
            return answer.json() if answer.content else None

        made = ask("POST", "/auth/init", json=client_of(powens))
        client.headers["authorization"] = f"Bearer {made['auth_token']}"
        facts = {"user": made["id_user"]}
        (bank,) = (
            each
            for each in ask("GET", "/connectors")["connectors"]
            if each["name"] == "Banque des Alizés"
        )
        body = {"connector_uuid": bank["uuid"], "login": "ada", "password": "secret-c4n4ry"}
        facts["connection"] = ask("POST", "/users/me/connections", json=body)["id"]
        account = ask("GET", "/users/me/accounts?all")["accounts"][0]["id"]
        facts["account"] = account
        enabled = {"disabled": False}
        ask("POST", f"/users/me/accounts/{account}?all", json=enabled)
        facts["rows"] = ask("GET", f"/users/me/accounts/{account}/transactions?limit=100")
        (subscription, *_) = ask("GET", "/users/me/subscriptions?all")["subscriptions"]
        facts["subscription"] = subscription["id"]
        ask("POST", f"/users/me/subscriptions/{subscription['id']}?all", json=enabled)
        facts["documents"] = ask("GET", "/users/me/documents")["total"]
        ask("POST", f"/users/me/accounts/{account}", json={"disabled": True})
        ask("DELETE", f"/users/me/connections/{facts['connection']}")
        ask("DELETE", "/users/me")
        token = ask("POST", "/auth/token", json=client_of(powens) | {"scope": "payments:admin"})
        client.headers["authorization"] = f"Bearer {token['token']}"
        facts["payment"] = ask("POST", "/payments", json=PAYMENT)["id"]
        ask(
            "POST",
            f"/payments/{facts['payment']}",
            json={"cancel": True, "client_redirect_uri": "https://shop.example/back"},
        )
        assert powens.flush_webhooks() == 0
        events = {}
        for each in receiver.hooks:
            assert each.path.startswith("/hooks/")
            event = each.verified(powens.webhook_secret, max_age=60)
            events.setdefault(each.name, []).append(event)
        yield events, facts


# What the first body of each event says that follows from what was done.
SAYS = {
    "USER_CREATED": lambda event, facts: event.id == facts["user"],
    "USER_DELETED": lambda event, facts: event.id == facts["user"],
    "USER_SYNCED": lambda event, facts: (
        event.user.id == facts["user"] and event.connections[0].id == facts["connection"]
    ),
    "CONNECTION_SYNCED": lambda event, facts: (
        event.user.id == facts["user"]
        and event.connection.id == facts["connection"]
        and event.connection.connector.name == "Banque des Alizés"
        and event.connection.state is None
    ),
    "CONNECTION_DELETED": lambda event, facts: event.id == facts["connection"],
    "ACCOUNTS_FETCHED": lambda event, facts: event.connection.id == facts["connection"],
    "ACCOUNT_SYNCED": lambda event, facts: (
        event.id == facts["account"]
        and [each.id for each in event.transactions]
        == [each["id"] for each in facts["rows"]["transactions"]]
    ),
    "ACCOUNT_CATEGORIZED": lambda event, facts: all(
        each.categories and each.id_account == facts["account"] for each in event.transactions
    ),
    "ACCOUNT_DISABLED": lambda event, facts: event.id == facts["account"] and event.disabled,
    "ACCOUNT_ENABLED": lambda event, facts: (
        event.id == facts["account"] and event.disabled is None and event.balance
    ),
    "ACCOUNT_FOUND": lambda event, facts: (
        (event.id_user, event.id_connection, event.id)
        == (facts["user"], facts["connection"], facts["account"])
        and event.type == "checking"
    ),
    "ACCOUNT_OWNERSHIPS_FOUND": lambda event, facts: (
        event.account_ownerships[0].id_account == facts["account"]
    ),
    "TRANSACTION_ATTACHMENTS_FOUND": lambda event, facts: (
        event.id_account == facts["account"]
        and event.id_transaction in {each["id"] for each in facts["rows"]["transactions"]}
        and event.attachments[0].url
    ),
    "SUBSCRIPTION_FOUND": lambda event, facts: (
        (event.id_connection, event.id) == (facts["connection"], facts["subscription"])
    ),
    "SUBSCRIPTION_SYNCED": lambda event, facts: (
        event.id == facts["subscription"] and len(event.documents) == facts["documents"] > 0
    ),
    "PAYMENT_STATE_UPDATED": lambda event, facts: (
        event.id == facts["payment"] and event.state is PaymentState.REJECTED
    ),
}


@pytest.mark.parametrize("name", WebhookEvent)
def test_every_event_is_sent_and_read(told, name):
    events, facts = told
    assert SAYS[name](events[name][0], facts)


def test_each_body_has_a_number_of_its_own(told):
    events, _ = told
    numbers = [each.id_webhook_data for found in events.values() for each in found]
    assert len(set(numbers)) == len(numbers) > len(WebhookEvent)


def test_what_is_new_is_said_once(powens, api, receiver):
    powens.send_webhooks_to(receiver.url, ["ACCOUNT_SYNCED", "SUBSCRIPTION_SYNCED"])
    powens.advance(60)
    api.ask("PUT", f"/users/me/connections/{connection_id(api)}", 200)
    powens.flush_webhooks()
    found = [hook.read() for hook in receiver.of("ACCOUNT_SYNCED")]
    assert len(found) == api.ask("GET", "/users/me/accounts")["total"]
    assert not any(event.transactions for event in found)
    assert not any(hook.read().documents for hook in receiver.of("SUBSCRIPTION_SYNCED"))


def test_the_first_synchronization_of_an_account_brings_investments(powens, api, receiver):
    accounts = api.ask("GET", "/users/me/accounts")["accounts"]
    (account,) = (each for each in accounts if each["type"] == "pea")
    path = f"/users/me/accounts/{account['id']}"
    investments = api.ask("GET", f"{path}/investments")["investments"]
    orders = api.ask("GET", f"{path}/marketorders")["marketorders"]
    api.ask("POST", path, json={"disabled": True})
    powens.send_webhooks_to(receiver.url, ["ACCOUNT_SYNCED", "CONNECTION_SYNCED"])
    api.ask("POST", f"{path}?all", json={"disabled": False})
    powens.flush_webhooks()
    (connection,) = (hook.read().connection for hook in receiver.of("CONNECTION_SYNCED"))
    synced = {hook.read().id: hook.read() for hook in receiver.of("ACCOUNT_SYNCED")}
    (listed,) = (each for each in connection.accounts if each.id == account["id"])
    for event in (synced[account["id"]], listed):
        assert [each.id for each in event.investments] == [each["id"] for each in investments]
        assert any(each.pockets for each in event.investments)
    assert [each.id for each in listed.market_orders] == [each["id"] for each in orders]
    others = [each for each in connection.accounts if each is not listed]
    assert not any(each.transactions or each.investments for each in others)


def test_failed_synchronizations_are_told_of(powens, api, receiver):
    powens.send_webhooks_to(receiver.url)
    powens.break_connection(connection_id(api), "wrongpass")
    powens.flush_webhooks()
    assert receiver.names == ["CONNECTION_SYNCED"]
    assert receiver.hooks[0].read().connection.state is ConnectionState.WRONGPASS


def test_only_the_events_asked_for(powens, console, receiver):
    powens.send_webhooks_to(receiver.url, ["USER_SYNCED"])
    console.ask("POST", "/test/webhooks", 204)
    powens.flush_webhooks()
    assert receiver.names == ["USER_SYNCED"]


@pytest.mark.parametrize(
    ("url", "events"),
    [("nowhere", None), ("http://a.example/?b=c", None), ("http://a.example", ["X"])],
)
def test_webhooks_to_nowhere(powens, console, url, events):
    with pytest.raises(ValueError, match="is not valid"):
        powens.send_webhooks_to(url, events)
    assert console.ask("GET", "/webhooks")["total"] == 0


def test_the_secret_follows_from_the_seed():
    assert Sandbox().webhook_secret == Sandbox().webhook_secret != Sandbox(seed=1).webhook_secret
    assert Sandbox().webhook_secret not in repr(Sandbox())


def test_another_secret_or_path_is_refused(powens, console, receiver):
    powens.send_webhooks_to(receiver.url, ["CONNECTION_SYNCED"])
    console.ask("POST", "/test/webhooks", 204)
    powens.flush_webhooks()
    (arrived,) = receiver.hooks
    assert arrived.verified(powens.webhook_secret)
    for hook, secret in (
        (arrived, "another"),
        (arrived._replace(path="/x/connection-synced"), powens.webhook_secret),
        (arrived._replace(body=arrived.body + b" "), powens.webhook_secret),
    ):
        with pytest.raises(PowensWebhookError, match="signature"):
            hook.verified(secret)


def test_a_provider_of_ones_own(powens, console, receiver, hook):
    body = {"type": "hmac_signature", "name": "mine"}
    secret = console.ask("POST", "/webhooks/auth", json=body)["config"]["secret_key"]
    hook(f"{receiver.url}/connection-synced", id_auth="mine")
    console.ask("POST", "/test/webhooks", 204)
    powens.flush_webhooks()
    assert receiver.hooks[0].verified(secret)


def test_by_default_it_carries_the_token_of_the_user(powens, console, receiver, hook):
    hook(f"{receiver.url}/connection-synced")
    console.ask("POST", "/test/webhooks", 204)
    powens.flush_webhooks()
    headers = receiver.hooks[0].headers
    assert headers["authorization"] == f"Bearer {powens.access_token}"
    assert headers["content-type"] == "application/json"
    assert "bi-signature" not in headers


def test_the_last_word_on_a_user_carries_the_token_too(powens, api, receiver, hook):
    hook(f"{receiver.url}/user-deleted", "USER_DELETED")
    api.ask("DELETE", "/users/me", 204)
    powens.flush_webhooks()
    assert receiver.hooks[0].headers["authorization"] == f"Bearer {powens.access_token}"


def test_payments_are_nobodys(powens, api, api_of, receiver, hook):
    hook(f"{receiver.url}/payment-state-updated", "PAYMENT_STATE_UPDATED")
    hook(f"{receiver.url}/mine", "PAYMENT_STATE_UPDATED", id_user=powens.user_id)
    body = client_of(powens) | {"scope": "payments:admin"}
    shop = api_of(powens, api.ask("POST", "/auth/token", json=body)["token"])
    number = shop.ask("POST", "/payments", json=PAYMENT)["id"]
    shop.ask(
        "POST",
        f"/payments/{number}",
        json={"cancel": True, "client_redirect_uri": "https://shop.example/back"},
    )
    powens.flush_webhooks()
    (only,) = receiver.hooks
    assert only.path == "/payment-state-updated"
    assert "authorization" not in only.headers


def test_payments_change_as_time_passes(powens, api, api_of, receiver):
    powens.send_webhooks_to(receiver.url)
    body = client_of(powens) | {"scope": "payments:admin"}
    shop = api_of(powens, api.ask("POST", "/auth/token", json=body)["token"])
    number = shop.ask("POST", "/payments", json=PAYMENT)["id"]
    powens.advance(31 * 86_400)
    powens.advance(60)
    powens.flush_webhooks()
    (only,) = (each.read() for each in receiver.hooks)
    assert (only.id, only.state) == (number, PaymentState.EXPIRED)


def oauth(url):
    config = {
        "url": url,
        "client_id": "powens",
        "client_secret": "receivers-c4n4ry",
        "grant_type": "client_credentials",
    }
    return {"type": "oauth", "name": "oauth1", "config": config}


@pytest.mark.parametrize("life", [None, 3600])
def test_a_token_of_the_receiver(powens, console, receiver, hook, life):
    given = []

    def give(visit):
        given.append(parse_qs(visit.body.decode()))
        token = {"access_token": f"t{len(given)}", "token_type": "Bearer"}
        visit.answer(token | ({} if life is None else {"expires_in": life}))

    with Receiver(give) as issuer:
        console.ask("POST", "/webhooks/auth", json=oauth(f"{issuer.url}/token"))
        hook(f"{receiver.url}/connection-synced", id_auth="oauth1")
        for _ in range(2):
            console.ask("POST", "/test/webhooks", 204)
        assert powens.flush_webhooks() == 0
    second = "t2" if life is None else "t1"
    tokens = [each.headers["authorization"] for each in receiver.hooks]
    assert tokens == ["Bearer t1", f"Bearer {second}"]
    assert given[0] == {
        "grant_type": ["client_credentials"],
        "client_id": ["powens"],
        "client_secret": ["receivers-c4n4ry"],
    }


@pytest.mark.parametrize(
    "answer",
    [
        status(500),
        lambda visit: visit.answer(b"<html>"),
        lambda visit: visit.answer({"access_token": None}),
        lambda visit: visit.answer([]),
        lambda visit: visit.reset(),
    ],
)
def test_without_a_token_nothing_is_sent(powens, console, receiver, hook, answer):
    with Receiver(answer) as issuer:
        console.ask("POST", "/webhooks/auth", json=oauth(f"{issuer.url}/token"))
        hook(f"{receiver.url}/connection-synced", id_auth="oauth1")
        console.ask("POST", "/test/webhooks", 204)
        assert powens.flush_webhooks() == 1
    assert receiver.hooks == []
    assert {each.status for each in powens.deliveries} == {None}


def test_gzip(powens, console, receiver):
    powens.send_webhooks_to(receiver.url, ["CONNECTION_SYNCED"])
    console.ask("POST", "/config", json={"webhooks.compressions.enabled": "1"})
    console.ask("POST", "/test/webhooks", 204)
    powens.flush_webhooks()
    (arrived,) = receiver.hooks
    assert arrived.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(arrived.body))["user"]["id"] == powens.user_id
    assert arrived.verified(powens.webhook_secret).user.id == powens.user_id


def test_temporary_users_are_told_of_once_they_stay(powens, api_of, receiver):
    powens.send_webhooks_to(receiver.url)
    guest = api_of(powens)
    made = guest.ask("POST", "/auth/init", json={})
    guest.headers["authorization"] = f"Bearer {made['auth_token']}"
    connection = guest.ask("POST", "/users/me/connections", 201, json=alizes(guest))
    powens.flush_webhooks()
    assert receiver.hooks == []
    body = client_of(powens) | {"code": made["auth_token"]}
    token = guest.ask("POST", "/auth/token/access", json=body)["access_token"]
    powens.flush_webhooks()
    assert {"USER_CREATED", "ACCOUNT_FOUND", "CONNECTION_SYNCED", "USER_SYNCED"} <= {
        *receiver.names
    }
    (synced,) = receiver.of("CONNECTION_SYNCED")
    assert synced.read().connection.id == connection["id"]
    guest.headers["authorization"] = f"Bearer {token}"
    guest.ask("DELETE", "/users/me", 204)
    powens.flush_webhooks()
    assert receiver.names[-1] == "USER_DELETED"


def test_a_guest_who_leaves_was_never_there(powens, api_of, receiver):
    powens.send_webhooks_to(receiver.url)
    guest = api_of(powens)
    made = guest.ask("POST", "/auth/init", json={})
    guest.headers["authorization"] = f"Bearer {made['auth_token']}"
    guest.ask("DELETE", "/users/me", 204)
    assert powens.flush_webhooks() == 0
    assert receiver.hooks == []


def test_the_log_tells_of_a_success(powens, console, receiver, hook):
    path = hook(f"{receiver.url}/connection-synced")
    console.ask("POST", "/test/webhooks", 204)
    powens.flush_webhooks()
    (log,) = log_of(console, path)
    assert (log["response_code"], log["next_try"]) == (204, None)
    assert log["response_date"] >= log["timestamp"]
    assert log["id_webhook_data"] == receiver.hooks[0].read().id_webhook_data


@pytest.mark.parametrize("number", [301, 302, 400, 401, 404, 410, 500, 503])
def test_what_is_no_success_is_sent_again(powens, console, hook, number):
    answers = [status(201), status(number), status(number)]

    def answer(visit):
        answers.pop()(visit)

    with Receiver(answer) as receiver:
        path = hook(f"{receiver.url}/connection-synced")
        console.ask("POST", "/test/webhooks", 204)
        receiver.wait_for(1)
        assert powens.flush_webhooks() == 1
        (log,) = log_of(console, path)
        assert (log["response_code"], log["next_try"]) == (number, None)  # nobody sends it again
        assert log["response_date"]
        assert powens.flush_webhooks() == 0
        (log,) = log_of(console, path)
        assert log["response_code"] == 201
        assert len({hook.body for hook in receiver.hooks}) == 1
    assert [(each.status, each.attempt) for each in powens.deliveries] == [
        (number, 1),
        (number, 2),
        (201, 3),
    ]


def test_redirects_are_not_followed(powens, console, hook, receiver):
    def redirect(visit):
        visit.answer(b"", 307, location=f"{receiver.url}/connection-synced")

    with Receiver(redirect) as elsewhere:
        hook(f"{elsewhere.url}/connection-synced")
        console.ask("POST", "/test/webhooks", 204)
        assert powens.flush_webhooks() == 1
    assert receiver.hooks == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "ftp://a.example/x", "mailto:a"])
def test_where_nobody_answers(powens, console, hook, url):
    path = hook(url)
    console.ask("POST", "/test/webhooks", 204)
    assert powens.flush_webhooks() == 1
    (log,) = log_of(console, path)
    assert (log["response_code"], log["response_date"]) == (None, None)
    assert powens.deliveries[0].status is None


def test_it_is_sent_again_by_itself(api_of):
    answers = [accept, status(500), status(500)]

    def answer(visit):
        answers.pop()(visit)

    with Sandbox(webhook_retry=0.01) as powens, Receiver(answer) as receiver:
        powens.send_webhooks_to(receiver.url, ["CONNECTION_SYNCED"])
        api_of(powens, powens.config_token).ask("POST", "/test/webhooks", 204)
        first, _, third = receiver.wait_for(3)
    assert first.body == third.body
    assert first.verified(powens.webhook_secret) == third.verified(powens.webhook_secret)


def test_it_is_sent_again_once_its_time_has_come(api_of):
    with Sandbox(webhook_retry=3600) as powens, Receiver(status(503)) as receiver:
        powens.send_webhooks_to(receiver.url, ["CONNECTION_SYNCED"])
        console = api_of(powens, powens.config_token)
        console.ask("POST", "/test/webhooks", 204)
        powens.flush_webhooks()
        (log,) = log_of(console, "/webhooks/2")
        count = len(receiver.hooks)
        assert log["next_try"] > "2026-01-31 10:00"
        powens.advance(60)
        assert len(powens.deliveries) == count
        powens.advance(8 * 3600)
        receiver.wait_for(count + 1)


def test_a_run_ends_with_ten_failures_in_a_row(powens, console):
    with Receiver(status(500)) as receiver:
        powens.send_webhooks_to(receiver.url, ["ACCOUNT_SYNCED"])
        for _ in range(2):
            console.ask("POST", "/test/webhooks", 204)
        waiting = powens.flush_webhooks()
        assert waiting == 12
        before = len(receiver.hooks)
        assert powens.flush_webhooks() == waiting
        assert len(receiver.hooks) == before + 10


def test_a_success_among_failures_lets_a_run_go_on(powens, console):
    answers = iter([*[status(500)] * 9, accept, *[status(500)] * 9])

    def answer(visit):
        (next(answers) if release.is_set() else status(500))(visit)

    release = threading.Event()
    with Receiver(answer) as receiver:
        powens.send_webhooks_to(receiver.url, ["ACCOUNT_SYNCED"])
        for _ in range(3):
            console.ask("POST", "/test/webhooks", 204)
        assert powens.flush_webhooks() == 18
        before = len(receiver.hooks)
        release.set()
        assert powens.flush_webhooks() == 17
        assert len(receiver.hooks) == before + 18


def test_two_timeouts_end_a_run(api_of):
    def hang(visit):
        visit.hang()

    with Sandbox(webhook_retry=None, webhook_timeout=0.02) as powens, Receiver(hang) as receiver:
        powens.send_webhooks_to(receiver.url, ["ACCOUNT_SYNCED"])
        api_of(powens, powens.config_token).ask("POST", "/test/webhooks", 204)
        assert powens.flush_webhooks() == 6
        assert len(powens.deliveries) == 4  # in the run that the event began, and in the flush
        assert {each.status for each in powens.deliveries} == {None}


def test_a_drip_is_a_timeout_too(api_of):
    def drip(visit):
        visit.drip(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 1000, 0.005)

    with Sandbox(webhook_retry=None, webhook_timeout=0.03) as powens, Receiver(drip) as receiver:
        powens.send_webhooks_to(receiver.url, ["CONNECTION_SYNCED"])
        api_of(powens, powens.config_token).ask("POST", "/test/webhooks", 204)
        assert powens.flush_webhooks() == 1


def test_an_answer_is_not_read_beyond_its_head(powens, console):
    def endless(visit):
        visit.send(visit.head(200, content_length=10**12))
        visit.hang()

    with Receiver(endless) as receiver:
        powens.send_webhooks_to(receiver.url, ["CONNECTION_SYNCED"])
        console.ask("POST", "/test/webhooks", 204)
        assert powens.flush_webhooks() == 0


def test_a_slow_receiver_holds_nobody_up(powens, api, console, receiver):
    def hang(visit):
        visit.hang()

    with Receiver(hang) as slow:
        powens.send_webhooks_to(slow.url)
        powens.send_webhooks_to(receiver.url)
        console.ask("POST", "/test/webhooks", 204)
        slow.wait_for(1)
        receiver.wait_for(15)  # all that happens then
        assert api.ask("GET", "/users/me")["id"] == powens.user_id
        powens.stop()


def test_deliveries_of_a_webhook_keep_their_order(powens, console, receiver):
    powens.send_webhooks_to(receiver.url, ["ACCOUNT_SYNCED"])
    for _ in range(4):
        console.ask("POST", "/test/webhooks", 204)
    powens.flush_webhooks()
    numbers = [each.read().id_webhook_data for each in receiver.hooks]
    assert len(numbers) == 24
    assert numbers == sorted(numbers)


def test_what_failed_is_overtaken(powens, console):
    answers = [accept, accept, status(500)]

    def answer(visit):
        answers.pop()(visit)

    with Receiver(answer) as receiver:
        powens.send_webhooks_to(receiver.url, ["CONNECTION_SYNCED"])
        console.ask("POST", "/test/webhooks", 204)
        receiver.wait_for(1)
        console.ask("POST", "/test/webhooks", 204)
        receiver.wait_for(2)
        powens.flush_webhooks()
        first, second, again = (each.read().id_webhook_data for each in receiver.hooks)
    assert first == again != second


def test_duplicates(powens, console, receiver):
    powens.send_webhooks_to(receiver.url, ["CONNECTION_SYNCED", "USER_SYNCED"])
    asked = powens.disturb_webhooks(event="CONNECTION_SYNCED", duplicate=True)
    for _ in range(2):
        console.ask("POST", "/test/webhooks", 204)
    powens.flush_webhooks()
    assert asked.used == 1
    assert len(receiver.of("USER_SYNCED")) == 2
    first, twin, other = (each.read() for each in receiver.of("CONNECTION_SYNCED"))
    assert first == twin
    assert first.id_webhook_data != other.id_webhook_data


def test_what_is_late_is_overtaken(powens, console, receiver):
    powens.send_webhooks_to(receiver.url, ["CONNECTION_SYNCED"])
    powens.disturb_webhooks(delay=3600)
    for _ in range(2):
        console.ask("POST", "/test/webhooks", 204)
    receiver.wait_for(1)
    powens.advance(3601)
    early, late = (each.read().id_webhook_data for each in receiver.wait_for(2))
    assert early > late


def test_late_by_itself(powens, console, receiver):
    powens.send_webhooks_to(receiver.url, ["CONNECTION_SYNCED"])
    powens.disturb_webhooks(delay=0.01, times=None)
    console.ask("POST", "/test/webhooks", 204)
    receiver.wait_for(1)


@pytest.mark.parametrize(
    "wrong", [{"delay": -1}, {"delay": float("nan")}, {"event": "X"}, {"times": 0}, {"times": "x"}]
)
def test_disturbances_that_make_no_sense(powens, wrong):
    with pytest.raises(ValueError):
        powens.disturb_webhooks(**wrong)
    answer = httpx.post(
        powens.base_url.removesuffix("/2.0") + "/sandbox/webhooks/disturb",
        content=json.dumps(wrong).encode(),
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("wrong", [{"webhook_retry": 0}, {"webhook_timeout": 0}])
def test_settings_that_make_no_sense(wrong):
    with pytest.raises(ValueError, match="above 0"):
        Sandbox(**wrong)


def test_a_webhook_that_is_gone_is_sent_no_more(powens, console):
    with Receiver(status(500)) as receiver:
        powens.send_webhooks_to(receiver.url, ["CONNECTION_SYNCED"])
        console.ask("POST", "/test/webhooks", 204)
        powens.flush_webhooks()
        before = len(receiver.hooks)
        (made,) = console.ask("GET", "/webhooks")["webhooks"]
        console.ask("DELETE", f"/webhooks/{made['id']}")
        assert powens.flush_webhooks() == 0
        assert len(receiver.hooks) == before


def test_another_process_does_the_same(powens, receiver):
    url = powens.base_url.removesuffix("/2.0") + "/sandbox"
    with httpx.Client(base_url=url) as client:
        body = {"base_url": receiver.url, "events": ["CONNECTION_SYNCED"]}
        assert client.post("/webhooks", json=body).status_code == 201
        assert client.post("/webhooks", json=body | {"events": "all"}).status_code == 400
        assert client.post("/webhooks", json={}).status_code == 400
        assert client.post("/webhooks/disturb", json={"duplicate": True}).status_code == 201
        assert client.post("/connections/201", json={"state": "bug"}).status_code == 200
        assert client.post("/webhooks/flush").json() == {"waiting": 0}
        told = client.get("/webhooks").json()
    assert len(receiver.hooks) == 2
    assert told["waiting"] == 0
    assert [Delivery(**each) for each in told["deliveries"]] == powens.deliveries


def test_no_secret_is_logged(powens, api, receiver, hook, caplog):
    caplog.set_level(logging.DEBUG)
    hook(f"{receiver.url}/?key=c4n4ry")
    powens.break_connection(201)
    powens.flush_webhooks()
    assert len(receiver.hooks) == 1
    for secret in ("c4n4ry", powens.access_token, receiver.hooks[0].body.decode()):
        assert secret not in caplog.text


def test_no_secret_is_shown(powens, console, hook):
    body = oauth("http://127.0.0.1:1/token")
    console.ask("POST", "/webhooks/auth", json=body)
    hook("http://127.0.0.1:1/?key=c4n4ry", id_auth="oauth1")
    console.ask("POST", "/test/webhooks", 204)
    powens.flush_webhooks()
    assert "c4n4ry" not in repr(powens.deliveries)
    assert powens.deliveries[0].url.endswith("c4n4ry")


def test_stops_at_once_and_leaves_nothing(api_of):
    def hang(visit):
        visit.hang()

    with Receiver(hang) as receiver:
        threads = set(threading.enumerate())
        with Sandbox() as powens:
            powens.send_webhooks_to(receiver.url)
            api_of(powens, powens.config_token).ask("POST", "/test/webhooks", 204)
            receiver.wait_for(5)
            failures = []

            def flush():
                try:
                    powens.flush_webhooks()
                except RuntimeError as error:
                    failures.append(error)

            flusher = threading.Thread(target=flush)
            flusher.start()
            powens.stop()
            flusher.join(5)
            assert not flusher.is_alive()
        receiver.wait_until_left()
        assert {each for each in set(threading.enumerate()) - threads if "powens" in each.name} == (
            set()
        )


def test_stopped_it_does_nothing():
    powens = Sandbox()
    for action in (
        powens.flush_webhooks,
        lambda: powens.send_webhooks_to("http://a.example"),
        lambda: powens.break_connection(201),
        lambda: powens.add_transaction(1001, value=1, wording="x"),
    ):
        with pytest.raises(RuntimeError, match="not running"):
            action()
    assert powens.deliveries == []


def test_a_real_application_on_flask(powens, api):
    events = []
    app = flask.Flask("receiver")

    @app.post("/powens/connection-synced")
    @flask_webhook("CONNECTION_SYNCED", secret=powens.webhook_secret)
    def connection_synced(event):
        events.append(event)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        powens.send_webhooks_to(
            f"http://127.0.0.1:{server.server_port}/powens", ["CONNECTION_SYNCED"]
        )
        account = api.ask("GET", "/users/me/accounts")["accounts"][0]
        number = powens.add_transaction(account["id"], value=Decimal("-4.20"), wording="Café")
        assert powens.flush_webhooks() == 0
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    (event,) = events
    (row,) = (row for each in event.connection.accounts for row in each.transactions)
    assert (row.id, row.value, row.wording) == (number, Decimal("-4.20"), "Café")


def test_a_real_application_on_starlette(powens, console):
    events = []

    @starlette_webhook("CONNECTION_SYNCED", secret=powens.webhook_secret)
    async def connection_synced(request, event):
        events.append(event)

    path = "/powens/connection-synced"
    route = starlette.routing.Route(path, connection_synced, methods=["POST"])
    app = starlette.applications.Starlette(routes=[route])
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    serving = threading.Thread(target=server.run, args=([listener],))
    serving.start()
    try:
        port = listener.getsockname()[1]
        powens.send_webhooks_to(f"http://127.0.0.1:{port}/powens", ["CONNECTION_SYNCED"])
        console.ask("POST", "/test/webhooks", 204)
        assert powens.flush_webhooks() == 0
    finally:
        server.should_exit = True
        serving.join()
        listener.close()
    assert [event.user.id for event in events] == [powens.user_id]
