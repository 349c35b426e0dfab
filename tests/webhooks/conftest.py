"""What Powens sends, and who receives it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

import pytest
from django.conf import settings

SECRET = "secret-c4n4ry"
DATE = "2022-06-27T11:08:52.577831Z"

settings.configure(ALLOWED_HOSTS=["*"], MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"])


def make_signature(
    body: bytes,
    *,
    path: str = "/powens/user-created",
    date: str = DATE,
    secret: str = SECRET,
    method: str = "POST",
) -> str:
    """Sign as the reference says, in words of its own."""
    message = f"{method}.{path}.{date}.".encode() + body
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


@pytest.fixture(scope="session")
def sign() -> Callable[..., str]:
    """Function that makes the signature of a webhook."""
    return make_signature
