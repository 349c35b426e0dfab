"""What a type checker makes of the public surface; checked, never run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal, assert_type

import httpx
from starlette.requests import Request
from starlette.responses import Response as HTTPResponse

from powens import (
    UNSET,
    AccountType,
    AccountTypeName,
    AccountTypesList,
    AsyncPager,
    AsyncPowensClient,
    Attachment,
    AttachmentsList,
    AuthCode,
    AuthMechanism,
    AuthScope,
    AuthServiceToken,
    AuthToken,
    AuthTokenExchange,
    BankAccount,
    BankAccountsList,
    BankAccountUsage,
    Category,
    CircuitBreaker,
    Connection,
    ConnectionLog,
    ConnectionsList,
    ConnectionSource,
    ConnectionSourcesList,
    ConnectionState,
    Connector,
    ConnectorField,
    ConnectorFieldsList,
    ConnectorFieldType,
    ConnectorsList,
    ConnectorSource,
    ConnectorSourcesList,
    CurrenciesList,
    Currency,
    Link,
    Loan,
    LoanType,
    NoOpCircuitBreaker,
    Page,
    Pager,
    PaginationLinks,
    PowensClient,
    PowensConnectionError,
    PowensErrorCode,
    PowensHTTPError,
    PowensRateLimitError,
    PowensTimeoutError,
    Response,
    RetryPolicy,
    ThresholdCircuitBreaker,
    Transaction,
    TransactionsList,
    TransactionType,
    User,
    UserCreatedEvent,
    UserDeletedEvent,
    UsersList,
    WebauthURL,
    WebviewLang,
    to_utc,
)
from powens.webhooks import Event, parse, receive, verify
from powens.webhooks.starlette import webhook
from powens.webview import WebviewURL

DAY = dt.date(2024, 2, 29)
MOMENT = dt.datetime(2024, 2, 29, tzinfo=dt.UTC)


# --- Calls ---------------------------------------------------------------------------------------


def blocking_calls(client: PowensClient) -> None:
    assert_type(client.auth.init_user(), AuthToken)
    assert_type(client.auth.generate_code(type_="singleAccess"), AuthCode)
    assert_type(client.auth.exchange_code(code=""), AuthTokenExchange)
    client.auth.revoke_token()
    assert_type(client.auth.renew_token(id_user=1, revoke_previous=True), AuthTokenExchange)
    assert_type(
        client.auth.generate_service_token(scope=[AuthScope.PAYMENTS, "new"]), AuthServiceToken
    )

    assert_type(client.users.me(), User)
    assert_type(client.users.get(user_id=1), User)
    assert_type(client.users.list(), Pager[User])
    assert_type(client.users.list_all(), UsersList)
    client.users.delete(user_id="me")

    assert_type(client.connectors.list(country_codes=("fr", "de")), Pager[Connector])
    assert_type(client.connectors.list_all(expand=["sources"]), ConnectorsList)
    assert_type(client.connectors.get(connector_uuid=1), Connector)
    assert_type(client.connectors.update(connector_uuid="", hidden=None), Connector)
    assert_type(client.connectors.batch_update(body={"": {"hidden": True}}), ConnectorsList | None)
    assert_type(client.connectors.list_fields(connector_uuid=""), ConnectorFieldsList)
    assert_type(client.connectors.list_sources(connector_uuid=""), ConnectorSourcesList)
    assert_type(client.connectors.get_source(connector_uuid="", source_id=1), ConnectorSource)
    assert_type(
        client.connectors.update_source(connector_uuid="", source_id=1, disabled=MOMENT),
        ConnectorSource,
    )

    assert_type(client.connections.create(id_connector=1, fields={"region": 2}), Connection)
    assert_type(client.connections.list(limit=50), Pager[Connection])
    assert_type(client.connections.list_all(), ConnectionsList)
    assert_type(client.connections.get(connection_id=1), Connection)
    assert_type(client.connections.update(connection_id=1, resume=True, expire=UNSET), Connection)
    assert_type(client.connections.sync(connection_id=1), Connection)
    assert_type(client.connections.force_sync(connection_id=1), Connection)
    client.connections.delete(connection_id=1)
    assert_type(client.connections.list_sources(connection_id=1), ConnectionSourcesList)
    assert_type(client.connections.get_source(connection_id=1, source_id=1), ConnectionSource)
    assert_type(
        client.connections.update_source(connection_id=1, source_id=1, disabled=True),
        ConnectionSource,
    )
    assert_type(client.connections.webauth_url(redirect_uri=""), WebauthURL)
    assert_type(client.connections.list_logs(connection_id=1), Pager[ConnectionLog])
    assert_type(client.connections.list_logs_raw(connection_id=1), dict[str, Any])

    assert_type(client.accounts.list(include_all=True), Pager[BankAccount])
    assert_type(client.accounts.list_all(), BankAccountsList)
    assert_type(client.accounts.get(account_id=1), BankAccount)
    assert_type(
        client.accounts.update(account_id=1, usage=BankAccountUsage.PRIV, name=None), BankAccount
    )

    assert_type(client.account_types.list(), Pager[AccountType])
    assert_type(client.account_types.list_all(), AccountTypesList)
    assert_type(client.account_types.get(type_id=1), AccountType)

    assert_type(client.currencies.list(), Pager[Currency])
    assert_type(client.currencies.list_all(), CurrenciesList)

    assert_type(client.transactions.list(min_date=DAY, value=Decimal(1)), Pager[Transaction])
    assert_type(client.transactions.list_page(max_date="2024-02"), TransactionsList)
    assert_type(client.transactions.get(transaction_id=1), Transaction)
    assert_type(
        client.transactions.update(transaction_id=1, categories=[Category(code="")]), Transaction
    )
    assert_type(client.transactions.list_attachments(transaction_id=1), AttachmentsList)
    assert_type(client.connections.webauth_redirect_url(redirect_uri="", token=""), WebviewURL)

    assert_type(
        client.webview.connect_url(redirect_uri="", connector_ids=[1, "2"], lang="fr"), WebviewURL
    )
    assert_type(client.webview.reconnect_url(redirect_uri="", code="", connection_id=1), WebviewURL)
    assert_type(client.webview.manage_url(code="", lang=WebviewLang.FR), WebviewURL)
    assert_type(client.webview.payment_url(redirect_uri="", code="", payment_id=1), WebviewURL)


async def async_calls(client: AsyncPowensClient) -> None:
    assert_type(await client.auth.init_user(), AuthToken)
    assert_type(await client.auth.generate_code(type_="singleAccess"), AuthCode)
    assert_type(await client.auth.exchange_code(code=""), AuthTokenExchange)
    await client.auth.revoke_token()
    assert_type(await client.auth.renew_token(id_user=1, revoke_previous=True), AuthTokenExchange)
    assert_type(
        await client.auth.generate_service_token(scope=[AuthScope.PAYMENTS, "new"]),
        AuthServiceToken,
    )

    assert_type(await client.users.me(), User)
    assert_type(await client.users.get(user_id=1), User)
    assert_type(client.users.list(), AsyncPager[User])
    assert_type(await client.users.list_all(), UsersList)
    await client.users.delete(user_id="me")

    assert_type(client.connectors.list(country_codes=("fr", "de")), AsyncPager[Connector])
    assert_type(await client.connectors.list_all(expand=["sources"]), ConnectorsList)
    assert_type(await client.connectors.get(connector_uuid=1), Connector)
    assert_type(await client.connectors.update(connector_uuid="", hidden=None), Connector)
    assert_type(
        await client.connectors.batch_update(body={"": {"hidden": True}}), ConnectorsList | None
    )
    assert_type(await client.connectors.list_fields(connector_uuid=""), ConnectorFieldsList)
    assert_type(await client.connectors.list_sources(connector_uuid=""), ConnectorSourcesList)
    assert_type(await client.connectors.get_source(connector_uuid="", source_id=1), ConnectorSource)
    assert_type(
        await client.connectors.update_source(connector_uuid="", source_id=1, disabled=MOMENT),
        ConnectorSource,
    )

    assert_type(await client.connections.create(id_connector=1, fields={"region": 2}), Connection)
    assert_type(client.connections.list(limit=50), AsyncPager[Connection])
    assert_type(await client.connections.list_all(), ConnectionsList)
    assert_type(await client.connections.get(connection_id=1), Connection)
    assert_type(
        await client.connections.update(connection_id=1, resume=True, expire=UNSET), Connection
    )
    assert_type(await client.connections.sync(connection_id=1), Connection)
    assert_type(await client.connections.force_sync(connection_id=1), Connection)
    await client.connections.delete(connection_id=1)
    assert_type(await client.connections.list_sources(connection_id=1), ConnectionSourcesList)
    assert_type(await client.connections.get_source(connection_id=1, source_id=1), ConnectionSource)
    assert_type(
        await client.connections.update_source(connection_id=1, source_id=1, disabled=True),
        ConnectionSource,
    )
    assert_type(await client.connections.webauth_url(redirect_uri=""), WebauthURL)
    assert_type(client.connections.list_logs(connection_id=1), AsyncPager[ConnectionLog])
    assert_type(await client.connections.list_logs_raw(connection_id=1), dict[str, Any])

    assert_type(client.accounts.list(include_all=True), AsyncPager[BankAccount])
    assert_type(await client.accounts.list_all(), BankAccountsList)
    assert_type(await client.accounts.get(account_id=1), BankAccount)
    assert_type(
        await client.accounts.update(account_id=1, usage=BankAccountUsage.PRIV, name=None),
        BankAccount,
    )

    assert_type(client.account_types.list(), AsyncPager[AccountType])
    assert_type(await client.account_types.list_all(), AccountTypesList)
    assert_type(await client.account_types.get(type_id=1), AccountType)

    assert_type(client.currencies.list(), AsyncPager[Currency])
    assert_type(await client.currencies.list_all(), CurrenciesList)

    assert_type(client.transactions.list(min_date=DAY, value=Decimal(1)), AsyncPager[Transaction])
    assert_type(await client.transactions.list_page(max_date="2024-02"), TransactionsList)
    assert_type(await client.transactions.get(transaction_id=1), Transaction)
    assert_type(
        await client.transactions.update(transaction_id=1, categories=[Category(code="")]),
        Transaction,
    )
    assert_type(await client.transactions.list_attachments(transaction_id=1), AttachmentsList)
    assert_type(client.connections.webauth_redirect_url(redirect_uri="", token=""), WebviewURL)

    assert_type(
        client.webview.connect_url(redirect_uri="", connector_ids=[1, "2"], lang="fr"), WebviewURL
    )
    assert_type(client.webview.reconnect_url(redirect_uri="", code="", connection_id=1), WebviewURL)
    assert_type(client.webview.manage_url(code="", lang=WebviewLang.FR), WebviewURL)
    assert_type(client.webview.payment_url(redirect_uri="", code="", payment_id=1), WebviewURL)


def blocking_client() -> None:
    with PowensClient(domain="example") as client:
        assert_type(client, PowensClient)
        assert_type(client.with_options(access_token="t", timeout=None, deadline=5), PowensClient)
        assert_type(client.with_options(access_token=UNSET, retry_policy=UNSET), PowensClient)
        assert_type(client.access_token, str | None)
        response = client.request("GET", "/config", params={"a": [1, "b"], "c": None}, json={})
        assert_type(response, Response)
        assert_type(response.status_code, int)
        assert_type(response.headers, Mapping[str, str])
        assert_type(response.content, bytes)
        assert_type(response.json(), object)
    assert_type(PowensClient.from_env(), PowensClient)


async def async_client() -> None:
    async with AsyncPowensClient(base_url="https://example.biapi.pro/2.0") as client:
        assert_type(client, AsyncPowensClient)
        assert_type(client.with_options(access_token=None), AsyncPowensClient)
        assert_type(await client.request("GET", "/config"), Response)
    assert_type(AsyncPowensClient.from_env(), AsyncPowensClient)


class OwnClient(PowensClient):
    """A client of the user's own making stays itself."""


def subclass() -> None:
    with OwnClient.from_env() as client:
        assert_type(client, OwnClient)
        assert_type(client.with_options(), OwnClient)


# --- Listings ------------------------------------------------------------------------------------


def blocking_listings(client: PowensClient) -> None:
    pager = client.transactions.list(limit=500)
    for item in pager:
        assert_type(item, Transaction)
    for page in pager.by_page():
        assert_type(page, Page[Transaction])
        for row in page:
            assert_type(row, Transaction)
    with pager.by_page(prefetch=1) as ahead:
        assert_type(next(ahead), Page[Transaction])
    assert_type(pager.first_page(), Page[Transaction])
    assert_type(pager.to_list(), list[Transaction])
    assert_type(pager.to_list(max_items=5), list[Transaction])
    assert_type(next(iter(client.users.list())), User)
    assert_type(sorted(client.accounts.list(), key=lambda account: account.id), list[BankAccount])


async def async_listings(client: AsyncPowensClient) -> None:
    pager = client.transactions.list(limit=500)
    async for item in pager:
        assert_type(item, Transaction)
    async for page in pager.by_page():
        assert_type(page, Page[Transaction])
    async with pager.by_page(prefetch=1) as ahead:
        assert_type(await anext(ahead), Page[Transaction])
    assert_type(await pager.first_page(), Page[Transaction])
    assert_type(await pager.to_list(), list[Transaction])
    assert_type([user.id async for user in client.users.list()], list[int])
    assert_type(await anext(aiter(client.accounts.list())), BankAccount)


def pages(page: Page[Connection], envelope: TransactionsList) -> None:
    assert_type(page.items, tuple[Connection, ...])
    assert_type(page.total, int | None)
    assert_type(page.links, PaginationLinks | None)
    assert_type(page.next_cursor, str | None)
    assert_type(page.envelope.items, tuple[Connection, ...])
    assert_type(list(page.envelope), list[Connection])
    assert_type(len(page), int)
    assert_type(envelope.items, tuple[Transaction, ...])
    assert_type(envelope.transactions, tuple[Transaction, ...])
    assert_type(iter(envelope), Iterator[Transaction])
    assert_type(len(envelope), int)
    assert_type(envelope.links, PaginationLinks | None)
    assert_type(envelope.first_date, dt.date | None)
    if envelope.links is not None and envelope.links.next is not None:
        assert_type(envelope.links.next, Link)
        assert_type(envelope.links.next.href, str)


# --- Models --------------------------------------------------------------------------------------


def transaction(row: Transaction) -> None:
    assert_type(row.id, int)
    assert_type(row.value, Decimal | None)
    assert_type(row.date, dt.date | None)
    assert_type(row.datetime, dt.datetime | None)
    assert_type(row.type, TransactionType | str | None)
    assert_type(row.coming, bool | None)
    assert_type(row.nopurge, bool | None)
    assert_type(row.categories, tuple[Category, ...] | None)
    assert_type(row.attachments, tuple[Attachment, ...] | None)
    assert_type(row.account, BankAccount | None)
    assert_type(row.original_currency, Currency | None)
    assert_type(row.details, Mapping[str, object] | None)
    assert_type(to_utc(MOMENT, assume="Europe/Paris"), dt.datetime)


def account(found: BankAccount, accounts: BankAccountsList) -> None:
    assert_type(found.balance, Decimal | None)
    assert_type(found.bookmarked, bool | None)
    assert_type(found.opening_date, dt.date | None)
    assert_type(found.disabled, dt.datetime | bool | None)
    assert_type(found.type, AccountTypeName | str | None)
    assert_type(found.usage, BankAccountUsage | str | None)
    assert_type(found.connection, Connection | None)
    assert_type(found.loan, Loan | None)
    if found.loan is not None:
        assert_type(found.loan.type, LoanType | str | None)
        assert_type(found.loan.rate, Decimal | None)
        assert_type(found.loan.maturity_date, dt.date | None)
    assert_type(accounts.balances, Mapping[str, Decimal | None] | None)


def connection(found: Connection, connector: Connector) -> None:
    assert_type(found.state, ConnectionState | str | None)
    assert_type(found.fields, tuple[ConnectorField, ...] | None)
    assert_type(found.accounts, tuple[BankAccount, ...] | None)
    assert_type(connector.sources, tuple[ConnectorSource, ...] | None)
    assert_type(connector.available_auth_mechanisms, tuple[AuthMechanism | str, ...] | None)
    for field in connector.fields or ():
        assert_type(field.type, ConnectorFieldType | str | None)


def tokens(first: AuthToken, second: AuthTokenExchange, third: AuthServiceToken) -> None:
    assert_type([first.token, second.token, third.token], list[str])
    assert_type(first.id_user, int | None)


# --- Errors, retries, the breaker ----------------------------------------------------------------


def errors(client: PowensClient) -> None:
    try:
        client.users.me()
    except PowensRateLimitError as error:
        assert_type(error.retry_after, float | None)
    except PowensHTTPError as error:
        assert_type(error.status_code, int)
        assert_type(error.error_code, PowensErrorCode | str | None)
        assert_type(error.error_description, str | None)
        assert_type(error.error_message, str | None)
        assert_type(error.request_id, str | None)
        assert_type(error.response_body, object)
        assert_type(error.request_method, str)
        assert_type(error.request_url, str)
        assert_type(error.headers, Mapping[str, str])
    except PowensTimeoutError as error:
        raise PowensConnectionError from error


class OwnBreaker:
    """A breaker that knows nothing of this package."""

    def allow_request(self) -> bool:
        return True

    def record_success(self) -> None: ...

    def record_failure(self) -> None: ...


def breakers() -> None:
    breaker: CircuitBreaker = OwnBreaker()
    PowensClient(domain="example", circuit_breaker=breaker)
    AsyncPowensClient(domain="example", circuit_breaker=OwnBreaker())
    PowensClient(domain="example", circuit_breaker=NoOpCircuitBreaker())
    own = ThresholdCircuitBreaker(failure_threshold=3, reset_timeout=10)
    PowensClient(domain="example", circuit_breaker=own, retry_policy=RetryPolicy(max_attempts=1))
    assert_type(own.state, Literal["closed", "open", "half_open"])
    policy = RetryPolicy(max_elapsed=None, base_delay=1, retry_non_idempotent=True)
    assert_type(policy.max_attempts, int)
    assert_type(policy.max_elapsed, float | None)


# --- What must not pass --------------------------------------------------------------------------


# An ignore that ignores nothing is an error, so that each of these lines must be refused.


def webhooks(body: bytes, headers: dict[str, str]) -> None:
    assert_type(parse(UserCreatedEvent, body), UserCreatedEvent)
    assert_type(parse("USER_CREATED", body), Event)
    event = receive("NEW", secret=["old", "new"], path="/", headers=headers, body=body)
    assert_type(event.id_webhook_data, int | None)
    verify("", path="/", date=None, signature=["", ""], body=body, max_age=300)


@webhook(UserCreatedEvent, secret=lambda: "")
async def endpoint(request: Request, event: UserCreatedEvent) -> None: ...


async def received(request: Request) -> None:
    assert_type(await endpoint(request), HTTPResponse)


def refused_webhooks(body: bytes) -> None:
    parse(User, body)  # type: ignore[type-var]

    @webhook(UserDeletedEvent, secret="")  # type: ignore[arg-type]
    async def another(request: Request, event: UserCreatedEvent) -> None: ...

    print(another)


def refused_calls(client: PowensClient) -> None:
    client.users.get(7)  # type: ignore[call-arg]
    client.users.delete()  # type: ignore[call-arg]
    client.auth.renew_token()  # type: ignore[call-arg]
    client.auth.renew_token(id_user=None)  # type: ignore[arg-type]
    client.auth.exchange_code(code=None)  # type: ignore[arg-type]
    client.accounts.list(all=True)  # type: ignore[call-arg]
    client.connections.update(connection_id=1, background=None)  # type: ignore[arg-type]
    client.connectors.list_all(country_codes=5)  # type: ignore[arg-type]
    client.transactions.list(limit=None)  # type: ignore[arg-type]
    client.transactions.list(min_date=20240229)  # type: ignore[arg-type]
    client.transactions.update(transaction_id=1, wording=5)  # type: ignore[arg-type]
    client.transactions.update(transaction_id=1, categories=["food"])  # type: ignore[list-item]
    client.webview.connect_url(redirect_uri=None)  # type: ignore[arg-type]
    client.with_options(retry_policy=None)  # type: ignore[arg-type]
    client.with_options(circuit_breaker=NoOpCircuitBreaker())  # type: ignore[call-arg]
    client.nothing()  # type: ignore[attr-defined]


def refused_changes(client: PowensClient, account: BankAccount, page: Page[User]) -> None:
    account.name = "other"  # type: ignore[misc]
    client.access_token = "other"  # type: ignore[misc]
    page.items.append(User(id=1))  # type: ignore[attr-defined]
    print(account.balance + 1)  # type: ignore[operator]
    User()  # type: ignore[call-arg]
    User(1)  # type: ignore[call-arg]


def refused_settings() -> None:
    PowensClient("example")  # type: ignore[call-arg]
    PowensClient(domain="example", circuit_breaker=object())  # type: ignore[arg-type]
    PowensClient(domain="example", transport=httpx.AsyncHTTPTransport())  # type: ignore[arg-type]
    AsyncPowensClient(domain="example", http_client=httpx.Client())  # type: ignore[arg-type]
    RetryPolicy(5)  # type: ignore[call-arg]
    RetryPolicy(max_attempts="5")  # type: ignore[arg-type]
    ThresholdCircuitBreaker(5)  # type: ignore[call-arg]


async def refused_mixtures(client: AsyncPowensClient) -> None:
    client.users.me()  # type: ignore[unused-coroutine]
    print(client.users.me().id)  # type: ignore[attr-defined]
    await client.users.list()  # type: ignore[misc]
    for _ in client.users.list():  # type: ignore[attr-defined]
        pass
    with client:  # type: ignore[attr-defined]
        pass
