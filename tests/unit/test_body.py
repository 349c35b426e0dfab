"""The body of an answer, however it was packed and cut on its way."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from powens._body import Body, BodyError

PACKED = ["gzip", "x-gzip", "GZIP", " Gzip\t", "X-GZIP"]
PLAIN = ["", "identity", "Identity", " IDENTITY "]
MIB = 1 << 20
TOO_MUCH = "more than {} bytes: see max_response_size"
NOT_PACKED = "cannot be unpacked"


def take(encoding: str, limit: int | None, pieces: Iterable[bytes]) -> bytes:
    """Take a whole body."""
    body = Body(encoding, limit)
    taken = [part for piece in pieces for part in body.feed(piece)]
    body.finish()
    return b"".join(taken)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Cut bytes at places, of which some may be one."""
    ends = sorted(place % (len(data) + 1) for place in places)
    return [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]


@given(st.binary(max_size=5_000), st.lists(st.integers(0, 10_000), max_size=12), st.integers(0, 9))
@example(b"", [], 0)
@example(b"x" * 3 * MIB, [7, 7, 11], 9)
def test_whatever_is_packed_and_cut_comes_back_whole(
    data: bytes, places: list[int], level: int
) -> None:
    packed = gzip.compress(data, compresslevel=level)
    limit = max(len(data), len(packed))
    assert take("gzip", limit, cut(packed, places)) == data
    assert take("", len(data), cut(data, places)) == data


@given(st.binary(min_size=1, max_size=500), st.data())
def test_what_is_packed_and_not_whole_is_refused(data: bytes, draw: st.DataObject) -> None:
    packed = gzip.compress(data)
    missing = draw.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(BodyError, match=NOT_PACKED):
        take("gzip", None, cut(packed[:-missing], draw.draw(st.lists(st.integers(0, 600)))))


@given(st.binary(max_size=500), st.binary(min_size=1, max_size=50), st.lists(st.integers(0, 600)))
@example(b"", gzip.compress(b""), [])
def test_what_is_behind_the_end_is_refused(data: bytes, rest: bytes, places: list[int]) -> None:
    with pytest.raises(BodyError, match=NOT_PACKED):
        take("gzip", None, cut(gzip.compress(data) + rest, places))


@given(st.sampled_from(PACKED), st.binary(min_size=1), st.lists(st.integers(0, 600)))
@example("gzip", gzip.compress(b"abc"), [5])
@example("gzip", gzip.compress(b"abc")[:-1], [5])
def test_any_bytes_are_unpacked_or_refused(encoding: str, data: bytes, places: list[int]) -> None:
    try:
        expected = gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        with pytest.raises(BodyError):
            take(encoding, None, cut(data, places))
    else:
        assert take(encoding, None, cut(data, places)) == expected


@pytest.mark.parametrize("encoding", PACKED)
def test_an_encoding_has_any_case_and_two_names(encoding: str) -> None:
    assert take(encoding, None, [gzip.compress(b"abc")]) == b"abc"


@pytest.mark.parametrize("encoding", PLAIN)
def test_what_is_not_packed_is_taken_as_it_is(encoding: str) -> None:
    assert take(encoding, None, [b"ab", b"", b"c"]) == b"abc"


@pytest.mark.parametrize("encoding", [*PACKED, *PLAIN])
@pytest.mark.parametrize("pieces", [[], [b""], [b"", b""]], ids=["none", "one", "two"])
def test_nothing_is_a_body(encoding: str, pieces: list[bytes]) -> None:
    # As in an answer to HEAD, or a 204 whose header was set for all answers alike.
    assert take(encoding, 1, pieces) == b""


@pytest.mark.parametrize(
    "encoding",
    ["br", "deflate", "zstd", "gzip, gzip", "gzip;q=1", "gz", "identity, gzip", "*", "\xff"],
)
def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(BodyError, match="not asked for") as caught:
        Body(encoding, None)
    assert str(caught.value) == "the answer has an encoding that was not asked for"


@pytest.mark.parametrize("data", [zlib.compress(b"abc"), b"abc"], ids=["zlib", "plain"])
def test_what_is_not_packed_as_it_says_is_refused(data: bytes) -> None:
    with pytest.raises(BodyError, match=NOT_PACKED):
        take("gzip", None, [data])


def test_what_was_packed_twice_is_unpacked_once() -> None:
    packed = gzip.compress(b"abc")
    assert take("gzip", None, [gzip.compress(packed)]) == packed


def test_a_wrong_sum_is_refused() -> None:
    packed = bytearray(gzip.compress(b"abc"))
    packed[-5] ^= 1
    with pytest.raises(BodyError, match=NOT_PACKED):
        take("gzip", None, [bytes(packed)])


@pytest.mark.parametrize("size", [1, 2, 1_000, 70_000])
@pytest.mark.parametrize("cuts", [[], [0], [1], [1, 500]])
def test_a_plain_body_may_have_all_of_the_limit(size: int, cuts: list[int]) -> None:
    assert take("", size, cut(b"x" * size, cuts)) == b"x" * size
    with pytest.raises(BodyError, match=TOO_MUCH.format(size)):
        take("", size, cut(b"x" * (size + 1), cuts))


@pytest.mark.parametrize("size", [1_000, MIB - 1, MIB, MIB + 1, 3 * MIB])
def test_a_packed_body_may_have_all_of_the_limit(size: int) -> None:
    assert len(take("gzip", size, [gzip.compress(bytes(size))])) == size
    with pytest.raises(BodyError, match=TOO_MUCH.format(size)):
        take("gzip", size, [gzip.compress(bytes(size + 1))])


def test_what_is_packed_counts_as_well_as_what_is_in_it() -> None:
    packed = gzip.compress(b"", mtime=0)
    assert take("gzip", len(packed), [packed]) == b""
    with pytest.raises(BodyError, match=TOO_MUCH.format(len(packed) - 1)):
        take("gzip", len(packed) - 1, [packed])


def test_nothing_is_given_of_a_piece_that_is_too_much() -> None:
    body = Body("", 3)
    assert list(body.feed(b"ab")) == [b"ab"]
    with pytest.raises(BodyError):
        next(body.feed(b"cd"))


def test_however_much_a_piece_holds_it_comes_in_bounded_parts() -> None:
    bomb = gzip.compress(bytes(20 * MIB))
    parts = Body("gzip", None).feed(bomb)
    sizes = [len(part) for part in parts]
    assert sum(sizes) == 20 * MIB
    assert max(sizes) <= MIB


def test_a_bomb_is_unpacked_up_to_the_limit() -> None:
    bomb = gzip.compress(bytes(20 * MIB))
    parts = Body("gzip", 5 * MIB).feed(bomb)
    taken = sum(len(next(parts)) for _ in range(5))
    assert taken == 5 * MIB
    with pytest.raises(BodyError):
        next(parts)


def test_without_a_limit_any_size_is_taken() -> None:
    assert take("", None, [bytes(MIB)] * 3) == bytes(3 * MIB)
