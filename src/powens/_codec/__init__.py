"""From bytes to models, and from arguments to JSON. Two ways to read, one result.

The fast way goes straight from the bytes into the models. What it refuses goes the forgiving way,
which either makes the same model or says where the answer is wrong: a list falls to it by the row,
so that one odd row does not slow the rest. Without msgspec everything goes the forgiving way.
"""

from __future__ import annotations

import datetime as dt
import enum
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar, cast

import attrs

from .._model import Envelope, Model, check_amount
from .._unset import UNSET
from ..exceptions import PowensSerializationError
from .scalars import parse_str, parse_text

T = TypeVar("T")

_NO_AMOUNT: Final = Decimal("Infinity")


def decode(content: bytes, model: type[T]) -> T:
    """Make a `model` of the body of an answer.

    Raises:
        PowensSerializationError: The body is not JSON, or does not fit the model.
    """
    # What reads answers is not needed to make a client, nor is cattrs for most of them: together
    # they take as long to import as all the rest.
    from . import fast  # noqa: PLC0415

    try:
        return fast.decode(content, model)
    except fast.RefusedError:
        return _structure(_read_rows_fast(content, model), model)


def parse_json(content: bytes, *, of: str = "") -> Any:
    """Decode strict JSON; numbers with a point or an exponent become exact Decimals.

    Args:
        content: The body.
        of: Name of what it is going to be, for the text of the error.

    Raises:
        PowensSerializationError: The body is not JSON.
    """
    try:
        return json.loads(
            content.decode("utf-8-sig", "replace"),
            parse_float=_parse_float,
            parse_int=_parse_int,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        place = f"{of}: " if of else ""
        raise PowensSerializationError(f"{place}the answer is not valid JSON") from None


def decode_texts(content: bytes) -> dict[str, str | None]:
    """Make a mapping of texts of the body of an answer; a bool is `1` or `0`.

    Raises:
        PowensSerializationError: The body is not JSON, or holds something else.
    """
    data = parse_json(content, of="settings")
    if data == []:
        return {}
    try:
        return {parse_str(key): parse_text(value) for key, value in data.items()}
    except (AttributeError, ValueError):
        raise PowensSerializationError("settings: the answer is no object of texts") from None


def encode(value: object) -> bytes:
    """Write arguments as the JSON that the API wants; what is UNSET is left out.

    Raises:
        TypeError: There is no JSON for a value.
        ValueError: A number is not finite, or a text is no valid Unicode.
    """
    text = json.dumps(to_wire(value), allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:  # it shows the text
        raise ValueError("a text holds half a character, which cannot be sent") from None


def to_wire(value: object) -> Any:  # noqa: PLR0911 - a return for each kind of value
    """Turn a value into what `json` can write, with dates and amounts as the API spells them.

    Raises:
        TypeError: There is no JSON for it.
        ValueError: A number is not finite.
    """
    match value:
        case enum.Enum() if value is not UNSET:
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return _number(check_amount(value))
        case dt.datetime():
            return format_datetime(value)
        case dt.date():
            return value.isoformat()
        case Mapping():
            pairs = cast("Mapping[object, object]", value).items()
            return {str(key): to_wire(item) for key, item in pairs if item is not UNSET}
        case list() | tuple() | set() | frozenset():
            return [to_wire(item) for item in cast("list[object]", value)]
        case Model():
            return {name: to_wire(item) for name, item in _given(value)}
        case _:
            raise TypeError(f"a {type(value).__name__} cannot be sent to the API")


def format_datetime(value: dt.datetime) -> str:
    """Spell a datetime the API's way: to the second and without offset, an aware one in UTC."""
    if value.tzinfo is not None:
        value = value.astimezone(dt.UTC).replace(tzinfo=None)
    return value.isoformat(" ", "seconds")


def _given(model: Model) -> Iterator[tuple[str, object]]:
    """Give the fields of a model that are there: null is sent only where it was asked for."""
    for each in attrs.fields(cast("type[attrs.AttrsInstance]", type(model))):
        item: object = getattr(model, each.name)
        if item is not UNSET and not (item is None and each.default is None):
            yield each.name, item


def _structure(data: object, model: type[T]) -> T:
    from .forgiving import structure  # noqa: PLC0415 - see `decode`

    return structure(data, model)


def _read_rows_fast(content: bytes, model: type) -> Any:
    """Read what can be read fast of a list, and leave the odd rows as plain data.

    Row by row, as they are taken: where one does not fit, nothing is made of those behind it.
    """
    if not issubclass(model, Envelope):
        return parse_json(content, of=model.__name__)
    from . import fast  # noqa: PLC0415 - see `decode`

    envelope = cast("type[Envelope[object]]", model)
    try:
        fields, rows = fast.split(content, envelope)
    except fast.RefusedError:
        return parse_json(content, of=model.__name__)
    data = {name: parse_json(raw, of=model.__name__) for name, raw in fields.items()}
    data[envelope.items_field()] = _read_each(rows, envelope.item_model())
    return data


def _read_each(rows: Iterator[bytes], model: type[object]) -> Iterator[object]:
    from . import fast  # noqa: PLC0415 - see `decode`
    from .mending import Mender  # noqa: PLC0415

    mender = Mender(model)
    for row in rows:
        try:
            read = mender.read(row)
        except fast.RefusedError:
            read = parse_json(row, of=model.__name__)
        yield read


def _parse_float(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent that Decimal cannot hold
        return _NO_AMOUNT


def _parse_int(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:  # more digits than Python converts
        return _NO_AMOUNT


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _number(value: Decimal) -> int | float | str:
    """Write an amount as a JSON number when that keeps its value, as a string otherwise."""
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    return number if Decimal(repr(number)) == value else str(value)
