"""The command `powens sandbox`, as a person or a script runs it."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from typer.testing import CliRunner

from powens.cli.app import app
from powens.sandbox import Sandbox

POWENS = [sys.executable, "-W", "error", "-c", "from powens.cli import main; main()", "sandbox"]
ENV = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1"}

# Says where it is, then waits for a signal; ends with a code of its own.
CHILD = """
import os, signal, sys

def end(number, frame):
    print("heard", number, flush=True)
    sys.exit(7)

signal.signal(signal.SIGINT, end)
signal.signal(signal.SIGTERM, end)
print(os.getpid(), os.environ["POWENS_BASE_URL"], flush=True)
while True:
    signal.pause()
"""

# Ends at once on a signal, and leaves a process behind that does not want to end.
STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
while True:
    signal.pause()
"""
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {STUBBORN!r}], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*POWENS, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENV,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*POWENS, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=ENV | env,
    )


def read_until(process: subprocess.Popen[str], last: str) -> list[str]:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if lines[-1] == last:
            return lines
    raise AssertionError(lines)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_what_one_needs_and_serves_until_a_signal(number: signal.Signals) -> None:
    with running("--port", "0", "--seed", "5", "--transactions", "9") as process:
        lines = read_until(process, "Press Ctrl-C to stop.")
        told = dict(line.split("=", 1) for line in lines if line.startswith("POWENS_"))
        with Sandbox(seed=5) as twin:
            assert told.keys() == twin.environment.keys()
            assert told["POWENS_CLIENT_SECRET"] == twin.client_secret
        base_url = told["POWENS_BASE_URL"]
        with httpx.Client(base_url=base_url) as client:
            client.headers["authorization"] = f"Bearer {told['POWENS_ACCESS_TOKEN']}"
            assert client.get("/users/me/transactions").json()["total"] == 9
        text = "\n".join(lines)
        assert f"Webview     {told['POWENS_WEBVIEW_URL']}" in text
        assert f"Controls    {base_url.removesuffix('/2.0')}/sandbox/" in text
        for words in ("Crédit Lumière", "123456", "wrongpass", "1234"):
            assert words in text
        process.send_signal(number)
        rest, errors = process.communicate(timeout=10)
        assert process.returncode == 0
        assert rest == "\nThe sandbox has stopped.\n"
        assert errors == ""
    with pytest.raises(httpx.ConnectError):
        httpx.get(base_url)


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("--port", str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"Port {port} is taken: ")
    assert done.stderr.count("\n") == 1


def test_a_port_of_ones_choice_and_a_command() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = "import os; print(os.environ['POWENS_BASE_URL'])"
    done = run("--port", str(port), "--", sys.executable, "-c", code)
    assert done.stdout == f"http://127.0.0.1:{port}/2.0\n"
    assert done.returncode == 0


def test_a_command_has_what_a_client_needs() -> None:
    code = (
        "import os; from powens import PowensClient; "
        "print(PowensClient.from_env().users.me().id, os.environ['POWENS_WEBHOOK_SECRET']); "
        "raise SystemExit(3)"
    )
    done = run("--port", "0", "--", sys.executable, "-c", code, POWENS_DOMAIN="another.biapi.pro")
    sandbox = Sandbox()
    assert done.stdout == f"{sandbox.user_id} {sandbox.webhook_secret}\n"
    assert done.returncode == 3
    assert "POWENS_CLIENT_ID=" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_hears_signals_and_ends_the_sandbox(number: signal.Signals) -> None:
    with running("--port", "0", "--", sys.executable, "-c", CHILD) as process:
        assert process.stdout is not None
        pid, base_url = process.stdout.readline().split()
        process.send_signal(number)
        heard, _ = process.communicate(timeout=10)
        assert heard == f"heard {number.value}\n"
        assert process.returncode == 7
    assert not is_alive(int(pid))
    with pytest.raises(httpx.ConnectError):
        httpx.get(base_url)


def test_ctrl_c_in_a_terminal_is_heard_once() -> None:
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [*POWENS, "--port", "0", "--", sys.executable, "-c", CHILD],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads
        text=True,
        env=ENV,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.write(ours, b"\x03")
        assert process.stdout.read() == f"heard {signal.SIGINT.value}\n"
        assert process.wait(10) == 7
    os.close(theirs)
    os.close(ours)


def test_what_a_command_has_started_does_not_outlive_it() -> None:
    with running("--port", "0", "--", sys.executable, "-c", PARENT) as process:
        assert process.stdout is not None
        grandchild = int(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
        assert process.returncode == 128 + signal.SIGTERM
    assert not is_running(grandchild)


def is_running(pid: int) -> bool:
    """Whether a process runs: one that has ended may wait for whoever inherited it to notice."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()[:1] not in {"", "Z"}


def test_a_command_that_is_killed() -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run("--port", "0", "--", sys.executable, "-c", code).returncode == 128 + signal.SIGKILL


def test_a_command_that_does_not_exist() -> None:
    done = run("--port", "0", "--", "no-such-command-anywhere")
    assert done.returncode == 127
    assert done.stderr.endswith("no-such-command-anywhere: No such file or directory\n")


def test_webhooks_are_sent() -> None:
    code = (
        "import os, httpx; base = os.environ['POWENS_BASE_URL']; "
        "token = {'authorization': 'Bearer ' + os.environ['POWENS_CONFIG_TOKEN']}; "
        "print([each['url'] for each in "
        "httpx.get(base + '/webhooks', headers=token).json()['webhooks']])"
    )
    to = ("--webhooks-to", "http://127.0.0.1:9/powens")
    done = run("--port", "0", *to, "--", sys.executable, "-c", code)
    assert "http://127.0.0.1:9/powens/connection-synced" in done.stdout
    assert "Webhooks to http://127.0.0.1:9/powens" in done.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ("--webhooks-to", "nonsense"),
        ("--port", "70000"),
        ("--transactions", "-1"),
        ("--transactions", str(10**12)),
    ],
)
def test_options_that_make_no_sense(wrong: tuple[str, str]) -> None:
    done = CliRunner().invoke(app, ["sandbox", "--port", "0", *wrong])
    assert done.exit_code == 2
    assert wrong[0].removeprefix("--") in done.output
    assert done.stdout == ""
