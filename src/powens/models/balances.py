"""Balances of an account over time, as Powens works them out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from attrs import frozen

from .._model import Envelope, Model


@frozen(kw_only=True)
class BalanceCurrencyGroup(Model):
    """Sums of a period, in one currency."""

    # Code of the currency.
    id: str | None = None
    symbol: str | None = None
    balance: Decimal | None = None
    expenses: Decimal | None = None
    incomes: Decimal | None = None
    remains: Decimal | None = None


@frozen(kw_only=True)
class DailyBalance(Model):
    """Sums of one day."""

    date: dt.date | None = None
    balance: Decimal | None = None
    expenses: Decimal | None = None
    incomes: Decimal | None = None
    remains: Decimal | None = None


@frozen(kw_only=True)
class BalanceGroup(Model):
    """Sums of a period."""

    min_date: dt.date | None = None
    max_date: dt.date | None = None
    currencies: tuple[BalanceCurrencyGroup, ...] | None = None
    # Days below zero.
    n_overdraft: int | None = None
    balance: Decimal | None = None
    expenses: Decimal | None = None
    incomes: Decimal | None = None
    remains: Decimal | None = None
    # Sent when a date bound was asked for.
    daily_balances: tuple[DailyBalance, ...] | None = None


@frozen(kw_only=True)
class BalanceGroupsList(Envelope[BalanceGroup]):
    """Answer of `GET /users/{id}/accounts/{id}/balances`."""

    _items_field: ClassVar[str] = "balances"
    balances: tuple[BalanceGroup, ...]
    # Bounds of all there is.
    first_date: dt.date | None = None
    last_date: dt.date | None = None
    # Bounds of this answer.
    result_min_date: dt.date | None = None
    result_max_date: dt.date | None = None
