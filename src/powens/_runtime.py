"""The only home of names that come in pairs: one for the async half, one for its blocking twin.

The twin is made by renaming, so that a difference between the halves is a name here, never a
branch there. All times are in seconds, and None is no limit; what takes longer is a TimeoutError.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Generator
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from functools import partial
from typing import Final, Generic, TypeVar

import anyio
import anyio.lowlevel
import anyio.to_thread

from ._sockets import Selector, hang_up

T = TypeVar("T")


async def async_sleep(seconds: float) -> None:
    """Let other tasks run for `seconds`, on asyncio and on trio."""
    await anyio.sleep(seconds)


def sleep(seconds: float) -> None:
    """Block this thread for `seconds`."""
    work = _thread_work()
    if work is None:
        time.sleep(seconds)
    else:
        is_over = threading.Event()
        with work.waiting(is_over.set):
            is_over.wait(seconds)


async def async_checkpoint() -> None:
    """Let other tasks run, and this one be cancelled: what never has to wait would never do."""
    await anyio.lowlevel.checkpoint()


def checkpoint() -> None:
    """Let this thread be cancelled; turns are taken anyway."""
    with _cancellable(_wake_nobody):
        pass


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
    # Whoever cancels ends the connection, as whoever closes the client does.
    with _cancellable(partial(hang_up, sock)), Selector() as selector:
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
    # On a lock: an interrupt while a Future waits may leave as a RuntimeError of its condition.
    is_under_way = threading.Lock()
    is_under_way.acquire()
    task.add_done_callback(lambda _: is_under_way.release())
    limit = -1 if seconds is None else min(max(seconds, 0.0), threading.TIMEOUT_MAX)
    with _cancellable(task.cancel):
        if not is_under_way.acquire(timeout=limit):
            raise TimeoutError
    return task.result()


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
        try:
            self._semaphore.acquire_nowait()
        except anyio.WouldBlock:
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
        with _cancellable(self._wake), self._lock:
            if not self._released.wait_for(self._is_free, seconds):
                raise TimeoutError
            self._holders.add(holder)

    def release(self, holder: object) -> None:
        """Give a slot back, if it was taken."""
        with self._lock:
            self._holders.discard(holder)
            self._released.notify()

    def _is_free(self) -> bool:
        work = _thread_work()
        # Who is cancelled takes one as well, so as to wait no more; and gives it back at once.
        return len(self._holders) < self._count or (work is not None and work.is_cancelled)

    def _wake(self) -> None:
        with self._lock:
            self._released.notify_all()


class _Work:
    """What is done in the background.

    Attributes:
        is_wanted: Whether the caller has come to wait for it.
    """

    def __init__(self) -> None:
        self.is_wanted = False


class _ThreadWork(_Work):
    """What a thread does in the background; it can be cancelled where it waits, as a task can."""

    def __init__(self) -> None:
        super().__init__()
        self.is_cancelled = False
        self._wake = _wake_nobody
        self._lock = threading.Lock()

    def cancel(self) -> None:
        """Wake the thread and let it wait no more."""
        with self._lock:
            self.is_cancelled = True
            self._wake()

    @contextlib.contextmanager
    def waiting(self, wake: Callable[[], object]) -> Generator[None]:
        """Let a wait be woken, and cancel it then: afterwards at the latest."""
        self._wake_by(wake)
        try:
            yield
        finally:
            self._wake_by(_wake_nobody)

    def _wake_by(self, wake: Callable[[], object]) -> None:
        with self._lock:
            self._wake = wake
            if self.is_cancelled:
                raise _Cancelled


class _Cancelled(BaseException):
    """Ends what a thread does once nobody wants it: no `Exception`, like any interruption."""


# What this task or thread does in the background, if that is what it is for.
_work: Final[ContextVar[_Work | None]] = ContextVar("_work", default=None)


def is_wanted() -> bool:
    """Whether anybody waits for what this task or thread does."""
    work = _work.get()
    return work is None or work.is_wanted


class AsyncBackground(Generic[T]):
    """Does one thing at a time beside the caller, in a task that is gone after `close`."""

    def __init__(self) -> None:
        self._group = anyio.create_task_group()
        self._scope = anyio.CancelScope()
        self._work = _Work()
        self._outcome: Future[T] = Future()
        self._is_idle = anyio.Event()
        self._is_idle.set()

    async def open(self) -> None:
        """Begin what `close` ends, in the same task."""
        await self._group.__aenter__()

    def begin(self, do: Callable[[], Awaitable[T]]) -> None:
        """Begin to do something."""
        # In a scope of its own: to cancel that of the group would cancel the caller too.
        self._scope, self._work = anyio.CancelScope(), _Work()
        self._outcome, self._is_idle = Future(), anyio.Event()
        self._group.start_soon(self._run, do)

    async def get(self, do: Callable[[], Awaitable[T]]) -> T:
        """Give the result of what was begun, once it is there, or do it now."""
        self._work.is_wanted = True
        await self._is_idle.wait()
        outcome, self._outcome = self._outcome, Future()
        return outcome.result() if outcome.done() else await do()

    async def close(self) -> None:
        """Cancel what is under way, and wait for its end."""
        self._scope.cancel()
        try:
            # An error of the caller is none of the group, which would wrap it.
            await self._group.__aexit__(None, None, None)
        except BaseExceptionGroup as group:  # the program was interrupted, and in that task
            raise group.exceptions[0] from None

    async def _run(self, do: Callable[[], Awaitable[T]]) -> None:
        _work.set(self._work)
        with self._scope:
            try:
                await anyio.lowlevel.checkpoint_if_cancelled()
                self._outcome.set_result(await do())
            except anyio.get_cancelled_exc_class():
                pass  # whoever wants it nevertheless does it anew
            except Exception as error:  # noqa: BLE001 - it belongs to who waits for it
                self._outcome.set_exception(error)
            finally:
                self._is_idle.set()


class Background(Generic[T]):
    """Does one thing at a time beside the caller, in a thread that is gone after `close`."""

    def __init__(self) -> None:
        self._thread = threading.Thread()
        self._work = _ThreadWork()
        self._outcome: Future[T] = Future()

    def open(self) -> None:
        """Do nothing: threads need no place to be in."""

    def begin(self, do: Callable[[], T]) -> None:
        """Begin to do something."""
        self._work, self._outcome = _ThreadWork(), Future()
        self._thread = threading.Thread(
            target=self._run, args=(do,), name="powens-background", daemon=True
        )
        with contextlib.suppress(RuntimeError):  # there are too many
            self._thread.start()

    def get(self, do: Callable[[], T]) -> T:
        """Give the result of what was begun, once it is there, or do it now."""
        self._work.is_wanted = True
        self._join()
        outcome, self._outcome = self._outcome, Future()
        return outcome.result() if outcome.done() else do()

    def close(self) -> None:
        """Cancel what is under way, and wait for its end."""
        self._work.cancel()
        self._join()

    def _join(self) -> None:
        if self._thread.is_alive():  # not in a child process: the parent has it
            self._thread.join()

    def _run(self, do: Callable[[], T]) -> None:
        _work.set(self._work)
        try:
            self._outcome.set_result(do())
        except _Cancelled:
            pass  # whoever wants it nevertheless does it anew
        except BaseException as error:  # noqa: BLE001 - it belongs to who waits for it
            self._outcome.set_exception(error)


def _wake_nobody() -> object:
    return None


def _thread_work() -> _ThreadWork | None:
    work = _work.get()
    return work if isinstance(work, _ThreadWork) else None


def _cancellable(wake: Callable[[], object]) -> AbstractContextManager[None]:
    """Let a wait be cancelled, if it is one in the background, by what wakes it."""
    work = _thread_work()
    return nullcontext() if work is None else work.waiting(wake)
