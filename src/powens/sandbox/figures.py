"""What Powens works out of balances and transactions: balances of the past, and indicators."""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, groupby
from typing import Final

from powens.sandbox.bank import currency
from powens.sandbox.state import Account
from powens.sandbox.wire import JsonObject

_SAMPLE: Final = 50  # rows looked at for the sum of a day; a day of more is estimated from them
_WINDOWS: Final = {"last_30days": 30, "last_60days": 60, "last_90days": 90}
_MONTH: Final = 30
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Sums:
    """What came in and went out, in cents; what went out is negative."""

    incomes: int = 0
    expenses: int = 0

    @property
    def net(self) -> int:
        """Both together."""
        return self.incomes + self.expenses

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.incomes + other.incomes, self.expenses + other.expenses)


def total(sums: Iterable[Sums]) -> Sums:
    """The sum of sums."""
    return sum(sums, Sums())


def sums_of(account: Account, day: date) -> Sums:
    """What happened on an account on a day."""
    ledger = account.ledger
    index = (day - ledger.calendar.first).days
    added = Sums()
    for each in ledger.arrivals.values():
        if each.day == index:
            added += Sums(max(each.cents, 0), min(each.cents, 0))
    if not 0 <= index < len(ledger.calendar):
        return added
    rows = range(ledger.first_on(index), ledger.first_on(index + 1))
    seen = rows[:_SAMPLE]
    cents = [_cents(ledger.row(k)) for k in seen if not ledger.is_deleted(k)]
    incomes = sum(each for each in cents if each > 0)
    if len(rows) == len(seen):
        return added + Sums(incomes, sum(cents) - incomes)
    share = len(rows) // len(seen)
    return added + Sums(share * incomes, share * (sum(cents) - incomes))


def _cents(row: JsonObject) -> int:
    value: Decimal = (
        row["gross_value"] + row["commission"] if row["value"] is None else row["value"]
    )
    return int(value.scaleb(2))


class Past:
    """The balances of some accounts: today's one, played back over the transactions."""

    def __init__(self, accounts: list[Account], low: date, high: date, today: date) -> None:
        """Look at the days between two, and at those between them and today."""
        self._accounts = accounts
        self._asked = _days(low, high)
        days = _days(min(low, today), max(high, today))
        self._sums = {each.id: {day: sums_of(each, day) for day in days} for each in accounts}
        self._balances = {each.id: self._replay(each, days, today) for each in accounts}

    def groups(self, *, daily: bool) -> list[JsonObject]:
        """The months, with their days if asked for."""
        months = groupby(self._asked, lambda day: (day.year, day.month))
        return [self._group(list(days), daily=daily) for _, days in months]

    def _replay(self, account: Account, days: list[date], today: date) -> dict[date, int]:
        """The balance at the end of each day; of coming ones as far as coming rows tell."""
        sums = self._sums[account.id]
        moved = dict(zip(days, accumulate(sums[day].net for day in days), strict=True))
        return {day: account.balance + moved[day] - moved[today] for day in days}

    def _group(self, days: list[date], *, daily: bool) -> JsonObject:
        by_currency = groupby(sorted(self._accounts, key=_currency_code), _currency_code)
        group: JsonObject = {
            "min_date": str(days[0]),
            "max_date": str(days[-1]),
            "currencies": [
                {"id": code, "symbol": currency(code)["symbol"], **self._figures([*own], days)}
                for code, own in by_currency
            ],
            "n_overdraft": sum(self._balance(self._accounts, day) < 0 for day in days),
            # Like `balance` of a list of accounts these add up different currencies.
            **self._figures(self._accounts, days),
        }
        if daily:
            group["daily_balances"] = [
                {"date": str(day), **self._figures(self._accounts, [day])} for day in days
            ]
        return group

    def _figures(self, accounts: list[Account], days: list[date]) -> JsonObject:
        sums = total(self._sums[each.id][day] for each in accounts for day in days)
        return {
            "balance": _amount(self._balance(accounts, days[-1])),
            "expenses": _amount(sums.expenses),
            "incomes": _amount(sums.incomes),
            "remains": _amount(sums.net),
        }

    def _balance(self, accounts: list[Account], day: date) -> int:
        return sum(self._balances[each.id][day] for each in accounts)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of a month."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def indicators(accounts: list[Account], today: date) -> JsonObject:
    """The indicators of a user: of each window the sums, and the averages of a month."""
    windows = {"current_month": today.day} | _WINDOWS
    answer: JsonObject = {}
    for name, length in windows.items():
        days = [today - timedelta(days=each) for each in range(length)]
        sums = total(sums_of(account, day) for account in accounts for day in days)
        months = max(1, round(length / _MONTH))
        answer[f"avg_{name}"] = _window(sums, months, days[0], averaged=True)
        answer[f"total_{name}"] = _window(sums, months, days[0], averaged=False)
    return answer


def _window(sums: Sums, months: int, day: date, *, averaged: bool) -> JsonObject:
    """One window. Amounts are whole units; counts have a decimal point in averages only."""
    per = months if averaged else 1

    def units(cents: int) -> int:
        return cents // 100 // per

    def count(number: int) -> int | Decimal:
        return (Decimal(number) / per).quantize(_TENTH) if averaged else number

    recurrent, repaid = sums.incomes * 7 // 10, sums.expenses * 3 // 100
    return {
        "incoming": units(sums.incomes),
        "outgoing": units(sums.expenses),
        "net_cash_flow": units(sums.net),
        "leverage_ratio": _ratio(repaid, sums.incomes),
        "recurrent_income": {
            "num_statements": count(months),
            "total_amount": units(recurrent),
            "details": "salary",
        },
        "recurrent_outcome": {
            "num_statements": count(2 * months),
            "total_amount": units(sums.expenses * 4 // 10),
            "details": None,
        },
        "gambling": {
            "gambling_ratio": _ratio(-1_000 * months, sums.incomes),
            "income_num_statements": count(0),
            "income_total_amount": 0,
            "outcome_num_statements": count(months),
            "outcome_total_amount": units(-1_000 * months),
        },
        "loans": {
            "income_num_statements": count(0),
            "income_total_amount": 0,
            "outcome_num_statements": count(months),
            "outcome_total_amount": units(repaid),
            "details": [{"category_id": 9998, "amount": units(repaid) // months, "date": str(day)}],
        },
        "return_debit": {"num_statements": count(0), "total_amount": 0},
    }


def _ratio(part: int, whole: int) -> str | None:
    """A fraction, which the API writes as text."""
    return str((Decimal(-part) / whole).quantize(Decimal("1E-4"))) if whole else None


def _days(low: date, high: date) -> list[date]:
    return [low + timedelta(days=each) for each in range((high - low).days + 1)]


def _amount(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _currency_code(account: Account) -> str:
    return account.blueprint.currency


def ends(accounts: Iterable[Account]) -> Iterator[date]:
    """The days of the first and the last transaction of each account that has any."""
    for account in accounts:
        ledger = account.ledger
        rows = [*((0, ledger.size - 1) if ledger.size else ()), *ledger.arrivals]
        for k in rows:
            yield ledger.calendar.first + timedelta(days=ledger.day_of(k))
