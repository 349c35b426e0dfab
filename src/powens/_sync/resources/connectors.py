# Generated from src/powens/_async/resources/connectors.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Banks and providers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from ..._codec import decode
from ..._pagination import Listing, OffsetWalk
from ..._unset import UNSET, Unset
from ..._wire import Expand, TokenUse, build_path, make_request
from ...models import (
    AuthMechanism,
    Connector,
    ConnectorFieldsList,
    ConnectorsList,
    ConnectorSource,
    ConnectorSourcesList,
    ConnectorSourceUpdateRequest,
    ConnectorUpdateRequest,
)
from ..pagination import Pager
from ._base import Resource


class Connectors(Resource):
    """Connectors (https://docs.powens.com/api-reference/user-connections/connectors).

    Reading needs no token; changing needs the config token of the console.
    """

    def list(
        self,
        *,
        country_codes: str | Iterable[str] | None = None,
        id_payment: int | str | None = None,
        expand: Expand = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pager[Connector]:
        """List the connectors of the domain.

        API: `GET /connectors`
        (https://docs.powens.com/api-reference/user-connections/connectors).

        Args:
            country_codes: List those that serve these countries, as two-letter codes.
            id_payment: List those that can carry out this payment.
            expand: Relations to send along: `sources`, `fields`, `payment_fields`, `countries`,
                `urls`.
            limit: Rows in a page, at most 1000.
            cursor: `next_cursor` of the page to go on after.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, or the cursor is of another listing.
        """
        return Pager(
            self._session,
            Listing(
                model=ConnectorsList,
                path=build_path("connectors"),
                walk=OffsetWalk,
                params={
                    "country_codes": country_codes,
                    "id_payment": id_payment,
                    "expand": expand,
                },
                token=TokenUse.OPTIONAL,
                limit=limit,
                cursor=cursor,
            ),
        )

    def list_all(
        self,
        *,
        country_codes: str | Iterable[str] | None = None,
        id_payment: int | str | None = None,
        expand: Expand = None,
    ) -> ConnectorsList:
        """Get the connectors of the domain in one call.

        API: `GET /connectors`
        (https://docs.powens.com/api-reference/user-connections/connectors).

        Args:
            country_codes: Get those that serve these countries, as two-letter codes.
            id_payment: Get those that can carry out this payment.
            expand: Relations to send along: `sources`, `fields`, `payment_fields`, `countries`,
                `urls`.

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            ConnectorsList,
            make_request(
                "GET",
                build_path("connectors"),
                params={
                    "country_codes": country_codes,
                    "id_payment": id_payment,
                    "expand": expand,
                },
                token=TokenUse.OPTIONAL,
            ),
        )

    def get(self, *, connector_uuid: str | int, expand: Expand = None) -> Connector:
        """Get a connector.

        API: `GET /connectors/{connector_uuid}`
        (https://docs.powens.com/api-reference/user-connections/connectors).

        Args:
            connector_uuid: UUID of the connector; its number on this domain works as well.
            expand: Relations to send along: `sources`, `fields`, `payment_fields`, `countries`,
                `urls`.

        Returns:
            The connector.

        Raises:
            PowensNotFoundError: There is no such connector.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            Connector,
            make_request(
                "GET",
                build_path("connectors", connector_uuid),
                params={"expand": expand},
                token=TokenUse.OPTIONAL,
            ),
        )

    def update(
        self,
        *,
        connector_uuid: str | int,
        hidden: bool | Unset | None = UNSET,
        sync_periodicity: Decimal | float | Unset | None = UNSET,
        body: ConnectorUpdateRequest | Mapping[str, object] | None = None,
    ) -> Connector:
        """Change a connector for the whole domain. The token must be a config token.

        API: `PUT /connectors/{connector_uuid}`
        (https://docs.powens.com/api-reference/user-connections/connectors).

        Args:
            connector_uuid: UUID of the connector; its number on this domain works as well.
            hidden: Whether the connector is left out of lists.
            sync_periodicity: Days between two automatic synchronisations (deprecated).
            body: The whole change, instead of the arguments above.

        Returns:
            The connector as it is now.

        Raises:
            ValueError: Both `body` and another change are given.
            PowensAuthError: The token is no config token.
            PowensError: The call failed; the class says why.
        """
        change = {"hidden": hidden, "sync_periodicity": sync_periodicity}
        return self._session.fetch(
            Connector,
            make_request(
                "PUT", build_path("connectors", connector_uuid), body=_either(body, change)
            ),
        )

    def batch_update(
        self, *, body: Mapping[str, ConnectorUpdateRequest | Mapping[str, object]]
    ) -> ConnectorsList | None:
        """Change several connectors for the whole domain. The token must be a config token.

        API: `PATCH /connectors`
        (https://docs.powens.com/api-reference/user-connections/connectors).

        Args:
            body: The change of each connector, by UUID.

        Returns:
            The connectors as they are now, or None: the reference leaves open whether the API
            sends them.

        Raises:
            PowensAuthError: The token is no config token.
            PowensError: The call failed; the class says why.
        """
        response = self._session.send(make_request("PATCH", build_path("connectors"), body=body))
        if response.content.strip() in {b"", b"null", b"{}"}:
            return None
        return decode(response.content, ConnectorsList)

    def list_fields(self, *, connector_uuid: str | int) -> ConnectorFieldsList:
        """Get what to ask a user in order to connect.

        API: `GET /connectors/{connector_uuid}/fields`
        (https://docs.powens.com/documentation/integration-guides/advanced/custom-connection-implementation).

        Args:
            connector_uuid: UUID of the connector; its number on this domain works as well.

        Returns:
            The fields. Keep those whose `connector_sources` and `auth_mechanisms` fit the source
            that is added.

        Raises:
            PowensNotFoundError: There is no such connector.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            ConnectorFieldsList,
            make_request(
                "GET", build_path("connectors", connector_uuid, "fields"), token=TokenUse.OPTIONAL
            ),
        )

    def list_sources(
        self,
        *,
        connector_uuid: str | int,
        country_codes: str | Iterable[str] | None = None,
        expand: Expand = None,
    ) -> ConnectorSourcesList:
        """Get the sources of a connector, in no particular order.

        API: `GET /connectors/{connector_uuid}/sources`
        (https://docs.powens.com/api-reference/user-connections/connectors).

        Args:
            connector_uuid: UUID of the connector; its number on this domain works as well.
            country_codes: Get those that serve these countries, as two-letter codes.
            expand: Relations to send along; the reference names none.

        Returns:
            The sources. Add them to a connection in ascending `priority`; one whose `disabled` is
            set is out of use.

        Raises:
            PowensNotFoundError: There is no such connector.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            ConnectorSourcesList,
            make_request(
                "GET",
                build_path("connectors", connector_uuid, "sources"),
                params={"country_codes": country_codes, "expand": expand},
                token=TokenUse.OPTIONAL,
            ),
        )

    def get_source(self, *, connector_uuid: str | int, source_id: int) -> ConnectorSource:
        """Get a source of a connector.

        API: `GET /connectors/{connector_uuid}/sources/{source_id}`
        (https://docs.powens.com/api-reference/user-connections/connectors).

        Args:
            connector_uuid: UUID of the connector; its number on this domain works as well.
            source_id: Id of the source.

        Returns:
            The source.

        Raises:
            PowensNotFoundError: There is no such connector or source.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            ConnectorSource,
            make_request(
                "GET",
                build_path("connectors", connector_uuid, "sources", source_id),
                token=TokenUse.OPTIONAL,
            ),
        )

    def update_source(
        self,
        *,
        connector_uuid: str | int,
        source_id: int,
        auth_mechanism: AuthMechanism | str | Unset | None = UNSET,
        disabled: dt.datetime | Unset | None = UNSET,
        body: ConnectorSourceUpdateRequest | Mapping[str, object] | None = None,
    ) -> ConnectorSource:
        """Change a source for the whole domain. The token must be a config token.

        API: `PUT /connectors/{connector_uuid}/sources/{source_id}`
        (https://docs.powens.com/api-reference/user-connections/connectors).

        Args:
            connector_uuid: UUID of the connector; its number on this domain works as well.
            source_id: Id of the source.
            auth_mechanism: How the user proves who they are.
            disabled: A datetime takes the source out of use, None puts it back.
            body: The whole change, instead of the arguments above.

        Returns:
            The source as it is now.

        Raises:
            ValueError: Both `body` and another change are given.
            PowensAuthError: The token is no config token.
            PowensError: The call failed; the class says why.
        """
        change = {"auth_mechanism": auth_mechanism, "disabled": disabled}
        return self._session.fetch(
            ConnectorSource,
            make_request(
                "PUT",
                build_path("connectors", connector_uuid, "sources", source_id),
                body=_either(body, change),
            ),
        )


def _either(body: object, change: Mapping[str, object]) -> object:
    if body is None:
        return change
    if any(value is not UNSET for value in change.values()):
        raise ValueError("give either body or single changes")
    return body
