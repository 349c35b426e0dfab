"""Models are built as the API would send them, and can be told to be otherwise."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import attrs
import pytest

from powens import (
    AccountTypeName,
    BankAccount,
    BankAccountsList,
    Connection,
    ConnectionResolution,
    ConnectionState,
    ConnectionSyncedEvent,
    Counterparty,
    CounterpartyType,
    Currency,
    Investment,
    Loan,
    PaymentInitRequest,
    PaymentInstruction,
    Transaction,
    TransactionsList,
    TransactionUpdateRequest,
    User,
    UserCreatedEvent,
    WebhookOAuthConfig,
    models,
)
from powens._codec import decode
from powens._model import Envelope, Model
from powens.testing import _values, body_of, build, build_many, page_of

MODELS = [
    model
    for model in (getattr(models, name) for name in models.__all__)
    if issubclass(model, Model) and attrs.has(model)
]
SENT = {model for model in MODELS if model.__name__.endswith("Request")} | {WebhookOAuthConfig}
ANSWERS = [model for model in MODELS if model not in SENT]
LISTS = [model for model in ANSWERS if issubclass(model, Envelope)]


def name_of(model):
    return model.__name__


def everything_in(value):
    """All models and plain values that a value holds, itself included."""
    yield value
    if attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from everything_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from everything_in(item)


def test_there_are_models_of_both_kinds():
    assert len(ANSWERS) > 140
    assert len(SENT) > 15


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_every_model_can_be_built_and_is_the_same_each_time(model):
    built = build(model)
    assert type(built) is model
    assert built == build(model)


@pytest.mark.parametrize("model", ANSWERS, ids=name_of)
def test_what_is_read_from_its_body_is_equal(model):
    built = build(model)
    assert decode(body_of(built), model) == built


@pytest.mark.parametrize("model", ANSWERS, ids=name_of)
def test_no_model_is_all_but_empty(model):
    if model is models.PaginationLinks:  # there is no other page
        assert build(model) == model()
        return
    fields = [getattr(build(model), field.name) for field in attrs.fields(model)]
    assert any(value not in (None, ()) for value in fields)


@pytest.mark.parametrize("model", ANSWERS, ids=name_of)
def test_amounts_and_moments_are_those_of_the_api(model):
    for value in everything_in(build(model)):
        assert not isinstance(value, float)
        assert not isinstance(value, dt.datetime) or value.tzinfo is None


@pytest.mark.parametrize("model", LISTS, ids=name_of)
def test_every_list_has_pages(model):
    page = page_of(model.item_model(), 2)
    assert type(page) is model
    assert len(page) == 2
    assert decode(body_of(page), model) == page
    assert body_of([*page]) == body_of(page)


def test_a_transaction_is_realistic():
    spent = build(Transaction)
    assert spent.value < 0
    assert spent.date == spent.rdate == dt.date(2026, 1, 30)
    assert (spent.wording, spent.original_wording) == (
        "Boulangerie Passerose",
        "CARTE BOULANGERIE PASSEROSE",
    )
    assert (spent.active, spent.coming, spent.deleted) == (True, False, None)
    assert spent.account is spent.categories is None  # only with `expand`


def test_an_account_is_realistic():
    account = build(BankAccount)
    assert account.type is AccountTypeName.CHECKING
    assert account.currency.id == "EUR"
    assert account.disabled is account.error is account.loan is None
    letters = account.iban[4:] + account.iban[:4]
    assert int("".join(str(int(letter, 36)) for letter in letters)) % 97 == 1


def test_a_connection_is_well_and_a_broken_one_says_what_to_do():
    assert build(Connection).resolution is ConnectionResolution.NOTHING
    broken = build(Connection, state="wrongpass")
    assert broken.state is ConnectionState.WRONGPASS
    assert broken.resolution.needs_user


def test_what_is_built_belongs_together():
    spent, account, connection = build(Transaction), build(BankAccount), build(Connection)
    assert spent.id_account == account.id
    assert account.id_connection == connection.id
    assert account.id_user == connection.id_user == build(User).id


def test_an_event_has_what_is_new_which_an_answer_has_not():
    (account,) = build(ConnectionSyncedEvent).connection.accounts
    assert account.transactions == (build(Transaction),)
    assert build(Connection).accounts is None


def test_several_differ():
    several = build_many(BankAccount, 3)
    assert several[0] == build(BankAccount)
    for name in ("id", "iban", "number", "balance", "last_update"):
        assert len({getattr(account, name) for account in several}) == 3
    dates = [spent.date for spent in build_many(Transaction, 30)]
    assert dates == sorted(set(dates), reverse=True)
    assert {spent.id_account for spent in build_many(Transaction, 3, id_account=9)} == {9}
    assert build_many(User, 0) == ()


@pytest.mark.parametrize(
    ("model", "name", "given", "held"),
    [
        (Transaction, "value", "-12.50", Decimal("-12.50")),
        (Transaction, "value", Decimal("-12.50"), Decimal("-12.50")),
        (Transaction, "value", -12, Decimal(-12)),
        (Transaction, "date", "2024-02-29", dt.date(2024, 2, 29)),
        (Transaction, "date", dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
        (Transaction, "type", "transfer", models.TransactionType.TRANSFER),
        (Transaction, "type", "of tomorrow", "of tomorrow"),
        (Transaction, "comment", None, None),
        (Transaction, "wording", None, None),
        (Transaction, "counterparty", {"label": "Ilse"}, Counterparty(label="Ilse")),
        (
            Transaction,
            "counterparty",
            {"type": CounterpartyType.DEBTOR},
            Counterparty(type=CounterpartyType.DEBTOR),
        ),
        (Transaction, "attachments", [], ()),
        (Transaction, "details", {"a": 1}, {"a": 1}),
        (BankAccount, "currency", "USD", Currency(id="USD")),
        (BankAccount, "disabled", True, True),
        (BankAccountsList, "balances", {"EUR": "1.50"}, {"EUR": Decimal("1.50")}),
        (TransactionsList, "links", {"next": None}, models.PaginationLinks()),
        (models.PaginationLinks, "self_", {"href": "/a"}, models.Link(href="/a")),
    ],
)
def test_a_field_can_be_given_in_either_form(model, name, given, held):
    built = build(model, **{name: given})
    found = getattr(built, name.removesuffix("_"))
    assert (found, type(found)) == (held, type(held))
    assert str(found) == str(held)  # digits are kept


def test_what_a_model_holds_is_kept_as_it_is():
    moment = dt.datetime(2026, 1, 30, 5, 10, 0, 7, tzinfo=dt.UTC)
    assert build(Transaction, last_update=moment).last_update == moment
    loan = build(Loan, rate="1.80")
    assert str(build(BankAccount, loan=loan).loan.rate) == "1.80"
    spent = build_many(Transaction, 2, value="-1.00")
    assert build(BankAccount, transactions=list(spent)).transactions == spent
    mixed = build(BankAccount, transactions=[{"id": 4}, spent[0]]).transactions
    assert mixed == (Transaction(id=4), spent[0])
    assert build(ConnectionSyncedEvent, user=build(UserCreatedEvent)).user.id_webhook_data == 1


@pytest.mark.parametrize(
    ("model", "fields", "text"),
    [
        (Transaction, {"vale": 1}, "Transaction has no field 'vale'"),
        (TransactionsList, {"_links": None}, "no field '_links'"),
        (Transaction, {"value": "s3cret"}, "Transaction: .* at value"),
        (Transaction, {"value": float("nan")}, "the API would not send such a Transaction"),
        (Transaction, {"date": "yesterday"}, "at date"),
        (Transaction, {"date": dt.datetime(2026, 1, 30, tzinfo=dt.UTC)}, "datetime is not date"),
        (Transaction, {"wording": dt.date(2026, 1, 30)}, "date is not str"),
        (Transaction, {"account": build(Connection)}, "Connection is not BankAccount"),
        (Transaction, {"wording": object()}, "a object cannot be sent"),
        (Transaction, {"id": None}, "at id"),
        (object, {}, "only models"),
        (build(Transaction), {}, "only models"),
        (Model, {}, "Model is the base of models"),
        (Envelope, {}, "Envelope is the base of models"),
    ],
)
def test_what_does_not_fit_is_a_type_error(model, fields, text):
    with pytest.raises(TypeError, match=text) as caught:
        build(model, **fields)
    assert "s3cret" not in str(caught.value)


def test_the_body_of_a_request_has_what_it_must_have():
    assert build(TransactionUpdateRequest) == TransactionUpdateRequest()
    assert build(TransactionUpdateRequest, comment="x") == TransactionUpdateRequest(comment="x")
    (instruction,) = build(PaymentInitRequest).instructions
    assert instruction == build(PaymentInstruction)


def test_another_spelling_of_a_field_is_left_out():
    built = build(Investment)
    assert built.details is not None
    assert built.detail is None


def test_a_body_is_json():
    assert json.loads(body_of(build(User)))["id"] == 1
    assert json.loads(body_of({"code": "wrongpass"})) == {"code": "wrongpass"}
    assert body_of([]) == b"[]"
    assert json.loads(body_of([{"id": 1}])) == [{"id": 1}]
    assert json.loads(body_of(build_many(Counterparty, 2)))[0]["label"]  # nothing lists these
    page = json.loads(body_of(build_many(Transaction, 2)))
    assert page.keys() == {"transactions", "total", "_links"}
    with pytest.raises(TypeError):
        body_of(object())


def test_a_page_says_what_it_lacks():
    assert len(page_of(User)) == 1
    assert page_of(User, []).items == ()
    assert page_of(User, iter([build(User, id=7)])).items == (build(User, id=7),)
    with pytest.raises(TypeError, match="the API lists no Counterparty"):
        page_of(Counterparty, 1)
    with pytest.raises(TypeError, match="each item must be a User"):
        page_of(User, [build(Connection)])
    for count in (-1, True):
        with pytest.raises((TypeError, ValueError), match="count"):
            page_of(User, count)


def test_no_value_is_for_a_field_that_there_is_not():
    names = {field.name for model in MODELS for field in attrs.fields(model)}
    assert _values.FIELDS.keys() | _values.EMPTY <= names
    for model, own in _values.OWN_FIELDS.items():
        assert own.keys() <= {field.name for field in attrs.fields(model)}
