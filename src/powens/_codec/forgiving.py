"""The forgiving way from JSON data to models: knows every quirk that the live API was seen with.

What a model announces and what may come instead:

    date          `""`, `0000-00-00` (null); a datetime (its date)
    datetime      a `T` or a blank, an offset or none; a date (midnight); `""` and zeros (null);
                  where it says since when something is off, a bool as well
    bool          0, 1, and the words
    int, Decimal  the same as a string; an int as `1.0`; `""` (null)
    str           a number (its text)
    enum          any string
    list          a single scalar (a list of it); `{}` (empty)
    object        `[]` (null); a list of one (the one); what its model reshapes
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

import attrs
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    Converter,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn

from .._model import Day, Flag, OpenEnum, Since
from ..exceptions import PowensSerializationError
from .scalars import (
    Json,
    MisfitError,
    parse_any,
    parse_date,
    parse_datetime,
    parse_decimal,
    parse_enum,
    parse_flag,
    parse_int,
    parse_since,
    parse_str,
)

T = TypeVar("T")
Hook = Callable[[Any, Any], Any]

MISFITS: Final = (BaseValidationError, ValueError, TypeError, KeyError, RecursionError)
_NOTHING: Final = re.compile(r"(?:0000-00-00(?:[T ]00:00:00)?|null)?")


def structure(data: object, model: type[T]) -> T:
    """Make a `model` of decoded JSON.

    Raises:
        PowensSerializationError: It does not fit, even with forgiveness.
    """
    try:
        result: T = _converter().structure(data, model)
    except MISFITS as error:
        raise PowensSerializationError(_describe(error, model)) from None
    return result


@cache
def field_hook(model: type, name: str) -> tuple[Hook, Any]:
    """Give what makes the value of one field of a model, and the type to tell it.

    It raises one of MISFITS.
    """
    type_ = get_type_hints(model)[name]
    return _converter().get_structure_hook(type_), type_


_SCALARS: Final[dict[Any, Callable[[Any], object]]] = {
    bool: parse_flag,
    Flag: parse_flag,
    int: parse_int,
    Decimal: parse_decimal,
    str: parse_str,
    dt.date: parse_date,
    Day: parse_date,
    Since: parse_since,
    dt.datetime: parse_datetime,
}
_WORDS: Final[dict[Any, str]] = {
    Flag: "bool",
    Day: "date",
    Since: "datetime or bool",
    Decimal: "decimal",
}
# Types for which an empty string is a value of its own.
_TEXTUAL: Final = (str, OpenEnum)


@cache
def _converter() -> Converter:
    converter = Converter()
    for scalar, parse in _SCALARS.items():
        converter.register_structure_hook(scalar, _scalar_hook(parse))
    converter.register_structure_hook(OpenEnum, parse_enum)
    converter.register_structure_hook_func(_is_untyped, _scalar_hook(parse_any))
    converter.register_structure_hook_factory(_is_optional, _optional_hook)
    converter.register_structure_hook_factory(_is_tuple, _tuple_hook)
    converter.register_structure_hook_factory(_is_mapping, _mapping_hook)
    converter.register_structure_hook_factory(attrs.has, _model_hook)
    return converter


def _is_untyped(type_: Any) -> bool:
    return type_ is object


def _is_optional(type_: Any) -> bool:
    return NoneType in get_args(type_)


def _is_tuple(type_: Any) -> bool:
    return get_origin(type_) is tuple


def _is_mapping(type_: Any) -> bool:
    return get_origin(type_) is Mapping


def _scalar_hook(parse: Callable[[Any], object]) -> Hook:
    def hook(value: Json, _: Any) -> object:
        return parse(value)

    return hook


def _optional_hook(type_: Any, converter: Converter) -> Hook:
    (inner,) = (arg for arg in get_args(type_) if arg is not NoneType)
    structure_inner = converter.get_structure_hook(inner)
    keeps_text = isinstance(inner, type) and issubclass(inner, _TEXTUAL)
    keeps_list = get_origin(inner) is not None

    def hook(value: Json, _: Any) -> object:
        if value is None:
            return None
        if isinstance(value, str) and not keeps_text and _NOTHING.fullmatch(value):
            return None
        if value == [] and not keeps_list:
            return None
        return structure_inner(value, inner)

    return hook


# Lists and mappings end at their first misfit. cattrs would go on and keep an error for each, which
# takes hundreds of times the memory of the answer.


def _tuple_hook(type_: Any, converter: Converter) -> Hook:
    item_type = get_args(type_)[0]
    structure_item = converter.get_structure_hook(item_type)

    def hook(value: Json | Iterator[Json], _: Any) -> object:
        if isinstance(value, (str, int, Decimal)):
            value = [value]
        elif value == {}:
            value = []
        elif not isinstance(value, (list, Iterator)):
            raise MisfitError
        items: list[object] = []
        try:
            for item in value:
                items.append(structure_item(item, item_type))  # noqa: PERF401 - counts them
        except MISFITS as error:
            error.add_note(IterableValidationNote("", len(items), item_type))
            raise
        return tuple(items)

    return hook


def _mapping_hook(type_: Any, converter: Converter) -> Hook:
    key_type, item_type = get_args(type_)
    structure_key = converter.get_structure_hook(key_type)
    structure_item = converter.get_structure_hook(item_type)

    def hook(value: Json, _: Any) -> object:
        if value == []:
            value = {}
        elif not isinstance(value, dict):
            raise MisfitError
        items: dict[object, object] = {}
        try:
            for key, item in value.items():
                items[structure_key(key, key_type)] = structure_item(item, item_type)
        except MISFITS as error:
            error.add_note(IterableValidationNote("", "", item_type))
            raise
        return items

    return hook


def _model_hook(model: Any, converter: Converter) -> Hook:
    structure_fields = make_dict_structure_fn(model, converter)

    def hook(value: Json, _: Any) -> object:
        if isinstance(value, model):
            return value  # a row that the fast way has already read
        data: Json = model.reshape(value)
        if isinstance(data, list) and len(data) == 1:
            data = model.reshape(data[0])
        if not isinstance(data, dict):
            raise MisfitError
        return structure_fields(data, model)

    return hook


def _describe(error: BaseException, model: type) -> str:
    """Say which model, where on the wire, and what was expected; never what was there."""
    path = ""
    expected: Any = model
    while isinstance(error, BaseValidationError):
        error = error.exceptions[0]
        notes: list[object] = getattr(error, "__notes__", [])
        for note in reversed(notes):  # the innermost place was noted first
            if isinstance(note, AttributeValidationNote):
                path += f".{note.name}"
                expected = note.type
            elif isinstance(note, IterableValidationNote):
                # The key of a mapping is data too.
                path += f"[{note.index if isinstance(note.index, int) else '*'}]"
                expected = note.type
    if isinstance(error, KeyError):
        return f"{model.__name__}: the answer lacks {path.removeprefix('.')}"
    place = path.removeprefix(".") or "its top level"
    return f"{model.__name__}: the answer has no valid {_name(expected)} at {place}"


def _name(type_: Any) -> str:
    if isinstance(type_, type):
        return _WORDS.get(type_, type_.__name__)
    if _is_mapping(type_):
        return "object"
    (inner,) = (arg for arg in get_args(type_) if arg not in (NoneType, ...))
    return f"list of {_name(inner)}" if _is_tuple(type_) else _name(inner)
