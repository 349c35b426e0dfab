"""A pytest plugin for runs on mutants: what a test needs is made anew for it.

Which tests run a function is recorded once, and only they are asked about its mutants. A function
whose result is cached is run by the first test alone, so that while it is recorded, every test
begins with empty caches.
"""

from __future__ import annotations

import os
import sys


def _forget() -> None:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "powens":
            for each in list(vars(module).values()):
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


def pytest_sessionstart() -> None:
    _forget()


def pytest_runtest_setup() -> None:
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        _forget()
