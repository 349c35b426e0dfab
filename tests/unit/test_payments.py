"""Payments as a caller writes them: accounts, instructions, and the bodies they are sent in."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from powens._codec import encode, parse_json
from powens._unset import UNSET
from powens.models import (
    ExecutionDate,
    ExecutionFrequency,
    PaymentAccount,
    PaymentAccountSchemeName,
    PaymentCancelRequest,
    PaymentIdentity,
    PaymentIdentityKind,
    PaymentIdentitySchemeName,
    PaymentInitRequest,
    PaymentInstruction,
    PaymentLinkRequest,
    PaymentSubmitFieldValuesRequest,
    PaymentTokenRequest,
    PaymentValidateRequest,
)

IBAN = "FR7630006000011234567890189"
BAKERY = PaymentAccount.from_iban(IBAN, label="Bakery")
COMPANY = PaymentIdentity(kind=PaymentIdentityKind.CORPORATE, org_name="Bakery")
SOME_DAY = dt.date(2026, 4, 1)

# From the registry of the standard: each country has a length and letters of its own.
IBANS = [
    "BE68539007547034",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "MT84MALT011000012345MTLCAST001S",
    "NO9386011117947",
]

UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
countries = st.text(UPPER, min_size=2, max_size=2)
bbans = st.text(DIGITS + UPPER, min_size=11, max_size=30)


def with_check_digits(country: str, bban: str) -> str:
    """Make an IBAN the way a bank does."""
    digits = "".join(str(int(character, 36)) for character in f"{bban}{country}00")
    return f"{country}{98 - int(digits) % 97:02}{bban}"


ibans = st.builds(with_check_digits, countries, bbans)


# --- Accounts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("iban", IBANS)
def test_an_account_is_named_by_its_iban(iban: str) -> None:
    account = PaymentAccount.from_iban(iban, label="Bakery", bic="BNPAFRPP")
    assert account == PaymentAccount(
        scheme_name=PaymentAccountSchemeName.IBAN,
        identification=iban,
        label="Bakery",
        issuer="BNPAFRPP",
    )
    assert iban not in repr(account)
    assert "BNPAFRPP" not in repr(account)


@given(iban=ibans, label=st.text())
def test_every_iban_with_its_check_digits_is_taken(iban: str, label: str) -> None:
    account = PaymentAccount.from_iban(iban, label=label)
    assert (account.identification, account.label, account.issuer) == (iban, label, None)


@given(iban=ibans, data=st.data())
def test_blanks_and_case_do_not_matter(iban: str, data: st.DataObject) -> None:
    blanks = st.sampled_from(["", " ", "\u00a0", "\t", "\n"])
    written = "".join(
        data.draw(st.sampled_from([character, character.lower()])) + data.draw(blanks)
        for character in f" {iban}"
    )
    account = PaymentAccount.from_iban(written, label="x")
    assert account.identification == iban


@given(iban=ibans, data=st.data())
def test_a_wrong_digit_is_noticed(iban: str, data: st.DataObject) -> None:
    places = [place for place, character in enumerate(iban) if character in DIGITS]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from(DIGITS.replace(iban[place], "")))
    with pytest.raises(ValueError, match="no valid IBAN"):
        PaymentAccount.from_iban(f"{iban[:place]}{other}{iban[place + 1 :]}", label="x")


@given(iban=ibans, data=st.data())
def test_two_digits_in_each_others_place_are_noticed(iban: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(2, len(iban) - 2))
    first, second = iban[place], iban[place + 1]
    assume(first != second and first in DIGITS and second in DIGITS)
    with pytest.raises(ValueError, match="no valid IBAN"):
        PaymentAccount.from_iban(f"{iban[:place]}{second}{first}{iban[place + 2 :]}", label="x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "FR",
        IBAN[:-1],
        f"{IBAN}1",
        IBAN[2:],
        "30006000011234567890189",
        "FR76-3000-6000-0112-3456-7890-189",
        f"IBAN {IBAN}",
        IBAN.replace("3", "\u0663"),
        IBAN.replace("FR", "\u0424R"),
        f"{IBAN}\x00",
        with_check_digits("FR", "1" * 10),
        with_check_digits("FR", "1" * 31),
        "F176" + IBAN[4:],
        "FRA6" + IBAN[4:],
    ],
)
def test_what_is_no_iban_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="no valid IBAN") as caught:
        PaymentAccount.from_iban(text, label="Bakery")
    assert str(caught.value) == "this is no valid IBAN: compare it with its source"


@pytest.mark.parametrize(
    ("sort_code", "number"),
    [
        ("200000", "55779911"),
        ("20-00-00", "55779911"),
        ("20 00 00", "5577 9911"),
        (" 20-00-00 ", "\t55779911\n"),
    ],
)
def test_an_account_is_named_by_its_sort_code(sort_code: str, number: str) -> None:
    account = PaymentAccount.from_sort_code(sort_code, number, label="Bakery")
    assert account == PaymentAccount(
        scheme_name=PaymentAccountSchemeName.SORT_CODE_ACCOUNT_NUMBER,
        identification="20000055779911",
        label="Bakery",
    )
    assert "55779911" not in repr(account)


@given(sort_code=st.text(DIGITS, max_size=16), number=st.text(DIGITS, max_size=16))
def test_a_sort_code_and_a_number_have_their_own_lengths(sort_code: str, number: str) -> None:
    assume((len(sort_code), len(number)) != (6, 8))
    with pytest.raises(ValueError, match="a sort code has six digits"):
        PaymentAccount.from_sort_code(sort_code, number, label="Bakery")


@pytest.mark.parametrize(
    ("sort_code", "number"),
    [
        ("20000", "055779911"),
        ("2000005", "5779911"),
        ("20.00.00", "55779911"),
        ("20000O", "55779911"),
        ("\u0662\u0660\u0660\u0660\u0660\u0660", "55779911"),
        ("+20000", "55779911"),
    ],
)
def test_what_is_no_sort_code_is_refused_and_not_repeated(sort_code: str, number: str) -> None:
    with pytest.raises(ValueError, match="a sort code has six digits") as caught:
        PaymentAccount.from_sort_code(sort_code, number, label="Bakery")
    assert number not in str(caught.value)


# --- Instructions --------------------------------------------------------------------------------


def once(amount: Any = 1, **more: Any) -> PaymentInstruction:
    return PaymentInstruction.to(BAKERY, amount=amount, label="Order 42", **more)


def again(amount: Any = 1, **more: Any) -> PaymentInstruction:
    """A periodic instruction, of every month unless told otherwise."""
    rhythm = {"frequency": ExecutionFrequency.MONTHLY, "start_date": SOME_DAY}
    return PaymentInstruction.periodic(BAKERY, amount=amount, label="Rent", **{**rhythm, **more})


MAKERS = [once, again]


@pytest.mark.parametrize(
    ("options", "when", "day"),
    [
        ({}, ExecutionDate.FIRST_OPEN_DAY, None),
        ({"instant": False, "on": None}, ExecutionDate.FIRST_OPEN_DAY, None),
        ({"instant": True}, ExecutionDate.INSTANT, None),
        ({"on": SOME_DAY}, ExecutionDate.DEFERRED, SOME_DAY),
        ({"instant": False, "on": SOME_DAY}, ExecutionDate.DEFERRED, SOME_DAY),
    ],
)
def test_an_account_is_paid_once(
    options: dict[str, Any], when: ExecutionDate, day: dt.date | None
) -> None:
    assert once("12.50", **options) == PaymentInstruction(
        beneficiary=BAKERY,
        amount=Decimal("12.50"),
        currency="EUR",
        label="Order 42",
        execution_date_type=when,
        execution_date=day,
    )


def test_a_payment_is_either_instant_or_on_a_day() -> None:
    with pytest.raises(ValueError, match="either instant or on"):
        once(instant=True, on=SOME_DAY)


def test_a_time_is_taken_as_its_day() -> None:
    shop = PaymentAccount.from_iban("FR7630006000011234567890189", label="Shop")
    when = dt.datetime.fromisoformat("2026-03-01 12:00:00")
    order = PaymentInstruction.to(shop, amount=1, label="Later", on=when)
    assert b'"execution_date":"2026-03-01"' in encode(order)


@pytest.mark.parametrize("end", [None, SOME_DAY, SOME_DAY + dt.timedelta(1)])
def test_an_account_is_paid_again_and_again(end: dt.date | None) -> None:
    assert again("700.00", frequency="every full moon", end_date=end) == PaymentInstruction(
        beneficiary=BAKERY,
        amount=Decimal("700.00"),
        currency="EUR",
        label="Rent",
        execution_date_type=ExecutionDate.PERIODIC,
        frequency="every full moon",
        start_date=SOME_DAY,
        end_date=end,
    )


@given(start=st.dates(), end=st.dates())
def test_an_end_is_never_before_its_start(start: dt.date, end: dt.date) -> None:
    if end >= start:
        instruction = again(start_date=start, end_date=end)
        assert (instruction.start_date, instruction.end_date) == (start, end)
    else:
        with pytest.raises(ValueError, match="end_date is before start_date"):
            again(start_date=start, end_date=end)


@pytest.mark.parametrize("make", MAKERS)
def test_the_rest_of_an_instruction_is_taken_as_it_is(make: Any) -> None:
    instruction = make(beneficiary_identity=COMPANY, reference_id="e2e-1", currency="GBP", amount=3)
    assert instruction.beneficiary_identity is COMPANY
    assert (instruction.reference_id, instruction.currency) == ("e2e-1", "GBP")


positive = st.decimals(min_value="1E-30", max_value="1E30", allow_nan=False)


@given(amount=positive)
def test_an_amount_keeps_its_digits(amount: Decimal) -> None:
    for make in MAKERS:
        for written in (amount, str(amount), f"{amount:f}"):
            taken = make(written).amount
            assert taken == amount
            assert taken.as_tuple() == Decimal(written).as_tuple()


@given(amount=st.integers(1, 10**30))
def test_an_amount_may_be_a_whole_number(amount: int) -> None:
    for make in MAKERS:
        assert make(amount).amount == amount
        assert type(make(amount).amount) is Decimal


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("amount", [0, -1, "0", "0.00", "-0.0", "-12.50", Decimal("-1E-30")])
def test_an_amount_is_above_zero(amount: Any, make: Any) -> None:
    with pytest.raises(ValueError, match="must be above zero"):
        make(amount)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(
    "amount",
    [
        *("NaN", "sNaN", "Infinity", "-Infinity", "1E+400", "1E-400"),
        *(Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+400")),
        *("", " ", "twelve", "12,50", "1 000", "12.50 EUR", "0x10", "1e"),
    ],
)
def test_what_is_no_amount_is_refused(amount: Any, make: Any) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        make(amount)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("amount", [12.5, 12.0, float("nan"), True, None, b"12", [12], 1j])
def test_what_is_not_exact_is_refused(amount: Any, make: Any) -> None:
    with pytest.raises(TypeError, match="must be a Decimal, an int or a str"):
        make(amount)


# --- What is sent --------------------------------------------------------------------------------


def nulls(value: object, path: str = "") -> Iterator[str]:
    """The paths of all nulls in JSON data."""
    match value:
        case None:
            yield path
        case dict():
            for name, item in value.items():
                yield from nulls(item, f"{path}.{name}")
        case list():
            for item in value:
                yield from nulls(item, f"{path}[]")
        case _:
            pass


def texts(model: type) -> dict[str, st.SearchStrategy[Any]]:
    """Some or none of the texts of a model."""
    names = [field.name for field in attrs.fields(model) if "str" in str(field.type)]
    return {name: st.none() | st.text(max_size=9) for name in names}


accounts = st.builds(PaymentAccount, **texts(PaymentAccount))
identities = st.builds(
    PaymentIdentity,
    **texts(PaymentIdentity),
    birth_date=st.none() | st.dates(),
    pep=st.none() | st.booleans(),
)
singles = st.builds(
    PaymentInstruction.to,
    accounts,
    amount=positive,
    label=st.text(),
    instant=st.booleans(),
    beneficiary_identity=st.none() | identities,
    reference_id=st.none() | st.text(),
)
deferred = st.builds(
    PaymentInstruction.to, accounts, amount=positive, label=st.text(), on=st.dates()
)
periodic = st.builds(
    PaymentInstruction.periodic,
    accounts,
    amount=positive,
    label=st.text(),
    frequency=st.sampled_from(ExecutionFrequency) | st.text(),
    start_date=st.just(SOME_DAY),
    end_date=st.none() | st.dates(min_value=SOME_DAY),
)
requests = st.builds(
    PaymentInitRequest,
    client_redirect_uri=st.text(),
    client_state=st.just(UNSET) | st.text(),
    instructions=st.lists(singles | deferred | periodic, min_size=1, max_size=3),
    payer=st.just(UNSET) | accounts,
    payer_identity=st.just(UNSET) | identities,
)


@given(request=requests)
def test_what_was_left_out_of_a_payment_is_not_sent(request: PaymentInitRequest) -> None:
    assert list(nulls(json.loads(encode(request)))) == []


@given(request=requests)
def test_the_bank_gets_the_very_amount(request: PaymentInitRequest) -> None:
    sent = parse_json(encode(request))["instructions"]
    amounts = [Decimal(instruction["amount"]) for instruction in sent]
    assert amounts == [instruction.amount for instruction in request.instructions]


@pytest.mark.parametrize(
    ("amount", "sent"),
    [
        ("12.50", b"12.5"),
        ("0.10", b"0.1"),
        (Decimal("700.00"), b"700"),
        (10, b"10"),
        ("9007199254740993", b"9007199254740993"),
        # No float holds these: they go as text.
        ("1234567890123456.78", b'"1234567890123456.78"'),
        ("0.1234567890123456789", b'"0.1234567890123456789"'),
    ],
)
def test_how_an_amount_is_spelled(amount: Any, sent: bytes) -> None:
    assert b'"amount":%s,' % sent in encode(once(amount))


def test_an_instruction_is_sent_with_what_it_needs_and_no_more() -> None:
    account = {"scheme_name": "iban", "identification": IBAN, "label": "Bakery"}
    assert json.loads(encode(once("12.50", on=SOME_DAY))) == {
        "amount": 12.5,
        "currency": "EUR",
        "label": "Order 42",
        "execution_date_type": "deferred",
        "execution_date": "2026-04-01",
        "beneficiary": account,
    }
    assert json.loads(encode(again(beneficiary_identity=COMPANY))) == {
        "amount": 1,
        "currency": "EUR",
        "label": "Rent",
        "execution_date_type": "periodic",
        "frequency": "monthly",
        "start_date": "2026-04-01",
        "beneficiary": account,
        "beneficiary_identity": {"kind": "corporate", "org_name": "Bakery"},
    }


def test_null_is_sent_where_it_was_asked_for() -> None:
    request = PaymentInitRequest(client_redirect_uri="x", instructions=(), payer=None)
    assert json.loads(encode(request)) == {
        "client_redirect_uri": "x",
        "instructions": [],
        "payer": None,
    }
    cancel = PaymentCancelRequest(client_redirect_uri="x")
    assert json.loads(encode(cancel)) == {"cancel": True, "client_redirect_uri": "x"}


def test_one_scope_or_several() -> None:
    assert encode(PaymentTokenRequest(scope="payments:new")) == b'{"scope":"payments:new"}'
    assert encode(PaymentTokenRequest(scope=["a", "b"])) == b'{"scope":["a","b"]}'


LINK: dict[str, Any] = {
    "amount": Decimal("12.50"),
    "currency": "EUR",
    "label": "Order 42",
    "execution_date_type": ExecutionDate.INSTANT,
    "beneficiary": BAKERY,
    "beneficiary_identity": COMPANY,
    "payer": None,
    "payer_identity": PaymentIdentity(first_name="Camille", last_name="Durand"),
    "redirect": False,
}


def test_a_payment_link_says_that_its_payer_is_not_known() -> None:
    sent = json.loads(encode(PaymentLinkRequest(**LINK)))
    assert sent.keys() == LINK.keys()
    assert list(nulls(sent)) == [".payer"]
    known = json.loads(encode(PaymentLinkRequest(**LINK | {"payer": BAKERY})))
    assert list(nulls(known)) == []
    assert known["payer"]["identification"] == IBAN


@pytest.mark.parametrize("name", LINK)
def test_a_payment_link_lacks_nothing(name: str) -> None:
    lacking = {key: value for key, value in LINK.items() if key != name}
    with pytest.raises(TypeError, match=name):
        PaymentLinkRequest(**lacking)


@pytest.mark.parametrize(
    "request_body",
    [
        PaymentInitRequest(
            client_redirect_uri="x",
            client_state="c4n4ry",
            instructions=[PaymentInstruction(beneficiary=PaymentAccount(identification="c4n4ry"))],
            payer=PaymentAccount(identification="c4n4ry", issuer="c4n4ry"),
            payer_identity=PaymentIdentity(
                scheme_name=PaymentIdentitySchemeName.PASSPORT_NUMBER,
                identification="c4n4ry",
                email="c4n4ry",
            ),
        ),
        PaymentValidateRequest(
            validate_mechanism="webauth", webview_url="x", fields={"login": "c4n4ry"}
        ),
        PaymentSubmitFieldValuesRequest(fields={"otp": "c4n4ry"}),
        PaymentCancelRequest(client_redirect_uri="x", client_state="c4n4ry"),
        PaymentLinkRequest(
            **LINK | {"redirect_state": "c4n4ry", "payer": PaymentAccount(bic="c4n4ry")}
        ),
    ],
    ids=lambda body: type(body).__name__,
)
def test_a_body_does_not_show_what_is_secret(request_body: object) -> None:
    assert b"c4n4ry" in encode(request_body)
    assert "c4n4ry" not in repr(request_body)
