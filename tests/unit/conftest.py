"""What several unit tests share: both ways to decode, strict comparison, a full body per model."""

from __future__ import annotations

import datetime as dt
import enum
import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import pytest

from powens import _codec, models
from powens._codec import fast
from powens._model import Day, Flag, Model, Since
from powens._unset import Unset
from powens.exceptions import PowensSerializationError


def _is_answer(model: type) -> bool:
    hints = get_type_hints(model).values()
    is_sent = model.__name__.endswith("Request") or any(Unset in get_args(h) for h in hints)
    return not is_sent


def _models() -> Iterator[type[Model]]:
    for name in models.__all__:
        model = getattr(models, name)
        if issubclass(model, Model) and attrs.has(model):
            yield model


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test for `any_model` of the API, or for `any_answer`: not the bodies of requests."""
    for name, wanted in (("any_model", attrs.has), ("any_answer", _is_answer)):
        if name in metafunc.fixturenames:
            chosen = [model for model in _models() if wanted(model)]
            metafunc.parametrize(name, chosen, ids=lambda model: model.__name__)


def _anatomy(value: object) -> object:
    """Everything about a value, so that equal anatomies mean: nobody can tell the two apart."""
    if attrs.has(type(value)):
        names = [field.name for field in attrs.fields(type(value))]
        return type(value), {name: _anatomy(getattr(value, name)) for name in names}
    match value:
        case Decimal():
            return Decimal, value.as_tuple()
        case dt.datetime():
            return dt.datetime, value.isoformat()
        case Mapping():
            return type(value), {key: _anatomy(item) for key, item in value.items()}
        case list() | tuple():
            return type(value), [_anatomy(item) for item in value]
        case _:
            return type(value), value


def _decode_without_msgspec(content: bytes, model: type) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "AVAILABLE", False)
        return _codec.decode(content, model)


def _outcome(decode: Callable[[bytes, type], object], content: bytes, model: type) -> object:
    try:
        result = decode(content, model)
    except PowensSerializationError as error:
        return str(error)
    assert type(result) is model
    return _anatomy(result)


def _example(type_: Any, depth: int) -> object:
    """A JSON value for a type: one item in every list, one key in every mapping."""
    if NoneType in get_args(type_):
        (type_,) = (arg for arg in get_args(type_) if arg is not NoneType)
    match get_origin(type_) or type_:
        case origin if origin is tuple:
            return [_example(get_args(type_)[0], depth)]
        case origin if origin is Mapping:
            return {"EUR": _example(get_args(type_)[1], depth)}
        case origin if origin in EXAMPLES:
            return EXAMPLES[origin]
        case origin if issubclass(origin, enum.Enum):
            return next(iter(origin)).value
        case origin:
            return _full_fields(origin, depth + 1)


EXAMPLES: dict[Any, object] = {
    bool: True,
    Flag: True,
    int: 7,
    Decimal: 1.25,
    str: "text",
    object: "anything",
    dt.date: "2024-02-29",
    Day: "2024-02-29",
    dt.datetime: "2024-02-29 12:34:56",
    Since: "2024-02-29 12:34:56",
}


def _full_fields(model: type, depth: int = 0) -> dict[str, object]:
    hints = get_type_hints(model)
    return {
        field.name: _example(hints[field.name], depth)
        for field in attrs.fields(model)
        if field.default is attrs.NOTHING or depth < 2
    }


@pytest.fixture(scope="session")
def anatomy() -> Callable[[object], object]:
    """Function that takes a value apart, down to types, digits and offsets."""
    return _anatomy


@pytest.fixture(scope="session")
def decode_without_msgspec() -> Callable[[bytes, type], Any]:
    """The `decode` of an installation without msgspec."""
    return _decode_without_msgspec


@pytest.fixture(scope="session")
def decode_both_ways() -> Callable[[bytes, type], Any]:
    """A `decode` that goes both ways and insists on one result."""

    def decode_twice(content: bytes, model: type) -> Any:
        result = _codec.decode(content, model)
        assert _anatomy(result) == _anatomy(_decode_without_msgspec(content, model))
        return result

    return decode_twice


@pytest.fixture(scope="session")
def outcomes() -> Callable[[bytes, type], tuple[object, object]]:
    """Function that decodes with and without msgspec: gives two anatomies, or texts of errors."""

    def decode_twice(content: bytes, model: type) -> tuple[object, object]:
        return (
            _outcome(_codec.decode, content, model),
            _outcome(_decode_without_msgspec, content, model),
        )

    return decode_twice


@pytest.fixture(scope="session")
def full_body() -> Callable[..., bytes]:
    """Function that writes an answer with every field of a model, some replaced at will."""

    def write(model: type, **replaced: object) -> bytes:
        return json.dumps(_full_fields(model) | replaced).encode()

    return write
