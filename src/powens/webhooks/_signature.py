"""Whether a webhook is from Powens: its signature, and the bounds of its body."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias, cast

from .._body import Body, BodyError
from .._checks import check_count, check_kind, check_seconds
from ..exceptions import PowensWebhookError

SIGNATURE_HEADER: Final = "BI-Signature"
DATE_HEADER: Final = "BI-Signature-Date"
MAX_SIZE: Final = 32 * 1024 * 1024
"""Most bytes of a body, unpacked, unless said otherwise: a first synchronisation has several MB."""

Secret: TypeAlias = str | Sequence[str]
"""`secret_key` of an auth provider, or several of them while one replaces the other."""

HeaderValue: TypeAlias = str | Sequence[str] | None
"""A header: its value, all its values, or None where it is missing."""

_GZIP: Final = b"\x1f\x8b"  # nothing that JSON could begin with
# Without an offset at its end, digits could be moved from the date into the body.
_DATE: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)


def verify(
    secret: Secret,
    *,
    path: str,
    date: HeaderValue,
    signature: HeaderValue,
    body: bytes,
    method: str = "POST",
    max_age: float | None = None,
    max_size: int = MAX_SIZE,
) -> None:
    """Check that a webhook is signed with a secret that only Powens knows.

    Args:
        secret: `secret_key` of the auth provider; several while one replaces the other.
        path: Path of the registered URL, as it stands in the console: behind a proxy that rewrites
            paths it is another one than that of the request.
        date: Header `BI-Signature-Date`, as it came; all its values where the framework has them.
        signature: Header `BI-Signature`, likewise.
        body: The body as it came, byte for byte. One in gzip may be signed packed or unpacked.
        method: Method of the request.
        max_age: Most seconds between the date and now, on either side. It is not documented whether
            a webhook that is sent again has a new date: by default any date will do.
        max_size: Most bytes that the body may have, also when it is unpacked.

    Raises:
        PowensWebhookError: The webhook is refused. The text is for you; tell the sender nothing.
        TypeError: An argument is of the wrong type.
        ValueError: There is no secret, or an argument makes no sense.
    """
    keys = read_secret(secret)
    check_path(path)
    check_kind("method", method, str)
    check_body(body, max_size)
    check_seconds("max_age", max_age)
    date_sent = _only(DATE_HEADER, date)
    digest = _read_signature(_only(SIGNATURE_HEADER, signature))
    _check_date(date_sent, max_age)
    head = f"{method.upper()}.{path}.{date_sent}.".encode(errors="surrogatepass")
    if not any(_is_signed(keys, head + form, digest) for form in _forms(body, max_size)):
        raise PowensWebhookError(
            "the signature does not hold: it was made with another secret, for another path, or"
            " for another body"
        )


def read_secret(secret: Secret) -> tuple[bytes, ...]:
    """Give the keys to check with.

    Raises:
        TypeError: It is no text.
        ValueError: There is none, or it is empty or no valid Unicode.
    """
    if not isinstance(cast("object", secret), Iterable):
        raise TypeError("secret must be a str, or several")
    secrets = (secret,) if isinstance(secret, str) else tuple(secret)
    for each in secrets:
        check_kind("secret", each, str)
    if not all(secrets) or not secrets:
        raise ValueError("secret must not be empty: without it anybody could send webhooks")
    try:
        return tuple(each.encode() for each in secrets)
    except UnicodeEncodeError:  # it holds the text
        raise ValueError("secret must be valid Unicode") from None


def check_path(path: str) -> None:
    """Refuse what is no path.

    Raises:
        TypeError: It is no text.
        ValueError: It does not begin with a slash.
    """
    check_kind("path", path, str)
    if not path.startswith("/"):
        raise ValueError("path must begin with a slash: it has neither scheme nor host")


def check_body(body: bytes, max_size: int) -> None:
    """Refuse a body that is empty or too large.

    Raises:
        PowensWebhookError: It is.
        TypeError: These are no bytes.
        ValueError: The limit makes no sense.
    """
    check_kind("body", body, bytes)
    check_count("max_size", max_size, least=1)
    if not body:
        raise PowensWebhookError("the body is empty")
    if len(body) > max_size:
        raise too_large(max_size)


def too_large(max_size: int) -> PowensWebhookError:
    """Make the error of a body that is too large."""
    return PowensWebhookError(f"the body has more than {max_size} bytes: see max_size")


def unpack(body: bytes, max_size: int) -> bytes:
    """Unpack a body in gzip, and give any other as it is.

    Raises:
        PowensWebhookError: It cannot be unpacked, or has too many bytes then.
    """
    if not body.startswith(_GZIP):
        return body
    packed = Body("gzip", max_size)
    try:
        unpacked = b"".join(packed.feed(body))
        packed.finish()
    except BodyError:
        raise PowensWebhookError(
            f"the body cannot be unpacked, or not to {max_size} bytes at most"
        ) from None
    return unpacked


def _only(name: str, value: HeaderValue) -> str:
    """Take the one value of a header."""
    values = [] if value is None else [value] if isinstance(value, str) else list(value)
    for each in values:
        check_kind(f"the header {name}", each, str)
    if len(values) > 1:
        raise PowensWebhookError(f"the header {name} is there more than once")
    if not values or not values[0]:
        raise PowensWebhookError(f"the header {name} is missing")
    return values[0]


def _read_signature(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError:
        raise PowensWebhookError(f"the header {SIGNATURE_HEADER} is malformed") from None


def _check_date(date: str, max_age: float | None) -> None:
    try:
        moment = dt.datetime.fromisoformat(date if _DATE.fullmatch(date) else "")
    except ValueError:
        raise PowensWebhookError(f"the header {DATE_HEADER} is malformed") from None
    if max_age is not None and abs(time.time() - moment.timestamp()) > max_age:
        raise PowensWebhookError(
            f"the date is more than {max_age} seconds away: the webhook is old, or a clock is wrong"
        )


def _forms(body: bytes, max_size: int) -> Iterator[bytes]:
    """Give what may have been signed: which it is of a packed body is not documented."""
    yield body
    if body.startswith(_GZIP):
        yield unpack(body, max_size)


def _is_signed(keys: tuple[bytes, ...], message: bytes, digest: bytes) -> bool:
    # Every key is tried, and each comparison takes the same time: nothing is learned from that.
    expected = [hmac.digest(key, message, hashlib.sha256) for key in keys]
    return any([hmac.compare_digest(each, digest) for each in expected])  # noqa: C419
