"""Connections: to make, to move on, to read."""

from typing import Final

from powens.sandbox import flows
from powens.sandbox.bank import OPENAPI, fields_of
from powens.sandbox.call import Call
from powens.sandbox.flows import Event
from powens.sandbox.query import parse_datetime
from powens.sandbox.security import is_encrypted
from powens.sandbox.state import Connection, ConnectionSource, forced_sync_refusal
from powens.sandbox.views import connection_source_view, connection_view
from powens.sandbox.wire import Answer, JsonObject, bad_value, missing, not_found

_SETTINGS: Final = frozenset(
    {"connector_uuid", "id_connector", "source", "active", "expire", "resume", "refresh_auth"}
)


def list_connections(call: Call) -> Answer:
    """GET /users/{user_id}/connections."""
    views: list[JsonObject] = []
    for connection in call.user.connections.values():
        call.world.poll(connection)
        views.append(connection_view(call.world, connection, call.query.expand()))
    return call.listing("connections", views)


def list_all_connections(call: Call) -> Answer:
    """GET /connections: those of all users."""
    expand = call.query.expand()
    users = call.world.users.values()
    views = [
        connection_view(call.world, connection, expand)
        for user in users
        for connection in user.connections.values()
    ]
    return call.listing("connections", views)


def create_connection(call: Call) -> Answer:
    """POST /users/{user_id}/connections."""
    wanted = call.body.get("connector_uuid") or call.body.get("id_connector")
    if not wanted:
        raise missing("connector_uuid")
    connector = call.world.connector(wanted)
    secrets = _secrets(call)
    for field in fields_of(connector.bank):
        name = field["name"]
        if not secrets.get(name):
            raise missing(name)
        if "values" in field and str(secrets[name]) not in {
            value["value"] for value in field["values"]
        }:
            raise bad_value(name)
    sources = _sources(call) or [connector.first_source]
    for name in sources:
        connector.source(name)
    flows.check_password(secrets)
    connection = call.world.connect(call.user, connector, sources)
    return _connection(call, connection, created=True)


def get_connection(call: Call) -> Answer:
    """GET /users/{user_id}/connections/{connection_id}."""
    call.world.poll(call.connection)
    return Answer(200, connection_view(call.world, call.connection, call.query.expand()))


def update_connection(call: Call) -> Answer:
    """POST /users/{user_id}/connections/{connection_id}."""
    connection, world = call.connection, call.world
    sources, secrets = _sources(call), _secrets(call)
    for name in sources:
        connection.connector.source(name)
    active = call.typed("active", bool) if "active" in call.body else connection.active
    expire = call.body.get("expire")
    if expire is not None:
        connection.expire = parse_datetime("expire", expire)
    connection.active = active
    world.clock.tick()
    for name in sources:
        world.add_source(connection, name)
    if call.boolean("refresh_auth") and connection.has_source(OPENAPI):
        connection.progress.enter("SCARequired")
        return _connection(call, connection)
    event = flows.event_of(call.body, secrets, connection.progress)
    if event is not None or sources:
        background = call.query.boolean("background") or False
        world.advance(connection, event or Event.CREDENTIALS, background=background)
    return _connection(call, connection)


def sync_connection(call: Call) -> Answer:
    """PUT /users/{user_id}/connections/{connection_id}."""
    call.query.boolean("psu_requested")
    call.world.forced_sync(call.connection)
    return _connection(call, call.connection)


def delete_connection(call: Call) -> Answer:
    """DELETE /users/{user_id}/connections/{connection_id}."""
    call.world.delete_connection(call.connection)
    return Answer(204)


def list_connection_sources(call: Call) -> Answer:
    """GET /users/{user_id}/connections/{connection_id}/sources."""
    views = [
        connection_source_view(call.connection, source)
        for source in call.connection.sources.values()
        if source.disabled is None or call.query.flag("all")
    ]
    return call.listing("sources", views)


def get_connection_source(call: Call) -> Answer:
    """GET /users/{user_id}/connections/{connection_id}/sources/{source_id}."""
    return Answer(200, connection_source_view(call.connection, _connection_source(call)))


def update_connection_source(call: Call) -> Answer:
    """POST /users/{user_id}/connections/{connection_id}/sources/{source_id}."""
    source = _connection_source(call)
    if "disabled" in call.body:
        disabled = call.typed("disabled", bool)
        source.disabled = call.world.clock.tick() if disabled else None
    return Answer(200, connection_source_view(call.connection, source))


def list_logs(call: Call) -> Answer:
    """GET /users/{user_id}/connections/{connection_id}/logs."""
    low, high = call.query.first_day("min_date"), call.query.last_day("max_date")
    id_source = call.query.integer("id_source")
    logs = [
        log
        for log in reversed(call.connection.logs)
        if (low is None or log["timestamp"] >= str(low))
        and (high is None or log["timestamp"][:10] <= str(high))
        and (id_source is None or log["id_source"] == id_source)
    ]
    return call.listing("connectionlogs", logs)


def _connection(call: Call, connection: Connection, *, created: bool = False) -> Answer:
    status = connection.progress.status
    view = connection_view(call.world, connection, call.query.expand())
    if connection.connector.bank.reluctant and call.request.method == "PUT":
        view = {"connection": view, "message": forced_sync_refusal(connection)}
    return Answer(201 if created and status == 200 else status, view)  # noqa: PLR2004 - OK


def _connection_source(call: Call) -> ConnectionSource:
    source = call.connection.sources.get(call.number("source_id", "Source"))
    if source is None or (source.disabled is not None and not call.query.flag("all")):
        raise not_found("Source")
    return source


def _secrets(call: Call) -> JsonObject:
    """What the body holds for the bank, not for the API; what is encrypted is opened."""
    return {
        name: call.world.keys.decrypt(value) if is_encrypted(value) else value
        for name, value in call.body.items()
        if name not in _SETTINGS
    }


def _sources(call: Call) -> list[str]:
    named = call.query.text("source") or call.body.get("source") or ""
    if not isinstance(named, str):
        raise bad_value("source")
    return [name.strip() for name in named.split(",") if name.strip()]
