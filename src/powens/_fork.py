"""What has to begin anew in a forked child."""

from __future__ import annotations

import os
import weakref
from typing import Final, Protocol


class Renewable(Protocol):
    """Something that a child must not use the way its parent left it."""

    def renew(self) -> None:
        """Begin anew. There is one thread, and the locks of others are never released."""
        ...


_HOLDERS: Final[weakref.WeakSet[Renewable]] = weakref.WeakSet()


def renew_after_fork(holder: Renewable) -> None:
    """Have something renewed in every child that is forked from now on, for as long as it lives."""
    _HOLDERS.add(holder)


def _renew() -> None:
    for holder in list(_HOLDERS):
        holder.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
