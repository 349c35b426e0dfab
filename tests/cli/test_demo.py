"""The command `powens`, as a person runs it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import powens

POWENS = [sys.executable, "-c", "from powens.cli import main; main()"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1"}
    return subprocess.run(
        [*POWENS, *arguments], capture_output=True, text=True, timeout=60, check=False, env=env
    )


@pytest.fixture(scope="module")
def demo() -> subprocess.CompletedProcess[str]:
    return run("demo")


def test_the_demo_succeeds(demo: subprocess.CompletedProcess[str]) -> None:
    assert demo.returncode == 0, demo.stderr
    assert demo.stderr == ""


def test_the_demo_shows_accounts_and_transactions_of_both_clients(
    demo: subprocess.CompletedProcess[str],
) -> None:
    blocking, awaited = demo.stdout.split("With AsyncPowensClient")
    for half in (blocking.partition("With PowensClient")[2], awaited):
        assert re.search(r"checking .*\d\.\d\d EUR", half)
        assert re.search(r"\d{4}-\d\d-\d\d .*-?\d+\.\d\d [A-Z]{3}", half)
        assert "Code reçu par SMS" in half


def test_the_demo_says_that_both_clients_agree_and_what_they_took(
    demo: subprocess.CompletedProcess[str],
) -> None:
    requests = re.findall(r"PowensClient +│ +(\d+) │ +\d+ ms", demo.stdout)
    assert len(requests) == 2
    assert requests[0] == requests[1]
    assert "Both clients found the same" in demo.stdout


def test_the_same_seed_shows_the_same_amounts(demo: subprocess.CompletedProcess[str]) -> None:
    def amounts(output: str) -> list[str]:
        return re.findall(r"-?[\d,]+\.\d\d [A-Z]{3}", output)

    assert amounts(run("demo", "--seed", "0").stdout) == amounts(demo.stdout)
    assert amounts(run("demo", "--seed", "1").stdout) != amounts(demo.stdout)


INTERRUPTED = """
import signal, sys
from powens.cli import demo, main

def interrupt(sandbox):
    print(sandbox.base_url, flush=True)
    signal.raise_signal(signal.SIGINT)

# A process that was started in the background inherits that SIGINT is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
demo.take_journey = interrupt
sys.argv = ["powens", "demo"]
main()
"""


def test_ctrl_c_ends_the_demo_and_leaves_nothing_running() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", INTERRUPTED],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 128 + signal.SIGINT, done.stderr
    assert done.stdout.startswith("http://127.0.0.1:")
    assert done.stderr == ""


def test_version() -> None:
    assert run("--version").stdout == f"powens {powens.__version__}\n"


def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    code = "import sys; sys.modules['typer'] = None; from powens.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 1
    assert 'pip install "powens[cli]"' in done.stderr
    assert "Traceback" not in done.stderr
