"""Bodies of webhooks. The name of an event is not in its body."""

from __future__ import annotations

from attrs import frozen

from .._model import Model, Open, Since, as_object
from .accounts import BankAccount
from .connections import Connection
from .documents import Subscription
from .enums import AccountTypeName
from .ownerships import AccountOwnership
from .payments import Payment
from .transactions import Attachment, Transaction
from .users import User


@frozen(kw_only=True)
class UserCreatedEvent(User):
    """Body of `USER_CREATED`."""

    id_webhook_data: int | None = None


@frozen(kw_only=True)
class UserDeletedEvent(User):
    """Body of `USER_DELETED`."""

    id_webhook_data: int | None = None


@frozen(kw_only=True)
class UserSyncedEvent(Model):
    """Body of `USER_SYNCED` (deprecated: prefer `CONNECTION_SYNCED`)."""

    user: User | None = None
    connections: tuple[Connection, ...] | None = None
    id_webhook_data: int | None = None


@frozen(kw_only=True)
class ConnectionSyncedEvent(Model):
    """Body of `CONNECTION_SYNCED`, sent after a synchronisation that failed as well."""

    user: User | None = None
    connection: Connection | None = None
    id_webhook_data: int | None = None


@frozen(kw_only=True)
class ConnectionDeletedEvent(Connection):
    """Body of `CONNECTION_DELETED`."""

    id_webhook_data: int | None = None


@frozen(kw_only=True)
class AccountsFetchedEvent(Model):
    """Body of `ACCOUNTS_FETCHED`, sent before the transactions are there."""

    user: User | None = None
    connection: Connection | None = None
    id_webhook_data: int | None = None


@frozen(kw_only=True)
class AccountSyncedEvent(BankAccount):
    """Body of `ACCOUNT_SYNCED`."""

    id_webhook_data: int | None = None


@frozen(kw_only=True)
class AccountCategorizedEvent(Model):
    """Body of `ACCOUNT_CATEGORIZED`."""

    transactions: tuple[Transaction, ...] | None = None
    id_webhook_data: int | None = None


@frozen(kw_only=True)
class AccountDisabledEvent(BankAccount):
    """Body of `ACCOUNT_DISABLED`."""

    id_webhook_data: int | None = None


@frozen(kw_only=True)
class AccountEnabledEvent(BankAccount):
    """Body of `ACCOUNT_ENABLED`."""

    id_webhook_data: int | None = None


@frozen(kw_only=True)
class AccountFoundEvent(Model):
    """Body of `ACCOUNT_FOUND`."""

    id: int
    id_user: int | None = None
    id_connection: int | None = None
    # When it was found.
    disabled: Since | None = None
    type: Open[AccountTypeName] | None = None
    id_webhook_data: int | None = None


@frozen(kw_only=True)
class AccountOwnershipsFoundEvent(Model):
    """Body of `ACCOUNT_OWNERSHIPS_FOUND`."""

    account_ownerships: tuple[AccountOwnership, ...] | None = None
    id_webhook_data: int | None = None

    @classmethod
    def reshape(cls, data: object) -> object:
        """Take one ownership, as the reference announces it, for the list its name announces."""
        event = as_object(data)
        if one := as_object(event.get("account_ownerships")):
            return {**event, "account_ownerships": [one]}
        return data


@frozen(kw_only=True)
class TransactionAttachmentsFoundEvent(Model):
    """Body of `TRANSACTION_ATTACHMENTS_FOUND`."""

    id_connection: int | None = None
    id_account: int | None = None
    id_transaction: int | None = None
    attachments: tuple[Attachment, ...] | None = None
    id_webhook_data: int | None = None


@frozen(kw_only=True)
class SubscriptionFoundEvent(Model):
    """Body of `SUBSCRIPTION_FOUND`."""

    id: int
    id_user: int | None = None
    id_connection: int | None = None
    id_webhook_data: int | None = None


@frozen(kw_only=True)
class SubscriptionSyncedEvent(Subscription):
    """Body of `SUBSCRIPTION_SYNCED`."""

    id_webhook_data: int | None = None


@frozen(kw_only=True)
class PaymentStateUpdatedEvent(Payment):
    """Body of `PAYMENT_STATE_UPDATED`."""

    id_webhook_data: int | None = None
