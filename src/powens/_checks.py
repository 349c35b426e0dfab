"""Checks of arguments. They take anything: what they refuse is what types did not hold back."""

from __future__ import annotations

import math


def check_kind(name: str, value: object, kind: type, *, of: str = "") -> None:
    """Refuse a value that is not of its kind.

    Args:
        name: The argument.
        value: What was given.
        kind: What it must be.
        of: Where the kind is from, as it is to be named.

    Raises:
        TypeError: It is not.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {of}{kind.__name__}")


def check_count(name: str, value: object, *, least: int, most: int | None = None) -> None:
    """Refuse a number of things, or an id, that makes no sense.

    Raises:
        TypeError: It is no int.
        ValueError: It is out of range.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if value < least or (most is not None and value > most):
        upper = "" if most is None else f" and at most {most}"
        raise ValueError(f"{name} must be at least {least}{upper}")


def check_seconds(name: str, value: object) -> None:
    """Refuse a time limit that is neither None nor a positive number of seconds.

    Raises:
        TypeError: It is no number.
        ValueError: It is not positive, or not finite.
    """
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number of seconds or None")
    if not 0 < value < math.inf:
        raise ValueError(f"{name} must be more than 0 seconds, and None if there is no limit")
