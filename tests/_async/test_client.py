"""The client itself: what it is made of, its views, its tokens, its end."""

from __future__ import annotations

import math

import httpx
import pytest

from powens import AsyncPowensClient, PowensError, RetryPolicy, __version__

USER = {"id": 1}
ENVIRONMENT = ("BASE_URL", "DOMAIN", "ACCESS_TOKEN", "CLIENT_ID", "CLIENT_SECRET", "WEBVIEW_URL")
TIME_LIMITS = [
    *[(seconds, ValueError) for seconds in (0, 0.0, -1, -0.5, math.nan, math.inf, -math.inf)],
    *[(seconds, TypeError) for seconds in (True, False, "30", b"30", [], httpx.Timeout(5))],
]
TOKENS = [
    *("", " ", "to ken", "t0ken\n", "t0ken\r\nx-evil: 1", "\tt0ken", "t0k\u00e9n", "t0ken\u2028"),
    *("t0ken\x00", "t0ken\x7f", "\ud83d\ude00t0ken", "\udc80t0ken"),
]


# --- Making a client -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["timeout", "sync_timeout", "deadline"])
@pytest.mark.parametrize(("seconds", "kind"), TIME_LIMITS)
def test_a_time_limit_is_a_positive_number(connect, name, seconds, kind):
    with pytest.raises(kind, match=rf"^{name} must be "):
        connect(**{name: seconds})


@pytest.mark.parametrize("name", ["timeout", "deadline"])
@pytest.mark.parametrize(("seconds", "kind"), TIME_LIMITS)
def test_a_time_limit_of_a_view_is_a_positive_number(connect, name, seconds, kind):
    with pytest.raises(kind, match=rf"^{name} must be "):
        connect().with_options(**{name: seconds})


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_that_cannot_be_sent_is_refused_and_not_shown(connect, token):
    client = connect()
    for attempt in (
        lambda: connect(access_token=token),
        lambda: client.with_options(access_token=token),
        lambda: client.set_access_token(token),
    ):
        with pytest.raises(ValueError, match=r"^access_token must be printable ASCII without") as e:
            attempt()
        assert "t0k" not in str(e.value)
    assert client.access_token == "t0ken"


@pytest.mark.parametrize("token", [7, b"t0ken", ["t0ken"]])
def test_a_token_is_text(connect, token):
    with pytest.raises(TypeError, match="access_token must be a str"):
        connect(access_token=token)


def test_either_a_transport_or_a_client_of_httpx(api):
    with pytest.raises(ValueError, match="give either transport or http_client"):
        AsyncPowensClient(
            domain="demo", transport=httpx.MockTransport(api), http_client=httpx.AsyncClient()
        )


@pytest.mark.parametrize("wrong", [object(), httpx.MockTransport(str), httpx.AsyncClient, "x"])
def test_a_client_of_httpx_is_of_the_right_half(wrong):
    name = httpx.AsyncClient.__name__
    with pytest.raises(TypeError, match=rf"http_client must be a httpx\.{name}"):
        AsyncPowensClient(domain="demo", http_client=wrong)


@pytest.mark.parametrize("wrong", [object(), str, "x"])
def test_a_transport_of_httpx_is_of_the_right_half(wrong):
    name = httpx.AsyncBaseTransport.__name__
    with pytest.raises(TypeError, match=rf"transport must be a httpx\.{name}"):
        AsyncPowensClient(domain="demo", transport=wrong)


@pytest.mark.parametrize("policy", [3, None, RetryPolicy])
def test_a_view_needs_a_real_policy(connect, policy):
    with pytest.raises(TypeError, match="retry_policy must be a RetryPolicy"):
        connect().with_options(retry_policy=policy)


@pytest.mark.parametrize("policy", [0, 3, "", RetryPolicy])
def test_a_client_needs_a_real_policy(connect, policy):
    with pytest.raises(TypeError, match="retry_policy must be a RetryPolicy"):
        connect(retry_policy=policy)


def test_arguments_are_given_by_name():
    with pytest.raises(TypeError):
        AsyncPowensClient("demo")


@pytest.mark.parametrize(
    "call",
    [
        lambda client: AsyncPowensClient(domain="demo", tokn="x"),
        lambda client: client.with_options(sync_timeout=5),
        lambda client: client.users.list(limt=5),
        lambda client: client.connections.list(per_page=5),
        lambda client: client.users.list().to_list(limit=5),
        lambda client: client.users.get(id=5),
        lambda client: client.request("GET", "/users", body={}),
    ],
)
def test_an_unknown_keyword_is_refused(connect, call):
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        call(connect())


@pytest.mark.parametrize(
    ("variables", "address", "token", "app"),
    [
        ({"DOMAIN": "demo"}, "https://demo.biapi.pro/2.0", None, None),
        ({"BASE_URL": "http://localhost:8000"}, "http://localhost:8000", None, None),
        ({"DOMAIN": "demo", "BASE_URL": ""}, "https://demo.biapi.pro/2.0", None, None),
        ({"DOMAIN": "", "BASE_URL": "http://[::1]/2"}, "http://[::1]/2", None, None),
        ({"DOMAIN": "demo", "ACCESS_TOKEN": "t"}, "https://demo.biapi.pro/2.0", "t", None),
        ({"DOMAIN": "demo", "ACCESS_TOKEN": ""}, "https://demo.biapi.pro/2.0", None, None),
        (
            {"DOMAIN": "demo", "CLIENT_ID": "11", "CLIENT_SECRET": "s"},
            *("https://demo.biapi.pro/2.0", None, ("11", "s")),
        ),
    ],
)
async def test_a_client_from_the_environment(monkeypatch, variables, address, token, app):
    for name in ENVIRONMENT:
        monkeypatch.delenv(f"POWENS_{name}", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(f"POWENS_{name}", value)
    async with AsyncPowensClient.from_env() as client:
        assert address in repr(client)
        assert client.access_token == token
        if app is None:
            with pytest.raises(ValueError, match="client_id is needed"):
                client.webview.connect_url(redirect_uri="https://app.example/back")
            with pytest.raises(ValueError, match="client_secret is needed"):
                await client.auth.exchange_code(code="c")
        else:
            url = client.webview.connect_url(redirect_uri="https://app.example/back").url
            assert "client_id=11" in url


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:8765/webview", "http://127.0.0.1:8765/webview/en/connect?"),
        ("", "https://webview.powens.com/en/connect?"),
    ],
)
async def test_the_webview_of_the_environment(monkeypatch, address, expected):
    monkeypatch.setenv("POWENS_DOMAIN", "demo")
    monkeypatch.setenv("POWENS_CLIENT_ID", "11")
    monkeypatch.setenv("POWENS_WEBVIEW_URL", address)
    async with AsyncPowensClient.from_env() as client:
        page = client.webview.connect_url(redirect_uri="https://app.example/back")
        assert page.url.startswith(expected)


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({}, "set either POWENS_BASE_URL or POWENS_DOMAIN"),
        ({"DOMAIN": "", "BASE_URL": ""}, "set either POWENS_BASE_URL or POWENS_DOMAIN"),
        ({"DOMAIN": "demo", "BASE_URL": "http://localhost"}, "set either"),
        ({"ACCESS_TOKEN": "t"}, "set either"),
        ({"DOMAIN": "d/e"}, "domain must look like"),
        ({"BASE_URL": "http://demo.biapi.pro/2.0"}, "must be https"),
        ({"DOMAIN": "demo", "ACCESS_TOKEN": "s3 cret"}, "access_token must be"),
    ],
)
def test_an_environment_that_makes_no_sense_is_refused(monkeypatch, variables, reason):
    for name in ENVIRONMENT:
        monkeypatch.delenv(f"POWENS_{name}", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(f"POWENS_{name}", value)
    with pytest.raises(ValueError, match=reason):
        AsyncPowensClient.from_env()


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, f"powens-python/{__version__}"),
        ({"user_agent": "my-app/1.0"}, f"my-app/1.0 powens-python/{__version__}"),
    ],
)
async def test_the_user_agent_names_the_program_then_this_package(api, connect, given, sent):
    api.answers(USER)
    async with connect(**given) as client:
        await client.users.me()
    assert api.requests[0].headers["user-agent"] == sent


@pytest.mark.parametrize("user_agent", ["my\napp", "my\r\nx-evil: 1", "m\u00e9", "a\x00"])
def test_a_user_agent_that_cannot_be_sent_is_refused(connect, user_agent):
    with pytest.raises(ValueError, match="user_agent must be printable ASCII"):
        connect(user_agent=user_agent)


# --- Tokens --------------------------------------------------------------------------------------


async def test_the_token_goes_with_each_call(api, connect):
    api.answers(USER)
    async with connect() as client:
        await client.users.me()
        await client.request("GET", "/anything")
    assert api.bearers == ["t0ken", "t0ken"]
    assert api.requests[0].headers["accept"] == "application/json"


async def test_a_new_token_goes_with_later_calls(api, connect):
    api.answers(USER)
    async with connect() as client:
        await client.users.me()
        client.set_access_token("other")
        assert client.access_token == "other"
        await client.users.me()
        client.set_access_token(None)
        await client.request("GET", "/anything")
    assert api.bearers == ["t0ken", "other", None]


async def test_a_pager_keeps_the_token_it_was_made_with(api, connect):
    pages = [{"users": [{"id": n} for n in ids], "total": 3} for ids in ([1], [1, 2], [2, 3])]
    api.answers(*pages, {"users": []})
    async with connect() as client:
        pager = client.users.list(limit=1)
        client.set_access_token("other")
        walk = pager.by_page()
        await walk.__anext__()
        client.set_access_token(None)
        await walk.__anext__()
        await walk.__anext__()
        await pager.first_page()
    assert api.bearers == ["t0ken"] * 4


async def test_resources_that_are_kept_follow_the_new_token(api, connect):
    api.answers(USER)
    async with connect() as client:
        users = client.users
        client.set_access_token("other")
        await users.me()
        assert users is client.users
    assert api.bearers == ["other"]


async def test_a_call_that_needs_a_token_says_so_and_sends_nothing(api, connect):
    async with connect(access_token=None) as client:
        for call in (
            client.users.me,
            client.connections.list().first_page,
            client.accounts.list_all,
        ):
            with pytest.raises(PowensError, match="this call needs an access token"):
                await call()
    assert api.count == 0


@pytest.mark.parametrize("token", ["t0ken", None])
async def test_a_token_that_is_optional_goes_along_if_there_is_one(api, connect, token):
    api.answers({"connectors": []}, {"connectors": []}, {"currencies": []}, {})
    async with connect(access_token=token) as client:
        await client.connectors.list_all()
        await client.connectors.list().to_list()
        await client.currencies.list().to_list()
        await client.request("GET", "/anything")
    assert api.bearers == [token] * 4


async def test_the_token_never_goes_where_credentials_do(api, connect):
    api.answers({"auth_token": "a", "access_token": "b", "token": "c"})
    async with connect(client_id=11, client_secret="s3cret") as client:
        await client.auth.init_user()
        await client.auth.init_user(client_id=None, client_secret=None)
        await client.auth.exchange_code(code="c0de")
        await client.auth.renew_token(id_user=7)
        await client.auth.generate_service_token(scope="payments:admin")
    assert api.bearers == [None] * 5
    assert b"s3cret" not in api.requests[1].content


# --- Views ---------------------------------------------------------------------------------------


async def test_a_view_has_other_settings_on_the_same_pool(api, connect):
    api.answers(USER)
    async with connect(timeout=7) as client:
        for view in (
            client,
            client.with_options(),
            client.with_options(access_token="other"),
            client.with_options(timeout=3),
            client.with_options(access_token="other").with_options(timeout=None),
        ):
            assert isinstance(view, AsyncPowensClient)
            await view.users.me()
    assert api.bearers == ["t0ken", "t0ken", "other", "t0ken", "other"]
    assert api.timeouts == [7, 7, 7, 3, None]


@pytest.mark.parametrize(("policy", "count"), [(RetryPolicy(max_attempts=1), 1), (None, 3)])
async def test_a_view_may_have_its_own_policy(api, connect, clock, policy, count):
    api.answers(503)
    async with connect() as client:
        view = client.with_options(**({"retry_policy": policy} if policy else {}))
        with pytest.raises(PowensError):
            await view.users.me()
    assert api.count == count


async def test_a_view_without_a_token_makes_calls_that_need_none(api, connect):
    api.answers({"connectors": []})
    async with connect() as client:
        view = client.with_options(access_token=None)
        assert view.access_token is None
        await view.connectors.list_all()
        with pytest.raises(PowensError, match="needs an access token"):
            await view.users.me()
    assert api.bearers == [None]


async def test_a_view_never_changes(api, connect):
    api.answers(USER)
    async with connect() as client:
        view = client.with_options()
        with pytest.raises(PowensError, match="a view never changes"):
            view.set_access_token("other")
        client.set_access_token("other")
        assert view.access_token == "t0ken"
        await view.users.me()
        await client.with_options().users.me()
    assert api.bearers == ["t0ken", "other"]


async def test_a_change_of_a_view_does_not_reach_the_client(api, connect):
    api.answers(USER)
    async with connect() as client:
        client.with_options(access_token="other", timeout=1)
        await client.users.me()
        assert client.access_token == "t0ken"
    assert api.bearers == ["t0ken"]
    assert api.timeouts == [30]


async def test_a_view_knows_the_application(connect):
    async with connect(client_id=11, webview_url="https://webview.example") as client:
        url = client.with_options(timeout=1).webview.connect_url(redirect_uri="https://a.example")
    assert url.url.startswith("https://webview.example")
    assert "client_id=11" in url.url


async def test_closing_a_view_closes_nothing(api, connect):
    api.answers(USER)
    async with connect() as client:
        async with client.with_options() as view:
            await view.users.me()
        await view.aclose()
        await view.users.me()
        await client.users.me()
    assert api.count == 3


# --- The end -------------------------------------------------------------------------------------


async def test_a_closed_client_says_so(api, connect):
    api.answers({"users": [{"id": 1}, {"id": 2}]})
    client = connect()
    view = client.with_options(access_token="other")
    pager = client.users.list()
    walk = pager.by_page()
    await walk.__anext__()
    async with client:
        pass
    await client.aclose()
    for call in (
        *(client.users.me, view.users.me, pager.first_page, walk.__anext__),
        *(pager.to_list, client.with_options().users.me, client.connectors.list_all),
    ):
        with pytest.raises(PowensError, match="this client is closed: make a new one"):
            await call()
    assert api.count == 1


async def test_the_context_closes_after_an_error_and_lets_it_out(connect):
    client = connect()

    async def fail():
        async with client as entered:
            assert entered is client
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await fail()
    with pytest.raises(PowensError, match="closed"):
        await client.users.me()


async def test_what_needs_no_network_works_on_a_closed_client(connect):
    client = connect(client_id=11)
    await client.aclose()
    assert client.webview.connect_url(redirect_uri="https://app.example/back").url


# --- What it shows -------------------------------------------------------------------------------


async def test_nothing_shows_a_secret(api, connect):
    api.answers({"transactions": [{"id": 1}], "_links": {"next": {"href": "?cursor=c0de"}}})
    async with connect(client_id=11, client_secret="s3cret") as client:
        view = client.with_options(access_token="other")
        pager = client.transactions.list(search="FR7630006000011234567890189")
        page = await pager.first_page()
        resumed = client.transactions.list(cursor=page.next_cursor)
        shown = [
            repr(thing)
            for thing in (
                *(client, view, pager, resumed, pager.by_page(), pager.__aiter__(), page),
                *(client.users, vars(client), vars(pager), vars(client.users)),
                *(vars(thing) for thing in vars(client).values() if hasattr(thing, "__dict__")),
            )
        ]
    for secret in ("t0ken", "other", "s3cret", "FR76", "c0de"):
        assert not [text for text in shown if secret in text]
    name = AsyncPowensClient.__name__
    assert shown[:2] == [
        f"<{name} (client) of https://example.biapi.pro/2.0>",
        f"<{name} (view) of https://example.biapi.pro/2.0>",
    ]
    assert repr(pager).endswith("Pager of TransactionsList>")
