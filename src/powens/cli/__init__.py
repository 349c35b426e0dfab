"""The command `powens`. Needs the extra `cli`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command, or say what it needs."""
    try:
        from .app import app  # noqa: PLC0415 - the extra may be missing
    except ModuleNotFoundError as error:
        sys.exit(f'The command needs {error.name}: pip install "powens[cli]"')
    app()
