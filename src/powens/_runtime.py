"""The only home of names that come in pairs: one for the async half, one for its blocking twin.

The twin is made by renaming, so that a difference between the halves is a name here, never a
branch there. All times are in seconds, and None is no limit; what takes longer is a TimeoutError.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TypeVar

import anyio
import anyio.lowlevel
import anyio.to_thread

from ._sockets import Selector

T = TypeVar("T")


async def async_sleep(seconds: float) -> None:
    """Let other tasks run for `seconds`, on asyncio and on trio."""
    await anyio.sleep(seconds)


def sleep(seconds: float) -> None:
    """Block this thread for `seconds`."""
    time.sleep(seconds)


async def async_checkpoint() -> None:
    """Let other tasks run, and this one be cancelled: what never has to wait would never do."""
    await anyio.lowlevel.checkpoint()


def checkpoint() -> None:
    """Do nothing: threads take turns by themselves."""


async def async_run_blocking(work: Callable[[], T]) -> T:
    """Do what blocks, such as writing to a file, in a thread, so that other tasks run on."""
    return await anyio.to_thread.run_sync(work)


def run_blocking(work: Callable[[], T]) -> T:
    """Do what blocks."""
    return work()


async def async_wait_readable(sock: socket.socket, seconds: float | None) -> None:
    """Wait until a socket has something to read."""
    with anyio.fail_after(seconds):
        await anyio.wait_readable(sock)


def wait_readable(sock: socket.socket, seconds: float | None) -> None:
    """Wait until a socket has something to read."""
    _wait(sock, selectors.EVENT_READ, seconds)


async def async_wait_writable(sock: socket.socket, seconds: float | None) -> None:
    """Wait until a socket takes more."""
    with anyio.fail_after(seconds):
        await anyio.wait_writable(sock)


def wait_writable(sock: socket.socket, seconds: float | None) -> None:
    """Wait until a socket takes more."""
    _wait(sock, selectors.EVENT_WRITE, seconds)


# What `poll` can count, in milliseconds, ends after 24 days.
_LONGEST_WAIT: Final = 1_000_000.0


def _wait(sock: socket.socket, event: int, seconds: float | None) -> None:
    with Selector() as selector:
        selector.register(sock, event)
        if not selector.select(None if seconds is None else min(seconds, _LONGEST_WAIT)):
            raise TimeoutError


async def async_wait_for(task: Future[T], seconds: float | None) -> T:
    """Wait for what a thread does."""
    # In a thread that ends in time itself, and takes no turn from others: loops and interpreters
    # wait for theirs before they end.
    with anyio.fail_after(seconds):
        return await anyio.to_thread.run_sync(
            task.result, seconds, abandon_on_cancel=True, limiter=anyio.CapacityLimiter(1)
        )


def wait_for(task: Future[T], seconds: float | None) -> T:
    """Wait for what a thread does."""
    return task.result(seconds)


def async_home() -> object:
    """Give what connections belong to: the event loop, as none can be used in another."""
    return anyio.lowlevel.current_token().native_token


class _Process:
    """Stands for this process."""


_PROCESS: Final = _Process()


def home() -> object:
    """Give what connections belong to: the process, as all its threads can use them."""
    return _PROCESS


class AsyncSlots:
    """Lets so many holders pass at a time, and the others wait."""

    def __init__(self, count: int) -> None:
        self._semaphore = anyio.Semaphore(count, fast_acquire=True)
        self._holders: set[object] = set()

    async def acquire(self, holder: object, seconds: float | None) -> None:
        """Take a slot, once there is one."""
        with anyio.fail_after(seconds):
            await self._semaphore.acquire()
        self._holders.add(holder)

    def release(self, holder: object) -> None:
        """Give a slot back, if it was taken."""
        if holder in self._holders:
            self._holders.remove(holder)
            self._semaphore.release()


class Slots:
    """Lets so many holders pass at a time, and the others wait.

    A semaphore would not do: one cannot know whether it was taken where a wait was interrupted.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._holders: set[object] = set()
        # The lock itself is entered, as entering a condition can be interrupted halfway.
        self._lock = threading.Lock()
        self._released = threading.Condition(self._lock)

    def acquire(self, holder: object, seconds: float | None) -> None:
        """Take a slot, once there is one."""
        with self._lock:
            if not self._released.wait_for(self._is_free, seconds):
                raise TimeoutError
            self._holders.add(holder)

    def release(self, holder: object) -> None:
        """Give a slot back, if it was taken."""
        with self._lock:
            self._holders.discard(holder)
            self._released.notify()

    def _is_free(self) -> bool:
        return len(self._holders) < self._count
