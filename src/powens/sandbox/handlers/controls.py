"""The sandbox's own controls, outside the API."""

from collections.abc import Iterable
from decimal import Decimal

from powens.sandbox.administration import EVENTS
from powens.sandbox.call import Call
from powens.sandbox.faults import Desk, Fault
from powens.sandbox.reader import Reader
from powens.sandbox.state import World
from powens.sandbox.wire import Answer, JsonObject, bad_value


def add_fault(desk: Desk, call: Call) -> Answer:
    """POST /sandbox/faults: the arguments of a `Fault` as JSON."""
    try:
        fault = Fault(**call.body)
    except (TypeError, ValueError):
        raise bad_value("fault") from None
    desk.add_fault(fault)
    return Answer(201, _fault_view(fault))


def list_faults(desk: Desk, call: Call) -> Answer:
    """GET /sandbox/faults: all of them, or those that wait for calls still with `unused`."""
    faults = desk.unused_faults if call.query.flag("unused") else desk.faults
    return Answer(200, {"faults": [_fault_view(fault) for fault in faults]})


def clear_faults(desk: Desk, _: Call) -> Answer:
    """DELETE /sandbox/faults."""
    desk.clear_faults()
    return Answer(204)


def list_executions(desk: Desk, _: Call) -> Answer:
    """GET /sandbox/executions."""
    return Answer(200, {"executions": desk.executions})


def list_requests(desk: Desk, _: Call) -> Answer:
    """GET /sandbox/requests."""
    return Answer(200, {"requests": [vars(request) for request in desk.requests]})


def clear_requests(desk: Desk, _: Call) -> Answer:
    """DELETE /sandbox/requests."""
    desk.clear_requests()
    return Answer(204)


def advance_clock(call: Call) -> Answer:
    """POST /sandbox/clock: let `seconds` pass."""
    call.required("seconds")
    seconds = float(call.typed("seconds", (int, Decimal)))
    try:
        call.world.clock.advance(seconds)
    except OverflowError:
        raise bad_value("seconds") from None
    return Answer(200, {"now": str(call.world.clock.now)})


def register(world: World, base_url: object, names: Iterable[object] | None) -> None:
    """Register a webhook for each event, with the auth provider that is there from the start."""
    base = Reader({"base_url": base_url}).address("base_url", query=False) or ""
    events = list(EVENTS if names is None else names)
    for event in events:
        if event not in EVENTS:
            raise bad_value("events")
    domain, now = world.domain, world.clock.tick()
    domain.providers.setdefault(domain.signer.id, domain.signer)
    for event in events:
        path = str(event).lower().replace("_", "-")
        url = f"{base.rstrip('/')}/{path}"
        domain.register(moment=now, event=str(event), url=url, id_auth=domain.signer.id)


def _fault_view(fault: Fault) -> JsonObject:
    where = {"method": fault.method, "path": fault.path}
    return {**where, "used": fault.used, "remaining": fault.remaining}
