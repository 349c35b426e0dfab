"""What calls cost, in counts: a clock says something else each time.

A bound is what was counted when it was set and about a quarter more: enough for other versions of
Python and of the dependencies, not enough for one more function in a loop. Times are in
docs/performance.md.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import ssl
import subprocess
import sys
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType

import httpx
import pytest

from powens import AsyncPowensClient, PowensClient, TransactionsList
from powens._codec import decode, fast

BASE_URL = "https://example.biapi.pro/2.0"
# Ids, which are cursors too: all of one length, and none twice, since addresses are cached.
FIRST_ROWS = itertools.count(10**9, 10**6)
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
    "counterparty": {"label": "Boulangerie", "type": "creditor"},
}
ACCOUNT = b'{"id":413,"balance":2481.17,"currency":{"id":"EUR"},"name":"Compte"}'
# Not needed to make a client.
ELSEWHERE = {
    *("cattrs", "cryptography", "joserfc", "starlette", "trio", "uvicorn", "xml", "zoneinfo"),
    *("powens.cli", "powens.encryption", "powens.sandbox", "powens.signing"),
}


class Calls:
    """How many Python functions were called; a coroutine counts each time it goes on."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        self.count += event == "call"


@contextmanager
def counted() -> Iterator[Calls]:
    """Count the calls, but those that the garbage collector makes when it happens to run."""
    calls = Calls()
    before = sys.getprofile()
    gc.disable()
    sys.setprofile(calls)
    try:
        yield calls
    finally:
        sys.setprofile(before)
        gc.enable()


@contextmanager
def traced() -> Iterator[list[int]]:
    """Give the bytes that what was made meanwhile still takes."""
    taken: list[int] = []
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        yield taken
        taken.append(tracemalloc.get_traced_memory()[0] - before)
    finally:
        tracemalloc.stop()


def page_of(many: int, *, start: int, **others: object) -> bytes:
    rows = [{"id": n, **ROW} for n in range(start, start + many)]
    return json.dumps({"transactions": rows, **others}).encode()


def api(request: httpx.Request) -> httpx.Response:
    """Stand for the API, with a listing by links that never ends."""
    if "/accounts/" in request.url.path:
        return httpx.Response(200, content=ACCOUNT)
    query = request.url.params
    size = int(query["limit"])
    start = int(query["cursor"]) if "cursor" in query else next(FIRST_ROWS)
    href = f"{BASE_URL}/users/me/transactions?limit={size}&cursor={start + size}"
    content = page_of(size, start=start, _links={"next": {"href": href}})
    return httpx.Response(200, content=content)


def blocking(work: Callable[[PowensClient], object]) -> int:
    """Count the calls of some work on the blocking surface, the second time it is done."""
    with PowensClient(
        base_url=BASE_URL, access_token="token", transport=httpx.MockTransport(api)
    ) as client:
        work(client)
        with counted() as calls:
            work(client)
    return calls.count


def on_asyncio(work: Callable[[AsyncPowensClient], Awaitable[object]]) -> int:
    """Count the calls of some work on the async surface, the second time it is done."""

    async def run() -> int:
        async with AsyncPowensClient(
            base_url=BASE_URL, access_token="token", transport=httpx.MockTransport(api)
        ) as client:
            await work(client)
            with counted() as calls:
                await work(client)
        return calls.count

    return asyncio.run(run())


def get(client: PowensClient) -> object:
    return client.accounts.get(account_id=413)


async def get_async(client: AsyncPowensClient) -> object:
    return await client.accounts.get(account_id=413)


def walk(surface: str, *, pages: int, size: int) -> int:
    """Count the calls of iterating over a listing."""
    if surface == "blocking":
        return blocking(lambda client: client.transactions.list(limit=size).to_list(pages * size))

    async def work(client: AsyncPowensClient) -> None:
        await client.transactions.list(limit=size).to_list(pages * size)

    return on_asyncio(work)


def client_of(surface: str) -> PowensClient | AsyncPowensClient:
    kind = {"blocking": PowensClient, "async": AsyncPowensClient}[surface]
    return kind(domain="example", access_token="token")


def tls_contexts() -> int:
    return sum(issubclass(type(each), ssl.SSLContext) for each in gc.get_objects())


@pytest.fixture(params=["blocking", "async"])
def surface(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_calls_are_counted():
    def outer() -> None:
        inner()
        inner()

    def inner() -> None:
        pass

    with counted() as calls:
        pass
    nothing = calls.count
    with counted() as calls:
        outer()
    assert calls.count == nothing + 3


@pytest.mark.skipif(not fast.AVAILABLE, reason="needs msgspec")
def test_a_clean_row_is_decoded_with_the_calls_of_its_check():
    counts: list[int] = []
    for many in (100, 1000):
        content = page_of(many, start=1000)
        decode(content, TransactionsList)
        with counted() as calls:
            decode(content, TransactionsList)
        counts.append(calls.count)
    assert counts[1] - counts[0] <= 2 * 900


@pytest.mark.parametrize(
    ("count", "most"),
    [
        pytest.param(lambda: blocking(get), 340, id="blocking"),
        pytest.param(lambda: on_asyncio(get_async), 340, id="async"),
    ],
)
def test_a_warm_call_takes_few_calls_of_python(count: Callable[[], int], most: int):
    assert count() <= most


def test_a_page_and_a_row_take_few_calls_of_python(surface: str):
    narrow, wide = (walk(surface, pages=10, size=size) for size in (10, 110))
    per_row = (wide - narrow) / 1000
    per_page = narrow / 10 - per_row * 10
    assert per_row <= 5
    assert per_page <= 470


def test_a_page_costs_the_same_however_many_there_were(surface: str):
    few, twice, many = (walk(surface, pages=pages, size=10) for pages in (10, 20, 110))
    assert (many - few) / 100 == pytest.approx((twice - few) / 10, rel=0.01)


def test_a_view_takes_little_memory(surface: str):
    client = client_of(surface)
    client.with_options(access_token="token")
    with traced() as taken:
        views = [client.with_options(access_token=f"token-{n}") for n in range(1000)]
    assert len(views) == 1000
    assert taken[0] / 1000 <= 600


def test_a_second_client_takes_little_memory_and_no_tls_context(surface: str):
    first = client_of(surface)
    contexts = tls_contexts()
    with traced() as taken:
        second = client_of(surface)
    assert first is not second
    assert tls_contexts() == contexts
    assert taken[0] <= 15_000


@cache
def modules_of(program: str) -> frozenset[str]:
    """Give what a program of its own has imported."""
    command = [sys.executable, "-c", f"{program}\nimport sys\nprint(*sys.modules)"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return frozenset(done.stdout.split())


@pytest.mark.parametrize("name", ["PowensClient", "AsyncPowensClient"])
def test_making_a_client_imports_few_modules(name: str):
    beyond = modules_of(f"import powens; powens.{name}(domain='example')")
    beyond -= modules_of("import httpx; httpx.Client()")
    assert not beyond & ELSEWHERE
    assert len(beyond) <= 190
