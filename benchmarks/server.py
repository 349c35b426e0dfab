"""A server that is cheap: it answers with bytes that are ready-made, or nearly so.

The first two parts of a path say what it holds and how it answers: below `/5000/20` every user has
5000 transactions, and each answer takes 20 milliseconds. It prints its port, and ends with its
standard input.
"""

from __future__ import annotations

import asyncio
import re
import sys
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qs

import bodies

_TRANSACTIONS: Final = re.compile(r"(/(\d+)/\d+/users/\w+/transactions)(?:\?(.*))?")
_ACCOUNT: Final = re.compile(r"/\d+/\d+/users/\w+/accounts/(\d+)")
_LARGE: Final = re.compile(r"[?&]limit=\d{4}")
_DELAY: Final = re.compile(r"/\d+/(\d+)/")
_HEAD: Final = b"HTTP/1.1 %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"


class _Connection(asyncio.Protocol):
    """One connection, kept alive, with one request at a time."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._received.endswith(b"\r\n\r\n"):
            return
        path = self._received.split(b" ", 2)[1].decode()
        self._received = b""
        answer = _answer(path, self._origin)
        delay = _DELAY.match(path)
        if delay is None or delay[1] == "0":
            self._send(answer)
        else:
            asyncio.get_running_loop().call_later(int(delay[1]) / 1000, self._send, answer)

    def _send(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


def _answer(path: str, origin: str) -> bytes:
    # A large page is made each time. Of a long listing they could not all be kept, and those of a
    # short one would be in the cache of the processor, where they are read faster.
    return _make(path, origin) if _LARGE.search(path) else _keep(path, origin)


@lru_cache(maxsize=128)
def _keep(path: str, origin: str) -> bytes:
    return _make(path, origin)


def _make(path: str, origin: str) -> bytes:
    if found := _ACCOUNT.fullmatch(path):
        body = bodies.account(int(found[1]))
    elif found := _TRANSACTIONS.fullmatch(path):
        query = parse_qs(found[3] or "")
        offset = query.get("cursor") or query.get("offset") or ["0"]
        limit = min(int(query["limit"][0]), 1000)
        link = f"{origin}{found[1]}"
        body = bodies.page(int(offset[0]), limit, int(found[2]), link)
    else:
        return _HEAD % (b"404 Not Found", 2, b"{}")
    return _HEAD % (b"200 OK", len(body), body)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    origin = ""
    server = await loop.create_server(lambda: _Connection(origin), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    async with server:
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
