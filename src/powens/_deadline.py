"""Deadlines: points on a clock that never goes back, by which something must have ended.

None stands for no limit, of seconds as of deadlines.
"""

from __future__ import annotations

import time


def now() -> float:
    """Give the time on the clock of deadlines, in seconds."""
    return time.monotonic()


def after(seconds: float | None) -> float | None:
    """Give the deadline of what begins now and may take so many seconds."""
    return None if seconds is None else now() + seconds


def earlier(one: float | None, other: float | None) -> float | None:
    """Give the deadline that comes first."""
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)


def left(until: float | None) -> float | None:
    """Give the seconds until a deadline: 0 once it has passed."""
    return None if until is None else max(until - now(), 0.0)


def has_passed(until: float | None) -> bool:
    """Whether there is no time left."""
    return until is not None and now() >= until
