"""Answers that are more or less HTTP, byte for byte over real sockets."""

from __future__ import annotations

import gzip

import pytest

from powens import PowensConnectionError, PowensHTTPError

from ..peer import head
from .cases import CANARY, Bytes, make_bytes
from .drivers import RETRYING, Server, provoke, run, victim_of

USER = ("users.get", {"user_id": 7})
LISTING = ("transactions.list", {})

BODY = b'{"id": 7, "c4n4ry!": "c4n4ry!"}'
WHOLE = {
    "length": head(content_length=len(BODY)) + BODY,
    "chunked": head(transfer_encoding="chunked") + b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY),
    "error": head(404, content_length=len(BODY), retry_after=1) + BODY,
    "packed": head(content_length=len(gzip.compress(BODY)), content_encoding="gzip")
    + gzip.compress(BODY),
}


def test_a_head_causes_no_error_but_ours(surface, serve, seeds):
    server = Server()

    def case(seed):
        answer = make_bytes(seed)
        limit = 0.1 if answer.then == "stay" else 5.0
        provoke(victim, server, answer, USER if seed % 2 else LISTING, timeout=limit)

    with victim_of(server, surface, serve(server.serve)) as victim:
        run(seeds(200, 9_000), lambda seed: repr(make_bytes(seed).data[:200]), case)


@pytest.mark.parametrize("then", ["close", "reset"])
@pytest.mark.parametrize("kind", WHOLE)
def test_an_answer_that_is_cut_anywhere_is_an_error(surface, serve, scale, kind, then):
    server = Server()
    whole = WHOLE[kind]
    with victim_of(server, surface, serve(server.serve)) as victim:
        for length in range(0, len(whole), scale(7, 1)):
            error = provoke(victim, server, Bytes(whole[:length], then), USER)
            assert isinstance(error, PowensConnectionError)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_redirect_is_followed(surface, serve, method, status):
    server = Server()
    elsewhere = serve(lambda visit: visit.answer({"id": 7}))
    places = [elsewhere.base_url, elsewhere.base_url.removeprefix("http:"), "/2.0/elsewhere"]
    peer = serve(server.serve)
    with victim_of(server, surface, peer) as victim:
        for place in places:
            moved = Bytes(head(status, location=f"{place}?{CANARY}", content_length=0), "stay")
            call = ("request", {"method": method, "path": "/users/7"})
            error = provoke(victim, server, moved, call, retry_policy=RETRYING)
            assert isinstance(error, PowensHTTPError)
            assert error.status_code == status
    assert [target for _, target, _ in peer.requests] == ["/users/7"] * 2 * len(places)
    assert elsewhere.connections == 0
