"""Silence of the libraries below: what they log of a call, such as headers, may be secret."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Generator
from contextvars import ContextVar
from typing import Final

_IS_QUIET: Final[ContextVar[bool]] = ContextVar("powens_is_quiet", default=False)
_LOGGERS: Final = (
    "httpx",
    *(f"httpcore.{name}" for name in ("connection", "http11", "http2", "proxy", "socks")),
)


@contextlib.contextmanager
def quiet() -> Generator[None]:
    """Keep httpx and httpcore from logging what is done inside; what others do is logged."""
    was_quiet = _IS_QUIET.get()
    _IS_QUIET.set(True)
    try:
        yield
    finally:
        # By value: the garbage collector may end a call elsewhere, where a token is refused.
        _IS_QUIET.set(was_quiet)


def _is_heard(_record: logging.LogRecord) -> bool:
    return not _IS_QUIET.get()


for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_is_heard)
