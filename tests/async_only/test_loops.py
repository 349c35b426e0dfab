"""One client in several event loops, one after the other and at the same time."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections import defaultdict

import anyio
import pytest
import trio

from powens import AsyncPowensClient, PowensError, PowensTimeoutError

PATIENCE = 20


class Owners:
    """Answers each user by its number, and writes down whose requests each connection saw."""

    def __init__(self):
        self.seen = defaultdict(set)
        self._lock = threading.Lock()

    def __call__(self, visit):
        with self._lock:
            self.seen[visit].add(visit.token)
        visit.answer({"id": int(visit.target.rpartition("/")[2])})

    def check(self):
        assert {len(tokens) for tokens in self.seen.values()} == {1}


def run_asyncio(work):
    asyncio.run(work())


def run_trio(work):
    trio.run(work)


RUNS = {
    "asyncio thrice": [run_asyncio] * 3,
    "trio thrice": [run_trio] * 3,
    "asyncio, trio": [run_asyncio, run_trio, run_asyncio, run_trio],
}


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def context(request, certified):
    return certified if request.param else None


@pytest.mark.parametrize("runs", RUNS.values(), ids=RUNS)
def test_one_loop_after_the_other(serve, context, sockets, runs):
    owners = Owners()
    peer = serve(owners, tls=context)
    client = AsyncPowensClient(base_url=peer.base_url, access_token="none", max_connections=5)
    before = sockets()
    for number, run in enumerate(runs):
        view = client.with_options(access_token=str(number))

        async def work(view=view):
            async def call(user_id):
                assert (await view.users.get(user_id=user_id)).id == user_id

            for _ in range(2):
                async with anyio.create_task_group() as group:
                    for user_id in range(1, 11):
                        group.start_soon(call, user_id)

        run(work)
        # What belonged to a loop that is gone is gone as well.
        gc.collect()
        peer.wait_until_left()
        assert sockets() == before
    owners.check()
    assert peer.connections == 5 * len(runs)
    assert len(peer.requests) == 20 * len(runs)


def test_a_loop_that_ends_amid_calls_takes_no_connection_along(serve, sockets):
    arrived = threading.Event()

    def script(visit):
        if visit.target == "/users/2":
            arrived.set()
            visit.hang()
        visit.answer({"id": 1})

    peer = serve(script)
    client = AsyncPowensClient(base_url=peer.base_url, access_token="t", max_connections=2)
    before = sockets()

    async def work():
        assert (await client.users.get(user_id=1)).id == 1
        # As long as there are connections: all that are in use when a loop ends are given back.
        calls = [asyncio.ensure_future(client.users.get(user_id=2)) for _ in range(5)]
        await asyncio.to_thread(arrived.wait, PATIENCE)
        assert not any(call.done() for call in calls)

    for _ in range(3):
        arrived.clear()
        asyncio.run(work())
    gc.collect()
    peer.wait_until_left()
    assert sockets() == before


def test_two_loops_at_once(serve, context, scale):
    owners = Owners()
    peer = serve(owners, tls=context)
    client = AsyncPowensClient(base_url=peer.base_url, access_token="none", max_connections=4)
    begin = threading.Barrier(3)
    failures = []

    def hammer(run, name):
        view = client.with_options(access_token=name)

        async def work():
            async def call(first):
                for user_id in range(first, first + scale(10, 200)):
                    assert (await view.users.get(user_id=user_id)).id == user_id

            async with anyio.create_task_group() as group:
                for number in range(8):
                    group.start_soon(call, number * 1000)

        begin.wait(PATIENCE)
        try:
            run(work)
        except BaseException as error:  # noqa: BLE001 - it is told below
            failures.append(error)

    runs = [(run_asyncio, "one"), (run_asyncio, "two"), (run_trio, "three")]
    threads = [threading.Thread(target=hammer, args=each) for each in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    assert failures == []
    owners.check()
    assert len(peer.requests) == 24 * scale(10, 200)
    assert peer.connections <= 12


def test_closing_in_one_loop_ends_calls_in_another(serve):
    arrived = threading.Event()

    def script(visit):
        arrived.set()
        visit.hang()

    peer = serve(script)
    client = AsyncPowensClient(base_url=peer.base_url, access_token="t", max_connections=1)
    outcomes = []

    async def call():
        try:
            await client.users.me()
        except PowensError as error:
            outcomes.append(error)

    async def work():
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(call)

    thread = threading.Thread(target=asyncio.run, args=(work(),))
    thread.start()
    assert arrived.wait(PATIENCE)
    trio.run(client.aclose)
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert [type(outcome) for outcome in outcomes] == [PowensError] * 3
    assert len(peer.requests) == 1


def test_a_loop_does_not_wait_for_a_look_up_that_hangs(monkeypatch):
    is_over = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: is_over.wait(PATIENCE))
    client = AsyncPowensClient(domain="demo", access_token="t", deadline=0.1)
    outcomes = []

    async def work():
        with pytest.raises(PowensTimeoutError):
            await client.users.me()

    def run():
        asyncio.run(work())
        trio.run(work)
        outcomes.append("both are over")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(5)
    is_over.set()
    thread.join()
    assert outcomes == ["both are over"]
