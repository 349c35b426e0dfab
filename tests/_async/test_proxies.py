"""Calls by way of a proxy, as the environment asks for one."""

from __future__ import annotations

import base64

import pytest

from powens import AsyncPowensClient, PowensConnectionError, RetryPolicy

ONCE = RetryPolicy(max_attempts=1)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """An environment without a proxy."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


async def test_a_proxy_is_told_where_to_go(serve, environment):
    seen = []

    def relay(visit):
        seen.append((visit.line, visit.headers.get("proxy-authorization")))
        visit.answer({"id": 1})

    proxy = serve(relay)
    environment.setenv("HTTP_PROXY", proxy.base_url.replace("//", "//me:s3cret@"))
    async with AsyncPowensClient(base_url="http://localhost:9/2.0", access_token="t0ken") as client:
        for _ in range(2):
            assert (await client.users.me()).id == 1
    password = base64.b64encode(b"me:s3cret").decode()
    assert seen == [("GET http://localhost:9/2.0/users/me HTTP/1.1", f"Basic {password}")] * 2
    assert proxy.connections == 1


async def test_a_tunnel_is_asked_for_and_the_token_stays_out_of_it(serve, environment):
    seen = []

    def refuse(visit):
        seen.append((visit.line, visit.token))
        visit.answer({}, 407)

    environment.setenv("HTTPS_PROXY", serve(refuse).base_url.replace("//", "//me:s3cret@"))
    async with AsyncPowensClient(
        domain="example", access_token="t0ken", retry_policy=ONCE
    ) as client:
        with pytest.raises(PowensConnectionError, match="ProxyError") as caught:
            await client.users.me()
    assert seen == [("CONNECT example.biapi.pro:443 HTTP/1.1", None)]
    assert "s3cret" not in f"{caught.value!r}{caught.value.__cause__!r}"
