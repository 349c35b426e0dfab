# Generated from src/powens/_async/resources/account_ownerships.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Who owns the accounts of a user."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._wire import build_path, make_request
from ...models import AccountOwnership, AccountOwnershipsList
from ..pagination import Pager
from ._base import Resource


class AccountOwnerships(Resource):
    """Account ownerships; a feature that Powens switches on.

    (https://docs.powens.com/api-reference/products/data-aggregation/account-ownerships)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
    ) -> Pager[AccountOwnership]:
        """List who owns the accounts of a user.

        API: `GET /users/{user_id}/account_ownerships`
        (https://docs.powens.com/api-reference/products/data-aggregation/account-ownerships).

        Args:
            user_id: Id of the user, or `me`.

        Returns:
            A pager, which sends nothing until it is iterated.
        """
        return Pager(
            self._session,
            Listing(
                model=AccountOwnershipsList,
                path=build_path("users", user_id, "account_ownerships"),
                walk=SingleWalk,
            ),
        )

    def list_all(
        self,
        *,
        user_id: int | str = "me",
    ) -> AccountOwnershipsList:
        """Get who owns the accounts of a user in one call.

        API: `GET /users/{user_id}/account_ownerships`
        (https://docs.powens.com/api-reference/products/data-aggregation/account-ownerships).

        Args:
            user_id: Id of the user, or `me`.

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            AccountOwnershipsList,
            make_request(
                "GET",
                build_path("users", user_id, "account_ownerships"),
            ),
        )
