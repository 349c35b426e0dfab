"""Connections: what is refused before it is sent, and answers of several shapes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import httpx
import pytest

from powens import UNSET, AsyncPowensClient, Connection, PowensSerializationError

from .calls import perform

BACK = "https://app.example/back"


# --- Creating and updating -----------------------------------------------------------------------


@pytest.mark.parametrize("which", [{}, {"id_connector": 1, "connector_uuid": "u"}])
async def test_one_connector_is_named(which, client, wire):
    with pytest.raises(ValueError, match="give either connector_uuid or id_connector"):
        await client.connections.create(**which, fields={"login": "me"})
    assert wire.requests == []


@pytest.mark.parametrize("which", [{"connector_uuid": "u"}, {"id_connector": 1}])
async def test_a_field_cannot_replace_the_connector(which, client, wire):
    with pytest.raises(ValueError, match="a field has the name of an argument"):
        await client.connections.create(**which, fields=dict.fromkeys(which, "other"))
    assert wire.requests == []


@pytest.mark.parametrize("name", ["active", "expire", "resume", "refresh_auth"])
@pytest.mark.parametrize("given", [True, None])
async def test_a_field_cannot_replace_a_setting_that_is_given(name, given, client, wire):
    with pytest.raises(ValueError, match="a field has the name of an argument"):
        await client.connections.update(connection_id=5, **{name: given}, fields={name: "x"})
    assert wire.requests == []


async def test_a_field_may_have_the_name_of_a_setting_that_is_left_out(client, wire):
    wire.answers({"id": 5})
    await client.connections.update(connection_id=5, fields={"active": "yes"})
    assert wire.body == {"active": "yes"}


async def test_values_of_fields_are_sent_as_the_api_spells_them(client, wire):
    wire.answers({"id": 5})
    fields = {
        "birthday": dt.date(1990, 2, 1),
        "amount": Decimal("12.50"),
        "contracts": ("a", "b"),
        "none": None,
        "left_out": UNSET,
    }
    await client.connections.create(connector_uuid="u", fields=fields)
    assert wire.body == {
        "connector_uuid": "u",
        "birthday": "1990-02-01",
        "amount": 12.5,
        "contracts": ["a", "b"],
        "none": None,
    }


async def test_a_field_that_has_no_json_is_refused_without_showing_it(client, wire):
    with pytest.raises(TypeError, match="a bytes cannot be sent") as refusal:
        await client.connections.create(connector_uuid="u", fields={"password": b"s3cret"})
    assert "s3cret" not in str(refusal.value)
    assert wire.requests == []


@pytest.mark.parametrize(
    ("method", "which"),
    [
        ("create", {"connector_uuid": "u"}),
        ("update", {"connection_id": 5}),
        ("sync", {"connection_id": 5}),
        ("force_sync", {"connection_id": 5}),
        ("get", {"connection_id": 5}),
    ],
)
async def test_a_connection_is_unwrapped_from_what_is_said_about_it(method, which, client, wire):
    wire.answers({"connection": {"id": 5, "state": None}, "message": "Can't force it"})
    connection = await getattr(client.connections, method)(**which)
    assert connection == Connection(id=5)


@pytest.mark.parametrize("seconds", [600, 0.5, None])
async def test_calls_to_the_bank_have_a_time_limit_of_their_own(seconds, wire):
    wire.answers({"id": 5})
    transport = httpx.MockTransport(wire)
    async with AsyncPowensClient(
        domain="example", access_token="t", timeout=3, sync_timeout=seconds, transport=transport
    ) as client:
        await client.with_options(timeout=7).connections.sync(connection_id=5)
        await client.connections.get(connection_id=5)
    limits = [request.extensions["timeout"]["read"] for request in wire.requests]
    assert limits == [seconds, 3]


async def test_a_failed_login_leaves_no_trace_of_itself(client, wire):
    wire.answers({"id": "none", "error_message": "s3cret"}, status=200)
    with pytest.raises(PowensSerializationError, match=r"^Connection: .* at id$") as refusal:
        await client.connections.create(connector_uuid="u", fields={"password": "s3cret"})
    assert "s3cret" not in str(refusal.value)


# --- Listing -------------------------------------------------------------------------------------

LISTINGS = [
    ("users.list", {}),
    ("connectors.list", {}),
    ("connections.list", {}),
    ("connections.list_logs", {"connection_id": 5}),
    ("connections.list_logs_raw", {"connection_id": 5}),
    ("accounts.list", {}),
    ("transactions.list", {}),
    ("transactions.list_page", {}),
]


@pytest.mark.parametrize(("method", "more"), LISTINGS)
@pytest.mark.parametrize(
    ("limit", "error"),
    [(0, ValueError), (-1, ValueError), (1001, ValueError), (True, TypeError), ("5", TypeError)],
)
async def test_a_page_has_1_to_1000_rows(method, more, limit, error, client, wire):
    with pytest.raises(error, match="limit must be"):
        await perform(client, method, **more, limit=limit)
    assert wire.requests == []


@pytest.mark.parametrize("method", ["users.list", "connectors.list", "accounts.list"])
@pytest.mark.parametrize(
    "cursor",
    [
        *("", "offset=", "offset=-1", "offset=1.5", "offset=\u0663", "20"),
        "https://example.biapi.pro/2.0/users?limit=5",
    ],
)
def test_a_cursor_of_something_else_is_refused_at_once(method, cursor, client):
    resource, _, _ = method.partition(".")
    with pytest.raises(ValueError, match="cursor is not one that this listing gave"):
        getattr(client, resource).list(cursor=cursor)


@pytest.mark.parametrize(
    ("offset", "error"), [(-1, ValueError), (True, TypeError), (1.0, TypeError)]
)
async def test_raw_logs_are_skipped_by_a_number_of_rows(offset, error, client, wire):
    with pytest.raises(error, match="offset must be"):
        await client.connections.list_logs_raw(connection_id=5, offset=offset)
    assert wire.requests == []


async def test_raw_logs_come_as_they_are_with_exact_amounts(client, wire):
    wire.answers(raw=b'{"connectionlogs": [{"new": 1.10, "at": "2024-02-29"}], "later": [null]}')
    logs = await client.connections.list_logs_raw(connection_id=5)
    assert logs == {
        "connectionlogs": [{"new": Decimal("1.10"), "at": "2024-02-29"}],
        "later": [None],
    }
    assert str(logs["connectionlogs"][0]["new"]) == "1.10"


@pytest.mark.parametrize("answer", [b"[]", b"null", b'"s3cret"', b"<html>s3cret"])
async def test_raw_logs_are_an_object_at_least(answer, client, wire):
    wire.answers(raw=answer)
    with pytest.raises(PowensSerializationError) as refusal:
        await client.connections.list_logs_raw(connection_id=5)
    assert "s3cret" not in str(refusal.value)


# --- The bank's own page -------------------------------------------------------------------------

UNUSABLE = [
    *("", "back", "/back", "//app.example/back", "https://app.example/back?"),
    "https://app.example/back?a=1",
]


@pytest.mark.parametrize("redirect_uri", UNUSABLE)
async def test_the_user_comes_back_to_an_absolute_address_without_query(redirect_uri, client, wire):
    refused = pytest.raises(ValueError, match="redirect_uri must be absolute and without a query")
    with refused:
        await client.connections.webauth_url(redirect_uri=redirect_uri, id_connection=5)
    with refused:
        client.connections.webauth_redirect_url(redirect_uri=redirect_uri, token="c0de")
    assert wire.requests == []


async def test_the_page_of_the_bank_needs_a_client_id(wire):
    transport = httpx.MockTransport(wire)
    refused = pytest.raises(ValueError, match="client_id is needed")
    async with AsyncPowensClient(domain="example", access_token="t", transport=transport) as client:
        with refused:
            await client.connections.webauth_url(redirect_uri=BACK)
        with refused:
            client.connections.webauth_redirect_url(redirect_uri=BACK, token="c0de")
    assert wire.requests == []


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "id_connector", "token"])
async def test_a_field_cannot_replace_what_leads_back(name, client, wire):
    fields = {name: "evil", "region": "3"}
    with pytest.raises(ValueError, match="name of an argument"):
        client.connections.webauth_redirect_url(redirect_uri=BACK, token="t", fields=fields)
    assert wire.requests == []


async def test_a_field_cannot_replace_what_a_page_of_the_bank_needs(client, wire):
    with pytest.raises(ValueError, match="name of an argument"):
        await client.connections.webauth_url(redirect_uri=BACK, fields={"state": "evil"})
    assert wire.requests == []


async def test_a_field_cannot_say_which_bank_it_is(client, wire):
    with pytest.raises(ValueError, match="name of an argument"):
        await client.connections.create(connector_uuid="u", fields={"id_connector": 40})
    assert wire.requests == []


async def test_the_page_of_the_bank_is_hidden_in_the_repr(client, wire):
    wire.answers({"url": "https://bank.example/?session=s3cret"})
    page = await client.connections.webauth_url(redirect_uri=BACK, id_connection=5)
    assert page.url == "https://bank.example/?session=s3cret"
    assert "s3cret" not in repr(page)


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (
            {"token": "a+b/c=="},
            "client_id=11&redirect_uri=https:%2F%2Fapp.example%2Fback&token=a%2Bb%2Fc%3D%3D",
        ),
        (
            {
                "token": "t",
                "client_id": 22,
                "id_connector": 40,
                "connector_uuid": "u",
                "id_connection": 5,
                "source": "openapi",
                "state": "a&b=c#d",
                "fields": {"region": "3"},
            },
            (
                "region=3&client_id=22&token=t&redirect_uri=https:%2F%2Fapp.example%2Fback"
                "&id_connector=40&connector_uuid=u&id_connection=5&source=openapi"
                "&state=a%26b%3Dc%23d"
            ),
        ),
    ],
)
def test_the_address_that_takes_a_browser_to_the_bank(arguments, query, client, wire):
    page = client.connections.webauth_redirect_url(redirect_uri=BACK, **arguments)
    address, _, sent = page.url.partition("?")
    assert address == "https://example.biapi.pro/2.0/webauth"
    assert sorted(sent.split("&")) == sorted(query.split("&"))
    assert "token" not in repr(page)
    assert wire.requests == []
