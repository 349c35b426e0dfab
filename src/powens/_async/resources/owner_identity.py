"""Who the owner of a connection is."""

from __future__ import annotations

from ... import models
from ..._wire import build_path, make_request
from ._base import AsyncResource


class AsyncOwnerIdentity(AsyncResource):
    """Identity of the owner of a connection; a feature that Powens switches on.

    (https://docs.powens.com/api-reference/products/documents-aggregation/connection-identity)
    """

    async def get(
        self,
        *,
        connection_id: int,
        user_id: int | str = "me",
    ) -> models.OwnerIdentity:
        """Get who the bank says the owner of a connection is.

        API: `GET /users/{user_id}/connections/{connection_id}/owner_identity`
        (https://docs.powens.com/api-reference/products/documents-aggregation/connection-identity).

        Args:
            connection_id: Id of the connection.
            user_id: Id of the user, or `me`.

        Returns:
            The identity.

        Raises:
            PowensNotFoundError: There is no such connection.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            models.OwnerIdentity,
            make_request(
                "GET",
                build_path("users", user_id, "connections", connection_id, "owner_identity"),
            ),
        )
