"""What a domain is set up with: its configuration, client applications, webhooks."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from powens.sandbox import dice
from powens.sandbox.wire import JsonObject

DEFAULTS: Final[Mapping[str, str]] = {
    "autosync.retry_wrongpass": "1",
    "biapi.allowed_origins": "",
    "biapi.manager.email": "",
    "captcha.enabled": "0",
    "connectors.default_auth_mechanism": "",
    "connectors.enable_new": "0",
    "connectors.sources.enable_new": "1",
    "oauth2.enabled": "1",
    "payment.auto_confirmation": "1",
    "payment.manual_expire_time_days": "30",
    "payment.max_amount": "0",
    "webhooks.alerts_frequency": "1",
    "webhooks.compressions.enabled": "0",
}

COUNTS: Final = frozenset({"payment.manual_expire_time_days", "payment.max_amount"})
"""Keys whose values the sandbox calculates with."""

EVENTS: Final = (
    "USER_CREATED", "USER_DELETED", "USER_SYNCED", "CONNECTION_SYNCED", "CONNECTION_DELETED",
    "ACCOUNTS_FETCHED", "ACCOUNT_SYNCED", "ACCOUNT_CATEGORIZED", "ACCOUNT_DISABLED",
    "ACCOUNT_ENABLED", "ACCOUNT_FOUND", "ACCOUNT_OWNERSHIPS_FOUND",
    "TRANSACTION_ATTACHMENTS_FOUND", "SUBSCRIPTION_FOUND", "SUBSCRIPTION_SYNCED",
    "PAYMENT_STATE_UPDATED",
)  # fmt: skip

CERTIFICATES: Final = ("qwac", "qseal")

SIGNED: Final = "hmac_signature"
OAUTH: Final = "oauth"
READY_MADE: Final = "sandbox"
"""The name of the auth provider that is there from the start."""


@dataclass
class ClientApp:
    """A client application."""

    id: int
    name: str | None
    secret: str = field(repr=False)
    redirect_uris: str | None = None
    config: object = None
    primary_color: str | None = None
    public_key: str | None = None
    private_key: str | None = field(default=None, repr=False)
    id_logo: int | None = None


@dataclass
class Provider:
    """A way for webhooks to prove who sends them; `config` is never given back."""

    id: int
    type: str
    name: str
    config: JsonObject = field(repr=False)


@dataclass
class Webhook:
    """A registered webhook, with the deliveries that it asked for."""

    id: int
    created: datetime
    updated: datetime
    event: str
    url: str = field(repr=False)
    deleted: datetime | None = None
    id_service: int | None = None
    id_user: int | None = None
    id_auth: int | None = None
    params: JsonObject | None = None
    add_to_data: str | None = None
    logs: list[JsonObject] = field(default_factory=list[JsonObject])


class Domain:
    """The settings of a domain, and their past."""

    def __init__(self, seed: int, client_id: str, client_secret: str, begin: datetime) -> None:
        self.begin = begin
        self.config: dict[str, str] = dict(DEFAULTS)
        self.config_logs: list[JsonObject] = []
        self.clients: dict[int, ClientApp] = {}
        self.providers: dict[int, Provider] = {}
        self.webhooks: dict[int, Webhook] = {}
        self._seed = seed
        self._client_numbers = itertools.count(1)
        self._ids = itertools.count(1)
        self._data_ids = itertools.count(90_001)
        first = ClientApp(int(client_id), "Application de démonstration", client_secret)
        self.clients[first.id] = first
        self.webhook_secret: str = dice.token(seed, "webhook secret")
        secret: JsonObject = {"secret_key": self.webhook_secret}
        self.signer: Provider = Provider(self.next_id(), SIGNED, READY_MADE, secret)
        self.providers[self.signer.id] = self.signer

    def next_id(self) -> int:
        """A number for something new."""
        return next(self._ids)

    def secret(self) -> str:
        """A secret for something new."""
        return dice.token(self._seed, "domain secret", self.next_id())

    def create_client(self) -> ClientApp:
        """A new client application, which can identify itself at once."""
        number = int(dice.digits(8, self._seed, "client", next(self._client_numbers)))
        self.clients[number] = ClientApp(number, None, self.secret())
        return self.clients[number]

    def configure(self, key: str, value: str | None, moment: datetime) -> None:
        """Set a key, or take it away, and write the change down."""
        previous = self.config.get(key)
        if value == previous:
            return
        kept = DEFAULTS.get(key) if value is None else value
        if kept is None:
            del self.config[key]
        else:
            self.config[key] = kept
        kind = "add" if previous is None else "delete" if value is None else "update"
        self.config_logs.append(
            {
                "id": self.next_id(),
                "key": key,
                "previous_value": previous,
                "new_value": value,
                "type": kind,
                "timestamp": str(moment),
            }
        )

    def listeners(self, event: str, user_id: int | None) -> list[Webhook]:
        """The webhooks that asked for an event of a user."""
        return [
            webhook
            for webhook in self.webhooks.values()
            if webhook.deleted is None
            and webhook.event == event
            and webhook.id_user in {None, user_id}
        ]

    def register(self, *, moment: datetime, event: str, url: str, **more: Any) -> Webhook:
        """A new webhook."""
        webhook = Webhook(self.next_id(), moment, moment, event, url, **more)
        self.webhooks[webhook.id] = webhook
        return webhook

    def next_data_id(self) -> int:
        """A number for something that webhooks are to say."""
        return next(self._data_ids)

    def log(self, webhook: Webhook, data_id: int, user_id: int | None, now: datetime) -> JsonObject:
        """Write down that a webhook is to be sent; what becomes of it is written there, too."""
        entry: JsonObject = {
            "id": self.next_id(),
            "id_webhook_data": data_id,
            "id_service": webhook.id_service,
            "id_user": user_id,
            "timestamp": str(now),
            "response_date": None,
            "response_code": None,
            "next_try": str(now),
        }
        webhook.logs.append(entry)
        return entry
