"""No secret gets out: every method, whatever becomes of it, with all that can be printed of it."""

from __future__ import annotations

import gc
import json
import pickle

import httpx
import pytest

from powens import AsyncPager, AsyncPowensClient, PowensError, RetryPolicy

from .calls import bound
from .test_resources_calls import CALLS, METHODS

# The call of each method that says most.
FULLEST = {
    call.method: call
    for call in sorted(CALLS, key=lambda it: (len(it.arguments), "?" in it.line, len(str(it.body))))
}
NAMES = sorted(FULLEST)
AT_ONCE = RetryPolicy(max_attempts=2, base_delay=0, jitter=0)


@pytest.fixture
def make(canaries):
    """Makes clients that know secrets."""

    def make(base_url, **options):
        options = {"base_url": base_url, "retry_policy": AT_ONCE, **options}
        return AsyncPowensClient(
            access_token=canaries.secret,
            client_id=11,
            client_secret=canaries.secret,
            payment_links_url=options["base_url"],
            **options,
        )

    return make


@pytest.fixture
def collected():
    """Lets the garbage collector complain while the test still runs."""
    yield
    gc.collect()


def arguments_of(canaries, method):
    """The arguments of a call, with secrets in all of them that are not in its path."""
    call = FULLEST[method]
    path = call.line.partition("?")[0]
    return {
        name: canaries.hide_in(value, but=path)
        for name, value in call.arguments.items()
        if not (name == "encrypt" and value)
    }


async def outcome_of(canaries, client, method, arguments):
    """What a call ends with, of a listing the envelope of its first page."""
    try:
        outcome = bound(client, method)(**arguments)
        if not isinstance(outcome, AsyncPager):
            return await outcome
        pages = outcome.by_page()
        canaries.look_at(outcome, pages, aiter(outcome))
        page = await anext(pages)
        canaries.look_at(page, page.links)
        return page.envelope
    except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
        return error


def test_the_arguments_of_every_method_are_known():
    assert FULLEST.keys() == METHODS.keys()
    assert len(METHODS) >= 135


async def test_no_success_tells(canaries, serve, make):
    def script(visit):
        given = METHODS[method].answer
        if given is not None:
            given = canaries.hide_in_answer(given, type(METHODS[method].result))
        content = b"" if given is None else given
        cookie, path = f"session={canaries.secret}", f"/{canaries.secret}"
        visit.answer(content, METHODS[method].status, set_cookie=cookie, location=path)

    peer = serve(script)
    async with make(peer.base_url) as client:
        for method in NAMES:
            arguments = arguments_of(canaries, method)
            outcome = await outcome_of(canaries, client, method, arguments)
            assert not isinstance(outcome, Exception), (method, outcome)
            shown = () if isinstance(outcome, dict) else (outcome,)
            canaries.look_at(client, bound(client, method).__self__, *shown)


async def look_at_failures(failure, methods, canaries, client):
    """Make calls that fail, and look at what there is to see."""
    async with client:
        if failure.is_closed:
            await client.aclose()
        view = client.with_options(**failure.view)
        for method in methods:
            arguments = arguments_of(canaries, method)
            outcome = await outcome_of(canaries, view, method, arguments)
            assert isinstance(outcome, failure.raises), (method, outcome)
            canaries.look_at(outcome, echoes=failure.echoes)


async def test_no_failure_tells(failure, canaries, serve, make, scale):
    peer = serve(failure.script)
    client = make(**{"base_url": peer.base_url, **failure.options})
    stride = scale(12, 1)
    await look_at_failures(failure, NAMES[failure.number % stride :: stride], canaries, client)
    canaries.look_at(client, client.with_options(**failure.view))


# httpx leaves the answers that it does not read to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.usefixtures("collected")
async def test_no_failure_tells_by_a_client_that_was_lent(canaries, serve, make, scale):
    stride = scale(60, 1)
    async with httpx.AsyncClient(trust_env=False) as lent:
        for failure in canaries.failures:
            peer = serve(failure.script)
            methods = NAMES[failure.number % stride :: stride]
            client = make(**{"base_url": peer.base_url, "http_client": lent, **failure.options})
            await look_at_failures(failure, methods, canaries, client)
            canaries.look_at(repr(client))


async def test_what_others_send_meanwhile_is_logged(canaries, serve, make):
    others = serve(lambda visit: visit.answer({}, set_cookie=canaries.secret))

    def script(visit):
        httpx.get(others.base_url, params={"secret": canaries.secret}, trust_env=False)
        visit.answer({"id": 7})

    async with make(serve(script).base_url) as client:
        await client.users.get(user_id=7)
    logged = [text for text in canaries.logged() if canaries.secret in text]
    assert {text.partition(" ")[0] for text in logged} == {"httpx", "httpcore.http11"}


async def test_a_client_that_was_lent_is_heard_when_others_use_it(canaries, serve, make):
    peer = serve(lambda visit: visit.answer({"id": 7}))
    async with httpx.AsyncClient(trust_env=False) as lent:
        async with make(peer.base_url, http_client=lent) as client:
            await client.users.get(user_id=7, expand=canaries.secret)
        canaries.look_at()
        await lent.get(f"{peer.base_url}/users/7", params={"expand": canaries.secret})
    assert any(canaries.secret in text for text in canaries.logged())


async def test_no_address_of_the_webview_tells(canaries, make):
    back, secret = "https://shop.example/back", canaries.secret
    async with make("https://example.biapi.pro/2.0") as client:
        webview = client.webview
        common = {"redirect_uri": back, "code": secret, "state": secret}
        urls = [
            webview.connect_url(**common, account_ibans=[secret], extra_params={"a": secret}),
            webview.reconnect_url(**common, connection_id=5),
            webview.manage_url(**common),
            webview.payment_url(**common, payment_id=31),
            client.connections.webauth_redirect_url(
                redirect_uri=back, token=secret, id_connection=5, fields={"login": secret}
            ),
        ]
        assert all(secret in each.url for each in urls)
        canaries.look_at(*urls)
        for wrong in (f"{back}?{secret}", secret):
            with pytest.raises(ValueError, match="redirect_uri") as caught:
                webview.manage_url(redirect_uri=wrong, code=secret)
            canaries.look_at(caught.value)


KEYS = [
    {"kty": "secret"},
    {"kty": "RSA", "kid": "secret"},
    {"kty": "RSA", "kid": "secret", "n": "secret", "e": "AQAB"},
    {"kty": "RSA", "kid": "secret", "n": "=secret", "e": "secret"},
    {"kty": "RSA", "kid": "secret", "n": {"secret": "secret"}, "e": ["secret"]},
]


@pytest.mark.parametrize("key", KEYS)
async def test_no_key_that_is_refused_tells(key, canaries, wire, make):
    wire.answers(raw=json.dumps(key).replace("secret", canaries.secret).encode())
    transport = httpx.MockTransport(wire)
    async with make("https://example.biapi.pro/2.0", transport=transport) as client:
        with pytest.raises(PowensError) as caught:
            await client.connections.create(
                connector_uuid="u", fields={"password": canaries.secret}, encrypt=True
            )
        canaries.look_at(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"access_token": "{} {}"},
        {"base_url": "https://u:{}@x.example/2.0"},
        {"base_url": "https://x.example/2.0?token={}"},
        {"user_agent": "{}\n"},
        {"base_url": "http://{}"},
        {"access_token": ["{}"]},
        {"timeout": "{}"},
    ],
)
def test_no_wrong_setting_tells(wrong, canaries):
    ((name, value),) = wrong.items()
    filled = [canaries.secret] if isinstance(value, list) else value.format(*[canaries.secret] * 2)
    with pytest.raises((TypeError, ValueError)) as caught:
        AsyncPowensClient(**{"base_url": "https://example.biapi.pro/2.0", name: filled})
    canaries.look_at(caught.value)


async def test_secrets_are_in_a_pickle_only_where_that_was_asked_for(canaries, make):
    async with make("https://example.biapi.pro/2.0") as client:
        canaries.look_at(client)
        asked = client.with_options(pickle_secrets=True)
        assert canaries.secret.encode() in pickle.dumps(asked)
        canaries.look_at(repr(asked))


async def test_no_wrong_argument_tells(canaries, wire, make, scale):
    class Odd:
        def __repr__(self):
            return canaries.secret

    half = f"{canaries.secret}\ud800"
    wrong = [Odd(), half, {"field": Odd()}, {"field": half}, [half]]
    stride = scale(7, 1)
    wire.answers({"code": "invalidValue"}, status=400)
    transport = httpx.MockTransport(wire)
    cases = [
        (method, name, value)
        for method in NAMES
        for name in sorted(FULLEST[method].arguments.keys() - {"to"})  # errors of files name them
        for value in wrong
    ]
    async with make("https://example.biapi.pro/2.0", transport=transport) as client:
        for method, name, value in cases[::stride]:
            arguments = arguments_of(canaries, method) | {name: value}
            outcome = await outcome_of(canaries, client, method, arguments)
            assert isinstance(outcome, Exception), (method, name)
            canaries.look_at(outcome)
