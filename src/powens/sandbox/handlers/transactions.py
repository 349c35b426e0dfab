"""Transactions: filters, pages, changes."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from functools import partial
from itertools import islice
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode

from powens.sandbox.call import Call
from powens.sandbox.ledger import Bounds, Ledger, Selection
from powens.sandbox.query import MAX_LIMIT, Cursor, Query
from powens.sandbox.state import Account
from powens.sandbox.views import attachments, transaction_view
from powens.sandbox.wire import Answer, ApiError, JsonObject, bad_value

_EXACT_TOTAL_UP_TO: Final = 100_000  # rows that may be searched only to count what is found
_ROWS_BETWEEN_PAUSES: Final = 1_000
_PAGING: Final = frozenset({"cursor", "offset", "limit"})

_Test: TypeAlias = Callable[["Found"], bool]


class Found(NamedTuple):
    """A row on its way into an answer, with its place in the selection."""

    place: int
    ledger: Ledger
    k: int
    row: JsonObject


async def list_transactions(call: Call) -> Answer:
    """GET /users/{user_id}/transactions, or of one account or connection."""
    accounts = _accounts(call)
    query = call.query
    ledgers = [account.ledger for account in accounts.values()]
    changed, dated = _changed(query), _dated(query)
    text = query.text("cursor")
    cursor = Cursor(0, call.world.clock.now) if text is None else Cursor.decode(text)
    select = partial(
        Selection,
        ledgers,
        income=query.boolean("income"),
        deleted=True if query.boolean("deleted") else None if query.flag("all") else False,
        until=cursor.moment,
    )
    page = Page(call, select(bounds=changed + dated), _tests(query), cursor)
    await page.fetch()
    undated = Page(call, select(bounds=changed), page.tests, cursor)
    everything = Selection(ledgers, deleted=None)
    envelope: JsonObject = {
        "first_date": everything.end("date", -1),
        "last_date": everything.end("date", 0),
    }
    for bound in dated:
        envelope["result_min_date"] = page.selection.end(bound.axis, -1)
        envelope["result_max_date"] = page.selection.end(bound.axis, 0)
    expand = query.expand()
    envelope["_links"] = page.links()
    envelope["transactions"] = [
        transaction_view(
            call.world,
            accounts[each.ledger.account_id],
            each.k,
            each.row,
            expand,
            call.base_url,
        )
        for each in page.found
    ]
    if not page.tests or len(undated.selection) <= _EXACT_TOTAL_UP_TO:
        envelope["total"] = await undated.count()
    return Answer(200, envelope)


def get_transaction(call: Call) -> Answer:
    """GET /users/{user_id}/transactions/{transaction_id}."""
    account, k = call.transaction
    row = account.ledger.row(k)
    expand = call.query.expand()
    return Answer(200, transaction_view(call.world, account, k, row, expand, call.base_url))


def update_transaction(call: Call) -> Answer:
    """POST /users/{user_id}/transactions/{transaction_id}."""
    account, k = call.transaction
    changes = call.typed_values(
        {
            "wording": (str, type(None)),
            "comment": (str, type(None)),
            "active": bool,
            "id_category": int,
            "application_date": str,
            "categories": list,
        }
    )
    if "application_date" in changes:
        changes["application_date"] = _iso_date(changes["application_date"])
    if "categories" in changes:
        changes["categories"] = [_category(each) for each in changes["categories"]]
    if changes:
        changes["last_update"] = str(call.world.clock.tick())
        account.ledger.edit(k, changes)
    return get_transaction(call)


def list_attachments(call: Call) -> Answer:
    """GET /users/{user_id}/transactions/{transaction_id}/attachments.

    The answer is the transaction with its attachments, as the documentation has it.
    """
    account, k = call.transaction
    row = account.ledger.row(k)
    return Answer(200, row | {"attachments": attachments(account, k, row, call.base_url)})


class Page:
    """The part of a selection that a query asks for: a span of the rows that pass its tests."""

    def __init__(
        self, call: Call, selection: Selection, tests: list[_Test], cursor: Cursor
    ) -> None:
        self.selection = selection
        self._cursor = cursor
        self.tests = tests
        self.found: list[Found] = []
        self._call = call
        page = call.query.page()
        self._limit = MAX_LIMIT if page.limit is None else page.limit
        self._offset = page.offset
        self._start = 0
        self._next: int | None = None

    async def fetch(self) -> None:
        """Find the rows of the page."""
        cursor = self._cursor
        if self._call.query.text("cursor") is None:
            # Without tests an offset is a place; with them, a number of rows to find first.
            start, skip = (0, self._offset) if self.tests else (self._offset, 0)
            await self._fetch(start, self._limit, skip)
        elif cursor.before:
            await self._fetch(*await self._before(cursor.place))
        else:
            await self._fetch(cursor.place, self._limit)

    async def count(self) -> int:
        """How many rows pass the tests, on all pages together."""
        if not self.tests:
            return len(self.selection)
        return len([None async for _ in self._passing(0)])

    def links(self) -> JsonObject:
        """Links to this page and its neighbours."""
        url = self._call.request.url
        given = parse_qsl(url.query, keep_blank_values=True)
        filters = [(name, value) for name, value in given if name not in _PAGING]

        def link(place: int | None, *, before: bool = False) -> JsonObject | None:
            if place is None:
                return None
            cursor = Cursor(place, self._cursor.moment, before)
            query = urlencode([*filters, ("limit", str(self._limit)), ("cursor", cursor.encode())])
            return {"href": f"{self._call.origin}{quote(url.path)}?{query}"}

        return {
            "self": link(self._start),
            "prev": link(self._start or None, before=True),
            "next": link(self._next),
        }

    async def _fetch(self, start: int, limit: int, skip: int = 0) -> None:
        """Take up to `limit` rows from a place on, and look where the next page starts."""
        self._start = start = min(start, len(self.selection))
        if not limit:
            return
        if not self.tests:
            self.found = [row async for row in self._passing(start, start + limit)]
            end = start + len(self.found)
            self._next = end if end < len(self.selection) else None
            return
        async for each in self._passing(start):
            if skip:
                skip -= 1
                self._start = each.place + 1
            elif len(self.found) < limit:
                self.found.append(each)
            else:
                self._next = each.place
                break

    async def _before(self, end: int) -> tuple[int, int]:
        """The start and length of the page that ends at a place, searched for backwards."""
        if not self.tests:
            start = max(0, min(end, len(self.selection)) - self._limit)
            return start, min(self._limit, end - start)
        places: list[int] = []
        low = end
        while low > 0 and len(places) <= self._limit:
            high, low = low, max(0, low - _ROWS_BETWEEN_PAUSES)
            places[:0] = [each.place async for each in self._passing(low, high)]
        if len(places) <= self._limit:
            return 0, len(places)
        return places[len(places) - self._limit], self._limit

    async def _passing(self, start: int, end: int | None = None) -> AsyncIterator[Found]:
        """The rows between two places that pass the tests."""
        rows = islice(self.selection.rows(start), None if end is None else end - start)
        for place, (ledger, k) in enumerate(rows, start):
            # A search through millions of rows lets others in, and ends when its client leaves.
            if place % _ROWS_BETWEEN_PAUSES == 0 and await self._call.request.is_disconnected():
                return
            found = Found(place, ledger, k, ledger.row(k))
            if all(test(found) for test in self.tests):
                yield found


def _accounts(call: Call) -> dict[int, Account]:
    """The accounts whose transactions are asked for."""
    if "account_id" in call.request.path_params:
        return {call.account.id: call.account}
    accounts = list(call.accounts)
    if not accounts:
        raise ApiError(409, "noAccount", "There is no account yet")
    return {account.id: account for account in accounts if account.disabled is None}


def _changed(query: Query) -> tuple[Bounds, ...]:
    since = query.instant("last_update")
    return () if since is None else (Bounds("last_update", since, open_start=True),)


def _dated(query: Query) -> tuple[Bounds, ...]:
    low, high = query.first_day("min_date"), query.last_day("max_date")
    axis = query.choice("filter", "application_date", "date")
    return (Bounds(axis, low, high),) if low or high else ()


def _tests(query: Query) -> list[_Test]:
    """The filters that have to look at each row."""
    tests: list[_Test] = []
    if (wording := query.text("wording")) is not None:
        tests.append(lambda each: wording.lower() in (each.row["wording"] or "").lower())
    if (search := query.text("search")) is not None:
        tests.append(lambda each: _mentions(search.lower(), each))
    if (amounts := query.amounts("value")) is not None:
        tests.append(lambda each: each.row["value"] in amounts)
    if (least := query.decimal("min_value")) is not None:
        tests.append(lambda each: each.row["value"] is not None and each.row["value"] >= least)
    if (most := query.decimal("max_value")) is not None:
        tests.append(lambda each: each.row["value"] is not None and each.row["value"] <= most)
    return tests


def _mentions(wanted: str, found: Found) -> bool:
    row = found.row
    texts = [row["wording"], row["original_wording"], row["date"], row["application_date"]]
    texts += [code for each in found.ledger.categories(found.k) for code in each.values()]
    texts.append(None if row["value"] is None else f"{row['value']:.2f}")
    return any(wanted in text.lower() for text in texts if text)


def _iso_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise bad_value("application_date") from None


def _category(given: object) -> JsonObject:
    match given:
        case {"code": str(code), "parent_code": str() | None as parent}:
            return {"code": code, "parent_code": parent}
        case {"code": str(code)}:
            return {"code": code, "parent_code": None}
        case _:
            raise bad_value("categories")
