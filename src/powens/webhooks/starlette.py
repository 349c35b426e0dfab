"""Webhooks in Starlette and FastAPI: a decorator for the endpoint that receives them.

    from powens.webhooks.starlette import webhook

    @app.post("/powens/connection-synced")
    @webhook(ConnectionSyncedEvent, secret=SECRET)
    async def connection_synced(request: Request, event: ConnectionSyncedEvent) -> None:
        ...

Needs the extra `starlette`.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeVar, overload

from .._model import Model
from ._events import E, Event
from ._receiver import Receiver, SecretSource
from ._signature import MAX_SIZE

try:
    from starlette.requests import Request
    from starlette.responses import Response
except ModuleNotFoundError as _error:
    raise ImportError(
        "powens.webhooks.starlette needs more: pip install 'powens[starlette]'"
    ) from _error

__all__ = ["webhook"]

_NAMES: Final = ("__module__", "__name__", "__qualname__", "__doc__")

E_co = TypeVar("E_co", covariant=True)


class Decorator(Protocol[E_co]):
    """Makes an endpoint of what takes a request and an event."""

    def __call__(
        self, endpoint: Callable[[Request, E_co], Awaitable[Response | None]], /
    ) -> Callable[[Request], Awaitable[Response]]:
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
    """Hand the events of a webhook to an endpoint, as its second argument.

    An endpoint that returns None answers 204. What is refused is answered with 400 and nothing
    else, and the logger `powens.webhooks` says why.

    Args:
        event: The event that the URL is registered for: its model, such as `ConnectionSyncedEvent`,
            or its name, such as `CONNECTION_SYNCED`.
        secret: `secret_key` of the auth provider; several while one replaces the other; or a
            function that gives them for each request.
        path: Path of the registered URL, as it stands in the console, where that is not the path
            of the request.
        max_age: Most seconds between the date of the webhook and now; None is no limit.
        max_size: Most bytes of a body, also when it is unpacked. No more than that is read.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: There is no secret, or an argument makes no sense.
    """
    receiver = Receiver(event=event, secret=secret, path=path, max_age=max_age, max_size=max_size)

    def decorate(
        endpoint: Callable[[Request, Event], Awaitable[Response | None]],
    ) -> Callable[[Request], Awaitable[Response]]:
        async def receive(request: Request) -> Response:
            received = await _receive(receiver, request)
            if received is None:
                return Response(status_code=400)
            return await endpoint(request, received) or Response(status_code=204)

        functools.update_wrapper(receive, endpoint, _NAMES, ())
        # FastAPI looks there for what the endpoint takes, and would ask the body for the event.
        del vars(receive)["__wrapped__"]
        return receive

    return decorate


async def _receive(receiver: Receiver, request: Request) -> Event | None:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > receiver.max_size:
            break
    return receiver.receive(
        path=request.url.path, headers=request.headers, body=bytes(body), method=request.method
    )
