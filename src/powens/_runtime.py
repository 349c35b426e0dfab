"""The only home of names that come in pairs: one for the async half, one for its blocking twin.

The twin is made by renaming, so that a difference between the halves is a name here, never a
branch there.
"""

from __future__ import annotations

import time

import anyio


async def async_sleep(seconds: float) -> None:
    """Let other tasks run for `seconds`, on asyncio and on trio."""
    await anyio.sleep(seconds)


def sleep(seconds: float) -> None:
    """Block this thread for `seconds`."""
    time.sleep(seconds)
