"""One request: its token, path, query and body, and the refusals that go with reading them."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

from starlette.requests import Request

from powens.sandbox.faults import PREFIX, bearer
from powens.sandbox.forms import File, is_form, read_form
from powens.sandbox.payments import Payment
from powens.sandbox.query import Query
from powens.sandbox.state import (
    Account,
    Connection,
    Connector,
    Subscription,
    Token,
    User,
    World,
)
from powens.sandbox.wire import (
    Answer,
    ApiError,
    JsonObject,
    bad_value,
    missing,
    not_found,
    read_body,
)

USER: Final = frozenset({"permanent", "temporary", "code"})
USERS: Final = frozenset({"users"})
CONFIG: Final = frozenset({"config"})
PAY_ADMIN: Final = frozenset({"payments:admin"})
PAY_VALIDATE: Final = frozenset({"payments:admin", "payments:validate"})
PAY_CANCEL: Final = frozenset({"payments:admin", "payments:cancel"})
PAY_SENSITIVE: Final = frozenset({"payments:validate", "payments:allow-sensitive"})
PAY: Final = PAY_ADMIN | PAY_CANCEL | PAY_SENSITIVE | {"payments:read-only"}
LINKS: Final = frozenset({"payment-links:admin"})
NOBODY: Final[frozenset[str]] = frozenset()
HERE: Final = frozenset({"here"})
"""Anybody but pages of other sites, who could have a browser send what they like."""


class Call:
    """One request, with what handlers ask of it."""

    def __init__(self, world: World, request: Request, raw: bytes) -> None:
        self.world = world
        self.request = request
        self.query: Query = Query(request.query_params)
        self.body: JsonObject
        self.files: dict[str, File] = {}
        media_type = request.headers.get("content-type", "")
        if is_form(media_type):
            self.body, self.files = read_form(media_type, raw)
        else:
            self.body = read_body(media_type, raw)
        self.bearer: str | None = bearer(request.headers.get("authorization"))
        self._token: Token | None = None

    def admit(self, kinds: frozenset[str]) -> None:
        """Refuse the call unless its token is of one of these kinds; no kinds lets everybody in."""
        if kinds is HERE:
            self._refuse_other_sites()
        if not kinds or kinds is HERE:
            return
        token = self.world.token(self.bearer)
        if token is None or self.bearer is None:
            raise ApiError(401, "unauthorized", "Invalid or missing token")
        elsewhere = token.payment_id not in {None, self._payment_id}
        if elsewhere or not token.opens & kinds:
            raise ApiError(403, "forbidden", "This token does not open this resource")
        if token.single_use:
            del self.world.tokens[self.bearer]
        self._token = token

    @property
    def token(self) -> Token:
        """The token that was let in."""
        if self._token is None:
            raise ApiError(401, "unauthorized", "Invalid or missing token")
        return self._token

    @cached_property
    def user(self) -> User:
        """The user of the token, who has to be the one in the path when the path names one."""
        mine = self.token.user_id or 0
        wanted = self.request.path_params.get("user_id", "me")
        number = mine if wanted == "me" else self.number("user_id", "User")
        if number not in self.world.users:
            raise not_found("User")
        if number != mine:
            raise ApiError(403, "forbidden", "This token belongs to another user")
        return self.world.users[number]

    @property
    def connection(self) -> Connection:
        """The connection in the path."""
        number = self.number("connection_id", "Connection")
        if number not in self.user.connections:
            raise not_found("Connection")
        return self.user.connections[number]

    @property
    def accounts(self) -> Iterable[Account]:
        """The accounts of the connection in the path, or else of the user."""
        if "connection_id" in self.request.path_params:
            return self.connection.accounts.values()
        return self.user.accounts

    @property
    def enabled_accounts(self) -> list[Account]:
        """The enabled ones of the account, connection or user in the path."""
        found = [self.account] if "account_id" in self.request.path_params else self.accounts
        return [account for account in found if account.disabled is None]

    @property
    def account(self) -> Account:
        """The account in the path; a disabled one is not found without `all`."""
        number = self.number("account_id", "Account")
        for account in self.accounts:
            if account.id == number and (account.disabled is None or self.query.flag("all")):
                return account
        raise not_found("Account")

    @property
    def subscriptions(self) -> list[Subscription]:
        """The subscriptions of the connection in the path, or else of the user."""
        if "connection_id" in self.request.path_params:
            return list(self.connection.subscriptions.values())
        connections = self.user.connections.values()
        return [found for each in connections for found in each.subscriptions.values()]

    @property
    def subscription(self) -> Subscription:
        """The subscription in the path; a disabled or deleted one is not found without `all`."""
        number = self.number("subscription_id", "Subscription")
        for each in self.subscriptions:
            is_listed = each.disabled is None and each.deleted is None
            if each.id == number and (is_listed or self.query.flag("all")):
                return each
        raise not_found("Subscription")

    @property
    def transaction(self) -> tuple[Account, int]:
        """The transaction in the path; a deleted one is not found without `all`."""
        number = self.number("transaction_id", "Transaction")
        for account in self.user.accounts:
            k = account.ledger.row_of(number) if account.disabled is None else None
            if k is not None and (self.query.flag("all") or not account.ledger.is_deleted(k)):
                return account, k
        raise not_found("Transaction")

    @property
    def payment(self) -> Payment:
        """The payment in the path."""
        return self.world.payments.get(self.number("payment_id", "Payment"))

    def _refuse_other_sites(self) -> None:
        """Refuse what a page of another site sends; browsers say where it comes from."""
        if self.request.method == "GET":
            return
        headers = self.request.headers
        site = headers.get("sec-fetch-site")
        if site is None:
            is_own = headers.get("origin") in {None, self.origin}
        else:
            is_own = site in {"same-origin", "none"}
        if not is_own:
            raise ApiError(403, "forbidden", "A page of another site may not do this")

    @property
    def _payment_id(self) -> int:
        """The number of the payment in the path; 0 where there is none."""
        named = "payment_id" in self.request.path_params
        return self.number("payment_id", "Payment") if named else 0

    @property
    def connector(self) -> Connector:
        """The connector in the path."""
        return self.world.connector(self.request.path_params["connector_uuid"])

    def number(self, name: str, what: str) -> int:
        """A numeric id of the path; anything else is an id of nothing."""
        text: str = self.request.path_params[name]
        if not (text.isascii() and text.isdecimal() and len(text) < len(str(2**63))):
            raise not_found(what)
        return int(text)

    def required(self, name: str) -> Any:
        """A value of the body that has to be there."""
        if self.body.get(name) in (None, ""):
            raise missing(name)
        return self.body[name]

    def typed(self, name: str, kind: type | tuple[type, ...]) -> Any:
        """A value of the body, of that type."""
        value = self.body[name]
        if not isinstance(value, kind):
            raise bad_value(name)
        return value

    def typed_values(self, kinds: dict[str, type | tuple[type, ...]]) -> JsonObject:
        """Those of these values that the body has, each of its type."""
        return {name: self.typed(name, kind) for name, kind in kinds.items() if name in self.body}

    def boolean(self, name: str) -> bool:
        """A boolean of the body, also as a form or an integer spells it."""
        choices = {"true": True, "1": True, "false": False, "0": False}
        value = str(self.body.get(name, False)).lower()
        if value not in choices:
            raise bad_value(name)
        return choices[value]

    def check_client(self) -> None:
        """Refuse wrong client credentials."""
        number, secret = str(self.required("client_id")), str(self.required("client_secret"))
        clients = self.world.domain.clients.values()
        if (number, secret) not in {(str(each.id), each.secret) for each in clients}:
            raise ApiError(401, "unauthorized", "Invalid client credentials")

    def check_grant(self, expected: str) -> None:
        """Refuse another grant type than the route's own."""
        if self.body.get("grant_type", expected) != expected:
            raise bad_value("grant_type")

    @property
    def origin(self) -> str:
        """Where the client sees this server."""
        return f"{self.request.url.scheme}://{self.request.url.netloc}"

    @property
    def base_url(self) -> str:
        """Where the client sees the API."""
        return self.origin + PREFIX

    @property
    def url(self) -> str:
        """The whole address that was asked for, as it was sent."""
        path: str = self.request.scope["raw_path"].decode("latin-1")
        query: str = self.request.scope["query_string"].decode("latin-1")
        return f"{self.origin}{path}{query and '?'}{query}"

    def listing(self, key: str, items: list[JsonObject]) -> Answer:
        """The envelope of a list, with the page the query asks for."""
        return Answer(200, {key: self.query.page().of(items), "total": len(items)})
