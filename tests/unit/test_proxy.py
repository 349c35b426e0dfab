"""Which proxy the environment asks for."""

from __future__ import annotations

import httpx
import pytest

from powens._proxy import find_proxy

API = httpx.URL("https://example.biapi.pro/2.0/users")
NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without a proxy."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def test_none_by_default() -> None:
    assert find_proxy(API) is None


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://proxy.example.com:3128", (b"http", b"proxy.example.com", 3128)),
        ("proxy.example.com:3128", (b"http", b"proxy.example.com", 3128)),
        ("https://proxy.example.com", (b"https", b"proxy.example.com", None)),
        ("socks5://[::1]:1080", (b"socks5", b"::1", 1080)),
    ],
)
def test_it_is_where_the_environment_says(
    environment: pytest.MonkeyPatch,
    name: str,
    address: str,
    expected: tuple[bytes, bytes, int | None],
) -> None:
    environment.setenv(name, address)
    proxy = find_proxy(API)
    assert proxy is not None
    assert (proxy.url.scheme, proxy.url.host, proxy.url.port) == expected
    assert proxy.auth is None


def test_a_name_and_a_password_go_along(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTTPS_PROXY", "http://me:p%40ss@proxy.example.com:3128")
    proxy = find_proxy(API)
    assert proxy is not None
    assert proxy.auth == (b"me", b"p@ss")
    assert b"@" not in bytes(proxy.url)


def test_each_scheme_has_its_own(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTTP_PROXY", "http://proxy.example.com")
    assert find_proxy(API) is None
    assert find_proxy(httpx.URL("http://localhost/2.0")) is not None


@pytest.mark.parametrize(
    "exceptions", ["*", "example.biapi.pro", ".biapi.pro", "x,biapi.pro", "example.biapi.pro:443"]
)
def test_exceptions_go_directly(environment: pytest.MonkeyPatch, exceptions: str) -> None:
    environment.setenv("HTTPS_PROXY", "http://proxy.example.com")
    environment.setenv("NO_PROXY", exceptions)
    url = httpx.URL("https://example.biapi.pro:443/2.0") if ":" in exceptions else API
    assert (find_proxy(url) is None) == (":" not in exceptions)
    assert find_proxy(httpx.URL("https://example.com/")) is None or exceptions != "*"


@pytest.mark.parametrize("address", ["gopher://me:s3cret@x", "http://me:s3cret@"])
def test_what_is_no_proxy_is_refused_without_being_told(
    environment: pytest.MonkeyPatch, address: str
) -> None:
    environment.setenv("HTTPS_PROXY", address)
    with pytest.raises(ValueError, match="the proxy for https in the environment") as caught:
        find_proxy(API)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__
