"""Change the code in small ways, one at a time, and see that a test fails each time.

    python scripts/check_mutants.py              # every theme
    python scripts/check_mutants.py retry codec  # some of them

mutmut makes the mutants and runs the tests; `tests/mutants/mutants.toml` says on what and with
which tests, and lists the mutants that no test notices, each with its reason. It is a failure if a
module has a lower score than that file asks for, if a survivor is not listed, or if a listed one
does not survive.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests/mutants/mutants.toml"
MUTMUT = Path(sys.executable).with_name("mutmut")

# How the tests end on a mutant that is killed: one failed, or broke off the run, or never ended.
KILLED = {1, 2, 3, -signal.SIGXCPU}
# And on one that is alive: all passed, or there was none to run.
ALIVE = {0, 33}

# The first argument of `cast` is for type checkers, as annotations are: to change it is no mutant.
CAST = re.compile(r"\bcast\((?:None|\"[^\"]*\"), ")


HEAD = ("module", "mutants", "killed", "equivalent", "survived", "score", "of all")
ROW = "{:30}{:>9}{:>9}{:>12}{:>10}{:>9}{:>9}"


class Mutant(NamedTuple):
    """What a mutant changes: known by its text, since lines and numbers move."""

    file: str
    line: str
    becomes: str


@dataclass
class Theme:
    """Modules that are looked at together, and the tests that are asked about them."""

    name: str
    modules: list[str]
    tests: list[str]


@dataclass
class Tally:
    """What came of the mutants of one module."""

    killed: int = 0
    alive: list[Mutant] = field(default_factory=list[Mutant])

    def score(self, equivalent: Container[Mutant] = ()) -> float:
        """Give the percentage of killed ones among those that are not equivalent."""
        alive = sum(mutant not in equivalent for mutant in self.alive)
        return 100 * self.killed / ((self.killed + alive) or 1)


class Listing:
    """What `mutants.toml` says."""

    def __init__(self, text: str) -> None:
        data: dict[str, Any] = tomllib.loads(text)
        self.least: float = data["least"]
        self.minutes: float = data["minutes"]
        self.themes = {
            name: Theme(name, theme["modules"], theme["tests"])
            for name, theme in data["themes"].items()
        }
        self.equivalent = set(_mutants(data.get("equivalent", [])))
        self.survivors = set(_mutants(data.get("survivors", [])))


def _mutants(entries: Iterable[Mapping[str, Any]]) -> Iterator[Mutant]:
    for entry in entries:
        if not entry["why"]:
            raise SystemExit(f"no reason is given for {entry['line']}")
        for becomes in entry["becomes"]:
            yield Mutant(entry["file"], entry["line"], becomes)


def find(patterns: Iterable[str]) -> list[str]:
    """Give the files that match one of the patterns, of which each has to match some."""
    found = {pattern: list(ROOT.glob(pattern)) for pattern in patterns}
    if missing := [pattern for pattern, paths in found.items() if not paths]:
        raise SystemExit(f"there is no {', '.join(missing)}")
    return sorted({it.relative_to(ROOT).as_posix() for paths in found.values() for it in paths})


def name_of(file: str) -> str:
    """Give the name under which a file is imported."""
    return file.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def lay_out(theme: Theme, place: Path) -> None:
    """Copy what mutmut needs, so that nothing of the project itself is ever changed."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in ("src", "tests"):
        shutil.copytree(
            ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis")
        )
    shutil.copy(ROOT / "pyproject.toml", place)
    settings: dict[str, list[str]] = {
        "source_paths": ["src"],
        "only_mutate": find(theme.modules),
        "pytest_add_cli_args_test_selection": find(theme.tests),
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-p", "mutant_runs"],
        # Each mutant begins in a process that has imported the tests and run none of them.
        "process_isolation": ["forkserver"],
        # A mutant that runs ten times as long as the tests should take runs for ever.
        "timeout_multiplier": ["10"],
        "use_git_change_detection": ["false"],
    }
    lines = ["[mutmut]"]
    for name, values in settings.items():
        lines += [f"{name} = {values[0]}"] if len(values) == 1 else [f"{name} ="]
        lines += [f"    {value}" for value in values if len(values) > 1]
    (place / "setup.cfg").write_text("\n".join(lines) + "\n")


def mutmut(place: Path, *arguments: str, minutes: float = 5) -> str:
    """Run mutmut in a place; give what it printed."""
    environment = os.environ | {
        "PYTHONPATH": str(place / "tests/mutants"),
        # One order of tests, and one set of examples that hypothesis draws, whoever runs this.
        "PYTHONHASHSEED": "0",
        "CI": "true",
    }
    with subprocess.Popen(
        [MUTMUT, *arguments],
        cwd=place,
        env=environment,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            printed, _ = process.communicate(timeout=60 * minutes)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise SystemExit(f"not done after {minutes:g} minutes") from None
            raise
    if process.returncode:
        tail = "\n".join(re.split(r"[\r\n]+", printed)[-60:])
        raise SystemExit(f"{tail}\nmutmut {arguments[0]} gave {process.returncode}")
    return printed


def read_diff(diff: str) -> Mutant:
    """Read what a mutant changes from what mutmut shows of it."""
    file, was, becomes = "", list[str](), list[str]()
    for line in diff.splitlines():
        if line.startswith("--- "):
            file = line[4:].strip()
        elif line.startswith("-"):
            was.append(line[1:].strip())
        elif line.startswith("+") and not line.startswith("+++ "):
            becomes.append(line[1:].strip())
    return Mutant(file, "\n".join(was), "\n".join(becomes))


def try_theme(theme: Theme, place: Path, minutes: float) -> dict[str, Tally]:
    """Give what came of the mutants of each module of a theme."""
    lay_out(theme, place)
    mutmut(place, "run", "--max-children", "1", minutes=minutes)
    tallies: dict[str, Tally] = {}
    for file in find(theme.modules):
        tally = tallies[name_of(file)] = Tally()
        # The command that shows results calls it a timeout as well when a test cannot be found.
        results = json.loads((place / "mutants" / f"{file}.meta").read_text())
        for mutant, exit_code in results["exit_code_by_key"].items():
            if exit_code in KILLED:
                tally.killed += 1
            elif exit_code in ALIVE:
                change = read_diff(mutmut(place, "show", mutant))
                if CAST.sub("", change.line) != CAST.sub("", change.becomes):
                    tally.alive.append(change)
            else:
                raise SystemExit(f"{mutant}: the tests could not be run ({exit_code})")
    return tallies


def find_faults(tallies: Mapping[str, Tally], listing: Listing, files: set[str]) -> Iterator[str]:
    """Say what is wrong with the scores, and with the list of those that are alive."""
    for module, tally in tallies.items():
        if tally.score(listing.equivalent) < listing.least:
            yield f"{module} scores less than {listing.least:g} %"
    alive = {mutant for tally in tallies.values() for mutant in tally.alive}
    listed = {each for each in listing.equivalent | listing.survivors if each.file in files}
    for mutant in sorted(alive - listed):
        yield f"no test fails, and no reason is listed:\n{in_words(mutant)}"
    for mutant in sorted(listed - alive):
        yield f"listed, but there is none such alive:\n{in_words(mutant)}"


def in_words(mutant: Mutant) -> str:
    """Write a mutant the way `mutants.toml` lists it."""
    return f"    {mutant.file}\n    line    {mutant.line}\n    becomes {mutant.becomes}"


def main() -> None:
    """Try the themes that were asked for, or all."""
    listing = Listing(LIST.read_text())
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--work", type=Path, help="where to work; a temporary folder without it")
    parser.add_argument("themes", nargs="*", metavar="theme", help=", ".join(listing.themes))
    options = parser.parse_args()
    if unknown := set(options.themes) - listing.themes.keys():
        parser.error(f"no theme is called {', '.join(sorted(unknown))}")
    faults = list[str]()
    with tempfile.TemporaryDirectory() as temporary:
        work: Path = options.work or Path(temporary)
        print(
            ROW.format("module", "mutants", "killed", "equivalent", "survived", "score", "of all")
        )
        for name in options.themes or listing.themes:
            theme, began = listing.themes[name], time.monotonic()
            tallies = try_theme(theme, work.resolve() / name, listing.minutes)
            faults += find_faults(tallies, listing, set(find(theme.modules)))
            for module, tally in sorted(tallies.items()):
                equivalent = sum(mutant in listing.equivalent for mutant in tally.alive)
                row = ROW.format(
                    *(module, tally.killed + len(tally.alive), tally.killed, equivalent),
                    *(len(tally.alive) - equivalent, f"{tally.score(listing.equivalent):.1f} %"),
                    f"{tally.score():.1f} %",
                )
                print(row)
            print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
