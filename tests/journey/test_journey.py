"""A person's way through each application, with a browser: from no bank to no data."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from powens import PowensAuthError, PowensClient

BANK = "Crédit Lumière"  # asks for a code
CODE = "123456"


def client_of_the_newest_user(sandbox) -> PowensClient:
    """What the one who came last may see, by a token that the application does not know."""
    client = PowensClient(
        base_url=sandbox.base_url,
        access_token=sandbox.users_token,
        client_id=sandbox.client_id,
        client_secret=sandbox.client_secret,
    )
    newest = max(user.id for user in client.users.list())
    token = client.auth.renew_token(id_user=newest).access_token
    return client.with_options(access_token=token)


def follow(page: Page, target: Locator) -> None:
    """Click on something, and wait for the page that it leads to."""
    with page.expect_navigation():
        target.click()


def press(page: Page, name: str) -> None:
    """Press a button that leads to another page."""
    follow(page, page.get_by_role("button", name=name, exact=True))


def connect(page: Page, keep) -> None:
    """Connect a bank on the pages of the webview, with a wrong code at first."""
    press(page, "Connect a bank")
    press(page, "Accept and continue")
    press(page, BANK)
    keep("webview-login")
    page.get_by_label("Login").fill("marie")
    page.get_by_label("Password").fill("secret")
    press(page, "Log in")
    page.get_by_role("textbox").fill("000000")
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("textbox").fill(CODE)
    press(page, "Continue")
    press(page, "Share")


def test_a_journey(page: Page, application, keep):
    sandbox = application.sandbox
    page.goto(application.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your accounts in one place")
    page.get_by_label("Your name").fill("Marie")
    press(page, "Start")
    expect(page.get_by_text("No bank is connected yet.")).to_be_visible()

    # A change of mind leads back, and nothing is connected.
    press(page, "Connect a bank")
    press(page, "Decline")
    expect(page.get_by_role("heading", level=1)).to_have_text("You did not connect a bank")
    page.goto(application.url)

    connect(page, keep)
    expect(page).to_have_url(f"{application.url}/")
    bank = page.get_by_role("region", name=BANK)
    expect(bank.get_by_text("Up to date")).to_be_visible()
    accounts = bank.get_by_role("link")
    assert accounts.count() > 1
    keep("home")

    # The transactions of the first account, page by page, and those that are looked for.
    name = accounts.first.inner_text()
    follow(page, accounts.first)
    address = page.url
    account_id = int(re.fullmatch(r".*/accounts/(\d+)/?", address)[1])
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("img")).to_be_visible()
    keep("account")
    rows = page.get_by_role("row")
    seen = rows.count() - 1
    assert seen == 25
    while page.get_by_role("link", name="Older transactions").count():
        follow(page, page.get_by_role("link", name="Older transactions"))
        seen += rows.count() - 1
    marie = client_of_the_newest_user(sandbox)
    assert seen == len(marie.transactions.list_page(account_id=account_id))
    page.goto(address)
    page.get_by_label("Kind").select_option(label="Income")
    press(page, "Filter")
    amounts = page.locator("td.amount").all_inner_texts()
    assert amounts
    assert all(amount.lstrip().startswith("+") for amount in amounts)

    # The bank wants to be sure who it is: a person repairs that.
    (connection,) = marie.connections.list()
    sandbox.break_connection(connection.id, "SCARequired")
    sandbox.flush_webhooks()
    page.goto(application.url)
    expect(bank.get_by_role("alert")).to_be_visible()
    keep("broken")
    press(page, "Repair")
    press(page, "Authenticate")
    expect(page).to_have_url(f"{application.url}/")
    expect(bank.get_by_text("Up to date")).to_be_visible()
    assert page.get_by_role("alert").count() == 0

    # Fresh data arrives, and a webhook with it.
    sandbox.add_transaction(account_id, value=Decimal("-12.34"), wording="Librairie Minerve")
    sandbox.flush_webhooks()
    page.goto(application.url)
    expect(page.get_by_role("status")).to_contain_text("New data arrived")
    page.goto(address)
    newest = rows.nth(1)
    expect(newest).to_contain_text("Librairie Minerve")
    expect(newest).to_contain_text("12.34")
    keep("new-transaction")

    # Everything is deleted, here and there.
    page.goto(application.url)
    follow(page, page.get_by_text("Delete my data"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete my data")
    press(page, "Delete everything")
    expect(page.get_by_text("Everything was deleted.")).to_be_visible()
    with pytest.raises(PowensAuthError):
        marie.users.me()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(name)
