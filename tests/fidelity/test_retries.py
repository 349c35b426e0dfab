"""What may be sent again is settled for every call of the reference that is no plain one."""

from __future__ import annotations

import re

import pytest

from powens.retry import UNREPEATABLE, Repeat, repeat

from .reference import ENDPOINTS

# Calls that set what they say: twice is as good as once.
SETTERS = {
    "PATCH /connectors",
    "POST /clients/{}/logo",
    "POST /config",
    "POST /documents/{}",
    "POST /payment-links/{}:revoke",
    "POST /payments/{}/terms",
    "POST /users/{}/accounts/{}",
    "POST /users/{}/config",
    "POST /users/{}/connections/{}/accounts/{}",
    "POST /users/{}/connections/{}/sources/{}",
    "POST /users/{}/documents/{}",
    "POST /users/{}/subscriptions/{}",
    "POST /users/{}/transactions/{}",
    "POST /webhooks/auth/{}",
    "POST /webhooks/{}",
}
PAYMENT_LINKS = "https://payment-links.powens.com/api"
ADDRESSES = sorted(
    {
        re.sub(r"\{[^}]*\}", "{}", address.replace(PAYMENT_LINKS, ""))
        for endpoint in ENDPOINTS.values()
        if endpoint.tier != "obsolete"
        for address in endpoint.addresses
        if address.startswith(("POST ", "PATCH "))
    }
)
PLAIN = sorted(
    {
        address
        for endpoint in ENDPOINTS.values()
        for address in endpoint.addresses
        if address.startswith(("GET ", "PUT ", "DELETE "))
    }
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_call_that_changes_something_is_settled(address):
    verb, _, path = address.partition(" ")
    below = path.replace("{}", "7")
    expected = Repeat.ON_REQUEST if address in SETTERS else Repeat.NEVER
    assert (address in UNREPEATABLE) is (expected is Repeat.NEVER)
    assert repeat(verb, below) is expected
    assert repeat(verb, f"https://example.biapi.pro/2.0{below}") is expected
    assert repeat(verb, f"{below}/") is expected


@pytest.mark.parametrize("address", PLAIN)
def test_what_is_plain_may_always_be_sent_again(address):
    verb, _, path = address.partition(" ")
    assert repeat(verb, re.sub(r"\{[^}]*\}", "7", path)) is Repeat.ALWAYS


def test_every_entry_is_a_call_of_the_reference():
    assert UNREPEATABLE.keys() | SETTERS == {*ADDRESSES}


@pytest.mark.parametrize("call", UNREPEATABLE)
def test_what_only_looks_like_it_is_not_meant(call):
    verb, _, path = call.replace("{}", "7").partition(" ")
    assert repeat(verb, f"{path}/7/more") is Repeat.ON_REQUEST
    assert repeat("GET", path) is Repeat.ALWAYS


def test_nothing_but_a_slash_may_end_a_path():
    assert repeat("POST", "/auth/init/") is Repeat.NEVER
    assert repeat("POST", "/auth/initX") is Repeat.ON_REQUEST
