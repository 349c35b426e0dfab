"""No secret gets out of what only the async half has: tasks side by side, and a debugging loop."""

from __future__ import annotations

import asyncio

import anyio
import httpx
import pytest

from powens import AsyncPowensClient, RetryPolicy


@pytest.fixture
def make(canaries):
    """Makes clients that know secrets."""

    def make(peer, **options):
        return AsyncPowensClient(
            base_url=peer.base_url,
            access_token=canaries.secret,
            retry_policy=RetryPolicy(max_attempts=1),
            **options,
        )

    return make


async def test_what_another_task_sends_meanwhile_is_logged(canaries, serve, make):
    entered, may_go = anyio.Event(), anyio.Event()

    async def hold(_request):
        entered.set()
        await may_go.wait()

    peer = serve(lambda visit: visit.answer({"id": 7}, set_cookie=canaries.secret))
    # Under way, and so quiet, while the other task logs.
    lent = httpx.AsyncClient(trust_env=False, event_hooks={"request": [hold]})
    async with (
        lent,
        httpx.AsyncClient(trust_env=False) as other,
        anyio.create_task_group() as group,
    ):
        client = make(peer, http_client=lent)
        group.start_soon(client.users.me)
        await entered.wait()
        await other.get(peer.base_url)
        logged = [text for text in canaries.logged() if canaries.secret in text]
        assert logged
        assert {text.partition(" ")[0] for text in logged} == {"httpcore.http11"}
        may_go.set()
    canaries.look_at(client.users)


@pytest.mark.parametrize("anyio_backend", [("asyncio", {"debug": True})])
@pytest.mark.parametrize("status", [200, 503])
async def test_a_debugging_loop_has_nothing_to_tell(canaries, serve, make, status, tmp_path):
    loop = asyncio.get_running_loop()
    loop.slow_callback_duration = 0.0  # so that it logs each of its steps
    peer = serve(lambda visit: visit.answer({"id": 7, "secret": canaries.secret}, status))
    async with make(peer) as client:
        calls = [
            client.users.get(user_id=7, expand=canaries.secret),
            client.users.list(search=canaries.secret).to_list(),
            client.connections.create(connector_uuid="u", fields={"password": canaries.secret}),
            client.documents.download(document=f"files/1?key={canaries.secret}", to=tmp_path / "f"),
        ]
        tasks = [asyncio.ensure_future(call) for call in calls]
        await asyncio.gather(*tasks, return_exceptions=True)
    logged = canaries.logged()
    assert any("Executing <" in text for text in logged)
    errors = [error for task in tasks if (error := task.exception())]
    canaries.look_at(*logged, repr(tasks), *errors, echoes=True)
