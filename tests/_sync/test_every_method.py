# Generated from tests/_async/test_every_method.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Every method against the sandbox, over real HTTP, and what it puts on the wire there.

The tables in `calls` say what is sent byte for byte, to a server that takes everything. Here the
server knows what it serves, and what comes back has to be right as well.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

import httpx
import pytest

from powens import (
    PaymentAccount,
    PaymentIdentity,
    PaymentInitRequest,
    PaymentInstruction,
    PaymentLinkRequest,
    PaymentValidateRequest,
    PowensClient,
    Upload,
)
from powens.models import Envelope
from powens.sandbox import Sandbox

from .calls import perform
from .test_resources_calls import METHODS, SILENT

REFERENCE = Path(__file__).parents[1] / "reference" / "endpoints.json"
ENDPOINTS = {
    f"{each['resource']}.{each['operation']}": each
    for each in json.loads(REFERENCE.read_text(encoding="utf-8"))
}
# Methods that stand on the endpoint of another.
STANDS_ON = {
    "connections.force_sync": "connections.sync",
    "connections.list_logs_raw": "connections.list_logs",
    "connections.wait_until_settled": "connections.get",
    "transactions.list_page": "transactions.list",
    "users.me": "users.get",
}

BACK = "https://shop.example/back"
ENTERED = {"login": "someone", "password": "something"}
SHOP = PaymentAccount.from_iban("FR7630006000011234567890189", label="Shop")
PAYER = PaymentIdentity(first_name="Camille", last_name="Fauvel")
TEST_CONNECTOR = "338178e6-3d01-564f-9a7b-52ca442459bf"
LOGO = Upload(name="logo.png", content=b"\x89PNG", media_type="image/png")
DAY = dt.date(2026, 1, 15)

# The token that opens a resource, where it is not that of the user.
CONFIG = {
    *("client_applications", "configuration", "webhooks", "webhook_auth_providers"),
    *("connectors", "connections.list_without_user"),
}
USERS = {"users.list", "users.list_all"}
SERVICE = {"payments", "payment_links"}


class Of(NamedTuple):
    """What another call gives: a part of its answer, or of the first row of its list."""

    method: str
    part: str = "id"
    arguments: dict[str, object] = {}  # noqa: RUF012 - nobody adds to it


class Visited(NamedTuple):
    """The id of a payment whose payer has been to the page of the bank."""

    payment: Of


def pay(scenario=None):
    """The id of a new payment; with a scenario, of one that is being validated."""
    order = PaymentInstruction.to(SHOP, amount="12.50", label="Order 42")
    body = PaymentInitRequest(client_redirect_uri=BACK, instructions=[order])
    made = Of("payments.create", arguments={"body": body})
    if scenario is None:
        return made
    validation = PaymentValidateRequest(
        connector_uuid=TEST_CONNECTOR,
        validate_mechanism="webauth",
        fields={"use_case_pay": scenario},
        webview_url=BACK,
        validated=True,
    )
    arguments = {"payment_id": made, "body": validation, "encrypt": True}
    return Of("payments.validate", arguments=arguments)


def answered(payment):
    """What answers the bank of the test connector."""
    return {"payment_id": payment, "fields": {"openapisms": "1234"}}


NEW_USER = Of("auth.init_user", "token")
NEW_LINK = PaymentLinkRequest(
    amount=20,
    currency="EUR",
    label="Gift",
    execution_date_type="instant",
    beneficiary=SHOP,
    beneficiary_identity=PAYER,
    payer=None,
    payer_identity=PAYER,
    redirect=False,
)
CONNECTOR = Of("connectors.list_all", "uuid")
CONNECTOR_SOURCE = Of("connectors.list_sources", arguments={"connector_uuid": CONNECTOR})
CONNECTION = Of("connections.list")
NEW_CONNECTION = Of(
    "connections.create", arguments={"connector_uuid": CONNECTOR, "fields": ENTERED}
)
ACCOUNT = Of("accounts.list")
SOURCE = Of("connections.list_sources", arguments={"connection_id": CONNECTION})
INVESTMENT = Of("investments.list")
SUBSCRIPTION = Of("subscriptions.list", arguments={"include_all": True})
CLIENT_APP = Of("client_applications.create", arguments={"name": "shop"})
WEBHOOK = Of(
    "webhooks.create", arguments={"url": "https://shop.example/in", "event": "USER_CREATED"}
)
PROVIDER = Of(
    "webhook_auth_providers.create", arguments={"type_": "hmac_signature", "name": "signer"}
)
UPLOADED = {"file": LOGO, "date": DAY, "duedate": DAY, "id_type": 1, "name": "logo"}
LINK = Of("payment_links.create", arguments={"body": NEW_LINK})

# Arguments for every method that cannot do without; `as_token` is the token to act with.
ARGUMENTS = {
    "auth.exchange_code": {"code": Of("auth.generate_code", "code")},
    "auth.revoke_token": {"as_token": NEW_USER},
    "auth.renew_token": {"id_user": Of("users.me")},
    "auth.generate_service_token": {"scope": ["payments:read-only"]},
    "users.delete": {"user_id": "me", "as_token": NEW_USER},
    "users.update_config": {"body": {"colour": "blue", "digest": True}},
    "connectors.get": {"connector_uuid": CONNECTOR},
    "connectors.update": {"connector_uuid": CONNECTOR, "hidden": False},
    "connectors.batch_update": {"body": {}},
    "connectors.list_fields": {"connector_uuid": CONNECTOR},
    "connectors.list_sources": {"connector_uuid": CONNECTOR},
    "connectors.get_source": {"connector_uuid": CONNECTOR, "source_id": CONNECTOR_SOURCE},
    "connectors.update_source": {
        "connector_uuid": CONNECTOR,
        "source_id": CONNECTOR_SOURCE,
        "disabled": None,
    },
    "connections.create": {"connector_uuid": CONNECTOR, "fields": ENTERED, "encrypt": True},
    "connections.get": {"connection_id": CONNECTION, "expand": "accounts,connector[countries]"},
    "connections.update": {"connection_id": NEW_CONNECTION, "active": True},
    "connections.sync": {"connection_id": NEW_CONNECTION},
    "connections.force_sync": {"connection_id": NEW_CONNECTION},
    "connections.delete": {"connection_id": NEW_CONNECTION},
    "connections.list_sources": {"connection_id": CONNECTION},
    "connections.get_source": {"connection_id": CONNECTION, "source_id": SOURCE},
    "connections.update_source": {
        "connection_id": CONNECTION,
        "source_id": SOURCE,
        "disabled": False,
    },
    "connections.list_logs": {"connection_id": CONNECTION},
    "connections.list_logs_raw": {"connection_id": CONNECTION},
    "connections.webauth_url": {
        "redirect_uri": BACK,
        "id_connector": 4,
        "state": "s",
    },
    "connections.wait_until_settled": {"connection_id": CONNECTION},
    "accounts.get": {"account_id": ACCOUNT},
    "accounts.update": {"account_id": ACCOUNT, "bookmarked": True},
    "account_types.get": {"type_id": Of("account_types.list")},
    "transactions.get": {"transaction_id": Of("transactions.list")},
    "transactions.update": {"transaction_id": Of("transactions.list"), "comment": "mine"},
    "transactions.list_attachments": {"transaction_id": Of("transactions.list")},
    "balances.get": {"account_id": ACCOUNT, "min_date": "2026-01", "max_date": DAY},
    "investments.get": {"investment_id": INVESTMENT},
    "investments.history": {"investment_id": INVESTMENT},
    "investments.security_history": {"investment_id": INVESTMENT},
    "market_orders.get": {"market_order_id": Of("market_orders.list")},
    "pockets.get": {"pocket_id": Of("pockets.list")},
    "subscriptions.get": {"subscription_id": SUBSCRIPTION, "include_all": True},
    "subscriptions.update": {
        "subscription_id": SUBSCRIPTION,
        "disabled": False,
        "include_all": True,
    },
    "documents.get": {"document_id": Of("documents.list")},
    "documents.update": {"document_id": Of("documents.list"), "name": "mine"},
    "documents.upload": UPLOADED,
    "documents.download": {"document": Of("documents.list", ""), "to": io.BytesIO()},
    "documents.delete": {"document_id": Of("documents.upload", arguments=UPLOADED)},
    "invoices.get": {"invoice_id": Of("invoices.list")},
    "credit_notes.get": {"credit_note_id": Of("credit_notes.list")},
    "owner_identity.get": {"connection_id": CONNECTION},
    "configuration.update": {"body": {"payment.max_amount": 0}},
    "configuration.get_certificate": {"certificate_type": "qwac"},
    "client_applications.get": {"client_app_id": CLIENT_APP},
    "client_applications.update": {"client_app_id": CLIENT_APP, "name": "other"},
    "client_applications.delete": {"client_app_id": CLIENT_APP},
    "client_applications.update_logo": {"client_app_id": CLIENT_APP, "file": LOGO},
    "webhook_auth_providers.create": {"type_": "hmac_signature", "name": "another"},
    "webhook_auth_providers.update": {
        "auth_provider_id": PROVIDER,
        "type_": "hmac_signature",
        "name": "renamed",
    },
    "webhook_auth_providers.delete": {"auth_provider_id": PROVIDER},
    "webhooks.create": WEBHOOK.arguments,
    "webhooks.update": {"webhook_id": WEBHOOK, "url": "https://shop.example/other"},
    "webhooks.delete": {"webhook_id": WEBHOOK},
    "webhooks.list_logs": {"webhook_id": WEBHOOK},
    "payments.create": pay().arguments,
    "payments.get": {"payment_id": pay()},
    "payments.validate": pay("redirect").arguments,
    "payments.resume": {"payment_id": pay("decoupled")},
    "payments.submit_fields": answered(pay("otp_sms")),
    "payments.submit_psu_validation": {
        "payment_id": Visited(pay("redirect")),
        "psu_validate": True,
    },
    "payments.confirm": {
        "payment_id": Of("payments.submit_fields", arguments=answered(pay("otp_sms"))),
        "confirm": True,
    },
    "payments.cancel": {"payment_id": pay(), "client_redirect_uri": BACK},
    "payments.create_scoped_token": {"payment_id": pay(), "scope": "payments:validate"},
    "payments.list_incompatibilities": {"payment_id": pay(), "include_all": True},
    "payments.get_terms": {"payment_id": pay()},
    "payments.accept_terms": {"payment_id": pay(), "id_terms": 1},
    "payment_links.create": {"body": NEW_LINK},
    "payment_links.get": {"payment_link_id": LINK},
    "payment_links.revoke": {"payment_link_id": LINK},
    "security.get_sign_key": {"key_id": Of("security.list_sign_keys")},
}


@pytest.fixture
def powens():
    """A sandbox for one method."""
    with Sandbox() as powens:
        yield powens


@pytest.fixture
def client(powens):
    """A client of the application in it."""
    with PowensClient(
        base_url=powens.base_url,
        access_token=powens.access_token,
        client_id=powens.client_id,
        client_secret=powens.client_secret,
        payment_links_url=powens.payment_links_url,
    ) as client:
        yield client


def act(powens, client, method, arguments):
    """Call a method with the token that opens it, once its arguments are there."""
    ready = {name: resolve(powens, client, it) for name, it in arguments.items()}
    resource = method.partition(".")[0]
    token = ready.pop("as_token", None)
    if {resource, method} & SERVICE:
        scopes = "payment-links:admin" if resource == "payment_links" else "payments:admin"
        token = (client.auth.generate_service_token(scope=scopes)).token
    elif {resource, method} & CONFIG:
        token = powens.config_token
    elif method in USERS:
        token = powens.users_token
    return perform(client.with_options(access_token=token or powens.access_token), method, **ready)


def resolve(powens, client, value):
    """Get what another call gives."""
    if isinstance(value, Visited):
        payment = resolve(powens, client, value.payment._replace(part=""))
        with httpx.Client() as browser:
            browser.get(payment.validate_uri)
        return payment.id
    if not isinstance(value, Of):
        return value
    answer = act(powens, client, value.method, value.arguments)
    row = next(iter(answer)) if isinstance(answer, Envelope) else answer
    return getattr(row, value.part) if value.part else row


def address_of(powens, request):
    """The verb and path of a request, as the reference writes them."""
    path = request.path
    links = powens.payment_links_url.removeprefix(powens.base_url.removesuffix("/2.0"))
    return f"{request.method} {path}".replace(links, "https://payment-links.powens.com/api")


def is_at(line, address):
    """Whether a call goes to an address; `{a}` is one step of a path, `{a.b}` a whole one."""
    pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(address))
    pattern = re.sub(r"\\{[^{}]+\\}", ".+", pattern)
    return re.fullmatch(pattern, line) is not None


@pytest.mark.parametrize("method", sorted(METHODS.keys() - SILENT))
def test_a_method_is_served_and_sends_what_is_documented(method, powens, client):
    if method == "payments.confirm":
        powens_config = client.with_options(access_token=powens.config_token).configuration
        powens_config.update(body={"payment.auto_confirmation": False})
    result = act(powens, client, method, ARGUMENTS.get(method, {}))
    assert type(result) is type(METHODS[method].result)
    request = powens.requests[-1]
    assert request.status in range(200, 300)
    endpoint = ENDPOINTS[STANDS_ON.get(method, method.replace(".list_all", ".list"))]
    addresses = [f"{endpoint['method']} {endpoint['path']}", *endpoint["aliases"]]
    assert any(is_at(address_of(powens, request), address) for address in addresses)
    asked = {name for name, _ in parse_qsl(request.query, keep_blank_values=True)}
    documented = {each["name"] for each in endpoint["params"] if "query" in each["in"]}
    assert asked <= documented | {"expand", "limit", "offset", "all"}
