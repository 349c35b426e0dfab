"""Payments: to make, to find, to validate, to cancel."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final, TypeAlias, cast
from urllib.parse import urlencode

from starlette.responses import Response

from powens.sandbox import payments, rules
from powens.sandbox.bank import CURRENCIES
from powens.sandbox.call import PAY_ADMIN, PAY_CANCEL, PAY_SENSITIVE, PAY_VALIDATE, Call
from powens.sandbox.orders import MAX_STATE, SENSITIVE, Instruction, read_account, read_order
from powens.sandbox.payments import Outlook, Payment
from powens.sandbox.query import Query
from powens.sandbox.reader import Reader
from powens.sandbox.state import SCOPED_TOKEN_LIFE, Connector, World
from powens.sandbox.webview.banks import back, decision, for_people, question, words_for
from powens.sandbox.webview.pages import payment_facts
from powens.sandbox.wire import Answer, ApiError, JsonObject, bad_value, missing

TERMS: Final[JsonObject] = {
    "id": 1,
    "version": "1.0",
    "created": "2025-03-01 00:00:00",
    "deleted": None,
    "id_file": 9001,
}

_TEN_DECIMALS: Final = Decimal(1).scaleb(-10)
_SCOPES: Final = frozenset(
    {"payments:read-only", "payments:allow-sensitive", "payments:validate", "payments:cancel"}
)


class Found:
    """A payment as it is now, with what filters and orders look at."""

    def __init__(self, world: World, payment: Payment) -> None:
        self.payment = payment
        self.now: datetime = world.clock.now
        self.outlook: Outlook = payment.look(self.now)
        self._connectors = world.connectors

    @cached_property
    def connector(self) -> Connector | None:
        """The payer's bank, once it is known."""
        bank = self.payment.bank
        return None if bank is None else self._connectors[bank.id]

    @property
    def source_id(self) -> int | None:
        """The source of the payer's bank, once the payer has agreed."""
        agreed = self.payment.agreed is not None
        return self.connector.sources[-1].id if self.connector and agreed else None

    @property
    def bank_payment_id(self) -> str | None:
        """What the bank calls it, once the payer has agreed."""
        return None if self.payment.agreed is None else f"BANK{self.payment.id:08d}"


_Filter: TypeAlias = Callable[[Found, str], bool]

_FILTERS: Final[Mapping[str, _Filter]] = {
    "connector_uuid": lambda found, text: _is(found.connector and found.connector.bank.uuid, text),
    "id_connector": lambda found, text: _is(found.connector and found.connector.bank.id, text),
    "id_connector_source": lambda found, text: str(found.source_id) == text,
    "state": lambda found, text: found.outlook.state == text,
    "error_code": lambda found, text: (found.outlook.error or "").lower() == text.lower(),
    "bank_payment_id": lambda found, text: found.bank_payment_id == text,
    "website": lambda found, text: found.payment.website == text,
    "payer_identification": lambda found, text: (
        (found.payment.order.payer or {}).get("identification") == text
    ),
    "beneficiary_identification": lambda found, text: any(
        each.beneficiary["identification"] == text for each in found.payment.order.instructions
    ),
    "reference_id": lambda found, text: text in found.payment.references,
    "execution_date_type": lambda found, text: found.payment.order.date_type == text,
    "country": lambda found, text: (
        found.connector is not None
        and found.connector.bank.country in {each.strip().lower() for each in text.split(",")}
    ),
}

_ORDERS: Final[Mapping[str, Callable[[Found], object]]] = {
    "register_date": lambda found: found.payment.registered,
    "id": lambda found: found.payment.id,
    "validate_date": lambda found: found.payment.agreed or datetime.min,  # noqa: DTZ901 - naive
    "state": lambda found: found.outlook.state,
    "connectors": lambda found: found.connector.bank.name if found.connector else "",
    "amount": lambda found: found.payment.order.amount,
    "instruction_count": lambda found: len(found.payment.order.instructions),
    "execution_date_type": lambda found: found.payment.order.date_type,
}


def list_payments(call: Call) -> Answer:
    """GET /payments: the newest first, or whatever has most of what they are ordered by.

    The envelope has no `total`.
    """
    query, sensitive = call.query, _sensitive(call)
    within = _within(query)
    wanted = {name: text for name in _FILTERS if (text := query.text(name)) is not None}
    found = [
        each
        for each in (Found(call.world, payment) for payment in call.world.payments)
        if within(each) and all(_FILTERS[name](each, text) for name, text in wanted.items())
    ]
    order = _ORDERS[query.choice("order_by", *_ORDERS)]
    found.sort(
        key=lambda each: (order(each), each.payment.id), reverse=not query.boolean("reverse")
    )
    views = [_view(call.world, call.origin, each, sensitive=sensitive) for each in found]
    return Answer(200, {"payments": query.page().of(views)})


def create_payment(call: Call) -> Answer:
    """POST /payments."""
    sensitive, world = _sensitive(call), call.world
    body = Reader(call.body)
    today = world.clock.now.date()
    order = read_order(body, today, Decimal(world.domain.config["payment.max_amount"]))
    connector = _connector(call)
    if connector is not None:
        rules.refuse_clashes(_settings(connector), order, today)
    life = timedelta(days=int(world.domain.config["payment.manual_expire_time_days"]))
    bank = None if connector is None else connector.bank
    payment = world.payments.create(order, bank, world.clock.tick(), life)
    return _answer(call, payment, sensitive=sensitive)


def get_payment(call: Call) -> Answer:
    """GET /payments/{payment_id}."""
    return _answer(call, call.payment, sensitive=_sensitive(call))


def act(call: Call) -> Answer:
    """POST /payments/{payment_id}: what is done depends on what the body holds."""
    sensitive, payment = _sensitive(call), call.payment
    for name, (scopes, action) in _ACTIONS.items():
        if call.body.get(name) is not None:
            call.admit(scopes)
            action(call, payment)
            call.world.clock.tick()
            return _answer(call, payment, sensitive=sensitive)
    raise missing("validate_mechanism")


def _validate(call: Call, payment: Payment) -> None:
    body, now = Reader(call.body), call.world.clock.now
    if payment.look(now).state != "created":
        raise _conflict()
    connector = _connector(call) or Found(call.world, payment).connector
    if connector is None:
        raise missing("connector_uuid")
    settings = _settings(connector)
    body.needs("webview_url")
    address = body.address("webview_url")
    mechanism = body.choice("validate_mechanism", settings["available_validate_mechanisms"])
    fields = body.inner("fields")
    clear = {
        name: call.world.keys.decrypt(value)
        for name, value in (fields.values if fields else {}).items()
    }
    scenario = payments.scenario_of(connector.bank, clear)
    payer = read_account(body.inner("payer")) or payment.order.payer
    if payer is None and settings["providing_payer_account"] == "mandatory":
        raise missing("payer")
    at_once, website = body.boolean("validated"), body.text("website")
    rules.refuse_clashes(settings, payment.order, now.date())
    payment.order.payer, payment.bank, payment.scenario = payer, connector.bank, scenario
    payment.mechanism, payment.webview_url = mechanism or "webauth", address
    payment.website = website
    if at_once:
        confirmed = call.world.domain.config["payment.auto_confirmation"] != "0"
        payment.begin(connector.bank, scenario, confirmed=confirmed)


def _resume(call: Call, payment: Payment) -> None:
    _expect(call, payment, "decoupled")
    if call.boolean("resume"):
        payment.resumes += 1
        if payment.resumes >= payments.RESUMES:
            payment.advance(call.world.clock.now)


def _submit_fields(call: Call, payment: Payment) -> None:
    _expect(call, payment, "additionalInformationNeeded")
    payments.take_fields(payment, call.typed("fields", dict), call.world.clock.now)


def _psu_validate(call: Call, payment: Payment) -> None:
    _decide(call, payment, "psuValidation", "psu_validate", "CancelledByUser")


def _confirm(call: Call, payment: Payment) -> None:
    _decide(call, payment, "confirm", "confirm", "confirmationRefused")


def _decide(call: Call, payment: Payment, action: str, name: str, refusal: str) -> None:
    _expect(call, payment, action)
    if call.boolean(name):
        payment.advance(call.world.clock.now)
    else:
        payment.end(refusal)


def _cancel(call: Call, payment: Payment) -> None:
    if not call.boolean("cancel"):
        raise bad_value("cancel")
    body = Reader(call.body)
    body.needs("client_redirect_uri")
    back = body.address("client_redirect_uri", query=False) or ""
    state = body.text("client_state", MAX_STATE)
    payments.cancel(payment, _back(payment, back, state), call.world.clock.now)


# The first of these names that the body has says what to do: `validate` may send `fields`, too.
_ACTIONS: Final[Mapping[str, tuple[frozenset[str], Callable[[Call, Payment], None]]]] = {
    "cancel": (PAY_CANCEL, _cancel),
    "confirm": (PAY_ADMIN, _confirm),
    "psu_validate": (PAY_VALIDATE, _psu_validate),
    "resume": (PAY_VALIDATE, _resume),
    "webview_url": (PAY_VALIDATE, _validate),
    "validate_mechanism": (PAY_VALIDATE, _validate),
    "validated": (PAY_VALIDATE, _validate),
    "fields": (PAY_VALIDATE, _submit_fields),
}


@for_people
def visit_bank(call: Call) -> Answer | Response:
    """GET, POST /sandbox/pay/{ticket}: the bank's page, to pay or to cancel a payment."""
    world = call.world
    payment = world.payments.of_ticket(call.request.path_params["ticket"], world.clock.now)
    cancels, allowed = payment.cancel_url is not None, decision(call)
    if allowed is None:
        title = "{bank}: cancel this payment?" if cancels else "{bank}: confirm this payment?"
        allow = "Cancel the payment" if cancels else "Confirm"
        bank = "" if payment.bank is None else payment.bank.name
        summary = payment_facts(words_for(call), payment.order)
        return question(call, title, bank, summary, allow=allow)
    now = world.clock.tick()
    if payment.cancel_url is not None:
        address, payment.cancel_url = payment.cancel_url, None
        if allowed:
            payment.end("cancelledByUser")
        return back(call, f"{address}&payment_state={payment.look(now).state}")
    if allowed:
        payment.advance(now)
    else:
        payment.end("CancelledByUser")
    return back(call, payment.webview_url or "")


def create_scoped_token(call: Call) -> Answer:
    """POST /payments/{payment_id}/scopedtoken."""
    payment = call.payment
    given = call.required("scope")
    scopes = cast("list[object]", given) if isinstance(given, list) else str(given).split()
    if not scopes or not all(isinstance(each, str) and each in _SCOPES for each in scopes):
        raise bad_value("scope")
    words = [str(each) for each in scopes]
    token = call.world.grant_scopes(words, payment_id=payment.id)
    return Answer(
        200,
        {
            "token": token,
            "scope": " ".join(words),
            "id_payment": payment.id,
            "expires_in": int(SCOPED_TOKEN_LIFE.total_seconds()),
        },
    )


def list_incompatibilities(call: Call) -> Answer:
    """GET /payments/{payment_id}/incompatibilities: a bare list, with a row for each bank."""
    order, today = call.payment.order, call.world.clock.now.date()
    found: list[JsonObject] = []
    for connector in call.world.connectors.values():
        settings = payments.settings_of(connector.bank)
        if settings is None or (connector.hidden and not call.query.flag("all")):
            continue
        reasons = rules.clashes(settings, order, today)
        if reasons:
            found.append({"type": rules.worst(reasons), "reasons": reasons})
    return Answer(200, found)


def get_terms(call: Call) -> Answer:
    """GET /payments/{payment_id}/terms. While they are to be accepted `to_sign` is a text."""
    return Answer(200, TERMS if call.payment.signed else {"to_sign": "true"} | TERMS)


def accept_terms(call: Call) -> Answer:
    """POST /payments/{payment_id}/terms."""
    if str(call.required("id_terms")) != str(TERMS["id"]):
        raise bad_value("id_terms")
    call.payment.signed = True
    return Answer(200, {"success": "ok"})


def get_current_terms(_: Call) -> Answer:
    """GET /terms."""
    content = "Conditions inventées : ce bac à sable ne déplace aucun argent."
    return Answer(200, {"terms": TERMS, "content": content, "language": "fr"})


def compatible(call: Call, payment_id: str) -> list[Connector]:
    """The connectors that can carry a payment out; none for a payment that does not exist."""
    try:
        order = call.world.payments.get(int(payment_id)).order
    except (ValueError, ApiError):
        return []
    today = call.world.clock.now.date()
    connectors = call.world.connectors.values()
    return [each for each in connectors if payments.carries(each.bank, order, today)]


def _connector(call: Call) -> Connector | None:
    wanted = call.body.get("connector_uuid") or call.body.get("id_connector")
    return call.world.connector(wanted) if wanted else None


def _settings(connector: Connector) -> JsonObject:
    settings = payments.settings_of(connector.bank)
    if settings is None:
        raise ApiError(400, "notSupported", "This connector takes no payments")
    return settings


def _expect(call: Call, payment: Payment, action: str) -> None:
    step = payment.step(call.world.clock.now)
    if step is None or step.action != action:
        raise _conflict()


def _conflict() -> ApiError:
    return ApiError(409, "conflict", "The payment does not wait for this")


def _sensitive(call: Call) -> bool:
    asked = call.query.boolean("show_sensitive") or False
    if asked and not call.token.opens & PAY_SENSITIVE:
        raise ApiError(403, "forbidden", "This token does not show sensitive values")
    return asked


def _within(query: Query) -> Callable[[Found], bool]:
    """Whether a payment is from these days: the first one included, the last one not."""
    by_validation = query.choice("filter", "register_date", "validate_date") == "validate_date"
    low, high = query.first_day("min_date"), query.first_day("max_date")

    def test(found: Found) -> bool:
        moment = found.payment.agreed if by_validation else found.payment.registered
        if moment is None:
            return low is high is None
        return (low is None or moment.date() >= low) and (high is None or moment.date() < high)

    return test


def _is(value: object, text: str) -> bool:
    return value is None if text == "null" else str(value) == text


def _back(payment: Payment, address: str, state: str | None) -> str:
    given = {"id_payment": str(payment.id)} | ({} if state is None else {"state": state})
    return f"{address}?{urlencode(given)}"


def _answer(call: Call, payment: Payment, *, sensitive: bool) -> Answer:
    return Answer(200, payment_view(call.world, call.origin, payment, sensitive=sensitive))


def payment_view(
    world: World, origin: str, payment: Payment, *, sensitive: bool = False
) -> JsonObject:
    """A payment, for a client that sees the sandbox at that origin."""
    return _view(world, origin, Found(world, payment), sensitive=sensitive)


def _view(world: World, origin: str, found: Found, *, sensitive: bool) -> JsonObject:
    payment, outlook, order = found.payment, found.outlook, found.payment.order
    step = payment.step(found.now)
    visit = payments.awaits_payer(payment, found.now)
    message = payment.message or (step and step.message)
    connector = found.connector
    return {
        "id": payment.id,
        "state": outlook.state,
        "state_detail": "cancelling" if visit and step is None else None,
        "action": step and step.action,
        "error_code": outlook.error,
        "error_description": message,
        "fields": step and step.shown_fields,
        "validate_uri": (
            f"{origin}/sandbox/pay/{world.payments.ticket(payment)}" if visit else None
        ),
        "id_connector": connector and connector.bank.id,
        "connector_uuid": connector and connector.bank.uuid,
        "validate_mechanism": payment.mechanism,
        "register_date": str(payment.registered),
        "client_redirect_uri": order.redirect_uri,
        "client_state": order.state,
        "payer": order.payer,
        "instructions": [
            _instruction_view(each, reference, state, sensitive=sensitive)
            for each, reference, state in zip(
                order.instructions, payment.references, outlook.instructions, strict=True
            )
        ],
        "payer_identity": _identity_view(order.payer_identity, sensitive=sensitive),
        "validate_date": payment.agreed and str(payment.agreed),
        "bank_payment_id": found.bank_payment_id,
        "website": payment.website,
        "id_connector_source": found.source_id,
    }


def _instruction_view(
    each: Instruction, reference: str, state: str | None, *, sensitive: bool
) -> JsonObject:
    day = each.execution_date and str(each.execution_date)
    return {
        "reference_id": reference,
        "amount": each.amount.quantize(_TEN_DECIMALS),
        "currency": CURRENCIES[each.currency],
        "label": each.label,
        "execution_date_type": each.date_type,
        "execution_date": day,
        "exec_date": day,
        "beneficiary": each.beneficiary,
        "beneficiary_identity": _identity_view(each.beneficiary_identity, sensitive=sensitive),
        "start_date": each.start_date and str(each.start_date),
        "end_date": each.end_date and str(each.end_date),
        "frequency": each.frequency,
        "state": state,
    }


def _identity_view(identity: JsonObject | None, *, sensitive: bool) -> JsonObject | None:
    if identity is None or sensitive:
        return identity
    return {name: value for name, value in identity.items() if name not in SENSITIVE}
