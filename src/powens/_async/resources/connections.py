"""Links between a user and a connector."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast

from ..._checks import check_count, check_seconds
from ..._codec import parse_json
from ..._pagination import MAX_LIMIT, Listing, OffsetWalk
from ..._unset import UNSET, Unset
from ..._wire import Date, Expand, Param, build_path, day, flag, make_request
from ...exceptions import PowensSerializationError
from ...models import (
    Connection,
    ConnectionLog,
    ConnectionLogsList,
    ConnectionResolution,
    ConnectionsList,
    ConnectionSource,
    ConnectionSourcesList,
    ConnectionSourceUpdateRequest,
    WebauthURL,
)
from ...webview import WebviewURL, check_redirect_uri
from ..pagination import AsyncPager
from ._base import AsyncResource

T = TypeVar("T")

# What a field of a connector must not be called, as it would say which connector is meant.
_CONNECTOR_IDS: Final = {"id_connector", "connector_uuid"}


class AsyncConnections(AsyncResource):
    """Connections of a user (https://docs.powens.com/api-reference/user-connections/connections).

    During `create`, `update` and `sync` the API talks to the bank before it answers, so that they
    may take minutes; they wait for `sync_timeout` instead of `timeout`.
    """

    async def create(
        self,
        *,
        user_id: int | str = "me",
        id_connector: int | None = None,
        connector_uuid: str | None = None,
        source: str | None = None,
        fields: Mapping[str, object] | None = None,
        encrypt: bool = False,
        expand: Expand = None,
    ) -> Connection:
        """Connect the user to a bank.

        Read `state` of the answer: where it is set, the bank asks for more, as `fields` says.
        A refusal for wrong credentials leaves no connection behind: create it again.

        API: `POST /users/{user_id}/connections`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            user_id: Id of the user, or `me`.
            id_connector: Number of the connector on this domain (deprecated).
            connector_uuid: UUID of the connector.
            source: Name of the source to add, such as `openapi`; the API picks one when left out.
            fields: What the user entered, by the name of the field.
            encrypt: Encrypt each value of `fields` with the public key of the domain, as agents
                and partners must who do without the webview. Needs the extra `encryption`.
            expand: Relations to send along: `connector`, `accounts`, `all_accounts`,
                `subscriptions`, `all_subscriptions`, `sources`.

        Returns:
            The connection.

        Raises:
            TypeError: There is no JSON for the value of a field.
            ValueError: Both or none of `id_connector` and `connector_uuid` are given, or a field
                has the name of the one that is.
            PowensBadRequestError: The bank refused, such as with the code `wrongpass`.
            PowensTimeoutError: The bank took longer than `sync_timeout`.
            PowensError: The call failed; the class says why.
        """
        if (id_connector is None) == (connector_uuid is None):
            raise ValueError("give either connector_uuid or id_connector")
        which: dict[str, object] = (
            {"id_connector": id_connector}
            if connector_uuid is None
            else {"connector_uuid": connector_uuid}
        )
        session = self._session.snapshot()
        until = session.deadline_from_now()
        if encrypt and fields:
            fields = await session.encrypt(fields, until=until)
        return await session.fetch(
            Connection,
            make_request(
                "POST",
                build_path("users", user_id, "connections"),
                params={"source": source, "expand": expand},
                body=_merge(which, fields),
                waits_for_bank=True,
            ),
            until=until,
        )

    async def wait_until_settled(
        self,
        *,
        connection_id: int,
        user_id: int | str = "me",
        timeout: float | None = 300.0,
        poll_interval: float = 2.0,
    ) -> Connection:
        """Read a connection until it is up to date, or until somebody has to do something.

        For an update with `background=True`, and for the state `validating` in general. `decoupled`
        ends the wait, as the user has to approve: let `update(resume=True, background=True)` go on.

        API: `GET /users/{user_id}/connections/{connection_id}`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            connection_id: Id of the connection.
            user_id: Id of the user, or `me`.
            timeout: Seconds to wait at most, beside the deadline of the client; None waits on.
            poll_interval: Seconds between two readings.

        Returns:
            The connection; its `resolution` says what to do, if anything.

        Raises:
            TypeError: A time is no number.
            ValueError: A time is not positive.
            PowensNotFoundError: There is no such connection, or no more: the API deletes one that
                is refused while it is created.
            PowensTimeoutError: The time is over, and the API still at work.
            PowensError: A call failed; the class says why.
        """
        check_seconds("timeout", timeout)
        _check_interval(poll_interval)
        session = self._session.snapshot()
        until = session.time_limit(timeout)
        request = make_request("GET", build_path("users", user_id, "connections", connection_id))
        while True:
            connection = await session.fetch(Connection, request, until=until)
            if connection.resolution is not ConnectionResolution.WAIT:
                return connection
            await session.pause(poll_interval, until=until)

    def list_without_user(
        self, *, expand: Expand = None, limit: int | None = None, cursor: str | None = None
    ) -> AsyncPager[Connection]:
        """List the connections that belong to no user, with the configuration token.

        Known from an old specification only.

        API: `GET /connections`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            expand: Relations to send along, as in `list`.
            limit: Rows in a page, at most 1000.
            cursor: `next_cursor` of the page to go on after.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, or the cursor is of another listing.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=ConnectionsList,
                path=build_path("connections"),
                walk=OffsetWalk,
                params={"expand": expand},
                limit=limit,
                cursor=cursor,
            ),
        )

    def list(
        self,
        *,
        user_id: int | str = "me",
        expand: Expand = None,
        limit: int | None = None,
        include_all: bool = False,
        cursor: str | None = None,
    ) -> AsyncPager[Connection]:
        """List the connections of a user.

        API: `GET /users/{user_id}/connections`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            user_id: Id of the user, or `me`.
            expand: Relations to send along: `connector`, `accounts`, `all_accounts`,
                `subscriptions`, `all_subscriptions`, `sources`. They nest in square brackets:
                `accounts,connector[countries]`.
            limit: Rows in a page, at most 1000.
            include_all: List inactive connections too.
            cursor: `next_cursor` of the page to go on after.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, or the cursor is of another listing.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=ConnectionsList,
                path=build_path("users", user_id, "connections"),
                walk=OffsetWalk,
                params={"all": flag(include_all), "expand": expand},
                limit=limit,
                cursor=cursor,
            ),
        )

    async def list_all(
        self, *, user_id: int | str = "me", expand: Expand = None
    ) -> ConnectionsList:
        """Get the connections of a user in one call.

        API: `GET /users/{user_id}/connections`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            user_id: Id of the user, or `me`.
            expand: Relations to send along: `connector`, `accounts`, `all_accounts`,
                `subscriptions`, `all_subscriptions`, `sources`.

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            ConnectionsList,
            make_request(
                "GET", build_path("users", user_id, "connections"), params={"expand": expand}
            ),
        )

    async def get(
        self, *, connection_id: int, user_id: int | str = "me", expand: Expand = None
    ) -> Connection:
        """Get a connection, such as to see what became of an update in the background.

        API: `GET /users/{user_id}/connections/{connection_id}`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            connection_id: Id of the connection.
            user_id: Id of the user, or `me`.
            expand: Relations to send along: `connector`, `accounts`, `all_accounts`,
                `subscriptions`, `all_subscriptions`, `sources`.

        Returns:
            The connection.

        Raises:
            PowensNotFoundError: There is no such connection.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Connection,
            make_request(
                "GET",
                build_path("users", user_id, "connections", connection_id),
                params={"expand": expand},
            ),
        )

    async def update(
        self,
        *,
        connection_id: int,
        user_id: int | str = "me",
        source: str | None = None,
        active: bool | Unset | None = UNSET,
        expire: dt.datetime | str | Unset | None = UNSET,
        resume: bool | Unset | None = UNSET,
        refresh_auth: bool | Unset | None = UNSET,
        fields: Mapping[str, object] | None = None,
        encrypt: bool = False,
        background: bool = False,
        expand: Expand = None,
    ) -> Connection:
        """Answer the bank, resume, renew the consent, add a source, or change a setting.

        Without any change the connection is synchronised, which is how `SCARequired` is resolved.
        What is left out stays as it is; None sends null.

        API: `POST /users/{user_id}/connections/{connection_id}`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            connection_id: Id of the connection.
            user_id: Id of the user, or `me`.
            source: Name of the source to add or update.
            active: Whether the connection is synchronised automatically.
            expire: When the connection expires.
            resume: True goes on with a `decoupled` connection, and waits until the user has
                approved in the app of the bank.
            refresh_auth: True renews the consent ahead of time, on the source `openapi` only.
            fields: What the user entered, by the name of the field: a one-time password, new
                credentials.
            encrypt: Encrypt each value of `fields`, as in `create`.
            background: Answer at once, with the state `validating`, and go on in the background:
                `get` shows what became of it.
            expand: Relations to send along: `connector`, `accounts`, `all_accounts`,
                `subscriptions`, `all_subscriptions`, `sources`.

        Returns:
            The connection as it is now.

        Raises:
            TypeError: There is no JSON for the value of a field.
            ValueError: A field has the name of a setting that is given as well.
            PowensBadRequestError: The bank refused, such as with the code `wrongpass`.
            PowensConflictError: It was synchronised a moment ago, or is being synchronised.
            PowensTimeoutError: The bank took longer than `sync_timeout`.
            PowensError: The call failed; the class says why.
        """
        session = self._session.snapshot()
        until = session.deadline_from_now()
        if encrypt and fields:
            fields = await session.encrypt(fields, until=until)
        settings: dict[str, object] = {
            "active": active,
            "expire": expire,
            "resume": resume,
            "refresh_auth": refresh_auth,
        }
        change = {name: value for name, value in settings.items() if value is not UNSET}
        return await session.fetch(
            Connection,
            make_request(
                "POST",
                build_path("users", user_id, "connections", connection_id),
                params={"source": source, "background": background or None, "expand": expand},
                body=_merge(change, fields) or UNSET,
                waits_for_bank=True,
            ),
            until=until,
        )

    async def sync(
        self,
        *,
        connection_id: int,
        user_id: int | str = "me",
        psu_requested: bool = True,
        last_update: dt.datetime | str | None = None,
        expand: Expand = None,
    ) -> Connection:
        """Synchronise a connection now. For a user who asked for it, never in bulk.

        API: `PUT /users/{user_id}/connections/{connection_id}`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            connection_id: Id of the connection.
            user_id: Id of the user, or `me`.
            psu_requested: Whether the user asked for it and is there to answer the bank.
            last_update: With `expand="accounts[transactions]"`: send what came after this time;
                known from an old specification only.
            expand: Relations to send along.

        Returns:
            The connection as it is now.

        Raises:
            PowensConflictError: It was synchronised a moment ago, or is being synchronised.
                Nothing is lost: its data is recent.
            PowensTimeoutError: The bank took longer than `sync_timeout`.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Connection,
            make_request(
                "PUT",
                build_path("users", user_id, "connections", connection_id),
                params={
                    "psu_requested": psu_requested,
                    "last_update": last_update,
                    "expand": expand,
                },
                waits_for_bank=True,
            ),
        )

    async def force_sync(
        self,
        *,
        connection_id: int,
        user_id: int | str = "me",
        psu_requested: bool = True,
        last_update: dt.datetime | str | None = None,
        expand: Expand = None,
    ) -> Connection:
        """Do the same as `sync`, under the name that other clients know it by."""
        return await self.sync(
            connection_id=connection_id,
            user_id=user_id,
            psu_requested=psu_requested,
            last_update=last_update,
            expand=expand,
        )

    async def delete(self, *, connection_id: int, user_id: int | str = "me") -> None:
        """Delete a connection with all its data.

        API: `DELETE /users/{user_id}/connections/{connection_id}`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            connection_id: Id of the connection.
            user_id: Id of the user, or `me`.

        Raises:
            PowensNotFoundError: There is no such connection.
            PowensError: The call failed; the class says why.
        """
        await self._session.send(
            make_request("DELETE", build_path("users", user_id, "connections", connection_id))
        )

    async def list_sources(
        self, *, connection_id: int, user_id: int | str = "me", include_all: bool = False
    ) -> ConnectionSourcesList:
        """Get the sources of a connection.

        API: `GET /users/{user_id}/connections/{connection_id}/sources`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            connection_id: Id of the connection.
            user_id: Id of the user, or `me`.
            include_all: Get disabled sources too.

        Returns:
            The sources.

        Raises:
            PowensNotFoundError: There is no such connection.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            ConnectionSourcesList,
            make_request(
                "GET",
                build_path("users", user_id, "connections", connection_id, "sources"),
                params={"all": flag(include_all)},
            ),
        )

    async def get_source(
        self,
        *,
        connection_id: int,
        source_id: int,
        user_id: int | str = "me",
        include_all: bool = False,
    ) -> ConnectionSource:
        """Get a source of a connection.

        API: `GET /users/{user_id}/connections/{connection_id}/sources/{source_id}`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            connection_id: Id of the connection.
            source_id: Id of the source.
            user_id: Id of the user, or `me`.
            include_all: Find it even if it is disabled.

        Returns:
            The source.

        Raises:
            PowensNotFoundError: There is no such source, or it is disabled.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            ConnectionSource,
            make_request(
                "GET",
                build_path("users", user_id, "connections", connection_id, "sources", source_id),
                params={"all": flag(include_all)},
            ),
        )

    async def update_source(
        self,
        *,
        connection_id: int,
        source_id: int,
        user_id: int | str = "me",
        disabled: bool | Unset | None = UNSET,
        include_all: bool = False,
    ) -> ConnectionSource:
        """Switch a source of a connection on or off.

        API: `POST /users/{user_id}/connections/{connection_id}/sources/{source_id}`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            connection_id: Id of the connection.
            source_id: Id of the source.
            user_id: Id of the user, or `me`.
            disabled: True switches the source off, False switches it on.
            include_all: Find it even if it is disabled.

        Returns:
            The source as it is now.

        Raises:
            PowensNotFoundError: There is no such source, or it is disabled.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            ConnectionSource,
            make_request(
                "POST",
                build_path("users", user_id, "connections", connection_id, "sources", source_id),
                params={"all": flag(include_all)},
                body=ConnectionSourceUpdateRequest(disabled=disabled),
            ),
        )

    async def webauth_url(
        self,
        *,
        redirect_uri: str,
        client_id: int | str | Unset = UNSET,
        id_connector: int | None = None,
        connector_uuid: str | None = None,
        id_connection: int | None = None,
        source: str | None = None,
        state: str | None = None,
        fields: Mapping[str, Param] | None = None,
    ) -> WebauthURL:
        """Get the page of the bank on which the user gives or repairs the consent.

        API: `GET /webauth-url`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            redirect_uri: Where the user comes back to; absolute, without a query, and known to
                the console.
            client_id: Id of the client application.
            id_connector: Number of the connector, for a new connection.
            connector_uuid: UUID of the connector, for a new connection; nothing confirms that
                the API takes it here.
            id_connection: Id of the connection to repair.
            source: Name of the source to add or repair.
            state: Text that comes back with the user.
            fields: What the user entered, by the name of the field, where the connector asks.

        Returns:
            The address of the page.

        Raises:
            ValueError: The client id is missing, or `redirect_uri` is not usable.
            PowensConflictError: The connection is up to date: there is nothing to do.
            PowensError: The call failed; the class says why.
        """
        params = self._webauth_params(
            client_id, redirect_uri, id_connector, connector_uuid, id_connection, source, state
        )
        return await self._session.fetch(
            WebauthURL,
            make_request("GET", build_path("webauth-url"), params=_merge(params, fields)),
        )

    def webauth_redirect_url(
        self,
        *,
        redirect_uri: str,
        token: str,
        client_id: int | str | Unset = UNSET,
        id_connector: int | None = None,
        connector_uuid: str | None = None,
        id_connection: int | None = None,
        source: str | None = None,
        state: str | None = None,
        fields: Mapping[str, Param] | None = None,
    ) -> WebviewURL:
        """Build the address that takes a browser on to the page of the bank. Sends nothing.

        API: `GET /webauth`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            redirect_uri: Where the user comes back to; absolute, without a query, and known to
                the console.
            token: A temporary code of the user, from `auth.generate_code`.
            client_id: Id of the client application.
            id_connector: Number of the connector, for a new connection (deprecated).
            connector_uuid: UUID of the connector, for a new connection.
            id_connection: Id of the connection to repair.
            source: Name of the source to add or repair.
            state: Text that comes back with the user.
            fields: What the user entered, by the name of the field, where the connector asks.

        Returns:
            An object with the address in `url`. It holds the code: keep it out of logs.

        Raises:
            ValueError: The client id is missing, or `redirect_uri` is not usable.
        """
        params = self._webauth_params(
            client_id, redirect_uri, id_connector, connector_uuid, id_connection, source, state
        )
        request = make_request(
            "GET", build_path("webauth"), params=_merge({**params, "token": token}, fields)
        )
        return WebviewURL(self._session.base_url.url(request))

    def list_logs(
        self,
        *,
        connection_id: int,
        user_id: int | str = "me",
        min_date: Date | None = None,
        max_date: Date | None = None,
        id_source: int | None = None,
        state: str | int | None = None,
        period: str | None = None,
        charged: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ConnectionLog]:
        """List the past synchronisations of a connection.

        API: `GET /users/{user_id}/connections/{connection_id}/logs`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            connection_id: Id of the connection.
            user_id: Id of the user, or `me`.
            min_date: First day, as a date or `YYYY-MM-DD`.
            max_date: Last day, likewise.
            id_source: List those of this source only.
            state: List those that ended in this state; known from old specifications only.
            period: Period to group by; known from old specifications only.
            charged: Whether the user was charged for; known from old specifications only.
            limit: Rows in a page, at most 1000.
            cursor: `next_cursor` of the page to go on after.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, or the cursor is of another listing.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=ConnectionLogsList,
                path=_logs_path(user_id, connection_id),
                walk=OffsetWalk,
                params={
                    "min_date": day(min_date),
                    "max_date": day(max_date),
                    "id_source": id_source,
                    "state": state,
                    "period": period,
                    "charged": charged,
                },
                limit=limit,
                cursor=cursor,
            ),
        )

    async def list_logs_raw(
        self,
        *,
        connection_id: int,
        user_id: int | str = "me",
        min_date: Date | None = None,
        max_date: Date | None = None,
        id_source: int | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> dict[str, Any]:
        """Get the past synchronisations as the API sends them: the reference gives them no shape.

        API: `GET /users/{user_id}/connections/{connection_id}/logs`
        (https://docs.powens.com/api-reference/user-connections/connections).

        Args:
            connection_id: Id of the connection.
            user_id: Id of the user, or `me`.
            min_date: First day, as a date or `YYYY-MM-DD`.
            max_date: Last day, likewise.
            id_source: Get those of this source only.
            limit: Rows to get, at most 1000.
            offset: Rows to skip.

        Returns:
            The decoded JSON object; numbers with a point are exact Decimals.

        Raises:
            TypeError: `limit` or `offset` is no int.
            ValueError: `limit` or `offset` is out of range.
            PowensError: The call failed; the class says why.
        """
        if limit is not None:
            check_count("limit", limit, least=1, most=MAX_LIMIT)
        if offset is not None:
            check_count("offset", offset, least=0)
        response = await self._session.send(
            make_request(
                "GET",
                _logs_path(user_id, connection_id),
                params={
                    "min_date": day(min_date),
                    "max_date": day(max_date),
                    "id_source": id_source,
                    "limit": limit,
                    "offset": offset,
                },
            )
        )
        logs = parse_json(response.content)
        if not isinstance(logs, dict):
            raise PowensSerializationError("connection logs: the answer is no JSON object")
        return cast("dict[str, Any]", logs)

    def _webauth_params(
        self,
        client_id: int | str | Unset,
        redirect_uri: str,
        id_connector: int | None,
        connector_uuid: str | None,
        id_connection: int | None,
        source: str | None,
        state: str | None,
    ) -> dict[str, Param]:
        check_redirect_uri(redirect_uri)
        return {
            "client_id": self._session.app.id_or_own(client_id),
            "redirect_uri": redirect_uri,
            "id_connector": id_connector,
            "connector_uuid": connector_uuid,
            "id_connection": id_connection,
            "source": source,
            "state": state,
        }


def _check_interval(seconds: object) -> None:
    if seconds is None:
        raise TypeError("poll_interval must be a number of seconds")
    check_seconds("poll_interval", seconds)


def _logs_path(user_id: int | str, connection_id: int) -> str:
    return build_path("users", user_id, "connections", connection_id, "logs")


def _merge(body: Mapping[str, T], fields: Mapping[str, T] | None) -> dict[str, T]:
    """Put what the user entered beside the rest, as the API wants it, without overwriting."""
    fields = fields or {}
    if (body.keys() | _CONNECTOR_IDS) & fields.keys():
        raise ValueError("a field has the name of an argument that is given as well")
    return {**body, **fields}
