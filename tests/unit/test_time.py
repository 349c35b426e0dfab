"""Datetimes of the API, made comparable."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powens import to_utc

SUMMER = dt.datetime(2024, 7, 1, 12, 30, 15, 250_000)  # noqa: DTZ001 - as the API sends it
WINTER = dt.datetime(2024, 1, 1, 0, 30)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "zone", "expected"),
    [
        (SUMMER, {}, "2024-07-01T10:30:15.250000+00:00"),
        (WINTER, {}, "2023-12-31T23:30:00+00:00"),
        (WINTER, {"assume": "UTC"}, "2024-01-01T00:30:00+00:00"),
        (WINTER, {"assume": dt.UTC}, "2024-01-01T00:30:00+00:00"),
        (SUMMER, {"assume": ZoneInfo("America/New_York")}, "2024-07-01T16:30:15.250000+00:00"),
        (WINTER, {"assume": dt.timezone(dt.timedelta(hours=-5))}, "2024-01-01T05:30:00+00:00"),
        # One that knows its offset needs no assumption.
        (SUMMER.replace(tzinfo=dt.UTC), {}, "2024-07-01T12:30:15.250000+00:00"),
        (
            WINTER.replace(tzinfo=dt.timezone(dt.timedelta(hours=2))),
            {"assume": "Asia/Tokyo"},
            "2023-12-31T22:30:00+00:00",
        ),
        # The hour that comes twice is the first one, the hour that never comes still sorts.
        (dt.datetime(2024, 10, 27, 2, 30), {}, "2024-10-27T00:30:00+00:00"),  # noqa: DTZ001
        (dt.datetime(2024, 10, 27, 2, 30, fold=1), {}, "2024-10-27T01:30:00+00:00"),  # noqa: DTZ001
        (dt.datetime(2024, 3, 31, 2, 30), {}, "2024-03-31T01:30:00+00:00"),  # noqa: DTZ001
    ],
)
def test_the_same_moment_in_utc(value, zone, expected):
    moment = to_utc(value, **zone)
    assert moment.isoformat() == expected
    assert moment.tzinfo is dt.UTC


def test_a_zone_that_does_not_exist():
    with pytest.raises(ZoneInfoNotFoundError):
        to_utc(WINTER, assume="Europe/Atlantis")


years = {"min_value": dt.datetime(1900, 1, 1), "max_value": dt.datetime(2100, 1, 1)}  # noqa: DTZ001


@given(st.datetimes(**years, timezones=st.timezones()))
def test_an_aware_datetime_stays_the_same_moment(value):
    assert to_utc(value) == value.astimezone(dt.UTC)
    assert to_utc(to_utc(value)) == to_utc(value)


@given(st.datetimes(**years), st.datetimes(**years))
def test_naive_datetimes_of_one_zone_without_changes_keep_their_order(one, two):
    assert (to_utc(one, assume="UTC") < to_utc(two, assume="UTC")) == (one < two)
