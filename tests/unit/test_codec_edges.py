"""Corners of the codec that nothing else goes to: settings, names in errors, time zones."""

from __future__ import annotations

import datetime as dt
import time
import traceback
from collections.abc import Iterator
from decimal import Decimal

import pytest

from powens._codec import decode, decode_texts, fast, format_datetime
from powens.exceptions import PowensSerializationError
from powens.models import BankAccountsList, User, UsersList

CANARY = "c4n4ry7391"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{}", {}),
        # What PHP makes of an empty object.
        (b"[]", {}),
        (b'{"a": "x", "b": "", "c": null}', {"a": "x", "b": "", "c": None}),
        (b'{"a": 0, "b": -7, "c": 1.50}', {"a": "0", "b": "-7", "c": "1.50"}),
        (b'{"a": true, "b": false, "c": "true"}', {"a": "1", "b": "0", "c": "true"}),
        (b'{"\\ud83c": "\\ud83c"}', {"\ufffd": "\ufffd"}),
    ],
)
def test_settings_are_texts(content: bytes, expected: dict[str, str | None]) -> None:
    assert decode_texts(content) == expected


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b'{"a": c4n4ry7391}', "settings: the answer is not valid JSON"),
        (b"", "settings: the answer is not valid JSON"),
        (b'["c4n4ry7391"]', "settings: the answer is no object of texts"),
        (b'"c4n4ry7391"', "settings: the answer is no object of texts"),
        (b"null", "settings: the answer is no object of texts"),
        (b'{"a": {"c4n4ry7391": 1}}', "settings: the answer is no object of texts"),
        (b'{"a": ["c4n4ry7391"]}', "settings: the answer is no object of texts"),
        (b'{"a": 1e400000000}', "settings: the answer is no object of texts"),
    ],
)
def test_what_is_no_object_of_texts_is_refused(content: bytes, text: str) -> None:
    with pytest.raises(PowensSerializationError) as caught:
        decode_texts(content)
    assert str(caught.value) == text
    assert CANARY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("model", [User, UsersList])
def test_what_is_no_json_is_named_by_the_model_it_was_to_be(model: type) -> None:
    with pytest.raises(PowensSerializationError) as caught:
        decode(b"<html>", model)
    assert str(caught.value) == f"{model.__name__}: the answer is not valid JSON"


@pytest.fixture(params=["JST-9", "XST+11"])
def local_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock is not set to UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of the machine cannot be set")
@pytest.mark.usefixtures("local_zone")
def test_a_datetime_is_sent_in_utc_wherever_the_machine_is() -> None:
    moment = dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC)
    assert moment.astimezone().utcoffset() in (dt.timedelta(hours=9), dt.timedelta(hours=-11))
    assert format_datetime(moment) == "2024-02-29 12:00:00"
    assert format_datetime(moment.replace(tzinfo=None)) == "2024-02-29 12:00:00"


def test_half_a_character_in_the_key_of_a_mapping_is_mended_too():
    content = b'{"accounts": [], "balances": {"\\ud83c": "1.50"}, "total": "0"}'
    assert decode(content, BankAccountsList).balances == {"\ufffd": Decimal("1.50")}


@pytest.mark.skipif(not fast.AVAILABLE, reason="needs msgspec")
def test_a_class_is_looked_at_where_threads_take_turns_before_anything_is_made_of_it():
    """What msgspec notes on a class while others read it crashes the process."""
    fast._decoder.cache_clear()
    assert fast.convert({"id": 1}, User).id == 1
    assert fast._decoder.cache_info().currsize == 1
    fast._decoder(User)
    assert fast._decoder.cache_info().currsize == 1
