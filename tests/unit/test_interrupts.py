"""Calls of the blocking half that Ctrl-C interrupts: no connection and no slot is lost."""

from __future__ import annotations

import contextlib
import gc
import random
import signal
import sys
import threading
from pathlib import Path

import pytest

from powens import PowensClient, RetryPolicy

from ..peer import Peer, head
from ..soaking import scale

OURS = ("/powens/", "/tenacity/", "/contextlib.py", "/httpx/")
ONCE = RetryPolicy(max_attempts=1)
POOL = 4


def script(visit):
    if visit.target == "/users/me":
        visit.answer({"id": 1})
        return
    visit.send(head(transfer_encoding="chunked"))
    for _ in range(5):
        visit.send(b"3e8\r\n%s\r\n" % (b"x" * 1000))
        if visit.target == "/slow":
            visit.pause(0.002)
    visit.send(b"0\r\n\r\n")


def connect(peer, **options):
    return PowensClient(base_url=peer.base_url, access_token="t0ken", timeout=10, **options)


def busy(client):
    return client._session.transport._carrier.busy


class Interrupt:
    """Interrupts at the n-th point at which Python looks for signals: a call, or the end of one."""

    def __init__(self, number: int) -> None:
        self.has_come = False
        self._points_left = number

    def __call__(self, frame, event, _):
        place = frame.f_code.co_filename
        if event in {"call", "c_return"} and any(part in place for part in OURS):
            self._points_left -= 1
            if self._points_left == 0:
                self.has_come = True
                sys.setprofile(None)
                raise KeyboardInterrupt

    def __enter__(self):
        sys.setprofile(self)

    def __exit__(self, *_):
        sys.setprofile(None)


# Python says of an interrupt in a finalizer that it ignores it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_call_that_is_interrupted_at_any_point_leaves_the_pool_whole(serve):
    peer = serve(script)
    points = 0
    for number in range(1, 10_000, scale(5, 1)):
        with connect(peer, max_connections=1, retry_policy=ONCE) as client:
            interrupt = Interrupt(number)
            with contextlib.suppress(KeyboardInterrupt), interrupt:
                client.request("GET", "/pieces")
            assert busy(client) == 0
            assert client.users.me().id == 1
        if not interrupt.has_come:
            break
        points += 1
    assert points > 50


@pytest.fixture
def alarm():
    """Runs work, and interrupts it by a signal after a while, if it lasts so long."""

    def ring(*_):
        raise KeyboardInterrupt

    def run(work, seconds):
        with contextlib.suppress(KeyboardInterrupt):
            try:
                signal.setitimer(signal.ITIMER_REAL, seconds)
                work()
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            return False
        return True

    before = signal.signal(signal.SIGALRM, ring)
    yield run
    signal.signal(signal.SIGALRM, before)


def open_files():
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_storm_of_signals_leaves_nothing(alarm):
    chance = random.Random(4)
    before = open_files()
    with Peer(script) as peer, connect(peer, max_connections=POOL) as client:
        interrupted = [
            alarm(lambda: client.request("GET", "/slow"), chance.uniform(0.0001, 0.02))
            for _ in range(scale(60, 2000))
        ]
        assert busy(client) == 0
        together = threading.Barrier(POOL + 1)
        threads = [threading.Thread(target=hold, args=(client, together)) for _ in range(POOL)]
        for thread in threads:
            thread.start()
        together.wait(10)
        for thread in threads:
            thread.join(10)
    assert interrupted.count(True) > len(interrupted) / 4
    assert interrupted.count(False) > len(interrupted) / 20
    assert open_files() == before


def hold(client, together):
    """Have a connection in use, until as many are as there may be."""

    class File:
        waits = True

        def write(self, data):
            if self.waits:
                together.wait(10)
                self.waits = False
            return len(data)

    client.documents.download(document="file", to=File())


def test_who_is_interrupted_in_the_queue_takes_no_turn_from_others(serve, alarm):
    go_on = threading.Event()

    def wait(visit):
        go_on.wait(10)
        visit.answer({"id": 1})

    peer, done = serve(wait), []

    def call():
        done.append(client.users.me().id)

    with connect(peer, max_connections=1) as client:
        threads = [threading.Thread(target=call) for _ in range(3)]
        for thread in threads:
            thread.start()
        assert alarm(call, 0.05)
        assert busy(client) == 1
        go_on.set()
        for thread in threads:
            thread.join(10)
        assert done == [1, 1, 1]
        call()
        assert busy(client) == 0
