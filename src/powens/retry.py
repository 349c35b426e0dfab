"""When a failed attempt is made again, and after how long. Pure policy: nothing here waits."""

from __future__ import annotations

import enum
import random
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from attrs import define, field, frozen, validators

from ._checks import check_count, check_seconds
from ._fork import renew_after_fork
from .exceptions import PowensConnectionError, PowensError, PowensHTTPError

IDEMPOTENT_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
RETRIED_STATUSES: Final = frozenset({429, 502, 503, 504})

_TICKS: Final = 60  # parts of the window of a budget


class Repeat(enum.Enum):
    """Whether a request may be sent again when it is not known what became of it."""

    ALWAYS = "always"
    ON_REQUEST = "on request"
    """With `retry_non_idempotent` only: it sets what it says, so that twice is as good as once."""
    NEVER = "never"
    """Whatever the policy: twice is not as good as once."""


UNREPEATABLE: Final = {
    "POST /auth/init": "makes a user and a token",
    "POST /auth/token/access": "a code is good for one exchange, which makes a token",
    "POST /auth/renew": "makes a token, and may revoke the others",
    "POST /auth/token": "makes a token",
    "POST /users/{}/connections": "makes a connection",
    "POST /users/{}/connections/{}": "a one-time code is good once, a wrong password locks out",
    "POST /users/{}/documents": "makes a document",
    "POST /payments": "makes a payment",
    "POST /payments/{}": "moves a payment on",
    "POST /payments/{}/scopedtoken": "makes a token",
    "POST /payment-links": "makes a payment link",
    "POST /clients": "makes a client application",
    "POST /webhooks": "makes a webhook",
    "POST /webhooks/auth": "makes an authentication of webhooks",
    "POST /webhooks/{}/add_to_data": "adds to what was sent",
    "POST /webhooks/{}/add_to_data/{}": "adds to what was sent",
    "POST /test/webhooks": "sends a webhook",
    "POST /test/sync": "sends a webhook",
}
"""Operations that are never sent twice, and why; `{}` stands for an id."""

_UNREPEATABLE: Final = re.compile(
    # Wherever the API is: what stands before the path does not matter.
    "|".join(
        re.escape(call).replace(r"\ ", " .*").replace(r"\{\}", "[^/]+") for call in UNREPEATABLE
    )
)


def repeat(method: str, path: str) -> Repeat:
    """Whether a request may be sent again.

    Args:
        method: Its verb, in upper case.
        path: Its path, or its whole address, without a query.
    """
    if method in IDEMPOTENT_METHODS:
        return Repeat.ALWAYS
    is_unrepeatable = _UNREPEATABLE.fullmatch(f"{method} {path.rstrip('/')}")
    return Repeat.NEVER if is_unrepeatable else Repeat.ON_REQUEST


@frozen(kw_only=True)
class RetryPolicy:
    """How often, and how patiently, a failed call is tried again.

    Network failures and the statuses 429, 502, 503 and 504 are tried again; 500 never is. Only
    GET, HEAD, OPTIONS, PUT and DELETE are, since a POST that seems lost may have been carried out.

    Attributes:
        max_attempts: Attempts in all, the first one included; 1 is no retry.
        base_delay: Seconds before the second attempt; it doubles with each further one.
        max_delay: Most seconds between two attempts, whatever the API asks for.
        jitter: Most random seconds added to a delay, so that clients do not return in step.
        retry_non_idempotent: Try POST and PATCH again too, where that does no harm: what makes a
            user, a token, a connection or a payment is never tried again.
        max_elapsed: Seconds after which no further attempt is begun; None is no such limit.

    Raises:
        ValueError: A number is out of range.
    """

    max_attempts: int = field(default=3, validator=[validators.instance_of(int), validators.ge(1)])
    base_delay: float = field(default=0.25, validator=validators.ge(0.0))
    max_delay: float = field(default=5.0, validator=validators.ge(0.0))
    jitter: float = field(default=0.1, validator=validators.ge(0.0))
    retry_non_idempotent: bool = False
    max_elapsed: float | None = field(
        default=None, validator=validators.optional(validators.ge(0.0))
    )

    def allows(self, method: str, error: PowensError, *, path: str = "") -> bool:
        """Whether a request may be sent again after this error; without a path, by its verb."""
        allowed = {Repeat.ALWAYS, Repeat.ON_REQUEST if self.retry_non_idempotent else Repeat.ALWAYS}
        if repeat(method, path) not in allowed:
            return False
        if isinstance(error, PowensHTTPError):
            return error.status_code in RETRIED_STATUSES
        return isinstance(error, PowensConnectionError)

    def delay(self, attempt: int, error: PowensError) -> float:
        """Seconds to wait after attempt number `attempt` (from 1) failed with `error`."""
        asked = error.retry_after if isinstance(error, PowensHTTPError) else None
        if asked is not None:
            return min(asked, self.max_delay)
        # The exponent is bounded: a float overflows long before max_attempts does.
        backoff = self.base_delay * 2.0 ** min(attempt - 1, 64)
        spread = random.uniform(0, self.jitter)  # noqa: S311 - spreads load, guards nothing
        return min(backoff + spread, self.max_delay)


class RetryBudget:
    """Keeps retries a small part of all traffic, so that an outage is not made worse by them.

    In any `window` seconds there are fewer retries than `ratio` of the calls begun in it, or
    `reserve` retries, whichever is more. A call that gets none fails with the error of its
    last attempt. One budget may serve many clients, both surfaces, and many threads.

    Args:
        ratio: Retries for each call; 0.1 is one for ten calls.
        reserve: Retries that there always are, for programs that make few calls.
        window: Seconds that are looked at.
        clock: Function that gives a time in seconds that never goes back.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: A number is out of range.
    """

    def __init__(
        self,
        *,
        ratio: float = 0.1,
        reserve: int = 10,
        window: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not 0 <= ratio <= 1:
            raise ValueError("ratio must be between 0 and 1")
        check_count("reserve", reserve, least=0)
        check_seconds("window", window)
        self._ratio = ratio
        self._reserve = reserve
        self._window = window
        self._clock = clock
        self.renew()
        renew_after_fork(self)

    def __getstate__(self) -> dict[str, object]:
        # What was counted stays here: the other process has calls of its own.
        return {
            "ratio": self._ratio,
            "reserve": self._reserve,
            "window": self._window,
            "clock": self._clock,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        RetryBudget.__init__(self, **state)

    def record_call(self) -> None:
        """Count the first attempt of a call."""
        with self._lock:
            self._current_tick().calls += 1

    def allow_retry(self) -> bool:
        """Whether another attempt may be made; if so, it is counted."""
        with self._lock:
            current = self._current_tick()
            # Of what is partly in the window, retries count and calls do not.
            since = self._clock() - self._window
            calls = sum(tick.calls for tick in self._ticks if tick.began > since)
            retries = sum(tick.retries for tick in self._ticks) + 1
            is_allowed = retries <= self._reserve or retries < self._ratio * calls
            current.retries += is_allowed
            return is_allowed

    def renew(self) -> None:
        """Begin anew, as a forked child does."""
        self._lock = threading.Lock()
        self._ticks: deque[_Tick] = deque([_Tick(self._clock())])

    def _current_tick(self) -> _Tick:
        moment, length = self._clock(), self._window / _TICKS
        if moment >= self._ticks[-1].began + length:
            self._ticks.append(_Tick(moment))
        while self._ticks[0].began + length + self._window <= moment:
            self._ticks.popleft()
        return self._ticks[-1]


@define
class _Tick:
    """What was counted in a part of the window."""

    began: float
    calls: int = 0
    retries: int = 0
