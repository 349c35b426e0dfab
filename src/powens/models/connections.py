"""Links between a user and a connector, their sources and their logs."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from attrs import field, frozen

from ._base import DEPRECATED, Envelope, Model, Open
from .accounts import BankAccount
from .connectors import Connector, ConnectorField
from .documents import Subscription
from .enums import ConnectionState, ConnectorSourceName


@frozen(kw_only=True)
class ConnectionSource(Model):
    """One channel of a connection; it succeeds or fails by itself."""

    id: int
    id_connection: int | None = None
    id_connector_source: int | None = None
    name: Open[ConnectorSourceName] | None = None
    last_update: dt.datetime | None = None
    # When the source was switched off; None: in use.
    disabled: dt.datetime | None = None
    created: dt.datetime | None = None
    state: Open[ConnectionState] | None = None
    # End of the bank's consent, about 180 days after it was given.
    access_expire: dt.datetime | None = None
    # When an unfinished source is removed.
    expire: dt.datetime | None = None
    next_try: dt.datetime | None = None


@frozen(kw_only=True)
class ConnectionSourcesList(Envelope[ConnectionSource]):
    """Answer of `GET /users/{id}/connections/{id}/sources`."""

    _items_field: ClassVar[str] = "sources"
    sources: tuple[ConnectionSource, ...]
    total: int | None = None


@frozen(kw_only=True)
class Connection(Model):
    """Link between a user and a connector."""

    id: int
    id_user: int | None = None
    id_connector: int | None = None
    id_provider: int | None = field(default=None, metadata=DEPRECATED)
    id_bank: int | None = field(default=None, metadata=DEPRECATED)
    # None: the last synchronisation went well.
    state: Open[ConnectionState] | None = None
    # The older name of `state`.
    error: Open[ConnectionState] | None = field(default=None, metadata=DEPRECATED)
    # Text of the bank; may hold an address with a bank session in it.
    error_message: str | None = field(default=None, repr=False)
    # What to ask the user for.
    fields: tuple[ConnectorField, ...] | None = None
    last_update: dt.datetime | None = None
    created: dt.datetime | None = None
    # Whether the connection is synchronised automatically.
    active: bool | None = None
    last_push: dt.datetime | None = None
    # The latest end of consent among the sources.
    expire: dt.datetime | None = None
    connector_uuid: str | None = None
    # Next planned synchronisation.
    next_try: dt.datetime | None = None
    # From here on: only with `expand`.
    connector: Connector | None = None
    accounts: tuple[BankAccount, ...] | None = None
    all_accounts: tuple[BankAccount, ...] | None = None
    subscriptions: tuple[Subscription, ...] | None = None
    all_subscriptions: tuple[Subscription, ...] | None = None
    sources: tuple[ConnectionSource, ...] | None = None


@frozen(kw_only=True)
class ConnectionsList(Envelope[Connection]):
    """Answer of `GET /users/{id}/connections`."""

    _items_field: ClassVar[str] = "connections"
    connections: tuple[Connection, ...]
    total: int | None = None


@frozen(kw_only=True)
class ConnectionLog(Model):
    """One past synchronisation. Known from an old specification: nothing but `id` is sure."""

    id: int
    id_user: int | None = None
    id_connection: int | None = None
    id_connector: int | None = None
    id_source: int | None = None
    login: str | None = field(default=None, repr=False)
    error_uid: str | None = None
    # End of the synchronisation.
    timestamp: dt.datetime | None = None
    next_try: dt.datetime | None = None
    error: Open[ConnectionState] | None = None
    error_message: str | None = field(default=None, repr=False)
    # 1: the user is charged for.
    statut: int | None = None
    nb_accounts: int | None = None
    start: dt.datetime | None = None
    worker: str | None = None
    session_folder_id: str | None = field(default=None, repr=False)
    fields: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class ConnectionLogsList(Envelope[ConnectionLog]):
    """Answer of `GET /users/{id}/connections/{id}/logs`."""

    _items_field: ClassVar[str] = "connectionlogs"
    connectionlogs: tuple[ConnectionLog, ...]
    total: int | None = None


@frozen(kw_only=True)
class WebauthURL(Model):
    """Page of the bank to send the user to. It holds a session of the bank: keep it out of logs."""

    url: str = field(repr=False)
