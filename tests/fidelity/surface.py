"""What the clients offer, and where their names are not those of the reference."""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple, get_args, get_type_hints

import attrs
import httpx

from powens import AsyncPowensClient, PowensClient
from powens._async.resources._base import AsyncResource
from powens._sync.resources._base import Resource

from .reference import MODELS, Endpoint, Param

# Methods that are no endpoint, and the endpoint that each stands on. So does every `list_all`,
# which is `list` in one call.
CONVENIENCES = {
    "connections.force_sync": "connections.sync",  # the name that other clients have for it
    "connections.wait_until_settled": "connections.get",  # until there is nothing to wait for
    "connections.list_logs_raw": "connections.list_logs",  # the shape of a log is not documented
    "transactions.list_page": "transactions.list",  # the dates beside the rows, which pages lack
    "users.me": "users.get",  # by far the most frequent user
}

# Parameters that have an argument of another name, everywhere or at one endpoint; None is for what
# the SDK fills in.
RENAMED = {
    "all": "include_all",  # `all` is a function of Python
    "domain": None,  # of the webview: the host that the client talks to
    "grant_type": None,  # every endpoint takes but one
    "offset": "cursor",  # a listing counts for itself, and goes on from a cursor
    "type": "type_",  # `type` is a function of Python
    "{field_name}": "fields",  # the connector names them
    "connectors.batch_update.{connector_uuid}": "body",  # one request for each connector
    "payments.cancel.cancel": None,  # always true
    "payments.resume.resume": None,  # always true
    "users.update_config.*": "body",  # names that the caller makes up
    "webview.connect_url.{connector_uuid}.{field_name}": "extra_params",  # the connector names them
    # Known from other libraries only, so that they have no argument of their own.
    "webview.connect_url.account_usages": "extra_params",
    "webview.connect_url.connector_country": "extra_params",
    "webview.manage_url.account_usages": "extra_params",
    "webview.manage_url.connector_country": "extra_params",
    "webview.manage_url.connector_uuids": "extra_params",
}


class Method(NamedTuple):
    """The arguments of a method, and the fields of the model that its `body` may be."""

    arguments: frozenset[str]
    body: frozenset[str]


def methods_of(client: type[Any]) -> dict[str, Method]:
    """All public methods of all resources, as `resource.operation`."""
    instance = client(domain="example", transport=httpx.MockTransport(lambda _: None))
    names = [name for name in dir(client) if not name.startswith("_")]
    return {
        f"{name}.{operation}": _method(method)
        for name in names
        if isinstance(resource := getattr(instance, name), (AsyncResource, Resource))
        for operation, method in inspect.getmembers(resource, inspect.ismethod)
        if not operation.startswith("_")
    }


def _method(method: Any) -> Method:
    fields = {
        field.name
        for model in _models_in(get_type_hints(method).get("body"))
        for field in attrs.fields(model)
    }
    return Method(frozenset(inspect.signature(method).parameters), frozenset(fields))


def _models_in(annotation: Any) -> list[type[Any]]:
    if inspect.isclass(annotation) and attrs.has(annotation):
        return [annotation]
    return [model for each in get_args(annotation) for model in _models_in(each)]


METHODS = {client.__name__: methods_of(client) for client in (PowensClient, AsyncPowensClient)}


def endpoint_of(method: str) -> str:
    """The endpoint that a method stands on: its own, as a rule."""
    resource, _, operation = method.partition(".")
    return f"{resource}.list" if operation == "list_all" else CONVENIENCES.get(method, method)


def ways(method: Method, endpoint: Endpoint, param: Param) -> list[str | None]:
    """How a parameter is given to a method, or each field of a body; None where it cannot be."""
    if param.name == "body" and param.type in MODELS and "body" not in method.arguments:
        return [_way(method, endpoint, name, "body") for name in MODELS[param.type].fields]
    return [_way(method, endpoint, param.name, param.place)]


def _way(method: Method, endpoint: Endpoint, name: str, place: str) -> str | None:
    if name in method.arguments or ("body" in place and name in method.body):
        return name
    for entry in (f"{endpoint.name}.{name}", name):
        if entry in RENAMED and RENAMED[entry] in {None, *method.arguments}:
            return entry
    return None
