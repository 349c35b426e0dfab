"""Only what Powens has signed is taken, and what is refused tells nobody anything."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import gzip
import pickle
import traceback
import zlib
from types import SimpleNamespace

import hypothesis
import hypothesis.strategies as st
import pytest

from powens import PowensWebhookError
from powens.webhooks import verify

BODY = b'{"id": 1, "signin": "2022-06-27 11:08:52", "id_webhook_data": 9}'
PATH = "/powens/user-created"
DATE = "2022-06-27T11:08:52.577831Z"
SENT_AT = 1656328132.577831
SECRET = "secret-c4n4ry"
BOMB = gzip.compress(bytes(64 << 20))


@pytest.fixture
def call(sign):
    """Verifies a webhook that is in order but for what is said."""

    def call(secret=SECRET, *, signed=None, **changes):
        given = {"path": PATH, "date": DATE, "body": BODY} | changes
        made_of = {name: given[name] for name in ("path", "date", "body")} | (signed or {})
        given.setdefault("signature", sign(**made_of))
        return verify(secret, **given)

    return call


@pytest.mark.parametrize(
    ("path", "date", "body", "signature"),
    [
        (
            "/user-created",
            "2023-01-01T00:00:00Z",
            b"test-body",
            "mUs6KmQU26Ng7eu5vqm64PHWRy5WN+e6p05QwwVODLo=",
        ),
        (
            "/v1/webhook-listener",
            "2022-06-27T11:08:52.577831Z",
            b'{"id": 1, "state": "done"}',
            "D3cVwa3Q2OpUSjfVdrWjBgySupIPrwMZKTNPVmQXq9M=",
        ),
    ],
)
def test_the_vectors_of_the_recipe_hold(path, date, body, signature):
    verify("secret-key", path=path, date=date, signature=signature, body=body)
    for bit in range(8 * len(body)):
        flipped = bytearray(body)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(PowensWebhookError):
            verify("secret-key", path=path, date=date, signature=signature, body=bytes(flipped))


def test_every_bit_of_the_signature_counts(call, sign):
    digest = base64.b64decode(sign(BODY))
    for bit in range(8 * len(digest)):
        flipped = bytearray(digest)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(PowensWebhookError, match="the signature does not hold"):
            call(signature=base64.b64encode(flipped).decode())


MISSING, REPEATED, MALFORMED = "is missing$", "is there more than once$", "is malformed$"
REFUSALS = [
    ({"signed": {"path": "/powens/user-deleted"}}, "the signature does not hold"),
    ({"signed": {"path": "https://example.org/powens/user-created"}}, "does not hold"),
    ({"signed": {"date": "2022-06-27T11:08:52.577832Z"}}, "the signature does not hold"),
    ({"signed": {"secret": "another"}}, "the signature does not hold"),
    ({"signed": {"method": "PUT"}}, "the signature does not hold"),
    ({"method": "GET"}, "the signature does not hold"),
    ({"signed": {"body": BODY + b"\n"}}, "the signature does not hold"),
    ({"body": b""}, "^the body is empty$"),
    ({"max_size": len(BODY) - 1}, f"more than {len(BODY) - 1} bytes"),
    *(
        ({name: value}, f"^the header {header} {match}")
        for name, header in (("date", "BI-Signature-Date"), ("signature", "BI-Signature"))
        for value, match in (
            (None, MISSING),
            ("", MISSING),
            ([], MISSING),
            ([""], MISSING),
            (["x", "x"], REPEATED),
            (["", "x"], REPEATED),
            ("x", MALFORMED),
        )
    ),
    *(
        ({"date": date}, f"^the header BI-Signature-Date {MALFORMED}")
        for date in (
            "2022-06-27",
            "2022-06-27T11:08:52",
            "2022-06-27T11:08:52.577831",
            "2022-06-27 11:08:52Z",
            "2022-13-27T11:08:52Z",
            "0000-06-27T11:08:52Z",
            "2022-06-27T11:08:61Z",
            "2022-06-27T11:08:52+99:00",
            "2022-06-27T11:08:52Z ",
            "2022-06-27T11:08:52Z\n",
            "2022-06-27T11:08:52Z,2022-06-27T11:08:52Z",
            "Mon, 27 Jun 2022 11:08:52 GMT",
            "1656328132",
            "٢٠٢٢-06-27T11:08:52Z",
        )
    ),
    *(
        ({"signature": text}, f"^the header BI-Signature {MALFORMED}")
        for text in ("AAAA\n", " AAAA", "AAAA,AAAA", "AAA", "AA-_", "é", "=")
    ),
    ({"signature": "AAAA"}, "the signature does not hold"),
]


@pytest.mark.parametrize(("changes", "match"), REFUSALS)
def test_what_is_not_in_order_is_refused(call, changes, match):
    call()
    with pytest.raises(PowensWebhookError, match=match) as caught:
        call(**changes)
    error = caught.value
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))
    for secret in (SECRET, BODY.decode(), "2022-06-27 11:08:52"):
        assert secret not in shown
    assert copy.copy(error) == pickle.loads(pickle.dumps(error)) == error


def test_the_expected_signature_is_not_told(call, sign):
    with pytest.raises(PowensWebhookError) as caught:
        call(signature=base64.b64encode(bytes(32)).decode())
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert sign(BODY) not in str(caught.value)
    digest = base64.b64decode(sign(BODY))
    assert digest.hex() not in repr(caught.value)


def test_nothing_can_be_moved_between_the_date_and_the_body(sign):
    signature = sign(BODY)
    for cut in range(1, len(DATE)):
        if DATE[cut] == ".":
            with pytest.raises(PowensWebhookError):
                verify(
                    SECRET,
                    path=PATH,
                    date=DATE[:cut],
                    signature=signature,
                    body=f"{DATE[cut + 1 :]}.".encode() + BODY,
                )


@pytest.mark.parametrize(
    "date",
    [
        "2022-06-27T11:08:52Z",
        "2022-06-27T11:08:52.5Z",
        "2022-06-27T11:08:52.577831123Z",
        "2022-06-27T11:08:52.577831+00:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
    ],
)
def test_dates_as_they_come(call, date):
    call(date=date)
    call(date=[date], signed={"date": date})
    with pytest.raises(PowensWebhookError, match="the date is more than 3600 seconds away"):
        call(date=date, max_age=3600)


# --- Age -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [-300, -299.9, 0, 299.9, 300])
def test_within_its_age_a_webhook_is_taken(call, monkeypatch, shift):
    monkeypatch.setattr(
        "powens.webhooks._signature.time", SimpleNamespace(time=lambda: SENT_AT + shift)
    )
    call(max_age=300.1)
    call(max_age=300.1, date="2022-06-27T13:08:52.577831+02:00")


@pytest.mark.parametrize("shift", [-3600, -300.2, 300.2, 3600])
def test_beyond_its_age_a_webhook_is_refused(call, monkeypatch, shift):
    monkeypatch.setattr(
        "powens.webhooks._signature.time", SimpleNamespace(time=lambda: SENT_AT + shift)
    )
    with pytest.raises(PowensWebhookError, match="seconds away"):
        call(max_age=300.1)
    call()


def test_the_age_is_that_of_the_real_clock(call):
    now = dt.datetime.now(dt.UTC)
    call(date=now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), max_age=600)
    past = (now - dt.timedelta(seconds=660)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    with pytest.raises(PowensWebhookError, match="seconds away"):
        call(date=past, max_age=600)


# --- Secrets -------------------------------------------------------------------------------------


@pytest.mark.parametrize("secrets", [["old", SECRET], (SECRET, "new"), [SECRET]])
def test_any_of_several_secrets_will_do(call, secrets):
    call(secrets)
    with pytest.raises(PowensWebhookError, match="does not hold"):
        call(secrets, signed={"secret": "third"})


def test_every_secret_is_compared_whichever_fits(call, monkeypatch):
    compared = []

    def compare(one, other):
        compared.append((one, other))
        return one == other

    monkeypatch.setattr("hmac.compare_digest", compare)
    call([SECRET, "second", "third"])
    assert len(compared) == 3


@pytest.mark.parametrize("secret", ["", [], (), [""], [SECRET, ""]])
def test_no_secret_is_an_error_of_the_program(call, secret):
    with pytest.raises(ValueError, match=r"^secret must not be empty"):
        call(secret)


@pytest.mark.parametrize("secret", [None, 5, b"secret", [b"secret"], [SECRET, None]])
def test_a_secret_is_text(call, secret):
    with pytest.raises(TypeError, match=r"^secret must be a str"):
        call(secret)


def test_a_secret_that_is_no_unicode_is_not_shown(call):
    with pytest.raises(ValueError, match=r"^secret must be valid Unicode$") as caught:
        call(f"{SECRET}\ud800")
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("changes", "error", "match"),
    [
        ({"path": "powens"}, ValueError, "^path must begin with a slash"),
        ({"path": "https://example.org/powens"}, ValueError, "^path must begin with a slash"),
        ({"path": b"/powens"}, TypeError, "^path must be a str"),
        ({"body": BODY.decode()}, TypeError, "^body must be a bytes"),
        ({"method": None}, TypeError, "^method must be a str"),
        ({"date": b"x"}, TypeError, "^the header BI-Signature-Date must be a str"),
        ({"signature": [b"x"]}, TypeError, "^the header BI-Signature must be a str"),
        ({"max_age": "5"}, TypeError, "^max_age must be a number"),
        ({"max_age": 0}, ValueError, "^max_age must be more than 0"),
        ({"max_size": 0}, ValueError, "^max_size must be at least 1"),
    ],
)
def test_a_wrong_argument_is_an_error_of_the_program(call, changes, error, match):
    with pytest.raises(error, match=match):
        call(**{"signature": "AAAA", "signed": {"body": BODY}} | changes)


# --- gzip ----------------------------------------------------------------------------------------


def test_a_packed_body_may_be_signed_in_either_form(call):
    packed = gzip.compress(BODY)
    call(body=packed, signed={"body": packed})
    call(body=packed, signed={"body": BODY})
    with pytest.raises(PowensWebhookError, match="does not hold"):
        call(body=packed, signed={"body": b"[]"})


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        b"\x1f\x8b",
        gzip.compress(BODY)[:-1],
        gzip.compress(BODY) + b"x",
        gzip.compress(BODY) * 2,
    ],
    ids=["bomb", "head", "cut", "tail", "twice"],
)
def test_what_cannot_be_unpacked_is_refused(call, body):
    with pytest.raises(PowensWebhookError, match=r"^the body cannot be unpacked, or not to"):
        call(body=body, signed={"body": BODY})


def test_a_body_may_unpack_to_its_limit(call):
    packed = gzip.compress(BODY * 10)
    call(body=packed, signed={"body": BODY * 10}, max_size=len(BODY * 10))
    with pytest.raises(PowensWebhookError, match="cannot be unpacked"):
        call(body=packed, signed={"body": BODY * 10}, max_size=len(BODY * 10) - 1)


# --- Whatever comes ------------------------------------------------------------------------------

anything = st.one_of(
    st.none(), st.text(), st.lists(st.text(), max_size=3), st.sampled_from([DATE, "AAAA"])
)
digests = st.binary(min_size=32, max_size=32)


@hypothesis.given(
    date=anything,
    signature=anything
    | st.binary(min_size=32, max_size=32).map(base64.b64encode).map(bytes.decode),
    body=st.binary() | st.binary().map(gzip.compress) | st.binary().map(zlib.compress),
    path=st.text().map("/{}".format),
    method=st.text(),
    max_age=st.none() | st.floats(1e-6, 1e12),
)
def test_whatever_comes_is_refused(date, signature, body, path, method, max_age):
    with pytest.raises(PowensWebhookError):
        verify(
            SECRET,
            path=path,
            date=date,
            signature=signature,
            body=body,
            method=method,
            max_age=max_age,
        )


@hypothesis.given(
    body=st.binary(min_size=1),
    path=st.text(st.characters(codec="utf-8")).map("/{}".format),
    date=st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
    secret=st.text(st.characters(codec="utf-8"), min_size=1),
)
def test_whatever_is_signed_is_taken(sign, body, path, date, secret):
    signature = sign(body, path=path, date=date, secret=secret)
    verify(secret, path=path, date=date, signature=signature, body=body)
