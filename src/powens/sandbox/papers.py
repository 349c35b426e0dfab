"""Documents: what a subscription holds, what clients sent, and the files behind both.

The documents of a subscription follow from it and the sandbox's clock. Only what clients changed
or deleted is kept, and no file is: each is made anew as it is asked for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final, TypeAlias

from powens.sandbox import dice, files
from powens.sandbox.bank import currency
from powens.sandbox.forms import File
from powens.sandbox.state import Account, Connection, Subscription, Upload, User, World
from powens.sandbox.wire import JsonObject

DOCUMENT_TYPES: Final = (
    "zimage", "pdf", "odt", "bill", "RIB", "statement", "contract", "notice", "report", "other",
    "income_tax", "kiid", "certificate", "identity", "payslip", "exchange_statement",
    "bill_debit_advice",
)  # fmt: skip

TYPE_IDS: Final = {name: number for number, name in enumerate(DOCUMENT_TYPES, start=1)}

_PER_SUBSCRIPTION: Final = 10_000  # ids are `subscription id * _PER_SUBSCRIPTION + number`
_STATEMENTS: Final = 12
_UNDEFINED_CATEGORY: Final = 9998
_FEES: Final = {"total_amount": 3600, "untaxed_amount": 3000, "vat": 600}  # cents

_MakeFile: TypeAlias = Callable[[], File]


@dataclass(frozen=True, slots=True)
class Yearly:
    """A document of every year: its number, and when in the year it comes.

    Attributes:
        size: The bytes of its PDF; None is a web page instead, 0 no file at all.
        amounts: Its amounts in cents, by name.
    """

    number: int
    kind: str
    name: str
    month: int
    size: int | None
    amounts: dict[str, int] | None = None


YEARLY: Final = (
    Yearly(9001, "RIB", "RIB", 1, 3_200),
    Yearly(9002, "bill", "Cotisation annuelle", 1, 41_000, _FEES),
    Yearly(9003, "report", "Rapport annuel", 3, 5_400_000),
    Yearly(9004, "notice", "Conditions tarifaires", 6, None),
    Yearly(9005, "certificate", "Attestation annuelle", 12, 0),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its fields but for the addresses, and how to make its file if it has one."""

    fields: JsonObject
    make_file: _MakeFile | None

    @property
    def id(self) -> int:
        """Its number."""
        number: int = self.fields["id"]
        return number

    def thumbnail(self) -> File:
        """A picture of it."""
        name: str = self.fields["name"] or "document"
        return File(f"{name}.svg", "image/svg+xml", files.svg(name))

    def view(self, base_url: str) -> JsonObject:
        """The document, as a client at that base URL sees it."""
        own = f"{base_url}/users/{self.fields['id_user']}/documents/{self.id}"
        has_file = self.make_file is not None
        return self.fields | {
            "url": f"{own}/file" if has_file else None,
            "thumb_url": f"{own}/thumbnail" if has_file else None,
        }


def papers(world: World, user: User) -> Iterator[Paper]:
    """All documents of a user."""
    for connection in user.connections.values():
        for subscription in connection.subscriptions.values():
            yield from papers_of(world, connection, subscription)
    yield from (_uploaded(each) for each in user.uploads.values())


def papers_of(world: World, connection: Connection, subscription: Subscription) -> Iterator[Paper]:
    """The documents of a subscription; none unless it is enabled."""
    account = subscription.account
    if subscription.disabled is not None or account is None:
        return
    today = world.clock.now.date()
    month = today.replace(day=1)
    for _ in range(_STATEMENTS):
        day = month - timedelta(days=1)
        month = day.replace(day=1)
        number = (day.year - 2000) * 12 + day.month
        size = 18_000 + dice.key(world.seed, subscription.id, number) % 60_000
        yield from _kept(
            subscription,
            _collected(connection, subscription, number, "statement", f"Relevé {day:%Y-%m}", day),
            _pdf(f"Relevé {day:%Y-%m}", size),
        )
    for each in YEARLY:
        year = today.year if each.month <= today.month else today.year - 1
        name, day = f"{each.name} {year}", date(year, each.month, 15)
        fields = _collected(connection, subscription, each.number, each.kind, name, day)
        if each.amounts:
            fields |= _amounts(account, each.amounts, day)
        yield from _kept(subscription, fields, _file(name, each.size))


def statement_of(subscription: Subscription, day: date) -> int:
    """The number of the statement in which a movement of that day is."""
    return subscription.id * _PER_SUBSCRIPTION + (day.year - 2000) * 12 + day.month


def edit(user: User, paper: Paper, changes: JsonObject) -> None:
    """Change what is known of a document."""
    if paper.id in user.uploads:
        user.uploads[paper.id].fields |= changes
    else:
        subscription = _subscription(user, paper)
        subscription.edits[paper.id] = subscription.edits.get(paper.id, {}) | changes


def delete(user: User, paper: Paper) -> None:
    """Delete a document."""
    if paper.id in user.uploads:
        del user.uploads[paper.id]
    else:
        _subscription(user, paper).gone.add(paper.id)


def blank(user_id: int, number: int, now: datetime) -> JsonObject:
    """Every key of a document but the addresses, with nothing in most of them."""
    return {
        "id": number,
        "id_user": user_id,
        "id_subscription": None,
        "id_type": None,
        "id_file": None,
        "id_thumbnail": None,
        "id_category": _UNDEFINED_CATEGORY,
        "name": None,
        "type": None,
        "date": None,
        "rdate": None,
        "timestamp": str(now),
        "duedate": None,
        "total_amount": None,
        "untaxed_amount": None,
        "vat": None,
        "income": None,
        "readonly": False,
        "number": None,
        "issuer": None,
        "last_update": str(now),
        "has_file_on_website": False,
        "currency": None,
    }


def _collected(
    connection: Connection,
    subscription: Subscription,
    number: int,
    kind: str,
    name: str,
    day: date,
) -> JsonObject:
    paper = subscription.id * _PER_SUBSCRIPTION + number
    seen = subscription.last_update or connection.created
    return blank(subscription.user_id, paper, seen) | {
        "id_subscription": subscription.id,
        "id_type": TYPE_IDS[kind],
        "name": name,
        "type": kind,
        "date": f"{day} 00:00:00",
        "rdate": str(day),
        "readonly": True,
        "number": f"{subscription.number}-{number:04d}",
        "issuer": connection.connector.bank.name,
        "currency": currency(subscription.account.blueprint.currency)
        if subscription.account
        else None,
    }


def _amounts(account: Account, cents: dict[str, int], day: date) -> JsonObject:
    amounts: dict[str, Decimal] = {
        name: account.ledger.amount(value) for name, value in cents.items()
    }
    return amounts | {"duedate": str(day + timedelta(days=30)), "income": False}


def _kept(
    subscription: Subscription, fields: JsonObject, make_file: _MakeFile | None
) -> Iterator[Paper]:
    """The document as clients left it, unless they deleted it."""
    number: int = fields["id"]
    if number in subscription.gone:
        return
    fields |= subscription.edits.get(number, {})
    if make_file is not None:
        fields |= {"id_file": 2 * number, "id_thumbnail": 2 * number + 1}
        fields["has_file_on_website"] = True
    yield Paper(fields, make_file)


def _uploaded(upload: Upload) -> Paper:
    file = upload.file
    return Paper(upload.fields, None if file is None else lambda: file)


def _file(name: str, size: int | None) -> _MakeFile | None:
    if size == 0:
        return None
    return _pdf(name, size) if size else partial(_html, name)


def _pdf(name: str, size: int) -> _MakeFile:
    return lambda: File(f"{name}.pdf", "application/pdf", files.pdf(name, size))


def _html(name: str) -> File:
    return File(f"{name}.html", "text/html", files.html(name))


def _subscription(user: User, paper: Paper) -> Subscription:
    number: int = paper.fields["id_subscription"]
    return next(
        each.subscriptions[number]
        for each in user.connections.values()
        if number in each.subscriptions
    )
