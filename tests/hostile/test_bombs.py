"""Answers that are small to send and large to take, or that never end: memory stays within bounds.

What is over `max_response_size` costs no more than a few times that size. What is within it costs
what its values are as Python objects, of which the smallest take some thirty times their JSON.
"""

from __future__ import annotations

import itertools
import tracemalloc
import zlib

import pytest

from powens import PowensConnectionError, PowensError, PowensHTTPError, PowensSerializationError

from ..peer import head
from .cases import Bytes
from .drivers import Server, provoke, victim_of

MIB = 1 << 20
# What there is whatever the limit: buffers, parts of 1 MiB when unpacking, an error.
AROUND = 4 * MIB
# Times the limit.
REFUSED = 3
DECODED = 50

USER = ("users.get", {"user_id": 7})
LISTING = ("transactions.list", {})
BALANCES = ("accounts.list", {})
# One that is not spelled as announced, and takes the slow way.
ROW = b'{"id":7,"date":"0000-00-00"}'
SETTINGS = ("users.get_config", {})


def filled(size, unit, start=b"", end=b""):
    """A body of a size or a little less."""
    return start + unit * ((size - len(start) - len(end)) // len(unit)) + end


def packed(unit, size):
    """Something of a size, packed in passing."""
    packer = zlib.compressobj(9, wbits=31)
    piece = unit * (MIB // len(unit))
    parts = [packer.compress(piece) for _ in range(size // MIB)]
    return b"".join([*parts, packer.flush()])


def with_length(body, status=200, **headers):
    return head(status, content_length=len(body), **headers) + body


def members(size, value):
    """An object of many members."""
    pairs = [b'"%05x":%b' % (number, value) for number in range(size // (10 + len(value)))]
    return b"{%b}" % b",".join(pairs)


def endless(start, unit):
    return itertools.chain([start], itertools.repeat(unit))


def chunked(unit):
    return endless(head(transfer_encoding="chunked"), b"%x\r\n%b\r\n" % (len(unit), unit))


def gzipped(unit, limit, status=200):
    return with_length(packed(unit, 32 * limit), status, content_encoding="gzip")


HUGE, BROKEN = PowensSerializationError, PowensConnectionError

# What makes an answer that is more than a limit, and how that is refused.
REFUSED_ANSWERS = {
    "zeros": (lambda limit: gzipped(b"\0", limit), HUGE),
    "rows": (lambda limit: gzipped(b"[],", limit), HUGE),
    "zeros of an error": (lambda limit: gzipped(b"\0", limit, 500), HUGE),
    "packed twice": (lambda limit: gzipped(packed(b"\0", 32 * limit), limit), HUGE),
    "plain": (lambda limit: with_length(filled(4 * limit, b"[")), HUGE),
    "announced": (lambda _: head(content_length=10**15), BROKEN),
    "chunks": (lambda _: chunked(b" " * 10_000), HUGE),
    "small chunks": (lambda limit: chunked(b" " * (limit // 5_000)), HUGE),
    "no length": (lambda _: endless(head(), b"[" * 10_000), HUGE),
    "head": (lambda _: endless(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n" * 999), BROKEN),
    "line": (lambda _: endless(b"HTTP/1.1 200 OK", b"OK" * 999), BROKEN),
    "size of a chunk": (lambda _: endless(head(transfer_encoding="chunked"), b"0" * 999), BROKEN),
}


# Calls, and answers of a size, each of a kind that takes the most memory when it is decoded.
TAKEN_ANSWERS = {
    "nested lists": (USER, 200, lambda size: filled(size, b"[")),
    "nested objects": (USER, 200, lambda size: filled(size, b'{"a":')),
    "lists": (USER, 200, lambda size: filled(size, b"[],", b"[", b"0]")),
    "objects": (USER, 200, lambda size: filled(size, b"{},", b"[", b"0]")),
    "error": (USER, 400, lambda size: filled(size, b"{},", b"[", b"0]")),
    "no rows": (LISTING, 200, lambda size: filled(size, b"0,", b'{"transactions":[', b"0]}")),
    "empty rows": (LISTING, 200, lambda size: filled(size, b"{},", b'{"transactions":[', b"{}]}")),
    "bare rows": (
        LISTING,
        200,
        lambda size: filled(size, ROW + b",", b'{"transactions":[', ROW + b"]}"),
    ),
    "no sums": (
        BALANCES,
        200,
        lambda size: b'{"accounts":[],"balances":%b}' % members(size, b"[0]"),
    ),
    "settings": (SETTINGS, 200, lambda size: members(size, b"1")),
    "digits": (USER, 200, lambda size: filled(size, b"9", b'{"id":', b"}")),
    "digits as text": (USER, 200, lambda size: filled(size, b"9", b'{"id":"', b'"}')),
}


def peak_of(victim, server, answer, call):
    """The error that a call ends with, if any, and the bytes that it took meanwhile."""
    tracemalloc.start()
    try:
        error = provoke(victim, server, answer, call, deadline=60.0)
        return error, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", REFUSED_ANSWERS)
def test_more_than_the_limit_is_never_taken(surface, serve, scale, kind):
    limit = scale(MIB // 4, 16 * MIB)
    make, expected = REFUSED_ANSWERS[kind]
    data, server = make(limit), Server()
    with victim_of(server, surface, serve(server.serve), limit=limit) as victim:
        error, peak = peak_of(victim, server, Bytes(data), USER)
    assert isinstance(error, expected)
    assert peak < REFUSED * limit + AROUND


@pytest.mark.parametrize("kind", TAKEN_ANSWERS)
def test_what_is_taken_costs_no_more_than_its_values(surface, serve, scale, kind):
    limit = scale(MIB // 16, MIB)
    call, status, make = TAKEN_ANSWERS[kind]
    body = make(limit)
    assert limit // 2 < len(body) <= limit
    server = Server()
    with victim_of(server, surface, serve(server.serve), limit=limit) as victim:
        error, peak = peak_of(victim, server, Bytes(with_length(body, status)), call)
    assert error is None or isinstance(error, (PowensSerializationError, PowensHTTPError))
    assert peak < DECODED * limit + AROUND


def test_a_limit_of_a_byte_is_one(surface, serve):
    server = Server()
    with victim_of(server, surface, serve(server.serve), limit=9) as victim:
        for size in range(20):
            error = provoke(victim, server, Bytes(with_length(b"[" * size)), USER)
            assert isinstance(error, PowensError)
            assert ("max_response_size" in str(error)) == (size > 9)
