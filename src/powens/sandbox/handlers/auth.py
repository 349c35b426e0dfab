"""Tokens and codes."""

from typing import cast

from powens.sandbox.call import Call
from powens.sandbox.state import TOKEN_LIFE
from powens.sandbox.wire import Answer, ApiError, bad_value, not_found


def init_user(call: Call) -> Answer:
    """POST /auth/init."""
    permanent = "client_id" in call.body or "client_secret" in call.body
    if permanent:
        call.check_client()
    kind = "permanent" if permanent else "temporary"
    user = call.world.create_user(permanent=permanent)
    token = call.world.grant(kind, user.id, temporary=not permanent)
    answer = {"auth_token": token, "type": kind, "id_user": user.id}
    return Answer(200, answer if permanent else answer | {"expires_in": TOKEN_LIFE.seconds})


def generate_code(call: Call) -> Answer:
    """GET /auth/token/code."""
    single = call.query.choice("type", "requestAccess", "singleAccess") == "singleAccess"
    code = call.world.grant("code", call.user.id, single_use=single, temporary=True)
    access = "single" if single else "standard"
    return Answer(
        200, {"code": code, "type": "temporary", "access": access, "expires_in": TOKEN_LIFE.seconds}
    )


def exchange_code(call: Call) -> Answer:
    """POST /auth/token/access."""
    call.check_grant("authorization_code")
    call.check_client()
    code = str(call.required("code"))
    token = call.world.token(code)
    if token is None or token.kind not in {"code", "temporary"} or token.user_id is None:
        raise ApiError(401, "unauthorized", "Invalid or expired code")
    del call.world.tokens[code]
    call.world.keep_user(call.world.users[token.user_id])
    return _bearer(call.world.grant("permanent", token.user_id))


def renew_token(call: Call) -> Answer:
    """POST /auth/renew."""
    call.check_grant("client_credentials")
    call.check_client()
    id_user = call.body.get("id_user")
    if id_user is None:
        user = call.world.create_user(permanent=True)
    elif str(id_user).isdecimal() and int(id_user) in call.world.users:
        user = call.world.users[int(id_user)]
    else:
        raise not_found("User")
    if call.boolean("revoke_previous"):
        call.world.revoke(user, "permanent")
    return _bearer(call.world.grant("permanent", user.id))


def revoke_token(call: Call) -> Answer:
    """DELETE /auth/token."""
    if call.token.kind != "permanent" or call.bearer is None:
        raise ApiError(403, "forbidden", "Only permanent tokens can be revoked")
    del call.world.tokens[call.bearer]
    return Answer(204)


def generate_service_token(call: Call) -> Answer:
    """POST /auth/token."""
    call.check_grant("client_credentials")
    call.check_client()
    scope = call.required("scope")
    scopes = cast("list[object]", scope) if isinstance(scope, list) else [scope]
    words = [each for each in scopes if isinstance(each, str)]
    if len(words) != len(scopes):
        raise bad_value("scope")
    token = call.world.grant_scopes(" ".join(words).split())
    return Answer(200, {"token": token, "scope": " ".join(words)})


def _bearer(token: str) -> Answer:
    return Answer(200, {"access_token": token, "token_type": "Bearer"})
