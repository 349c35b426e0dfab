"""The tree of exceptions, what each one shows, and that all of them travel."""

from __future__ import annotations

import copy
import operator
import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import attrs
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


class UsersSlottedError(PowensNotFoundError, KeyError):
    """What a user may derive: slots, one of a private name, and a second base."""

    __slots__ = ("__owner", "tenant")

    def __init__(self, tenant: str) -> None:
        super().__init__(status_code=404)
        self.tenant = tenant
        self.__owner = tenant.upper()

    @property
    def owner(self) -> str:
        return self.__owner


@attrs.define(eq=False)
class UsersAttrsError(PowensError):
    """What a user may derive with attrs, which keeps its fields in slots."""

    tenant: str


ATTRIBUTES: dict[str, Any] = {
    "status_code": 418,
    "error_code": PowensErrorCode.WRONGPASS,
    "error_description": "technical c4n4ry",
    "error_message": "text of the bank c4n4ry",
    "request_id": "b7e9c1d0-17",
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
    yield pytest.param(UsersSlottedError("acme"), id="derived-slots")
    yield pytest.param(UsersAttrsError("acme"), id="derived-attrs")


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
    assert arrived == error
    assert hash(arrived) == hash(error)
    with pytest.raises(type(error)):
        raise arrived


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS)
def test_slots_of_a_derived_error_travel(journey: Callable[[Any], Any]) -> None:
    slotted, made_by_attrs = journey([UsersSlottedError("acme"), UsersAttrsError("acme")])
    assert (slotted.tenant, slotted.owner, made_by_attrs.tenant) == ("acme", "ACME", "acme")
    assert slotted != UsersSlottedError("other")
    assert made_by_attrs != UsersAttrsError("other")


def test_errors_that_differ_in_anything_are_not_equal() -> None:
    error = PowensHTTPError(**ATTRIBUTES)
    for name, value in ATTRIBUTES.items():
        other = copy.copy(error)
        setattr(other, name, [value])
        assert other != error
    assert PowensAuthError(**ATTRIBUTES) != error
    assert UsersHTTPError("acme", **ATTRIBUTES) != UsersHTTPError("other", **ATTRIBUTES)
    assert PowensError("a") != PowensError("b")
    assert PowensError("a") != PowensConnectionError("a")
    assert PowensError("a") != Exception("a")
    assert operator.eq(PowensError("a"), "a") is False


def test_where_an_error_came_from_does_not_matter() -> None:
    with pytest.raises(PowensError) as caught:
        raise PowensError("a") from ValueError("first")
    assert caught.value.__traceback__ is not None
    assert caught.value == PowensError("a")
    assert hash(caught.value) == hash(PowensError("a"))


class Stubborn:
    def __eq__(self, other: object) -> bool:
        raise RuntimeError("not to be compared")

    __hash__ = None  # type: ignore[assignment]


def deep_body() -> object:
    body: object = None
    for _ in range(200_000):
        body = [body]
    return body


@pytest.mark.parametrize(
    "make", [Stubborn, lambda: Decimal("sNaN"), deep_body], ids=["stubborn", "snan", "deep"]
)
def test_comparing_errors_never_raises(make: Callable[[], object]) -> None:
    one, other = (PowensHTTPError(status_code=400, response_body=make()) for _ in range(2))
    assert operator.eq(one, one) is True
    assert operator.eq(one, other) is False
    assert hash(one) == hash(other)
    assert PowensError(make()) != PowensError(make())


def test_errors_can_be_counted() -> None:
    errors = [PowensHTTPError(**ATTRIBUTES), PowensError("a"), PowensError("b"), PowensError([])]
    assert len({*errors, *copy.deepcopy(errors)}) == len(errors)


def test_a_note_moves_no_error_within_a_set() -> None:
    error = PowensError("a")
    kept = {error}
    error.add_note("seen by the caller")
    assert error in kept
    assert error != PowensError("a")


def test_equal_errors_are_both_shown() -> None:
    with pytest.raises(PowensError) as caught:
        raise PowensError("again") from PowensError("again")
    lines = traceback.format_exception(caught.value)
    assert "".join(lines).count("powens.exceptions.PowensError: again") == 2


def test_equal_errors_of_a_group_stay_apart() -> None:
    group = ExceptionGroup("two", [PowensError("a"), PowensError("a"), ValueError("b")])
    ours, rest = group.split(PowensError)
    assert ours is not None
    assert rest is not None
    assert [id(error) for error in ours.exceptions] == list(map(id, group.exceptions[:2]))
    assert len(rest.exceptions) == 1


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
    assert str(error).startswith(f"[request b7e9c1d0-17] 418 wrongpass on {call}: ")
    assert "c4n4ry" not in str(error) + repr(error) + repr(error.args)
    assert len(str(error).split(": ")[-1]) > 10


def test_the_query_of_the_request_is_left_behind() -> None:
    error = PowensHTTPError(status_code=400, request_url="https://demo.biapi.pro/x?token=c4n4ry?")
    assert error.request_url == "https://demo.biapi.pro/x"
    assert "c4n4ry" not in f"{error!r} {error}"


NO_IDENTIFIERS = (
    *("", "c4n4ry of a sentence", "c4n4ry@example.org", "c4n4ry\n", "c4n4ry?=", "c4n4ry" * 11),
    # What an API that repeats what it was sent could give: tokens, accounts, cards, codes.
    *("c4n4ryN8wgpAl7e0", "c4n4ry", "FR7630006000011234567890189", "DE89370400440532013000"),
    *("4970101234567890", "9f86d081" * 5, "b7e9c1d0\n", "WRONG-PASS"),
)


@pytest.mark.parametrize(
    "request_id", ["700123", "b7e9c1d0", "0000000a1b2c", "0b5e3f2a-9c1d-4e8f-a7b6-5d4c3b2a1908"]
)
@pytest.mark.parametrize("code", ["wrongpass", "SCARequired", "additionalInformationNeeded"])
def test_a_code_and_a_request_id_are_shown(code: str, request_id: str) -> None:
    error = PowensHTTPError(status_code=400, error_code=code, request_id=request_id)
    assert str(error).startswith(f"[request {request_id}] 400 {code} on ")


@pytest.mark.parametrize("text", NO_IDENTIFIERS)
def test_a_code_or_request_id_that_is_none_is_not_shown(text: str) -> None:
    error = PowensHTTPError(status_code=400, error_code=text, request_id=text, request_url="/x")
    assert (error.error_code, error.request_id) == (text, text)
    assert str(error).startswith("400 on /x: ")
    assert not text or text not in str(error)


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
