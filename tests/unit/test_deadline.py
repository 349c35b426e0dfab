"""Arithmetic of deadlines, on a clock that stands still."""

from __future__ import annotations

import pytest

from powens._deadline import after, earlier, has_passed, left, now

from ..conftest import Clock


@pytest.fixture(autouse=True)
def stopped(clock: Clock) -> Clock:
    """The clock of deadlines, at 1000."""
    return clock


def test_the_clock_is_the_one_of_deadlines(clock: Clock) -> None:
    assert now() == 1000.0
    clock.time = 1001.5
    assert now() == 1001.5


def test_what_may_take_some_seconds_ends_then() -> None:
    assert after(2.5) == 1002.5
    assert after(0.0) == 1000.0
    assert after(None) is None


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        (None, None, None),
        (1.0, None, 1.0),
        (None, 1.0, 1.0),
        (0.0, None, 0.0),
        (None, 0.0, 0.0),
        (1.0, 2.0, 1.0),
        (2.0, 1.0, 1.0),
        (0.0, 2.0, 0.0),
    ],
)
def test_the_first_of_two_deadlines_holds(
    one: float | None, other: float | None, first: float | None
) -> None:
    assert earlier(one, other) == first


@pytest.mark.parametrize(
    ("until", "seconds", "is_over"),
    [
        (None, None, False),
        (1000.5, 0.5, False),
        (1000.0, 0.0, True),
        (999.5, 0.0, True),
        (0.0, 0.0, True),
    ],
)
def test_what_is_left_is_never_less_than_nothing(
    until: float | None, seconds: float | None, is_over: bool
) -> None:
    assert left(until) == seconds
    assert has_passed(until) is is_over
