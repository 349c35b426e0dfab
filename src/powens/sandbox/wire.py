"""What crosses the wire: JSON whose numbers keep their digits, request bodies, error bodies."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qsl

JsonObject: TypeAlias = dict[str, Any]

_MARKED_NUMBER = re.compile(r'"\\u0000([^"]+)"')


class ApiError(Exception):
    """A refusal of the API, with everything its error body needs."""

    def __init__(
        self, status: int, code: str, description: str, message: str | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.description = description
        self.message = message

    def body(self, request_number: int) -> JsonObject:
        """The error envelope. Its request id is text next to a 401 and a number elsewhere."""
        unauthorized = self.code == "unauthorized"
        body: JsonObject = {"code": self.code, "description": self.description}
        if self.message is not None:
            body["message"] = self.message
        body["request_id"] = f"{request_number:012x}" if unauthorized else 700_000 + request_number
        return body


def bad_value(name: str) -> ApiError:
    """The refusal of a value; the value itself is never repeated, it may be a secret."""
    return ApiError(400, "invalidValue", f"The value of '{name}' is not valid")


def missing(name: str) -> ApiError:
    """The refusal of a request that lacks a parameter."""
    return ApiError(400, "missingParameter", f"The parameter '{name}' is missing")


def not_found(what: str) -> ApiError:
    """The answer for what does not exist, or not for this user."""
    return ApiError(404, "notFound", f"{what} not found")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler gives back: a status and what to write as JSON (or a place to go)."""

    status: int
    payload: JsonObject | list[JsonObject] | None = None
    location: str | None = None


def dump(value: object) -> bytes:
    """JSON with each Decimal written digit for digit (`-38.90`, `0E-10`).

    The C encoder of the standard library cannot write such a number, so it writes a marked string
    and the mark is taken off afterwards. `read_body` keeps the mark out of what clients send.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_mark)
    return _MARKED_NUMBER.sub(r"\1", text).encode()


def _mark(value: object) -> str:
    if isinstance(value, Decimal):
        return f"\0{value}"
    msg = f"no JSON form for {type(value).__name__}"
    raise TypeError(msg)


def read_body(content_type: str, raw: bytes) -> JsonObject:
    """The fields of a JSON or form-encoded request body."""
    if not raw.strip():
        return {}
    refused = ApiError(400, "invalidValue", "The body is not a valid object")
    if b"\0" in raw or b"\\u0000" in raw or b"%00" in raw:
        raise refused
    try:
        if content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
            return dict(parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=True))
        parsed = parse_json(raw)
    except ValueError:
        raise refused from None
    return as_object("body", parsed)


def as_object(name: str, value: object) -> JsonObject:
    """A JSON object, or the refusal of what is none."""
    if not isinstance(value, dict):
        raise bad_value(name)
    return cast("JsonObject", value)


def parse_json(raw: bytes) -> Any:
    """Strict JSON: no NaN, and numbers as they are written. What is no JSON is a ValueError."""
    try:
        return json.loads(raw, parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse_constant(name: str) -> object:
    raise ValueError(name)
