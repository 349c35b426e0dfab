# Generated from src/powens/_async/resources/_base.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""What the resources have in common."""

from __future__ import annotations

from ..session import Session


class Resource:
    """A group of endpoints, over the session of the client it hangs on."""

    def __init__(self, session: Session) -> None:
        self._session = session
