"""Tokens and codes, as the authentication endpoints answer them."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from .._model import Model, Open
from .._unset import UNSET, Unset
from .enums import AuthCodeAccess, AuthCodeType, AuthScope, AuthTokenType, GrantType, TokenType


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


@frozen(kw_only=True)
class AuthTokenInitRequest(Model):
    """Body of `POST /auth/init`."""

    client_id: str | Unset | None = UNSET
    client_secret: str | Unset | None = field(default=UNSET, repr=False)


@frozen(kw_only=True)
class AuthTokenExchangeRequest(Model):
    """Body of `POST /auth/token/access`."""

    grant_type: Open[GrantType] = GrantType.AUTHORIZATION_CODE
    client_id: str
    client_secret: str = field(repr=False)
    code: str = field(repr=False)
    redirect_uri: str | Unset | None = field(default=UNSET, repr=False)


@frozen(kw_only=True)
class AuthRenewRequest(Model):
    """Body of `POST /auth/renew`."""

    grant_type: Open[GrantType] = GrantType.CLIENT_CREDENTIALS
    client_id: str
    client_secret: str = field(repr=False)
    # Without it the API makes a new user.
    id_user: int | Unset | None = UNSET
    # True revokes all other permanent tokens of the user.
    revoke_previous: bool | Unset | None = UNSET


@frozen(kw_only=True)
class AuthServiceTokenRequest(Model):
    """Body of `POST /auth/token`."""

    grant_type: Open[GrantType] = GrantType.CLIENT_CREDENTIALS
    client_id: str
    client_secret: str = field(repr=False)
    scope: Sequence[Open[AuthScope]] | Open[AuthScope]
