"""The certificates that clients trust."""

from __future__ import annotations

import ssl
from functools import cache

import httpx

from ._fork import no_fork


def tls_context() -> ssl.SSLContext:
    """Give the TLS context that all clients share: nothing that they need takes longer to make.

    `SSL_CERT_FILE` and `SSL_CERT_DIR` may name the certificates.

    Raises:
        ValueError: These cannot be read.
    """
    with no_fork:  # and no two threads at once, so that there is one
        return make_context()


@cache
def make_context() -> ssl.SSLContext:
    """Read the certificates."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # of ssl as well
        raise ValueError("SSL_CERT_FILE or SSL_CERT_DIR names no valid certificates") from error
