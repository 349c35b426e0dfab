# Generated from src/powens/_async/session.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""What resources send with: the shared transport and the options of one client or view."""

from __future__ import annotations

from typing import TypeVar

from .._codec import decode
from .._options import App, Options
from .._wire import BaseURL, Request, Response
from .transport import Transport, now

T = TypeVar("T")


class Session:
    """The options of a client or view, over the transport that it shares with others."""

    def __init__(self, transport: Transport, options: Options, app: App) -> None:
        self.transport = transport
        self.options = options
        self.app = app

    @property
    def base_url(self) -> BaseURL:
        """Where the API is."""
        return self.transport.base_url

    def snapshot(self) -> Session:
        """Take the options as they are now, for what must not follow later changes."""
        return Session(self.transport, self.options, self.app)

    def deadline_from_now(self) -> float | None:
        """Give the time at which a call that begins now must have ended."""
        return None if self.options.deadline is None else now() + self.options.deadline

    def send(self, request: Request, *, until: float | None = None) -> Response:
        """Send a request and return its successful answer."""
        if until is None:
            until = self.deadline_from_now()
        return self.transport.send(request, self.options, until=until)

    def fetch(self, model: type[T], request: Request, *, until: float | None = None) -> T:
        """Send a request and read its answer as a `model`."""
        response = self.send(request, until=until)
        return decode(response.content, model)
