"""The certificates that clients trust."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from powens import PowensClient
from powens._tls import make_context, tls_context


@pytest.fixture(autouse=True)
def _no_context_at_hand() -> Iterator[None]:
    make_context.cache_clear()
    yield
    make_context.cache_clear()


def test_all_share_one_context_that_checks_whom_it_speaks_to() -> None:
    context = tls_context()
    assert tls_context() is context
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_the_certificates_that_the_environment_names_are_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: trustme.CA
) -> None:
    bundle = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(bundle)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    assert len(tls_context().get_ca_certs()) == 1


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_certificates_that_cannot_be_read_are_an_error_of_the_call(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "authority.pem"
    if text is not None:
        bundle.write_text(text)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with (
        PowensClient(domain="example", access_token="t0ken") as client,
        pytest.raises(ValueError, match="SSL_CERT_FILE or SSL_CERT_DIR names no valid cert"),
    ):
        client.users.me()


def test_a_client_makes_no_context_before_it_needs_one() -> None:
    with PowensClient(domain="example", access_token="t0ken"):
        assert make_context.cache_info().currsize == 0
