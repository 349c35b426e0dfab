# Generated from tests/_async/test_errors.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""What becomes of answers that are errors, or not what they should be."""

from __future__ import annotations

import copy
import json
import pickle

import httpx
import pytest

from powens import (
    Connection,
    PowensAuthError,
    PowensBadRequestError,
    PowensConflictError,
    PowensErrorCode,
    PowensHTTPError,
    PowensNotFoundError,
    PowensRateLimitError,
    PowensSerializationError,
    PowensServerError,
    PowensServiceUnavailableError,
    RetryPolicy,
)

URL = "https://example.biapi.pro/2.0/users"
USER = {"id": 1}
CLASSES = [
    (400, PowensBadRequestError),
    (401, PowensAuthError),
    (402, PowensHTTPError),
    (403, PowensAuthError),
    (404, PowensNotFoundError),
    (405, PowensHTTPError),
    (409, PowensConflictError),
    (422, PowensHTTPError),
    (429, PowensRateLimitError),
    (500, PowensServerError),
    (501, PowensServerError),
    (502, PowensServerError),
    (503, PowensServiceUnavailableError),
    (504, PowensServerError),
    (520, PowensServerError),
    (302, PowensHTTPError),
]


@pytest.fixture
def once(connect):
    """A client that tries once."""
    return connect(retry_policy=RetryPolicy(max_attempts=1))


def answer(status, body, **headers):
    """An answer with a JSON body, or with the bytes given."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda _: httpx.Response(status, content=content, headers=headers)


@pytest.mark.parametrize(("status", "kind"), CLASSES)
def test_a_status_has_its_class_and_tells_all_it_knows(api, once, status, kind):
    body = {
        "code": "wrongpass",
        "description": "technical s3cret",
        "message": "for the user s3cret",
        "request_id": "b7e9c1d0",
    }
    api.answers(answer(status, body, **{"X-Trace": "abc", "Retry-After": "3"}))
    with pytest.raises(PowensHTTPError) as caught:
        once.users.list(search="s3cret").first_page()
    error = caught.value
    assert type(error) is kind
    assert error.status_code == status
    assert error.error_code is PowensErrorCode.WRONGPASS
    assert error.error_description == "technical s3cret"
    assert error.error_message == "for the user s3cret"
    assert error.request_id == "b7e9c1d0"
    assert error.response_body == body
    assert (error.request_method, error.request_url) == ("GET", URL)
    assert error.headers["x-trace"] == "abc"
    assert error.retry_after == 3
    assert str(error).startswith(f"[request b7e9c1d0] {status} wrongpass on GET {URL}: ")
    for text in (str(error), repr(error), str(error.args)):
        assert "s3cret" not in text
        assert "t0ken" not in text


@pytest.mark.parametrize(
    ("body", "attributes"),
    [
        ({"code": "wrongPass"}, {"error_code": PowensErrorCode.WRONGPASS}),
        ({"code": "WRONGPASS"}, {"error_code": "wrongpass"}),
        ({"code": "SCARequired"}, {"error_code": "SCARequired"}),
        ({"code": 17}, {"error_code": "17"}),
        ({"code": None, "request_id": None}, {"error_code": None, "request_id": None}),
        ({"code": True, "message": ["x"]}, {"error_code": None, "error_message": None}),
        ({"code": ""}, {"error_code": ""}),
        ({"request_id": 123456789012}, {"request_id": "123456789012"}),
        ({"request_id": "a-b_c"}, {"request_id": "a-b_c"}),
        ({}, {"error_code": None, "response_body": {}}),
        ([], {"error_code": None, "response_body": []}),
        ([{"code": "x"}], {"error_code": None, "response_body": [{"code": "x"}]}),
        ("wrongpass", {"error_code": None, "response_body": "wrongpass"}),
        (None, {"error_code": None, "response_body": None}),
        (7, {"error_code": None, "response_body": 7}),
        (b"", {"error_code": None, "response_body": None}),
        (b"<html>Bad</html>", {"error_code": None, "response_body": "<html>Bad</html>"}),
        (b'{"code": "wrongpa', {"error_code": None, "response_body": '{"code": "wrongpa'}),
        (b"\xff\xfe", {"error_code": None, "response_body": "\ufffd\ufffd"}),
        (b"[" * 100_000, {"error_code": None}),
        (b'{"code": NaN}', {"error_code": None, "response_body": '{"code": NaN}'}),
    ],
)
@pytest.mark.parametrize("status", [400, 500])
def test_the_body_of_an_error_may_be_anything(api, once, status, body, attributes):
    api.answers(answer(status, body))
    with pytest.raises(PowensHTTPError) as caught:
        once.users.me()
    assert caught.value.status_code == status
    assert {name: getattr(caught.value, name) for name in attributes} == attributes
    assert str(caught.value).count("\n") == 0


def test_an_error_without_a_body_or_headers_has_text(api, once):
    api.answers(404)
    with pytest.raises(
        PowensNotFoundError, match=r"404 on GET https://example\.biapi\.pro/2\.0/users/7"
    ):
        once.users.get(user_id=7)


@pytest.mark.parametrize(
    "code", ["a sentence with IBAN FR76", "x" * 65, "two\nlines", "<b>", "t0ken=s3cret"]
)
def test_a_code_that_is_no_code_is_not_shown(api, once, code):
    api.answers(answer(400, {"code": code, "request_id": code}))
    with pytest.raises(PowensBadRequestError) as caught:
        once.users.me()
    assert caught.value.error_code == code
    assert code not in str(caught.value)


def test_the_query_is_not_shown_by_a_call_of_ones_own(api, once):
    api.answers(400)
    with pytest.raises(PowensBadRequestError) as caught:
        once.request("GET", "/webauth?token=s3cret", params={"code": "s3cret"})
    assert "s3cret" not in f"{caught.value}{caught.value!r}{caught.value.request_url}"


def test_what_was_sent_is_not_shown(api, once):
    api.answers(answer(400, {"code": "wrongpass", "message": "Wrong password s3cret"}))
    with pytest.raises(PowensBadRequestError) as caught:
        once.connections.create(connector_uuid="u", fields={"password": "s3cret"})
    assert "s3cret" not in f"{caught.value}{caught.value!r}"


def test_an_error_survives_pickle_and_copy(api, once):
    api.answers(answer(409, {"code": "conflict", "request_id": "r1"}))
    with pytest.raises(PowensConflictError) as caught:
        once.users.me()
    for twin in (pickle.loads(pickle.dumps(caught.value)), copy.deepcopy(caught.value)):
        assert type(twin) is PowensConflictError
        assert vars(twin) == vars(caught.value)
        assert str(twin) == str(caught.value)


def test_a_token_refused_once_leaves_later_calls_alone(api, once):
    api.answers(401, USER, 403, USER)
    for _ in range(2):
        with pytest.raises(PowensAuthError):
            once.users.me()
        assert (once.users.me()).id == 1
    assert once.access_token == "t0ken"
    assert api.bearers == ["t0ken"] * 4


# --- Answers that are no errors ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html><body>s3cret maintenance</body></html>", "not valid JSON"),
        (b'{"id": 1, "signin": "2024-02-2', "not valid JSON"),
        (b"", "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b'{"id": NaN}', "not valid JSON"),
        (b'{"id": 1} {"id": 2}', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"null", "User: the answer has no valid User at its top level"),
        (b'"s3cret"', "User: the answer has no valid User at its top level"),
        (b"[]", "User: the answer has no valid User at its top level"),
        (b"{}", "User: the answer lacks id"),
        (b'{"id": "s3cret"}', "User: the answer has no valid int at id"),
        (b'{"id": 1, "signin": "s3cret"}', "User: the answer has no valid datetime at signin"),
    ],
)
def test_an_answer_that_does_not_fit_says_where(api, once, content, message):
    api.answers(content)
    with pytest.raises(PowensSerializationError) as caught:
        once.users.me()
    assert message in str(caught.value)
    assert "s3cret" not in f"{caught.value}{caught.value!r}"
    assert caught.value.__cause__ is None
    assert api.count == 1


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"id": "s3cret"}, "int at users[1].id"),
        ({"id": 2, "signin": {"s3cret": 1}}, "datetime at users[1].signin"),
        ("s3cret", "User at users[1]"),
    ],
)
def test_a_row_that_does_not_fit_is_named(api, once, row, place):
    api.answers({"users": [USER, row]})
    with pytest.raises(PowensSerializationError) as caught:
        once.users.list_all()
    assert str(caught.value) == f"UsersList: the answer has no valid {place}"


def test_a_wrong_type_in_the_depth_is_named(api, once):
    sources = [{"id": 1}, {"id": 2, "last_update": "s3cret"}]
    api.answers({"connections": [{"id": 5, "sources": sources}]})
    with pytest.raises(PowensSerializationError) as caught:
        once.connections.list_all(expand="sources")
    assert str(caught.value).endswith("datetime at connections[0].sources[1].last_update")


@pytest.mark.parametrize("body", [b"", b"null", b"{}", b"<html></html>"])
@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_deletion_does_not_read_its_answer(api, once, status, body):
    api.answers(answer(status, body))
    assert once.users.delete(user_id=7) is None
    assert once.connections.delete(connection_id=5) is None
    assert once.auth.revoke_token() is None
    assert api.count == 3


@pytest.mark.parametrize("status", [200, 201, 202, 203, 206])
def test_any_success_will_do(api, once, status):
    api.answers(answer(status, USER))
    assert (once.users.me()).id == 1


@pytest.mark.parametrize("status", [200, 202])
@pytest.mark.parametrize(
    "body", [{"id": 5}, {"connection": {"id": 5}, "message": "wait"}, [{"id": 5}]]
)
def test_a_new_connection_comes_in_several_wrappings(api, once, status, body):
    api.answers(answer(status, body))
    created = once.connections.create(connector_uuid="u", fields={"login": "x"})
    assert created == Connection(id=5)


def test_an_empty_answer_where_there_should_be_one(api, once):
    api.answers(204)
    with pytest.raises(PowensSerializationError, match="not valid JSON"):
        once.users.me()
