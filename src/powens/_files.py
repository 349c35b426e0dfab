"""Where downloads go: a path, which gets a whole file or none, or a file object of the caller."""

from __future__ import annotations

import errno
import io
import os
import tempfile
from pathlib import Path
from typing import BinaryIO, Protocol, cast

Target = str | os.PathLike[str] | BinaryIO


class Sink(Protocol):
    """What a download is written to. The methods may block."""

    size: int

    @property
    def can_restart(self) -> bool:
        """Whether a download that was cut can begin again."""
        ...

    def restart(self) -> None:
        """Forget what was written, if anything was."""
        ...

    def write(self, data: bytes) -> None:
        """Add a piece."""
        ...

    def commit(self) -> None:
        """Keep what was written: it is whole."""
        ...

    def discard(self) -> None:
        """Leave nothing behind, as far as that is possible. Never fails."""
        ...


def open_sink(target: Target) -> Sink:
    """Prepare to write to a path or a file object.

    Raises:
        TypeError: It is neither.
        OSError: There is no writing to that folder, or something else than a file is there.
    """
    if isinstance(target, (str, os.PathLike)):
        return PathSink(Path(target))
    given: object = target
    if isinstance(given, io.TextIOBase) or not callable(getattr(given, "write", None)):
        raise TypeError("to must be a path or a binary file object")
    return FileObjectSink(target)


class PathSink:
    """A file that takes its name when it is whole, and that only its owner can read."""

    can_restart = True

    def __init__(self, path: Path) -> None:
        # What a link leads to is replaced, not the link; a folder or a device never is.
        path = path.resolve()
        if path.exists() and not path.is_file():
            raise FileExistsError(errno.EEXIST, "this is no file that could be replaced", str(path))
        self.size = 0
        self._path = path
        descriptor, part = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name[:64]}.", suffix=".part"
        )
        self._part = Path(part)
        self._file = os.fdopen(descriptor, "wb")

    def restart(self) -> None:
        """Empty the file."""
        self._file.seek(0)
        self._file.truncate()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Add a piece."""
        self._file.write(data)
        self.size += len(data)

    def commit(self) -> None:
        """Put the file in its place."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._path)

    def discard(self) -> None:
        """Remove the file."""
        try:
            self._file.close()
            self._part.unlink(missing_ok=True)
        except OSError:
            # What failed before is what the caller has to know.
            pass


class FileObjectSink:
    """A file object of the caller: what is written to it cannot be taken back."""

    def __init__(self, file: BinaryIO) -> None:
        self.size = 0
        self._file = file

    @property
    def can_restart(self) -> bool:
        """Whether nothing was written yet."""
        return self.size == 0

    def restart(self) -> None:
        """Do nothing: it is only done while nothing was written."""

    def write(self, data: bytes) -> None:
        """Add a piece; a raw file may take it in parts."""
        view = memoryview(data)
        while view:
            taken = cast("int | None", self._file.write(view))
            if taken is None:
                raise BlockingIOError("the file object does not take more")
            self.size += taken
            view = view[taken:]

    def commit(self) -> None:
        """Do nothing: closing is up to the caller."""

    def discard(self) -> None:
        """Do nothing: what is written stays."""
