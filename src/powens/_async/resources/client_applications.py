"""Client applications of the domain."""

from __future__ import annotations

from ..._pagination import Listing, OffsetWalk
from ..._unset import UNSET, Unset
from ..._wire import Upload, build_path, make_request
from ...models import ClientApp, ClientAppRequest, ClientAppsList, ClientAppUpdateRequest
from ..pagination import AsyncPager
from ._base import AsyncResource


class AsyncClientApplications(AsyncResource):
    """Client applications, with the configuration token of the console.

    (https://docs.powens.com/api-reference/api-setup/client-applications)
    """

    async def create(
        self,
        *,
        generate_keys: bool | Unset = UNSET,
        name: str | Unset | None = UNSET,
        redirect_uris: str | Unset | None = UNSET,
        config: str | Unset | None = UNSET,
    ) -> ClientApp:
        """Create a client application.

        API: `POST /clients`
        (https://docs.powens.com/api-reference/api-setup/client-applications).

        Args:
            generate_keys: True makes an RSA pair, for user tokens that are JWTs.
            name: Its name.
            redirect_uris: Where users may be sent back to; how several are separated is not
                documented.
            config: Its settings.

        Returns:
            The client application, with its secret.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            ClientApp,
            make_request(
                "POST",
                build_path("clients"),
                body=ClientAppRequest(
                    generate_keys=generate_keys,
                    name=name,
                    redirect_uris=redirect_uris,
                    config=config,
                ),
            ),
        )

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ClientApp]:
        """List client applications.

        API: `GET /clients`
        (https://docs.powens.com/api-reference/api-setup/client-applications).

        Args:
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
                model=ClientAppsList,
                path=build_path("clients"),
                walk=OffsetWalk,
                limit=limit,
                cursor=cursor,
            ),
        )

    async def list_all(self) -> ClientAppsList:
        """Get the client applications in one call.

        API: `GET /clients`
        (https://docs.powens.com/api-reference/api-setup/client-applications).

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            ClientAppsList,
            make_request(
                "GET",
                build_path("clients"),
            ),
        )

    async def get(
        self,
        *,
        client_app_id: int,
    ) -> ClientApp:
        """Get a client application.

        API: `GET /clients/{client_app_id}`
        (https://docs.powens.com/api-reference/api-setup/client-applications).

        Args:
            client_app_id: Id of the client application.

        Returns:
            The client application; with the token of a user it lacks its secret.

        Raises:
            PowensNotFoundError: There is no such client application.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            ClientApp,
            make_request(
                "GET",
                build_path("clients", client_app_id),
            ),
        )

    async def update(
        self,
        *,
        client_app_id: int,
        generate_keys: bool | Unset = UNSET,
        name: str | Unset | None = UNSET,
        secret: str | Unset | None = UNSET,
        redirect_uris: str | Unset | None = UNSET,
        primary_color: str | Unset | None = UNSET,
        config: object = UNSET,
        update_config: bool | Unset = UNSET,
    ) -> ClientApp:
        """Change a client application.

        What is left out stays as it is; None sends null.

        API: `PUT /clients/{client_app_id}`
        (https://docs.powens.com/api-reference/api-setup/client-applications).

        Args:
            client_app_id: Id of the client application.
            generate_keys: True makes an RSA pair, unless there is one.
            name: Its name.
            secret: Resets the secret; the reference announces text, an older specification a
                boolean.
            redirect_uris: Where users may be sent back to.
            primary_color: Colour, hexadecimal.
            config: Its settings.
            update_config: False replaces the settings instead of merging into them.

        Returns:
            The client application as it is now.

        Raises:
            PowensNotFoundError: There is no such client application.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            ClientApp,
            make_request(
                "PUT",
                build_path("clients", client_app_id),
                body=ClientAppUpdateRequest(
                    generate_keys=generate_keys,
                    name=name,
                    secret=secret,
                    redirect_uris=redirect_uris,
                    primary_color=primary_color,
                    config=config,
                    update_config=update_config,
                ),
            ),
        )

    async def delete(
        self,
        *,
        client_app_id: int,
    ) -> None:
        """Delete a client application.

        API: `DELETE /clients/{client_app_id}`
        (https://docs.powens.com/api-reference/api-setup/client-applications).

        Args:
            client_app_id: Id of the client application.

        Raises:
            PowensNotFoundError: There is no such client application.
            PowensError: The call failed; the class says why.
        """
        await self._session.send(
            make_request(
                "DELETE",
                build_path("clients", client_app_id),
            )
        )

    async def update_logo(
        self,
        *,
        client_app_id: int,
        file: Upload,
    ) -> None:
        """Give a client application a logo.

        The reference says nothing of the body: the image is sent as a form, as elsewhere in the
        API.

        API: `POST /clients/{client_app_id}/logo`
        (https://docs.powens.com/api-reference/api-setup/client-applications).

        Args:
            client_app_id: Id of the client application.
            file: The image, with its name and type.

        Raises:
            PowensNotFoundError: There is no such client application.
            PowensError: The call failed; the class says why.
        """
        await self._session.send(
            make_request("POST", build_path("clients", client_app_id, "logo"), upload=file)
        )
