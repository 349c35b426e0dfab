import asyncio
import signal
import socket
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import anyio
import httpx
import pytest

from powens.sandbox import Fault, Sandbox


def test_without_the_extra_the_error_says_what_to_install():
    program = """
import sys
sys.modules["starlette"] = None
try:
    import powens.sandbox
except ImportError as error:
    print(error)
"""
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert said == "powens.sandbox needs more: pip install 'powens[sandbox]'\n"


def address(powens):
    parts = urlsplit(powens.base_url)
    return parts.hostname, parts.port


def open_files():
    listing = Path("/proc/self/fd")
    return {each.name for each in listing.iterdir()} if listing.exists() else set()


def is_over(connection):
    """Whether the other side has ended a connection, politely or not."""
    connection.settimeout(5)
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def test_serves_a_ready_made_user(powens, api):
    assert api.ask("GET", "/users/me")["id"] == powens.user_id
    assert powens.base_url.startswith("http://127.0.0.1:")
    assert powens.base_url.endswith("/2.0")
    assert len(powens.client_id) == 8
    assert powens.client_id.isdecimal()
    accounts = api.ask("GET", "/users/me/accounts")
    assert accounts["total"] == 6
    assert api.ask("GET", "/users/me/accounts?all")["total"] == 6
    assert api.ask("GET", "/users/me/transactions?limit=1")["total"] == 400


def test_starting_and_stopping_twice_is_harmless():
    sandbox = Sandbox()
    sandbox.stop()
    sandbox.start()
    url = sandbox.base_url
    sandbox.start()
    assert sandbox.base_url == url
    sandbox.stop()
    sandbox.stop()
    with pytest.raises(RuntimeError, match="not running"):
        _ = sandbox.base_url


def test_entered_again_it_is_fresh(api_of):
    sandbox = Sandbox()
    with sandbox:
        api_of(sandbox).ask("DELETE", "/users/me", 204)
        api_of(sandbox).ask("GET", "/users/me", 401)
        sandbox.add_fault(Fault(status=500))
    with sandbox:
        assert sandbox.requests == []
        api_of(sandbox).ask("GET", "/users/me")


def test_leaves_no_thread_and_no_socket():
    threads, files = set(threading.enumerate()), open_files()
    with Sandbox() as powens:
        host, port = address(powens)
        with (
            httpx.Client() as kept_alive,
            socket.create_connection((host, port)) as silent,
            socket.create_connection((host, port)) as half,
        ):
            kept_alive.get(f"{powens.base_url}/currencies")
            half.sendall(b"GET /2.0/curr")
            powens.stop()
            assert is_over(silent)
            assert is_over(half)
    assert set(threading.enumerate()) == threads
    assert open_files() <= files
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, port))


def test_stops_while_requests_are_waiting():
    with Sandbox() as powens:
        powens.add_fault(Fault(delay=60))
        host, port = address(powens)
        with socket.create_connection((host, port), timeout=5) as waiting:
            waiting.sendall(b"GET /2.0/currencies HTTP/1.1\r\nhost: here\r\n\r\n")
            while not powens.requests:
                pass
            powens.stop()
            assert is_over(waiting)


def test_stops_in_the_middle_of_a_long_search(api_of):
    with Sandbox(transactions=10**8) as powens:
        api = api_of(powens)
        failure = []

        def search():
            try:
                api.get(
                    "/users/me/transactions", params={"limit": 1, "wording": "nowhere"}, timeout=9
                )
            except httpx.HTTPError as error:
                failure.append(error)

        searcher = threading.Thread(target=search)
        searcher.start()
        while not powens.rows_made:
            pass
        # Others are served meanwhile.
        assert httpx.get(f"{powens.base_url}/currencies").status_code == 200
        powens.stop()
        searcher.join(5)
        assert failure


def test_several_at_once(api_of):
    with Sandbox(seed=1) as one, Sandbox(seed=2) as two:
        assert one.base_url != two.base_url
        assert one.access_token != two.access_token
        api_of(one).ask("GET", "/users/me")
        api_of(two).ask("GET", "/users/me", 200)
        api_of(two, one.access_token).ask("GET", "/users/me", 401)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_within_a_running_event_loop(backend):
    async def main():
        with Sandbox() as powens:
            async with httpx.AsyncClient(base_url=powens.base_url) as client:
                assert (await client.get("/currencies")).status_code == 200

    anyio.run(main, backend=backend)


def test_runs_while_an_event_loop_is_busy(powens):
    async def main():
        return httpx.get(f"{powens.base_url}/currencies")  # noqa: ASYNC210 - it blocks on purpose

    assert asyncio.run(main()).status_code == 200


def test_used_from_many_threads(powens):
    def use():
        with httpx.Client(base_url=powens.base_url) as client:
            for _ in range(20):
                assert client.get("/currencies").status_code == 200

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(powens.requests) == 160
    assert {request.status for request in powens.requests} == {200}


def test_the_same_calls_give_the_same_answers():
    def story(**options):
        answers = []
        with Sandbox(**options) as powens, httpx.Client(base_url=powens.base_url) as client:
            answers.append(client.post("/auth/init").json())
            client.headers["authorization"] = f"Bearer {answers[-1]['auth_token']}"
            body = {"id_connector": 1, "login": "someone", "password": "something"}
            answers.append(client.post("/users/me/connections", json=body).json())
            answers.append(client.get("/users/me/accounts?all").json())
            client.headers["authorization"] = f"Bearer {powens.access_token}"
            answers.append(client.get("/users/me/transactions?limit=5").json()["transactions"])
            answers.append(client.get("/nowhere").json())
        return answers

    assert story(seed=3) == story(seed=3)
    assert story(seed=3) != story(seed=4)
    assert story(seed=3, today=date(2027, 3, 1)) != story(seed=3)


def test_its_repr_shows_no_token(powens, api):
    api.ask("GET", "/users/me")
    shown = repr(powens) + repr(powens.requests)
    secrets = (powens.access_token, powens.client_secret, powens.users_token, powens.config_token)
    assert not any(secret in shown for secret in secrets)


def test_refuses_impossible_sizes():
    for size in (-1, 10**9):
        with pytest.raises(ValueError, match="transactions"):
            Sandbox(transactions=size)


def test_a_port_in_use_is_an_error_and_nothing_is_left():
    with Sandbox() as powens:
        _, port = address(powens)
        threads = set(threading.enumerate())
        with pytest.raises(OSError):
            Sandbox(port=port).start()
        assert set(threading.enumerate()) == threads


def test_listens_on_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")
    with Sandbox(host="::1") as powens:
        assert powens.base_url.startswith("http://[::1]:")
        assert httpx.get(f"{powens.base_url}/currencies").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_as_a_process(number):
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "powens.sandbox",
        "--seed",
        "7",
        "--transactions",
        "9",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        told = dict(process.stdout.readline().strip().split("=", 1) for _ in range(8))
        with httpx.Client(base_url=told["POWENS_BASE_URL"]) as client:
            client.headers["authorization"] = f"Bearer {told['POWENS_ACCESS_TOKEN']}"
            assert client.get("/users/me/transactions").json()["total"] == 9
            with Sandbox(seed=7) as twin:
                assert told["POWENS_ACCESS_TOKEN"] == twin.access_token
                assert told["POWENS_CLIENT_ID"] == twin.client_id
                assert told["POWENS_CLIENT_SECRET"] == twin.client_secret
                assert told["POWENS_WEBHOOK_SECRET"] == twin.webhook_secret
                assert told.keys() == twin.environment.keys()
            process.send_signal(number)
            assert process.wait(5) == 0
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""
    with pytest.raises(httpx.ConnectError):
        httpx.get(told["POWENS_BASE_URL"] + "/currencies")
