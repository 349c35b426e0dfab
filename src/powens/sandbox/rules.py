"""Why a bank may refuse a payment."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from powens.sandbox.orders import Order
from powens.sandbox.wire import ApiError, JsonObject


class Clash(NamedTuple):
    """What a bank takes, and what the payment has instead."""

    bank: object
    payment: object


_Test: TypeAlias = Callable[[JsonObject, Order, date], Clash | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason to refuse a payment, or to have doubts about it."""

    test: _Test
    description: str
    type: str = "incompatible"


def _outside(allowed: Iterable[object], values: Iterable[object]) -> Clash | None:
    """The first of these values that is not allowed."""
    known = list(allowed)
    return next((Clash(known, value) for value in values if value not in known), None)


def _limit(by_date_type: Mapping[str, Decimal] | None, order: Order) -> Decimal | None:
    return None if by_date_type is None else by_date_type.get(order.date_type)


def _too_low(settings: JsonObject, order: Order, _: date) -> Clash | None:
    limit = _limit(settings["minimum_amount"], order)
    least = min(each.amount for each in order.instructions)
    return Clash(limit, least) if limit is not None and least < limit else None


def _too_high(settings: JsonObject, order: Order, _: date) -> Clash | None:
    limit = _limit(settings["maximum_amount"], order)
    most = max(each.amount for each in order.instructions)
    return Clash(limit, most) if limit is not None and most > limit else None


def _no_bulk(settings: JsonObject, order: Order, _: date) -> Clash | None:
    most, count = settings["maximum_number_of_instructions"], len(order.instructions)
    return Clash(most, count) if most == 1 < count else None


def _too_many(settings: JsonObject, order: Order, _: date) -> Clash | None:
    most, count = settings["maximum_number_of_instructions"], len(order.instructions)
    return Clash(most, count) if 1 < most < count else None


def _date_type(settings: JsonObject, order: Order, _: date) -> Clash | None:
    return _outside(settings["execution_date_types"], [order.date_type])


def _frequency(settings: JsonObject, order: Order, _: date) -> Clash | None:
    frequencies = [each.frequency for each in order.instructions if each.frequency]
    return _outside(settings["execution_frequencies"], frequencies)


def _scheme(settings: JsonObject, order: Order, _: date) -> Clash | None:
    schemes = [each.beneficiary["scheme_name"] for each in order.instructions]
    return _outside(settings["beneficiary_types"], schemes)


def _currency(_: JsonObject, order: Order, __: date) -> Clash | None:
    return _outside(["EUR"], [each.currency for each in order.instructions])


def _payer(settings: JsonObject, order: Order, _: date) -> Clash | None:
    wanted = settings["providing_payer_account"]
    return Clash(wanted, None) if wanted == "mandatory" and order.payer is None else None


def _days_ahead(order: Order, today: date) -> int | None:
    day = order.instructions[0].execution_date
    return None if day is None else (day - today).days


def _too_soon(settings: JsonObject, order: Order, today: date) -> Clash | None:
    days, least = _days_ahead(order, today), settings["minimum_date_delta_days"]
    return Clash(least, days) if days is not None and days < least else None


def _too_late(settings: JsonObject, order: Order, today: date) -> Clash | None:
    days, most = _days_ahead(order, today), settings["maximum_date_delta_days"]
    return Clash(most, days) if None not in (days, most) and days > most else None


def _trust(settings: JsonObject, order: Order, _: date) -> Clash | None:
    where = settings["transfer_date_types_where_trusted_beneficiary_required"]
    return Clash(where, order.date_type) if order.date_type in where else None


RULES: Final[Mapping[str, Rule]] = {
    "minAmount": Rule(_too_low, "The amount is too low for this bank"),
    "maxAmount": Rule(_too_high, "The amount is too high for this bank"),
    "nspBulk": Rule(_no_bulk, "This bank takes one instruction at a time"),
    "maxBulk": Rule(_too_many, "There are too many instructions for this bank"),
    "nspDateType": Rule(_date_type, "This bank does not know this type of execution date"),
    "nspFrequency": Rule(_frequency, "This bank does not know this frequency"),
    "nspBenefScheme": Rule(_scheme, "This bank does not know this kind of account"),
    "nspCurrency": Rule(_currency, "This bank does not pay in this currency"),
    "minDateDelta": Rule(_too_soon, "The day of execution is too near for this bank"),
    "maxDateDelta": Rule(_too_late, "The day of execution is too far away for this bank"),
    "nspPayer": Rule(_payer, "This bank wants to know the account of the payer", "warning"),
    "trustBenef": Rule(_trust, "The payer has to trust the beneficiary beforehand", "warning"),
}


def clashes(settings: JsonObject, order: Order, today: date) -> list[JsonObject]:
    """The reasons for which a bank may refuse a payment."""
    found: list[JsonObject] = []
    for code, rule in RULES.items():
        clash = rule.test(settings, order, today)
        if clash is not None:
            found.append(
                {
                    "code": code,
                    "type": rule.type,
                    "description": rule.description,
                    "value_connector": clash.bank,
                    "value_payment": clash.payment,
                }
            )
    return found


def worst(reasons: list[JsonObject]) -> str:
    """What these reasons amount to."""
    return "incompatible" if any(_is_fatal(each) for each in reasons) else "warning"


def refuse_clashes(settings: JsonObject, order: Order, today: date) -> None:
    """Refuse a payment that the bank can not carry out."""
    for reason in clashes(settings, order, today):
        if _is_fatal(reason):
            raise ApiError(400, "notSupported", reason["description"])


def _is_fatal(reason: JsonObject) -> bool:
    return bool(reason["type"] == "incompatible")
