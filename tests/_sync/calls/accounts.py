# Generated from tests/_async/calls/accounts.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Accounts, and the lists of types and currencies."""

from __future__ import annotations

from decimal import Decimal

from powens import (
    AccountType,
    AccountTypeName,
    AccountTypesList,
    BankAccount,
    BankAccountsList,
    BankAccountUsage,
    CurrenciesList,
    Currency,
)

from . import Call, Method

AT = "/users/me/accounts/9"

_ACCOUNT = {"id": 9, "balance": 1250.5, "type": "checking", "bookmarked": 1, "name": "Everyday"}
_THE_ACCOUNT = BankAccount(
    id=9,
    balance=Decimal("1250.5"),
    type=AccountTypeName.CHECKING,
    bookmarked=True,
    name="Everyday",
)
_ACCOUNTS = {
    "accounts": [_ACCOUNT],
    "balances": {"EUR": 1250.5},
    "coming_balances": {"EUR": None},
    "total": 1,
}
_THE_ACCOUNTS = BankAccountsList(
    accounts=(_THE_ACCOUNT,),
    balances={"EUR": Decimal("1250.5")},
    coming_balances={"EUR": None},
    total=1,
)
_TYPE = {"id": 2, "name": "checking", "is_invest": False}
_THE_TYPE = AccountType(id=2, name=AccountTypeName.CHECKING, is_invest=False)
_CURRENCIES = {"currencies": [{"id": "EUR", "symbol": "€", "precision": 2}]}
_THE_CURRENCIES = CurrenciesList(currencies=(Currency(id="EUR", symbol="€", precision=2),))

METHODS = {
    "accounts.list": Method(_ACCOUNTS, _THE_ACCOUNTS),
    "accounts.list_all": Method(_ACCOUNTS, _THE_ACCOUNTS),
    "accounts.get": Method(_ACCOUNT, _THE_ACCOUNT),
    "accounts.update": Method(_ACCOUNT, _THE_ACCOUNT),
    "account_types.list": Method(
        {"accounttypes": [_TYPE]}, AccountTypesList(accounttypes=(_THE_TYPE,)), needed=False
    ),
    "account_types.list_all": Method(
        {"accounttypes": [_TYPE]}, AccountTypesList(accounttypes=(_THE_TYPE,)), needed=False
    ),
    "account_types.get": Method(_TYPE, _THE_TYPE, needed=False),
    "currencies.list": Method(_CURRENCIES, _THE_CURRENCIES, needed=False),
    "currencies.list_all": Method(_CURRENCIES, _THE_CURRENCIES, needed=False),
}

CALLS = [
    Call("accounts.list", "GET /users/me/accounts"),
    Call("accounts.list", "GET /users/me/connections/5/accounts", connection_id=5),
    Call(
        "accounts.list",
        "GET /users/7/connections/5/accounts?all&expand=connection[connector]&limit=1&offset=2",
        user_id=7,
        connection_id=5,
        include_all=True,
        expand="connection[connector]",
        limit=1,
        cursor="offset=2",
    ),
    Call("accounts.list_all", "GET /users/me/accounts"),
    Call(
        "accounts.list_all",
        "GET /users/7/connections/5/accounts?all&expand=connection",
        user_id=7,
        connection_id=5,
        include_all=True,
        expand=["connection"],
    ),
    Call("accounts.get", f"GET {AT}", account_id=9),
    Call(
        "accounts.get",
        "GET /users/7/accounts/9?all&expand=connection",
        account_id=9,
        user_id=7,
        include_all=True,
        expand="connection",
    ),
    Call("accounts.update", f"POST {AT}", {}, account_id=9),
    Call(
        "accounts.update",
        f"POST {AT}?all",
        {"disabled": False},
        account_id=9,
        disabled=False,
        include_all=True,
    ),
    Call("accounts.update", f"POST {AT}", {"name": None}, account_id=9, name=None),
    Call(
        "accounts.update",
        f"POST {AT}",
        {"usage": "ORGA"},
        account_id=9,
        usage=BankAccountUsage.ORGA,
    ),
    Call(
        "accounts.update",
        "POST /users/7/accounts/9?all&expand=connection",
        {"display": True, "name": "Été", "disabled": True, "bookmarked": False, "usage": "NEW"},
        account_id=9,
        user_id=7,
        display=True,
        name="Été",
        disabled=True,
        bookmarked=False,
        usage="NEW",
        include_all=True,
        expand="connection",
    ),
    Call(
        "accounts.update",
        f"POST {AT}",
        {"display": None, "name": None, "disabled": None, "bookmarked": None, "usage": None},
        account_id=9,
        display=None,
        name=None,
        disabled=None,
        bookmarked=None,
        usage=None,
    ),
    Call("account_types.list", "GET /account_types"),
    Call("account_types.list_all", "GET /account_types"),
    Call("account_types.get", "GET /account_types/2", type_id=2),
    Call("currencies.list", "GET /currencies"),
    Call("currencies.list_all", "GET /currencies"),
]
