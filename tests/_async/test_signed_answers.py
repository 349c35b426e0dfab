"""Answers that have to be signed: verified before anything is made of them, refused otherwise."""

from __future__ import annotations

import json

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import RSAKey

from powens import (
    AsyncPowensClient,
    PowensNotFoundError,
    PowensSignatureError,
    UserIndicators,
)
from powens.sandbox import Sandbox

KEY = RSAKey.generate_key(2048)
OTHER = RSAKey.generate_key(2048)
SITE = "https://example.biapi.pro/2.0"
KEY_URL = f"{SITE}/sign-keys/7"


def sign(request, content, *, key=KEY, key_url=KEY_URL, url=None):
    """What the API answers to a request that asks for a signature."""
    payload = json.dumps(
        {
            "request_url": url or str(request.url),
            "response_timestamp": "2026-01-01 10:00:00",
            "response_payload": content,
        }
    )
    registry = jws.JWSRegistry(strict_check_header=False)
    header = {"alg": "RS256", "key_url": key_url}
    return jws.serialize_compact(header, payload, key, registry=registry)


@pytest.fixture
def serve(api):
    """Have the API sign what it answers, the way that is said."""

    def start(answer=lambda request: sign(request, {"id_user": 5}), *, deprecated=None, kept=KEY):
        def respond(request):
            if "/sign-keys/" in request.url.path:
                pem = kept.as_pem(private=False).decode()
                return {"id": 7, "public_key": pem, "deprecated": deprecated}
            return httpx.Response(200, text=answer(request))

        api.answers(respond)

    return start


@pytest.fixture
def view(connect):
    """A view that insists on signatures."""
    return connect().with_options(sign_responses=True)


async def test_a_signed_answer_is_read_as_if_it_were_not_signed(serve, view, api):
    serve()
    assert await view.indicators.get() == UserIndicators(id_user=5)
    asked, key = api.requests
    assert asked.url.query == b"sign_response=true"
    assert str(key.url) == KEY_URL


async def test_a_key_is_asked_for_once(serve, view, api):
    serve()
    await view.indicators.get()
    await view.indicators.get(user_id=6)
    assert [request.url.path for request in api.requests] == [
        "/2.0/users/me/indicators",
        "/2.0/sign-keys/7",
        "/2.0/users/6/indicators",
    ]


async def test_the_client_beside_the_view_asks_for_no_signature(connect, api):
    api.answers({"id_user": 5})
    client = connect()
    client.with_options(sign_responses=True)
    assert await client.indicators.get() == UserIndicators(id_user=5)
    assert api.requests[0].url.query == b""


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda _: '{"id_user": 5}', "it is no JWS"),
        (lambda request: sign(request, {"id_user": 6}, key=OTHER), "does not hold"),
        (lambda request: sign(request, {}, url=f"{SITE}/users/6/indicators"), "another request"),
        (lambda request: sign(request, {}, key_url="https://evil.example/k"), "another host"),
        (lambda request: sign(request, {}, key_url=f"{SITE}/users/me/documents/1"), "no sign key"),
        (lambda request: sign(request, {}, key_url=f"{KEY_URL}?as=mine"), "no sign key"),
        (lambda request: sign(request, {}, key_url=f"{SITE}/sign-keys/../users"), "climbs"),
    ],
)
async def test_an_answer_that_proves_nothing_is_refused(answer, text, serve, view, api):
    serve(answer)
    with pytest.raises(PowensSignatureError, match=text):
        await view.indicators.get()
    assert {request.url.host for request in api.requests} == {"example.biapi.pro"}


async def test_a_deprecated_key_is_refused(serve, view):
    serve(deprecated="2025-01-01 00:00:00")
    with pytest.raises(PowensSignatureError, match="deprecated"):
        await view.indicators.get()


async def test_a_setting_that_is_no_bool_is_refused(connect):
    with pytest.raises(TypeError, match="sign_responses"):
        connect().with_options(sign_responses=1)


async def test_the_sandbox_signs_everything_that_is_asked_for():
    with Sandbox() as powens:
        async with AsyncPowensClient(
            base_url=powens.base_url, access_token=powens.access_token
        ) as client:
            view = client.with_options(sign_responses=True)
            transactions = await client.transactions.list(limit=90).to_list()
            powens.clear_requests()
            assert await view.transactions.list(limit=90).to_list() == transactions
            assert await view.accounts.list_all() == await client.accounts.list_all()
            keys = [each.path for each in powens.requests if "sign-keys" in each.path]
            assert len(keys) == 1
            pages = [each for each in powens.requests if each.path.endswith("/transactions")]
            assert len(pages) >= len(transactions) // 90
            for page in pages:
                assert page.query.count("sign_response=true") == 1
            with pytest.raises(PowensNotFoundError):
                await view.accounts.get(account_id=404)
            raw = await view.request("GET", "/users/me")
            assert raw.json()["id"] == (await client.users.me()).id
