"""Public keys of a domain, and signed answers."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from attrs import field, frozen

from .._model import Envelope, Model, as_object


@frozen(kw_only=True)
class JWK(Model):
    """Public RSA key of the domain, to encrypt what users enter."""

    kty: str | None = None
    kid: str | None = None
    n: str | None = field(default=None, repr=False)
    e: str | None = None


@frozen(kw_only=True)
class SignKey(Model):
    """Public key that answers are signed with."""

    id: int
    # PEM.
    public_key: str | None = field(default=None, repr=False)
    # Set: no signature made with it is to be trusted.
    deprecated: dt.datetime | None = None


@frozen(kw_only=True)
class SignKeysList(Envelope[SignKey]):
    """Answer of `GET /sign-keys`. What the list is called there is not documented."""

    _items_field: ClassVar[str] = "keys"
    keys: tuple[SignKey, ...]

    @classmethod
    def reshape(cls, data: object) -> object:
        """Take a bare list, or the one list of an object."""
        values = as_object(data).values()
        lists: list[object] = [value for value in values if isinstance(value, list)]
        return super().reshape(lists[0] if len(lists) == 1 else data)


@frozen(kw_only=True)
class SignedResponseHeader(Model):
    """Head of a signed answer."""

    # Only to be followed on the host of the domain.
    key_url: str | None = None
    alg: str | None = None


@frozen(kw_only=True)
class SignedResponsePayload(Model):
    """Content of a signed answer."""

    request_url: str | None = field(default=None, repr=False)
    # Its format is not documented.
    response_timestamp: object = field(default=None, hash=False)
    # What the answer would be without a signature.
    response_payload: object = field(default=None, repr=False, hash=False)
