"""Webhooks in Flask: a decorator for the view that receives them.

    from powens.webhooks.flask import webhook

    @app.post("/powens/connection-synced")
    @webhook(ConnectionSyncedEvent, secret=SECRET)
    def connection_synced(event: ConnectionSyncedEvent) -> None:
        ...

Needs the extra `flask`.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar, overload

from .._model import Model
from ._events import E, Event
from ._receiver import Receiver, SecretSource
from ._signature import MAX_SIZE, too_large

try:
    from flask import Response, current_app, request
    from flask.typing import ResponseReturnValue
    from werkzeug.exceptions import RequestEntityTooLarge
except ModuleNotFoundError as _error:
    raise ImportError("powens.webhooks.flask needs more: pip install 'powens[flask]'") from _error

__all__ = ["webhook"]

P = ParamSpec("P")
E_co = TypeVar("E_co", covariant=True)
_Answer: TypeAlias = ResponseReturnValue | None


class Decorator(Protocol[E_co]):
    """Makes a view of what takes an event and the arguments of the URL."""

    def __call__(
        self, view: Callable[Concatenate[E_co, P], _Answer | Awaitable[_Answer]], /
    ) -> Callable[P, ResponseReturnValue]:
        """Decorate."""
        ...


@overload
def webhook(
    event: type[E],
    *,
    secret: SecretSource,
    path: str | None = None,
    max_age: float | None = None,
    max_size: int = MAX_SIZE,
) -> Decorator[E]: ...
@overload
def webhook(
    event: str,
    *,
    secret: SecretSource,
    path: str | None = None,
    max_age: float | None = None,
    max_size: int = MAX_SIZE,
) -> Decorator[Event]: ...
def webhook(
    event: type[Model] | str,
    *,
    secret: SecretSource,
    path: str | None = None,
    max_age: float | None = None,
    max_size: int = MAX_SIZE,
) -> object:
    """Hand the events of a webhook to a view, as its first argument.

    A view that returns None answers 204. What is refused is answered with 400 and nothing else,
    and the logger `powens.webhooks` says why.

    Args:
        event: The event that the URL is registered for: its model, such as `ConnectionSyncedEvent`,
            or its name, such as `CONNECTION_SYNCED`.
        secret: `secret_key` of the auth provider; several while one replaces the other; or a
            function that gives them for each request, such as `lambda: app.config["..."]`.
        path: Path of the registered URL, as it stands in the console, where that is not the path
            of the request.
        max_age: Most seconds between the date of the webhook and now; None is no limit.
        max_size: Most bytes of a body, also when it is unpacked. It stands in for the
            `MAX_CONTENT_LENGTH` of the app.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: There is no secret, or an argument makes no sense.
    """
    receiver = Receiver(event=event, secret=secret, path=path, max_age=max_age, max_size=max_size)

    def decorate(
        view: Callable[Concatenate[Event, P], _Answer | Awaitable[_Answer]],
    ) -> Callable[P, ResponseReturnValue]:
        @functools.wraps(view)
        def receive(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            received = _receive(receiver)
            if received is None:
                return Response(status=400)
            answer: _Answer = current_app.ensure_sync(view)(received, *args, **kwargs)
            return Response(status=204) if answer is None else answer

        return receive

    return decorate


def _receive(receiver: Receiver) -> Event | None:
    request.max_content_length = receiver.max_size
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        receiver.log_refusal(too_large(receiver.max_size))
        return None
    return receiver.receive(
        path=request.script_root + request.path,
        headers=request.headers,
        body=body,
        method=request.method,
    )
