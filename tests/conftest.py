"""What the tests of both surfaces share."""

from __future__ import annotations

import contextlib
import email
import gc
import json
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import anyio
import anyio.to_thread
import httpx
import hypothesis
import pytest
import trustme

from powens._tls import make_context

from . import links, soaking
from .canaries import FAILURES, Canaries, Failure
from .peer import Peer, Visit

BASE_URL = "https://example.biapi.pro/2.0"

# How long an example takes says something about the machine, not about the code.
hypothesis.settings.register_profile(
    "untimed",
    parent=hypothesis.settings.default,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("untimed")


def pytest_collection_finish() -> None:
    """Spare the collector what stays: many tests collect, and there are tens of thousands."""
    gc.collect()
    gc.freeze()


class Wire:
    """Stands for the API: keeps what it is sent, and answers what it is told.

    It is a plain handler of `httpx.MockTransport`, so that it serves both surfaces.
    """

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._status = 200
        self._content = b"{}"

    def answers(self, body: object = None, *, status: int = 200, raw: bytes | None = None) -> None:
        """Set the answer to all requests from now on."""
        self._status = status
        self._content = json.dumps(body).encode() if raw is None else raw

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self._status, content=self._content)

    @property
    def request(self) -> httpx.Request:
        """The only request there was."""
        (request,) = self.requests
        return request

    @property
    def line(self) -> str:
        """The verb, path and query of the only request, byte for byte.

        The path is the one below the base URL; what went elsewhere has its whole address.
        """
        url = self.request.url
        address = f"{url.scheme}://{url.netloc.decode()}{url.raw_path.decode()}"
        return f"{self.request.method} {address.removeprefix(BASE_URL)}"

    @property
    def body(self) -> object:
        """The body of the only request: its JSON, or the parts of its form; None without one."""
        content, media_type = self.request.content, self.request.headers.get("content-type")
        if not content:
            assert media_type is None
            return None
        if media_type.startswith("multipart/"):
            return form_parts(media_type, content)
        assert media_type == "application/json"
        return json.loads(content)

    @property
    def bearer(self) -> str | None:
        """The token that came with the only request."""
        header = self.request.headers.get("authorization")
        return None if header is None else header.removeprefix("Bearer ")


def form_parts(media_type: str, content: bytes) -> dict[str, object]:
    """Take a form apart: texts by their names, files as (file name, media type, content)."""
    form = email.message_from_bytes(b"Content-Type: %s\r\n\r\n%s" % (media_type.encode(), content))
    assert form.get_content_type() == "multipart/form-data"
    parts = {}
    for part in form.get_payload():
        name = part.get_param("name", header="content-disposition")
        file = part.get_filename()
        assert part.get_content_disposition() == "form-data"
        assert name not in parts
        held = part.get_payload(decode=True)
        parts[name] = held.decode() if file is None else (file, part.get_content_type(), held)
    return parts


class Api:
    """Stands for an API that changes its mind: gives one answer after the other, the last for ever.

    An answer is JSON (a dict or a list), the bytes of a body, a status alone, an exception to
    raise, or a function of the request that gives one of these or a whole response.
    """

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._answers: list[object] = [{}]

    def answers(self, *answers: object) -> None:
        """Set the answers from now on."""
        self.requests.clear()
        self._answers = list(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        assert self.count < 200, "this never ends"
        answer = self._answers[min(len(self.requests), len(self._answers)) - 1]
        if isinstance(answer, Callable):
            answer = answer(request)
        match answer:
            case BaseException():
                raise answer
            case httpx.Response():
                return answer
            case bytes():
                return httpx.Response(200, content=answer)
            case int():
                return httpx.Response(answer)
            case _:
                return httpx.Response(200, json=answer)

    @property
    def count(self) -> int:
        """How many requests there were."""
        return len(self.requests)

    @property
    def targets(self) -> list[str]:
        """The paths below the base URL and the queries of all requests."""
        paths = [request.url.raw_path.decode() for request in self.requests]
        return [path.removeprefix("/2.0") for path in paths]

    @property
    def bearers(self) -> list[str | None]:
        """The tokens that came with the requests."""
        headers = [request.headers.get("authorization") for request in self.requests]
        return [header and header.removeprefix("Bearer ") for header in headers]

    @property
    def timeouts(self) -> list[float | None]:
        """The seconds that each request was given for a network step."""
        timeouts = [request.extensions["timeout"] for request in self.requests]
        assert all(len(set(steps.values())) == 1 for steps in timeouts)
        return [steps["read"] for steps in timeouts]


class Restless:
    """A server whose rows come and go between pages, as a script has it.

    Args:
        count: Rows at the beginning: their ids are 0, 1, 2 and so on.
        script: For each request, what happens before it is answered: a `mood` to answer in, and
            rows to `delete` and `insert` at places between 0 and 1.
        cap: Most rows of a page, whatever is asked for.
        usual: Rows of a page when no limit is asked for.
        ignores: Parameters it does not heed.
        total: "right", "none", "moody" (now and then), or a number to add or to say.
        cursors: How it makes links: "keyset" (they mark a row), "shifting" (they count rows), or
            none at all.
    """

    def __init__(
        self, count, script, *, cap=None, usual=None, ignores=(), total="right", cursors=None
    ):
        self.script = list(script)
        self.cap, self.usual, self.ignores = cap, usual, ignores
        self.total, self.cursors = total, cursors
        self.rows = list(range(count))
        self.ever = list(range(count))  # all rows that ever were, in their order
        self.first = count
        self.asked = 0

    @property
    def constant(self):
        """The rows there were throughout."""
        return [row for row in self.rows if row < self.first]

    def change(self, delete=(), insert=()):
        """Let rows go and come."""
        for place in delete:
            if self.rows:
                del self.rows[int(place * (len(self.rows) - 1))]
        for place in insert:
            at, row = int(place * len(self.rows)), len(self.ever)
            behind = self.ever.index(self.rows[at]) if at < len(self.rows) else row
            self.rows.insert(at, row)
            self.ever.insert(behind, row)

    def answer(self, params, key):
        """The body of a page: `params` as asked, `key` the name of its list."""
        step = self.script[self.asked] if self.asked < len(self.script) else {}
        if self.asked:
            self.change(step.get("delete", ()), step.get("insert", ()))
        self.asked += 1
        assert self.asked < 1000, "this never ends"
        return self._body(step.get("mood"), params, key)

    def _body(self, mood, params, key):
        heeded = {name: value for name, value in params.items() if name not in self.ignores}
        rows, wanted = self.rows, int(heeded.get("limit", self.usual or len(self.ever) + 1))
        kind, _, place = params.get("at", "").partition("-")
        if kind == "keyset":
            behind = self.ever[self.ever.index(int(place)) + 1 :] if place else self.ever
            start = len(rows) - len(set(rows).intersection(behind))
        else:
            start = int(place) if kind else int(heeded.get("offset", 0))
        size = min(wanted, self.cap or wanted)
        if isinstance(mood, int):
            size = min(mood, size)
        page = [] if mood in ("empty", "null") else rows[start : start + size]
        body = {key: None if mood == "null" else [{"id": row} for row in page]}
        if self.total == "right" or (self.total == "moody" and self.asked % 3):
            body["total"] = len(rows)
        elif isinstance(self.total, int):
            body["total"] = len(rows) + self.total if self.total > 0 else self.total
        if self.cursors and mood != "no links":
            body["_links"] = {"next": self._link(mood, start, page, params)}
        return body

    def _link(self, mood, start, page, params):
        query = {"limit": params["limit"]} if "limit" in params else {}
        if mood == "no next" or start + len(page) >= len(self.rows):
            return None
        if mood == "old link":
            query |= {"at": params["at"]} if "at" in params else {}
        elif self.cursors == "shifting":
            query["at"] = f"shifting-{start + len(page)}"
        else:
            last = self.rows[start + len(page) - 1] if start + len(page) else ""
            query["at"] = f"keyset-{last}"
        if not page and mood != "old link":
            query["again"] = str(self.asked)  # a page without rows leads on by another name
        return {"href": f"?{urlencode(query)}"}


class Clock:
    """A clock that only moves when it is told to, or when the client waits."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.time

    def wait(self, seconds: float) -> None:
        """Wait without waiting."""
        self.waits.append(seconds)
        self.time += seconds


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Run each async test on both event loops."""
    return str(request.param)


@pytest.fixture
def wire() -> Wire:
    """The API as seen from a mock transport."""
    return Wire()


@pytest.fixture
def api() -> Api:
    """An API that is told what to answer, in turn."""
    return Api()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of both surfaces; to wait between attempts takes no time."""
    clock = Clock()

    async def sleep(seconds: float) -> None:
        clock.wait(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    monkeypatch.setattr(time, "sleep", clock.wait)
    monkeypatch.setattr("powens._deadline.time", SimpleNamespace(monotonic=clock))
    return clock


@pytest.fixture
def serve() -> Iterator[Callable[..., Peer]]:
    """Starts servers that do what a script says, byte for byte, over real sockets."""
    with contextlib.ExitStack() as running:

        def start(script: Callable[[Visit], None], tls: ssl.SSLContext | None = None) -> Peer:
            return running.enter_context(Peer(script, tls=tls))

        yield start


@pytest.fixture
def scale() -> Callable[[int, int], int]:
    """Says how much of a long test is run: `scale(short, full)`."""
    return soaking.scale


@pytest.fixture
def canaries(caplog: pytest.LogCaptureFixture) -> Canaries:
    """Looks for secrets in what is shown and logged, by all loggers at their most talkative."""
    return Canaries(caplog)


@pytest.fixture(params=FAILURES, ids=lambda failure: failure.name)
def failure(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Failure:
    """Each way in which calls fail."""
    if request.param.slowly:
        monkeypatch.setattr("powens._codec.fast.AVAILABLE", False)
    return request.param


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Who says that the servers of the tests are who they are."""
    return trustme.CA()


@pytest.fixture
def certified(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[ssl.SSLContext]:
    """What a server at 127.0.0.1 speaks TLS with; clients that are made meanwhile trust it."""
    bundle = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(bundle)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    make_context.cache_clear()
    yield context
    make_context.cache_clear()


@pytest.fixture
def unanswered() -> Iterator[str]:
    """A host and port where no attempt to connect is answered."""
    with links.unanswered_address() as address:
        yield address


@pytest.fixture
def drip() -> Iterator[Callable[[Peer, float], str]]:
    """Makes addresses from where all that a server says comes byte by byte."""
    with contextlib.ExitStack() as running:

        def start(peer: Peer, interval: float) -> str:
            port = int(httpx.URL(peer.base_url).port or 0)
            address = running.enter_context(links.dripping_address(port, interval))
            return peer.base_url.replace(f"127.0.0.1:{port}", address)

        yield start


# --- Many things at once, for both halves --------------------------------------------------------

PATIENCE = 20  # seconds after which something that should happen will not


@pytest.fixture
def async_gather() -> Callable[..., Awaitable[list[object]]]:
    """Does many things at once; gives what each returned, or the error it raised."""

    async def gather(*calls: Callable[[], Awaitable[object]]) -> list[object]:
        outcomes: list[object] = [None] * len(calls)

        async def run(number: int) -> None:
            try:
                outcomes[number] = await calls[number]()
            except Exception as error:  # noqa: BLE001 - it is what the test asks for
                outcomes[number] = error

        with anyio.fail_after(PATIENCE):
            async with anyio.create_task_group() as group:
                for number in range(len(calls)):
                    group.start_soon(run, number)
        return outcomes

    return gather


@pytest.fixture
def gather() -> Callable[..., list[object]]:
    """Does many things at once; gives what each returned, or the error it raised."""

    def gather(*calls: Callable[[], object]) -> list[object]:
        with ThreadPoolExecutor(len(calls)) as threads:
            tasks = [threads.submit(call) for call in calls]
            return [task.exception(PATIENCE) or task.result() for task in tasks]

    return gather


@pytest.fixture
def async_until() -> Callable[[threading.Event], Awaitable[None]]:
    """Waits for an event that a server sets."""

    async def until(event: threading.Event) -> None:
        assert await anyio.to_thread.run_sync(event.wait, PATIENCE)

    return until


@pytest.fixture
def until() -> Callable[[threading.Event], None]:
    """Waits for an event that a server sets."""

    def until(event: threading.Event) -> None:
        assert event.wait(PATIENCE)

    return until


# --- What is left over ---------------------------------------------------------------------------


def open_sockets() -> int:
    """How many sockets this process has."""
    count = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            count += str(descriptor.readlink()).startswith("socket:")
    return count


@pytest.fixture
def sockets() -> Callable[[], int]:
    """Counts the sockets of this process, once what is forgotten is gone."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system does not say what a process has open")

    def count() -> int:
        gc.collect()
        return open_sockets()

    return count


@pytest.fixture(scope="session")
def restless() -> type[Restless]:
    """A server whose rows come and go between pages."""
    return Restless


# Lists in a process of its own, with a client of either surface.
LISTING = """
import asyncio, inspect, json, operator, sys
import powens

async def result_of(call):
    return await call if inspect.isawaitable(call) else call

async def main(client, options, resource, settings):
    pager = operator.attrgetter(resource)(getattr(powens, client)(**options)).list(**settings)
    page = await result_of(pager.first_page())
    rows = await result_of(pager.to_list())
    print(json.dumps([[row.id for row in page], page.next_cursor, [row.id for row in rows]]))

asyncio.run(main(**json.load(sys.stdin)))
"""


@pytest.fixture(scope="session")
def list_elsewhere() -> Callable[..., tuple[list[object], str | None, list[object]]]:
    """Function that lists in another process: the ids of a page, its cursor, and all ids."""

    def run(**task: object) -> tuple[list[object], str | None, list[object]]:
        command = [sys.executable, "-c", LISTING]
        done = subprocess.run(
            command, input=json.dumps(task), capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        page, cursor, rows = json.loads(done.stdout)
        return page, cursor, rows

    return run
