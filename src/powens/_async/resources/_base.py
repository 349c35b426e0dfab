"""What the resources have in common."""

from __future__ import annotations

from ..session import AsyncSession


class AsyncResource:
    """A group of endpoints, over the session of the client it hangs on."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
