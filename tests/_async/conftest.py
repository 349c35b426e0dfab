"""Clients for the tests."""

from __future__ import annotations

import httpx
import pytest

from powens import AsyncPowensClient


@pytest.fixture
def client(wire):
    """A client with everything set, over the mock transport of `wire`."""
    return AsyncPowensClient(
        base_url="https://example.biapi.pro/2.0",
        access_token="user-token",
        client_id=11,
        client_secret="app-secret",
        transport=httpx.MockTransport(wire),
    )


@pytest.fixture
def connect(api):
    """Makes clients over the mock transport of `api`."""

    def make(**options):
        options = {"base_url": "https://example.biapi.pro/2.0", "access_token": "t0ken", **options}
        return AsyncPowensClient(transport=httpx.MockTransport(api), **options)

    return make
