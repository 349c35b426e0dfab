"""The tree of exceptions, what each one shows, and that all of them travel."""

from __future__ import annotations

import copy
import operator
import pickle
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from powens import exceptions
from powens.exceptions import (
    PowensAuthError,
    PowensBadRequestError,
    PowensCircuitOpenError,
    PowensConflictError,
    PowensConnectionError,
    PowensError,
    PowensErrorCode,
    PowensHTTPError,
    PowensNotFoundError,
    PowensRateLimitError,
    PowensSerializationError,
    PowensServerError,
    PowensServiceUnavailableError,
    PowensSignatureError,
    PowensTimeoutError,
    PowensWebhookError,
)

# Each exception and its parent, as users may rely on them.
PARENTS = {
    PowensError: Exception,
    PowensHTTPError: PowensError,
    PowensBadRequestError: PowensHTTPError,
    PowensAuthError: PowensHTTPError,
    PowensNotFoundError: PowensHTTPError,
    PowensConflictError: PowensHTTPError,
    PowensRateLimitError: PowensHTTPError,
    PowensServerError: PowensHTTPError,
    PowensServiceUnavailableError: PowensHTTPError,
    PowensConnectionError: PowensError,
    PowensTimeoutError: PowensConnectionError,
    PowensSerializationError: PowensError,
    PowensCircuitOpenError: PowensError,
    PowensWebhookError: PowensError,
    PowensSignatureError: PowensError,
}
HTTP_ERRORS = [cls for cls in PARENTS if issubclass(cls, PowensHTTPError)]
PLAIN_ERRORS = [cls for cls in PARENTS if not issubclass(cls, PowensHTTPError)]


class UsersHTTPError(PowensRateLimitError):
    """What a user may derive: an argument of its own, and a message too."""

    def __init__(self, tenant: str, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.tenant = tenant


class UsersError(PowensConnectionError):
    """What a user may derive: arguments that are not those of the base."""

    def __init__(self, *, host: str) -> None:
        super().__init__(f"no way to {host}")
        self.host = host


ATTRIBUTES: dict[str, Any] = {
    "status_code": 418,
    "error_code": PowensErrorCode.WRONGPASS,
    "error_description": "technical c4n4ry",
    "error_message": "text of the bank c4n4ry",
    "request_id": "req-17",
    "response_body": {"code": "wrongpass", "nested": ["c4n4ry", None]},
    "request_method": "POST",
    "request_url": "https://demo.biapi.pro/2.0/users/me/connections",
    "headers": {"x-c4n4ry": "c4n4ry"},
    "retry_after": 1.5,
}


def examples() -> Iterator[Any]:
    for cls in HTTP_ERRORS:
        yield pytest.param(cls(**ATTRIBUTES), id=f"{cls.__name__}-full")
        yield pytest.param(cls(status_code=500), id=f"{cls.__name__}-bare")
    for plain in PLAIN_ERRORS:
        yield pytest.param(plain("what happened", 7), id=f"{plain.__name__}-arguments")
        yield pytest.param(plain(), id=f"{plain.__name__}-bare")
    yield pytest.param(UsersHTTPError("acme", **ATTRIBUTES), id="derived-http")
    yield pytest.param(UsersError(host="example.org"), id="derived")


def with_protocol(protocol: int) -> Callable[[PowensError], PowensError]:
    return lambda error: pickle.loads(pickle.dumps(error, protocol))


JOURNEYS = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"pickle {n}": with_protocol(n) for n in range(pickle.HIGHEST_PROTOCOL + 1)},
}


def family(cls: type) -> Iterator[type]:
    yield cls
    for child in cls.__subclasses__():
        if child.__module__.startswith("powens"):
            yield from family(child)


def test_the_tree_is_the_documented_one() -> None:
    assert {cls: cls.__bases__ for cls in family(PowensError)} == {
        cls: (parent,) for cls, parent in PARENTS.items()
    }


def test_the_docstring_draws_the_tree() -> None:
    drawing = (exceptions.__doc__ or "").partition("A wrong argument")[0]
    assert re.findall(r"Powens\w+", drawing) == [cls.__name__ for cls in PARENTS]


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS)
@pytest.mark.parametrize("error", list(examples()))
def test_an_error_arrives_as_it_left(
    error: PowensError, journey: Callable[[PowensError], PowensError]
) -> None:
    error.add_note("seen by the caller")
    arrived = journey(error)
    assert arrived is not error
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert repr(arrived) == repr(error)
    assert arrived.args == error.args
    assert vars(arrived) == vars(error)
    with pytest.raises(type(error)):
        raise arrived


def test_a_deep_copy_shares_nothing() -> None:
    error = PowensBadRequestError(**ATTRIBUTES | {"response_body": {"rows": [1]}})
    duplicate = copy.deepcopy(error)
    assert isinstance(error.response_body, dict)
    error.response_body["rows"].append(2)
    assert duplicate.response_body == {"rows": [1]}


@pytest.mark.parametrize("cls", HTTP_ERRORS)
def test_what_the_api_said_is_in_the_attributes(cls: type[PowensHTTPError]) -> None:
    error = cls(**ATTRIBUTES)
    assert {name: getattr(error, name) for name in ATTRIBUTES} == ATTRIBUTES
    bare = cls(status_code=500)
    assert {name: getattr(bare, name) for name in ATTRIBUTES if name != "headers"} == {
        **dict.fromkeys(ATTRIBUTES.keys() - {"headers"}),
        "status_code": 500,
        "request_method": "",
        "request_url": "",
    }
    assert bare.headers == {}


def test_headers_are_a_copy() -> None:
    headers = {"a": "1"}
    error = PowensHTTPError(status_code=500, headers=headers)
    headers["b"] = "2"
    assert error.headers == {"a": "1"}


@pytest.mark.parametrize("cls", HTTP_ERRORS)
def test_the_text_shows_what_support_needs_and_nothing_else(cls: type[PowensHTTPError]) -> None:
    error = cls(**ATTRIBUTES)
    call = "POST https://demo.biapi.pro/2.0/users/me/connections"
    assert str(error).startswith(f"[request req-17] 418 wrongpass on {call}: ")
    assert "c4n4ry" not in str(error) + repr(error) + repr(error.args)
    assert len(str(error).split(": ")[-1]) > 10


def test_the_query_of_the_request_is_left_behind() -> None:
    error = PowensHTTPError(status_code=400, request_url="https://demo.biapi.pro/x?token=c4n4ry?")
    assert error.request_url == "https://demo.biapi.pro/x"
    assert "c4n4ry" not in f"{error!r} {error}"


NO_IDENTIFIERS = (
    *("", "c4n4ry of a sentence", "c4n4ry@example.org", "c4n4ry\n", "c4n4ry?=", "c4n4ry" * 11),
)


@pytest.mark.parametrize("text", NO_IDENTIFIERS)
def test_a_code_or_request_id_that_is_none_is_not_shown(text: str) -> None:
    error = PowensHTTPError(status_code=400, error_code=text, request_id=text, request_url="/x")
    assert (error.error_code, error.request_id) == (text, text)
    assert str(error).startswith("400 on /x: ")
    assert "c4n4ry" not in str(error)


@pytest.mark.parametrize(
    ("cls", "advice"),
    [
        (PowensAuthError, "access token"),
        (PowensNotFoundError, "include_all=True"),
        (PowensRateLimitError, ".retry_after"),
        (PowensServerError, ".request_id"),
        (PowensServiceUnavailableError, "later"),
        (PowensBadRequestError, ".error_code"),
    ],
)
def test_the_text_says_what_to_do(cls: type[PowensHTTPError], advice: str) -> None:
    assert advice in str(cls(status_code=500))


@pytest.mark.parametrize("code", PowensErrorCode)
@pytest.mark.parametrize("change", [str.lower, str.upper, str.swapcase, str])
def test_codes_are_compared_without_regard_to_case(
    code: PowensErrorCode, change: Callable[[str], str]
) -> None:
    text = change(code.value)
    assert code == text
    assert text == code
    assert operator.ne(code, text) is operator.ne(text, code) is False
    assert PowensErrorCode(text) is code
    assert text in list(PowensErrorCode)


@pytest.mark.parametrize("other", ["", "wrongpassword", "wrong pass", None, 7, b"wrongpass"])
def test_a_code_is_nothing_else(other: object) -> None:
    code = PowensErrorCode.WRONGPASS
    assert operator.ne(code, other) is operator.ne(other, code) is True
    assert operator.eq(code, other) is operator.eq(other, code) is False


def test_codes_differ_from_each_other() -> None:
    codes = list(PowensErrorCode)
    assert all((one == other) is (one is other) for one in codes for other in codes)
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("code", PowensErrorCode)
def test_a_dict_finds_a_code_by_the_spelling_of_the_api(code: PowensErrorCode) -> None:
    assert {code.value: "found"}[code] == "found"
    assert {code: "found"}[code.value] == "found"


@pytest.mark.parametrize("code", PowensErrorCode)
def test_a_code_reads_and_travels_as_a_member(code: PowensErrorCode) -> None:
    assert str(code) == f"{code}" == code.value
    assert pickle.loads(pickle.dumps(code)) is code
    assert copy.deepcopy(code) is code


@pytest.mark.parametrize("value", ["brandNew", "", None, 7])
def test_a_code_that_is_not_listed_is_no_member(value: object) -> None:
    with pytest.raises(ValueError, match="is not a valid PowensErrorCode"):
        PowensErrorCode(value)


def test_an_error_can_hold_a_code_that_is_not_listed() -> None:
    error = PowensHTTPError(status_code=400, error_code="brandNew")
    assert error.error_code == "brandNew"
    assert error.error_code != PowensErrorCode.BUG
    assert "400 brandNew on" in str(error)
