"""What the tables of calls put on the wire is documented, and all that is documented is in them."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

import pytest

from powens.models import Envelope

from .._async import calls
from .reference import ENDPOINTS, MODELS, Endpoint
from .surface import endpoint_of

TABLES = [
    importlib.import_module(f"{calls.__name__}.{info.name}")
    for info in pkgutil.iter_modules(calls.__path__)
]
METHODS = {name: method for table in TABLES for name, method in table.METHODS.items()}
CALLS = [call for table in TABLES for call in table.CALLS]
CALLED = sorted({endpoint_of(call.method) for call in CALLS} & ENDPOINTS.keys())

# Names that are sent, and that the reference does not list for the endpoint.
MORE_NAMES = {
    "client_applications.update_logo.file": "an image, of which the reference says nothing",
    "connections.list.all": "the rule of the API for what is inactive",
    "connections.list_without_user.limit": "the rule of the API for listings",
    "connections.list_without_user.offset": "the rule of the API for listings",
    "connectors.update.later": "a body may hold what is newer than this package",
    "documents.download.key": "out of the address of a document",
    "documents.download.name": "out of the address of a document",
    "transactions.list.cursor": "out of a link of the API",
}

# Methods that give another class than the reference names.
OTHER_RESULT = {
    "connections.list_logs_raw": "the answer as it is: its shape is not documented",
    "documents.delete": "gives nothing, as most do that delete",
    "documents.download": "writes the bytes, and gives their number",
    "payments.accept_terms": "gives nothing: the answer only says that it went well",
    "transactions.list_attachments": "linked to the whole transaction, means its attachments",
    "webhooks.delete": "gives nothing, as most do that delete",
}


def documented(endpoint: Endpoint) -> Iterator[tuple[str, set[str]]]:
    """The names that may be sent, with their places; of a body that is a model, its fields."""
    for param in endpoint.params:
        if param.name == "body" and param.type in MODELS:
            yield from ((field, {"body"}) for field in MODELS[param.type].fields)
        elif param.place != "path":
            yield param.name, set(param.place.split("|"))


def is_free(name: str) -> bool:
    """Whether a name stands for names that the caller chooses: `{field_name}`, `*`, `body`."""
    return name == "body" or not name.isidentifier()


def sent(call: calls.Call) -> set[tuple[str, str]]:
    """The names that a call sends, each after its place."""
    query = call.line.partition("?")[2].split("&")
    names = {("query", unquote(each.partition("=")[0])) for each in query if each}
    return names | {("body", name) for name in call.body or {}}


def known(endpoint: Endpoint) -> set[tuple[str, str]]:
    """The names that are documented, each after each of its places."""
    return {(place, name) for name, places in documented(endpoint) for place in places}


def is_at(line: str, address: str) -> bool:
    """Whether a call goes to an address; `{a}` is one step of a path, `{a.b}` a whole one."""
    pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(address))
    pattern = re.sub(r"\\{\w+\\.\w+\\}", ".+", pattern)
    return re.fullmatch(pattern, line.partition("?")[0]) is not None


def kinds(result: object) -> set[str]:
    """The types of the reference that an answer may be said to have."""
    match result:
        case None:
            return {"null"}
        case Mapping():
            return {"dict[str,str]"}
        case Envelope():
            return {type(result).__name__, f"list[{type(result).item_model().__name__}]"}
        case _:
            return {type(result).__name__}


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_call_goes_to_an_address_of_its_endpoint(call):
    addresses = ENDPOINTS[endpoint_of(call.method)].addresses
    assert any(is_at(call.line, each) for each in addresses), f"{call.line}: none of {addresses}"


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_call_sends_what_is_documented(call):
    endpoint = ENDPOINTS[endpoint_of(call.method)]
    free = {place for place, name in known(endpoint) if is_free(name)}
    made_up = {
        name
        for place, name in sent(call) - known(endpoint)
        if place not in free and f"{endpoint.name}.{name}" not in MORE_NAMES
    }
    assert not made_up, f"not in the reference: {', '.join(sorted(made_up))}"


@pytest.mark.parametrize("name", CALLED)
def test_the_calls_of_an_endpoint_send_all_that_is_documented(name):
    endpoint = ENDPOINTS[name]
    ours = {each for call in CALLS if endpoint_of(call.method) == name for each in sent(call)}
    chosen = {place for place, _ in ours - known(endpoint)}
    missing = [
        name
        for name, places in documented(endpoint)
        if not (places & chosen if is_free(name) else {(each, name) for each in places} & ours)
    ]
    assert not missing, f"no call sends {', '.join(missing)}"


@pytest.mark.parametrize("method", METHODS)
def test_a_method_gives_what_the_reference_says(method):
    expected = ENDPOINTS[endpoint_of(method)].returns or "null"
    is_same = not kinds(METHODS[method].result).isdisjoint(expected.split("|"))
    assert is_same != (method in OTHER_RESULT), f"{METHODS[method].result} is not {expected}"


def test_no_exception_is_left_over():
    more = {
        f"{endpoint_of(call.method)}.{name}"
        for call in CALLS
        for _, name in sent(call) - known(ENDPOINTS[endpoint_of(call.method)])
    }
    assert more >= MORE_NAMES.keys()
    assert METHODS.keys() >= OTHER_RESULT.keys()
