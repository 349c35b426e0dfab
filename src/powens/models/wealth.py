"""Investments, pockets and market orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from attrs import field, frozen

from .._model import Day, Envelope, Model, Open, with_currency_code
from .common import Currency
from .enums import (
    InvestmentCodeType,
    InvestmentSource,
    MarketOrderDirectionName,
    MarketOrderPaymentMethod,
    MarketOrderTypeName,
    PocketCondition,
)


@frozen(kw_only=True)
class InvestmentDetails(Model):
    """Performance and risk of a security; a feature of its own."""

    # Ratios, as are the next two.
    performance_1_year: Decimal | None = None
    performance_3_years: Decimal | None = None
    performance_5_years: Decimal | None = None
    # Risk indicator, 1 to 7.
    srri: Decimal | None = None
    asset_category: str | None = None
    recommended_period: str | None = None
    last_update: dt.datetime | None = None


@frozen(kw_only=True)
class Pocket(Model):
    """A part of an investment with a date of availability."""

    id: int
    id_investment: int | None = None
    id_account: int | None = None
    label: str | None = None
    quantity: Decimal | None = None
    value: Decimal | None = None
    condition: Open[PocketCondition] | None = None
    # Set when `condition` is `date`.
    availability_date: dt.date | None = None
    deleted: Day | None = None
    last_update: dt.datetime | None = None


@frozen(kw_only=True)
class Investment(Model):
    """A security held on an account. Amounts are in the account's currency."""

    _other_spellings: ClassVar[Mapping[str, str]] = {"details": "detail"}

    id: int
    id_account: int | None = None
    label: str | None = None
    # ISIN or AMF code, or a pseudo code such as `XX-liquidity`.
    code: str | None = None
    code_type: Open[InvestmentCodeType] | None = None
    stock_symbol: str | None = None
    # Where the code comes from.
    source: Open[InvestmentSource] | None = None
    description: str | None = None
    quantity: Decimal | None = None
    unitprice: Decimal | None = None
    unitvalue: Decimal | None = None
    valuation: Decimal | None = None
    diff: Decimal | None = None
    # A fraction, not a percentage.
    diff_percent: Decimal | None = None
    prev_diff: Decimal | None = None
    prev_diff_percent: Decimal | None = None
    vdate: dt.date | None = None
    prev_vdate: dt.date | None = None
    # A ratio between 0 and 1.
    portfolio_share: Decimal | None = None
    calculated: tuple[str, ...] | None = None
    deleted: Day | None = None
    last_update: dt.datetime | None = None
    # Set when the security is quoted in another currency than the account.
    original_currency: Currency | None = None
    original_valuation: Decimal | None = None
    original_unitvalue: Decimal | None = None
    original_unitprice: Decimal | None = None
    original_diff: Decimal | None = None
    details: InvestmentDetails | None = None
    # Another spelling; its value is moved to `details`.
    detail: InvestmentDetails | None = field(default=None, repr=False)
    # From here to `stock_market`: not in the reference table, seen in samples.
    id_security: int | None = None
    id_type: int | None = None
    stock_market: str | None = None
    # Only in webhooks.
    pockets: tuple[Pocket, ...] | None = None


@frozen(kw_only=True)
class MarketOrderDirection(Model):
    """Buy or sale."""

    id: int | None = None
    name: Open[MarketOrderDirectionName] | None = None


@frozen(kw_only=True)
class MarketOrderType(Model):
    """At market, at limit, on trigger."""

    id: int | None = None
    name: Open[MarketOrderTypeName] | None = None


@frozen(kw_only=True)
class MarketOrder(Model):
    """An order on a market. Nothing links it to a transaction."""

    id: int
    id_account: int | None = None
    number: str | None = None
    label: str | None = None
    code: str | None = None
    stock_symbol: str | None = None
    order_direction: MarketOrderDirection | None = None
    order_type: MarketOrderType | None = None
    stock_market: str | None = None
    # Free text of the bank.
    state: str | None = None
    payment_method: Open[MarketOrderPaymentMethod] | None = None
    date: dt.datetime | None = None
    execution_date: dt.datetime | None = None
    validity_date: dt.datetime | None = None
    quantity: Decimal | None = None
    amount: Decimal | None = None
    ordervalue: Decimal | None = None
    unitprice: Decimal | None = None
    unitvalue: Decimal | None = None
    deleted: dt.datetime | None = None
    last_update: dt.datetime | None = None
    # From here on: not in the reference table, seen in samples.
    created: dt.datetime | None = None
    webid: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class InvestmentsList(Envelope[Investment]):
    """Answer of `GET /users/{id}/investments`, with sums over what it holds."""

    _items_field: ClassVar[str] = "investments"
    investments: tuple[Investment, ...]
    valuation: Decimal | None = None
    diff: Decimal | None = None
    # A fraction, not a percentage.
    diff_percent: Decimal | None = None
    # Since the synchronisation before.
    prev_diff: Decimal | None = None
    prev_diff_percent: Decimal | None = None
    # Which of the fields Powens worked out itself.
    calculated: tuple[str, ...] | None = None
    total: int | None = None


@frozen(kw_only=True)
class InvestmentHistoryValue(Model):
    """Value of an investment on one day."""

    id: int
    id_investment: int | None = None
    vdate: dt.date | None = None
    unitvalue: Decimal | None = None
    original_currency: Currency | None = None
    original_unitvalue: Decimal | None = None


@frozen(kw_only=True)
class InvestmentHistoryValuesList(Envelope[InvestmentHistoryValue]):
    """Answer of `GET /users/{id}/investments/{id}/history`."""

    _items_field: ClassVar[str] = "investmentvalues"
    investmentvalues: tuple[InvestmentHistoryValue, ...]
    total: int | None = None


@frozen(kw_only=True)
class SecurityHistoryValue(Model):
    """Price of a security on one day."""

    vdate: dt.date | None = None
    unitvalue: Decimal | None = None


@frozen(kw_only=True)
class SecurityHistory(Envelope[SecurityHistoryValue]):
    """Answer of `GET /users/{id}/investments/{id}/security/history`: prices from a third party."""

    _items_field: ClassVar[str] = "history"
    history: tuple[SecurityHistoryValue, ...]
    first_date: dt.date | None = None
    last_date: dt.date | None = None
    result_min_date: dt.date | None = None
    result_max_date: dt.date | None = None


@frozen(kw_only=True)
class MarketOrdersList(Envelope[MarketOrder]):
    """Answer of `GET /users/{id}/marketorders`."""

    _items_field: ClassVar[str] = "marketorders"
    marketorders: tuple[MarketOrder, ...]
    total: int | None = None


@frozen(kw_only=True)
class PocketsList(Envelope[Pocket]):
    """Answer of `GET /users/{id}/pockets`."""

    _items_field: ClassVar[str] = "pockets"
    pockets: tuple[Pocket, ...]
    total: int | None = None


@frozen(kw_only=True)
class MonetaryAmount(Model):
    """An amount with the code of its currency."""

    currency: str | None = None
    value: Decimal | None = None

    @classmethod
    def reshape(cls, data: object) -> object:
        """Take the whole currency for its code."""
        return with_currency_code(data)


@frozen(kw_only=True)
class LoanAmortization(Model):
    """What a loan costs in one month or year. Its key is the account and the period."""

    id_account: int | None = None
    payment_date: dt.date | None = None
    amortization_amount: MonetaryAmount | None = None
    interest_amount: MonetaryAmount | None = None
    insurance_amount: MonetaryAmount | None = None
    total_payment_amount: MonetaryAmount | None = None
    remaining_capital: MonetaryAmount | None = None
    # A month or a year: `2024_02` or `2024-02`, `2024`.
    period: str | None = None
    # Which of the fields Powens worked out itself.
    calculated: tuple[str, ...] | None = None
    deleted: dt.datetime | None = None
    last_update: dt.datetime | None = None


@frozen(kw_only=True)
class LoanAmortizationsList(Envelope[LoanAmortization]):
    """Answer of `GET /users/{id}/amortizations`."""

    _items_field: ClassVar[str] = "loanamortizations"
    loanamortizations: tuple[LoanAmortization, ...]
    total: int | None = None
