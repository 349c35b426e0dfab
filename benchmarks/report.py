"""What is made of the results: text, the table and the picture of docs/performance.md."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from math import floor, log10
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

HERE: Final = Path(__file__).parent
LAST_RUN: Final = HERE / "last-run.json"
PAGE: Final = HERE.parent / "docs" / "performance.md"
PICTURE: Final = HERE.parent / "docs" / "performance.svg"
BEGIN: Final = "<!-- begin: benchmarks/run.py -->"
END: Final = "<!-- end: benchmarks/run.py -->"

_UNITS: Final = {"cpu": ("s CPU", 1.0), "wall": ("s wall", 1.0), "peak": ("MB", 1e6)}
_BARS_END: Final = 1.5  # a bar that is longer is cut


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A target, and what was measured: nothing where a run was left out."""

    what: str
    most: float
    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the target was reached."""
        return self.value is not None and self.value <= self.most

    @property
    def verdict(self) -> str:
        """What to say of it."""
        if self.value is None:
            return "not measured"
        return "holds" if self.holds else "missed"


@dataclass(frozen=True, kw_only=True)
class Result:
    """A row of the table, with the medians of its runs."""

    name: str
    title: str
    measure: str
    figures: dict[str, float]
    outcomes: list[Outcome]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A run of the benchmarks."""

    machine: dict[str, str]
    date: str
    rounds: int
    results: list[Result]


def load() -> Report:
    """Read the last run that was published."""
    data: dict[str, Any] = json.loads(LAST_RUN.read_text(encoding="utf-8"))
    results = [
        Result(**{**each, "outcomes": [Outcome(**outcome) for outcome in each["outcomes"]]})
        for each in data.pop("results")
    ]
    return Report(**data, results=results)


def publish(report: Report) -> None:
    """Keep a run, and write it into the page and the picture."""
    text = json.dumps(asdict(report), indent=1, ensure_ascii=False)
    LAST_RUN.write_text(f"{text}\n", encoding="utf-8")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    table = f"{before}{BEGIN}\n\n{as_markdown(report)}\n\n{END}{after}"
    PAGE.write_text(table, encoding="utf-8")
    PICTURE.write_text(as_svg(report), encoding="utf-8")


def as_text(report: Report) -> str:
    """Give the table for a terminal."""
    lines: list[str] = []
    for result in report.results:
        lines += ["", result.title, f"  {_figures(result)}"]
        for outcome in result.outcomes:
            said = f"{_measured(outcome)}{_spread(outcome)}"
            bound = f"<= {_bound(outcome)}"
            lines.append(f"  {outcome.verdict:12} {outcome.what:44} {said:30} {bound}")
    about = [f"{key} {value}" for key, value in report.machine.items()]
    return "\n".join([*lines, "", ", ".join(about)])


def as_markdown(report: Report) -> str:
    """Give the table for the page."""
    machine = dict(report.machine)
    where = f"{machine.pop('processor')}, {machine.pop('system')}"
    load = machine.pop("load before")
    versions = ", ".join(f"{name} {version}" for name, version in machine.items())
    rounds = f"Medians of {report.rounds} rounds or more, of at most 3 where a million rows stream."
    lines = [
        f"{report.date}: {where}, load {load} before the run; {versions}. {rounds}",
        "",
        "| Work | Measured | Against | Target | Figure | Lowest to highest | |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in report.results:
        title, figures = result.title, _figures(result)
        for outcome in result.outcomes:
            spread = _spread(outcome).strip(" ()")
            target = f"≤ {_bound(outcome)}"
            mark = outcome.verdict if outcome.holds else f"**{outcome.verdict}**"
            lines.append(
                f"| {title} | {figures} | {outcome.what} | {target} | {_measured(outcome)} "
                f"| {spread} | {mark} |"
            )
            title = figures = ""
    return "\n".join(lines)


def as_svg(report: Report) -> str:
    """Draw a bar for each target: how much of what is allowed was used."""
    left, width, bar, gap = 330, 360, 14, 8
    scale = width / _BARS_END
    parts: list[str] = []
    y = 60
    for result in report.results:
        y += 14
        parts.append(f'<text class="title" x="24" y="{y}">{escape(result.title)}</text>')
        y += 12
        for outcome in result.outcomes:
            middle = y + bar - 3
            parts.append(
                f'<text class="label" x="{left - 10}" y="{middle}">{escape(outcome.what)}</text>'
            )
            if outcome.value is not None:
                share = max(outcome.value / outcome.most, 0)
                length = min(share, _BARS_END) * scale
                kind = "holds" if outcome.holds else "missed"
                parts.append(
                    f'<rect class="{kind}" x="{left}" y="{y}" width="{length:.1f}" '
                    f'height="{bar}" rx="2"/>'
                )
                if share > _BARS_END:
                    tip = f"{left + width} {y} l 7 {bar / 2} l -7 {bar / 2} z"
                    parts.append(f'<path class="{kind}" d="M {tip}"/>')
            said = f"{_measured(outcome)} (≤ {_bound(outcome)})"
            parts.append(
                f'<text class="value" x="{left + width + 14}" y="{middle}">{escape(said)}</text>'
            )
            y += bar + gap
        y += 4
    target = left + scale
    height = y + 40
    return _SVG.format(
        height=height,
        inner=height - 1,
        bottom=y,
        target=f"{target:.1f}",
        parts="\n".join(parts),
        foot=height - 16,
        about=escape(f"{report.date}, Python {report.machine['Python']}"),
    )


_SVG: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 {height}" width="900" height="{height}" \
role="img" aria-label="Each measured figure against its target">
<style>
svg {{ font: 13px system-ui, "Segoe UI", Helvetica, Arial, "DejaVu Sans", sans-serif; }}
.back {{ fill: #ffffff; stroke: #d0d7de; }}
text {{ fill: #1f2328; }}
.head {{ font-size: 16px; font-weight: 600; }}
.title {{ font-weight: 600; }}
.label {{ text-anchor: end; fill: #59636e; }}
.note {{ fill: #59636e; font-size: 12px; }}
.holds {{ fill: #1a7f64; }}
.missed {{ fill: #cf5b1a; }}
.target {{ stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 4 3; }}
@media (prefers-color-scheme: dark) {{
.back {{ fill: #0d1117; stroke: #3d444d; }}
text {{ fill: #f0f6fc; }}
.label, .note {{ fill: #9198a1; }}
.holds {{ fill: #3fb28f; }}
.missed {{ fill: #f0883e; }}
.target {{ stroke: #f0f6fc; }}
}}
</style>
<rect class="back" x="0.5" y="0.5" width="899" height="{inner}" rx="8"/>
<text class="head" x="24" y="32">What each work costs, as a share of its target</text>
<text class="note" x="24" y="52">Shorter is better: a bar that ends before the dashed line holds, \
a pointed one is cut.</text>
{parts}
<line class="target" x1="{target}" x2="{target}" y1="62" y2="{bottom}"/>
<text class="note" x="24" y="{foot}">{about}</text>
</svg>
"""


def _figures(result: Result) -> str:
    unit, size = _UNITS[result.measure]
    return "; ".join(f"{name} {_number(it / size)} {unit}" for name, it in result.figures.items())


def _measured(outcome: Outcome) -> str:
    return "-" if outcome.value is None else f"{_in_unit(outcome, outcome.value)}{_unit(outcome)}"


def _spread(outcome: Outcome) -> str:
    if outcome.low is None or outcome.high is None:
        return ""
    return f" ({_in_unit(outcome, outcome.low)} to {_in_unit(outcome, outcome.high)})"


def _bound(outcome: Outcome) -> str:
    return f"{outcome.most:g}{_unit(outcome)}" if outcome.unit else f"{outcome.most:.2f}"


def _unit(outcome: Outcome) -> str:
    return f" {outcome.unit}" if outcome.unit else ""


def _in_unit(outcome: Outcome, value: float) -> str:
    return _number(value) if outcome.unit else f"{value:.2f}"


def _number(value: float) -> str:
    """Write a figure with three digits that say something."""
    digits = 2 - floor(log10(abs(value))) if value else 0
    return f"{value:.{min(max(digits, 0), 6)}f}"
