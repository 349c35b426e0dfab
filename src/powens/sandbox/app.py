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

from powens.sandbox.call import CONFIG, NOBODY, USER, USERS, Call
from powens.sandbox.faults import PREFIX, Desk, Gate
from powens.sandbox.handlers import (
    accounts,
    auth,
    connections,
    connectors,
    controls,
    transactions,
    users,
    webauth,
)
from powens.sandbox.state import World
from powens.sandbox.wire import Answer, ApiError, dump, not_found

Handler: TypeAlias = Callable[[Call], Answer | Awaitable[Answer]]


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
)


def build(world: World, desk: Desk) -> Gate:
    """The whole application: the API, the bank's page and the controls."""
    beside = (
        Endpoint("GET", "/sandbox/bank/{ticket}", NOBODY, webauth.visit_bank),
        Endpoint("POST", "/sandbox/faults", NOBODY, partial(controls.add_fault, desk)),
        Endpoint("GET", "/sandbox/faults", NOBODY, partial(controls.list_faults, desk)),
        Endpoint("DELETE", "/sandbox/faults", NOBODY, partial(controls.clear_faults, desk)),
        Endpoint("GET", "/sandbox/requests", NOBODY, partial(controls.list_requests, desk)),
        Endpoint("DELETE", "/sandbox/requests", NOBODY, partial(controls.clear_requests, desk)),
        Endpoint("POST", "/sandbox/clock", NOBODY, controls.advance_clock),
    )
    routes = [_route(world, PREFIX, endpoint) for endpoint in ENDPOINTS]
    routes += [_route(world, "", endpoint) for endpoint in beside]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _no_route})
    app.router.redirect_slashes = False
    return Gate(app, desk)


def _route(world: World, prefix: str, endpoint: Endpoint) -> Route:
    async def respond(request: Request) -> Response:
        try:
            call = Call(world, request, await request.body())
            call.admit(endpoint.admits)
            answer = endpoint.handler(call)
            if inspect.isawaitable(answer):
                answer = await answer
        except ApiError as error:
            return _refusal(request, error)
        if answer.location is not None:
            return Response(status_code=answer.status, headers={"location": answer.location})
        content = b"" if answer.payload is None else dump(answer.payload)
        return Response(content, answer.status, media_type="application/json")

    return Route(prefix + endpoint.path, respond, methods=endpoint.methods.split())


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
