"""A process with a client and the shared breaker: makes a call for each line, and says how it went.

A line is the status that the API answers with. `worker.py URL blocking|async`, with the recipe on
the path.
"""

from __future__ import annotations

import sys

import anyio
import httpx
from SharedBreaker import SharedBreaker, hasty_redis

from powens import AsyncPowensClient, PowensClient, PowensError, RetryPolicy

url, half = sys.argv[1:]
sent: list[int] = []
status = 200


def api(request: httpx.Request) -> httpx.Response:
    sent.append(status)
    return httpx.Response(status, json={"id": 1})


settings = {
    "base_url": "https://example.biapi.pro/2.0",
    "access_token": "t0ken",
    "retry_policy": RetryPolicy(max_attempts=1),
    "circuit_breaker": SharedBreaker(
        hasty_redis(url), "powens", fail_max=3, reset_timeout=1800, blind_for=0
    ),
    "transport": httpx.MockTransport(api),
}


def call() -> None:
    with PowensClient(**settings) as client:
        client.users.me()


async def async_call() -> None:
    async with AsyncPowensClient(**settings) as client:
        await client.users.me()


for line in sys.stdin:
    status = int(line)
    sent.clear()
    try:
        call() if half == "blocking" else anyio.run(async_call)
    except PowensError as error:
        outcome = type(error).__name__
    else:
        outcome = "ok"
    print(outcome, *sent, flush=True)
