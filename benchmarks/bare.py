"""The workloads with nothing but httpx and `response.json()`: dicts, unchecked."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

import httpx

import bodies
import meter
from meter import Figures, expect, metered

HEADERS: Final = {"authorization": "Bearer token", "accept": "application/json"}


def decode(*, times: int) -> Figures:
    """Decode one page, again and again."""
    content = bodies.page(0, 1000, 1000)
    json.loads(content)
    with metered() as figures:
        for _ in range(times):
            page = json.loads(content)
    expect(1000, len(page["transactions"]))
    return figures


def list_async(*, base_url: str, rows: int) -> Figures:
    """Iterate over all transactions."""

    async def run() -> Figures:
        async with httpx.AsyncClient(headers=HEADERS, timeout=30) as client:
            await client.get(f"{base_url}/users/me/transactions", params={"limit": 1})
            seen = 0
            with metered() as figures:
                url = f"{base_url}/users/me/transactions?limit=1000"
                while url:
                    page = _json_of(await client.get(url))
                    for _ in page["transactions"]:
                        seen += 1
                    url = _next_of(page)
        expect(rows, seen)
        return figures | {"peak": meter.peak()}

    return asyncio.run(run())


def list_blocking(*, base_url: str, rows: int) -> Figures:
    """Iterate over all transactions."""
    with httpx.Client(headers=HEADERS, timeout=30) as client:
        client.get(f"{base_url}/users/me/transactions", params={"limit": 1})
        seen = 0
        with metered() as figures:
            url = f"{base_url}/users/me/transactions?limit=1000"
            while url:
                page = _json_of(client.get(url))
                for _ in page["transactions"]:
                    seen += 1
                url = _next_of(page)
    expect(rows, seen)
    return figures | {"peak": meter.peak()}


def get_async(*, base_url: str, times: int) -> Figures:
    """Get an account, again and again."""

    async def run() -> Figures:
        url = f"{base_url}/users/me/accounts/413"
        async with httpx.AsyncClient(headers=HEADERS, timeout=30) as client:
            for _ in range(20):
                await client.get(url)
            with metered() as figures:
                for _ in range(times):
                    account = _json_of(await client.get(url))
        expect(413, account["id"])
        return figures

    return asyncio.run(run())


def get_blocking(*, base_url: str, times: int) -> Figures:
    """Get an account, again and again."""
    url = f"{base_url}/users/me/accounts/413"
    with httpx.Client(headers=HEADERS, timeout=30) as client:
        for _ in range(20):
            client.get(url)
        with metered() as figures:
            for _ in range(times):
                account = _json_of(client.get(url))
    expect(413, account["id"])
    return figures


def fleet(*, base_url: str, users: int, pages: int, size: int, at_a_time: int) -> Figures:
    """List the transactions of many users at the same time, each with a token of its own."""

    async def run() -> Figures:
        gate = asyncio.Semaphore(at_a_time)

        async def walk(user: int) -> int:
            seen = 0
            headers = {"authorization": f"Bearer token-{user}"}
            url = f"{base_url}/users/me/transactions?limit={size}"
            async with gate:
                while url:
                    page = _json_of(await client.get(url, headers=headers))
                    seen += len(page["transactions"])
                    url = _next_of(page)
            return seen

        async with httpx.AsyncClient(headers=HEADERS, timeout=30) as client:
            await client.get(f"{base_url}/users/me/transactions", params={"limit": 1})
            with metered() as figures:
                seen = await asyncio.gather(*map(walk, range(users)))
        expect(users * pages * size, sum(seen))
        return figures

    return asyncio.run(run())


def _json_of(response: httpx.Response) -> Any:
    response.raise_for_status()
    return response.json()


def _next_of(page: Any) -> str:
    following = page["_links"]["next"]
    return following["href"] if following else ""


if __name__ == "__main__":
    meter.main(
        {
            "decode": decode,
            "list_async": list_async,
            "list_blocking": list_blocking,
            "get_async": get_async,
            "get_blocking": get_blocking,
            "fleet": fleet,
        }
    )
