"""From a request to an event, and what the adapters for frameworks stand on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Final, Protocol, TypeAlias, overload

from attrs import field, frozen

from .._checks import check_count, check_seconds
from .._model import Model
from ..exceptions import PowensWebhookError
from ._events import E, Event, find_model, name_of, read_event
from ._signature import (
    DATE_HEADER,
    MAX_SIZE,
    SIGNATURE_HEADER,
    Secret,
    check_path,
    read_secret,
    verify,
)

_log: Final = logging.getLogger("powens.webhooks")

SecretSource: TypeAlias = Secret | Callable[[], Secret]
"""A secret, or what gives it for each request."""


class Headers(Protocol):
    """The headers of a request: a mapping, or one that has several values for a name."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Give the names, in any case, and the values."""
        ...


@overload
def receive(
    event: type[E],
    *,
    secret: Secret,
    path: str,
    headers: Headers,
    body: bytes,
    method: str = "POST",
    max_age: float | None = None,
    max_size: int = MAX_SIZE,
) -> E: ...
@overload
def receive(
    event: str,
    *,
    secret: Secret,
    path: str,
    headers: Headers,
    body: bytes,
    method: str = "POST",
    max_age: float | None = None,
    max_size: int = MAX_SIZE,
) -> Event: ...
def receive(
    event: type[Model] | str,
    *,
    secret: Secret,
    path: str,
    headers: Headers,
    body: bytes,
    method: str = "POST",
    max_age: float | None = None,
    max_size: int = MAX_SIZE,
) -> Event:
    """Check that a webhook is from Powens, and read it: `verify`, then `parse`.

    Args:
        event: The event that the URL is registered for: its model, such as `ConnectionSyncedEvent`,
            or its name, such as `CONNECTION_SYNCED`.
        secret: `secret_key` of the auth provider; several while one replaces the other.
        path: Path of the registered URL, as it stands in the console.
        headers: Headers of the request: a mapping, or a multi-mapping of the framework.
        body: The body as it came, byte for byte.
        method: Method of the request.
        max_age: Most seconds between the date of the webhook and now; None is no limit.
        max_size: Most bytes that the body may have, also when it is unpacked.

    Returns:
        The event.

    Raises:
        PowensWebhookError: The webhook is refused. The text is for you; tell the sender nothing.
        TypeError: An argument is of the wrong type.
        ValueError: There is no secret, or an argument makes no sense.
    """
    receiver = Receiver(event=event, secret=secret, path=path, max_age=max_age, max_size=max_size)
    return receiver.take(path=path, headers=headers, body=body, method=method)


@frozen(kw_only=True)
class Receiver:
    """Receives the webhooks of one URL, for an adapter. A wrong setting shows when it is made.

    Args:
        event: The event that the URL is registered for: its model or its name.
        secret: The secret, several, or a function that gives them for each request.
        path: Path of the registered URL, where it is not that of the request.
        max_age: Most seconds between the date of a webhook and now; None is no limit.
        max_size: Most bytes of a body, also when it is unpacked.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: There is no secret, or an argument makes no sense.
    """

    event: type[Model] | str
    # Tools that show the variables of a frame show this object, not what is in it.
    secret: SecretSource = field(repr=False)
    path: str | None
    max_age: float | None
    max_size: int

    def __attrs_post_init__(self) -> None:
        find_model(self.event)
        if not callable(self.secret):
            read_secret(self.secret)
        if self.path is not None:
            check_path(self.path)
        check_seconds("max_age", self.max_age)
        check_count("max_size", self.max_size, least=1)

    def take(self, *, path: str, headers: Headers, body: bytes, method: str) -> Event:
        """Take a webhook.

        Raises:
            PowensWebhookError: It is refused.
        """
        verify(
            self.secret() if callable(self.secret) else self.secret,
            path=path if self.path is None else self.path,
            date=_values(headers, DATE_HEADER),
            signature=_values(headers, SIGNATURE_HEADER),
            body=body,
            method=method,
            max_age=self.max_age,
            max_size=self.max_size,
        )
        return read_event(self.event, body, self.max_size)

    def receive(self, *, path: str, headers: Headers, body: bytes, method: str) -> Event | None:
        """Take a webhook, or write into the log why it is refused.

        Args:
            path: Path of the request.
            headers: Its headers.
            body: Its body as it came; of one that is too large it need not be all.
            method: Its method.

        Returns:
            The event; None when the webhook is refused.
        """
        try:
            return self.take(path=path, headers=headers, body=body, method=method)
        except PowensWebhookError as error:
            self.log_refusal(error)
            return None

    def log_refusal(self, error: PowensWebhookError) -> None:
        """Write into the log why a webhook is refused."""
        _log.warning("a webhook for %s was refused: %s", name_of(self.event), error)


def _values(headers: Headers, name: str) -> list[str]:
    return [value for key, value in headers.items() if key.lower() == name.lower()]
