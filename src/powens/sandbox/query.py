"""Reading a query string: flags, bounds, pages, expands."""

import base64
import calendar
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeAlias, TypeVar

from powens.sandbox.wire import bad_value, missing

MAX_LIMIT = 1000

T = TypeVar("T")

Expand: TypeAlias = dict[str, "Expand"]

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_CALENDAR_BOUND = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_EXPAND_TOKEN = re.compile(r"[\[\],]|[^\[\],]+")
_MICROSECOND = timedelta(microseconds=1)
_CURSOR = struct.Struct(">2sBQQ")  # the mark, whether before, the place, the moment
_CURSOR_MARK = b"\xfb\xff"  # makes every cursor hold the characters that must be percent-encoded


class Query:
    """The parameters of one request, each read the way the API reads it."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self._params = params

    def flag(self, name: str) -> bool:
        """Whether a value-less flag is there: `?all`, `?all=` and `?all=true` mean the same."""
        return name in self._params

    def text(self, name: str) -> str | None:
        """A text, or None when the parameter is absent or empty."""
        return self._params.get(name) or None

    def required(self, name: str) -> str:
        """A text that has to be there."""
        value = self.text(name)
        if value is None:
            raise missing(name)
        return value

    def boolean(self, name: str) -> bool | None:
        """`true` or `false`, also written 1 or 0."""
        value = self.text(name)
        if value is None:
            return None
        if value.lower() not in _BOOLEANS:
            raise bad_value(name)
        return _BOOLEANS[value.lower()]

    def integer(self, name: str) -> int | None:
        """A count: zero or more."""
        value = self.text(name)
        if value is None:
            return None
        if not (value.isascii() and value.isdecimal() and len(value) < len(str(2**63))):
            raise bad_value(name)
        return int(value)

    def decimal(self, name: str) -> Decimal | None:
        """A finite number."""
        value = self.text(name)
        return None if value is None else _number(name, value)

    def amounts(self, name: str) -> frozenset[Decimal] | None:
        """The amounts of an exact filter: `12.5`, `12.5|-12.5`, or `±12.5` for either sign."""
        value = self.text(name)
        if value is None:
            return None
        found: set[Decimal] = set()
        for part in value.split("|"):
            number = _number(name, part.removeprefix("±"))
            found |= {number, -number} if part.startswith("±") else {number}
        return frozenset(found)

    def first_day(self, name: str) -> date | None:
        """The first day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
        bound = self._calendar_bound(name)
        return bound and bound[0]

    def last_day(self, name: str) -> date | None:
        """The last day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
        bound = self._calendar_bound(name)
        return bound and bound[1]

    def instant(self, name: str) -> datetime | None:
        """A datetime in SQL or ISO form; an offset is turned into UTC."""
        value = self.text(name)
        return None if value is None else parse_datetime(name, value)

    def choice(self, name: str, *allowed: str) -> str:
        """One of the allowed words, the first when none is given."""
        value = self._params.get(name) or allowed[0]
        if value not in allowed:
            raise bad_value(name)
        return value

    def expand(self) -> Expand:
        """The relations to deliver: `accounts,connector[countries]`."""
        return parse_expand(self._params.get("expand", ""))

    def page(self) -> "Page":
        """Where a page starts and how long it may be."""
        limit = self.integer("limit")
        return Page(self.integer("offset") or 0, None if limit is None else min(limit, MAX_LIMIT))

    def _calendar_bound(self, name: str) -> tuple[date, date] | None:
        value = self.text(name)
        if value is None:
            return None
        match = _CALENDAR_BOUND.fullmatch(value)
        if match is None:
            raise bad_value(name)
        year, month, day = (int(part or 0) for part in match.groups())
        try:
            last_month = month or 12
            last_day = day or calendar.monthrange(year, last_month)[1]
            return date(year, month or 1, day or 1), date(year, last_month, last_day)
        except ValueError:
            raise bad_value(name) from None


@dataclass(frozen=True, slots=True)
class Page:
    """A slice of a list; without a limit it is everything that is left."""

    offset: int
    limit: int | None

    def of(self, items: list[T]) -> list[T]:
        """The part of the list that is on this page."""
        end = None if self.limit is None else self.offset + self.limit
        return items[self.offset : end]


def parse_expand(text: str) -> Expand:
    """A tree of names from `a,b[c,d[e]]`; empty places are passed over."""
    root: Expand = {}
    path = [root]
    last: Expand | None = None
    for part in _EXPAND_TOKEN.findall(text):
        if part == "[":
            if last is None:
                raise bad_value("expand")
            path.append(last)
            last = None
        elif part == "]":
            if path.pop() is root:
                raise bad_value("expand")
            last = None
        elif part != ",":
            last = path[-1].setdefault(part.strip(), {})
    if len(path) > 1:
        raise bad_value("expand")
    return root


def parse_datetime(name: str, value: object) -> datetime:
    """A naive datetime from SQL or ISO text."""
    try:
        moment = datetime.fromisoformat(str(value))
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise bad_value(name) from None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a listing: the page that starts there, or the page that ends there.

    Attributes:
        place: The place.
        moment: When the listing was begun: it goes on without what has come since.
        before: Whether the page ends there.
    """

    place: int
    moment: datetime
    before: bool = False

    def encode(self) -> str:
        """The opaque text of the cursor."""
        moment = (self.moment - datetime.min) // _MICROSECOND  # noqa: DTZ901 - naive
        raw = _CURSOR.pack(_CURSOR_MARK, self.before, self.place, moment)
        return base64.b64encode(raw).decode()

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """The cursor of a link we gave out."""
        try:
            raw = base64.b64decode(text, validate=True)
            mark, before, place, ticks = _CURSOR.unpack(raw)
        except (ValueError, struct.error):
            raise bad_value("cursor") from None
        if mark != _CURSOR_MARK or before not in {0, 1}:
            raise bad_value("cursor")
        try:
            moment = datetime.min + ticks * _MICROSECOND  # noqa: DTZ901 - naive
        except OverflowError:
            raise bad_value("cursor") from None
        return cls(place, moment, bool(before))


def _number(name: str, value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise bad_value(name) from None
    if not number.is_finite():
        raise bad_value(name)
    return number
