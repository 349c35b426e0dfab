"""What a client wants paid: accounts, identities and instructions, checked as the API does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from powens.sandbox.bank import CURRENCIES
from powens.sandbox.reader import Reader
from powens.sandbox.wire import ApiError, JsonObject, bad_value

DATE_TYPES: Final = ("first_open_day", "deferred", "instant", "periodic")
FREQUENCIES: Final = (
    "daily", "weekly", "two-weekly", "monthly", "two-monthly", "quarterly", "four-monthly",
    "semiannually", "yearly",
)  # fmt: skip
SCHEMES: Final = ("iban", "sort_code_account_number")

MAX_STATE: Final = 2000

# The longest text of each part of an identity; None is no limit. Sensitive parts are only shown to
# those who ask and may.
_OPEN_PARTS: Final[Mapping[str, int | None]] = {
    "external_ref": 255, "org_name": 255, "org_legal_status": 128,
}  # fmt: skip
SENSITIVE_PARTS: Final[Mapping[str, int | None]] = {
    "first_name": 255, "last_name": 255, "birth_city": None, "birth_country": None,
    "nationality": None, "postal_address": 512, "email": 255, "scheme_name": None,
    "identification": 255, "issuer": 255, "ultimate_owner_text": None,
    "ultimate_owner_extra_text": None, "org_hq_address": 512, "org_business_address": 512,
}  # fmt: skip
SENSITIVE: Final = frozenset({*SENSITIVE_PARTS, "birth_date", "pep"})

# What identifies each kind of payer or beneficiary; `siret` is in samples only.
_IDENTIFIED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "individual": ("national_id_number", "passport_number", "alien_reg_number"),
    "corporate": ("siren", "incorporation_number", "euid", "siret"),
    "non_profit": ("siren", "incorporation_number", "euid", "rna", "siret"),
    "government": ("incorporation_number",),
}


@dataclass(frozen=True)
class Instruction:
    """One transfer of a payment."""

    reference_id: str | None
    amount: Decimal = field(repr=False)
    currency: str
    label: str = field(repr=False)
    date_type: str
    execution_date: date | None
    start_date: date | None
    end_date: date | None
    frequency: str | None
    beneficiary: JsonObject = field(repr=False)
    beneficiary_identity: JsonObject | None = field(repr=False)


@dataclass
class Order:
    """All that a client says of a payment when it makes one."""

    redirect_uri: str | None
    state: str | None = field(repr=False)
    instructions: list[Instruction]
    payer: JsonObject | None = field(repr=False)
    payer_identity: JsonObject | None = field(repr=False)

    @property
    def date_type(self) -> str:
        """When it is to be carried out, which is the same for all instructions."""
        return self.instructions[0].date_type

    @property
    def amount(self) -> Decimal:
        """The sum of all instructions."""
        return sum((each.amount for each in self.instructions), Decimal(0))


def read_order(body: Reader, today: date, max_amount: Decimal) -> Order:
    """The order in the body of a request; `max_amount` 0 is no limit."""
    body.needs("client_redirect_uri", "instructions")
    order = Order(
        redirect_uri=body.address("client_redirect_uri", query=False),
        state=body.text("client_state", MAX_STATE),
        instructions=[_instruction(each, today) for each in body.items("instructions")],
        payer=read_account(body.inner("payer")),
        payer_identity=read_identity(body.inner("payer_identity")),
    )
    read_identity(body.inner("operator_identity"))
    plans = {(each.date_type, each.execution_date) for each in order.instructions}
    repeated = order.date_type == "periodic" and len(order.instructions) > 1
    if len(plans) > 1 or repeated:
        raise bad_value("instructions")
    if 0 < max_amount < order.amount:
        raise ApiError(400, "invalidValue", "The amount is above what the domain allows")
    return order


def read_account(account: Reader | None) -> JsonObject | None:
    """An account on either side of a payment."""
    if account is None:
        return None
    account.needs("scheme_name", "identification", "label")
    scheme, number = account.choice("scheme_name", SCHEMES), account.text("identification")
    number = "".join((number or "").split()).upper()
    if not _NUMBERS[scheme or "iban"](number):
        raise bad_value(account.where("identification"))
    bic = account.text("issuer")
    return {
        "id": None,
        "id_account": None,
        "scheme_name": scheme,
        "identification": number,
        "label": account.text("label"),
        "issuer": bic,
        "bic": bic,
        "disabled_date": None,
    }


def read_identity(identity: Reader | None) -> JsonObject | None:
    """Who pays, receives or asks for it."""
    if identity is None:
        return None
    kind = identity.choice("kind", _IDENTIFIED_BY) or "individual"
    names = ("first_name", "last_name")
    identity.needs(*(names if kind == "individual" else ("scheme_name", "identification")))
    if identity.has("identification"):
        identity.needs("scheme_name")
    identity.choice("scheme_name", _IDENTIFIED_BY[kind])
    parts = {
        name: identity.text(name, most) for name, most in {**_OPEN_PARTS, **SENSITIVE_PARTS}.items()
    }
    birth = identity.day("birth_date")
    return {
        "id_user": None,
        "kind": kind,
        **parts,
        "birth_date": None if birth is None else str(birth),
        "pep": identity.boolean("pep") or False,
    }


def _instruction(each: Reader, today: date) -> Instruction:
    each.needs("amount", "currency", "label", "execution_date_type", "beneficiary")
    date_type = each.choice("execution_date_type", DATE_TYPES) or ""
    each.needs(*_NEEDED_BY.get(date_type, ()))
    currency = read_currency(each)
    instruction = Instruction(
        reference_id=each.text("reference_id", 35),
        amount=each.amount("amount", CURRENCIES[currency]["precision"]),
        currency=currency,
        label=each.text("label", 140) or "",
        date_type=date_type,
        execution_date=each.day("execution_date") if date_type == "deferred" else None,
        start_date=each.day("start_date") if date_type == "periodic" else None,
        end_date=each.day("end_date") if date_type == "periodic" else None,
        frequency=each.choice("frequency", FREQUENCIES) if date_type == "periodic" else None,
        beneficiary=read_account(each.inner("beneficiary")) or {},
        beneficiary_identity=read_identity(each.inner("beneficiary_identity")),
    )
    for name in ("execution_date", "start_date", "end_date"):
        day: date | None = getattr(instruction, name)
        if day is not None and day < today:
            raise bad_value(each.where(name))
    start, end = instruction.start_date, instruction.end_date
    if start is not None and end is not None and end < start:
        raise bad_value(each.where("end_date"))
    return instruction


def read_currency(each: Reader) -> str:
    """The code of a currency of some state."""
    code = each.text("currency") or ""
    if code not in CURRENCIES or CURRENCIES[code]["crypto"]:
        raise bad_value(each.where("currency"))
    return code


def _is_iban(text: str) -> bool:
    plain = text.isascii() and text.isalnum() and 15 <= len(text) <= 34  # noqa: PLR2004 - ISO 13616
    if not plain or not text[:2].isalpha() or not text[2:4].isdecimal():
        return False
    return int("".join(str(int(each, 36)) for each in text[4:] + text[:4])) % 97 == 1


def _is_sort_code(text: str) -> bool:
    digits = text.replace("-", "")
    return digits.isascii() and digits.isdecimal() and len(digits) == 14  # noqa: PLR2004 - 6 and 8


_NUMBERS: Final = {"iban": _is_iban, "sort_code_account_number": _is_sort_code}
_NEEDED_BY: Final = {"deferred": ("execution_date",), "periodic": ("start_date", "frequency")}
