"""Webhooks in Django: a decorator for the view that receives them.

    from powens.webhooks.django import webhook

    @webhook(ConnectionSyncedEvent, secret=settings.POWENS_WEBHOOK_SECRET)
    def connection_synced(request: HttpRequest, event: ConnectionSyncedEvent) -> None:
        ...

Needs the extra `django`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar, cast, overload

from .._model import Model
from ._events import E, Event
from ._receiver import Receiver, SecretSource
from ._signature import MAX_SIZE

try:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase
    from django.views.decorators.csrf import csrf_exempt
except ModuleNotFoundError as _error:
    raise ImportError("powens.webhooks.django needs more: pip install 'powens[django]'") from _error

__all__ = ["webhook"]

P = ParamSpec("P")
E_co = TypeVar("E_co", covariant=True)
_Answer: TypeAlias = HttpResponseBase | None


class Decorator(Protocol[E_co]):
    """Makes a view of what takes a request, an event and the arguments of the URL."""

    @overload
    def __call__(
        self,
        view: Callable[Concatenate[HttpRequest, E_co, P], Coroutine[object, object, _Answer]],
        /,
    ) -> Callable[Concatenate[HttpRequest, P], Coroutine[object, object, HttpResponseBase]]: ...
    @overload
    def __call__(
        self, view: Callable[Concatenate[HttpRequest, E_co, P], _Answer], /
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]: ...


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
    """Hand the events of a webhook to a view, as its second argument.

    The view is exempt from the check for forged forms (CSRF), and may be `async`. One that returns
    None answers 204. What is refused is answered with 400 and nothing else, and the logger
    `powens.webhooks` says why.

    Args:
        event: The event that the URL is registered for: its model, such as `ConnectionSyncedEvent`,
            or its name, such as `CONNECTION_SYNCED`.
        secret: `secret_key` of the auth provider; several while one replaces the other; or a
            function that gives them for each request.
        path: Path of the registered URL, as it stands in the console, where that is not the path
            of the request.
        max_age: Most seconds between the date of the webhook and now; None is no limit.
        max_size: Most bytes of a body, also when it is unpacked. It stands in for
            `DATA_UPLOAD_MAX_MEMORY_SIZE`, which is less than a first synchronisation has.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: There is no secret, or an argument makes no sense.
    """
    receiver = Receiver(event=event, secret=secret, path=path, max_age=max_age, max_size=max_size)

    def decorate(
        view: Callable[Concatenate[HttpRequest, Event, P], _Answer | Awaitable[_Answer]],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase | Awaitable[HttpResponseBase]]:
        if inspect.iscoroutinefunction(view):
            async_view = cast("Callable[..., Awaitable[_Answer]]", view)

            @csrf_exempt
            @functools.wraps(view)
            async def async_receive(
                request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
            ) -> HttpResponseBase:
                received = _receive(receiver, request)
                if received is None:
                    return HttpResponse(status=400)
                return _or_nothing(await async_view(request, received, *args, **kwargs))

            return async_receive
        plain_view = cast("Callable[..., _Answer]", view)

        @csrf_exempt
        @functools.wraps(view)
        def receive(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            received = _receive(receiver, request)
            if received is None:
                return HttpResponse(status=400)
            return _or_nothing(plain_view(request, received, *args, **kwargs))

        return receive

    return decorate


def _receive(receiver: Receiver, request: HttpRequest) -> Event | None:
    # Not by `request.body`, which Django limits to less than a first synchronisation has.
    body = bytearray()
    while len(body) <= receiver.max_size and (
        piece := request.read(receiver.max_size + 1 - len(body))
    ):
        body += piece
    return receiver.receive(
        path=request.path, headers=request.headers, body=bytes(body), method=request.method or ""
    )


def _or_nothing(answer: _Answer) -> HttpResponseBase:
    return HttpResponse(status=204) if answer is None else answer
