"""The addresses that are built to send a user to, of which no table of calls knows."""

from __future__ import annotations

import inspect
from urllib.parse import parse_qsl, urlsplit

import pytest

from powens import PowensClient

from .reference import ENDPOINTS
from .surface import METHODS, RENAMED, endpoint_of
from .test_wire import CALLED

BUILT = [
    "connections.webauth_redirect_url",
    "webview.connect_url",
    "webview.manage_url",
    "webview.payment_url",
    "webview.reconnect_url",
]

BASE = "https://example.biapi.pro/2.0"
ARGUMENTS = {
    "lang": "fr",
    "redirect_uri": "https://shop.example/back",
    "reset_credentials": True,
    "max_connections": 3,
}


def names_given_in(argument, endpoint):
    """The parameters that go into an argument which takes any names."""
    return [
        name
        for name in endpoint.takes("query")
        if argument in {RENAMED.get(key) for key in (f"{endpoint.name}.{name}", name)}
    ]


def build(endpoint):
    """Call a method with all of its arguments."""
    resource, _, operation = endpoint.name.partition(".")
    with PowensClient(base_url=BASE) as client:
        method = getattr(getattr(client, resource), operation)
        arguments = {
            name: ARGUMENTS.get(name, "7") for name in inspect.signature(method).parameters
        }
        for name in {"fields", "extra_params"} & arguments.keys():
            arguments[name] = dict.fromkeys(names_given_in(name, endpoint), "7")
        return method(**arguments).url


@pytest.mark.parametrize("name", BUILT)
def test_an_address_holds_all_that_is_documented_and_nothing_else(name):
    endpoint = ENDPOINTS[name]
    url = urlsplit(build(endpoint))
    sent = [key for key, _ in parse_qsl(url.query)]
    assert sorted(sent) == sorted(endpoint.takes("query"))
    page = endpoint.addresses[0].removeprefix("GET ").format(lang="fr")
    assert url._replace(query="").geturl() == (f"{BASE}{page}" if page[0] == "/" else page)


def test_every_method_is_in_a_table_or_builds_an_address():
    endpoints = {endpoint_of(name) for name in METHODS["PowensClient"]}
    assert sorted(endpoints - set(CALLED)) == BUILT
