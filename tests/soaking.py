"""How much of a long test is run: a short part by default, all of it when asked for."""

from __future__ import annotations

import os


def scale(short: int, full: int) -> int:
    """The full count with `POWENS_SOAK=1` in the environment, the short one without."""
    return full if os.environ.get("POWENS_SOAK") == "1" else short
