"""Payment links, which the API serves on a host of their own."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from powens.sandbox import dice
from powens.sandbox.bank import CURRENCIES
from powens.sandbox.call import Call
from powens.sandbox.orders import Instruction, Order, read_account, read_currency, read_identity
from powens.sandbox.payments import TEST_BANK
from powens.sandbox.reader import Reader
from powens.sandbox.webview.banks import back, decision, for_people, question, words_for
from powens.sandbox.webview.html import respond
from powens.sandbox.webview.pages import frame, paragraph, payment_facts
from powens.sandbox.wire import Answer, JsonObject, missing, not_found

_DATE_TYPES: Final = ("first_open_day", "instant")
_LIFE: Final = timedelta(days=30)


def list_links(call: Call) -> Answer:
    """GET /payment-links: a bare list, the revoked ones included."""
    return Answer(200, [_view(call, link) for link in call.world.links.values()])


def create_link(call: Call) -> Answer:
    """POST /payment-links."""
    body = Reader(call.body)
    body.needs("amount", "currency", "label", "execution_date_type", "beneficiary")
    body.needs("beneficiary_identity", "payer_identity", "redirect")
    if "payer" not in call.body:
        raise missing("payer")
    redirect = body.boolean("redirect")
    if redirect:
        body.needs("redirect_uri", "redirect_state")
    currency = read_currency(body)
    number = dice.uuid(call.world.seed, "payment link", len(call.world.links))
    link: JsonObject = {
        "id": number,
        "reference_id": body.text("reference_id", 35) or f"LNK{number[:8].upper()}",
        "amount": body.amount("amount", CURRENCIES[currency]["precision"]),
        "currency": currency,
        "label": body.text("label", 140),
        "execution_date_type": body.choice("execution_date_type", _DATE_TYPES),
        "beneficiary": read_account(body.inner("beneficiary")),
        "beneficiary_identity": read_identity(body.inner("beneficiary_identity")),
        "payer": read_account(body.inner("payer")),
        "payer_identity": read_identity(body.inner("payer_identity")),
        "operator_identity": read_identity(body.inner("operator_identity")),
        "redirect": redirect,
        "redirect_uri": body.address("redirect_uri") or "",
        "redirect_state": body.text("redirect_state") or "",
        "last_payment_id": None,
        "url": f"{call.origin}/sandbox/links/{number}",
        "revoked_at": None,
    }
    call.world.clock.tick()
    call.world.links[number] = link
    return Answer(201, _view(call, link))


def get_link(call: Call) -> Answer:
    """GET /payment-links/{link_id}."""
    return Answer(200, _view(call, _link(call)))


def revoke_link(call: Call) -> Answer:
    """POST /payment-links/{link_id}:revoke."""
    link = _link(call, revoked=False)
    link["revoked_at"] = f"{call.world.clock.tick().isoformat()}Z"
    return Answer(204)


@for_people
def visit_link(call: Call) -> Answer | Response:
    """GET, POST /sandbox/links/{link_id}: the payer opens the link, and pays."""
    link, world = _link(call, revoked=False), call.world
    instruction = Instruction(
        reference_id=link["reference_id"],
        amount=link["amount"],
        currency=link["currency"],
        label=link["label"],
        date_type=link["execution_date_type"],
        execution_date=None,
        start_date=None,
        end_date=None,
        frequency=None,
        beneficiary=link["beneficiary"],
        beneficiary_identity=link["beneficiary_identity"],
    )
    order = Order(None, None, [instruction], link["payer"], link["payer_identity"])
    say, allowed = words_for(call), decision(call)
    if allowed is None:
        title = "{bank}: confirm this payment?"
        return question(call, title, TEST_BANK.name, payment_facts(say, order), allow="Confirm")
    now = world.clock.tick()
    payment = world.payments.create(order, TEST_BANK, now, _LIFE)
    if allowed:
        payment.agreed = now
    else:
        payment.end("CancelledByUser")
    link["last_payment_id"] = payment.id
    if link["redirect"]:
        given = {"state": link["redirect_state"], "id_payment": payment.id}
        joint = "&" if "?" in link["redirect_uri"] else "?"
        return back(call, f"{link['redirect_uri']}{joint}{urlencode(given)}")
    if call.request.method == "GET":
        return Answer(200, {"success": "ok"})
    words = say("You may close this page.")
    return respond(frame(say, say("You have finished here"), paragraph(words)))


def _link(call: Call, *, revoked: bool = True) -> JsonObject:
    link = call.world.links.get(call.request.path_params["link_id"])
    if link is None or (link["revoked_at"] is not None and not revoked):
        raise not_found("Payment link")
    return link


def _view(call: Call, link: JsonObject) -> JsonObject:
    number = link["last_payment_id"]
    if number is None:
        return link | {"attempt_state": "unavailable"}
    return link | {
        "attempt_state": call.world.payments.get(number).look(call.world.clock.now).state
    }
