"""What a webhook says. Its body does not name the event: that is known by the URL alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias, TypeVar, cast, overload

from attrs import field, frozen

from .._checks import check_kind
from .._codec import decode, parse_json
from .._codec.scalars import parse_any, parse_int
from .._model import Model
from ..exceptions import PowensSerializationError, PowensWebhookError
from ..models import (
    AccountCategorizedEvent,
    AccountDisabledEvent,
    AccountEnabledEvent,
    AccountFoundEvent,
    AccountOwnershipsFoundEvent,
    AccountsFetchedEvent,
    AccountSyncedEvent,
    ConnectionDeletedEvent,
    ConnectionSyncedEvent,
    PaymentStateUpdatedEvent,
    SubscriptionFoundEvent,
    SubscriptionSyncedEvent,
    TransactionAttachmentsFoundEvent,
    UserCreatedEvent,
    UserDeletedEvent,
    UserSyncedEvent,
    WebhookEvent,
)
from ._signature import MAX_SIZE, check_body, unpack


@frozen(kw_only=True)
class UnknownEvent(Model):
    """Body of an event that the reference does not list.

    Attributes:
        event: Name of the event, as it was given.
        data: The body as plain data.
        id_webhook_data: Number of this body, where there is one.
    """

    event: str
    data: Mapping[str, object] = field(repr=False, hash=False)
    id_webhook_data: int | None = None


KnownEvent: TypeAlias = (
    AccountCategorizedEvent
    | AccountDisabledEvent
    | AccountEnabledEvent
    | AccountFoundEvent
    | AccountOwnershipsFoundEvent
    | AccountsFetchedEvent
    | AccountSyncedEvent
    | ConnectionDeletedEvent
    | ConnectionSyncedEvent
    | PaymentStateUpdatedEvent
    | SubscriptionFoundEvent
    | SubscriptionSyncedEvent
    | TransactionAttachmentsFoundEvent
    | UserCreatedEvent
    | UserDeletedEvent
    | UserSyncedEvent
)
Event: TypeAlias = KnownEvent | UnknownEvent

E = TypeVar("E", bound=KnownEvent)

_MODELS: Final[Mapping[str, type[KnownEvent]]] = {
    WebhookEvent.USER_CREATED: UserCreatedEvent,
    WebhookEvent.USER_DELETED: UserDeletedEvent,
    WebhookEvent.USER_SYNCED: UserSyncedEvent,
    WebhookEvent.CONNECTION_SYNCED: ConnectionSyncedEvent,
    WebhookEvent.CONNECTION_DELETED: ConnectionDeletedEvent,
    WebhookEvent.ACCOUNTS_FETCHED: AccountsFetchedEvent,
    WebhookEvent.ACCOUNT_SYNCED: AccountSyncedEvent,
    WebhookEvent.ACCOUNT_CATEGORIZED: AccountCategorizedEvent,
    WebhookEvent.ACCOUNT_DISABLED: AccountDisabledEvent,
    WebhookEvent.ACCOUNT_ENABLED: AccountEnabledEvent,
    WebhookEvent.ACCOUNT_FOUND: AccountFoundEvent,
    WebhookEvent.ACCOUNT_OWNERSHIPS_FOUND: AccountOwnershipsFoundEvent,
    WebhookEvent.TRANSACTION_ATTACHMENTS_FOUND: TransactionAttachmentsFoundEvent,
    WebhookEvent.SUBSCRIPTION_FOUND: SubscriptionFoundEvent,
    WebhookEvent.SUBSCRIPTION_SYNCED: SubscriptionSyncedEvent,
    WebhookEvent.PAYMENT_STATE_UPDATED: PaymentStateUpdatedEvent,
    "PAYMENT_STATE_UPDATE": PaymentStateUpdatedEvent,  # as the reference spells it once
}


@overload
def parse(event: type[E], body: bytes, *, max_size: int = MAX_SIZE) -> E: ...
@overload
def parse(event: str, body: bytes, *, max_size: int = MAX_SIZE) -> Event: ...
def parse(event: type[Model] | str, body: bytes, *, max_size: int = MAX_SIZE) -> Event:
    """Read the body of a webhook. Who sent it is for `verify` to say.

    Args:
        event: The event that the URL is registered for: its model, such as `ConnectionSyncedEvent`,
            or its name, such as `CONNECTION_SYNCED`.
        body: The body as it came, in gzip or not.
        max_size: Most bytes that it may have, also when it is unpacked.

    Returns:
        The model of the event; an `UnknownEvent` for a name that the reference does not list.

    Raises:
        PowensWebhookError: The body is empty, too large or not that of the event.
        TypeError: An argument is of the wrong type.
        ValueError: `max_size` makes no sense.
    """
    return read_event(event, body, max_size)


def read_event(event: type[Model] | str, body: bytes, max_size: int) -> Event:
    """Read the body of a webhook: what `parse` does, whatever the type checker knows of it.

    Raises:
        PowensWebhookError: The body is empty, too large or not that of the event.
    """
    model = find_model(event)
    check_body(body, max_size)
    content = unpack(body, max_size)
    try:
        return decode(content, model) if model else _read_unknown(str(event), content)
    except PowensSerializationError as error:
        raise PowensWebhookError(f"the body is not that of {name_of(event)}") from error


def find_model(event: type[Model] | str) -> type[KnownEvent] | None:
    """Give the model of an event; None for one that the reference does not list.

    Raises:
        TypeError: It is neither a name nor a model of an event.
    """
    if event in _MODELS.values():
        return cast("type[KnownEvent]", event)
    check_kind("event", event, str, of="model of an event or a ")
    return _MODELS.get(cast("str", event))


def name_of(event: type[Model] | str) -> str:
    """Give the name of an event, or of its model, for a text."""
    return event if isinstance(event, str) else event.__name__


def _read_unknown(event: str, content: bytes) -> UnknownEvent:
    try:
        data: object = parse_any(parse_json(content))
    except (ValueError, RecursionError):
        raise PowensSerializationError("a number of the body cannot be calculated with") from None
    if not isinstance(data, dict):
        raise PowensSerializationError("the body is no object")
    fields = cast("dict[str, object]", data)
    try:
        number = parse_int(fields.get("id_webhook_data"))
    except ValueError:
        number = None
    return UnknownEvent(event=event, data=fields, id_webhook_data=number)
