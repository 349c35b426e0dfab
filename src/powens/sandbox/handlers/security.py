"""The public keys of the domain."""

from powens.sandbox.call import Call
from powens.sandbox.wire import Answer, not_found


def get_public_key(call: Call) -> Answer:
    """GET /publickey."""
    return Answer(200, call.world.keys.public_key)


def list_sign_keys(call: Call) -> Answer:
    """GET /sign-keys."""
    return Answer(200, {"keys": call.world.keys.sign_keys})


def get_sign_key(call: Call) -> Answer:
    """GET /sign-keys/{key_id}."""
    number = call.number("key_id", "Key")
    for key in call.world.keys.sign_keys:
        if key["id"] == number:
            return Answer(200, key)
    raise not_found("Key")
