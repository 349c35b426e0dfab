"""The demonstration: one journey, taken with both clients."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from attrs import frozen
from rich.console import Console
from rich.table import Table

from powens.sandbox import Sandbox

from ._async.journey import take_journey as take_async_journey
from ._sync.journey import take_journey
from .findings import Findings, show


@frozen(kw_only=True)
class Journey:
    """How it went with one of the clients."""

    client: str
    findings: Findings
    requests: int
    seconds: float


def run(seed: int) -> None:
    """Take the journey twice, each time from scratch, and compare.

    Raises:
        SystemExit: The two clients did not find the same.
    """
    console = Console()
    blocking = _take("PowensClient", take_journey, seed)
    awaited = _take("AsyncPowensClient", lambda it: asyncio.run(take_async_journey(it)), seed)
    console.rule(f"With {blocking.client}")
    show(blocking.findings, console)
    console.rule(f"With {awaited.client}")
    show(awaited.findings, console)
    console.rule("Both")
    console.print(_comparison([blocking, awaited]))
    if blocking.findings != awaited.findings:
        raise SystemExit("The two clients did not find the same.")
    console.print("Both clients found the same, to the last digit.")


def _take(client: str, journey: Callable[[Sandbox], Findings], seed: int) -> Journey:
    with Sandbox(seed=seed) as powens:
        started = time.perf_counter()
        findings = journey(powens)
        seconds = time.perf_counter() - started
        return Journey(
            client=client, findings=findings, requests=len(powens.requests), seconds=seconds
        )


def _comparison(journeys: list[Journey]) -> Table:
    table = Table(caption="The first client also pays for what Python loads on first use.")
    for heading in ("Client", "Requests", "Time"):
        table.add_column(heading, justify="left" if heading == "Client" else "right")
    for journey in journeys:
        table.add_row(journey.client, str(journey.requests), f"{journey.seconds * 1000:.0f} ms")
    return table
