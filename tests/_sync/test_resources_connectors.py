# Generated from tests/_async/test_resources_connectors.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Connectors: changes of the whole domain."""

from __future__ import annotations

import pytest

from powens import (
    Connector,
    ConnectorsList,
    ConnectorSourceUpdateRequest,
    ConnectorUpdateRequest,
    PowensSerializationError,
)

BOTH = "give either body or single changes"


@pytest.mark.parametrize("body", [{}, {"hidden": True}, ConnectorUpdateRequest()])
@pytest.mark.parametrize("change", [{"hidden": True}, {"hidden": None}, {"sync_periodicity": 1}])
def test_a_change_is_given_one_way_only(body, change, client, wire):
    with pytest.raises(ValueError, match=BOTH):
        client.connectors.update(connector_uuid="u", body=body, **change)
    assert wire.requests == []


@pytest.mark.parametrize("body", [{}, ConnectorSourceUpdateRequest(disabled=None)])
@pytest.mark.parametrize("change", [{"auth_mechanism": "webauth"}, {"disabled": None}])
def test_a_change_of_a_source_is_given_one_way_only(body, change, client, wire):
    with pytest.raises(ValueError, match=BOTH):
        client.connectors.update_source(connector_uuid="u", source_id=3, body=body, **change)
    assert wire.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        b'{"connectors": [{"id": 1}, {"id": 2}], "total": 2}',
        b'[{"id": 1}, {"id": 2}]',
    ],
    ids=["envelope", "bare list"],
)
def test_batch_update_understands_a_list(answer, client, wire):
    wire.answers(raw=answer)
    changed = client.connectors.batch_update(body={"1": {"hidden": True}})
    assert isinstance(changed, ConnectorsList)
    assert changed.connectors == (Connector(id=1), Connector(id=2))


def test_batch_update_understands_a_single_connector(client, wire):
    wire.answers({"id": 1, "hidden": True})
    changed = client.connectors.batch_update(body={"1": {"hidden": True}})
    assert changed == ConnectorsList(connectors=(Connector(id=1, hidden=True),))


@pytest.mark.parametrize(
    ("status", "answer"), [(204, b""), (200, b""), (200, b" null\n"), (200, b"{}")]
)
def test_batch_update_understands_an_answer_without_connectors(status, answer, client, wire):
    wire.answers(status=status, raw=answer)
    assert client.connectors.batch_update(body={"1": {"hidden": True}}) is None


def test_batch_update_does_not_take_just_anything(client, wire):
    wire.answers({"unexpected": 1})
    with pytest.raises(PowensSerializationError, match="ConnectorsList"):
        client.connectors.batch_update(body={"1": {"hidden": True}})


@pytest.mark.parametrize(
    ("method", "more"),
    [("get", {}), ("list_fields", {}), ("list_sources", {}), ("get_source", {"source_id": 3})],
)
def test_a_uuid_stays_one_segment_of_the_path(method, more, client, wire):
    wire.answers({"id": 1, "fields": [], "sources": []})
    getattr(client.connectors, method)(connector_uuid="../users?all#x", **more)
    assert wire.line.startswith("GET /connectors/..%2Fusers%3Fall%23x")
