"""Networks that are slow, or silent, below what a server says."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def unanswered_address() -> Iterator[str]:
    """An address where no attempt to connect is answered: the queue of its listener is full."""
    with contextlib.ExitStack() as sockets:
        listener = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):
            filler = sockets.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@contextlib.contextmanager
def dripping_address(port: int, interval: float) -> Iterator[str]:
    """An address of the server at a port, whose answers come from there byte by byte."""
    with contextlib.ExitStack() as running:
        listener = running.enter_context(socket.create_server(("127.0.0.1", 0)))
        threads: list[threading.Thread] = []
        is_over = threading.Event()

        def carry(near: socket.socket) -> None:
            with near, socket.create_connection(("127.0.0.1", port)) as far:
                near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while not is_over.is_set():
                    ready, _, _ = select.select([near, far], [], [], 0.1)
                    if near in ready:
                        data = near.recv(65_536)
                        if not data:
                            return
                        far.sendall(data)
                    if far in ready:
                        data = far.recv(1)
                        if not data:
                            return
                        near.sendall(data)
                        is_over.wait(interval)

        def carry_quietly(near: socket.socket) -> None:
            with contextlib.suppress(OSError):
                carry(near)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    near, _ = listener.accept()
                    threads.append(threading.Thread(target=carry_quietly, args=(near,)))
                    threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            is_over.set()
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread in threads:
                thread.join()
