"""The silence of the libraries below: for whom, for how long, and whatever ends it."""

from __future__ import annotations

import contextvars
import gc
import logging
import threading
from collections.abc import Generator

import pytest

from powens._quiet import quiet

LOGGERS = ("httpx", "httpcore.http11", "httpcore.http2", "httpcore.connection")


@pytest.fixture(params=LOGGERS)
def logger(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> logging.Logger:
    """A logger of a library below, at its most talkative."""
    caplog.set_level(logging.DEBUG)
    return logging.getLogger(request.param)


def test_nothing_is_heard_inside(logger: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    logger.info("before")
    with quiet():
        logger.error("inside")
        with quiet():
            logger.error("further inside")
        logger.error("inside still")
    logger.info("after")
    assert caplog.messages == ["before", "after"]


def test_another_thread_is_heard(logger: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    other = threading.Thread(target=logger.info, args=["of another thread"])
    with quiet():
        other.start()
        other.join()
    assert caplog.messages == ["of another thread"]


def test_an_error_ends_it(logger: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ZeroDivisionError), quiet():
        raise ZeroDivisionError
    logger.info("after")
    assert caplog.messages == ["after"]


def test_it_may_end_in_another_context(
    logger: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    def call() -> Generator[None]:
        with quiet():
            yield

    # As the garbage collector does with a call that nobody waits for any more.
    given_up = call()
    contextvars.copy_context().run(next, given_up)
    contextvars.copy_context().run(given_up.close)
    logger.info("after")
    assert caplog.messages == ["after"]


def test_an_interrupt_in_place_of_its_end_ends_it(
    logger: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    silence = quiet()
    silence.__enter__()
    logger.info("inside")
    del silence
    gc.collect()
    logger.info("after")
    assert caplog.messages == ["after"]
