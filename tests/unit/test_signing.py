"""Signed answers: what is believed, what is refused, and what comes out untouched."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from powens._codec import fast
from powens.exceptions import PowensSignatureError
from powens.models import SignKey
from powens.signing import SignedAnswer, read_key_url, verify

CANARY = "c4n4ry"
URL = f"https://demo.biapi.pro/2.0/users/me/accounts?limit=2&wording={CANARY}&sign_response=true"
KEY_URL = "https://demo.biapi.pro/2.0/sign-keys/7"
CONTENT = b'{"id":7,"balance":1.10,"big":12345678901234567890.120,"nothing":0E-10}'

HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
PRIVATE: dict[str, Any] = {
    "RSA": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "RSA 1024": rsa.generate_private_key(public_exponent=65537, key_size=1024),
    "P-256": ec.generate_private_key(ec.SECP256R1()),
    "P-384": ec.generate_private_key(ec.SECP384R1()),
    "P-521": ec.generate_private_key(ec.SECP521R1()),
    "secp256k1": ec.generate_private_key(ec.SECP256K1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate(),
    "Ed448": ed448.Ed448PrivateKey.generate(),
    "X25519": x25519.X25519PrivateKey.generate(),
    "DSA": dsa.generate_private_key(1024),
}
# Which algorithm goes with which key.
PAIRS = [
    *(("RSA", f"{family}{size}") for family in ("RS", "PS") for size in HASHES),
    *(("P-256", "ES256"), ("P-384", "ES384"), ("P-521", "ES512")),
    *(("Ed25519", "EdDSA"), ("Ed25519", "Ed25519")),
]
ALGORITHMS = sorted({algorithm for _, algorithm in PAIRS} | {"HS256", "none", "ES256K"})


def b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def unb64(data: bytes) -> bytes:
    return base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4))


def pem_of(name: str) -> str:
    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return PRIVATE[name].public_key().public_bytes(*form).decode()


def sign_key(name: str, **changes: Any) -> SignKey:
    return SignKey(**{"id": 7, "public_key": pem_of(name)} | changes)


def signature(private: Any, algorithm: str, message: bytes) -> bytes:
    """Sign by hand, as RFC 7518 and RFC 8037 say."""
    digest = HASHES.get(algorithm[2:5])
    match private:
        case ed25519.Ed25519PrivateKey() | ed448.Ed448PrivateKey():
            return private.sign(message)
        case rsa.RSAPrivateKey() if algorithm.startswith("PS"):
            pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
            return private.sign(message, pss, digest)
        case rsa.RSAPrivateKey():
            return private.sign(message, padding.PKCS1v15(), digest)
        case ec.EllipticCurvePrivateKey():
            size = (private.curve.key_size + 7) // 8
            pair = decode_dss_signature(private.sign(message, ec.ECDSA(digest)))
            return b"".join(part.to_bytes(size, "big") for part in pair)
        case bytes():
            return hmac.digest(private, message, hashlib.sha256)
    return b""


def make(header: dict[str, Any], payload: bytes, private: Any) -> bytes:
    message = b64(json.dumps(header).encode()) + b"." + b64(payload)
    return message + b"." + b64(signature(private, header["alg"], message))


def wrap(content: bytes = CONTENT, *, url: object = URL, stamp: bytes = b"1700000000") -> bytes:
    """The payload of an answer."""
    parts = (json.dumps(url).encode(), stamp, content)
    return b'{"request_url": %s, "response_timestamp": %s, "response_payload": %s}' % parts


def token(
    name: str = "Ed25519",
    algorithm: str = "EdDSA",
    payload: bytes | None = None,
    **header: object,
) -> bytes:
    fields = {"alg": algorithm, "key_url": KEY_URL} | header
    return make(fields, wrap() if payload is None else payload, PRIVATE[name])


def check(answer: bytes, name: str = "Ed25519", url: str = URL, **changes: Any) -> SignedAnswer:
    return verify(answer, key=sign_key(name, **changes), request_url=url)


def refusal(call: Callable[[], object]) -> str:
    """The text of a refusal, which shows nothing."""
    with pytest.raises(PowensSignatureError) as caught:
        call()
    text = str(caught.value)
    shown = f"{text} {caught.value!r} {caught.value.args}"
    assert not any(secret in shown for secret in (CANARY, "eyJ", "PUBLIC", "biapi", "1234567890"))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return text


@pytest.fixture(params=["with msgspec", "without msgspec"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a test twice."""
    monkeypatch.setattr(fast, "AVAILABLE", fast.AVAILABLE and request.param == "with msgspec")


# What is believed


@pytest.mark.parametrize(("name", "algorithm"), PAIRS)
def test_an_answer_of_powens_is_believed(name: str, algorithm: str) -> None:
    answer = check(token(name, algorithm), name)
    assert answer == SignedAnswer(request_url=URL, response_timestamp=1700000000, content=CONTENT)


@pytest.mark.parametrize(
    "content",
    [
        *(CONTENT, b"{}", b"[]", b"null", b"true", b"7", b"-0.10", b"[1.10, 1e5]", b"9" * 5000),
        b'{"a": "\xc3\xa9 \\u00e9 \\"}, {[", "b" : [ {} , ":" ] }',
        rb'{"wording": "half of a pair: \ud83d", "value": 1.10}',
    ],
)
@pytest.mark.parametrize("pattern", [b"%s", b" \n%s\t\r\n", b"\xef\xbb\xbf%s"])
def test_an_answer_stays_as_it_is(content: bytes, pattern: bytes, either_way: None) -> None:
    payload = pattern % wrap(content).replace(b": ", b"\n: ", 1)
    assert check(token(payload=payload)).content == content


@pytest.mark.parametrize("inner", ['{"id": 7, "value": 1.10}', "plain é", ""])
def test_an_answer_written_as_text_is_its_text(inner: str, either_way: None) -> None:
    content = json.dumps(inner).encode()
    assert check(token(payload=wrap(content))).content == inner.encode()


def test_half_a_character_in_a_text_does_no_harm(either_way: None) -> None:
    assert check(token(payload=wrap(rb'"a\ud800"'))).content == b"a?"


@pytest.mark.parametrize(
    ("stamp", "value"),
    [
        (b"1700000000", 1700000000),
        (b'"2024-02-29 12:00:00"', "2024-02-29 12:00:00"),
        (b"null", None),
        (b'{"at":[1]}', {"at": [1]}),
    ],
)
def test_the_time_of_an_answer_is_as_sent(stamp: bytes, value: object, either_way: None) -> None:
    answer = check(token(payload=wrap(stamp=stamp)))
    assert answer.response_timestamp == value
    assert hash(answer) == hash(answer), "whatever the time looks like"


def test_an_answer_may_lack_its_time_and_hold_more(either_way: None) -> None:
    payload = json.dumps({"response_payload": [], "request_url": URL, "more": {"a": 1}}).encode()
    answer = check(token(payload=payload))
    assert (answer.response_timestamp, answer.content) == (None, b"[]")


def test_an_answer_can_be_large() -> None:
    content = b"[" + b",".join([CONTENT] * 20_000) + b"]"
    assert len(content) > 1_000_000
    assert check(token(payload=wrap(content))).content == content


def test_white_space_around_an_answer_does_no_harm() -> None:
    assert check(b" " + token() + b"\r\n").content == CONTENT


def test_the_header_can_be_long_and_say_more() -> None:
    more = {"kid": "7", "typ": "JWS", "cty": "json", "note": "x" * 2000}
    assert check(token(**more)).content == CONTENT


def test_an_answer_does_not_show_what_it_holds() -> None:
    shown = repr(check(token()))
    assert shown == "SignedAnswer(response_timestamp=1700000000)"


def test_an_answer_cannot_be_changed() -> None:
    answer = check(token())
    with pytest.raises(AttributeError):
        answer.content = b"{}"  # type: ignore[misc]


def test_both_halves_of_a_key_are_as_good_as_the_public_one() -> None:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    both = PRIVATE["RSA"].private_bytes(*form).decode()
    assert check(token("RSA", "RS256"), public_key=both).content == CONTENT
    forged = make({"alg": "HS256", "key_url": KEY_URL}, wrap(), both.encode())
    assert "algorithm" in refusal(lambda: check(forged, public_key=both))


# Forgeries


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        (name, algorithm)
        for name in ("RSA", "P-256", "P-384", "P-521", "Ed25519")
        for algorithm in ALGORITHMS
        if (name, algorithm) not in PAIRS
    ],
)
def test_a_key_signs_with_its_own_algorithms_only(name: str, algorithm: str) -> None:
    header = {"alg": algorithm, "key_url": KEY_URL}
    own = next(own for key, own in PAIRS if key == name)
    message = b64(json.dumps(header).encode()) + b"." + b64(wrap())
    signed = message + b"." + b64(signature(PRIVATE[name], own, message))
    assert "algorithm" in refusal(lambda: check(signed, name))


@pytest.mark.parametrize("name", ["RSA", "P-256", "Ed25519"])
@pytest.mark.parametrize("algorithm", ["HS256", "hs256", "HS512"])
def test_a_public_key_is_no_shared_secret(name: str, algorithm: str) -> None:
    for secret in (pem_of(name).encode(), pem_of(name).strip().encode(), b""):
        forged = make({"alg": algorithm, "key_url": KEY_URL}, wrap(), secret)
        assert "algorithm" in refusal(lambda forged=forged: check(forged, name))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "RS256\x00", None, 7, ["RS256"]])
@pytest.mark.parametrize("tail", [b"", b"AAAA"])
def test_an_unsigned_answer_is_refused(algorithm: object, tail: bytes) -> None:
    header = json.dumps({"alg": algorithm, "key_url": KEY_URL}).encode()
    refusal(lambda: check(b64(header) + b"." + b64(wrap()) + b"." + tail, "RSA"))


def test_an_answer_must_name_its_algorithm() -> None:
    header = json.dumps({"key_url": KEY_URL}).encode()
    refusal(lambda: check(b64(header) + b"." + b64(wrap()) + b".AAAA"))


@pytest.mark.parametrize(("name", "algorithm"), PAIRS)
def test_the_key_of_another_is_refused(name: str, algorithm: str) -> None:
    stranger: Any = {
        "RSA": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "Ed25519": ed25519.Ed25519PrivateKey.generate,
    }.get(name, lambda: ec.generate_private_key(PRIVATE[name].curve))()
    forged = make({"alg": algorithm, "key_url": KEY_URL}, wrap(), stranger)
    assert "does not hold" in refusal(lambda: check(forged, name))


@pytest.mark.parametrize("name", ["Ed25519", "RSA", "P-256"])
def test_the_keys_within_an_answer_are_ignored(name: str) -> None:
    algorithm = {"Ed25519": "EdDSA", "RSA": "RS256", "P-256": "ES256"}[name]
    mine = ed25519.Ed25519PrivateKey.generate()
    x = mine.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    within = {
        "jwk": {"kty": "OKP", "crv": "Ed25519", "x": b64(x).decode()},
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/certificate",
        "x5c": ["AAAA"],
        "kid": "evil",
    }
    assert check(token(name, algorithm, **within), name).content == CONTENT
    forged = make({"alg": "EdDSA", "key_url": KEY_URL} | within, wrap(), mine)
    refusal(lambda: check(forged, name))


@pytest.mark.parametrize(
    "more",
    [
        {"crit": ["b64"], "b64": False},
        {"crit": ["b64"], "b64": True},
        {"crit": ["exp"], "exp": 1},
        {"crit": ["key_url"]},
        {"crit": []},
        {"crit": None},
        {"b64": True},
        {"b64": False},
    ],
)
def test_extensions_are_refused(more: dict[str, object]) -> None:
    refusal(lambda: check(token(**more)))


def test_a_payload_that_is_not_encoded_is_refused() -> None:
    header = {"alg": "EdDSA", "key_url": KEY_URL, "crit": ["b64"], "b64": False}
    message = b64(json.dumps(header).encode()) + b"." + b"[]"
    signed = message + b"." + b64(PRIVATE["Ed25519"].sign(message))
    assert "extensions" in refusal(lambda: check(signed))


@pytest.mark.parametrize(("name", "algorithm"), PAIRS)
@pytest.mark.parametrize("part", [0, 1, 2])
def test_one_wrong_bit_is_enough(name: str, algorithm: str, part: int) -> None:
    parts = token(name, algorithm).split(b".")
    whole = unb64(parts[part])
    for place in (0, len(whole) // 2, len(whole) - 1):
        broken = bytearray(whole)
        broken[place] ^= 1
        forged = b".".join([*parts[:part], b64(bytes(broken)), *parts[part + 1 :]])
        refusal(lambda forged=forged: check(forged, name))


@pytest.mark.parametrize(("name", "algorithm"), PAIRS)
def test_a_signature_has_one_length(name: str, algorithm: str) -> None:
    head, payload, signed = token(name, algorithm).split(b".")
    for other in (b"", unb64(signed)[:-1], unb64(signed) + b"\x00", b"\x00" * len(unb64(signed))):
        forged = b".".join([head, payload, b64(other)])
        assert "does not hold" in refusal(lambda forged=forged: check(forged, name))


@pytest.mark.parametrize("more", [{"kid": 7}, {"jku": "no address"}, {"jwk": "no key"}])
def test_a_header_that_is_none_of_jws_is_refused(more: dict[str, object]) -> None:
    assert "does not hold" in refusal(lambda: check(token(**more)))


def test_the_parts_of_two_answers_are_no_answer() -> None:
    one, other = token().split(b"."), token(payload=wrap(b"[]")).split(b".")
    refusal(lambda: check(b".".join([one[0], other[1], one[2]])))


# Keys


def test_a_deprecated_key_is_refused() -> None:
    since = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    assert "deprecated" in refusal(lambda: check(token(), deprecated=since))


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        *(("RSA 1024", "RS256"), ("secp256k1", "ES256K"), ("secp256k1", "ES256")),
        *(("Ed448", "EdDSA"), ("Ed448", "Ed448"), ("X25519", "EdDSA"), ("DSA", "RS256")),
    ],
)
def test_a_key_of_another_kind_or_size_is_refused(name: str, algorithm: str) -> None:
    header = b64(json.dumps({"alg": algorithm, "key_url": KEY_URL}).encode())
    message = header + b"." + b64(wrap())
    signed = b"" if name in {"X25519", "DSA"} else signature(PRIVATE[name], algorithm[:5], message)
    answer = message + b"." + b64(signed)
    assert "another kind" in refusal(lambda: check(answer, name))


def protected_pem() -> str:
    form = (Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    return PRIVATE["P-256"].private_bytes(*form).decode()


# A curve that nobody has a name for.
UNKNOWN_CURVE = "\n".join([
    "-----BEGIN PUBLIC KEY-----",
    base64.b64encode(bytes.fromhex("301806072a8648ce3d0201060d2b0601040182370a0300010102000400")).decode(),
    "-----END PUBLIC KEY-----",
])  # fmt: skip


@pytest.mark.parametrize(
    "pem",
    [
        *(None, "", CANARY, "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"),
        *(pem_of("RSA")[:200], pem_of("RSA").replace("PUBLIC", "SECRET"), protected_pem()),
        *(UNKNOWN_CURVE, "\ud800", "ssh-rsa AAAA", pem_of("RSA").replace("\n", "")[:-40]),
    ],
)
def test_what_is_no_key_is_refused(pem: str | None) -> None:
    assert "PEM" in refusal(lambda: check(token("RSA", "RS256"), public_key=pem))


@given(st.text())
def test_any_rubbish_for_a_key_is_refused(pem: str) -> None:
    refusal(lambda: check(token(), public_key=pem))


# What was asked

ASKED = "https://demo.biapi.pro/2.0/users/me/accounts?all&limit=2&wording=caf%C3%A9%20x&id=1&id=2"
HOST, _, REST = ASKED.removeprefix("https://").partition("/")


@pytest.mark.parametrize(
    "answered",
    [
        ASKED,
        f"/{REST}",
        ASKED.replace("?all&", "?all=&"),
        f"{ASKED}&sign_response=true",
        ASKED.replace("?all", "?sign_response=true&all"),
        ASKED.replace("%C3%A9%20", "é+"),
        ASKED.replace("%C3%A9", "%c3%a9"),
        ASKED.replace("/me/", "/%6De/"),
        ASKED.replace(HOST, f"{HOST}:443"),
        ASKED.replace(HOST, HOST.upper()),
        ASKED.replace("https", "HTTPS"),
        "/2.0/users/me/accounts?id=2&wording=caf%C3%A9%20x&id=1&limit=2&all",
    ],
)
def test_the_same_request_may_be_spelled_in_other_ways(answered: str) -> None:
    payload = wrap(url=answered)
    assert check(token(payload=payload), url=ASKED).request_url == answered
    for asked in (f"{ASKED}&sign_response=true", ASKED.replace("?", "?sign_response=true&")):
        assert check(token(payload=payload), url=asked).content == CONTENT


@pytest.mark.parametrize(
    "answered",
    [
        *("", "/", "?", f"/{REST}"[1:], "https://", "//", "http://[", "\ud800"),
        ASKED.replace("https", "http"),
        ASKED.replace("https:", ""),
        ASKED.replace(f"//{HOST}", ""),
        ASKED.replace(HOST, "other.biapi.pro"),
        ASKED.replace(HOST, f"{HOST}.evil.example"),
        ASKED.replace(HOST, f"evil@{HOST}"),
        ASKED.replace(HOST, f"{HOST}:444"),
        ASKED.replace("/me/", "/7/"),
        ASKED.replace("/me/", "/me%2F"),
        ASKED.replace("/me/", "/x/../me/"),
        ASKED.replace("/2.0", ""),
        ASKED.replace("accounts", "accounts/"),
        ASKED.replace("accounts", "Accounts"),
        ASKED.partition("?")[0],
        ASKED.replace("?all&", "?"),
        ASKED.replace("?all&", "?all=true&"),
        ASKED.replace("?all&", "?all&all&"),
        ASKED.replace("limit=2", "limit=20"),
        ASKED.replace("id=1&id=2", "id=1&id=1"),
        ASKED.replace("id=1&id=2", "id=1"),
        ASKED.replace("%C3%A9", "e"),
        ASKED.replace("%20x", "%20x%26"),
        f"{ASKED}&offset=10",
        f"{ASKED}&sign_response=false",
        f"{ASKED}&sign_response",
        f"{ASKED}#here",
    ],
)
def test_the_answer_to_another_request_is_refused(answered: str) -> None:
    text = refusal(lambda: check(token(payload=wrap(url=answered)), url=ASKED))
    assert "another request" in text


def test_escapes_that_are_no_text_are_told_apart() -> None:
    payload = wrap(url="/a%FF?b=%FF")
    assert check(token(payload=payload), url="/a%FF?b=%FF").content == CONTENT
    for asked in ("/a%FE?b=%FF", "/a%FF?b=%FE", "/a%FF?b=%EF%BF%BD"):
        refusal(lambda asked=asked: check(token(payload=payload), url=asked))


@given(st.text(), st.text())
def test_any_two_addresses_are_compared(answered: str, asked: str) -> None:
    try:
        answer = check(token(payload=wrap(url=answered)), url=asked)
    except PowensSignatureError:
        return
    assert answer.request_url == answered


@pytest.mark.parametrize("url", [None, 7, [URL], {"url": URL}, True])
def test_an_answer_must_say_what_was_asked(url: object, either_way: None) -> None:
    assert "what was asked" in refusal(lambda: check(token(payload=wrap(url=url))))


@pytest.mark.parametrize(
    "payload",
    [
        *(b"", b"{}", b"[]", b"null", b'"text"', b"7", b"{", b"\xff", wrap()[:-1], wrap() + b"x"),
        json.dumps({"response_payload": []}).encode(),
        json.dumps({"request_url": URL}).encode(),
        *(wrap(b"NaN"), wrap(b"[1,]"), wrap(b"'a'"), wrap(stamp=b"NaN")),
        *(wrap(b"[" * 200_000 + b"]" * 200_000), wrap(stamp=b"[" * 200_000 + b"]" * 200_000)),
    ],
)
def test_a_payload_of_another_shape_is_refused(payload: bytes, either_way: None) -> None:
    assert "hold what it must" in refusal(lambda: check(token(payload=payload)))


def test_a_number_that_nobody_can_hold_is_left_to_the_models(either_way: None) -> None:
    assert check(token(payload=wrap(b"1e400000000"))).content == b"1e400000000"


# Rubbish

NO_JWS = {
    "nothing": b"",
    "white space": b" \n",
    "JSON": b'{"id": 7, "name": "c4n4ry"}',
    "one part": b64(b'{"alg":"EdDSA"}'),
    "two parts": token().rpartition(b".")[0],
    "four parts": token() + b".AAAA",
    "five parts": b".".join([b"AAAA"] * 5),
    "dots": b"..",
    "no base64": b"!.!.!",
    "base64 with signs of another": token().replace(b".", b"+.", 1),
    "a header that is no JSON": b64(b"alg") + b".AAAA.AAAA",
    "a header that is no object": b64(b'"alg"') + b".AAAA.AAAA",
    "a header that is a list": b64(b'["alg"]') + b".AAAA.AAAA",
    "a header that is a number": b64(b"7") + b".AAAA.AAAA",
    "a header that is null": b64(b"null") + b".AAAA.AAAA",
    "a header with text for b64": b64(b'"alg b64"') + b".AAAA.AAAA",
    "a header without end": b64(b"[" * 200_000) + b".AAAA.AAAA",
    "bytes beyond ASCII": "é".encode() + token(),
}


@pytest.mark.parametrize("answer", NO_JWS.values(), ids=NO_JWS)
def test_what_is_no_jws_is_refused(answer: bytes) -> None:
    assert "is not signed" in refusal(lambda: check(answer))
    assert "is not signed" in refusal(lambda: read_key_url(answer))


def test_the_address_of_the_key_is_in_the_header() -> None:
    assert read_key_url(token()) == KEY_URL
    assert read_key_url(token(key_url="/sign-keys/7") + b"\n") == "/sign-keys/7"


def test_the_address_of_the_key_is_read_before_anything_is_verified() -> None:
    header = json.dumps({"alg": "none", "key_url": "https://evil.example"}).encode()
    assert read_key_url(b64(header) + b"." + b64(wrap()) + b".") == "https://evil.example"


@pytest.mark.parametrize("key_url", [None, "", 7, [KEY_URL], {}])
def test_an_answer_must_say_where_its_key_is(key_url: object) -> None:
    assert "where its key is" in refusal(lambda: read_key_url(token(key_url=key_url)))


def test_the_key_may_be_known_without_its_address() -> None:
    assert check(make({"alg": "EdDSA"}, wrap(), PRIVATE["Ed25519"])).content == CONTENT


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: read_key_url(token().decode()), "token"),  # type: ignore[arg-type]
        (lambda: verify(None, key=sign_key("RSA"), request_url=URL), "token"),  # type: ignore[arg-type]
        (lambda: verify(token(), key=pem_of("RSA"), request_url=URL), "key"),  # type: ignore[arg-type]
        (lambda: check(token(), url=URL.encode()), "request_url"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_argument_is_a_type_error(call: Callable[[], object], name: str) -> None:
    with pytest.raises(TypeError, match=rf"^{name} must be a "):
        call()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
NAMES = st.sampled_from(["alg", "crit", "b64", "key_url", "kid", "jwk", "jku", "typ"])
HEADERS = JSON | st.dictionaries(NAMES, JSON | st.sampled_from(ALGORITHMS))
PAYLOADS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(["request_url", "response_timestamp", "response_payload"], JSON)
)


@given(st.binary())
def test_any_bytes_are_refused(answer: bytes) -> None:
    refusal(lambda: read_key_url(answer))
    refusal(lambda: check(answer))


@given(HEADERS, st.binary(), st.binary())
def test_any_header_is_refused(header: object, payload: bytes, signed: bytes) -> None:
    parts = [json.dumps(header).encode(), payload, signed]
    answer = b".".join(b64(part) for part in parts)
    refusal(lambda: check(answer))
    refusal(lambda: check(answer, "RSA"))


@pytest.mark.parametrize("is_fast", [True, False])
@given(payload=st.binary() | (JSON | PAYLOADS).map(lambda data: json.dumps(data).encode()))
def test_any_payload_that_is_signed_is_read_or_refused(is_fast: bool, payload: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "AVAILABLE", is_fast and fast.AVAILABLE)
        refusal(lambda: check(token(payload=payload)))
