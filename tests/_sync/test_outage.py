# Generated from tests/_async/test_outage.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""A long outage: retries stay few, and the breaker and the budget go together."""

from __future__ import annotations

import pytest

from powens import (
    PowensCircuitOpenError,
    PowensClient,
    PowensServiceUnavailableError,
    RetryBudget,
    RetryPolicy,
    ThresholdCircuitBreaker,
)

AT_ONCE = RetryPolicy(base_delay=0, jitter=0)
CALLS = 400


@pytest.fixture
def outage(serve):
    """A service that is down."""
    return serve(lambda visit: visit.answer({}, 503))


def fail(client):
    """Make a call that fails."""
    with pytest.raises(PowensServiceUnavailableError):
        client.users.me()


def test_retries_are_less_than_a_tenth_of_all_calls(outage):
    with PowensClient(
        base_url=outage.base_url, access_token="t0ken", retry_policy=AT_ONCE
    ) as client:
        # All views spend from one budget.
        views = [client.with_options(access_token=f"t0ken{n}") for n in range(7)]
        for number in range(CALLS):
            fail(views[number % len(views)])
        retries = len(outage.requests) - CALLS
        assert 0.05 * CALLS < retries < 0.1 * CALLS


def test_clients_may_share_a_budget(outage):
    budget = RetryBudget(ratio=0, reserve=3)
    clients = [
        PowensClient(
            base_url=outage.base_url,
            access_token="t0ken",
            retry_policy=AT_ONCE,
            retry_budget=budget,
        )
        for _ in range(2)
    ]
    for client in clients:
        with client:
            fail(client)
    assert len(outage.requests) == 2 + 3


def test_what_the_breaker_refuses_buys_no_retries(outage, clock):
    breaker = ThresholdCircuitBreaker(failure_threshold=1, reset_timeout=1000, clock=clock)
    budget = RetryBudget(ratio=1, reserve=0, clock=clock)
    with PowensClient(
        base_url=outage.base_url,
        access_token="t0ken",
        retry_policy=AT_ONCE,
        circuit_breaker=breaker,
        retry_budget=budget,
    ) as client:
        fail(client)
        for _ in range(100):
            with pytest.raises(PowensCircuitOpenError):
                client.users.me()
    assert len(outage.requests) == 1
    assert not budget.allow_retry()


def test_a_probe_that_fails_spends_no_retry_on_an_open_breaker(outage, clock):
    breaker = ThresholdCircuitBreaker(failure_threshold=2, reset_timeout=50, clock=clock)
    budget = RetryBudget(reserve=5, ratio=0, clock=clock)
    with PowensClient(
        base_url=outage.base_url,
        access_token="t0ken",
        retry_policy=AT_ONCE,
        circuit_breaker=breaker,
        retry_budget=budget,
    ) as client:
        with pytest.raises(PowensCircuitOpenError):  # the third attempt is refused
            client.users.me()
        assert len(outage.requests) == 2
        clock.time += 50
        with pytest.raises(PowensCircuitOpenError):
            client.users.me()
        assert len(outage.requests) == 3
        # The breaker ends a series of attempts sooner than the budget does.
        outage.script = lambda visit: visit.answer({"id": 1})
        clock.time += 50
        assert (client.users.me()).id == 1
        assert breaker.state == "closed"


def test_the_budget_comes_back_with_time(outage, clock):
    budget = RetryBudget(ratio=0, reserve=2, window=60, clock=clock)
    with PowensClient(
        base_url=outage.base_url,
        access_token="t0ken",
        retry_policy=AT_ONCE,
        retry_budget=budget,
    ) as client:
        for expected in (3, 4):
            fail(client)
            assert len(outage.requests) == expected
        clock.time += 62
        fail(client)
        assert len(outage.requests) == 7
