"""What all models stand on: bounded amounts, open enums, lenient scalars, envelopes."""

from __future__ import annotations

import datetime as dt
import enum
import inspect
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    Generic,
    TypeAlias,
    TypeVar,
    cast,
    get_args,
    get_type_hints,
)

import attrs

DEPRECATED: Final = {"deprecated": True}
"""Metadata of a field that the reference calls deprecated and that is still sent."""

_MAX_EXPONENT: Final = 400
_AMOUNT: Final = "Decimal | None"
_SUMS: Final = "Mapping[str, Decimal | None] | None"

T = TypeVar("T")
Item = TypeVar("Item")


def check_amount(value: Decimal) -> Decimal:
    """Return `value` if it is a number one can calculate with.

    `NaN`, infinities and exponents such as `1e400000000`, which turn an innocent conversion into
    gigabytes, are no amounts.

    Raises:
        ValueError: It is not.
    """
    if value.is_finite() and -_MAX_EXPONENT < value.adjusted() < _MAX_EXPONENT:
        return value
    raise ValueError("not an amount")


def exact_amount(value: object) -> Decimal:
    """Make an amount of what a person writes; a float is refused, since it is not exact.

    Raises:
        TypeError: It is a float, or no number at all.
        ValueError: It is text, but no number.
    """
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        raise TypeError('an amount must be a Decimal, an int or a str such as "12.50"')
    try:
        return check_amount(Decimal(value))
    except InvalidOperation:
        raise ValueError("not an amount") from None


class Model:
    """Base of all models: immutable, compared by value, amounts checked however it is made."""

    __slots__ = ()

    # Fields that hold another spelling of a field, by the name of that field.
    _other_spellings: ClassVar[Mapping[str, str]] = {}

    # Fields that are None because most answers leave them out: these are quicker to make.
    _seldom_sent: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def reshape(cls, data: object) -> object:
        """Bring another form in which the API sends this object into the announced one.

        What is in neither form is given back as it is, for the decoder to refuse.
        """
        return data

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # attrs makes a class twice, the second time with slots and with all that the first one has.
        if "__attrs_attrs__" in vars(cls):
            if cls._seldom_sent:
                setattr(cls, "__attrs_pre_init__", _starter(cls, cls._seldom_sent))  # noqa: B010
            return
        annotations: dict[str, object] = {}
        for base in reversed(cls.__mro__):
            annotations |= inspect.get_annotations(base)
        amounts = [name for name, type_ in annotations.items() if type_ == _AMOUNT]
        sums = [name for name, type_ in annotations.items() if type_ == _SUMS]
        if amounts or sums or cls._other_spellings:
            # attrs and msgspec both call this name once the fields are set.
            finish = _finisher(amounts, sums, cls._other_spellings)
            setattr(cls, "__attrs_post_init__", finish)  # noqa: B010 - not declared

    def __reduce__(self) -> tuple[Any, ...]:
        return restore_model, (type(self), values_of(self))


def values_of(model: object) -> dict[str, object]:
    """Give the fields of a model and what they hold."""
    fields = attrs.fields(cast("type[Any]", type(model)))
    return {field.name: getattr(model, field.name) for field in fields}


def restore_model(model: type[T], values: Mapping[str, object]) -> T:
    """Make a model of what another version of it held.

    A field that was added since has its default, and one that is gone is left out. Pickles name
    this function, so it stays where it is.
    """
    fields = attrs.fields(cast("type[Any]", model))
    return model(**{field.alias: values[field.name] for field in fields if field.name in values})


def as_object(data: object) -> dict[str, object]:
    """Give the fields of a JSON object; what is none has no fields."""
    return cast("dict[str, object]", data) if isinstance(data, dict) else {}


def _starter(cls: type[Model], names: tuple[str, ...]) -> Callable[[Model], None]:
    """Make what sets the fields that are seldom sent.

    For each field that is left out, msgspec asks the new object for it, and the error that this
    raises takes ten times as long as to set it beforehand.
    """
    setters = [getattr(cls, name).__set__ for name in names]

    def start(self: Model) -> None:
        for set_field in setters:
            set_field(self, None)

    return start


def _finisher(
    amounts: list[str], sums: list[str], spellings: Mapping[str, str]
) -> Callable[[Model], None]:
    """Make what checks the amounts of a model, and settles what was spelled in another way."""
    check_amounts = _checker(amounts)
    if not sums and not spellings:
        return check_amounts

    def finish(self: Model) -> None:
        check_amounts(self)
        for name, other in spellings.items():
            value: object = getattr(self, other)
            if value is not None and getattr(self, name) is None:
                object.__setattr__(self, name, value)
                object.__setattr__(self, other, None)
        for name in sums:
            by_currency: Mapping[str, Decimal | None] | None = getattr(self, name)
            for amount in by_currency.values() if by_currency else ():
                if amount is not None:
                    check_amount(amount)

    return finish


def _checker(amounts: list[str]) -> Callable[[Model], None]:
    """Write `check_amount` out for each amount: it is asked for every row of every page."""
    lines = ["def check(self):", "    pass"]
    for name in amounts:
        lines += [
            f"    amount = self.{name}",
            "    if amount is not None and not (",
            "        amount.is_finite()",
            f"        and {-_MAX_EXPONENT} < amount.adjusted() < {_MAX_EXPONENT}",
            "    ):",
            "        check_amount(amount)",
        ]
    scope: dict[str, Any] = {"check_amount": check_amount}
    exec("\n".join(lines), scope)  # noqa: S102 - as attrs does; the names are those of fields
    check: Callable[[Model], None] = scope["check"]
    return check


if TYPE_CHECKING:
    Open: TypeAlias = T | str
    Flag: TypeAlias = bool
    Day: TypeAlias = dt.date
    Since: TypeAlias = dt.datetime | bool
else:
    # The decoder reads these at run time: each names a type that its hook knows how to make.

    class Open:
        """`Open[SomeEnum]`: a member of the enum, or a plain string that the enum does not know."""

        def __class_getitem__(cls, enum_type: type) -> type:
            return enum_type

    class _MadeByHook(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, cls.result)

    class Flag(metaclass=_MadeByHook):
        """A bool that the live API sends as 0 or 1."""

        result = bool

    class Day(metaclass=_MadeByHook):
        """A date that the live API sends with a time of midnight."""

        result = dt.date

    class Since(metaclass=_MadeByHook):
        """When something was switched off, or only whether it is."""

        result = (dt.datetime, bool)


def with_currency_code(data: object) -> object:
    """Name the currency of an amount by its code, where the API sends the whole object."""
    amount = as_object(data)
    if currency := as_object(amount.get("currency")):
        return {**amount, "currency": currency.get("id")}
    return data


class OpenEnum(enum.StrEnum):
    """Values that the reference lists; a value it does not list decodes to a plain string."""

    @classmethod
    def _missing_(cls, value: object) -> object:
        # msgspec takes what this returns as it is; `SomeEnum("unknown")` raises TypeError.
        return value if isinstance(value, str) else None

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return restore_code, (type(self), self.value)


def restore_code(enum_type: type[OpenEnum], value: str) -> OpenEnum | str:
    """Find the member for a value; one that only another version lists is a plain string.

    Pickles name this function, so it stays where it is.
    """
    try:
        return enum_type(value)
    except TypeError:
        return value


class CaselessEnum(OpenEnum):
    """Values that the API spells with capitals here and without there: a member knows both."""

    @classmethod
    def _missing_(cls, value: object) -> object:
        text = value.lower() if isinstance(value, str) else value
        for member in cls:
            if member.lower() == text:
                return member
        return super()._missing_(value)


class Envelope(Model, Generic[Item]):
    """Answer of a list endpoint: iterate over it, or take its `len`."""

    __slots__ = ()

    _items_field: ClassVar[str]

    @classmethod
    def items_field(cls) -> str:
        """Name of the field that holds the items; it is no pattern of the path."""
        return cls._items_field

    @classmethod
    def item_model(cls) -> type[Item]:
        """Class of the items."""
        model: type[Item] = get_args(get_type_hints(cls)[cls._items_field])[0]
        return model

    @classmethod
    def reshape(cls, data: object) -> object:
        """Take a bare list, or the only item, for the envelope; null for an empty list."""
        key = cls._items_field
        if isinstance(data, list):
            return {key: cast("object", data)}
        fields = as_object(data)
        if key not in fields and "id" in fields:
            return {key: [fields]}
        if key in fields and fields[key] is None:
            return {**fields, key: []}
        return data

    @property
    def items(self) -> tuple[Item, ...]:
        """The items, whatever the API calls them."""
        items: tuple[Item, ...] = getattr(self, self._items_field)
        return items

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)
