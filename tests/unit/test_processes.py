"""Forks, and the end of programs: what a client leaves to a child, and to nobody."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import defaultdict

import pytest

PATIENCE = 60

HEAD = """
import asyncio, contextlib, os, socket, sys, threading, time, traceback, warnings
from powens import (
    AsyncPowensClient, PowensCircuitOpenError, PowensClient, PowensHTTPError, PowensTimeoutError,
    RetryBudget, RetryPolicy, ThresholdCircuitBreaker,
)

# Python warns of every fork of a process with threads, which is the very point here.
warnings.filterwarnings("error")
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)

URL = sys.argv[1]
"""


def run(program, *args):
    """Run a program; it has to end by itself, well and without a word of complaint."""
    done = subprocess.run(
        [sys.executable, "-c", HEAD + program, *args],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


class Owners:
    """Tells each caller who it is, and writes down who used each connection."""

    def __init__(self):
        self.users = defaultdict(set)
        self._lock = threading.Lock()

    def __call__(self, visit):
        with self._lock:
            self.users[visit].add(visit.headers["x-process"])
        visit.answer({"path": visit.target, "token": visit.token})

    def check(self):
        assert {len(users) for users in self.users.values()} == {1}
        return {user for users in self.users.values() for user in users}


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def context(request, certified):
    return certified if request.param else None


# --- Forks ---------------------------------------------------------------------------------------

FORK = '''
client = PowensClient(
    base_url=URL, access_token="parent", max_connections=20, timeout=20,
    circuit_breaker=ThresholdCircuitBreaker(), retry_budget=RetryBudget(reserve=3),
    retry_policy=RetryPolicy(base_delay=0, jitter=0),
)
FAILURES = []

# As a thread ends, behind the back of Python, OpenSSL takes locks once more. A child that is forked
# right then would hang in its first handshake, and nobody can help it: so no thread ends before
# all children are there.
may_end = threading.Event()

def leave_no_thread():
    """Wait until those that have ended for Python have ended for the system as well."""
    while os.path.isdir("/proc/self/task") and len(os.listdir("/proc/self/task")) > 1:
        time.sleep(0.005)

def ask(view, path, token):
    headers = {"x-process": str(os.getpid())}
    answer = view.request("GET", path, headers=headers).json()
    assert answer == {"path": path, "token": token}, answer

def work(name, count):
    try:
        view = client.with_options(access_token=name)
        for number in range(count):
            ask(view, f"/{name}/{number}", name)
        may_end.wait(30)
    except BaseException:
        FAILURES.append(traceback.format_exc())

def work_together(name, threads, count):
    running = [
        threading.Thread(target=work, args=(f"{name}-{number}", count)) for number in range(threads)
    ]
    for thread in running:
        thread.start()
    return running

def finish(running):
    may_end.set()
    for thread in running:
        thread.join(30)
        assert not thread.is_alive(), "a thread hangs"
    if FAILURES:
        print(*FAILURES, file=sys.stderr)

def fork(work):
    global may_end
    pid = os.fork()
    if pid == 0:
        code = 1
        may_end = threading.Event()
        try:
            work()
            code = 1 if FAILURES else 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return pid

def wait(children):
    for pid in children:
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
'''


def test_children_of_a_parent_that_waits(serve, context):
    owners = Owners()
    peer = serve(owners, tls=context)
    run(
        FORK
        + """
finish(work_together("warm", 8, 3))
leave_no_thread()
def child():
    finish(work_together(f"child-{os.getpid()}", 4, 10))
children = [fork(child) for _ in range(4)]
finish(work_together("after", 8, 10))
wait(children)
finish(work_together("last", 8, 3))
""",
        peer.base_url,
    )
    assert len(owners.check()) == 5
    assert len(peer.requests) == 8 * 3 + 4 * 40 + 80 + 24


def test_children_of_a_parent_in_the_middle_of_calls(serve, context, scale):
    owners = Owners()
    peer = serve(owners, tls=context)
    output = run(
        FORK
        + """
busy = work_together("busy", 8, int(sys.argv[2]))
def child():
    finish(work_together(f"child-{os.getpid()}", 4, 5))
children = [fork(child) for _ in range(int(sys.argv[3]))]
finish(busy)
wait(children)
print(len(children))
""",
        peer.base_url,
        str(scale(100, 2000)),
        str(scale(8, 100)),
    )
    children = int(output)
    assert children > 1
    assert len(owners.check()) == children + 1
    assert len(peer.requests) == 8 * scale(100, 2000) + children * 20


def test_no_fork_in_the_middle_of_what_holds_locks_of_openssl(serve, certified):
    """The certificates are being read when another thread forks: it waits until they are."""
    peer = serve(
        lambda visit: visit.answer({"path": visit.target, "token": visit.token}), certified
    )
    run(
        FORK
        + """
import httpx
from powens._tls import make_context

reading, forking = threading.Event(), threading.Event()
read = httpx.create_ssl_context
def slowly():
    reading.set()
    assert forking.wait(30)
    return read()
httpx.create_ssl_context = slowly
os.register_at_fork(before=forking.set)  # what comes last is called first

def child():
    assert make_context.cache_info().currsize == 1
    ask(client, "/child", "parent")
busy = work_together("busy", 2, 1)
assert reading.wait(30)
wait([fork(child)])
finish(busy)
assert make_context.cache_info().misses == 1, "each thread reads them"
""",
        peer.base_url,
    )


def test_a_child_of_a_parent_whose_connections_are_all_in_use(serve):
    arrived = []
    all_there, go_on = threading.Event(), threading.Event()

    def script(visit):
        if visit.target == "/slow":
            arrived.append(visit)
            if len(arrived) == 20:
                all_there.set()
            assert go_on.wait(PATIENCE)
        elif visit.target == "/children-are-done":
            go_on.set()
        elif visit.target == "/ready":
            assert all_there.wait(PATIENCE)
        visit.answer({"path": visit.target, "token": visit.token})

    peer = serve(script)
    run(
        FORK
        + """
running = [threading.Thread(target=ask, args=(client, "/slow", "parent")) for _ in range(30)]
for thread in running:
    thread.start()
other = PowensClient(base_url=URL, access_token="other")
ask(other, "/ready", "other")
def child():
    finish(work_together(f"child-{os.getpid()}", 25, 4))
wait([fork(child) for _ in range(2)])
ask(other, "/children-are-done", "other")
finish(running)
""",
        peer.base_url,
    )
    assert len(peer.requests) == 30 + 2 + 200


def test_the_breaker_and_the_budget_of_a_child(serve):
    def script(visit):
        visit.answer({}, status=503 if visit.target == "/fails" else 200)

    peer = serve(script)
    output = run(
        FORK
        + """
def fail(client):
    try:
        client.request("GET", "/fails", headers={})
    except PowensCircuitOpenError:
        return "refused"
    except PowensHTTPError:
        return "failed"

stop = threading.Event()
def hammer():
    local = client.with_options(retry_policy=RetryPolicy(max_attempts=1))
    while not stop.is_set():
        local.request("GET", "/fine")
threads = [threading.Thread(target=hammer) for _ in range(4)]
for thread in threads:
    thread.start()

def child():
    own = PowensClient(
        base_url=URL, access_token="t", circuit_breaker=breaker, retry_budget=budget,
        retry_policy=RetryPolicy(base_delay=0, jitter=0, max_attempts=2),
    )
    outcomes = [fail(own) for _ in range(4)]
    os.write(1, (" ".join(outcomes) + "\\n").encode())

breaker, budget = ThresholdCircuitBreaker(failure_threshold=5), RetryBudget(reserve=1)
wait([fork(child) for _ in range(3)])
stop.set()
finish(threads)
child()
""",
        peer.base_url,
    )
    # One retry each, then one attempt a call; at the fifth failure the breaker opens.
    assert output.splitlines() == ["failed failed failed failed"] * 4
    assert [target for _, target, _ in peer.requests].count("/fails") == 4 * 5


def test_a_child_has_loops_of_its_own(serve):
    owners = Owners()
    peer = serve(owners)
    run(
        """
client = AsyncPowensClient(base_url=URL, access_token="t", timeout=20)

async def work():
    headers = {"x-process": str(os.getpid())}
    async def ask(number):
        answer = await client.request("GET", f"/{number}", headers=headers)
        assert answer.json()["path"] == f"/{number}"
    for _ in range(3):
        await asyncio.gather(*map(ask, range(10)))

asyncio.run(work())
children = []
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        asyncio.run(work())
        os._exit(0)
    children.append(pid)
asyncio.run(work())
for pid in children:
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
""",
        peer.base_url,
    )
    assert len(owners.check()) == 4
    assert len(peer.requests) == 5 * 30


# --- The end of a program ------------------------------------------------------------------------

ENDS = {
    "open": """
client = PowensClient(base_url=URL, access_token="t")
client.users.me()
""",
    "asyncio": """
client = AsyncPowensClient(base_url=URL, access_token="t")
async def main():
    await client.users.me()
asyncio.run(main())
""",
    "trio": """
import trio
client = AsyncPowensClient(base_url=URL, access_token="t")
async def main():
    await client.users.me()
trio.run(main)
""",
    "a call under way in a daemon": """
client = PowensClient(base_url=URL, access_token="t", timeout=600)
client.users.me()
threading.Thread(target=client.users.get, kwargs={"user_id": 2}, daemon=True).start()
client.users.get(user_id=3)
""",
    "a call under way that is cancelled": """
client = AsyncPowensClient(base_url=URL, access_token="t", timeout=600)
async def main():
    calls = [asyncio.ensure_future(client.users.get(user_id=2)) for _ in range(3)]
    await client.users.get(user_id=3)
asyncio.run(main())
""",
    "a look-up that hangs": """
socket.getaddrinfo = lambda *_, **__: threading.Event().wait(600)
client = PowensClient(domain="demo", access_token="t", deadline=0.1)
with contextlib.suppress(PowensTimeoutError):
    client.users.me()
""",
    "a look-up that hangs under asyncio": """
socket.getaddrinfo = lambda *_, **__: threading.Event().wait(600)
client = AsyncPowensClient(domain="demo", access_token="t", deadline=0.1)
async def main():
    with contextlib.suppress(PowensTimeoutError):
        await client.users.me()
asyncio.run(main())
""",
}


@pytest.mark.parametrize(
    ("name", "is_secure"), [*((name, False) for name in ENDS), ("open", True), ("asyncio", True)]
)
def test_a_program_ends_without_closing(serve, certified, name, is_secure):
    arrived = threading.Event()

    def script(visit):
        if visit.target == "/users/2":
            arrived.set()
            visit.hang()
        if visit.target == "/users/3":
            assert arrived.wait(PATIENCE)
        visit.answer({"id": 1})

    peer = serve(script, tls=certified if is_secure else None)
    run(ENDS[name], peer.base_url)
    peer.wait_until_left()
