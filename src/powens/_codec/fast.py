"""The fast way: msgspec, straight from the bytes into the attrs classes.

Where msgspec is not installed (it is built for CPython only), this way refuses everything.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from .._model import Day, Envelope, Flag, Since
from .scalars import parse_date, parse_decimal, parse_flag, parse_since

AVAILABLE = find_spec("msgspec") is not None

if TYPE_CHECKING or AVAILABLE:
    import msgspec

T = TypeVar("T")


class RefusedError(Exception):
    """The fast way cannot read this; the forgiving way may."""


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
    return msgspec.json.Decoder(cast("type[Any]", model), dec_hook=_make, float_hook=parse_decimal)


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
