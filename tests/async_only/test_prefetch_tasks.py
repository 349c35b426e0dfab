"""Pages that are fetched ahead, by a task: cancelled anywhere, it is gone with its block."""

from __future__ import annotations

import asyncio
import threading

import anyio
import httpx
import pytest

from powens import AsyncPowensClient, RetryPolicy

from ..peer import Peer
from ..soaking import scale
from .test_cancellation import WAYS, ask, busy, connect, left_over, start, tasks

__all__ = ["start"]

ONCE = RetryPolicy(max_attempts=1)


class Log:
    """A breaker that writes down what it hears."""

    def __init__(self):
        self.events = []

    def allow_request(self):
        self.events.append("asked")
        return True

    def record_success(self):
        self.events.append("success")

    def record_failure(self):
        self.events.append("failure")


class Rows:
    """A transport that has one row in a page, and does not answer the second request for long."""

    def __init__(self, second=anyio.sleep_forever):
        self.offsets = []
        self.arrived = anyio.Event()
        self.second = second

    async def __call__(self, request):
        offset, limit = (int(request.url.params.get(name, 0)) for name in ("offset", "limit"))
        self.offsets.append(offset)
        if len(self.offsets) == 2:
            self.arrived.set()
            await self.second()
        rows = [{"id": number} for number in range(3)][offset:][:limit]
        return httpx.Response(200, json={"users": rows, "total": 3})

    def client(self, **options):
        return AsyncPowensClient(
            domain="demo",
            access_token="t0ken",
            retry_policy=ONCE,
            transport=httpx.MockTransport(self),
            **options,
        )


async def read(client):
    async with client.users.list(limit=1).by_page(prefetch=1) as pages:
        found = [row.id async for page in pages for row in page]
    assert found == [1, 2, 3]


@pytest.mark.parametrize("way", [*WAYS][: scale(4, 7)])
@pytest.mark.parametrize("kind", ["plain", "TLS"])
def test_a_walk_that_is_cancelled_at_any_point_leaves_nothing(start, kind, way):
    backend, cancel, times = WAYS[way]
    points = []

    async def main(peer):
        before = tasks()
        for number in range(1, 1000):
            async with connect(peer, max_connections=1) as client:
                was_cancelled = await cancel(lambda c=client: read(c), number, times)
                assert busy(client) == 0
                assert tasks() == before
                with anyio.fail_after(10):
                    await ask(client, "quick")
            points.append(number)
            if not was_cancelled:
                return

    before = left_over()
    with start(kind) as peer:
        anyio.run(main, peer, backend=backend)
    assert left_over() == before
    assert len(points) > 3


async def test_a_wait_that_is_cancelled_ends_and_the_request_goes_on():
    go_on = anyio.Event()
    rows = Rows(go_on.wait)
    async with (
        rows.client() as client,
        client.users.list(limit=1).by_page(prefetch=1) as pages,
    ):
        await pages.__anext__()
        await rows.arrived.wait()
        for _ in range(2):
            with anyio.move_on_after(0) as scope:
                await pages.__anext__()
            assert scope.cancelled_caught
        go_on.set()
        assert [row.id for row in await pages.__anext__()] == [1]
    assert rows.offsets == [0, 0, 1][: len(rows.offsets)]


async def test_cancelling_the_block_ends_the_request():
    rows = Rows()
    before = tasks()
    async with rows.client() as client:
        with anyio.CancelScope() as scope:
            async with client.users.list(limit=1).by_page(prefetch=1) as pages:
                await pages.__anext__()
                await rows.arrived.wait()
                scope.cancel()
                await anyio.sleep_forever()
        assert scope.cancelled_caught
        assert tasks() == before


async def test_leaving_before_the_request_began_sends_none():
    rows = Rows()
    async with rows.client() as client:
        async with client.users.list(limit=1).by_page(prefetch=1) as pages:
            await pages.__anext__()
        assert len(rows.offsets) == 1


async def test_a_block_may_be_left_within_another_that_is_cancelled():
    rows, breaker = Rows(), Log()
    async with rows.client(circuit_breaker=breaker) as client:
        with anyio.CancelScope() as scope:
            async with client.users.list(limit=1).by_page(prefetch=1) as pages:
                await pages.__anext__()
                await rows.arrived.wait()
                scope.cancel()
        assert len(rows.offsets) == 2
    assert breaker.events == ["asked", "success", "asked", "success"]


async def test_what_is_given_up_while_the_caller_waits_is_a_failure():
    rows, breaker = Rows(), Log()
    async with (
        rows.client(circuit_breaker=breaker) as client,
        client.users.list(limit=1).by_page(prefetch=1) as pages,
    ):
        await pages.__anext__()
        await rows.arrived.wait()
        with anyio.move_on_after(0):
            await pages.__anext__()
    assert breaker.events == ["asked", "success", "asked", "failure"]


async def test_another_task_may_take_the_pages():
    rows = Rows(anyio.lowlevel.checkpoint)
    found = []
    async with (
        rows.client() as client,
        client.users.list(limit=1).by_page(prefetch=1) as pages,
    ):

        async def take():
            found.extend([row.id async for page in pages for row in page])

        async with anyio.create_task_group() as group:
            group.start_soon(take)
    assert found == [0, 1, 2]


async def test_another_task_that_waits_when_the_block_is_left_asks_itself():
    rows = Rows()
    found = []
    async with (
        rows.client() as client,
        anyio.create_task_group() as group,
        client.users.list(limit=1).by_page(prefetch=1) as pages,
    ):
        await pages.__anext__()
        await rows.arrived.wait()

        async def take():
            found.extend(row.id for row in await pages.__anext__())

        group.start_soon(take)
        await anyio.wait_all_tasks_blocked()
    assert found == [1]
    assert rows.offsets == [0, 0, 0]


@pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True)
async def test_timeouts_of_asyncio_hold(anyio_backend):
    rows = Rows()
    before = tasks()
    async with rows.client() as client:

        async def work():
            async with (
                asyncio.timeout(0.01),
                client.users.list(limit=1).by_page(prefetch=1) as pages,
            ):
                return [page async for page in pages]

        with pytest.raises(TimeoutError):
            await work()
    assert asyncio.current_task().cancelling() == 0
    assert tasks() == before


@pytest.mark.parametrize("anyio_backend", ["trio"], indirect=True)
async def test_an_interruption_comes_out_as_it_is(anyio_backend):
    async def interrupt():
        raise KeyboardInterrupt

    rows = Rows(interrupt)
    async with rows.client() as client:

        async def work():
            async with client.users.list(limit=1).by_page(prefetch=1) as pages:
                await pages.__anext__()
                await anyio.sleep_forever()

        with pytest.raises(KeyboardInterrupt):
            await work()


def test_the_end_of_a_loop_ends_the_request():
    """As when Ctrl-C cancels all tasks of a program."""

    async def main(peer):
        async with (
            connect(peer) as client,
            client.users.list(limit=2).by_page(prefetch=1) as pages,
        ):
            await pages.__anext__()
            assert await anyio.to_thread.run_sync(arrived.wait, 10)
            for task in asyncio.all_tasks():
                task.cancel()
            await asyncio.sleep(10)

    arrived = threading.Event()

    def script(visit):
        if "offset" in visit.target:
            arrived.set()
            visit.hang()
        visit.answer({"users": [{"id": 1}, {"id": 2}], "total": 3})

    before = left_over()
    with Peer(script) as peer, pytest.raises(asyncio.CancelledError):
        asyncio.run(main(peer))
    assert left_over() == before
