"""A pytest plugin for the runs on mutants: each test is found again, and does its own work.

Which tests run a function is recorded once, and only they are asked about its mutants, by name. The
first failure is enough: quick tests go first, and no smaller example is looked for.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import hypothesis
import pytest


def pytest_make_parametrize_id(argname: str) -> str:
    """Name parameters by their place: some hold the time, or no two times the same bytes."""
    return argname


def pytest_sessionstart() -> None:
    """Begin with nothing that was made by the code before it was changed."""
    _empty_caches()
    # The processes that tests start run the changed code too, whatever is installed.
    paths = [str(Path("src").resolve()), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    hypothesis.settings.register_profile(
        "mutants",
        parent=hypothesis.settings.default,
        max_examples=25,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    hypothesis.settings.load_profile("mutants")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests last that draw many examples."""
    items.sort(key=lambda item: hasattr(getattr(item, "obj", None), "hypothesis"))


def pytest_runtest_setup() -> None:
    """Let each test make what it needs: what is cached would be put down to the first alone."""
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        _empty_caches()


def _empty_caches() -> None:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "powens":
            for each in list(vars(module).values()):
                if hasattr(each, "cache_clear"):
                    each.cache_clear()
