"""Investments, market orders, pockets and the plans of loans."""

from datetime import date

from powens.sandbox import wealth
from powens.sandbox.bank import DIRECTACCESS
from powens.sandbox.call import Call
from powens.sandbox.query import Query
from powens.sandbox.wealth import Holding, holdings
from powens.sandbox.wire import Answer, ApiError, JsonObject, not_found


def list_investments(call: Call) -> Answer:
    """GET /users/{user_id}/investments, or of one account or connection."""
    label, code = call.query.text("label"), call.query.text("code")
    found = [
        each
        for each in _holdings(call, sold=call.query.flag("all"))
        if (label is None or _holds_words(each.security.label, label))
        and code in {None, each.security.code}
    ]
    views = [each.view() for each in found]
    shown = call.query.page().of(views)
    return Answer(200, {"investments": shown, **wealth.summary(shown), "total": len(views)})


def get_investment(call: Call) -> Answer:
    """GET /users/{user_id}/investments/{investment_id}."""
    return Answer(200, _holding(call).view())


def list_history(call: Call) -> Answer:
    """GET /users/{user_id}/investments/{investment_id}/history: the account's own values."""
    return call.listing("investmentvalues", _dated(call.query, list(_holding(call).history())))


def get_security_history(call: Call) -> Answer:
    """GET /users/{user_id}/investments/{investment_id}/security/history: a third party's prices."""
    prices = list(_holding(call).prices())
    found = _dated(call.query, prices)
    first, last = _ends(prices)
    result_min, result_max = _ends(found)
    return Answer(
        200,
        {
            "history": found,
            "first_date": first,
            "last_date": last,
            "result_min_date": result_min,
            "result_max_date": result_max,
        },
    )


def list_market_orders(call: Call) -> Answer:
    """GET /users/{user_id}/marketorders, or of one account or connection."""
    return call.listing("marketorders", _market_orders(call))


def get_market_order(call: Call) -> Answer:
    """GET /users/{user_id}/marketorders/{market_order_id}."""
    return Answer(200, _with_id(call, _market_orders(call), "market_order_id", "Market order"))


def list_pockets(call: Call) -> Answer:
    """GET /users/{user_id}/pockets, or of one investment, account or connection."""
    return call.listing("pockets", _pockets(call))


def get_pocket(call: Call) -> Answer:
    """GET /users/{user_id}/pockets/{pocket_id}."""
    return Answer(200, _with_id(call, _pockets(call), "pocket_id", "Pocket"))


def list_amortizations(call: Call) -> Answer:
    """GET /users/{user_id}/amortizations, or of one account or connection.

    Without the product it is refused, in the words for a bad token.
    """
    if not any(each.has_source(DIRECTACCESS) for each in call.user.connections.values()):
        raise ApiError(401, "unauthorized", "This product is not part of the contract")
    rows = [row for each in call.enabled_accounts for row in wealth.amortizations(call.world, each)]
    return call.listing("loanamortizations", rows)


def _holdings(call: Call, *, sold: bool = False) -> list[Holding]:
    return [
        holding
        for account in call.enabled_accounts
        for holding in holdings(call.world, account, cash=True, sold=sold)
    ]


def _holding(call: Call) -> Holding:
    """The investment in the path, also one held no more."""
    number = call.number("investment_id", "Investment")
    for each in _holdings(call, sold=True):
        if each.id == number:
            return each
    raise not_found("Investment")


def _market_orders(call: Call) -> list[JsonObject]:
    return [row for each in call.enabled_accounts for row in wealth.market_orders(call.world, each)]


def _pockets(call: Call) -> list[JsonObject]:
    found = [_holding(call)] if "investment_id" in call.request.path_params else _holdings(call)
    return [pocket for each in found for pocket in each.pockets()]


def _with_id(call: Call, rows: list[JsonObject], name: str, what: str) -> JsonObject:
    number = call.number(name, what)
    for row in rows:
        if row["id"] == number:
            return row
    raise not_found(what)


def _holds_words(text: str, words: str) -> bool:
    return all(word in text.lower() for word in words.lower().split())


def _dated(query: Query, rows: list[JsonObject]) -> list[JsonObject]:
    """The rows between the bounds of the query, both days included."""
    low, high = query.first_day("min_date") or date.min, query.last_day("max_date") or date.max
    return [row for row in rows if low <= date.fromisoformat(row["vdate"]) <= high]


def _ends(rows: list[JsonObject]) -> tuple[str | None, str | None]:
    days: list[str] = [row["vdate"] for row in rows]
    return min(days, default=None), max(days, default=None)
