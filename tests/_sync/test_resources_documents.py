# Generated from tests/_async/test_resources_documents.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Documents and the like: what is refused before it is sent, and where files end up."""

from __future__ import annotations

import errno
import gc
import http.server
import io
import os
import threading
import tracemalloc
from pathlib import Path

import httpx
import pytest

from powens import (
    Attachment,
    Document,
    PowensAuthError,
    PowensClient,
    PowensConnectionError,
    PowensErrorCode,
    PowensHTTPError,
    PowensNotFoundError,
    PowensSerializationError,
    PowensServerError,
    PowensServiceUnavailableError,
    PowensTimeoutError,
    RetryPolicy,
    Upload,
)

from .calls import perform

SITE = "https://example.biapi.pro/2.0"
FILE = Document(id=4, url=f"{SITE}/documents/4/file")
AT_ONCE = RetryPolicy(base_delay=0, jitter=0, max_delay=0)


class Log:
    """A breaker that allows everything and writes down what happens to it."""

    def __init__(self):
        self.events = []

    def allow_request(self):
        self.events.append("asked")
        return True

    def record_success(self):
        self.events.append("success")

    def record_failure(self):
        self.events.append("failure")


def pieces(*parts):
    for part in parts:
        if isinstance(part, BaseException):
            raise part
        yield part


def streams(*parts, **headers):
    """Answer with a body that comes in parts; an exception among them cuts it off."""
    return lambda _: httpx.Response(200, content=pieces(*parts), headers=headers)


@pytest.fixture
def collected():
    yield
    gc.collect()


def leaves_a_stream(test):
    """Have a stream, which httpx leaves to the garbage collector unless it is read, collected."""
    quiet = pytest.mark.filterwarnings("ignore::ResourceWarning")
    return quiet(pytest.mark.usefixtures("collected")(test))


CUT = httpx.RemoteProtocolError("peer closed connection without sending complete message body")


# --- Listings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["list", "list_all"])
@pytest.mark.parametrize(
    ("resource", "owners"),
    [
        ("investments", ("account", "connection")),
        ("market_orders", ("account", "connection")),
        ("loan_amortizations", ("account", "connection")),
        ("pockets", ("investment", "account")),
        ("pockets", ("investment", "connection")),
        ("pockets", ("account", "connection")),
        ("documents", ("subscription", "connection")),
        ("documents", ("subscription", "transaction")),
        ("documents", ("connection", "transaction")),
        ("credit_notes", ("connection", "invoice")),
    ],
)
def test_a_listing_is_of_one_owner(method, resource, owners, client, wire):
    both = {f"{owner}_id": 5 for owner in owners}
    with pytest.raises(ValueError, match=r"^give either ") as refusal:
        perform(client, f"{resource}.{method}", **both)
    assert all(name in str(refusal.value) for name in both)
    assert wire.requests == []


@pytest.mark.parametrize("method", ["list", "list_all"])
@pytest.mark.parametrize(
    ("resource", "most"),
    [("invoices", 100), ("credit_notes", 100), ("documents", 1000), ("investments", 1000)],
)
def test_a_page_has_no_more_rows_than_its_endpoint_allows(method, resource, most, client, wire):
    for limit in (0, -1, most + 1):
        with pytest.raises(ValueError, match=f"limit must be at least 1 and at most {most}"):
            perform(client, f"{resource}.{method}", limit=limit)
    for limit in (True, "5"):
        with pytest.raises(TypeError, match="limit must be an int"):
            perform(client, f"{resource}.{method}", limit=limit)
    assert wire.requests == []


@pytest.mark.parametrize("resource", ["invoices", "credit_notes", "documents", "investments"])
def test_a_listing_goes_on_until_the_rows_end(resource, api, connect):
    rows = [{"id": n} for n in range(5)]
    api.answers(*({resource: rows[at:end]} for at, end in ((0, 2), (1, 4), (3, 5), (4, 5))))
    with connect() as client:
        found = getattr(client, resource).list(limit=2).to_list()
    assert [row.id for row in found] == [0, 1, 2, 3, 4]
    assert [target.partition("?")[2] for target in api.targets] == [
        "limit=2",
        *("limit=3&offset=1", "limit=3&offset=3", "limit=3&offset=4"),
    ]


@pytest.mark.parametrize(
    ("method", "key"),
    [
        ("market_orders.list", "marketorders"),
        ("pockets.list", "pockets"),
        ("loan_amortizations.list", "loanamortizations"),
        ("account_ownerships.list", "account_ownerships"),
        ("subscriptions.list", "subscriptions"),
    ],
)
def test_a_listing_without_pages_is_one_call_whatever_total_says(method, key, api, connect):
    api.answers({key: [{"id": 1, "id_account": 9}], "total": 50})
    resource, _, _ = method.partition(".")
    with connect() as client:
        assert len(getattr(client, resource).list().to_list()) == 1
    assert api.count == 1


def test_types_of_documents_may_be_bare_names(client, wire):
    wire.answers({"documenttypes": ["bill", "new kind"]})
    assert [entry.name for entry in client.document_types.list_all()] == ["bill", "new kind"]


def test_a_product_that_was_not_bought_is_no_expired_token(client, wire):
    wire.answers({"code": "unauthorized"}, status=401)
    with pytest.raises(PowensAuthError) as refusal:
        client.loan_amortizations.list_all()
    assert refusal.value.error_code is PowensErrorCode.UNAUTHORIZED
    assert len(wire.requests) == 1


def test_an_upload_keeps_to_itself_and_is_not_repeated(api, connect):
    api.answers(503)
    file = Upload(name="rib.pdf", content=b"s3cret")
    with connect(retry_policy=AT_ONCE) as client:
        with pytest.raises(PowensHTTPError) as failure:
            client.documents.upload(file=file, date="2024-02-29", duedate="2024-02-29")
    assert api.count == 1
    assert "s3cret" not in f"{file!r}{failure.value!r}{failure.value}"


# --- Downloads to a path -------------------------------------------------------------------------


@pytest.mark.parametrize("spell", [str, Path])
@pytest.mark.parametrize("before", [None, b"something longer that was there before"])
def test_a_file_is_saved_whole_and_alone(spell, before, api, connect, tmp_path):
    path = tmp_path / "bill.pdf"
    if before is not None:
        path.write_bytes(before)
    api.answers(streams(b"%PDF", b"", b" \x00\r\n", b"end"))
    with connect() as client:
        assert client.documents.download(document=FILE, to=spell(path)) == 11
    assert path.read_bytes() == b"%PDF \x00\r\nend"
    assert list(tmp_path.iterdir()) == [path]


def test_an_empty_file_is_a_file(api, connect, tmp_path):
    api.answers(b"")
    with connect() as client:
        assert client.documents.download(document=FILE, to=tmp_path / "empty") == 0
    assert (tmp_path / "empty").read_bytes() == b""


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_a_file_is_for_its_owner_only(api, connect, tmp_path):
    api.answers(b"rib")
    with connect() as client:
        client.documents.download(document=FILE, to=tmp_path / "rib.pdf")
    assert (tmp_path / "rib.pdf").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["x" * 255, "é" * 120, ".hidden", "a b\n.pdf"])
def test_any_name_that_the_system_takes_will_do(name, api, connect, tmp_path):
    api.answers(b"rib")
    with connect() as client:
        client.documents.download(document=FILE, to=tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_is_asked_for_as_it_is_with_the_token(api, connect, tmp_path):
    api.answers(b"rib")
    with connect() as client:
        client.documents.download(document=FILE, to=tmp_path / "rib.pdf")
    assert api.requests[0].headers["accept"] == "*/*"
    assert api.bearers == ["t0ken"]


@leaves_a_stream
@pytest.mark.parametrize("before", [None, b"old"])
@pytest.mark.parametrize(
    ("answer", "error", "attempts"),
    [
        (404, PowensNotFoundError, 1),
        (500, PowensServerError, 1),
        (503, PowensServiceUnavailableError, 3),
        (302, PowensHTTPError, 1),
        (httpx.ConnectError("x"), PowensConnectionError, 3),
        (streams(b"half", CUT), PowensConnectionError, 3),
        (streams(b"half", httpx.ReadTimeout("x")), PowensTimeoutError, 3),
        (streams(b"half", KeyError("mine")), KeyError, 1),
        (streams(b"half", KeyboardInterrupt()), KeyboardInterrupt, 1),
        (streams(b"no gzip", **{"content-encoding": "gzip"}), PowensSerializationError, 1),
    ],
    ids=["404", "500", "503", "302", "unreachable", "cut", "stuck", "bug", "ctrl-c", "gzip"],
)
def test_a_failure_leaves_what_was_there_and_nothing_else(
    answer, error, attempts, before, api, connect, tmp_path
):
    path = tmp_path / "bill.pdf"
    if before is not None:
        path.write_bytes(before)
    api.answers(answer)
    with connect(retry_policy=AT_ONCE) as client:
        with pytest.raises(error):
            client.documents.download(document=FILE, to=path)
    assert api.count == attempts
    found = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert found == ({} if before is None else {"bill.pdf": before})


def test_a_file_that_is_gone_says_so(api, connect, tmp_path):
    api.answers(lambda _: httpx.Response(404, json={"code": "notFound", "request_id": "r1"}))
    with connect() as client:
        with pytest.raises(PowensNotFoundError) as refusal:
            client.documents.download(document=FILE, to=tmp_path / "bill.pdf")
    assert refusal.value.error_code is PowensErrorCode.NOT_FOUND
    assert refusal.value.request_id == "r1"


def test_a_download_that_was_cut_begins_anew(api, connect, tmp_path):
    path = tmp_path / "bill.pdf"
    api.answers(streams(b"a much longer part", CUT), 503, streams(b"who", b"le"))
    with connect(retry_policy=AT_ONCE) as client:
        assert client.documents.download(document=FILE, to=path) == 5
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


@leaves_a_stream
def test_a_download_ends_with_its_deadline(api, connect, clock, tmp_path):
    def trickle():
        for _ in range(100):
            clock.time += 4
            yield b"drop"

    api.answers(lambda _: httpx.Response(200, content=trickle()))
    with connect(deadline=10) as client:
        with pytest.raises(PowensTimeoutError, match="the deadline has passed"):
            client.documents.download(document=FILE, to=tmp_path / "bill.pdf")
    assert clock.time == 1012
    assert api.count == 1
    assert list(tmp_path.iterdir()) == []


def test_a_large_file_is_never_in_memory_as_a_whole(api, connect, tmp_path):
    piece, count = b"x" * 2**17, 400
    api.answers(streams(*[piece] * count))
    path = tmp_path / "large.pdf"
    with connect() as client:
        tracemalloc.start()
        try:
            size = client.documents.download(document=FILE, to=path)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert size == path.stat().st_size == len(piece) * count > 50_000_000
    assert peak < 8_000_000


# --- Downloads to a file object ------------------------------------------------------------------


class Narrow(io.RawIOBase):
    """A raw file that takes three bytes at a time, and as many as it has room for."""

    def __init__(self, room=1000):
        self.held = b""
        self.room = room

    def writable(self):
        return True

    def write(self, data):
        taken = bytes(data[: min(3, self.room)])
        self.room -= len(taken)
        self.held += taken
        return len(taken) or None


def test_a_file_object_gets_what_comes_after_what_it_has(api, connect):
    file = io.BytesIO(b"mine: ")
    file.seek(0, io.SEEK_END)
    api.answers(streams(b"%PDF", b" \x00\r\n"))
    with connect() as client:
        assert client.documents.download(document=FILE, to=file) == 8
    assert file.getvalue() == b"mine: %PDF \x00\r\n"


def test_a_raw_file_may_take_a_piece_in_parts(api, connect, tmp_path):
    file = Narrow()
    api.answers(streams(b"0123456789", b"", b"ab"))
    with connect() as client:
        assert client.documents.download(document=FILE, to=file) == 12
        with (tmp_path / "raw").open("wb", buffering=0) as raw:
            assert client.documents.download(document=FILE, to=raw) == 12
    assert file.held == (tmp_path / "raw").read_bytes() == b"0123456789ab"


@leaves_a_stream
def test_a_raw_file_that_takes_no_more_ends_the_download(api, connect):
    file, breaker = Narrow(room=5), Log()
    api.answers(streams(b"0123456789"))
    with connect(circuit_breaker=breaker, retry_policy=AT_ONCE) as client:
        with pytest.raises(BlockingIOError):
            client.documents.download(document=FILE, to=file)
    assert file.held == b"01234"
    assert breaker.events == ["asked", "success"]


def test_what_was_written_to_a_file_object_is_not_written_twice(api, connect):
    file = io.BytesIO()
    api.answers(streams(b"half", CUT), streams(b"whole"))
    with connect(retry_policy=AT_ONCE) as client:
        with pytest.raises(PowensConnectionError):
            client.documents.download(document=FILE, to=file)
    assert api.count == 1
    assert file.getvalue() == b"half"
    assert not file.closed


@pytest.mark.parametrize("first", [503, httpx.ConnectError("x"), streams(CUT)])
def test_what_was_not_begun_is_tried_again(first, api, connect):
    file = io.BytesIO()
    api.answers(first, streams(b"whole"))
    with connect(retry_policy=AT_ONCE) as client:
        assert client.documents.download(document=FILE, to=file) == 5
    assert api.count == 2
    assert file.getvalue() == b"whole"


def test_the_text_of_an_error_does_not_get_into_the_file(api, connect):
    file = io.BytesIO()
    api.answers(lambda _: httpx.Response(404, json={"code": "notFound"}))
    with connect() as client:
        with pytest.raises(PowensNotFoundError):
            client.documents.download(document=FILE, to=file)
    assert file.getvalue() == b""


# --- Downloads that cannot be --------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/2.0/documents/4/file",
        "//evil.example/2.0/documents/4/file",
        "http://example.biapi.pro/2.0/documents/4/file",
        "https://example.biapi.pro:8443/2.0/documents/4/file",
        "https://me@example.biapi.pro/2.0/documents/4/file",
        "https://example.biapi.pro/1.0/documents/4/file",
        "https://example.biapi.pro/2.0/../1.0/file",
        "https://example.biapi.pro/2.0/%2e%2e/file",
        "https://example.biapi.pro\\@evil.example/2.0/file",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("held_in", [str, "document", "attachment"])
def test_the_token_does_not_go_to_another_host(url, held_in, api, connect, tmp_path):
    holders = {"document": Document, "attachment": Attachment}
    document = holders[held_in](id=4, url=url) if held_in in holders else url
    with connect() as client:
        with pytest.raises(ValueError, match=r"^it (leads|climbs) "):
            client.documents.download(document=document, to=tmp_path / "bill.pdf")
    assert api.count == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "document", [Document(id=4), Document(id=4, url=""), Attachment(id=4), ""], ids=repr
)
def test_a_document_may_have_no_file(document, api, connect, tmp_path):
    with connect() as client:
        with pytest.raises(ValueError, match="this document has no file"):
            client.documents.download(document=document, to=tmp_path / "bill.pdf")
    assert api.count == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", [None, 3, b"bill.pdf", object()], ids=repr)
def test_a_target_is_a_path_or_a_file_object(target, api, connect):
    with connect() as client:
        with pytest.raises(TypeError, match="to must be a path or a binary file object"):
            client.documents.download(document=FILE, to=target)
    assert api.count == 0


@pytest.mark.parametrize("folder", ["missing", "file"])
def test_a_folder_that_takes_no_file_is_told_before_anything_is_sent(
    folder, api, connect, tmp_path
):
    (tmp_path / "file").write_bytes(b"mine")
    breaker = Log()
    with connect(circuit_breaker=breaker) as client:
        with pytest.raises(OSError):
            client.documents.download(document=FILE, to=tmp_path / folder / "bill.pdf")
    assert api.count == 0
    assert breaker.events == []
    assert (tmp_path / "file").read_bytes() == b"mine"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_file_is_not_replaced_by_one(make, api, connect, tmp_path):
    make(tmp_path / "bill.pdf")
    before = (tmp_path / "bill.pdf").stat()
    breaker = Log()
    with connect(circuit_breaker=breaker) as client:
        with pytest.raises(FileExistsError, match="no file that could be replaced"):
            client.documents.download(document=FILE, to=tmp_path / "bill.pdf")
    assert breaker.events == []
    assert api.count == 0
    assert (tmp_path / "bill.pdf").stat() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_a_link_stays_one_and_what_it_leads_to_is_replaced(api, connect, tmp_path):
    (tmp_path / "old.pdf").write_bytes(b"old")
    (tmp_path / "bill.pdf").symlink_to(tmp_path / "old.pdf")
    api.answers(b"%PDF")
    with connect() as client:
        client.documents.download(document=FILE, to=tmp_path / "bill.pdf")
    assert (tmp_path / "bill.pdf").is_symlink()
    assert (tmp_path / "old.pdf").read_bytes() == b"%PDF"


@leaves_a_stream
def test_a_full_disk_is_no_fault_of_the_api(api, connect):
    class Full(io.RawIOBase):
        def write(self, data):
            raise OSError(errno.ENOSPC, "no room")

    breaker = Log()
    api.answers(streams(b"%PDF"))
    with connect(circuit_breaker=breaker, retry_policy=AT_ONCE) as client:
        with pytest.raises(OSError, match="no room"):
            client.documents.download(document=FILE, to=Full())
    assert breaker.events == ["asked", "success"]


@pytest.mark.parametrize(
    ("answers", "events"),
    [
        ([b"%PDF"], ["asked", "success"]),
        ([404], ["asked", "success"]),
        ([streams(b"half", CUT), b"%PDF"], ["asked", "failure", "asked", "success"]),
        ([503, b"%PDF"], ["asked", "failure", "asked", "success"]),
    ],
    ids=["whole", "404", "cut", "503"],
)
def test_the_breaker_is_told_of_every_attempt(answers, events, api, connect, tmp_path):
    api.answers(*answers)
    breaker = Log()
    with connect(circuit_breaker=breaker, retry_policy=AT_ONCE) as client:
        try:
            client.documents.download(document=FILE, to=tmp_path / "bill.pdf")
        except PowensNotFoundError:
            assert answers == [404]
    assert breaker.events == events


# --- Over a network ------------------------------------------------------------------------------


class Forgetful(http.server.BaseHTTPRequestHandler):
    """Announces ten bytes, and sends four of them the first time."""

    def do_GET(self):
        self.server.asked += 1
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"0123456789"[: 4 if self.server.asked == 1 else 10])

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forgetful) as server:
        server.asked = 0
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def reach(server):
    return lambda: PowensClient(
        base_url=f"http://127.0.0.1:{server.server_port}/2.0",
        access_token="t0ken",
        retry_policy=AT_ONCE,
    )


def test_a_body_that_is_shorter_than_announced_is_fetched_again(server, reach, tmp_path):
    with reach() as client:
        size = client.documents.download(document="documents/4/file", to=tmp_path / "a")
    assert size == 10
    assert (tmp_path / "a").read_bytes() == b"0123456789"
    assert server.asked == 2


def test_a_body_that_is_shorter_than_announced_is_half_of_a_file(server, reach):
    file = io.BytesIO()
    with reach() as client:
        with pytest.raises(PowensConnectionError):
            client.documents.download(document="documents/4/file", to=file)
    assert file.getvalue() == b"0123"
    assert server.asked == 1
