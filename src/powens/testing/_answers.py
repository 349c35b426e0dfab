"""Answers that are known beforehand, in place of the API."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import httpx

from .._model import Model
from ._builders import body_of

Answer: TypeAlias = (
    Model
    | Sequence[Model]
    | Mapping[str, object]
    | Sequence[Mapping[str, object]]
    | bytes
    | int
    | BaseException
    | httpx.Response
    | Callable[[httpx.Request], "Answer"]
)
"""What a request is answered with.

A model, a list of models (which gets its envelope), plain data, the bytes of a body, a status
alone, an exception to raise, a whole response, or a function of the request that gives one of
these.
"""

_ROUTE: Final = re.compile(r"(?P<method>[A-Z]+) (?P<path>/[^\s?#]*)", re.ASCII)
_VERSION: Final = re.compile(r"/\d+\.\d+(?=/)", re.ASCII)
_ANY: Final = re.compile(r"\{\w+\}", re.ASCII)


class UnforeseenRequestError(AssertionError):
    """A request for which there is no answer. No client retries or wraps it."""


class InTurn:
    """Answers of which each serves once, and the last for ever. `in_turn` makes it."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers: tuple[Answer, ...] = tuple(answers)


def in_turn(*answers: Answer) -> InTurn:
    """Answer with one after the other: the last goes on for ever.

    Args:
        answers: The answers, such as `503` and then what there is after it.

    Returns:
        What `CannedAnswers` takes in place of an answer.

    Raises:
        ValueError: There is no answer.
    """
    if not answers:
        raise ValueError("give at least one answer")
    return InTurn(answers)


class CannedAnswers(httpx.MockTransport):
    """Answers in place of the API: the `transport` of a client of either kind.

        answers = CannedAnswers({
            "GET /users/me/accounts": build_many(BankAccount, 3),
            "GET /users/me/accounts/{id}": build(BankAccount),
            "POST /auth/init": in_turn(503, build(AuthToken)),
        })
        client = PowensClient(domain="example", access_token="...", transport=answers)

    Nothing is sent anywhere. A path is the one below the base URL, without a query; `{id}` stands
    for any one segment, and a path without such wins.

    Args:
        answers: What to answer, by method and path.

    Raises:
        ValueError: A key is no method and path.
    """

    def __init__(self, answers: Mapping[str, Answer | InTurn] | None = None) -> None:
        super().__init__(self._respond)
        self._lock = threading.Lock()
        self._answers: dict[str, InTurn] = {}
        self._counts: dict[str, int] = {}
        self._requests: list[httpx.Request] = []
        for route, answer in (answers or {}).items():
            self.add(route, answer)

    def __repr__(self) -> str:
        return f"<CannedAnswers {len(self._answers)} routes, {len(self._requests)} requests>"

    def add(self, route: str, answer: Answer | InTurn) -> None:
        """Set the answer to a request from now on.

        Args:
            route: Method and path, such as `GET /users/me/accounts`.
            answer: What to answer, or several `in_turn`.

        Raises:
            ValueError: The route is no method and path.
        """
        if not _ROUTE.fullmatch(route):
            raise ValueError('a route is a method and a path, such as "GET /users/me/accounts"')
        with self._lock:
            self._answers[route] = answer if isinstance(answer, InTurn) else InTurn([answer])
            self._counts[route] = 0

    @property
    def requests(self) -> list[httpx.Request]:
        """The requests so far, the unforeseen ones included."""
        with self._lock:
            return [*self._requests]

    @property
    def calls(self) -> list[str]:
        """The methods and paths of the requests so far, written as routes are."""
        return [_call(request) for request in self.requests]

    def _respond(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self._requests.append(request)
            answer = self._next(_call(request))
        return _response(request, answer)

    def _next(self, call: str) -> Answer:
        for route in (call, *self._answers):
            if route in self._answers and _matches(route, call):
                answers = self._answers[route].answers
                turn = min(self._counts[route], len(answers) - 1)
                self._counts[route] += 1
                return answers[turn]
        known = ", ".join(self._answers) or "none"
        raise UnforeseenRequestError(f"no answer to {call}; there are answers to: {known}")


def _call(request: httpx.Request) -> str:
    path = request.url.raw_path.partition(b"?")[0].decode()
    return f"{request.method} {_VERSION.sub('', path, count=1)}"


def _matches(route: str, call: str) -> bool:
    pattern = "[^/]+".join(map(re.escape, _ANY.split(route)))
    return re.fullmatch(pattern, call) is not None


def _response(request: httpx.Request, answer: Answer) -> httpx.Response:
    match answer:
        case BaseException():
            raise answer
        case httpx.Response():
            # Afresh each time, as a response can be read once.
            return httpx.Response(answer.status_code, headers=answer.headers, stream=answer.stream)
        case int():
            return httpx.Response(answer)
        case bytes():
            return httpx.Response(200, content=answer)
        case _ if callable(answer):
            return _response(request, answer(request))
        case _:
            return httpx.Response(
                200, content=body_of(answer), headers={"content-type": "application/json"}
            )
