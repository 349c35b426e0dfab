"""The client: settings, lifetime, and the resources."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from types import TracebackType
from typing import Any, Self

import attrs
import httpx

from .._checks import check_seconds
from .._options import PAYMENT_LINKS_URL, WEBVIEW_URL, App, Options
from .._unset import UNSET, Unset
from .._wire import BaseURL, Param, Response, TokenUse, make_request
from ..circuit import CircuitBreaker, NoOpCircuitBreaker
from ..exceptions import PowensError
from ..retry import RetryBudget, RetryPolicy
from . import resources
from .session import AsyncSession
from .transport import AsyncTransport, TransportSettings


class AsyncPowensClient:
    """Access to one Powens domain.

    A client owns a pool of connections: make one, keep it, and close it or use it as a context
    manager. It can be used by many callers at once. To act for many users, take a view of it for
    each with `with_options(access_token=...)`.

    Args:
        base_url: Where the API is, such as `https://example.biapi.pro/2.0`. Plain http is for
            this very machine only.
        domain: The other way to say it: `example` or `example.biapi.pro`.
        access_token: Token of a user, or of the domain. It is sent to the base URL and nowhere
            else.
        client_id: Id of the client application, the default of `auth` and `webview` methods.
        client_secret: Its secret, the default of `auth` methods.
        timeout: Seconds for one network step (connect, send, receive, wait for a connection);
            None waits for ever.
        sync_timeout: The same for `connections.create`, `update` and `sync`, during which the API
            talks to the bank.
        deadline: Seconds for a whole call, with its attempts, its waits and all pages of a
            listing; None sets no limit. With a `transport` or an `http_client` of yours it
            bounds each network step, and is looked at between the pieces of an answer.
        retry_policy: When to try again; by default twice, and never what could happen twice.
        circuit_breaker: What to ask before every attempt; by default everything is allowed.
        retry_budget: What keeps retries a small part of all traffic; shared by all views.
        max_connections: Most requests under way at a time; further ones wait for their turn.
        max_response_size: Most bytes of an answer, unpacked; None is no limit. Downloads to a
            file have none.
        transport: A transport of httpx to send with, for tests and special networks.
        http_client: A client of httpx to send with, for proxies and the like. It is not closed
            with this client.
        user_agent: What to say in front of the name of this package.
        api_domain: Host to name in webview URLs; by default the host of the base URL.
        webview_url: Where the webview is.
        payment_links_url: Where payment links are served.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: An argument makes no sense, such as both or none of `base_url` and `domain`.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        domain: str | None = None,
        access_token: str | None = None,
        client_id: int | str | None = None,
        client_secret: str | None = None,
        timeout: float | None = 30.0,
        sync_timeout: float | None = 180.0,
        deadline: float | None = None,
        retry_policy: RetryPolicy | None = None,
        circuit_breaker: CircuitBreaker | None = None,
        retry_budget: RetryBudget | None = None,
        max_connections: int = 100,
        max_response_size: int | None = 64 * 2**20,
        transport: httpx.AsyncBaseTransport | None = None,
        http_client: httpx.AsyncClient | None = None,
        user_agent: str | None = None,
        api_domain: str | None = None,
        webview_url: str | None = None,
        payment_links_url: str | None = None,
    ) -> None:
        options = Options(
            access_token=access_token,
            timeout=timeout,
            sync_timeout=sync_timeout,
            deadline=deadline,
            retry_policy=RetryPolicy() if retry_policy is None else retry_policy,
        )
        where = BaseURL.of(base_url=base_url, domain=domain)
        shared = AsyncTransport(
            base_url=where,
            circuit_breaker=NoOpCircuitBreaker() if circuit_breaker is None else circuit_breaker,
            retry_budget=RetryBudget() if retry_budget is None else retry_budget,
            user_agent=user_agent,
            max_connections=max_connections,
            max_response_size=max_response_size,
            transport=transport,
            http_client=http_client,
        )
        app = App(
            client_id=None if client_id is None else str(client_id),
            client_secret=client_secret,
            api_domain=api_domain or where.host,
            webview_url=webview_url or WEBVIEW_URL,
            payment_links_url=BaseURL.parse(payment_links_url or PAYMENT_LINKS_URL),
        )
        self._session = AsyncSession(shared, options, app)
        self._is_view = False

    @classmethod
    def from_env(cls) -> Self:
        """Make a client from the environment.

        Read are `POWENS_BASE_URL` or `POWENS_DOMAIN`, `POWENS_ACCESS_TOKEN`, `POWENS_CLIENT_ID`
        and `POWENS_CLIENT_SECRET`; and `POWENS_WEBVIEW_URL`, which a sandbox has. An empty
        variable counts as not set.

        Returns:
            The client.

        Raises:
            ValueError: Both or none of `POWENS_BASE_URL` and `POWENS_DOMAIN` are set, or what is
                set is not valid.
        """
        base_url, domain = os.getenv("POWENS_BASE_URL"), os.getenv("POWENS_DOMAIN")
        if bool(base_url) == bool(domain):
            raise ValueError("set either POWENS_BASE_URL or POWENS_DOMAIN")
        return cls(
            base_url=base_url or None,
            domain=domain or None,
            access_token=os.getenv("POWENS_ACCESS_TOKEN") or None,
            client_id=os.getenv("POWENS_CLIENT_ID") or None,
            client_secret=os.getenv("POWENS_CLIENT_SECRET") or None,
            webview_url=os.getenv("POWENS_WEBVIEW_URL") or None,
        )

    def __repr__(self) -> str:
        kind = "view" if self._is_view else "client"
        where = self._session.base_url
        return f"<{type(self).__name__} ({kind}) of {where.origin}{where.prefix}>"

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        """Pickle the settings: the other process opens connections of its own.

        The token and the client secret stay behind, unless this is a view made with
        `with_options(pickle_secrets=True)`.
        """
        session = self._session
        if session.transport.is_lent:
            raise TypeError("a client with a transport or an http_client of yours has no pickle")
        options, app = session.options, session.app
        if not options.pickle_secrets:
            options = attrs.evolve(options, access_token=None)
            app = attrs.evolve(app, client_secret=None)
        return self._restore, (session.transport.settings, options, app)

    @classmethod
    def _restore(cls, settings: TransportSettings, options: Options, app: App) -> Self:
        return cls._over(AsyncSession(AsyncTransport(**settings), options, app), is_view=False)

    @classmethod
    def _over(cls, session: AsyncSession, *, is_view: bool) -> Self:
        client = cls.__new__(cls)
        client._session = session  # noqa: SLF001 - a client like this one
        client._is_view = is_view  # noqa: SLF001
        return client

    def __copy__(self) -> Self:
        return self.with_options()

    def __deepcopy__(self, _memo: dict[int, object]) -> Self:
        return self.with_options()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the pool of connections; after that no call can be made, by views neither.

        Closing twice is harmless. Closing a view does nothing, since the pool is not its own, and
        an `http_client` that was given stays open.
        """
        if not self._is_view:
            await self._session.transport.aclose()

    @property
    def access_token(self) -> str | None:
        """The token that calls are made with from now on."""
        return self._session.options.access_token

    def set_access_token(self, token: str | None) -> None:
        """Change the token of calls to come. Pagers and views keep the one they were made with.

        To act for several users take views instead, with `with_options(access_token=...)`.

        Args:
            token: The new token; None sends none.

        Raises:
            PowensError: This is a view, which never changes.
            ValueError: The token cannot be sent.
        """
        if self._is_view:
            raise PowensError("a view never changes: take another with with_options()")
        self._session.options = attrs.evolve(self._session.options, access_token=token)

    def with_options(
        self,
        *,
        access_token: str | Unset | None = UNSET,
        timeout: float | Unset | None = UNSET,
        deadline: float | Unset | None = UNSET,
        retry_policy: RetryPolicy | Unset = UNSET,
        sign_responses: bool | Unset = UNSET,
        pickle_secrets: bool | Unset = UNSET,
    ) -> Self:
        """Take a view: a light client with other settings on the same connections and breaker.

        A view never changes, and nothing that happens to this client's settings reaches it.
        Sends nothing.

        Args:
            access_token: Token to send; None sends none.
            timeout: Seconds for one network step; None waits for ever.
            deadline: Seconds for a whole call, all pages of a listing included; None sets no
                limit.
            retry_policy: When to try again.
            sign_responses: True asks for signed answers and verifies each before anything is made
                of it; Powens must have switched them on. Needs the extra `encryption`. Downloads
                are not signed.
            pickle_secrets: True lets the token and the client secret go along when the view is
                pickled, for what may be seen by whoever sees the pickle.

        Returns:
            The view; what is left out is as in this client now.

        Raises:
            TypeError: A setting is of the wrong type.
            ValueError: A time limit is not positive, or the token cannot be sent.
        """
        given = {
            "access_token": access_token,
            "timeout": timeout,
            "deadline": deadline,
            "retry_policy": retry_policy,
            "sign_responses": sign_responses,
            "pickle_secrets": pickle_secrets,
        }
        changes: dict[str, Any] = {name: v for name, v in given.items() if v is not UNSET}
        session = self._session
        options = attrs.evolve(session.options, **changes)
        return self._over(AsyncSession(session.transport, options, session.app), is_view=True)

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Param] | None = None,
        json: object = UNSET,
        headers: Mapping[str, str] | None = None,
        timeout: float | Unset | None = UNSET,
    ) -> Response:
        """Call what has no method of its own, with the token, attempts and errors of all calls.

        Args:
            method: Verb, such as `GET`.
            path: Path below the base URL, such as `/users/me/connections`; its ids must be quoted
                already. A whole address below the base URL is fine as well.
            params: Query parameters; one that is None is left out, and so is UNSET.
            json: Body, encoded as JSON; left out, no body is sent.
            headers: Further headers.
            timeout: Seconds for one network step; None waits for ever.

        Returns:
            The answer, with `status_code`, `headers`, `content` and `json()`.

        Raises:
            TypeError: There is no JSON for a value of the body, or the timeout is no number.
            ValueError: The path leads outside of the base URL, or the timeout is not positive.
            PowensError: The call failed; the class says why.
        """
        if not isinstance(timeout, Unset):
            check_seconds("timeout", timeout)
        where = self._session.base_url
        address = where.resolve(f"{where.prefix}{path}" if path.startswith("/") else path)
        request = make_request(
            method.upper(), address, params=params, body=json, token=TokenUse.OPTIONAL
        )
        return await self._session.send(
            attrs.evolve(request, headers=headers or {}, timeout=timeout)
        )

    @cached_property
    def auth(self) -> resources.auth.AsyncAuth:
        """Tokens and codes."""
        return resources.auth.AsyncAuth(self._session)

    @cached_property
    def users(self) -> resources.users.AsyncUsers:
        """Users of the domain."""
        return resources.users.AsyncUsers(self._session)

    @cached_property
    def connectors(self) -> resources.connectors.AsyncConnectors:
        """Banks and providers."""
        return resources.connectors.AsyncConnectors(self._session)

    @cached_property
    def connections(self) -> resources.connections.AsyncConnections:
        """Links between a user and a connector."""
        return resources.connections.AsyncConnections(self._session)

    @cached_property
    def accounts(self) -> resources.accounts.AsyncAccounts:
        """Bank accounts."""
        return resources.accounts.AsyncAccounts(self._session)

    @cached_property
    def account_types(self) -> resources.account_types.AsyncAccountTypes:
        """Types of bank accounts."""
        return resources.account_types.AsyncAccountTypes(self._session)

    @cached_property
    def currencies(self) -> resources.currencies.AsyncCurrencies:
        """Currencies."""
        return resources.currencies.AsyncCurrencies(self._session)

    @cached_property
    def transactions(self) -> resources.transactions.AsyncTransactions:
        """Bank transactions."""
        return resources.transactions.AsyncTransactions(self._session)

    @cached_property
    def webview(self) -> resources.webview.AsyncWebview:
        """Addresses to send users to."""
        return resources.webview.AsyncWebview(self._session)

    @cached_property
    def account_ownerships(self) -> resources.account_ownerships.AsyncAccountOwnerships:
        """Who owns the accounts of a user."""
        return resources.account_ownerships.AsyncAccountOwnerships(self._session)

    @cached_property
    def balances(self) -> resources.balances.AsyncBalances:
        """Balances of an account over time."""
        return resources.balances.AsyncBalances(self._session)

    @cached_property
    def client_applications(self) -> resources.client_applications.AsyncClientApplications:
        """Client applications of the domain."""
        return resources.client_applications.AsyncClientApplications(self._session)

    @cached_property
    def configuration(self) -> resources.configuration.AsyncConfiguration:
        """Configuration of the domain."""
        return resources.configuration.AsyncConfiguration(self._session)

    @cached_property
    def credit_notes(self) -> resources.credit_notes.AsyncCreditNotes:
        """Credit notes of providers."""
        return resources.credit_notes.AsyncCreditNotes(self._session)

    @cached_property
    def document_types(self) -> resources.document_types.AsyncDocumentTypes:
        """Types of documents."""
        return resources.document_types.AsyncDocumentTypes(self._session)

    @cached_property
    def documents(self) -> resources.documents.AsyncDocuments:
        """Documents, and the files behind them."""
        return resources.documents.AsyncDocuments(self._session)

    @cached_property
    def indicators(self) -> resources.indicators.AsyncIndicators:
        """Indicators of income and spending."""
        return resources.indicators.AsyncIndicators(self._session)

    @cached_property
    def investments(self) -> resources.investments.AsyncInvestments:
        """Investments."""
        return resources.investments.AsyncInvestments(self._session)

    @cached_property
    def invoices(self) -> resources.invoices.AsyncInvoices:
        """Invoices of providers."""
        return resources.invoices.AsyncInvoices(self._session)

    @cached_property
    def loan_amortizations(self) -> resources.loan_amortizations.AsyncLoanAmortizations:
        """What loans cost, month by month."""
        return resources.loan_amortizations.AsyncLoanAmortizations(self._session)

    @cached_property
    def market_orders(self) -> resources.market_orders.AsyncMarketOrders:
        """Orders on markets."""
        return resources.market_orders.AsyncMarketOrders(self._session)

    @cached_property
    def owner_identity(self) -> resources.owner_identity.AsyncOwnerIdentity:
        """Who the owner of a connection is."""
        return resources.owner_identity.AsyncOwnerIdentity(self._session)

    @cached_property
    def payment_links(self) -> resources.payment_links.AsyncPaymentLinks:
        """Payment links."""
        return resources.payment_links.AsyncPaymentLinks(self._session)

    @cached_property
    def payments(self) -> resources.payments.AsyncPayments:
        """Payments."""
        return resources.payments.AsyncPayments(self._session)

    @cached_property
    def pockets(self) -> resources.pockets.AsyncPockets:
        """Pockets of investments."""
        return resources.pockets.AsyncPockets(self._session)

    @cached_property
    def security(self) -> resources.security.AsyncSecurity:
        """Public keys of the domain."""
        return resources.security.AsyncSecurity(self._session)

    @cached_property
    def subscriptions(self) -> resources.subscriptions.AsyncSubscriptions:
        """Subscriptions, which hold documents."""
        return resources.subscriptions.AsyncSubscriptions(self._session)

    @cached_property
    def webhook_auth_providers(self) -> resources.webhook_auth_providers.AsyncWebhookAuthProviders:
        """How webhooks prove who sends them."""
        return resources.webhook_auth_providers.AsyncWebhookAuthProviders(self._session)

    @cached_property
    def webhooks(self) -> resources.webhooks.AsyncWebhooks:
        """Registration of webhooks."""
        return resources.webhooks.AsyncWebhooks(self._session)
