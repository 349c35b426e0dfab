"""Forms with files in them: `multipart/form-data`."""

import re
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from typing import Final

from powens.sandbox.wire import ApiError

MEDIA_TYPE: Final = "multipart/form-data"

_BOUNDARY: Final = re.compile(r'boundary=(?:"([^"]+)"|([^\s;]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a form, or that is given back."""

    name: str
    media_type: str
    content: bytes


def is_form(content_type: str) -> bool:
    """Whether a body of that type is such a form."""
    return content_type.partition(";")[0].strip().lower() == MEDIA_TYPE


def read_form(content_type: str, raw: bytes) -> tuple[dict[str, str], dict[str, File]]:
    """The values and the files of a form, by name."""
    values: dict[str, str] = {}
    files: dict[str, File] = {}
    for part in _parts(content_type, raw):
        head, blank_line, content = part.partition(b"\r\n\r\n")
        headers = message_from_string(_text(head).lstrip())
        name = headers.get_param("name", header="content-disposition")
        if not blank_line or not isinstance(name, str) or "\0" in name:
            raise _refused()
        if headers.get_filename() is None:
            values[name] = _text(content)
        else:
            files[name] = _file(headers, content)
    return values, files


def _parts(content_type: str, raw: bytes) -> list[bytes]:
    match = _BOUNDARY.search(content_type)
    if match is None:
        raise _refused()
    boundary = (match[1] or match[2]).encode()
    _, *parts = (b"\r\n" + raw).split(b"\r\n--" + boundary)
    if not parts or not parts.pop().startswith(b"--"):
        raise _refused()
    return parts


def _file(headers: Message, content: bytes) -> File:
    name = (headers.get_filename() or "").replace("\0", "")
    return File(name, headers.get_content_type(), content)


def _text(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise _refused() from None
    if "\0" in text:
        raise _refused()
    return text


def _refused() -> ApiError:
    return ApiError(400, "invalidValue", "The body is not a valid form")
