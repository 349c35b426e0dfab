"""The application: routes, who may call them, and the refusals of what is no route."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from powens.sandbox.call import (
    CONFIG,
    HERE,
    LINKS,
    NOBODY,
    PAY,
    PAY_ADMIN,
    PAY_CANCEL,
    PAY_VALIDATE,
    USER,
    USERS,
    Call,
)
from powens.sandbox.dispatch import Dispatcher
from powens.sandbox.faults import LINKS_PREFIX, PREFIX, Desk, Gate
from powens.sandbox.handlers import (
    accounts,
    administration,
    auth,
    connections,
    connectors,
    console,
    controls,
    documents,
    figures,
    invoices,
    links,
    payments,
    security,
    transactions,
    users,
    wealth,
    webauth,
)
from powens.sandbox.state import World
from powens.sandbox.webview import Webview
from powens.sandbox.wire import Answer, ApiError, dump, not_found

Handler: TypeAlias = Callable[[Call], Answer | Response | Awaitable[Answer | Response]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route, the kinds of token it admits, and its handler."""

    methods: str
    path: str
    admits: frozenset[str]
    handler: Handler


_ME = "/users/{user_id}"
_CONNECTION = f"{_ME}/connections/{{connection_id}}"
_ACCOUNT = "accounts/{account_id}"
_CONNECTOR = "/connectors/{connector_uuid}"
_SUBSCRIPTION = "subscriptions/{subscription_id}"
_TRANSACTION = f"{_ME}/transactions/{{transaction_id}}"
_INVESTMENT = "investments/{investment_id}"
_INVOICE = f"{_ME}/invoices/{{invoice_id}}"
_CREDIT_NOTE = f"{_ME}/credit_notes/{{credit_note_id}}"
_FILE = "attachments/{attachment_id}/file"
_DOCUMENT = f"{_ME}/documents/{{document_id}}"
_PAYMENT = "/payments/{payment_id}"
_CLIENT = "/clients/{client_id}"
_WEBHOOK = "/webhooks/{webhook_id}"
_PROVIDER = "/webhooks/auth/{provider_id}"

ENDPOINTS: Final = (
    Endpoint("POST", "/auth/init", NOBODY, auth.init_user),
    Endpoint("GET", "/auth/token/code", USER, auth.generate_code),
    Endpoint("POST", "/auth/token/access", NOBODY, auth.exchange_code),
    Endpoint("POST", "/auth/renew", NOBODY, auth.renew_token),
    Endpoint("POST", "/auth/token", NOBODY, auth.generate_service_token),
    Endpoint("DELETE", "/auth/token", USER, auth.revoke_token),
    Endpoint("GET", "/users", USERS, users.list_users),
    Endpoint("GET", _ME, USER, users.get_user),
    Endpoint("DELETE", _ME, USER, users.delete_user),
    Endpoint("GET", "/connectors", NOBODY, connectors.list_connectors),
    Endpoint("GET", "/banks", NOBODY, partial(connectors.list_connectors, key="banks")),
    Endpoint("GET", "/providers", NOBODY, partial(connectors.list_connectors, key="providers")),
    Endpoint("PATCH", "/connectors", CONFIG, connectors.update_connectors),
    Endpoint("GET", _CONNECTOR, NOBODY, connectors.get_connector),
    Endpoint("PUT", _CONNECTOR, CONFIG, connectors.update_connector),
    Endpoint("GET", f"{_CONNECTOR}/fields", NOBODY, connectors.list_fields),
    Endpoint("GET", f"{_CONNECTOR}/sources", NOBODY, connectors.list_connector_sources),
    Endpoint("GET", f"{_CONNECTOR}/sources/{{source_id}}", NOBODY, connectors.get_connector_source),
    Endpoint(
        "PUT", f"{_CONNECTOR}/sources/{{source_id}}", CONFIG, connectors.update_connector_source
    ),
    Endpoint("GET", f"{_ME}/connections", USER, connections.list_connections),
    Endpoint("POST", f"{_ME}/connections", USER, connections.create_connection),
    Endpoint("GET", _CONNECTION, USER, connections.get_connection),
    Endpoint("POST", _CONNECTION, USER, connections.update_connection),
    Endpoint("PUT", _CONNECTION, USER, connections.sync_connection),
    Endpoint("DELETE", _CONNECTION, USER, connections.delete_connection),
    Endpoint("GET", f"{_CONNECTION}/sources", USER, connections.list_connection_sources),
    Endpoint(
        "GET", f"{_CONNECTION}/sources/{{source_id}}", USER, connections.get_connection_source
    ),
    Endpoint(
        "POST", f"{_CONNECTION}/sources/{{source_id}}", USER, connections.update_connection_source
    ),
    Endpoint("GET", f"{_CONNECTION}/logs", USER, connections.list_logs),
    Endpoint("GET", "/webauth-url", USER, webauth.webauth_url),
    Endpoint("GET", "/webauth", NOBODY, webauth.webauth),
    *(
        endpoint
        for owner in (_ME, _CONNECTION)
        for endpoint in (
            Endpoint("GET", f"{owner}/accounts", USER, accounts.list_accounts),
            Endpoint("GET", f"{owner}/{_ACCOUNT}", USER, accounts.get_account),
            Endpoint("POST PUT", f"{owner}/{_ACCOUNT}", USER, accounts.update_account),
            Endpoint("GET", f"{owner}/transactions", USER, transactions.list_transactions),
        )
    ),
    Endpoint("GET", f"{_ME}/{_ACCOUNT}/transactions", USER, transactions.list_transactions),
    Endpoint("GET", f"{_ME}/transactions/{{transaction_id}}", USER, transactions.get_transaction),
    Endpoint(
        "POST PUT", f"{_ME}/transactions/{{transaction_id}}", USER, transactions.update_transaction
    ),
    Endpoint(
        "GET",
        f"{_ME}/transactions/{{transaction_id}}/attachments",
        USER,
        transactions.list_attachments,
    ),
    Endpoint("GET", "/account_types", NOBODY, accounts.list_account_types),
    Endpoint("GET", "/account_types/{type_id}", NOBODY, accounts.get_account_type),
    Endpoint("GET", "/currencies", NOBODY, accounts.list_currencies),
    *(
        endpoint
        for owner in (_ME, _CONNECTION)
        for endpoint in (
            Endpoint("GET", f"{owner}/subscriptions", USER, documents.list_subscriptions),
            Endpoint("GET", f"{owner}/{_SUBSCRIPTION}", USER, documents.get_subscription),
            Endpoint("POST PUT", f"{owner}/{_SUBSCRIPTION}", USER, documents.update_subscription),
        )
    ),
    *(
        Endpoint("GET", f"{owner}/documents", USER, documents.list_documents)
        for owner in (_ME, _CONNECTION, f"{_ME}/{_SUBSCRIPTION}", _TRANSACTION)
    ),
    Endpoint("POST", f"{_ME}/documents", USER, documents.upload_document),
    Endpoint("GET", _DOCUMENT, USER, documents.get_document),
    Endpoint("POST PUT", _DOCUMENT, USER, documents.update_document),
    Endpoint("DELETE", _DOCUMENT, USER, documents.delete_document),
    Endpoint("GET", f"{_DOCUMENT}/file", USER, documents.download_document),
    Endpoint("GET", f"{_DOCUMENT}/thumbnail", USER, documents.download_thumbnail),
    Endpoint("GET", f"{_TRANSACTION}/{_FILE}", USER, documents.download_attachment),
    Endpoint("GET", "/documenttypes", NOBODY, documents.list_document_types),
    *(
        endpoint
        for owner in (_ME, _CONNECTION, f"{_ME}/{_ACCOUNT}")
        for endpoint in (
            Endpoint("GET", f"{owner}/investments", USER, wealth.list_investments),
            Endpoint("GET", f"{owner}/{_INVESTMENT}", USER, wealth.get_investment),
            Endpoint("GET", f"{owner}/{_INVESTMENT}/history", USER, wealth.list_history),
            Endpoint(
                "GET", f"{owner}/{_INVESTMENT}/security/history", USER, wealth.get_security_history
            ),
            Endpoint("GET", f"{owner}/marketorders", USER, wealth.list_market_orders),
            Endpoint("GET", f"{owner}/pockets", USER, wealth.list_pockets),
            Endpoint("GET", f"{owner}/amortizations", USER, wealth.list_amortizations),
        )
    ),
    Endpoint("GET", f"{_ME}/marketorders/{{market_order_id}}", USER, wealth.get_market_order),
    Endpoint("GET", f"{_ME}/{_INVESTMENT}/pockets", USER, wealth.list_pockets),
    Endpoint("GET", f"{_ME}/pockets/{{pocket_id}}", USER, wealth.get_pocket),
    *(
        Endpoint("GET", f"{owner}/balances", USER, figures.list_balances)
        for owner in (_ME, _CONNECTION, f"{_ME}/{_ACCOUNT}")
    ),
    Endpoint("GET", f"{_ME}/indicators", USER, figures.get_indicators),
    Endpoint("GET", f"{_ME}/account_ownerships", USER, figures.list_ownerships),
    Endpoint("GET", f"{_CONNECTION}/owner_identity", USER, figures.get_owner_identity),
    *(
        Endpoint("GET", f"{owner}/invoices", USER, invoices.list_invoices)
        for owner in (_ME, _CONNECTION)
    ),
    *(
        Endpoint("GET", f"{owner}/credit_notes", USER, invoices.list_credit_notes)
        for owner in (_ME, _CONNECTION, _INVOICE)
    ),
    Endpoint("GET", _INVOICE, USER, invoices.get_invoice),
    Endpoint("GET", _CREDIT_NOTE, USER, invoices.get_credit_note),
    Endpoint("GET", f"{_INVOICE}/{_FILE}", USER, invoices.download_invoice),
    Endpoint("GET", f"{_CREDIT_NOTE}/{_FILE}", USER, invoices.download_credit_note),
    Endpoint("GET", f"{_ME}/config", USER, users.get_config),
    Endpoint("POST", f"{_ME}/config", USER, users.update_config),
    Endpoint("GET", "/connections", CONFIG, connections.list_all_connections),
    Endpoint("GET", "/payments", PAY, payments.list_payments),
    Endpoint("POST", "/payments", PAY_ADMIN, payments.create_payment),
    Endpoint("GET", _PAYMENT, PAY, payments.get_payment),
    Endpoint("POST", _PAYMENT, PAY_VALIDATE | PAY_CANCEL, payments.act),
    Endpoint("POST", f"{_PAYMENT}/scopedtoken", PAY_VALIDATE, payments.create_scoped_token),
    Endpoint("GET", f"{_PAYMENT}/incompatibilities", PAY, payments.list_incompatibilities),
    Endpoint("GET", f"{_PAYMENT}/terms", PAY, payments.get_terms),
    Endpoint("POST", f"{_PAYMENT}/terms", PAY_VALIDATE, payments.accept_terms),
    Endpoint("GET", "/terms", NOBODY, payments.get_current_terms),
    Endpoint("GET", "/clients", CONFIG, administration.list_clients),
    Endpoint("POST", "/clients", CONFIG, administration.create_client),
    Endpoint("GET", _CLIENT, CONFIG | USER, administration.get_client),
    Endpoint("PUT", _CLIENT, CONFIG, administration.update_client),
    Endpoint("DELETE", _CLIENT, CONFIG, administration.delete_client),
    Endpoint("POST", f"{_CLIENT}/logo", CONFIG, administration.update_logo),
    Endpoint("GET", "/config", CONFIG, administration.get_config),
    Endpoint("POST", "/config", CONFIG, administration.update_config),
    Endpoint("GET", "/config/logs", CONFIG, administration.list_config_logs),
    Endpoint("GET", "/certificate/{certificate_type}", CONFIG, administration.get_certificate),
    Endpoint("GET", "/webhooks/auth", CONFIG, administration.list_providers),
    Endpoint("POST", "/webhooks/auth", CONFIG, administration.create_provider),
    Endpoint("PUT", _PROVIDER, CONFIG, administration.update_provider),
    Endpoint("DELETE", _PROVIDER, CONFIG, administration.delete_provider),
    Endpoint("GET", "/webhooks", CONFIG, administration.list_webhooks),
    Endpoint("POST", "/webhooks", CONFIG, administration.create_webhook),
    Endpoint("PUT", _WEBHOOK, CONFIG, administration.update_webhook),
    Endpoint("DELETE", _WEBHOOK, CONFIG, administration.delete_webhook),
    Endpoint("GET", f"{_WEBHOOK}/logs", CONFIG, administration.list_webhook_logs),
    Endpoint("POST", f"{_WEBHOOK}/add_to_data", CONFIG, administration.add_to_data),
    Endpoint("POST", "/test/webhooks", CONFIG, administration.trigger_test),
    Endpoint("GET", "/publickey", NOBODY, security.get_public_key),
    Endpoint("GET", "/sign-keys", NOBODY, security.list_sign_keys),
    Endpoint("GET", "/sign-keys/{key_id}", NOBODY, security.get_sign_key),
)

LINK_ENDPOINTS: Final = (
    Endpoint("GET", "/payment-links", LINKS, links.list_links),
    Endpoint("POST", "/payment-links", LINKS, links.create_link),
    Endpoint("GET", "/payment-links/{link_id}", LINKS, links.get_link),
    Endpoint("POST", "/payment-links/{link_id}:revoke", LINKS, links.revoke_link),
)


def build(world: World, desk: Desk, dispatcher: Dispatcher) -> Gate:
    """The whole application: the API, the webview, the bank's page and the controls."""
    beside = (
        Endpoint("GET POST", "/sandbox/bank/{ticket}", NOBODY, webauth.visit_bank),
        Endpoint("GET POST", "/sandbox/pay/{ticket}", NOBODY, payments.visit_bank),
        Endpoint("GET POST", "/sandbox/links/{link_id}", NOBODY, links.visit_link),
        Endpoint("POST", "/sandbox/faults", HERE, partial(controls.add_fault, desk)),
        Endpoint("GET", "/sandbox/faults", HERE, partial(controls.list_faults, desk)),
        Endpoint("DELETE", "/sandbox/faults", HERE, partial(controls.clear_faults, desk)),
        Endpoint("GET", "/sandbox/executions", HERE, partial(controls.list_executions, desk)),
        Endpoint("GET", "/sandbox/requests", HERE, partial(controls.list_requests, desk)),
        Endpoint("DELETE", "/sandbox/requests", HERE, partial(controls.clear_requests, desk)),
        *(
            Endpoint("GET", path, HERE, partial(console.show, dispatcher))
            for path in ("/sandbox", "/sandbox/")
        ),
        Endpoint("POST", "/sandbox/", HERE, partial(console.act, dispatcher)),
        Endpoint("POST", "/sandbox/clock", HERE, controls.advance_clock),
        Endpoint("POST", "/sandbox/transactions", HERE, controls.create_transaction),
        Endpoint("POST", "/sandbox/connections/{connection_id}", HERE, controls.update_connection),
        Endpoint("POST", "/sandbox/webhooks", HERE, controls.create_webhooks),
        Endpoint("GET", "/sandbox/webhooks", HERE, partial(controls.list_deliveries, dispatcher)),
        Endpoint(
            "POST", "/sandbox/webhooks/flush", HERE, partial(controls.flush_webhooks, dispatcher)
        ),
        Endpoint(
            "POST",
            "/sandbox/webhooks/disturb",
            HERE,
            partial(controls.disturb_webhooks, dispatcher),
        ),
    )
    routes = [_route(world, PREFIX, endpoint) for endpoint in ENDPOINTS]
    routes += [_route(world, LINKS_PREFIX, endpoint) for endpoint in LINK_ENDPOINTS]
    routes += [_route(world, "", endpoint) for endpoint in beside]
    routes += Webview(world).routes
    app = Starlette(routes=routes, exception_handlers={HTTPException: _no_route})
    app.router.redirect_slashes = False
    return Gate(_publishing(app, dispatcher), desk)


def _publishing(app: ASGIApp, dispatcher: Dispatcher) -> ASGIApp:
    """What a call made happen is on its way to webhooks before the client sees the answer."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def publish_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                dispatcher.publish()
            await send(message)

        await app(scope, receive, publish_and_send)

    return serve


def _route(world: World, prefix: str, endpoint: Endpoint) -> Route:
    path = prefix + endpoint.path
    place = path.removeprefix(PREFIX)

    async def respond(request: Request) -> Response:
        request.state.operation = f"{request.method} {place}"  # which the gate counts
        try:
            call = Call(world, request, await request.body())
            call.admit(endpoint.admits)
            signed = call.query.boolean("sign_response")
            answer = endpoint.handler(call)
            if inspect.isawaitable(answer):
                answer = await answer
        except ApiError as error:
            return _refusal(request, error)
        if isinstance(answer, Response):
            return answer
        if answer.location is not None:
            return Response(status_code=answer.status, headers={"location": answer.location})
        if answer.payload is None:
            return Response(b"", answer.status, media_type="application/json")
        content = dump(answer.payload)
        if signed:
            content = world.keys.sign(
                call.url, world.clock.now, content, f"{call.base_url}/sign-keys"
            )
        media_type = "application/jose" if signed else "application/json"
        return Response(content, answer.status, media_type=media_type)

    return Route(path, respond, methods=endpoint.methods.split())


async def _no_route(request: Request, error: Exception) -> Response:
    wrong_method = isinstance(error, HTTPException) and error.status_code == 405  # noqa: PLR2004 - wrong method
    if wrong_method:
        refusal = ApiError(405, "methodNotAllowed", "This method is not allowed here")
    else:
        refusal = not_found("Resource")
    return _refusal(request, refusal)


def _refusal(request: Request, error: ApiError) -> Response:
    body = error.body(getattr(request.state, "request_number", 0))
    return Response(dump(body), error.status, media_type="application/json")
