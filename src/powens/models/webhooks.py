"""Registration of webhooks, and how they prove who sends them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

from attrs import field, frozen

from .._model import Envelope, Model, Open
from .._unset import UNSET, Unset
from .enums import WebhookAuthType


@frozen(kw_only=True)
class Webhook(Model):
    """A registered webhook. Known from an old specification only."""

    id: int
    created: dt.datetime | None = None
    updated: dt.datetime | None = None
    deleted: dt.datetime | None = None
    id_service: int | None = None
    id_user: int | None = None
    id_event: int | None = None
    id_auth: int | None = None
    url: str | None = field(default=None, repr=False)
    add_to_data: str | None = field(default=None, repr=False)
    # Average time of delivery and rate of success, in a shape that is not documented.
    health_data: Mapping[str, object] | None = field(default=None, repr=False, hash=False)
    warning: str | None = None


@frozen(kw_only=True)
class WebhooksList(Envelope[Webhook]):
    """Answer of `GET /webhooks`."""

    _items_field: ClassVar[str] = "webhooks"
    webhooks: tuple[Webhook, ...]
    total: int | None = None


@frozen(kw_only=True)
class WebhookLog(Model):
    """One past delivery of a webhook. Known from an old specification only."""

    id: int
    id_webhook_data: int | None = None
    id_service: int | None = None
    id_user: int | None = None
    timestamp: dt.datetime | None = None
    response_date: dt.datetime | None = None
    response_code: int | None = None
    next_try: dt.datetime | None = None


@frozen(kw_only=True)
class WebhookLogsList(Envelope[WebhookLog]):
    """Answer of `GET /webhooks/{id}/logs`."""

    _items_field: ClassVar[str] = "webhooklogs"
    webhooklogs: tuple[WebhookLog, ...]
    total: int | None = None


@frozen(kw_only=True)
class WebhookHmacConfig(Model):
    """The secret that webhooks are signed with. It is shown once."""

    # Used as its UTF-8 bytes; it is not base64.
    secret_key: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class WebhookOAuthConfig(Model):
    """Where Powens gets the token that it sends webhooks with."""

    # Your token endpoint.
    url: str = field(repr=False)
    client_id: str
    client_secret: str = field(repr=False)
    # `client_credentials`.
    grant_type: str
    public_cert: str | Unset | None = UNSET
    private_cert: str | Unset | None = field(default=UNSET, repr=False)


@frozen(kw_only=True)
class WebhookAuthProvider(Model):
    """A way for webhooks to prove who sends them."""

    id: int
    type: Open[WebhookAuthType] | None = None
    name: str | None = None
    # Only in the answer to the creation of one that signs.
    config: WebhookHmacConfig | None = None


@frozen(kw_only=True)
class WebhookAuthProvidersList(Envelope[WebhookAuthProvider]):
    """Answer of `GET /webhooks/auth`."""

    _items_field: ClassVar[str] = "authproviders"
    authproviders: tuple[WebhookAuthProvider, ...]
    total: int | None = None
