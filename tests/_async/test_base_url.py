"""Where a client sends to, and the addresses it refuses."""

from __future__ import annotations

import pytest

from powens import AsyncPowensClient

USABLE = [
    ({"domain": "demo"}, "https://demo.biapi.pro/2.0/currencies"),
    ({"domain": "demo.biapi.pro"}, "https://demo.biapi.pro/2.0/currencies"),
    ({"domain": " Demo.BIAPI.pro "}, "https://demo.biapi.pro/2.0/currencies"),
    ({"domain": "my-bank-2"}, "https://my-bank-2.biapi.pro/2.0/currencies"),
    ({"base_url": "https://demo.biapi.pro/2.0"}, "https://demo.biapi.pro/2.0/currencies"),
    ({"base_url": "https://demo.biapi.pro/2.0/"}, "https://demo.biapi.pro/2.0/currencies"),
    ({"base_url": "HTTPS://DEMO.biapi.pro:443/2.0"}, "https://demo.biapi.pro/2.0/currencies"),
    (
        {"base_url": "https://api.example.com:8443/v/2"},
        "https://api.example.com:8443/v/2/currencies",
    ),
    ({"base_url": "https://api.example.com"}, "https://api.example.com/currencies"),
    ({"base_url": "https://192.0.2.7/2.0"}, "https://192.0.2.7/2.0/currencies"),
    ({"base_url": "https://[2001:db8::7]/2.0"}, "https://[2001:db8::7]/2.0/currencies"),
    ({"base_url": "http://127.0.0.1:8000/2.0"}, "http://127.0.0.1:8000/2.0/currencies"),
    ({"base_url": "http://127.8.9.10/2.0"}, "http://127.8.9.10/2.0/currencies"),
    ({"base_url": "http://localhost:8000"}, "http://localhost:8000/currencies"),
    ({"base_url": "http://LOCALHOST:80/2.0"}, "http://localhost/2.0/currencies"),
    ({"base_url": "http://[::1]:8000/2.0"}, "http://[::1]:8000/2.0/currencies"),
]

NOT_A_URL = "must look like https://"
MORE_THAN_A_PLACE = "must hold no credentials, query or fragment"
PLAIN = "must be https"
BAD_DOMAIN = "domain must look like"
CLIMBS = "climbs up the path"

UNUSABLE = [
    ({}, "give either domain or base_url"),
    ({"domain": "demo", "base_url": "https://demo.biapi.pro/2.0"}, "give either"),
    *[
        ({"domain": domain}, BAD_DOMAIN)
        for domain in [
            *("", " ", ".biapi.pro", "biapi.pro.", "a.b", "demo.biapi.pro.evil.example"),
            *("demo/", "demo/2.0", "https://demo.biapi.pro", "demo:443", "user@demo", "-demo"),
            *("demo-", "d emo", "demo\n.biapi.pro", "dem\u00f6", "demo?x", "demo#x", "demo%2e"),
        ]
    ],
    *[
        ({"base_url": url}, NOT_A_URL)
        for url in [
            *("", "/", "demo.biapi.pro/2.0", "//demo.biapi.pro/2.0", "https://", "https:///2.0"),
            *("https:demo.biapi.pro", "ftp://demo.biapi.pro/2.0", "file:///2.0", "wss://demo/2.0"),
            *("https://demo.biapi.pro /2.0", " https://demo.biapi.pro/2.0", "https://de mo/2.0"),
            *(
                "https://demo.biapi.pro/2.0\n",
                "https://de\tmo.biapi.pro/2.0",
                "https://demo\\x/2.0",
            ),
            *("https://demo.biapi.pro/\x00", "https://demo.biapi.pro/\x7f", "https://demo\u00a0/2"),
            *(
                "https://dem\u00f6.example/2.0",
                "https://demo\u3002biapi.pro/2.0",
                "https://a%2eb/2.0",
            ),
            *("https://a<b/2.0", "https://a'b/2.0", "https://a..b/2.0", "https://.a/2.0"),
            *(
                "https://[::1/2.0",
                "https://[::g]/2.0",
                "https://[fe80::1%25eth0]/2.0",
                "https://demo:x/2.0",
                "https://demo:99999/",
            ),
        ]
    ],
    *[
        ({"base_url": url}, MORE_THAN_A_PLACE)
        for url in [
            *("https://me@demo.biapi.pro/2.0", "https://me:secret@demo.biapi.pro/2.0"),
            *("https://@demo.biapi.pro/2.0", "https://demo.biapi.pro/2.0?x=1"),
            *("https://demo.biapi.pro/2.0#x", "http://127.0.0.1@evil.example/2.0"),
        ]
    ],
    *[
        ({"base_url": url}, PLAIN)
        for url in [
            *("http://demo.biapi.pro/2.0", "http://192.168.0.1/2.0", "http://0.0.0.0/2.0"),
            *("http://localhost.evil.example/2.0", "http://127.0.0.1.evil.example/2.0"),
            *("http://[2001:db8::7]/2.0", "http://127.1.evil.example/2.0", "http://2130706433/2.0"),
        ]
    ],
    ({"base_url": "https://demo.biapi.pro"}, "must end with the version of the API, /2.0"),
    ({"base_url": "https://demo.biapi.pro/"}, "must end with the version of the API, /2.0"),
    ({"base_url": "https://api.example.com/a/../b"}, CLIMBS),
    ({"base_url": "https://api.example.com/a/%2E./b"}, CLIMBS),
    ({"base_url": "https://api.example.com/./b"}, CLIMBS),
]


@pytest.mark.parametrize(("where", "address"), USABLE)
async def test_a_call_goes_below_the_base_url(api, connect, where, address):
    api.answers({"currencies": []})
    async with connect(**{"base_url": None, **where}) as client:
        await client.currencies.list_all()
    assert str(api.requests[0].url) == address


@pytest.mark.parametrize(("where", "reason"), UNUSABLE)
def test_a_place_that_makes_no_sense_is_refused(where, reason):
    with pytest.raises(ValueError, match=reason):
        AsyncPowensClient(**where)


@pytest.mark.parametrize("where", [{"domain": 7}, {"base_url": b"https://a/2.0"}, {"base_url": 7}])
def test_a_place_is_text(where):
    with pytest.raises(TypeError, match="must be a str"):
        AsyncPowensClient(**where)


def test_a_refusal_does_not_repeat_credentials():
    with pytest.raises(ValueError, match="credentials") as caught:
        AsyncPowensClient(base_url="https://me:s3cret@demo.biapi.pro/2.0")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("where", "api_domain"),
    [
        ({"domain": "demo"}, "demo.biapi.pro"),
        ({"base_url": "http://[::1]:8000/2.0"}, "[::1]:8000"),
        ({"domain": "demo", "api_domain": "other.biapi.pro"}, "other.biapi.pro"),
    ],
)
async def test_webview_addresses_name_the_host_of_the_base_url(where, api_domain):
    async with AsyncPowensClient(**where, client_id=11) as client:
        url = client.webview.connect_url(redirect_uri="https://app.example/back").url
    assert f"domain={api_domain}" in url


IDS = [
    ("../x", "/users/..%2Fx"),
    ("a/b?c#d", "/users/a%2Fb%3Fc%23d"),
    ("%2e%2e", "/users/%252e%252e"),
    ("\u00e9 \\", "/users/%C3%A9%20%5C"),
    ("...", "/users/..."),
    (-7, "/users/-7"),
]


@pytest.mark.parametrize(("user_id", "path"), IDS)
async def test_an_id_stays_one_segment_of_the_path(api, connect, user_id, path):
    api.answers({"id": 1})
    async with connect() as client:
        await client.users.get(user_id=user_id)
    assert api.targets == [path]


@pytest.mark.parametrize(
    ("user_id", "kind"),
    [
        *[(user_id, ValueError) for user_id in ("", ".", "..")],
        *[(user_id, TypeError) for user_id in (None, True, 1.5, b"7", [])],
    ],
)
async def test_an_id_that_is_none_is_refused(api, connect, user_id, kind):
    async with connect() as client:
        with pytest.raises(kind, match="an id must"):
            await client.users.get(user_id=user_id)
        with pytest.raises(kind, match="an id must"):
            client.connections.list(user_id=user_id)
    assert api.count == 0
