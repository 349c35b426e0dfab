# Generated from tests/_async/calls/auth.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Tokens, codes and users."""

from __future__ import annotations

import datetime as dt

from powens import (
    AuthCode,
    AuthCodeAccess,
    AuthCodeRequestType,
    AuthCodeType,
    AuthScope,
    AuthServiceToken,
    AuthToken,
    AuthTokenExchange,
    AuthTokenType,
    TokenType,
    User,
    UserPlatform,
    UsersList,
)

from . import Call, Method

APP = {"client_id": "11", "client_secret": "app-secret"}
OTHER_APP = {"client_id": "22", "client_secret": "other"}
EXCHANGE = {"grant_type": "authorization_code", **APP, "code": "c0/de+="}
RENEW = {"grant_type": "client_credentials", **APP, "id_user": 7, "revoke_previous": False}
SERVICE = {"grant_type": "client_credentials", **APP}

_EXCHANGED = {"access_token": "t0ken", "token_type": "Bearer"}
_USER = {"id": 7, "signin": "2024-02-29 12:34:56", "platform": "sharedAccess"}
_THE_USER = User(
    id=7,
    signin=dt.datetime.fromisoformat("2024-02-29 12:34:56"),
    platform=UserPlatform.SHARED_ACCESS,
)
_CODE = {"code": "c0/de+=", "type": "temporary", "access": "single", "expires_in": 1800}

METHODS = {
    "auth.init_user": Method(
        {"auth_token": "t0ken", "type": "permanent", "id_user": 7},
        AuthToken(auth_token="t0ken", type=AuthTokenType.PERMANENT, id_user=7),
        sent=False,
    ),
    "auth.generate_code": Method(
        _CODE,
        AuthCode(
            code="c0/de+=",
            type=AuthCodeType.TEMPORARY,
            access=AuthCodeAccess.SINGLE,
            expires_in=1800,
        ),
    ),
    "auth.exchange_code": Method(
        _EXCHANGED,
        AuthTokenExchange(access_token="t0ken", token_type=TokenType.BEARER),
        sent=False,
    ),
    "auth.revoke_token": Method(None, None, status=204),
    "auth.renew_token": Method(
        _EXCHANGED,
        AuthTokenExchange(access_token="t0ken", token_type=TokenType.BEARER),
        sent=False,
    ),
    "auth.generate_service_token": Method(
        {"token": "t0ken", "scope": "payments:admin"},
        AuthServiceToken(token="t0ken", scope="payments:admin"),
        sent=False,
    ),
    "users.me": Method(_USER, _THE_USER),
    "users.get": Method(_USER, _THE_USER),
    "users.list": Method({"users": [_USER], "total": 1}, UsersList(users=(_THE_USER,), total=1)),
    "users.list_all": Method({"users": [_USER]}, UsersList(users=(_THE_USER,))),
    "users.delete": Method(None, None, status=204),
    "users.get_config": Method(
        {"callback_url": "https://app.example/", "biapi.last_push": None, "a": True},
        {"callback_url": "https://app.example/", "biapi.last_push": None, "a": "1"},
    ),
    "users.update_config": Method({"a": "1", "b": 2}, {"a": "1", "b": "2"}),
}

CALLS = [
    # Credentials: those of the client, others, one of the two, none.
    Call("auth.init_user", "POST /auth/init", APP),
    Call("auth.init_user", "POST /auth/init", OTHER_APP, client_id=22, client_secret="other"),
    Call("auth.init_user", "POST /auth/init", APP | {"client_id": "22"}, client_id="22"),
    Call("auth.init_user", "POST /auth/init", APP | {"client_secret": "x"}, client_secret="x"),
    Call("auth.init_user", "POST /auth/init", {}, client_id=None, client_secret=None),
    Call("auth.generate_code", "GET /auth/token/code"),
    Call("auth.generate_code", "GET /auth/token/code", type_=None),
    Call("auth.generate_code", "GET /auth/token/code?type=singleAccess", type_="singleAccess"),
    Call(
        "auth.generate_code",
        "GET /auth/token/code?type=requestAccess",
        type_=AuthCodeRequestType.REQUEST_ACCESS,
    ),
    Call("auth.exchange_code", "POST /auth/token/access", EXCHANGE, code="c0/de+="),
    Call(
        "auth.exchange_code",
        "POST /auth/token/access",
        EXCHANGE | OTHER_APP | {"redirect_uri": "https://app.example/back"},
        code="c0/de+=",
        client_id=22,
        client_secret="other",
        redirect_uri="https://app.example/back",
    ),
    Call("auth.revoke_token", "DELETE /auth/token"),
    Call("auth.renew_token", "POST /auth/renew", RENEW, id_user=7),
    Call(
        "auth.renew_token",
        "POST /auth/renew",
        RENEW | OTHER_APP | {"revoke_previous": True},
        id_user=7,
        client_id="22",
        client_secret="other",
        revoke_previous=True,
    ),
    Call(
        "auth.generate_service_token",
        "POST /auth/token",
        SERVICE | {"scope": "payments:admin"},
        scope="payments:admin",
    ),
    Call(
        "auth.generate_service_token",
        "POST /auth/token",
        SERVICE | {"scope": AuthScope.PAYMENTS_ADMIN.value},
        scope=AuthScope.PAYMENTS_ADMIN,
    ),
    Call(
        "auth.generate_service_token",
        "POST /auth/token",
        SERVICE | OTHER_APP | {"scope": ["payments:admin", "new:scope"]},
        scope=[AuthScope.PAYMENTS_ADMIN, "new:scope"],
        client_id=22,
        client_secret="other",
    ),
    Call("users.me", "GET /users/me"),
    Call("users.me", "GET /users/me?expand=config", expand="config"),
    Call("users.get", "GET /users/me"),
    Call("users.get", "GET /users/7", user_id=7),
    Call("users.get", "GET /users/7?expand=config,invites", user_id="7", expand="config,invites"),
    Call("users.get", "GET /users/a%2Fb%3Fall", user_id="a/b?all"),
    Call("users.list", "GET /users"),
    Call(
        "users.list",
        "GET /users?search=a%2Bb%40app.example&expand=config,invites&limit=50&offset=100",
        search="a+b@app.example",
        expand=["config", "invites"],
        limit=50,
        cursor="offset=100",
    ),
    Call("users.list_all", "GET /users"),
    Call(
        "users.list_all",
        "GET /users?search=a%2Bb%40app.example&expand=config",
        search="a+b@app.example",
        expand="config",
    ),
    Call("users.delete", "DELETE /users/7", user_id=7),
    Call("users.delete", "DELETE /users/me", user_id="me"),
    Call("users.get_config", "GET /users/me/config"),
    Call("users.get_config", "GET /users/7/config", user_id=7),
    Call("users.update_config", "POST /users/me/config", {}, body={}),
    Call(
        "users.update_config",
        "POST /users/7/config",
        {"callback_url": "https://app.example/", "a": "1", "b": "0", "c": "12", "d": None},
        user_id=7,
        body={
            "callback_url": "https://app.example/",
            "a": True,
            "b": False,
            "c": 12,
            "d": None,
        },
    ),
]
