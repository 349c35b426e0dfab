"""Single values, however the API spells them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from .._model import OpenEnum, check_amount

Json: TypeAlias = "dict[str, Any] | list[Any] | str | int | Decimal | None"

_TRUE: Final = {"1", "true"}
_FALSE: Final = {"0", "false"}
_DATETIME: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)"  # date
    r"(?:[Tt ](\d\d:\d\d(?::\d\d)?)"  # time
    r"(?:[.,](\d+))?"  # fraction of a second
    r"\s*([Zz]|[+-]\d\d:?\d\d)?)?",  # offset
    re.ASCII,
)


class MisfitError(ValueError):
    """A value is not what the model announces. Carries no value."""


def parse_date(value: object) -> dt.date:
    """Read a date, or the date of a datetime."""
    return parse_datetime(value).date()


def parse_datetime(value: object) -> dt.datetime:
    """Read a datetime in any of the spellings the API was seen with; keep its offset, if any."""
    match = _DATETIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise MisfitError
    day, time, fraction, offset = match.groups()
    moment = dt.datetime.fromisoformat(f"{day}T{time or '00:00'}{(offset or '').upper()}")
    if fraction is None:
        return moment
    # Round to microseconds, as the fast way does; digits beyond the seventh cannot matter.
    tenths = int(f"{fraction:0<7}"[:7])
    try:
        return moment + dt.timedelta(microseconds=(tenths + 5) // 10)
    except OverflowError:  # rounded up into the year 10000
        raise MisfitError from None


def parse_flag(value: object) -> bool:
    """Read a bool, 0 or 1."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if isinstance(value, (int, Decimal, str)) else ""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise MisfitError


def parse_since(value: object) -> dt.datetime | bool:
    """Read since when, or only whether."""
    try:
        return parse_flag(value)
    except MisfitError:
        return parse_datetime(value)


def parse_int(value: object) -> int:
    """Read a whole number, also as a string or with zeros after the point."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = parse_decimal(value)
    if number != number.to_integral_value():
        raise MisfitError
    return int(number)


def parse_decimal(value: object) -> Decimal:
    """Read an amount, also as a string; its digits stay as they are."""
    if isinstance(value, (Decimal, int, str)) and not isinstance(value, bool):
        try:
            return check_amount(Decimal(value))
        except InvalidOperation:
            raise MisfitError from None
    raise MisfitError


def parse_str(value: object) -> str:
    """Read text; a number gives its digits."""
    if isinstance(value, str):
        # Half of a surrogate pair, as left by a cut emoji, would fail wherever it is printed.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return str(parse_decimal(value))


def parse_text(value: object) -> str | None:
    """Read a setting: text, a number, a bool (`1` or `0`) or null."""
    if value is None:
        return None
    return str(int(value)) if isinstance(value, bool) else parse_str(value)


def parse_enum(value: object, enum_type: type[OpenEnum]) -> OpenEnum | str:
    """Read a code: a member, or the plain string when the enum does not list it."""
    text = parse_str(value)
    try:
        return enum_type(text)
    except TypeError:  # what `OpenEnum` answers to a value that it does not list
        return text


def parse_any(value: Json) -> Json:
    """Take untyped data as it is, but for numbers that nobody can calculate with."""
    match value:
        case Decimal():
            return check_amount(value)
        case str():
            return parse_str(value)
        case list():
            return [parse_any(item) for item in value]
        case dict():
            return {parse_str(key): parse_any(item) for key, item in value.items()}
        case _:
            return value
