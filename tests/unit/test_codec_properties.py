"""Whatever the bytes: both ways to decode agree, and nothing but our own error comes out."""

from __future__ import annotations

import datetime as dt
import enum
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from powens._codec import decode, encode, fast, parse_json
from powens._model import Day, Flag, Model, Since
from powens.models import (
    AuthToken,
    BankAccount,
    BankAccountsList,
    Connection,
    ConnectionsList,
    ConnectorsList,
    Investment,
    Loan,
    MarketOrder,
    Transaction,
    TransactionsList,
    UsersList,
)

MODELS = [
    AuthToken,
    BankAccount,
    BankAccountsList,
    Connection,
    ConnectionsList,
    ConnectorsList,
    Investment,
    Loan,
    MarketOrder,
    Transaction,
    TransactionsList,
    UsersList,
]
Outcomes = Callable[[bytes, type], tuple[object, object]]

quick = settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
thorough = settings(quick, max_examples=40)


class Verbatim(str):
    """JSON that no Python value stands for, or that is no JSON at all."""

    __slots__ = ()


def render(value: object) -> str:
    """Write JSON that keeps the digits of a Decimal."""
    match value:
        case Verbatim():
            return str(value)
        case None | bool() | str():
            return json.dumps(value)
        case int() | Decimal():
            return str(value)
        case list():
            return "[" + ", ".join(map(render, value)) + "]"
        case dict():
            pairs = (f"{json.dumps(key)}: {render(item)}" for key, item in value.items())
            return "{" + ", ".join(pairs) + "}"
    raise TypeError(type(value))


@st.composite
def amounts(draw: st.DrawFn) -> Decimal:
    digits = draw(st.integers(0, 10 ** draw(st.integers(1, 27))))
    amount = Decimal(digits).scaleb(draw(st.integers(-12, 4)))
    return -amount if draw(st.booleans()) else amount


@st.composite
def moments(draw: st.DrawFn) -> str:
    moment = draw(st.datetimes(min_value=dt.datetime(1, 1, 2), max_value=dt.datetime(9999, 12, 30)))  # noqa: DTZ001
    text = moment.replace(microsecond=0).isoformat(draw(st.sampled_from(" T")))
    fraction = draw(st.text("0123456789", max_size=9))
    offset = draw(st.sampled_from(["", "", "Z", "+02:00", "-0530", "+0000"]))
    return text + (fraction and f".{fraction}") + offset


def mappings(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.text(max_size=5), values, max_size=3)


dates = st.dates().map(str)
untyped = st.recursive(
    st.none() | st.booleans() | st.integers() | amounts() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | mappings(inner),
    max_leaves=6,
)
SCALARS: dict[Any, st.SearchStrategy[object]] = {
    bool: st.booleans(),
    Flag: st.booleans() | st.integers(0, 1),
    int: st.integers(),
    Decimal: amounts() | amounts().map(str) | st.integers(),
    str: st.text(max_size=12),
    object: untyped,
    dt.date: dates,
    Day: dates | dates.map("{} 00:00:00".format),
    dt.datetime: moments(),
    Since: st.booleans() | moments(),
}


def nested_model(type_: Any) -> bool:
    return attrs.has(type_) or any(map(nested_model, get_args(type_)))


@cache
def wire_values(type_: Any, depth: int) -> st.SearchStrategy[Any]:
    """JSON values that a field of this type announces."""
    if NoneType in get_args(type_):
        (inner,) = (arg for arg in get_args(type_) if arg is not NoneType)
        return st.none() | wire_values(inner, depth)
    match get_origin(type_) or type_:
        case origin if origin in SCALARS:
            return SCALARS[origin]
        case origin if origin is tuple:
            return st.lists(wire_values(get_args(type_)[0], depth), max_size=3)
        case origin if origin is Mapping:
            return mappings(wire_values(get_args(type_)[1], depth))
        case origin if issubclass(origin, enum.Enum):
            return st.sampled_from([member.value for member in origin]) | st.text(max_size=8)
        case origin:
            return answers(origin, depth + 1)


@st.composite
def answers(draw: st.DrawFn, model: type, depth: int = 0) -> dict[str, object]:
    """Objects that fit a model: what is required, some of the rest, and a field nobody knows."""
    hints = get_type_hints(model)
    fields = attrs.fields(model)
    required = [field.name for field in fields if field.default is attrs.NOTHING]
    optional = [
        field.name
        for field in fields
        if field.name not in required and (depth < 2 or not nested_model(hints[field.name]))
    ]
    names = draw(st.lists(st.sampled_from(optional), unique=True, max_size=5)) if optional else []
    answer = {name: draw(wire_values(hints[name], depth)) for name in (*required, *names)}
    if draw(st.booleans()):
        answer["unheard_of"] = draw(untyped)
    return answer


ODD_TEXTS = """
    0000-00-00 / 0000-00-00 00:00:00 / 0000-01-01 / 2024-02-30 / 2024-02-29 / 2024-02-29 10:00
    / 2024-02-29 10:00:00 +0200 / 2024-02-29T10:00:00.9999999Z / 9999-12-31 23:59:59.9999999
    / true / 1 / 1.0 / 1e5 / 1e400000000 / NaN / sNaN / Infinity / 1_0 / 0x1
"""
ODD_JSON = (
    *("NaN", "-Infinity", "1e400000000", "-1e99999999999999999999", "1e-5000", "9" * 5000),
    *("-0", "1.0", "01", "1.", "tru", '"\\ud800"', '"\\x"', '"\n"', '{"\\ud800": 1}'),
)
ODD_OBJECTS = ([], {}, [[]], [{}], [None], {"id": None}, {"href": 1}, {"connection": {}})
ODD_VALUES = st.sampled_from(
    ["", "\0", *map(str.strip, ODD_TEXTS.split("/")), *map(Verbatim, ODD_JSON), *ODD_OBJECTS]
)


def places(tree: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a JSON tree."""
    match tree:
        case dict():
            pairs = list(tree.items())
        case list():
            pairs = list(enumerate(tree))
        case _:
            pairs = []
    return [path, *(place for key, item in pairs for place in places(item, (*path, key)))]


def replaced(tree: Any, path: tuple[Any, ...], new: object) -> Any:
    if not path:
        return new
    copy = tree.copy()
    copy[path[0]] = replaced(tree[path[0]], path[1:], new)
    return copy


@st.composite
def odd_answers(draw: st.DrawFn, model: type) -> str:
    """An object that fits a model but in one place, where anything may stand."""
    answer = draw(answers(model))
    place = draw(st.sampled_from(places(answer)))
    return render(replaced(answer, place, draw(ODD_VALUES | untyped)))


@pytest.mark.skipif(not fast.AVAILABLE, reason="needs msgspec")
@given(data=st.data())
@quick
def test_both_ways_make_the_same_model_of_what_fits_it(
    any_answer: type[Model],
    data: st.DataObject,
    anatomy: Callable[[object], object],
    decode_without_msgspec: Callable[[bytes, type], object],
) -> None:
    content = render(data.draw(answers(any_answer))).encode()
    result = fast.decode(content, any_answer)
    assert type(result) is any_answer
    assert anatomy(result) == anatomy(decode_without_msgspec(content, any_answer))


@pytest.mark.parametrize("model", MODELS)
@given(data=st.data())
@thorough
def test_both_ways_agree_on_what_fits_a_model_but_in_one_place(
    model: type, data: st.DataObject, outcomes: Outcomes
) -> None:
    content = data.draw(odd_answers(model)).encode(errors="surrogatepass")
    preferred, forgiving = outcomes(content, model)
    assert preferred == forgiving


@pytest.mark.skipif(not fast.AVAILABLE, reason="needs msgspec")
@pytest.mark.parametrize("model", MODELS)
@given(data=st.data())
@thorough
def test_what_the_fast_way_accepts_alone_the_forgiving_way_reads_alike(
    model: type,
    data: st.DataObject,
    anatomy: Callable[[object], object],
    decode_without_msgspec: Callable[[bytes, type], object],
) -> None:
    content = data.draw(answers(model).map(render) | odd_answers(model)).encode()
    try:
        result = fast.decode(content, model)
    except fast.RefusedError:
        return
    assert anatomy(result) == anatomy(decode_without_msgspec(content, model))


@pytest.mark.parametrize("model", MODELS)
@given(tree=untyped | ODD_VALUES)
@thorough
def test_any_json_gives_a_model_or_our_error(model: type, tree: object, outcomes: Outcomes) -> None:
    preferred, forgiving = outcomes(render(tree).encode(), model)
    assert preferred == forgiving


@given(content=st.binary(max_size=60), model=st.sampled_from(MODELS))
@settings(thorough, max_examples=150)
def test_any_bytes_give_a_model_or_our_error(
    content: bytes, model: type, outcomes: Outcomes
) -> None:
    preferred, forgiving = outcomes(content, model)
    assert preferred == forgiving


@given(data=st.data(), model=st.sampled_from(MODELS))
@settings(thorough, max_examples=150)
def test_a_damaged_body_gives_a_model_or_our_error(
    model: type, data: st.DataObject, outcomes: Outcomes
) -> None:
    content = bytearray(render(data.draw(answers(model))).encode())
    place = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[place] = data.draw(st.integers(0, 255))
    else:
        del content[place:]
    preferred, forgiving = outcomes(bytes(content), model)
    assert preferred == forgiving


@given(rows=st.lists(answers(Transaction) | odd_answers(Transaction).map(Verbatim), max_size=4))
@settings(thorough, max_examples=60)
def test_a_page_with_odd_rows_reads_like_one_without_msgspec(
    rows: list[object], outcomes: Outcomes
) -> None:
    content = render({"transactions": rows, "total": len(rows)}).encode()
    preferred, forgiving = outcomes(content, TransactionsList)
    assert preferred == forgiving


@given(amount=amounts())
def test_an_amount_that_is_sent_keeps_its_value(amount: Decimal) -> None:
    sent = encode({"value": amount})
    assert decode(b'{"id":1,%s' % sent[1:], Transaction).value == amount


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(tree=plain)
def test_plain_data_comes_back_as_it_was_sent(tree: object) -> None:
    assert parse_json(encode(tree)) == tree
