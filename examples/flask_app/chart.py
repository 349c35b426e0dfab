"""The balance of an account as a picture: where its lines go, for the template to draw as SVG."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 90, 16, 14, 28  # room for the labels


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place in pixels and its text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: `line` has the points of its polyline, `area` those of its filling."""

    description: str
    line: str
    area: str
    days: Sequence[Tick]
    amounts: Sequence[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def draw(balances: Sequence[tuple[dt.date, Decimal]], currency: str) -> Chart | None:
    """Draw the balances of some days.

    Args:
        balances: The days in order, each with the balance at its end.
        currency: Code of the currency, for the text.

    Returns:
        The chart; None where there are fewer than two days.
    """
    if len(balances) < 2:
        return None
    dates, amounts = [day for day, _ in balances], [amount for _, amount in balances]
    first, last, least, most = dates[0], dates[-1], min(amounts), max(amounts)
    marks = _round_numbers(float(least), float(most))
    low, high = marks[0], marks[-1]

    def across(day: dt.date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * ((day - first).days / (last - first).days), 1)

    def down(amount: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - amount) / (high - low), 1)

    floor = down(min(max(low, 0), high))  # zero, where it is in sight
    quarters = sorted({dates[round(number * (len(dates) - 1) / 4)] for number in range(5)})
    line = " ".join(f"{across(day)},{down(float(amount))}" for day, amount in balances)
    return Chart(
        description=(
            f"From {first} to {last} the balance went from {amounts[0]:,.2f} to"
            f" {amounts[-1]:,.2f} {currency}; the lowest was {least:,.2f}, the highest {most:,.2f}."
        ),
        line=line,
        area=f"{across(first)},{floor} {line} {across(last)},{floor}",
        days=[Tick(across(day), f"{day:%d %b}") for day in quarters],
        amounts=[Tick(down(mark), f"{mark:,.10g}") for mark in marks],
    )


def _round_numbers(low: float, high: float) -> list[float]:
    """Give about four round numbers that span two others."""
    span = high - low or abs(high) or 1.0
    magnitude = 10 ** math.floor(math.log10(span / 3))
    step = magnitude * next((each for each in (1, 2, 5) if each * magnitude >= span / 3), 10)
    start, end = math.floor(low / step), math.ceil(high / step)
    return [number * step for number in range(start, max(end, start + 1) + 1)]
