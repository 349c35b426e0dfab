# Generated from tests/_async/calls/wealth.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Balances, ownerships, indicators, and what is invested or lent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from powens import (
    AccountIdentification,
    AccountOwnership,
    AccountOwnershipsList,
    AccountParty,
    AccountPartyRole,
    AccountSchemeName,
    BalanceCurrencyGroup,
    BalanceGroup,
    BalanceGroupsList,
    DailyBalance,
    IdentityParty,
    Indicators,
    Investment,
    InvestmentCodeType,
    InvestmentHistoryValue,
    InvestmentHistoryValuesList,
    InvestmentsList,
    LoanAmortization,
    LoanAmortizationsList,
    MarketOrder,
    MarketOrderDirection,
    MarketOrderDirectionName,
    MarketOrdersList,
    MonetaryAmount,
    MonthlyIndicators,
    Pocket,
    PocketCondition,
    PocketsList,
    SecurityHistory,
    SecurityHistoryValue,
    UserIndicators,
)

from . import Call, Method

ME = "/users/me"
AT = "/users/me/investments/3"
DAY = dt.date(2024, 2, 29)
EVENING = dt.datetime.fromisoformat("2024-02-29 23:59:00")

_BALANCES = {
    "balances": [
        {
            "min_date": "2024-02-01",
            "max_date": "2024-02-29",
            "currencies": [{"id": "EUR", "balance": 12.5}],
            "n_overdraft": 2,
            "balance": 12.5,
            "daily_balances": [{"date": "2024-02-29", "balance": 12.5}],
        }
    ],
    "first_date": "2023-01-01",
    "last_date": "2024-02-29",
    "result_min_date": "2024-02-01",
    "result_max_date": "2024-02-29",
}
_THE_BALANCES = BalanceGroupsList(
    balances=(
        BalanceGroup(
            min_date=dt.date(2024, 2, 1),
            max_date=DAY,
            currencies=(BalanceCurrencyGroup(id="EUR", balance=Decimal("12.5")),),
            n_overdraft=2,
            balance=Decimal("12.5"),
            daily_balances=(DailyBalance(date=DAY, balance=Decimal("12.5")),),
        ),
    ),
    first_date=dt.date(2023, 1, 1),
    last_date=DAY,
    result_min_date=dt.date(2024, 2, 1),
    result_max_date=DAY,
)
_OWNERSHIPS = {
    "account_ownerships": [
        {
            "id_account": 9,
            "multiple_holders": False,
            "parties": [{"role": "holder", "identity": {"is_user": True, "full_name": "C. D."}}],
            "identifications": [{"scheme_name": "iban", "identification": "FR76"}],
        }
    ]
}
_THE_OWNERSHIPS = AccountOwnershipsList(
    account_ownerships=(
        AccountOwnership(
            id_account=9,
            multiple_holders=False,
            parties=(
                AccountParty(
                    role=AccountPartyRole.HOLDER,
                    identity=IdentityParty(is_user=True, full_name="C. D."),
                ),
            ),
            identifications=(
                AccountIdentification(scheme_name=AccountSchemeName.IBAN, identification="FR76"),
            ),
        ),
    ),
)
_INDICATORS = {
    "id_user": 7,
    "indicators": {"avg_last_30days": {"outgoing": -8.25, "leverage_ratio": "0.3"}},
}
_THE_INDICATORS = UserIndicators(
    id_user=7,
    indicators=Indicators(
        avg_last_30days=MonthlyIndicators(outgoing=Decimal("-8.25"), leverage_ratio="0.3")
    ),
)
_INVESTMENT = {
    "id": 3,
    "id_account": 9,
    "code": "FR0000000000",
    "code_type": "ISIN",
    "quantity": 1.5,
    "diff_percent": 0.1699,
    "vdate": "2024-02-29",
}
_THE_INVESTMENT = Investment(
    id=3,
    id_account=9,
    code="FR0000000000",
    code_type=InvestmentCodeType.ISIN,
    quantity=Decimal("1.5"),
    diff_percent=Decimal("0.1699"),
    vdate=DAY,
)
_INVESTMENTS = {"investments": [_INVESTMENT], "valuation": 150.5, "diff": -1.5, "total": 1}
_THE_INVESTMENTS = InvestmentsList(
    investments=(_THE_INVESTMENT,), valuation=Decimal("150.5"), diff=Decimal("-1.5"), total=1
)
_ORDER = {"id": 6, "order_direction": {"id": 1, "name": "BUY"}, "date": "2024-02-29 12:34:56"}
_THE_ORDER = MarketOrder(
    id=6,
    order_direction=MarketOrderDirection(id=1, name=MarketOrderDirectionName.BUY),
    date=dt.datetime.fromisoformat("2024-02-29 12:34:56"),
)
_POCKET = {"id": 2, "id_investment": 3, "condition": "date", "availability_date": "2024-02-29"}
_THE_POCKET = Pocket(id=2, id_investment=3, condition=PocketCondition.DATE, availability_date=DAY)
_AMORTIZATIONS = {
    "loanamortizations": [
        {
            "id_account": 9,
            "period": "2024_02",
            "interest_amount": {"currency": "EUR", "value": 3.75},
        }
    ]
}
_THE_AMORTIZATIONS = LoanAmortizationsList(
    loanamortizations=(
        LoanAmortization(
            id_account=9,
            period="2024_02",
            interest_amount=MonetaryAmount(currency="EUR", value=Decimal("3.75")),
        ),
    ),
)

METHODS = {
    "balances.get": Method(_BALANCES, _THE_BALANCES),
    "account_ownerships.list": Method(_OWNERSHIPS, _THE_OWNERSHIPS),
    "account_ownerships.list_all": Method(_OWNERSHIPS, _THE_OWNERSHIPS),
    "indicators.get": Method(_INDICATORS, _THE_INDICATORS),
    "investments.list": Method(_INVESTMENTS, _THE_INVESTMENTS),
    "investments.list_all": Method(_INVESTMENTS, _THE_INVESTMENTS),
    "investments.get": Method(_INVESTMENT, _THE_INVESTMENT),
    "investments.history": Method(
        {"investmentvalues": [{"id": 8, "vdate": "2024-02-29", "unitvalue": 10.25}], "total": 1},
        InvestmentHistoryValuesList(
            investmentvalues=(InvestmentHistoryValue(id=8, vdate=DAY, unitvalue=Decimal("10.25")),),
            total=1,
        ),
    ),
    "investments.security_history": Method(
        {
            "history": [{"vdate": "2024-02-29", "unitvalue": 10.25}],
            "first_date": "2001-01-01",
            "result_max_date": "2024-02-29",
        },
        SecurityHistory(
            history=(SecurityHistoryValue(vdate=DAY, unitvalue=Decimal("10.25")),),
            first_date=dt.date(2001, 1, 1),
            result_max_date=DAY,
        ),
    ),
    "market_orders.list": Method(
        {"marketorders": [_ORDER]}, MarketOrdersList(marketorders=(_THE_ORDER,))
    ),
    "market_orders.list_all": Method(
        {"marketorders": [_ORDER]}, MarketOrdersList(marketorders=(_THE_ORDER,))
    ),
    "market_orders.get": Method(_ORDER, _THE_ORDER),
    "pockets.list": Method({"pockets": [_POCKET]}, PocketsList(pockets=(_THE_POCKET,))),
    "pockets.list_all": Method({"pockets": [_POCKET]}, PocketsList(pockets=(_THE_POCKET,))),
    "pockets.get": Method(_POCKET, _THE_POCKET),
    "loan_amortizations.list": Method(_AMORTIZATIONS, _THE_AMORTIZATIONS),
    "loan_amortizations.list_all": Method(_AMORTIZATIONS, _THE_AMORTIZATIONS),
}


def _of_owners(resource, leaf, *owners):
    """Give the calls of a listing: of a user, of another, and of each thing that may own rows."""
    for method in (f"{resource}.list", f"{resource}.list_all"):
        yield Call(method, f"GET {ME}/{leaf}")
        yield Call(method, f"GET /users/7/{leaf}", user_id=7)
        for owner in owners:
            yield Call(method, f"GET {ME}/{owner}s/5/{leaf}", **{f"{owner}_id": 5})
            yield Call(method, f"GET /users/7/{owner}s/5/{leaf}", user_id="7", **{f"{owner}_id": 5})


CALLS = [
    Call("balances.get", f"GET {ME}/accounts/9/balances", account_id=9),
    Call(
        "balances.get",
        "GET /users/7/accounts/9/balances?min_date=2024-02-29&max_date=2024-03&period=15days",
        account_id=9,
        user_id=7,
        min_date=DAY,
        max_date="2024-03",
        period="15days",
    ),
    Call(
        "balances.get",
        f"GET {ME}/accounts/9/balances?min_date=2024&max_date=2024-02-29",
        account_id=9,
        min_date="2024",
        max_date=EVENING,
    ),
    *_of_owners("account_ownerships", "account_ownerships"),
    Call("indicators.get", f"GET {ME}/indicators"),
    Call("indicators.get", "GET /users/7/indicators", user_id=7),
    *_of_owners("investments", "investments", "account", "connection"),
    Call(
        "investments.list",
        f"GET {ME}/accounts/9/investments?label=a%2Bb%20%26%C3%A9&code=FR0000000000"
        "&limit=1000&offset=20",
        account_id=9,
        label="a+b &é",
        code="FR0000000000",
        limit=1000,
        cursor="offset=20",
    ),
    Call(
        "investments.list_all",
        f"GET {ME}/connections/5/investments?label=a%2Bb%20%26%C3%A9&code=FR0000000000&limit=1000",
        connection_id=5,
        label="a+b &é",
        code="FR0000000000",
        limit=1000,
    ),
    Call("investments.get", f"GET {AT}", investment_id=3),
    Call("investments.get", "GET /users/7/investments/3", investment_id=3, user_id=7),
    Call("investments.history", f"GET {AT}/history", investment_id=3),
    Call(
        "investments.history",
        "GET /users/7/investments/3/history?min_date=2024-02-29&max_date=2024-03&limit=10",
        investment_id=3,
        user_id=7,
        min_date=EVENING,
        max_date="2024-03",
        limit=10,
    ),
    Call("investments.security_history", f"GET {AT}/security/history", investment_id=3),
    Call(
        "investments.security_history",
        "GET /users/7/investments/3/security/history?min_date=2024-02&max_date=2024-02-29",
        investment_id=3,
        user_id=7,
        min_date="2024-02",
        max_date=DAY,
    ),
    *_of_owners("market_orders", "marketorders", "account", "connection"),
    Call("market_orders.get", f"GET {ME}/marketorders/6", market_order_id=6),
    Call("market_orders.get", "GET /users/7/marketorders/6", market_order_id=6, user_id=7),
    *_of_owners("pockets", "pockets", "investment", "account", "connection"),
    Call("pockets.get", f"GET {ME}/pockets/2", pocket_id=2),
    Call("pockets.get", "GET /users/7/pockets/2", pocket_id=2, user_id=7),
    *_of_owners("loan_amortizations", "amortizations", "account", "connection"),
]
