from decimal import Decimal

import pytest

KEYS = [
    "balance",
    "bic",
    "bookmarked",
    "coming",
    "coming_balance",
    "company_name",
    "currency",
    "deleted",
    "disabled",
    "display",
    "error",
    "formatted_balance",
    "iban",
    "id",
    "id_connection",
    "id_parent",
    "id_source",
    "id_type",
    "id_user",
    "information",
    "last_update",
    "loan",
    "name",
    "number",
    "opening_date",
    "original_name",
    "ownership",
    "type",
    "usage",
    "webid",
]


@pytest.fixture
def fresh(api):
    """A connection whose accounts are all disabled."""
    body = {"id_connector": 1, "login": "someone", "password": "something"}
    return api.ask("POST", "/users/me/connections", 201, json=body)["id"]


def test_the_envelope(api):
    answer = api.ask("GET", "/users/me/accounts")
    assert list(answer) == ["balance", "balances", "coming_balances", "accounts", "total"]
    accounts = answer["accounts"]
    for currency, total in answer["balances"].items():
        own = [each["balance"] for each in accounts if each["currency"]["id"] == currency]
        assert total == sum(own)
    assert answer["balance"] == sum(answer["balances"].values())
    assert answer["coming_balances"]["EUR"] == sum(
        each["coming_balance"] for each in accounts if each["currency"]["id"] == "EUR"
    )
    assert api.ask("GET", "/users/me/accounts?limit=2&offset=1")["accounts"] == accounts[1:3]


def test_live_keys_and_quirks(api, fresh):
    accounts = api.ask("GET", "/users/me/accounts?all")["accounts"]
    assert len(accounts) == 10
    for account in accounts:
        assert sorted(account) == KEYS
        assert account["bookmarked"] in (0, 1)
        assert isinstance(account["type"], str)
        if account["disabled"] is None:
            assert account["currency"].keys() >= {"id", "symbol", "prefix", "precision"}
        else:
            assert account["balance"] is account["currency"] is account["number"] is None
    loan = next(each["loan"] for each in accounts if each["type"] == "loan")
    assert loan["maturity_date"].endswith(" 00:00:00")
    parents = {each["id"]: each["id_parent"] for each in accounts if each["type"] == "card"}
    assert set(parents.values()) <= {each["id"] for each in accounts}


def test_digits_are_kept(api):
    text = api.get("/users/me/accounts").text
    assert '"coming":-42.50,' in text
    loan = next(each for each in api.ask("GET", "/users/me/accounts")["accounts"] if each["loan"])
    assert str(loan["balance"]).endswith("00000000")
    assert '"coming":0E-10,' in text


@pytest.mark.parametrize("flag", ["all", "all=", "all=true"])
def test_the_flag_for_disabled_ones(api, fresh, flag):
    own = f"/users/me/connections/{fresh}/accounts"
    assert api.ask("GET", own)["total"] == 0
    listed = api.ask("GET", f"{own}?{flag}")
    assert listed["total"] == 4
    one = f"/users/me/accounts/{listed['accounts'][0]['id']}"
    assert api.ask("GET", one, 404)["code"] == "notFound"
    assert api.ask("GET", f"{one}?{flag}") == listed["accounts"][0]
    assert api.ask("POST", one, 404, json={"disabled": False})["code"] == "notFound"
    assert api.ask("POST", f"{one}?{flag}", json={"disabled": False})["disabled"] is None
    assert api.ask("GET", own)["total"] == 1


def test_enabling_and_disabling(api, fresh):
    number = api.ask("GET", f"/users/me/connections/{fresh}/accounts?all")["accounts"][0]["id"]
    own = f"/users/me/connections/{fresh}/accounts/{number}"
    transactions = f"/users/me/connections/{fresh}/transactions"
    assert api.ask("GET", transactions)["transactions"] == []
    enabled = api.ask("PUT", f"{own}?all", json={"disabled": False})
    assert isinstance(enabled["balance"], Decimal)
    rows = api.ask("GET", transactions)["transactions"]
    assert rows
    changed = f"/users/me/transactions/{rows[0]['id']}"
    api.ask("POST", changed, json={"comment": "mine"})
    assert api.ask("POST", own, json={"disabled": True})["disabled"]
    assert api.ask("GET", transactions)["transactions"] == []
    api.ask("GET", changed, 404)
    api.ask("GET", f"/users/me/accounts/{number}/transactions", 404)
    api.ask("POST", f"{own}?all", json={"disabled": False})
    assert api.ask("GET", transactions)["transactions"] == rows


def test_other_changes(api):
    own = "/users/me/accounts/1003"
    changes = {"display": False, "name": "Réserve", "bookmarked": True, "usage": "ORGA"}
    changed = api.ask("POST", own, json=changes)
    assert changed | changes == changed | {"bookmarked": True}
    assert changed["bookmarked"] == 1
    assert changed["original_name"] != "Réserve"
    assert api.ask("GET", own) == changed
    assert (
        api.ask("GET", f"{own}?expand=connection[connector]")["connection"]["connector"]["id"] == 1
    )
    for wrong in (
        {"display": 1},
        {"name": None},
        {"usage": "X"},
        {"disabled": "2026-01-01 00:00:00"},
    ):
        assert api.ask("POST", own, 400, json=wrong)["code"] == "invalidValue"
    assert api.ask("GET", own) == changed


def test_types_and_currencies(api):
    types = api.ask("GET", "/account_types")
    assert types["total"] == len(types["accounttypes"]) == 27
    for each in types["accounttypes"]:
        assert api.ask("GET", f"/account_types/{each['id']}") == each
    assert api.ask("GET", "/account_types/99", 404)["code"] == "notFound"
    by_name = {each["name"]: each["id"] for each in types["accounttypes"]}
    for account in api.ask("GET", "/users/me/accounts")["accounts"]:
        assert by_name[account["type"]] == account["id_type"]
    currencies = api.ask("GET", "/currencies")
    assert currencies["total"] == len(currencies["currencies"])
    assert currencies["currencies"][0]["id"] == "EUR"


def test_account_numbers_are_well_formed(api):
    ibans = [each["iban"] for each in api.ask("GET", "/users/me/accounts")["accounts"]]
    checked = [iban for iban in ibans if iban]
    assert checked
    for iban in checked:
        turned = iban[4:] + iban[:4]
        assert int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
