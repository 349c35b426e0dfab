"""Threads that share one client: each has its own user, and nobody gets what is another's."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlsplit

from powens import PowensClient, RetryBudget, RetryPolicy

from ..soaking import scale

THREADS = 16
ROWS = 5
AT_ONCE = RetryPolicy(max_attempts=20, base_delay=0, jitter=0, max_delay=0)


def bank(visit):
    """Answer each token with its own rows, and now and then not at all."""
    url = urlsplit(visit.target)
    query = dict(parse_qsl(url.query))
    offset = int(query.get("offset", 0))
    rows = [{"id": n, "name": visit.token, "wording": visit.token} for n in range(ROWS)]
    page = rows[offset : offset + 2]
    assert "cookie" not in visit.headers
    if random.random() < 0.1:
        visit.answer({}, 503, set_cookie=f"owner={visit.token}")
    elif url.path == "/users/me/accounts":
        visit.answer({"accounts": page, "total": ROWS}, set_cookie=f"owner={visit.token}")
    elif url.path == "/users/me/transactions":
        href = f"{visit.peer.base_url}{url.path}?offset={offset + 2}"
        following = {"href": href} if offset + 2 < ROWS else None
        visit.answer({"transactions": page, "_links": {"next": following}})
    else:
        visit.answer({"id": 1, "platform": visit.token})


def test_threads_on_one_client_get_their_own_rows(serve):
    peer, over = serve(bank), threading.Event()

    def change_token(client):
        while not over.is_set():
            for number in range(THREADS):
                client.set_access_token(f"root{number}")

    def use(client, number):
        owner = f"user{number}"
        for turn in range(scale(4, 500)):
            mine = client.with_options(access_token=owner)
            other = mine.with_options(access_token=f"{owner}-{turn}")
            walks = [mine.accounts.list(limit=2), other.transactions.list(limit=2)]
            names = [
                {getattr(row, kind) for row in walk}
                for walk, kind in zip(walks, ("name", "wording"), strict=True)
            ]
            assert names == [{owner}, {f"{owner}-{turn}"}]
            assert mine.users.me().platform == owner
            # What is whose was settled when it was made, though nobody can say who that was.
            pager = client.accounts.list(limit=1)
            assert len({row.name for row in pager}) == 1
            assert client.users.me().platform.startswith("root")

    with (
        PowensClient(
            base_url=peer.base_url,
            access_token="root",
            max_connections=4,
            retry_policy=AT_ONCE,
            retry_budget=RetryBudget(reserve=10**6),
        ) as client,
        ThreadPoolExecutor(THREADS + 1) as threads,
    ):
        changing = threads.submit(change_token, client)
        try:
            for use_of_one in [threads.submit(use, client, n) for n in range(THREADS)]:
                use_of_one.result(600)
        finally:
            over.set()
        changing.result(10)
        assert client._session.transport._carrier.busy == 0
