"""When a failed attempt is made again, and after how long."""

from __future__ import annotations

import random
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from powens.exceptions import (
    PowensCircuitOpenError,
    PowensConnectionError,
    PowensError,
    PowensHTTPError,
    PowensRateLimitError,
    PowensSerializationError,
    PowensServerError,
    PowensServiceUnavailableError,
    PowensTimeoutError,
    PowensWebhookError,
)
from powens.retry import RetryPolicy

SAFE_TO_REPEAT = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]
NOT_SAFE_TO_REPEAT = ["POST", "PATCH"]

WORTH_REPEATING = [
    PowensConnectionError("reset"),
    PowensTimeoutError("too slow"),
    PowensRateLimitError(status_code=429),
    PowensRateLimitError(status_code=429, retry_after=3600.0),
    PowensServerError(status_code=502),
    PowensServiceUnavailableError(status_code=503),
    PowensServerError(status_code=504),
]
NOT_WORTH_REPEATING = [
    PowensError("any other"),
    PowensSerializationError("a misfit"),
    PowensCircuitOpenError("open"),
    PowensWebhookError("forged"),
    *(
        PowensHTTPError(status_code=status)
        for status in (302, 400, 401, 403, 404, 408, 409, 418, 422, 425, 500, 501, 505, 520, 599)
    ),
    # What a server asks for does not change what the answer means.
    PowensServerError(status_code=500, retry_after=1.0),
]
NO_ANSWER = PowensConnectionError("reset")
STEADY = RetryPolicy(jitter=0.0)

seconds = st.floats(min_value=0, max_value=1e6)


def named(error: object) -> str:
    return f"{type(error).__name__}-{getattr(error, 'status_code', '')}"


@pytest.mark.parametrize("error", WORTH_REPEATING, ids=named)
def test_a_passing_failure_is_tried_again_where_that_is_safe(error: PowensError) -> None:
    answers = {method: STEADY.allows(method, error) for method in SAFE_TO_REPEAT}
    assert answers == dict.fromkeys(SAFE_TO_REPEAT, True)
    answers = {method: STEADY.allows(method, error) for method in NOT_SAFE_TO_REPEAT}
    assert answers == dict.fromkeys(NOT_SAFE_TO_REPEAT, False)


@pytest.mark.parametrize("error", WORTH_REPEATING, ids=named)
@pytest.mark.parametrize("method", SAFE_TO_REPEAT + NOT_SAFE_TO_REPEAT)
def test_who_opts_in_has_every_method_tried_again(method: str, error: PowensError) -> None:
    assert RetryPolicy(retry_non_idempotent=True).allows(method, error)


@pytest.mark.parametrize("error", NOT_WORTH_REPEATING, ids=named)
@pytest.mark.parametrize("method", SAFE_TO_REPEAT + NOT_SAFE_TO_REPEAT)
@pytest.mark.parametrize("opted_in", [True, False])
def test_a_lasting_failure_is_never_tried_again(
    opted_in: bool, method: str, error: PowensError
) -> None:
    assert not RetryPolicy(retry_non_idempotent=opted_in).allows(method, error)


def test_the_defaults_are_the_documented_ones() -> None:
    assert attrs.asdict(RetryPolicy()) == {
        "max_attempts": 3,
        "base_delay": 0.25,
        "max_delay": 5.0,
        "jitter": 0.1,
        "retry_non_idempotent": False,
        "max_elapsed": None,
    }


def test_delays_double_up_to_the_cap() -> None:
    delays = [STEADY.delay(attempt, NO_ANSWER) for attempt in range(1, 8)]
    assert delays == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]


@pytest.mark.parametrize("attempt", [64, 65, 66, 1024, 1025, 10**6, 10**400])
@pytest.mark.parametrize("base_delay", [0.25, 1e308])
def test_the_delay_of_a_huge_attempt_is_the_cap(attempt: int, base_delay: float) -> None:
    policy = RetryPolicy(base_delay=base_delay, max_delay=7.0)
    assert policy.delay(attempt, NO_ANSWER) == 7.0


def test_the_backoff_doubles_no_further_than_a_float_can_follow() -> None:
    policy = RetryPolicy(base_delay=1e-20, jitter=0.0, max_delay=1e9)
    assert policy.delay(65, NO_ANSWER) == policy.delay(66, NO_ANSWER) == 1e-20 * 2.0**64


def test_no_base_delay_is_no_backoff() -> None:
    policy = RetryPolicy(base_delay=0.0, jitter=0.0)
    assert [policy.delay(attempt, NO_ANSWER) for attempt in (1, 2, 10**6)] == [0.0, 0.0, 0.0]


@given(
    attempt=st.integers(1, 200),
    base_delay=seconds,
    max_delay=seconds,
    jitter=seconds,
    seed=st.integers(),
)
def test_jitter_adds_to_the_backoff_and_never_passes_the_cap(
    attempt: int, base_delay: float, max_delay: float, jitter: float, seed: int
) -> None:
    policy = RetryPolicy(base_delay=base_delay, max_delay=max_delay, jitter=jitter)
    backoff = attrs.evolve(policy, jitter=0.0).delay(attempt, NO_ANSWER)
    random.seed(seed)
    delay = policy.delay(attempt, NO_ANSWER)
    assert backoff <= delay <= min(backoff + jitter, max_delay)


def test_jitter_spreads() -> None:
    policy = RetryPolicy(base_delay=1.0, jitter=0.5)
    random.seed(1)
    delays = [policy.delay(1, NO_ANSWER) for _ in range(200)]
    assert len(set(delays)) > 100
    assert 1.0 <= min(delays) < 1.1
    assert 1.4 < max(delays) <= 1.5


@pytest.mark.parametrize(
    ("asked", "waited"), [(0.0, 0.0), (0.001, 0.001), (2.0, 2.0), (5.0, 5.0), (3600.0, 5.0)]
)
@pytest.mark.parametrize("attempt", [1, 5, 1000])
def test_what_the_api_asks_for_wins_up_to_the_cap(
    asked: float, waited: float, attempt: int
) -> None:
    error = PowensRateLimitError(status_code=429, retry_after=asked)
    assert RetryPolicy(jitter=0.5).delay(attempt, error) == waited


@pytest.mark.parametrize("retry_after", [float("inf"), 1e308])
def test_to_wait_for_ever_is_capped(retry_after: float) -> None:
    error = PowensServiceUnavailableError(status_code=503, retry_after=retry_after)
    assert STEADY.delay(1, error) == 5.0


def test_without_a_wish_of_the_api_the_backoff_holds() -> None:
    assert STEADY.delay(2, PowensRateLimitError(status_code=429)) == 0.5
    assert STEADY.delay(2, PowensServerError(status_code=502)) == 0.5


@pytest.mark.parametrize(
    "arguments",
    [
        {"max_attempts": 0},
        {"max_attempts": -1},
        {"base_delay": -0.1},
        {"base_delay": float("nan")},
        {"max_delay": -1},
        {"max_delay": float("nan")},
        {"jitter": -0.001},
        {"jitter": float("nan")},
        {"max_elapsed": -1.0},
        {"max_elapsed": float("nan")},
    ],
    ids=str,
)
def test_a_number_out_of_range_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(arguments))):
        RetryPolicy(**arguments)


@pytest.mark.parametrize(
    "arguments",
    [{"max_attempts": 2.5}, {"max_attempts": "3"}, {"base_delay": "1"}, {"attempts": 3}],
)
def test_what_is_no_number_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        RetryPolicy(**arguments)


def test_arguments_are_named() -> None:
    with pytest.raises(TypeError):
        RetryPolicy(3)


@pytest.mark.parametrize("edge", [{"max_attempts": 1}, {"max_delay": 0}, {"max_elapsed": 0.0}])
def test_an_edge_is_in_range(edge: dict[str, Any]) -> None:
    (name,) = edge
    assert getattr(RetryPolicy(**edge), name) == edge[name]


def test_a_policy_is_a_value() -> None:
    assert RetryPolicy() == RetryPolicy(max_attempts=3)
    assert len({RetryPolicy(), RetryPolicy(), RetryPolicy(max_attempts=1)}) == 2
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        RetryPolicy().max_attempts = 9
