"""What the sandbox remembers: users, tokens, connections, accounts."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

from powens.sandbox import dice
from powens.sandbox.administration import Domain
from powens.sandbox.bank import (
    BANKS,
    BLUEPRINTS,
    DEMO_BANK,
    DIRECTACCESS,
    OPENAPI,
    PEOPLE,
    Bank,
    Blueprint,
    iban,
)
from powens.sandbox.flows import POLLS_WHILE_VALIDATING, Event, Progress
from powens.sandbox.forms import File
from powens.sandbox.ledger import MAX_ROWS, Calendar, Ledger
from powens.sandbox.payments import TEST_BANK, Payment, Payments
from powens.sandbox.security import Keys
from powens.sandbox.wire import ApiError, JsonObject, bad_value, not_found

TOKEN_LIFE: Final = timedelta(seconds=1800)
SCOPED_TOKEN_LIFE: Final = timedelta(days=7)
FORCED_SYNC_PAUSE: Final = timedelta(minutes=1)
CONSENT: Final = timedelta(days=180)
SYNC_PERIOD: Final = timedelta(days=1)
DEMO_AGE: Final = timedelta(days=90)


class Clock:
    """The sandbox's time: nine o'clock on its day, and a second more for each change."""

    def __init__(self, today: date) -> None:
        self.now: datetime = datetime.combine(today, time(9))

    def tick(self) -> datetime:
        """The time of something that happens now: a second after whatever happened last."""
        self.now += timedelta(seconds=1)
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@dataclass
class Source:
    """A channel of a connector."""

    id: int
    bank: Bank
    name: str
    priority: int
    auth_mechanism: str
    disabled: str | None = None


@dataclass
class Connector:
    """A bank of the catalogue with what the domain decided about it."""

    bank: Bank
    sources: list[Source]
    hidden: bool
    sync_periodicity: object = None

    def source(self, name: str) -> Source:
        """The source of that name."""
        for source in self.sources:
            if source.name == name and source.disabled is None:
                return source
        raise bad_value("source")

    @property
    def first_source(self) -> str:
        """The source to begin with when none is named."""
        usable = (source for source in self.sources if source.disabled is None)
        first = min(usable, key=lambda source: source.priority, default=None)
        if first is None:
            raise ApiError(400, "notSupported", "No source of this connector is enabled")
        return first.name


@dataclass
class Token:
    """What a bearer token opens.

    Attributes:
        kind: Whom it is for.
        user_id: The user it is limited to.
        expires: When it ends.
        single_use: Whether it ends with its first use.
        scopes: What a service may do with it.
        payment_id: The payment it is limited to.
    """

    kind: str
    user_id: int | None = None
    expires: datetime | None = None
    single_use: bool = False
    scopes: frozenset[str] = frozenset()
    payment_id: int | None = None

    @property
    def opens(self) -> frozenset[str]:
        """The kinds of endpoint it opens: for a service its scopes, else what it is."""
        return self.scopes if self.kind == "service" else frozenset({self.kind})


@dataclass
class User:
    """A user of the domain.

    Attributes:
        bearer: The permanent token that was given last.
        held: What webhooks are to say of a temporary user, should the user become permanent.
    """

    id: int
    signin: datetime
    permanent: bool
    connections: dict[int, "Connection"] = field(default_factory=dict[int, "Connection"])
    uploads: dict[int, "Upload"] = field(default_factory=dict[int, "Upload"])
    config: dict[str, str] = field(default_factory=dict[str, str])
    bearer: str | None = field(default=None, repr=False)
    held: list[tuple[str, JsonObject]] = field(
        default_factory=list[tuple[str, JsonObject]], repr=False
    )

    @property
    def accounts(self) -> Iterator["Account"]:
        """The accounts of all connections."""
        return (account for each in self.connections.values() for account in each.accounts.values())


@dataclass
class ConnectionSource:
    """A source of a connection."""

    id: int
    source: Source
    created: datetime
    disabled: datetime | None = None
    last_update: datetime | None = None
    access_expire: datetime | None = None


@dataclass(eq=False)
class Account:
    """An account the bank showed.

    Attributes:
        told: Up to when webhooks were told what is new on it.
    """

    id: int
    user_id: int
    connection_id: int
    source: ConnectionSource
    blueprint: Blueprint
    ledger: Ledger
    original_name: str
    number: str = field(repr=False)
    iban: str | None = field(repr=False)
    owner: str
    balance: int
    parent_id: int | None
    disabled: datetime | None
    last_update: datetime | None = None
    display: bool = True
    bookmarked: bool = False
    name: str | None = None
    usage: str = "PRIV"
    told: datetime | None = None


@dataclass(eq=False)
class Subscription:
    """A container of documents the bank showed: one for each account, and one of a past account.

    Attributes:
        told: Up to when webhooks were told what is new in it.
        edits: What clients changed on its documents, by document.
        gone: The documents clients deleted.
    """

    id: int
    user_id: int
    connection_id: int
    source_id: int
    account: Account | None
    number: str
    label: str
    subscriber: str
    disabled: datetime | None
    deleted: datetime | None = None
    last_update: datetime | None = None
    edits: dict[int, JsonObject] = field(default_factory=dict[int, JsonObject])
    gone: set[int] = field(default_factory=set[int])
    told: datetime | None = None


@dataclass
class Upload:
    """A document that a client sent, with its file if it has one."""

    fields: JsonObject
    file: File | None


@dataclass
class Connection:
    """A user's link to a bank."""

    id: int
    user_id: int
    connector: Connector
    created: datetime
    progress: Progress
    sources: dict[int, ConnectionSource] = field(default_factory=dict[int, ConnectionSource])
    accounts: dict[int, Account] = field(default_factory=dict[int, Account])
    subscriptions: dict[int, Subscription] = field(default_factory=dict[int, Subscription])
    active: bool = True
    last_update: datetime | None = None
    expire: datetime | None = None
    next_try: datetime | None = None
    last_forced: datetime | None = None
    logs: list[JsonObject] = field(default_factory=list[JsonObject])

    def has_source(self, name: str) -> bool:
        """Whether it goes through the source of that name."""
        return any(each.source.name == name for each in self.sources.values())


@dataclass(frozen=True)
class Ticket:
    """A visit to the bank's own page, waiting to be made."""

    user_id: int
    redirect_uri: str
    state: str | None
    connector: Connector
    connection_id: int | None
    source: str | None


Subject: TypeAlias = User | Connection | Account | Subscription | Payment


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that webhooks may ask for.

    Attributes:
        event: The name that webhooks know it by.
        subject: What it happened to.
        user: Whose that is; payments are nobody's.
        since: For each account and subscription that was synchronized, up to when webhooks knew
            what was on it; None is nothing.
    """

    event: str
    subject: Subject
    user: User | None
    since: Mapping[Account | Subscription, datetime | None]


class World:
    """Everything behind one sandbox.

    What webhooks may ask for gathers in `happenings`, until somebody takes them from there.
    """

    def __init__(self, seed: int, transactions: int, today: date) -> None:
        self.seed = seed
        self.transactions = transactions
        self.clock: Clock = Clock(today)
        self.calendar: Calendar = Calendar.of(today)
        self.client_id: str = dice.digits(8, seed, "client id")
        self.client_secret: str = dice.token(seed, "client secret")
        self.domain: Domain = Domain(seed, self.client_id, self.client_secret, self.clock.now)
        self.keys: Keys = Keys(seed, self.clock.now)
        self.payments: Payments = Payments(seed)
        self._noticed: datetime = self.clock.now
        self.links: dict[str, JsonObject] = {}
        self.tokens: dict[str, Token] = {}
        self.users: dict[int, User] = {}
        self.happenings: list[Happening] = []
        self.tickets: dict[str, Ticket] = {}
        self.connectors: dict[int, Connector] = {
            bank.id: _connector(bank) for bank in (*BANKS, TEST_BANK)
        }
        self._token_numbers = itertools.count()
        self._user_ids = itertools.count(11)
        self._connection_ids = itertools.count(201)
        self._source_ids = itertools.count(301)
        self._account_ids = itertools.count(1001)
        self._log_ids = itertools.count(5001)
        self._subscription_ids = itertools.count(6001)
        self._upload_ids = itertools.count(1)
        self.users_token: str = self.grant("users")
        self.config_token: str = self.grant("config")
        self.demo_user: User = self._make_demo()
        self.demo_token: str = self.grant("permanent", self.demo_user.id)
        self.happenings.clear()

    @property
    def rows_made(self) -> int:
        """How many transactions were put together so far."""
        ledgers = (account.ledger for user in self.users.values() for account in user.accounts)
        return sum(ledger.made for ledger in ledgers)

    def grant(
        self,
        kind: str,
        user_id: int | None = None,
        *,
        single_use: bool = False,
        temporary: bool = False,
    ) -> str:
        """A new token."""
        text = dice.token(self.seed, "token", next(self._token_numbers))
        expires = self.clock.now + TOKEN_LIFE if temporary else None
        self.tokens[text] = Token(kind, user_id, expires, single_use)
        if kind == "permanent" and user_id is not None:
            self.users[user_id].bearer = text
        return text

    def grant_scopes(self, scopes: Iterable[str], *, payment_id: int | None = None) -> str:
        """A new token for a service, or for one payment. `payments` is an old name of a scope."""
        text = self.grant("service")
        known = frozenset("payments:admin" if each == "payments" else each for each in scopes)
        life = TOKEN_LIFE if payment_id is None else SCOPED_TOKEN_LIFE
        self.tokens[text] = Token(
            "service", expires=self.clock.now + life, scopes=known, payment_id=payment_id
        )
        return text

    def token(self, text: str | None) -> Token | None:
        """What a token opens, unless its time is over. A temporary user ends with the token."""
        token = self.tokens.get(text or "")
        if token is None or token.expires is None or self.clock.now < token.expires:
            return token
        del self.tokens[text or ""]
        user = self.users.get(token.user_id or 0)
        if token.kind == "temporary" and user and not user.permanent:
            self.delete_user(user)
        return None

    def happen(
        self,
        event: str,
        subject: Subject,
        since: Mapping[Account | Subscription, datetime | None] | None = None,
    ) -> None:
        """Something happened that webhooks may ask for."""
        match subject:
            case User():
                user: User | None = subject
            case Payment():
                user = None
            case _:
                user = self.users[subject.user_id]
        self.happenings.append(Happening(event, subject, user, since or {}))

    def notice_payments(self) -> None:
        """See which payments are in another state than before: some change as time passes."""
        if self.clock.now == self._noticed:
            return
        self._noticed = self.clock.now
        for payment in self.payments:
            state = payment.look(self.clock.now).state
            if state != payment.told:
                payment.told = state
                self.happen("PAYMENT_STATE_UPDATED", payment)

    def create_user(self, *, permanent: bool) -> User:
        """A new user without connections."""
        user = User(next(self._user_ids), self.clock.tick(), permanent=False)
        self.users[user.id] = user
        if permanent:
            self.keep_user(user)
        return user

    def keep_user(self, user: User) -> None:
        """Make a user permanent, which is when webhooks get to know the user."""
        if not user.permanent:
            user.permanent = True
            self.happen("USER_CREATED", user)

    def delete_user(self, user: User) -> None:
        """Forget a user, with all tokens and data."""
        self.happen("USER_DELETED", user)
        del self.users[user.id]
        self.revoke(user, "permanent", "temporary", "code")

    def revoke(self, user: User, *kinds: str) -> None:
        """Forget a user's tokens of these kinds."""
        self.tokens = {
            text: token
            for text, token in self.tokens.items()
            if token.user_id != user.id or token.kind not in kinds
        }

    def connector(self, text: object) -> Connector:
        """The connector with that uuid or number."""
        for connector in self.connectors.values():
            if str(text) in {connector.bank.uuid, str(connector.bank.id)}:
                return connector
        raise not_found("Connector")

    def owner(self, user_id: int) -> str:
        """The name that banks know a user by."""
        return PEOPLE[dice.key(self.seed, "owner", user_id) % len(PEOPLE)]

    def connection_of(self, account: Account) -> Connection:
        """The connection an account is behind."""
        return self.users[account.user_id].connections[account.connection_id]

    def issue(self, ticket: Ticket) -> str:
        """The number of a visit to the bank's page."""
        number = dice.uuid(self.seed, "ticket", next(self._token_numbers))
        self.tickets[number] = ticket
        return number

    def connect(self, user: User, connector: Connector, sources: list[str]) -> Connection:
        """A new connection, in the state its bank begins with."""
        connection = Connection(
            id=next(self._connection_ids),
            user_id=user.id,
            connector=connector,
            created=self.clock.tick(),
            progress=Progress.begin(connector.bank),
        )
        for name in sources:
            self.add_source(connection, name)
        user.connections[connection.id] = connection
        self.settle(connection)
        return connection

    def add_source(self, connection: Connection, name: str) -> None:
        """Give a connection one more source."""
        source = connection.connector.source(name)
        if all(each.source is not source for each in connection.sources.values()):
            added = ConnectionSource(next(self._source_ids), source, self.clock.now)
            connection.sources[added.id] = added

    def advance(self, connection: Connection, event: Event, *, background: bool = False) -> None:
        """Let something happen to a connection."""
        connection.progress.advance(event, background=background)
        self.settle(connection)

    def poll(self, connection: Connection) -> None:
        """Read a connection, which is what ends `validating`."""
        was_validating = connection.progress.state == "validating"
        connection.progress.poll()
        if was_validating and connection.progress.state is None:
            self.settle(connection)

    def settle(self, connection: Connection) -> None:
        """Write down how a synchronization ended; when it went well, with what the bank showed."""
        now = self.clock.now
        state = connection.progress.state
        connection.next_try = now + SYNC_PERIOD
        if state is None:
            connection.last_update = now
            connection.expire = now + CONSENT
            for source in connection.sources.values():
                if source.disabled is None:
                    source.last_update, source.access_expire = now, connection.expire
                    self._discover(connection, source)
            for each in _enabled(connection):
                each.last_update = now
        self._log(connection, now)
        if state is None:
            self._tell(connection)
        elif state != "validating":
            self.happen("CONNECTION_SYNCED", connection)

    def _tell(self, connection: Connection) -> None:
        """Let webhooks know what a synchronization brought."""
        since = {each: each.told for each in _enabled(connection)}
        for each in since:
            each.told = self.clock.now
        self.happen("ACCOUNTS_FETCHED", connection)
        for each, told in since.items():
            if isinstance(each, Subscription):
                self.happen("SUBSCRIPTION_SYNCED", each, since)
                continue
            self.happen("ACCOUNT_SYNCED", each, since)
            self.happen("ACCOUNT_CATEGORIZED", each, since)
            self.happen("TRANSACTION_ATTACHMENTS_FOUND", each, since)
            if told is None:
                self.happen("ACCOUNT_OWNERSHIPS_FOUND", each)
        self.happen("CONNECTION_SYNCED", connection, since)
        self.happen("USER_SYNCED", self.users[connection.user_id], since)

    def delete_connection(self, connection: Connection) -> None:
        """Forget a connection, with all data."""
        self.happen("CONNECTION_DELETED", connection)
        del self.users[connection.user_id].connections[connection.id]

    def forced_sync(self, connection: Connection) -> None:
        """Synchronize at a client's wish, which is not granted twice in a row."""
        now = self.clock.now
        if connection.last_forced is not None and now - connection.last_forced < FORCED_SYNC_PAUSE:
            raise ApiError(409, "conflict", forced_sync_refusal(connection))
        connection.last_forced = self.clock.tick()
        self.advance(connection, Event.FORCED_SYNC)

    def disable(self, account: Account, *, disabled: bool) -> None:
        """Enable or disable an account. Disabling takes what hangs on it away."""
        was_disabled = account.disabled is not None
        if disabled and not was_disabled:
            account.disabled, account.last_update = self.clock.now, None
            account.told = None
            account.ledger.edits.clear()
            self.happen("ACCOUNT_DISABLED", account)
        elif not disabled:
            account.disabled, account.last_update = None, self.clock.now
            if was_disabled:
                self.happen("ACCOUNT_ENABLED", account)
                self._tell_of_enabled(account)

    def disable_subscription(self, subscription: Subscription, *, disabled: bool) -> None:
        """Enable or disable a subscription. Disabling takes its documents away."""
        if disabled and subscription.disabled is None:
            subscription.disabled, subscription.last_update = self.clock.now, None
            subscription.told = None
            subscription.edits.clear()
            subscription.gone.clear()
        elif not disabled:
            was_disabled = subscription.disabled is not None
            subscription.disabled, subscription.last_update = None, self.clock.now
            if was_disabled:
                self._tell_of_enabled(subscription)

    def _tell_of_enabled(self, thing: Account | Subscription) -> None:
        """The bank is asked for what is on something as soon as it is enabled."""
        connection = self.users[thing.user_id].connections[thing.connection_id]
        if connection.progress.state is None:
            self._tell(connection)

    def add_transaction(self, account: Account, cents: int, wording: str, day: date) -> int:
        """The bank shows one more transaction; its number."""
        now = self.clock.tick()
        k = account.ledger.add(day, cents, wording, now)
        account.balance += cents
        self.settle(self.connection_of(account))
        return account.id * MAX_ROWS + k

    def put(self, connection: Connection, state: str | None) -> None:
        """Let a synchronization end in a state."""
        self.clock.tick()
        connection.progress.enter(state)
        if state == "validating":
            connection.progress.polls_left = POLLS_WHILE_VALIDATING
        self.settle(connection)

    def upload(self, user: User, fields: JsonObject, file: File | None) -> int:
        """Keep a document that a client sends; its number."""
        number = next(self._upload_ids)
        user.uploads[number] = Upload(fields, file)
        return number

    def _discover(self, connection: Connection, source: ConnectionSource) -> None:
        if any(account.source is source for account in connection.accounts.values()):
            return
        bank, previous = connection.connector.bank, None
        for blueprint, visible in zip(BLUEPRINTS, _shares(self.transactions), strict=True):
            if blueprint.source != source.source.name:
                continue
            number = next(self._account_ids)
            digits = dice.digits(13, self.seed, "number", number)
            account = Account(
                id=number,
                user_id=connection.user_id,
                connection_id=connection.id,
                source=source,
                blueprint=blueprint,
                ledger=Ledger(self.seed, number, blueprint, visible, self.calendar),
                original_name=blueprint.name(bank.country),
                number=digits,
                iban=iban(bank.country, bank.code, digits)
                if blueprint.type == "checking"
                else None,
                owner=self.owner(connection.user_id),
                balance=blueprint.balance + dice.key(self.seed, "balance", number) % 50_000,
                parent_id=previous if blueprint.parent else None,
                disabled=self.clock.now,
            )
            connection.accounts[number] = account
            self.happen("ACCOUNT_FOUND", account)
            self._subscribe(connection, source, account, account.original_name)
            previous = number
        if all(each.deleted is None for each in connection.subscriptions.values()):
            past = self._subscribe(connection, source, None, "Ancien contrat")
            past.deleted = self.clock.now

    def _subscribe(
        self, connection: Connection, source: ConnectionSource, account: Account | None, label: str
    ) -> Subscription:
        number = next(self._subscription_ids)
        subscription = Subscription(
            id=number,
            user_id=connection.user_id,
            connection_id=connection.id,
            source_id=source.id,
            account=account,
            number=dice.digits(10, self.seed, "subscription", number),
            label=label,
            subscriber=self.owner(connection.user_id),
            disabled=self.clock.now,
        )
        connection.subscriptions[number] = subscription
        self.happen("SUBSCRIPTION_FOUND", subscription)
        return subscription

    def _log(self, connection: Connection, now: datetime) -> None:
        error = connection.progress.state
        connection.logs.append(
            {
                "id": next(self._log_ids),
                "id_user": connection.user_id,
                "id_connection": connection.id,
                "id_connector": connection.connector.bank.id,
                "id_source": next(iter(connection.sources), None),
                "start": str(now - timedelta(seconds=4)),
                "timestamp": str(now),
                "next_try": str(connection.next_try),
                "error": error,
                "error_message": connection.progress.message,
                "error_uid": None,
                "statut": 1,
                "nb_accounts": len(connection.accounts),
            }
        )

    def _make_demo(self) -> User:
        user = self.create_user(permanent=True)
        connection = self.connect(user, self.connectors[DEMO_BANK.id], [OPENAPI, DIRECTACCESS])
        for account in connection.accounts.values():
            self.disable(account, disabled=False)
        for subscription in connection.subscriptions.values():
            if subscription.deleted is None:
                self.disable_subscription(subscription, disabled=False)
        user.signin -= DEMO_AGE
        connection.created -= DEMO_AGE
        for source in connection.sources.values():
            source.created -= DEMO_AGE
        return user


def _enabled(connection: Connection) -> list[Account | Subscription]:
    """What is asked for when a connection is synchronized."""
    found: list[Account | Subscription] = [*connection.accounts.values()]
    found += connection.subscriptions.values()
    return [each for each in found if each.disabled is None]


def forced_sync_refusal(connection: Connection) -> str:
    """The API's words when it does not synchronize again."""
    return f"Can't force synchronization of connection {connection.id}"


def _connector(bank: Bank) -> Connector:
    sources = [
        Source(2 * bank.id + 100 + place, bank, name, priority, bank.mechanism)
        for place, (name, priority) in enumerate(((DIRECTACCESS, 2), (OPENAPI, 0)))
    ]
    return Connector(bank, sources, bank.hidden)


def _shares(total: int) -> list[int]:
    """The total parted by the blueprints' shares; the first one takes what rounding leaves."""
    counts = [total * blueprint.share // 100 for blueprint in BLUEPRINTS]
    counts[0] += total - sum(counts)
    return counts
