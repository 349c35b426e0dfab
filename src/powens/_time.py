"""Comparable datetimes."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def to_utc(value: dt.datetime, *, assume: str | dt.tzinfo = "Europe/Paris") -> dt.datetime:
    """Turn a datetime of the API into one in UTC, so that it can be compared.

    Most datetimes of the API come without an offset, and the reference does not say in which zone
    they are; the four `*datetime` fields of a transaction are in UTC.

    Args:
        value: A datetime, with or without offset.
        assume: Zone of a datetime without offset, by name or as a `tzinfo`.

    Returns:
        The same moment in UTC.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: There is no zone of that name.
    """
    if value.tzinfo is None:
        value = value.replace(tzinfo=ZoneInfo(assume) if isinstance(assume, str) else assume)
    return value.astimezone(dt.UTC)
