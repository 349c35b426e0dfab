"""What webhooks say: the bodies of each event, composed from what happened."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, TypeAlias

from powens.sandbox import identity, wealth
from powens.sandbox.faults import PREFIX
from powens.sandbox.handlers.payments import payment_view
from powens.sandbox.ledger import Selection
from powens.sandbox.papers import papers_of
from powens.sandbox.payments import Payment
from powens.sandbox.query import parse_expand
from powens.sandbox.state import Account, Connection, Happening, Subscription, User, World
from powens.sandbox.views import (
    account_view,
    attachments,
    connection_view,
    subscription_view,
    user_view,
)
from powens.sandbox.wire import JsonObject

MOST_ROWS: Final = 100
"""How many transactions of an account a body has at most, the newest ones."""

_BARE: Final = parse_expand("")
_PARTS: Final = parse_expand("connector,sources")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where something happened.

    Attributes:
        world: The sandbox.
        origin: Where clients see the sandbox.
        since: Up to when webhooks knew what is on each account and in each subscription that was
            synchronized.
    """

    world: World
    origin: str
    since: Mapping[Account | Subscription, datetime | None]

    @property
    def base_url(self) -> str:
        """Where clients see the API."""
        return self.origin + PREFIX

    def is_new(self, account: Account) -> bool:
        """Whether webhooks know nothing of what is on an account."""
        return account in self.since and self.since[account] is None

    def rows(self, account: Account) -> list[int]:
        """The rows of an account that are new to webhooks, newest first."""
        ledger = account.ledger
        if account not in self.since:
            return []
        told = self.since[account]
        if told is None:
            return [k for _, k in islice(Selection([ledger]).rows(), MOST_ROWS)]
        return [k for k, each in ledger.arrivals.items() if each.moment > told][::-1]

    def documents(self, connection: Connection, subscription: Subscription) -> list[JsonObject]:
        """The documents of a subscription that are new to webhooks."""
        if subscription not in self.since:
            return []
        told = self.since[subscription]
        known = date.min if told is None else told.date()
        papers = papers_of(self.world, connection, subscription)
        views = (paper.view(self.base_url) for paper in papers)
        return [view for view in views if view["rdate"] > str(known)]


def compose(world: World, origin: str, what: Happening) -> Iterable[JsonObject]:
    """The bodies of what happened: one as a rule, one for each of several things, or none."""
    return _COMPOSERS[what.event](Scene(world, origin, what.since), what.subject)


def _user(_: Scene, user: User) -> Iterable[JsonObject]:
    yield user_view(user)


def _user_synced(scene: Scene, user: User) -> Iterable[JsonObject]:
    connections = [_synced(scene, each) for each in user.connections.values()]
    yield {"user": user_view(user), "connections": connections}


def _connection_synced(scene: Scene, connection: Connection) -> Iterable[JsonObject]:
    user = user_view(scene.world.users[connection.user_id])
    yield {"user": user, "connection": _synced(scene, connection)}


def _accounts_fetched(scene: Scene, connection: Connection) -> Iterable[JsonObject]:
    """The transactions are not there yet."""
    expand = parse_expand("connector,sources,accounts")
    user = user_view(scene.world.users[connection.user_id])
    yield {"user": user, "connection": connection_view(scene.world, connection, expand)}


def _connection(scene: Scene, connection: Connection) -> Iterable[JsonObject]:
    yield connection_view(scene.world, connection, _BARE)


def _account(scene: Scene, account: Account) -> Iterable[JsonObject]:
    yield account_view(scene.world, account, _BARE)


def _account_found(scene: Scene, account: Account) -> Iterable[JsonObject]:
    view = account_view(scene.world, account, _BARE)
    yield {name: view[name] for name in ("id", "id_user", "id_connection", "disabled", "type")}


def _account_synced(scene: Scene, account: Account) -> Iterable[JsonObject]:
    yield _with_news(scene, account)


def _account_categorized(scene: Scene, account: Account) -> Iterable[JsonObject]:
    ledger = account.ledger
    rows = [ledger.row(k) | {"categories": ledger.categories(k)} for k in scene.rows(account)]
    if rows:
        yield {"transactions": rows}


def _attachments_found(scene: Scene, account: Account) -> Iterable[JsonObject]:
    for k in scene.rows(account):
        row = account.ledger.row(k)
        if found := attachments(account, k, row, scene.base_url):
            yield {
                "id_connection": account.connection_id,
                "id_account": account.id,
                "id_transaction": row["id"],
                "attachments": found,
            }


def _ownerships_found(scene: Scene, account: Account) -> Iterable[JsonObject]:
    yield {"account_ownerships": [identity.ownership(scene.world, account)]}


def _subscription_found(_: Scene, found: Subscription) -> Iterable[JsonObject]:
    yield {"id": found.id, "id_user": found.user_id, "id_connection": found.connection_id}


def _subscription_synced(scene: Scene, subscription: Subscription) -> Iterable[JsonObject]:
    connection = scene.world.users[subscription.user_id].connections[subscription.connection_id]
    yield _with_documents(scene, connection, subscription)


def _payment(scene: Scene, payment: Payment) -> Iterable[JsonObject]:
    yield payment_view(scene.world, scene.origin, payment)


def _synced(scene: Scene, connection: Connection) -> JsonObject:
    """A connection with what is enabled on it, and what is new there."""
    accounts = (each for each in connection.accounts.values() if each.disabled is None)
    subscriptions = (
        each
        for each in connection.subscriptions.values()
        if each.disabled is None and each.deleted is None
    )
    return connection_view(scene.world, connection, _PARTS) | {
        "accounts": [_with_orders(scene, each) for each in accounts],
        "subscriptions": [_with_documents(scene, connection, each) for each in subscriptions],
    }


def _with_news(scene: Scene, account: Account) -> JsonObject:
    rows = [account.ledger.row(k) for k in scene.rows(account)]
    holdings = wealth.holdings(scene.world, account, cash=True) if scene.is_new(account) else ()
    investments = [each.view() | {"pockets": list(each.pockets())} for each in holdings]
    view = account_view(scene.world, account, _BARE)
    return view | {"transactions": rows, "investments": investments}


def _with_orders(scene: Scene, account: Account) -> JsonObject:
    orders = wealth.market_orders(scene.world, account) if scene.is_new(account) else ()
    return _with_news(scene, account) | {"market_orders": list(orders)}


def _with_documents(scene: Scene, connection: Connection, subscription: Subscription) -> JsonObject:
    view = subscription_view(scene.world, subscription, _BARE)
    return view | {"documents": scene.documents(connection, subscription)}


_Composer: TypeAlias = Callable[[Scene, Any], Iterable[JsonObject]]

_COMPOSERS: Final[Mapping[str, _Composer]] = {
    "USER_CREATED": _user,
    "USER_DELETED": _user,
    "USER_SYNCED": _user_synced,
    "CONNECTION_SYNCED": _connection_synced,
    "CONNECTION_DELETED": _connection,
    "ACCOUNTS_FETCHED": _accounts_fetched,
    "ACCOUNT_SYNCED": _account_synced,
    "ACCOUNT_CATEGORIZED": _account_categorized,
    "ACCOUNT_DISABLED": _account,
    "ACCOUNT_ENABLED": _account,
    "ACCOUNT_FOUND": _account_found,
    "ACCOUNT_OWNERSHIPS_FOUND": _ownerships_found,
    "TRANSACTION_ATTACHMENTS_FOUND": _attachments_found,
    "SUBSCRIPTION_FOUND": _subscription_found,
    "SUBSCRIPTION_SYNCED": _subscription_synced,
    "PAYMENT_STATE_UPDATED": _payment,
}
