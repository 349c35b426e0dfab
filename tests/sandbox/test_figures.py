from decimal import Decimal
from itertools import pairwise

import pytest

from powens import models
from powens._codec import decode
from powens.sandbox import Sandbox

BALANCES = "/users/me/accounts/1001/balances"


def get(api, path, model, **params):
    """An answer, read by the model that the SDK reads it with."""
    answer = api.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    return decode(answer.content, model)


@pytest.fixture
def stranger(powens, api, api_of):
    """Another user, with nothing yet."""
    keys = {"client_id": powens.client_id, "client_secret": powens.client_secret}
    return api_of(powens, api.ask("POST", "/auth/init", json=keys)["auth_token"])


def test_balances_of_this_month_unless_a_bound_is_sent(still_api):
    found = get(still_api, BALANCES, models.BalanceGroupsList)
    (month,) = found
    assert (str(month.min_date), str(month.max_date)) == ("2026-01-01", "2026-01-31")
    assert "daily_balances" not in still_api.ask("GET", BALANCES)["balances"][0]
    account = still_api.ask("GET", "/users/me/accounts/1001")
    assert month.balance == account["balance"]
    (group,) = month.currencies
    assert (group.id, group.symbol, group.balance) == ("EUR", "€", month.balance)
    later = get(still_api, BALANCES, models.BalanceGroupsList, min_date="2026-01-15")
    assert str(later.result_min_date) == "2026-01-15"
    assert str(later.result_max_date) == "2026-01-31"
    assert len(later.items[0].daily_balances) == 17


def test_balances_follow_from_the_transactions(still_api):
    bounds = {"min_date": "2025-11", "max_date": "2026-01"}
    found = get(still_api, BALANCES, models.BalanceGroupsList, **bounds)
    assert [each.min_date.month for each in found] == [11, 12, 1]
    days = [day for group in found for day in group.daily_balances]
    for before, after in pairwise(days):
        assert after.balance - before.balance == after.incomes + after.expenses == after.remains
    rows = still_api.ask("GET", "/users/me/accounts/1001/transactions?limit=1000")["transactions"]
    values = [
        row["value"] if row["value"] is not None else row["gross_value"] + row["commission"]
        for row in rows
        if row["rdate"].startswith("2025-12")
    ]
    december = found.items[1]
    assert december.remains == sum(values)
    assert december.expenses == sum(value for value in values if value < 0)
    assert december.n_overdraft == sum(day.balance < 0 for day in december.daily_balances)


def test_balances_are_flat_before_the_first_transaction(still_api):
    bounds = {"min_date": "2023-12", "max_date": "2024-01"}
    found = get(still_api, BALANCES, models.BalanceGroupsList, **bounds)
    balances = {day.balance for group in found for day in group.daily_balances}
    assert len(balances) == 1
    assert str(found.first_date) > "2024-01"


def test_balances_of_many_accounts(still_api):
    found = get(still_api, "/users/me/balances", models.BalanceGroupsList)
    (month,) = found
    accounts = still_api.ask("GET", "/users/me/accounts")
    assert {each.id: each.balance for each in month.currencies} == accounts["balances"]
    assert month.balance == accounts["balance"]  # whatever their currencies
    own = get(still_api, "/users/me/connections/201/balances", models.BalanceGroupsList)
    assert own == found


def test_balances_of_nothing(api, stranger):
    assert stranger.ask("GET", "/users/me/balances")["balances"] == []
    assert stranger.ask("GET", BALANCES, 404)["code"] == "notFound"
    assert api.ask("GET", BALANCES, 400, params={"min_date": "x"})["code"] == "invalidValue"
    backwards = {"min_date": "2026-02-01", "max_date": "2026-01-01"}
    assert api.ask("GET", BALANCES, params=backwards)["balances"] == []
    api.ask("POST", "/users/me/accounts/1001", json={"disabled": True})
    assert api.ask("GET", f"{BALANCES}?all")["balances"] == []
    assert api.ask("GET", BALANCES, 404)["code"] == "notFound"


def test_balances_of_millions_of_rows_cost_little(api_of):
    with Sandbox(transactions=10_000_000) as powens:
        found = get(api_of(powens), BALANCES, models.BalanceGroupsList)
        assert powens.rows_made < 3_000
    assert found.items[0].expenses < -1_000_000
    with Sandbox(transactions=0) as powens:
        found = get(api_of(powens), BALANCES, models.BalanceGroupsList)
    assert (found.first_date, found.items[0].remains) == (None, Decimal(0))


def test_indicators(still_api):
    found = get(still_api, "/users/me/indicators", models.UserIndicators)
    for window in ("current_month", "last_30days", "last_60days", "last_90days"):
        total = getattr(found.indicators, f"total_{window}")
        average = getattr(found.indicators, f"avg_{window}")
        assert total.outgoing < 0
        assert abs(average.outgoing) <= abs(total.outgoing)
    raw = still_api.ask("GET", "/users/me/indicators")["indicators"]
    quarter = raw["total_last_90days"]
    assert isinstance(quarter["leverage_ratio"], str)
    assert isinstance(quarter["gambling"]["gambling_ratio"], str)
    assert isinstance(quarter["recurrent_income"]["num_statements"], int)
    averages = raw["avg_last_90days"]
    assert str(averages["return_debit"]["num_statements"]) == "0.0"
    assert quarter["loans"]["details"][0].keys() == {"category_id", "amount", "date"}


def test_indicators_are_null_before_there_is_an_account(stranger):
    found = get(stranger, "/users/me/indicators", models.UserIndicators)
    assert found.id_user
    assert found.indicators is None


def test_ownerships(still_api, stranger):
    found = get(still_api, "/users/me/account_ownerships", models.AccountOwnershipsList)
    accounts = {each["id"]: each for each in still_api.ask("GET", "/users/me/accounts")["accounts"]}
    assert [each.id_account for each in found] == list(accounts)
    for each in found:
        account = accounts[each.id_account]
        numbers = {one.scheme_name: one.identification for one in each.identifications or ()}
        assert numbers.get("iban") == account["iban"]
        if each.parties is None:
            assert each.multiple_holders is None
        else:
            assert each.multiple_holders == (len(each.parties) > 1)
    assert {"iban", "bban", "cpan"} == {
        one.scheme_name for each in found for one in each.identifications or ()
    }
    roles = {party.role for each in found for party in each.parties or ()}
    assert roles == {"holder", "co_holder"}
    assert stranger.ask("GET", "/users/me/account_ownerships")["account_ownerships"] == []


def test_owner_identity(api):
    own = "/users/me/connections/201/owner_identity"
    found = get(api, own, models.OwnerIdentity)
    assert found.full_name == f"{found.first_name} {found.last_name}"
    assert found.postal_address.city in found.raw_postal_address
    assert found.postal_address.country_code == "FR"
    body = {"id_connector": 2, "login": "someone", "password": "something"}
    waiting = api.ask("POST", "/users/me/connections", 202, json=body)["id"]
    own = f"/users/me/connections/{waiting}/owner_identity"
    assert api.ask("GET", own, 404)["code"] == "notFound"


def test_config_of_a_user(api, stranger):
    own = "/users/me/config"
    assert api.ask("GET", own).keys() == {"biapi.last_push"}
    changes = {"theme": "dark", "biapi.last_push": "x", "biapi.callback_url": "https://a.example/"}
    changed = api.ask("POST", own, json=changes)
    assert changed.keys() == changes.keys()
    assert changed["biapi.last_push"] != "x"
    assert api.ask("GET", own) == changed
    assert api.ask("POST", own, 400, json={"theme": 1})["code"] == "invalidValue"
    assert api.ask("GET", own) == changed
    assert stranger.ask("GET", own).keys() == {"biapi.last_push"}


def test_connections_of_all_users(powens, api, api_of, stranger):
    body = {"id_connector": 1, "login": "someone", "password": "something"}
    theirs = stranger.ask("POST", "/users/me/connections", 201, json=body)["id"]
    config = api_of(powens, powens.config_token)
    found = get(config, "/connections?expand=connector", models.ConnectionsList)
    assert [each.id for each in found] == [201, theirs]
    assert len({each.id_user for each in found}) == 2
    assert found.items[0].connector.id == 1
    assert api.ask("GET", "/connections", 403)["code"] == "forbidden"
