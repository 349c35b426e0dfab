"""The arithmetic of ledgers against the plain way: put every row together, filter, sort."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from powens.sandbox.bank import BLUEPRINTS
from powens.sandbox.ledger import Bounds, Calendar, Ledger, Selection

CALENDAR = Calendar(date(2026, 1, 31))
ADDED = datetime.fromisoformat("2026-01-31 09:00:01")
READ = {
    "application_date": date.fromisoformat,
    "date": date.fromisoformat,
    "last_update": datetime.fromisoformat,
}

days = st.sampled_from(CALENDAR.days) | st.dates(date(2023, 1, 1), date(2027, 1, 1))
added_days = st.sampled_from(CALENDAR.days) | st.dates(date(2026, 1, 31), date(2027, 1, 1))
updates = CALENDAR.axes["last_update"]
moments = st.datetimes(updates[0], updates[-1]) | st.sampled_from(updates)
optional = st.none() | st.booleans()


@st.composite
def bounds(draw):
    axis = draw(st.sampled_from(sorted(READ)))
    ends = st.none() | (moments if axis == "last_update" else days)
    return Bounds(axis, draw(ends), draw(ends), draw(st.booleans()))


@st.composite
def ledgers(draw):
    made = []
    for number in range(draw(st.integers(1, 3))):
        size = draw(st.integers(0, 60) | st.sampled_from([999, 1400]))
        blueprint = draw(st.sampled_from(BLUEPRINTS))
        ledger = Ledger(draw(st.integers(0, 9)), 1000 + number, blueprint, size, CALENDAR)
        if ledger.size:
            for k in draw(st.sets(st.integers(0, ledger.size - 1), max_size=4)):
                change = {"application_date": str(draw(days)), "last_update": "2026-01-31 10:00:00"}
                ledger.edit(k, change)
        for day in draw(st.lists(added_days, max_size=3)):
            k = ledger.add(day, draw(st.sampled_from([-1250, 99])), "Ajout", ADDED)
            if draw(st.booleans()):
                ledger.edit(k, {"application_date": str(draw(days))})
        made.append(ledger)
    return made


def plainly(made, income, deleted, spans):
    rows = []
    for place, ledger in enumerate(made):
        for k in [*range(ledger.size), *ledger.arrivals]:
            row = ledger.row(k)
            added = ledger.arrivals.get(k)
            is_income = added.cents > 0 if added else ledger.pattern.kinds[k % 1000].income
            if income is not None and is_income is not income:
                continue
            if deleted is not None and (row["deleted"] is not None) is not deleted:
                continue
            if all(span.holds(READ[span.axis](row[span.axis])) for span in spans):
                rows.append((-ledger.day_of(k), place, -k, ledger, k))
    return [(ledger, k) for *_, ledger, k in sorted(rows, key=lambda entry: entry[:3])]


@settings(max_examples=80, deadline=None)
@given(
    made=ledgers(),
    income=optional,
    deleted=optional,
    spans=st.lists(bounds(), max_size=2),
    data=st.data(),
)
def test_selections(made, income, deleted, spans, data):
    selection = Selection(made, income=income, deleted=deleted, bounds=tuple(spans))
    wanted = plainly(made, income, deleted, spans)
    assert len(selection) == len(wanted)
    places = st.integers(0, len(wanted) + 2)
    for start in {0, data.draw(places), data.draw(places)}:
        found = list(selection.rows(start))
        assert [(ledger.account_id, k) for ledger, k in found] == [
            (ledger.account_id, k) for ledger, k in wanted[start:]
        ]


def test_a_selection_is_without_what_came_since():
    ledger = Ledger(0, 1, BLUEPRINTS[0], 5, CALENDAR)
    day = date(2026, 1, 30)
    first = ledger.add(day, -100, "Ajout", ADDED)
    second = ledger.add(day, -100, "Ajout", ADDED + timedelta(seconds=1))
    found = [k for _, k in Selection([ledger], until=ADDED).rows()]
    assert len(found) == 6
    assert first in found
    assert second not in found
    assert len(Selection([ledger])) == 7


@given(size=st.integers(1, 5000), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_dates_never_fall(size, seed):
    ledger = Ledger(seed, 1, BLUEPRINTS[0], size, CALENDAR)
    found = [ledger.day_of(k) for k in range(ledger.size)]
    assert found == sorted(found)
    assert found[0] >= 0
    assert found[-1] < len(CALENDAR)
    assert sum(not ledger.is_deleted(k) for k in range(ledger.size)) == size
    for day in range(0, len(CALENDAR) + 1, 97):
        first = ledger.first_on(day)
        assert all(each < day for each in found[:first])
        assert all(each >= day for each in found[first:])
