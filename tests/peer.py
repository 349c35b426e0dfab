"""A server that says what it is told, byte for byte, over real sockets."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from typing import Self

DRAIN = 1 << 16


class GoneError(Exception):
    """The client left, or the peer is stopped."""


class Visit:
    """A connection, and the request that came last on it."""

    def __init__(self, conn: socket.socket, peer: Peer) -> None:
        self.conn = conn
        self.peer = peer
        self.line = ""
        self.headers: dict[str, str] = {}
        self.body = b""
        self.is_open = True
        self._unread = b""

    @property
    def method(self) -> str:
        """The verb."""
        return self.line.split(" ")[0]

    @property
    def target(self) -> str:
        """The path and query below the base URL."""
        return self.line.split(" ")[1].removeprefix("/2.0")

    @property
    def token(self) -> str | None:
        """The token it came with."""
        header = self.headers.get("authorization")
        return None if header is None else header.removeprefix("Bearer ")

    def receive(self) -> bool:
        """Read a request; whether there was one."""
        try:
            head = self._until(b"\r\n\r\n")
            self.line, *lines = head.decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in lines)
            self.headers = {name.lower(): value.strip() for name, _, value in pairs}
            length = int(self.headers.get("content-length", 0)) if self.peer.reads_bodies else 0
            while len(self._unread) < length:
                self._more()
            self.body, self._unread = self._unread[:length], self._unread[length:]
        except (GoneError, OSError):
            return False
        return True

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        try:
            self.conn.sendall(data)
        except OSError:
            raise GoneError from None

    def head(self, status: int = 200, **headers: object) -> bytes:
        """The head of an answer, to send when it is time."""
        return head(status, **headers)

    def answer(self, content: object, status: int = 200, **headers: object) -> None:
        """Send a whole answer; what is no bytes is made JSON."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send(head(status, content_length=len(body), **headers) + body)

    def drip(self, data: bytes, interval: float) -> None:
        """Send byte by byte, for as long as the client stays."""
        for byte in data:
            self.send(bytes([byte]))
            self.pause(interval)

    def pause(self, seconds: float) -> None:
        """Wait, unless the client leaves first."""
        if select.select([self.conn], [], [], seconds)[0]:
            raise GoneError

    def hang(self) -> None:
        """Say nothing any more, until the client leaves."""
        with contextlib.suppress(OSError):
            while self.conn.recv(DRAIN):
                pass
        raise GoneError

    def wait_for_the_end(self) -> None:
        """Neither speak nor listen any more, until the peer is stopped."""
        self.peer.stopped.wait()
        raise GoneError

    def close(self) -> None:
        """End the connection politely."""
        self.is_open = False

    def reset(self) -> None:
        """End the connection with a reset."""
        self.conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.is_open = False

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._unread:
            self._more()
        found, _, self._unread = self._unread.partition(mark)
        return found

    def _more(self) -> None:
        data = self.conn.recv(DRAIN)
        if not data:
            raise GoneError
        self._unread += data


def head(status: int = 200, **headers: object) -> bytes:
    """The head of an answer; `_` in the name of a header stands for `-`."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status} OK", *lines, "", ""]).encode("latin-1")


class Peer:
    """Serves each request by a script, each connection in a thread of its own.

    Args:
        script: What to do for a request.
        tls: Context to speak TLS with.
    """

    def __init__(
        self, script: Callable[[Visit], None], *, tls: ssl.SSLContext | None = None
    ) -> None:
        self.script = script
        self.tls = tls
        self.requests: list[tuple[str, str, str | None]] = []
        self.connections = 0
        self.reads_bodies = True
        self.stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._left = threading.Condition(self._lock)
        self.visited = threading.Event()

    @property
    def base_url(self) -> str:
        """What to make a client with."""
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}/2.0"

    @property
    def open_connections(self) -> int:
        """How many connections there are now."""
        with self._lock:
            return len(self._open)

    def wait_until_left(self) -> None:
        """Wait until there is no connection any more."""
        with self._left:
            assert self._left.wait_for(lambda: not self._open, 10)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        with self._lock:
            for conn in self._open:
                with contextlib.suppress(OSError):
                    conn.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    def _start(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.add(conn)
            self.visited.set()
            self._start(self._serve, conn)

    def _serve(self, raw: socket.socket) -> None:
        conn = raw
        try:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls is not None:
                conn = self.tls.wrap_socket(raw, server_side=True)
                with self._lock:
                    self._open.discard(raw)
                    self._open.add(conn)
            visit = Visit(conn, self)
            while visit.is_open and visit.receive():
                with self._lock:
                    self.requests.append((visit.method, visit.target, visit.token))
                self.script(visit)
        except (GoneError, OSError):
            pass
        finally:
            conn.close()
            raw.close()
            with self._lock:
                self._open.discard(conn)
                self._open.discard(raw)
                self._left.notify_all()
