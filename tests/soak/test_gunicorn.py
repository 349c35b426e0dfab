"""Clients made at import time, under gunicorn with preload: workers share no connection."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

PATIENCE = 60
WORKERS = 3

APP = """
import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor

from powens import AsyncPowensClient, PowensClient

URL = os.environ["POWENS_BASE_URL"]
blocking = PowensClient(base_url=URL, access_token="master")
looping = AsyncPowensClient(base_url=URL, access_token="master")


def ask(path, token):
    headers = {"x-process": str(os.getpid())}
    view = blocking.with_options(access_token=token)
    return view.request("GET", path, headers=headers).json()


async def ask_in_a_loop(path, token):
    headers = {"x-process": str(os.getpid())}
    view = looping.with_options(access_token=token)
    return (await view.request("GET", path, headers=headers)).json()


async def warm_up():
    await asyncio.gather(*(ask_in_a_loop(f"/{number}", "master") for number in range(16)))


# Idle connections of the master, which no worker must use.
with ThreadPoolExecutor(16) as threads:
    list(threads.map(ask, [f"/{number}" for number in range(64)], ["master"] * 64))
asyncio.run(warm_up())


def app(environ, start_response):
    path = environ["PATH_INFO"]
    token = path.strip("/")
    answers = [ask(path, token), asyncio.run(ask_in_a_loop(path, token))]
    body = json.dumps({"process": os.getpid(), "answers": answers}).encode()
    start_response("200 OK", [("content-length", str(len(body)))])
    return [body]
"""


class Owners:
    """Tells each caller who it is, and writes down which processes used each connection."""

    def __init__(self):
        self.users = defaultdict(set)
        self._lock = threading.Lock()

    def __call__(self, visit):
        with self._lock:
            self.users[visit].add(int(visit.headers["x-process"]))
        visit.answer({"path": visit.target, "token": visit.token})


@pytest.mark.parametrize("kind", ["sync", "gthread"])
@pytest.mark.parametrize("is_secure", [False, True], ids=["plain", "tls"])
def test_no_worker_uses_the_connections_of_another(
    serve, certified, tmp_path, scale, kind, is_secure
):
    owners = Owners()
    peer = serve(owners, tls=certified if is_secure else None)
    count = scale(150, 3000)
    (tmp_path / "served.py").write_text(APP, encoding="utf-8")
    where = tmp_path / "gunicorn.sock"
    settings = ["--preload", "--workers", str(WORKERS), "--worker-class", kind, "--threads", "4"]
    server = subprocess.Popen(
        [
            *(sys.executable, "-W", "error::ResourceWarning", "-m", "gunicorn", *settings),
            *("--bind", f"unix:{where}", "--no-control-socket", "served:app"),
        ],
        cwd=tmp_path,
        env={**os.environ, "POWENS_BASE_URL": peer.base_url},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        log = wait_for_workers(server)
        processes = set()

        def ask(number):
            # A connection each, so that all workers have their share.
            with httpx.Client(transport=httpx.HTTPTransport(uds=str(where))) as client:
                answer = (
                    client.get(f"http://app/{number}", timeout=PATIENCE).raise_for_status().json()
                )
            processes.add(answer["process"])
            expected = {"path": f"/{number}", "token": str(number)}
            assert answer["answers"] == [expected] * 2

        with ThreadPoolExecutor(12) as threads:
            list(threads.map(ask, range(count)))
    finally:
        server.send_signal(signal.SIGTERM)
        _, rest = server.communicate(timeout=PATIENCE)
    assert server.returncode == 0
    for complaint in ("Traceback", "Warning", "Error", "Exception"):
        assert complaint not in log + rest
    assert len(processes) == WORKERS
    assert {len(users) for users in owners.users.values()} == {1}
    everyone = {user for users in owners.users.values() for user in users}
    assert everyone == processes | {server.pid}
    assert len(peer.requests) == 64 + 16 + 2 * count


def wait_for_workers(server):
    """Read the log until all workers are up."""
    log = ""
    while log.count("Booting worker") < WORKERS:
        line = server.stderr.readline()
        assert line, log
        log += line
    return log
