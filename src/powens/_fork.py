"""What a process that was made by `fork` makes anew: locks and connections are its parent's."""

from __future__ import annotations

import codecs
import contextlib
import importlib
import os
import sys
import threading
from typing import Final, Protocol
from weakref import WeakValueDictionary

# Models and resources are imported when they are first used, as is what few programs need.
_IMPORTED_LATE: Final = frozenset(
    {"powens", "httpcore", "h11", "msgspec", "cattrs", "joserfc", "cryptography"}
)

# Held by what may hold a lock that is not Python's, such as those of OpenSSL: a fork waits for it,
# as nobody in the child would ever release that lock. Never to be held while waiting for others.
no_fork: Final = threading.RLock()


class Renewable(Protocol):
    """Holds what a child process must not share with its parent."""

    def renew(self) -> None:
        """Make it anew. Called in the child while it has one thread; must not block nor raise."""
        ...


# By identity, since a holder may compare as it likes or have no hash.
_holders: WeakValueDictionary[int, Renewable] = WeakValueDictionary()


def renew_after_fork(holder: Renewable) -> None:
    """Have `holder.renew()` called in each child that is forked while the holder lives.

    Call it when the holder is complete: a fork may follow at once, from any thread. Where there is
    no `fork`, nothing happens.
    """
    _holders[id(holder)] = holder


def _prepare() -> None:
    _finish_imports()
    no_fork.acquire()


def _renew_all() -> None:
    no_fork.release()
    # A copy, as what is made anew may hold something that registers itself.
    for holder in list(_holders.values()):
        holder.renew()


def _finish_imports() -> None:
    """Wait for what other threads import: a child would wait for the lock of it for ever."""
    for name in list(sys.modules):
        if name.partition(".")[0] in _IMPORTED_LATE:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


# Codecs are imported when they are first used. Were that at the moment of a fork, the child would
# wait for the lock of the import for ever. Hosts need the first, answers the others.
for _codec in ("idna", "utf-8-sig", "utf-16", "ascii", "latin-1"):
    codecs.lookup(_codec)

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_prepare, after_in_parent=no_fork.release, after_in_child=_renew_all)
