"""The webview, walked as a person would walk it."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from powens import PowensClient
from powens.sandbox import Sandbox, bank
from powens.sandbox.webview import html, words

from ..browser import NO_TLS, Browser

BACK = "http://127.0.0.1:9/back"
IBAN = "FR1420041010050500013M02606"
BANKS = {each.slug: each for each in bank.BANKS}
TEST_BANK = "338178e6-3d01-564f-9a7b-52ca442459bf"


@pytest.fixture
def client(powens) -> Iterator[PowensClient]:
    """The application, with the token of the ready-made user."""
    with PowensClient(
        base_url=powens.base_url,
        access_token=powens.access_token,
        client_id=powens.client_id,
        client_secret=powens.client_secret,
        webview_url=powens.webview_url,
    ) as client:
        yield client


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


@pytest.fixture
def connect(client, browser):
    """Opens the page of one bank, or of several."""

    def connect(*slugs, **more):
        uuids = [BANKS[slug].uuid for slug in slugs] or None
        url = client.webview.connect_url(redirect_uri=BACK, connector_uuids=uuids, **more).url
        return browser.open(url).press("Accept and continue")

    return connect


@pytest.fixture
def reconnect(client, browser):
    """Opens the page that repairs a connection."""

    def reconnect(connection_id, **more):
        code = client.auth.generate_code().code
        return browser.open(
            client.webview.reconnect_url(
                redirect_uri=BACK, code=code, connection_id=connection_id, **more
            ).url
        )

    return reconnect


@pytest.fixture
def manage(client, browser):
    """Opens the page of all connections."""

    def manage(**more):
        given = {"redirect_uri": BACK, "state": "s", "code": client.auth.generate_code().code}
        return browser.open(client.webview.manage_url(**given | more).url)

    return manage


@pytest.fixture
def log_in(browser):
    def log_in(password="anything"):
        return browser.fill(Login="camille", Password=password).press("Log in")

    return log_in


def make(client, slug, **fields):
    """A connection made through the API."""
    given = {"login": "camille", "password": "anything"} if slug != "sirocco" else {}
    return client.connections.create(connector_uuid=BANKS[slug].uuid, fields=given | fields)


def states(client):
    return {each.id: each.state for each in client.connections.list()}


class TestConnect:
    def test_a_new_user_chooses_a_bank_and_accounts(self, client, browser, connect, log_in):
        connect(state="a&b=c é")
        assert browser.title == "Choose your bank"
        assert "Banque des Alizés" in browser.buttons
        assert "Banque Hirondelle" not in browser.buttons
        browser.press("Banque des Alizés")
        assert browser.title == "Log in to Banque des Alizés"
        log_in()
        browser.tick("Compte courant", "Compte épargne").press("Share")
        assert browser.left.startswith(f"{BACK}?")
        assert browser.callback.keys() == {"connection_id", "code", "state"}
        assert browser.callback["state"] == "a&b=c é"
        token = client.auth.exchange_code(code=browser.callback["code"]).access_token
        user = client.with_options(access_token=token)
        assert [each.original_name for each in user.accounts.list()] == [
            "Compte courant",
            "Compte épargne",
        ]
        assert [str(each.id) for each in user.connections.list()] == [
            browser.callback["connection_id"]
        ]
        assert user.transactions.list().to_list(max_items=1)

    def test_a_known_user_gets_no_new_code(self, client, browser, connect, log_in):
        before = states(client)
        connect("alizes", code=client.auth.generate_code(type_="singleAccess").code)
        log_in().press("Share")
        assert browser.callback.keys() == {"connection_id"}
        assert states(client).keys() - before.keys() == {int(browser.callback["connection_id"])}

    @pytest.mark.parametrize(("login", "password"), [("x", "y"), ("Ada Lovelace", "pass phrase")])
    def test_any_login_and_any_password_will_do(self, browser, connect, login, password):
        connect("alizes")
        browser.fill(Login=login, Password=password).press("Log in").press("Share")
        assert "connection_id" in browser.callback

    def test_a_code(self, browser, connect, log_in):
        connect("lumiere")
        log_in()
        assert browser.title == "Enter the code from Crédit Lumière"
        browser.fill(Code_received_by_text_message="12345").press("Continue")
        assert "not in the right form" in browser.page.alerts[0]
        browser.fill(Code_received_by_text_message="654321").press("Continue")
        assert "not the right one" in browser.page.alerts[0]
        browser.fill(Code_received_by_text_message="123456").press("Continue")
        browser.press("Share")
        assert "connection_id" in browser.callback

    @pytest.mark.parametrize(
        ("slug", "title", "button"),
        [
            ("phare", "Approve in your app", "I approved it in my app"),
            ("elbtal", "Confirm that it is you", "Authenticate"),
            ("alameda", "Your bank needs you", "I have read it"),
            ("corallo", "Your bank is not available", "Try again"),
            ("tramontane", "Too many visits", "Try again"),
        ],
    )
    def test_what_a_bank_wants(self, browser, connect, log_in, slug, title, button):
        connect(slug)
        log_in()
        assert browser.title == title
        browser.press(button)
        assert browser.title.startswith("Choose what to share")
        browser.press("Share")
        assert "connection_id" in browser.callback

    def test_the_page_of_the_bank(self, browser, connect):
        connect("sirocco")
        assert browser.title == "Go on at your bank"
        browser.press("Go to my bank")
        assert browser.title == "Banque Sirocco: do you allow it?"
        browser.press("Refuse")
        assert browser.title == "Go on at your bank"
        assert "refused" in browser.page.alerts[0]
        browser.press("Go to my bank").press("Allow").press("Share")
        assert "connection_id" in browser.callback

    def test_a_password_that_has_expired(self, browser, connect, log_in):
        connect("almendro")
        log_in()
        assert "has expired" in browser.page.text
        assert [*browser.page.labels.values()] == ["Password"]
        browser.fill(Password="another").press("Log in").press("Share")
        assert "connection_id" in browser.callback

    def test_a_wrong_password_can_be_mended(self, client, browser, connect, log_in):
        before = states(client)
        connect("alizes", code=client.auth.generate_code().code)
        log_in("wrongpass")
        assert "Please try again" in browser.page.alerts[0]
        assert (browser.shown("Login"), browser.shown("Password")) == ("camille", "")
        assert states(client) == before
        log_in().press("Share")
        assert "connection_id" in browser.callback

    def test_a_choice_and_empty_fields(self, browser, connect):
        connect("nordlicht").press("Log in")
        assert browser.page.alerts[0].count("please fill this in") == 3
        browser.fill(Login="mats", Password="anything", Region="Heide").press("Log in")
        assert browser.title.startswith("Choose what to share")

    def test_a_bank_that_fails_for_good(self, client, browser, connect, log_in):
        before = states(client)
        connect("faraglioni", state="s", code=client.auth.generate_code().code)
        log_in().press("Leave")
        assert browser.callback["error"] == "server_error"
        assert browser.callback["error_description"]
        assert browser.callback["state"] == "s"
        assert states(client) == before

    def test_one_may_leave_before_the_bank_is_back(self, client, browser, connect, log_in):
        connect("corallo", code=client.auth.generate_code().code)
        log_in().press("Continue without waiting")
        made = int(browser.callback["connection_id"])
        assert states(client)[made] == "websiteUnavailable"

    def test_several_banks(self, client, browser, connect, log_in):
        connect("alizes", "phare", max_connections=2, code=client.auth.generate_code().code)
        browser.press("Banque des Alizés")
        log_in().press("Share")
        assert browser.title == "Your bank is connected"
        browser.press("Add another bank").press("Cancel")
        browser.press("Add another bank").press("Caisse du Phare")
        log_in().press("I approved it in my app").press("Share")
        made = [int(each) for each in browser.callback["connection_ids"].split(",")]
        assert [states(client)[each] for each in made] == [None, None]

    def test_one_of_several_is_enough(self, client, browser, connect, log_in):
        connect("alizes", max_connections=3)
        log_in().press("Share").press("Finish")
        assert browser.callback["connection_ids"].isdecimal()

    def test_a_cancelled_second_bank_leaves_the_first(self, client, browser, connect, log_in):
        connect("alizes", "phare", max_connections=2, code=client.auth.generate_code().code).press(
            "Banque des Alizés"
        )
        log_in().press("Share").press("Add another bank").press("Caisse du Phare")
        log_in().press("Cancel").press("Finish")
        made = int(browser.callback["connection_ids"])
        assert states(client)[made] is None
        assert "decoupled" not in states(client).values()

    def test_terms_are_declined(self, powens, client, browser):
        url = client.webview.connect_url(redirect_uri=BACK, state="s").url
        browser.open(url).press("Decline")
        assert browser.callback["error"] == "tos_declined"
        assert browser.callback["state"] == "s"

    @pytest.mark.parametrize("steps", [(), ("login",), ("login", "otp")])
    def test_cancelled(self, powens, client, browser, connect, log_in, steps):
        users = client.with_options(access_token=powens.users_token).users
        before = [each.id for each in users.list()]
        connect("lumiere", state="s")
        if "login" in steps:
            log_in()
        if "otp" in steps:
            browser.fill(Code_received_by_text_message="123456").press("Continue")
        browser.press("Cancel")
        assert browser.left.startswith(f"{BACK}?error=access_denied&error_description=")
        assert browser.callback["state"] == "s"
        assert [each.id for each in users.list()] == before

    def test_cancelled_without_a_state(self, browser, connect):
        connect("lumiere").press("Cancel")
        assert browser.callback.keys() == {"error", "error_description"}

    def test_which_banks(self, powens, client, browser):
        def offered(**more):
            browser.open(client.webview.connect_url(redirect_uri=BACK, **more).url)
            browser.press("Accept and continue")
            return {*browser.buttons} - {"Cancel"}

        both = offered(connector_ids=[1, 12], connector_uuids=[BANKS["phare"].uuid])
        assert both == {"Banque des Alizés", "Banque Hirondelle", "Caisse du Phare"}
        every = offered(connector_capabilities=["bank", "bankwealth"])
        assert len(every) == len(bank.BANKS) - 1
        assert offered(connector_capabilities=["document"]) == set()
        assert browser.title == "No bank fits"
        assert offered(connector_ids=[5]) == {"Log in"}

    def test_which_accounts(self, client, browser, connect, log_in):
        code = client.auth.generate_code().code
        connect("alizes", account_types=["savings", "card"], code=code)
        log_in()
        assert len(browser.page.labels) == 2
        browser.press("Share")
        found = client.accounts.list(connection_id=int(browser.callback["connection_id"]))
        assert {each.type for each in found} == {"savings", "card"}

    def test_no_account_fits(self, client, browser, connect, log_in):
        connect("alizes", account_ibans=[IBAN], code=client.auth.generate_code().code)
        log_in()
        assert "None of your accounts" in browser.page.text
        browser.press("Continue")
        number = int(browser.callback["connection_id"])
        assert client.accounts.list(connection_id=number).to_list() == []

    def test_fields_may_be_filled_in_beforehand_but_for_passwords(self, browser, connect):
        uuid = BANKS["nordlicht"].uuid
        extra = {f"{uuid}.login": '"><b>x', f"{uuid}.password": "p", f"{uuid}.region": "2"}
        connect("nordlicht", extra_params=extra)
        assert browser.shown("Login") == '"><b>x'
        assert browser.shown("Password") == ""
        assert browser.shown("Region") == "2"

    def test_a_user_who_is_deleted_meanwhile(self, client, browser, connect, log_in):
        connect("phare", code=client.auth.generate_code().code)
        log_in()
        client.users.delete(user_id="me")
        browser.press("I approved it in my app")
        assert browser.status == 400
        assert "your visit is over" in browser.page.text


class TestReconnect:
    @pytest.mark.parametrize(
        ("slug", "steps"),
        [
            ("phare", ["I approved it in my app"]),
            ("elbtal", ["Authenticate"]),
            ("alameda", ["I have read it"]),
            ("corallo", ["Try again"]),
            ("tramontane", ["Try again"]),
        ],
    )
    def test_by_its_state(self, client, browser, reconnect, slug, steps):
        broken = make(client, slug)
        assert broken.state is not None
        reconnect(broken.id, state="s")
        for step in steps:
            browser.press(step)
        browser.press("Share")
        assert browser.left == f"{BACK}?state=s"
        assert states(client)[broken.id] is None

    def test_by_a_code(self, client, browser, reconnect):
        broken = make(client, "lumiere")
        reconnect(broken.id).fill(Code_received_by_text_message="123456").press("Continue")
        browser.press("Share")
        assert browser.left == BACK

    def test_a_password_that_is_wrong(self, powens, client, browser, reconnect, log_in):
        connection = next(iter(client.connections.list()))
        with pytest.raises(Exception, match="wrongpass"):
            client.connections.update(connection_id=connection.id, fields={"password": "wrongpass"})
        reconnect(connection.id)
        log_in("wrongpass")
        assert "Please try again" in browser.page.alerts[0]
        log_in()
        assert browser.left == BACK
        assert states(client)[connection.id] is None

    def test_a_bug(self, client, browser, reconnect):
        reconnect(make(client, "faraglioni").id).press("Leave")
        assert browser.callback["error"] == "server_error"

    def test_a_bank_that_is_still_working(self, client, browser, reconnect):
        broken = make(client, "phare")
        client.connections.update(connection_id=broken.id, resume=True, background=True)
        reconnect(broken.id)
        assert browser.title == "Your bank is working"
        while browser.title == "Your bank is working":
            browser.press("Look again")
        browser.press("Share")
        assert browser.left == BACK

    def test_nothing_to_repair(self, client, browser, reconnect):
        connection = next(iter(client.connections.list()))
        reconnect(connection.id, state="s")
        assert browser.title == "All is well"
        browser.press("Continue")
        assert browser.callback == {"state": "s"}

    def test_everything_again(self, client, browser, reconnect, log_in):
        broken = make(client, "lumiere")
        client.connections.update(connection_id=broken.id, fields={"otp": "123456"})
        reconnect(broken.id, reset_credentials=True)
        log_in("wrongpass")
        assert "Please try again" in browser.page.alerts[0]
        log_in()
        browser.fill(Code_received_by_text_message="123456").press("Continue").press("Share")
        assert browser.left == BACK

    def test_everything_again_at_the_bank(self, client, browser, connect, reconnect):
        connect("sirocco", code=client.auth.generate_code().code)
        browser.press("Go to my bank").press("Allow").press("Share")
        made = int(browser.callback["connection_id"])
        browser.left = None
        reconnect(made, reset_credentials=True).press("Go to my bank").press("Allow")
        assert browser.left == BACK

    def test_one_source_again(self, client, browser, reconnect):
        connection = next(iter(client.connections.list()))
        reconnect(connection.id, connection_sources=["openapi"])
        assert browser.title == "Confirm that it is you"
        browser.press("Authenticate")
        assert browser.left == BACK

    def test_cancelled(self, client, browser, reconnect):
        broken = make(client, "phare")
        reconnect(broken.id, state="s").press("Cancel")
        assert browser.callback["error"] == "access_denied"
        assert states(client)[broken.id] == "decoupled"


class TestManage:
    def test_accounts_are_switched_on_and_off(self, client, browser, manage):
        manage()
        assert browser.title == "Your banks"
        browser.press("Manage Banque des Alizés").tick("Compte courant").press("Save")
        assert {each.original_name for each in client.accounts.list()} == {"Compte courant"}
        browser.press("Manage Banque des Alizés").tick("Compte").press("Save").press("Close")
        assert browser.callback == {"state": "s"}
        assert len(client.accounts.list().to_list()) == 3

    def test_a_connection_is_deleted_once_one_is_sure(self, client, browser, manage):
        manage().press("Manage Banque des Alizés").press("Delete this connection").press("Back")
        assert states(client)
        browser.press("Manage Banque des Alizés").press("Delete this connection").press("Delete")
        assert "You have not connected any bank" in browser.page.text
        assert states(client) == {}

    def test_a_connection_is_repaired(self, client, browser, manage):
        broken = make(client, "phare")
        manage(connection_id=broken.id)
        assert browser.title == "Caisse du Phare"
        browser.press("Repair").press("I approved it in my app").tick("Compte courant")
        browser.press("Share")
        assert browser.title == "Your banks"
        assert states(client)[broken.id] is None

    def test_a_connection_that_can_not_be_repaired(self, client, browser, manage):
        broken = make(client, "faraglioni")
        manage(connection_id=broken.id).press("Repair").press("Leave")
        assert browser.title == "Your banks"
        assert states(client)[broken.id] == "bug"

    def test_a_bank_is_added(self, client, browser, manage, log_in):
        manage().press("Add a bank").press("Caisse du Phare")
        log_in().press("I approved it in my app").press("Share")
        assert browser.title == "Your banks"
        assert "Caisse du Phare" in browser.page.text
        browser.press("Add a bank").press("Crédit Lumière")
        log_in().press("Cancel")
        assert browser.title == "Your banks"
        assert "Crédit Lumière" not in browser.page.text
        assert len(states(client)) == 2

    def test_without_an_address_there_is_no_way_back(self, browser, manage):
        manage(redirect_uri=None)
        assert "Close" not in browser.buttons

    def test_other_types_of_account_stay_as_they_are(self, client, browser, manage):
        before = len(client.accounts.list().to_list())
        manage(account_types=["loan"]).press("Manage Banque des Alizés")
        assert len(browser.page.labels) == 1
        browser.tick().press("Save")
        assert len(client.accounts.list().to_list()) == before - 1


class TestPayment:
    @pytest.fixture
    def shop(self, client):
        token = client.auth.generate_service_token(scope="payments:admin").token
        return client.with_options(access_token=token)

    @pytest.fixture
    def pay(self, shop, browser):
        """Makes a payment, and opens its page."""

        def pay(*, date_type="instant", label="Order 42", bank=None):
            made = shop.request(
                "POST",
                "/payments",
                json={
                    "client_redirect_uri": "https://shop.example/paid",
                    "client_state": "c s",
                    "connector_uuid": bank,
                    "instructions": [
                        {
                            "amount": 12.5,
                            "currency": "EUR",
                            "label": label,
                            "execution_date_type": date_type,
                            "beneficiary": {
                                "scheme_name": "iban",
                                "identification": IBAN,
                                "label": "Atelier <Garance>",
                            },
                        }
                    ],
                },
            )
            self.id = made.json()["id"]
            scoped = shop.payments.create_scoped_token(
                payment_id=self.id, scope=["payments:validate"]
            )
            self.url = shop.webview.payment_url(
                redirect_uri=BACK, code=scoped.token, payment_id=self.id, state="s"
            ).url
            return browser.open(self.url)

        return pay

    def check_paid(self, shop, browser):
        assert browser.left.startswith("https://shop.example/paid?")
        assert browser.callback["id_payment"] == str(self.id)
        assert browser.callback["state"] == "c s"
        assert browser.callback["payment_state"] == "pending"
        assert shop.payments.get(payment_id=self.id).state == "pending"

    def test_at_the_page_of_the_bank(self, shop, browser, pay):
        pay()
        assert "Atelier <Garance>" in browser.page.text
        assert "12.50 EUR" in browser.page.text
        browser.press("Accept and continue").press("Banque des Alizés").press("Go to my bank")
        assert browser.title == "Banque des Alizés: confirm this payment?"
        browser.press("Confirm")
        assert browser.title == "Confirm the payment"
        browser.press("Confirm")
        self.check_paid(shop, browser)

    def test_with_a_code(self, shop, browser, pay):
        pay(date_type="first_open_day").press("Accept and continue").press("Crédit Lumière")
        browser.fill(Login="camille", Password="wrongpass").press("Continue")
        assert "Please try again" in browser.page.alerts[0]
        browser.fill(Login="camille", Password="anything").press("Continue").press("Confirm")
        browser.fill(Code_received_by_text_message="4321").press("Continue")
        assert "not the right one" in browser.page.alerts[0]
        browser.fill(Code_received_by_text_message="1234").press("Continue")
        self.check_paid(shop, browser)

    def test_in_the_app(self, shop, browser, pay):
        pay().press("Accept and continue").press("Caisse du Phare")
        browser.fill(Login="camille", Password="anything", IBAN="FR00").press("Continue")
        assert "not an IBAN" in browser.page.alerts[0]
        browser.fill(Login="camille", Password="anything", IBAN=IBAN).press("Continue")
        browser.press("Confirm").press("I approved it in my app")
        self.check_paid(shop, browser)
        assert shop.payments.get(payment_id=self.id).payer.identification == IBAN

    @pytest.mark.parametrize(
        ("scenario", "error"),
        [("decoupled cancelled", "access_denied"), ("decoupled expired", "server_error")],
    )
    def test_errors_lead_to_the_other_address(self, shop, browser, pay, scenario, error):
        pay(bank=TEST_BANK).press("Accept and continue").fill(Scenario=scenario)
        browser.press("Continue").press("Confirm").press("I approved it in my app")
        assert browser.left.startswith(f"{BACK}?error={error}&")
        assert browser.callback["state"] == "s"
        assert shop.payments.get(payment_id=self.id).state == "rejected"

    def test_the_account_to_debit(self, shop, browser, pay):
        pay(bank=TEST_BANK).press("Accept and continue").fill(Scenario="account choice")
        browser.press("Continue").press("Confirm")
        browser.fill(Account_to_debit="Compte principal").press("Continue")
        self.check_paid(shop, browser)

    def test_a_bank_that_refuses_at_once(self, browser, pay):
        pay(label="rjct", bank=TEST_BANK).press("Accept and continue").press("Continue")
        browser.press("Go to my bank").press("Confirm")
        assert browser.callback["payment_state"] == "rejected"
        assert browser.callback["error_code"] == "noSpecifiedReason"

    @pytest.mark.parametrize(
        ("steps", "state"),
        [
            (["Cancel"], "created"),
            (["Accept and continue", "Cancel"], "created"),
            (["Accept and continue", "Banque des Alizés", "Cancel"], "rejected"),
            (["Accept and continue", "Banque des Alizés", "Go to my bank", "Refuse"], "rejected"),
            (
                [
                    "Accept and continue",
                    "Banque des Alizés",
                    "Go to my bank",
                    "Confirm",
                    "Refuse",
                ],
                "rejected",
            ),
        ],
    )
    def test_refused_or_cancelled(self, shop, browser, pay, steps, state):
        pay()
        for step in steps:
            browser.press(step)
        assert browser.left.startswith(f"{BACK}?error=access_denied&")
        assert browser.callback["state"] == "s"
        assert shop.payments.get(payment_id=self.id).state == state

    def test_terms_are_declined(self, browser, pay):
        pay().press("Decline")
        assert browser.callback["error"] == "tos_declined"

    def test_the_last_word_of_the_merchant(self, powens, client, shop, browser, pay):
        config = client.with_options(access_token=powens.config_token)
        config.request("POST", "/config", json={"payment.auto_confirmation": "0"})
        pay().press("Accept and continue").press("Banque des Alizés").press("Go to my bank")
        browser.press("Confirm").press("Confirm")
        assert browser.callback["payment_state"] == "validating"
        assert shop.payments.get(payment_id=self.id).action == "confirm"

    def test_a_payment_that_is_over(self, browser, pay):
        pay().press("Accept and continue").press("Banque des Alizés").press("Cancel")
        browser.open(self.url)
        assert browser.status == 400
        assert "dealt with already" in browser.page.text

    def test_a_second_visit_goes_on(self, shop, browser, pay):
        pay().press("Accept and continue").press("Banque des Alizés")
        browser.open(self.url).press("Accept and continue").press("Go to my bank")
        browser.press("Confirm").press("Confirm")
        self.check_paid(shop, browser)

    def test_what_opens_no_payment(self, powens, client, shop, browser, pay):
        pay()
        for wrong in (
            {"code": client.auth.generate_code().code},
            {"code": "nonsense"},
            {"payment_id": "9999"},
            {"payment_id": "x"},
        ):
            browser.open(str(httpx.URL(self.url).copy_merge_params(wrong)))
            assert browser.status == 400, wrong
            assert browser.left is None


class TestWhatIsRefused:
    @pytest.fixture
    def good(self, powens):
        return {"domain": "127.0.0.1", "client_id": powens.client_id, "redirect_uri": BACK}

    @pytest.fixture
    def refuse(self, powens, browser, good):
        def refuse(flow="connect", **wrong):
            params = {name: value for name, value in (good | wrong).items() if value is not None}
            browser.open(str(httpx.URL(f"{powens.webview_url}/en/{flow}", params=params)))
            assert browser.left is None
            assert browser.status == 400
            return browser.page.text

        return refuse

    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.example/back",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1@evil.example/",
            "http://evil.example\\@127.0.0.1/",
            "http://127.0.0.1\\.evil.example/",
            "http://127.0.0.1:9/back?x=1",
            "http://127.0.0.1:9/back?",
            "http://127.0.0.1:9/back#x",
            "http://127.0.0.1:port/",
            "http://[::1/",
            "http://127.0.0.1/\r\nset-cookie: x=1",
            "//evil.example/",
            "/back",
            "back",
            "javascript:alert(1)",
            "myapp://back",
            None,
        ],
    )
    def test_an_address_of_nobody(self, refuse, address):
        assert "redirect_uri" in refuse(redirect_uri=address)

    @pytest.mark.parametrize(
        "address", ["http://localhost:5000/", "https://127.8.0.1/x", "http://[::1]:80/"]
    )
    def test_addresses_of_this_machine(self, powens, browser, good, address):
        params = good | {"redirect_uri": address}
        browser.open(str(httpx.URL(f"{powens.webview_url}/en/connect", params=params)))
        browser.press("Cancel")
        assert browser.left.startswith(f"{address}?error=access_denied")

    def test_the_addresses_that_the_application_lists(self, powens, client, browser, good, refuse):
        config = client.with_options(access_token=powens.config_token)
        mine = "https://app.example/back, myapp://back"
        config.client_applications.update(client_app_id=int(powens.client_id), redirect_uris=mine)
        for address in mine.split(", "):
            browser.open(client.webview.connect_url(redirect_uri=address).url).press("Cancel")
            assert browser.left.startswith(f"{address}?error=access_denied")
            browser.left = None
        refuse(redirect_uri="https://app.example/back/more")

    @pytest.mark.parametrize("client_id", ["1", "x", "", None])
    def test_no_application(self, refuse, client_id):
        assert "client_id" in refuse(client_id=client_id)

    def test_no_domain(self, refuse):
        assert "domain" in refuse(domain=None)

    @pytest.mark.parametrize("most", ["0", "-1", "many"])
    def test_a_number_that_is_none(self, refuse, most):
        assert "max_connections" in refuse(max_connections=most)

    @pytest.mark.parametrize("flow", ["connect", "reconnect", "manage"])
    def test_codes(self, powens, client, refuse, flow):
        service = client.auth.generate_service_token(scope="payments:admin").token
        for code in ("nonsense", powens.access_token, service):
            assert "The code is wrong" in refuse(flow, code=code, connection_id="201")
        code = client.auth.generate_code().code
        powens.advance(1801)
        assert "The code is wrong" in refuse(flow, code=code, connection_id="201")

    def test_a_code_for_one_visit_opens_one(self, client, browser, refuse):
        code = client.auth.generate_code(type_="singleAccess").code
        url = client.webview.connect_url(redirect_uri=BACK, code=code).url
        assert httpx.head(url, trust_env=False).status_code == 200  # a look ahead opens none
        assert browser.open(url).status == 200
        assert "The code is wrong" in refuse(code=code)

    @pytest.mark.parametrize("connection", ["999", "x", None])
    def test_no_connection(self, client, refuse, connection):
        code = client.auth.generate_code().code
        assert "no such connection" in refuse("reconnect", code=code, connection_id=connection)

    def test_the_connection_of_somebody_else(self, client, refuse):
        other = client.with_options(access_token=client.auth.init_user().token)
        code = other.auth.generate_code().code
        mine = str(next(iter(client.connections.list())).id)
        for flow in ("reconnect", "manage"):
            assert "no such connection" in refuse(flow, code=code, connection_id=mine)

    def test_no_source(self, client, refuse):
        mine = str(next(iter(client.connections.list())).id)
        given = {"code": client.auth.generate_code().code, "connection_id": mine}
        assert "connection_sources" in refuse("reconnect", connection_sources="x", **given)

    @pytest.mark.parametrize("path", ["/en/transfer", "/en/", "/en"])
    def test_no_page(self, powens, path):
        assert httpx.get(powens.webview_url + path, verify=NO_TLS).status_code == 404

    def test_no_visit(self, powens, browser):
        browser.open(f"{powens.webview_url}/visit/nonsense")
        assert browser.status == 400


class TestTheWay:
    def test_back_shows_where_one_is(self, client, browser, connect, log_in):
        connect("lumiere")
        log_in()
        assert browser.back().title == "Enter the code from Crédit Lumière"
        browser.fill(Code_received_by_text_message="123456").press("Continue").press("Share")
        callback = browser.left
        assert browser.back().title == "You have finished here"
        assert callback.partition("code=")[2] not in browser.page.text
        browser.press("Return to the application")
        assert browser.left == callback

    def test_a_form_sent_twice_counts_once(self, client, browser, connect, log_in):
        before = states(client)
        connect("alizes", code=client.auth.generate_code().code)
        browser.fill(Login="camille", Password="anything")
        twice = browser.prepare("Log in")
        browser.send(*twice).send(*twice)
        assert browser.title.startswith("Choose what to share")
        twice = browser.prepare("Share")
        first = browser.send(*twice).left
        assert browser.send(*twice).left == first
        assert len(states(client)) == len(before) + 1

    def test_an_old_form_is_passed_over(self, browser, connect):
        connect("alizes", "phare")
        old = browser.prepare("Caisse du Phare")
        browser.press("Banque des Alizés").send(*old)
        assert browser.title == "Log in to Banque des Alizés"

    @pytest.mark.parametrize(
        "answer", [{}, {"action": ["nonsense"]}, {"action": ["choose nonsense"]}, {"page": ["x"]}]
    )
    def test_answers_that_make_no_sense(self, browser, connect, answer):
        connect("alizes", "phare")
        browser.send(browser.url, {"page": ["1"]} | answer)
        assert browser.title == "Choose your bank"

    def test_bytes_that_make_no_sense(self, powens, browser, connect):
        connect("alizes", "phare")
        answer = httpx.post(browser.url, content=b"\xff\0%zz&=&page=1", verify=NO_TLS)
        assert answer.status_code == 303

    def test_two_visits_do_not_meet(self, client, connect, browser, log_in):
        connect("alizes")
        with Browser() as other:
            url = client.webview.connect_url(redirect_uri=BACK, connector_ids=[3]).url
            other.open(url).press("Accept and continue")
            log_in()
            assert other.title == "Log in to Caisse du Phare"

    def test_what_is_typed_is_text(self, browser, connect):
        hostile = "</main><script>alert(1)</script>"
        connect("alizes", state=hostile)
        browser.fill(Login=hostile, Password="wrongpass").press("Log in")
        assert browser.shown("Login") == hostile
        browser.press("Cancel")
        assert browser.callback["state"] == hostile

    def test_the_name_of_the_application_is_text(self, powens, client, browser):
        config = client.with_options(access_token=powens.config_token)
        config.client_applications.update(client_app_id=int(powens.client_id), name="<b>Budget</b>")
        browser.open(client.webview.connect_url(redirect_uri=BACK).url)
        assert "<b>Budget</b> would like" in browser.page.text

    def test_secrets_are_in_no_repr(self, powens, client, browser):
        from powens.sandbox.webview.visit import begin

        world = powens._world
        code = client.auth.generate_code().code
        params = {"domain": "d", "client_id": powens.client_id, "redirect_uri": BACK}
        more = {"code": code, "state": "the state", "u.login": "the login", "account_ibans": IBAN}
        visit = begin(world, "connect", words.Words("en"), params | more)
        assert not any(each in repr(visit) for each in (code, "the state", "the login", BACK, IBAN))
        owned = [each.iban for each in client.accounts.list() if each.iban]
        assert owned
        assert not any(each in repr(visit) for each in owned)
        assert visit.ticket not in repr(visit)


class TestLanguages:
    def test_french(self, client, browser):
        url = client.webview.connect_url(redirect_uri=BACK, lang="fr", connector_ids=[2]).url
        browser.open(url)
        assert (browser.page.lang, browser.title) == ("fr", "Partagez vos données bancaires")
        browser.press("Accepter et continuer")
        browser.fill(Identifiant="camille", Mot_de_passe="wrongpass").press("S'identifier")
        assert "Veuillez réessayer" in browser.page.alerts[0]
        browser.fill(Identifiant="camille", Mot_de_passe="x").press("S'identifier")
        browser.fill(Code_reçu_par_SMS="123456").press("Continuer")
        shown = [words.partition("), ")[2] for words in browser.page.labels.values()]
        assert shown[:2] == ["2\u202f675,67\xa0EUR", "-256,76\xa0EUR"]
        browser.press("Partager")
        assert "connection_id" in browser.callback

    def test_a_refusal_in_french(self, powens, browser):
        browser.open(f"{powens.webview_url}/fr/connect")
        assert browser.page.lang == "fr"
        assert "domain manque" in browser.page.text

    @pytest.mark.parametrize("lang", ["de", "nl", "pt", "it", "es", "xx"])
    def test_others_fall_back_to_english(self, client, browser, lang):
        browser.open(client.webview.connect_url(redirect_uri=BACK, lang=lang).url)
        assert (browser.page.lang, browser.title) == ("en", "Share your bank data")

    def test_the_page_of_a_bank_follows_the_browser(self, client):
        with Browser(lang="fr-FR,fr;q=0.9,en;q=0.8") as browser:
            browser.open(client.connections.webauth_url(redirect_uri=BACK, id_connector=4).url)
            assert browser.page.lang == "fr"
            browser.press("Autoriser")
            assert browser.callback.keys() == {"id_connection"}

    def test_every_text_is_translated(self):
        def names(text):
            return sorted(part[1] for part in string.Formatter().parse(text) if part[1])

        for text, french in words.FRENCH.items():
            assert names(text) == names(french)
        folder = Path(words.__file__).parent
        spoken = set[str]()
        for module in [*folder.glob("*.py"), *(folder.parent / "handlers").glob("*.py")]:
            for node in ast.walk(ast.parse(module.read_text())):
                match node:
                    case ast.Call(
                        func=ast.Name("say" | "VisitError" | "tip") | ast.Attribute(attr="say"),
                        args=[*_, ast.Constant(str(text))],
                    ):
                        spoken.add(text)
        assert len(spoken) > 60
        assert spoken <= words.FRENCH.keys()


class TestPagesOfBanks:
    @pytest.fixture
    def visit(self, client):
        """An address of the page of a bank."""
        return lambda: (
            client.connections.webauth_url(redirect_uri=BACK, id_connector=4, state="s").url
        )

    def test_a_person_allows(self, client, browser, visit):
        before = states(client)
        browser.open(visit())
        assert browser.title == "Banque Sirocco: do you allow it?"
        assert states(client) == before
        browser.press("Allow")
        assert browser.callback["state"] == "s"
        assert states(client)[int(browser.callback["id_connection"])] is None

    def test_a_person_refuses(self, client, browser, visit):
        before = states(client)
        browser.open(visit()).press("Refuse")
        assert browser.callback["error"] == "access_denied"
        assert states(client) == before

    def test_back_finds_the_page_gone(self, browser, visit):
        browser.open(visit()).press("Allow")
        browser.back()
        assert browser.status == 404
        assert "your visit is over" in browser.page.text

    @pytest.mark.parametrize(("query", "name"), [("", "id_connection"), ("?deny", "error")])
    def test_a_program_is_sent_back_at_once(self, visit, query, name):
        answer = httpx.get(visit() + query, verify=NO_TLS)
        assert answer.status_code == 302
        assert name in dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    @pytest.mark.parametrize(("button", "state"), [("Confirm", "pending"), ("Refuse", "rejected")])
    def test_a_payment_link(self, powens, client, browser, button, state):
        token = client.auth.generate_service_token(scope="payment-links:admin").token
        person = {"first_name": "Anouk", "last_name": "Tessier"}
        links = httpx.Client(
            base_url=powens.payment_links_url,
            headers={"authorization": f"Bearer {token}"},
            verify=NO_TLS,
        )
        body = {
            "amount": 5,
            "currency": "EUR",
            "label": "<i>Order</i>",
            "execution_date_type": "instant",
            "beneficiary": {"scheme_name": "iban", "identification": IBAN, "label": "Shop"},
            "beneficiary_identity": person,
            "payer": None,
            "payer_identity": person,
            "redirect": False,
        }
        with links:
            made = links.post("/payment-links", json=body).json()
            browser.open(made["url"])
            assert "<i>Order</i>" in browser.page.text
            assert links.get(f"/payment-links/{made['id']}").json()["last_payment_id"] is None
            browser.press(button)
            assert browser.title == "You have finished here"
            assert links.get(f"/payment-links/{made['id']}").json()["attempt_state"] == state


class TestHtml:
    def test_text_is_escaped_and_markup_is_not(self):
        made = html.element("p", "<&\"'>", html.element("br"), [None, "x"], title='"', hidden=True)
        assert made == '<p title="&quot;" hidden>&lt;&amp;&quot;&#x27;&gt;<br>x</p>'

    def test_names_and_what_is_left_out(self):
        made = html.element("input", class_="a", aria_label="b", value=None, checked=False)
        assert made == '<input class="a" aria-label="b">'

    def test_lone_surrogates_do_not_break_a_page(self):
        page = html.document("\ud800", lang="en", site="s", skip="k", note="n")
        assert html.respond(page).status_code == 200


def test_the_sandbox_tells_its_address():
    with Sandbox() as powens:
        assert powens.webview_url == powens.base_url.removesuffix("/2.0") + "/webview"
        assert powens.environment["POWENS_WEBVIEW_URL"] == powens.webview_url
