"""What webhooks say: every documented event is typed, and the rest is there as it came."""

from __future__ import annotations

import copy
import datetime as dt
import gzip
import json
import pickle
import re
import traceback
from decimal import Decimal

import hypothesis
import hypothesis.strategies as st
import pytest

from powens import PowensSerializationError, PowensWebhookError
from powens.models import (
    AccountFoundEvent,
    AccountsFetchedEvent,
    AccountSyncedEvent,
    AccountTypeName,
    BankAccount,
    Connection,
    ConnectionDeletedEvent,
    ConnectionResolution,
    ConnectionState,
    ConnectionSyncedEvent,
    PaymentStateUpdatedEvent,
    SubscriptionFoundEvent,
    User,
    UserCreatedEvent,
    UserDeletedEvent,
    UserSyncedEvent,
    WebhookEvent,
)
from powens.webhooks import UnknownEvent, parse, receive
from powens.webhooks._events import _MODELS

SECRET = "secret-c4n4ry"
DATE = "2022-06-27T11:08:52.577831Z"
MODELS = {event: _MODELS[event] for event in WebhookEvent}

# The least that each event may hold, as it may come: objects in part.
BODIES = {
    "USER_CREATED": {"id": 1, "signin": "2022-06-27 11:08:52"},
    "USER_DELETED": {"id": 1},
    "USER_SYNCED": {"user": {"id": 1}, "connections": [{"id": 2, "accounts": [{"id": 3}]}]},
    "CONNECTION_SYNCED": {"user": {"id": 1}, "connection": {"id": 2, "state": None}},
    "CONNECTION_DELETED": {"id": 2},
    "ACCOUNTS_FETCHED": {"user": {"id": 1}, "connection": {"id": 2, "accounts": []}},
    "ACCOUNT_SYNCED": {"id": 3, "transactions": [{"id": 4, "value": -38.9}]},
    "ACCOUNT_CATEGORIZED": {"transactions": [{"id": 4}]},
    "ACCOUNT_DISABLED": {"id": 3, "disabled": "2022-06-27 11:08:52"},
    "ACCOUNT_ENABLED": {"id": 3, "disabled": None},
    "ACCOUNT_FOUND": {"id": 3, "type": "checking"},
    "ACCOUNT_OWNERSHIPS_FOUND": {"account_ownerships": {"id_account": 3}},
    "TRANSACTION_ATTACHMENTS_FOUND": {"id_transaction": 4, "attachments": [{"id": 5}]},
    "SUBSCRIPTION_FOUND": {"id": 6},
    "SUBSCRIPTION_SYNCED": {"id": 6, "documents": [{"id": 7}]},
    "PAYMENT_STATE_UPDATED": {"id": 8, "state": "done"},
}


def body_of(name, **more):
    return json.dumps(BODIES[name] | more).encode()


def test_every_documented_event_has_the_model_of_its_name():
    assert set(BODIES) == {event.value for event in WebhookEvent}
    for event, model in MODELS.items():
        words = "".join(word.title() for word in event.split("_"))
        assert model.__name__ == f"{words}Event"


@pytest.mark.parametrize("name", BODIES)
def test_every_documented_event_is_typed(name):
    model = MODELS[WebhookEvent(name)]
    body = body_of(name, id_webhook_data=9, something_new={"x": 1})
    by_name = parse(name, body)
    assert type(by_name) is model
    assert by_name.id_webhook_data == 9
    assert by_name == parse(WebhookEvent(name), body) == parse(model, body)
    assert by_name == parse(model, gzip.compress(body))
    assert parse(model, body_of(name)).id_webhook_data is None
    assert parse(model, body_of(name, id_webhook_data="9")) == by_name


def test_events_hold_what_came():
    assert parse(UserCreatedEvent, body_of("USER_CREATED")) == UserCreatedEvent(
        id=1, signin=dt.datetime.fromisoformat("2022-06-27T11:08:52")
    )
    assert parse("USER_DELETED", b'{"id": 1}') == UserDeletedEvent(id=1)
    assert parse(UserSyncedEvent, body_of("USER_SYNCED")) == UserSyncedEvent(
        user=User(id=1), connections=(Connection(id=2, accounts=(BankAccount(id=3),)),)
    )
    assert parse(ConnectionDeletedEvent, b'{"id": 2}') == ConnectionDeletedEvent(id=2)
    assert parse(AccountsFetchedEvent, body_of("ACCOUNTS_FETCHED")) == AccountsFetchedEvent(
        user=User(id=1), connection=Connection(id=2, accounts=())
    )
    (transaction,) = parse(AccountSyncedEvent, body_of("ACCOUNT_SYNCED")).transactions
    assert str(transaction.value) == "-38.9"
    found = parse(AccountFoundEvent, body_of("ACCOUNT_FOUND"))
    assert found.type is AccountTypeName.CHECKING
    assert parse(SubscriptionFoundEvent, b'{"id": 6}') == SubscriptionFoundEvent(id=6)


@pytest.mark.parametrize(
    ("state", "resolution"),
    [
        (None, ConnectionResolution.NOTHING),
        ("", ConnectionResolution.NOTHING),
        ("null", ConnectionResolution.NOTHING),
        ("wrongpass", ConnectionResolution.NEW_CREDENTIALS),
    ],
)
def test_a_synchronisation_may_have_failed(state, resolution):
    body = body_of("CONNECTION_SYNCED", connection={"id": 2, "state": state})
    event = parse(ConnectionSyncedEvent, body)
    assert event.connection.resolution is resolution
    failed = event.connection.effective_state
    assert failed == (ConnectionState.WRONGPASS if state == "wrongpass" else None)


def test_the_event_that_is_spelled_in_two_ways_is_one():
    event = parse("PAYMENT_STATE_UPDATE", body_of("PAYMENT_STATE_UPDATED"))
    assert type(event) is PaymentStateUpdatedEvent


def test_a_newer_state_is_a_plain_string():
    assert parse(PaymentStateUpdatedEvent, b'{"id": 8, "state": "new"}').state == "new"


# --- Unknown events ------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [b"9", b'"9"', b"9.0"])
def test_an_unknown_event_is_there_as_it_came(number):
    event = parse(
        "TRANSACTIONS_CLUSTERED", b'{"id_webhook_data": %s, "value": 1.10, "x": [null]}' % number
    )
    assert event.event == "TRANSACTIONS_CLUSTERED"
    assert event.id_webhook_data == 9
    assert event.data["value"] == Decimal("1.10")
    assert event.data["x"] == [None]
    assert copy.copy(event) == pickle.loads(pickle.dumps(event)) == event
    assert hash(event) == hash(copy.copy(event))
    assert repr(event) == "UnknownEvent(event='TRANSACTIONS_CLUSTERED', id_webhook_data=9)"


@pytest.mark.parametrize("number", ["null", '"x"', "true", "1.5", "[]", '{"x": 1}'])
def test_an_unknown_event_may_have_no_number(number):
    event = parse("NEW", f'{{"id_webhook_data": {number}}}'.encode())
    assert event.id_webhook_data is None
    assert event.data.keys() == {"id_webhook_data"}
    assert parse("NEW", b"{}") == UnknownEvent(event="NEW", data={})


# --- What is no event ----------------------------------------------------------------------------

BAD_BODIES = [
    *(b"", b" ", b"{", b"null", b"[]", b"7", b'"c4n4ry"', b"NaN", b"\xff\xfe", b"<c4n4ry/>"),
    *(b"\x1f\x8b", gzip.compress(b"{}")[:-1], gzip.compress(b""), b"[" * 200_000),
    *(b'{"id": 1, "x": ', b'{"id": NaN}', b'{"c4n4ry"}'),
]


@pytest.mark.parametrize("event", [UserCreatedEvent, "USER_CREATED", "CONNECTION_SYNCED", "NEW"])
@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: repr(body[:20]))
def test_what_is_no_event_is_refused(event, body):
    with pytest.raises(PowensWebhookError) as caught:
        parse(event, body)
    assert "c4n4ry" not in "".join(traceback.format_exception(caught.value))
    assert copy.copy(caught.value) == pickle.loads(pickle.dumps(caught.value)) == caught.value


@pytest.mark.parametrize("number", [b"1e999999999999999999999", b"1e500", b"9" * 5000])
def test_a_number_that_nobody_can_calculate_with_is_refused(number):
    with pytest.raises(PowensWebhookError, match="is not that of NEW"):
        parse("NEW", b'{"x": [%s]}' % number)


def test_the_error_says_where_but_not_what():
    with pytest.raises(
        PowensWebhookError, match=r"^the body is not that of USER_CREATED$"
    ) as caught:
        parse("USER_CREATED", b'{"id": "c4n4ry"}')
    cause = caught.value.__cause__
    assert isinstance(cause, PowensSerializationError)
    assert "id" in str(cause)
    assert "c4n4ry" not in str(cause)
    with pytest.raises(PowensWebhookError, match=r"^the body is not that of UserCreatedEvent$"):
        parse(UserCreatedEvent, b"{}")


@pytest.mark.parametrize("event", [UserCreatedEvent, "NEW"])
def test_a_body_that_is_too_large_is_refused(event):
    body = b'{"id": 1}'
    parse(event, body, max_size=len(body))
    parse(event, gzip.compress(body + b" " * 991), max_size=1000)
    with pytest.raises(PowensWebhookError, match=re.escape("more than 8 bytes: see max_size")):
        parse(event, body, max_size=8)
    with pytest.raises(PowensWebhookError, match="cannot be unpacked, or not to 999 bytes"):
        parse(event, gzip.compress(body + b" " * 991), max_size=999)


@pytest.mark.parametrize("event", [User, UnknownEvent, None, 7, b"USER_CREATED", dict])
def test_an_event_is_a_name_or_one_of_the_models(event):
    with pytest.raises(TypeError, match=r"^event must be a model of an event or a str$"):
        parse(event, b"{}")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@hypothesis.given(
    event=st.sampled_from([*MODELS.values(), *BODIES, "NEW"]),
    body=st.one_of(
        st.binary(),
        st.binary().map(gzip.compress),
        json_values.map(json.dumps).map(str.encode),
        st.dictionaries(
            st.sampled_from(["id", "user", "connection", "transactions", "id_webhook_data"]),
            json_values,
        )
        .map(json.dumps)
        .map(str.encode),
    ),
)
def test_whatever_comes_is_an_event_or_refused(event, body):
    try:
        result = parse(event, body)
    except PowensWebhookError:
        return
    known = event if isinstance(event, type) else _MODELS.get(event, UnknownEvent)
    assert type(result) is known


# --- Both at once --------------------------------------------------------------------------------

PATH = "/powens/user-created"
BODY = body_of("USER_CREATED", id_webhook_data=9)


class MultiHeaders:
    """Headers as frameworks have them: several for one name."""

    def __init__(self, *pairs):
        self.pairs = pairs

    def items(self):
        return self.pairs


@pytest.fixture
def headers(sign):
    return {"BI-Signature": sign(BODY), "BI-Signature-Date": DATE, "Content-Type": "text/plain"}


def take(headers, **changes):
    given = {"secret": SECRET, "path": PATH, "body": BODY} | changes
    return receive(UserCreatedEvent, headers=headers, **given)


@pytest.mark.parametrize("spell", [str, str.lower, str.upper])
def test_headers_are_found_however_they_are_spelled(headers, spell):
    spelled = {spell(name): value for name, value in headers.items()}
    assert take(spelled) == take(MultiHeaders(*spelled.items())) == parse("USER_CREATED", BODY)


@pytest.mark.parametrize("name", ["BI-Signature", "BI-Signature-Date"])
def test_headers_are_there_once(headers, name):
    twice = MultiHeaders(*headers.items(), (name.lower(), headers[name]))
    with pytest.raises(PowensWebhookError, match=f"^the header {name} is there more than once$"):
        take(twice)
    with pytest.raises(PowensWebhookError, match=f"^the header {name} is missing$"):
        take({key: value for key, value in headers.items() if key != name})


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "/powens/user-deleted"},
        {"secret": "another"},
        {"body": BODY + b" "},
        {"body": b""},
        {"method": "PUT"},
        {"max_age": 3600},
        {"max_size": 10},
    ],
)
def test_what_is_not_in_order_is_not_received(headers, changes):
    with pytest.raises(PowensWebhookError):
        take(headers, **changes)
    assert take(headers).id_webhook_data == 9


def test_nothing_is_read_before_the_signature_holds(headers):
    with pytest.raises(PowensWebhookError, match="the signature does not hold"):
        take(headers, body=b"no JSON")


def test_a_wrong_event_shows_at_once():
    with pytest.raises(TypeError, match=r"^event must be"):
        receive(User, secret=SECRET, path=PATH, headers={}, body=b"")
