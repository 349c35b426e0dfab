"""End-to-end encryption of what users enter, with the public key of the domain.

    from powens.encryption import encrypt_fields

    key = client.security.get_public_key()
    fields = encrypt_fields({"login": "camille", "password": "..."}, key=key)

Needs the extra `encryption`. No request is made here.
Documentation:
https://docs.powens.com/documentation/integration-guides/advanced/end-to-end-encryption
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from ._checks import check_kind
from ._codec import to_wire
from ._model import check_amount
from ._unset import UNSET
from .exceptions import PowensError
from .models import JWK

try:
    from joserfc import jwe
    from joserfc.jwk import RSAKey
    from joserfc.util import base64_to_int
except ModuleNotFoundError as _error:
    raise ImportError("powens.encryption needs more: pip install 'powens[encryption]'") from _error

_ALGORITHM: Final = "RSA-OAEP-256"
_CIPHER: Final = "A256GCM"
_FEWEST_BITS: Final = 2048
_MOST_BITS: Final = 16384  # of OpenSSL
_LEAST_EXPONENT: Final = 3
_EXPONENTS_END: Final = 2**32


def encrypt(value: str, *, key: JWK) -> str:
    """Encrypt one value.

    Args:
        value: What nobody on the way is to read.
        key: Public key of the domain.

    Returns:
        The value as a JWE in its compact form, to be sent in place of the value. Never the same
        twice.

    Raises:
        PowensError: The key cannot be used; the text says why.
        TypeError: An argument is of the wrong type.
        ValueError: The value is no valid Unicode.
    """
    check_kind("value", value, str)
    return _encrypt(_to_bytes("value", value), _read_key(key), kid=key.kid)


def encrypt_fields(fields: Mapping[str, object], *, key: JWK) -> dict[str, object]:
    """Encrypt the values of a form, each on its own.

    Args:
        fields: Names and values. Text is encrypted as it is; a number or a date as the text that
            the API would get. What is None or UNSET stays so.
        key: Public key of the domain.

    Returns:
        The same names, with encrypted values.

    Raises:
        PowensError: The key cannot be used; the text says why.
        TypeError: A value is a bool, a list or anything else that has no text of its own, or
            another argument is of the wrong type.
        ValueError: A value is no valid Unicode, or no finite number.
    """
    check_kind("fields", fields, Mapping)
    public_key = _read_key(key)
    return {
        name: value
        if value is None or value is UNSET
        else _encrypt(_to_bytes(f"field {name!r}", value), public_key, kid=key.kid)
        for name, value in fields.items()
    }


def _encrypt(plaintext: bytes, public_key: RSAKey, *, kid: str | None) -> str:
    header = {"alg": _ALGORITHM, "enc": _CIPHER, "kid": kid}
    return jwe.encrypt_compact(header, plaintext, public_key, algorithms=[_ALGORITHM, _CIPHER])


def _to_bytes(name: str, value: object) -> bytes:
    # The errors of conversions show what they stumble over: it must not get out.
    try:
        return _spell(name, value).encode()
    except ValueError:
        pass
    raise ValueError(f"{name} holds what cannot be sent: half a character, or no finite number")


def _spell(name: str, value: object) -> str:
    """Spell a value for a form: digits as given and never with an exponent, dates as in JSON."""
    match value:
        case bool():
            pass
        case float() | Decimal():
            return format(check_amount(Decimal(str(value))), "f")
        case str() | int() | dt.date():
            return str(to_wire(value))
        case _:
            pass
    raise TypeError(f"{name} must be text, a number or a date, not {type(value).__name__}")


def _read_key(key: JWK) -> RSAKey:
    """Make a key of a JWK, unless it is one that protects nothing."""
    check_kind("key", key, JWK)
    if key.kty != "RSA":
        raise _unusable("its kty is not RSA")
    if not key.kid:
        raise _unusable("it has no kid")
    if not key.n or not key.e:
        raise _unusable("it lacks its modulus or its exponent, n or e")
    try:
        modulus, exponent = base64_to_int(key.n), base64_to_int(key.e)
    except ValueError:
        raise _unusable("n or e is not base64url") from None
    if not _FEWEST_BITS <= modulus.bit_length() <= _MOST_BITS:
        raise _unusable(f"it has less than {_FEWEST_BITS} bits, or more than {_MOST_BITS}")
    if modulus % 2 == 0 or exponent % 2 == 0 or not _LEAST_EXPONENT <= exponent < _EXPONENTS_END:
        raise _unusable("its modulus or exponent is not one of RSA")
    return RSAKey.import_key({"kty": key.kty, "n": key.n, "e": key.e})


def _unusable(reason: str) -> PowensError:
    return PowensError(f"the public key of the domain cannot be used: {reason}")
