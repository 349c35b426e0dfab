"""What is tried again, how often, and after how long."""

from __future__ import annotations

import datetime as dt
import email.utils

import httpx
import pytest

from powens import (
    PowensConnectionError,
    PowensError,
    PowensHTTPError,
    PowensRateLimitError,
    PowensServiceUnavailableError,
    PowensTimeoutError,
    RetryPolicy,
)

USER = {"id": 1}
AT_ONCE = {"base_delay": 0, "jitter": 0, "max_delay": 0}
STEADY = {"base_delay": 1.0, "jitter": 0, "max_delay": 60.0}

REPEATABLE = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "delete")
OTHERS = ("POST", "PATCH", "post", "TRACE")
PASSING = [
    *(429, 502, 503, 504),
    *(httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x")),
]
LASTING = [*(301, 400, 401, 403, 404, 405, 409, 410, 418, 422, 500, 501, 505, 599), KeyError("x")]


def after(seconds):
    """A 503 that asks to wait."""
    return lambda _: httpx.Response(503, headers={"retry-after": str(seconds)})


@pytest.mark.parametrize("failure", PASSING, ids=repr)
@pytest.mark.parametrize(
    ("method", "settings", "count"),
    [
        *[(method, {}, 4) for method in REPEATABLE],
        *[(method, {}, 1) for method in OTHERS],
        *[(method, {"retry_non_idempotent": True}, 4) for method in (*REPEATABLE, *OTHERS)],
        ("GET", {"max_attempts": 1}, 1),
        ("GET", {"max_attempts": 2}, 2),
    ],
)
async def test_what_may_pass_is_tried_again(api, connect, failure, method, settings, count):
    api.answers(failure)
    policy = RetryPolicy(**{**AT_ONCE, "max_attempts": 4, **settings})
    async with connect(retry_policy=policy) as client:
        with pytest.raises((PowensHTTPError, PowensConnectionError)):
            await client.request(method, "/x")
    assert api.count == count


@pytest.mark.parametrize("failure", LASTING, ids=repr)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_what_will_not_pass_is_not_tried_again(api, connect, failure, method):
    api.answers(failure)
    policy = RetryPolicy(**AT_ONCE, max_attempts=4, retry_non_idempotent=True)
    async with connect(retry_policy=policy) as client:
        with pytest.raises((PowensHTTPError, KeyError)):
            await client.request(method, "/x")
    assert api.count == 1


@pytest.mark.parametrize(
    ("call", "count"),
    [
        (lambda client: client.connections.sync(connection_id=5), 3),
        (lambda client: client.connections.delete(connection_id=5), 3),
        (lambda client: client.users.list().to_list(), 3),
        (lambda client: client.connections.update(connection_id=5), 1),
        (lambda client: client.connections.create(connector_uuid="u"), 1),
        (lambda client: client.accounts.update(account_id=5, disabled=False), 1),
        (lambda client: client.auth.init_user(client_id=None, client_secret=None), 1),
    ],
)
async def test_by_default_a_call_that_could_happen_twice_is_made_once(
    api, connect, clock, call, count
):
    api.answers(503)
    async with connect() as client:
        with pytest.raises(PowensServiceUnavailableError):
            await call(client)
    assert api.count == count


async def test_an_attempt_that_succeeds_ends_the_matter(api, connect, clock):
    api.answers(httpx.ReadError("x"), 429, USER)
    async with connect() as client:
        assert (await client.users.me()).id == 1
    assert api.count == 3
    first, second, third = api.requests
    assert first.url == second.url == third.url
    assert api.bearers == ["t0ken"] * 3


async def test_the_body_is_sent_again_as_it_was(api, connect):
    api.answers(503, 503, USER)
    policy = RetryPolicy(**AT_ONCE, retry_non_idempotent=True)
    async with connect(retry_policy=policy) as client:
        await client.accounts.update(account_id=5, name="Savings")
    assert [request.content for request in api.requests] == [b'{"name":"Savings"}'] * 3


async def test_the_last_failure_is_the_one_that_is_told(api, connect, clock):
    api.answers(503, httpx.ReadError("x"), 429)
    async with connect() as client:
        with pytest.raises(PowensRateLimitError):
            await client.users.me()


async def test_a_failure_that_lasts_ends_the_attempts(api, connect, clock):
    api.answers(503, 404)
    async with connect() as client:
        with pytest.raises(PowensHTTPError) as caught:
            await client.users.me()
    assert (caught.value.status_code, api.count) == (404, 2)


async def test_each_call_has_all_its_attempts(api, connect, clock):
    api.answers(503, 503, USER, 503, 503, USER)
    async with connect() as client:
        await client.users.me()
        await client.users.me()
    assert api.count == 6


async def test_each_page_of_a_listing_has_all_its_attempts(api, connect, clock):
    pages = [{"users": [{"id": n} for n in ids], "total": 2} for ids in ([1], [1, 2], [2])]
    api.answers(503, 503, pages[0], 502, 504, pages[1], 429, 429, pages[2])
    async with connect() as client:
        users = await client.users.list(limit=1).to_list()
    assert [user.id for user in users] == [1, 2]
    assert api.count == 9


# --- Waiting -------------------------------------------------------------------------------------


async def test_waits_double_up_to_a_limit(api, connect, clock):
    api.answers(503)
    policy = RetryPolicy(max_attempts=6, base_delay=0.5, jitter=0, max_delay=3)
    async with connect(retry_policy=policy) as client:
        with pytest.raises(PowensError):
            await client.users.me()
    assert clock.waits == [0.5, 1, 2, 3, 3]


async def test_the_default_policy_waits_a_moment(api, connect, clock):
    api.answers(503)
    async with connect() as client:
        with pytest.raises(PowensError):
            await client.users.me()
    first, second = clock.waits
    assert 0.25 <= first <= 0.35
    assert 0.5 <= second <= 0.6


def http_date(seconds):
    """An HTTP date, that many seconds from now."""
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    return email.utils.format_datetime(moment, usegmt=True)


@pytest.mark.parametrize("status", [429, 503, 502])
@pytest.mark.parametrize(
    ("hint", "least", "most"),
    [
        ("7", 7, 7),
        ("0", 0, 0),
        ("2.5", 2.5, 2.5),
        ("100000", 60, 60),
        ("9" * 400, 1, 1),
        (http_date(3600), 60, 60),
        (http_date(-3600), 0, 0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
        ("-7", 1, 1),
        ("nan", 1, 1),
        ("inf", 1, 1),
        ("soon", 1, 1),
        ("", 1, 1),
        ("Wed, 99 Oct 2015 07:28:00 GMT", 1, 1),
    ],
)
async def test_what_the_api_asks_for_wins(api, connect, clock, status, hint, least, most):
    api.answers(lambda _: httpx.Response(status, headers={"Retry-After": hint}), USER)
    async with connect(retry_policy=RetryPolicy(**STEADY)) as client:
        await client.users.me()
    (wait,) = clock.waits
    assert least <= wait <= most


async def test_what_the_api_asks_for_is_told(api, connect, clock):
    api.answers(lambda _: httpx.Response(429, headers={"Retry-After": "12"}))
    async with connect(retry_policy=RetryPolicy(max_attempts=1)) as client:
        with pytest.raises(PowensRateLimitError) as caught:
            await client.users.me()
    assert caught.value.retry_after == 12
    assert clock.waits == []


@pytest.mark.parametrize(
    ("max_elapsed", "count"), [(None, 9), (0, 1), (0.5, 1), (1, 2), (2.9, 2), (3, 3), (100, 7)]
)
async def test_no_attempt_begins_once_too_much_time_has_gone(
    api, connect, clock, max_elapsed, count
):
    api.answers(503)  # waits of 1, 2, 4, ... seconds
    policy = RetryPolicy(**STEADY, max_attempts=9, max_elapsed=max_elapsed)
    async with connect(retry_policy=policy) as client:
        with pytest.raises(PowensServiceUnavailableError):
            await client.users.me()
    assert api.count == count


@pytest.mark.parametrize(
    ("deadline", "count"), [(None, 9), (0.5, 1), (1, 1), (1.5, 2), (3, 2), (3.5, 3)]
)
async def test_no_attempt_begins_after_the_deadline(api, connect, clock, deadline, count):
    api.answers(503)
    async with connect(
        retry_policy=RetryPolicy(**STEADY, max_attempts=9), deadline=deadline
    ) as client:
        with pytest.raises(PowensServiceUnavailableError):
            await client.users.me()
    assert api.count == count
    assert deadline is None or clock.time < 1000 + deadline


async def test_a_hint_beyond_the_deadline_is_told_at_once(api, connect, clock):
    api.answers(after(30))
    async with connect(retry_policy=RetryPolicy(**STEADY), deadline=20) as client:
        with pytest.raises(PowensServiceUnavailableError) as caught:
            await client.users.me()
    assert caught.value.retry_after == 30
    assert (api.count, clock.waits) == (1, [])


async def test_a_timeout_at_the_deadline_is_told_as_it_is(api, connect, clock):
    def hang(request):
        clock.time += request.extensions["timeout"]["read"]
        return httpx.ReadTimeout("x")

    api.answers(hang)
    async with connect(retry_policy=RetryPolicy(**AT_ONCE, max_attempts=9), deadline=5) as client:
        with pytest.raises(PowensTimeoutError, match=r"the deadline has passed \(ReadTimeout\)"):
            await client.users.me()
    assert api.count == 1
