"""The example in Django, as a process of its own, walked through as a browser does."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from powens import PowensClient
from powens.models import (
    Connection,
    ConnectionDeletedEvent,
    ConnectionSyncedEvent,
    User,
    UserDeletedEvent,
)
from powens.sandbox import Fault, Sandbox
from powens.testing import build, sign_webhook

from .walking import Browser, Page

APP = Path(__file__).parents[2] / "examples" / "django_app"
PATIENCE = 30  # seconds after which a process that should have ended will not


class Site:
    """The site, and the Powens it talks to."""

    def __init__(self, sandbox: Sandbox, env: dict[str, str]) -> None:
        self.sandbox, self.env = sandbox, env
        self.log = Path(env["DJANGO_DATABASE"]).with_name("log")
        self.powens = PowensClient(
            base_url=sandbox.base_url,
            client_id=sandbox.client_id,
            client_secret=sandbox.client_secret,
        )
        self.clients = contextlib.ExitStack()
        self.clients.enter_context(self.powens)

    def browser(self):
        """Somebody comes along."""
        http = httpx.Client(base_url=self.origin, timeout=PATIENCE)
        return Browser(self.clients.enter_context(http))

    def manage(self, *command, env=None):
        """Run a command of the site to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=APP,
            env=env or self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def database(self, query, *values):
        with contextlib.closing(sqlite3.connect(self.env["DJANGO_DATABASE"])) as database:
            found = database.execute(query, values).fetchall()
            database.commit()
            return found

    def token(self, browser):
        """Give the token that the site keeps for whoever sits at a browser."""
        name = browser.get("/").text.partition("Hello ")[2].partition(".")[0]
        ((token,),) = self.database(
            "SELECT token FROM bank_customer JOIN auth_user ON user_id = auth_user.id"
            " WHERE first_name = ?",
            name,
        )
        return token

    def as_user(self, browser):
        return self.powens.with_options(access_token=self.token(browser))

    def connect(self, browser, bank="Banque des Alizés"):
        """Connect a bank as the webview does, and come back."""
        url = httpx.URL(browser.press("Connect a bank").headers["location"])
        if code := url.params.get("code"):
            token, back = self.powens.auth.exchange_code(code=code).token, {}
        else:
            token = self.powens.auth.init_user(client_id=None, client_secret=None).token
        user = self.powens.with_options(access_token=token)
        connector = next(each for each in user.connectors.list() if each.name == bank)
        connection = user.connections.create(
            connector_uuid=connector.uuid, fields={"login": "camille", "password": "secret"}
        )
        for account in user.accounts.list(connection_id=connection.id, include_all=True):
            user.accounts.update(account_id=account.id, disabled=False, include_all=True)
        if not code:
            back = {"code": user.auth.generate_code().code}
        answer = browser.http.get(
            url.params["redirect_uri"],
            params={"state": url.params["state"], "connection_id": connection.id, **back},
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        return connection.id

    def send(self, path, event, *, secret=None):
        """Send a webhook; gives the status of the answer."""
        sent = sign_webhook(secret or self.sandbox.webhook_secret, event, path=path)
        return httpx.post(self.origin + path, content=sent.body, headers=sent.headers).status_code


@contextlib.contextmanager
def serve(sandbox: Sandbox, folder: Path) -> Iterator[Site]:
    """Serve the site by its own command."""
    site = Site(
        sandbox,
        {
            **{name: value for name, value in os.environ.items() if "POWENS" not in name},
            **sandbox.environment,
            "DJANGO_DATABASE": str(folder / "db.sqlite3"),
            "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
    )
    command = [sys.executable, "manage.py", "demo", "--port", "0"]
    with (
        site.log.open("w") as log,
        subprocess.Popen(
            command, cwd=APP, env=site.env, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            for line in process.stdout:
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    site.origin = found[0]
                    break
            else:
                raise AssertionError(site.log.read_text())
            with site.clients:
                yield site
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, which all tests share."""
    with Sandbox() as sandbox, serve(sandbox, tmp_path_factory.mktemp("django")) as site:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    """The site, with nothing going wrong yet."""
    running.sandbox.clear_faults()
    return running


_names = iter(range(10_000))


@pytest.fixture
def browser(site: Site) -> Browser:
    """The browser of somebody who has signed in."""
    return site.browser().start(f"Camille {next(_names)}")


def amount(transaction):
    value = transaction.value if transaction.value is not None else transaction.gross_value
    return f"{value:+,.2f} EUR"


def account_of(browser, name="Compte courant"):
    return browser.get("/").links[name]


# --- The journey -----------------------------------------------------------------------------


def test_somebody_new_signs_in(site):
    browser = site.browser()
    page = browser.get("/")
    assert page.headings == ["Your accounts in one place"]
    assert page.form("Start")["labels"] == ["Your name"]
    answer = browser.press("Start", name="Ada <b>")
    cookie = next(each for each in answer.headers.get_list("set-cookie") if "sessionid" in each)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = browser.get("/")
    assert page.headings == ["Your accounts"]
    assert "Hello Ada <b>." in page.text
    assert "No bank is connected yet." in page.text
    assert page.answer.headers["cache-control"].count("no-store")


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_a_name_that_is_none(site, name):
    answer = site.browser().press("Start", name=name)
    assert answer.status_code == 400
    assert 'class="errorlist"' in answer.text


@pytest.mark.parametrize("path", ["/accounts/1", "/delete"])
def test_pages_are_for_those_who_signed_in(site, path):
    page = site.browser().get(path)
    assert page.headings == ["Your accounts in one place"]


def test_connects_a_bank(site, browser):
    location = httpx.URL(browser.press("Connect a bank").headers["location"])
    assert location.params["redirect_uri"] == f"{site.origin}/callback"
    assert "code" not in location.params
    site.connect(browser)
    page = browser.get("/")
    assert page.headings == ["Your accounts", "Banque des Alizés", "Total", "Latest movements"]
    assert "Up to date" in page.text
    accounts = site.as_user(browser).accounts.list_all()
    assert page.movements == [
        [
            each.name,
            each.type.capitalize(),
            f"•••• {(each.iban or each.number)[-4:]}",
            f"{each.balance:,.2f} {each.currency.id}",
        ]
        for each in accounts
    ]
    for currency, total in accounts.balances.items():
        assert f"{total:,.2f} {currency}" in page.text
    assert all(each.iban not in page.answer.text for each in accounts if each.iban)


def test_connects_another_bank_as_the_same_user(site, browser):
    site.connect(browser)
    token = site.token(browser)
    site.connect(browser, "Comptoir Tramontane")
    assert site.token(browser) == token
    page = browser.get("/")
    assert page.headings[1:3] == ["Banque des Alizés", "Comptoir Tramontane"]
    assert "is asked again later" in page.text
    assert not page.alerts


def test_transactions_of_a_bank_that_comes_later_are_read(site, browser):
    site.connect(browser)
    site.connect(browser)
    ids = site.database(
        "SELECT bank_transaction.id FROM bank_transaction"
        " JOIN bank_account ON account_id = bank_account.id"
        " JOIN bank_connection ON connection_id = bank_connection.id"
        " JOIN bank_customer ON customer_id = bank_customer.id WHERE token = ?",
        site.token(browser),
    )
    everything = site.as_user(browser).transactions.list(include_all=True)
    assert sorted(row[0] for row in ids) == sorted(each.id for each in everything)


def test_nothing_secret_is_shown_or_logged(site, browser):
    connection = site.connect(browser)
    account = account_of(browser)
    pages = browser.get("/").answer.text + browser.get(account).answer.text
    browser.get("/callback", code="c0de-canary", state="st4te-canary")
    site.sandbox.add_fault(Fault(status=500, times=1))
    browser.get(account)
    log = site.log.read_text()
    assert f"GET {account} " in log
    assert "PowensServerError" not in pages
    secrets = [site.token(browser), site.sandbox.client_secret, site.sandbox.webhook_secret]
    for each in [*secrets, "c0de-canary", "st4te-canary", f"connection_id={connection}"]:
        assert each not in log
        assert each not in pages


def test_the_whole_journey(tmp_path):
    """Through the webview that people see, with the webhooks that Powens sends."""
    with Sandbox() as sandbox, serve(sandbox, tmp_path) as site:
        sandbox.send_webhooks_to(f"{site.origin}/powens")
        browser = site.browser().start("Ada")
        page = browser.walk("Connect a bank")
        page = browser.walk("Accept and continue", page)
        page = browser.walk("Crédit Lumière", page)
        page = browser.walk("Log in", page, login="ada", password="any")
        page = browser.walk("Continue", page, otp="123456")
        page = browser.walk("Share", page)
        assert page.answer.url == f"{site.origin}/"
        assert page.headings[:2] == ["Your accounts", "Crédit Lumière"]

        path = account_of(browser)
        sandbox.add_transaction(int(path.rpartition("/")[2]), value=1234, wording="Found a purse")
        assert sandbox.flush_webhooks() == 0
        page = browser.get("/")
        assert "New data arrived at" in page.text
        assert "Found a purse +1,234.00 EUR" in page.text
        assert any(row[1] == "Found a purse" for row in browser.get(path).movements)

        ((connection,),) = site.database("SELECT id FROM bank_connection")
        sandbox.break_connection(connection, "wrongpass")
        assert sandbox.flush_webhooks() == 0
        assert browser.get("/").alerts

        assert "Everything was deleted." in browser.walk("Delete everything", "/delete").text
        assert sandbox.flush_webhooks() == 0
        assert site.database("SELECT * FROM bank_customer") == []
        assert "Traceback" not in site.log.read_text()


# --- The way back from the webview -----------------------------------------------------------


@pytest.mark.parametrize("state", [None, "", "forged", "é"])
def test_a_forged_state(site, browser, state):
    real = browser.state()
    page = browser.get("/callback", **({} if state is None else {"state": state}), code="1")
    assert page.status == 400
    assert page.headings == ["This link is not valid any more"]
    assert not site.token(browser)
    assert browser.get("/callback", state=real, error="access_denied").status == 200


def test_a_state_works_once_and_for_its_browser_only(site, browser):
    state = browser.state()
    stranger = site.browser().start("Stranger")
    assert stranger.get("/callback", state=state, error="access_denied").status == 400
    assert browser.get("/callback", state=state, error="access_denied").status == 200
    assert browser.get("/callback", state=state, error="access_denied").status == 400


@pytest.mark.parametrize(
    ("error", "heading"),
    [
        ("access_denied", "You did not connect a bank"),
        ("tos_declined", "You did not connect a bank"),
        ("server_error", "The bank could not be connected"),
        ("session_expired", "The bank could not be connected"),
        ("<b>news</b>", "The bank could not be connected"),
    ],
)
def test_the_webview_ends_in_an_error(browser, error, heading):
    page = browser.get("/callback", state=browser.state(), error=error)
    assert page.headings == [heading]
    assert page.form("Try again")["action"] == "/connect"


def test_a_code_that_is_none(site, browser):
    page = browser.get("/callback", state=browser.state(), code="nonsense")
    assert page.status == 403
    assert not site.token(browser)


def test_comes_back_with_nothing(browser):
    page = browser.get("/callback", state=browser.state(), connection_id="nonsense")
    assert page.headings == ["The bank could not be connected"]


def test_a_bank_waits_for_the_customer(site, browser):
    connection = site.connect(browser, "Sparhaus Elbtal")
    (alert,) = browser.get("/").alerts
    assert alert.startswith("The bank asks you to identify yourself again.")
    url = httpx.URL(browser.press("Repair").headers["location"])
    assert url.path.endswith("/reconnect")
    assert url.params["connection_id"] == str(connection)
    site.as_user(browser).connections.update(connection_id=connection)
    browser.get("/callback", state=url.params["state"])
    page = browser.get("/")
    assert not page.alerts
    assert "Up to date" in page.text


# --- An account ------------------------------------------------------------------------------


def test_shows_an_account(site, browser):
    site.connect(browser)
    path = account_of(browser)
    page = browser.get(path)
    user = site.as_user(browser)
    shown = user.accounts.get(account_id=int(path.rpartition("/")[2]))
    first = user.transactions.list(
        account_id=shown.id, limit=25, filter="date", expand="categories"
    ).first_page()
    assert page.headings == ["Compte courant", "Transactions"]
    assert f"{shown.balance:,.2f} EUR" in page.text
    assert [row[3] for row in page.movements] == [amount(each) for each in first]
    assert [row[1].removesuffix(" (not booked yet)") for row in page.movements] == [
        each.wording for each in first
    ]
    assert page.movements[0][2] == first.items[0].categories[0].code.replace("_", " ").capitalize()
    incomes = [row[3] for row in page.rows if row and row[3].text.startswith("+")]
    assert incomes
    assert all("income" in cell.classes for cell in incomes)
    line = re.search(r'<polyline class="line" points="([^"]+)"', page.answer.text)[1].split()
    assert len(line) == 90
    assert "Balance of the last 90 days, in EUR" in page.text


def test_pages_through_all_transactions(site, browser):
    site.connect(browser)
    path = account_of(browser)
    user = site.as_user(browser)
    wanted = user.transactions.list(account_id=int(path.rpartition("/")[2]), income=False)
    rows, address = [], f"{path}?kind=expenses"
    while address:
        page = browser.get(address)
        rows += page.movements
        older = page.links.get("Older transactions")
        address = older and path + older
        assert len(page.movements) == 25 or address is None
    assert sorted(row[3] for row in rows) == sorted(amount(each) for each in wanted)


def test_filters(site, browser):
    site.connect(browser)
    path = account_of(browser)
    page = browser.get(path)
    assert page.form("Filter")["labels"] == ["Search", "From", "To", "Kind"]
    wording = page.movements[5][1].removesuffix(" (not booked yet)")
    found = browser.get(path, search=wording)
    assert found.movements
    assert all(wording in row[1] for row in found.movements)
    assert found.form("Filter")["fields"]["search"] == wording
    income = browser.get(path, kind="income").movements
    assert income
    assert all(row[3].startswith("+") for row in income)
    some = browser.get(path, min_date="2026-01-10", max_date="2026-01-12").movements
    assert some
    assert {row[0] for row in some} <= {"10 Jan 2026", "11 Jan 2026", "12 Jan 2026"}
    nothing = browser.get(path, search="no such thing")
    assert nothing.status == 200
    assert "No transactions found." in nothing.text


@pytest.mark.parametrize("field", [{"min_date": "soon"}, {"kind": "all or nothing"}])
def test_a_filter_that_is_none(site, browser, field):
    site.connect(browser)
    page = browser.get(account_of(browser), **field)
    assert page.status == 400
    assert 'class="errorlist"' in page.answer.text


def test_a_cursor_that_is_not_of_this_account(site, browser):
    site.connect(browser)
    path, other = account_of(browser), account_of(browser, "Compte épargne")
    cursor = httpx.URL(site.origin + path + browser.get(path).links["Older transactions"]).params
    assert browser.get(path, cursor=cursor["cursor"]).status == 200
    asked = len(site.sandbox.requests)
    for place, text in [
        (path, "nonsense"),
        (path, ""),
        (path, cursor["cursor"][:-2]),
        (other, cursor["cursor"]),
        (path, f"{site.sandbox.base_url}/users/me/accounts/1/transactions"),
    ]:
        page = browser.get(place, cursor=text)
        assert page.status == 400
        assert page.headings == ["This link is not valid any more"]
    assert len(site.sandbox.requests) == asked


def test_nobody_sees_the_accounts_of_others(site, browser):
    connection = site.connect(browser)
    path = account_of(browser)
    stranger = site.browser().start("Stranger")
    site.connect(stranger)
    page = stranger.get(path)
    assert page.status == 404
    assert page.headings == ["There is no such page"]
    token = stranger.get("/").form("Connect a bank")["fields"]
    assert stranger.http.post(f"/connections/{connection}/repair", data=token).status_code == 404
    mine, others = (set(each.get("/").links.values()) for each in (browser, stranger))
    assert {each for each in mine & others if each.startswith("/accounts/")} == set()


@pytest.mark.parametrize("path", ["/start", "/connect", "/connections/1/repair", "/delete"])
def test_forged_forms_are_refused(site, browser, path):
    site.connect(browser)
    answer = browser.http.post(path, data={"name": "Mallory"})
    assert answer.status_code == 403
    assert Page(answer).headings == ["This form is not valid any more"]
    assert browser.get("/").headings[1] == "Banque des Alizés"


# --- When Powens fails -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "heading"),
    [
        ({"status": 503}, 503, "The banks cannot be reached right now"),
        ({"status": 500}, 503, "The banks cannot be reached right now"),
        ({"cut": "before"}, 503, "The banks cannot be reached right now"),
        ({"malformed": True}, 502, "Something went wrong"),
        ({"status": 401}, 403, "Your access to the banks has ended"),
        ({"status": 403}, 403, "Your access to the banks has ended"),
        ({"status": 404}, 404, "There is no such page"),
        ({"status": 429, "headers": {"Retry-After": "40"}}, 429, "Too many requests"),
    ],
)
def test_an_error_of_powens_is_a_page(site, browser, fault, status, heading):
    site.connect(browser)
    path = account_of(browser)
    site.sandbox.add_fault(Fault(path="/users/me/accounts/*", times=2, **fault))
    page = browser.get(path, search="a")
    assert page.status == status
    assert page.headings == [heading]
    if status == 503:
        assert page.links["Try again"] == f"{path}?search=a"
    if status == 429:
        assert "come back in 40 seconds" in page.text
        assert page.answer.headers["retry-after"] == "40"
    site.sandbox.clear_faults()
    assert browser.get(path).status == 200


def test_powens_fails_as_somebody_comes_back(site, browser):
    state = browser.state()
    user = site.powens.with_options(access_token=site.powens.auth.init_user().token)
    code = user.auth.generate_code().code
    bank = next(iter(user.connectors.list()))
    user.connections.create(connector_uuid=bank.uuid, fields={"login": "a", "password": "b"})
    site.sandbox.add_fault(Fault(path="/users/me/connections", status=500))
    page = browser.get("/callback", state=state, code=code)
    assert page.status == 503
    assert page.links["Try again"] == "/"
    assert code not in page.answer.text
    assert bank.name in browser.get("/").headings


def test_the_home_page_needs_no_powens(site, browser):
    site.connect(browser)
    site.sandbox.add_fault(Fault(status=503, times=None))
    assert "Banque des Alizés" in browser.get("/").headings


def test_a_token_that_ended_is_renewed(site, browser):
    site.connect(browser)
    token, path = site.token(browser), account_of(browser)
    site.as_user(browser).auth.revoke_token()
    page = browser.get(path)
    assert page.status == 403
    assert page.form("Connect again")["action"] == "/connect"
    me = site.database("SELECT powens_id FROM bank_customer WHERE token = ?", token)
    site.connect(browser)
    assert site.token(browser) != token
    assert [(site.as_user(browser).users.me().id,)] == me


def test_a_user_that_is_gone_begins_anew(site, browser):
    site.connect(browser)
    site.as_user(browser).users.delete(user_id="me")
    assert "code" not in httpx.URL(browser.press("Connect a bank").headers["location"]).params
    site.connect(browser)
    assert browser.get(account_of(browser)).status == 200


# --- Webhooks --------------------------------------------------------------------------------


def synced(site, browser, number):
    user = site.as_user(browser).users.me()
    return build(
        ConnectionSyncedEvent,
        user=build(User, id=user.id),
        connection=build(Connection, id=1),
        id_webhook_data=number,
    )


def test_new_data_arrives(site, browser):
    connection = site.connect(browser)
    user = site.as_user(browser)
    assert "New data arrived" not in browser.get("/").text
    newest = next(iter(user.transactions.list(max_date="2026-01-30")))
    user.transactions.update(transaction_id=newest.id, wording="Moved house")
    assert site.send("/powens/connection-synced", synced(site, browser, 71)) == 204
    assert re.search(r"New data arrived at \d\d:\d\d", browser.get("/").text)
    assert site.database("SELECT wording FROM bank_transaction WHERE id = ?", newest.id) == [
        ("Moved house",)
    ]
    site.sandbox.clear_requests()
    assert site.send("/powens/connection-synced", synced(site, browser, 71)) == 204
    assert [each.path for each in site.sandbox.requests] == ["/users/me"]  # ours
    user.connections.delete(connection_id=connection)
    assert site.database("SELECT id FROM bank_connection WHERE id = ?", connection)
    deleted = build(ConnectionDeletedEvent, id=connection, id_webhook_data=72)
    assert site.send("/powens/connection-deleted", deleted) == 204
    assert not site.database("SELECT id FROM bank_connection WHERE id = ?", connection)
    assert "No bank is connected yet." in browser.get("/").text


def test_what_failed_is_done_when_it_comes_again(site, browser):
    site.connect(browser)
    event = synced(site, browser, 73)
    site.sandbox.add_fault(Fault(status=500))
    assert site.send("/powens/connection-synced", event) == 503
    assert "New data arrived" not in browser.get("/").text
    assert site.send("/powens/connection-synced", event) == 204
    assert "New data arrived" in browser.get("/").text


def test_a_token_that_ended_holds_up_no_webhooks(site, browser):
    site.connect(browser)
    event = synced(site, browser, 74)
    site.as_user(browser).auth.revoke_token()
    assert site.send("/powens/connection-synced", event) == 204
    assert "New data arrived" not in browser.get("/").text


def test_a_user_was_deleted(site, browser):
    site.connect(browser)
    user_id = site.as_user(browser).users.me().id
    deleted = build(UserDeletedEvent, id=user_id, id_webhook_data=75)
    assert site.send("/powens/user-deleted", deleted) == 204
    assert "No bank is connected yet." in browser.get("/").text
    assert not site.token(browser)
    assert site.send("/powens/user-deleted", deleted) == 204


@pytest.mark.parametrize("path", ["connection-synced", "connection-deleted", "user-deleted"])
def test_forged_webhooks_are_refused(site, browser, path):
    connection = site.connect(browser)
    event = {
        "connection-synced": synced(site, browser, 76),
        "connection-deleted": build(ConnectionDeletedEvent, id=connection),
        "user-deleted": build(UserDeletedEvent, id=site.as_user(browser).users.me().id),
    }[path]
    assert site.send(f"/powens/{path}", event, secret="forged") == 400
    page = browser.get("/")
    assert "Banque des Alizés" in page.headings
    assert "New data arrived" not in page.text


# --- The end ---------------------------------------------------------------------------------


def test_deletes_everything(site, browser):
    site.connect(browser)
    user = site.as_user(browser)
    user_id = user.users.me().id
    assert browser.get("/").links["Delete my data"] == "/delete"
    assert browser.get("/delete").headings == ["Delete my data"]
    answer = browser.press("Delete everything", on="/delete")
    assert answer.status_code == 303
    assert browser.get(answer.headers["location"]).headings == ["Everything was deleted."]
    admin = site.powens.with_options(access_token=site.sandbox.users_token)
    assert user_id not in {each.id for each in admin.users.list()}
    for table in ("bank_connection", "bank_account", "bank_transaction", "bank_customer"):
        whose = {
            "bank_connection": "customer_id IN (SELECT id FROM bank_customer WHERE powens_id = ?)",
            "bank_account": "connection_id NOT IN (SELECT id FROM bank_connection) OR 0 = ?",
            "bank_transaction": "account_id NOT IN (SELECT id FROM bank_account) OR 0 = ?",
            "bank_customer": "powens_id = ?",
        }[table]
        assert site.database(f"SELECT id FROM {table} WHERE {whose}", user_id) == []
    assert browser.get("/").headings == ["Your accounts in one place"]


def test_deletes_with_a_token_that_ended(site, browser):
    site.connect(browser)
    user_id = site.as_user(browser).users.me().id
    site.as_user(browser).auth.revoke_token()
    assert browser.press("Delete everything", on="/delete").status_code == 303
    admin = site.powens.with_options(access_token=site.sandbox.users_token)
    assert user_id not in {each.id for each in admin.users.list()}


def test_nothing_is_deleted_here_while_powens_cannot(site, browser):
    site.connect(browser)
    site.sandbox.add_fault(Fault(method="DELETE", status=500))
    assert browser.press("Delete everything", on="/delete").status_code == 503
    assert "Banque des Alizés" in browser.get("/").headings


# --- Commands --------------------------------------------------------------------------------


def customer_of(site, browser):
    ((number,),) = site.database(
        "SELECT id FROM bank_customer WHERE token = ?", site.token(browser)
    )
    return str(number)


def test_sync_banks_reads_what_changed(site, browser):
    site.connect(browser)
    number, user = customer_of(site, browser), site.as_user(browser)
    newest = next(iter(user.transactions.list(max_date="2026-01-30")))
    user.transactions.update(transaction_id=newest.id, wording="A new roof")
    done = site.manage("sync_banks", "--customer", number)
    assert (done.returncode, done.stdout) == (0, "1 transactions read\n")
    everything = user.transactions.list(include_all=True).to_list()
    done = site.manage("sync_banks", "--customer", number, "--full")
    assert done.stdout == f"{len(everything)} transactions read\n"
    rows = site.database(
        "SELECT bank_transaction.id, value, deleted FROM bank_transaction"
        " JOIN bank_account ON account_id = bank_account.id"
        " JOIN bank_connection ON connection_id = bank_connection.id WHERE customer_id = ?",
        number,
    )
    assert sorted(row[0] for row in rows) == sorted(each.id for each in everything)
    assert sum(row[2] for row in rows) == sum(bool(each.deleted) for each in everything) > 0


INTERRUPTED = """
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from bank.models import Customer, Transaction
call_command("migrate", verbosity=0)
Customer.objects.create(user=get_user_model().objects.create_user("ada"), token={token!r})
try:
    call_command("sync_banks")
except CommandError as error:
    print(error)
print(Transaction.objects.count())
call_command("sync_banks")
print(Transaction.objects.count())
"""


def test_sync_banks_goes_on_where_it_was_interrupted(site, tmp_path):
    with Sandbox(transactions=2500) as powens:
        path = "/users/me/accounts/*/transactions"
        powens.add_fault(Fault(path=path, skip=1, times=1, status=500))
        env = {"POWENS_BASE_URL": powens.base_url, "DJANGO_DATABASE": str(tmp_path / "db")}
        script = INTERRUPTED.format(token=powens.access_token)
        done = site.manage("shell", "-v", "0", "-c", script, env=site.env | env)
        assert done.returncode == 0, done.stderr
        with PowensClient(base_url=powens.base_url, access_token=powens.access_token) as client:
            count = len(client.transactions.list(include_all=True).to_list())
    assert done.stdout.splitlines() == [
        "1000 transactions read",
        "1 of 1 customers are not up to date",
        "1000",
        f"{count - 1000} transactions read",
        str(count),
    ]


def test_sync_banks_says_what_failed(site, browser):
    site.connect(browser)
    number, token = customer_of(site, browser), site.token(browser)
    site.sandbox.add_fault(Fault(status=500))
    done = site.manage("sync_banks", "--customer", number)
    assert done.returncode == 1
    assert "1 of 1 customers are not up to date" in done.stderr
    assert "PowensServerError" in done.stderr or "500" in done.stderr
    assert token not in done.stdout + done.stderr


def test_sync_banks_of_nobody(site):
    done = site.manage("sync_banks", "--customer", "987654")
    assert done.returncode == 1
    assert "no connected customer 987654" in done.stderr


INTERRUPT = """
import signal
from django.core.management import call_command
from bank.management.commands import sync_banks
sync_banks.pull = lambda *_, **__: signal.raise_signal(signal.SIGINT)
call_command("sync_banks")
"""


def test_sync_banks_is_interrupted(site, browser):
    site.connect(browser)
    done = site.manage("shell", "-v", "0", "-c", INTERRUPT)
    assert done.returncode == 130
    assert done.stdout == ""
    assert "interrupted; run it again to go on" in done.stderr


def test_demo_empties_no_real_database(site):
    env = {**site.env, "POWENS_BASE_URL": "", "POWENS_DOMAIN": "example"}
    done = site.manage("demo", env=env)
    assert done.returncode == 1
    assert "demo empties the database" in done.stderr


def test_migrations_are_complete(site):
    done = site.manage("makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout


def test_staff_sees_no_token(site, browser):
    site.connect(browser)
    done = site.manage("shell", "-c", SHOWS_ADMIN)
    assert done.returncode == 0, done.stderr
    assert "Powens id" in done.stdout
    assert site.token(browser) not in done.stdout


SHOWS_ADMIN = """
from django.contrib.auth import get_user_model
from django.test import Client
from bank.models import Customer
client = Client(headers={"host": "localhost"})
client.force_login(get_user_model().objects.create_superuser("root"))
for customer in Customer.objects.exclude(token=""):
    print(client.get("/admin/bank/customer/").content.decode())
    print(client.get(f"/admin/bank/customer/{customer.pk}/change/").content.decode())
"""
