"""Webhooks: whether one is from Powens, and what it says.

    from powens.models import ConnectionSyncedEvent
    from powens.webhooks import receive

    event = receive(
        ConnectionSyncedEvent,
        secret="...",
        path="/powens/connection-synced",  # of the URL that is registered for this event
        headers=request.headers,
        body=request.body,  # as it came, byte for byte
    )

`receive` does what `verify` and `parse` do. Nothing here knows a framework: that is for
`powens.webhooks.django`, `powens.webhooks.flask` and `powens.webhooks.starlette`.
Documentation: https://docs.powens.com/documentation/integration-guides/webhooks
"""

from __future__ import annotations

from ._events import Event, KnownEvent, UnknownEvent, parse
from ._receiver import Headers, receive
from ._signature import (
    DATE_HEADER,
    MAX_SIZE,
    SIGNATURE_HEADER,
    HeaderValue,
    Secret,
    verify,
)

__all__ = [
    "DATE_HEADER",
    "MAX_SIZE",
    "SIGNATURE_HEADER",
    "Event",
    "HeaderValue",
    "Headers",
    "KnownEvent",
    "Secret",
    "UnknownEvent",
    "parse",
    "receive",
    "verify",
]
