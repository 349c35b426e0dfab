"""Models and answers as the API would send them."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, Final, TypeGuard, TypeVar, cast, get_args, get_origin, get_type_hints

import attrs

from .. import models
from .._checks import check_count
from .._codec import decode, encode, to_wire
from .._model import DEPRECATED, Day, Envelope, Flag, Model, Since, values_of
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
_PLAIN: Final = (str, int, float, bool, NoneType)
_HOLDERS: Final = (tuple, Sequence, Mapping)


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
    envelope = _envelope_of(model)
    if envelope is None:
        raise TypeError(f"the API lists no {getattr(model, '__name__', model)}")
    rows = build_many(model, items) if isinstance(items, int) else tuple(items)
    if not all(isinstance(row, model) for row in cast("tuple[object, ...]", rows)):
        raise TypeError(f"each item must be a {model.__name__}")
    values = {envelope.items_field(): rows, "total": len(rows), "links": PaginationLinks()}
    known = _fields(envelope)
    return _make(envelope, {alias: values[alias] for alias in values if alias in known})


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
    return encode(_enveloped(answer))


def _enveloped(answer: object) -> object:
    rows = cast("Sequence[object]", answer) if issubclass(type(answer), (list, tuple)) else ()
    if rows and isinstance(rows[0], Model) and _envelope_of(type(rows[0])):
        return page_of(type(rows[0]), cast("Sequence[Model]", rows))
    return answer


def _envelope_of(model: type[M]) -> type[Envelope[M]] | None:
    """Give the class of the answer that lists a model; None where there is none."""
    return cast("type[Envelope[M]] | None", _envelopes().get(model))


@cache
def _envelopes() -> Mapping[object, object]:
    classes: list[object] = [getattr(models, name) for name in models.__all__]
    return {each.item_model(): each for each in classes if _is_envelope(each)}


def _is_envelope(thing: object) -> TypeGuard[type[Envelope[object]]]:
    return isinstance(thing, type) and issubclass(thing, Envelope) and thing is not Envelope


def _build(model: type[M], number: int, fields: Mapping[str, object]) -> M:
    _check_model(model)
    known = _fields(model)
    for alias in fields:
        if alias not in known:
            raise TypeError(f"{model.__name__} has no field {alias!r}")
    filled = _fill(model, number, NEWS.get(model, frozenset()), (model,))
    if _is_sent(model):
        return _make(model, {**filled, **fields})
    try:
        usual: Mapping[str, object] = to_wire(_make(model, filled))
        given = {known[alias].name: value for alias, value in fields.items()}
        held = values_of(decode(encode({**usual, **given}), model))
        exact = {name: _exact(value, held[name]) for name, value in given.items()}
    except (PowensSerializationError, TypeError, ValueError) as error:
        raise TypeError(f"the API would not send such a {model.__name__}: {error}") from None
    values = {**held, **exact}
    return _make(model, {alias: values[each.name] for alias, each in known.items()})


def _check_model(model: object) -> None:
    if not (isinstance(model, type) and issubclass(model, Model)):
        raise TypeError("only models of powens.models can be built")
    if not attrs.has(model):
        raise TypeError(f"{model.__name__} is the base of models: build one of those")


def _exact(given: object, read: object) -> object:
    """Take what was given where a model holds such, so as to keep digits and offsets."""
    if isinstance(given, Mapping) or type(given) in _PLAIN:
        return read
    if isinstance(read, tuple):
        pairs = zip(cast("Sequence[object]", given), cast("tuple[object, ...]", read), strict=True)
        return tuple(_exact(*pair) for pair in pairs)
    if type(given) is type(read) or (isinstance(read, Model) and isinstance(given, type(read))):
        return given
    raise TypeError(f"{type(given).__name__} is not {type(read).__name__}")


def _fields(model: type[Model]) -> dict[str, attrs.Attribute[object]]:
    """Give the fields of a model by the names that its constructor knows."""
    fields: tuple[attrs.Attribute[object], ...] = attrs.fields(cast("type[Any]", model))
    return {each.alias or each.name: each for each in fields}


@cache
def _hints(model: Hashable) -> Mapping[str, Any]:
    return get_type_hints(model)


def _make(model: type[M], fields: Mapping[str, object]) -> M:
    return cast("Callable[..., M]", model)(**fields)


def _fill(
    model: type[Model], number: int, news: frozenset[str], outer: tuple[type[Model], ...]
) -> dict[str, object]:
    """Choose what goes into the fields of a model that are usually sent."""
    hints = _hints(cast("Hashable", model))
    own: dict[str, Value] = {}
    for base in reversed(model.__mro__):
        own |= OWN_FIELDS.get(cast("type[Model]", base), {})
    filled: dict[str, object] = {}
    for alias, field in _fields(model).items():
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
            filled[alias] = value
    return filled


def _is_usual(model: type[Model], field: attrs.Attribute[object], news: frozenset[str]) -> bool:
    """Whether most answers have a field that may be left out."""
    if field.name in news:
        return True
    sent = cast("Any", model)
    if field.name in {*sent._seldom_sent, *sent._other_spellings.values()}:  # noqa: SLF001
        return False
    if issubclass(model, Envelope):
        return field.name == "_links"  # without links a walk would ask for a second page
    if field.default is not None:
        return False
    return field.metadata != DEPRECATED


def _value(  # noqa: PLR0911 - a return for each kind of type
    name: str, type_: Any, number: int, news: frozenset[str], outer: tuple[type[Model], ...]
) -> object:
    """Give a value of a type: None where nothing plausible is known."""
    type_ = _kind(type_)
    origin: object = get_origin(type_) or type_
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
        return _make(origin, _fill(origin, number, news, (*outer, origin)))
    return _scalar(name, type_, number)


def _scalar(name: str, kind: type, number: int) -> object:
    kind = _MADE_OF.get(kind, kind)
    value = _given(FIELDS.get(name), number)
    if type(value) is kind:
        return value
    if kind is int and name in {"id", "id_webhook_data"}:
        return number
    if kind is int and name.startswith("id_"):
        return 1
    earlier = LATEST - dt.timedelta(days=number - 1)
    usual: dict[type, object] = {
        dt.datetime: earlier,
        dt.date: earlier.date(),
        Decimal: AMOUNT,
        bool: False,
    }
    return usual.get(kind)


def _kind(type_: Any) -> Any:
    """Take what is usual of a union: an enum rather than a sequence of its members."""
    if isinstance(type_, type) or not (arms := get_args(type_)) or get_origin(type_) in _HOLDERS:
        return type_
    usual = [arm for arm in arms if arm not in {NoneType, Unset}]
    return usual[-1]


def _given(value: Value, number: int) -> object:
    return value(number) if callable(value) else value


def _is_sent(model: type[Model]) -> bool:
    """Whether a model is the body of a request, which is never read."""
    hints = _hints(cast("Hashable", model)).values()
    return model.__name__.endswith("Request") or any(Unset in get_args(hint) for hint in hints)
