import base64
import json
import subprocess
import sys
from decimal import Decimal

import httpx
import pytest
from joserfc import jwe, jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import RSAKey

from powens._codec import decode
from powens.models import JWK, SignedResponseHeader, SignedResponsePayload, SignKey, SignKeysList
from powens.sandbox import Sandbox

REGISTRY = jws.JWSRegistry(strict_check_header=False)


@pytest.fixture
def encrypt(api):
    def encrypt(text, **changes):
        jwk = api.ask("GET", "/publickey")
        header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": jwk["kid"]} | changes
        return jwe.encrypt_compact(
            header,
            text,
            RSAKey.import_key(jwk),
            algorithms=["RSA-OAEP-256", header["enc"]],
        )

    return encrypt


def header_of(token):
    head = token.partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))


def opened(token, key):
    content = jws.deserialize_compact(
        token, RSAKey.import_key(key["public_key"]), algorithms=["RS256"], registry=REGISTRY
    )
    return json.loads(content.payload, parse_float=Decimal)


def test_the_public_key_is_everybodys(powens):
    answer = httpx.get(f"{powens.base_url}/publickey")
    jwk = decode(answer.content, JWK)
    assert (jwk.kty, jwk.e) == ("RSA", "AQAB")
    assert jwk.kid
    assert len(base64.urlsafe_b64decode(jwk.n + "==")) == 256
    assert not {"d", "p", "q", "dp", "dq", "qi"} & answer.json().keys()
    assert httpx.get(f"{powens.base_url}/publickey").json() == answer.json()


def test_each_sandbox_has_keys_of_its_own(powens, api, api_of):
    with Sandbox(seed=5) as other:
        assert api_of(other).ask("GET", "/publickey") != api.ask("GET", "/publickey")


def test_sign_keys(powens):
    answer = httpx.get(f"{powens.base_url}/sign-keys")
    keys = decode(answer.content, SignKeysList)
    old, current = keys
    assert old.deprecated
    assert current.deprecated is None
    for key in keys:
        assert key.public_key.startswith("-----BEGIN PUBLIC KEY-----")
        one = httpx.get(f"{powens.base_url}/sign-keys/{key.id}")
        assert decode(one.content, SignKey) == key
    assert httpx.get(f"{powens.base_url}/sign-keys/9").status_code == 404
    assert httpx.get(f"{powens.base_url}/sign-keys/x").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/users/me?sign_response=true",
        "/users/me/accounts?all&sign_response=true",
        "/users/me/transactions?sign_response=true&min_date=2026-01&expand=account%5Bconnection%5D",
    ],
)
def test_a_signed_answer(powens, api, path):
    plain = api.ask("GET", path.replace("sign_response=true", "sign_response=false"))
    answer = api.get(path)
    assert answer.status_code == 200
    header = header_of(answer.text)
    assert decode(json.dumps(header).encode(), SignedResponseHeader).alg == "RS256"
    assert header["key_url"].startswith(f"{powens.base_url}/sign-keys/")
    key = httpx.get(header["key_url"]).json()
    assert key["deprecated"] is None
    payload = opened(answer.text, key)
    assert payload.keys() == {*SignedResponsePayload.__annotations__}
    assert payload["request_url"] == powens.base_url + path
    assert payload["response_timestamp"]
    if "transactions" in path:
        assert payload["response_payload"]["transactions"] == plain["transactions"]
    else:
        assert payload["response_payload"] == plain


def test_the_digits_stay_as_they_are(api):
    answer = api.get("/users/me/accounts")
    signed = api.get("/users/me/accounts?sign_response=true").text
    payload = signed.split(".")[1]
    raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    assert answer.content in raw


def test_the_signature_is_checked_against_every_byte(api):
    signed = api.get("/users/me?sign_response=true").text
    _, current = api.ask("GET", "/sign-keys")["keys"]
    head, _, signature = signed.split(".")
    forged = base64.urlsafe_b64encode(b'{"response_payload":{}}').decode().rstrip("=")
    with pytest.raises(BadSignatureError):
        opened(f"{head}.{forged}.{signature}", current)
    old, _ = api.ask("GET", "/sign-keys")["keys"]
    with pytest.raises(BadSignatureError):
        opened(signed, old)


def test_posts_are_signed_and_errors_are_not(api):
    path = "/users/me/connections/201?sign_response=true"
    signed = api.post(path, json={"active": True})
    _, current = api.ask("GET", "/sign-keys")["keys"]
    assert opened(signed.text, current)["response_payload"]["id"] == 201
    assert api.ask("GET", "/users/424242?sign_response=true", 404)["code"] == "notFound"
    assert api.ask("DELETE", "/users/me/connections/201?sign_response=true", 204) is None


def test_no_signature_half_asked_for(api):
    before = api.ask("GET", "/users/me/connections/201")
    body = {"active": False}
    error = api.ask("POST", "/users/me/connections/201?sign_response=maybe", 400, json=body)
    assert error["code"] == "invalidValue"
    assert api.ask("GET", "/users/me/connections/201") == before


def test_encrypted_credentials(api, encrypt):
    body = {"id_connector": 6, "login": "someone"}
    secrets = {"password": encrypt("something"), "region": encrypt("2")}
    made = api.ask("POST", "/users/me/connections", 201, json=body | secrets)
    assert made["state"] is None
    wrong = secrets | {"password": encrypt("wrongpass")}
    refused = api.ask("POST", "/users/me/connections", 400, json=body | wrong)
    assert refused["code"] == "wrongpass"
    other = secrets | {"region": encrypt("9")}
    refused = api.ask("POST", "/users/me/connections", 400, json=body | other)
    assert refused["code"] == "invalidValue"


def test_an_encrypted_code(api, encrypt):
    body = {"id_connector": 2, "login": encrypt("someone"), "password": encrypt("something")}
    made = api.ask("POST", "/users/me/connections", 202, json=body)
    path = f"/users/me/connections/{made['id']}"
    assert api.ask("POST", path, 202, json={"otp": encrypt("000000")})["state"]
    assert api.ask("POST", path, json={"otp": encrypt("123456")})["state"] is None


def test_values_that_cannot_be_opened(api, encrypt):
    whole = encrypt("something")
    stranger = RSAKey.generate_key(2048, {"kid": "stranger"}).as_dict(private=False)
    broken = [
        encrypt("something", kid="another"),
        whole[:-6],
        whole.rpartition(".")[0],
        f"{whole}.x",
        "eyJ",
        whole.replace(".", ".A", 1),
        encrypt("something", enc="A128CBC-HS256"),
        jwe.encrypt_compact(
            {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": api.ask("GET", "/publickey")["kid"]},
            "something",
            RSAKey.import_key(stranger),
            algorithms=["RSA-OAEP-256", "A256GCM"],
        ),
    ]
    before = api.ask("GET", "/users/me/connections")
    for value in broken:
        body = {"id_connector": 1, "login": "someone", "password": value}
        error = api.ask("POST", "/users/me/connections", 400, json=body)
        assert error["code"] == "keymanager"
        assert value not in str(error)
        update = {"active": False, "password": value}
        error = api.ask("POST", "/users/me/connections/201", 400, json=update)
        assert error["code"] == "keymanager"
    assert api.ask("GET", "/users/me/connections") == before


def test_keys_and_their_library_wait_until_they_are_needed():
    program = """
import sys
import httpx
from powens.sandbox import Sandbox
with Sandbox() as powens:
    for path in ("currencies", "publickey"):
        assert not {"joserfc", "cryptography"} & sys.modules.keys()
        httpx.get(f"{powens.base_url}/{path}")
    assert "joserfc" in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=30)
