"""The transactions of an account, any number of them, none of them stored.

Row `k` of an account (0 is the oldest) is a pure function of the seed, the account and `k`, and its
dates never fall as `k` grows. What kind of row it is repeats every `PERIOD` rows. So how many rows
lie in a span of days, are credits or are deleted is arithmetic, and any page costs the rows on it.
Only what clients changed is kept.
"""

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Final, TypeAlias

from powens.sandbox import dice
from powens.sandbox.bank import HABITS, KINDS, Blueprint, Kind, currency
from powens.sandbox.wire import JsonObject

PERIOD: Final = 1000
MAX_ROWS: Final = 10**9  # ids are `account id * MAX_ROWS + k`
ARRIVALS: Final = 9 * 10**8  # rows above this one are not made up but were added

_PAST_DAYS = 730
_COMING_DAYS = 10
_DELETED = 25  # of PERIOD
_SYNC_TIME = time(5, 10)
_UNDEFINED_CATEGORY = 9998
_UNCATEGORIZED = "uncategorized"
_JITTER_BITS = 16

Moment: TypeAlias = date | datetime


class Calendar:
    """The days that have transactions, and what each of the API's dates is for a row of that day.

    Every list rises with the day, which lets a bound on any of these dates become a bound on days.
    """

    def __init__(self, today: date) -> None:
        self.first: date = today - timedelta(days=_PAST_DAYS)
        self.days: list[date] = [
            self.first + timedelta(days=day) for day in range(_PAST_DAYS + _COMING_DAYS + 1)
        ]
        self.coming_from = _PAST_DAYS + 1
        posted = [_next_working_day(day) for day in self.days]
        updated = [
            datetime.combine(min(day + timedelta(days=1), today), _SYNC_TIME) for day in self.days
        ]
        self.axes: Mapping[str, list[Moment]] = {
            "application_date": [*self.days],
            "date": [*posted],
            "last_update": [*updated],
        }
        self.day_texts: list[str] = [day.isoformat() for day in self.days]
        self.posted_texts: list[str] = [day.isoformat() for day in posted]
        self.updated_texts: list[str] = [str(moment) for moment in updated]

    @classmethod
    @lru_cache(maxsize=8)
    def of(cls, today: date) -> "Calendar":
        """The calendar of a day, made once."""
        return cls(today)

    def __len__(self) -> int:
        return len(self.days)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A span on one of the dates of a transaction. The low end is out when `open_start` says so."""

    axis: str
    low: Moment | None = None
    high: Moment | None = None
    open_start: bool = False

    def days(self, calendar: Calendar) -> range:
        """The days whose unchanged rows are in."""
        axis = calendar.axes[self.axis]
        find_low = bisect_right if self.open_start else bisect_left
        low = 0 if self.low is None else find_low(axis, self.low)
        high = len(axis) if self.high is None else bisect_right(axis, self.high)
        return range(low, max(low, high))

    def holds(self, moment: Moment) -> bool:
        """Whether a row with that date is in."""
        if self.low is not None and (moment < self.low or (self.open_start and moment == self.low)):
            return False
        return self.high is None or moment <= self.high


class Mask:
    """The rows of one sort, which come back every PERIOD rows."""

    def __init__(self, wanted: list[bool]) -> None:
        self._places = [place for place, is_wanted in enumerate(wanted) if is_wanted]
        self._ranks = [0, *accumulate(int(is_wanted) for is_wanted in wanted)]

    def below(self, k: int) -> int:
        """How many of its rows come before row `k`."""
        return k // PERIOD * len(self._places) + self._ranks[k % PERIOD]

    def nth(self, n: int) -> int:
        """Its row number `n`."""
        turns, rest = divmod(n, len(self._places))
        return turns * PERIOD + self._places[rest]


@dataclass(frozen=True, eq=False)
class Pattern:
    """What kind of row each of PERIOD rows is, and which are deleted."""

    kinds: list[Kind]
    deleted: list[bool]

    @lru_cache(maxsize=64)  # noqa: B019 - patterns are few and live as long as the program
    def mask(self, income: bool | None, deleted: bool | None) -> Mask:
        """The rows that are credits (or not) and deleted (or not); None does not look."""
        return Mask(
            [
                (income is None or kind.income is income) and (deleted is None or gone is deleted)
                for kind, gone in zip(self.kinds, self.deleted, strict=True)
            ]
        )


@lru_cache(maxsize=64)
def pattern_of(seed: int, account_type: str) -> Pattern:
    """The pattern of a type of account."""
    places = sorted(range(PERIOD), key=lambda place: dice.mix(dice.key(seed, account_type) ^ place))
    habits = HABITS[account_type]
    names = [name for name, share in habits.items() for _ in range(share * PERIOD // 100)]
    shuffled = dict(zip(places, names, strict=True))
    gone = set(
        sorted(range(PERIOD), key=lambda place: dice.mix(dice.key(seed, "deleted") ^ place))[
            :_DELETED
        ]
    )
    return Pattern(
        [KINDS[shuffled[place]] for place in range(PERIOD)],
        [place in gone for place in range(PERIOD)],
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """A transaction that was added to an account.

    Attributes:
        day: Its day, counted from the calendar's first.
        cents: Its value.
        wording: What it says.
        moment: When the bank showed it.
    """

    day: int
    cents: int
    wording: str
    moment: datetime


@dataclass
class Ledger:
    """The rows of one account.

    Attributes:
        seed: The sandbox's seed.
        account_id: The account, whose id is part of the rows' ids.
        blueprint: What sort of account it is.
        visible: How many rows it has that are not deleted.
        calendar: The days they are on.
        edits: What clients changed, by row.
        arrivals: What was added, by row. These rows come after all others, whatever their day.
        made: How many rows were put together so far.
    """

    seed: int
    account_id: int
    blueprint: Blueprint
    visible: int
    calendar: Calendar
    edits: dict[int, JsonObject] = field(default_factory=dict[int, JsonObject])
    arrivals: dict[int, Arrival] = field(default_factory=dict[int, Arrival])
    made: int = 0

    @cached_property
    def pattern(self) -> Pattern:
        """The kinds of its rows."""
        return pattern_of(self.seed, self.blueprint.type)

    @cached_property
    def size(self) -> int:
        """How many rows it has, deleted ones included."""
        return (
            self.pattern.mask(None, deleted=False).nth(self.visible - 1) + 1 if self.visible else 0
        )

    @cached_property
    def _key(self) -> int:
        return dice.key(self.seed, "account", self.account_id)

    @property
    def last_day(self) -> int:
        """The last day on which it may have rows."""
        return max([len(self.calendar), *(each.day for each in self.arrivals.values())])

    def add(self, day: date, cents: int, wording: str, moment: datetime) -> int:
        """Add a transaction; its row."""
        k = ARRIVALS + len(self.arrivals) + 1
        index = (day - self.calendar.first).days
        self.arrivals[k] = Arrival(index, cents, wording, moment)
        return k

    def moment(self, k: int, axis: str) -> Moment:
        """One of the dates of a row."""
        edit = self.edits.get(k, {})
        if axis in edit:
            read = datetime.fromisoformat if axis == "last_update" else date.fromisoformat
            return read(edit[axis])
        arrival = self.arrivals.get(k)
        if arrival is None:
            return self.calendar.axes[axis][self.day_of(k)]
        if axis == "last_update":
            return arrival.moment
        return self.calendar.first + timedelta(days=arrival.day)

    def day_of(self, k: int) -> int:
        """The day (counted from the calendar's first) of a row."""
        if k in self.arrivals:
            return self.arrivals[k].day
        jitter = self._chance(k) >> (64 - _JITTER_BITS)
        return ((k << _JITTER_BITS) + jitter) * len(self.calendar) // (self.size << _JITTER_BITS)

    def first_on(self, day: int) -> int:
        """The first row of that day or a later one."""
        k = min(day * self.size // len(self.calendar), self.size)
        while k < self.size and self.day_of(k) < day:
            k += 1
        return k

    def is_deleted(self, k: int) -> bool:
        """Whether the row is a deleted one."""
        return k < ARRIVALS and self.pattern.deleted[k % PERIOD]

    def row_of(self, transaction_id: int) -> int | None:
        """The row with that id, if it is one of this account."""
        account_id, k = divmod(transaction_id, MAX_ROWS)
        is_mine = account_id == self.account_id and (k < self.size or k in self.arrivals)
        return k if is_mine else None

    def row(self, k: int) -> JsonObject:
        """A transaction as the API delivers it."""
        self.made += 1
        if k in self.arrivals:
            return self._arrived(k, self.arrivals[k]) | self.edits.get(k, {})
        chance = self._chance(k)
        kind = self.pattern.kinds[k % PERIOD]
        label = kind.labels[chance % len(kind.labels)]
        cents = kind.least + (chance >> 8) % (kind.most - kind.least)
        day, calendar = self.day_of(k), self.calendar
        row = self._skeleton(
            k,
            chance,
            calendar.day_texts[day],
            calendar.posted_texts[day],
            calendar.updated_texts[day],
        )
        row["coming"] = day >= calendar.coming_from
        wording = label.wording
        row["type"] = kind.type
        row["original_wording"] = f"{kind.type.upper().replace('_', ' ')} {wording.upper()}"
        row["simplified_wording"] = row["wording"] = wording
        row["stemmed_wording"] = wording.lower()
        if kind.commission:
            commission = cents // 25
            row["gross_value"] = self.amount(cents)
            row["commission"] = self.amount(-commission)
            row["commission_currency"] = currency(self.blueprint.currency)
        else:
            row["value"] = self.amount(cents if kind.income else -cents)
            row["formatted_value"] = self.formatted(row["value"])
        if kind.original_currency:
            row["original_currency"] = currency(kind.original_currency)
            row["original_value"] = self.amount(-cents * 43 // 50)
            row["country"] = "GB"
        if kind.counterparty and self.blueprint.source == "openapi":
            row["counterparty"] = {
                "label": wording,
                "account_scheme_name": "iban" if chance & 1 else None,
                "account_identification": f"XX{chance % 10**18:018d}" if chance & 1 else None,
                "type": "debtor" if kind.income else "creditor",
            }
        if kind.type == "card":
            row["card"] = f"XXXX{self._key % 10_000:04d}"
        if k in self.edits:
            row |= {name: value for name, value in self.edits[k].items() if name in row}
        return row

    def categories(self, k: int) -> list[JsonObject]:
        """The categories of a row, which are delivered on request only."""
        if "categories" in self.edits.get(k, {}):
            edited: list[JsonObject] = self.edits[k]["categories"]
            return edited
        if k in self.arrivals:
            return [{"code": _UNCATEGORIZED, "parent_code": None}]
        kind = self.pattern.kinds[k % PERIOD]
        label = kind.labels[self._chance(k) % len(kind.labels)]
        return [{"code": label.category, "parent_code": label.parent}]

    def edit(self, k: int, changes: JsonObject) -> None:
        """Change a row."""
        self.edits[k] = self.edits.get(k, {}) | changes

    def amount(self, cents: int) -> Decimal:
        """An amount with the decimals of its source: two, or ten."""
        if self.blueprint.source == "openapi":
            return Decimal(cents).scaleb(-2)
        return Decimal(cents * 10**8).scaleb(-10)

    def formatted(self, value: Decimal) -> str:
        """An amount for people to read."""
        text = f"{value:,.2f}".replace(",", "\u202f").replace(".", ",")
        return f"{text}\u00a0{currency(self.blueprint.currency)['symbol']}"

    def _chance(self, k: int) -> int:
        return dice.mix(self._key ^ k)

    def _arrived(self, k: int, arrival: Arrival) -> JsonObject:
        day, value = str(self.moment(k, "date")), self.amount(arrival.cents)
        return self._skeleton(k, self._chance(k), day, day, str(arrival.moment)) | {
            "type": "transfer",
            "value": value,
            "formatted_value": self.formatted(value),
            "original_wording": arrival.wording,
            "simplified_wording": arrival.wording,
            "wording": arrival.wording,
            "stemmed_wording": arrival.wording.lower(),
        }

    def _skeleton(
        self, k: int, chance: int, realized: str, posted: str, updated: str
    ) -> JsonObject:
        """Every key of a transaction, those that depend on its kind still empty."""
        by_api = self.blueprint.source == "openapi"
        clock = f"{chance % 24:02d}:{chance % 60:02d}:{chance % 59:02d}"
        return {
            "id": self.account_id * MAX_ROWS + k,
            "id_account": self.account_id,
            "application_date": realized,
            "date": posted,
            "datetime": f"{posted} {clock}" if by_api else None,
            "vdate": posted if by_api else None,
            "vdatetime": f"{posted} {clock}" if by_api else None,
            "rdate": realized,
            "rdatetime": f"{realized} {clock}" if by_api else None,
            "bdate": posted,
            "bdatetime": None,
            "value": None,
            "gross_value": None,
            "type": "unknown",
            "original_wording": "",
            "simplified_wording": "",
            "wording": "",
            "date_scraped": updated,
            "coming": False,
            "active": True,
            "id_cluster": None,
            "comment": None,
            "last_update": updated,
            "deleted": updated if self.is_deleted(k) else None,
            "original_value": None,
            "original_gross_value": None,
            "original_currency": None,
            "commission": None,
            "commission_currency": None,
            "country": None,
            "card": "",
            "counterparty": None,
            "details": None,
            "documents_count": 0,
            "formatted_value": None,
            "id_category": _UNDEFINED_CATEGORY,
            "informations": {},
            "state": "parsed",
            "stemmed_wording": "",
            "webid": f"{chance:016x}",
        }


class Slice:
    """The rows of one ledger that are wanted, newest first."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        income: bool | None,
        deleted: bool | None,
        bounds: tuple[Bounds, ...],
    ) -> None:
        self.ledger = ledger
        self._mask = ledger.pattern.mask(income, deleted)
        days = [bound.days(ledger.calendar) for bound in bounds]
        self._low = max((ledger.first_on(span.start) for span in days), default=0)
        high = min((ledger.first_on(span.stop) for span in days), default=ledger.size)
        self._high = max(self._low, high)
        # A changed date can take a row out of the span its own day is in, or into another one.
        self._added: list[int] = []
        self._removed: list[int] = []
        for k in sorted(ledger.edits) if bounds else ():
            if k >= ledger.size or self._mask.below(k + 1) == self._mask.below(k):
                continue
            is_in = all(bound.holds(ledger.moment(k, bound.axis)) for bound in bounds)
            was_in = self._low <= k < self._high
            if is_in != was_in:
                (self._added if is_in else self._removed).append(k)

    def first_on(self, day: int) -> int:
        """The first row of that day or a later one."""
        return self.ledger.first_on(day)

    def count(self, k: int = 0) -> int:
        """How many rows it has from row `k` on."""
        start = min(max(k, self._low), self._high)
        in_span = self._mask.below(self._high) - self._mask.below(start)
        removed = len(self._removed) - bisect_left(self._removed, k)
        added = len(self._added) - bisect_left(self._added, k)
        return in_span - removed + added

    def below_newest(self, n: int) -> int:
        """The row under which all rows lie but the `n` newest ones."""
        low, high = 0, self.ledger.size
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.count(middle) >= n else (low, middle - 1)
        return low

    def downwards(self, k: int) -> Iterator[int]:
        """Its rows below row `k`, newest first."""
        removed = set(self._removed)
        top, bottom = self._mask.below(min(k, self._high)), self._mask.below(self._low)
        in_span = (self._mask.nth(n) for n in range(top - 1, bottom - 1, -1))
        kept = (row for row in in_span if row not in removed)
        added = [row for row in reversed(self._added) if row < k]
        return heapq.merge(kept, added, reverse=True) if added else kept


class Added:
    """The rows that were added to one ledger and are wanted, counted by day; see `Slice`."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        income: bool | None,
        deleted: bool | None,
        bounds: tuple[Bounds, ...],
        until: datetime | None,
    ) -> None:
        self.ledger = ledger
        wanted = (
            k
            for k, each in ledger.arrivals.items()
            if not deleted
            and (until is None or each.moment <= until)
            and income in {None, each.cents > 0}
            and all(bound.holds(ledger.moment(k, bound.axis)) for bound in bounds)
        )
        self._rows = sorted(wanted, key=lambda k: (ledger.day_of(k), k))

    def first_on(self, day: int) -> int:
        """The first place on that day or a later one."""
        return bisect_left(self._rows, day, key=self.ledger.day_of)

    def count(self, place: int = 0) -> int:
        """How many rows it has from a place on."""
        return len(self._rows) - place

    def below_newest(self, n: int) -> int:
        """The place under which all rows lie but the `n` newest ones."""
        return len(self._rows) - n

    def downwards(self, place: int) -> Iterator[int]:
        """Its rows below a place, newest first."""
        return reversed(self._rows[:place])


class Selection:
    """The rows of several ledgers that are wanted, newest day first, then ledger by ledger.

    With `until` it is without what was added since.
    """

    def __init__(
        self,
        ledgers: list[Ledger],
        *,
        income: bool | None = None,
        deleted: bool | None = False,
        bounds: tuple[Bounds, ...] = (),
        until: datetime | None = None,
    ) -> None:
        self._slices: list[tuple[int, Slice | Added]] = []
        for place, ledger in enumerate(ledgers):
            if ledger.arrivals:  # which come before the other rows of their day
                added = Added(ledger, income=income, deleted=deleted, bounds=bounds, until=until)
                self._slices.append((place, added))
            made = Slice(ledger, income=income, deleted=deleted, bounds=bounds)
            self._slices.append((place, made))
        self._last_day = max((ledger.last_day for ledger in ledgers), default=0)

    def __len__(self) -> int:
        return sum(each.count() for _, each in self._slices)

    def rows(self, start: int = 0) -> Iterator[tuple[Ledger, int]]:
        """The rows from position `start` on, found without passing over the ones before."""
        day, skipped = self._day_at(start)
        streams = [
            self._stream(place, each, top) for place, each, top in self._tops(day, start - skipped)
        ]
        return ((ledger, k) for *_, ledger, k in heapq.merge(*streams, key=lambda entry: entry[:3]))

    def end(self, axis: str, position: int) -> str | None:
        """The date of its newest row (position 0) or oldest row (-1), as far as days tell."""
        found = next(self.rows(position % len(self)), None) if len(self) else None
        if found is None:
            return None
        ledger, k = found
        return str(ledger.moment(k, axis))

    def _day_at(self, position: int) -> tuple[int, int]:
        """The day on which a position falls, and how many rows later days have."""
        low, high = 0, self._last_day
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._count_from(middle) > position else (low, middle - 1)
        return low, self._count_from(low + 1)

    def _count_from(self, day: int) -> int:
        return sum(each.count(each.first_on(day)) for _, each in self._slices)

    def _tops(self, day: int, skip: int) -> Iterator[tuple[int, Slice | Added, int]]:
        """For each ledger the row below which to go on, `skip` rows of that day left out."""
        for place, each in self._slices:
            next_day, this_day = each.first_on(day + 1), each.first_on(day)
            later = each.count(next_day)
            here = each.count(this_day) - later
            passed = min(skip, here)
            skip -= passed
            yield place, each, each.below_newest(later + passed) if passed else next_day

    @staticmethod
    def _stream(
        place: int, each: Slice | Added, top: int
    ) -> Iterator[tuple[int, int, int, Ledger, int]]:
        ledger = each.ledger
        return ((-ledger.day_of(k), place, -k, ledger, k) for k in each.downwards(top))


def _next_working_day(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)  # noqa: PLR2004 - a weekend
