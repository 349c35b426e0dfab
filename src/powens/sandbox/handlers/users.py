"""Users."""

from typing import Final

from powens.sandbox.call import Call
from powens.sandbox.views import user_view
from powens.sandbox.wire import Answer

_RESERVED: Final = "biapi."
_CALLBACK: Final = "biapi.callback_url"


def list_users(call: Call) -> Answer:
    """GET /users."""
    return call.listing("users", [user_view(user) for user in call.world.users.values()])


def get_user(call: Call) -> Answer:
    """GET /users/{user_id}."""
    return Answer(200, user_view(call.user))


def get_config(call: Call) -> Answer:
    """GET /users/{user_id}/config."""
    return Answer(200, {"biapi.last_push": str(call.user.signin)} | call.user.config)


def update_config(call: Call) -> Answer:
    """POST /users/{user_id}/config: free texts; most of the API's own keys are passed over."""
    changes = call.typed_values(dict.fromkeys(call.body, str))
    call.user.config |= {
        name: value
        for name, value in changes.items()
        if name == _CALLBACK or not name.startswith(_RESERVED)
    }
    return get_config(call)


def delete_user(call: Call) -> Answer:
    """DELETE /users/{user_id}."""
    call.world.delete_user(call.user)
    return Answer(204)
