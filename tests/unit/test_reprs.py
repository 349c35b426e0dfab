"""What holds secrets on the way, and shows none of them."""

from __future__ import annotations

import pytest

from powens import Upload
from powens._codec import decode
from powens._options import App, Options
from powens._pagination import Listing, SingleWalk
from powens._wire import BaseURL, Request, Response, make_request
from powens.models import JWK, UsersList
from powens.webview import WebviewURL

SECRET = "c4n4ry"
WHERE = BaseURL.parse("https://example.biapi.pro/2.0")
UPLOAD = Upload(name="a.pdf", content=SECRET.encode())


@pytest.mark.parametrize(
    "thing",
    [
        Options(access_token=SECRET, pickle_secrets=True),
        App(client_secret=SECRET, api_domain="example", payment_links_url=WHERE),
        UPLOAD,
        Request(method="GET", path="/users", headers={"x-secret": SECRET}),
        make_request("POST", "/users", params={"search": SECRET}, body={"password": SECRET}),
        make_request("POST", "/documents", upload=UPLOAD, form={"name": SECRET}),
        Response(status_code=200, headers={"set-cookie": SECRET}, content=SECRET.encode()),
        Listing(
            model=UsersList,
            path="/users",
            walk=SingleWalk,
            params={"search": SECRET},
            cursor=f"{WHERE.origin}/2.0/users?after={SECRET}",
        ),
        WebviewURL(f"https://webview.powens.com/en/connect?code={SECRET}"),
        decode(b'{"kty": "RSA", "kid": "k1", "n": "c4n4ry", "d": "c4n4ry", "p": "c4n4ry"}', JWK),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_a_repr_shows_no_secret(thing: object) -> None:
    assert repr(thing).startswith(f"{type(thing).__name__}(")
    assert SECRET not in f"{thing!r} {thing}"
