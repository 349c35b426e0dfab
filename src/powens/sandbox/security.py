"""The keys of a domain: what values are encrypted for, and what answers are signed with.

Keys are made the first time they are needed, and are new in each sandbox: alone in a sandbox they
do not follow from the seed. They need `joserfc`, which is only imported here and then.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from powens.sandbox import dice
from powens.sandbox.wire import ApiError, JsonObject

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

_BITS: Final = 2048
_RETIRED: Final = timedelta(days=60)  # before the sandbox's first day
CURRENT: Final = 2


class Keys:
    """The keys of one domain."""

    def __init__(self, seed: int, begin: datetime) -> None:
        self._kid = dice.uuid(seed, "encryption key")
        self._deprecated: dict[int, datetime | None] = {1: begin - _RETIRED, CURRENT: None}

    @property
    def public_key(self) -> JsonObject:
        """What clients encrypt values with, as a JWK."""
        return {**self._encryption.as_dict(private=False), "use": "enc", "alg": "RSA-OAEP-256"}

    @property
    def sign_keys(self) -> list[JsonObject]:
        """What clients check signatures with: a key of the past, and the one of today."""
        return [
            {
                "id": number,
                "public_key": self._signing[number].as_pem(private=False).decode(),
                "deprecated": None if retired is None else str(retired),
            }
            for number, retired in self._deprecated.items()
        ]

    def decrypt(self, value: object) -> str:
        """The value that a client encrypted.

        Raises:
            ApiError: It is not encrypted, or not for this key.
        """
        from joserfc import jwe  # noqa: PLC0415 - see above
        from joserfc.errors import JoseError  # noqa: PLC0415

        try:
            opened = jwe.decrypt_compact(
                str(value), self._encryption, algorithms=["RSA-OAEP-256", "A256GCM"]
            )
            if opened.headers().get("kid") == self._kid and opened.plaintext is not None:
                return opened.plaintext.decode()
        except (JoseError, ValueError, TypeError, KeyError):
            pass
        raise ApiError(400, "keymanager", "A value can not be decrypted")

    def sign(self, request_url: str, moment: datetime, content: bytes, keys_url: str) -> bytes:
        """A signed answer. The content goes in as it is, so that numbers keep their digits."""
        from joserfc import jws  # noqa: PLC0415 - see above

        head = json.dumps({"request_url": request_url, "response_timestamp": str(moment)})
        payload = head[:-1].encode() + b', "response_payload": ' + content + b"}"
        header = {"alg": "RS256", "key_url": f"{keys_url}/{CURRENT}"}
        registry = jws.JWSRegistry(strict_check_header=False)
        return jws.serialize_compact(
            header, payload, self._signing[CURRENT], registry=registry
        ).encode()

    @cached_property
    def _encryption(self) -> RSAKey:
        return _new_key(self._kid)

    @cached_property
    def _signing(self) -> dict[int, RSAKey]:
        return {number: _new_key(f"sign-{number}") for number in self._deprecated}


def key_pair() -> tuple[str, str]:
    """A new public and a new private RSA key, as PEM."""
    key = _new_key("client")
    return key.as_pem(private=False).decode(), key.as_pem(private=True).decode()


def is_encrypted(value: object) -> bool:
    """Whether a value is meant to be an encrypted one: its head is JSON in base64."""
    return isinstance(value, str) and value.startswith("eyJ")


def _new_key(kid: str) -> RSAKey:
    from joserfc.jwk import RSAKey  # noqa: PLC0415 - see above

    return RSAKey.generate_key(_BITS, {"kid": kid})
