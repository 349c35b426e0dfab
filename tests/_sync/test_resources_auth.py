# Generated from tests/_async/test_resources_auth.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Tokens and codes: whose credentials are sent, and what keeps secret."""

from __future__ import annotations

import httpx
import pytest

from powens import PowensClient

from .calls import bound, perform

NEEDED = {
    "auth.exchange_code": {"code": "c0de"},
    "auth.renew_token": {"id_user": 7},
    "auth.generate_service_token": {"scope": "payments"},
}
ANSWERS = {
    "auth.init_user": {"auth_token": "t0ken"},
    "auth.exchange_code": {"access_token": "t0ken"},
    "auth.renew_token": {"access_token": "t0ken"},
    "auth.generate_service_token": {"token": "t0ken"},
}


@pytest.fixture
def client_with(wire):
    """Function that makes a client with other credentials, or none."""

    def make(**settings):
        transport = httpx.MockTransport(wire)
        return PowensClient(domain="example", transport=transport, **settings)

    return make


def test_init_user_without_credentials_asks_for_a_temporary_user(client_with, wire):
    wire.answers({"auth_token": "t0ken", "type": "temporary", "id_user": 7, "expires_in": 1800})
    with client_with() as client:
        token = client.auth.init_user()
    assert wire.body == {}
    assert (token.type, token.expires_in) == ("temporary", 1800)


@pytest.mark.parametrize("method", NEEDED)
def test_credentials_can_be_given_to_the_call_alone(method, client_with, wire):
    wire.answers(ANSWERS[method])
    with client_with() as client:
        perform(client, method, **NEEDED[method], client_id=1, client_secret="s")
    assert {"client_id": "1", "client_secret": "s"}.items() <= wire.body.items()


@pytest.mark.parametrize("method", ANSWERS)
@pytest.mark.parametrize(
    ("of_client", "of_call", "missing"),
    [
        ({"client_id": 1}, {}, "client_secret"),
        ({"client_secret": "s3cret"}, {}, "client_id"),
        ({}, {"client_id": 1}, "client_secret"),
        ({}, {"client_secret": "s3cret"}, "client_id"),
        ({"client_id": 1, "client_secret": "s3cret"}, {"client_id": None}, "client_id"),
        ({"client_id": 1, "client_secret": "s3cret"}, {"client_secret": None}, "client_secret"),
    ],
)
def test_half_of_the_credentials_is_refused(method, of_client, of_call, missing, client_with, wire):
    with client_with(**of_client) as client:
        with pytest.raises(ValueError, match=rf"^{missing} is needed") as refusal:
            perform(client, method, **NEEDED.get(method, {}), **of_call)
    assert "s3cret" not in str(refusal.value)
    assert wire.requests == []


@pytest.mark.parametrize("method", NEEDED)
def test_credentials_are_needed(method, client_with, wire):
    with client_with() as client:
        with pytest.raises(ValueError, match="is needed: give it here or to the client"):
            perform(client, method, **NEEDED[method])
    assert wire.requests == []


@pytest.mark.parametrize("id_user", [None, True, "7", 7.0])
def test_renewing_the_token_of_nobody_would_create_a_user(id_user, client, wire):
    with pytest.raises(TypeError, match="without one the API creates a user"):
        client.auth.renew_token(id_user=id_user)
    assert wire.requests == []


@pytest.mark.parametrize(
    ("method", "parameter"),
    [
        ("auth.renew_token", "id_user"),
        ("auth.exchange_code", "code"),
        ("auth.generate_service_token", "scope"),
        ("users.delete", "user_id"),
    ],
)
def test_what_must_not_be_forgotten_has_no_default(method, parameter, client, wire):
    with pytest.raises(TypeError, match=f"missing 1 required keyword-only argument: '{parameter}'"):
        bound(client, method)()
    assert wire.requests == []


@pytest.mark.parametrize("method", ANSWERS)
def test_all_token_answers_share_one_name_for_the_token_and_hide_it(method, client, wire):
    wire.answers(ANSWERS[method])
    answer = perform(client, method, **NEEDED.get(method, {}))
    assert answer.token == "t0ken"
    assert "t0ken" not in repr(answer)


def test_a_code_is_hidden_in_its_repr(client, wire):
    wire.answers({"code": "c0de", "expires_in": 1800})
    code = client.auth.generate_code()
    assert code.code == "c0de"
    assert "c0de" not in repr(code)


def test_revoking_is_fine_with_an_answer_that_has_a_body(client, wire):
    wire.answers({"deleted": True}, status=200)
    assert client.auth.revoke_token() is None
