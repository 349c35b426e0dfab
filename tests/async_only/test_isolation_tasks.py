"""Tasks that share one client: each has its own user, and nobody gets what is another's."""

from __future__ import annotations

import random
from urllib.parse import parse_qsl, urlsplit

import anyio

from powens import AsyncPowensClient, RetryBudget, RetryPolicy

TASKS = 16
ROWS = 5
AT_ONCE = RetryPolicy(max_attempts=20, base_delay=0, jitter=0, max_delay=0)


def bank(visit):
    """Answer each token with its own rows, and now and then not at all."""
    url = urlsplit(visit.target)
    offset = int(dict(parse_qsl(url.query)).get("offset", 0))
    rows = [{"id": n, "name": visit.token, "wording": visit.token} for n in range(ROWS)]
    page = rows[offset : offset + 2]
    if random.random() < 0.1:
        visit.answer({}, 503)
    elif url.path == "/users/me/accounts":
        visit.answer({"accounts": page, "total": ROWS})
    elif url.path == "/users/me/transactions":
        href = f"{visit.peer.base_url}{url.path}?offset={offset + 2}"
        following = {"href": href} if offset + 2 < ROWS else None
        visit.answer({"transactions": page, "_links": {"next": following}})
    else:
        visit.answer({"id": 1, "platform": visit.token})


async def test_tasks_on_one_client_get_their_own_rows_even_when_some_are_cancelled(serve, scale):
    chance = random.Random(4)

    async def use(client, number):
        owner = f"user{number}"
        for turn in range(scale(8, 500)):
            client.set_access_token(f"root{number}")
            mine = client.with_options(access_token=owner)
            other = mine.with_options(access_token=f"{owner}-{turn}")
            pager = client.accounts.list(limit=1)
            with anyio.move_on_after(0.005 if chance.random() < 0.3 else None):
                assert {row.name async for row in mine.accounts.list(limit=2)} == {owner}
                named = {row.wording async for row in other.transactions.list(limit=2)}
                assert named == {f"{owner}-{turn}"}
                assert (await mine.users.me()).platform == owner
                # No other task has run between the change of the token and the pager.
                assert {row.name async for row in pager} == {f"root{number}"}
                assert (await client.users.me()).platform.startswith("root")

    async with (
        AsyncPowensClient(
            base_url=serve(bank).base_url,
            access_token="root",
            max_connections=4,
            retry_policy=AT_ONCE,
            retry_budget=RetryBudget(reserve=10**6),
        ) as client,
        anyio.create_task_group() as group,
    ):
        for number in range(TASKS):
            group.start_soon(use, client, number)
    assert client._session.transport._carrier.busy == 0
