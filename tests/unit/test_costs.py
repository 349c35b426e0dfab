"""What calls cost, in counts: the same on any machine, where a clock says something else each time.

A bound is what was counted when it was set, and a quarter more: enough for another version of a
dependency, not enough for another function in a loop. Times are in docs/performance.md.
"""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import httpx
import pytest

import powens
from powens import AsyncPowensClient, PowensClient, TransactionsList
from powens._codec import decode

CALLS_A_ROW = 0
BASE_URL = "https://example.biapi.pro/2.0"
ROW = {
    "id_account": 413,
    "application_date": "2026-10-01",
    "date": "2026-10-02",
    "datetime": "2026-10-02 05:14:09",
    "value": -12.5,
    "type": "card",
    "original_wording": "CARTE 4821 BOULANGERIE",
    "wording": "Boulangerie",
    "coming": False,
    "active": True,
    "last_update": "2026-10-02 05:14:09",
    "informations": {},
}
ACCOUNT = {"id": 413, "balance": 2481.17, "currency": {"id": "EUR"}, "name": "Compte"}


class Calls:
    """Counts the Python functions that are called, coroutines each time they are resumed."""

    def __init__(self) -> None:
        self.count = 0

    def see(self, _frame: FrameType, event: str, _argument: object) -> None:
        self.count += event == "call"


@contextmanager
def counted() -> Iterator[Calls]:
    """Count the calls inside."""
    calls = Calls()
    before = sys.getprofile()
    sys.setprofile(calls.see)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def rows_from(first: int, many: int) -> list[dict[str, Any]]:
    return [{"id": n, **ROW} for n in range(first, first + many)]


def page_of(many: int) -> bytes:
    return json.dumps({"transactions": rows_from(1, many), "total": many}).encode()


def api(request: httpx.Request) -> httpx.Response:
    """Answer as the API would, with pages by links of a listing that never ends."""
    if "/accounts/" in request.url.path:
        return httpx.Response(200, json=ACCOUNT)
    size, start = (int(request.url.params.get(name, 0)) for name in ("limit", "cursor"))
    following = f"{BASE_URL}/users/me/transactions?limit={size}&cursor={start + size}"
    links = {"next": {"href": following}}
    return httpx.Response(200, json={"transactions": rows_from(start, size), "_links": links})


@pytest.fixture
def client() -> Iterator[PowensClient]:
    with PowensClient(
        base_url=BASE_URL, access_token="token", transport=httpx.MockTransport(api)
    ) as client:
        yield client


def calls_of(work: Callable[[], object]) -> int:
    """Count what `work` calls, once all that is made on first use is there."""
    work()
    with counted() as calls:
        work()
    return calls.count


def calls_of_async(work: Callable[[AsyncPowensClient], Any]) -> int:
    """Count what `work` calls on the async surface, without the loop that runs it."""

    async def run() -> int:
        async with AsyncPowensClient(
            base_url=BASE_URL, access_token="token", transport=httpx.MockTransport(api)
        ) as client:
            await work(client)
            with counted() as calls:
                await work(client)
        return calls.count

    return asyncio.run(run())


def test_counting_counts():
    def twice() -> None:
        one(), one()

    def one() -> None:
        pass

    assert calls_of(twice) == calls_of(one) + 2


def test_a_clean_row_is_decoded_with_few_calls_of_python():
    few, many = page_of(100), page_of(1000)
    calls = calls_of(lambda: decode(many, TransactionsList)) - calls_of(
        lambda: decode(few, TransactionsList)
    )
    print(calls)
    assert calls <= CALLS_A_ROW * 900


def test_probe(client):
    print("get", calls_of(lambda: client.accounts.get(account_id=413)))
    print("get async", calls_of_async(lambda it: it.accounts.get(account_id=413)))

    def walk(pages, size):
        it = iter(client.transactions.list(limit=size))
        return lambda: [next(it) for _ in range(pages * size)]

    for pages, size in ((10, 10), (10, 10), (100, 10), (10, 100), (100,100)):
        print(pages, size, calls_of(walk(pages, size)))

    async def walk_async(it, pages, size):
        n = 0
        async for _ in it.transactions.list(limit=size):
            n += 1
            if n == pages*size: break
    for pages, size in ((10, 10), (10, 10), (100, 10), (10, 100),(100,100)):
        print(pages, size, calls_of_async(lambda it: walk_async(it, pages, size)))
    with counted() as c:
        api(httpx.Request("GET", BASE_URL + "/users/me/accounts/413"))
    print("api", c.count)
