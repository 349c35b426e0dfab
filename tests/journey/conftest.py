"""A browser, and the applications of `examples/` as processes, each over a sandbox of its own.

Needs Chromium and the extras of the applications: `nox -s journey`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from powens.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PICTURES = ROOT / "docs" / "pictures"
PATIENCE = 30
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Application:
    """An application that runs: its address, and the sandbox below it."""

    name: str
    url: str
    sandbox: Sandbox


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the pictures of docs/ be taken."""
    parser.addoption("--screenshots", action="store_true", help="take the pictures of docs/ anew")


@pytest.fixture
def keep(
    page: Page, application: Application, pytestconfig: pytest.Config
) -> Callable[[str], None]:
    """Takes a picture of the page, if that is asked for."""

    def take(name: str) -> None:
        if pytestconfig.getoption("--screenshots"):
            PICTURES.mkdir(exist_ok=True)
            path = PICTURES / f"{application.name}-{name}.png"
            page.screenshot(path=path, clip={"x": 0, "y": 0, "width": 1000, "height": 1050})

    return take


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def commands(port: int) -> dict[str, list[str]]:
    """How each application is started, as its README says, on a port of ours."""
    python = sys.executable
    return {
        "django_app": [python, f"{EXAMPLES}/django_app/manage.py", "demo", "--port", str(port)],
        "flask_app": [
            python, "-m", "flask", "--app", f"{EXAMPLES}/flask_app/app.py", "run",
            "--port", str(port),
        ],
        "fastapi_app": [
            python, "-m", "uvicorn", "--app-dir", str(EXAMPLES), "--factory",
            "fastapi_app.app:create_app", "--port", str(port),
        ],
    }  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    paths = [path for path in map(shutil.which, CHROMIUM) if path]
    if not paths:
        pytest.fail(f"install one of {', '.join(CHROMIUM)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=paths[0], args=list(QUIET), chromium_sandbox=False
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window of somebody new, who has no cookie and runs no script."""
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 1000, "height": 1050}, locale="en-GB"
    )
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.on("requestfailed", lambda request: print(request.url, request.failure))
    yield page
    context.close()


@pytest.fixture(params=["django_app", "flask_app", "fastapi_app"])
def application(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Application]:
    """Each application in turn, with data of its own."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with Sandbox(transactions=60) as sandbox:
        sandbox.send_webhooks_to(f"{url}/powens")
        environment = os.environ | {
            "POWENS_BASE_URL": sandbox.base_url,
            "POWENS_CLIENT_ID": sandbox.client_id,
            "POWENS_CLIENT_SECRET": sandbox.client_secret,
            "POWENS_WEBVIEW_URL": sandbox.webview_url,
            "POWENS_WEBHOOK_SECRET": sandbox.webhook_secret,
            "APP_DATABASE": str(tmp_path / "app.db"),
            "DJANGO_DATABASE": str(tmp_path / "app.db"),
        }
        log = tmp_path / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                commands(port)[request.param], env=environment, stdout=output, stderr=output
            )
        try:
            wait_until_it_serves(url, process, log)
            yield Application(request.param, url, sandbox)
            assert "Traceback" not in log.read_text()
        finally:
            process.terminate()
            process.wait(PATIENCE)
            print(log.read_text())  # shown with what failed


def wait_until_it_serves(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Ask until there is an answer."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(url, trust_env=False).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)  # nothing tells when another process listens
        else:
            return
    pytest.fail(log.read_text())
