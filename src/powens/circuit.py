"""Circuit breakers: stop asking a service that keeps failing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal, Protocol, runtime_checkable

from ._fork import renew_after_fork


@runtime_checkable
class CircuitBreaker(Protocol):
    """What the client asks before every attempt, and tells after it.

    The methods are plain functions and must not block: one object may serve blocking and async
    clients, many threads and many tasks. Each `allow_request()` that answers True is followed by
    exactly one of the other two. Network failures, timeouts, the statuses 429 and 5xx, and
    attempts that were cancelled count as failures; any other answer shows that the service is up.
    What was sent ahead and is cancelled before anybody waits for it says nothing of the service:
    it repeats what came before it, the answer with the page at hand or an attempt that failed.
    """

    def allow_request(self) -> bool:
        """Whether an attempt may be made now."""
        ...

    def record_success(self) -> None:
        """An allowed attempt got an answer."""
        ...

    def record_failure(self) -> None:
        """An allowed attempt failed."""
        ...


class NoOpCircuitBreaker:
    """Allows everything."""

    def allow_request(self) -> bool:
        """Answer True."""
        return True

    def record_success(self) -> None:
        """Do nothing."""

    def record_failure(self) -> None:
        """Do nothing."""


class ThresholdCircuitBreaker:
    """Opens after a run of failures, then lets one probe at a time find out if it is over.

    Closed, it allows everything. After `failure_threshold` failures in a row it is open and
    refuses everything for `reset_timeout` seconds. Then it is half-open: one attempt, the probe,
    is allowed; its success closes the breaker, its failure opens it again. A probe of which
    nothing is heard for `reset_timeout` seconds is given up, and the next attempt is the probe.

    Nobody tells it which attempt an answer belongs to. While it is open, answers to attempts from
    before change nothing; while a probe is under way, the first answer that comes decides; once it
    is closed, every answer counts.

    A fork hands its state on to the child, and from there each process counts for itself. Copies
    and pickles carry the settings alone: they begin closed.

    Args:
        failure_threshold: Failures in a row that open the breaker.
        reset_timeout: Seconds that it stays open, and that a probe may take.
        clock: Function that gives a time in seconds. Should it go back while the breaker is open,
            the next attempt is the probe. A breaker with one that does not pickle does not either.

    Raises:
        ValueError: A number is not positive.
    """

    def __init__(
        self,
        *,
        failure_threshold: int = 5,
        reset_timeout: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not failure_threshold >= 1:
            raise ValueError("failure_threshold must be at least 1")
        if not reset_timeout > 0:
            raise ValueError("reset_timeout must be more than 0 seconds")
        self._failure_threshold = failure_threshold
        self._reset_timeout = reset_timeout
        self._clock = clock
        self._begin()

    def _begin(self) -> None:
        # When the breaker opened, or its probe began: nothing is allowed until the reset timeout
        # has passed since then. None: closed.
        self._closed_off_at: float | None = None
        self._probing = False
        self._failures = 0
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        """Take a new lock, in a child process where nobody is left to release the old one."""
        # Reentrant, since the collector may end a forgotten attempt of this very thread, which
        # then reports here, while the lock is held.
        self._lock = threading.RLock()

    def __getstate__(self) -> dict[str, object]:
        history = {"_closed_off_at", "_probing", "_failures", "_lock"}
        return {name: value for name, value in vars(self).items() if name not in history}

    def __setstate__(self, settings: dict[str, object]) -> None:
        vars(self).update(settings)
        self._begin()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.state}>"

    @property
    def state(self) -> Literal["closed", "open", "half_open"]:
        """Where the breaker stands; half-open means that a probe is under way, or is next."""
        with self._lock:
            if self._closed_off_at is None:
                return "closed"
            return "half_open" if self._probing or self._rested(self._closed_off_at) else "open"

    def allow_request(self) -> bool:
        """Whether an attempt may be made now; True when half-open makes the caller the probe."""
        with self._lock:
            if self._closed_off_at is None:
                return True
            if not self._rested(self._closed_off_at):
                return False
            self._close_off(probing=True)
            return True

    def record_success(self) -> None:
        """The service answers: forget earlier failures, and close if this was the probe."""
        with self._lock:
            # An attempt from before the breaker opened proves nothing about the time since.
            if self._closed_off_at is None or self._probing:
                self._failures = 0
                self._closed_off_at = None
                self._probing = False

    def record_failure(self) -> None:
        """Count a failure: open when they are enough, or again if this was the probe."""
        with self._lock:
            if self._closed_off_at is None:
                self._failures += 1
                if self._failures >= self._failure_threshold:
                    self._close_off(probing=False)
            elif self._probing:
                self._close_off(probing=False)

    def _close_off(self, *, probing: bool) -> None:
        self._closed_off_at = self._clock()
        self._probing = probing

    def _rested(self, since: float) -> bool:
        # A time before `since` is that of a clock that went back: how long to wait is unknown.
        return not 0 <= self._clock() - since < self._reset_timeout
