"""A client as a pickle: its settings go along, its secrets and its connections do not."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import httpx
import pytest

from powens import (
    AsyncPowensClient,
    PowensError,
    RetryBudget,
    RetryPolicy,
    ThresholdCircuitBreaker,
)
from powens.sandbox import Sandbox

SETTINGS = {
    "base_url": "https://example.biapi.pro/2.0",
    "access_token": "t0ken-canary",
    "client_id": 77,
    "client_secret": "s3cret-canary",
    "timeout": 7.0,
    "sync_timeout": 70.0,
    "deadline": 700.0,
    "retry_policy": RetryPolicy(max_attempts=7),
    "user_agent": "shop/7",
    "api_domain": "api.example.com",
    "webview_url": "https://webview.example.com",
    "payment_links_url": "https://links.example.com/api",
    "max_connections": 7,
    "max_response_size": 777,
}
PAGE = {"redirect_uri": "https://example.com/back"}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_secrets_stay_behind(protocol):
    client = AsyncPowensClient(**SETTINGS)
    data = pickle.dumps(client, protocol)
    assert b"canary" not in data
    other = pickle.loads(data)
    assert type(other) is AsyncPowensClient
    assert other.access_token is None
    assert other.webview.connect_url(**PAGE).url == client.webview.connect_url(**PAGE).url
    with pytest.raises(ValueError, match="client_secret is needed"):
        other.auth.generate_service_token(scope="payments:admin").send(None)


def test_secrets_go_along_when_asked_to():
    view = AsyncPowensClient(**SETTINGS).with_options(pickle_secrets=True)
    other = pickle.loads(pickle.dumps(view))
    assert other.access_token == "t0ken-canary"
    assert pickle.loads(pickle.dumps(other)).access_token == "t0ken-canary"
    assert pickle.loads(pickle.dumps(other.with_options(pickle_secrets=False))).access_token is None


async def test_a_client_works_on_with_what_it_was_made_with():
    with Sandbox() as powens:
        client = AsyncPowensClient(
            base_url=powens.base_url,
            client_id=powens.client_id,
            circuit_breaker=ThresholdCircuitBreaker(failure_threshold=7),
            retry_budget=RetryBudget(reserve=7),
            retry_policy=RetryPolicy(max_attempts=7),
            user_agent="shop/7",
            deadline=700.0,
        )
        other = pickle.loads(pickle.dumps(client))
        async with client, other:
            assert len(powens.requests) == 0
            other.set_access_token(powens.access_token)
            assert (await other.users.me()).id == powens.user_id
            with pytest.raises(PowensError, match="needs an access token"):
                await client.users.me()
        (request,) = powens.requests
        assert request.headers["user-agent"].startswith("shop/7 powens-python/")


async def test_a_view_becomes_a_client_of_its_own():
    with Sandbox() as powens:
        client = AsyncPowensClient(base_url=powens.base_url, access_token=powens.access_token)
        view = client.with_options(pickle_secrets=True, timeout=7)
        other = pickle.loads(pickle.dumps(view))
        await client.aclose()
        async with other:
            assert (await other.users.me()).id == powens.user_id
        with pytest.raises(PowensError, match="closed"):
            await other.users.me()


def test_another_process_needs_nothing_but_the_pickle():
    with Sandbox() as powens:
        client = AsyncPowensClient(base_url=powens.base_url, access_token=powens.access_token)
        data = pickle.dumps(client.with_options(pickle_secrets=True))
        program = "import pickle, sys; print(pickle.load(sys.stdin.buffer).access_token)"
        done = subprocess.run(
            [sys.executable, "-c", program], input=data, capture_output=True, check=True, timeout=60
        )
    assert done.stdout.decode().strip() == powens.access_token
    assert done.stderr == b""


@pytest.mark.parametrize(
    "given",
    [
        {"transport": httpx.MockTransport(lambda _: httpx.Response(200))},
        {"http_client": httpx.AsyncClient()},
    ],
    ids=["transport", "http_client"],
)
def test_what_was_lent_cannot_go_along(given):
    client = AsyncPowensClient(domain="example", **given)
    with pytest.raises(TypeError, match="of yours has no pickle"):
        pickle.dumps(client)


def test_what_holds_connections_cannot_go_along():
    pager = AsyncPowensClient(**SETTINGS).users.list()
    with pytest.raises(TypeError, match="pickle the client"):
        pickle.dumps(pager)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
async def test_a_copy_is_a_view(duplicate):
    with Sandbox() as powens:
        async with AsyncPowensClient(
            base_url=powens.base_url, access_token=powens.access_token
        ) as client:
            view = duplicate(client)
            client.set_access_token(None)
            await view.aclose()
            assert (await view.users.me()).id == powens.user_id
