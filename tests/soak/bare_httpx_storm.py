"""What becomes of a bare client of httpx in a storm of cancellations, beside one of ours.

    python -m tests.soak.bare_httpx_storm [requests]

Prints, for asyncio and trio, how many of the next 50 calls find no connection in time.
"""

from __future__ import annotations

import contextlib
import random
import sys
import warnings

import anyio
import httpx

from powens import AsyncPowensClient, PowensError, RetryPolicy

from ..peer import Peer, Visit

POOL = 10
CROWD = 8


def answer(visit: Visit) -> None:
    """Answer some kB, at once or after a while."""
    visit.pause(0.02 if "slow" in visit.target else 0.001)
    visit.answer(b"x" * 6000)


async def storm(get, count: int) -> int:
    """Make calls in parties of up to ten, of which six in ten are cancelled; give how many were."""
    chance = random.Random(4)
    crowd = anyio.Semaphore(CROWD)
    cancelled = 0

    async def call() -> None:
        with contextlib.suppress(httpx.PoolTimeout, PowensError):
            await get(chance.choice(["/quick", "/slow"]))

    async def party(size: int) -> None:
        nonlocal cancelled
        async with crowd:
            patience = chance.random() ** 2 * 0.1 if chance.random() < 0.6 else None
            with anyio.move_on_after(patience) as scope:
                async with anyio.create_task_group() as group:
                    for _ in range(size):
                        group.start_soon(call)
            cancelled += scope.cancelled_caught

    async with anyio.create_task_group() as group:
        while count > 0:
            size = min(chance.randint(1, 10), count)
            count -= size
            group.start_soon(party, size)
    return cancelled


async def count_timeouts(get) -> int:
    """Make 50 calls, one after the other; give how many end without a connection."""
    lost = 0
    for _ in range(50):
        try:
            await get("/quick")
        except (httpx.PoolTimeout, PowensError):
            lost += 1
    return lost


async def main(count: int) -> None:
    """Storm both clients."""
    with Peer(answer) as peer:
        limits = httpx.Limits(max_connections=POOL)
        timeout = httpx.Timeout(1.0, pool=0.25)
        async with httpx.AsyncClient(limits=limits, timeout=timeout) as bare:

            async def get(path: str) -> None:
                await bare.get(peer.base_url + path)

            cancelled = await storm(get, count)
            pool = bare._transport._pool
            lost = [each for each in pool.connections if not each.is_idle()]
            timeouts = await count_timeouts(get)
        print(
            f"  httpx {httpx.__version__}: {cancelled} parties cancelled; {len(lost)} of {POOL}"
            f" connections left over; {timeouts} of the next 50 calls fail"
        )
        async with AsyncPowensClient(
            base_url=peer.base_url,
            access_token="t0ken",
            max_connections=POOL,
            timeout=1.0,
            retry_policy=RetryPolicy(max_attempts=1),
        ) as ours:

            async def get_ours(path: str) -> None:
                await ours.request("GET", path)

            cancelled = await storm(get_ours, count)
            left = ours._session.transport._carrier.busy
            timeouts = await count_timeouts(get_ours)
        print(
            f"  powens: {cancelled} parties cancelled; {left} of {POOL} connections left over;"
            f" {timeouts} of the next 50 calls fail"
        )


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # a bare client leaves streams open
    for backend in ("asyncio", "trio"):
        print(backend)
        anyio.run(main, int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, backend=backend)
