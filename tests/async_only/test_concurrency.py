"""Many calls at once on one client, and calls that are cancelled: what only the async half has."""

from __future__ import annotations

from collections import Counter

import anyio
import anyio.lowlevel
import httpx
import pytest

from powens import (
    AsyncPowensClient,
    PowensCircuitOpenError,
    PowensClient,
    PowensServiceUnavailableError,
    RetryBudget,
    RetryPolicy,
    ThresholdCircuitBreaker,
)

AT_ONCE = RetryPolicy(base_delay=0, jitter=0, max_delay=0)
ONCE = RetryPolicy(max_attempts=1)


class Log:
    """A breaker that allows everything and writes down what happens to it."""

    def __init__(self):
        self.events = []

    def allow_request(self):
        self.events.append("asked")
        return True

    def record_success(self):
        self.events.append("success")

    def record_failure(self):
        self.events.append("failure")


def connect(handler, **options):
    return AsyncPowensClient(
        domain="demo",
        access_token="t0ken",
        transport=httpx.MockTransport(handler),
        **{"retry_policy": AT_ONCE, "retry_budget": RetryBudget(reserve=1000), **options},
    )


async def cancel(call, once):
    """Begin a call, and cancel it once the event has come."""
    outcome = []

    async def run():
        try:
            outcome.append(await call())
        except BaseException as error:
            outcome.append(error)
            raise

    async with anyio.create_task_group() as group:
        group.start_soon(run)
        await once.wait()
        group.cancel_scope.cancel()
    (error,) = outcome
    assert isinstance(error, anyio.get_cancelled_exc_class())


async def test_concurrent_calls_have_their_own_attempts_and_errors():
    asked = Counter()

    async def answer(request):
        user_id = int(request.url.path.rpartition("/")[2])
        asked[user_id] += 1
        for _ in range(user_id % 5):
            await anyio.lowlevel.checkpoint()
        if user_id % 2 or asked[user_id] == 3:
            return httpx.Response(503 if user_id % 2 else 200, json=body(user_id))
        raise httpx.ReadError("x")

    def body(user_id):
        return {"id": user_id, "request_id": user_id}

    outcomes = {}
    async with connect(answer) as client:

        async def call(user_id):
            try:
                outcomes[user_id] = (await client.users.get(user_id=user_id)).id
            except PowensServiceUnavailableError as error:
                outcomes[user_id] = error.request_id

        async with anyio.create_task_group() as group:
            for user_id in range(30):
                group.start_soon(call, user_id)
    assert outcomes == {n: str(n) if n % 2 else n for n in range(30)}
    assert asked == dict.fromkeys(range(30), 3)


async def test_concurrent_calls_have_their_own_policies():
    asked = Counter()

    async def answer(request):
        asked[int(request.url.path.rpartition("/")[2])] += 1
        await anyio.lowlevel.checkpoint()
        return httpx.Response(503)

    async with connect(answer) as client:

        async def call(attempts):
            policy = RetryPolicy(base_delay=0, jitter=0, max_attempts=attempts)
            with pytest.raises(PowensServiceUnavailableError):
                await client.with_options(retry_policy=policy).users.get(user_id=attempts)

        async with anyio.create_task_group() as group:
            for attempts in range(1, 8):
                group.start_soon(call, attempts)
    assert asked == {attempts: attempts for attempts in range(1, 8)}


async def test_concurrent_listings_of_one_pager_do_not_meet():
    async def answer(request):
        await anyio.lowlevel.checkpoint()
        offset = int(request.url.params.get("offset", 0))
        rows = [{"id": n} for n in range(offset, min(offset + 10, 35))]
        return httpx.Response(200, json={"users": rows, "total": 35})

    found = []
    async with connect(answer) as client:
        pager = client.users.list(limit=10)

        async def walk():
            found.append([user.id async for user in pager])

        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(walk)
    assert found == [list(range(35))] * 5


async def test_concurrent_views_send_their_own_tokens():
    seen = {}

    async def answer(request):
        await anyio.lowlevel.checkpoint()
        seen[request.url.path.rpartition("/")[2]] = request.headers["authorization"]
        return httpx.Response(200, json={"id": 1})

    async with connect(answer) as client, anyio.create_task_group() as group:
        for number in range(10):
            view = client.with_options(access_token=f"token{number}")
            group.start_soon(lambda view=view, n=number: view.users.get(user_id=n))
    assert seen == {str(number): f"Bearer token{number}" for number in range(10)}


async def test_a_cancelled_attempt_is_a_failure_to_the_breaker():
    started = anyio.Event()

    async def hang(_):
        started.set()
        await anyio.sleep_forever()

    breaker = Log()
    async with connect(hang, circuit_breaker=breaker) as client:
        await cancel(client.users.me, started)
    assert breaker.events == ["asked", "failure"]


async def test_a_call_cancelled_between_attempts_ends_there(monkeypatch):
    waiting = anyio.Event()

    async def sleep(_):
        waiting.set()
        await anyio.sleep_forever()

    monkeypatch.setattr(anyio, "sleep", sleep)
    breaker = Log()
    async with connect(lambda _: httpx.Response(503), circuit_breaker=breaker) as client:
        await cancel(client.users.me, waiting)
    assert breaker.events == ["asked", "failure"]


@pytest.mark.parametrize("moment", ["attempt", "wait"])
async def test_a_cancelled_probe_leaves_the_breaker_usable(monkeypatch, clock, moment):
    stuck = anyio.Event()
    answers = iter([503, moment, 200])

    async def wait(_=None):
        stuck.set()
        await anyio.sleep_forever()

    async def answer(_):
        status = next(answers)
        if status == "attempt":
            await wait()
        return httpx.Response(503 if status == "wait" else status, json={"id": 1})

    monkeypatch.setattr(anyio, "sleep", wait)
    breaker = ThresholdCircuitBreaker(failure_threshold=1, reset_timeout=30, clock=clock)
    async with connect(answer, circuit_breaker=breaker) as client:
        once = client.with_options(retry_policy=ONCE)
        with pytest.raises(PowensServiceUnavailableError):
            await once.users.me()
        clock.time += 30
        assert breaker.state == "half_open"
        await cancel(client.users.me, stuck)
        assert breaker.state == "open"
        with pytest.raises(PowensCircuitOpenError):
            await once.users.me()
        clock.time += 30
        assert (await once.users.me()).id == 1
        assert breaker.state == "closed"


async def test_a_page_whose_call_was_cancelled_is_asked_for_again():
    started = anyio.Event()
    offsets = []

    async def answer(request):
        offsets.append(int(request.url.params.get("offset", 0)))
        if len(offsets) == 2:
            started.set()
            await anyio.sleep_forever()
        return httpx.Response(200, json={"users": [{"id": n} for n in range(5)[offsets[-1] :][:2]]})

    async with connect(answer) as client:
        walk = client.users.list().by_page()
        assert [user.id for user in await walk.__anext__()] == [0, 1]
        await cancel(walk.__anext__, started)
        assert [user.id for user in await walk.__anext__()] == [2]
    assert offsets == [0, 1, 1]


async def test_one_breaker_serves_both_surfaces():
    breaker = ThresholdCircuitBreaker(failure_threshold=2)
    with PowensClient(
        domain="demo",
        access_token="t0ken",
        retry_policy=ONCE,
        circuit_breaker=breaker,
        transport=httpx.MockTransport(lambda _: httpx.Response(503)),
    ) as blocking:
        async with connect(
            lambda _: httpx.Response(503), circuit_breaker=breaker, retry_policy=ONCE
        ) as client:
            with pytest.raises(PowensServiceUnavailableError):
                blocking.users.me()
            assert breaker.state == "closed"
            with pytest.raises(PowensServiceUnavailableError):
                await client.users.me()
            assert breaker.state == "open"
            with pytest.raises(PowensCircuitOpenError):
                blocking.users.me()
            with pytest.raises(PowensCircuitOpenError):
                await client.users.me()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_client_is_made_outside_of_any_event_loop(backend):
    client = connect(lambda _: httpx.Response(200, json={"id": 1, "users": []}))
    pager = client.users.list()

    async def main():
        async with client:
            assert (await client.users.me()).id == 1
            assert await pager.to_list() == []

    anyio.run(main, backend=backend)
