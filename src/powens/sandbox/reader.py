"""Reading an object that a client sends, with refusals that name the place."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import cast
from urllib.parse import urlsplit

from powens.sandbox.wire import JsonObject, bad_value, missing

_MOST = Decimal(10**12)


@dataclass(frozen=True, slots=True)
class Reader:
    """An object of a request, and where in the request it stands. Null is the same as absent."""

    values: JsonObject
    place: str = ""

    def where(self, name: str) -> str:
        """The name of a value, from the top of the request."""
        return f"{self.place}.{name}" if self.place else name

    def has(self, name: str) -> bool:
        """Whether there is a value."""
        return self.values.get(name) not in (None, "")

    def needs(self, *names: str) -> None:
        """Refuse an object that lacks one of these values."""
        for name in names:
            if not self.has(name):
                raise missing(self.where(name))

    def text(self, name: str, most: int | None = None) -> str | None:
        """A text of at most so many characters."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or (most is not None and len(value) > most):
            raise bad_value(self.where(name))
        return value

    def choice(self, name: str, allowed: Collection[str]) -> str | None:
        """One of these words."""
        value = self.text(name) or None
        if value is not None and value not in allowed:
            raise bad_value(self.where(name))
        return value

    def boolean(self, name: str) -> bool | None:
        """True or false."""
        value = self.values.get(name)
        if not isinstance(value, bool | None):
            raise bad_value(self.where(name))
        return value

    def day(self, name: str) -> date | None:
        """A date."""
        value = self.text(name)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError:
            raise bad_value(self.where(name)) from None

    def amount(self, name: str, precision: int) -> Decimal:
        """A sum of money above zero, as a number or as text, with no more digits than there are."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            raise bad_value(self.where(name))
        try:
            amount = Decimal(value)
        except InvalidOperation:
            raise bad_value(self.where(name)) from None
        fits = amount.is_finite() and 0 < amount < _MOST
        if not fits or amount != amount.quantize(Decimal(1).scaleb(-precision)):
            raise bad_value(self.where(name))
        return amount

    def address(self, name: str, *, query: bool = True) -> str | None:
        """An absolute address, with or without a query."""
        value = self.text(name)
        if value is None:
            return None
        try:
            parts = urlsplit(value)
        except ValueError:
            raise bad_value(self.where(name)) from None
        if not (value.isascii() and value.isprintable() and " " not in value):
            raise bad_value(self.where(name))
        if not parts.scheme or not (parts.netloc or parts.path) or (parts.query and not query):
            raise bad_value(self.where(name))
        return value

    def inner(self, name: str) -> "Reader | None":
        """An object within this one."""
        value = self.values.get(name)
        return None if value is None else _reader(self.where(name), value)

    def items(self, name: str) -> list["Reader"]:
        """The objects of a list that has at least one."""
        value = self.values.get(name)
        if not isinstance(value, list) or not value:
            raise bad_value(self.where(name))
        return [
            _reader(f"{self.where(name)}[{place}]", item)
            for place, item in enumerate(cast("list[object]", value))
        ]


def _reader(place: str, value: object) -> Reader:
    if not isinstance(value, dict):
        raise bad_value(place)
    return Reader(cast("JsonObject", value), place)
