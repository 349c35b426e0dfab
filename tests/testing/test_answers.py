"""Canned answers stand in for the API, on both surfaces."""

from __future__ import annotations

import inspect

import anyio
import httpx
import pytest

from powens import (
    AsyncPowensClient,
    BankAccount,
    Connection,
    PowensClient,
    PowensConnectionError,
    PowensNotFoundError,
    PowensServiceUnavailableError,
    RetryPolicy,
    Transaction,
    User,
)
from powens.testing import CannedAnswers, UnforeseenRequestError, build, build_many, in_turn

TOKEN = "t0ken-c4n4ry"


@pytest.fixture(params=[PowensClient, AsyncPowensClient])
def call(request):
    """Function that makes a client of either kind over answers, and calls a method of it."""

    def call(answers, method, **options):
        options = {"domain": "example", "access_token": TOKEN, **options}
        client = request.param(transport=answers, **options)

        async def run():
            result = method(client)
            result = result.to_list() if hasattr(result, "to_list") else result
            return await result if inspect.isawaitable(result) else result

        return anyio.run(run)

    return call


def me(client):
    return client.users.me()


@pytest.mark.parametrize(
    "answer",
    [
        build(User, id=7),
        {"id": 7},
        b'{"id": 7}',
        httpx.Response(200, json={"id": 7}),
        lambda _: {"id": 7},
        lambda request: build(User, id=len(request.url.path) - 6),
    ],
)
def test_an_answer_may_have_many_forms_and_serves_more_than_once(call, answer):
    answers = CannedAnswers({"GET /users/me": answer})
    assert [call(answers, me).id, call(answers, me).id] == [7, 7]
    assert answers.calls == ["GET /users/me"] * 2


def test_lists_get_their_envelope_and_end(call):
    answers = CannedAnswers(
        {
            "GET /users/me/accounts": build_many(BankAccount, 3),
            "GET /users/me/transactions": [*build_many(Transaction, 7)],
            "GET /users/me/connections": [],
        }
    )
    assert tuple(call(answers, lambda client: client.accounts.list())) == build_many(BankAccount, 3)
    found = call(answers, lambda client: client.transactions.list())
    assert tuple(found) == build_many(Transaction, 7)
    assert call(answers, lambda client: client.connections.list()) == []
    assert len(answers.requests) == 3


def test_errors_are_those_of_the_api(call):
    body = {"code": "notFound", "description": "no such user"}
    answers = CannedAnswers({"GET /users/me": httpx.Response(404, json=body)})
    with pytest.raises(PowensNotFoundError) as caught:
        call(answers, me)
    assert caught.value.error_code == "notFound"
    assert caught.value.error_description == "no such user"


def test_answers_can_change(call):
    answers = CannedAnswers({"GET /users/me": in_turn(503, httpx.ConnectError("no"), {"id": 7})})
    policy = RetryPolicy(base_delay=0.001, jitter=0)
    assert call(answers, me, retry_policy=policy).id == 7
    assert call(answers, me).id == 7
    assert len(answers.requests) == 4
    answers.add("GET /users/me", 503)
    with pytest.raises(PowensServiceUnavailableError):
        call(answers, me, retry_policy=RetryPolicy(max_attempts=1))


def test_a_failure_of_the_network_is_one(call):
    failure = httpx.ConnectError("no")
    answers = CannedAnswers({"GET /users/me": failure})
    with pytest.raises(PowensConnectionError) as caught:
        call(answers, me, retry_policy=RetryPolicy(max_attempts=1))
    assert caught.value.__cause__ is failure


@pytest.mark.parametrize("base_url", ["https://example.biapi.pro/2.0", "https://example.test"])
def test_paths_are_those_below_the_base_url(call, base_url):
    answers = CannedAnswers({"GET /users/me": {"id": 7}})
    assert call(answers, me, domain=None, base_url=base_url).id == 7


def test_a_segment_may_be_any(call):
    answers = CannedAnswers(
        {
            "GET /users/{id}/accounts/{id}": build(BankAccount, id=1),
            "GET /users/me/accounts/2": build(BankAccount, id=2),
        }
    )
    assert call(answers, lambda client: client.accounts.get(account_id=9)).id == 1
    assert call(answers, lambda client: client.accounts.get(account_id=2)).id == 2
    with pytest.raises(UnforeseenRequestError):
        call(answers, me)


def test_what_was_sent_is_there_to_look_at(call):
    answers = CannedAnswers({"POST /users/me/transactions/{id}": build(Transaction)})
    call(answers, lambda client: client.transactions.update(transaction_id=3, comment="rent"))
    (request,) = answers.requests
    assert request.content == b'{"comment":"rent"}'
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert answers.calls == ["POST /users/me/transactions/3"]
    assert repr(answers) == "<CannedAnswers 1 routes, 1 requests>"


def test_what_was_not_foreseen_says_so_once_and_without_secrets(call):
    answers = CannedAnswers({"GET /users/me": {"id": 7}})
    with pytest.raises(UnforeseenRequestError) as caught:
        call(answers, lambda client: client.accounts.list(include_all=True))
    assert str(caught.value) == (
        "no answer to GET /users/me/accounts; there are answers to: GET /users/me"
    )
    assert TOKEN not in repr(caught.value)
    assert answers.calls == ["GET /users/me/accounts"]
    with pytest.raises(AssertionError, match="answers to: none"):
        call(CannedAnswers(), me)


@pytest.mark.parametrize(
    "route", ["/users", "get /users", "GET users", "GET /users?all", "GET", ""]
)
def test_a_route_is_a_method_and_a_path(route):
    with pytest.raises(ValueError, match="a route is a method and a path"):
        CannedAnswers({route: 200})


def test_there_must_be_an_answer():
    with pytest.raises(ValueError, match="at least one answer"):
        in_turn()


def test_what_is_no_answer_is_a_type_error(call):
    with pytest.raises(TypeError, match="cannot be sent"):
        call(CannedAnswers({"GET /users/me": object()}), me)


def test_a_model_that_is_not_that_of_the_call_is_read_as_the_api_would_be(call):
    answers = CannedAnswers({"GET /users/me": build(Connection, id=4)})
    assert call(answers, me) == User(id=4)
