"""Finds secrets where none may be: what to hide in calls and answers, and where to look for it."""

from __future__ import annotations

import enum
import gzip
import json
import logging
import pickle
import traceback
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import attrs
import pytest

from powens import (
    PowensAuthError,
    PowensBadRequestError,
    PowensCircuitOpenError,
    PowensConflictError,
    PowensConnectionError,
    PowensError,
    PowensHTTPError,
    PowensNotFoundError,
    PowensRateLimitError,
    PowensSerializationError,
    PowensServerError,
    PowensServiceUnavailableError,
    PowensSignatureError,
    PowensTimeoutError,
)
from powens.models import Envelope, Page

from .peer import Visit, head

MARK = "c4n4ry"
# In everything that is secret: a mark that no encoding of ours changes.
SECRET = f"{MARK}Secret"
# What leaves no doubt that it is a secret, wherever in an answer it stands.
SECRET_FIELDS = {
    *("token", "auth_token", "access_token", "secret", "secret_key", "client_secret"),
    *("iban", "card", "webid", "number", "login", "password", "email", "phone", "identification"),
    *("public_key", "n", "url", "validate_uri", "redirect_uri", "client_state", "redirect_state"),
}
_SHOWN_NUMBERS = ("Invoice", "CreditNote", "Document", "MarketOrder")
_PATIENCE = 0.03


# --- What goes in --------------------------------------------------------------------------------


def hide_in(value: Any, *, but: str = "") -> Any:
    """Put a secret in the place of every text in an argument, but for what goes into the path."""
    match value:
        case enum.Enum() | bool() | int():
            return value
        case str() if value in but or value.startswith("offset="):
            return value
        case str() if "://" in value or value.startswith("/"):
            return f"{value}/{SECRET}"
        case str():
            return SECRET
        case bytes():
            return SECRET.encode()
        case Mapping():
            return {key: hide_in(item, but=but) for key, item in value.items()}
        case list() | tuple() | set():
            return [hide_in(item, but=but) for item in value]
        case _ if attrs.has(type(value)):
            fields = attrs.fields(type(value))
            texts = {f.alias: getattr(value, f.name) for f in fields if f.name not in _KEPT}
            hidden = {name: hide_in(item, but=but) for name, item in texts.items()}
            return attrs.evolve(value, **hidden)
        case _:
            return value


# One of a fixed set of values.
_KEPT = ("media_type", "currency")


def hide_in_answer(answer: object, model: type) -> object:
    """Put a secret in every field of an answer that is a secret by its name."""
    if not isinstance(answer, dict) or not attrs.has(model):
        return answer
    if issubclass(model, Envelope):
        name, row_model = model.items_field(), model.item_model()
        rows = [hide_in_answer(row, row_model) for row in answer.get(name, [])]
        links = {"next": {"href": f"?limit=1&after={SECRET}"}}
        has_links = any(field.name == "_links" for field in attrs.fields(model))
        return answer | {name: rows} | ({"_links": links} if has_links else {})
    names = SECRET_FIELDS & set(_texts_of(model))
    if model.__name__ in _SHOWN_NUMBERS:
        names -= {"number"}
    if model.__name__ == "AuthCode":
        names |= {"code"}
    return answer | dict.fromkeys(names, SECRET)


def _texts_of(model: type) -> list[str]:
    fields = attrs.fields(model)
    return [field.name for field in fields if field.type in {"str", "str | None"}]


# --- What goes wrong -----------------------------------------------------------------------------


class Failure(NamedTuple):
    """One way in which all calls fail.

    Attributes:
        name: What happens.
        script: What the server does.
        raises: What a call ends with; a type that is no exception where it may succeed as well.
        options: What the client is made with.
        view: What the view is taken with that makes the call.
        is_closed: Whether the client is closed before the call.
        echoes: Whether the answer holds what was sent.
        slowly: Whether msgspec is missing.
    """

    name: str
    script: Callable[[Visit], None]
    raises: tuple[type, ...]
    options: dict[str, Any] = {}  # noqa: RUF012 - nobody adds to it
    view: dict[str, Any] = {}  # noqa: RUF012
    is_closed: bool = False
    echoes: bool = False
    slowly: bool = False

    @property
    def number(self) -> int:
        """Its place, for sharing out the methods."""
        return FAILURES.index(self)


class Open:
    """A circuit breaker that allows nothing."""

    def allow_request(self) -> bool:
        """Refuse."""
        return False

    def record_success(self) -> None:
        """Never called."""

    def record_failure(self) -> None:
        """Never called."""


def sent(visit: Visit) -> str:
    """Everything that the server was told."""
    text = "\n".join([visit.line, *visit.headers.values(), visit.body.decode("latin-1")])
    assert MARK in text, "nothing secret was sent"
    return text


def refuse(status: int, *, echoes: bool) -> Callable[[Visit], None]:
    """Answer with an error, and with all that was sent."""

    def script(visit: Visit) -> None:
        told = sent(visit)
        if not echoes:
            visit.answer({"code": "invalidValue", "request_id": 7}, status)
            return
        fields = ("code", "description", "message", "request_id", "error", told)
        body = dict.fromkeys(fields, visit.token or SECRET) | {"description": told, "all": [told]}
        visit.answer(
            body,
            status,
            set_cookie=f"session={SECRET}",
            location=f"https://elsewhere.example/?token={SECRET}",
            www_authenticate=f'Bearer realm="{SECRET}"',
            retry_after=0,
        )

    return script


def answer(content: object, **headers: object) -> Callable[[Visit], None]:
    """Answer with a body that is no good."""

    def script(visit: Visit) -> None:
        sent(visit)
        visit.answer(content, **headers)

    return script


def send(data: bytes, *, then: Callable[[Visit], None] = Visit.close) -> Callable[[Visit], None]:
    """Send bytes, and no more."""

    def script(visit: Visit) -> None:
        sent(visit)
        visit.send(data)
        then(visit)

    return script


def drip(visit: Visit) -> None:
    """Begin an answer, and never end it."""
    visit.send(head(set_cookie=SECRET, content_length=10_000))
    visit.drip(SECRET.encode() * 100, _PATIENCE / 4)


def key_at(address: str) -> bytes:
    """Give a signed answer whose key is at an address."""
    parts = ({"alg": "RS256", "key_url": address, "kid": SECRET}, {"response_payload": SECRET})
    return b".".join([*map(_base64, map(json.dumps, parts)), _base64(SECRET)])


def _base64(text: str) -> bytes:
    return urlsafe_b64encode(text.encode()).rstrip(b"=")


_STATUSES = {
    302: PowensHTTPError,
    400: PowensBadRequestError,
    401: PowensAuthError,
    403: PowensAuthError,
    404: PowensNotFoundError,
    409: PowensConflictError,
    429: PowensRateLimitError,
    500: PowensServerError,
    503: PowensServiceUnavailableError,
}
# Some methods read nothing, or take any JSON for the settings or the file that they ask for.
_UNREAD = (type(None), int, dict)
_ODD = {name: {SECRET: [SECRET]} for name in ("id", "balance", "expires_in", "n", "type")}
_PLAIN_TEXT = json.dumps(SECRET).encode()
_BAD = (PowensSerializationError, *_UNREAD)
_PERHAPS_BAD = (*_BAD, Envelope, Page)  # some models have none of these fields
_LOST = (PowensConnectionError,)

FAILURES = [
    *(
        Failure(
            f"{status}-{'echo' if echoes else 'silent'}",
            refuse(status, echoes=echoes),
            (kind,),
            echoes=echoes,
        )
        for status, kind in _STATUSES.items()
        for echoes in (True, False)
    ),
    Failure("html", answer(f"<html>{SECRET}</html>".encode()), _BAD),
    Failure("text", answer(_PLAIN_TEXT), _BAD),
    Failure("text-slowly", answer(_PLAIN_TEXT), _BAD, slowly=True),
    Failure("rows", answer([[_ODD, SECRET]]), _BAD),
    Failure("rows-slowly", answer([[_ODD, SECRET]]), _BAD, slowly=True),
    Failure("odd-fields", answer([_ODD, _ODD]), _PERHAPS_BAD),
    Failure("odd-fields-slowly", answer([_ODD, _ODD]), _PERHAPS_BAD, slowly=True),
    Failure("too-large", answer(SECRET.encode() * 9), _BAD, {"max_response_size": 50}),
    Failure("no-gzip", answer(SECRET.encode(), content_encoding="gzip"), _BAD),
    Failure(
        "half-gzip", answer(gzip.compress(SECRET.encode())[:-9], content_encoding="gzip"), _BAD
    ),
    Failure("packed", answer(SECRET.encode(), content_encoding=SECRET), _BAD),
    Failure("no-http", send(f"{SECRET} 200\r\n\r\n".encode()), _LOST),
    Failure("bad-length", send(head(content_length=SECRET)), _LOST),
    Failure("bad-header", send(f"HTTP/1.1 200 OK\r\n{SECRET}\r\n\r\n".encode()), _LOST),
    Failure("no-answer", send(b""), _LOST),
    Failure("cut", send(head(content_length=99, set_cookie=SECRET) + SECRET.encode()), _LOST),
    Failure("reset", send(b"", then=Visit.reset), _LOST),
    Failure("reset-late", send(head(content_length=99) + SECRET.encode(), then=Visit.reset), _LOST),
    Failure(
        "hang",
        Visit.hang,
        (PowensTimeoutError,),
        {"timeout": _PATIENCE, "sync_timeout": _PATIENCE},
    ),
    Failure("late", drip, (PowensTimeoutError,), {"deadline": _PATIENCE}),
    Failure("no-server", Visit.close, _LOST, {"base_url": "http://127.0.0.1:1/2.0"}),
    Failure("closed", Visit.close, (PowensError,), is_closed=True),
    Failure("broken", Visit.close, (PowensCircuitOpenError,), {"circuit_breaker": Open()}),
    *(
        Failure(
            name,
            answer(content),
            (PowensSignatureError, int),
            view={"sign_responses": True},
        )
        for name, content in (
            ("unsigned", _PLAIN_TEXT),
            ("signed-elsewhere", key_at(f"https://{MARK}.example/2.0/sign-keys/1")),
            ("signed-nowhere", key_at(SECRET)),
        )
    ),
]


# --- What comes out ------------------------------------------------------------------------------


class Canaries:
    """Looks at everything that a program may print or write down."""

    secret = SECRET
    hide_in = staticmethod(hide_in)
    hide_in_answer = staticmethod(hide_in_answer)
    failures = FAILURES

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog
        caplog.set_level(logging.DEBUG)

    def look_at(self, *things: object, echoes: bool = False) -> None:
        """Find no secret in what things show of themselves, nor in what was logged meanwhile.

        Args:
            things: A client, a result, an exception, or anything else of this package.
            echoes: Whether the answer itself held secrets, which the attributes of an error keep.
        """
        texts = self.logged()
        for thing in things:
            texts.extend(_shown(thing))
            if not (echoes and isinstance(thing, PowensHTTPError)):
                texts.extend(_pickled(thing))
        told = [text for text in texts if MARK in text.lower()]
        assert not told, "\n".join(told)

    def logged(self) -> list[str]:
        """Take what was logged: each record in words, with its arguments and exceptions."""
        texts = [
            f"{record.name} {record.getMessage()} {record.args!r} {record.__dict__!r} "
            + "".join(traceback.format_exception(*record.exc_info) if record.exc_info else ())
            for record in self._caplog.records
        ]
        self._caplog.clear()
        return texts


def _shown(thing: object) -> Iterator[str]:
    yield from (repr(thing), str(thing))
    if isinstance(thing, BaseException):
        yield "".join(traceback.format_exception(thing))
        for error in _chain(thing):
            yield f"{error!r} {getattr(error, '__notes__', '')}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Give an exception, and those that are printed with it."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _pickled(thing: object) -> Iterator[str]:
    """Give the pickle of a client or of an error; a result is there to be kept."""
    if isinstance(thing, BaseException) or type(thing).__name__.endswith("Client"):
        yield pickle.dumps(thing).decode("latin-1")
