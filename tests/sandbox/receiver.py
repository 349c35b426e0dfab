"""An application that listens to webhooks, over real sockets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

from powens.webhooks import Event, parse, receive

from ..peer import Peer, Visit


class Hook(NamedTuple):
    """A webhook as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def name(self) -> str:
        """The event that the path stands for."""
        return self.path.rpartition("/")[2].upper().replace("-", "_")

    def read(self) -> Event:
        """What it says."""
        return parse(self.name, self.body)

    def verified(self, secret: str, **more: float) -> Event:
        """What it says, if it is signed with a secret."""
        return receive(
            self.name,
            secret=secret,
            method="POST",
            path=self.path,
            headers=self.headers,
            body=self.body,
            **more,
        )


class Receiver(Peer):
    """Keeps what it is sent, and answers as it is told.

    Args:
        answer: What to do for a webhook; by default it is accepted.
    """

    def __init__(self, answer: Callable[[Visit], None] | None = None) -> None:
        super().__init__(self._keep)
        self.hooks: list[Hook] = []
        self._answer = answer or accept
        self._came = threading.Condition()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.base_url.removesuffix("/2.0")

    @property
    def names(self) -> list[str]:
        """The events that came."""
        return [hook.name for hook in self.hooks]

    def of(self, name: str) -> list[Hook]:
        """What came of an event."""
        return [hook for hook in self.hooks if hook.name == name]

    def wait_for(self, count: int) -> list[Hook]:
        """The first webhooks, once there are so many."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.hooks) >= count, 10)
            return self.hooks[:count]

    def _keep(self, visit: Visit) -> None:
        with self._came:
            self.hooks.append(Hook(visit.line.split(" ")[1], visit.headers, visit.body))
            self._came.notify_all()
        self._answer(visit)


def accept(visit: Visit) -> None:
    """Accept a webhook."""
    visit.send(visit.head(204))


def status(number: int) -> Callable[[Visit], None]:
    """Answer with a status."""
    return lambda visit: visit.answer(b"", number)
