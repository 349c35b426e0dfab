"""Users of a domain."""

from __future__ import annotations

from collections.abc import Mapping

from ..._pagination import Listing, OffsetWalk
from ..._wire import Expand, as_texts, build_path, make_request
from ...models import User, UsersList
from ..pagination import AsyncPager
from ._base import AsyncResource


class AsyncUsers(AsyncResource):
    """Users (https://docs.powens.com/api-reference/user-connections/users)."""

    async def me(self, *, expand: Expand = None) -> User:
        """Get the user that the token belongs to.

        API: `GET /users/me`
        (https://docs.powens.com/api-reference/user-connections/users).

        Args:
            expand: Relations to send along; known are `config`, `alert_settings` and `invites`.

        Returns:
            The user.

        Raises:
            PowensAuthError: The token is not valid.
            PowensError: The call failed; the class says why.
        """
        return await self.get(expand=expand)

    async def get(self, *, user_id: int | str = "me", expand: Expand = None) -> User:
        """Get a user.

        API: `GET /users/{user_id}`
        (https://docs.powens.com/api-reference/user-connections/users).

        Args:
            user_id: Id of the user, or `me`.
            expand: Relations to send along; known are `config`, `alert_settings` and `invites`.

        Returns:
            The user.

        Raises:
            PowensNotFoundError: There is no such user.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            User, make_request("GET", build_path("users", user_id), params={"expand": expand})
        )

    def list(
        self,
        *,
        search: str | None = None,
        expand: Expand = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[User]:
        """List the users of the domain. The token must be the users token of the console.

        API: `GET /users`
        (https://docs.powens.com/api-reference/user-connections/users).

        Args:
            search: Mail address to look for; known from an old specification only.
            expand: Relations to send along.
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
                model=UsersList,
                path=build_path("users"),
                walk=OffsetWalk,
                params={"search": search, "expand": expand},
                limit=limit,
                cursor=cursor,
            ),
        )

    async def list_all(self, *, search: str | None = None, expand: Expand = None) -> UsersList:
        """Get the users of the domain in one call.

        API: `GET /users`
        (https://docs.powens.com/api-reference/user-connections/users).

        Args:
            search: Mail address to look for; known from an old specification only.
            expand: Relations to send along.

        Returns:
            The answer as it is.

        Raises:
            PowensAuthError: The token is not the users token of the console.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            UsersList,
            make_request("GET", build_path("users"), params={"search": search, "expand": expand}),
        )

    async def delete(self, *, user_id: int | str) -> None:
        """Delete a user with all data and all tokens.

        API: `DELETE /users/{user_id}`
        (https://docs.powens.com/api-reference/user-connections/users).

        Args:
            user_id: Id of the user, or `me`; there is no default.

        Raises:
            PowensNotFoundError: There is no such user.
            PowensError: The call failed; the class says why.
        """
        await self._session.send(make_request("DELETE", build_path("users", user_id)))

    async def get_config(self, *, user_id: int | str = "me") -> Mapping[str, str | None]:
        """Get the settings of a user, which are free pairs of texts.

        Known from an old specification, and from a client that uses it.

        API: `GET /users/{user_id}/config`
        (https://docs.powens.com/api-reference/user-connections/users).

        Args:
            user_id: Id of the user, or `me`.

        Returns:
            The values by key, as text: a boolean is `0` or `1`.

        Raises:
            PowensNotFoundError: There is no such user.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch_texts(
            make_request("GET", build_path("users", user_id, "config"))
        )

    async def update_config(
        self, *, body: Mapping[str, object], user_id: int | str = "me"
    ) -> Mapping[str, str | None]:
        """Change settings of a user.

        Known from an old specification, and from a client that uses it. The API ignores keys that
        begin with `biapi.`, but for the callback address.

        API: `POST /users/{user_id}/config`
        (https://docs.powens.com/api-reference/user-connections/users).

        Args:
            body: The new values by key; a bool is sent as `1` or `0`.
            user_id: Id of the user, or `me`.

        Returns:
            The values by key as they are now.

        Raises:
            TypeError: A value is no text, number or bool.
            PowensNotFoundError: There is no such user.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch_texts(
            make_request("POST", build_path("users", user_id, "config"), body=as_texts(body))
        )
