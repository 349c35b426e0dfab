"""The kinds of steps a visit is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from powens.sandbox.payments import Payment
from powens.sandbox.state import Connection, Connector
from powens.sandbox.webview.pages import Answers, Page
from powens.sandbox.webview.visit import Visit

# What a button does; an address is where the person goes instead of to the next page.
Action: TypeAlias = Callable[[Visit, Answers], str | None]


@dataclass(frozen=True)
class Screen:
    """A page: what it shows, and what its buttons do."""

    show: Callable[[Visit], Page]
    actions: Mapping[str, Action]


def connector_of(visit: Visit) -> Connector:
    """The bank that the page is about."""
    if visit.connector is None:
        raise LookupError("no bank is chosen")
    return visit.connector


def connection_of(visit: Visit) -> Connection:
    """The connection that the page is about."""
    if visit.connection is None:
        raise LookupError("there is no connection")
    return visit.connection


def payment_of(visit: Visit) -> Payment:
    """The payment that the page is about."""
    if visit.payment is None:
        raise LookupError("there is no payment")
    return visit.payment
