# Generated from tests/_async/calls/connections.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Connections, their sources, their logs, and the way to the bank's own page."""

from __future__ import annotations

import datetime as dt

from powens import (
    Connection,
    ConnectionLog,
    ConnectionLogsList,
    ConnectionsList,
    ConnectionSource,
    ConnectionSourcesList,
    ConnectionState,
    ConnectorField,
    ConnectorSourceName,
    WebauthURL,
)

from . import Call, Method

AT = "/users/me/connections/5"
MANY = "/users/me/connections"
BACK = "https://app.example/back"
RAW_BACK = "https:%2F%2Fapp.example%2Fback"
AWARE = dt.datetime(2024, 3, 1, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
NAIVE = dt.datetime.fromisoformat("2024-02-29 12:34:56.789")

_CONNECTION = {
    "id": 5,
    "id_user": 7,
    "state": "additionalInformationNeeded",
    "fields": [{"name": "otp"}],
    "last_update": "2024-02-29 12:34:56",
}
_THE_CONNECTION = Connection(
    id=5,
    id_user=7,
    state=ConnectionState.ADDITIONAL_INFORMATION_NEEDED,
    fields=(ConnectorField(name="otp"),),
    last_update=dt.datetime.fromisoformat("2024-02-29 12:34:56"),
)
_SOURCE = {"id": 3, "id_connection": 5, "name": "openapi", "state": "validating"}
_THE_SOURCE = ConnectionSource(
    id=3, id_connection=5, name=ConnectorSourceName.OPENAPI, state=ConnectionState.VALIDATING
)
_LOGS = {"connectionlogs": [{"id": 9, "error": "bug", "timestamp": "2024-02-29 12:34:56"}]}

METHODS = {
    # While the API talks to the bank there is more time; 201 and 202 are as good as 200.
    "connections.create": Method(_CONNECTION, _THE_CONNECTION, status=201, timeout=180.0),
    "connections.update": Method(_CONNECTION, _THE_CONNECTION, status=202, timeout=180.0),
    "connections.sync": Method(_CONNECTION, _THE_CONNECTION, timeout=180.0),
    "connections.force_sync": Method(_CONNECTION, _THE_CONNECTION, timeout=180.0),
    "connections.list": Method(
        {"connections": [_CONNECTION], "total": 1},
        ConnectionsList(connections=(_THE_CONNECTION,), total=1),
    ),
    "connections.list_without_user": Method(
        {"connections": [{"id": 6, "id_user": None}], "total": 1},
        ConnectionsList(connections=(Connection(id=6),), total=1),
    ),
    "connections.list_all": Method(
        {"connections": [_CONNECTION]}, ConnectionsList(connections=(_THE_CONNECTION,))
    ),
    "connections.get": Method(_CONNECTION, _THE_CONNECTION),
    # The bank wants something of the user, so that there is nothing to wait for.
    "connections.wait_until_settled": Method(_CONNECTION, _THE_CONNECTION),
    "connections.delete": Method(None, None, status=204),
    "connections.list_sources": Method(
        {"sources": [_SOURCE]}, ConnectionSourcesList(sources=(_THE_SOURCE,))
    ),
    "connections.get_source": Method(_SOURCE, _THE_SOURCE),
    "connections.update_source": Method(_SOURCE, _THE_SOURCE),
    "connections.webauth_url": Method(
        {"url": "https://bank.example/?session=1"},
        WebauthURL(url="https://bank.example/?session=1"),
    ),
    "connections.list_logs": Method(
        {**_LOGS, "total": 1},
        ConnectionLogsList(
            connectionlogs=(
                ConnectionLog(
                    id=9,
                    error=ConnectionState.BUG,
                    timestamp=dt.datetime.fromisoformat("2024-02-29 12:34:56"),
                ),
            ),
            total=1,
        ),
    ),
    "connections.list_logs_raw": Method(_LOGS, _LOGS),
}

CALLS = [
    Call("connections.create", f"POST {MANY}", {"connector_uuid": "u"}, connector_uuid="u"),
    Call(
        "connections.create",
        "POST /users/7/connections?source=openapi&expand=connector,all_accounts",
        {"id_connector": 40, "login": "me", "password": "p", "region": 2},
        user_id=7,
        id_connector=40,
        source="openapi",
        fields={"login": "me", "password": "p", "region": 2},
        expand=("connector", "all_accounts"),
    ),
    # Without a value there is nothing to encrypt, and no key to ask for.
    Call(
        "connections.create",
        f"POST {MANY}",
        {"connector_uuid": "u"},
        connector_uuid="u",
        encrypt=True,
    ),
    Call("connections.list_without_user", "GET /connections"),
    Call(
        "connections.list_without_user",
        "GET /connections?expand=connector,sources&limit=50&offset=50",
        expand=["connector", "sources"],
        limit=50,
        cursor="offset=50",
    ),
    Call("connections.list", f"GET {MANY}"),
    Call("connections.list", f"GET {MANY}", include_all=False, expand=None, limit=None),
    Call(
        "connections.list",
        "GET /users/7/connections?all&expand=accounts,connector[countries]&limit=50&offset=50",
        user_id=7,
        include_all=True,
        expand="accounts,connector[countries]",
        limit=50,
        cursor="offset=50",
    ),
    Call("connections.list_all", f"GET {MANY}"),
    Call(
        "connections.list_all",
        "GET /users/7/connections?expand=accounts[transactions[type],connection],sources",
        user_id="7",
        expand=["accounts[transactions[type],connection]", "sources"],
    ),
    Call("connections.get", f"GET {AT}", connection_id=5),
    Call(
        "connections.get",
        "GET /users/7/connections/5?expand=sources",
        connection_id=5,
        user_id=7,
        expand={"sources"},
    ),
    Call("connections.wait_until_settled", f"GET {AT}", connection_id=5),
    Call(
        "connections.wait_until_settled",
        "GET /users/7/connections/5",
        connection_id=5,
        user_id=7,
        timeout=None,
        poll_interval=0.5,
    ),
    # No change at all has no body, which is how strong authentication is answered.
    Call("connections.update", f"POST {AT}", connection_id=5),
    Call("connections.update", f"POST {AT}", connection_id=5, fields={}),
    Call("connections.update", f"POST {AT}", connection_id=5, fields={}, encrypt=True),
    Call(
        "connections.update", f"POST {AT}", {"otp": "1234"}, connection_id=5, fields={"otp": "1234"}
    ),
    Call("connections.update", f"POST {AT}", {"resume": True}, connection_id=5, resume=True),
    Call("connections.update", f"POST {AT}", {"active": None}, connection_id=5, active=None),
    Call("connections.update", f"POST {AT}?background=true", connection_id=5, background=True),
    Call(
        "connections.update",
        f"POST {AT}",
        {"active": None, "expire": None, "resume": None, "refresh_auth": None},
        connection_id=5,
        active=None,
        expire=None,
        resume=None,
        refresh_auth=None,
    ),
    Call(
        "connections.update",
        "POST /users/7/connections/5?source=openapi&background=true&expand=sources",
        {
            "active": False,
            "expire": "2024-02-29 12:34:56",
            "resume": True,
            "refresh_auth": True,
            "login": "me",
        },
        connection_id=5,
        user_id=7,
        source="openapi",
        active=False,
        expire=NAIVE,
        resume=True,
        refresh_auth=True,
        fields={"login": "me"},
        background=True,
        expand="sources",
    ),
    Call(
        "connections.update",
        f"POST {AT}",
        {"expire": "2024-02-29 23:00:00"},
        connection_id=5,
        expire=AWARE,
    ),
    Call("connections.update", f"POST {AT}", {"expire": "soon"}, connection_id=5, expire="soon"),
    *(
        call
        for method in ("connections.sync", "connections.force_sync")
        for call in (
            Call(method, f"PUT {AT}?psu_requested=true", connection_id=5),
            Call(
                method,
                "PUT /users/7/connections/5?psu_requested=false"
                "&last_update=2024-02-29%2012:34:56&expand=accounts[transactions]",
                connection_id=5,
                user_id=7,
                psu_requested=False,
                last_update=NAIVE,
                expand="accounts[transactions]",
            ),
            Call(
                method,
                f"PUT {AT}?psu_requested=true&last_update=2024-02-29%2023:00:00",
                connection_id=5,
                last_update=AWARE,
            ),
        )
    ),
    Call("connections.delete", f"DELETE {AT}", connection_id=5),
    Call("connections.delete", "DELETE /users/7/connections/5", connection_id=5, user_id=7),
    Call("connections.list_sources", f"GET {AT}/sources", connection_id=5),
    Call(
        "connections.list_sources",
        "GET /users/7/connections/5/sources?all",
        connection_id=5,
        user_id=7,
        include_all=True,
    ),
    Call("connections.get_source", f"GET {AT}/sources/3", connection_id=5, source_id=3),
    Call(
        "connections.get_source",
        "GET /users/7/connections/5/sources/3?all",
        connection_id=5,
        source_id=3,
        user_id=7,
        include_all=True,
    ),
    Call("connections.update_source", f"POST {AT}/sources/3", {}, connection_id=5, source_id=3),
    Call(
        "connections.update_source",
        "POST /users/7/connections/5/sources/3?all",
        {"disabled": False},
        connection_id=5,
        source_id=3,
        user_id=7,
        disabled=False,
        include_all=True,
    ),
    Call(
        "connections.update_source",
        f"POST {AT}/sources/3",
        {"disabled": None},
        connection_id=5,
        source_id=3,
        disabled=None,
    ),
    Call(
        "connections.webauth_url",
        f"GET /webauth-url?client_id=11&redirect_uri={RAW_BACK}&id_connection=5",
        redirect_uri=BACK,
        id_connection=5,
    ),
    Call(
        "connections.webauth_url",
        f"GET /webauth-url?client_id=22&redirect_uri={RAW_BACK}&id_connector=40&connector_uuid=u"
        "&source=openapi&state=a%2Fb%2Bc%3D%26d%20%C3%A9&region=2%263",
        redirect_uri=BACK,
        client_id=22,
        id_connector=40,
        connector_uuid="u",
        source="openapi",
        state="a/b+c=&d é",
        fields={"region": "2&3"},
    ),
    Call("connections.list_logs", f"GET {AT}/logs", connection_id=5),
    Call(
        "connections.list_logs",
        "GET /users/7/connections/5/logs?min_date=2024-02-29&max_date=2024-03&id_source=3"
        "&state=wrongpass&period=month&charged=true&limit=10&offset=20",
        connection_id=5,
        user_id=7,
        min_date=dt.date(2024, 2, 29),
        max_date="2024-03",
        id_source=3,
        state="wrongpass",
        period="month",
        charged=True,
        limit=10,
        cursor="offset=20",
    ),
    Call(
        "connections.list_logs",
        f"GET {AT}/logs?min_date=2024-02-29&state=4&charged=false",
        connection_id=5,
        min_date=NAIVE,
        state=4,
        charged=False,
    ),
    Call("connections.list_logs_raw", f"GET {AT}/logs", connection_id=5),
    Call(
        "connections.list_logs_raw",
        "GET /users/7/connections/5/logs?min_date=2024-02-29&max_date=2024&id_source=3"
        "&limit=1000&offset=0",
        connection_id=5,
        user_id=7,
        min_date=dt.date(2024, 2, 29),
        max_date="2024",
        id_source=3,
        limit=1000,
        offset=0,
    ),
]
