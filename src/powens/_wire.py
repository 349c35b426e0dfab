"""Requests and answers without I/O: addresses, queries, error mapping, hints to wait."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import enum
import ipaddress
import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, cast
from urllib.parse import quote, unquote, urljoin, urlsplit

from attrs import evolve, field, frozen

from ._codec import encode, format_datetime, parse_json
from ._model import check_amount
from ._unset import UNSET, Unset
from .exceptions import (
    PowensAuthError,
    PowensBadRequestError,
    PowensConflictError,
    PowensErrorCode,
    PowensHTTPError,
    PowensNotFoundError,
    PowensRateLimitError,
    PowensSerializationError,
    PowensServerError,
    PowensServiceUnavailableError,
)

API_VERSION: Final = "2.0"
API_SUFFIX: Final = "biapi.pro"

_DOMAIN: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_PREFIX: Final = re.compile(r"(?:/[\w.~!$&'()*+,;=:@-]+)*/*", re.ASCII)
_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*", re.ASCII)
_UNSAFE_IN_URL: Final = re.compile(r"[\s\\\x00-\x1f\x7f\ud800-\udfff]")
_NO_BASE_URL: Final = "base_url must look like https://example.biapi.pro/2.0"
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
# Reserved characters that the API wants as they are, in `expand` and in lists.
_RAW_IN_QUERY: Final = ",:[]"
_LONGEST_ERROR: Final = 1 << 20
_SIGN: Final = "sign_response=true"
# Levels of the body of an error that are kept as they are: many more, and it could not be copied.
_DEEPEST: Final = 100

Date = dt.date | str
Expand = str | Iterable[str] | None
Scalar = str | int | float | Decimal | dt.date | enum.Enum
Param = Scalar | Iterable[Scalar] | Unset | None


class TokenUse(enum.Enum):
    """Whether the access token goes with a request."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NEVER = "never"


class Flag(enum.Enum):
    """Value of a query parameter that is sent as a bare name."""

    SET = "set"


@frozen(kw_only=True)
class Upload:
    """A file to send.

    Attributes:
        name: What the file is called.
        content: What is in it.
        media_type: Its type, such as `image/png`.
    """

    name: str
    content: bytes = field(repr=False)
    media_type: str = "application/octet-stream"


@frozen(kw_only=True)
class Request:
    """One call, before it has a token or a host.

    Attributes:
        method: Verb, in upper case.
        path: Path below the base URL, its segments quoted, or a URL that `BaseURL.resolve` gave.
        query: Encoded query, without `?`.
        content: Encoded body, if any.
        upload: A file to send as a form instead, with the values of `form`.
        form: The values that go with it.
        token: Whether the access token goes with it.
        headers: Headers beside those of the client.
        timeout: Seconds for a network step; UNSET is the client's.
        waits_for_bank: The API asks the bank before it answers, which takes minutes at times.
    """

    method: str
    path: str
    query: str = field(default="", repr=False)
    content: bytes | None = field(default=None, repr=False)
    upload: Upload | None = None
    form: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    token: TokenUse = TokenUse.REQUIRED
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    timeout: float | Unset | None = UNSET
    waits_for_bank: bool = False


@frozen(kw_only=True)
class Response:
    """Answer of `client.request`: the status, the headers and the body as it came.

    Attributes:
        status_code: Status, always a 2xx.
        headers: Headers, names in lower case.
        content: The body.
    """

    status_code: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    def json(self) -> object:
        """Decode the body; numbers with a point are exact Decimals.

        Raises:
            PowensSerializationError: The body is not JSON.
        """
        return parse_json(self.content)


@frozen
class BaseURL:
    """Where the API is, and the only place that the access token is sent to.

    Attributes:
        origin: Scheme, host and port.
        prefix: Path that all endpoints begin with, without a slash at its end.
    """

    origin: str
    prefix: str

    @classmethod
    def parse(cls, url: str) -> BaseURL:
        """Check and split a base URL.

        Raises:
            ValueError: It is no absolute http(s) URL, carries more than a place, or is plain
                http to another machine.
        """
        try:
            parts = urlsplit(url)
            origin = _origin(url)
            host = parts.hostname or ""
            is_place = parts.scheme in _DEFAULT_PORTS and _is_host(host)
        except ValueError:
            raise ValueError(_NO_BASE_URL) from None
        if not is_place or _UNSAFE_IN_URL.search(url):
            raise ValueError(_NO_BASE_URL)
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError("base_url must hold no credentials, query or fragment")
        if parts.scheme == "http" and not _is_loopback(host):
            raise ValueError("base_url must be https: plain http would show the token to everyone")
        _refuse_dot_segments(parts.path)
        if not _PREFIX.fullmatch(parts.path):
            raise ValueError(_NO_BASE_URL)
        prefix = parts.path.rstrip("/")
        if not prefix and host.endswith(f".{API_SUFFIX}"):
            raise ValueError(f"base_url must end with the version of the API, /{API_VERSION}")
        return cls(origin, prefix)

    @classmethod
    def of(cls, *, base_url: str | None, domain: str | None) -> BaseURL:
        """Find the base URL from one of the two ways to give it.

        Raises:
            TypeError: It is no text.
            ValueError: Neither or both are given, or the one given is not valid.
        """
        if (base_url is None) == (domain is None):
            raise ValueError("give either domain or base_url")
        given = base_url if domain is None else domain
        if not isinstance(given, str):
            raise TypeError("domain and base_url must be a str")
        if domain is None:
            return cls.parse(given)
        name = given.strip().lower().removesuffix(f".{API_SUFFIX}")
        if not _DOMAIN.fullmatch(name):
            raise ValueError('domain must look like "example" or "example.biapi.pro"')
        return cls(f"https://{name}.{API_SUFFIX}", f"/{API_VERSION}")

    @property
    def host(self) -> str:
        """Host, with the port unless it is the usual one."""
        return self.origin.partition("://")[2]

    def url(self, request: Request) -> str:
        """Give the whole address of a request."""
        path = request.path
        address = f"{self.origin}{self.prefix}{path}" if path.startswith("/") else path
        mark = "&" if "?" in address else "?"
        return f"{address}{mark}{request.query}" if request.query else address

    def resolve(self, href: str, *, seen_from: str = "") -> str:
        """Turn a link of the API into a whole address.

        Args:
            href: Absolute or relative link.
            seen_from: Address of the answer that held it.

        Raises:
            ValueError: It leads outside of the base URL, where the token must not go.
        """
        try:
            url = urljoin(seen_from or f"{self.origin}{self.prefix}/", href)
            parts = urlsplit(url)
            origin = _origin(url)
        except ValueError:
            raise ValueError("it is no valid link") from None
        if _UNSAFE_IN_URL.search(href) or parts.username is not None or origin != self.origin:
            raise ValueError("it leads to another host")
        if not parts.path.startswith(f"{self.prefix}/"):
            raise ValueError("it leads outside of the base URL")
        _refuse_dot_segments(parts.path)
        return f"{self.origin}{parts.path}{f'?{parts.query}' if parts.query else ''}"


def make_request(
    method: str,
    path: str,
    *,
    params: Mapping[str, Param] | None = None,
    body: object = UNSET,
    upload: Upload | None = None,
    form: Mapping[str, Param] | None = None,
    token: TokenUse = TokenUse.REQUIRED,
    waits_for_bank: bool = False,
) -> Request:
    """Put a request together; what is None or UNSET among the parameters stays out of it.

    Raises:
        TypeError: There is no JSON for a value of the body.
        ValueError: A number in the body is not finite.
    """
    return Request(
        method=method,
        path=path,
        query=encode_query(params or {}),
        content=None if body is UNSET else encode(body),
        upload=upload,
        form=as_form(form or {}),
        token=token,
        waits_for_bank=waits_for_bank,
    )


def build_path(*segments: str | int) -> str:
    """Join segments to a path; each stays one segment, whatever it holds.

    Raises:
        TypeError: A segment is neither text nor a number.
        ValueError: A segment is empty, or would climb up the path.
    """
    return "".join(f"/{_quote_segment(segment)}" for segment in segments)


def encode_query(params: Mapping[str, Param]) -> str:
    """Encode query parameters, leaving out those that are None or UNSET."""
    pairs = ((_quote(name, safe="._"), value) for name, value in params.items())
    return "&".join(
        name if value is Flag.SET else f"{name}={_quote(_spell(value), safe=_RAW_IN_QUERY)}"
        for name, value in pairs
        if value is not None and not isinstance(value, Unset)
    )


def as_form(values: Mapping[str, Param]) -> dict[str, str]:
    """Spell the values of a form, leaving out those that are None or UNSET."""
    return {
        name: _spell(value)
        for name, value in values.items()
        if value is not None and not isinstance(value, (Unset, Flag))
    }


def as_texts(values: Mapping[str, object]) -> dict[str, str | None]:
    """Spell settings the way the API keeps them: as text, a bool as `1` or `0`.

    Raises:
        TypeError: A value is neither text nor a number nor a bool.
    """
    return {name: _as_text(name, value) for name, value in values.items()}


def ask_for_signature(request: Request) -> Request:
    """Ask for a signed answer, unless the request does already."""
    query = f"{request.query}&{request.path.partition('?')[2]}"
    if _SIGN in query.split("&"):
        return request
    return evolve(request, query=f"{request.query}&{_SIGN}" if request.query else _SIGN)


def day(value: Date | None) -> str | None:
    """Spell a bound of a listing; text such as `2026-01` goes as it is."""
    if isinstance(value, dt.datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, dt.date) else value


def flag(on: bool) -> Flag | None:
    """Give the parameter of a value-less flag such as `all`."""
    return Flag.SET if on else None


def error_of(
    *, status: int, headers: Mapping[str, str], content: bytes, method: str, url: str
) -> PowensHTTPError:
    """Make the exception of an answer that is no success. The body may be anything.

    What is too long for an error stays text: as JSON it may take thirty times the memory, for as
    long as somebody keeps the exception.
    """
    text = content.decode("utf-8", "replace") or None
    body: object = text
    if len(content) <= _LONGEST_ERROR:
        with contextlib.suppress(PowensSerializationError):
            body = parse_json(content)
    kept = text if _is_deeper(body, _DEEPEST) else body
    fields = cast("dict[str, object]", body) if isinstance(body, dict) else {}
    return _error_class(status)(
        status_code=status,
        error_code=_error_code(_text(fields.get("code"))),
        error_description=_text(fields.get("description")),
        error_message=_text(fields.get("message")),
        request_id=_text(fields.get("request_id")),
        response_body=kept,
        request_method=method,
        request_url=url,
        headers=headers,
        retry_after=parse_retry_after(headers.get("retry-after"), now=dt.datetime.now(dt.UTC)),
    )


def parse_retry_after(value: str | None, *, now: dt.datetime) -> float | None:
    """Read `Retry-After`, in seconds or as an HTTP date; None when it says nothing useful."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = email.utils.parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        seconds = max((moment - now).total_seconds(), 0.0)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _quote_segment(segment: object) -> str:
    if isinstance(segment, bool) or not isinstance(segment, (str, int)):
        raise TypeError(f"an id must be an int or a str, not {type(segment).__name__}")
    text = str(segment)
    if text in {"", ".", ".."}:
        raise ValueError("an id must not be empty, and is no way up the path")
    return _quote(text, safe="")


def _quote(text: str, *, safe: str) -> str:
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError:  # it shows the text
        raise ValueError("a text holds half a character, which cannot be sent") from None


def _spell(value: Scalar | Iterable[Scalar]) -> str:  # noqa: PLR0911 - one for each kind
    match value:
        case enum.Enum():
            return str(value.value)
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case dt.datetime():
            return format_datetime(value)
        case dt.date():
            return value.isoformat()
        case int():
            return str(value)
        case float() | Decimal():
            return format(check_amount(Decimal(str(value))), "f")
        case _:
            return ",".join(_spell(item) for item in value)


def _as_text(name: str, value: object) -> str | None:
    match value:
        case None | str():
            return value
        case bool():
            return str(int(value))
        case int() | Decimal():
            return str(value)
        case _:
            raise TypeError(f"{name} must be a str, a number or a bool")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    suffix = "" if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{port}"
    return f"{parts.scheme}://{host}{suffix}"


def _is_host(host: str) -> bool:
    """Whether `host` is a name or an address that every parser of URLs understands alike."""
    if ":" in host:
        return ipaddress.IPv6Address(host).scope_id is None
    return _HOST.fullmatch(host) is not None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_dot_segments(path: str) -> None:
    if {".", ".."} & set(re.split(r"[/\\]", unquote(path))):
        raise ValueError("it climbs up the path")


def _error_class(status: int) -> type[PowensHTTPError]:
    if status in _ERRORS:
        return _ERRORS[status]
    return PowensServerError if status >= 500 else PowensHTTPError  # noqa: PLR2004 - the first 5xx


def _error_code(code: str | None) -> PowensErrorCode | str | None:
    try:
        return PowensErrorCode(code or "")
    except ValueError:
        return code


def _is_deeper(data: object, levels: int) -> bool:
    """Whether decoded JSON has more levels than that."""
    match data:
        case dict():
            inner: Iterable[object] = cast("dict[str, object]", data).values()
        case list():
            inner = cast("list[object]", data)
        case _:
            inner = ()
    return levels < 0 or any(_is_deeper(item, levels - 1) for item in inner)


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None


_ERRORS: Final[dict[int, type[PowensHTTPError]]] = {
    400: PowensBadRequestError,
    401: PowensAuthError,
    403: PowensAuthError,
    404: PowensNotFoundError,
    409: PowensConflictError,
    429: PowensRateLimitError,
    503: PowensServiceUnavailableError,
}
