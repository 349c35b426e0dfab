"""Bank accounts."""

from __future__ import annotations

from ..._pagination import Listing, OffsetWalk
from ..._unset import UNSET, Unset
from ..._wire import Expand, build_path, flag, make_request
from ...models import BankAccount, BankAccountsList, BankAccountUpdateRequest, BankAccountUsage
from ..pagination import AsyncPager
from ._base import AsyncResource, owned_path


class AsyncAccounts(AsyncResource):
    """Bank accounts of a user. They arrive disabled: enabling one is the user's consent.

    (https://docs.powens.com/api-reference/products/data-aggregation/bank-accounts)
    """

    def list(
        self,
        *,
        user_id: int | str = "me",
        connection_id: int | None = None,
        include_all: bool = False,
        expand: Expand = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[BankAccount]:
        """List accounts.

        API: `GET /users/{user_id}/accounts`, `GET /users/{user_id}/connections/{id}/accounts`
        (https://docs.powens.com/api-reference/products/data-aggregation/bank-accounts).

        Args:
            user_id: Id of the user, or `me`.
            connection_id: List the accounts of this connection only.
            include_all: List disabled and deleted accounts too.
            expand: Relations to send along; known is `connection`, and `connection[connector]`.
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
                model=BankAccountsList,
                path=owned_path(user_id, "accounts", connections=connection_id),
                walk=OffsetWalk,
                params={"all": flag(include_all), "expand": expand},
                limit=limit,
                cursor=cursor,
            ),
        )

    async def list_all(
        self,
        *,
        user_id: int | str = "me",
        connection_id: int | None = None,
        include_all: bool = False,
        expand: Expand = None,
    ) -> BankAccountsList:
        """Get the accounts and the sums of their balances in one call.

        API: `GET /users/{user_id}/accounts`, `GET /users/{user_id}/connections/{id}/accounts`
        (https://docs.powens.com/api-reference/products/data-aggregation/bank-accounts).

        Args:
            user_id: Id of the user, or `me`.
            connection_id: Get the accounts of this connection only.
            include_all: Get disabled and deleted accounts too.
            expand: Relations to send along; known is `connection`, and `connection[connector]`.

        Returns:
            The answer as it is, with `balances` and `coming_balances` by currency.

        Raises:
            PowensError: The call failed; the class says why. A user who has no bank account at
                all is answered with the code `noAccount`.
        """
        return await self._session.fetch(
            BankAccountsList,
            make_request(
                "GET",
                owned_path(user_id, "accounts", connections=connection_id),
                params={"all": flag(include_all), "expand": expand},
            ),
        )

    async def get(
        self,
        *,
        account_id: int,
        user_id: int | str = "me",
        include_all: bool = False,
        expand: Expand = None,
    ) -> BankAccount:
        """Get an account.

        API: `GET /users/{user_id}/accounts/{account_id}`
        (https://docs.powens.com/api-reference/products/data-aggregation/bank-accounts).

        Args:
            account_id: Id of the account.
            user_id: Id of the user, or `me`.
            include_all: Find it even if it is disabled.
            expand: Relations to send along; known is `connection`, and `connection[connector]`.

        Returns:
            The account.

        Raises:
            PowensNotFoundError: There is no such account, or it is disabled.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            BankAccount,
            make_request(
                "GET",
                build_path("users", user_id, "accounts", account_id),
                params={"all": flag(include_all), "expand": expand},
            ),
        )

    async def update(
        self,
        *,
        account_id: int,
        user_id: int | str = "me",
        display: bool | Unset | None = UNSET,
        name: str | Unset | None = UNSET,
        disabled: bool | Unset | None = UNSET,
        bookmarked: bool | Unset | None = UNSET,
        usage: BankAccountUsage | str | Unset | None = UNSET,
        include_all: bool = False,
        expand: Expand = None,
    ) -> BankAccount:
        """Change an account: enable it, rename it, hide it.

        What is left out stays as it is; None sends null.

        API: `POST /users/{user_id}/accounts/{account_id}`
        (https://docs.powens.com/api-reference/products/data-aggregation/bank-accounts).

        Args:
            account_id: Id of the account.
            user_id: Id of the user, or `me`.
            display: Whether the account is shown.
            name: Name to show.
            disabled: False enables the account, which is the user's consent. True disables it
                and deletes its transactions and investments.
            bookmarked: Whether the account is a favourite.
            usage: Private, professional or of an association.
            include_all: Find the account even if it is disabled, as it is before it is enabled.
            expand: Relations to send along; known is `connection`.

        Returns:
            The account as it is now.

        Raises:
            PowensNotFoundError: There is no such account, or it is disabled.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            BankAccount,
            make_request(
                "POST",
                build_path("users", user_id, "accounts", account_id),
                params={"all": flag(include_all), "expand": expand},
                body=BankAccountUpdateRequest(
                    display=display,
                    name=name,
                    disabled=disabled,
                    bookmarked=bookmarked,
                    usage=usage,
                ),
            ),
        )
