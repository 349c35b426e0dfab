# Generated from tests/_async/test_resources_calls.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Every method of every resource: what it sends, with which token and for how long, and gives."""

from __future__ import annotations

import inspect

import httpx
import pytest

from powens import PowensClient, PowensError

from .calls import (
    accounts,
    administration,
    auth,
    bound,
    connections,
    connectors,
    documents,
    payments,
    perform,
    transactions,
    wealth,
)

TABLES = (
    auth,
    connectors,
    connections,
    accounts,
    transactions,
    wealth,
    documents,
    payments,
    administration,
)
METHODS = {name: method for table in TABLES for name, method in table.METHODS.items()}
CALLS = [call for table in TABLES for call in table.CALLS]

# Arguments that a method cannot do without, from its first call in the tables.
NEEDED = {call.method: call.arguments for call in reversed(CALLS)}
# These build an address, and send nothing: see the tests of the webview.
SILENT = {"connections.webauth_redirect_url"}


def answer_as(wire, method):
    raw = b"" if METHODS[method].answer is None else None
    wire.answers(METHODS[method].answer, status=METHODS[method].status, raw=raw)


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_what_is_sent(call, client, wire):
    answer_as(wire, call.method)
    perform(client, call.method, **call.arguments)
    assert wire.line == call.line
    assert wire.body == call.body


@pytest.mark.parametrize("method", METHODS)
def test_what_comes_back(method, client, wire):
    answer_as(wire, method)
    result = perform(client, method, **NEEDED[method])
    assert type(result) is type(METHODS[method].result)
    assert result == METHODS[method].result


@pytest.mark.parametrize("method", METHODS)
def test_how_long_it_may_take(method, client, wire):
    answer_as(wire, method)
    perform(client, method, **NEEDED[method])
    seconds = METHODS[method].timeout
    steps = ("connect", "read", "write", "pool")
    assert wire.request.extensions["timeout"] == dict.fromkeys(steps, seconds)


@pytest.mark.parametrize("method", METHODS)
def test_the_token_it_goes_with(method, client, wire):
    answer_as(wire, method)
    perform(client, method, **NEEDED[method])
    assert wire.bearer == ("user-token" if METHODS[method].sent else None)


@pytest.mark.parametrize("method", METHODS)
def test_what_it_does_without_a_token(method, client, wire):
    answer_as(wire, method)
    nobody = client.with_options(access_token=None)
    if METHODS[method].sent and METHODS[method].needed:
        with pytest.raises(PowensError, match="needs an access token"):
            perform(nobody, method, **NEEDED[method])
        assert wire.requests == []
    else:
        perform(nobody, method, **NEEDED[method])
        assert wire.bearer is None


def test_the_tables_know_every_method_and_every_parameter():
    client = PowensClient(domain="example", transport=httpx.MockTransport(lambda _: None))
    resources = [name for name in dir(client) if is_resource(client, name)]
    assert resources
    known = {name: set() for name in METHODS}
    for call in CALLS:
        known[call.method] |= set(call.arguments)
    public = {
        f"{resource}.{name}": set(inspect.signature(getattr(found, name)).parameters)
        for resource in resources
        for found in [getattr(client, resource)]
        for name in dir(found)
        if not name.startswith("_") and f"{resource}.{name}" not in SILENT
    }
    assert known == public


def is_resource(client, name):
    if name.startswith("_") or name == "webview":
        return False
    return "resources" in type(getattr(client, name)).__module__


@pytest.mark.parametrize("method", [name for name in METHODS if name.endswith(".list")])
def test_a_listing_sends_nothing_until_it_is_iterated(method, client, wire):
    answer_as(wire, method)
    pager = bound(client, method)(**NEEDED[method])
    assert wire.requests == []
    items = pager.to_list(max_items=1)
    assert items == list(METHODS[method].result)[:1]


@pytest.mark.parametrize(
    "method",
    [
        name
        for name, method in METHODS.items()
        if name.endswith(".list_all") and hasattr(method.result, "total")
    ],
)
def test_list_all_is_one_call_whatever_total_says(method, client, wire):
    wire.answers({**METHODS[method].answer, "total": 1000})
    found = perform(client, method)
    assert len(wire.requests) == len(found) == 1
    assert list(found) == list(METHODS[method].result)
    assert found.total == 1000


@pytest.mark.parametrize("method", sorted({c.method for c in CALLS if "user_id" in c.arguments}))
@pytest.mark.parametrize("user_id", ["", ".", ".."])
def test_a_user_id_that_would_change_the_path_is_refused(method, user_id, client, wire):
    with pytest.raises(ValueError, match="must not be empty"):
        perform(client, method, **NEEDED[method] | {"user_id": user_id})
    assert wire.requests == []
