"""Retries are a small part of all traffic, whatever happens."""

from __future__ import annotations

import copy
import pickle
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powens import RetryBudget


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def spend(budget: RetryBudget, times: int = 10_000) -> int:
    """How many retries there are."""
    return sum(budget.allow_retry() for _ in range(times))


def test_a_program_with_few_calls_has_a_reserve(clock: Clock) -> None:
    budget = RetryBudget(clock=clock)
    budget.record_call()
    assert spend(budget) == 10
    clock.time += 59.9
    assert spend(budget) == 0
    clock.time += 3
    assert spend(budget) == 10


@pytest.mark.parametrize(
    ("ratio", "reserve", "calls", "retries"),
    [
        (0.1, 10, 100, 10),
        (0.1, 10, 101, 10),
        (0.1, 10, 110, 10),
        (0.1, 10, 111, 11),
        (0.1, 10, 1000, 99),
        (0.1, 0, 1000, 99),
        (0.1, 0, 10, 0),
        (0.5, 3, 4, 3),
        (0, 0, 1000, 0),
        (0, 2, 1000, 2),
        (1, 0, 1000, 999),
    ],
)
def test_the_rest_is_a_part_of_all_calls(
    clock: Clock, ratio: float, reserve: int, calls: int, retries: int
) -> None:
    budget = RetryBudget(ratio=ratio, reserve=reserve, clock=clock)
    for _ in range(calls):
        budget.record_call()
    assert spend(budget) == retries


def test_a_minute_of_outage_has_less_than_a_tenth_of_retries(clock: Clock) -> None:
    budget = RetryBudget(clock=clock)
    calls: list[float] = []
    retries: list[float] = []
    for tick in range(20_000):  # ten minutes of 20 calls a second, each with two retries to make
        clock.time = 7.3 + tick * 0.03
        calls.append(clock.time)
        budget.record_call()
        retries += [clock.time for _ in range(2) if budget.allow_retry()]
    for begin in range(60, 540, 7):
        minute = [sum(begin <= at < begin + 60 for at in times) for times in (calls, retries)]
        assert 0.08 * minute[0] < minute[1] < 0.1 * minute[0]


@given(
    events=st.lists(
        st.tuples(st.sampled_from(["call", "retry"]), st.floats(0, 20)), min_size=1, max_size=300
    ),
    ratio=st.floats(0, 1),
    reserve=st.integers(0, 5),
)
def test_no_window_has_more(events: list[tuple[str, float]], ratio: float, reserve: int) -> None:
    clock = Clock()
    budget = RetryBudget(ratio=ratio, reserve=reserve, window=30, clock=clock)
    calls: list[float] = []
    retries: list[float] = []
    for kind, pause in events:
        clock.time += pause
        if kind == "call":
            budget.record_call()
            calls.append(clock.time)
        elif budget.allow_retry():
            retries.append(clock.time)
            since = clock.time - 30
            allowed = ratio * sum(at > since for at in calls)
            recent = sum(at > since for at in retries)
            assert recent <= reserve or recent < allowed


def test_a_part_of_the_window_begins_on_the_dot(clock: Clock) -> None:
    budget = RetryBudget(ratio=1, reserve=0, window=60, clock=clock)
    clock.time = 1.0  # a sixtieth of the window after the budget was made
    for _ in range(3):
        budget.record_call()
    clock.time = 60.5
    assert budget.allow_retry()


def test_a_part_of_the_window_ends_on_the_dot(clock: Clock) -> None:
    budget = RetryBudget(ratio=0, reserve=1, window=60, clock=clock)
    assert budget.allow_retry()
    clock.time = 60.99
    assert not budget.allow_retry()
    clock.time = 61.0
    assert budget.allow_retry()


def test_all_threads_share_it(clock: Clock) -> None:
    budget = RetryBudget(ratio=0, reserve=500, clock=clock)
    spent: list[int] = []
    threads = [threading.Thread(target=lambda: spent.append(spend(budget, 1000))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(spent) == 500


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))]
)
def test_a_copy_has_the_settings_and_counts_for_itself(duplicate: Any) -> None:
    budget = RetryBudget(ratio=0.5, reserve=3, window=7.0)
    for _ in range(100):
        budget.record_call()
    assert spend(duplicate(budget)) == 3
    other = duplicate(budget)
    for _ in range(10):
        other.record_call()
    assert spend(other) == 4
    assert spend(budget) == 49


def test_it_begins_anew_in_a_child(clock: Clock) -> None:
    budget = RetryBudget(reserve=3, ratio=0, clock=clock)
    assert spend(budget) == 3
    budget.renew()
    assert spend(budget) == 3


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"ratio": -0.1}, ValueError),
        ({"ratio": 1.1}, ValueError),
        ({"ratio": float("nan")}, ValueError),
        ({"reserve": -1}, ValueError),
        ({"reserve": 1.5}, TypeError),
        ({"window": 0}, ValueError),
        ({"window": "60"}, TypeError),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match=f"^{next(iter(arguments))}"):
        RetryBudget(**arguments)
