"""The console's part of the API: configuration, client applications, webhooks."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, cast

from powens.sandbox import administration
from powens.sandbox.administration import (
    CERTIFICATES,
    EVENTS,
    OAUTH,
    SIGNED,
    ClientApp,
    Provider,
    Webhook,
)
from powens.sandbox.call import CONFIG, Call
from powens.sandbox.flows import Event
from powens.sandbox.query import parse_datetime
from powens.sandbox.reader import Reader
from powens.sandbox.security import key_pair
from powens.sandbox.wire import (
    Answer,
    ApiError,
    JsonObject,
    as_object,
    bad_value,
    missing,
    not_found,
)

_COLOUR: Final = re.compile(r"[0-9a-fA-F]{6}")
_COUNT: Final = re.compile(r"[0-9]{1,6}")
_PROVIDER_TYPES: Final = (SIGNED, OAUTH)
_LONGEST_NAME: Final = 32
_LOG_SPAN: Final = timedelta(days=31)


def list_clients(call: Call) -> Answer:
    """GET /clients."""
    return call.listing("clients", [_client_view(each) for each in _clients(call).values()])


def create_client(call: Call) -> Answer:
    """POST /clients."""
    changes = _client_changes(call)
    client = call.world.domain.create_client()
    _change_client(call, client, changes)
    return Answer(201, _client_view(client))


def get_client(call: Call) -> Answer:
    """GET /clients/{client_id}: with the token of a user it lacks what is secret."""
    view = _client_view(_client(call))
    if not call.token.opens & CONFIG:
        del view["secret"], view["private_key"]
    return Answer(200, view)


def update_client(call: Call) -> Answer:
    """PUT /clients/{client_id}."""
    client, changes = _client(call), _client_changes(call)
    secret = call.body.get("secret")
    if not isinstance(secret, str | bool | None):
        raise bad_value("secret")
    _change_client(call, client, changes)
    if secret:
        client.secret = secret if isinstance(secret, str) else call.world.domain.secret()
    return Answer(200, _client_view(client))


def delete_client(call: Call) -> Answer:
    """DELETE /clients/{client_id}."""
    del _clients(call)[_client(call).id]
    return Answer(204)


def update_logo(call: Call) -> Answer:
    """POST /clients/{client_id}/logo: the first file of the form."""
    client = _client(call)
    file = next(iter(call.files.values()), None)
    if file is None:
        raise missing("file")
    if not file.media_type.startswith("image/"):
        raise bad_value("file")
    client.id_logo = call.world.domain.next_id()
    return Answer(200, {"id": client.id_logo, "name": file.name, "mime_type": file.media_type})


def get_config(call: Call) -> Answer:
    """GET /config."""
    return Answer(200, _config(call))


def update_config(call: Call) -> Answer:
    """POST /config: null takes a key away, or back to its default."""
    texts = {key: _as_text(key, value) for key, value in call.body.items()}
    for key in administration.COUNTS & texts.keys():
        text = texts[key]
        if text is not None and not _COUNT.fullmatch(text):
            raise bad_value(key)
    moment = call.world.clock.tick()
    for key, text in texts.items():
        call.world.domain.configure(key, text, moment)
    return Answer(200, _config(call))


def list_config_logs(call: Call) -> Answer:
    """GET /config/logs: the newest first."""
    matches, kind = _search(call), call.query.text("type")
    during = _period(call)
    logs = [
        log
        for log in reversed(call.world.domain.config_logs)
        if matches(log["key"]) and kind in {None, log["type"]} and during(log)
    ]
    return Answer(200, {"configlogs": logs, "total": len(logs)})


def get_certificate(call: Call) -> Answer:
    """GET /certificate/{certificate_type}."""
    kind: str = call.request.path_params["certificate_type"]
    if kind not in CERTIFICATES:
        raise not_found("Certificate")
    number = CERTIFICATES.index(kind) + 1
    return Answer(
        200,
        {
            "id": number,
            "type": kind,
            "id_public_key_file": 9100 + number,
            "id_private_key_file": 9200 + number,
            "created": str(call.world.domain.begin),
        },
    )


def list_providers(call: Call) -> Answer:
    """GET /webhooks/auth."""
    providers = call.world.domain.providers.values()
    return call.listing("authproviders", [_provider_view(each) for each in providers])


def create_provider(call: Call) -> Answer:
    """POST /webhooks/auth: what it takes may come in the query as well.

    The secret of one that signs is in this answer, and in no other.
    """
    given = Reader({**call.request.query_params, **call.body})
    domain = call.world.domain
    kind, name, config = _provider_values(call, given, None)
    shown: JsonObject = {}
    if kind == SIGNED:
        config = {"secret_key": domain.secret()}
        shown = {"config": config}
    provider = Provider(domain.next_id(), kind, name, config)
    domain.providers[provider.id] = provider
    return Answer(200, _provider_view(provider) | shown)


def update_provider(call: Call) -> Answer:
    """PUT /webhooks/auth/{provider_id}."""
    provider = _provider(call)
    kind, name, config = _provider_values(call, Reader(call.body), provider)
    if kind == SIGNED:
        secret = provider.config.get("secret_key") or call.world.domain.secret()
        config = {"secret_key": secret}
    provider.type, provider.name, provider.config = kind, name, config
    return Answer(200, _provider_view(provider))


def delete_provider(call: Call) -> Answer:
    """DELETE /webhooks/auth/{provider_id}."""
    provider, domain = _provider(call), call.world.domain
    del domain.providers[provider.id]
    for webhook in domain.webhooks.values():
        if webhook.id_auth == provider.id:
            webhook.id_auth = None
    return Answer(204)


def list_webhooks(call: Call) -> Answer:
    """GET /webhooks: deleted ones with `all`."""
    found = [
        _webhook_view(each)
        for each in call.world.domain.webhooks.values()
        if each.deleted is None or call.query.flag("all")
    ]
    return Answer(200, {"webhooks": found, "total": len(found)})


def create_webhook(call: Call) -> Answer:
    """POST /webhooks."""
    Reader(call.body).needs("url", "event")
    changes = _webhook_changes(call)
    webhook = call.world.domain.register(moment=call.world.clock.tick(), **changes)
    return Answer(200, _webhook_view(webhook))


def update_webhook(call: Call) -> Answer:
    """PUT /webhooks/{webhook_id}: `deleted` as a date switches it off, as `null` on."""
    webhook, changes = _webhook(call), _webhook_changes(call)
    if any(changes.get(name, "") is None for name in ("url", "event")):
        raise bad_value("url")
    deleted = call.body.get("deleted", webhook.deleted)
    webhook.deleted = None if deleted in (None, "null", "") else parse_datetime("deleted", deleted)
    _change(webhook, changes)
    webhook.updated = call.world.clock.tick()
    return Answer(200, _webhook_view(webhook))


def delete_webhook(call: Call) -> Answer:
    """DELETE /webhooks/{webhook_id}: it stays, switched off."""
    webhook = _webhook(call)
    webhook.deleted = webhook.updated = call.world.clock.tick()
    return Answer(200, _webhook_view(webhook))


def list_webhook_logs(call: Call) -> Answer:
    """GET /webhooks/{webhook_id}/logs: of the last month unless `min_date` says otherwise."""
    webhook, user = _webhook(call), call.query.integer("id_user")
    during = _period(call, str((call.world.clock.now - _LOG_SPAN).date()))
    logs = [
        log
        for log in reversed(webhook.logs)
        if (user is None or log["id_user"] == user) and during(log)
    ]
    return call.listing("webhooklogs", logs)


def add_to_data(call: Call) -> Answer:
    """POST /webhooks/{webhook_id}/add_to_data: the body, kept as JSON text."""
    webhook = _webhook(call)
    webhook.add_to_data = json.dumps(call.body, default=str)
    webhook.updated = call.world.clock.tick()
    return Answer(200, _webhook_view(webhook))


def trigger_test(call: Call) -> Answer:
    """POST /test/webhooks: some connection is synchronized, and webhooks told so."""
    world = call.world
    users = (user for user in world.users.values() if user.permanent)
    connections = [each for user in users for each in user.connections.values()]
    if not connections:
        raise not_found("Connection")
    world.clock.tick()
    world.advance(connections[0], Event.FORCED_SYNC)
    return Answer(204)


def _clients(call: Call) -> dict[int, ClientApp]:
    return call.world.domain.clients


def _client(call: Call) -> ClientApp:
    client = _clients(call).get(call.number("client_id", "Client"))
    if client is None:
        raise not_found("Client")
    return client


def _client_view(client: ClientApp) -> JsonObject:
    return vars(client) | {"pro": False}


def _client_changes(call: Call) -> JsonObject:
    body = Reader(call.body)
    for name in ("generate_keys", "update_config"):
        body.boolean(name)
    colour = body.text("primary_color")
    if colour is not None and not _COLOUR.fullmatch(colour):
        raise bad_value("primary_color")
    names = ("name", "redirect_uris", "primary_color")
    changes: JsonObject = {name: body.text(name) for name in names if name in call.body}
    if "config" in call.body:
        changes["config"] = call.body["config"]
    return changes


def _change_client(call: Call, client: ClientApp, changes: JsonObject) -> None:
    if "config" in changes and call.body.get("update_config", True):
        changes["config"] = _merged(client.config, changes["config"])
    _change(client, changes)
    if call.body.get("generate_keys") and client.public_key is None:
        client.public_key, client.private_key = key_pair()


def _merged(old: object, new: object) -> object:
    """Two objects as one; anything else is replaced."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return cast("JsonObject", old) | cast("JsonObject", new)


def _change(thing: object, changes: JsonObject) -> None:
    for name, value in changes.items():
        setattr(thing, name, value)


def _as_text(key: str, value: Any) -> str | None:
    if isinstance(value, bool):
        return str(int(value))
    if not isinstance(value, str | int | Decimal | None):
        raise bad_value(key)
    return None if value is None else str(value)


def _config(call: Call) -> JsonObject:
    matches = _search(call)
    return {key: text for key, text in sorted(call.world.domain.config.items()) if matches(key)}


def _search(call: Call) -> Callable[[str], bool]:
    part = (call.query.text("search") or "").lower()
    return lambda key: part in key.lower()


def _period(call: Call, default: str = "") -> Callable[[JsonObject], bool]:
    """Whether something was written down within the days that the query names."""
    low, high = call.query.first_day("min_date"), call.query.last_day("max_date")
    first, last = str(low or default), str(high or "9999")
    return lambda log: first <= log["timestamp"][:10] <= last


def _provider(call: Call) -> Provider:
    provider = call.world.domain.providers.get(call.number("provider_id", "Auth provider"))
    if provider is None:
        raise not_found("Auth provider")
    return provider


def _provider_values(
    call: Call, given: Reader, mine: Provider | None
) -> tuple[str, str, JsonObject]:
    given.needs("type", "name")
    kind, name = given.choice("type", _PROVIDER_TYPES) or "", given.text("name") or ""
    if len(name) > _LONGEST_NAME or not name.isalnum():
        raise ApiError(500, "dataError", "The data can not be stored")
    others = (each for each in call.world.domain.providers.values() if each is not mine)
    if any(each.name == name for each in others):
        raise bad_value("name")
    if kind != OAUTH:
        return kind, name, {}
    given.needs("config")
    config = Reader(as_object("config", given.values["config"]), "config")
    config.needs("url", "client_id", "client_secret", "grant_type")
    config.address("url")
    config.choice("grant_type", ("client_credentials",))
    return kind, name, config.values


def _provider_view(provider: Provider) -> JsonObject:
    return {"id": provider.id, "type": provider.type, "name": provider.name}


def _webhook(call: Call) -> Webhook:
    webhook = call.world.domain.webhooks.get(call.number("webhook_id", "Webhook"))
    if webhook is None:
        raise not_found("Webhook")
    return webhook


def _webhook_changes(call: Call) -> JsonObject:
    body = Reader(call.body)
    values: JsonObject = {
        "url": body.address("url"),
        "event": body.choice("event", EVENTS),
        "id_auth": _auth_id(call, call.body.get("id_auth")),
        "params": body.inner("params") and body.values["params"],
        **{name: _id(name, call.body.get(name)) for name in ("id_user", "id_service")},
    }
    return {name: value for name, value in values.items() if name in call.body}


def _auth_id(call: Call, wanted: object) -> int | None:
    """The number of the provider of that number or name."""
    if wanted is None:
        return None
    for provider in call.world.domain.providers.values():
        if str(wanted) in {str(provider.id), provider.name}:
            return provider.id
    raise bad_value("id_auth")


def _id(name: str, value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | None):
        raise bad_value(name)
    return value


def _webhook_view(webhook: Webhook) -> JsonObject:
    hidden = {"logs", "params"}
    times = {
        name: None if moment is None else str(moment)
        for name in ("created", "updated", "deleted")
        for moment in (getattr(webhook, name),)
    }
    fields = {name: value for name, value in vars(webhook).items() if name not in hidden}
    return (
        fields
        | times
        | {
            "id_event": EVENTS.index(webhook.event) + 1,
            "health_data": {},
            "warning": None,
        }
    )
