"""The API's objects as JSON, with what `expand` adds to them."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeAlias

from powens.sandbox.bank import (
    BLUEPRINTS,
    COUNTRIES,
    KINDS,
    TYPE_IDS,
    currency,
    fields_of,
)
from powens.sandbox.payments import payment_fields_of, settings_of
from powens.sandbox.query import Expand
from powens.sandbox.state import (
    Account,
    Connection,
    ConnectionSource,
    Connector,
    Source,
    Subscription,
    User,
    World,
)
from powens.sandbox.wire import JsonObject

_Relation: TypeAlias = Callable[[Expand], object]

_STABILITY = {"status": "stable", "last_update": None}
_ATTACHMENT_EVERY = 40


def _expanded(base: JsonObject, relations: dict[str, _Relation], expand: Expand) -> JsonObject:
    """The object with the relations asked for; unknown ones are passed over, as the API does."""
    for name, nested in expand.items():
        if name in relations:
            base[name] = relations[name](nested)
    return base


def user_view(user: User) -> JsonObject:
    """A user."""
    return {"id": user.id, "signin": str(user.signin), "platform": "sharedAccess"}


def source_view(source: Source) -> JsonObject:
    """A source of a connector."""
    return {
        "id": source.id,
        "id_connector": source.bank.id,
        "name": source.name,
        "auth_mechanism": source.auth_mechanism,
        "available_auth_mechanisms": [source.bank.mechanism],
        "disabled": source.disabled,
        "priority": source.priority,
        "account_usages": ["PRIV"],
        "fallback": None,
        "sync_periodicity": None,
        "first_opening": None,
        "disabled_capabilities": [],
        "capabilities": ["bank"] if source.priority == 0 else ["bank", "bankwealth"],
        "account_types": _account_types(source.name),
        "available_transfer_mechanisms": [],
        "transfer_validate_mechanism": None,
        "transfer_beneficiary_types": [],
        "transfer_execution_date_types": [],
        "transfer_execution_frequencies": [],
        "payment_settings": None,
        "documents_type": [],
        "stability": _STABILITY,
        "categories": [],
    }


def connector_view(connector: Connector, expand: Expand) -> JsonObject:
    """A connector."""
    bank = connector.bank
    base: JsonObject = {
        "id": bank.id,
        "uuid": bank.uuid,
        "name": bank.name,
        "hidden": connector.hidden,
        "charged": True,
        "code": bank.code,
        "beta": False,
        "color": f"{int(bank.uuid[:6], 16):06x}",
        "slug": bank.slug[:3].upper(),
        "sync_periodicity": connector.sync_periodicity,
        "months_to_fetch": 24,
        "siret": None,
        "auth_mechanism": bank.mechanism,
        "available_auth_mechanisms": [bank.mechanism],
        "restricted": False,
        "capabilities": ["bank", "bankwealth"],
        "account_usages": ["PRIV"],
        "payment_settings": settings_of(bank),
        "products": ["bank", "wealth"] if settings_of(bank) is None else ["bank", "wealth", "pay"],
        "account_types": _account_types(),
        "stability": _STABILITY,
        "categories": [],
        "available_transfer_mechanisms": [],
        "transfer_beneficiary_types": [],
        "transfer_execution_date_types": [],
        "documents_type": [],
    }
    relations: dict[str, _Relation] = {
        "sources": lambda _: [source_view(source) for source in connector.sources],
        "fields": lambda _: fields_of(bank),
        "payment_fields": lambda _: payment_fields_of(bank),
        "countries": lambda _: [{"id": bank.country, "name": COUNTRIES[bank.country]}],
        "urls": lambda _: [f"https://{bank.slug}.example/"],
    }
    return _expanded(base, relations, expand)


def connection_view(world: World, connection: Connection, expand: Expand) -> JsonObject:
    """A connection."""
    bank = connection.connector.bank
    progress = connection.progress
    base: JsonObject = {
        "id": connection.id,
        "id_user": connection.user_id,
        "id_connector": bank.id,
        "id_provider": bank.id,
        "id_bank": bank.id,
        "connector_uuid": bank.uuid,
        "state": progress.state,
        "error": progress.state,
        "error_message": progress.message,
        "fields": progress.fields,
        "last_update": _text(connection.last_update),
        "created": str(connection.created),
        "active": connection.active,
        "last_push": None,
        "expire": _text(connection.expire),
        "next_try": _text(connection.next_try),
    }

    def accounts(nested: Expand, *, disabled: bool = False) -> list[JsonObject]:
        found = (each for each in connection.accounts.values() if disabled or each.disabled is None)
        return [account_view(world, account, nested) for account in found]

    def subscriptions(nested: Expand, *, everything: bool = False) -> list[JsonObject]:
        return [
            subscription_view(world, each, nested)
            for each in connection.subscriptions.values()
            if everything or (each.disabled is None and each.deleted is None)
        ]

    relations: dict[str, _Relation] = {
        "connector": lambda nested: connector_view(connection.connector, nested),
        "accounts": accounts,
        "all_accounts": lambda nested: accounts(nested, disabled=True),
        "subscriptions": subscriptions,
        "all_subscriptions": lambda nested: subscriptions(nested, everything=True),
        "sources": lambda _: [
            connection_source_view(connection, source)
            for source in connection.sources.values()
            if source.disabled is None
        ],
    }
    return _expanded(base, relations, expand)


def connection_source_view(connection: Connection, source: ConnectionSource) -> JsonObject:
    """A source of a connection."""
    return {
        "id": source.id,
        "id_connection": connection.id,
        "id_connector_source": source.source.id,
        "name": source.source.name,
        "last_update": _text(source.last_update),
        "disabled": _text(source.disabled),
        "created": str(source.created),
        "state": connection.progress.state,
        "access_expire": _text(source.access_expire),
        "expire": None,
        "next_try": _text(connection.next_try),
    }


def subscription_view(world: World, subscription: Subscription, expand: Expand) -> JsonObject:
    """A subscription."""
    connection = world.users[subscription.user_id].connections[subscription.connection_id]
    first = connection.created.date()
    base: JsonObject = {
        "id": subscription.id,
        "id_connection": connection.id,
        "id_user": subscription.user_id,
        "id_source": subscription.source_id,
        "number": subscription.number,
        "label": subscription.label,
        "subscriber": subscription.subscriber,
        "validity": str(first.replace(day=28, year=first.year + 3)),
        "renewdate": str(first.replace(day=1, year=first.year + 1)),
        "last_update": _text(subscription.last_update),
        "deleted": _text(subscription.deleted),
        "disabled": _text(subscription.disabled),
        "error": None,
    }
    relations: dict[str, _Relation] = {
        "connection": lambda nested: connection_view(world, connection, nested),
    }
    return _expanded(base, relations, expand)


def account_view(world: World, account: Account, expand: Expand) -> JsonObject:
    """An account; of a disabled one little more than its names and numbers."""
    enabled = account.disabled is None
    amount = account.ledger.amount
    base: JsonObject = {
        "id": account.id,
        "id_connection": account.connection_id,
        "id_user": account.user_id,
        "id_source": account.source.id,
        "id_parent": account.parent_id,
        "number": account.number if enabled else None,
        "webid": account.number if enabled else None,
        "original_name": account.original_name,
        "balance": None,
        "coming": None,
        "coming_balance": None,
        "formatted_balance": None,
        "display": account.display,
        "last_update": _text(account.last_update),
        "deleted": None,
        "disabled": _text(account.disabled),
        "iban": account.iban if enabled else None,
        "bic": None,
        "currency": None,
        "type": account.blueprint.type,
        "id_type": TYPE_IDS[account.blueprint.type],
        "bookmarked": int(account.bookmarked),
        "name": account.original_name if account.name is None else account.name,
        "error": None,
        "usage": account.usage if enabled else None,
        "ownership": "owner" if enabled else None,
        "company_name": None,
        "opening_date": None,
        "loan": None,
        "information": {},
    }
    if enabled:
        coming = -4_250 if account.blueprint.type == "checking" else 0
        base |= {
            "balance": amount(account.balance),
            "coming": amount(coming),
            "coming_balance": amount(account.balance + coming),
            "formatted_balance": account.ledger.formatted(amount(account.balance)),
            "currency": currency(account.blueprint.currency),
        }
        if account.blueprint.type == "loan":
            base["loan"] = _loan(account)
    relations: dict[str, _Relation] = {
        "connection": lambda nested: connection_view(world, world.connection_of(account), nested),
    }
    return _expanded(base, relations, expand)


def accounts_view(world: World, accounts: Iterable[Account], expand: Expand) -> JsonObject:
    """The envelope of a list of accounts, without its `total`."""
    views = [account_view(world, account, expand) for account in accounts]
    sums: dict[str, dict[str, Decimal]] = {"balance": {}, "coming_balance": {}}
    for view in views:
        for name, by_currency in sums.items():
            if view["currency"] is not None:
                code = view["currency"]["id"]
                by_currency[code] = by_currency.get(code, Decimal(0)) + view[name]
    return {
        "balance": sum(sums["balance"].values(), Decimal(0)),
        "balances": sums["balance"],
        "coming_balances": sums["coming_balance"],
        "accounts": views,
    }


def transaction_view(
    world: World, account: Account, k: int, row: JsonObject, expand: Expand, base_url: str
) -> JsonObject:
    """A transaction, from a row of its account's ledger, for a client at that base URL."""
    if not expand:
        return row
    relations: dict[str, _Relation] = {
        "account": lambda nested: account_view(world, account, nested),
        "categories": lambda _: account.ledger.categories(k),
        "attachments": lambda _: attachments(account, k, row, base_url),
    }
    return _expanded(row, relations, expand)


def attachments(account: Account, k: int, row: JsonObject, base_url: str) -> list[JsonObject]:
    """The papers that came with a transaction: one for some, none for most."""
    if k % _ATTACHMENT_EVERY:
        return []
    own = f"{base_url}/users/{account.user_id}/transactions/{row['id']}"
    return [
        {
            "id": row["id"],
            "name": f"statement-{row['date']}.pdf",
            "description": f"Statement of {row['date']}",
            "mime_type": "application/pdf",
            "size": 2_000 + account.id % 977,
            "created_date": row["date"],
            "created_datetime": f"{row['date']} 06:30:00",
            "last_update": row["date_scraped"],
            "url": f"{own}/attachments/{row['id']}/file",
        }
    ]


def _loan(account: Account) -> JsonObject:
    amount = account.ledger.amount
    return {
        "id": account.id,
        "id_account": account.id,
        "id_type": 1,
        "total_amount": amount(-18_000_000),
        "available_amount": None,
        "used_amount": amount(18_000_000 + account.balance),
        "subscription_date": "2021-04-12 00:00:00",
        "maturity_date": "2041-05-05 00:00:00",
        "start_repayment_date": "2021-05-05 00:00:00",
        "deferred": False,
        "next_payment_amount": amount(KINDS["instalment"].least),
        "next_payment_date": "2026-02-05 00:00:00",
        "rate": Decimal("1.4500000000"),
        "nb_payments_left": 184,
        "nb_payments_done": 0,
        "nb_payments_total": None,
        "last_payment_amount": amount(KINDS["instalment"].least),
        "last_payment_date": "2026-01-05 00:00:00",
        "account_label": None,
        "insurance_label": "Assurance emprunteur",
        "insurance_amount": amount(2_790),
        "insurance_rate": Decimal("0.0036"),
        "duration": 240,
        "type": "mortgage",
        "contact_name": account.owner,
    }


def _account_types(source: str | None = None) -> list[str]:
    found = (blueprint for blueprint in BLUEPRINTS if source in {None, blueprint.source})
    return sorted({blueprint.type for blueprint in found})


def _text(moment: object) -> str | None:
    return None if moment is None else str(moment)
