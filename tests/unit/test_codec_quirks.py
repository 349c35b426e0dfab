"""What the live API sends, odd or not, and what becomes of it: the same both ways."""

from __future__ import annotations

import datetime as dt
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from cattrs import BaseValidationError

from powens import _codec
from powens._codec import decode, fast, forgiving, parse_json
from powens._codec.scalars import MisfitError
from powens.exceptions import PowensSerializationError
from powens.models import (
    AccountTypesList,
    AuthServiceToken,
    BankAccount,
    BankAccountsList,
    BankAccountUsage,
    Connection,
    ConnectionLogsList,
    ConnectionsList,
    ConnectionSource,
    ConnectionState,
    Connector,
    ConnectorCapability,
    ConnectorSource,
    CurrenciesList,
    Investment,
    Link,
    Loan,
    PaginationLinks,
    Payment,
    PaymentErrorCode,
    PaymentSettings,
    Subscription,
    Transaction,
    TransactionsList,
    TransactionType,
    User,
    UsersList,
)

DecodeBothWays = Callable[[bytes, type], Any]


def naive(*moment: int) -> dt.datetime:
    return dt.datetime(*moment)  # noqa: DTZ001 - what the API sends has no zone


def noon(offset: float | None = None, micro: int = 0) -> dt.datetime:
    zone = None if offset is None else dt.timezone(dt.timedelta(hours=offset))
    return naive(2024, 2, 29, 12, 11, 10, micro).replace(tzinfo=zone)


BIG = "123456789012345678"
BIGGER = "123456789012345678901234.567"

# Model, field, what the wire says, what the field holds.
QUIRKS: list[tuple[type, str, str, object]] = [
    # Amounts keep the digits of the wire, whatever they are written as.
    (Transaction, "value", "-38.90", Decimal("-38.90")),
    (Transaction, "value", "1.0000000000", Decimal("1.0000000000")),
    (Transaction, "value", "0E-10", Decimal("0E-10")),
    (Transaction, "value", "0.0", Decimal("0.0")),
    (Transaction, "value", "-0.0", Decimal("-0.0")),
    (Transaction, "value", "0", Decimal(0)),
    (Transaction, "value", "-12", Decimal(-12)),
    (Transaction, "value", "1e3", Decimal("1E+3")),
    (Transaction, "value", "1.5E-7", Decimal("1.5E-7")),
    (Transaction, "value", BIG, Decimal(BIG)),
    (Transaction, "value", BIGGER, Decimal(BIGGER)),
    (Transaction, "value", f'"{BIGGER}"', Decimal(BIGGER)),
    (Transaction, "value", '"-38.90"', Decimal("-38.90")),
    (Transaction, "value", '"12"', Decimal(12)),
    (Transaction, "value", "1e399", Decimal("1E+399")),
    (Transaction, "value", "1e-399", Decimal("1E-399")),
    (Transaction, "value", '""', None),
    (Transaction, "value", "null", None),
    (Transaction, "value", "[]", None),
    # Whole numbers.
    (Transaction, "id_account", "7", 7),
    (Transaction, "id_account", '"7"', 7),
    (Transaction, "id_account", "7.0", 7),
    (Transaction, "id_account", '"7.00"', 7),
    (Transaction, "id_account", "7e2", 700),
    (Transaction, "id_account", "-0", 0),
    (Transaction, "id_account", "18446744073709551616", 18446744073709551616),
    (Transaction, "id_account", '""', None),
    (Transaction, "id_account", "null", None),
    # Dates, also those that are sent as datetimes.
    (Transaction, "date", '"2024-02-29"', dt.date(2024, 2, 29)),
    (Transaction, "date", '"2024-02-29 00:00:00"', dt.date(2024, 2, 29)),
    (Transaction, "date", '"2024-02-29T12:11:10Z"', dt.date(2024, 2, 29)),
    (Transaction, "date", '"0000-00-00"', None),
    (Transaction, "date", '"0000-00-00 00:00:00"', None),
    (Transaction, "date", '""', None),
    (Transaction, "date", "null", None),
    (Loan, "maturity_date", '"2044-03-01"', dt.date(2044, 3, 1)),
    (Loan, "maturity_date", '"2044-03-01 00:00:00"', dt.date(2044, 3, 1)),
    (Loan, "maturity_date", '"2044-03-01T00:00:00"', dt.date(2044, 3, 1)),
    (Loan, "maturity_date", '"0000-00-00"', None),
    (Loan, "maturity_date", "null", None),
    (Investment, "deleted", '"2024-02-29"', dt.date(2024, 2, 29)),
    (Investment, "deleted", '"2024-02-29 12:11:10"', dt.date(2024, 2, 29)),
    # Datetimes: naive unless an offset came along, and never moved.
    (Transaction, "datetime", '"2024-02-29 12:11:10"', noon()),
    (Transaction, "datetime", '"2024-02-29T12:11:10"', noon()),
    (Transaction, "datetime", '"2024-02-29 12:11"', naive(2024, 2, 29, 12, 11)),
    (Transaction, "datetime", '"2024-02-29"', naive(2024, 2, 29)),
    (Transaction, "datetime", '"2024-02-29 12:11:10Z"', noon(0)),
    (Transaction, "datetime", '"2024-02-29T12:11:10z"', noon(0)),
    (Transaction, "datetime", '"2024-02-29 12:11:10+0200"', noon(2)),
    (Transaction, "datetime", '"2024-02-29 12:11:10 +0200"', noon(2)),
    (Transaction, "datetime", '"2024-02-29T12:11:10+02:00"', noon(2)),
    (Transaction, "datetime", '"2024-02-29T12:11:10-05:30"', noon(-5.5)),
    (Transaction, "datetime", '"2024-02-29 12:11:10.5"', noon(micro=500000)),
    (Transaction, "datetime", '"2024-02-29 12:11:10,5"', noon(micro=500000)),
    (Transaction, "datetime", '"2024-02-29 12:11:10.1234564"', noon(micro=123456)),
    (Transaction, "datetime", '"2024-02-29 12:11:10.1234565"', noon(micro=123457)),
    (Transaction, "datetime", '"2024-02-29 12:11:10.123456499"', noon(micro=123456)),
    (Transaction, "datetime", '"2024-02-29T23:59:59.9999999"', naive(2024, 3, 1)),
    (Transaction, "datetime", '"2024-02-29T12:11:10.25+0100"', noon(1, micro=250000)),
    (Transaction, "datetime", '"0000-00-00 00:00:00"', None),
    (Transaction, "datetime", '"0000-00-00T00:00:00"', None),
    (Transaction, "datetime", '"0000-00-00"', None),
    (Transaction, "datetime", '""', None),
    (Transaction, "datetime", "null", None),
    # Since when something is off, or only whether it is.
    (BankAccount, "disabled", '"2024-02-29 12:11:10"', noon()),
    (BankAccount, "disabled", '"2024-02-29"', naive(2024, 2, 29)),
    (BankAccount, "disabled", '"0000-00-00"', None),
    (BankAccount, "disabled", '""', None),
    (BankAccount, "disabled", "null", None),
    (BankAccount, "disabled", "true", True),
    (BankAccount, "disabled", "false", False),
    (BankAccount, "disabled", "0", False),
    (Subscription, "disabled", "true", True),
    (ConnectionSource, "disabled", "false", False),
    (ConnectorSource, "disabled", '"2024-02-29T12:11:10"', noon()),
    (Connection, "accounts", "null", None),
    # Truth, as the API and its older connectors put it.
    (BankAccount, "bookmarked", "0", False),
    (BankAccount, "bookmarked", "1", True),
    (BankAccount, "bookmarked", "true", True),
    (BankAccount, "bookmarked", '"0"', False),
    (BankAccount, "bookmarked", "null", None),
    (BankAccount, "display", "0", False),
    (BankAccount, "display", "1", True),
    (BankAccount, "display", "false", False),
    (BankAccount, "display", '"true"', True),
    (BankAccount, "display", '"False"', False),
    (BankAccount, "display", '""', None),
    (Transaction, "nopurge", "1", True),
    # Codes: a member if it is listed, exactly as sent if not.
    (Transaction, "type", '"transfer"', TransactionType.TRANSFER),
    (Transaction, "type", '"teleport"', "teleport"),
    (Transaction, "type", '"TRANSFER"', "TRANSFER"),
    (Transaction, "type", '""', ""),
    (Transaction, "type", "12", "12"),
    (Transaction, "type", "null", None),
    (BankAccount, "usage", '"PRIV"', BankAccountUsage.PRIV),
    (Connection, "state", '"wrongpass"', ConnectionState.WRONGPASS),
    (Connection, "state", '"somethingNew"', "somethingNew"),
    # Text: what was sent, numbers by their digits, and never half a character.
    (Transaction, "wording", '""', ""),
    (Transaction, "wording", '" CAF\\u00c9 \\ud83c\\udf70 "', " CAF\u00c9 \U0001f370 "),
    (Transaction, "wording", '"0000-00-00"', "0000-00-00"),
    (Transaction, "wording", '"half \\ud83c"', "half \ufffd"),
    (Transaction, "wording", "12.50", "12.50"),
    (Transaction, "wording", "12", "12"),
    (Transaction, "wording", "[]", None),
    (AuthServiceToken, "token", '"abc"', "abc"),
    # Lists: null, empty and left out are three things, as are a list and its only item.
    (Transaction, "categories", "null", None),
    (Transaction, "categories", "[]", ()),
    (Transaction, "categories", "{}", ()),
    (Connector, "capabilities", '["bank","levitation"]', (ConnectorCapability.BANK, "levitation")),
    (Connector, "capabilities", '"bank"', (ConnectorCapability.BANK,)),
    (Connector, "months_to_fetch", "[]", None),
    (Connector, "categories", '[{"a":1.50},4,null]', ({"a": Decimal("1.50")}, 4, None)),
    (PaymentSettings, "maximum_amount", "null", None),
    (PaymentSettings, "maximum_amount", "[]", None),
    # Objects in other clothes.
    (BankAccount, "loan", "[]", None),
    (BankAccount, "loan", '""', None),
    (BankAccount, "loan", '{"rate":1.20}', Loan(rate=Decimal("1.20"))),
    (BankAccount, "loan", '[{"rate":1.20}]', Loan(rate=Decimal("1.20"))),
    # Untyped data stays plain data, with exact numbers.
    (Transaction, "details", "[]", {}),
    (Transaction, "details", '{"a":[1,"x",{"b":null}]}', {"a": [1, "x", {"b": None}]}),
    (Transaction, "details", '{"a":2.50}', {"a": Decimal("2.50")}),
    (Transaction, "details", '{"a":18446744073709551616}', {"a": 18446744073709551616}),
    (Transaction, "details", '{"a":{"\\ud83c":"\\ud83c"}}', {"a": {"\ufffd": "\ufffd"}}),
    (BankAccountsList, "balances", '{"EUR":-1.50}', {"EUR": Decimal("-1.50")}),
    (BankAccountsList, "balances", '{"E":"1.50","U":null}', {"E": Decimal("1.50"), "U": None}),
    (BankAccountsList, "balances", "[]", {}),
    # Fields that no model knows.
    (Transaction, "never_heard_of", '{"deep":[{"er":1e999999}]}', None),
]


def body_of(field: str, wire: str) -> bytes:
    """Give whatever is required besides the field in question."""
    required = {"id": "1", "token": '"x"', "accounts": "[]"}
    return b"{%s}" % ",".join(f'"{k}":{v}' for k, v in (required | {field: wire}).items()).encode()


@pytest.mark.parametrize(("model", "field", "wire", "expected"), QUIRKS)
def test_quirk(
    model: type,
    field: str,
    wire: str,
    expected: object,
    decode_both_ways: DecodeBothWays,
    anatomy: Callable[[object], object],
) -> None:
    result = decode_both_ways(body_of(field, wire), model)
    if field == "never_heard_of":
        assert not hasattr(result, field)
    else:
        assert anatomy(getattr(result, field)) == anatomy(expected)


USER_7 = User(id=7)

# Model, body, what it stands for.
BODIES: list[tuple[type, bytes, object]] = [
    (UsersList, b'{"users":[{"id":7}],"total":1}', UsersList(users=(USER_7,), total=1)),
    (UsersList, b'{"users":[]}', UsersList(users=())),
    (UsersList, b'{"users":null}', UsersList(users=())),
    (UsersList, b'{"users":null,"total":"0"}', UsersList(users=(), total=0)),
    (UsersList, b'{"users":{}}', UsersList(users=())),
    (UsersList, b'[{"id":7}]', UsersList(users=(USER_7,))),
    (UsersList, b"[]", UsersList(users=())),
    (UsersList, b'{"id":7}', UsersList(users=(USER_7,))),
    (UsersList, b'{"users":[{"id":"7"},[{"id":7}]]}', UsersList(users=(USER_7, USER_7))),
    (UsersList, b'\xef\xbb\xbf{"users":[]}', UsersList(users=())),
    (UsersList, b' \r\n\t{ "users" : [ ] } \n', UsersList(users=())),
    (UsersList, b'{"users":5,"users":[{"id":7}]}', UsersList(users=(USER_7,))),
    (User, b'{"id":7}', USER_7),
    (User, b'[{"id":7}]', USER_7),
    (User, b'{"id":1,"id":7}', USER_7),
    (User, b'{"id":"x","id":7}', USER_7),
    (User, b'{"id":7,"nickname":"\xff"}', USER_7),
    (User, b'{"id":7,"platform":"w\xffb"}', User(id=7, platform="w\ufffdb")),
    (Connection, b'{"id":7}', Connection(id=7)),
    (Connection, b'{"connection":{"id":7},"message":"x"}', Connection(id=7)),
    (
        ConnectionsList,
        b'{"connections":[{"id":6},{"connection":{"id":7},"message":"x"}]}',
        ConnectionsList(connections=(Connection(id=6), Connection(id=7))),
    ),
    (
        TransactionsList,
        b'{"transactions":[{"id":7}],"_links":{"self":{"href":"a"},"prev":null,"next":{"href":"b"}}}',
        TransactionsList(
            transactions=(Transaction(id=7),),
            links=PaginationLinks(self_=Link(href="a"), next=Link(href="b")),
        ),
    ),
    (TransactionsList, b'{"transactions":[],"_links":[]}', TransactionsList(transactions=())),
    (
        TransactionsList,
        b'{"transactions":[{"id":"7"}],"_links":{"next":{"href":"b"}},"first_date":"0000-00-00"}',
        TransactionsList(
            transactions=(Transaction(id=7),), links=PaginationLinks(next=Link(href="b"))
        ),
    ),
    (AccountTypesList, b'{"accounttypes":null}', AccountTypesList(accounttypes=())),
    (ConnectionLogsList, b'{"connectionlogs":[]}', ConnectionLogsList(connectionlogs=())),
    (CurrenciesList, b'{"currencies":null}', CurrenciesList(currencies=())),
]


@pytest.mark.parametrize(("model", "content", "expected"), BODIES)
def test_body(
    model: type,
    content: bytes,
    expected: object,
    decode_both_ways: DecodeBothWays,
    anatomy: Callable[[object], object],
) -> None:
    assert anatomy(decode_both_ways(content, model)) == anatomy(expected)


ALL_CONTENTS = [
    *((body_of(field, wire), model) for model, field, wire, _ in QUIRKS),
    *((content, model) for model, content, _ in BODIES),
]

WITHOUT_MSGSPEC = """
import pickle, sys
sys.modules["msgspec"] = None
from powens._codec import decode, fast
assert not fast.AVAILABLE
contents = pickle.load(sys.stdin.buffer)
pickle.dump([decode(content, model) for content, model in contents], sys.stdout.buffer)
"""


def test_msgspec_is_not_needed(anatomy: Callable[[object], object]) -> None:
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_MSGSPEC],
        input=pickle.dumps(ALL_CONTENTS),
        stdout=subprocess.PIPE,
        check=True,
    )
    results = pickle.loads(finished.stdout)
    assert [anatomy(result) for result in results] == [
        anatomy(decode(content, model)) for content, model in ALL_CONTENTS
    ]


# Pages as the live API sends them, with invented people and amounts.
TRANSACTION = b"""{
    "id": 1001, "id_account": 12, "application_date": "2026-03-02", "date": "2026-03-02",
    "datetime": null, "vdate": null, "vdatetime": null, "rdate": "2026-03-01",
    "rdatetime": "2026-03-01 18:02:11", "bdate": null, "bdatetime": null, "value": -38.90,
    "gross_value": null, "type": "quantum_debit", "original_wording": "CB BOULANGERIE 01/03",
    "simplified_wording": "BOULANGERIE", "wording": "BOULANGERIE", "categories": [],
    "date_scraped": "2026-03-02 04:11:09", "coming": false, "active": true, "id_cluster": null,
    "comment": null, "last_update": "2026-03-02 04:11:10", "deleted": null,
    "original_value": null, "original_gross_value": null, "original_currency": null,
    "commission": 0E-10, "commission_currency": null, "country": null, "card": "1234XXXXXXXX5678",
    "counterparty": {"label": "BOULANGERIE", "account_scheme_name": "moon_iban",
                     "account_identification": null, "type": "creditor"},
    "details": {"score": 0.50}, "documents_count": 0, "informations": {}, "state": "parsed",
    "webid": "a-1001", "new": true, "nopurge": 0, "formatted_value": "-38,90 \xe2\x82\xac"
}"""
TRANSACTIONS = b"""{
    "transactions": [%s, %s], "first_date": "2025-01-02", "last_date": "2026-03-02",
    "result_min_date": null, "result_max_date": null, "total": 2,
    "_links": {"self": {"href": "https://demo.biapi.pro/2.0/users/me/transactions?limit=2"},
               "prev": null,
               "next": {"href": "https://demo.biapi.pro/2.0/users/me/transactions?cursor=abc"}}
}""" % (TRANSACTION, TRANSACTION)
ACCOUNT = b"""{
    "id": 12, "id_connection": 3, "id_user": 2, "id_source": 5, "id_parent": null,
    "number": "00012345678", "webid": "w-12", "original_name": "COMPTE COURANT", "balance": 1520.45,
    "coming": null, "display": true, "last_update": "2026-03-02 04:11:09", "deleted": null,
    "disabled": null, "iban": "FR7600000000000000000000000", "type": "time_deposit", "id_type": 2,
    "currency": {"id": "EUR", "symbol": "\xe2\x82\xac", "prefix": false, "crypto": false,
                 "precision": 2, "marketcap": null, "datetime": null, "name": "Euro"},
    "bookmarked": %s, "name": "Compte courant", "error": null, "usage": "FAMILY",
    "ownership": "owner", "company_name": null, "opening_date": "2019-05-06 00:00:00",
    "bic": null, "coming_balance": 1520.4500000000, "formatted_balance": "1 520,45",
    "information": {}, "loan": %s, "calculated": ["diff"], "diff_percent": 0E-10
}"""
LOAN = b"""{
    "total_amount": 150000.00, "available_amount": null, "used_amount": null,
    "subscription_date": "2020-01-15 00:00:00", "maturity_date": "2040-01-15 00:00:00",
    "start_repayment_date": null, "deferred": false, "next_payment_amount": 712.33,
    "next_payment_date": "2026-03-15 00:00:00", "rate": 1.2500000000, "nb_payments_left": 166,
    "nb_payments_done": 74, "nb_payments_total": 240, "last_payment_amount": 712.33,
    "last_payment_date": "2026-02-15 00:00:00", "account_label": null, "insurance_label": null,
    "insurance_amount": null, "insurance_rate": 0.0036, "duration": 240, "type": "chess_club"
}"""
ACCOUNTS = b"""{
    "accounts": [%s, %s, {"id": 14, "id_connection": 3, "disabled": "2026-01-01 10:00:00"}],
    "balance": 1520.45, "balances": {"EUR": 1520.45}, "coming_balances": {"EUR": null}, "total": 3
}""" % (ACCOUNT % (b"0", b"null"), ACCOUNT % (b"1", LOAN))
CONNECTIONS = b"""{
    "connections": [{
        "id": 3, "id_user": 2, "id_connector": 59, "id_provider": 59, "id_bank": 59,
        "state": "brandNewState", "error": "brandNewState", "error_message": null, "fields": [],
        "last_update": "2026-03-02 04:11:09", "created": "2025-01-01 08:00:00", "active": true,
        "last_push": null, "expire": "2026-08-30 08:00:00", "next_try": "2026-03-03 03:00:00",
        "connector_uuid": "338178e6-3d01-564f-9a7b-52ca442459bf",
        "sources": [{"id": 5, "name": "openapi", "state": null, "disabled": null,
                     "last_update": "2026-03-02 04:11:09", "access_expire": "2026-08-30 08:00:00"}]
    }], "total": 1
}"""
PAGES = [
    (TransactionsList, TRANSACTIONS),
    (BankAccountsList, ACCOUNTS),
    (ConnectionsList, CONNECTIONS),
]


@pytest.mark.skipif(not fast.AVAILABLE, reason="needs msgspec")
@pytest.mark.parametrize(("model", "content"), PAGES)
def test_what_the_live_api_sends_is_read_the_fast_way(
    model: type,
    content: bytes,
    monkeypatch: pytest.MonkeyPatch,
    anatomy: Callable[[object], object],
    decode_without_msgspec: Callable[[bytes, type], Any],
) -> None:
    expected = anatomy(decode_without_msgspec(content, model))

    def no_need(*_: object) -> None:
        pytest.fail("a usual page went the slow way")

    monkeypatch.setattr(_codec, "_structure", no_need)
    assert anatomy(decode(content, model)) == expected


@pytest.mark.skipif(not fast.AVAILABLE, reason="needs msgspec")
def test_the_class_of_rows_is_looked_up_once_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups: list[type] = []
    look_up = TransactionsList.item_model

    def count() -> Any:
        lookups.append(TransactionsList)
        return look_up()

    monkeypatch.setattr(TransactionsList, "item_model", count)
    odd_rows = b",".join(b'{"id": "%d"}' % number for number in range(50))
    assert len(decode(b'{"transactions": [%s]}' % odd_rows, TransactionsList)) == 50
    assert lookups == [TransactionsList]


@pytest.mark.skipif(not fast.AVAILABLE, reason="needs msgspec")
def test_what_cannot_be_mended_goes_the_slow_way_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [b'{"id": %d, "date": "2026-03-02"}' % number for number in range(50)]
    rows[17] = b'{"id": "17"}'
    rows[31] = b'[{"id": "31", "date": "0000-00-00"}]'
    content = b'{"transactions": [%s], "total": "50"}' % b",".join(rows)
    parsed: list[bytes] = []

    def count(raw: bytes, *, of: str) -> Any:
        parsed.append(raw)
        return parse_json(raw, of=of)

    monkeypatch.setattr(_codec, "parse_json", count)
    page = decode(content, TransactionsList)
    assert parsed == [b'"50"', rows[31]]
    assert [row.id for row in page] == list(range(50))
    assert page.transactions[31].date is None
    assert page.transactions[32].date == dt.date(2026, 3, 2)
    assert page.total == 50


@pytest.mark.skipif(not fast.AVAILABLE, reason="needs msgspec")
def test_only_odd_fields_of_a_row_go_the_slow_way(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    tried: list[object] = []

    def remember(model: type, name: str) -> Any:
        asked.append(name)
        return forgiving.field_hook(model, name)

    def convert(data: Any, model: type[Any]) -> object:
        tried.append(int(data["id"]))
        return fast_convert(data, model)

    def no_need(*_: object, **__: object) -> None:
        pytest.fail("a row that can be mended went the slow way")

    fast_convert = fast.convert
    monkeypatch.setattr("powens._codec.mending.field_hook", remember)
    monkeypatch.setattr(fast, "convert", convert)
    monkeypatch.setattr(_codec, "parse_json", no_need)
    rows = [
        b'{"id": 1, "card": "x", "nopurge": 1}',
        b'{"id": "2", "active": 0, "nopurge": 1}',
        b'{"id": 3, "coming": 1}',
        b'{"id": 4, "card": "x"}',
    ]
    page = decode(b'{"transactions": [%s]}' % b",".join(rows), TransactionsList)
    assert asked == ["id", "active", "coming"]
    assert tried == [2, 2, 2, 3, 3, 4]
    assert list(page) == [
        Transaction(id=1, card="x", nopurge=True),
        Transaction(id=2, active=False, nopurge=True),
        Transaction(id=3, coming=True),
        Transaction(id=4, card="x"),
    ]


@pytest.mark.skipif(not fast.AVAILABLE, reason="needs msgspec")
@pytest.mark.parametrize(
    ("row", "place"),
    [
        (b'{"id": "2", "coming": "no"}', "bool at transactions[1].coming"),
        (
            b'{"id": "2", "original_currency": {"id": "EUR", "precision": {}}}',
            "int at transactions[1].original_currency.precision",
        ),
        (b'{"id": "2", "value": "1e999"}', "decimal at transactions[1].value"),
        (b"7", "Transaction at transactions[1]"),
    ],
)
def test_a_row_that_cannot_be_read_is_an_error_as_ever(row: bytes, place: str) -> None:
    with pytest.raises(PowensSerializationError, match=re.escape(place)):
        decode(b'{"transactions": [{"id": "1"}, %s]}' % row, TransactionsList)


@pytest.mark.skipif(not fast.AVAILABLE, reason="needs msgspec")
def test_an_odd_field_beside_the_rows_leaves_them_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def remember(data: Any, model: Any) -> Any:
        data["users"] = [*data["users"]]
        seen.append(data)
        return structure(data, model)

    structure = _codec._structure
    monkeypatch.setattr(_codec, "_structure", remember)
    page = decode(b'{"users": [{"id": 1}, {"id": 2}], "total": "2"}', UsersList)
    assert page.total == 2
    assert seen == [{"users": [User(id=1), User(id=2)], "total": "2"}]


def test_nothing_is_made_of_what_is_behind_a_misfit(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(User, "reshape", made.append)
    for body in ('["x","y"]', '{"users":["x","y"]}'):
        made.clear()
        with pytest.raises(PowensSerializationError, match=r"no valid User at users\[0\]"):
            decode(body.encode(), UsersList)
        assert made == ["x"]


def test_only_the_first_misfit_of_a_mapping_is_kept() -> None:
    with pytest.raises(PowensSerializationError, match=r"at balances\[\*\]") as caught:
        decode(b'{"accounts":[],"balances":{"EUR":[0],"USD":[0]}}', BankAccountsList)
    cause = caught.value.__context__
    while isinstance(cause, BaseValidationError):
        assert len(cause.exceptions) == 1
        cause = cause.exceptions[0]
    assert type(cause) is MisfitError


@pytest.mark.parametrize("text", ["CancelledByUser", "cancelledByUser", "CANCELLEDBYUSER"])
def test_an_error_of_a_payment_has_its_code_whatever_its_capitals(
    text: str, decode_both_ways: Callable[[bytes, type], Any]
) -> None:
    payment = decode_both_ways(b'{"id": 1, "error_code": "%s"}' % text.encode(), Payment)
    assert payment.error_code is PaymentErrorCode.CANCELLED_BY_USER
    unknown = decode_both_ways(b'{"id": 1, "error_code": "new"}', Payment)
    assert unknown.error_code == "new"
