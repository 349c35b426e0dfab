"""Addresses of the webview, where a user connects a bank, repairs or manages it, or pays.

No request is made here: the addresses are for a browser.
Documentation: https://docs.powens.com/api-reference/overview/webview
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from attrs import field, frozen

from ._wire import Param, build_path, encode_query
from .models import WebviewFlow, WebviewLang

DEFAULT_LANG: Final = WebviewLang.EN


@frozen
class WebviewURL:
    """An address to open in the browser of the user.

    Attributes:
        url: The address. It may hold a temporary code: send the user there, and log it nowhere.
    """

    url: str = field(repr=False)


def webview_url(
    flow: WebviewFlow,
    *,
    webview: str,
    lang: WebviewLang | str,
    params: Mapping[str, Param],
) -> WebviewURL:
    """Build the address of a page of the webview.

    Args:
        flow: The page.
        webview: Where the webview is.
        lang: Language of the page, as a two-letter code.
        params: What the page is to know; what is None is left out.

    Returns:
        The address.

    Raises:
        ValueError: `redirect_uri` is no absolute URL, or has a query: use `state` instead.
    """
    redirect_uri = params.get("redirect_uri")
    if redirect_uri is not None:
        check_redirect_uri(str(redirect_uri))
    page = f"{webview.rstrip('/')}{build_path(str(lang), flow)}"
    return WebviewURL(f"{page}?{encode_query(params)}")


def check_redirect_uri(redirect_uri: str) -> None:
    """Refuse an address that the API does not send users back to.

    Raises:
        ValueError: It is no absolute URL, or has a query.
    """
    parts = urlsplit(redirect_uri)
    if not parts.scheme or "?" in redirect_uri:
        raise ValueError("redirect_uri must be absolute and without a query; pass data in state")
