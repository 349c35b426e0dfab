# Generated from tests/_async/test_resources_transactions.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Transactions and accounts: what is refused, and answers of several shapes."""

from __future__ import annotations

import pytest

from powens import (
    Attachment,
    AttachmentsList,
    PowensBadRequestError,
    PowensConflictError,
    PowensErrorCode,
    PowensSerializationError,
    TransactionsList,
)

from .calls import perform

LISTS = ("transactions.list", "transactions.list_page")
SITE = "https://example.biapi.pro/2.0"


@pytest.mark.parametrize("method", LISTS)
def test_an_account_or_a_connection_but_not_both(method, client, wire):
    with pytest.raises(ValueError, match="give either account_id or connection_id"):
        perform(client, method, account_id=9, connection_id=5)
    assert wire.requests == []


@pytest.mark.parametrize("method", LISTS)
@pytest.mark.parametrize(
    "cursor",
    [
        *("", "20", "offset=x", "\x00"),
        f"{SITE}/users/me/accounts?cursor=a",
        f"{SITE}/users/me/transactions/../accounts?cursor=a",
        "https://evil.example/2.0/users/me/transactions?cursor=a",
        "http://example.biapi.pro/2.0/users/me/transactions?cursor=a",
        "https://example.biapi.pro:8443/2.0/users/me/transactions?cursor=a",
        "https://example.biapi.pro/1.0/users/me/transactions?cursor=a",
        "https://evil@example.biapi.pro/2.0/users/me/transactions?cursor=a",
    ],
)
def test_a_cursor_of_something_else_is_refused_and_the_token_stays_here(
    method, cursor, client, wire
):
    with pytest.raises(ValueError, match="cursor is not one that this listing gave"):
        perform(client, method, cursor=cursor)
    assert wire.requests == []


def test_list_page_is_the_answer_as_it_is(client, wire):
    links = {"self": None, "prev": None, "next": {"href": f"{SITE}/users/me/transactions?c=1"}}
    wire.answers({"transactions": [{"id": 1}, {"id": 1}], "_links": links, "first_date": None})
    page = client.transactions.list_page(limit=2)
    assert isinstance(page, TransactionsList)
    assert [row.id for row in page] == [1, 1]
    assert page.links.next.href == f"{SITE}/users/me/transactions?c=1"
    assert page.total is page.first_date is None
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"attachments": [{"id": 4, "name": "a.pdf"}]},
        {"id": 8, "value": -3, "attachments": [{"id": 4, "name": "a.pdf"}]},
        [{"id": 4, "name": "a.pdf"}],
        {"id": 4, "name": "a.pdf"},
    ],
    ids=["envelope", "transaction", "bare list", "single attachment"],
)
def test_attachments_come_in_several_shapes(answer, client, wire):
    wire.answers(answer)
    found = client.transactions.list_attachments(transaction_id=8)
    assert found == AttachmentsList(attachments=(Attachment(id=4, name="a.pdf"),))


@pytest.mark.parametrize("answer", [{"attachments": []}, {"attachments": None}, []])
def test_no_attachments(answer, client, wire):
    wire.answers(answer)
    assert len(client.transactions.list_attachments(transaction_id=8)) == 0


def test_what_has_no_attachments_at_all_is_refused(client, wire):
    wire.answers({"unexpected": 1})
    with pytest.raises(PowensSerializationError, match=r"^AttachmentsList: "):
        client.transactions.list_attachments(transaction_id=8)


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("connectors.list", {"country_codes": "fr"}),
        ("connectors.list", {"expand": "sources"}),
        ("transactions.list", {"expand": "account"}),
    ],
)
def test_a_filter_that_can_be_iterated_only_once_is_sent_all_the_same(method, more, client, wire):
    wire.answers({"connectors": [], "transactions": []})
    ((name, value),) = more.items()
    perform(client, method, **{name: iter([value])})
    assert f"{name}={value}" in wire.line


@pytest.mark.parametrize(
    ("status", "error"), [(409, PowensConflictError), (400, PowensBadRequestError)]
)
def test_a_user_without_any_account_is_told_by_the_code(status, error, client, wire):
    wire.answers({"code": "noAccount", "description": "No account"}, status=status)
    for method in ("accounts.list_all", "accounts.list", "transactions.list"):
        with pytest.raises(error) as refusal:
            perform(client, method)
        assert refusal.value.error_code is PowensErrorCode.NO_ACCOUNT


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("accounts.get", "account_id"),
        ("accounts.update", "account_id"),
        ("accounts.list", "connection_id"),
        ("transactions.get", "transaction_id"),
        ("transactions.list", "account_id"),
        ("connections.get", "connection_id"),
        ("connections.delete", "connection_id"),
        ("account_types.get", "type_id"),
    ],
)
@pytest.mark.parametrize("value", [True, 1.5, b"1", [1]])
def test_an_id_is_a_number_or_text(method, name, value, client, wire):
    with pytest.raises(TypeError, match="an id must be an int or a str"):
        perform(client, method, **{name: value})
    assert wire.requests == []
