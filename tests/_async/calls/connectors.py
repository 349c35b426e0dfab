"""Connectors and their sources."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from powens import (
    AuthMechanism,
    Connector,
    ConnectorField,
    ConnectorFieldsList,
    ConnectorFieldType,
    ConnectorsList,
    ConnectorSource,
    ConnectorSourceName,
    ConnectorSourcesList,
    ConnectorSourceUpdateRequest,
    ConnectorUpdateRequest,
)

from . import Call, Method

UUID = "b2bad3f6-5a3e-5dd2-ad5c-4a6f0f43a3a1"
AT = f"/connectors/{UUID}"

_CONNECTOR = {"id": 40, "uuid": UUID, "name": "Banque des Alizés", "hidden": False, "beta": True}
_THE_CONNECTOR = Connector(id=40, uuid=UUID, name="Banque des Alizés", hidden=False, beta=True)
_SOURCE = {
    "id": 3,
    "id_connector": 40,
    "name": "openapi",
    "auth_mechanism": "webauth",
    "disabled": "2024-02-29 12:34:56",
    "priority": 0,
}
_THE_SOURCE = ConnectorSource(
    id=3,
    id_connector=40,
    name=ConnectorSourceName.OPENAPI,
    auth_mechanism=AuthMechanism.WEBAUTH,
    disabled=dt.datetime.fromisoformat("2024-02-29 12:34:56"),
    priority=0,
)

METHODS = {
    "connectors.list": Method(
        {"connectors": [_CONNECTOR], "total": 1},
        ConnectorsList(connectors=(_THE_CONNECTOR,), total=1),
        needed=False,
    ),
    "connectors.list_all": Method(
        {"connectors": [_CONNECTOR]}, ConnectorsList(connectors=(_THE_CONNECTOR,)), needed=False
    ),
    "connectors.get": Method(_CONNECTOR, _THE_CONNECTOR, needed=False),
    "connectors.update": Method(_CONNECTOR, _THE_CONNECTOR),
    "connectors.batch_update": Method(
        {"connectors": [_CONNECTOR]}, ConnectorsList(connectors=(_THE_CONNECTOR,))
    ),
    "connectors.list_fields": Method(
        {"fields": [{"name": "login", "type": "text", "required": True}]},
        ConnectorFieldsList(
            fields=(ConnectorField(name="login", type=ConnectorFieldType.TEXT, required=True),)
        ),
        needed=False,
    ),
    "connectors.list_sources": Method(
        {"sources": [_SOURCE]}, ConnectorSourcesList(sources=(_THE_SOURCE,)), needed=False
    ),
    "connectors.get_source": Method(_SOURCE, _THE_SOURCE, needed=False),
    "connectors.update_source": Method(_SOURCE, _THE_SOURCE),
}

CALLS = [
    Call("connectors.list", "GET /connectors"),
    Call("connectors.list", "GET /connectors?country_codes=fr", country_codes="fr"),
    Call("connectors.list", "GET /connectors?country_codes=fr,de", country_codes=("fr", "de")),
    Call(
        "connectors.list",
        "GET /connectors?country_codes=fr&id_payment=5&expand=sources,fields&limit=1000&offset=40",
        country_codes=["fr"],
        id_payment=5,
        expand=["sources", "fields"],
        limit=1000,
        cursor="offset=40",
    ),
    Call("connectors.list_all", "GET /connectors"),
    Call(
        "connectors.list_all",
        "GET /connectors?country_codes=fr,de&id_payment=p%2B5&expand=countries",
        country_codes=["fr", "de"],
        id_payment="p+5",
        expand="countries",
    ),
    Call("connectors.get", f"GET {AT}", connector_uuid=UUID),
    Call("connectors.get", "GET /connectors/40", connector_uuid=40),
    Call("connectors.get", f"GET {AT}?expand=urls", connector_uuid=UUID, expand="urls"),
    Call("connectors.update", f"PUT {AT}", {}, connector_uuid=UUID),
    Call(
        "connectors.update", "PUT /connectors/40", {"hidden": True}, connector_uuid=40, hidden=True
    ),
    Call("connectors.update", f"PUT {AT}", {"hidden": None}, connector_uuid=UUID, hidden=None),
    Call(
        "connectors.update",
        f"PUT {AT}",
        {"hidden": False, "sync_periodicity": 0.25},
        connector_uuid=UUID,
        hidden=False,
        sync_periodicity=Decimal("0.25"),
    ),
    Call(
        "connectors.update",
        f"PUT {AT}",
        {"sync_periodicity": 2},
        connector_uuid=UUID,
        sync_periodicity=Decimal("2.0"),
    ),
    Call(
        "connectors.update",
        f"PUT {AT}",
        {"hidden": True},
        connector_uuid=UUID,
        body=ConnectorUpdateRequest(hidden=True),
    ),
    Call(
        "connectors.update",
        f"PUT {AT}",
        {"hidden": None, "later": [1]},
        connector_uuid=UUID,
        body={"hidden": None, "later": [1]},
    ),
    Call("connectors.batch_update", "PATCH /connectors", {}, body={}),
    Call(
        "connectors.batch_update",
        "PATCH /connectors",
        {UUID: {"hidden": True}, "40": {"sync_periodicity": 1.5}, "41": {}},
        body={
            UUID: ConnectorUpdateRequest(hidden=True),
            "40": {"sync_periodicity": Decimal("1.5")},
            "41": ConnectorUpdateRequest(),
        },
    ),
    Call("connectors.list_fields", f"GET {AT}/fields", connector_uuid=UUID),
    Call("connectors.list_sources", f"GET {AT}/sources", connector_uuid=UUID),
    Call(
        "connectors.list_sources",
        "GET /connectors/40/sources?country_codes=fr,de&expand=stability",
        connector_uuid=40,
        country_codes=["fr", "de"],
        expand="stability",
    ),
    Call("connectors.get_source", f"GET {AT}/sources/3", connector_uuid=UUID, source_id=3),
    Call("connectors.update_source", f"PUT {AT}/sources/3", {}, connector_uuid=UUID, source_id=3),
    Call(
        "connectors.update_source",
        f"PUT {AT}/sources/3",
        {"auth_mechanism": "webauth", "disabled": "2024-02-29 12:34:56"},
        connector_uuid=UUID,
        source_id=3,
        auth_mechanism=AuthMechanism.WEBAUTH,
        disabled=dt.datetime.fromisoformat("2024-02-29 12:34:56"),
    ),
    Call(
        "connectors.update_source",
        f"PUT {AT}/sources/3",
        {"auth_mechanism": "newer", "disabled": None},
        connector_uuid=UUID,
        source_id=3,
        auth_mechanism="newer",
        disabled=None,
    ),
    Call(
        "connectors.update_source",
        f"PUT {AT}/sources/3",
        {"disabled": None},
        connector_uuid=UUID,
        source_id=3,
        body=ConnectorSourceUpdateRequest(disabled=None),
    ),
]
