"""Balances, indicators, and who owns what."""

from datetime import timedelta
from typing import Final

from powens.sandbox import figures, identity
from powens.sandbox.call import Call
from powens.sandbox.wire import Answer, not_found

_FARTHEST: Final = timedelta(days=5 * 365)  # from today: what is farther off would only cost time


def list_balances(call: Call) -> Answer:
    """GET /users/{user_id}/accounts/{account_id}/balances, or of a connection or the user."""
    accounts = call.enabled_accounts
    today = call.world.clock.now.date()
    first, last = figures.month_of(today)
    low, high = call.query.first_day("min_date"), call.query.last_day("max_date")
    is_bound = low is not None or high is not None
    low, high = max(low or first, today - _FARTHEST), min(high or last, today + _FARTHEST)
    known = sorted(figures.ends(accounts))
    past = figures.Past(accounts, low, high, today)
    groups = past.groups(daily=is_bound) if accounts else []
    return Answer(
        200,
        {
            "balances": groups,
            "first_date": str(known[0]) if known else None,
            "last_date": str(known[-1]) if known else None,
            "result_min_date": groups[0]["min_date"] if groups else None,
            "result_max_date": groups[-1]["max_date"] if groups else None,
        },
    )


def get_indicators(call: Call) -> Answer:
    """GET /users/{user_id}/indicators: null until there is an account to work them out of."""
    accounts = [
        account
        for account in call.enabled_accounts
        if account.blueprint.type == "checking" and account.blueprint.currency == "EUR"
    ]
    today = call.world.clock.now.date()
    found = figures.indicators(accounts, today) if accounts else None
    return Answer(200, {"id_user": call.user.id, "indicators": found})


def list_ownerships(call: Call) -> Answer:
    """GET /users/{user_id}/account_ownerships."""
    rows = [identity.ownership(call.world, account) for account in call.enabled_accounts]
    return call.listing("account_ownerships", rows)


def get_owner_identity(call: Call) -> Answer:
    """GET /users/{user_id}/connections/{connection_id}/owner_identity, once the bank told it."""
    if not call.connection.accounts:
        raise not_found("Owner identity")
    return Answer(200, identity.owner(call.world, call.connection))
