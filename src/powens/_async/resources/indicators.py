"""Indicators of income and spending."""

from __future__ import annotations

from ..._wire import build_path, make_request
from ...models import UserIndicators
from ._base import AsyncResource


class AsyncIndicators(AsyncResource):
    """Indicators of a user; a feature that Powens switches on.

    (https://docs.powens.com/api-reference/products/data-aggregation/indicators)
    """

    async def get(
        self,
        *,
        user_id: int | str = "me",
    ) -> UserIndicators:
        """Get the indicators of a user.

        API: `GET /users/{user_id}/indicators`
        (https://docs.powens.com/api-reference/products/data-aggregation/indicators).

        Args:
            user_id: Id of the user, or `me`.

        Returns:
            The indicators; None as long as they are not worked out.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            UserIndicators,
            make_request(
                "GET",
                build_path("users", user_id, "indicators"),
            ),
        )
