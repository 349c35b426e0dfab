# Generated from tests/_async/test_circuit_breaker.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""The breaker is asked before every attempt, and told what became of it."""

from __future__ import annotations

import httpx
import pytest

from powens import (
    CircuitBreaker,
    PowensCircuitOpenError,
    PowensError,
    PowensHTTPError,
    PowensSerializationError,
    PowensServiceUnavailableError,
    RetryPolicy,
    ThresholdCircuitBreaker,
)

USER = {"id": 1}
AT_ONCE = RetryPolicy(base_delay=0, jitter=0, max_delay=0)
ONCE = RetryPolicy(max_attempts=1)


class Log:
    """A breaker that writes down what happens to it, and allows what it is told to."""

    def __init__(self, *allowed):
        self.events = []
        self._allowed = iter(allowed)

    def allow_request(self):
        self.events.append("asked")
        return next(self._allowed, True)

    def record_success(self):
        self.events.append("success")

    def record_failure(self):
        self.events.append("failure")


def test_any_object_with_the_methods_will_do():
    assert isinstance(Log(), CircuitBreaker)


def test_a_breaker_that_counts_as_false_is_asked_all_the_same(api, connect):
    class Empty(Log):
        def __len__(self):
            return 0

    breaker = Empty(False)
    with connect(circuit_breaker=breaker) as client:
        with pytest.raises(PowensCircuitOpenError):
            client.users.me()
    assert breaker.events == ["asked"]
    assert api.count == 0


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        *[(status, "success") for status in (200, 204, 302, 400, 401, 403, 404, 409, 418)],
        *[(status, "failure") for status in (429, 500, 501, 502, 503, 504, 599)],
        (b"<html>no JSON</html>", "success"),
        (httpx.ConnectError("x"), "failure"),
        (httpx.ReadTimeout("x"), "failure"),
        (KeyError("x"), "failure"),
        (KeyboardInterrupt(), "failure"),
    ],
    ids=repr,
)
def test_an_answer_shows_that_the_service_is_up(api, connect, answer, outcome):
    api.answers(answer)
    breaker = Log()
    with connect(circuit_breaker=breaker, retry_policy=ONCE) as client:
        try:
            client.request("GET", "/x")
        except (PowensError, KeyError, KeyboardInterrupt) as error:
            failed = error
        else:
            failed = None
    assert breaker.events == ["asked", outcome]
    assert (failed is None) == (answer in (200, 204) or isinstance(answer, bytes))


def test_what_the_answer_says_is_not_the_matter_of_the_breaker(api, connect):
    api.answers(b"<html>no JSON</html>")
    breaker = Log()
    with connect(circuit_breaker=breaker) as client:
        with pytest.raises(PowensSerializationError):
            client.users.me()
    assert breaker.events == ["asked", "success"]


def test_it_is_asked_before_every_attempt(api, connect):
    api.answers(503, httpx.ReadError("x"), USER)
    breaker = Log()
    with connect(circuit_breaker=breaker, retry_policy=AT_ONCE) as client:
        client.users.me()
    assert breaker.events == ["asked", "failure", "asked", "failure", "asked", "success"]


def test_when_it_says_no_nothing_is_sent(api, connect):
    breaker = Log(False, False)
    with connect(circuit_breaker=breaker) as client:
        with pytest.raises(PowensCircuitOpenError, match="nothing was sent"):
            client.users.me()
        with pytest.raises(PowensCircuitOpenError):
            client.connectors.list().to_list()
        assert api.count == 0
        api.answers(USER)
        assert (client.users.me()).id == 1
    assert breaker.events == ["asked", "asked", "asked", "success"]


def test_when_it_says_no_in_the_middle_the_attempts_end(api, connect):
    api.answers(503)
    breaker = Log(True, False)
    with connect(circuit_breaker=breaker, retry_policy=AT_ONCE) as client:
        with pytest.raises(PowensCircuitOpenError):
            client.users.me()
    assert breaker.events == ["asked", "failure", "asked"]
    assert api.count == 1


def test_it_is_not_asked_for_what_is_not_sent(api, connect, clock):
    breaker = Log()
    client = connect(circuit_breaker=breaker, access_token=None, deadline=1)
    with pytest.raises(PowensError, match="needs an access token"):
        client.users.me()
    walk = client.connectors.list().by_page()
    clock.time += 1
    with pytest.raises(PowensError, match="the deadline has passed"):
        walk.__next__()
    client.close()
    with pytest.raises(PowensError, match="this client is closed"):
        client.connectors.list_all()
    assert breaker.events == []


def test_views_share_it(api, connect):
    api.answers(500, 500, USER)
    breaker = ThresholdCircuitBreaker(failure_threshold=2)
    with connect(circuit_breaker=breaker) as client:
        with pytest.raises(PowensHTTPError):
            client.users.me()
        with pytest.raises(PowensHTTPError):
            client.with_options(access_token="other").users.me()
        for caller in (client, client.with_options(), client.with_options(timeout=1)):
            with pytest.raises(PowensCircuitOpenError):
                caller.users.me()
    assert api.count == 2


def test_clients_may_share_it(api, connect):
    api.answers(500)
    breaker = ThresholdCircuitBreaker(failure_threshold=1)
    with connect(circuit_breaker=breaker) as one, connect(circuit_breaker=breaker) as two:
        with pytest.raises(PowensHTTPError):
            one.users.me()
        with pytest.raises(PowensCircuitOpenError):
            two.users.me()


def test_it_opens_rests_probes_and_closes(api, connect, clock):
    breaker = ThresholdCircuitBreaker(failure_threshold=2, reset_timeout=30, clock=clock)
    with connect(circuit_breaker=breaker, retry_policy=ONCE) as client:
        api.answers(503)
        for _ in range(2):
            with pytest.raises(PowensServiceUnavailableError):
                client.users.me()
        assert breaker.state == "open"
        clock.time += 29
        with pytest.raises(PowensCircuitOpenError):
            client.users.me()
        clock.time += 1
        with pytest.raises(PowensServiceUnavailableError):
            client.users.me()
        with pytest.raises(PowensCircuitOpenError):
            client.users.me()
        clock.time += 30
        api.answers(404)
        with pytest.raises(PowensHTTPError):
            client.users.me()
        assert breaker.state == "closed"


@pytest.mark.parametrize("interruption", [KeyError("mine"), KeyboardInterrupt()], ids=repr)
def test_an_interrupted_probe_leaves_it_usable(api, connect, clock, interruption):
    breaker = ThresholdCircuitBreaker(failure_threshold=1, reset_timeout=30, clock=clock)
    with connect(circuit_breaker=breaker, retry_policy=ONCE) as client:
        api.answers(503, interruption, USER)
        with pytest.raises(PowensServiceUnavailableError):
            client.users.me()
        clock.time += 30
        with pytest.raises(type(interruption)):
            client.users.me()
        assert breaker.state == "open"
        clock.time += 30
        assert (client.users.me()).id == 1
        assert breaker.state == "closed"


def test_attempts_that_open_it_end_there(api, connect):
    api.answers(503)
    breaker = ThresholdCircuitBreaker(failure_threshold=2)
    policy = RetryPolicy(base_delay=0, jitter=0, max_attempts=9)
    with connect(circuit_breaker=breaker, retry_policy=policy) as client:
        with pytest.raises(PowensCircuitOpenError):
            client.users.me()
    assert api.count == 2
