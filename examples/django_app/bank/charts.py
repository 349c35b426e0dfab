"""The course of a balance as a drawing, to be put into a page as SVG."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 480, 220
LEFT, RIGHT, TOP, BOTTOM = 62, 470, 12, 192  # of the field that the line is in


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in units of the drawing, and what stands there."""

    at: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A line, the area below it and the axes.

    Attributes:
        line: Points of the line, as `points` of a `polyline` has them.
        area: Points of the area.
        rows: Amounts, on the left.
        columns: Days, below.
        summary: The chart in words, for those who do not see it.
    """

    line: str
    area: str
    rows: list[Tick]
    columns: list[Tick]
    summary: str


def balance_chart(balances: Mapping[dt.date, Decimal], currency: str) -> Chart | None:
    """Draw balances.

    Args:
        balances: The balance of each day.
        currency: Code of their currency.

    Returns:
        The chart; None where there are no two days to draw a line between.
    """
    days = sorted(balances)
    if len(days) < 2:  # noqa: PLR2004 - the ends of a line
        return None
    first, last = days[0], days[-1]
    step = _round_step(float(max(balances.values()) - min(balances.values())) / 4)
    low = math.floor(float(min(balances.values())) / step)
    high = max(math.ceil(float(max(balances.values())) / step), low + 1)

    def x(day: dt.date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - first).days / (last - first).days, 1)

    def y(amount: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (amount / step - low) / (high - low), 1)

    line = " ".join(f"{x(day)},{y(float(balances[day]))}" for day in days)
    marks = [first + (last - first) * part / 3 for part in range(4)]
    return Chart(
        line=line,
        area=f"{LEFT},{BOTTOM} {line} {RIGHT},{BOTTOM}",
        rows=[Tick(y(n * step), f"{n * step:,g}") for n in range(low, high + 1)],
        columns=[Tick(x(day), f"{day.day} {day:%b}") for day in marks],
        summary=(
            f"From {balances[first]:,.2f} {currency} on {first:%d %B %Y}"
            f" to {balances[last]:,.2f} {currency} on {last:%d %B %Y};"
            f" lowest {min(balances.values()):,.2f}, highest {max(balances.values()):,.2f}."
        ),
    )


def _round_step(least: float) -> float:
    """Give the next of 1, 2, 5, 10, 20, 50 and so on."""
    power = 10.0 ** math.floor(math.log10(max(least, 0.01)))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= least)
