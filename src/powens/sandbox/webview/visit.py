"""A visit: one person on their way through the webview, remembered on the server."""

import ipaddress
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode, urlsplit

from powens.sandbox.administration import ClientApp
from powens.sandbox.call import PAY_VALIDATE
from powens.sandbox.payments import Payment
from powens.sandbox.state import Account, Connection, Connector, Token, User, World
from powens.sandbox.views import connector_view
from powens.sandbox.webview.words import Words
from powens.sandbox.wire import ApiError, JsonObject

_ADDRESS: Final = re.compile(r"[!-\[\]-~]+")  # visible ASCII: browsers read `\` as `/`
_SEPARATORS: Final = re.compile(r"[\s,;]+")
_MAX_NUMBER: Final = 18  # digits


class VisitError(Exception):
    """Why a visit can not begin or go on, in English words that have a translation."""


@dataclass(frozen=True)
class Wishes:
    """What the application asks for in the address of the page.

    Attributes:
        connectors: The connectors to offer, by number or uuid; none are all that are not hidden.
        capabilities: What each connector has to be able to do.
        ibans: The accounts to offer; none are all.
        types: The types of account to offer; none are all.
        most: How many connections may be made.
        reset: Whether all credentials are asked for again.
        sources: The sources that are asked for again.
        prefilled: What fields hold at first, by `{uuid}.{field}`.
    """

    connectors: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()
    ibans: frozenset[str] = field(default=frozenset(), repr=False)
    types: frozenset[str] = frozenset()
    most: int = 1
    reset: bool = False
    sources: tuple[str, ...] = ()
    prefilled: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "Wishes":
        """The wishes among the parameters of a page."""
        most = params.get("max_connections") or "1"
        if number(most) in {None, 0}:
            raise VisitError("The parameter max_connections is not valid.")
        ids = (*_list(params, "connector_ids"), *_list(params, "connector_uuids"))
        return cls(
            connectors=frozenset(ids),
            capabilities=frozenset(_list(params, "connector_capabilities") or ("bank",)),
            ibans=frozenset(_list(params, "account_ibans")),
            types=frozenset(_list(params, "account_types")),
            most=int(most),
            reset=params.get("reset_credentials", "").lower() in {"true", "1"},
            sources=_list(params, "connection_sources"),
            prefilled={name: value for name, value in params.items() if "." in name},
        )

    def allow(self, connector: Connector) -> bool:
        """Whether a connector is to be offered. A hidden one has to be named."""
        names = {connector.bank.uuid, str(connector.bank.id)}
        wanted = bool(names & self.connectors) if self.connectors else not connector.hidden
        able = self.capabilities <= frozenset(connector_view(connector, {})["capabilities"])
        return wanted and able and any(source.disabled is None for source in connector.sources)

    def include(self, account: Account) -> bool:
        """Whether an account is to be offered."""
        of_type = not self.types or account.blueprint.type in self.types
        return of_type and (not self.ibans or account.iban in self.ibans)


@dataclass
class Visit:
    """One way through the webview.

    Attributes:
        world: Where it takes place.
        flow: What it is for: `connect`, `reconnect`, `manage` or `payment`.
        say: Its words.
        app: The application that sent the person.
        redirect_uri: Where the person goes back to.
        state: What the application wants to hear again.
        wishes: What the application asks for.
        user: Who it is; None until a new user is needed.
        is_new_user: Whether the user was made here, so that a code goes back.
        connection: The connection in question.
        is_new_connection: Whether that one is to be forgotten when the person gives up.
        connector: The chosen bank.
        done: The connections that were made.
        payment: The payment in question.
        payer: The account that pays, if the person named it here.
        scenario: How the bank will let the person confirm the payment.
        screen: The page to show.
        serial: Which page of the visit it is; an answer to an earlier one is passed over.
        problems: What was wrong with the last answers, by field; `""` is about the whole page.
        values: The last answers that were wrong, but for passwords.
        outcome: The address the person leaves for, once the visit is over.
        ticket: What the address of the visit is made of.
    """

    world: World
    flow: str
    say: Words
    app: ClientApp
    redirect_uri: str | None = field(repr=False)
    state: str | None = field(repr=False)
    wishes: Wishes
    user: User | None = field(default=None, repr=False)
    is_new_user: bool = False
    connection: Connection | None = field(default=None, repr=False)
    is_new_connection: bool = False
    connector: Connector | None = None
    done: list[int] = field(default_factory=list[int])
    payment: Payment | None = field(default=None, repr=False)
    payer: JsonObject | None = field(default=None, repr=False)
    scenario: str = ""
    screen: str = ""
    serial: int = 0
    problems: dict[str, str] = field(default_factory=dict[str, str])
    values: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    outcome: str | None = field(default=None, repr=False)
    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def is_lost(self) -> bool:
        """Whether what it is about does not exist any more."""
        if self.user is None:
            return False
        gone = self.world.users.get(self.user.id) is not self.user
        return gone or (
            self.connection is not None and self.connection.id not in self.user.connections
        )

    @property
    def connectors(self) -> list[Connector]:
        """The banks to choose from."""
        return [each for each in self.world.connectors.values() if self.wishes.allow(each)]

    @property
    def accounts(self) -> list[Account]:
        """The accounts of the connection that the application asks for."""
        found = self.connection.accounts.values() if self.connection else ()
        return [account for account in found if self.wishes.include(account)]

    def go(self, screen: str) -> None:
        """Show another page."""
        self.screen, self.problems, self.values = screen, {}, {}

    def complain(
        self, problems: Mapping[str, str], values: Mapping[str, str] | None = None
    ) -> None:
        """Show the same page again, with what was wrong."""
        self.problems, self.values = dict(problems), dict(values or {})

    def person(self) -> User:
        """The user, who is made when there is none yet. An application keeps them by the code."""
        if self.user is None:
            self.user, self.is_new_user = self.world.create_user(permanent=False), True
        return self.user

    def give_up_connection(self) -> None:
        """Forget the connection that was begun here."""
        if self.is_new_connection and self.connection is not None:
            self.world.delete_connection(self.connection)
        self.connection, self.connector, self.is_new_connection = None, None, False

    def leave(self, **result: str) -> None:
        """End it, with a result for the application."""
        given = {} if self.state is None else {"state": self.state}
        if self.redirect_uri is None:
            self.go("closed")
        else:
            self.depart(f"{self.redirect_uri}?{urlencode(result | given)}".removesuffix("?"))

    def depart(self, address: str) -> None:
        """End it, and go to an address."""
        self.outcome = address

    def fail(self, error: str, description: str) -> None:
        """End it without success. A user who was made here and has nothing is forgotten."""
        self.give_up_connection()
        if self.user is not None and self.is_new_user:
            self.world.delete_user(self.user)
            self.user = None
        self.leave(error=error, error_description=description)


def begin(world: World, flow: str, say: Words, params: Mapping[str, str]) -> Visit:
    """A visit by the parameters of its page.

    Raises:
        VisitError: A parameter is missing or wrong. The person is not sent back, as the address
            may not be the application's own.
    """
    client_id = number(params.get("client_id", ""))
    app = world.domain.clients.get(client_id or 0)
    if not params.get("domain"):
        raise VisitError("The parameter domain is missing.")
    if app is None:
        raise VisitError("The parameter client_id names no application of this domain.")
    redirect_uri = params.get("redirect_uri") or None
    if redirect_uri is None and flow != "manage":
        raise VisitError("The parameter redirect_uri is missing.")
    if redirect_uri is not None:
        _check_return(redirect_uri, app)
    visit = Visit(world, flow, say, app, redirect_uri, params.get("state"), Wishes.read(params))
    _BEGINNINGS[flow](visit, params)
    return visit


def _connect(visit: Visit, params: Mapping[str, str]) -> None:
    if params.get("code"):
        visit.user = _user(visit.world, params["code"])
    visit.go("terms")


def _reconnect(visit: Visit, params: Mapping[str, str]) -> None:
    visit.connection = connection = _connection(visit, params)
    if connection is None:
        raise VisitError("There is no such connection.")
    again = visit.wishes.reset or visit.wishes.sources
    broken = connection.progress.state is not None
    visit.go("reset" if again else "connection" if broken else "fine")


def _manage(visit: Visit, params: Mapping[str, str]) -> None:
    visit.connection = _connection(visit, params)
    visit.go("manage" if visit.connection is None else "managed")


def _payment(visit: Visit, params: Mapping[str, str]) -> None:
    payment_id = number(params.get("payment_id", ""))
    code = params.get("code", "")
    token = visit.world.token(code)
    if (
        token is None
        or not token.opens & PAY_VALIDATE
        or token.payment_id not in {None, payment_id}
    ):
        raise VisitError("The code is wrong, has expired, or does not open this page.")
    try:
        visit.payment = visit.world.payments.get(payment_id or 0)
    except ApiError:
        raise VisitError("There is no such payment.") from None
    if visit.payment.look(visit.world.clock.now).state not in {"created", "validating"}:
        raise VisitError("This payment has been dealt with already.")
    _spend(visit.world, code, token)
    visit.go("payment")


_BEGINNINGS: Final = {
    "connect": _connect,
    "reconnect": _reconnect,
    "manage": _manage,
    "payment": _payment,
}
FLOWS: Final = frozenset(_BEGINNINGS)


def _connection(visit: Visit, params: Mapping[str, str]) -> Connection | None:
    """The connection that is named; the code is spent only if nothing is wrong."""
    code, text = params.get("code", ""), params.get("connection_id")
    user = _user(visit.world, code, spend=False)
    connection = user.connections.get(number(text or "") or 0)
    if text and connection is None:
        raise VisitError("There is no such connection.")
    if connection is not None:
        visit.connector = connection.connector
        usable = {each.name for each in connection.connector.sources if each.disabled is None}
        if not usable.issuperset(visit.wishes.sources):
            raise VisitError("The parameter connection_sources is not valid.")
    visit.user = _user(visit.world, code)
    return connection


def _user(world: World, code: str, *, spend: bool = True) -> User:
    token = world.token(code)
    if token is None or token.kind not in {"code", "temporary"}:
        raise VisitError("The code is wrong, has expired, or does not open this page.")
    if spend:
        _spend(world, code, token)
    return world.users[token.user_id or 0]


def _spend(world: World, code: str, token: Token) -> None:
    if token.single_use:
        del world.tokens[code]


def _check_return(address: str, app: ClientApp) -> None:
    reason = VisitError("The parameter redirect_uri is not an address of this application.")
    if not _ADDRESS.fullmatch(address):
        raise reason
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise reason from None
    if not parts.scheme or "?" in address or "#" in address:
        raise VisitError(
            "The parameter redirect_uri must be absolute, without a query or fragment."
        )
    known = _SEPARATORS.split(app.redirect_uris or "")
    is_local = parts.scheme in {"http", "https"} and "@" not in parts.netloc and is_loopback(host)
    if not is_local and address not in known:
        raise reason


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def number(text: str) -> int | None:
    """An id or count that somebody typed; None is none."""
    plain = text.isascii() and text.isdecimal() and len(text) <= _MAX_NUMBER
    return int(text) if plain else None


def _list(params: Mapping[str, str], name: str) -> tuple[str, ...]:
    parts: Iterable[str] = (part.strip() for part in params.get(name, "").split(","))
    return tuple(part for part in parts if part)
