"""Links between a user and a connector, their sources and their logs."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from typing import ClassVar, Final

from attrs import field, frozen

from .._model import DEPRECATED, Envelope, Model, Open, Since, as_object
from .._unset import UNSET, Unset
from .accounts import BankAccount
from .connectors import Connector, ConnectorField
from .documents import Subscription
from .enums import ConnectionState, ConnectorSourceName


class ConnectionResolution(enum.StrEnum):
    """What to do about the state of a connection."""

    NOTHING = "nothing"
    """Nothing is wrong."""
    WAIT = "wait"
    """Read the connection again in a moment: the API is at work."""
    RETRIED = "retried"
    """Nothing: the API tries again by itself."""
    AUTHENTICATE = "authenticate"
    """With the user present, call `connections.update` without changes, or use the webview."""
    WEBAUTH = "webauth"
    """Send the user to the page that `connections.webauth_url` gives, or to the webview."""
    ENTER_FIELDS = "enter_fields"
    """Ask for `fields` and send them with `connections.update`, or use the webview."""
    APPROVE = "approve"
    """The user approves in the app of the bank while `connections.update(resume=True)` waits."""
    NEW_CREDENTIALS = "new_credentials"
    """Send new credentials with `connections.update`, or use the webview."""
    ACT_AT_BANK = "act_at_bank"
    """The user acts at the bank, as `error_message` says; a later synchronisation clears it."""
    NONE_KNOWN = "none_known"
    """Nothing the user could do."""

    @property
    def needs_user(self) -> bool:
        """Whether the connection stays as it is until the user does something."""
        return self in _USER_ACTS


_NO_STATE: Final = {None, "", "null"}
_USER_ACTS: Final = {
    ConnectionResolution.AUTHENTICATE,
    ConnectionResolution.WEBAUTH,
    ConnectionResolution.ENTER_FIELDS,
    ConnectionResolution.APPROVE,
    ConnectionResolution.NEW_CREDENTIALS,
    ConnectionResolution.ACT_AT_BANK,
}
_RESOLUTIONS: Final[Mapping[str, ConnectionResolution]] = {
    ConnectionState.SCA_REQUIRED: ConnectionResolution.AUTHENTICATE,
    ConnectionState.WEBAUTH_REQUIRED: ConnectionResolution.WEBAUTH,
    ConnectionState.ADDITIONAL_INFORMATION_NEEDED: ConnectionResolution.ENTER_FIELDS,
    ConnectionState.DECOUPLED: ConnectionResolution.APPROVE,
    ConnectionState.VALIDATING: ConnectionResolution.WAIT,
    ConnectionState.WRONGPASS: ConnectionResolution.NEW_CREDENTIALS,
    ConnectionState.ACTION_NEEDED: ConnectionResolution.ACT_AT_BANK,
    ConnectionState.PASSWORD_EXPIRED: ConnectionResolution.NEW_CREDENTIALS,
    ConnectionState.RATE_LIMITING: ConnectionResolution.RETRIED,
    ConnectionState.WEBSITE_UNAVAILABLE: ConnectionResolution.RETRIED,
    ConnectionState.BUG: ConnectionResolution.RETRIED,
}


@frozen(kw_only=True)
class ConnectionSource(Model):
    """One channel of a connection; it succeeds or fails by itself."""

    id: int
    id_connection: int | None = None
    id_connector_source: int | None = None
    name: Open[ConnectorSourceName] | None = None
    last_update: dt.datetime | None = None
    # When the source was switched off; None: in use.
    disabled: Since | None = None
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

    _seldom_sent: ClassVar[tuple[str, ...]] = (
        *("id_provider", "id_bank", "connector", "accounts", "all_accounts"),
        *("subscriptions", "all_subscriptions", "sources"),
    )
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

    @classmethod
    def reshape(cls, data: object) -> object:
        """Unwrap `{connection, message}`, the answer where a synchronisation was not forced."""
        fields = as_object(data)
        return data if "id" in fields else fields.get("connection", data)

    @property
    def effective_state(self) -> Open[ConnectionState] | None:
        """Why the connection is not up to date: `state`, or else the older `error`.

        None when all is well, however the API spells that.
        """
        for state in (self.state, self.error):
            if state not in _NO_STATE:
                return state
        return None

    @property
    def resolution(self) -> ConnectionResolution:
        """What brings the connection out of its effective state."""
        state = self.effective_state
        if state is None:
            return ConnectionResolution.NOTHING
        return _RESOLUTIONS.get(state, ConnectionResolution.NONE_KNOWN)


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


@frozen(kw_only=True)
class ConnectionRequest(Model):
    """Body of `POST /users/{id}/connections`, beside the fields of the connector."""

    # One of the two is required.
    connector_uuid: str | Unset | None = UNSET
    id_connector: int | Unset | None = UNSET
    source: str | Unset | None = UNSET


@frozen(kw_only=True)
class ConnectionUpdateRequest(Model):
    """What to change on a connection, beside the fields of the connector."""

    source: str | Unset | None = UNSET
    # Whether the connection is synchronised automatically.
    active: bool | Unset | None = UNSET
    expire: dt.datetime | Unset | None = UNSET
    resume: bool | Unset | None = UNSET
    refresh_auth: bool | Unset | None = UNSET


@frozen(kw_only=True)
class ConnectionSourceUpdateRequest(Model):
    """What to change on a source of a connection."""

    disabled: bool | Unset | None = UNSET


@frozen(kw_only=True)
class PostalAddress(Model):
    """A postal address in its parts."""

    city: str | None = None
    country: str | None = None
    country_code: str | None = None
    postal_code: str | None = None
    region: str | None = None
    street_name: str | None = None


@frozen(kw_only=True)
class OwnerIdentity(Model):
    """Who the bank says the owner of a connection is."""

    id_connection: int | None = None
    id_source: int | None = None
    id_user: int | None = None
    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    full_name: str | None = field(default=None, repr=False)
    raw_postal_address: str | None = field(default=None, repr=False)
    postal_address: PostalAddress | None = field(default=None, repr=False)
