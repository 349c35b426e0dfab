"""Follows docs/django.md: makes a project, and writes the blocks where the page says."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from powens.sandbox import Sandbox

from .walking import Browser

PATIENCE = 30  # seconds after which a command that should have ended will not

_ROOT = Path(__file__).parents[2]
_PAGE = _ROOT / "docs" / "django.md"
_BLOCK = re.compile(
    r"(?ms)^```(?:python|html)\n(?:# |\{# )(\S+)(, at the end)?(?: #\})?\n(.*?)^```$"
)
_START = """
from django.core.management import execute_from_command_line as run
run(["django-admin", "startproject", "mysite", "."])
run(["django-admin", "startapp", "bank"])
"""
_MIGRATE = """
import django
django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
call_command("makemigrations", "bank")
call_command("migrate")
get_user_model().objects.create_superuser("root", password="open")
"""


class Project:
    """A project in which the page was followed.

    Args:
        folder: Where to make it.
        sandbox: The Powens that it talks to.
        until: Heading of the section that is not followed any more; None follows all.
        settings: More of the environment.
    """

    def __init__(
        self, folder: Path, sandbox: Sandbox, *, until: str | None, **settings: str
    ) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.env = {
            **{name: value for name, value in os.environ.items() if "POWENS" not in name},
            **sandbox.environment,
            "DJANGO_SETTINGS_MODULE": "mysite.settings",
            "PYTHONPATH": os.pathsep.join([str(_ROOT / "src"), str(folder)]),
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self._call(_START)
        self._write(_PAGE.read_text(encoding="utf-8"), until)
        self._call(_MIGRATE)

    def _call(self, script: str) -> None:
        env = self.env if "setup" in script else {**self.env, "DJANGO_SETTINGS_MODULE": ""}
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr

    def _write(self, page: str, until: str | None) -> None:
        if until is not None:
            page, heading, _ = page.partition(f"\n## {until}\n")
            assert heading
        for name, at_the_end, text in _BLOCK.findall(page):
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.read_text(encoding="utf-8") + "\n" if at_the_end else ""
            path.write_text(before + text, encoding="utf-8")

    @contextlib.contextmanager
    def run(self, *command: str) -> Iterator[Callable[[str], re.Match[str]]]:
        """Run a module until the end of the block.

        Args:
            command: The module and its arguments.

        Returns:
            A function that waits until the module says something, a pattern.
        """
        with subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            said: list[str] = []

            def wait_for(pattern: str) -> re.Match[str]:
                for line in process.stdout or ():
                    said.append(line)
                    if found := re.search(pattern, line):
                        return found
                raise AssertionError("".join(said))

            try:
                yield wait_for
            finally:
                process.terminate()
                process.communicate()

    @contextlib.contextmanager
    def browser(self, origin: str) -> Iterator[Browser]:
        """The browser of somebody who has signed in."""
        with httpx.Client(base_url=origin, timeout=PATIENCE) as http:
            http.get("/admin/login/")
            form = {"username": "root", "password": "open", "next": "/bank/"}
            token = {"csrfmiddlewaretoken": http.cookies["csrftoken"]}
            answer = http.post("/admin/login/", data=form | token)
            assert answer.headers["location"] == "/bank/"
            yield Browser(http)


def connect_bank(browser: Browser) -> None:
    """Connect a bank through the webview."""
    page = browser.walk("Connect a bank", "/bank/")
    page = browser.walk("Accept and continue", page)
    page = browser.walk("Banque des Alizés", page)
    page = browser.walk("Log in", page, login="ada", password="any")
    page = browser.walk("Share", page)
    assert page.headings == ["My transactions"]
