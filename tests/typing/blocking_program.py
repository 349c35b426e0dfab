"""A program as users write them, with the blocking client; checked, never run."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from powens import (
    AuthScope,
    BankAccountUsage,
    ConnectionState,
    PowensBadRequestError,
    PowensClient,
    PowensConflictError,
    PowensErrorCode,
    PowensRateLimitError,
    RetryPolicy,
    ThresholdCircuitBreaker,
)


def main() -> None:
    with PowensClient(
        domain="example",
        client_id=1,
        client_secret="...",
        retry_policy=RetryPolicy(max_attempts=5),
        circuit_breaker=ThresholdCircuitBreaker(failure_threshold=3),
    ) as app:
        token = app.auth.init_user()
        user = app.with_options(access_token=token.token, deadline=60)
        enter(user)
        enable(user)
        print(spendings(user, since=dt.date(2024, 1, 1)))
        service = app.auth.generate_service_token(scope=AuthScope.PAYMENTS_ADMIN)
        print(app.webview.payment_url(redirect_uri="app://x", code=service.token, payment_id=1).url)


def enter(client: PowensClient) -> None:
    for connector in client.connectors.list(country_codes="fr", expand="fields"):
        fields = {field.name: "..." for field in connector.fields or () if field.name is not None}
        try:
            connection = client.connections.create(connector_uuid=connector.uuid, fields=fields)
        except PowensBadRequestError as error:
            if error.error_code == PowensErrorCode.WRONGPASS:
                print(error.error_message or "wrong password")
            continue
        if connection.state is ConnectionState.SCA_REQUIRED:
            connection = client.connections.update(connection_id=connection.id)
        try:
            client.connections.sync(connection_id=connection.id)
        except PowensConflictError:
            pass
        except PowensRateLimitError as error:
            print(f"wait {error.retry_after or 60:.0f} s")


def enable(client: PowensClient) -> None:
    for account in client.accounts.list_all(include_all=True):
        if account.disabled is not None:
            client.accounts.update(
                account_id=account.id,
                disabled=False,
                usage=BankAccountUsage.PRIV,
                include_all=True,
            )


def spendings(client: PowensClient, since: dt.date) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    rows = client.transactions.list(min_date=since, income=False, expand=["categories"])
    for row in rows:
        for category in row.categories or ():
            sums[category.code or "none"] += row.value or 0
    return dict(sums)


def walk(client: PowensClient, cursor: str | None) -> str | None:
    for page in client.transactions.list(limit=500, cursor=cursor).by_page():
        print(len(page), "of", page.total, [row.wording for row in page.items])
        cursor = page.next_cursor
    return cursor


def find(client: PowensClient, wording: str) -> int | None:
    with client.transactions.list(limit=500).by_page(prefetch=1) as pages:
        for page in pages:
            for row in page:
                if row.wording == wording:
                    return row.id
    return None
