# Generated from tests/_async/calls/__init__.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Tables of calls: what a method puts on the wire, and what it makes of the answer."""

from __future__ import annotations

from typing import NamedTuple

from powens import Pager


class Method(NamedTuple):
    """What holds for all calls of a method.

    The token is `sent` whenever there is one, and `needed` when the method refuses to go without;
    a `sent` of False never lets it go along.
    """

    answer: object
    result: object
    status: int = 200
    sent: bool = True
    needed: bool = True
    timeout: float = 30.0


class Call:
    """One call: `Call("users.get", "GET /users/7", user_id=7)`, with the JSON it sends if any."""

    def __init__(self, method: str, line: str, body: object = None, /, **arguments: object) -> None:
        self.method = method
        self.line = line
        self.body = body
        self.arguments = arguments

    def __str__(self) -> str:
        return f"{self.method}({', '.join(self.arguments)})"


def bound(client: object, method: str):
    """Find a method by its name below the client, such as `users.get`."""
    for name in method.split("."):
        client = getattr(client, name)
    return client


def perform(client: object, method: str, **arguments: object):
    """Make a call; of a listing, ask for the first page and give its envelope."""
    outcome = bound(client, method)(**arguments)
    if isinstance(outcome, Pager):
        page = outcome.first_page()
        return page.envelope
    return outcome
