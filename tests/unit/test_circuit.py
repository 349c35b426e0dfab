"""Circuit breakers, by the clock of the test."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from powens.circuit import CircuitBreaker, NoOpCircuitBreaker, ThresholdCircuitBreaker

RESET = 30


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> ThresholdCircuitBreaker:
    return ThresholdCircuitBreaker(failure_threshold=3, reset_timeout=RESET, clock=clock)


def fail(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        assert breaker.allow_request()
        breaker.record_failure()


@pytest.fixture
def opened(breaker: ThresholdCircuitBreaker) -> ThresholdCircuitBreaker:
    fail(breaker, 3)
    return breaker


@pytest.fixture
def rested(opened: ThresholdCircuitBreaker, clock: Clock) -> ThresholdCircuitBreaker:
    clock.advance(RESET)
    return opened


def test_closed_it_allows_everything(breaker: ThresholdCircuitBreaker) -> None:
    assert breaker.state == "closed"
    assert all(breaker.allow_request() for _ in range(100))


def test_a_run_of_failures_opens_it(breaker: ThresholdCircuitBreaker) -> None:
    fail(breaker, 2)
    assert breaker.state == "closed"
    fail(breaker, 1)
    assert breaker.state == "open"
    assert not breaker.allow_request()


def test_a_success_starts_the_count_afresh(breaker: ThresholdCircuitBreaker) -> None:
    fail(breaker, 2)
    breaker.record_success()
    fail(breaker, 2)
    assert breaker.state == "closed"
    fail(breaker, 1)
    assert breaker.state == "open"


def test_old_failures_count_however_old_they_are(
    breaker: ThresholdCircuitBreaker, clock: Clock
) -> None:
    fail(breaker, 2)
    clock.advance(1e9)
    fail(breaker, 1)
    assert breaker.state == "open"


def test_open_it_refuses_until_the_reset_timeout_has_passed(
    opened: ThresholdCircuitBreaker, clock: Clock
) -> None:
    clock.advance(RESET - 0.001)
    assert opened.state == "open"
    assert not opened.allow_request()
    clock.advance(0.001)
    assert opened.state == "half_open"
    assert opened.allow_request()


def test_refusals_do_not_prolong_the_wait(opened: ThresholdCircuitBreaker, clock: Clock) -> None:
    for _ in range(RESET - 1):
        clock.advance(1)
        assert not opened.allow_request()
    clock.advance(1)
    assert opened.allow_request()


def test_only_one_probe_is_allowed(rested: ThresholdCircuitBreaker) -> None:
    assert [rested.allow_request() for _ in range(5)] == [True, False, False, False, False]
    assert rested.state == "half_open"


def test_to_look_is_not_to_ask(rested: ThresholdCircuitBreaker) -> None:
    assert [rested.state for _ in range(5)] == ["half_open"] * 5
    assert rested.allow_request()


def test_the_success_of_the_probe_closes_it(rested: ThresholdCircuitBreaker) -> None:
    rested.allow_request()
    rested.record_success()
    assert rested.state == "closed"
    fail(rested, 2)
    assert rested.state == "closed"


def test_the_failure_of_the_probe_opens_it_again(
    rested: ThresholdCircuitBreaker, clock: Clock
) -> None:
    rested.allow_request()
    clock.advance(10)
    rested.record_failure()
    assert rested.state == "open"
    clock.advance(RESET - 1)
    assert not rested.allow_request()
    clock.advance(1)
    assert rested.allow_request()


def test_an_abandoned_probe_is_given_up(rested: ThresholdCircuitBreaker, clock: Clock) -> None:
    assert rested.allow_request()
    clock.advance(RESET - 1)
    assert not rested.allow_request()
    clock.advance(1)
    assert [rested.allow_request(), rested.allow_request()] == [True, False]


def test_late_answers_from_before_it_opened_change_nothing(
    breaker: ThresholdCircuitBreaker, clock: Clock
) -> None:
    for _ in range(5):
        breaker.allow_request()
    for _ in range(3):
        breaker.record_failure()
    breaker.record_success()
    assert breaker.state == "open"
    clock.advance(RESET)
    breaker.record_success()
    breaker.record_failure()
    assert breaker.state == "half_open"
    assert breaker.allow_request()


@pytest.mark.parametrize("answer", ["record_success", "record_failure"])
def test_during_a_probe_an_answer_from_before_decides_as_nobody_can_tell(
    breaker: ThresholdCircuitBreaker, clock: Clock, answer: str
) -> None:
    breaker.allow_request()
    fail(breaker, 3)
    clock.advance(RESET)
    assert breaker.allow_request()
    getattr(breaker, answer)()
    assert breaker.state == {"record_success": "closed", "record_failure": "open"}[answer]


def test_the_answer_of_a_probe_given_up_decides_about_the_next(
    rested: ThresholdCircuitBreaker, clock: Clock
) -> None:
    assert rested.allow_request()
    clock.advance(RESET)
    assert rested.allow_request()
    rested.record_failure()
    rested.record_success()
    assert rested.state == "open"
    clock.advance(RESET)
    assert rested.allow_request()
    rested.record_success()
    rested.record_failure()
    assert rested.state == "closed"


@pytest.mark.parametrize("back", [0.001, 1e9])
def test_a_clock_that_goes_back_makes_the_next_attempt_the_probe(
    opened: ThresholdCircuitBreaker, clock: Clock, back: float
) -> None:
    clock.advance(-back)
    assert opened.state == "half_open"
    assert [opened.allow_request(), opened.allow_request()] == [True, False]
    clock.advance(-back)
    assert [opened.allow_request(), opened.allow_request()] == [True, False]
    opened.record_failure()
    clock.advance(RESET - 1)
    assert not opened.allow_request()


def test_a_threshold_of_one_opens_at_once(clock: Clock) -> None:
    breaker = ThresholdCircuitBreaker(failure_threshold=1, reset_timeout=0.5, clock=clock)
    fail(breaker, 1)
    assert not breaker.allow_request()
    clock.advance(0.5)
    assert breaker.allow_request()


def test_the_clock_of_the_machine_is_the_default() -> None:
    breaker = ThresholdCircuitBreaker(failure_threshold=1, reset_timeout=1e9)
    fail(breaker, 1)
    assert breaker.state == "open"


def test_the_defaults_are_five_failures_and_half_a_minute(clock: Clock) -> None:
    breaker = ThresholdCircuitBreaker(clock=clock)
    fail(breaker, 5)
    assert not breaker.allow_request()
    clock.advance(29.9)
    assert not breaker.allow_request()
    clock.advance(0.1)
    assert breaker.allow_request()


@pytest.mark.parametrize("failure_threshold", [0, -1, float("nan")])
def test_a_threshold_that_is_not_positive_is_refused(failure_threshold: int) -> None:
    with pytest.raises(ValueError, match=r"^failure_threshold"):
        ThresholdCircuitBreaker(failure_threshold=failure_threshold)


@pytest.mark.parametrize("reset_timeout", [0, -1.5, float("nan")])
def test_a_timeout_that_is_not_positive_is_refused(reset_timeout: float) -> None:
    with pytest.raises(ValueError, match=r"^reset_timeout"):
        ThresholdCircuitBreaker(reset_timeout=reset_timeout)


def test_its_repr_shows_its_state(opened: ThresholdCircuitBreaker, clock: Clock) -> None:
    assert repr(opened) == "<ThresholdCircuitBreaker open>"
    clock.advance(RESET)
    assert repr(opened) == "<ThresholdCircuitBreaker half_open>"
    opened.allow_request()
    opened.record_success()
    assert repr(opened) == "<ThresholdCircuitBreaker closed>"


class Named(ThresholdCircuitBreaker):
    """What a user may make of it."""

    def __init__(self, name: str, **settings: object) -> None:
        super().__init__(**settings)
        self.name = name


def pickled(value: object) -> object:
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickled])
def test_a_copy_has_the_settings_and_begins_closed(duplicate: Callable[[object], object]) -> None:
    breaker = Named("bank", failure_threshold=2, reset_timeout=1e9)
    fail(breaker, 1)
    other = duplicate(breaker)
    assert (type(other), other.name) == (Named, "bank")
    fail(other, 1)
    assert other.state == "closed"
    fail(other, 1)
    assert (other.state, breaker.state) == ("open", "closed")
    assert duplicate(other).state == "closed"
    assert duplicate(duplicate(other)).state == "closed"


def test_a_copy_keeps_the_reset_timeout_and_the_clock(
    opened: ThresholdCircuitBreaker, clock: Clock
) -> None:
    other = copy.copy(opened)
    fail(other, 3)
    clock.advance(RESET - 1)
    assert other.state == "open"
    clock.advance(1)
    assert other.state == "half_open"


def test_what_is_pickled_has_no_history(opened: ThresholdCircuitBreaker, clock: Clock) -> None:
    breaker = Named("bank")
    before = pickle.dumps(breaker)
    fail(breaker, 5)
    assert pickle.dumps(breaker) == before


def test_a_probe_under_way_is_history(clock: Clock) -> None:
    breaker = ThresholdCircuitBreaker(failure_threshold=1, reset_timeout=RESET, clock=clock)
    before = breaker.__getstate__()
    fail(breaker, 1)
    clock.advance(RESET)
    assert breaker.allow_request()
    assert breaker.__getstate__() == before


def test_a_clock_that_does_not_pickle_is_named() -> None:
    breaker = ThresholdCircuitBreaker(clock=lambda: 0.0)
    with pytest.raises((pickle.PicklingError, AttributeError), match=r"is_named.<locals>.<lambda>"):
        pickle.dumps(breaker)


def test_a_forgotten_attempt_may_be_collected_while_the_breaker_is_busy() -> None:
    async def attempt() -> None:
        try:
            await Never()
        except BaseException:
            breaker.record_failure()
            raise

    class Never:
        def __await__(self) -> object:
            yield

    def forget_an_attempt() -> None:
        knot: list[object] = [attempt()]
        knot[0].send(None)
        knot.append(knot)

    def clock() -> float:
        gc.collect()
        return time.monotonic()

    breaker = ThresholdCircuitBreaker(failure_threshold=1, reset_timeout=1e9, clock=clock)
    worker = threading.Thread(target=breaker.record_failure, daemon=True)
    forget_an_attempt()
    worker.start()
    worker.join(10)
    assert not worker.is_alive()
    assert breaker.state == "open"


class UsersBreaker:
    """Fits the protocol without knowing of it."""

    def allow_request(self) -> bool:
        return False

    def record_success(self) -> None: ...

    def record_failure(self) -> None: ...


@pytest.mark.parametrize("cls", [NoOpCircuitBreaker, ThresholdCircuitBreaker, UsersBreaker])
def test_it_is_a_circuit_breaker(cls: Callable[[], object]) -> None:
    assert isinstance(cls(), CircuitBreaker)
    assert not isinstance(object(), CircuitBreaker)


def test_the_one_that_does_nothing_allows_everything() -> None:
    breaker = NoOpCircuitBreaker()
    fail(breaker, 1000)
    breaker.record_success()
    assert breaker.allow_request()


def race(runners: int, run: Callable[[], object]) -> list[object]:
    """Run a function in many threads that start at one moment; give what each one got."""
    barrier = threading.Barrier(runners)
    results: list[object] = []

    def runner() -> None:
        barrier.wait()
        results.append(run())

    threads = [threading.Thread(target=runner) for _ in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("answer", ["record_failure", "nothing"])
def test_of_many_threads_one_is_the_probe(
    rested: ThresholdCircuitBreaker, clock: Clock, answer: str
) -> None:
    for _ in range(20):
        results = race(32, lambda: [rested.allow_request() for _ in range(20)].count(True))
        assert sorted(results) == [0] * 31 + [1]
        if answer == "record_failure":
            rested.record_failure()
            assert not rested.allow_request()
        clock.advance(RESET)


def test_threads_that_call_and_report_open_probe_and_close_it(clock: Clock) -> None:
    breaker = ThresholdCircuitBreaker(failure_threshold=5, reset_timeout=RESET, clock=clock)
    is_up = False

    def call() -> int:
        sent = 0
        for _ in range(50):
            if breaker.allow_request():
                sent += 1
                (breaker.record_success if is_up else breaker.record_failure)()
        return sent

    sent = sum(race(32, call))
    assert 5 <= sent <= 5 - 1 + 32, "each thread may have had one attempt under way"
    for _ in range(5):
        clock.advance(RESET)
        assert sum(race(32, call)) == 1
    clock.advance(RESET)
    is_up = True
    race(32, call)
    assert breaker.state == "closed"
    assert sum(race(32, call)) == 32 * 50


def test_no_failure_is_lost_among_threads(clock: Clock) -> None:
    breaker = ThresholdCircuitBreaker(failure_threshold=16 * 200, clock=clock)

    def fail_often() -> None:
        for _ in range(200 - 1):
            breaker.record_failure()

    race(16, fail_often)
    assert breaker.state == "closed"
    fail(breaker, 15)
    assert breaker.state == "closed"
    fail(breaker, 1)
    assert breaker.state == "open"


class AnyHistory(RuleBasedStateMachine):
    """Whatever happens in whatever order, the breaker does what three rules say.

    The model keeps the moments of what happened, the breaker the state that they lead to.
    """

    THRESHOLD = 3

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.breaker = ThresholdCircuitBreaker(
            failure_threshold=self.THRESHOLD, reset_timeout=RESET, clock=self.clock
        )
        self.failures_in_a_row = 0
        self.opened_at: float | None = None
        self.probe_began_at: float | None = None

    def seconds_to_wait(self) -> float:
        if self.opened_at is None:
            return 0.0
        since = self.opened_at if self.probe_began_at is None else self.probe_began_at
        return max(0.0, since + RESET - self.clock.now) if self.clock.now >= since else 0.0

    @rule(seconds=st.integers(0, RESET + 5))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(seconds=st.integers(1, RESET + 5))
    def the_clock_goes_back(self, seconds: int) -> None:
        self.clock.advance(-seconds)

    @rule()
    def a_caller_asks(self) -> None:
        expected = self.seconds_to_wait() == 0
        assert self.breaker.allow_request() is expected
        if expected and self.opened_at is not None:
            self.probe_began_at = self.clock.now

    @rule()
    def an_attempt_succeeds(self) -> None:
        self.breaker.record_success()
        if self.opened_at is None or self.probe_began_at is not None:
            self.failures_in_a_row = 0
            self.opened_at = self.probe_began_at = None

    @rule()
    def an_attempt_fails(self) -> None:
        self.breaker.record_failure()
        if self.probe_began_at is not None:
            self.opened_at, self.probe_began_at = self.clock.now, None
        elif self.opened_at is None:
            self.failures_in_a_row += 1
            if self.failures_in_a_row == self.THRESHOLD:
                self.opened_at = self.clock.now

    @precondition(lambda self: self.opened_at is not None)
    @rule()
    def patience_is_always_rewarded(self) -> None:
        self.clock.advance(self.seconds_to_wait())
        assert self.breaker.allow_request()
        assert not self.breaker.allow_request()
        self.breaker.record_success()
        assert self.breaker.state == "closed"
        self.failures_in_a_row = 0
        self.opened_at = self.probe_began_at = None

    @invariant()
    def it_says_where_it_stands(self) -> None:
        if self.opened_at is None:
            expected = "closed"
        elif self.probe_began_at is not None or self.seconds_to_wait() == 0:
            expected = "half_open"
        else:
            expected = "open"
        assert self.breaker.state == expected


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(deadline=None, max_examples=100, stateful_step_count=40)
