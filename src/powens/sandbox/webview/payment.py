"""The pages on which a payer carries out a payment.

A visit is at a screen. The screen `paying` is whatever the bank wants next.
"""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode

from powens.sandbox import flows, payments, rules
from powens.sandbox.bank import fields_of
from powens.sandbox.orders import read_account
from powens.sandbox.payments import TEST_BANK, Step, carries, payment_fields_of, settings_of
from powens.sandbox.reader import Reader
from powens.sandbox.state import Connector
from powens.sandbox.webview.html import Markup
from powens.sandbox.webview.pages import (
    Answers,
    Page,
    bank_buttons,
    button,
    form,
    harmless,
    inputs,
    paragraph,
    payment_facts,
    read_inputs,
    tip,
    visit_path,
)
from powens.sandbox.webview.steps import Screen, connector_of, payment_of
from powens.sandbox.webview.visit import Visit
from powens.sandbox.wire import ApiError, JsonObject

_REFUSED: Final = "CancelledByUser"


def _facts(visit: Visit) -> list[Markup]:
    return payment_facts(visit.say, payment_of(visit).order)


# --- To begin, and to choose a bank


def _payment(visit: Visit) -> Page:
    say = visit.say
    return Page(
        say("Pay by bank transfer"),
        [
            *_facts(visit),
            paragraph(say("To go on, accept the terms of use of the service.")),
            form(
                visit,
                button(say("Accept and continue"), "accept"),
                button(say("Decline"), "decline", "plain"),
            ),
        ],
    )


def _decline(visit: Visit, _: Answers) -> None:
    visit.fail("tos_declined", "The payer declined the terms of use")


def _accept(visit: Visit, _: Answers) -> None:
    payment = payment_of(visit)
    payment.signed = True
    if payment.steps:
        visit.go("paying")
    elif payment.bank is not None:
        _take(visit, visit.world.connectors[payment.bank.id])
    else:
        visit.go("payer's bank")


def _offered(visit: Visit) -> list[Connector]:
    order, today = payment_of(visit).order, visit.world.clock.now.date()
    every = visit.world.connectors.values()
    return [each for each in every if not each.hidden and carries(each.bank, order, today)]


def _banks(visit: Visit) -> Page:
    say, offered = visit.say, _offered(visit)
    if not offered:
        return Page(say("No bank fits"), [paragraph(say("No bank here takes this payment."))])
    return Page(say("Choose your bank"), [bank_buttons(visit, offered)])


def _choose(visit: Visit, answers: Answers) -> None:
    for connector in _offered(visit):
        if connector.bank.uuid == answers.about:
            _take(visit, connector)


def _take(visit: Visit, connector: Connector) -> None:
    visit.connector = connector
    if _asked(visit):
        visit.go("payer")
    else:
        _identify(visit, {})


# --- Who pays


def _asked(visit: Visit) -> list[JsonObject]:
    """What to ask for here: no login where the payer logs in on the bank's own page."""
    bank = connector_of(visit).bank
    asked = payment_fields_of(bank)
    if bank is TEST_BANK:
        return asked
    offer = payments.OFFERS[bank.slug]
    if payment_of(visit).order.payer or offer.settings["providing_payer_account"] != "mandatory":
        asked = []
    at_bank = payments.SCENARIOS[offer.scenario][0].action == "redirect"
    return asked if at_bank else [*fields_of(bank), *asked]


def _payer(visit: Visit) -> Page:
    say, bank = visit.say, connector_of(visit).bank
    return Page(
        say("Log in to {bank}", bank=bank.name),
        [
            form(visit, inputs(visit, _asked(visit)), button(say("Continue"), "submit")),
            tip(visit, "Any login and password will do here, but for the password “wrongpass”."),
        ],
    )


def _log_in(visit: Visit, answers: Answers) -> None:
    asked = _asked(visit)
    given = read_inputs(visit, asked, answers)
    if given is None:
        return
    try:
        flows.check_password(given)
    except ApiError:
        words = "The bank does not know this login and password. Please try again."
        visit.complain({"": visit.say(words)}, harmless(asked, given))
        return
    try:
        visit.payer = _account(visit, given.get("iban"))
    except ApiError:
        visit.complain({"iban": visit.say("This is not an IBAN.")}, harmless(asked, given))
        return
    _identify(visit, given)


def _account(visit: Visit, iban: str | None) -> JsonObject | None:
    if iban is None:
        return None
    label = visit.say("Account of the payer")
    return read_account(Reader({"scheme_name": "iban", "identification": iban, "label": label}))


def _identify(visit: Visit, given: JsonObject) -> None:
    known = {name: given[name] for name in ("use_case_pay",) if name in given}
    visit.scenario = payments.scenario_of(connector_of(visit).bank, known)
    if payments.SCENARIOS[visit.scenario][0].action == "redirect":
        _begin(visit)
    else:
        visit.go("review")


def _review(visit: Visit) -> Page:
    say = visit.say
    return Page(
        say("Confirm the payment"),
        [
            *_facts(visit),
            form(
                visit,
                button(say("Confirm"), "confirm"),
                button(say("Refuse"), "refuse", "plain"),
            ),
        ],
    )


def _begin(visit: Visit, _: Answers | None = None) -> None:
    """Start what the bank wants the payer to do."""
    world, payment, bank = visit.world, payment_of(visit), connector_of(visit).bank
    settings = settings_of(bank) or {}
    payer = visit.payer or payment.order.payer
    try:
        rules.refuse_clashes(settings, payment.order, world.clock.now.date())
    except ApiError as error:
        visit.fail("server_error", error.description)
        return
    payment.order.payer, payment.mechanism = payer, "webauth"
    payment.begin(
        bank, visit.scenario, confirmed=world.domain.config["payment.auto_confirmation"] != "0"
    )
    world.clock.tick()
    visit.go("paying")


# --- What the bank wants


def _step(visit: Visit) -> Step | None:
    return payment_of(visit).step(visit.world.clock.now)


def _bank_name(visit: Visit) -> str:
    bank = payment_of(visit).bank
    return "" if bank is None else bank.name


def _redirect(visit: Visit) -> Page:
    say, bank = visit.say, _bank_name(visit)
    text = "{bank} asks you to log in on its own page. You will come back here afterwards."
    return Page(
        say("Go on at your bank"),
        [paragraph(say(text, bank=bank)), form(visit, button(say("Go to my bank"), "go"))],
    )


def _visit_bank(visit: Visit, _: Answers) -> str:
    payment = payment_of(visit)
    payment.webview_url = visit_path(visit)
    return f"/sandbox/pay/{visit.world.payments.ticket(payment)}"


def _approval(visit: Visit) -> Page:
    say, bank = visit.say, _bank_name(visit)
    text = "Open the app of {bank} and approve the request there. Then come back here."
    return Page(
        say("Approve in your app"),
        [
            paragraph(say(text, bank=bank)),
            *_facts(visit),
            form(visit, button(say("I approved it in my app"), "done")),
            tip(visit, "There is no app here: the button will do."),
        ],
    )


def _questions(visit: Visit) -> list[JsonObject]:
    step = _step(visit)
    return [] if step is None else list(step.fields)


def _details(visit: Visit) -> Page:
    say, asked = visit.say, _questions(visit)
    wants_code = any(each["name"] == "openapisms" for each in asked)
    return Page(
        say("{bank} asks you", bank=_bank_name(visit)),
        [
            form(visit, inputs(visit, asked), button(say("Continue"), "submit")),
            tip(visit, "The code is 1234 here.") if wants_code else None,
        ],
    )


def _submit(visit: Visit, answers: Answers) -> None:
    payment, asked = payment_of(visit), _questions(visit)
    given = read_inputs(visit, asked, answers)
    if given is None:
        return
    now = visit.world.clock.tick()
    payments.take_fields(payment, given, now)
    if payment.message is not None:
        words = "This code is not the right one. Please try again."
        visit.complain({asked[0]["name"]: visit.say(words)})
    else:
        visit.go("paying")


def _done(visit: Visit, _: Answers) -> None:
    payment_of(visit).advance(visit.world.clock.tick())
    visit.go("paying")


def _refuse(visit: Visit, _: Answers) -> None:
    visit.world.clock.tick()
    payment_of(visit).end(_REFUSED)
    visit.go("paying")


def give_up(visit: Visit, answers: Answers) -> None:
    """The payer leaves. What the bank has not heard of yet may be paid later."""
    if payment_of(visit).steps:
        _refuse(visit, answers)
        _conclude(visit)
    else:
        visit.fail("access_denied", "The payer left before the end")


# --- How it ends


def _conclude(visit: Visit) -> None:
    """Send the payer back: after a success to where the payment says."""
    payment = payment_of(visit)
    outlook = payment.look(visit.world.clock.now)
    if outlook.error == _REFUSED:
        visit.fail("access_denied", "The payer refused the payment")
    elif payment.error is not None or outlook.state == "expired":
        visit.fail("server_error", f"The payment ended: {outlook.error or outlook.state}")
    elif payment.order.redirect_uri is None:
        visit.leave()
    else:
        result = {"id_payment": str(payment.id), "payment_state": outlook.state}
        result |= {} if outlook.error is None else {"error_code": outlook.error}
        given = {} if payment.order.state is None else {"state": payment.order.state}
        visit.depart(f"{payment.order.redirect_uri}?{urlencode(result | given)}")


# The screens of what a bank may want. The last word of the merchant is none of the payer's.
_STEPS: Final[Mapping[str, str]] = {
    "redirect": "payment at bank",
    "decoupled": "payment in app",
    "additionalInformationNeeded": "payment details",
    "psuValidation": "last word",
}


def _by_step(visit: Visit) -> str:
    step = _step(visit)
    screen = None if step is None else _STEPS.get(step.action)
    if screen is None:
        _conclude(visit)
    return screen or visit.screen


SCREENS: Final[Mapping[str, Screen]] = {
    "payment": Screen(_payment, {"accept": _accept, "decline": _decline}),
    "payer's bank": Screen(_banks, {"choose": _choose}),
    "payer": Screen(_payer, {"submit": _log_in}),
    "review": Screen(_review, {"confirm": _begin, "refuse": _refuse}),
    "payment at bank": Screen(_redirect, {"go": _visit_bank}),
    "payment in app": Screen(_approval, {"done": _done}),
    "payment details": Screen(_details, {"submit": _submit}),
    "last word": Screen(_review, {"confirm": _done, "refuse": _refuse}),
}

PLACES: Final[Mapping[str, Callable[[Visit], str]]] = {"paying": _by_step}
