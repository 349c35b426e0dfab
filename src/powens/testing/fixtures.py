"""Fixtures of pytest: a sandbox, and a client of either kind that talks to it.

    # conftest.py
    pytest_plugins = ["powens.testing.fixtures"]

Needs the extra `sandbox`, and pytest.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from .. import AsyncPowensClient, PowensClient
from ..sandbox import Sandbox

__all__ = ["async_powens_client", "powens_client", "powens_sandbox"]


@pytest.fixture
def powens_sandbox() -> Iterator[Sandbox]:
    """A sandbox that is serving, as new for each test.

    Write a fixture of this name for another seed, or for a sandbox that many tests share: the
    clients follow it.
    """
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def powens_client(powens_sandbox: Sandbox) -> Iterator[PowensClient]:
    """A blocking client, with the token of the ready-made user of the sandbox."""
    with PowensClient(
        base_url=powens_sandbox.base_url,
        access_token=powens_sandbox.access_token,
        client_id=powens_sandbox.client_id,
        client_secret=powens_sandbox.client_secret,
        payment_links_url=powens_sandbox.payment_links_url,
    ) as client:
        yield client


@pytest.fixture
def async_powens_client(powens_sandbox: Sandbox) -> Iterator[AsyncPowensClient]:
    """An async client, likewise: on asyncio and on trio, whatever runs the test."""
    client = AsyncPowensClient(
        base_url=powens_sandbox.base_url,
        access_token=powens_sandbox.access_token,
        client_id=powens_sandbox.client_id,
        client_secret=powens_sandbox.client_secret,
        payment_links_url=powens_sandbox.payment_links_url,
    )
    yield client
    # Each plugin has its own kind of async fixture. None is needed: to close a pool takes no
    # waiting, so no loop either.
    with contextlib.suppress(StopIteration):
        client.aclose().send(None)
