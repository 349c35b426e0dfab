"""Runs the Python blocks of the README against a sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from powens.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox_in_environment() -> Iterator[Sandbox]:
    """A sandbox that `PowensClient.from_env()` finds, as a deployment would be found."""
    with Sandbox() as sandbox, pytest.MonkeyPatch.context() as patch:
        patch.setenv("POWENS_BASE_URL", sandbox.base_url)
        patch.setenv("POWENS_ACCESS_TOKEN", sandbox.access_token)
        patch.setenv("POWENS_CLIENT_ID", sandbox.client_id)
        patch.setenv("POWENS_CLIENT_SECRET", sandbox.client_secret)
        yield sandbox


def forget_names(namespace: dict[str, Any]) -> None:
    """Begin a document with nothing but its own imports."""
    namespace.clear()


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md"],
    fixtures=["sandbox_in_environment"],
    setup=forget_names,
).pytest()
