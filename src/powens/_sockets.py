"""Sockets that never block, and that may be forgotten."""

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, Final, TypeAlias

# Unlike epoll it needs no file of its own; unlike select it takes any number of them.
Selector: Final[type[selectors.BaseSelector]] = getattr(
    selectors, "PollSelector", selectors.SelectSelector
)

# Family, kind and protocol of a socket, a name that nobody asks for, and where to connect it to.
Addresses: TypeAlias = Sequence[tuple[int, int, int, str, tuple[Any, ...]]]

_UNDER_WAY: Final = {errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN}


class Socket(socket.socket):
    """A socket that closes without a warning when it is forgotten, as a pool that is may be."""

    # That of C: it works on a socket that could not be opened, and nothing can interrupt it.
    __del__ = socket.SocketType.close


def look_up(host: str, port: int) -> Future[Addresses]:
    """Begin to look up the addresses of a host; cancelling it wakes who waits."""

    def ask() -> None:
        answer: Addresses | Exception
        try:
            answer = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except Exception as error:  # noqa: BLE001 - it belongs to who waits for it
            answer = error
        if not found.set_running_or_notify_cancel():
            return
        if isinstance(answer, Exception):
            found.set_exception(answer)
        else:
            found.set_result(answer)

    # Nothing can interrupt the resolver of the system. A thread that it keeps is left behind.
    found: Future[Addresses] = Future()
    threading.Thread(target=ask, name="powens-look-up", daemon=True).start()
    return found


def open_socket(family: int, kind: int, protocol: int) -> Socket:
    """Make a socket that never blocks.

    Raises:
        OSError: The system has none to give.
    """
    sock = Socket(family, kind, protocol)
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def begin_connecting(sock: socket.socket, address: tuple[Any, ...]) -> bool:
    """Begin to connect; whether that is already done.

    Raises:
        OSError: It failed at once.
    """
    code = sock.connect_ex(address)
    if code in _UNDER_WAY:
        return False
    _check(code)
    return True


def finish_connecting(sock: socket.socket) -> None:
    """Find out how it went, once the socket is writable.

    Raises:
        OSError: It failed.
    """
    _check(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))


def is_readable(sock: socket.socket) -> bool:
    """Whether there is something to read right now, if only the end."""
    with Selector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def hang_up(sock: socket.socket) -> None:
    """End a connection that others are waiting on: they wake up, and close it."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _check(code: int) -> None:
    if code:
        raise OSError(code, os.strerror(code))
