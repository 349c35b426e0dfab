"""The recipes of docs/circuit-breakers.md as modules, and a Redis of our own.

These tests need `redis-server` on the PATH and the dependency group `soak`; run
`nox -s soak`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from redis import Redis
from redis.exceptions import RedisError

PAGE = Path(__file__).parents[2] / "docs" / "circuit-breakers.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class RedisServer:
    """A `redis-server` that keeps nothing, to be stopped and started at will."""

    def __init__(self, program: str, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._program = program
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.redis = Redis.from_url(self.url)

    def start(self) -> None:
        """Start it empty, and wait until it answers."""
        command = (
            f"{self._program} --port {self.port} --bind 127.0.0.1 --save '' --appendonly no "
            f"--dir {self._folder} --logfile redis.log"
        )
        self._process = subprocess.Popen(["sh", "-c", f"exec {command}"])
        deadline = time.monotonic() + 20
        while not self._answers():
            assert time.monotonic() < deadline, "redis-server does not answer"
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._process.wait(0.05)
                raise AssertionError(
                    f"redis-server ended with {code}: see its log in {self._folder}"
                )

    def _answers(self) -> bool:
        try:
            return self.redis.ping()
        except RedisError:
            return False

    def stop(self) -> None:
        """End it, with all that it holds."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self.redis.close()

    def signal(self, number: int) -> None:
        """Send it a signal, such as the one that makes it hang."""
        self._process.send_signal(number)

    def let_the_rest_pass(self) -> None:
        """Do to the keys what an hour would: the breaker opened long ago, probes are expired."""
        for key in list(self.redis.scan_iter()):
            if self.redis.pttl(key) > 0:
                self.redis.delete(key)
            elif key.endswith(b":opened_at"):
                self.redis.decrby(key, 3600)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis without persistence on a free port of this machine."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.fail("redis-server is not on the PATH: install it (Debian: redis-server)")
    server = RedisServer(program, tmp_path)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def page() -> str:
    """All Python of the page, as one program."""
    return "\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))


@pytest.fixture
def recipe(tmp_path: Path) -> Callable[[str], ModuleType]:
    """Function that makes a module, in `tmp_path`, of the block that defines a class."""

    def load(name: str) -> ModuleType:
        text = PAGE.read_text(encoding="utf-8")
        (block,) = [block for block in BLOCK.findall(text) if f"class {name}:" in block]
        path = tmp_path / f"{name}.py"
        path.write_text(block, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load
