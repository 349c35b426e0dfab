"""Webhooks as Powens would send them."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping

from attrs import field, frozen

from .._checks import check_kind
from .._codec import encode
from .._model import Model
from ..webhooks import DATE_HEADER, SIGNATURE_HEADER, UnknownEvent
from ..webhooks._events import find_model
from ..webhooks._signature import check_path, read_secret
from ._builders import build


@frozen(kw_only=True)
class SignedWebhook:
    """A webhook as it arrives.

    Attributes:
        path: Path of the registered URL.
        headers: What the request carries beside its body.
        body: The body, byte for byte.
        method: Method of the request.
    """

    path: str
    headers: Mapping[str, str] = field(hash=False)
    body: bytes = field(repr=False)
    method: str = "POST"


def sign_webhook(
    secret: str,
    event: Model | type[Model] | str,
    *,
    path: str,
    body: bytes | None = None,
    date: dt.datetime | str | None = None,
    method: str = "POST",
) -> SignedWebhook:
    """Sign a webhook as Powens does, to send it to the application under test.

    Args:
        secret: `secret_key` of the auth provider, as the application knows it.
        event: The event: a model of it, or its class or its name, which is built then.
        path: Path of the URL that the application has registered for the event.
        body: What to send in place of the event, such as bytes that are no event.
        date: When it was sent; by default now.
        method: Method of the request.

    Returns:
        The headers and the body that `powens.webhooks.verify` accepts.

    Raises:
        TypeError: An argument is of the wrong type, or the event is none.
        ValueError: The secret is empty, the path is none, the reference does not list the event,
            or the date has no offset.
    """
    check_kind("secret", secret, str)
    (key,) = read_secret(secret)
    check_path(path)
    content = _body(event) if body is None else body
    check_kind("body", content, bytes)
    sent = dt.datetime.now(dt.UTC) if date is None else date
    moment = sent if isinstance(sent, str) else _spell(sent)
    message = f"{method.upper()}.{path}.{moment}.".encode() + content
    digest = hmac.digest(key, message, hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        DATE_HEADER: moment,
        SIGNATURE_HEADER: base64.b64encode(digest).decode(),
    }
    return SignedWebhook(path=path, headers=headers, body=content, method=method)


def _body(event: Model | type[Model] | str) -> bytes:
    if isinstance(event, UnknownEvent):
        return encode(event.data)
    if isinstance(event, Model):
        find_model(type(event))
        return encode(event)
    model = find_model(event)
    if model is None:
        raise ValueError(f"the reference lists no event {event}: give its body")
    return encode(build(model))


def _spell(date: dt.datetime) -> str:
    if date.tzinfo is None:
        raise ValueError("date must have an offset, such as that of datetime.UTC")
    return date.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
