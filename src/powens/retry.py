"""When a failed attempt is made again, and after how long. Pure policy: nothing here waits."""

from __future__ import annotations

import random
from typing import Final

from attrs import field, frozen, validators

from .exceptions import PowensConnectionError, PowensError, PowensHTTPError

IDEMPOTENT_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
RETRIED_STATUSES: Final = frozenset({429, 502, 503, 504})


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
        retry_non_idempotent: Try POST and PATCH again too. A call may then be carried out twice.
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

    def allows(self, method: str, error: PowensError) -> bool:
        """Whether a request of this method may be sent again after this error."""
        if not (self.retry_non_idempotent or method in IDEMPOTENT_METHODS):
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
