"""Addresses of the webview: every parameter, every page, and no request at all."""

from __future__ import annotations

import inspect

import httpx
import pytest

from powens import AccountTypeName, AsyncPowensClient, ConnectorCapability, WebviewLang

from .calls import Call, bound

BACK = "https://app.example/back"
BASIC = "redirect_uri=https:%2F%2Fapp.example%2Fback"
OWN = "domain=example.biapi.pro&client_id=11"

CALLS = [
    Call("connect_url", f"en/connect?{BASIC}&{OWN}", redirect_uri=BACK),
    Call(
        "connect_url",
        f"fr/connect?{BASIC}&code=a%2Bb%2Fc%3D%3D&state=a%26b%20c&connector_ids=40,59"
        "&connector_uuids=u,v&connector_capabilities=bank,document&account_ibans=FR76,DE89"
        "&account_types=checking,pea&max_connections=3&u.login=me%40app.example"
        "&connector_country=FR&domain=example.biapi.pro&client_id=22",
        redirect_uri=BACK,
        client_id=22,
        lang="fr",
        code="a+b/c==",
        state="a&b c",
        connector_ids=[40, 59],
        connector_uuids=("u", "v"),
        connector_capabilities=[ConnectorCapability.BANK, "document"],
        account_ibans={"FR76": 1, "DE89": 2}.keys(),
        account_types=[AccountTypeName.CHECKING, AccountTypeName.PEA],
        max_connections=3,
        extra_params={"u.login": "me@app.example", "connector_country": "FR"},
    ),
    Call(
        "reconnect_url",
        f"en/reconnect?{BASIC}&code=c0de&connection_id=5&{OWN}",
        redirect_uri=BACK,
        code="c0de",
        connection_id=5,
    ),
    Call(
        "reconnect_url",
        f"de/reconnect?{BASIC}&code=a%2Bb%2Fc%3D%3D&connection_id=5&state=s"
        "&reset_credentials=true&connection_sources=openapi,directaccess"
        "&domain=example.biapi.pro&client_id=22",
        redirect_uri=BACK,
        client_id="22",
        lang=WebviewLang.DE,
        code="a+b/c==",
        connection_id=5,
        state="s",
        reset_credentials=True,
        connection_sources=["openapi", "directaccess"],
    ),
    Call(
        "reconnect_url",
        f"en/reconnect?{BASIC}&code=c&connection_id=5&reset_credentials=false&{OWN}",
        redirect_uri=BACK,
        code="c",
        connection_id=5,
        reset_credentials=False,
    ),
    Call("manage_url", f"en/manage?code=c0de&{OWN}", code="c0de"),
    Call(
        "manage_url",
        f"pt/manage?code=a%2Bb%2Fc%3D%3D&connection_id=5&{BASIC}&state=s"
        "&connector_capabilities=bank&account_types=card&connector_uuids=u"
        "&domain=example.biapi.pro&client_id=22",
        code="a+b/c==",
        client_id=22,
        lang="pt",
        connection_id=5,
        redirect_uri=BACK,
        state="s",
        connector_capabilities=["bank"],
        account_types=[AccountTypeName.CARD],
        extra_params={"connector_uuids": "u"},
    ),
    Call(
        "payment_url",
        f"en/payment?{BASIC}&code=service&payment_id=6&{OWN}",
        redirect_uri=BACK,
        code="service",
        payment_id=6,
    ),
    Call(
        "payment_url",
        f"es/payment?{BASIC}&code=a%2Bb%2Fc%3D%3D&payment_id=p%2F6&state=s"
        "&domain=example.biapi.pro&client_id=22",
        redirect_uri=BACK,
        client_id=22,
        lang="es",
        code="a+b/c==",
        payment_id="p/6",
        state="s",
    ),
]
NEEDED = {call.method: call.arguments for call in reversed(CALLS)}


@pytest.fixture
def pages(wire):
    """The webview of a client, over a transport that shows what should not be sent."""
    transport = httpx.MockTransport(wire)
    return AsyncPowensClient(domain="example", client_id=11, transport=transport).webview


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_the_address(call, client, wire):
    url = bound(client.webview, call.method)(**call.arguments).url
    assert url == f"https://webview.powens.com/{call.line}"
    assert wire.requests == []


def test_the_table_knows_every_page_and_every_parameter(pages):
    known = {call.method: set() for call in CALLS}
    for call in CALLS:
        known[call.method] |= set(call.arguments)
    assert known == {
        name: set(inspect.signature(getattr(pages, name)).parameters)
        for name in dir(pages)
        if not name.startswith("_")
    }


@pytest.mark.parametrize("page", NEEDED)
@pytest.mark.parametrize("lang", [*WebviewLang, "ca"])
def test_the_language_is_part_of_the_path(page, lang, pages):
    url = bound(pages, page)(**NEEDED[page], lang=lang).url
    assert httpx.URL(url).path == f"/{lang}/{page.removesuffix('_url')}"


@pytest.mark.parametrize("page", NEEDED)
def test_there_is_always_a_language(page, pages):
    with pytest.raises(ValueError, match="must not be empty"):
        bound(pages, page)(**NEEDED[page], lang="")


@pytest.mark.parametrize("page", NEEDED)
@pytest.mark.parametrize(
    ("settings", "domain"),
    [
        ({"domain": "example.biapi.pro"}, "example.biapi.pro"),
        ({"base_url": "https://api.bank.example:8443/2.0"}, "api.bank.example:8443"),
        ({"domain": "example", "api_domain": "other.biapi.pro"}, "other.biapi.pro"),
    ],
)
def test_the_domain_is_the_host_of_the_api_unless_said_otherwise(page, settings, domain):
    client = AsyncPowensClient(**settings, client_id=1)
    url = httpx.URL(bound(client.webview, page)(**NEEDED[page]).url)
    assert url.params["domain"] == domain
    assert url.host == "webview.powens.com"


@pytest.mark.parametrize("page", NEEDED)
@pytest.mark.parametrize(
    "webview", ["http://127.0.0.1:8000/webview", "http://127.0.0.1:8000/webview/"]
)
def test_the_webview_can_be_elsewhere(page, webview):
    client = AsyncPowensClient(domain="example", client_id=1, webview_url=webview)
    url = bound(client.webview, page)(**NEEDED[page]).url
    assert url.startswith(f"http://127.0.0.1:8000/webview/en/{page.removesuffix('_url')}?")


@pytest.mark.parametrize("page", NEEDED)
def test_a_view_leads_to_the_same_pages(page, pages):
    client = AsyncPowensClient(domain="example", client_id=11)
    view = client.with_options(access_token="other")
    assert bound(view.webview, page)(**NEEDED[page]) == bound(pages, page)(**NEEDED[page])


@pytest.mark.parametrize("page", NEEDED)
def test_a_client_id_is_needed(page):
    client = AsyncPowensClient(domain="example")
    with pytest.raises(ValueError, match="client_id is needed"):
        bound(client.webview, page)(**NEEDED[page])
    assert "client_id=3" in bound(client.webview, page)(**NEEDED[page], client_id=3).url


@pytest.mark.parametrize("page", NEEDED)
@pytest.mark.parametrize(
    "redirect_uri", ["", "back", "//app.example/back", f"{BACK}?", f"{BACK}?state=1"]
)
def test_the_user_comes_back_to_an_absolute_address_without_query(page, redirect_uri, pages):
    with pytest.raises(ValueError, match="redirect_uri must be absolute and without a query"):
        bound(pages, page)(**NEEDED[page] | {"redirect_uri": redirect_uri})


@pytest.mark.parametrize("redirect_uri", ["com.example.app://back", "http://localhost:8080/"])
def test_the_user_can_come_back_to_an_app(redirect_uri, pages):
    url = pages.connect_url(redirect_uri=redirect_uri).url
    assert httpx.URL(url).params["redirect_uri"] == redirect_uri


@pytest.mark.parametrize("name", ["client_id", "domain", "code", "state", "redirect_uri"])
def test_further_parameters_replace_no_argument(name, pages):
    further = {name: "evil"}
    with pytest.raises(ValueError, match="an argument of its own"):
        pages.connect_url(redirect_uri=BACK, extra_params=further)
    with pytest.raises(ValueError, match="an argument of its own"):
        pages.manage_url(code="c0de", extra_params=further)


@pytest.mark.parametrize("page", ["connect_url", "reconnect_url", "manage_url", "payment_url"])
def test_the_address_is_hidden_in_the_repr(page, pages):
    address = bound(pages, page)(**NEEDED[page] | {"code": "c0de"})
    assert "code=c0de" in address.url
    assert "c0de" not in repr(address)
    assert "c0de" not in str(address)
