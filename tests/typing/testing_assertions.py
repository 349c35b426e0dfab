"""What a type checker makes of `powens.testing`; checked, never run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_type

import httpx

from powens import (
    AsyncPowensClient,
    BankAccount,
    Envelope,
    PowensClient,
    Transaction,
    UserDeletedEvent,
)
from powens.testing import (
    Answer,
    CannedAnswers,
    body_of,
    build,
    build_many,
    in_turn,
    page_of,
    sign_webhook,
)


def builders() -> Iterator[object]:
    """A builder gives what it was asked for."""
    yield assert_type(build(Transaction, value="-12.50"), Transaction)
    yield assert_type(build_many(BankAccount, 3), tuple[BankAccount, ...])
    yield assert_type(page_of(Transaction, build_many(Transaction, 3)), Envelope[Transaction])
    yield assert_type(body_of(build(Transaction)), bytes)
    yield build(dict)  # type: ignore[type-var]
    yield build_many(Transaction, "3")  # type: ignore[arg-type]


def answer(request: httpx.Request) -> Answer:
    """An answer may be worked out."""
    return {"id": len(request.url.path)}


def canned_answers() -> Iterator[object]:
    """Answers are a transport of either client."""
    answers = CannedAnswers(
        {
            "GET /users/me": {"id": 7},
            "GET /users/me/accounts": build_many(BankAccount, 3),
            "GET /users/me/accounts/{id}": in_turn(503, build(BankAccount)),
            "GET /users/me/connections": [],
            "GET /users/me/transactions": [build(Transaction)],
            "GET /users/{id}": answer,
            "GET /users": httpx.ConnectError("no"),
        }
    )
    yield PowensClient(domain="example", transport=answers)
    yield AsyncPowensClient(domain="example", transport=answers)
    yield assert_type(answers.requests, list[httpx.Request])
    yield assert_type(answers.calls, list[str])


def webhooks() -> Iterator[object]:
    """A webhook is headers and a body."""
    sent = sign_webhook("secret", UserDeletedEvent, path="/gone")
    yield assert_type(sent.headers, Mapping[str, str])
    yield assert_type(sent.body, bytes)
