"""The certificates that clients trust."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def tls_context() -> ssl.SSLContext:
    """Make the TLS context that all clients share: it takes longer than all else that they need.

    `SSL_CERT_FILE` and `SSL_CERT_DIR` may name the certificates.

    Raises:
        ValueError: These cannot be read.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # of ssl as well
        raise ValueError("SSL_CERT_FILE or SSL_CERT_DIR names no valid certificates") from error
