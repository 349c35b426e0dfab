"""What the contenders share: the meters, and the way from the command line to a workload."""

from __future__ import annotations

import json
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

Figures: TypeAlias = dict[str, float]
Workload: TypeAlias = Callable[..., Figures]


@contextmanager
def metered() -> Iterator[Figures]:
    """Measure seconds: `cpu` of all threads of this process, user and system, and `wall`."""
    figures: Figures = {}
    wall, cpu = time.perf_counter(), time.process_time()
    yield figures
    figures["cpu"] = time.process_time() - cpu
    figures["wall"] = time.perf_counter() - wall


@contextmanager
def traced() -> Iterator[Figures]:
    """Measure the bytes, as `memory`, that Python objects made meanwhile still take."""
    figures: Figures = {}
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    yield figures
    figures["memory"] = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()


def peak() -> float:
    """Give the most bytes that this process has had in memory so far, whoever took them."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def expect(rows: int, seen: int) -> None:
    """See that a workload did its work."""
    if rows != seen:
        sys.exit(f"{seen} of {rows} rows came")


def main(workloads: Mapping[str, Workload]) -> None:
    """Run the workload that the command line names, and print its figures."""
    name, arguments = sys.argv[1:]
    json.dump(workloads[name](**json.loads(arguments)), sys.stdout)
