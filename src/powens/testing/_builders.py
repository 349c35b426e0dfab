"""Models and answers as the API would send them."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, Final, TypeVar, cast, get_args, get_origin, get_type_hints

import attrs

from .. import models
from .._checks import check_count
from .._codec import decode, encode, to_wire
from .._model import DEPRECATED, Day, Envelope, Flag, Model, Since
from .._unset import Unset
from ..exceptions import PowensSerializationError
from ..models.common import PaginationLinks
from ._values import (
    AMOUNT,
    AMOUNTS,
    EMPTY,
    FIELDS,
    LATEST,
    MEMBERS,
    NEWS,
    OWN_FIELDS,
    TEXTS,
    Value,
)

M = TypeVar("M", bound=Model)

_MADE_OF: Final[Mapping[object, type]] = {Flag: bool, Day: dt.date, Since: dt.datetime}
_ALONE: Final = (str, int, float, bool, NoneType)


def build(model: type[M], /, **fields: object) -> M:
    """Build a model that is as the API would send it, the same each time.

    What is always or usually sent is filled in, and belongs together: the account of a transaction
    is 1, and so is that of `build(BankAccount)`. All is well in it: a connection has no error, a
    payment is done. What is only sent on request (`expand`) is None.

    Args:
        model: A class of `powens.models`.
        fields: Fields that are to be otherwise, as the model holds them or as the API writes them:
            an amount may be `"-12.50"`, a date `"2026-01-30"`, a model a dict.

    Returns:
        The model.

    Raises:
        TypeError: This is no model, it has no such field, or a field does not fit it.
    """
    return _build(model, 1, fields)


def build_many(model: type[M], count: int, /, **fields: object) -> tuple[M, ...]:
    """Build several models, each with an id of its own, the latest first.

    Args:
        model: A class of `powens.models`.
        count: How many.
        fields: Fields that all of them have, as for `build`.

    Returns:
        The models: the first is that of `build`.

    Raises:
        TypeError: This is no model, it has no such field, or a field does not fit it.
        ValueError: The count is negative.
    """
    check_count("count", count, least=0)
    return tuple(_build(model, number, fields) for number in range(1, count + 1))


def page_of(model: type[M], items: Iterable[M] | int = 1, /) -> Envelope[M]:
    """Build the answer of a list: one page, after which there is none.

    Args:
        model: What is listed, such as `Transaction`.
        items: The items, or how many are to be built.

    Returns:
        The envelope that the API puts around them, such as a `TransactionsList`.

    Raises:
        TypeError: There is no list of such a model, or an item is none.
        ValueError: The number of items is negative.
    """
    envelope = find_envelope(model)
    if envelope is None:
        raise TypeError(f"the API lists no {getattr(model, '__name__', model)}")
    rows = build_many(model, items) if isinstance(items, int) else tuple(items)
    if not all(isinstance(row, model) for row in cast("tuple[object, ...]", rows)):
        raise TypeError(f"each item must be a {model.__name__}")
    fields = attrs.fields_dict(cast("type[Any]", envelope))
    more: dict[str, object] = {"total": len(rows), "_links": PaginationLinks()}
    given = {fields[name].alias: value for name, value in more.items() if name in fields}
    make = cast("Callable[..., Envelope[M]]", envelope)
    return make(**{envelope.items_field(): rows}, **given)


def body_of(answer: object) -> bytes:
    """Write an answer as the API would.

    Args:
        answer: A model, a list of models, which gets its envelope, or what JSON can hold.

    Returns:
        The JSON. A model that is read from it is equal to the one given.

    Raises:
        TypeError: There is no JSON for a value.
        ValueError: A number is not finite, or a text is no valid Unicode.
    """
    if isinstance(answer, (list, tuple)) and answer:
        first: object = cast("Sequence[object]", answer)[0]
        if isinstance(first, Model) and find_envelope(type(first)):
            return encode(page_of(type(first), cast("Sequence[Model]", answer)))
    return encode(answer)


def find_envelope(model: type[M]) -> type[Envelope[M]] | None:
    """Give the class of the answer that lists a model; None where there is none."""
    return cast("type[Envelope[M]] | None", _envelopes().get(model))


@cache
def _envelopes() -> Mapping[type[Model], type[Envelope[Any]]]:
    found = (getattr(models, name) for name in models.__all__)
    return {
        each.item_model(): each
        for each in found
        if isinstance(each, type) and issubclass(each, Envelope) and each is not Envelope
    }


def _build(model: type[M], number: int, fields: Mapping[str, object]) -> M:
    if not (isinstance(cast("object", model), type) and issubclass(model, Model)):
        raise TypeError("only models of powens.models can be built")
    if not attrs.has(model):
        raise TypeError(f"{model.__name__} is the base of models: build one of those")
    names = {each.alias: each.name for each in attrs.fields(cast("type[Any]", model))}
    for alias in fields:
        if alias not in names:
            raise TypeError(f"{model.__name__} has no field {alias!r}")
    make = cast("Callable[..., M]", model)
    filled = _fill(model, number, NEWS.get(model, frozenset()), (model,))
    if _is_sent(model):
        return make(**filled | fields)
    plain = {names[alias]: value for alias, value in fields.items() if _is_plain(value)}
    rich = {alias: _frozen(value) for alias, value in fields.items() if not _is_plain(value)}
    required = {alias: value for alias, value in rich.items() if alias in filled}
    try:
        wire: Mapping[str, object] = to_wire(make(**filled | required))
        read = decode(encode({**wire, **plain}), model)
        built = cast("M", attrs.evolve(cast("Any", read), **rich))
        read = decode(encode(built), model)
    except (PowensSerializationError, TypeError, ValueError, AttributeError) as error:
        raise TypeError(f"a field does not fit {model.__name__}: {error}") from None
    for alias, value in rich.items():
        kind = type(getattr(read, names[alias]))
        if not isinstance(value, (kind, Mapping)):
            raise TypeError(f"{alias} of {model.__name__} is no {type(value).__name__}")
    return built


def _fill(
    model: type[Model], number: int, news: frozenset[str], outer: tuple[type[Model], ...]
) -> dict[str, object]:
    """Give the fields of a model by the names that its constructor knows."""
    hints = get_type_hints(model)
    own: dict[str, Value] = {}
    for base in reversed(model.__mro__):
        own |= OWN_FIELDS.get(cast("type[Model]", base), {})
    filled: dict[str, object] = {}
    for field in attrs.fields(cast("type[Any]", model)):
        is_required = field.default is attrs.NOTHING
        if not is_required and not _is_usual(model, field, news):
            continue
        if field.name in own:
            value = _given(own[field.name], number)
        elif not is_required and field.name in EMPTY:
            continue
        else:
            value = _value(field.name, hints[field.name], number, news, outer)
        if value is not None:
            filled[field.alias] = value
    return filled


def _is_usual(model: type[Model], field: attrs.Attribute[object], news: frozenset[str]) -> bool:
    """Whether most answers have a field that may be left out."""
    if field.name in news:
        return True
    sent = cast("Any", model)
    if field.name in {*sent._seldom_sent, *sent._other_spellings.values()}:  # noqa: SLF001
        return False
    if field.default is not None or issubclass(model, Envelope):
        return False
    return field.metadata != DEPRECATED


def _value(  # noqa: PLR0911 - a return for each kind of type
    name: str, type_: Any, number: int, news: frozenset[str], outer: tuple[type[Model], ...]
) -> object:
    """Give a value of a type: None where nothing plausible is known."""
    type_ = _kind(type_)
    origin: Any = get_origin(type_) or type_
    if origin is tuple or origin is Sequence:
        item = _value(name, get_args(type_)[0], number, news, outer)
        return () if item is None else (item,)
    if origin is Mapping:
        return {str: TEXTS, object: None}.get(get_args(type_)[1], AMOUNTS)
    if not isinstance(origin, type):
        return None
    if origin in MEMBERS:
        return MEMBERS[origin]
    if issubclass(origin, enum.Enum):
        return next(iter(origin))
    if issubclass(origin, Model):
        if origin in outer:
            return None
        return origin(**_fill(origin, number, news, (*outer, origin)))
    return _scalar(name, _MADE_OF.get(origin, origin), number)


def _scalar(name: str, kind: type, number: int) -> object:
    value = _given(FIELDS.get(name), number)
    if type(value) is kind:
        return value
    if kind is int and name in {"id", "id_webhook_data"}:
        return number
    if kind is int and name.startswith("id_"):
        return 1
    earlier = LATEST - dt.timedelta(days=number - 1)
    usual = {dt.datetime: earlier, dt.date: earlier.date(), Decimal: AMOUNT, bool: False}
    return usual.get(kind)


def _kind(type_: Any) -> Any:
    """Take what is usual of a union: an enum rather than a sequence of its members."""
    if isinstance(type_, type) or not (arms := get_args(type_)) or get_origin(type_) in _HOLDERS:
        return type_
    usual = [arm for arm in arms if arm not in {NoneType, Unset}]
    return usual[-1]


_HOLDERS: Final = (tuple, Sequence, Mapping)


def _given(value: Value, number: int) -> object:
    return value(number) if callable(value) else value


def _is_sent(model: type[Model]) -> bool:
    """Whether a model is the body of a request, which is never read."""
    hints = get_type_hints(model).values()
    return model.__name__.endswith("Request") or any(Unset in get_args(hint) for hint in hints)


def _is_plain(value: object) -> bool:
    """Whether a value is as JSON has it; members of enums are what they are."""
    if isinstance(value, Mapping):
        return all(map(_is_plain, cast("Mapping[object, object]", value).values()))
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, cast("Sequence[object]", value)))
    return type(value) in _ALONE


def _frozen(value: object) -> object:
    return tuple(cast("Sequence[object]", value)) if isinstance(value, (list, tuple)) else value
