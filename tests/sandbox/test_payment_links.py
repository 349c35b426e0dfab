import json
from decimal import Decimal

import httpx
import pytest

from powens._codec import decode
from powens.models import Payment, PaymentLink, PaymentLinksList
from powens.sandbox import Fault, Sandbox

ACCOUNT = {
    "scheme_name": "iban",
    "identification": "FR1420041010050500013M02606",
    "label": "Atelier Garance",
}
PERSON = {"first_name": "Anouk", "last_name": "Tessier"}


def request(**more):
    return {
        "amount": "12.50",
        "currency": "EUR",
        "label": "Commande 42",
        "execution_date_type": "first_open_day",
        "beneficiary": ACCOUNT,
        "beneficiary_identity": PERSON,
        "payer": None,
        "payer_identity": PERSON,
        "redirect": False,
    } | more


@pytest.fixture
def service(powens, api):
    """Makes tokens of one scope."""

    def make(scope):
        body = {"client_id": powens.client_id, "client_secret": powens.client_secret}
        return api.ask("POST", "/auth/token", json=body | {"scope": scope})["token"]

    return make


@pytest.fixture
def links(powens, service, api_of):
    client = api_of(powens, service("payment-links:admin"))
    client.base_url = powens.payment_links_url
    return client


def test_its_address(powens):
    assert powens.payment_links_url == powens.base_url.replace("/2.0", "/payment-links-api")
    with pytest.raises(RuntimeError, match="not running"):
        _ = Sandbox().payment_links_url


def test_creation_and_list(links):
    assert links.ask("GET", "/payment-links") == []
    made = links.ask("POST", "/payment-links", 201, json=request())
    assert str(made["amount"]) == "12.50"
    assert made["currency"] == "EUR"
    assert made["reference_id"]
    assert made["redirect_uri"] == made["redirect_state"] == ""
    assert made["attempt_state"] == "unavailable"
    assert made["revoked_at"] is made["last_payment_id"] is None
    assert {*PaymentLink.__annotations__} <= made.keys()
    other = links.ask("POST", "/payment-links", 201, json=request(reference_id="R2"))
    answer = links.get("/payment-links")
    assert json.loads(answer.content, parse_float=Decimal) == [made, other]
    listed = decode(answer.content, PaymentLinksList)
    first, second = listed
    assert (first.id, second.id) == (made["id"], other["id"])
    assert decode(links.get(f"/payment-links/{made['id']}").content, PaymentLink) == first
    assert links.ask("GET", "/payment-links/none", 404)["code"] == "notFound"


@pytest.mark.parametrize("name", [*request(), "redirect_uri", "redirect_state"])
def test_what_it_needs(links, name):
    back = {"redirect": True, "redirect_uri": "https://shop.example/", "redirect_state": "s"}
    body = request(**back)
    del body[name]
    error = links.ask("POST", "/payment-links", 400, json=body)
    assert error["code"] == "missingParameter"
    assert f"'{name}'" in error["description"]
    assert links.ask("GET", "/payment-links") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": "1.234"},
        {"currency": "BTC"},
        {"execution_date_type": "deferred"},
        {"beneficiary": ACCOUNT | {"identification": "FR00"}},
        {"payer": "me"},
        {"redirect": "yes"},
        {"redirect": True, "redirect_uri": "nowhere", "redirect_state": "s"},
    ],
)
def test_wrong_values(links, wrong):
    error = links.ask("POST", "/payment-links", 400, json=request(**wrong))
    assert error["code"] == "invalidValue"


def test_revocation(links):
    path = f"/payment-links/{links.ask('POST', '/payment-links', 201, json=request())['id']}"
    url = links.ask("GET", path)["url"]
    assert links.ask("POST", f"{path}:revoke", 204) is None
    assert links.ask("POST", f"{path}:revoke", 404)["code"] == "notFound"
    assert links.ask("POST", "/payment-links/none:revoke", 404)["code"] == "notFound"
    assert decode(links.get(path).content, PaymentLink).revoked_at.tzinfo
    assert len(links.ask("GET", "/payment-links")) == 1
    assert httpx.get(url).status_code == 404


def test_paying(powens, links, service, api_of):
    back = {"redirect": True, "redirect_uri": "https://shop.example/?a=b", "redirect_state": "s&t"}
    made = links.ask("POST", "/payment-links", 201, json=request(**back))
    path = f"/payment-links/{made['id']}"
    location = httpx.get(made["url"]).headers["location"]
    paid = links.ask("GET", path)
    number = paid["last_payment_id"]
    assert location == f"https://shop.example/?a=b&state=s%26t&id_payment={number}"
    assert paid["attempt_state"] == "pending"
    shop = api_of(powens, service("payments:read-only"))
    payment = decode(shop.get(f"/payments/{number}").content, Payment)
    assert payment.instructions[0].amount == Decimal("12.5")
    assert payment.instructions[0].reference_id == made["reference_id"]
    powens.advance(900)
    assert links.ask("GET", path)["attempt_state"] == "done"


def test_paying_without_a_way_back(links):
    made = links.ask("POST", "/payment-links", 201, json=request())
    assert httpx.get(made["url"]).json() == {"success": "ok"}


def test_only_its_own_scope_opens_it(powens, links, service, api, api_of):
    for token in (service("payments:admin"), powens.access_token, powens.config_token):
        other = api_of(powens, token)
        other.base_url = powens.payment_links_url
        other.ask("GET", "/payment-links", 403)
    links.base_url = powens.base_url
    links.ask("GET", "/payments", 403)
    links.ask("GET", "/payment-links", 404)


def test_calls_are_recorded_and_can_fail(powens, links):
    powens.add_fault(Fault(status=503, path="/payment-links-api/*"))
    links.ask("GET", "/payment-links", 503)
    links.ask("GET", "/payment-links")
    assert [each.path for each in powens.requests[-2:]] == ["/payment-links-api/payment-links"] * 2
