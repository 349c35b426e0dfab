"""Signed webhooks are taken by what receives them."""

from __future__ import annotations

import datetime as dt

import pytest

from powens import PowensWebhookError, User, UserDeletedEvent, WebhookEvent
from powens.testing import body_of, build, sign_webhook
from powens.webhooks import UnknownEvent, parse, receive, verify
from powens.webhooks._events import _MODELS

SECRET, PATH = "secret-c4n4ry", "/powens/hook"
LOCAL = dt.datetime.fromisoformat("2026-01-30T05:10:00")


def take(event, webhook, **given):
    given = {"secret": SECRET, "path": PATH, "max_age": 60, **given}
    return receive(event, headers=webhook.headers, body=webhook.body, **given)


@pytest.mark.parametrize("event", WebhookEvent)
def test_every_event_is_taken_by_name_model_and_class(event):
    model = _MODELS[event]
    for given in (event, str(event.value), model, build(model)):
        assert take(event, sign_webhook(SECRET, given, path=PATH)) == build(model)


def test_the_event_is_the_one_that_is_given():
    gone = build(UserDeletedEvent, id=7, id_webhook_data=99)
    webhook = sign_webhook(SECRET, gone, path=PATH)
    assert webhook.body == body_of(gone)
    assert (webhook.path, webhook.method) == (PATH, "POST")
    assert parse(UserDeletedEvent, webhook.body) == gone


def test_the_signature_is_that_of_the_reference():
    date, body = "2022-06-27T11:08:52.577831Z", b'{"id": 1, "state": "done"}'
    webhook = sign_webhook(
        "secret-key", "PAYMENT_STATE_UPDATED", path="/v1/webhook-listener", date=date, body=body
    )
    assert webhook.headers == {
        "Content-Type": "application/json",
        "BI-Signature-Date": date,
        "BI-Signature": "D3cVwa3Q2OpUSjfVdrWjBgySupIPrwMZKTNPVmQXq9M=",
    }


def test_what_was_changed_is_refused():
    webhook = sign_webhook(SECRET, "USER_DELETED", path=PATH)
    for change in ({"secret": "other"}, {"path": "/other"}, {"method": "PUT"}):
        with pytest.raises(PowensWebhookError, match="the signature does not hold"):
            take("USER_DELETED", webhook, **change)
    webhook = sign_webhook(SECRET, "USER_DELETED", path=PATH, method="put")
    assert take("USER_DELETED", webhook, method="PUT") == build(UserDeletedEvent)


def test_what_is_no_event_can_be_signed_too():
    webhook = sign_webhook(SECRET, "USER_DELETED", path=PATH, body=b"no JSON")
    with pytest.raises(PowensWebhookError, match="the body is not that of USER_DELETED"):
        take("USER_DELETED", webhook)


def test_an_old_one_is_old():
    zone = dt.timezone(dt.timedelta(hours=2))
    webhook = sign_webhook(
        SECRET, "USER_DELETED", path=PATH, date=dt.datetime(2026, 1, 30, 5, 10, tzinfo=zone)
    )
    assert webhook.headers["BI-Signature-Date"] == "2026-01-30T03:10:00Z"
    assert take("USER_DELETED", webhook, max_age=None)
    with pytest.raises(PowensWebhookError, match="the webhook is old"):
        take("USER_DELETED", webhook)


def test_an_event_of_tomorrow():
    event = UnknownEvent(event="USER_RENAMED", data={"id": 7})
    assert take("USER_RENAMED", sign_webhook(SECRET, event, path=PATH)) == event
    webhook = sign_webhook(SECRET, "USER_RENAMED", path=PATH, body=b'{"id": 7}')
    assert take("USER_RENAMED", webhook) == event


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"secret": ""}, ValueError, "secret must not be empty"),
        ({"secret": ["a", "b"]}, TypeError, "secret must be a str"),
        ({"path": "hook"}, ValueError, "path must begin with a slash"),
        ({"event": "USER_RENAMED"}, ValueError, "lists no event USER_RENAMED: give its body"),
        ({"event": build(User)}, TypeError, "event must be a model of an event"),
        ({"event": User}, TypeError, "event must be a model of an event"),
        ({"event": 7}, TypeError, "event must be a model of an event"),
        ({"body": "text"}, TypeError, "body must be a bytes"),
        ({"date": LOCAL}, ValueError, "date must have an offset"),
    ],
)
def test_misuse_is_said(given, error, text):
    arguments = {"secret": SECRET, "event": "USER_DELETED", "path": PATH} | given
    with pytest.raises(error, match=text) as caught:
        sign_webhook(arguments.pop("secret"), arguments.pop("event"), **arguments)
    assert SECRET not in str(caught.value)


def test_its_parts_are_what_verify_takes():
    webhook = sign_webhook(SECRET, "USER_DELETED", path=PATH)
    verify(
        [SECRET, "another"],
        path=webhook.path,
        date=webhook.headers["BI-Signature-Date"],
        signature=webhook.headers["BI-Signature"],
        body=webhook.body,
    )
