"""Pages that are fetched ahead, by a thread: its waits can be cancelled, and it is gone then."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import Future

import pytest

from powens import PowensClient, RetryPolicy
from powens._runtime import (
    Background,
    Slots,
    _Cancelled,
    _ThreadWork,
    checkpoint,
    is_wanted,
    sleep,
    wait_for,
    wait_readable,
    wait_writable,
)

from ..peer import Peer
from ..soaking import scale
from .test_interrupts import Interrupt, busy

ONCE = RetryPolicy(max_attempts=1)


def rows(visit):
    """Five users, two in a page."""
    if not visit.target.startswith("/users?"):
        visit.answer({"id": 1})
        return
    start = int(visit.target.partition("offset=")[2] or 0)
    end = 2 if start == 0 else start + 3
    visit.answer({"users": [{"id": n} for n in range(5)[start:end]], "total": 5})


def connect(peer):
    return PowensClient(
        base_url=peer.base_url, access_token="t0ken", timeout=None, retry_policy=ONCE
    )


def ours():
    """The threads that fetch ahead."""
    return [thread for thread in threading.enumerate() if thread.name == "powens-background"]


# --- A thread ------------------------------------------------------------------------------------


def test_there_is_a_thread_while_it_fetches_and_none_after_the_block(serve):
    arrived = threading.Event()

    def script(visit):
        if "offset" in visit.target:
            arrived.set()
            visit.hang()
        rows(visit)

    with connect(serve(script)) as client:
        with client.users.list(limit=2).by_page(prefetch=1) as pages:
            next(pages)
            assert arrived.wait(10)
            assert len(ours()) == 1
        assert ours() == []


def test_a_page_comes_without_a_thread_as_well(serve, monkeypatch):
    peer = serve(rows)
    started = []
    start = threading.Thread.start

    def refuse(thread):
        if thread.name == "powens-background":
            started.append(thread)
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with connect(peer) as client, client.users.list(limit=2).by_page(prefetch=1) as pages:
        assert [[row.id for row in page] for page in pages] == [[0, 1], [2, 3], [4]]
    assert len(started) == 2
    assert len(peer.requests) == 3


FORK = """
import os, sys, warnings
from powens import PowensClient
warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of forks with threads
client = PowensClient(base_url=sys.argv[1], access_token="t0ken")
with client.users.list(limit=2).by_page(prefetch=1) as pages:
    next(pages)
    pid = os.fork()
    print([row.id for page in pages for row in page], flush=True)
    if pid == 0:
        pages.__exit__(None, None, None)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_that_was_forked_meanwhile_asks_for_the_page_itself(serve):
    arrived = threading.Event()

    def script(visit):
        # The child comes with a connection of its own, and while the parent is kept waiting.
        if "offset=1" in visit.target and not arrived.is_set():
            arrived.set()
            visit.pause(0.2)
        rows(visit)

    command = [sys.executable, "-c", FORK, serve(script).base_url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("[2, 3, 4]\n" * 2, "")


def test_an_interrupt_at_any_point_leaves_nothing():
    points = 0
    with Peer(rows) as peer:
        for number in range(1, 100_000, scale(23, 1)):
            with connect(peer) as client:
                interrupt = Interrupt(number)
                with (
                    contextlib.suppress(KeyboardInterrupt),
                    interrupt,
                    client.users.list(limit=2).by_page(prefetch=1) as pages,
                ):
                    for _ in pages:
                        pass
                for thread in ours():  # as it was interrupted where it waited for the thread
                    thread.join(10)
                assert ours() == []
                assert busy(client) == 0
                assert client.users.me().id == 1
            if not interrupt.has_come:
                break
            points += 1
    assert points > 10


# --- Waits ---------------------------------------------------------------------------------------


def wait_for_a_slot():
    slots = Slots(1)
    slots.acquire("other", None)
    slots.acquire("me", None)


def wait_for_room():
    near, far = socket.socketpair()
    with near, far:
        near.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                near.send(bytes(65_536))
        wait_writable(near, None)


def wait_for_data():
    near, far = socket.socketpair()
    with near, far:
        wait_readable(near, None)


WAITS = [
    lambda: sleep(3600),
    lambda: wait_for(Future(), None),
    wait_for_a_slot,
    wait_for_data,
    wait_for_room,
]


def spin():
    while True:
        checkpoint()


@pytest.mark.parametrize("wait", [*WAITS, spin])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_wait_in_the_background_is_cancelled(wait, is_first):
    begun = threading.Event()
    ended = []

    def work():
        begun.set()
        try:
            wait()
        finally:
            # Who is cancelled waits for nothing any more.
            with contextlib.suppress(BaseException):
                sleep(3600)
            ended.append(is_wanted())

    background = Background()
    background.open()
    background.begin(work)
    if not is_first:  # it is in the wait, or nearly
        assert begun.wait(10)
    background.close()
    assert ended == [False]
    assert ours() == []


def test_a_cancelled_wait_for_a_slot_takes_none():
    slots, begun = Slots(1), threading.Event()
    slots.acquire("other", None)

    def work():
        begun.set()
        try:
            slots.acquire("me", None)
        except BaseException:
            slots.release("me")
            raise

    background = Background()
    background.begin(work)
    assert begun.wait(10)
    background.close()
    with pytest.raises(TimeoutError):
        slots.acquire("third", 0)
    slots.release("other")
    slots.acquire("third", 0)


def test_what_ends_a_wait_is_not_called_once_the_wait_is_over():
    work, calls = _ThreadWork(), []
    with work.waiting(lambda: calls.append(1)):
        pass
    work.cancel()
    assert calls == []
    with pytest.raises(_Cancelled), work.waiting(lambda: calls.append(2)):
        calls.append(3)
    assert calls == []


def test_whoever_waits_in_another_thread_while_it_is_cancelled_does_it_anew():
    waits = threading.Event()
    results = []

    class Watched(Background):
        def _join(self):
            waits.set()
            super()._join()

    background = Watched()
    background.begin(lambda: sleep(3600))
    other = threading.Thread(target=lambda: results.append(background.get(lambda: 6)))
    other.start()
    assert waits.wait(10)
    background.close()
    other.join(10)
    assert results == [6]


def test_waits_elsewhere_are_not_cancelled():
    background = Background()
    background.begin(lambda: None)
    background.close()
    for wait in (checkpoint, lambda: sleep(0)):
        wait()
    assert is_wanted()


def test_what_is_done_while_it_is_waited_for_is_wanted():
    asked, go_on = threading.Event(), threading.Event()
    heard = []

    def work():
        heard.append(is_wanted())
        asked.set()
        assert go_on.wait(10)
        heard.append(is_wanted())
        return 5

    class Watched(Background):
        def _join(self):
            go_on.set()
            super()._join()

    background = Watched()
    background.begin(work)
    assert asked.wait(10)
    assert background.get(lambda: 6) == 5
    assert background.get(lambda: 6) == 6
    background.close()
    assert heard == [False, True]
