"""Accounts, and the lists of types and currencies."""

from powens.sandbox.bank import ACCOUNT_TYPES, CURRENCIES
from powens.sandbox.call import Call
from powens.sandbox.views import account_view, accounts_view
from powens.sandbox.wire import Answer, bad_value, not_found


def list_accounts(call: Call) -> Answer:
    """GET /users/{user_id}/accounts, or of one connection."""
    found = [
        account for account in call.accounts if account.disabled is None or call.query.flag("all")
    ]
    page = call.query.page()
    end = None if page.limit is None else page.offset + page.limit
    envelope = accounts_view(call.world, found[page.offset : end], call.query.expand())
    return Answer(200, envelope | {"total": len(found)})


def get_account(call: Call) -> Answer:
    """GET /users/{user_id}/accounts/{account_id}."""
    return Answer(200, account_view(call.world, call.account, call.query.expand()))


def update_account(call: Call) -> Answer:
    """POST /users/{user_id}/accounts/{account_id}."""
    account = call.account
    changes = call.typed_values(
        {
            "display": bool,
            "disabled": bool,
            "bookmarked": (bool, int),
            "name": str,
            "usage": str,
        }
    )
    if changes.get("usage", "PRIV") not in {"PRIV", "ORGA", "ASSO"}:
        raise bad_value("usage")
    call.world.clock.tick()
    if "disabled" in changes:
        call.world.disable(account, disabled=changes.pop("disabled"))
    for name, value in changes.items():
        setattr(account, name, value)
    return Answer(200, account_view(call.world, account, call.query.expand()))


def list_account_types(_: Call) -> Answer:
    """GET /account_types."""
    return Answer(200, {"accounttypes": list(ACCOUNT_TYPES.values()), "total": len(ACCOUNT_TYPES)})


def get_account_type(call: Call) -> Answer:
    """GET /account_types/{type_id}."""
    number = call.number("type_id", "Account type")
    if number not in ACCOUNT_TYPES:
        raise not_found("Account type")
    return Answer(200, ACCOUNT_TYPES[number])


def list_currencies(_: Call) -> Answer:
    """GET /currencies."""
    return Answer(200, {"currencies": list(CURRENCIES.values()), "total": len(CURRENCIES)})
