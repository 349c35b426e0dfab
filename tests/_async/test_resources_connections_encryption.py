"""What a user entered goes to the bank encrypted, when that is asked for."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import httpx
import pytest
from joserfc import jwe
from joserfc.jwk import RSAKey

from powens import UNSET, PowensError, PowensNotFoundError, PowensSerializationError

KEY = RSAKey.generate_key(2048)
JWK = {**KEY.as_dict(private=False), "kid": "k1"}
SMALL = {**JWK, "n": JWK["n"][:171]}  # 1024 bits
CALLS = [("create", {"connector_uuid": "u"}), ("update", {"connection_id": 5})]


@pytest.fixture
def serve(api):
    """Have the API give a key, or whatever stands in its place, and take connections."""

    def start(key=JWK):
        def answer(request):
            if not request.url.path.endswith("/publickey"):
                return {"id": 5}
            return httpx.Response(200, json=key) if isinstance(key, dict) else key

        api.answers(answer)

    return start


def sent(api):
    """Give the bodies that were sent."""
    return [json.loads(request.content) for request in api.requests if request.content]


def opened(value):
    assert value.count(".") == 4
    found = jwe.decrypt_compact(value, KEY, algorithms=["RSA-OAEP-256", "A256GCM"])
    assert found.headers() == {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": "k1"}
    return found.plaintext.decode()


@pytest.mark.parametrize(("method", "which"), CALLS)
async def test_values_are_encrypted_and_their_names_are_not(method, which, serve, api, connect):
    serve()
    fields = {
        "login": "camille",
        "password": "s3cret é",
        "birthday": dt.date(1990, 2, 1),
        "region": 2,
        "amount": Decimal("12.50"),
        "nothing": None,
        "left_out": UNSET,
    }
    async with connect() as client:
        await getattr(client.connections, method)(**which, fields=fields, encrypt=True)
    (body,) = sent(api)
    clear = {name: body.pop(name) for name in {"connector_uuid"} & which.keys()}
    assert clear == {name: value for name, value in which.items() if name != "connection_id"}
    assert body.pop("nothing") is None
    assert {name: opened(value) for name, value in body.items()} == {
        "login": "camille",
        "password": "s3cret é",
        "birthday": "1990-02-01",
        "region": "2",
        "amount": "12.50",
    }
    assert fields["password"] == "s3cret é"


async def test_settings_beside_the_fields_are_sent_as_they_are(serve, api, connect):
    serve()
    async with connect() as client:
        await client.connections.update(
            connection_id=5, resume=True, active=False, fields={"otp": "1234"}, encrypt=True
        )
    (body,) = sent(api)
    assert opened(body.pop("otp")) == "1234"
    assert body == {"resume": True, "active": False}


async def test_no_value_is_encrypted_unless_it_is_asked_for(serve, api, connect):
    serve()
    async with connect() as client:
        await client.connections.create(connector_uuid="u", fields={"login": "me"})
    assert api.targets == ["/users/me/connections"]
    assert sent(api) == [{"connector_uuid": "u", "login": "me"}]


async def test_the_key_is_asked_for_once(serve, api, connect):
    serve()
    async with connect() as client:
        for view in (client, client.with_options(access_token="other"), client):
            await view.connections.update(connection_id=5, fields={"otp": "1"}, encrypt=True)
    assert api.targets == ["/publickey", *["/users/me/connections/5"] * 3]
    values = [body["otp"] for body in sent(api)]
    assert [opened(value) for value in values] == ["1"] * 3
    assert len(set(values)) == 3


async def test_the_key_is_asked_for_again_after_a_while(serve, api, connect, clock):
    serve()
    async with connect() as client:
        for pause in (0, 299, 1):
            clock.time += pause
            await client.connections.update(connection_id=5, fields={"otp": "1"}, encrypt=True)
    assert [target == "/publickey" for target in api.targets] == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ({**JWK, "kty": "EC"}, PowensError),
        ({**JWK, "kid": None}, PowensError),
        ({**JWK, "n": None}, PowensError),
        ({**JWK, "n": "s3cret!"}, PowensError),
        (SMALL, PowensError),
        ({}, PowensError),
        (b"<html>", PowensSerializationError),
        (404, PowensNotFoundError),
        (httpx.ConnectError("x"), PowensError),
    ],
    ids=["EC", "no kid", "no n", "rubbish", "1024 bits", "empty", "html", "404", "unreachable"],
)
@pytest.mark.parametrize(("method", "which"), CALLS)
async def test_nothing_is_sent_when_the_key_is_refused(
    method, which, key, error, serve, api, connect, clock
):
    serve(key)
    async with connect() as client:
        with pytest.raises(error) as refusal:
            await getattr(client.connections, method)(
                **which, fields={"password": "s3cret"}, encrypt=True
            )
    assert set(api.targets) == {"/publickey"}
    assert sent(api) == []
    assert "s3cret" not in f"{refusal.value}{refusal.value!r}"


@pytest.mark.parametrize("value", [True, ["s3cret"], {"a": "s3cret"}, b"s3cret"], ids=repr)
async def test_a_value_without_a_text_of_its_own_is_refused(value, serve, api, connect):
    serve()
    async with connect() as client:
        with pytest.raises(TypeError, match="field 'password'") as refusal:
            await client.connections.create(
                connector_uuid="u", fields={"password": value}, encrypt=True
            )
    assert sent(api) == []
    assert "s3cret" not in str(refusal.value)


async def test_an_encrypted_field_cannot_replace_the_connector(serve, api, connect):
    serve()
    async with connect() as client:
        with pytest.raises(ValueError, match="a field has the name of an argument"):
            await client.connections.create(
                connector_uuid="u", fields={"connector_uuid": "v"}, encrypt=True
            )
    assert sent(api) == []
