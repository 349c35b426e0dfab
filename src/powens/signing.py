"""Signed answers: whether an answer is from Powens, and is the answer to what was asked.

    from powens.signing import verify

    answer = verify(token, key=client.security.get_sign_key(key_id=1), request_url=url)
    print(answer.content)

Needs the extra `encryption`. No request is made here. A client does all of it by itself with
`sign_responses=True`.
Documentation: https://docs.powens.com/documentation/integration-guides/advanced/response-signature
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Final, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import field, frozen

from ._checks import check_kind
from ._codec import fast, parse_json
from .exceptions import PowensSerializationError, PowensSignatureError
from .models import SignKey

try:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
    from cryptography.hazmat.primitives.serialization import (
        load_pem_private_key,
        load_pem_public_key,
    )
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwa import JWSAlgModel
    from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
except ModuleNotFoundError as _error:
    raise ImportError("powens.signing needs more: pip install 'powens[encryption]'") from _error

_FEWEST_BITS: Final = 2048
# What a key may have signed with. Nothing with a shared secret: a public key is no secret.
_RSA_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_EC_ALGORITHMS: Final = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_ED_ALGORITHMS: Final = ("EdDSA", "Ed25519")

# Only finds the ends of values; their digits are of no interest.
_JSON: Final = json.JSONDecoder(parse_int=str, parse_float=str)

_DEFAULT_PORTS: Final = {"https": ":443", "http": ":80"}
_NO_ORIGIN: Final = ("", "")
_ASKED_TO_SIGN: Final = ("sign_response", "true")


@frozen(kw_only=True)
class SignedAnswer:
    """An answer whose signature holds.

    Attributes:
        request_url: What was asked, as the API spells it.
        response_timestamp: When it was answered. The format is not documented.
        content: The answer as it would be without a signature.
    """

    request_url: str = field(repr=False)
    response_timestamp: object = field(hash=False)
    content: bytes = field(repr=False)


def read_key_url(token: bytes) -> str:
    """Find out where the key of a signed answer is. Nothing is verified by this.

    Args:
        token: The answer: a JWS in its compact form.

    Returns:
        The address, which anyone could have written: follow it on the host of the API only.

    Raises:
        PowensSignatureError: The answer is not signed, or does not say where the key is.
        TypeError: It is no bytes.
    """
    key_url = _extract(token).headers().get("key_url")
    if not isinstance(key_url, str) or not key_url:
        raise PowensSignatureError("the signed answer does not say where its key is")
    return key_url


def verify(token: bytes, *, key: SignKey, request_url: str) -> SignedAnswer:
    """Check a signed answer, and take its content out of it.

    Args:
        token: The answer: a JWS in its compact form.
        key: The key that it names. Keys within the answer are ignored.
        request_url: What was asked.

    Returns:
        The answer.

    Raises:
        PowensSignatureError: It is not signed, not with this key, with a key that is not to be
            trusted, or it is the answer to something else.
        TypeError: An argument is of the wrong type.
    """
    check_kind("key", key, SignKey)
    check_kind("request_url", request_url, str)
    signed = _extract(token)
    header = signed.headers()
    if "crit" in header or "b64" in header:
        raise PowensSignatureError("the signed answer makes use of extensions of JWS")
    public_key, algorithms = _read_key(key)
    if header.get("alg") not in algorithms:
        raise PowensSignatureError("the answer is signed with an algorithm not of its key")
    if not _holds(signed, public_key):
        raise PowensSignatureError("the signature of the answer does not hold")
    answer = _read_payload(signed.payload)
    if not _is_same_request(answer.request_url, request_url):
        raise PowensSignatureError("the signed answer is the answer to another request")
    return answer


class _Registry(jws.JWSRegistry):
    """What joserfc is to take: answers of any size, and any of the algorithms chosen here."""

    max_header_length = sys.maxsize
    max_payload_length = sys.maxsize
    max_signature_length = sys.maxsize

    def get_alg(self, name: str) -> JWSAlgModel:
        # It comes here checked against its key; joserfc would warn of the name EdDSA.
        return self.algorithms[name]


_REGISTRY: Final = _Registry(strict_check_header=False)


def _extract(token: bytes) -> jws.CompactSignature:
    """Take a JWS apart."""
    check_kind("token", token, bytes)
    try:
        signed = jws.extract_compact(token.strip(), registry=_REGISTRY)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise PowensSignatureError("the answer is not signed: it is no JWS") from None
    # joserfc takes any JSON for a header that it finds "alg" in.
    if not isinstance(cast("object", signed.headers()), dict):
        raise PowensSignatureError("the answer is not signed: it is no JWS")
    return signed


def _holds(signed: jws.CompactSignature, public_key: Key) -> bool:
    try:
        return jws.validate_compact(signed, public_key, registry=_REGISTRY)
    except (JoseError, ValueError, TypeError):
        return False


def _read_key(key: SignKey) -> tuple[Key, tuple[str, ...]]:
    """Read a key, and tell what it may have signed with."""
    if key.deprecated is not None:
        raise PowensSignatureError("the answer is signed with a deprecated key")
    try:
        public_key = _read_pem((key.public_key or "").encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise PowensSignatureError("the key of the signature is not a public key in PEM") from None
    match public_key:
        case RSAPublicKey() if public_key.key_size >= _FEWEST_BITS:
            return RSAKey.import_key(public_key), _RSA_ALGORITHMS
        case EllipticCurvePublicKey() if public_key.curve.name in _EC_ALGORITHMS:
            return ECKey.import_key(public_key), (_EC_ALGORITHMS[public_key.curve.name],)
        case Ed25519PublicKey():
            return OKPKey.import_key(public_key), _ED_ALGORITHMS
        case _:
            raise PowensSignatureError("the key of the signature is too small, or of another kind")


def _read_pem(pem: bytes) -> PublicKeyTypes:
    try:
        return load_pem_public_key(pem)
    except ValueError:  # perhaps both halves: the public one is in it
        return load_pem_private_key(pem, password=None).public_key()


def _read_payload(payload: bytes) -> SignedAnswer:
    try:
        members = _cut(payload)
        request_url: object = parse_json(members["request_url"])
        timestamp: object = parse_json(members.get("response_timestamp", b"null"))
        content = members["response_payload"]
        if content.startswith(b'"'):  # JSON written into JSON
            content = cast("str", parse_json(content)).encode(errors="replace")
    except (PowensSerializationError, KeyError, ValueError, RecursionError):
        raise PowensSignatureError("the signed answer does not hold what it must") from None
    if not isinstance(request_url, str):
        raise PowensSignatureError("the signed answer does not say what was asked")
    return SignedAnswer(request_url=request_url, response_timestamp=timestamp, content=content)


def _cut(payload: bytes) -> dict[str, bytes]:
    """Cut an object into its members, each as it is spelled."""
    try:
        return fast.cut(payload)
    except fast.RefusedError:  # msgspec is missing, or does not take half of a surrogate pair
        if not isinstance(parse_json(payload), dict):
            raise PowensSerializationError from None
    return dict(_cut_slowly(payload.decode("utf-8-sig", "replace")))


def _cut_slowly(text: str) -> Iterator[tuple[str, bytes]]:
    """Cut what is known to be a JSON object."""
    at = _skip(text, text.index("{") + 1)
    while text[at] != "}":
        name, at = _JSON.raw_decode(text, at)
        start = _skip(text, at)
        _, at = _JSON.raw_decode(text, start)
        yield name, text[start:at].encode()
        at = _skip(text, at)


def _skip(text: str, at: int) -> int:
    """Find the next member, or the value of this one."""
    while text[at] in " \t\r\n,:":
        at += 1
    return at


def _is_same_request(answered: str, asked: str) -> bool:
    """Whether two addresses mean one request; the one answered may lack its host."""
    try:
        is_there = _origin(answered) in (_origin(asked), _NO_ORIGIN)
        return is_there and _target(answered) == _target(asked)
    except ValueError:
        return False


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, ""))


def _target(url: str) -> tuple[object, ...]:
    """Give the segments of the path, and how often each pair of the query is there."""
    parts = urlsplit(url)
    # Two escapes that are no UTF-8 must not become the same.
    segments = [unquote(segment, errors="surrogateescape") for segment in parts.path.split("/")]
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    return segments, Counter(pair for pair in pairs if pair != _ASKED_TO_SIGN), parts.fragment
