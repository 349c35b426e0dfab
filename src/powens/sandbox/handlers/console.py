"""The console: a page on which a person sees what there is, and makes things happen."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from starlette.responses import Response

from powens.sandbox.call import Call
from powens.sandbox.dispatch import Delivery, Dispatcher
from powens.sandbox.flows import STATES
from powens.sandbox.handlers import controls
from powens.sandbox.query import parse_expand
from powens.sandbox.state import Account, Connection, User, World
from powens.sandbox.views import account_view
from powens.sandbox.webview.html import Markup, document, element, go, respond
from powens.sandbox.wire import ApiError, JsonObject, bad_value

PATH: Final = "/sandbox/"

_BARE: Final = parse_expand("")
_MOST_USERS: Final = 20
_MOST_DELIVERIES: Final = 12
_CONNECTED: Final = "connected"
_UNITS: Final = {"minutes": 60, "hours": 3_600, "days": 86_400}
_DONE: Final = {
    "transaction": "The transaction has arrived.",
    "connection": "The synchronization has ended.",
    "time": "Time has passed.",
    "flush": "What waited was sent.",
}


async def show(dispatcher: Dispatcher, call: Call) -> Response:
    """GET /sandbox/."""
    done = _DONE.get(call.query.text("done") or "")
    return _page(dispatcher, call, element("p", done, role="status") if done else None)


async def act(dispatcher: Dispatcher, call: Call) -> Response:
    """POST /sandbox/: what `do` says; the browser goes on to the page, which says how it went."""
    word = str(call.body.get("do"))
    try:
        if word not in _ACTIONS:
            raise bad_value("do")
        await _ACTIONS[word](dispatcher, call)
    except ApiError as error:
        alert = element("div", element("p", f"{error.description}."), class_="alert", role="alert")
        return _page(dispatcher, call, alert, error.status)
    return go(f"{PATH}?done={word}")


async def _add_transaction(_: Dispatcher, call: Call) -> None:
    given = {name: value for name, value in call.body.items() if value != ""}
    given["value"] = str(given.get("value", "")).strip().replace(",", ".")
    call.body = given
    controls.create_transaction(call)


async def _put_connection(_: Dispatcher, call: Call) -> None:
    number, state = str(call.required("id_connection")), str(call.required("state"))
    if not (number.isascii() and number.isdecimal()):
        raise bad_value("id_connection")
    controls.put_connection(call.world, int(number), None if state == _CONNECTED else state)


async def _pass_time(_: Dispatcher, call: Call) -> None:
    number, unit = str(call.required("number")), str(call.required("unit"))
    if not (number.isascii() and number.isdecimal()) or unit not in _UNITS:
        raise bad_value("number")
    controls.pass_time(call.world, int(number) * _UNITS[unit])


async def _flush(dispatcher: Dispatcher, _: Call) -> None:
    await dispatcher.flush()


_Action: TypeAlias = Callable[[Dispatcher, Call], Awaitable[None]]

_ACTIONS: Final[Mapping[str, _Action]] = {
    "transaction": _add_transaction,
    "connection": _put_connection,
    "time": _pass_time,
    "flush": _flush,
}


def _page(dispatcher: Dispatcher, call: Call, news: Markup | None, status: int = 200) -> Response:
    world = call.world
    users = _newest_first(world)
    answer = respond(
        document(
            "What there is, and what may happen",
            news,
            _transaction_form(world, call.body),
            _time_form(world),
            [_user(world, each) for each in users[:_MOST_USERS]],
            element("p", f"These are {_MOST_USERS} of {len(users)} users.", class_="hint")
            if len(users) > _MOST_USERS
            else None,
            _deliveries(dispatcher),
            lang="en",
            site="Powens sandbox",
            skip="Skip to the content",
            note="All banks and people are invented.",
        ),
        status,
    )
    # Without a referrer some browsers do not say of a form that it comes from this page.
    answer.headers["referrer-policy"] = "same-origin"
    return answer


def _newest_first(world: World) -> list[User]:
    """Who has just come from an application is whom a person looks for."""
    return list(reversed(world.users.values()))


def _transaction_form(world: World, given: JsonObject) -> Markup:
    accounts = [
        (str(account.id), f"{_name(account)}, account {account.id} of user {user.id}")
        for user in _newest_first(world)
        for account in user.accounts
        if account.disabled is None and world.connection_of(account).progress.state is None
    ]
    if not accounts:
        return element("p", "No account takes transactions now.", class_="hint")
    return _form(
        "transaction",
        element("h2", "A transaction arrives"),
        _choice("Account", "id_account", accounts, given),
        _field("Wording", "wording", given, required=True, maxlength="120"),
        _field("Amount, below zero for an expense", "value", given, required=True),
        _field("Date, if it is not today", "date", given, type="date"),
        element("button", "Let it arrive"),
    )


def _time_form(world: World) -> Markup:
    units = [(each, each) for each in _UNITS]
    return _form(
        "time",
        element("h2", "Time passes"),
        element("p", f"It is {world.clock.now} in the sandbox."),
        _field("How much", "number", {}, required=True, type="number", min="1"),
        _choice("Unit", "unit", units, {}),
        element("button", "Let time pass"),
    )


def _deliveries(dispatcher: Dispatcher) -> list[Markup | None]:
    sent = dispatcher.deliveries[: -_MOST_DELIVERIES - 1 : -1]
    waiting = dispatcher.waiting
    table = _table(
        "The last attempts, the newest first",
        ("Webhook", "Attempt", "Answer"),
        [(f"{each.event} to {_address(each)}", str(each.attempt), _result(each)) for each in sent],
    )
    return [
        element("h2", "Webhooks"),
        table if sent else element("p", "None was sent so far."),
        element("p", f"{waiting} not accepted yet."),
        _form("flush", element("button", "Send them now")) if waiting else None,
    ]


def _address(delivery: Delivery) -> str:
    """The address without its query, which may hold a secret of the receiver."""
    parts = urlsplit(delivery.url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _result(delivery: Delivery) -> str:
    return "no answer" if delivery.status is None else str(delivery.status)


def _user(world: World, user: User) -> Markup:
    kind = "permanent" if user.permanent else "temporary"
    if user is world.demo_user:
        kind += ", ready-made"
    connections = [_connection(world, each) for each in user.connections.values()]
    return element(
        "section",
        element("h2", f"User {user.id}, {kind}"),
        connections or element("p", "No connections."),
    )


def _connection(world: World, connection: Connection) -> list[Markup]:
    name = f"{connection.connector.bank.name}, connection {connection.id}"
    state = connection.progress.state or _CONNECTED
    rows = [_account_row(world, each) for each in connection.accounts.values()]
    states = [(_CONNECTED, _CONNECTED), *((each, each) for each in STATES if each)]
    return [
        element("h3", name),
        element("p", f"State: {state}. Last synchronized: {connection.last_update or 'never'}."),
        _table(f"Accounts of {name}", ("Account", "Type", "Balance", "State"), rows),
        _form(
            "connection",
            element("input", type="hidden", name="id_connection", value=str(connection.id)),
            _choice(
                f"A synchronization of connection {connection.id} ends",
                "state",
                states,
                {"state": state},
                of=connection.id,
            ),
            element("button", "Synchronize"),
        ),
    ]


def _account_row(world: World, account: Account) -> tuple[str, ...]:
    view = account_view(world, account, _BARE)
    return (
        f"{view['name']} ({account.id})",
        account.blueprint.type,
        view["formatted_balance"] or "",
        "enabled" if account.disabled is None else "disabled",
    )


def _name(account: Account) -> str:
    return account.original_name if account.name is None else account.name


def _form(action: str, *content: Markup) -> Markup:
    word = element("input", type="hidden", name="do", value=action)
    return element("form", word, *content, method="post", action=PATH)


def _field(label: str, name: str, given: Mapping[str, Any], **attributes: str | bool) -> Markup:
    value = str(given.get(name, ""))
    entry = element("input", id=name, name=name, value=value, **attributes)
    return element("div", element("label", label, for_=name), entry, class_="field")


def _choice(
    label: str,
    name: str,
    options: Iterable[tuple[str, str]],
    given: Mapping[str, Any],
    of: int | None = None,
) -> Markup:
    place = name if of is None else f"{name}-{of}"
    chosen = str(given.get(name, ""))
    choices = [
        element("option", words, value=value, selected=value == chosen) for value, words in options
    ]
    entry = element("select", *choices, id=place, name=name)
    return element("div", element("label", label, for_=place), entry, class_="field")


def _table(caption: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> Markup:
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *(element("th", each, scope="col") for each in heads))),
        element(
            "tbody",
            *(element("tr", *(element("td", each) for each in row)) for row in rows),
        ),
    )
