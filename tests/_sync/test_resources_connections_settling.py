# Generated from tests/_async/test_resources_connections_settling.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Waiting for a connection that the API is still at work on."""

from __future__ import annotations

import math

import httpx
import pytest

from powens import (
    ConnectionResolution,
    ConnectionState,
    PowensAuthError,
    PowensNotFoundError,
    PowensServerError,
    PowensServiceUnavailableError,
    PowensTimeoutError,
    RetryPolicy,
)

AT_ONCE = RetryPolicy(base_delay=0, jitter=0, max_delay=0)
WORKING = {"id": 5, "state": "validating"}
DONE = {"id": 5, "state": None}


def test_it_reads_until_nothing_is_left_to_wait_for(api, connect, clock):
    api.answers(WORKING, WORKING, DONE)
    with connect() as client:
        connection = client.connections.wait_until_settled(connection_id=5)
    assert connection.resolution is ConnectionResolution.NOTHING
    assert api.targets == ["/users/me/connections/5"] * 3
    assert clock.waits == [2, 2]


def test_the_time_between_two_readings_is_up_to_the_caller(api, connect, clock):
    api.answers(WORKING, WORKING, DONE)
    with connect() as client:
        client.connections.wait_until_settled(connection_id=5, user_id=7, poll_interval=0.5)
    assert api.targets == ["/users/7/connections/5"] * 3
    assert clock.waits == [0.5, 0.5]


@pytest.mark.parametrize(
    "state",
    [None, "", "null", "new state", *(s for s in ConnectionState if s != "validating")],
    ids=repr,
)
def test_every_other_state_ends_the_wait(state, api, connect, clock):
    api.answers(WORKING, {"id": 5, "state": state})
    with connect() as client:
        connection = client.connections.wait_until_settled(connection_id=5)
    assert connection.state == state
    assert api.count == 2


def test_the_older_name_of_the_state_is_waited_for_as_well(api, connect, clock):
    api.answers({"id": 5, "error": "validating"}, {"id": 5, "error": "wrongpass"})
    with connect() as client:
        connection = client.connections.wait_until_settled(connection_id=5)
    assert connection.resolution is ConnectionResolution.NEW_CREDENTIALS


def test_a_connection_that_is_settled_is_read_once(api, connect, clock):
    api.answers({"connection": DONE, "message": "all is well"})
    with connect() as client:
        assert (client.connections.wait_until_settled(connection_id=5)).id == 5
    assert api.count == 1
    assert clock.waits == []


# --- Time limits ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("timeout", "deadline"), [(10, None), (10, 60), (60, 10), (None, 10), (10.0, 10)]
)
def test_the_wait_is_over_at_its_limit_and_at_the_deadline(timeout, deadline, api, connect, clock):
    api.answers(WORKING)
    with connect(deadline=deadline) as client:
        with pytest.raises(PowensTimeoutError, match="the time to wait is over"):
            client.connections.wait_until_settled(connection_id=5, timeout=timeout, poll_interval=4)
    # There is no point in waiting for a time at which nothing may be read any more.
    assert clock.waits == [4, 4]
    # A reading does not take longer than what is left.
    assert api.timeouts == [10, 6, 2]


def test_it_waits_for_five_minutes_when_nothing_else_is_said(api, connect, clock):
    api.answers(WORKING)
    with connect() as client:
        with pytest.raises(PowensTimeoutError):
            client.connections.wait_until_settled(connection_id=5, poll_interval=100)
    assert clock.waits == [100, 100]


def test_it_waits_for_ever_when_it_is_told_to(api, connect, clock):
    api.answers(*[WORKING] * 100, DONE)
    with connect() as client:
        client.connections.wait_until_settled(connection_id=5, timeout=None, poll_interval=1000)
    assert clock.waits == [1000] * 100
    assert set(api.timeouts) == {30}


def test_the_deadline_is_that_of_the_view(api, connect, clock):
    api.answers(WORKING)
    with connect() as client:
        with pytest.raises(PowensTimeoutError):
            client.with_options(deadline=5).connections.wait_until_settled(connection_id=5)
    assert clock.waits == [2, 2]


@pytest.mark.parametrize("name", ["timeout", "poll_interval"])
@pytest.mark.parametrize(
    ("seconds", "error"),
    [
        *((seconds, ValueError) for seconds in (0, -1, math.inf, math.nan)),
        *((seconds, TypeError) for seconds in (True, "5", b"5")),
    ],
    ids=repr,
)
def test_a_time_is_a_positive_number(name, seconds, error, api, connect):
    with connect() as client:
        with pytest.raises(error, match=f"{name} must be"):
            client.connections.wait_until_settled(connection_id=5, **{name: seconds})
    assert api.count == 0


def test_there_is_always_a_time_between_two_readings(api, connect):
    with connect() as client:
        with pytest.raises(TypeError, match="poll_interval must be a number of seconds"):
            client.connections.wait_until_settled(connection_id=5, poll_interval=None)
    assert api.count == 0


# --- Failures ------------------------------------------------------------------------------------


def test_a_reading_that_fails_is_tried_again(api, connect, clock):
    api.answers(WORKING, 503, httpx.ReadTimeout("x"), WORKING, DONE)
    with connect(retry_policy=AT_ONCE) as client:
        connection = client.connections.wait_until_settled(connection_id=5)
    assert connection.state is None
    assert api.count == 5
    assert [seconds for seconds in clock.waits if seconds] == [2, 2]


def test_attempts_count_towards_the_limit(api, connect, clock):
    def slow(_):
        clock.time += 4
        return 503

    api.answers(WORKING, slow)
    with connect(retry_policy=RetryPolicy(max_attempts=50, base_delay=0, jitter=0)) as client:
        with pytest.raises(PowensServiceUnavailableError):
            client.connections.wait_until_settled(connection_id=5, timeout=8)
    assert api.timeouts == [8, 6, 2]


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, PowensNotFoundError), (401, PowensAuthError), (500, PowensServerError)],
)
def test_what_cannot_be_read_is_not_waited_for(status, error, api, connect, clock):
    api.answers(WORKING, status)
    with connect() as client:
        with pytest.raises(error):
            client.connections.wait_until_settled(connection_id=5)
    assert api.count == 2
