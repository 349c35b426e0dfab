"""Client applications, and the configuration of a domain."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from attrs import field, frozen

from .._model import DEPRECATED, Envelope, Model, Open, as_object
from .._unset import UNSET, Unset
from .enums import ConfigLogType


@frozen(kw_only=True)
class ClientApp(Model):
    """A client application of the domain."""

    id: int
    name: str | None = None
    # Only with a token of the configuration.
    secret: str | None = field(default=None, repr=False)
    public_key: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    # One text when the API sends them as one: its separator is not documented.
    redirect_uris: tuple[str, ...] | None = None
    id_logo: int | None = None
    config: object = field(default=None, repr=False, hash=False)
    pro: bool | None = field(default=None, metadata=DEPRECATED)


@frozen(kw_only=True)
class ClientAppsList(Envelope[ClientApp]):
    """Answer of `GET /clients`."""

    _items_field: ClassVar[str] = "clients"
    clients: tuple[ClientApp, ...]
    total: int | None = None


@frozen(kw_only=True)
class ClientAppRequest(Model):
    """Body of `POST /clients`."""

    # True makes an RSA pair, for user tokens that are JWTs.
    generate_keys: bool | Unset | None = UNSET
    name: str | Unset | None = UNSET
    redirect_uris: str | Unset | None = UNSET
    config: str | Unset | None = field(default=UNSET, repr=False)


@frozen(kw_only=True)
class ClientAppUpdateRequest(Model):
    """What to change on a client application; what is left out stays as it is."""

    generate_keys: bool | Unset | None = UNSET
    name: str | Unset | None = UNSET
    # Resets it.
    secret: str | Unset | None = field(default=UNSET, repr=False)
    redirect_uris: str | Unset | None = UNSET
    # Hexadecimal.
    primary_color: str | Unset | None = UNSET
    config: object | Unset | None = field(default=UNSET, repr=False, hash=False)
    # True merges `config` into what is there, False replaces it.
    update_config: bool | Unset | None = UNSET


@frozen(kw_only=True)
class ConfigLog(Model):
    """One past change of the configuration. Known from an old specification only."""

    id: int | None = None
    key: str | None = None
    previous_value: str | None = field(default=None, repr=False)
    new_value: str | None = field(default=None, repr=False)
    type: Open[ConfigLogType] | None = None
    timestamp: dt.datetime | None = None


@frozen(kw_only=True)
class ConfigLogsList(Envelope[ConfigLog]):
    """Answer of `GET /config/logs`."""

    _items_field: ClassVar[str] = "configlogs"
    configlogs: tuple[ConfigLog, ...]
    total: int | None = None

    @classmethod
    def reshape(cls, data: object) -> object:
        """Take an object of keys and values, as the reference announces it, for the changes."""
        values = as_object(data)
        if values and "configlogs" not in values:
            return {"configlogs": [{"key": key, "new_value": v} for key, v in values.items()]}
        return super().reshape(data)


@frozen(kw_only=True)
class Certificate(Model):
    """A certificate of the domain."""

    id: int
    type: str | None = None
    id_public_key_file: int | None = None
    id_private_key_file: int | None = None
    created: dt.datetime | None = None
