"""An answer that does not fit: the error says where, and never what was there."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pytest

from powens._codec import decode, parse_json
from powens.exceptions import PowensSerializationError
from powens.models import (
    AuthToken,
    BankAccount,
    BankAccountsList,
    Connection,
    ConnectionsList,
    Connector,
    ConnectorsList,
    Link,
    Loan,
    Transaction,
    TransactionsList,
    User,
    UsersList,
    WebauthURL,
)

CANARY = "c4n4ry7391"
NUMBER = "73917391.7391"

# Model, body, all of the text but the model's name.
MISFITS: list[tuple[type, str, str]] = [
    (User, f'{{"id":"{CANARY}"}}', "the answer has no valid int at id"),
    (User, f'{{"id":{NUMBER}}}', "the answer has no valid int at id"),
    (User, '{"id":true}', "the answer has no valid int at id"),
    (User, '{"id":null}', "the answer has no valid int at id"),
    (User, f'{{"name":"{CANARY}"}}', "the answer lacks id"),
    (User, f'"{CANARY}"', "the answer has no valid User at its top level"),
    (User, NUMBER, "the answer has no valid User at its top level"),
    (User, "null", "the answer has no valid User at its top level"),
    (User, "[]", "the answer has no valid User at its top level"),
    (User, f'[{{"id":1}},{{"id":"{CANARY}"}}]', "the answer has no valid User at its top level"),
    (AuthToken, f'{{"token":"{CANARY}"}}', "the answer lacks auth_token"),
    (AuthToken, f'{{"auth_token":["{CANARY}"]}}', "the answer has no valid str at auth_token"),
    (WebauthURL, f'{{"url":{{"{CANARY}":1}}}}', "the answer has no valid str at url"),
    (Link, f'{{"href":["{CANARY}"]}}', "the answer has no valid str at href"),
    (UsersList, f'{{"{CANARY}":[]}}', "the answer lacks users"),
    (UsersList, f'{{"users":"{CANARY}"}}', "the answer has no valid User at users[0]"),
    (UsersList, f'{{"users":{{"{CANARY}":1}}}}', "the answer has no valid list of User at users"),
    (UsersList, f'{{"users":[{{"id":1}},{NUMBER}]}}', "the answer has no valid User at users[1]"),
    (UsersList, f'{{"users":[],"total":"{CANARY}"}}', "the answer has no valid int at total"),
    (
        TransactionsList,
        '{"transactions":[{"id":1,"datetime":"9999-12-31 23:59:59.9999999"}]}',
        "the answer has no valid datetime at transactions[0].datetime",
    ),
    (
        TransactionsList,
        f'{{"transactions":[{{"id":1}},{{"id":2}},{{"id":3}},{{"id":4,"date":"{CANARY}"}}]}}',
        "the answer has no valid date at transactions[3].date",
    ),
    (
        TransactionsList,
        f'[{{"id":1}},{{"id":2,"rdatetime":"2024-02-29 {CANARY}"}}]',
        "the answer has no valid datetime at transactions[1].rdatetime",
    ),
    (
        TransactionsList,
        f'{{"transactions":[{{"wording":"{CANARY}"}}]}}',
        "the answer lacks transactions[0].id",
    ),
    (
        TransactionsList,
        f'{{"transactions":[],"_links":{{"next":{{"href":["{CANARY}"]}}}}}}',
        "the answer has no valid str at _links.next.href",
    ),
    (
        TransactionsList,
        f'{{"transactions":[],"_links":{{"next":"{CANARY}"}}}}',
        "the answer has no valid Link at _links.next",
    ),
    (
        BankAccountsList,
        f'{{"accounts":[{{"id":1,"loan":{{"maturity_date":"{CANARY}"}}}}]}}',
        "the answer has no valid date at accounts[0].loan.maturity_date",
    ),
    (
        BankAccountsList,
        f'{{"accounts":[],"balances":{{"{CANARY}":"{CANARY}"}}}}',
        "the answer has no valid decimal at balances[*]",
    ),
    (
        BankAccountsList,
        f'{{"accounts":[],"balances":{NUMBER}}}',
        "the answer has no valid object at balances",
    ),
    (
        BankAccountsList,
        f'{{"accounts":[{{"id":1,"bookmarked":"{CANARY}"}}]}}',
        "the answer has no valid bool at accounts[0].bookmarked",
    ),
    (BankAccount, f'{{"id":1,"display":{NUMBER}}}', "the answer has no valid bool at display"),
    (BankAccount, f'{{"id":1,"balance":"{CANARY}"}}', "the answer has no valid decimal at balance"),
    (BankAccount, f'{{"id":1,"loan":"{CANARY}"}}', "the answer has no valid Loan at loan"),
    (
        BankAccount,
        f'{{"id":1,"usage":{{"{CANARY}":1}}}}',
        "the answer has no valid BankAccountUsage at usage",
    ),
    (
        BankAccount,
        f'{{"id":1,"information":"{CANARY}"}}',
        "the answer has no valid object at information",
    ),
    (Loan, f'{{"maturity_date":{NUMBER}}}', "the answer has no valid date at maturity_date"),
    (
        Transaction,
        f'{{"id":1,"details":{{"{CANARY}":[1,1e400000000]}}}}',
        "the answer has no valid object at details[*]",
    ),
    (
        Transaction,
        f'{{"id":1,"categories":[{{}},{{"code":["{CANARY}"]}}]}}',
        "the answer has no valid str at categories[1].code",
    ),
    (
        Transaction,
        f'{{"id":1,"categories":{{"{CANARY}":1}}}}',
        "the answer has no valid list of Category at categories",
    ),
    (
        Connection,
        f'{{"connection":"{CANARY}","message":"{CANARY}"}}',
        "the answer has no valid Connection at its top level",
    ),
    (
        ConnectionsList,
        f'{{"connections":[{{"id":1,"accounts":[{{"id":"{CANARY}"}}]}}]}}',
        "the answer has no valid int at connections[0].accounts[0].id",
    ),
    (
        Connector,
        f'{{"id":1,"capabilities":["bank",["{CANARY}"]]}}',
        "the answer has no valid ConnectorCapability at capabilities[1]",
    ),
    (
        ConnectorsList,
        '{"connectors":[{"id":1,"sources":[{"id":1},{"id":2,"categories":[0,1e400000000]}]}]}',
        "the answer has no valid object at connectors[0].sources[1].categories[1]",
    ),
]

# Numbers that nobody can calculate with.
NO_AMOUNTS = (
    *("1e400", "-1e400", "1e-400", "1e400000000", "1e-400000000", "1e99999999999999999999"),
    *("9" * 401, "9" * 5000, "-" + "9" * 5000, "9" * 5000 + ".5", '"' + "9" * 5000 + '"'),
    *('"NaN"', '"sNaN1"', '"-Infinity"', '"1e400000000"', '"12,50"', '"0x1F"', '"--1"'),
    *("true", "{}", "[1]"),
)

NO_JSON = {
    "empty": b"",
    "blank": b" \n ",
    "web page": b"<html><body>c4n4ry7391</body></html>",
    "cut": b'{"users": [{"id": 1, "platform": "c4n4ry7391',
    "trailing": b'{"users": []} c4n4ry7391',
    "trailing comma": b'{"users": [],}',
    "single quotes": b"{'users': []}",
    "comment": b'{"users": [] /* c4n4ry7391 */}',
    "NaN": b'{"users": [], "total": NaN}',
    "Infinity": b'{"users": [], "total": Infinity}',
    "-Infinity": b'{"users": [], "other": -Infinity}',
    "NaN in a row": b'{"users": [{"id": NaN}]}',
    "leading zero": b'{"users": [{"id": 007}]}',
    "point without digits": b'{"users": [{"id": 7.}]}',
    "control character": b'{"users": [{"id": 1, "platform": "a\nb"}]}',
    "bad escape": b'{"users": [{"id": 1, "platform": "\\x"}]}',
    "UTF-16": '{"users": []}'.encode("utf-16"),
    "invalid UTF-8": b'{"users": [\xff]}',
    "open brackets": b"[" * 100_000,
    "nested lists": b"[" * 100_000 + b"]" * 100_000,
    "nested objects": b'{"users":' * 100_000 + b"null" + b"}" * 100_000,
    "nested in a row": b'{"users": [{"id": 1, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]}",
}


@pytest.fixture(params=["with msgspec", "without msgspec"])
def decode_one_way(
    request: pytest.FixtureRequest, decode_without_msgspec: Callable[[bytes, type], Any]
) -> Callable[[bytes, type], Any]:
    return decode if request.param == "with msgspec" else decode_without_msgspec


def assert_shows_nothing(error: PowensSerializationError, secret: str) -> None:
    assert error.__cause__ is None
    assert error.__suppress_context__
    shown = "".join(traceback.format_exception(error))
    assert "PowensSerializationError" in shown
    assert secret not in str(error) + repr(error) + repr(error.args) + shown


@pytest.mark.parametrize(("model", "body", "text"), MISFITS)
def test_a_misfit_is_named_by_its_place(
    model: type, body: str, text: str, decode_one_way: Callable[[bytes, type], Any]
) -> None:
    with pytest.raises(PowensSerializationError) as caught:
        decode_one_way(body.encode(), model)
    assert str(caught.value) == f"{model.__name__}: {text}"
    assert_shows_nothing(caught.value, CANARY)
    assert_shows_nothing(caught.value, "7391")


@pytest.mark.parametrize("number", NO_AMOUNTS, ids=lambda number: number[:12])
def test_what_is_no_amount_is_refused(
    number: str, decode_one_way: Callable[[bytes, type], Any]
) -> None:
    with pytest.raises(PowensSerializationError) as caught:
        decode_one_way(
            b'{"transactions":[{"id":1,"value":%s}]}' % number.encode(), TransactionsList
        )
    assert str(caught.value) == (
        "TransactionsList: the answer has no valid decimal at transactions[0].value"
    )
    # Shorter ones could stand in the text by chance.
    if len(number) > 6:
        assert_shows_nothing(caught.value, number)


@pytest.mark.parametrize(
    ("model", "field"),
    [
        *((Transaction, name) for name in ("id_account", "wording", "type", "coming", "value")),
        *((Transaction, name) for name in ("date", "datetime", "nopurge")),
        (BankAccount, "opening_date"),
    ],
)
@pytest.mark.parametrize("number", ["9" * 5000, "1e99999999999999999999"], ids=["long", "steep"])
def test_a_number_that_is_too_large_fits_no_field(
    model: type, field: str, number: str, decode_one_way: Callable[[bytes, type], Any]
) -> None:
    with pytest.raises(PowensSerializationError, match=rf" at {field}$"):
        decode_one_way(b'{"id":1,"%s":%s}' % (field.encode(), number.encode()), model)


@pytest.mark.parametrize("number", ["9" * 5000, "-1e99999999999999999999"], ids=["long", "steep"])
def test_a_number_that_is_too_large_fits_no_untyped_field(
    number: str, decode_one_way: Callable[[bytes, type], Any]
) -> None:
    with pytest.raises(PowensSerializationError, match=r" at details\[\*\]$"):
        decode_one_way(b'{"id":1,"details":{"x":[%s]}}' % number.encode(), Transaction)


@pytest.mark.parametrize("content", NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_json_is_refused(
    content: bytes, decode_one_way: Callable[[bytes, type], Any]
) -> None:
    with pytest.raises(PowensSerializationError) as caught:
        decode_one_way(content, UsersList)
    assert str(caught.value) == "UsersList: the answer is not valid JSON"
    assert_shows_nothing(caught.value, CANARY)


@pytest.mark.parametrize("content", NO_JSON.values(), ids=NO_JSON)
def test_parse_json_is_as_strict(content: bytes) -> None:
    with pytest.raises(PowensSerializationError) as caught:
        parse_json(content)
    assert str(caught.value) == "the answer is not valid JSON"
    assert_shows_nothing(caught.value, CANARY)
