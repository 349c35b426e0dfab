"""Encryption of what users enter: what comes out, who can read it, and with which keys."""

from __future__ import annotations

import base64
import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from powens import UNSET
from powens.encryption import encrypt, encrypt_fields
from powens.exceptions import PowensError
from powens.models import JWK, AuthScope

HEADER = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": "key-7"}
CANARY = "c4n4ry"

PRIVATE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NUMBERS = PRIVATE_KEY.public_key().public_numbers()


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def jwk(**changes: Any) -> JWK:
    fields = {"kty": "RSA", "kid": "key-7", "n": number(NUMBERS.n), "e": number(NUMBERS.e)}
    return JWK(**fields | changes)


def decrypt(token: object) -> str:
    """Undo it by hand, as RFC 7516 says."""
    assert isinstance(token, str)
    header, wrapped, iv, ciphertext, tag = token.split(".")
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    key = PRIVATE_KEY.decrypt(unb64(wrapped), oaep)
    assert (len(key), len(unb64(iv)), len(unb64(tag))) == (32, 12, 16)
    text = AESGCM(key).decrypt(unb64(iv), unb64(ciphertext) + unb64(tag), header.encode())
    return text.decode()


@pytest.mark.parametrize("value", ["", "camille", "naïve ☕ 🏦", "a\x00b\n", "x" * 100_000])
def test_who_has_the_private_key_can_read_a_value(value: str) -> None:
    assert decrypt(encrypt(value, key=jwk())) == value


@given(st.text())
def test_any_text_arrives_as_it_left(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        with pytest.raises(ValueError, match=r"^value holds"):
            encrypt(value, key=jwk())
    else:
        assert decrypt(encrypt(value, key=jwk())) == value


def test_the_header_says_how_it_was_made_and_nothing_else() -> None:
    token = encrypt("camille", key=jwk())
    assert json.loads(unb64(token.split(".")[0])) == HEADER
    assert not set(token) & set("+/= \n")


def test_the_kid_may_be_any_text() -> None:
    token = encrypt("camille", key=jwk(kid='clé "7"'))
    assert json.loads(unb64(token.split(".")[0]))["kid"] == 'clé "7"'
    assert decrypt(token) == "camille"


def test_no_two_values_look_alike() -> None:
    parts = [encrypt("camille", key=jwk()).split(".")[1:] for _ in range(3)]
    flat = [part for each in parts for part in each]
    assert len(flat) == len(set(flat))


def test_fields_keep_their_names_and_order() -> None:
    fields = {"login": "camille", "password": CANARY, "bank-é": "12"}
    encrypted = encrypt_fields(fields, key=jwk())
    assert list(encrypted) == list(fields)
    assert {name: decrypt(token) for name, token in encrypted.items()} == fields
    assert CANARY not in json.dumps(encrypted)
    assert fields["password"] == CANARY, "what was given stays as it was"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0042", "0042"),
        (42, "42"),
        (-7, "-7"),
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (12.5, "12.5"),
        (dt.date(2024, 2, 29), "2024-02-29"),
        (dt.datetime.fromisoformat("2024-02-29T12:30"), "2024-02-29 12:30:00"),
        (dt.datetime.fromisoformat("2024-02-29T12:30+01:00"), "2024-02-29 11:30:00"),
        (AuthScope.PAYMENTS_ADMIN, "payments:admin"),
    ],
)
def test_a_scalar_is_encrypted_as_its_text(value: object, text: str) -> None:
    assert decrypt(encrypt_fields({"field": value}, key=jwk())["field"]) == text


def test_what_is_null_or_left_out_stays_so() -> None:
    encrypted = encrypt_fields({"a": None, "b": UNSET, "c": ""}, key=jwk())
    assert encrypted["a"] is None
    assert encrypted["b"] is UNSET
    assert decrypt(encrypted["c"]) == ""


def test_no_fields_are_no_fields() -> None:
    assert encrypt_fields({}, key=jwk()) == {}


@pytest.mark.parametrize(
    "value", [True, False, [CANARY], (CANARY,), {CANARY: CANARY}, CANARY.encode(), object(), jwk()]
)
def test_what_has_no_text_is_refused_by_its_name(value: object) -> None:
    with pytest.raises(TypeError, match=r"^field 'otp' must be text") as caught:
        encrypt_fields({"login": "camille", "otp": value}, key=jwk())
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [f"{CANARY}\ud800", Decimal("NaN"), Decimal("Infinity"), Decimal("1e400000000"), float("inf")],
)
def test_what_cannot_be_sent_is_refused_by_its_name(value: object) -> None:
    with pytest.raises(ValueError, match=r"^field 'otp' holds") as caught:
        encrypt_fields({"otp": value}, key=jwk())
    assert CANARY not in str(caught.value)
    # Nor may a tool that walks through the chain of errors find it.
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: encrypt(7, key=jwk()), "value"),  # type: ignore[arg-type]
        (lambda: encrypt(CANARY, key={"kty": "RSA"}), "key"),  # type: ignore[arg-type]
        (lambda: encrypt_fields([CANARY], key=jwk()), "fields"),  # type: ignore[arg-type]
        (lambda: encrypt_fields({}, key=None), "key"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_argument_is_a_type_error(call: Callable[[], object], name: str) -> None:
    with pytest.raises(TypeError, match=f"^{name} must be a ") as caught:
        call()
    assert CANARY not in str(caught.value)


UNUSABLE: dict[str, tuple[dict[str, Any], str]] = {
    "no kty": ({"kty": None}, "kty"),
    "another kty": ({"kty": "EC"}, "kty"),
    "kty in small letters": ({"kty": "rsa"}, "kty"),
    "a shared secret": ({"kty": "oct"}, "kty"),
    "no kid": ({"kid": None}, "kid"),
    "an empty kid": ({"kid": ""}, "kid"),
    "no n": ({"n": None}, "n or e"),
    "an empty n": ({"n": ""}, "n or e"),
    "no e": ({"e": None}, "n or e"),
    "rubbish": ({"n": f"{CANARY}!"}, "base64url"),
    "rubbish beyond ASCII": ({"n": "é" * 400}, "base64url"),
    "half a character": ({"e": "\ud800"}, "base64url"),
    "base64 of another kind": ({"n": number(NUMBERS.n)[:-1] + "/"}, "base64url"),
    "1024 bits": ({"n": number(2**1023 + 1)}, "2048 bits"),
    "2047 bits": ({"n": number(2**2046 + 1)}, "2048 bits"),
    "far too many bits": ({"n": number(2**20000 + 1)}, "16384"),
    "an exponent of 0": ({"e": "AA"}, "exponent"),
    "an exponent of 1": ({"e": number(1)}, "exponent"),
    "an even exponent": ({"e": number(65536)}, "exponent"),
    "a huge exponent": ({"e": number(2**64 + 1)}, "exponent"),
    "an even modulus": ({"n": number(NUMBERS.n + 1)}, "modulus"),
}


@pytest.mark.parametrize(("changes", "reason"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_key_that_protects_nothing_is_refused(changes: dict[str, Any], reason: str) -> None:
    key = jwk(**changes)
    for call in (
        lambda: encrypt(CANARY, key=key),
        lambda: encrypt_fields({"login": CANARY}, key=key),
        lambda: encrypt_fields({}, key=key),
    ):
        with pytest.raises(PowensError, match=f"cannot be used: .*{reason}") as caught:
            call()
        assert CANARY not in str(caught.value)
        assert number(NUMBERS.n)[:20] not in str(caught.value)


@given(st.builds(jwk, n=st.text(), e=st.text()))
def test_rubbish_is_refused_as_such(key: JWK) -> None:
    with pytest.raises(PowensError, match="cannot be used"):
        encrypt("camille", key=key)


@given(
    st.integers(2**2040, 2**2056) | st.just(NUMBERS.n),
    st.integers(0, 2**33) | st.sampled_from([0, 1, 2, 3, 65537]),
)
def test_any_numbers_are_used_or_refused(n: int, e: int) -> None:
    key = jwk(n=number(n), e=number(e))
    if n >= 2**2047 and n % 2 and e % 2 and 3 <= e < 2**32:
        assert encrypt("camille", key=key).count(".") == 4
    else:
        with pytest.raises(PowensError, match="cannot be used"):
            encrypt("camille", key=key)


@pytest.mark.parametrize("exponent", [3, 17, 65537])
def test_the_usual_exponents_will_do(exponent: int) -> None:
    assert encrypt("camille", key=jwk(e=number(exponent))).count(".") == 4


def run(program: str) -> str:
    command = [sys.executable, "-I", "-W", "error", "-c", program]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", ["encryption", "signing"])
def test_without_the_extra_the_error_says_what_to_install(name: str) -> None:
    shown = run(f"""
import sys
sys.modules["joserfc"] = None
try:
    import powens.{name}
except ImportError as error:
    print(type(error).__name__, error)
""")
    assert shown == f"ImportError powens.{name} needs more: pip install 'powens[encryption]'\n"


def test_the_package_brings_no_extra_by_itself() -> None:
    shown = run("""
import sys, powens
powens.PowensClient(domain="example").connections
print({"joserfc", "cryptography", "powens.encryption", "powens.signing"} & set(sys.modules))
""")
    assert shown == "set()\n"
