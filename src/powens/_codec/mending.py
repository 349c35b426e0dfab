"""Between the two ways: rows of which single fields are odd. Only these go the forgiving way.

Which fields these are is learnt from row to row, since odd rows of one page are odd alike.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Generic, TypeVar, cast

from .._model import Model
from . import fast
from .forgiving import MISFITS, Hook, field_hook

T = TypeVar("T")


class Mender(Generic[T]):
    """Reads the rows of one page."""

    def __init__(self, model: type[T]) -> None:
        self._model = model
        self._hooks: dict[str, tuple[Hook, Any]] = {}

    def read(self, row: bytes) -> T:
        """Make a model of a row.

        Raises:
            RefusedError: The whole row has to go the forgiving way.
        """
        if self._hooks:
            return self._mend(row)
        try:
            return fast.decode(row, self._model)
        except fast.RefusedError:
            return self._mend(row)

    def _mend(self, row: bytes) -> T:
        data = cast("type[Model]", self._model).reshape(fast.parse_object(row))
        if not isinstance(data, dict):
            raise fast.RefusedError
        fields = cast("dict[str, object]", data)
        try:
            for name, (hook, type_) in self._hooks.items():
                if name in fields:
                    fields[name] = hook(fields[name], type_)
            while True:
                try:
                    return fast.convert(fields, self._model)
                except fast.RefusedError as refusal:
                    name = refusal.field
                    if name not in fields or name in self._hooks:
                        raise
                hook, type_ = self._hooks[name] = field_hook(cast("Hashable", self._model), name)
                fields[name] = hook(fields[name], type_)
        except MISFITS:
            raise fast.RefusedError from None
