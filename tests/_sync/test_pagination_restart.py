# Generated from tests/_async/test_pagination_restart.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""A listing that one process begins and another one ends, against a real sandbox."""

from __future__ import annotations

import functools

import pytest

from powens import PowensClient
from powens.sandbox import Sandbox


@pytest.fixture(scope="module")
def powens():
    """A sandbox that outlives the processes."""
    with Sandbox() as powens:
        yield powens


@pytest.mark.parametrize(
    ("resource", "limit", "mark"), [("transactions", 150, "http://"), ("documents", 40, "offset=")]
)
def test_a_cursor_survives_a_restart(resource, limit, mark, powens, list_elsewhere):
    run = functools.partial(
        list_elsewhere,
        client=PowensClient.__name__,
        options={"base_url": powens.base_url, "access_token": powens.access_token},
        resource=resource,
    )
    begun, cursor, rows = run(settings={"limit": limit})
    assert len(begun) == limit
    assert cursor.startswith(mark)
    assert powens.access_token not in cursor
    _, _, rest = run(settings={"limit": limit, "cursor": cursor})
    assert len(rest) > limit
    assert begun + rest == rows
    assert len(rows) == len(set(rows))
