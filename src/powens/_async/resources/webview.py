"""Addresses of the webview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..._unset import UNSET, Unset
from ..._wire import Param
from ...models import AccountTypeName, ConnectorCapability, WebviewFlow, WebviewLang
from ...webview import DEFAULT_LANG, WebviewURL, webview_url
from ._base import AsyncResource


class AsyncWebview(AsyncResource):
    """Addresses to send a user to (https://docs.powens.com/api-reference/overview/webview).

    Nothing here sends a request. `client_id` defaults to that of the client.
    """

    def connect_url(
        self,
        *,
        redirect_uri: str,
        client_id: int | str | Unset = UNSET,
        lang: WebviewLang | str = DEFAULT_LANG,
        code: str | None = None,
        state: str | None = None,
        connector_ids: Iterable[int | str] | None = None,
        connector_uuids: Iterable[str] | None = None,
        connector_capabilities: Iterable[ConnectorCapability | str] | None = None,
        account_ibans: Iterable[str] | None = None,
        account_types: Iterable[AccountTypeName | str] | None = None,
        max_connections: int | None = None,
        extra_params: Mapping[str, str] | None = None,
    ) -> WebviewURL:
        """Build the address on which a user connects a bank.

        The user comes back with `connection_id` and `state`, and with a `code` for
        `auth.exchange_code` when none was given here. A bank that is connected already is
        connected a second time: to repair, use `reconnect_url`.

        API: `https://webview.powens.com/{lang}/connect`
        (https://docs.powens.com/api-reference/overview/webview).

        Args:
            redirect_uri: Where the user comes back to; absolute, without a query, and known to
                the console.
            client_id: Id of the client application.
            lang: Language of the page, as a two-letter code.
            code: A temporary code of the user; without one a new user is made.
            state: Text that comes back with the user.
            connector_ids: Offer these connectors only, by number.
            connector_uuids: Offer these connectors only, by UUID; a single one is not asked for.
            connector_capabilities: Offer connectors that can do all of this only.
            account_ibans: Enable these accounts only.
            account_types: Enable accounts of these types only.
            max_connections: How many connections the user may add; 1 when left out.
            extra_params: Further parameters, such as `{uuid}.{field}` to fill in a field.

        Returns:
            An object with the address in `url`. It may hold a code: keep it out of logs.

        Raises:
            ValueError: The client id is missing, `redirect_uri` is not usable, or `extra_params`
                holds what has an argument of its own.
        """
        return self._url(
            WebviewFlow.CONNECT,
            lang,
            client_id,
            {
                "redirect_uri": redirect_uri,
                "code": code,
                "state": state,
                "connector_ids": connector_ids,
                "connector_uuids": connector_uuids,
                "connector_capabilities": connector_capabilities,
                "account_ibans": account_ibans,
                "account_types": account_types,
                "max_connections": max_connections,
            },
            extra_params,
        )

    def reconnect_url(
        self,
        *,
        redirect_uri: str,
        code: str,
        connection_id: int,
        client_id: int | str | Unset = UNSET,
        lang: WebviewLang | str = DEFAULT_LANG,
        state: str | None = None,
        reset_credentials: bool | None = None,
        connection_sources: Iterable[str] | None = None,
    ) -> WebviewURL:
        """Build the address on which a user repairs a connection.

        API: `https://webview.powens.com/{lang}/reconnect`
        (https://docs.powens.com/api-reference/overview/webview).

        Args:
            redirect_uri: Where the user comes back to; absolute, without a query, and known to
                the console.
            code: A temporary code of the user.
            connection_id: Id of the connection.
            client_id: Id of the client application.
            lang: Language of the page, as a two-letter code.
            state: Text that comes back with the user.
            reset_credentials: True asks for all credentials again.
            connection_sources: Names of the sources to ask for again, such as `openapi`.

        Returns:
            An object with the address in `url`. It holds a code: keep it out of logs.

        Raises:
            ValueError: The client id is missing, or `redirect_uri` is not usable.
        """
        return self._url(
            WebviewFlow.RECONNECT,
            lang,
            client_id,
            {
                "redirect_uri": redirect_uri,
                "code": code,
                "connection_id": connection_id,
                "state": state,
                "reset_credentials": reset_credentials,
                "connection_sources": connection_sources,
            },
        )

    def manage_url(
        self,
        *,
        code: str,
        client_id: int | str | Unset = UNSET,
        lang: WebviewLang | str = DEFAULT_LANG,
        connection_id: int | None = None,
        redirect_uri: str | None = None,
        state: str | None = None,
        connector_capabilities: Iterable[ConnectorCapability | str] | None = None,
        account_types: Iterable[AccountTypeName | str] | None = None,
        extra_params: Mapping[str, str] | None = None,
    ) -> WebviewURL:
        """Build the address on which a user manages connections.

        API: `https://webview.powens.com/{lang}/manage`
        (https://docs.powens.com/api-reference/overview/webview).

        Args:
            code: A temporary code of the user.
            client_id: Id of the client application.
            lang: Language of the page, as a two-letter code.
            connection_id: Open the page on this connection.
            redirect_uri: Where a button to close the page leads; without it there is none.
            state: Text that comes back with the user.
            connector_capabilities: Offer connectors that can do all of this only.
            account_types: Offer accounts of these types only.
            extra_params: Further parameters.

        Returns:
            An object with the address in `url`. It holds a code: keep it out of logs.

        Raises:
            ValueError: The client id is missing, `redirect_uri` is not usable, or `extra_params`
                holds what has an argument of its own.
        """
        return self._url(
            WebviewFlow.MANAGE,
            lang,
            client_id,
            {
                "code": code,
                "connection_id": connection_id,
                "redirect_uri": redirect_uri,
                "state": state,
                "connector_capabilities": connector_capabilities,
                "account_types": account_types,
            },
            extra_params,
        )

    def payment_url(
        self,
        *,
        redirect_uri: str,
        code: str,
        payment_id: int | str,
        client_id: int | str | Unset = UNSET,
        lang: WebviewLang | str = DEFAULT_LANG,
        state: str | None = None,
    ) -> WebviewURL:
        """Build the address on which a payer carries out a payment.

        API: `https://webview.powens.com/{lang}/payment`
        (https://docs.powens.com/api-reference/overview/webview).

        Args:
            redirect_uri: Where the payer comes back to after an error or a cancellation; absolute,
                without a query, and known to the console. After a success it is the
                `client_redirect_uri` of the payment.
            code: A service token with a scope for payments, not a code of a user.
            payment_id: Id of the payment.
            client_id: Id of the client application.
            lang: Language of the page, as a two-letter code.
            state: Text that comes back with the payer.

        Returns:
            An object with the address in `url`. It holds a token: keep it out of logs.

        Raises:
            ValueError: The client id is missing, or `redirect_uri` is not usable.
        """
        return self._url(
            WebviewFlow.PAYMENT,
            lang,
            client_id,
            {
                "redirect_uri": redirect_uri,
                "code": code,
                "payment_id": payment_id,
                "state": state,
            },
        )

    def _url(
        self,
        flow: WebviewFlow,
        lang: WebviewLang | str,
        client_id: int | str | Unset,
        params: Mapping[str, Param],
        extra_params: Mapping[str, str] | None = None,
    ) -> WebviewURL:
        app = self._session.app
        whose: dict[str, Param] = {
            "domain": app.api_domain,
            "client_id": app.id_or_own(client_id),
        }
        extra = extra_params or {}
        if (params.keys() | whose.keys()) & extra.keys():
            raise ValueError("extra_params holds a parameter that has an argument of its own")
        return webview_url(
            flow, webview=app.webview_url, lang=lang, params={**params, **extra, **whose}
        )
