"""What makes things happen: from a test, from another process, and from the page for a person."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import httpx
import pytest

from powens._codec import decode
from powens.models import ConnectionState, TransactionsList
from powens.sandbox import TODAY, Sandbox

from .receiver import Receiver

STATES = (
    "SCARequired", "webauthRequired", "additionalInformationNeeded", "decoupled", "validating",
    "wrongpass", "actionNeeded", "passwordExpired", "rateLimiting", "websiteUnavailable", "bug",
)  # fmt: skip


@pytest.fixture
def account(api):
    """The ready-made user's first account."""
    return api.ask("GET", "/users/me/accounts")["accounts"][0]


@pytest.fixture
def arrive(powens, account):
    def arrive(value="-12.34", wording="Café du Port", **more):
        return powens.add_transaction(account["id"], value=value, wording=wording, **more)

    return arrive


@pytest.fixture
def controls(powens):
    """A client of the controls."""
    with httpx.Client(base_url=powens.base_url.removesuffix("/2.0") + "/sandbox") as client:
        yield client


def rows_of(api, path="/users/me/transactions", **params):
    page = api.ask("GET", path, params=params)
    decode(json.dumps(page, default=float).encode(), TransactionsList)
    return page["transactions"]


def test_a_transaction_arrives(api, account, arrive):
    number = arrive()
    row = api.ask("GET", f"/users/me/transactions/{number}")
    assert row["value"] == Decimal("-12.34")
    assert row["wording"] == row["original_wording"] == "Café du Port"
    assert row["date"] == row["application_date"] == row["rdate"] == str(TODAY)
    assert (row["id_account"], row["coming"], row["deleted"]) == (account["id"], False, None)
    assert row["formatted_value"].startswith("-12,34")
    path = f"/users/me/accounts/{account['id']}"
    listed = rows_of(api, f"{path}/transactions", limit=1000)
    done = [each for each in listed if each["application_date"] <= str(TODAY)]
    assert done[0] == row
    moved = api.ask("GET", path)
    for name in ("balance", "coming_balance"):
        assert moved[name] == account[name] + row["value"]
    assert moved["last_update"] > account["last_update"]
    assert api.ask("GET", "/users/me/transactions?limit=1")["total"] == 401


def test_a_transaction_has_every_field_of_the_others(api, arrive):
    number = arrive()
    row = api.ask("GET", f"/users/me/transactions/{number}")
    (other, *_) = rows_of(api, limit=1)
    assert row.keys() == other.keys()


@pytest.mark.parametrize(
    ("params", "is_in"),
    [
        ({"wording": "du port"}, True),
        ({"search": "-12.34"}, True),
        ({"search": "uncategorized"}, True),
        ({"income": "false"}, True),
        ({"income": "true"}, False),
        ({"value": "-12.34"}, True),
        ({"max_value": "-20"}, False),
        ({"min_date": "2026-01-31", "max_date": "2026-01-31"}, True),
        ({"min_date": "2026-02-01"}, False),
        ({"max_date": "2026-01-30", "filter": "date"}, False),
        ({"last_update": "2026-01-31 09:00:00"}, True),
        ({"last_update": "2026-01-31 10:00:00"}, False),
        ({"deleted": "true"}, False),
        ({"all": ""}, True),
        ({"expand": "account,categories,attachments"}, True),
    ],
)
def test_filters_see_it(api, arrive, params, is_in):
    before = api.ask("GET", "/users/me/transactions", params=params | {"limit": 1})["total"]
    number = arrive()
    page = api.ask("GET", "/users/me/transactions", params=params | {"limit": 1000})
    assert (number in {each["id"] for each in page["transactions"]}) is is_in
    # A total is of all dates, whichever are asked for.
    is_counted = is_in or bool({"min_date", "max_date"} & params.keys())
    assert page["total"] == before + is_counted


def test_what_is_new_since(api, arrive):
    (before,) = rows_of(api, limit=1, last_update="2026-01-31 05:00:00")
    number = arrive()
    assert [each["id"] for each in rows_of(api, last_update="2026-01-31 09:00:00")] == [number]
    assert before["id"] != number


def test_a_listing_goes_on_as_it_was_begun(api, arrive):
    wanted = [row["id"] for row in api.all_transactions()]
    pages = api.walk("/users/me/transactions", limit=100)
    found = [row["id"] for row in next(pages)]
    numbers = [arrive(), arrive(date=TODAY - timedelta(days=300))]
    found += [row["id"] for page in pages for row in page]
    assert found == wanted
    assert {row["id"] for row in api.all_transactions()} == {*wanted, *numbers}


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_arrivals_lead_forth_and_back(api_of, limit):
    with Sandbox(transactions=3) as powens:
        api = api_of(powens)
        (first, second, *_) = api.ask("GET", "/users/me/accounts")["accounts"]
        for each in (first, second, first):
            powens.add_transaction(each["id"], value=1, wording="x")
        whole = [row["id"] for row in rows_of(api)]
        assert len(whole) == len(set(whole)) == 6
        assert [each["id"] for each in api.all_transactions()] == whole
        page = api.ask("GET", "/users/me/transactions", params={"limit": limit})
        forth = [page]
        while link := forth[-1]["_links"]["next"]:
            forth.append(api.ask("GET", link["href"]))
        back = [forth[-1]]
        while link := back[-1]["_links"]["prev"]:
            back.append(api.ask("GET", link["href"]))
        assert [row["id"] for page in forth for row in page["transactions"]] == whole
        assert {row["id"] for page in back for row in page["transactions"]} == {*whole}
        for offset in range(7):
            page = rows_of(api, limit=limit, offset=offset)
            assert [row["id"] for row in page] == whole[offset : offset + limit]


def test_in_an_account_without_any_other(api_of):
    with Sandbox(transactions=0) as powens:
        api = api_of(powens)
        (first, *_) = api.ask("GET", "/users/me/accounts")["accounts"]
        number = powens.add_transaction(first["id"], value="1000.5", wording="Salaire")
        page = api.ask("GET", "/users/me/transactions")
        assert [each["id"] for each in page["transactions"]] == [number]
        assert page["first_date"] == page["last_date"] == str(TODAY)
        balances = api.ask("GET", "/users/me/balances")
        assert balances["first_date"] == balances["last_date"] == str(TODAY)


def test_on_another_day(api, arrive):
    day = date(2025, 6, 14)  # a Saturday
    number = arrive(date=day)
    row = api.ask("GET", f"/users/me/transactions/{number}")
    assert row["date"] == row["application_date"] == str(day)
    assert number in {each["id"] for each in rows_of(api, min_date=str(day), max_date=str(day))}


def test_long_after_the_sandbox_began(powens, api, arrive):
    powens.advance(400 * 86_400)
    number = arrive()
    (newest, *_) = rows_of(api, limit=1)
    assert newest["id"] == number
    assert newest["date"] == str(TODAY + timedelta(days=400))
    assert api.ask("GET", "/users/me/transactions?limit=1")["last_date"] == newest["date"]


def test_the_past_balances_follow(powens, api, account, arrive):
    day, before = TODAY - timedelta(days=3), TODAY - timedelta(days=4)
    path = f"/users/me/accounts/{account['id']}/balances"

    def days():
        found = api.ask("GET", path, params={"min_date": str(before), "max_date": str(TODAY)})
        return {
            each["date"]: each for group in found["balances"] for each in group["daily_balances"]
        }

    was = days()
    arrive("500", date=day)
    now = days()
    assert now[str(before)]["balance"] == was[str(before)]["balance"]
    assert now[str(day)]["balance"] == was[str(day)]["balance"] + 500
    assert now[str(TODAY)]["balance"] == was[str(TODAY)]["balance"] + 500
    assert now[str(day)]["incomes"] == was[str(day)]["incomes"] + 500


def test_it_can_be_changed(api, arrive):
    number = arrive()
    path = f"/users/me/transactions/{number}"
    body = {"wording": "Port", "application_date": "2025-03-01", "comment": "avec Ada"}
    assert body.items() <= api.ask("POST", path, json=body).items()
    assert [each["id"] for each in rows_of(api, wording="Port", max_date="2025-03-02")] == [number]
    category = [{"code": "restaurants", "parent_code": None}]
    api.ask("POST", path, json={"categories": category})
    assert api.ask("GET", f"{path}?expand=categories")["categories"] == category


def test_attachments_of_arrivals(powens, api, arrive):
    with Receiver() as receiver:
        powens.send_webhooks_to(receiver.url, ["TRANSACTION_ATTACHMENTS_FOUND"])
        numbers = [arrive() for _ in range(41)]
        powens.flush_webhooks()
    (event,) = (hook.read() for hook in receiver.hooks)
    assert event.id_transaction in numbers
    assert api.get(event.attachments[0].url).content.startswith(b"%PDF")


def test_webhooks_of_an_arrival(powens, api, arrive):
    with Receiver() as receiver:
        powens.send_webhooks_to(receiver.url)
        number = arrive()
        powens.flush_webhooks()
        (account,) = (
            event
            for event in (hook.read() for hook in receiver.of("ACCOUNT_SYNCED"))
            if event.transactions
        )
        assert [each.id for each in account.transactions] == [number]
        (connection,) = (hook.read().connection for hook in receiver.of("CONNECTION_SYNCED"))
        (user,) = (hook.read() for hook in receiver.of("USER_SYNCED"))
        for each in (connection, user.connections[0]):
            rows = [row.id for account in each.accounts for row in account.transactions]
            assert rows == [number]
        (categorized,) = (hook.read() for hook in receiver.of("ACCOUNT_CATEGORIZED"))
        assert categorized.transactions[0].categories[0].code == "uncategorized"
        second = arrive()
        powens.flush_webhooks()
        last = receiver.of("CONNECTION_SYNCED")[-1].read().connection
        rows = [row.id for account in last.accounts for row in account.transactions]
        assert rows == [second]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"value": 1.5}, "'value'"),
        ({"value": True}, "'value'"),
        ({"value": "0.001"}, "'value'"),
        ({"value": "NaN"}, "'value'"),
        ({"value": "Infinity"}, "'value'"),
        ({"value": "1E400"}, "'value'"),
        ({"value": "1E999999999"}, "'value'"),
        ({"value": "1E-999999999"}, "'value'"),
        ({"value": "1000000000000.01"}, "'value'"),
        ({"value": "1.0000000000000000000000000000000001"}, "'value'"),
        ({"value": "many"}, "'value'"),
        ({"value": None}, "'value'"),
        ({"wording": ""}, "'wording'"),
        ({"wording": " "}, "'wording'"),
        ({"wording": "a\0001"}, "'wording'"),
        ({"wording": None}, "'wording'"),
        ({"date": TODAY + timedelta(days=1)}, "'date'"),
        ({"date": date(2020, 1, 1)}, "'date'"),
        ({"account_id": 1}, "Account not found"),
    ],
)
def test_transactions_that_make_no_sense(powens, api, account, more, words):
    given = {"account_id": account["id"], "value": 1, "wording": "x"} | more
    with pytest.raises(ValueError, match=words):
        powens.add_transaction(given.pop("account_id"), **given)
    assert api.ask("GET", "/users/me/transactions?limit=1")["total"] == 400
    assert api.ask("GET", f"/users/me/accounts/{account['id']}") == account


def test_no_transaction_on_what_is_disabled_or_broken(powens, api, account, arrive):
    powens.break_connection(account["id_connection"], "bug")
    with pytest.raises(ValueError, match="broken"):
        arrive()
    powens.break_connection(account["id_connection"], None)
    api.ask("POST", f"/users/me/accounts/{account['id']}", json={"disabled": True})
    with pytest.raises(ValueError, match="disabled"):
        arrive()


@pytest.mark.parametrize("state", STATES)
def test_a_connection_breaks_and_is_repaired(powens, api, account, state):
    number = account["id_connection"]
    path = f"/users/me/connections/{number}"
    before = api.ask("GET", path)
    powens.break_connection(number, state)
    broken = api.ask("GET", path)
    assert broken["state"] == broken["error"] == state
    assert ConnectionState(state)
    assert broken["last_update"] == before["last_update"]
    assert api.ask("GET", f"{path}/logs")["connectionlogs"][0]["error"] == state
    powens.break_connection(number, None)
    repaired = api.ask("GET", path)
    assert repaired["state"] is None
    assert repaired["last_update"] > before["last_update"]


def test_a_broken_connection_goes_on_as_its_state_does(powens, api, account):
    path = f"/users/me/connections/{account['id_connection']}"
    powens.break_connection(account["id_connection"])
    assert api.ask("GET", path)["state"] == "SCARequired"
    assert api.ask("POST", path, json={})["state"] is None
    powens.break_connection(account["id_connection"], "additionalInformationNeeded")
    assert api.ask("POST", path, json={"otp": "123456"})["state"] is None
    powens.break_connection(account["id_connection"], "validating")
    states = [api.ask("GET", path)["state"] for _ in range(3)]
    assert states == ["validating", "validating", None]


def test_states_and_connections_there_are_not(powens, account):
    with pytest.raises(ValueError, match=r"SCARequired, .*, bug"):
        powens.break_connection(account["id_connection"], "broken")
    with pytest.raises(ValueError, match="Connection not found"):
        powens.break_connection(1)


def test_another_process_makes_things_happen(api, account, controls):
    body = {"id_account": account["id"], "value": -3.5, "wording": "Pain", "date": "2026-01-30"}
    made = controls.post("/transactions", json=body)
    assert made.status_code == 201
    row = api.ask("GET", f"/users/me/transactions/{made.json()['id']}")
    assert (row["value"], row["date"]) == (Decimal("-3.5"), "2026-01-30")
    number = account["id_connection"]
    made = controls.post(f"/connections/{number}", json={"state": "bug"})
    assert made.json() == {"id": number, "state": "bug"}
    assert controls.post("/transactions", json=body).status_code == 409
    assert controls.post(f"/connections/{number}", json={"state": None}).status_code == 200
    assert api.ask("GET", f"/users/me/connections/{number}")["state"] is None


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/transactions", {}, 400),
        ("/transactions", {"id_account": 1, "value": 1, "wording": "x"}, 404),
        ("/transactions", {"id_account": 1001, "value": 1, "wording": "x", "date": "soon"}, 400),
        ("/transactions", {"id_account": 1001, "value": [], "wording": "x"}, 400),
        ("/connections/201", {}, 400),
        ("/connections/201", {"state": 1}, 400),
        ("/connections/201", {"state": "broken"}, 400),
        ("/connections/1", {"state": "bug"}, 404),
        ("/connections/x", {"state": "bug"}, 404),
        ("/clock", {"seconds": 1e300}, 400),
    ],
)
def test_another_process_makes_no_sense(controls, path, body, status):
    assert controls.post(path, json=body).status_code == status


OUT = (
    "/faults",
    "/clock",
    "/transactions",
    "/connections/201",
    "/webhooks/flush",
    "/webhooks",
    "/",
)


@pytest.mark.parametrize("path", OUT)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:1"},
    ],
)
def test_pages_of_other_sites_do_nothing(powens, controls, path, headers):
    still = {"seconds": 0}
    now = controls.post("/clock", json=still).json()
    data = {"state": "bug", "seconds": "9", "do": "time", "number": "1", "unit": "days"}
    answer = controls.post(path, data=data, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert powens.unused_faults == []
    assert controls.post("/clock", json=still).json() == now


class Page(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.text = ""
        self.forms = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag == "form":
            self.forms.append((found, {}))
        elif tag in {"input", "select"} and "name" in found:
            self.forms[-1][1][found["name"]] = found.get("value", "")
            self.last = found["name"]
        elif tag == "option" and ("selected" in found or not self.forms[-1][1][self.last]):
            self.forms[-1][1][self.last] = found["value"]

    def handle_data(self, data):
        self.text += data

    def form(self, word):
        """The first form that does something, as the page has filled it in."""
        return next(fields for _, fields in self.forms if fields["do"] == word)


@pytest.fixture
def person(powens):
    """A person's browser."""
    origin = powens.base_url.removesuffix("/2.0")
    with httpx.Client(base_url=origin, follow_redirects=True) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        client.headers["origin"] = origin
        yield client


def look(person):
    return Page(person.get("/sandbox/").text)


def test_the_page_shows_what_there_is(powens, api, person):
    page = look(person)
    assert f"User {powens.user_id}, permanent, ready-made" in page.text
    for account in api.ask("GET", "/users/me/accounts")["accounts"]:
        assert account["name"] in page.text
        assert account["formatted_balance"] in page.text
    assert "State: connected." in page.text
    assert "None was sent so far." in page.text


def test_the_page_is_plain_and_accessible(person):
    answer = person.get("/sandbox/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-robots-tag"] == "noindex"
    assert person.get("/sandbox").text == answer.text
    page = Page(answer.text)
    tags = [tag for tag, _ in page.elements]
    assert "script" not in tags
    assert tags.count("h1") == 1
    assert all(each[0]["method"] == "post" for each in page.forms)
    assert all(each[0]["action"] == "/sandbox/" for each in page.forms)
    labelled = {found.get("for") for tag, found in page.elements if tag == "label"}
    for tag, found in page.elements:
        assert not {"src", "style", "onclick", "onload"} & found.keys()
        assert not found.get("href", "#").startswith(("http", "//"))
        if tag in {"input", "select"} and found.get("type") != "hidden":
            assert found["id"] in labelled
        if tag == "th":
            assert found["scope"] == "col"
        if tag == "html":
            assert found["lang"] == "en"
    ids = [found["id"] for _, found in page.elements if "id" in found]
    assert len(ids) == len(set(ids))


def test_a_person_lets_a_transaction_arrive(api, account, person):
    form = look(person).form("transaction")
    answer = person.post("/sandbox/", data=form | {"wording": "Pain", "value": "-3,50"})
    assert "The transaction has arrived." in Page(answer.text).text
    (row,) = rows_of(api, wording="Pain")
    assert (row["value"], row["id_account"]) == (Decimal("-3.50"), account["id"])
    assert person.get(str(answer.url)).status_code == 200  # to load it again does nothing again
    assert len(rows_of(api, wording="Pain")) == 1


def test_a_person_breaks_and_repairs_a_connection(api, account, person):
    path = f"/users/me/connections/{account['id_connection']}"
    form = look(person).form("connection")
    assert form["state"] == "connected"
    answer = person.post("/sandbox/", data=form | {"state": "wrongpass"})
    page = Page(answer.text)
    assert "State: wrongpass." in page.text
    assert "No account takes transactions now." in page.text
    assert api.ask("GET", path)["state"] == "wrongpass"
    assert page.form("connection")["state"] == "wrongpass"
    person.post("/sandbox/", data=form | {"state": "connected"})
    assert api.ask("GET", path)["state"] is None


def test_a_person_lets_time_pass(controls, person):
    form = look(person).form("time")
    answer = person.post("/sandbox/", data=form | {"number": "2", "unit": "days"})
    assert "It is 2026-02-02 09:00:02 in the sandbox." in Page(answer.text).text


def test_a_person_sees_webhooks():
    answers = ["204", "500"]

    def answer(visit):
        visit.answer(b"", int(answers.pop()))

    with Sandbox(webhook_retry=None) as powens, Receiver(answer) as receiver:
        powens.send_webhooks_to(f"{receiver.url}/<b>", ["CONNECTION_SYNCED"])
        powens.break_connection(201)
        while not powens.deliveries:
            pass
        with httpx.Client(base_url=powens.base_url.removesuffix("/2.0")) as other:
            other.follow_redirects = True
            text = look(other).text
            assert "500" in text
            assert "1 not accepted yet." in text
            assert f"{receiver.url}/<b>/connection-synced" in text
            sent = other.post("/sandbox/", data=look(other).form("flush"))
            text = Page(sent.text).text
    assert "What waited was sent." in text
    assert "0 not accepted yet." in text
    assert re.search("204.*500", text, re.DOTALL)  # the newest first


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({}, 400, "'do'"),
        ({"do": "nothing"}, 400, "'do'"),
        ({"do": "time"}, 400, "'number'"),
        ({"do": "time", "number": "soon", "unit": "days"}, 400, "'number'"),
        ({"do": "time", "number": "9" * 30, "unit": "days"}, 400, "'seconds'"),
        ({"do": "connection", "id_connection": "x", "state": "bug"}, 400, "'id_connection'"),
        ({"do": "connection", "id_connection": "7", "state": "bug"}, 404, "not found"),
        ({"do": "connection", "id_connection": "201", "state": "x"}, 400, "The states of the"),
        ({"do": "transaction"}, 400, "'id_account'"),
    ],
)
def test_a_person_makes_a_mistake(person, data, status, words):
    answer = person.post("/sandbox/", data=data)
    assert answer.status_code == status
    assert words in Page(answer.text).text
    assert any(found.get("role") == "alert" for _, found in Page(answer.text).elements)


def test_what_was_typed_is_still_there_after_a_mistake(account, person):
    data = {"do": "transaction", "id_account": "1002", "wording": '"><script>', "value": "x"}
    answer = person.post("/sandbox/", data=data)
    assert "<script" not in answer.text
    form = Page(answer.text).form("transaction")
    assert form == data | {"date": ""}


def test_names_are_escaped(api, account, person):
    path = f"/users/me/accounts/{account['id']}"
    api.ask("POST", path, json={"name": "<img src=x onerror=alert(1)>"})
    answer = person.get("/sandbox/")
    assert "<img" not in answer.text
    assert "<img src=x onerror=alert(1)>" in Page(answer.text).text


def test_secrets_are_not_on_the_page(powens, api, person):
    powens.send_webhooks_to("http://user:c4n4ry@127.0.0.1:1/a", ["CONNECTION_SYNCED"])
    powens.break_connection(201)
    powens.flush_webhooks()
    text = person.get("/sandbox/").text
    assert "http://127.0.0.1:1/a/connection-synced" in text
    assert "c4n4ry" not in text
    for secret in (powens.access_token, powens.webhook_secret, powens.client_secret):
        assert secret not in text


def test_who_came_last_is_first(powens, api, person):
    body = {"client_id": powens.client_id, "client_secret": powens.client_secret}
    newcomer = api.ask("POST", "/auth/init", json=body)
    api.headers["authorization"] = f"Bearer {newcomer['auth_token']}"
    (bank, *_) = api.ask("GET", "/connectors")["connectors"]
    fields = {"connector_uuid": bank["uuid"], "login": "camille", "password": "anything"}
    connection = api.ask("POST", "/users/me/connections", 201, json=fields)
    (account, *_) = api.ask("GET", "/users/me/accounts?all")["accounts"]
    api.ask("PUT", f"/users/me/accounts/{account['id']}?all", json={"disabled": False})
    page = look(person)
    assert page.form("transaction")["id_account"] == str(account["id"])
    assert page.form("connection")["id_connection"] == str(connection["id"])
    headings = re.findall(r"User (\d+), permanent", page.text)
    assert headings == [str(newcomer["id_user"]), str(powens.user_id)]


def test_many_users_are_not_all_shown(powens, api, person):
    body = {"client_id": powens.client_id, "client_secret": powens.client_secret}
    last = [api.ask("POST", "/auth/init", json=body)["id_user"] for _ in range(25)][-1]
    text = look(person).text
    assert "These are 20 of 26 users." in text
    assert f"User {last}, permanent" in text
    assert "No connections." in text
    assert f"User {powens.user_id}, permanent" not in text
