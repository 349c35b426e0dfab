"""The same journey through both apps, as a browser makes it, against a sandbox."""

from __future__ import annotations

import datetime as dt
import html
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from anyio.from_thread import start_blocking_portal

from powens import ConnectionDeletedEvent, ConnectionSyncedEvent, PowensClient, UserDeletedEvent
from powens.sandbox import Fault, Sandbox
from powens.testing import build, sign_webhook

SECRET = "webhook-c4n4ry"
ORIGIN = "http://app.example"
WEBVIEW = "http://webview.example"
ALIZES, ALMENDRO = 1, 8  # a bank that connects at once, and one whose password has expired


class Answer:
    """An answer as a person sees it."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.location = response.headers.get("location", "")
        self.headers = response.headers
        self.text = html.unescape(response.text)

    @property
    def title(self) -> str:
        """The heading of the page."""
        (title,) = re.findall(r"<h1>(.*?)</h1>", self.text)
        return title

    @property
    def query(self) -> dict[str, str]:
        """What the address that is led to carries."""
        return {name: value for name, (value,) in parse_qs(urlsplit(self.location).query).items()}

    def link(self, text: str) -> str:
        """Where a link leads."""
        (target,) = re.findall(rf'<a href="([^"]*)">{text}</a>', self.text)
        return target


class Browser:
    """Keeps cookies, follows nothing, and sends the forms that it saw."""

    def __init__(self, send: Callable[..., httpx.Response]) -> None:
        self._send = send
        self._csrf = ""

    def get(self, path: str, **params: object) -> Answer:
        """Open a page."""
        return self._read(self._send("GET", path, params=params or None))

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form of the page that was seen last."""
        return self._read(self._send("POST", path, data={"csrf": self._csrf, **fields}))

    def _read(self, response: httpx.Response) -> Answer:
        for token in re.findall(r'name="csrf" value="([^"]+)"', response.text):
            self._csrf = token
        return Answer(response)

    def start(self, name: str) -> Answer:
        """Sign in."""
        self.get("/")
        assert self.post("/start", name=name).status == 303
        return self.get("/")


class Example:
    """An example that runs: visit it with browsers, or be the server that sends it webhooks."""

    def __init__(self, browse: Callable[[], Callable[..., httpx.Response]]) -> None:
        self._browse = browse

    def browser(self) -> Browser:
        """A browser that was never here."""
        return Browser(self._browse())

    def receive(self, event: object, *, path: str, secret: str = SECRET) -> int:
        """Send a webhook, and give the status."""
        signed = sign_webhook(secret, event, path=path)
        return self._browse()("POST", path, content=signed.body, headers=signed.headers).status_code


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(transactions=200) as sandbox:
        yield sandbox


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    return {
        "APP_DATABASE": str(tmp_path / "app.db"),
        "POWENS_BASE_URL": sandbox.base_url,
        "POWENS_CLIENT_ID": sandbox.client_id,
        "POWENS_CLIENT_SECRET": sandbox.client_secret,
        "POWENS_WEBVIEW_URL": WEBVIEW,
        "POWENS_WEBHOOK_SECRET": SECRET,
    }


def run_flask(settings: dict[str, str], running: ExitStack) -> Example:
    from flask_app.app import create_app

    app = create_app(settings)
    running.callback(app.extensions["powens"].close)

    def browse() -> Callable[..., httpx.Response]:
        transport = httpx.WSGITransport(app)
        return running.enter_context(httpx.Client(transport=transport, base_url=ORIGIN)).request

    return Example(browse)


def run_fastapi(settings: dict[str, str], running: ExitStack) -> Example:
    from fastapi_app.app import create_app

    app = create_app(settings)
    portal = running.enter_context(start_blocking_portal())
    running.enter_context(
        portal.wrap_async_context_manager(app.router.lifespan_context(app)),
    )

    def browse() -> Callable[..., httpx.Response]:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)
        running.enter_context(portal.wrap_async_context_manager(client))
        return lambda *args, **kwargs: portal.call(partial(client.request, *args, **kwargs))

    return Example(browse)


@pytest.fixture(params=[run_flask, run_fastapi], ids=["flask", "fastapi"])
def app(
    request: pytest.FixtureRequest, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Example]:
    with ExitStack() as running:
        yield request.param(settings, running)


@pytest.fixture
def powens(sandbox: Sandbox) -> Iterator[PowensClient]:
    with PowensClient(
        base_url=sandbox.base_url,
        client_id=sandbox.client_id,
        client_secret=sandbox.client_secret,
    ) as client:
        yield client


class Webview:
    """Does at the API what a person does in the webview."""

    def __init__(self, powens: PowensClient) -> None:
        self._powens = powens

    def connect(self, query: dict[str, str], *, bank: int = ALIZES) -> str:
        """Connect a bank with all its accounts; the address that the person comes back to."""
        brought = {}
        if code := query.get("code"):
            token = self._powens.auth.exchange_code(code=code).access_token
        else:
            made = self._powens.auth.init_user(client_id=None, client_secret=None)
            token = brought["code"] = made.auth_token
        user = self._powens.with_options(access_token=token)
        fields = {"login": "camille", "password": "correct"}
        connection = user.connections.create(id_connector=bank, fields=fields)
        for account in user.accounts.list_all(include_all=True):
            user.accounts.update(account_id=account.id, disabled=False, include_all=True)
        brought["connection_id"] = str(connection.id)
        return self.back(query, **brought)

    def back(self, query: dict[str, str], **brought: str) -> str:
        """The address that the person comes back to."""
        path = query["redirect_uri"].removeprefix(ORIGIN)
        return f"{path}?{urlencode({'state': query['state'], **brought})}"


@pytest.fixture
def webview(powens: PowensClient) -> Webview:
    return Webview(powens)


def connect(browser: Browser, webview: Webview, *, bank: int = ALIZES) -> Answer:
    """Connect a bank; the first page then."""
    sent = browser.post("/connect")
    back = browser.get(webview.connect(sent.query, bank=bank))
    assert (back.status, back.location) == (303, "/")
    return browser.get("/")


def first_account(home: Answer) -> str:
    return re.findall(r'href="(/accounts/\d+)"', home.text)[0]


# --- The journey ---------------------------------------------------------------------------------


def test_a_stranger_is_asked_for_a_name_and_then_for_a_bank(app: Example) -> None:
    browser = app.browser()
    stranger = browser.get("/")
    assert stranger.title == "Your accounts in one place"
    assert re.search(r'<label for="name">Your name</label>\s*<input id="name"', stranger.text)
    home = browser.start("Ada")
    assert home.title == "Your accounts"
    assert "No bank is connected yet." in home.text
    assert "<button>Connect a bank</button>" in home.text


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Example) -> None:
    cookie = app.browser().get("/").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_name_is_shown_as_text(app: Example) -> None:
    response = app.browser().start("<b>Ada")
    assert "<b>" not in response.text.replace("<b>Ada", "")
    assert "Hello <b>Ada" in response.text  # unescaped here: the markup itself is escaped


def test_connecting_shows_the_accounts_and_what_they_sum_up_to(
    app: Example, webview: Webview
) -> None:
    browser = app.browser()
    browser.start("Ada")
    home = connect(browser, webview)
    assert re.search(r"<h2[^>]*>Banque des Alizés</h2>", home.text)
    assert "Up to date" in home.text
    assert ">Compte courant</a>" in home.text
    assert re.search(r"<td>…\d{4}</td>", home.text)
    assert not re.search(r"FR\d{10}", home.text)
    assert "No bank is connected yet." not in home.text
    rows = [
        (float(a.replace(",", "")), c)
        for a, c in re.findall(r'"amount">(-?[\d,.]+) (\w+)<', home.text)
    ]
    totals = re.findall(r"<li>(-?[\d,.]+) (\w+)</li>", home.text)
    assert {code for _, code in totals} == {"EUR", "USD"}
    for total, code in totals:
        assert float(total.replace(",", "")) == pytest.approx(sum(a for a, c in rows if c == code))


def test_the_first_bank_makes_a_user_and_the_second_one_is_added_to_it(
    app: Example, webview: Webview, powens: PowensClient
) -> None:
    browser = app.browser()
    browser.start("Ada")
    sent = browser.post("/connect")
    assert sent.status == 303
    assert sent.location.startswith(f"{WEBVIEW}/en/connect?")
    assert sent.query["redirect_uri"] == f"{ORIGIN}/callback"
    assert "code" not in sent.query
    browser.get(webview.connect(sent.query))
    again = browser.post("/connect")
    assert "code" in again.query
    assert again.query["state"] != sent.query["state"]
    browser.get(webview.connect(again.query, bank=ALMENDRO))
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", browser.get("/").text) == [
        "Banque des Alizés", "Caja del Almendro", "Total",
    ]  # fmt: skip


def test_a_connection_that_waits_for_the_person_is_repaired_in_the_webview(
    app: Example, webview: Webview, sandbox: Sandbox
) -> None:
    browser = app.browser()
    browser.start("Ada")
    connect(browser, webview)
    (connection_id,) = re.findall(r'id="connection-(\d+)"', browser.get("/").text)
    assert 'role="alert"' not in browser.get("/").text
    sandbox.break_connection(int(connection_id), "SCARequired")
    home = browser.get("/")
    alert = re.search(r'role="alert">.*?Repair</button>', home.text, re.DOTALL)
    assert alert
    assert "Your bank wants to be sure that it is you" in alert[0]
    (target,) = re.findall(r'action="(/connections/\d+/repair)"', alert[0])
    sent = browser.post(target)
    assert sent.location.startswith(f"{WEBVIEW}/en/reconnect?")
    assert sent.query["connection_id"] == connection_id
    assert sent.query["code"]
    assert browser.get(webview.back(sent.query)).location == "/"


def test_an_account_shows_its_balance_a_chart_and_its_transactions(
    app: Example, webview: Webview
) -> None:
    browser = app.browser()
    browser.start("Ada")
    page = browser.get(first_account(connect(browser, webview)))
    assert page.title == "Compte courant"
    assert re.search(r'class="balance">[\d,]+\.\d\d EUR<', page.text)
    days = re.search(r'polyline class="line" points="([^"]+)"', page.text)
    assert days
    assert len(days[1].split()) == 91
    assert "<title" in page.text
    assert "From 2025-11-02 to 2026-01-31 the balance went from" in page.text
    dates = re.findall(r"<td><time>([\d-]+)</time>", page.text)
    assert len(dates) == 25
    assert dates == sorted(dates, reverse=True)
    assert re.search(r'class="amount income">\+[\d,]+\.\d\d EUR', page.text)
    assert re.search(r'class="amount">-[\d,]+\.\d\d EUR', page.text)
    assert "<td>Salary</td>" in page.text


def test_older_transactions_follow_page_by_page_with_the_filters(
    app: Example, webview: Webview, sandbox: Sandbox
) -> None:
    browser = app.browser()
    browser.start("Ada")
    path = first_account(connect(browser, webview))
    page, dates, pages = browser.get(path, kind="expenses"), [], 0
    while True:
        assert '<option value="expenses" selected>Expenses</option>' in page.text
        assert "amount income" not in page.text
        dates += re.findall(r"<td><time>([\d-]+)</time>", page.text)
        pages += 1
        if "Older transactions" not in page.text:
            break
        assert sandbox.base_url not in page.text
        page = browser.get(path + page.link("Older transactions"))
    assert pages > 1
    assert dates == sorted(dates, reverse=True)
    assert len(dates) > 25 * (pages - 1)


def test_filters_by_text_and_days(app: Example, webview: Webview) -> None:
    browser = app.browser()
    browser.start("Ada")
    path = first_account(connect(browser, webview))
    page = browser.get(path, **{"from": "2026-01-01", "to": "2026-01-10"})
    dates = re.findall(r"<td><time>([\d-]+)</time>", page.text)
    assert dates
    assert all("2026-01-01" <= date <= "2026-01-10" for date in dates)
    wording = re.findall(r"</time></td>\s*<td>(.*?)</td>", page.text)[0]
    found = browser.get(path, search=wording, kind="all", **{"from": "", "to": ""})
    wordings = re.findall(r"</time></td>\s*<td>(.*?)</td>", found.text)
    assert set(wordings) == {wording}
    assert f'value="{wording}"' in found.text
    assert "There are no transactions like that." in browser.get(path, search="no such").text


# --- What is forged or mistyped ------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "state=", "state=forged", "state=%C3%A9&code=x"])
def test_a_forged_state_is_refused_and_does_not_end_the_real_one(
    app: Example, webview: Webview, sandbox: Sandbox, query: str
) -> None:
    browser = app.browser()
    browser.start("Ada")
    sent = browser.post("/connect")
    forged = browser.get(f"/callback?{query}")
    assert (forged.status, forged.title) == (400, "This link is not valid any more")
    assert sandbox.requests == []
    assert browser.get(webview.connect(sent.query)).status == 303


def test_a_state_works_once_and_for_its_own_session_only(app: Example, webview: Webview) -> None:
    browser, other = app.browser(), app.browser()
    browser.start("Ada")
    other.start("Bob")
    other.post("/connect")
    back = webview.connect(browser.post("/connect").query)
    assert other.get(back).status == 400
    assert browser.get(back).status == 303
    assert browser.get(back).status == 400


@pytest.mark.parametrize("status", [400, 401, 403])
def test_an_invented_code_connects_nothing(
    app: Example, webview: Webview, sandbox: Sandbox, status: int
) -> None:
    browser = app.browser()
    browser.start("Ada")
    sent = browser.post("/connect")
    sandbox.add_fault(Fault(path="/auth/token/access", status=status))
    page = browser.get(webview.back(sent.query, code="invented", connection_id="1"))
    assert page.title == "The bank could not be connected"
    assert "No bank is connected yet." in browser.get("/").text


@pytest.mark.parametrize(
    ("error", "title"),
    [
        ("access_denied", "You did not connect a bank"),
        ("tos_declined", "You did not connect a bank"),
        ("server_error", "The bank could not be connected"),
        ("anything", "The bank could not be connected"),
    ],
)
def test_coming_back_without_a_bank(app: Example, webview: Webview, error: str, title: str) -> None:
    browser = app.browser()
    browser.start("Ada")
    sent = browser.post("/connect")
    page = browser.get(webview.back(sent.query, error=error, error_description="c4n4ry"))
    assert page.title == title
    assert "c4n4ry" not in page.text
    assert "<button>Try again</button>" in page.text
    assert browser.post("/connect").query["state"] != sent.query["state"]


def test_a_cursor_that_is_not_of_this_account_or_was_tampered_with_is_refused(
    app: Example, webview: Webview, sandbox: Sandbox
) -> None:
    browser = app.browser()
    browser.start("Ada")
    paths = re.findall(r'href="(/accounts/\d+)"', connect(browser, webview).text)
    older = browser.get(paths[0]).link("Older transactions")
    cursor = parse_qs(older.removeprefix("?"))["cursor"][0]
    address = f"{sandbox.base_url}/users/me{paths[0]}/transactions?limit=25"
    for path, forged in (
        (paths[0], "broken"), (paths[0], "é.x"), (paths[0], address), (paths[0], cursor[:-1]),
        (paths[0], f"A{cursor}"), (paths[1], cursor),
    ):  # fmt: skip
        page = browser.get(path, cursor=forged)
        assert (page.status, page.title) == (400, "This link is not valid any more")
    assert browser.get(paths[0], cursor=cursor).status == 200


def test_a_cursor_that_the_api_does_not_know_any_more_is_told_as_such(
    app: Example, webview: Webview, sandbox: Sandbox
) -> None:
    browser = app.browser()
    browser.start("Ada")
    path = first_account(connect(browser, webview))
    older = browser.get(path).link("Older transactions")
    sandbox.add_fault(Fault(path="*/transactions", status=400))
    page = browser.get(path + older)
    assert (page.status, page.title) == (400, "This link is not valid any more")


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "99999-01-01"])
def test_what_is_no_day_is_refused(app: Example, webview: Webview, day: str) -> None:
    browser = app.browser()
    browser.start("Ada")
    assert browser.get(first_account(connect(browser, webview)), to=day).status == 400


@pytest.mark.parametrize("path", ["/start", "/connect", "/connections/1/repair", "/delete"])
@pytest.mark.parametrize("token", [None, "", "forged", "é"])
def test_a_form_of_another_site_is_refused(
    app: Example, webview: Webview, powens: PowensClient, path: str, token: str | None
) -> None:
    browser = app.browser()
    browser.start("Ada")
    fields = {} if token is None else {"csrf": token}
    refused = Answer(browser._send("POST", path, data=fields))
    assert refused.status == 403
    assert "Hello Ada." in browser.get("/").text


def test_a_form_without_a_session_is_refused(app: Example) -> None:
    assert app.browser().post("/start", name="Ada").status == 403


def test_there_is_nothing_to_see_without_signing_in(app: Example) -> None:
    browser = app.browser()
    browser.get("/")
    for answer in (
        browser.get("/accounts/1001"), browser.get("/delete"), browser.post("/connect"),
        browser.post("/connections/201/repair"), browser.post("/delete"),
    ):  # fmt: skip
        assert (answer.status, answer.location) == (303, "/")
    assert browser.get("/callback").status == 400
    nowhere = browser.get("/nowhere")
    assert (nowhere.status, nowhere.title) == (404, "There is no such page")


def test_two_users_never_see_each_others_accounts(app: Example, webview: Webview) -> None:
    ada, bob = app.browser(), app.browser()
    ada.start("Ada")
    bob.start("Bob")
    of_ada, of_bob = connect(ada, webview), connect(bob, webview)
    assert first_account(of_ada) != first_account(of_bob)
    for browser, home in ((ada, of_bob), (bob, of_ada)):
        page = browser.get(first_account(home))
        assert (page.status, page.title) == (404, "There is no such page")
        assert "EUR" not in page.text
    assert app.browser().start("Ada").text.count("<h2") == of_ada.text.count("<h2")


# --- When the API does not do what it should -----------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503}, {"status": 500}, {"status": 502, "body": "c4n4ry"}, {"cut": "before"},
        {"malformed": True},
    ],
    ids=str,
)  # fmt: skip
def test_an_outage_is_told_as_one(
    app: Example,
    webview: Webview,
    sandbox: Sandbox,
    fault: dict[str, object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    browser = app.browser()
    browser.start("Ada")
    path = first_account(connect(browser, webview))
    sandbox.add_fault(Fault(times=None, **fault))
    for asked, again in (("/", "/"), (f"{path}?kind=income", f"{path}?kind=income")):
        page = browser.get(asked)
        assert (page.status, page.title) == (503, "The banks cannot be reached right now")
        assert page.link("Try again") == again
        assert "c4n4ry" not in page.text
    assert "Powens" in caplog.text
    assert "c4n4ry" not in caplog.text
    sandbox.clear_faults()
    assert browser.get(path).status == 200


def test_an_open_breaker_is_told_as_an_outage_and_spares_the_api(
    app: Example, webview: Webview, sandbox: Sandbox
) -> None:
    browser = app.browser()
    browser.start("Ada")
    connect(browser, webview)
    sandbox.add_fault(Fault(times=None, cut="before"))
    for _ in range(3):
        browser.get("/")
    sandbox.clear_requests()
    page = browser.get("/")
    assert (page.status, page.title) == (503, "The banks cannot be reached right now")
    assert sandbox.requests == []


def test_an_outage_while_coming_back_shows_no_code(
    app: Example, webview: Webview, sandbox: Sandbox
) -> None:
    browser = app.browser()
    browser.start("Ada")
    back = webview.connect(browser.post("/connect").query)
    sandbox.add_fault(Fault(times=None, status=503))
    page = browser.get(back)
    assert (page.status, page.link("Try again")) == (503, "/")
    assert "code" not in page.text


def test_a_token_is_kept_though_its_user_cannot_be_asked_for_yet(
    app: Example, webview: Webview, sandbox: Sandbox
) -> None:
    browser = app.browser()
    browser.start("Ada")
    back = webview.connect(browser.post("/connect").query)
    sandbox.add_fault(Fault(times=None, path="/users/me", status=503))
    assert browser.get(back).status == 503
    sandbox.clear_faults()
    assert "Banque des Alizés" in browser.get("/").text


def test_a_rate_limit_says_when_to_come_back(
    app: Example, webview: Webview, sandbox: Sandbox
) -> None:
    browser = app.browser()
    browser.start("Ada")
    connect(browser, webview)
    sandbox.add_fault(Fault(times=None, status=429, headers={"Retry-After": "42"}))
    page = browser.get("/")
    assert (page.status, page.headers["retry-after"]) == (429, "42")
    assert "Please come back in 42 seconds." in page.text


def test_a_token_that_is_not_valid_any_more_is_renewed_by_connecting_again(
    app: Example, webview: Webview, sandbox: Sandbox
) -> None:
    browser = app.browser()
    browser.start("Ada")
    connect(browser, webview)
    revoke_tokens(sandbox)
    page = browser.get("/")
    assert (page.status, page.title) == (403, "Please connect again")
    assert "<button>Connect a bank</button>" in page.text
    browser.get(webview.connect(browser.post("/connect").query, bank=ALMENDRO))
    assert "Banque des Alizés" in browser.get("/").text


def test_a_user_whom_powens_does_not_know_any_more_begins_afresh(
    app: Example, webview: Webview, powens: PowensClient, sandbox: Sandbox
) -> None:
    browser = app.browser()
    browser.start("Ada")
    connect(browser, webview)
    token = bearer(sandbox)
    powens.with_options(access_token=token).users.delete(user_id="me")
    assert browser.get("/").title == "Please connect again"
    sent = browser.post("/connect")
    assert "code" not in sent.query
    browser.get(webview.connect(sent.query))
    assert "Banque des Alizés" in browser.get("/").text


def bearer(sandbox: Sandbox) -> str:
    """The token that the app sent last."""
    token = next(
        value
        for request in reversed(sandbox.requests)
        for name, value in request.headers.items()
        if name.lower() == "authorization"
    )
    return token.removeprefix("Bearer ")


def revoke_tokens(sandbox: Sandbox) -> None:
    """Revoke the token that the app sent last."""
    with PowensClient(base_url=sandbox.base_url, access_token=bearer(sandbox)) as client:
        client.auth.revoke_token()


# --- Webhooks ------------------------------------------------------------------------------------


def synced(user_id: int, number: int, state: str | None = None) -> ConnectionSyncedEvent:
    return build(
        ConnectionSyncedEvent,
        user={"id": user_id},
        connection={"id": 1, "state": state, "error": state},
        id_webhook_data=number,
    )


def connected_user(
    app: Example, webview: Webview, powens: PowensClient, sandbox: Sandbox
) -> tuple[Browser, int]:
    browser = app.browser()
    browser.start("Ada")
    connect(browser, webview)
    return browser, powens.with_options(access_token=bearer(sandbox)).users.me().id


def test_new_data_is_announced_to_its_user_alone(
    app: Example, webview: Webview, powens: PowensClient, sandbox: Sandbox
) -> None:
    ada, user_id = connected_user(app, webview, powens, sandbox)
    bob = app.browser()
    bob.start("Bob")
    connect(bob, webview)
    assert "New data arrived" not in ada.get("/").text
    assert app.receive(synced(user_id, 1), path="/powens/connection-synced") == 204
    assert re.search(r"New data arrived at <time[^>]*>\d{4}-\d\d-\d\d \d\d:\d\d", ada.get("/").text)
    assert "New data arrived" not in bob.get("/").text


def test_a_webhook_may_be_there_before_the_user_is_back(
    app: Example, webview: Webview, powens: PowensClient
) -> None:
    browser = app.browser()
    browser.start("Ada")
    back = webview.connect(browser.post("/connect").query)
    token = parse_qs(urlsplit(back).query)["code"][0]
    user_id = powens.with_options(access_token=token).users.me().id
    assert app.receive(synced(user_id, 1), path="/powens/connection-synced") == 204
    browser.get(back)
    assert "New data arrived" in browser.get("/").text


def test_a_failed_synchronisation_announces_nothing(
    app: Example, webview: Webview, powens: PowensClient, sandbox: Sandbox
) -> None:
    browser, user_id = connected_user(app, webview, powens, sandbox)
    event = synced(user_id, 1, "wrongpass")
    assert app.receive(event, path="/powens/connection-synced") == 204
    assert "New data arrived" not in browser.get("/").text


def test_a_webhook_counts_once(
    app: Example, webview: Webview, powens: PowensClient, sandbox: Sandbox
) -> None:
    browser, user_id = connected_user(app, webview, powens, sandbox)
    gone = build(ConnectionDeletedEvent, id=1, id_user=user_id, id_webhook_data=8)
    for event, path in (
        (synced(user_id, 7), "/powens/connection-synced"),
        (gone, "/powens/connection-deleted"),
        (synced(user_id, 7), "/powens/connection-synced"),
    ):
        assert app.receive(event, path=path) == 204
    assert "A bank was disconnected at" in browser.get("/").text
    assert "New data arrived" not in browser.get("/").text


def test_a_forged_webhook_is_refused(
    app: Example, webview: Webview, powens: PowensClient, sandbox: Sandbox
) -> None:
    browser, user_id = connected_user(app, webview, powens, sandbox)
    event = synced(user_id, 1)
    assert app.receive(event, path="/powens/connection-synced", secret="guessed") == 400
    for path in ("connection-synced", "connection-deleted", "user-deleted"):
        assert browser._send("POST", f"/powens/{path}", content=b"{}").status_code == 400
    assert "New data arrived" not in browser.get("/").text


def test_a_user_who_was_deleted_at_powens_is_forgotten(
    app: Example, webview: Webview, powens: PowensClient, sandbox: Sandbox
) -> None:
    browser, user_id = connected_user(app, webview, powens, sandbox)
    event = build(UserDeletedEvent, id=user_id, id_webhook_data=9)
    assert app.receive(event, path="/powens/user-deleted") == 204
    assert "No bank is connected yet." in browser.get("/").text


# --- Deletion ------------------------------------------------------------------------------------


def test_deletion_takes_everything_here_and_there(
    app: Example, webview: Webview, powens: PowensClient, sandbox: Sandbox, settings: dict[str, str]
) -> None:
    browser, user_id = connected_user(app, webview, powens, sandbox)
    users = powens.with_options(access_token=sandbox.users_token).users
    assert user_id in {user.id for user in users.list()}
    assert browser.get("/").link("Delete my data") == "/delete"
    page = browser.get("/delete")
    assert page.title == "Delete my data"
    assert ">Delete everything</button>" in page.text
    assert "Everything was deleted." in browser.post("/delete").text
    assert user_id not in {user.id for user in users.list()}
    assert browser.get("/").title == "Your accounts in one place"
    assert b"Ada" not in Path(settings["APP_DATABASE"]).read_bytes()
    assert "No bank is connected yet." in browser.start("Ada").text


def test_deletion_while_the_api_is_down_keeps_the_user(
    app: Example, webview: Webview, sandbox: Sandbox
) -> None:
    browser = app.browser()
    browser.start("Ada")
    connect(browser, webview)
    sandbox.add_fault(Fault(times=None, status=503))
    assert browser.post("/delete").status == 503
    sandbox.clear_faults()
    assert "Banque des Alizés" in browser.get("/").text


@pytest.mark.parametrize("ended", ["the token", "the user"])
def test_deletion_of_whom_the_api_does_not_let_in(
    app: Example, webview: Webview, powens: PowensClient, sandbox: Sandbox, ended: str
) -> None:
    browser, user_id = connected_user(app, webview, powens, sandbox)
    if ended == "the token":
        revoke_tokens(sandbox)
    else:
        powens.with_options(access_token=bearer(sandbox)).users.delete(user_id="me")
    assert "Everything was deleted." in browser.post("/delete").text
    users = powens.with_options(access_token=sandbox.users_token).users
    assert user_id not in {user.id for user in users.list()}


def test_a_session_of_a_deleted_user_is_nobodys(app: Example) -> None:
    browser, elsewhere = app.browser(), app.browser()
    browser.start("Ada")
    elsewhere.start("Ada")
    browser.post("/delete")
    browser.start("Bob")
    assert elsewhere.get("/").title == "Your accounts in one place"


# --- Secrets -------------------------------------------------------------------------------------


def test_no_page_shows_a_token_and_none_is_kept(
    app: Example, webview: Webview, sandbox: Sandbox, settings: dict[str, str]
) -> None:
    browser = app.browser()
    browser.start("Ada")
    home = connect(browser, webview)
    page = browser.get(first_account(home))
    for secret in (bearer(sandbox), settings["POWENS_CLIENT_SECRET"], SECRET):
        assert secret not in home.text + page.text
        assert secret not in str([*home.headers.items(), *page.headers.items()])
    assert page.headers["cache-control"] == "no-store"


# --- As it is started ----------------------------------------------------------------------------

EXAMPLES = Path(__file__).parents[2] / "examples"
COMMANDS = {
    "flask": ["flask", "--app", f"{EXAMPLES}/flask_app/app.py", "run", "--port", "0"],
    "fastapi": [
        *("uvicorn", "--app-dir", str(EXAMPLES), "--factory", "fastapi_app.app:create_app"),
        *("--port", "0"),
    ],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_started_as_the_readme_says_it_hears_of_new_data_and_logs_no_code(
    command: list[str],
    settings: dict[str, str],
    webview: Webview,
    sandbox: Sandbox,
) -> None:
    env = {**os.environ, **settings, "POWENS_WEBHOOK_SECRET": sandbox.webhook_secret}
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdout
        lines = []
        try:
            for line in server.stdout:
                lines.append(line)
                if origin := re.search(r"unning on (http://127\.0\.0\.1:\d+)", line):
                    break
            else:
                pytest.fail("".join(lines))
            sandbox.send_webhooks_to(f"{origin[1]}/powens")
            with httpx.Client(base_url=origin[1]) as client:
                browser = Browser(client.request)
                browser.start("Ada")
                back = webview.connect(browser.post("/connect").query)
                assert browser.get(back.removeprefix(origin[1])).status == 303
                home = browser.get("/")
                account = first_account(home)
                number = int(account.rpartition("/")[2])
                sandbox.add_transaction(number, value="-12.34", wording="Papeterie Lunaire")
                assert sandbox.flush_webhooks() == 0
                assert "New data arrived" in browser.get("/").text
                found = browser.get(account, search="Lunaire").text
                assert "Papeterie Lunaire" in found
                assert "-12.34 EUR" in found
        finally:
            server.terminate()
        log = "".join([*lines, *server.stdout])
    assert "GET /callback HTTP" in log
    assert "?" not in log
    assert re.findall(r"Traceback| 404 ", log) == []


# --- The chart -----------------------------------------------------------------------------------


@pytest.mark.parametrize("example", ["flask_app", "fastapi_app"])
@pytest.mark.parametrize(
    "amounts", ["0 0", "100 100 100", "-5 -3", "-250.5 0.01 99", "0.001 0.002", "14250000 1"]
)
def test_a_chart_stays_within_its_frame(example: str, amounts: str) -> None:
    module = importlib.import_module(f"{example}.chart")
    balances = [
        (dt.date(2026, 1, day), Decimal(amount)) for day, amount in enumerate(amounts.split(), 1)
    ]
    chart = module.draw(balances, "EUR")
    points = [tuple(map(float, point.split(","))) for point in chart.line.split()]
    assert len(points) == len(balances)
    assert [points[0][0], points[-1][0]] == [chart.left, chart.right]
    heights = [y for _, y in points]
    assert all(0 < y < chart.height for y in heights)
    order = sorted(balances, key=lambda balance: balance[1])
    assert heights[balances.index(order[0])] == max(heights)
    marks = [tick.at for tick in chart.amounts]
    assert marks == sorted(marks, reverse=True)
    assert len({tick.text for tick in chart.amounts}) == len(marks) >= 2
    assert marks[-1] <= min(heights) <= max(heights) <= marks[0]


@pytest.mark.parametrize("example", ["flask_app", "fastapi_app"])
def test_one_day_makes_no_chart(example: str) -> None:
    module = importlib.import_module(f"{example}.chart")
    assert module.draw([(dt.date(2026, 1, 1), Decimal(1))], "EUR") is None
    assert module.draw([], "EUR") is None
