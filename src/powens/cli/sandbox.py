"""The command that runs a sandbox, alone or around another command."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Final

from rich.console import Console
from rich.table import Table

from powens.sandbox import Sandbox
from powens.sandbox.bank import BANKS, COUNTRIES, OTP

_SIGNALS: Final = (
    signal.SIGINT,
    signal.SIGTERM,
    *([signal.SIGHUP] if sys.platform != "win32" else []),
)
_PATIENCE: Final = 5.0  # seconds for a command to end by itself
_GRACE: Final = 1.0  # seconds for what it has left behind

# What a bank asks a new customer for, by the state that a connection to it begins in.
_ASKS: Final[Mapping[str | None, tuple[str, str]]] = {
    None: ("nothing more", ""),
    "additionalInformationNeeded": ("a code", OTP),
    "decoupled": ("an approval in its app", "press the button"),
    "webauthRequired": ("a visit to its own page", "allow or refuse there"),
    "SCARequired": ("strong authentication", "press the button"),
    "actionNeeded": ("to read a message", "press the button"),
    "passwordExpired": ("a new password", "any"),
    "websiteUnavailable": ("to wait: it is not available", "try again"),
    "rateLimiting": ("to wait: it was asked too often", "try again"),
    "bug": ("nothing: it fails for good", ""),
}


class StartError(Exception):
    """Why the sandbox or the command could not start, and the code to exit with."""

    def __init__(self, words: str, exit_code: int = 1) -> None:
        super().__init__(words)
        self.exit_code = exit_code


def run(
    sandbox: Sandbox, port: int, *, webhooks_to: str | None = None, command: Sequence[str] = ()
) -> int:
    """Serve until a signal comes, or until a command has ended.

    Args:
        sandbox: What to serve; it is started and stopped here.
        port: The port it listens on, for the words about one that is taken.
        webhooks_to: Where to send webhooks.
        command: The command to run with the addresses and tokens in its environment. What is said
            goes to the standard error then, as the standard output is the command's.

    Returns:
        The exit code: that of the command, as a shell gives it, or else 0.

    Raises:
        StartError: The port is taken, the host is none of this machine, there is no such command,
            or `webhooks_to` is no address.
    """
    _start(sandbox, port)
    try:
        if webhooks_to is not None:
            _send_webhooks(sandbox, webhooks_to)
        console = Console(stderr=bool(command), highlight=False, markup=False, emoji=False)
        _introduce(sandbox, console, webhooks_to)
        if command:
            return _run_command(command, sandbox.environment)
        console.print("Press Ctrl-C to stop.")
        _wait_for_signal()
        console.print("\nThe sandbox has stopped.")
        return 0
    finally:
        sandbox.stop()


def _start(sandbox: Sandbox, port: int) -> None:
    try:
        sandbox.start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            words = f"Port {port} is taken: choose another one with --port, or any free one with 0."
        else:
            words = f"The sandbox can not listen there: {error.strerror or error}"
        raise StartError(words) from None


def _send_webhooks(sandbox: Sandbox, address: str) -> None:
    try:
        sandbox.send_webhooks_to(address)
    except ValueError:
        words = "--webhooks-to needs an absolute address without a query."
        raise StartError(words, 2) from None


def _introduce(sandbox: Sandbox, console: Console, webhooks_to: str | None) -> None:
    origin = sandbox.base_url.removesuffix("/2.0")
    console.print("A Powens of your own: banks and people are invented, and no money moves.\n")
    addresses = {
        "API": sandbox.base_url,
        "Webview": sandbox.webview_url,
        "Controls": f"{origin}/sandbox/",
        **({} if webhooks_to is None else {"Webhooks to": webhooks_to}),
    }
    for name, address in addresses.items():
        console.print(f"{name:<12}{address}", soft_wrap=True)
    console.print()
    for name, value in sandbox.environment.items():
        console.print(f"{name}={value}", soft_wrap=True)
    console.print()
    table = Table(box=None, pad_edge=False, title="Test banks", title_justify="left")
    for heading in ("Bank", "Country", "Asks for", "Answer"):
        table.add_column(heading, justify="left")
    for bank in BANKS:
        if not bank.hidden:
            asks, answer = _ASKS[bank.start]
            if bank.regions:
                asks, answer = "a region", "any"
            table.add_row(bank.name, COUNTRIES[bank.country], asks, answer)
    console.print(table)
    console.print(
        "Any login and password will do; the password wrongpass is refused. For payments the code "
        "is 1234.\n"
    )


def _wait_for_signal() -> None:
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in _SIGNALS:
        signal.signal(number, end)
    while not ended.wait(0.5):  # some systems do not interrupt a wait without a limit
        pass


def _run_command(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command to its end, with the signals that come here; nothing of it is left over."""
    # The variable of another domain, next to the address of this one, would be a contradiction.
    inherited = {name: value for name, value in os.environ.items() if name != "POWENS_DOMAIN"}
    child: _Child | None = None
    early: list[int] = []

    def forward(number: int, _frame: FrameType | None) -> None:
        if child is None:
            early.append(number)
        else:
            child.hear(number)

    for number in _SIGNALS:
        signal.signal(number, forward)
    try:
        child = _Child(command, {**inherited, **environment})
    except OSError as error:
        is_absent = isinstance(error, FileNotFoundError)
        words = f"{command[0]}: {error.strerror or error}"
        raise StartError(words, 127 if is_absent else 126) from None
    try:
        for missed in early:
            child.hear(missed)
        return child.wait()
    finally:
        child.end()


class _Child:
    """A command that runs, with whatever it has started.

    In the foreground of a terminal it stays in our group of processes: it may read what is typed,
    and Ctrl-C reaches it as it reaches us. Elsewhere it has a group of its own, so that signals
    reach all of it.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._in_terminal = _is_foreground()
        own_group = sys.platform != "win32" and not self._in_terminal
        self._process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 - its purpose
            command, env=environment, process_group=0 if own_group else None
        )

    def hear(self, number: int) -> None:
        """Let it have a signal, unless the terminal has sent it to both of us."""
        if not (self._in_terminal and number == signal.SIGINT):
            self._send(number)

    def wait(self) -> int:
        """Its exit code; that of a signal is 128 more than the signal, as in a shell."""
        code = self._process.wait()
        return code if code >= 0 else 128 - code

    def end(self) -> None:
        """Make sure that it has ended, and what it started as well."""
        self._send(signal.SIGTERM)
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if sys.platform != "win32" and not self._in_terminal:
            until = time.monotonic() + _GRACE
            while self._send(0) and time.monotonic() < until:
                time.sleep(0.02)  # nothing tells when a group of processes is gone
            self._send(signal.SIGKILL)

    def _send(self, number: int) -> bool:
        """Send a signal; whether there was anything to send it to. 0 is none, and only asks."""
        try:
            if sys.platform != "win32" and not self._in_terminal:
                os.killpg(self._process.pid, number)
            else:
                self._process.send_signal(number)
        except (ProcessLookupError, PermissionError):
            return False
        return True


def _is_foreground() -> bool:
    if sys.platform == "win32" or not sys.stdin.isatty():
        return False
    return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
