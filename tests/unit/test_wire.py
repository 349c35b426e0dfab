"""Addresses, queries, hints to wait and errors, as pure functions."""

from __future__ import annotations

import copy
import datetime as dt
import email.utils
import json
import pickle
from decimal import Decimal
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from powens import UNSET, PowensErrorCode, PowensHTTPError, PowensSerializationError
from powens._wire import (
    BaseURL,
    Flag,
    Request,
    Response,
    TokenUse,
    build_path,
    day,
    encode_query,
    error_of,
    flag,
    make_request,
    parse_retry_after,
)
from powens.models import AuthCodeRequestType

BASES = [
    "https://demo.biapi.pro/2.0",
    "https://api.example.com:8443/a/b",
    "https://api.example.com",
    "http://127.0.0.1:8000/2.0",
    "http://[::1]:8000",
]
# What links are made of, and what attacks on them are made of.
PIECES = [
    *("https:", "http:", "HTTPS:", "//", "/", "///", "\\", "?", "#", "@", ":", ";", "&", "=", "%"),
    *(
        "demo.biapi.pro",
        "DEMO.biapi.pro",
        "evil.example",
        "127.0.0.1",
        "[::1]",
        "[",
        "]",
        "localhost",
    ),
    *(":443", ":8000", ":8443", ":80", ":x", ":-1", "me:pw@", "2.0", "/2.0/", "/a/b/", "users"),
    *(
        ".",
        "..",
        "/../",
        "/./",
        "%2e",
        "%2E%2e",
        "%2f",
        "%5c",
        "%00",
        "%",
        "\u3002",
        "\uff0f",
        "\u2024",
    ),
    *("\n", "\r", "\t", " ", "\x00", "\x7f", "\u00e9", "\ud800", "javascript:", "cursor=abc"),
]
bases = st.sampled_from(BASES).map(BaseURL.parse)
links = st.one_of(
    st.text(),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.builds("{}/{}".format, st.sampled_from(BASES), st.text()),
)
NOW = dt.datetime(2024, 2, 29, 12, 0, 0, tzinfo=dt.UTC)


def place_of(base):
    url = httpx.URL(f"{base.origin}{base.prefix}/")
    return url.scheme, url.host, url.port


def is_below(base, address):
    """Whether httpx, which sends, goes where we think it goes."""
    url = httpx.URL(address)
    assert (url.scheme, url.host, url.port) == place_of(base)
    assert url.userinfo == b""
    assert url.raw_path.decode().startswith(f"{base.prefix}/")
    assert not {".", ".."} & set(unquote(url.raw_path.decode().partition("?")[0]).split("/"))
    return True


# --- Where the token may go ----------------------------------------------------------------------


@given(bases, links, st.sampled_from([None, "/users", "/users/me/transactions?limit=2&at=1"]))
@example(BaseURL.parse(BASES[0]), "//evil.example/2.0/x", None)
@example(BaseURL.parse(BASES[2]), "//evil.example/x", "/users")
@example(BaseURL.parse(BASES[0]), "/2.0/\ud800", None)
def test_a_link_leads_below_the_base_url_or_is_refused(base, href, page):
    seen_from = f"{base.origin}{base.prefix}{page}" if page else ""
    try:
        address = base.resolve(href, seen_from=seen_from)
    except ValueError as error:
        reason = str(error)
        assert reason.startswith("it ")
    else:
        assert is_below(base, address)
        assert base.resolve(address) == address


@given(links)
@example("https://demo.biapi.pro\u3002evil.example/2.0")
@example("https://demo.biapi.pro\uff0fevil.example/2.0")
@example("https://[fe80::1%eth0]/2.0")
@example("https://me:pw@\u2100/2.0")
def test_a_base_url_is_a_place_or_is_refused(url):
    try:
        base = BaseURL.parse(url)
    except ValueError as error:
        reason = str(error)
        assert reason.startswith(("base_url must", "it climbs"))
    else:
        assert is_below(base, base.url(Request(method="GET", path="/users")))
        assert BaseURL.parse(f"{base.origin}{base.prefix}") == base


@given(st.text())
@example("demo.biapi.pro.evil.example")
@example("demo.biapi.pro")
def test_a_domain_is_one_name_or_is_refused(domain):
    try:
        base = BaseURL.of(base_url=None, domain=domain)
    except ValueError:
        return
    name = base.host.removesuffix(".biapi.pro")
    assert base.prefix == "/2.0"
    assert base.host.endswith(".biapi.pro")
    assert not set(name) & set("./@:?#[]\\")
    assert is_below(base, base.url(Request(method="GET", path="/users")))


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("query", ["", "?a=1", "?a=1&b=%20", "?a=?&b=/"])
def test_a_link_of_our_own_comes_back_unchanged(base, query):
    base_url = BaseURL.parse(base)
    assert base_url.resolve(f"{base}/users{query}") == f"{base}/users{query}"
    assert base_url.resolve(f"users{query}") == f"{base}/users{query}"


def test_a_relative_link_is_seen_from_its_page():
    base = BaseURL.parse(BASES[0])
    page = f"{BASES[0]}/users/me/transactions?limit=2"
    assert base.resolve("?at=1", seen_from=page) == f"{BASES[0]}/users/me/transactions?at=1"
    assert base.resolve("accounts", seen_from=page) == f"{BASES[0]}/users/me/accounts"
    assert base.resolve("../7", seen_from=page) == f"{BASES[0]}/users/7"
    with pytest.raises(ValueError, match="outside of the base URL"):
        base.resolve("../../../7", seen_from=page)


@pytest.mark.parametrize(
    ("base", "host"),
    [
        ("https://demo.biapi.pro:443/2.0", "demo.biapi.pro"),
        ("https://api.example.com:8443", "api.example.com:8443"),
        ("http://[::1]:80/2.0", "[::1]"),
        ("http://[::1]:8000/2.0", "[::1]:8000"),
    ],
)
def test_the_host_has_its_port_where_it_is_unusual(base, host):
    assert BaseURL.parse(base).host == host


# --- Paths and queries ---------------------------------------------------------------------------


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.integers(), min_size=1))
@example(["..", "x"])
@example(["%2e%2e"])
def test_segments_of_a_path_come_back_one_by_one(segments):
    try:
        path = build_path(*segments)
    except ValueError:
        assert {"", ".", ".."} & set(map(str, segments))
        return
    assert path.startswith("/")
    assert [unquote(part) for part in path[1:].split("/")] == [str(part) for part in segments]
    base = BaseURL.parse(BASES[0])
    address = base.url(Request(method="GET", path=path))
    assert httpx.URL(address).raw_path.decode() == f"/2.0{path}"


values = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.integers(),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False, places=4),
    st.dates(),
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), values))
def test_a_query_comes_back_as_it_was(params):
    query = encode_query(params)
    assert query.isascii()
    assert not set(query) & set(' #"<>\\\n\r')
    url = httpx.URL(f"https://demo.biapi.pro/2.0/users?{query}" if query else "https://demo/")
    assert url.query.decode() == query
    spelled = {
        name: str(value).lower() if isinstance(value, bool) else
        format(value, "f") if isinstance(value, Decimal) else str(value)
        for name, value in params.items()
    }  # fmt: skip
    pairs = [pair.partition("=") for pair in query.split("&")] if query else []
    assert {unquote(name): unquote(value) for name, _, value in pairs} == spelled


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ({}, ""),
        ({"a": None, "b": UNSET}, ""),
        ({"all": Flag.SET, "limit": 5}, "all&limit=5"),
        ({"a": ""}, "a="),
        ({"a": 0, "b": False, "c": True}, "a=0&b=false&c=true"),
        ({"a": [1, "b", True]}, "a=1,b,true"),
        ({"a": ("x",), "b": iter(["y", "z"])}, "a=x&b=y,z"),
        ({"expand": "accounts,connector[countries]"}, "expand=accounts,connector[countries]"),
        ({"a": "b&c=d#e?f/g+h i"}, "a=b%26c%3Dd%23e%3Ff%2Fg%2Bh%20i"),
        ({"a&b": 1, "fields[x]": 2}, "a%26b=1&fields%5Bx%5D=2"),
        ({"a": "\u20ac"}, "a=%E2%82%AC"),
        ({"type": AuthCodeRequestType.SINGLE_ACCESS}, "type=singleAccess"),
        ({"a": Decimal("1E+3"), "b": Decimal("-0.10"), "c": 1.5}, "a=1000&b=-0.10&c=1.5"),
        ({"a": 1e-08, "b": 1e22}, "a=0.00000001&b=10000000000000000000000"),
        ({"a": dt.date(2024, 2, 29)}, "a=2024-02-29"),
        ({"a": NOW.replace(tzinfo=None)}, "a=2024-02-29%2012:00:00"),
        ({"a": NOW.astimezone(dt.timezone(dt.timedelta(hours=2)))}, "a=2024-02-29%2012:00:00"),
    ],
)
def test_how_parameters_are_spelled(params, query):
    assert encode_query(params) == query


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), Decimal("NaN"), Decimal("1E+999")])
def test_what_is_no_amount_is_not_sent(value):
    with pytest.raises(ValueError, match="not an amount"):
        encode_query({"min_value": value})


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (None, None),
        ("2024-02", "2024-02"),
        (dt.date(2024, 2, 29), "2024-02-29"),
        (NOW, "2024-02-29"),
    ],
)
def test_how_a_day_is_spelled(value, spelled):
    assert day(value) == spelled


def test_a_flag_is_there_or_not():
    assert encode_query({"all": flag(True)}) == "all"
    assert encode_query({"all": flag(False)}) == ""


def test_what_a_request_is_made_of():
    request = make_request("POST", "/x", params={"a": "s3cret"}, body={"b": "s3cret", "c": UNSET})
    assert request == Request(method="POST", path="/x", query="a=s3cret", content=b'{"b":"s3cret"}')
    assert "s3cret" not in repr(request)
    assert make_request("GET", "/x").content is None
    assert make_request("GET", "/x", token=TokenUse.NEVER).token is TokenUse.NEVER
    assert make_request("PUT", "/x", waits_for_bank=True).waits_for_bank


@pytest.mark.parametrize(
    ("path", "query", "address"),
    [
        ("/users", "", "https://demo.biapi.pro/2.0/users"),
        ("/users", "a=1", "https://demo.biapi.pro/2.0/users?a=1"),
        ("https://demo.biapi.pro/2.0/x", "", "https://demo.biapi.pro/2.0/x"),
        ("https://demo.biapi.pro/2.0/x?a=1", "b=2", "https://demo.biapi.pro/2.0/x?a=1&b=2"),
    ],
)
def test_the_address_of_a_request(path, query, address):
    request = Request(method="GET", path=path, query=query)
    assert BaseURL.parse(BASES[0]).url(request) == address


def test_the_json_of_an_answer():
    answer = Response(status_code=200, headers={}, content=b'{"a": 1.10}')
    assert answer.json() == {"a": Decimal("1.10")}
    with pytest.raises(PowensSerializationError):
        Response(status_code=200, headers={}, content=b"").json()


# --- Hints to wait -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        *[(text, None) for text in ("", "soon", "-1", "-0.5", "nan", "inf", "1e999", "9" * 400)],
        *[(text, float(text)) for text in ("0", "5", "1.5", " 7 ", "86400")],
        ("Thu, 29 Feb 2024 12:00:30 GMT", 30),
        ("Thu, 29 Feb 2024 12:00:30 -0000", 30),
        ("Thu, 29 Feb 2024 14:00:30 +0200", 30),
        ("Thursday, 29-Feb-24 12:00:30 GMT", 30),
        ("Thu Feb 29 12:00:30 2024", 30),
        ("Thu, 29 Feb 2024 11:00:00 GMT", 0),
        ("Thu, 99 Feb 2024 11:00:00 GMT", None),
        ("Thu, 29 Feb 99999 11:00:00 GMT", None),
        ("Thu, 29 Feb 2024 11:00:00 +9999999", None),
    ],
)
def test_how_long_the_api_asks_to_wait(value, seconds):
    assert parse_retry_after(value, now=NOW) == seconds


moments = st.datetimes(timezones=st.just(dt.UTC), min_value=dt.datetime(1900, 1, 1))  # noqa: DTZ001


@given(st.text() | moments.map(lambda moment: email.utils.format_datetime(moment, usegmt=True)))
@example("Mon, 01 Jan 0001 00:00:00 +2359")
@example("Fri, 31 Dec 9999 23:59:59 -2359")
@example("9" * 5000)
def test_a_hint_is_some_seconds_or_nothing(value):
    seconds = parse_retry_after(value, now=NOW)
    assert seconds is None or 0 <= seconds < float("inf")


@given(moments)
def test_a_date_gives_the_seconds_until_then(moment):
    value = email.utils.format_datetime(moment, usegmt=True)
    left = (moment.replace(microsecond=0) - NOW).total_seconds()
    assert parse_retry_after(value, now=NOW) == max(left, 0)


# --- Errors --------------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["code", "description", "message", "request_id"]) | st.text(), inner
    ),
)  # fmt: skip


@given(st.integers(300, 599), anything.map(json.dumps).map(str.encode) | st.binary())
@example(400, b"[" * 100_000)
@example(400, b'{"code": 1e999999999}')
@example(400, b'{"request_id": ' + b"9" * 5000 + b"}")
def test_any_body_makes_an_error(status, content):
    error = error_of(
        status=status,
        headers={"retry-after": "2"},
        content=content,
        method="GET",
        url="https://demo.biapi.pro/2.0/users?search=s3cret",
    )
    assert isinstance(error, PowensHTTPError)
    assert error.status_code == status
    assert error.retry_after == 2
    assert error.request_url == "https://demo.biapi.pro/2.0/users"
    assert "s3cret" not in str(error)
    for text in (error.error_description, error.error_message, error.request_id):
        assert text is None or isinstance(text, str)


@pytest.mark.parametrize("levels", [1, 100, 101, 900, 3000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"code":"bug","in":', b"}")])
def test_a_body_is_kept_as_deep_as_it_can_be_copied(levels, opening, closing):
    content = opening * levels + b"1" + closing * levels
    error = error_of(status=400, headers={}, content=content, method="GET", url="/")
    assert (error.response_body == content.decode()) == (levels > 100)
    assert copy.deepcopy(error) == pickle.loads(pickle.dumps(error)) == error


@pytest.mark.parametrize("code", list(PowensErrorCode))
@pytest.mark.parametrize("spell", [str, str.upper, str.lower, str.title])
def test_a_known_code_is_a_member_in_any_spelling(code, spell):
    content = json.dumps({"code": spell(code.value)}).encode()
    error = error_of(status=400, headers={}, content=content, method="GET", url="/")
    assert error.error_code is code


def test_a_body_that_is_too_long_for_an_error_stays_text():
    def body_of(size):
        content = b'{"code": "bug"%s}' % (b" " * (size - 15))
        error = error_of(status=500, headers={}, content=content, method="GET", url="/")
        return error.error_code, error.response_body

    assert body_of(2**20) == (PowensErrorCode.BUG, {"code": "bug"})
    assert body_of(2**20 + 1) == (None, '{"code": "bug"' + " " * (2**20 - 14) + "}")
