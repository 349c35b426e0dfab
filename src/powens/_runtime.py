"""The only home of names that come in pairs: one for the async half, one for its blocking twin.

The twin is made by renaming, so that a difference between the halves is a name here, never a
branch there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")


async def async_sleep(seconds: float) -> None:
    """Let other tasks run for `seconds`, on asyncio and on trio."""
    await anyio.sleep(seconds)


async def async_run_blocking(work: Callable[[], T]) -> T:
    """Do what blocks, such as writing to a file, in a thread, so that other tasks run on."""
    return await anyio.to_thread.run_sync(work)


def run_blocking(work: Callable[[], T]) -> T:
    """Do what blocks."""
    return work()


def sleep(seconds: float) -> None:
    """Block this thread for `seconds`."""
    time.sleep(seconds)
