"""The sandbox's own controls, outside the API."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, cast

from powens.sandbox.administration import EVENTS
from powens.sandbox.call import Call
from powens.sandbox.dispatch import Dispatcher, Disturbance
from powens.sandbox.faults import Desk, Fault
from powens.sandbox.flows import STATES
from powens.sandbox.reader import Reader
from powens.sandbox.state import World
from powens.sandbox.wire import Answer, ApiError, JsonObject, bad_value, missing, not_found

_CENT: Final = Decimal("0.01")
_MOST: Final = 10**12


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
    pass_time(call.world, call.typed("seconds", (int, Decimal)))
    return Answer(200, {"now": str(call.world.clock.now)})


def create_transaction(call: Call) -> Answer:
    """POST /sandbox/transactions: `id_account`, `value`, `wording`, and `date` unless it is today.

    Numbers may be texts, as forms have them.
    """
    given = Reader(call.body)
    given.needs("id_account", "value", "wording")
    number = add_transaction(
        call.world,
        given.values["id_account"],
        given.values["value"],
        given.values["wording"],
        given.day("date"),
    )
    return Answer(201, {"id": number})


def update_connection(call: Call) -> Answer:
    """POST /sandbox/connections/{connection_id}: its `state`; null repairs it."""
    if "state" not in call.body:
        raise missing("state")
    number = call.number("connection_id", "Connection")
    state = call.typed("state", (str, type(None)))
    put_connection(call.world, number, state)
    return Answer(200, {"id": number, "state": state})


def create_webhooks(call: Call) -> Answer:
    """POST /sandbox/webhooks: for each of the `events`, or all of them, one below `base_url`."""
    base_url, names = call.required("base_url"), call.body.get("events")
    if not isinstance(names, list | None):
        raise bad_value("events")
    register(call.world, base_url, cast("list[object] | None", names))
    return Answer(201, {})


def list_deliveries(dispatcher: Dispatcher, _: Call) -> Answer:
    """GET /sandbox/webhooks: the attempts to deliver one, and how many are not accepted yet."""
    deliveries = [asdict(each) for each in dispatcher.deliveries]
    return Answer(200, {"deliveries": deliveries, "waiting": dispatcher.waiting})


async def flush_webhooks(dispatcher: Dispatcher, _: Call) -> Answer:
    """POST /sandbox/webhooks/flush."""
    return Answer(200, {"waiting": await dispatcher.flush()})


def disturb_webhooks(dispatcher: Dispatcher, call: Call) -> Answer:
    """POST /sandbox/webhooks/disturb: the arguments of a `Disturbance` as JSON."""
    try:
        dispatcher.disturb(Disturbance(**call.body))
    except (TypeError, ValueError):
        raise bad_value("disturbance") from None
    return Answer(201, {})


def pass_time(world: World, seconds: Decimal | float) -> None:
    """Let time pass."""
    try:
        world.clock.advance(float(seconds))
    except (OverflowError, ValueError):
        raise bad_value("seconds") from None


def add_transaction(
    world: World, account_id: object, value: object, wording: object, day: date | None
) -> int:
    """Let a transaction arrive on an account; its number."""
    accounts = (each for user in world.users.values() for each in user.accounts)
    account = next((each for each in accounts if str(each.id) == str(account_id)), None)
    if account is None:
        raise not_found("Account")
    if not (isinstance(wording, str) and wording.strip() and wording.isprintable()):
        raise bad_value("wording")
    cents, today = _cents(value), world.clock.now.date()
    day = today if day is None else day
    if not account.ledger.calendar.first <= day <= today:
        raise bad_value("date")
    if account.disabled is not None:
        raise ApiError(409, "conflict", "The account is disabled")
    if world.connection_of(account).progress.state is not None:
        raise ApiError(409, "conflict", "The connection of the account is broken")
    return world.add_transaction(account, cents, wording.strip(), day)


def put_connection(world: World, connection_id: int, state: str | None) -> None:
    """Let a synchronization of a connection end in a state."""
    users = world.users.values()
    found = (user.connections[connection_id] for user in users if connection_id in user.connections)
    connection = next(found, None)
    if connection is None:
        raise not_found("Connection")
    if state not in STATES:
        known = ", ".join(each for each in STATES if each)
        raise ApiError(400, "invalidValue", f"The states of the sandbox are {known}")
    world.put(connection, state)


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


def _cents(value: object) -> int:
    """An amount of at most two decimals, which is never a float."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise bad_value("value")
    try:
        amount = Decimal(value)
        cents = amount.quantize(_CENT)
    except InvalidOperation:
        raise bad_value("value") from None
    if amount != cents or abs(amount) > _MOST:
        raise bad_value("value")
    return int(cents.scaleb(2))


def _fault_view(fault: Fault) -> JsonObject:
    where = {"method": fault.method, "path": fault.path}
    return {**where, "used": fault.used, "remaining": fault.remaining}
