"""Registration of webhooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ..._pagination import Listing, OffsetWalk, SingleWalk
from ..._unset import UNSET, Unset
from ..._wire import Date, build_path, day, make_request
from ...models import Webhook, WebhookEvent, WebhookLog, WebhookLogsList, WebhooksList
from ..pagination import AsyncPager
from ._base import AsyncResource


class AsyncWebhooks(AsyncResource):
    """Registration of webhooks, with the configuration token of the console.

    Known from an old specification only: today webhooks are registered in the console.

    (https://docs.powens.com/documentation/integration-guides/webhooks)
    """

    def list(self) -> AsyncPager[Webhook]:
        """List the registered webhooks.

        Known from an old specification only: today webhooks are registered in the console.

        API: `GET /webhooks`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Returns:
            A pager, which sends nothing until it is iterated.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=WebhooksList,
                path=build_path("webhooks"),
                walk=SingleWalk,
            ),
        )

    async def list_all(self) -> WebhooksList:
        """Get the registered webhooks in one call.

        Known from an old specification only: today webhooks are registered in the console.

        API: `GET /webhooks`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            WebhooksList,
            make_request(
                "GET",
                build_path("webhooks"),
            ),
        )

    async def create(
        self,
        *,
        url: str,
        event: WebhookEvent | str,
        id_auth: int | str | Unset | None = UNSET,
        id_user: int | Unset | None = UNSET,
        id_service: int | Unset | None = UNSET,
        params: Mapping[str, object] | Unset | None = UNSET,
    ) -> Webhook:
        """Register a webhook.

        Known from an old specification only: today webhooks are registered in the console.

        API: `POST /webhooks`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Args:
            url: Address that receives the event.
            event: The event.
            id_auth: Id or name of an auth provider.
            id_user: Only events of this user.
            id_service: Only events of this service.
            params: An object with `type`, `key` and `value`.

        Returns:
            The webhook.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Webhook,
            make_request(
                "POST",
                build_path("webhooks"),
                body={
                    "url": url,
                    "event": event,
                    "id_auth": id_auth,
                    "id_user": id_user,
                    "id_service": id_service,
                    "params": params,
                },
            ),
        )

    async def update(
        self,
        *,
        webhook_id: int,
        url: str | Unset | None = UNSET,
        event: WebhookEvent | str | Unset | None = UNSET,
        id_auth: int | str | Unset | None = UNSET,
        id_user: int | Unset | None = UNSET,
        id_service: int | Unset | None = UNSET,
        deleted: dt.datetime | str | Unset | None = UNSET,
    ) -> Webhook:
        """Change a webhook, switch it off or on.

        What is left out stays as it is. Known from an old specification only: today webhooks are
        registered in the console.

        API: `PUT /webhooks/{webhook_id}`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Args:
            webhook_id: Id of the webhook.
            url: Address that receives the event.
            event: The event.
            id_auth: Id or name of an auth provider.
            id_user: Only events of this user.
            id_service: Only events of this service.
            deleted: A date switches it off, None switches it on.

        Returns:
            The webhook as it is now.

        Raises:
            PowensNotFoundError: There is no such webhook.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Webhook,
            make_request(
                "PUT",
                build_path("webhooks", webhook_id),
                body={
                    "url": url,
                    "event": event,
                    "id_auth": id_auth,
                    "id_user": id_user,
                    "id_service": id_service,
                    "deleted": "null" if deleted is None else deleted,
                },
            ),
        )

    async def delete(
        self,
        *,
        webhook_id: int,
    ) -> None:
        """Switch a webhook off for good.

        Known from an old specification only: today webhooks are registered in the console.

        API: `DELETE /webhooks/{webhook_id}`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Args:
            webhook_id: Id of the webhook.

        Raises:
            PowensNotFoundError: There is no such webhook.
            PowensError: The call failed; the class says why.
        """
        await self._session.send(
            make_request(
                "DELETE",
                build_path("webhooks", webhook_id),
            )
        )

    def list_logs(
        self,
        *,
        webhook_id: int,
        id_user: int | None = None,
        min_date: Date | None = None,
        max_date: Date | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[WebhookLog]:
        """List the past deliveries of a webhook.

        Known from an old specification only: today webhooks are registered in the console.

        API: `GET /webhooks/{webhook_id}/logs`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Args:
            webhook_id: Id of the webhook.
            id_user: Those about this user only.
            min_date: First day; the API takes the last month when it is left out.
            max_date: Last day.
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
                model=WebhookLogsList,
                path=build_path("webhooks", webhook_id, "logs"),
                walk=OffsetWalk,
                params={"id_user": id_user, "min_date": day(min_date), "max_date": day(max_date)},
                limit=limit,
                cursor=cursor,
            ),
        )

    async def trigger_test(self) -> None:
        """Make the API synchronise some connection, so that webhooks are sent.

        Known from an old specification only: today the console has a button for it.

        API: `POST /test/webhooks`
        (https://docs.powens.com/documentation/integration-guides/webhooks).

        Raises:
            PowensError: The call failed; the class says why.
        """
        await self._session.send(
            make_request(
                "POST",
                build_path("test", "webhooks"),
            )
        )
