from decimal import Decimal
from itertools import pairwise

import attrs
import pytest

from powens import models
from powens._codec import decode
from powens.sandbox import Sandbox


def get(api, path, model, **params):
    """An answer, read by the model that the SDK reads it with."""
    answer = api.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    return decode(answer.content, model)


def names_with_values(value, found=None):
    """The fields of models that hold something, by class."""
    found = {} if found is None else found
    if isinstance(value, (list, tuple)):
        for each in value:
            names_with_values(each, found)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            inner = getattr(value, field.name)
            if inner is not None:
                found.setdefault(type(value), set()).add(field.name)
                names_with_values(inner, found)
    return found


@pytest.fixture
def stranger(powens, api, api_of):
    """Another user, connected through the source that knows no wealth."""
    keys = {"client_id": powens.client_id, "client_secret": powens.client_secret}
    token = api.ask("POST", "/auth/init", json=keys)["auth_token"]
    other = api_of(powens, token)
    body = {"id_connector": 1, "login": "x", "password": "y", "source": "openapi"}
    other.ask("POST", "/users/me/connections", 201, json=body)
    for account in other.ask("GET", "/users/me/accounts?all")["accounts"]:
        other.ask("POST", f"/users/me/accounts/{account['id']}?all", json={"disabled": False})
    return other


def account_id(api, type_):
    accounts = api.ask("GET", "/users/me/accounts")["accounts"]
    return next(each["id"] for each in accounts if each["type"] == type_)


def test_the_sums_are_those_of_the_investments_shown(still_api):
    answer = still_api.ask("GET", "/users/me/investments")
    assert list(answer) == [
        "investments",
        "valuation",
        "diff",
        "diff_percent",
        "prev_diff",
        "prev_diff_percent",
        "calculated",
        "total",
    ]
    for name in ("valuation", "diff", "prev_diff"):
        assert answer[name] == sum(each[name] for each in answer["investments"])
    account = still_api.ask("GET", f"/users/me/accounts/{account_id(still_api, 'pea')}")
    assert answer["valuation"] == account["balance"]
    page = still_api.ask("GET", "/users/me/investments?limit=1&offset=1")
    assert page["total"] == answer["total"] == 4
    assert page["investments"] == answer["investments"][1:2]
    assert page["valuation"] == answer["investments"][1]["valuation"]


def test_what_an_investment_is_worth_follows_from_its_parts(still_api):
    found = get(still_api, "/users/me/investments", models.InvestmentsList)
    for each in found:
        assert get(still_api, f"/users/me/investments/{each.id}", models.Investment) == each
        if each.quantity is not None:
            assert each.valuation == pytest.approx(each.quantity * each.unitvalue)
            assert each.diff == pytest.approx(each.quantity * (each.unitvalue - each.unitprice))
    foreign = next(each for each in found if each.original_currency)
    assert foreign.original_currency.id == "USD"
    assert foreign.original_valuation > foreign.valuation
    shares = sum(each.portfolio_share for each in found)
    assert shares == pytest.approx(Decimal(1))


@pytest.mark.parametrize(
    ("params", "labels"),
    [
        ({"label": "monde fonds"}, ["Fonds Boréal Actions Monde"]),
        ({"label": "lanterne"}, ["Lanterne Optics Corp"]),
        ({"code": "XX-liquidity"}, ["Liquidités"]),
        ({"code": "XX"}, []),
    ],
)
def test_filters_of_investments(still_api, params, labels):
    found = get(still_api, "/users/me/investments", models.InvestmentsList, **params)
    assert [each.label for each in found] == labels


def test_no_investments_have_zeros_for_sums(still_api):
    checking = account_id(still_api, "checking")
    text = still_api.get(f"/users/me/accounts/{checking}/investments").text
    assert text.startswith('{"investments":[],"valuation":0E-10,"diff":0E-10,')
    pea = account_id(still_api, "pea")
    own = still_api.ask("GET", f"/users/me/accounts/{pea}/investments")
    assert own == still_api.ask("GET", "/users/me/connections/201/investments")
    assert '"quantity":22.0000000000,' in still_api.get("/users/me/investments").text


def test_history_begins_with_the_connection(still_api):
    own = "/users/me/investments/100601/history"
    found = get(still_api, own, models.InvestmentHistoryValuesList)
    days = [each.vdate for each in found]
    assert days == sorted(days, reverse=True)
    created = still_api.ask("GET", "/users/me/connections/201")["created"]
    assert str(days[-1]) == created[:10]
    assert found.total == len(found) == 91
    assert found.items[0].original_currency.id == "USD"
    bound = {"min_date": "2000-01-01", "max_date": str(days[5]), "limit": 3}
    narrowed = get(still_api, own, models.InvestmentHistoryValuesList, **bound)
    assert narrowed.items == found.items[5:8]
    assert narrowed.total == 86
    cash = get(
        still_api, "/users/me/investments/100603/history", models.InvestmentHistoryValuesList
    )
    assert not cash.items


def test_prices_of_a_security_reach_back_farther(still_api):
    own = "/users/me/investments/100600/security/history"
    found = get(still_api, own, models.SecurityHistory)
    assert (found.first_date, found.last_date) == (found.items[0].vdate, found.items[-1].vdate)
    assert len(found) > 500
    assert all(each.vdate.weekday() < 5 for each in found)
    year = get(still_api, own, models.SecurityHistory, min_date="2025-03", max_date="2025-03")
    assert {each.vdate.month for each in year} == {3}
    assert year.result_min_date == year.items[0].vdate
    assert year.first_date == found.first_date
    assert still_api.get(own, params={"min_date": "soon"}).status_code == 400


def test_market_orders(still_api):
    found = get(still_api, "/users/me/marketorders", models.MarketOrdersList)
    assert {each.order_direction.name for each in found} == {"BUY", "SALE"}
    assert {each.order_type.name for each in found} == {"MARKET", "LIMIT", "TRIGGER"}
    waiting = next(each for each in found if each.execution_date is None)
    assert waiting.amount is None
    for each in found:
        assert get(still_api, f"/users/me/marketorders/{each.id}", models.MarketOrder) == each
    assert still_api.ask("GET", "/users/me/marketorders/1", 404)["code"] == "notFound"
    assert still_api.ask("GET", "/marketorders/100600", 404)["code"] == "notFound"


def test_pockets_share_out_their_investment(still_api):
    found = get(still_api, "/users/me/pockets", models.PocketsList)
    investment = get(still_api, "/users/me/investments/100602", models.Investment)
    assert sum(each.value for each in found) == pytest.approx(investment.valuation)
    for each in found:
        assert get(still_api, f"/users/me/pockets/{each.id}", models.Pocket) == each
        assert (each.condition == "date") == (each.availability_date is not None)
    assert get(still_api, "/users/me/investments/100602/pockets", models.PocketsList) == found
    assert not get(still_api, "/users/me/investments/100600/pockets", models.PocketsList).items
    assert still_api.ask("GET", "/users/me/pockets/1", 404)["code"] == "notFound"


def test_the_plan_of_a_loan(still_api):
    found = get(still_api, "/users/me/amortizations", models.LoanAmortizationsList)
    assert [each.period for each in found] == ["2026", "2026_01", "2025_12", "2025_11"]
    for each in found:
        parts = (each.amortization_amount, each.interest_amount, each.insurance_amount)
        assert sum(part.value for part in parts) == pytest.approx(each.total_payment_amount.value)
    months = found.items[1:]
    for later, earlier in pairwise(months):
        paid = earlier.remaining_capital.value - later.remaining_capital.value
        assert paid == pytest.approx(later.amortization_amount.value)
    loan = account_id(still_api, "loan")
    own = get(still_api, f"/users/me/accounts/{loan}/amortizations", models.LoanAmortizationsList)
    assert own == found


def test_a_user_without_the_product(stranger, api):
    refusal = stranger.ask("GET", "/users/me/amortizations", 401)
    assert refusal["code"] == "unauthorized"
    assert isinstance(refusal["request_id"], str)
    assert stranger.ask("GET", "/users/me")["id"]  # the token is as good as before
    for path, key in (
        ("investments", "investments"),
        ("marketorders", "marketorders"),
        ("pockets", "pockets"),
    ):
        assert stranger.ask("GET", f"/users/me/{path}")[key] == []
    assert stranger.ask("GET", "/users/11/investments", 403)["code"] == "forbidden"
    assert stranger.ask("GET", "/users/me/investments/100600", 404)["code"] == "notFound"


def test_a_disabled_account_has_no_children(api):
    pea, loan = account_id(api, "pea"), account_id(api, "loan")
    for number in (pea, loan):
        api.ask("POST", f"/users/me/accounts/{number}", json={"disabled": True})
    for path in ("investments", "marketorders", "pockets"):
        assert api.ask("GET", f"/users/me/{path}")["total"] == 0
        assert api.ask("GET", f"/users/me/accounts/{pea}/{path}?all")["total"] == 0
        assert api.ask("GET", f"/users/me/accounts/{pea}/{path}", 404)["code"] == "notFound"
    assert api.ask("GET", "/users/me/amortizations")["loanamortizations"] == []
    assert api.ask("GET", "/users/me/investments/100600", 404)["code"] == "notFound"


def test_history_grows_as_time_passes(powens, api):
    before = api.ask("GET", "/users/me/investments/100600/history")
    powens.advance(2 * 86_400)
    after = api.ask("GET", "/users/me/investments/100600/history")
    assert after["total"] == before["total"] + 2
    assert after["investmentvalues"][2:] == before["investmentvalues"]


def test_another_seed_is_another_market(api_of, still_api):
    with Sandbox(seed=1) as other:
        theirs = api_of(other).ask("GET", "/users/me/investments")
    assert theirs["valuation"] != still_api.ask("GET", "/users/me/investments")["valuation"]


def test_every_documented_field_is_served(still_api):
    answers = (
        ("investments?all", models.InvestmentsList),
        ("investments/100601/history", models.InvestmentHistoryValuesList),
        ("investments/100601/security/history", models.SecurityHistory),
        ("marketorders", models.MarketOrdersList),
        ("pockets", models.PocketsList),
        ("amortizations", models.LoanAmortizationsList),
    )
    found = {}
    for path, model in answers:
        names_with_values(decode(still_api.get(f"/users/me/{path}").content, model), found)
    never = {
        models.Investment: {"detail", "pockets"},  # another spelling; webhooks only
        models.MarketOrder: {"deleted"},
        models.Pocket: {"deleted"},
        models.LoanAmortization: {"deleted"},
    }
    for model, names in found.items():
        if model is not models.Currency:
            lacking = {field.name for field in attrs.fields(model)} - names
            assert lacking == never.get(model, set()), model
