"""The workloads with py-powens, whose package has the name of ours: it runs where only it is.

It has no blocking surface. A client of it has one token, so that for many users it is given one
`httpx.AsyncClient` and is made anew for each of them.
"""

from __future__ import annotations

import asyncio
import json

import httpx
from powens.resources.pagination import _build_page

import bodies
import meter
from meter import Figures, expect, metered
from powens import PowensClient, Transaction


def decode(*, times: int, odd: bool = False) -> Figures:
    """Decode one page, again and again, as its pager does it."""
    content = bodies.page(0, 1000, 1000, odd=odd)
    _build_page(json.loads(content), Transaction, "transactions")
    with metered() as figures:
        for _ in range(times):
            page = _build_page(json.loads(content), Transaction, "transactions")
    expect(1000, len(page.items))
    return figures


def list_async(*, base_url: str, rows: int) -> Figures:
    """Iterate over all transactions."""

    async def run() -> Figures:
        async with PowensClient(base_url=base_url, access_token="token") as client:
            await client.transactions.list_page(limit=1)
            seen = 0
            with metered() as figures:
                async for _ in client.transactions.list():
                    seen += 1
        expect(rows, seen)
        return figures | {"peak": meter.peak()}

    return asyncio.run(run())


def get_async(*, base_url: str, times: int) -> Figures:
    """Get an account, again and again."""

    async def run() -> Figures:
        async with PowensClient(base_url=base_url, access_token="token") as client:
            for _ in range(20):
                await client.accounts.get(account_id=413)
            with metered() as figures:
                for _ in range(times):
                    account = await client.accounts.get(account_id=413)
        expect(413, account.id)
        return figures

    return asyncio.run(run())


def fleet(*, base_url: str, users: int, pages: int, size: int, at_a_time: int) -> Figures:
    """List the transactions of many users at the same time, each with a token of its own."""

    async def run() -> Figures:
        gate = asyncio.Semaphore(at_a_time)

        async def walk(user: int) -> int:
            async with gate:
                client = PowensClient(
                    base_url=base_url, access_token=f"token-{user}", http_client=shared
                )
                return len([row async for row in client.transactions.list(limit=size)])

        async with httpx.AsyncClient(base_url=base_url, timeout=30) as shared:
            await PowensClient(
                base_url=base_url, access_token="token", http_client=shared
            ).transactions.list_page(limit=1)
            with metered() as figures:
                seen = await asyncio.gather(*map(walk, range(users)))
        expect(users * pages * size, sum(seen))
        return figures

    return asyncio.run(run())


if __name__ == "__main__":
    meter.main({"decode": decode, "list_async": list_async, "get_async": get_async, "fleet": fleet})
