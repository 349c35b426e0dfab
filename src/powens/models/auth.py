"""Tokens and codes, as the authentication endpoints answer them."""

from __future__ import annotations

from attrs import field, frozen

from ._base import Model, Open
from .enums import AuthCodeAccess, AuthCodeType, AuthTokenType, TokenType


@frozen(kw_only=True)
class AuthToken(Model):
    """A new user and its first token (`POST /auth/init`)."""

    auth_token: str = field(repr=False)
    type: Open[AuthTokenType] | None = None
    id_user: int | None = None
    # Seconds; absent for a permanent token.
    expires_in: int | None = None

    @property
    def token(self) -> str:
        """The token, under the name that all token answers share."""
        return self.auth_token


@frozen(kw_only=True)
class AuthCode(Model):
    """A temporary code of a user (`GET /auth/token/code`)."""

    code: str = field(repr=False)
    type: Open[AuthCodeType] | None = None
    access: Open[AuthCodeAccess] | None = None
    # Seconds.
    expires_in: int | None = None


@frozen(kw_only=True)
class AuthTokenExchange(Model):
    """A permanent user token (`POST /auth/token/access`, `POST /auth/renew`)."""

    access_token: str = field(repr=False)
    token_type: Open[TokenType] | None = None

    @property
    def token(self) -> str:
        """The token, under the name that all token answers share."""
        return self.access_token


@frozen(kw_only=True)
class AuthServiceToken(Model):
    """A token of the domain itself, tied to no user (`POST /auth/token`)."""

    token: str = field(repr=False)
    scope: str | None = None
    # An older specification puts the granted scope here.
    token_type: str | None = None
