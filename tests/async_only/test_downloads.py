"""Downloads that are cancelled, and files that are slow: what only the async half has."""

from __future__ import annotations

import asyncio
import gc
import io
import os
import threading

import anyio
import anyio.from_thread
import anyio.lowlevel
import httpx
import pytest

from powens import AsyncPowensClient

# A stream that is not read to its end is left to the garbage collector by httpx.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.usefixtures("collected"),
]
FILE = "documents/4/file"


@pytest.fixture
def collected():
    yield
    gc.collect()


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


class Stuck(httpx.AsyncByteStream):
    """A body that does not go on after its first piece."""

    def __init__(self, asked_for_more):
        self.asked_for_more = asked_for_more
        self.closed = False

    async def __aiter__(self):
        yield b"half"
        self.asked_for_more()
        await anyio.sleep_forever()

    async def aclose(self):
        self.closed = True


def connect(handler, **options):
    return AsyncPowensClient(
        domain="demo", access_token="t0ken", transport=httpx.MockTransport(handler), **options
    )


async def cancel(call, once):
    """Begin a call, and cancel it once the event has come."""
    async with anyio.create_task_group() as group:
        group.start_soon(call)
        await once.wait()
        group.cancel_scope.cancel()


def old_file(folder):
    path = folder / "bill.pdf"
    path.write_bytes(b"old")
    return path


def held_by(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_a_download_that_is_cancelled_leaves_nothing(tmp_path):
    stuck, breaker = anyio.Event(), Log()
    body = Stuck(stuck.set)
    path = old_file(tmp_path)
    async with connect(lambda _: httpx.Response(200, stream=body), circuit_breaker=breaker) as api:
        await cancel(lambda: api.documents.download(document=FILE, to=path), stuck)
    assert held_by(tmp_path) == {"bill.pdf": b"old"}
    assert breaker.events == ["asked", "failure"]
    assert body.closed


async def test_a_download_that_is_cancelled_before_its_answer_leaves_nothing(tmp_path):
    asked, breaker = anyio.Event(), Log()

    async def hang(_):
        asked.set()
        await anyio.sleep_forever()

    async with connect(hang, circuit_breaker=breaker) as api:
        await cancel(lambda: api.documents.download(document=FILE, to=tmp_path / "new"), asked)
    assert held_by(tmp_path) == {}
    assert breaker.events == ["asked", "failure"]


async def test_a_download_that_is_cancelled_between_attempts_leaves_nothing(monkeypatch, tmp_path):
    waiting = anyio.Event()

    async def sleep(_):
        waiting.set()
        await anyio.sleep_forever()

    monkeypatch.setattr(anyio, "sleep", sleep)
    async with connect(lambda _: httpx.Response(503)) as api:
        await cancel(lambda: api.documents.download(document=FILE, to=tmp_path / "new"), waiting)
    assert held_by(tmp_path) == {}


def test_a_task_that_is_cancelled_leaves_nothing(tmp_path):
    path = old_file(tmp_path)

    async def main():
        stuck = asyncio.Event()
        body = Stuck(stuck.set)
        async with connect(lambda _: httpx.Response(200, stream=body)) as api:
            task = asyncio.create_task(api.documents.download(document=FILE, to=path))
            await stuck.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert body.closed

    asyncio.run(main())
    assert held_by(tmp_path) == {"bill.pdf": b"old"}


async def test_a_file_that_is_being_put_in_its_place_is_whole_or_as_it_was(monkeypatch, tmp_path):
    at_work, path = anyio.Event(), old_file(tmp_path)
    fsync = os.fsync

    def slow(descriptor):
        anyio.from_thread.run_sync(at_work.set)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    async with connect(lambda _: httpx.Response(200, content=b"whole")) as api:
        await cancel(lambda: api.documents.download(document=FILE, to=path), at_work)
    assert held_by(tmp_path) in ({"bill.pdf": b"whole"}, {"bill.pdf": b"old"})


async def test_a_slow_file_does_not_hold_up_other_tasks():
    writing, go_on = anyio.Event(), threading.Event()

    class Slow(io.RawIOBase):
        waited = False

        def write(self, data):
            anyio.from_thread.run_sync(writing.set)
            self.waited = go_on.wait(30)
            return len(data)

    file = Slow()
    async with (
        connect(lambda _: httpx.Response(200, content=b"%PDF")) as api,
        anyio.create_task_group() as group,
    ):
        group.start_soon(lambda: api.documents.download(document=FILE, to=file))
        await writing.wait()
        go_on.set()
    assert file.waited


async def test_downloads_at_once_do_not_meet(tmp_path):
    async def answer(request):
        async def body():
            for _ in range(5):
                await anyio.lowlevel.checkpoint()
                yield request.url.path[-1].encode()

        return httpx.Response(200, content=body())

    async with connect(answer) as api, anyio.create_task_group() as group:
        for n in range(10):
            # All of them want a place of their own, and one that the others want too.
            for place in (str(n), "one"):
                path = tmp_path / place
                group.start_soon(
                    lambda n=n, to=path: api.documents.download(document=f"files/{n}", to=to)
                )
    found = held_by(tmp_path)
    one = found.pop("one")
    assert found == {str(n): str(n).encode() * 5 for n in range(10)}
    assert one in found.values()
