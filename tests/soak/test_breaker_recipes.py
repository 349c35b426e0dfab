"""Breakers of other libraries, adapted as docs/circuit-breakers.md says, through both clients."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import anyio
import httpx
import pytest
from purgatory import SyncCircuitBreakerFactory

from powens import AsyncPowensClient, CircuitBreaker, PowensClient, PowensError, RetryPolicy

WORKER = Path(__file__).with_name("worker.py")
REST = 1800.0
THRESHOLD = 3


class Caller:
    """Makes calls, over one client or the other, to an API that answers with a status at will."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.status = 200
        self.sent = 0

    def __call__(self, breaker: CircuitBreaker, status: int) -> str:
        """Make a call that would be answered with a status; give what came of it."""
        self.status = status
        self.sent = 0
        settings = {
            "base_url": "https://example.biapi.pro/2.0",
            "access_token": "t0ken",
            "retry_policy": RetryPolicy(max_attempts=1),
            "circuit_breaker": breaker,
            "transport": httpx.MockTransport(self._api),
        }
        try:
            if self.kind == "blocking":
                with PowensClient(**settings) as client:
                    client.users.me()
            else:
                anyio.run(self._async_call, settings, backend=self.kind)
        except PowensError as error:
            return f"{type(error).__name__}, {self.sent} sent"
        return f"ok, {self.sent} sent"

    @staticmethod
    async def _async_call(settings: dict[str, object]) -> None:
        async with AsyncPowensClient(**settings) as client:
            await client.users.me()

    def _api(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        return httpx.Response(self.status, json={"id": 1})


OK = "ok, 1 sent"
DOWN = "PowensServiceUnavailableError, 1 sent"
REFUSED = "PowensCircuitOpenError, 0 sent"


@pytest.fixture(params=["blocking", "asyncio", "trio"])
def call(request: pytest.FixtureRequest) -> Caller:
    return Caller(request.param)


class Purgatory:
    """The recipe for purgatory, by a clock of ours."""

    def __init__(self, module: object, patch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        clock = SimpleNamespace(time=lambda: self.now, monotonic=lambda: self.now)
        patch.setattr("purgatory.domain.model.time", clock)
        patch.setattr(module, "time", clock)
        factory = SyncCircuitBreakerFactory(default_threshold=THRESHOLD, default_ttl=REST)
        self.breaker = module.PurgatoryBreaker(factory, "powens")

    def let_the_rest_pass(self) -> None:
        self.now += REST + 1


class Pybreaker:
    """The recipe for pybreaker, over a Redis whose keys age at will."""

    def __init__(self, module: object, server: object) -> None:
        self.redis = module.hasty_redis(server.url)
        self.breaker = module.SharedBreaker(
            self.redis, "powens", fail_max=THRESHOLD, reset_timeout=REST
        )
        self.let_the_rest_pass = server.let_the_rest_pass


@pytest.fixture(params=["purgatory", "pybreaker"])
def adapted(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    recipe: Callable[[str], object],
) -> Iterator[Purgatory | Pybreaker]:
    if request.param == "purgatory":
        yield Purgatory(recipe("PurgatoryBreaker"), monkeypatch)
    else:
        server = request.getfixturevalue("server")
        pybreaker = Pybreaker(recipe("SharedBreaker"), server)
        yield pybreaker
        pybreaker.redis.close()


def trip(breaker: CircuitBreaker) -> None:
    for _ in range(THRESHOLD):
        assert breaker.allow_request()
        breaker.record_failure()
    assert not breaker.allow_request()


def test_it_opens_refuses_probes_and_closes(adapted, call) -> None:
    breaker = adapted.breaker
    assert isinstance(breaker, CircuitBreaker)
    assert [call(breaker, 503) for _ in range(2)] == [DOWN] * 2
    assert call(breaker, 200) == OK
    assert [call(breaker, 503) for _ in range(4)] == [DOWN] * 3 + [REFUSED]
    adapted.let_the_rest_pass()
    assert [call(breaker, 503), call(breaker, 503)] == [DOWN, REFUSED]
    adapted.let_the_rest_pass()
    assert [call(breaker, 200), call(breaker, 200)] == [OK, OK]
    assert [call(breaker, 503) for _ in range(4)] == [DOWN] * 3 + [REFUSED]


def test_an_answer_of_4xx_is_a_success(adapted, call) -> None:
    trip(adapted.breaker)
    adapted.let_the_rest_pass()
    assert call(adapted.breaker, 404) == "PowensNotFoundError, 1 sent"
    assert call(adapted.breaker, 200) == OK


def test_late_answers_from_before_it_opened_change_nothing(adapted) -> None:
    breaker = adapted.breaker
    for _ in range(THRESHOLD + 3):
        assert breaker.allow_request()
    for _ in range(THRESHOLD + 2):
        breaker.record_failure()
    breaker.record_success()
    assert not breaker.allow_request()
    adapted.let_the_rest_pass()
    assert breaker.allow_request()
    breaker.record_success()
    assert breaker.allow_request()


def test_a_probe_of_which_nothing_is_heard_is_given_up(adapted) -> None:
    trip(adapted.breaker)
    for _ in range(3):
        adapted.let_the_rest_pass()
        assert [adapted.breaker.allow_request() for _ in range(3)] == [True, False, False]
    adapted.breaker.record_success()
    assert [adapted.breaker.allow_request() for _ in range(3)] == [True, True, True]


def race(runners: int, run: Callable[[], object]) -> list[object]:
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


def test_of_many_threads_one_is_the_probe(adapted) -> None:
    trip(adapted.breaker)
    for _ in range(5):
        adapted.let_the_rest_pass()
        assert Counter(race(16, adapted.breaker.allow_request)) == {True: 1, False: 15}
        adapted.breaker.record_failure()


def test_no_failure_is_lost_among_threads(adapted) -> None:
    breaker = adapted.breaker
    race(THRESHOLD, breaker.record_failure)
    assert not breaker.allow_request()


def test_refusals_of_purgatory_do_not_pile_up(recipe, monkeypatch) -> None:
    breaker = Purgatory(recipe("PurgatoryBreaker"), monkeypatch).breaker
    trip(breaker)
    assert [breaker.allow_request() for _ in range(100)] == [False] * 100
    with pytest.raises(Exception, match="Circuit powens is open") as refusal:
        breaker._breaker.__enter__()
    assert len(refusal.traceback) < 10


@pytest.fixture
def workers(server, recipe, tmp_path) -> Iterator[list[Callable[[int], str]]]:
    """Three processes, each a function that makes a call there and gives what came of it."""
    recipe("SharedBreaker")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    processes = [
        subprocess.Popen(
            [sys.executable, str(WORKER), server.url, half],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for half in ("blocking", "async", "blocking")
    ]

    def caller(process: subprocess.Popen[str]) -> Callable[[int], str]:
        def call(status: int) -> str:
            process.stdin.write(f"{status}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        return call

    try:
        yield [caller(process) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.communicate()


SHARED_DOWN = "PowensServiceUnavailableError 503"
SHARED_REFUSED = "PowensCircuitOpenError"


@pytest.mark.parametrize("tripping", [0, 1])
def test_what_one_process_trips_is_open_to_none(workers, server, tripping) -> None:
    assert [call(200) for call in workers] == ["ok 200"] * 3
    assert [workers[tripping](503) for _ in range(4)] == [SHARED_DOWN] * 3 + [SHARED_REFUSED]
    assert [call(200) for call in workers] == [SHARED_REFUSED] * 3
    server.let_the_rest_pass()
    other = workers[tripping - 1]
    assert other(503) == SHARED_DOWN
    assert [call(200) for call in workers] == [SHARED_REFUSED] * 3
    server.let_the_rest_pass()
    assert other(200) == "ok 200"
    assert [call(200) for call in workers] == ["ok 200"] * 3


def test_failures_of_all_processes_count_together(workers) -> None:
    assert [call(503) for call in workers] == [SHARED_DOWN] * 3
    assert [call(200) for call in workers] == [SHARED_REFUSED] * 3


def test_one_probe_is_under_way_among_processes(workers, server, recipe) -> None:
    assert [call(503) for call in workers] == [SHARED_DOWN] * 3
    server.let_the_rest_pass()
    module = recipe("SharedBreaker")
    with module.hasty_redis(server.url) as redis:
        here = module.SharedBreaker(redis, "powens", fail_max=THRESHOLD, reset_timeout=REST)
        assert here.allow_request()
        assert [call(200) for call in workers] == [SHARED_REFUSED] * 3
        here.record_success()
    assert [call(200) for call in workers] == ["ok 200"] * 3


def test_without_redis_all_is_allowed_and_with_it_again_all_is_shared(workers, server) -> None:
    assert [call(503) for call in workers] == [SHARED_DOWN] * 3
    assert [call(200) for call in workers] == [SHARED_REFUSED] * 3
    server.stop()
    for _ in range(3):
        assert [call(503) for call in workers] == [SHARED_DOWN] * 3
    server.start()
    assert [call(200) for call in workers] == ["ok 200"] * 3
    assert [call(503) for call in workers] == [SHARED_DOWN] * 3
    assert [call(200) for call in workers] == [SHARED_REFUSED] * 3


def test_it_opens_again_by_the_clock_of_the_machine(server, recipe, call) -> None:
    module = recipe("SharedBreaker")
    with module.hasty_redis(server.url) as redis:
        breaker = module.SharedBreaker(redis, "powens", fail_max=1, reset_timeout=2)
        assert call(breaker, 503) == DOWN
        assert call(breaker, 200) == REFUSED
        deadline = time.monotonic() + 20
        while (outcome := call(breaker, 200)) == REFUSED:
            assert time.monotonic() < deadline
        assert outcome == OK
        assert call(breaker, 200) == OK


def test_a_redis_that_is_not_there_at_first_stops_nothing(server, recipe, call, caplog) -> None:
    server.stop()
    module = recipe("SharedBreaker")
    with module.hasty_redis(server.url) as redis:
        breaker = module.SharedBreaker(redis, "powens", fail_max=1, blind_for=3600)
        assert [call(breaker, 503) for _ in range(3)] == [DOWN] * 3
        (warning,) = [it for it in caplog.records if it.name == "powens.breaker"]
        assert warning.getMessage() == "ConnectionError: everything is allowed for 3600 s"
        server.start()
        assert [call(breaker, 503) for _ in range(3)] == [DOWN] * 3, "it is not asked for a while"
        assert server.redis.keys() == []
        breaker._blind_until = 0.0
        assert [call(breaker, 503), call(breaker, 200)] == [DOWN, REFUSED]


def test_a_redis_that_hangs_holds_no_call_up_for_long(server, recipe, call) -> None:
    module = recipe("SharedBreaker")
    with module.hasty_redis(server.url) as redis:
        breaker = module.SharedBreaker(redis, "powens", fail_max=1, reset_timeout=REST)
        assert call(breaker, 503) == DOWN
        assert call(breaker, 503) == REFUSED
        server.signal(signal.SIGSTOP)
        try:
            started = time.monotonic()
            assert [call(breaker, 503) for _ in range(5)] == [DOWN] * 5
            assert time.monotonic() - started < 2
        finally:
            server.signal(signal.SIGCONT)


@pytest.mark.parametrize("value", ["nonsense", b"\xff"])
def test_nonsense_in_redis_stops_nothing(server, recipe, call, value) -> None:
    server.redis.set("powens:pybreaker:state", value)
    module = recipe("SharedBreaker")
    with module.hasty_redis(server.url) as redis:
        breaker = module.SharedBreaker(redis, "powens", fail_max=1, blind_for=0)
        assert [call(breaker, 503) for _ in range(3)] == [DOWN] * 3


def test_it_asks_redis_as_seldom_as_the_page_says(server, recipe) -> None:
    module = recipe("SharedBreaker")

    def commands_of(ask: Callable[[], object]) -> int:
        before = server.redis.info("commandstats")
        ask()
        after = server.redis.info("commandstats")
        calls = Counter({name: told["calls"] for name, told in after.items()})
        calls.subtract({name: told["calls"] for name, told in before.items()})
        return calls.total() - calls["cmdstat_info"]

    with module.hasty_redis(server.url) as redis:
        breaker = module.SharedBreaker(redis, "powens", fail_max=3, reset_timeout=REST)
        breaker.allow_request()
        breaker.record_success()
        assert commands_of(breaker.allow_request) == 2
        assert commands_of(breaker.record_success) <= 5
        assert commands_of(breaker.record_failure) <= 5


def test_the_page_runs_from_top_to_bottom(server, page, monkeypatch, capsys) -> None:
    monkeypatch.setenv("REDIS_URL", server.url)
    names: dict[str, object] = {"__name__": "page"}
    exec(compile(page, "docs/circuit-breakers.md", "exec"), names)
    printed = capsys.readouterr().out.splitlines()
    assert printed[:5] == ["503"] * 5
    assert "nothing was sent" in printed[5]
    for name in ("circuit_breaker", "shared_breaker"):
        assert isinstance(names[name], CircuitBreaker)
        assert names[name].allow_request()
    assert isinstance(names["AlwaysOpen"](), CircuitBreaker)
    names["redis"].close()
