"""Run the workloads side by side, and print, and on request publish, what came of them."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

import report
from meter import Figures
from report import Outcome, Report, Result
from table import FULL, QUICK, Row, Run, table

HERE: Final = Path(__file__).parent
NAMED: Final = ("httpx", "httpcore", "msgspec", "attrs", "anyio", "pydantic", "py-powens")


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="rows of the table; default: all")
    parser.add_argument("--theirs", metavar="FOLDER", help="where py-powens is installed")
    parser.add_argument("--rounds", type=int, default=5, help="how often each workload runs")
    parser.add_argument("--quick", action="store_true", help="one round with less work")
    parser.add_argument("--write", action="store_true", help="write docs/performance.*")
    parser.add_argument("--render", action="store_true", help="write them from the last run anew")
    arguments = parser.parse_args()
    if arguments.render:
        report.publish(report.load())
        return
    chosen = table(QUICK if arguments.quick else FULL)
    if unknown := {*arguments.rows} - {row.name for row in chosen}:
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    if arguments.write and (arguments.rows or arguments.quick):
        parser.error("--write takes a whole run")
    wanted = [row for row in chosen if not arguments.rows or row.name in arguments.rows]
    rounds = 1 if arguments.quick else arguments.rounds
    load_before = os.getloadavg()[0]
    with _server() as port:
        results = _Bench(port=port, theirs=arguments.theirs).run(wanted, rounds)
    done = Report(
        machine=_machine(arguments.theirs, load_before),
        date=f"{dt.datetime.now(dt.UTC):%Y-%m-%d}",
        rounds=rounds,
        results=results,
    )
    print(report.as_text(done))
    if arguments.write:
        report.publish(done)


class _Bench:
    """The server, and where the contenders are."""

    def __init__(self, *, port: int, theirs: str | None) -> None:
        self._port = port
        self._theirs = None if theirs is None else str(Path(theirs).resolve())

    def run(self, rows: list[Row], rounds: int) -> list[Result]:
        """Run all of them, one round of a row after the other."""
        return [self._run_row(row, min(rounds, row.most_rounds) * row.times) for row in rows]

    def _run_row(self, row: Row, rounds: int) -> Result:
        samples: dict[str, list[Figures]] = {name: [] for name in row.runs}
        for n in range(rounds + (row.name == "import")):
            # Each begins in turn, so that none always has the same neighbour.
            names = [*row.runs]
            names = names[n % len(names) :] + names[: n % len(names)]
            for name in names:
                run = row.runs[name]
                print(f"{row.name}, round {n + 1}: {name}", file=sys.stderr)
                if run.contender == "theirs" and self._theirs is None:
                    continue
                if figures := self._measure(run):
                    samples[name].append(figures)
        if row.name == "import":  # the first round has files read that are cached later
            samples = {name: figures[1:] for name, figures in samples.items()}
        return _result(row, samples)

    def _measure(self, run: Run) -> Figures:
        environ = dict(os.environ)
        if run.contender == "theirs":
            environ["PYTHONPATH"] = self._theirs or ""
        if run.code:
            command = [sys.executable, "-P", "-c", run.code]
        else:
            arguments = dict(run.arguments)
            if run.server is not None:
                rows, delay = run.server
                arguments["base_url"] = f"http://127.0.0.1:{self._port}/{rows}/{delay}"
            script = HERE / f"{run.contender}.py"
            command = [sys.executable, str(script), run.workload, json.dumps(arguments)]
        done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True)
        figures: Figures = json.loads(done.stdout)
        return figures


def _result(row: Row, samples: Mapping[str, list[Figures]]) -> Result:
    medians = {
        name: {key: statistics.median(each[key] for each in figures) for key in figures[0]}
        for name, figures in samples.items()
        if figures
    }
    rounds = min((len(figures) for figures in samples.values() if figures), default=0)
    each_round = [
        {name: figures[n] for name, figures in samples.items() if figures} for n in range(rounds)
    ]
    outcomes: list[Outcome] = []
    for target in row.targets:
        try:
            value = target.value(medians)
            spread = [target.value(figures) for figures in each_round]
        except KeyError:  # one of the runs was left out
            outcomes.append(Outcome(what=target.what, most=target.most, unit=target.unit))
        else:
            outcomes.append(
                Outcome(
                    what=target.what,
                    most=target.most,
                    unit=target.unit,
                    value=value,
                    low=min(spread),
                    high=max(spread),
                )
            )
    figures = {name: each[row.measure] for name, each in medians.items()}
    return Result(
        name=row.name, title=row.title, measure=row.measure, figures=figures, outcomes=outcomes
    )


@contextmanager
def _server() -> Iterator[int]:
    """Run the server in a process of its own, and give its port."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, HERE / "server.py"], stdin=pipe, stdout=pipe) as process:
        port = process.stdout.readline() if process.stdout else b""
        try:
            yield int(port)
        finally:
            if process.stdin:
                process.stdin.close()


def _machine(theirs: str | None, load: float) -> dict[str, str]:
    """Say what it ran on, and with what."""
    processor = platform.processor() or platform.machine()
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        names = [line for line in listed.read_text().splitlines() if line.startswith("model name")]
        processor = names[0].partition(":")[2].strip() if names else processor
    paths = [theirs, *sys.path] if theirs else sys.path
    versions: dict[str, str] = {}
    for each in distributions(path=paths):
        versions.setdefault(each.metadata["Name"].lower(), each.version)
    return {
        "processor": f"{processor}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.machine()}",
        "load before": f"{load:.2f}",
        "Python": platform.python_version(),
        **{name: versions[name] for name in NAMED if name in versions},
    }


if __name__ == "__main__":
    main()
