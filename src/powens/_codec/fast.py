"""The fast way: msgspec, straight from the bytes into the attrs classes.

Where msgspec is not installed (it is built for CPython only), this way refuses everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from .._fork import no_fork
from .._model import Day, Envelope, Flag, Since
from .scalars import parse_date, parse_decimal, parse_flag, parse_since

AVAILABLE = find_spec("msgspec") is not None

if TYPE_CHECKING or AVAILABLE:
    import msgspec

T = TypeVar("T")

_PLACE: Final = re.compile(r" at `\$\.(\w+)[^`]*`$", re.ASCII)


class RefusedError(Exception):
    """The fast way cannot read this; the forgiving way may.

    Attributes:
        field: Name of the field on which that lies, as far as it is known.
    """

    field: str = ""


def decode(content: bytes, model: type[T]) -> T:
    """Read a `model`.

    Raises:
        RefusedError: Something in it is not spelled the way the model announces.
    """
    if not AVAILABLE:
        raise RefusedError
    try:
        result: T = _decoder(cast("Hashable", model)).decode(content)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise RefusedError from None
    return result


def parse_object(content: bytes) -> dict[str, object]:
    """Read an object as plain data; numbers with a point or an exponent become exact.

    Raises:
        RefusedError: It is none.
    """
    kind: type[dict[str, object]] = dict
    return decode(content, kind)


def convert(data: object, model: type[T]) -> T:
    """Make a `model` of plain data, in which there may be models already.

    Raises:
        RefusedError: Something in it is not what the model announces; `field` says where.
    """
    _decoder(cast("Hashable", model))  # looks at its classes, which `convert` must not do
    try:
        return msgspec.convert(data, model, dec_hook=_make)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        refusal = RefusedError()
        if place := _PLACE.search(str(error)):
            refusal.field = place[1]
        raise refusal from None


def cut(content: bytes) -> dict[str, bytes]:
    """Cut an object into its members, all unread.

    Raises:
        RefusedError: It is no object.
    """
    if not AVAILABLE:
        raise RefusedError
    return {name: bytes(raw) for name, raw in decode(content, dict[str, msgspec.Raw]).items()}


def split(
    content: bytes, envelope: type[Envelope[Any]]
) -> tuple[dict[str, bytes], Iterator[bytes]]:
    """Cut the answer of a list endpoint into its other fields and its rows, all unread.

    Raises:
        RefusedError: It is not that kind of object.
    """
    fields = cut(content)
    rows = decode(fields.pop(envelope.items_field(), b"null"), list[msgspec.Raw])
    return fields, map(bytes, rows)


@cache
def _decoder(model: Hashable) -> msgspec.json.Decoder[Any]:
    # One at a time, and not while a fork copies the process: msgspec notes on each class what it
    # finds out before it is done, and whoever reads a note that is not complete crashes.
    with no_fork:
        kind = cast("type[Any]", model)
        return msgspec.json.Decoder(kind, dec_hook=_make, float_hook=parse_decimal)


def _make(type_: type, value: object) -> object:
    return _MAKERS[type_](value)


def _as_is(value: object) -> object:
    return value


_MAKERS: Final[dict[Any, Callable[[object], object]]] = {
    Flag: parse_flag,
    Day: parse_date,
    Since: parse_since,
    object: _as_is,
}
