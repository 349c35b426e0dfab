"""Users."""

from powens.sandbox.call import Call
from powens.sandbox.views import user_view
from powens.sandbox.wire import Answer


def list_users(call: Call) -> Answer:
    """GET /users."""
    return call.listing("users", [user_view(user) for user in call.world.users.values()])


def get_user(call: Call) -> Answer:
    """GET /users/{user_id}."""
    return Answer(200, user_view(call.user))


def delete_user(call: Call) -> Answer:
    """DELETE /users/{user_id}."""
    call.world.delete_user(call.user)
    return Answer(204)
