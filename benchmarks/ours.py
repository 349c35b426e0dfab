"""The workloads with this package, on both of its surfaces."""

from __future__ import annotations

import asyncio
import inspect
import time

import bodies
import meter
from meter import Figures, expect, metered, traced
from powens import (
    AsyncPager,
    AsyncPowensClient,
    Pager,
    PowensClient,
    Transaction,
    TransactionsList,
)
from powens._codec import decode as decode_answer


def decode(*, times: int, odd: bool = False) -> Figures:
    """Decode one page, again and again."""
    content = bodies.page(0, 1000, 1000, odd=odd)
    decode_answer(content, TransactionsList)
    with metered() as figures:
        for _ in range(times):
            page = decode_answer(content, TransactionsList)
    expect(1000, len(page))
    return figures


def list_async(*, base_url: str, rows: int) -> Figures:
    """Iterate over all transactions."""

    async def run() -> Figures:
        async with AsyncPowensClient(base_url=base_url, access_token="token") as client:
            await client.transactions.list(limit=1).first_page()
            seen = 0
            with metered() as figures:
                async for _ in client.transactions.list():
                    seen += 1
        expect(rows, seen)
        return figures | {"peak": meter.peak()}

    return asyncio.run(run())


def list_blocking(*, base_url: str, rows: int) -> Figures:
    """Iterate over all transactions."""
    with PowensClient(base_url=base_url, access_token="token") as client:
        client.transactions.list(limit=1).first_page()
        seen = 0
        with metered() as figures:
            for _ in client.transactions.list():
                seen += 1
    expect(rows, seen)
    return figures | {"peak": meter.peak()}


def get_async(*, base_url: str, times: int) -> Figures:
    """Get an account, again and again."""

    async def run() -> Figures:
        async with AsyncPowensClient(base_url=base_url, access_token="token") as client:
            for _ in range(20):
                await client.accounts.get(account_id=413)
            with metered() as figures:
                for _ in range(times):
                    account = await client.accounts.get(account_id=413)
        expect(413, account.id)
        return figures

    return asyncio.run(run())


def get_blocking(*, base_url: str, times: int) -> Figures:
    """Get an account, again and again."""
    with PowensClient(base_url=base_url, access_token="token") as client:
        for _ in range(20):
            client.accounts.get(account_id=413)
        with metered() as figures:
            for _ in range(times):
                account = client.accounts.get(account_id=413)
    expect(413, account.id)
    return figures


def views(*, surface: str, many: int) -> Figures:
    """Take views, and keep them: first with a clock, then with the memory looked at."""
    client = _client_class(surface)(domain="example", access_token="token")
    client.with_options(access_token="token")
    with metered() as figures:
        kept = [client.with_options(access_token=f"token-{n}") for n in range(many)]
    expect(many, len(kept))
    del kept
    with traced() as traces:
        again = [client.with_options(access_token=f"token-{n}") for n in range(many)]
    expect(many, len(again))
    return figures | traces


def clients(*, surface: str, many: int) -> Figures:
    """Make clients one after the other, and keep them; the figures are for each but the first.

    A TLS context is memory that Python does not know of, so the peak of the process is looked at.
    """
    kind = _client_class(surface)
    kept = [kind(domain="example", access_token="token")]
    before = meter.peak()
    with metered() as figures:
        kept += [kind(domain="example", access_token="token") for _ in range(many)]
    memory = meter.peak() - before
    return {"cpu": figures["cpu"] / many, "memory": memory / many}


def fleet(*, base_url: str, users: int, pages: int, size: int, at_a_time: int) -> Figures:
    """List the transactions of many users at the same time, each with a token of its own."""

    async def run() -> Figures:
        gate = asyncio.Semaphore(at_a_time)

        async def walk(user: int) -> int:
            async with gate:
                view = client.with_options(access_token=f"token-{user}")
                return len([row async for row in view.transactions.list(limit=size)])

        async with AsyncPowensClient(base_url=base_url, access_token="token") as client:
            await client.transactions.list(limit=1).first_page()
            with metered() as figures:
                seen = await asyncio.gather(*map(walk, range(users)))
        expect(users * pages * size, sum(seen))
        return figures

    return asyncio.run(run())


def work_async(*, base_url: str, seconds: float, size: int, prefetch: int) -> Figures:
    """Spend some time on each page."""

    async def run() -> Figures:
        async with AsyncPowensClient(base_url=base_url, access_token="token") as client:
            pager = client.transactions.list(limit=size)
            await pager.first_page()
            with metered() as figures:
                if prefetch:
                    async with pager.by_page(prefetch=prefetch) as pages:
                        async for _ in pages:
                            await asyncio.sleep(seconds)
                else:
                    async for _ in pager.by_page():
                        await asyncio.sleep(seconds)
        return figures

    return asyncio.run(run()) if _can_prefetch(AsyncPager) or not prefetch else {}


def work_blocking(*, base_url: str, seconds: float, size: int, prefetch: int) -> Figures:
    """Spend some time on each page."""
    if prefetch and not _can_prefetch(Pager):
        return {}
    with PowensClient(base_url=base_url, access_token="token") as client:
        pager = client.transactions.list(limit=size)
        pager.first_page()
        with metered() as figures:
            if prefetch:
                with pager.by_page(prefetch=prefetch) as pages:
                    for _ in pages:
                        time.sleep(seconds)
            else:
                for _ in pager.by_page():
                    time.sleep(seconds)
    return figures


def _client_class(surface: str) -> type[PowensClient | AsyncPowensClient]:
    return {"async": AsyncPowensClient, "blocking": PowensClient}[surface]


def _can_prefetch(pager: type[AsyncPager[Transaction] | Pager[Transaction]]) -> bool:
    return "prefetch" in inspect.signature(pager.by_page).parameters


if __name__ == "__main__":
    meter.main(
        {
            "decode": decode,
            "list_async": list_async,
            "list_blocking": list_blocking,
            "get_async": get_async,
            "get_blocking": get_blocking,
            "views": views,
            "clients": clients,
            "fleet": fleet,
            "work_async": work_async,
            "work_blocking": work_blocking,
        }
    )
