"""The catalogue of banks."""

from decimal import Decimal

from powens.sandbox.bank import fields_of
from powens.sandbox.call import Call
from powens.sandbox.handlers.payments import compatible
from powens.sandbox.query import parse_datetime
from powens.sandbox.state import Connector, Source
from powens.sandbox.views import connector_view, source_view
from powens.sandbox.wire import Answer, as_object, bad_value, not_found


def list_connectors(call: Call, key: str = "connectors") -> Answer:
    """GET /connectors, and its older names."""
    codes = _codes(call)
    payment_id = call.query.text("id_payment")
    every = [each for each in call.world.connectors.values() if not each.hidden]
    found = [
        connector_view(connector, call.query.expand())
        for connector in (compatible(call, payment_id) if payment_id else every)
        if not codes or connector.bank.country in codes
    ]
    return call.listing(key, found)


def get_connector(call: Call) -> Answer:
    """GET /connectors/{connector_uuid}."""
    return Answer(200, connector_view(call.connector, call.query.expand()))


def update_connector(call: Call) -> Answer:
    """PUT /connectors/{connector_uuid}."""
    _change_connector(call.connector, call.body)
    return Answer(200, connector_view(call.connector, {}))


def update_connectors(call: Call) -> Answer:
    """PATCH /connectors: a change for each uuid."""
    changes = [(call.world.connector(uuid), change) for uuid, change in call.body.items()]
    for connector, change in changes:
        _change_connector(connector, change)
    views = [connector_view(connector, {}) for connector, _ in changes]
    return Answer(200, {"connectors": views, "total": len(views)})


def _change_connector(connector: Connector, change: object) -> None:
    body = as_object("connector", change)
    hidden = body.get("hidden", connector.hidden)
    periodicity = body.get("sync_periodicity", connector.sync_periodicity)
    if not isinstance(hidden, bool):
        raise bad_value("hidden")
    if not isinstance(periodicity, int | Decimal | None):
        raise bad_value("sync_periodicity")
    connector.hidden, connector.sync_periodicity = hidden, periodicity


def list_fields(call: Call) -> Answer:
    """GET /connectors/{connector_uuid}/fields."""
    fields = fields_of(call.connector.bank)
    return Answer(200, {"fields": fields, "total": len(fields)})


def list_connector_sources(call: Call) -> Answer:
    """GET /connectors/{connector_uuid}/sources."""
    codes = _codes(call)
    fits = not codes or call.connector.bank.country in codes
    sources = call.connector.sources if fits else []
    return call.listing("sources", [source_view(source) for source in sources])


def get_connector_source(call: Call) -> Answer:
    """GET /connectors/{connector_uuid}/sources/{source_id}."""
    return Answer(200, source_view(_source(call)))


def update_connector_source(call: Call) -> Answer:
    """PUT /connectors/{connector_uuid}/sources/{source_id}."""
    source = _source(call)
    disabled = call.body.get("disabled", source.disabled)
    mechanism = call.body.get("auth_mechanism", source.auth_mechanism)
    if str(mechanism) not in {"credentials", "webauth"}:
        raise bad_value("auth_mechanism")
    source.disabled = None if disabled is None else str(parse_datetime("disabled", disabled))
    source.auth_mechanism = mechanism
    return Answer(200, source_view(source))


def _source(call: Call) -> Source:
    number = call.number("source_id", "Source")
    for source in call.connector.sources:
        if source.id == number:
            return source
    raise not_found("Source")


def _codes(call: Call) -> set[str]:
    return {
        code.strip().lower() for code in (call.query.text("country_codes") or "").split(",")
    } - {""}
