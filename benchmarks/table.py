"""The rows of the table: what runs, and what is promised of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from meter import Figures

Results: TypeAlias = Mapping[str, Figures]

_FRESH: Final = """
from time import perf_counter as now
start = now()
{work}
print('{{"wall": %r}}' % (now() - start))
"""
_MB: Final = 1e6


@dataclass(frozen=True, kw_only=True)
class Run:
    """A workload in a process of its own.

    Attributes:
        contender: Whose it is: `ours`, `theirs` (py-powens) or `bare` (httpx alone).
        workload: Its name in the file of the contender.
        arguments: What it is given.
        server: Rows of a listing and milliseconds of an answer; None needs no server.
        code: A program to run instead.
    """

    contender: str
    workload: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict[str, object])
    server: tuple[int, int] | None = None
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A figure and its bound.

    Attributes:
        what: What is held against what.
        value: The figure, worked out of the results of the runs.
        most: What it may be.
        unit: What both are in; none for a ratio.
    """

    what: str
    value: Callable[[Results], float]
    most: float
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the table.

    Attributes:
        name: What to call it on the command line.
        title: What is done.
        measure: Which figure of the runs is shown.
        runs: What runs, in turn.
        targets: What is promised.
        most_rounds: Rounds of what takes long.
        times: How often a round of what is short is done.
    """

    name: str
    title: str
    measure: str
    runs: Mapping[str, Run]
    targets: tuple[Target, ...]
    most_rounds: int = 100
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much work there is."""

    pages_decoded: int = 100
    rows: int = 100_000
    most_rows: int = 1_000_000
    calls: int = 1000
    views: int = 10_000
    clients: int = 2000
    users: int = 200
    pages_worked_on: int = 50


FULL: Final = Sizes()
QUICK: Final = Sizes(
    pages_decoded=20,
    rows=10_000,
    most_rows=50_000,
    calls=200,
    clients=200,
    users=50,
    pages_worked_on=10,
)

_AT_A_TIME: Final = 50
_PAGES_OF_USER: Final = 20
_PAGE_OF_USER: Final = 10  # small: what is looked at is waiting
_LATENCY: Final = 30
_WORK: Final = 20


def _ratio(measure: str, ours: str, other: str) -> Callable[[Results], float]:
    return lambda results: results[ours][measure] / results[other][measure]


def _figure(measure: str, run: str, unit: float = 1) -> Callable[[Results], float]:
    return lambda results: results[run][measure] / unit


def table(sizes: Sizes) -> tuple[Row, ...]:
    """Give all rows."""
    return (
        _decode(sizes),
        _listing(sizes, "async"),
        _listing(sizes, "blocking"),
        _get(sizes),
        _fresh(),
        _views(sizes),
        _clients(sizes),
        _stream(sizes),
        _fleet(sizes),
        _odd(sizes),
        _prefetch(sizes),
    )


def _decode(sizes: Sizes) -> Row:
    arguments = {"times": sizes.pages_decoded}
    return Row(
        name="decode",
        title=f"decode one page of 1,000 transactions, {sizes.pages_decoded} times",
        measure="cpu",
        times=3,
        runs={
            "ours": Run(contender="ours", workload="decode", arguments=arguments),
            "py-powens": Run(contender="theirs", workload="decode", arguments=arguments),
            "json.loads": Run(contender="bare", workload="decode", arguments=arguments),
        },
        targets=(
            Target(what="of py-powens", value=_ratio("cpu", "ours", "py-powens"), most=0.20),
            Target(what="of json.loads", value=_ratio("cpu", "ours", "json.loads"), most=0.80),
        ),
    )


def _listing(sizes: Sizes, surface: str) -> Row:
    arguments, server = {"rows": sizes.rows}, (sizes.rows, 0)

    def run(contender: str, workload: str) -> Run:
        return Run(contender=contender, workload=workload, arguments=arguments, server=server)

    theirs = "py-powens" if surface == "async" else "py-powens, async"
    return Row(
        name=f"list-{surface}",
        title=f"list {sizes.rows:,} transactions, pages of 1,000, {surface}",
        measure="cpu",
        runs={
            "ours": run("ours", f"list_{surface}"),
            theirs: run("theirs", "list_async"),
            "httpx": run("bare", f"list_{surface}"),
        },
        targets=(
            Target(what=f"of {theirs}", value=_ratio("cpu", "ours", theirs), most=0.40),
            Target(what="of httpx + json", value=_ratio("cpu", "ours", "httpx"), most=1.00),
        ),
    )


def _get(sizes: Sizes) -> Row:
    def run(contender: str, surface: str) -> Run:
        arguments = {"times": sizes.calls}
        return Run(
            contender=contender, workload=f"get_{surface}", arguments=arguments, server=(1, 0)
        )

    return Row(
        name="get",
        title=f"{sizes.calls:,} single accounts.get, warm",
        measure="cpu",
        times=3,
        runs={
            "ours, async": run("ours", "async"),
            "ours, blocking": run("ours", "blocking"),
            "py-powens": run("theirs", "async"),
            "httpx, async": run("bare", "async"),
            "httpx, blocking": run("bare", "blocking"),
        },
        targets=(
            Target(
                what="async of py-powens",
                value=_ratio("cpu", "ours, async", "py-powens"),
                most=0.85,
            ),
            Target(
                what="blocking of py-powens, async",
                value=_ratio("cpu", "ours, blocking", "py-powens"),
                most=0.85,
            ),
            Target(
                what="async of httpx + json",
                value=_ratio("cpu", "ours, async", "httpx, async"),
                most=1.10,
            ),
            Target(
                what="blocking of httpx + json",
                value=_ratio("cpu", "ours, blocking", "httpx, blocking"),
                most=1.10,
            ),
        ),
    )


def _fresh() -> Row:
    def run(contender: str, work: str) -> Run:
        return Run(contender=contender, code=_FRESH.format(work=work))

    theirs = "powens.PowensClient(base_url='https://example.biapi.pro/2.0')"
    return Row(
        name="import",
        title="import and make a client, in a fresh process",
        measure="wall",
        times=7,
        runs={
            "ours, async": run("ours", "import powens; powens.AsyncPowensClient(domain='example')"),
            "ours, blocking": run("ours", "import powens; powens.PowensClient(domain='example')"),
            "py-powens": run("theirs", f"import powens; {theirs}"),
            "httpx": run("bare", "import httpx; httpx.Client()"),
        },
        targets=(
            Target(
                what="async of py-powens",
                value=_ratio("wall", "ours, async", "py-powens"),
                most=0.45,
            ),
            Target(
                what="blocking of py-powens",
                value=_ratio("wall", "ours, blocking", "py-powens"),
                most=0.45,
            ),
            Target(what="async of httpx", value=_ratio("wall", "ours, async", "httpx"), most=1.25),
            Target(
                what="blocking of httpx",
                value=_ratio("wall", "ours, blocking", "httpx"),
                most=1.25,
            ),
        ),
    )


def _views(sizes: Sizes) -> Row:
    def run(surface: str) -> Run:
        arguments = {"surface": surface, "many": sizes.views}
        return Run(contender="ours", workload="views", arguments=arguments)

    return Row(
        name="views",
        title=f"{sizes.views:,} views with with_options(access_token=…)",
        measure="cpu",
        runs={"ours, async": run("async"), "ours, blocking": run("blocking")},
        targets=tuple(
            target
            for surface in ("async", "blocking")
            for target in (
                Target(
                    what=f"{surface}, in all",
                    value=_figure("cpu", f"ours, {surface}"),
                    most=0.1,
                    unit="s",
                ),
                Target(
                    what=f"{surface}, memory",
                    value=_figure("memory", f"ours, {surface}", _MB),
                    most=10,
                    unit="MB",
                ),
            )
        ),
    )


def _clients(sizes: Sizes) -> Row:
    def run(surface: str) -> Run:
        arguments = {"surface": surface, "many": sizes.clients}
        return Run(contender="ours", workload="clients", arguments=arguments)

    return Row(
        name="clients",
        title=f"{sizes.clients:,} clients beyond the first, each",
        measure="cpu",
        runs={"ours, async": run("async"), "ours, blocking": run("blocking")},
        targets=tuple(
            target
            for surface in ("async", "blocking")
            for target in (
                Target(
                    what=f"{surface}, each",
                    value=_figure("cpu", f"ours, {surface}", 1e-3),
                    most=1,
                    unit="ms",
                ),
                Target(
                    what=f"{surface}, memory of each",
                    value=_figure("memory", f"ours, {surface}", 1e3),
                    most=50,
                    unit="kB",
                ),
            )
        ),
    )


def _stream(sizes: Sizes) -> Row:
    few, many = sizes.rows, sizes.most_rows

    def run(contender: str, surface: str, rows: int) -> Run:
        return Run(
            contender=contender,
            workload=f"list_{surface}",
            arguments={"rows": rows},
            server=(rows, 0),
        )

    def ours(surface: str, rows: int) -> str:
        return f"ours, {surface}, {rows:,}"

    runs = {
        ours(surface, rows): run("ours", surface, rows)
        for surface in ("async", "blocking")
        for rows in (few, many)
    }

    def growth(surface: str) -> Callable[[Results], float]:
        more, less = ours(surface, many), ours(surface, few)
        return lambda results: (results[more]["peak"] - results[less]["peak"]) / _MB

    def pace(surface: str) -> Callable[[Results], float]:
        ratio = _ratio("cpu", ours(surface, many), ours(surface, few))
        return lambda results: ratio(results) * few / many

    theirs = f"py-powens, {many:,}"
    return Row(
        name="stream",
        title=f"peak memory while streaming {many:,} transactions",
        measure="peak",
        runs={**runs, theirs: run("theirs", "async", many)},
        targets=tuple(
            target
            for surface in ("async", "blocking")
            for target in (
                Target(
                    what=f"{surface} of py-powens",
                    value=_ratio("peak", ours(surface, many), theirs),
                    most=1.00,
                ),
                Target(
                    what=f"{surface}, growth from {few:,}",
                    value=growth(surface),
                    most=5,
                    unit="MB",
                ),
                Target(
                    what=f"{surface}, time of a row, of one in {few:,}",
                    value=pace(surface),
                    most=1.10,
                ),
            )
        ),
        most_rounds=3,
    )


def _fleet(sizes: Sizes) -> Row:
    rows = _PAGES_OF_USER * _PAGE_OF_USER
    arguments = {
        "users": sizes.users,
        "pages": _PAGES_OF_USER,
        "size": _PAGE_OF_USER,
        "at_a_time": _AT_A_TIME,
    }

    def run(contender: str) -> Run:
        return Run(
            contender=contender, workload="fleet", arguments=arguments, server=(rows, _LATENCY)
        )

    ideal = _LATENCY / 1000 * _PAGES_OF_USER * sizes.users / _AT_A_TIME
    return Row(
        name="fleet",
        title=(
            f"{sizes.users} users x {_PAGES_OF_USER} pages of {_PAGE_OF_USER}, "
            f"{_AT_A_TIME} at a time, {_LATENCY} ms latency, async"
        ),
        measure="wall",
        runs={"ours": run("ours"), "py-powens": run("theirs"), "httpx": run("bare")},
        targets=(
            Target(what="of py-powens", value=_ratio("wall", "ours", "py-powens"), most=0.90),
            Target(
                what=f"of the ideal {ideal:.2f} s",
                value=_figure("wall", "ours", ideal),
                most=1.10,
            ),
        ),
    )


def _odd(sizes: Sizes) -> Row:
    arguments = {"times": max(sizes.pages_decoded // 5, 1), "odd": True}
    return Row(
        name="odd",
        title=f"decode a page whose every row has a quirk, {arguments['times']} times",
        measure="cpu",
        runs={
            "ours": Run(contender="ours", workload="decode", arguments=arguments),
            "py-powens": Run(contender="theirs", workload="decode", arguments=arguments),
        },
        targets=(Target(what="of py-powens", value=_ratio("cpu", "ours", "py-powens"), most=1.00),),
    )


def _prefetch(sizes: Sizes) -> Row:
    size = 100

    def run(surface: str, prefetch: int) -> Run:
        return Run(
            contender="ours",
            workload=f"work_{surface}",
            arguments={"seconds": _WORK / 1000, "size": size, "prefetch": prefetch},
            server=(sizes.pages_worked_on * size, _WORK),
        )

    return Row(
        name="prefetch",
        title=f"walk {sizes.pages_worked_on} pages with {_WORK} ms of latency and of work for each",
        measure="wall",
        runs={
            f"{surface}{', prefetch=1' if ahead else ''}": run(surface, ahead)
            for surface in ("async", "blocking")
            for ahead in (0, 1)
        },
        targets=tuple(
            Target(
                what=f"{surface}, of without",
                value=_ratio("wall", f"{surface}, prefetch=1", surface),
                most=0.60,
            )
            for surface in ("async", "blocking")
        ),
    )
