"""Payments: what each bank takes, the steps to agree to one, and what time makes of it.

Where the documentation says nothing, the sandbox has chosen: which steps make a scenario, and that
a phase `err` or `bug` leaves a payment pending, with an error code.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from powens.sandbox import dice, rules
from powens.sandbox.bank import BANKS, Bank
from powens.sandbox.orders import DATE_TYPES, FREQUENCIES, SCHEMES, Instruction, Order
from powens.sandbox.wire import ApiError, JsonObject, bad_value, not_found

TEST_CONNECTOR: Final = "338178e6-3d01-564f-9a7b-52ca442459bf"
OTP: Final = "1234"
RESUMES: Final = 2
PHASE: Final = timedelta(minutes=15)
INSTANT_PHASE: Final = timedelta(seconds=15)


class _TestBank(Bank):
    """The connector that plays any scenario; its uuid is the same everywhere."""

    __slots__ = ()

    @property
    def uuid(self) -> str:
        return TEST_CONNECTOR


TEST_BANK: Final = _TestBank(13, "essai", "Connecteur de test", "fr", None, "99113", hidden=True)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be done before a payment is agreed to.

    Attributes:
        action: What the payer has to do.
        message: What to tell the payer meanwhile.
        fields: What to ask the payer for.
        by_name: Whether the fields come as an object by their names, and not as a list.
        error: The error it ends the payment with, if it never succeeds.
    """

    action: str
    message: str | None = None
    fields: tuple[JsonObject, ...] = ()
    by_name: bool = False
    error: str | None = None

    @property
    def shown_fields(self) -> JsonObject | list[JsonObject] | None:
        """The fields, in one of the two forms that the API has for them."""
        if self.by_name:
            return {each["name"]: each for each in self.fields}
        return list(self.fields) or None


def _field(name: str, label: str, **more: object) -> JsonObject:
    return {"name": name, "label": label, "type": "text", "required": True, "regex": None} | more


_REDIRECT: Final = Step("redirect")
_AGREE: Final = Step("psuValidation")
_APP: Final = Step("decoupled", "Validez le virement dans l'application de votre banque")
_SMS: Final = Step(
    "additionalInformationNeeded",
    fields=(_field("openapisms", "Code reçu par SMS", regex=r"^\d{4}$"),),
)
_ACCOUNT: Final = Step(
    "additionalInformationNeeded",
    fields=(
        _field(
            "account_id",
            "Compte à débiter",
            type="list",
            values=[
                {"label": "Compte principal", "value": "main"},
                {"label": "Compte secondaire", "value": "snd"},
            ],
            default="main",
        ),
    ),
    by_name=True,
)
CONFIRM: Final = Step("confirm")

SCENARIOS: Final[Mapping[str, tuple[Step, ...]]] = {
    "legacy": (_REDIRECT,),
    "redirect": (_REDIRECT, _AGREE),
    "decoupled": (_APP,),
    "decoupled_cancelled": (replace(_APP, error="CancelledByUser"),),
    "decoupled_expired": (replace(_APP, error="noAnswerFromCustomer"),),
    "otp_sms": (_SMS,),
    "otp_plus_decoupled": (_SMS, _APP),
    "account_choice": (_ACCOUNT,),
    "redirect_no_confirmation": (_REDIRECT,),
}

# A phase of the scenario `legacy`: what the bank says of an instruction.
_PHASES: Final[Mapping[str, tuple[str, str | None]]] = {
    "pdng": ("pending", None),
    "canc": ("rejected", "CancelledByUser"),
    "rjct": ("rejected", "noSpecifiedReason"),
    "err": ("pending", "websiteUnavailable"),
    "bug": ("pending", "bug"),
    "done": ("done", None),
}
_USUAL_PHASES: Final = ("pdng", "done")
_PHASES_IN_LABEL: Final = re.compile(
    r"((?:{0})(?:/(?:{0})){{0,2}})(?: - |$)".format("|".join(_PHASES))
)


@dataclass(frozen=True, slots=True)
class Offer:
    """How a bank takes payments.

    Attributes:
        scenario: The steps its customers go through, unless the payment names others.
        settings: Its `payment_settings`.
        cancelled_on_page: Whether the payer has to cancel on the bank's page.
    """

    scenario: str
    settings: JsonObject
    cancelled_on_page: bool = False


def _settings(**different: object) -> JsonObject:
    return {
        "available_validate_mechanisms": ["webauth"],
        "beneficiary_types": ["iban"],
        "execution_date_types": ["first_open_day", "instant"],
        "execution_frequencies": [],
        "maximum_number_of_instructions": 1,
        "providing_payer_account": "optional",
        "partial_status_tracking": [],
        "is_app_to_app_used": {"android": None, "ios": None},
        "bank_provides_payer_account": True,
        "bank_provides_payer_label": False,
        "transfer_date_types_where_trusted_beneficiary_required": [],
        "cancellation_available": False,
        "minimum_amount": {"first_open_day": Decimal("0.0"), "instant": Decimal("0.0")},
        "maximum_amount": None,
        "minimum_date_delta_days": 0,
        "maximum_date_delta_days": None,
        "bulk_execution_date_types": [],
        "bulk_providing_payer_account": None,
        "trusted_beneficiaries_required_for_bulk": None,
    } | different


OFFERS: Final[Mapping[str, Offer]] = {
    "essai": Offer(
        "legacy",
        _settings(
            beneficiary_types=list(SCHEMES),
            execution_date_types=list(DATE_TYPES),
            execution_frequencies=list(FREQUENCIES),
            maximum_number_of_instructions=100,
            partial_status_tracking=["deferred"],
            cancellation_available=True,
            bulk_execution_date_types=["first_open_day", "deferred"],
        ),
        cancelled_on_page=True,
    ),
    "alizes": Offer(
        "redirect",
        _settings(
            minimum_amount={"first_open_day": Decimal("1.0"), "instant": Decimal("1.0")},
            maximum_amount={"instant": Decimal("5000.0")},
            is_app_to_app_used={"android": True, "ios": True},
        ),
    ),
    "lumiere": Offer(
        "otp_sms",
        _settings(
            execution_date_types=["first_open_day", "deferred", "periodic"],
            execution_frequencies=["monthly", "yearly"],
            maximum_number_of_instructions=5,
            cancellation_available=True,
            minimum_date_delta_days=1,
            maximum_date_delta_days=90,
            bulk_execution_date_types=["first_open_day"],
            bulk_providing_payer_account="mandatory",
        ),
    ),
    "phare": Offer(
        "decoupled",
        _settings(
            execution_date_types=["instant"],
            providing_payer_account="mandatory",
            transfer_date_types_where_trusted_beneficiary_required=["instant"],
        ),
    ),
}

_BY_SLUG: Final = {bank.slug: bank for bank in (*BANKS, TEST_BANK)}


def settings_of(bank: Bank) -> JsonObject | None:
    """What payments a bank takes; None is none."""
    offer = OFFERS.get(bank.slug)
    return None if offer is None else offer.settings


def carries(bank: Bank, order: Order, today: date) -> bool:
    """Whether a bank takes a payment like this one."""
    settings = settings_of(bank)
    return settings is not None and (
        rules.worst(rules.clashes(settings, order, today)) != "incompatible"
    )


def payment_fields_of(bank: Bank) -> list[JsonObject]:
    """What to ask a payer for before the validation begins."""
    if bank is not TEST_BANK:
        return [_field("iban", "IBAN", auth_mechanisms=[bank.mechanism])]
    cases = [{"label": name.replace("_", " "), "value": name} for name in SCENARIOS]
    choice = _field("use_case_pay", "Scénario", type="list", values=cases)
    return [choice | {"required": False, "auth_mechanisms": [bank.mechanism]}]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a payment looks like at some time: itself, and its instructions one by one."""

    state: str
    error: str | None = None
    instructions: tuple[str | None, ...] = ()


@dataclass
class Payment:
    """A payment and how far it has come.

    Attributes:
        id: Its number.
        order: What is to be paid.
        registered: When it was made.
        life: How long it may stay without an end.
        references: The end-to-end references of its instructions.
        bank: The payer's bank, once it is known.
        mechanism: How the payer validates.
        webview_url: Where the payer comes back to from the bank's page.
        scenario: The name of its scenario.
        steps: What is left to do before it is agreed to.
        resumes: How often a client asked whether the present step is done.
        message: What the bank says of the present step.
        agreed: When the last step was done.
        error: Why somebody ended it.
        cancel_url: Where the payer comes back to once they have cancelled it at the bank.
        signed: Whether the payer has accepted the terms.
        told: The state that webhooks know it in.
    """

    id: int
    order: Order
    registered: datetime
    life: timedelta
    references: list[str]
    bank: Bank | None = None
    mechanism: str | None = None
    website: str | None = None
    webview_url: str | None = field(default=None, repr=False)
    scenario: str = "legacy"
    steps: list[Step] = field(default_factory=list[Step])
    resumes: int = 0
    message: str | None = None
    agreed: datetime | None = None
    error: str | None = None
    cancel_url: str | None = field(default=None, repr=False)
    signed: bool = False
    told: str = "created"

    def look(self, now: datetime) -> Outlook:
        """What it looks like at some time."""
        nothing = (None,) * len(self.order.instructions)
        if self.error is not None:
            return Outlook("rejected", self.error, ("rejected",) * len(nothing))
        if self.agreed is None:
            if now >= self.registered + self.life:
                return Outlook("expired", None, nothing)
            return Outlook("validating" if self.steps else "created", None, nothing)
        results = [self._result(each, self.agreed, now) for each in self.order.instructions]
        states = tuple(state for state, _ in results)
        error = next((error for _, error in results if error), None)
        state = _whole(set(states))
        if state == "pending" and self._is_over(self.agreed, now):
            return Outlook("expired", None, states)
        return Outlook(state, error if state in {"pending", "rejected"} else None, states)

    def step(self, now: datetime) -> Step | None:
        """What is to be done now."""
        return self.steps[0] if self.steps and self.look(now).state == "validating" else None

    def begin(self, bank: Bank, scenario: str, *, confirmed: bool) -> None:
        """Start the validation; unless it is confirmed by itself the merchant has the last word."""
        self.bank, self.scenario = bank, scenario
        self.steps = [*SCENARIOS[scenario], *(() if confirmed else (CONFIRM,))]

    def advance(self, now: datetime) -> None:
        """The present step is done, well or not."""
        done, *self.steps = self.steps
        self.resumes, self.message = 0, None
        if done.error is not None:
            self.end(done.error)
        elif not self.steps:
            self.agreed = now

    def end(self, error: str) -> None:
        """Somebody or something ends it."""
        self.error, self.cancel_url = error, None
        self.steps.clear()

    def _begins(self, each: Instruction, agreed: datetime) -> datetime | None:
        """When the bank carries an instruction out; None is never for the last time."""
        day = each.end_date if each.date_type == "periodic" else each.execution_date
        if day is not None:
            return max(agreed, datetime.combine(day, time()))
        return None if each.date_type == "periodic" else agreed

    def _result(self, each: Instruction, agreed: datetime, now: datetime) -> tuple[str, str | None]:
        begins = self._begins(each, agreed)
        if begins is None or now < begins:
            return _PHASES["pdng"]
        length = INSTANT_PHASE if each.date_type == "instant" else PHASE
        phases = self._phases(each)
        so_far = phases[: (now - begins) // length + 1]
        ended = (phase for phase in so_far if _PHASES[phase][0] != "pending")
        state, error = _PHASES[next(ended, so_far[-1])]
        tracked = OFFERS[self.bank.slug].settings if self.bank else {}
        if state == "done" and each.date_type in tracked.get("partial_status_tracking", ()):
            return "accepted", None
        return state, error

    def _phases(self, each: Instruction) -> tuple[str, ...]:
        if self.scenario == "legacy":
            for label in (each.label, self.order.instructions[0].label):
                if match := _PHASES_IN_LABEL.match(label):
                    return tuple(match[1].split("/"))
        return _USUAL_PHASES

    def _is_over(self, agreed: datetime, now: datetime) -> bool:
        ends = [self._begins(each, agreed) for each in self.order.instructions]
        return all(end is not None and now >= end + self.life for end in ends)


def _whole(states: set[str]) -> str:
    """The state of a payment whose instructions have these states."""
    if "pending" in states:
        return "pending"
    if "rejected" in states:
        return "rejected" if len(states) == 1 else "partial"
    return "done" if states == {"done"} else "accepted"


class Payments:
    """The payments of a domain."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._ids = itertools.count(401)
        self._all: dict[int, Payment] = {}

    def __iter__(self) -> Iterator[Payment]:
        return iter(self._all.values())

    def get(self, number: int) -> Payment:
        """The payment of that number."""
        if number not in self._all:
            raise not_found("Payment")
        return self._all[number]

    def create(self, order: Order, bank: Bank | None, now: datetime, life: timedelta) -> Payment:
        """A new payment."""
        number = next(self._ids)
        references = [
            each.reference_id or f"SBX{dice.digits(20, self._seed, 'reference', number, place)}"
            for place, each in enumerate(order.instructions)
        ]
        self._all[number] = Payment(number, order, now, life, references, bank)
        return self._all[number]

    def ticket(self, payment: Payment) -> str:
        """The number of the bank's page where the payer goes on, or cancels."""
        parts = (payment.id, len(payment.steps), payment.cancel_url is not None)
        return dice.uuid(self._seed, "payment page", *parts)

    def of_ticket(self, ticket: str, now: datetime) -> Payment:
        """The payment whose payer is expected on that page of the bank."""
        for payment in self:
            if self.ticket(payment) == ticket and awaits_payer(payment, now):
                return payment
        raise not_found("Page")


def awaits_payer(payment: Payment, now: datetime) -> bool:
    """Whether the payer is expected on the bank's page."""
    step = payment.step(now)
    if step is not None:
        return step.action == "redirect"
    return payment.cancel_url is not None and payment.look(now).state == "pending"


def scenario_of(bank: Bank, fields: JsonObject) -> str:
    """The scenario that a validation with these fields follows."""
    known = {each["name"] for each in payment_fields_of(bank)}
    for name in fields:
        if name not in known:
            raise bad_value(f"fields.{name}")
    scenario = fields.get("use_case_pay") or OFFERS[bank.slug].scenario
    if scenario not in SCENARIOS:
        raise bad_value("fields.use_case_pay")
    return str(scenario)


def take_fields(payment: Payment, given: JsonObject, now: datetime) -> None:
    """Give the bank what it asked for."""
    step = payment.step(now)
    for asked in () if step is None else step.fields:
        name = asked["name"]
        if not isinstance(given.get(name), str):
            raise bad_value(f"fields.{name}")
        _ANSWERS[name](payment, given[name], now)


def _take_code(payment: Payment, code: str, now: datetime) -> None:
    if code == OTP:
        payment.advance(now)
    else:
        payment.message = "Code incorrect"


def _take_account(payment: Payment, account: str, now: datetime) -> None:
    if account not in {"main", "snd"}:
        raise bad_value("fields.account_id")
    payment.advance(now)
    if account == "snd":
        payment.end("invalidEmitter")


_ANSWERS: Final[Mapping[str, Callable[[Payment, str, datetime], None]]] = {
    "openapisms": _take_code,
    "account_id": _take_account,
}


def cancel(payment: Payment, back: str, now: datetime) -> None:
    """Cancel a payment: at once, at the bank's page, or not at all."""
    state = payment.look(now).state
    if state == "created":
        payment.end("CancelledByClient")
        return
    offer = OFFERS[payment.bank.slug] if payment.bank else None
    if (
        state != "pending"
        or payment.order.date_type == "instant"
        or offer is None
        or not offer.settings["cancellation_available"]
    ):
        raise ApiError(400, "notSupported", "This payment can not be cancelled")
    if offer.cancelled_on_page:
        payment.cancel_url = back
    else:
        payment.end("CancelledByClient")
