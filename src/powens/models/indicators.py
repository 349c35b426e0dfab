"""Indicators of income and spending of a user."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from .._model import Model


@frozen(kw_only=True)
class IndicatorMonetaryAmount(Model):
    """How much, in how many transactions."""

    num_statements: Decimal | None = None
    total_amount: Decimal | None = None
    # Described nowhere.
    details: str | None = None


@frozen(kw_only=True)
class GamblingIndicators(Model):
    """What went to and came from gambling."""

    # A fraction, as text.
    gambling_ratio: str | None = None
    income_num_statements: Decimal | None = None
    income_total_amount: Decimal | None = None
    outcome_num_statements: Decimal | None = None
    outcome_total_amount: Decimal | None = None


@frozen(kw_only=True)
class DetailsIndicators(Model):
    """One movement behind an indicator."""

    category_id: int | None = None
    amount: Decimal | None = None
    # As text: its format is not documented.
    date: str | None = None


@frozen(kw_only=True)
class LoansIndicators(Model):
    """What went to and came from loans."""

    income_num_statements: Decimal | None = None
    income_total_amount: Decimal | None = None
    outcome_num_statements: Decimal | None = None
    outcome_total_amount: Decimal | None = None
    details: tuple[DetailsIndicators, ...] | None = None


@frozen(kw_only=True)
class ReturnDebitIndicators(Model):
    """Debits that came back unpaid."""

    num_statements: Decimal | None = None
    total_amount: Decimal | None = None


@frozen(kw_only=True)
class MonthlyIndicators(Model):
    """Indicators of one window of time."""

    incoming: Decimal | None = None
    # Negative.
    outgoing: Decimal | None = None
    net_cash_flow: Decimal | None = None
    # A fraction, as text.
    leverage_ratio: str | None = None
    recurrent_income: IndicatorMonetaryAmount | None = None
    recurrent_outcome: IndicatorMonetaryAmount | None = None
    gambling: GamblingIndicators | None = None
    loans: LoansIndicators | None = None
    return_debit: ReturnDebitIndicators | None = None


@frozen(kw_only=True)
class Indicators(Model):
    """Indicators by window of time, as sums and as averages."""

    avg_current_month: MonthlyIndicators | None = None
    total_current_month: MonthlyIndicators | None = None
    avg_last_30days: MonthlyIndicators | None = None
    total_last_30days: MonthlyIndicators | None = None
    avg_last_60days: MonthlyIndicators | None = None
    total_last_60days: MonthlyIndicators | None = None
    avg_last_90days: MonthlyIndicators | None = None
    total_last_90days: MonthlyIndicators | None = None


@frozen(kw_only=True)
class UserIndicators(Model):
    """Answer of `GET /users/{id}/indicators`."""

    id_user: int | None = None
    # None: not worked out yet.
    indicators: Indicators | None = None
