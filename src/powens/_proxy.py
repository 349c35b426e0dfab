"""The proxy that the environment asks for."""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx


def find_proxy(url: httpx.URL) -> httpcore.Proxy | None:
    """Find the proxy for a URL by `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.

    Raises:
        ValueError: It is no proxy that can be used.
    """
    proxies = getproxies()
    address = proxies.get(url.scheme) or proxies.get("all")
    if not address or proxy_bypass(url.netloc.decode("ascii")):
        return None
    try:
        proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
        if not proxy.url.host:
            raise ValueError(address)  # noqa: TRY301 - told below without it
    except (ValueError, httpx.InvalidURL):
        # Without the address, which may hold a password.
        raise ValueError(f"the proxy for {url.scheme} in the environment is no valid one") from None
    where = proxy.url
    return httpcore.Proxy(
        url=httpcore.URL(
            scheme=where.raw_scheme, host=where.raw_host, port=where.port, target=where.raw_path
        ),
        auth=proxy.auth and (proxy.auth[0].encode(), proxy.auth[1].encode()),
        headers=proxy.headers.raw,
    )
