"""Silence of the libraries below: what they log of a call, such as headers, may be secret."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Generator
from contextvars import ContextVar
from typing import Final

_IS_QUIET: Final[ContextVar[bool]] = ContextVar("powens_is_quiet", default=False)
_LOGGERS: Final = ("httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks")


@contextlib.contextmanager
def quiet() -> Generator[None]:
    """Keep httpcore from logging what is done inside; what others do with it is logged."""
    token = _IS_QUIET.set(True)
    try:
        yield
    finally:
        _IS_QUIET.reset(token)


def _is_heard(_record: logging.LogRecord) -> bool:
    return not _IS_QUIET.get()


for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_is_heard)
