"""Calls that are cancelled anywhere, once and twice, over real sockets: nothing is left of them."""

from __future__ import annotations

import asyncio
import gc
import random
import socket
import threading
import types
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import anyio
import anyio.to_thread
import httpx
import pytest
import trio

from powens import AsyncPowensClient, RetryBudget, RetryPolicy

from ..peer import Peer, Visit, head
from ..soaking import scale

AT_ONCE = RetryPolicy(max_attempts=2, base_delay=0.001, jitter=0, max_delay=0.001)
POOL = 10
PIECE = b"x" * 1000


class Server:
    """Answers in many ways; of `/together` when as many as a pool has are there at a time."""

    def __init__(self) -> None:
        self._all_here = threading.Barrier(POOL)
        self._refused: set[str] = set()

    def __call__(self, visit: Visit) -> None:
        path = visit.target.partition("?")[0]
        kind, number = f"{path}/".split("/")[1:3]
        match kind:
            case "pieces":
                visit.send(head(transfer_encoding="chunked"))
                for piece in [PIECE] * 6 + [number.encode()]:
                    visit.send(b"%x\r\n%s\r\n" % (len(piece), piece))
                    visit.pause(0.0005)
                visit.send(b"0\r\n\r\n")
            case "slow":
                visit.pause(0.02)
                visit.answer(number.encode())
            case "farewell":
                visit.answer(PIECE * 6 + number.encode(), connection="close")
                visit.close()
            case "again" if path not in self._refused:
                self._refused.add(path)
                visit.answer({}, status=503)
            case "together":
                self._all_here.wait(10)
                visit.answer(number.encode())
            case "users":
                query = parse_qs(visit.target.partition("?")[2])
                offset, limit = (int(query.get(name, ["0"])[0]) for name in ("offset", "limit"))
                rows = [{"id": n} for n in (1, 2, 3)][offset : offset + (limit or 2)]
                visit.answer({"users": rows, "total": 3})
            case _:
                visit.answer(number.encode())


KINDS = ("quick", "pieces", "slow", "farewell", "again")


@pytest.fixture
def start(tls, monkeypatch):
    """Makes servers, and has clients trust those that speak TLS."""
    server, trusting = tls
    monkeypatch.setattr("powens._async.pool.tls_context", lambda: trusting)
    return lambda kind: Peer(Server(), tls=server if kind == "TLS" else None)


def connect(peer, **options):
    options = {"retry_budget": RetryBudget(reserve=10**6), "retry_policy": AT_ONCE, **options}
    return AsyncPowensClient(base_url=peer.base_url, access_token="t0ken", **options)


def busy(client):
    """How many connections of a client are in use."""
    return client._session.transport._carrier.busy


async def ask(client, kind, number=0):
    """Make a call, and see that its own answer comes."""
    answer = await client.request("GET", f"/{kind}/{number}")
    assert answer.content.lstrip(b"x") == b"%d" % number


async def use_all(client):
    """Have all connections that there may be in use at a time, and then 50 calls."""
    with anyio.fail_after(30):
        async with anyio.create_task_group() as group:
            for number in range(POOL):
                group.start_soon(ask, client, "together", number)
        for number in range(50):
            await ask(client, "quick", number)


def left_over():
    """What a test must not leave behind: threads, and open files."""
    gc.collect()
    for thread in threading.enumerate():
        if thread.name == "powens-look-up":  # it has told what it found, and ends by itself
            thread.join(10)
    # Trio keeps the threads of its own for the next run.
    threads = {each for each in threading.enumerate() if not each.name.startswith("Trio thread")}
    return threads, len(list(Path("/proc/self/fd").iterdir()))


def tasks():
    """All tasks of the running loop."""
    if asyncio_runs():
        return asyncio.all_tasks()
    found = set()
    unseen = [trio.lowlevel.current_root_task()]
    while unseen:
        task = unseen.pop()
        found.add(task)
        unseen += [child for nursery in task.child_nurseries for child in nursery.child_tasks]
    return found


def asyncio_runs():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


# --- A storm -------------------------------------------------------------------------------------


async def by_scope(call, moment):
    """Cancel a call by the scope around it; whether that came before its end."""
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as group:

            async def cancel():
                await anyio.sleep(moment)
                scope.cancel()

            group.start_soon(cancel)
            await call()
            group.cancel_scope.cancel()
    return scope.cancelled_caught


async def by_task(call, moment):
    """Cancel the task of a call, now and then twice; whether that came before its end."""
    task = asyncio.ensure_future(call())
    await asyncio.wait([task], timeout=moment)
    task.cancel()
    if moment * 1e6 % 2 < 1:
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.wait([task])
    return task.cancelled() or task.result() is not None


@pytest.mark.parametrize(
    ("backend", "cancel"),
    [("asyncio", by_scope), ("asyncio", by_task), ("trio", by_scope)],
)
@pytest.mark.parametrize("kind", ["plain", "TLS"])
def test_a_storm_of_cancellations_leaves_nothing(start, kind, backend, cancel):
    chance = random.Random(4)
    outcomes = []

    async def storm(client, count):
        crowd = anyio.Semaphore(2 * POOL)

        async def call(number):
            async def work():
                async with anyio.create_task_group() as party:
                    for _ in range(chance.randint(1, 4)):
                        party.start_soon(ask, client, chance.choice(KINDS), number)

            async with crowd:
                if chance.random() < 0.6:
                    outcomes.append(await cancel(work, chance.random() ** 2 * 0.05))
                else:
                    await work()

        async with anyio.create_task_group() as group:
            for number in range(count // 2):  # parties of 2.5 calls, most of the time
                group.start_soon(call, number)

    async def main(peer):
        async with connect(peer, max_connections=POOL) as client:
            before = tasks()
            await storm(client, scale(250, 10_000))
            assert busy(client) == 0
            assert tasks() == before
            await use_all(client)
            assert busy(client) == 0

    before = left_over()
    with start(kind) as peer:
        anyio.run(main, peer, backend=backend)
    assert left_over() == before
    assert outcomes.count(True) > len(outcomes) / 5


# --- At every point ------------------------------------------------------------------------------


@types.coroutine
def interrupted(coroutine, interrupt):
    """Run a coroutine, and say each time that it is about to wait, and for what."""
    step, value = coroutine.send, None
    while True:
        try:
            trap = step(value)
        except StopIteration as end:
            return end.value
        interrupt(trap)
        try:
            step, value = coroutine.send, (yield trap)
        except BaseException as error:  # noqa: BLE001 - handed on
            step, value = coroutine.throw, error


class Interrupter:
    """Interrupts a call as it waits for the n-th time, and each time after that while it may."""

    def __init__(self, number: int, cancel: Callable[[object], None], *, times: int) -> None:
        self.fired = 0
        self._waits = 0
        self._number = number
        self._times = times
        self._cancel = cancel

    def __call__(self, trap: object) -> None:
        self._waits += 1
        if self._waits >= self._number and self.fired < self._times:
            self.fired += 1
            self._cancel(trap)


async def cancel_in_scope(call, number, times):
    """Cancel a call at its n-th wait by a scope; whether there was one."""
    with anyio.CancelScope() as scope:
        interrupter = Interrupter(number, lambda _: scope.cancel(), times=1)
        await interrupted(call(), interrupter)
    return interrupter.fired > 0


async def cancel_task(call, number, times):
    """Cancel the task of a call as it begins its n-th wait; whether there was one."""
    interrupter = Interrupter(number, lambda _: task.cancel(), times=times)

    async def work():
        await interrupted(call(), interrupter)

    task = asyncio.ensure_future(work())
    await asyncio.wait([task])
    assert task.cancelled() or task.result() is None
    return interrupter.fired > 0


async def cancel_task_too_late(call, number, times):
    """Cancel the task of a call when what it waits for has come, before it knows."""

    def cancel(trap):
        if trap is None:
            task.cancel()
        else:
            trap.add_done_callback(lambda _: task.cancel())

    interrupter = Interrupter(number, cancel, times=times)

    async def work():
        await interrupted(call(), interrupter)

    task = asyncio.ensure_future(work())
    await asyncio.wait([task])
    assert task.cancelled() or task.result() is None
    return interrupter.fired > 0


WAYS = {
    "asyncio, scope": ("asyncio", cancel_in_scope, 1),
    "asyncio, task, twice": ("asyncio", cancel_task, 2),
    "asyncio, task, too late": ("asyncio", cancel_task_too_late, 1),
    "trio, scope": ("trio", cancel_in_scope, 1),
    "asyncio, task": ("asyncio", cancel_task, 1),
    "asyncio, task, again and again": ("asyncio", cancel_task, 1000),
    "asyncio, task, too late, twice": ("asyncio", cancel_task_too_late, 2),
}


async def get_pieces(client, folder):
    await ask(client, "pieces")


async def get_farewell(client, folder):
    await ask(client, "farewell")


async def get_again(client, folder):
    """A call with a failure, a wait and a second attempt."""
    path = f"/again/{random.random()}"
    await client.request("GET", path)


async def get_pages(client, folder):
    found = [user.id async for user in client.users.list(limit=2)]
    assert found == [1, 2, 3]


async def get_file(client, folder):
    path = folder / "bill.pdf"
    path.write_bytes(b"old")
    try:
        assert await client.documents.download(document="pieces/7", to=path) == 6001
    finally:
        assert {each.name for each in folder.iterdir()} == {"bill.pdf"}
        assert path.read_bytes() in (b"old", PIECE * 6 + b"7")


CALLS = [
    ("plain", get_pieces),
    ("TLS", get_farewell),
    ("TLS", get_again),
    ("plain", get_pages),
    ("TLS", get_file),
    ("TLS", get_pieces),
    ("plain", get_farewell),
    ("plain", get_again),
    ("TLS", get_pages),
    ("plain", get_file),
]


@pytest.mark.parametrize("way", [*WAYS][: scale(4, 7)])
@pytest.mark.parametrize(("kind", "call"), CALLS[: scale(5, 10)])
def test_a_call_that_is_cancelled_at_any_point_leaves_nothing(start, tmp_path, kind, call, way):
    backend, cancel, times = WAYS[way]
    points = []

    async def main(peer):
        before = tasks()
        for number in range(1, 1000):
            async with connect(peer, max_connections=1) as client:
                was_cancelled = await cancel(lambda c=client: call(c, tmp_path), number, times)
                assert busy(client) == 0
                with anyio.fail_after(10):
                    await ask(client, "quick")
                assert tasks() == before
            points.append(number)
            if not was_cancelled:
                return

    before = left_over()
    with start(kind) as peer:
        anyio.run(main, peer, backend=backend)
    assert left_over() == before
    assert len(points) > 3  # and one at which nothing was left to cancel


@pytest.mark.parametrize("way", [*WAYS][: scale(4, 7)])
def test_a_listing_that_is_cancelled_at_any_point_goes_on_without_gap_or_repetition(start, way):
    backend, cancel, times = WAYS[way]

    async def main(peer):
        for number in range(1, 1000):
            async with connect(peer, max_connections=1) as client:
                items, found = aiter(client.users.list(limit=2)), []

                async def go_on(items=items, found=found):
                    async for user in items:
                        found.append(user.id)

                was_cancelled = await cancel(go_on, number, times)
                await go_on()
            assert found == [1, 2, 3]
            if not was_cancelled:
                return

    with start("plain") as peer:
        anyio.run(main, peer, backend=backend)


# --- While it waits for others -------------------------------------------------------------------


async def test_a_call_that_is_cancelled_in_the_queue_leaves_the_others_in_their_order(serve):
    go_on = threading.Event()

    def script(visit):
        go_on.wait(10)
        visit.answer({})

    peer, ended = serve(script), []
    async with connect(peer, max_connections=1) as client:

        async def call(number, scope):
            with scope:
                await client.request("GET", f"/{number}")
                ended.append(number)

        scopes = [anyio.CancelScope() for _ in range(6)]
        async with anyio.create_task_group() as group:
            for number, scope in enumerate(scopes):
                group.start_soon(call, number, scope)
                await anyio.wait_all_tasks_blocked()
            for number in (1, 3, 4):
                scopes[number].cancel()
            await anyio.wait_all_tasks_blocked()
            assert busy(client) == 1
            go_on.set()
    assert [target for _, target, _ in peer.requests] == ["/0", "/2", "/5"]
    assert ended == [0, 2, 5]


async def test_a_call_that_gets_a_connection_as_it_is_cancelled_gives_it_back(serve):
    peer = serve(lambda visit: visit.answer({}))
    async with connect(peer, max_connections=1) as client:
        shelf = client._session.transport._carrier._shelf(httpx.URL(peer.base_url))
        await shelf.slots.acquire("me", None)
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as group:
                group.start_soon(client.request, "GET", "/1")
                await anyio.wait_all_tasks_blocked()
                shelf.slots.release("me")
                scope.cancel()
        with anyio.fail_after(10):
            await client.request("GET", "/2")
        assert busy(client) == 0


async def test_a_call_that_is_cancelled_while_its_host_is_looked_up_ends_at_once(monkeypatch):
    asked, go_on = threading.Event(), threading.Event()

    def stuck(host, port, family=0, kind=0, protocol=0, flags=0, **_):
        if not flags & socket.AI_NUMERICHOST:
            asked.set()
            go_on.wait(10)
        raise socket.gaierror(socket.EAI_NONAME, "there is no such host")

    monkeypatch.setattr(socket, "getaddrinfo", stuck)
    client = AsyncPowensClient(base_url="https://bank.example/2.0", access_token="t0ken")
    async with client, anyio.create_task_group() as group:
        group.start_soon(client.users.me)
        assert await anyio.to_thread.run_sync(asked.wait, 10)
        assert busy(client) == 1
        group.cancel_scope.cancel()
    assert not go_on.is_set()
    assert busy(client) == 0
    go_on.set()


async def test_a_call_that_is_cancelled_while_it_connects_leaves_no_socket():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        fillers = [begin(address) for _ in range(3)]
        before = left_over()
        client = AsyncPowensClient(
            base_url=f"http://127.0.0.1:{address[1]}/2.0", access_token="t0ken"
        )
        async with client, anyio.create_task_group() as group:
            group.start_soon(client.users.me)
            await anyio.wait_all_tasks_blocked()
            (shelf,) = client._session.transport._carrier._shelves()
            (lane,) = shelf.busy.values()
            while lane.network._socket is None:  # noqa: ASYNC110 - looked up in a thread
                await anyio.sleep(0.001)
            with pytest.raises(OSError, match="not connected"):
                lane.network._socket.getpeername()
            group.cancel_scope.cancel()
        assert busy(client) == 0
        assert left_over()[1] == before[1]
        for filler in fillers:
            filler.close()


def begin(address):
    sock = socket.socket()
    sock.setblocking(False)
    sock.connect_ex(address)
    return sock


async def test_a_call_that_is_cancelled_during_the_handshake_leaves_no_socket():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        before = left_over()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/2.0"
        client = AsyncPowensClient(base_url=url, access_token="t0ken")
        async with client, anyio.create_task_group() as group:
            group.start_soon(client.users.me)
            conn, _ = await anyio.to_thread.run_sync(silent.accept)
            assert await anyio.to_thread.run_sync(conn.recv, 1) == b"\x16"
            group.cancel_scope.cancel()
        assert busy(client) == 0
        conn.close()
        assert left_over()[1] == before[1]
