"""Silence of the libraries below: what they log of a call, such as headers, may be secret."""

from __future__ import annotations

import contextlib
import logging
import weakref
from collections.abc import Generator
from contextvars import ContextVar
from typing import Final

_QUIET_DURING: Final[ContextVar[weakref.ref[_Span] | None]] = ContextVar(
    "powens_quiet_during", default=None
)
_LOGGERS: Final = (
    "httpx",
    *(f"httpcore.{name}" for name in ("connection", "http11", "http2", "proxy", "socks")),
)


class _Span:
    """Lives as long as what is quiet."""


@contextlib.contextmanager
def quiet() -> Generator[None]:
    """Keep httpx and httpcore from logging what is done inside; what others do is logged."""
    before, during = _QUIET_DURING.get(), _Span()
    # By a weak reference: where an interrupt keeps this from its end, that is the end as well.
    _QUIET_DURING.set(weakref.ref(during))
    try:
        yield
    finally:
        # By value: the garbage collector may end a call elsewhere, where a token is refused.
        _QUIET_DURING.set(before)


def _is_heard(_record: logging.LogRecord) -> bool:
    during = _QUIET_DURING.get()
    return during is None or during() is None


for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_is_heard)
