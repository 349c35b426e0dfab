"""Everything this package raises on purpose.

    PowensError
    ├── PowensHTTPError                    the API answered with an error
    │   ├── PowensBadRequestError          400
    │   ├── PowensAuthError                401, 403
    │   ├── PowensNotFoundError            404
    │   ├── PowensConflictError            409
    │   ├── PowensRateLimitError           429
    │   ├── PowensServerError              every other 5xx
    │   └── PowensServiceUnavailableError  503
    ├── PowensConnectionError              the network failed
    │   └── PowensTimeoutError             in time
    ├── PowensSerializationError           the answer does not fit the model
    ├── PowensCircuitOpenError             the circuit breaker refused the call
    ├── PowensWebhookError                 a webhook was refused
    └── PowensSignatureError               a signed answer was refused

A wrong argument is a `ValueError` or `TypeError`, as everywhere in Python. Every exception here
survives pickle and copy, and equals its copy. No message shows a token, a query string or text of
the answer; what the API said is in the attributes.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias, TypeVar, cast

E = TypeVar("E", bound="PowensError")
_Parts: TypeAlias = tuple[dict[str, Any] | None, ...]


class PowensErrorCode(enum.StrEnum):
    """Error codes of the API. Comparison ignores case, and the API may send others at any time."""

    ACTION_NEEDED = "actionNeeded"
    AUTH_FAILURE = "authFailure"
    BANK_MESSAGE = "bankMessage"
    BUG = "bug"
    CONFIG = "config"
    CONFLICT = "conflict"
    CONNECTION_LOCKED = "connectionLocked"
    DATA_ERROR = "dataError"
    FORBIDDEN = "forbidden"
    INVALID_VALUE = "invalidValue"
    KEYMANAGER = "keymanager"
    METHOD_NOT_ALLOWED = "methodNotAllowed"
    MISSING_PARAMETER = "missingParameter"
    NO_ACCOUNT = "noAccount"
    NOT_FOUND = "notFound"
    NOT_SUPPORTED = "notSupported"
    PASSWORD_EXPIRED = "passwordExpired"
    TOO_MANY_SYNC = "tooManySync"
    UNAUTHORIZED = "unauthorized"
    WEBSITE_UNAVAILABLE = "websiteUnavailable"
    WRONGPASS = "wrongpass"

    @classmethod
    def _missing_(cls, value: object) -> PowensErrorCode | None:
        return _CODES.get(value.casefold()) if isinstance(value, str) else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and self.value.casefold() == other.casefold()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        # No hash serves every case: a dict finds a member by the API's own spelling.
        return hash(self.value)

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return _restore_code, (self.value,)


def _restore_code(value: str) -> PowensErrorCode | str:
    # Pickles name this function: it stays. Another version may list more codes than this one.
    return _CODES.get(value.casefold(), value)


# What can be shown of an answer that may quote what was sent: a code is a word, and a request id a
# number or hexadecimal digits in the form of the API. No token, IBAN or card number is like that.
_CODE = re.compile(r"[A-Za-z_]{1,32}")
_REQUEST_ID = re.compile(r"[0-9]{1,12}|(?=[0-9-]*[a-f])[0-9a-f-]{1,36}")
_REDIRECTED = "redirects are not followed; check base_url"
_CODES = {code.value.casefold(): code for code in PowensErrorCode}


class PowensError(Exception):
    """Base of all exceptions of this package.

    Two are equal when they are of one class and hold the same: what they were raised from and
    where has no part in it.
    """

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, PowensError) or type(self) is not type(other):
            return NotImplemented
        try:
            return self.args == other.args and _attributes(self) == _attributes(other)
        except Exception:  # noqa: BLE001 - an attribute may hold what refuses to be compared
            return False

    def __hash__(self) -> int:
        # Of what can be hashed for sure, and does not change when a note is added.
        return hash((type(self), *(arg for arg in self.args if type(arg) is str)))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, _attributes(self))


def _attributes(error: PowensError) -> dict[str, Any]:
    """Give what an exception holds beside its arguments, notes included."""
    state: object = object.__getstate__(error)
    # A derived class may have slots, which Python gives apart.
    parts = cast("_Parts", state if isinstance(state, tuple) else (state,))
    return {name: value for part in parts if part for name, value in part.items()}


def _restore(cls: type[E], args: tuple[Any, ...], attributes: dict[str, Any]) -> E:
    # Pickles name this function: it stays.
    error = cls.__new__(cls, *args)
    error.args = args
    for name, value in attributes.items():
        object.__setattr__(error, name, value)
    return error


class PowensHTTPError(PowensError):
    """The API answered with an error.

    Attributes:
        status_code: Status of the answer, such as 404.
        error_code: What went wrong, the thing to branch on: a `PowensErrorCode`, a plain string
            that it does not know, or None when the body had no code.
        error_description: Technical text of the API.
        error_message: Text of the bank, which may be shown to the user.
        request_id: What to quote to the support of Powens.
        response_body: The decoded JSON body, or text when it was not JSON or too deep.
        request_method: Method of the request, such as `GET`.
        request_url: URL of the request, without its query.
        headers: Headers of the answer, names in lower case.
        retry_after: Seconds that the API asked to wait, when it did.
    """

    _advice: ClassVar[str] = "see .error_code and .error_description"

    def __init__(
        self,
        *,
        status_code: int,
        error_code: PowensErrorCode | str | None = None,
        error_description: str | None = None,
        error_message: str | None = None,
        request_id: str | None = None,
        response_body: object = None,
        request_method: str = "",
        request_url: str = "",
        headers: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.status_code = status_code
        self.error_code = error_code
        self.error_description = error_description
        self.error_message = error_message
        self.request_id = request_id
        self.response_body = response_body
        self.request_method = request_method
        self.request_url: str = request_url.partition("?")[0]
        self.headers: Mapping[str, str] = dict(headers or {})
        self.retry_after = retry_after
        super().__init__(self._summary())

    def _summary(self) -> str:
        request = f"[request {self.request_id}] " if _fits(self.request_id, _REQUEST_ID) else ""
        code = f" {self.error_code}" if _fits(self.error_code, _CODE) else ""
        call = f"{self.request_method} {self.request_url}".strip()
        advice = _REDIRECTED if 300 <= self.status_code < 400 else self._advice  # noqa: PLR2004 - 3xx
        return f"{request}{self.status_code}{code} on {call}: {advice}"


def _fits(text: str | None, pattern: re.Pattern[str]) -> bool:
    """Whether `text` can be shown: it is what it should be, not something that quotes a value."""
    return text is not None and pattern.fullmatch(text) is not None


class PowensBadRequestError(PowensHTTPError):
    """400: the API or the bank refuses what was sent; `wrongpass` is of this kind."""


class PowensAuthError(PowensHTTPError):
    """401 or 403: the token is missing, revoked or expired, or has no right to this call.

    A product that is not part of the contract answers so as well, with a token in good health.
    """

    _advice = "check the access token, and that the product is part of your contract"


class PowensNotFoundError(PowensHTTPError):
    """404: there is no such object; a disabled one is found with `include_all=True` only."""

    _advice = "check the id; a disabled object is found with include_all=True only"


class PowensConflictError(PowensHTTPError):
    """409: the state of the object does not allow it, or there is nothing to do."""


class PowensRateLimitError(PowensHTTPError):
    """429: too many calls; `retry_after` holds the seconds to wait, when the API says so."""

    _advice = "slow down; see .retry_after"


class PowensServerError(PowensHTTPError):
    """Every 5xx but 503: something broke on the other side."""

    _advice = "the fault is on the other side; quote .request_id to the support of Powens"


class PowensServiceUnavailableError(PowensHTTPError):
    """503: the service, or a bank behind it, is down for the moment."""

    _advice = "try again later; see .retry_after"


class PowensConnectionError(PowensError):
    """The network failed before there was a whole answer; `__cause__` is the error of httpx."""


class PowensTimeoutError(PowensConnectionError):
    """A network step, or the whole call, took longer than allowed."""


class PowensSerializationError(PowensError):
    """An answer does not fit its model; the text names the model and the place, never a value."""


class PowensCircuitOpenError(PowensError):
    """The circuit breaker refused the call: too many failures lately. Nothing was sent."""


class PowensWebhookError(PowensError):
    """The signature or the body of a webhook is not what it should be."""


class PowensSignatureError(PowensError):
    """An answer is not signed the way a signed answer must be. Nothing was made of it."""
