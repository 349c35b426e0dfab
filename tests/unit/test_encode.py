"""What arguments look like on their way to the API."""

from __future__ import annotations

import datetime as dt
import enum
import json
from decimal import Decimal
from typing import Any

import pytest

from powens._codec import encode, format_datetime, parse_json, to_wire
from powens._unset import UNSET
from powens.exceptions import PowensErrorCode
from powens.models import (
    AuthMechanism,
    ConnectorSourceUpdateRequest,
    ConnectorUpdateRequest,
    Link,
    PaginationLinks,
)

NOON = dt.datetime(2024, 2, 29, 12, 0, 0)  # noqa: DTZ001 - a naive one is sent as it is
PARIS_SUMMER = dt.timezone(dt.timedelta(hours=2))


class Number(enum.Enum):
    TWO = 2


# Value, its JSON.
SPELLINGS: list[tuple[Any, str]] = [
    (None, "null"),
    (True, "true"),
    (0, "0"),
    (10**30, "1" + "0" * 30),
    (0.1, "0.1"),
    ("", '""'),
    ('caf\u00e9 "\n', '"caf\u00e9 \\"\\n"'),
    # Amounts: numbers where these keep the value, text where no float does.
    (Decimal("-38.90"), "-38.9"),
    (Decimal("12.00"), "12"),
    (Decimal(0), "0"),
    (Decimal("0E-10"), "0"),
    (Decimal("1E+3"), "1000"),
    (Decimal(123456789012345678), "123456789012345678"),
    (Decimal("0.1"), "0.1"),
    (Decimal("1234567890123456.78"), '"1234567890123456.78"'),
    (Decimal("123456789012345678901234.567"), '"123456789012345678901234.567"'),
    (Decimal("1E-399"), '"1E-399"'),
    # Dates and times, in the one spelling that the API writes itself.
    (dt.date(2024, 2, 29), '"2024-02-29"'),
    (dt.date(1, 2, 3), '"0001-02-03"'),
    (NOON, '"2024-02-29 12:00:00"'),
    (NOON.replace(microsecond=999_999), '"2024-02-29 12:00:00"'),
    (NOON.replace(year=984), '"0984-02-29 12:00:00"'),
    (NOON.replace(tzinfo=dt.UTC), '"2024-02-29 12:00:00"'),
    (NOON.replace(tzinfo=PARIS_SUMMER), '"2024-02-29 10:00:00"'),
    # Codes.
    (AuthMechanism.WEBAUTH, '"webauth"'),
    (PowensErrorCode.WRONGPASS, '"wrongpass"'),
    (Number.TWO, "2"),
    # Containers.
    ([], "[]"),
    ((1, Decimal("2.50"), [dt.date(2024, 2, 29)]), '[1,2.5,["2024-02-29"]]'),
    ({"x"}, '["x"]'),
    (frozenset({Decimal("0.5")}), "[0.5]"),
    ({}, "{}"),
    ({"a": None, "b": UNSET, "c": {"d": UNSET, "e": [{"f": UNSET}]}}, '{"a":null,"c":{"e":[{}]}}'),
    ({7: "seven", AuthMechanism.WEBAUTH: 1}, '{"7":"seven","webauth":1}'),
    # Models, whole or as the changes that they ask for.
    (ConnectorUpdateRequest(), "{}"),
    (ConnectorUpdateRequest(hidden=None), '{"hidden":null}'),
    (ConnectorUpdateRequest(hidden=False), '{"hidden":false}'),
    (
        ConnectorUpdateRequest(hidden=True, sync_periodicity=Decimal("1.5")),
        '{"hidden":true,"sync_periodicity":1.5}',
    ),
    (ConnectorSourceUpdateRequest(), "{}"),
    (ConnectorSourceUpdateRequest(disabled=None), '{"disabled":null}'),
    (
        ConnectorSourceUpdateRequest(auth_mechanism=AuthMechanism.WEBAUTH, disabled=NOON),
        '{"auth_mechanism":"webauth","disabled":"2024-02-29 12:00:00"}',
    ),
    (ConnectorSourceUpdateRequest(auth_mechanism="newest"), '{"auth_mechanism":"newest"}'),
    (
        [{"change": ConnectorUpdateRequest(hidden=True)}],
        '[{"change":{"hidden":true}}]',
    ),
    (
        PaginationLinks(self_=Link(href="a")),
        '{"self":{"href":"a"}}',
    ),
]

UNSENDABLE = [
    *(float("nan"), float("inf"), float("-inf")),
    *(Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1E+400")),
]


@pytest.mark.parametrize(("value", "expected"), SPELLINGS)
def test_spelling(value: object, expected: str) -> None:
    assert encode(value).decode() == expected


@pytest.mark.parametrize("value", UNSENDABLE)
def test_a_number_that_is_none_is_not_sent(value: object) -> None:
    with pytest.raises(ValueError, match=r"not an amount|not JSON compliant"):
        encode({"rows": [value]})


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (object(), "object"),
        (b"bytes", "bytes"),
        (1j, "complex"),
        (dt.timedelta(1), "timedelta"),
        (dt.time(12), "time"),
        (range(3), "range"),
        (UNSET, "Unset"),
    ],
)
@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: {"a": [value]}])
def test_what_has_no_json_is_refused_by_its_type(value: object, name: str, wrap: Any) -> None:
    with pytest.raises(TypeError, match=f"^a {name} cannot be sent to the API$"):
        encode(wrap(value))


def test_half_a_character_is_not_sent() -> None:
    with pytest.raises(ValueError, match=r"^a text holds half a character"):
        encode({"name": "\ud83c"})


def test_amounts_go_out_and_come_back() -> None:
    for digits in ("0.1", "12.50", "1234567890123456.78", "1E-30", "-7"):
        sent = parse_json(encode([Decimal(digits)]))
        assert Decimal(sent[0]) == Decimal(digits)


def test_to_wire_leaves_its_argument_alone() -> None:
    body = {"keep": [1], "drop": UNSET}
    assert to_wire(body) == {"keep": [1]}
    assert body == {"keep": [1], "drop": UNSET}


def test_to_wire_gives_what_json_can_write() -> None:
    value = {"on": NOON, "by": [AuthMechanism.WEBAUTH], "of": Decimal("0.5")}
    assert json.dumps(to_wire(value)) == (
        '{"on": "2024-02-29 12:00:00", "by": ["webauth"], "of": 0.5}'
    )
    assert type(to_wire(AuthMechanism.WEBAUTH)) is str


def test_format_datetime_changes_the_day_where_utc_does() -> None:
    late = dt.datetime(2024, 3, 1, 0, 30, tzinfo=PARIS_SUMMER)
    assert format_datetime(late) == "2024-02-29 22:30:00"


def test_parse_json_keeps_digits() -> None:
    parsed = parse_json(b'{"a": 1.50, "b": 0E-10, "c": 12345678901234567890, "d": [1e3]}')
    assert str(parsed) == (
        "{'a': Decimal('1.50'), 'b': Decimal('0E-10'), 'c': 12345678901234567890,"
        " 'd': [Decimal('1E+3')]}"
    )


def test_parse_json_takes_the_last_of_two_equal_keys() -> None:
    assert parse_json(b'{"a": 1, "a": 2}') == {"a": 2}


def test_parse_json_replaces_what_is_no_utf8() -> None:
    assert parse_json(b'"caf\xe9"') == "caf\ufffd"
    assert parse_json(b'\xef\xbb\xbf"x"') == "x"
