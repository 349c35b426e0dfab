"""The body of an answer as it comes: unpacked, and within bounds."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

ACCEPTED_ENCODING: Final = "gzip"
UNREADABLE: Final = "the answer cannot be unpacked"

_PLAIN: Final = {"", "identity"}
_GZIP: Final = {"gzip", "x-gzip"}
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
# However much a piece unpacks to, no more than this is held at a time.
_PIECE: Final = 1 << 20


class BodyError(ValueError):
    """The body cannot be taken; the text says why, and holds nothing of it."""


class Body:
    """Takes the pieces of one body.

    Args:
        encoding: The `Content-Encoding` of the answer.
        limit: Most bytes that it may have, unpacked; None is no limit.

    Raises:
        BodyError: The encoding was not asked for.
    """

    def __init__(self, encoding: str, limit: int | None) -> None:
        self._encoding = encoding.strip().lower()
        if self._encoding not in _PLAIN | _GZIP:
            raise BodyError("the answer has an encoding that was not asked for")
        self._limit = limit
        self._received = 0
        self._unpacked = 0
        self._gzip = zlib.decompressobj(_GZIP_WINDOW)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take a piece as it came, and give what it holds.

        Raises:
            BodyError: It cannot be unpacked, or there is more than the limit.
        """
        self._received = self._count(self._received, data)
        for piece in self._unpack(data) if self._encoding in _GZIP else (data,):
            self._unpacked = self._count(self._unpacked, piece)
            yield piece

    def finish(self) -> None:
        """Say that this was all.

        Raises:
            BodyError: It was not: the end is missing.
        """
        if self._encoding in _GZIP and self._received and not self._gzip.eof:
            raise BodyError(UNREADABLE)

    def _unpack(self, data: bytes) -> Iterator[bytes]:
        while data:
            try:
                piece = self._gzip.decompress(data, _PIECE)
            except zlib.error:
                raise BodyError(UNREADABLE) from None
            if self._gzip.unused_data:
                raise BodyError(UNREADABLE)
            data = self._gzip.unconsumed_tail
            yield piece

    def _count(self, size: int, piece: bytes) -> int:
        size += len(piece)
        if self._limit is not None and size > self._limit:
            raise BodyError(f"the answer has more than {self._limit} bytes: see max_response_size")
        return size
