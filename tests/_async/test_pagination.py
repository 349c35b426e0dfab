"""Listings: complete, nothing twice, no request too many, whatever the server makes of paging."""

from __future__ import annotations

import httpx
import pytest

from powens import (
    PowensAuthError,
    PowensHTTPError,
    PowensSerializationError,
    PowensServerError,
    TransactionsList,
    UsersList,
)

ALL = list(range(1, 26))
TOO_MANY = 60


def ids(rows):
    return [row.id for row in rows]


async def gather(pager, *, into):
    """Collect ids as they come, so that those before an error are not lost."""
    async for row in pager:
        into += [row.id]


class Shelf:
    """A server that pages by `limit` and `offset`, with habits.

    It has `rows`, gives at most `cap` of them at once, `usual` when no limit is asked for, tells
    a `total`, and turns a deaf ear to the parameters it `ignores`.
    """

    def __init__(self, rows=ALL, *, cap=TOO_MANY, usual=TOO_MANY, total=25, ignores=()):
        self.rows = list(rows)
        self.cap = cap
        self.usual = usual
        self.total = total
        self.ignores = ignores
        self.asked = 0

    def __call__(self, request):
        self.asked += 1
        assert self.asked < TOO_MANY, "this never ends"
        params = {k: v for k, v in request.url.params.items() if k not in self.ignores}
        offset = int(params.get("offset", 0))
        size = min(int(params.get("limit", self.usual)), self.cap)
        body = {"users": [{"id": n} for n in self.rows[offset : offset + size]]}
        return body if self.total is None else {**body, "total": self.total}


class Chain:
    """A server that gives a link to the next page, as the listing of transactions does."""

    def __init__(self, *pages, href="https://example.biapi.pro/2.0/users/me/transactions?at={}"):
        self.pages = pages
        self.href = href
        self.asked = 0

    def __call__(self, request):
        self.asked += 1
        assert self.asked < TOO_MANY, "this never ends"
        at = int(request.url.params.get("at", 0))
        follows = at + 1 < len(self.pages)
        return linked(self.pages[at], self.href.format(at + 1) if follows else None)


def linked(rows, href):
    """A page of transactions and its link."""
    link = None if href is None else {"href": href}
    body = {"transactions": [{"id": n} for n in rows]}
    return {**body, "_links": {"self": {"href": "?"}, "prev": None, "next": link}}


def unlinked(rows, **more):
    """A page of transactions without links."""
    return {"transactions": [{"id": n} for n in rows], **more}


# --- Pages by offset -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("habits", "limit", "requests"),
    [
        # An honest server: a short page at the announced end is the end.
        ({}, 10, 3),
        ({}, 24, 2),
        ({}, 26, 1),
        ({}, 1000, 1),
        # A full page is not, whatever the total says.
        ({}, 25, 2),
        ({}, 5, 6),
        ({}, 1, 26),
        # It does not say how many there are.
        ({"total": None}, 10, 4),
        ({"total": None}, 25, 2),
        ({"total": None}, 1000, 2),
        # It gives fewer at once than asked.
        ({"cap": 4}, 10, 8),
        ({"cap": 5}, 10, 6),
        ({"cap": 4, "total": None}, 10, 9),
        ({"cap": 2}, 1000, 24),
        # It decides on the size of a page by itself.
        ({"ignores": ["limit"]}, 10, 1),
        ({"ignores": ["limit"], "total": None}, 10, 2),
        ({"ignores": ["limit"], "cap": 12}, 10, 3),
        ({"ignores": ["limit"], "cap": 12, "total": None}, 10, 4),
        ({"ignores": ["limit"], "cap": 12}, 12, 3),
        # It always gives everything.
        ({"ignores": ["limit", "offset"]}, 10, 1),
        ({"ignores": ["limit", "offset"], "total": None}, 10, 3),
        ({"ignores": ["offset"], "total": None}, 25, 3),
        # It miscounts.
        ({"total": 30}, 10, 5),
        ({"total": 1000}, 25, 3),
        ({"total": 7}, 10, 4),
        ({"total": 0}, 10, 4),
        ({"total": -1}, 5, 6),
        # It is not told how many to give.
        ({}, None, 1),
        ({"total": None}, None, 2),
        ({"usual": 10}, None, 3),
        ({"usual": 10, "total": None}, None, 4),
        ({"usual": 10, "total": 30}, None, 5),
        ({"ignores": ["offset"], "total": None}, None, 3),
    ],
)
async def test_a_listing_is_complete_and_no_longer(api, connect, habits, limit, requests):
    api.answers(Shelf(**habits))
    async with connect() as client:
        assert ids(await client.users.list(limit=limit).to_list()) == ALL
    assert api.count == requests


@pytest.mark.parametrize(("total", "requests"), [(0, 1), (None, 1), (-1, 1), (5, 2)])
@pytest.mark.parametrize("limit", [None, 10])
async def test_an_empty_listing_takes_one_request(api, connect, total, requests, limit):
    """Where rows are announced, it takes a second look."""
    api.answers(Shelf([], total=total))
    async with connect() as client:
        pager = client.users.list(limit=limit)
        assert await pager.to_list() == []
        assert [len(page) async for page in pager.by_page()] == [0]
    assert api.count == 2 * requests


async def test_a_first_page_that_is_empty_by_mistake_is_asked_for_again(api, connect):
    api.answers({"users": None, "total": 25}, Shelf())
    async with connect() as client:
        assert ids(await client.users.list().first_page()) == ALL
    assert api.targets == ["/users"] * 3


async def test_the_requests_of_a_listing(api, connect):
    api.answers(Shelf(cap=9))
    async with connect() as client:
        await client.users.list(limit=10, expand=["config", "invites"]).to_list()
    expand = "expand=config,invites&limit"
    assert api.targets == [
        f"/users?{expand}=10",
        # One row more, which is the last of the page before.
        f"/users?{expand}=11&offset=8",
        f"/users?{expand}=11&offset=16",
    ]


async def test_a_filter_that_can_be_read_once_goes_with_every_page(api, connect):
    api.answers(Shelf(cap=13))
    async with connect() as client:
        pager = client.users.list(limit=20, expand=iter(["config", "invites"]))
        await pager.to_list()
        await pager.first_page()
    assert api.count == 3
    assert all("expand=config,invites" in target for target in api.targets)


@pytest.mark.parametrize("total", [25, None])
async def test_pages_of_any_size_are_followed(api, connect, total):
    shelf, sizes = Shelf(total=total), iter([7, 10, 2, 5, 3, 9])

    def moody(request):
        shelf.cap = next(sizes, TOO_MANY)
        return shelf(request)

    api.answers(moody)
    async with connect() as client:
        assert ids(await client.users.list(limit=10).to_list()) == ALL
    offsets = [request.url.params.get("offset") for request in api.requests]
    assert offsets == [None, "6", "15", "16", "20", "22", *([] if total else ["24"])]


@pytest.mark.parametrize("limit", [2, 10, 1000])
@pytest.mark.parametrize("total", [True, False])
async def test_rows_that_go_take_none_along(api, connect, limit, total):
    shelf = Shelf(range(40), total=None, cap=10)

    def shrink(request):
        if shelf.asked:
            del shelf.rows[:1]
        page = shelf(request)
        return {**page, "total": len(shelf.rows)} if total else page

    api.answers(shrink)
    async with connect() as client:
        found = ids(await client.users.list(limit=limit).to_list())
    assert found == sorted(set(found))
    assert set(shelf.rows) <= set(found)


async def test_a_page_whose_rows_are_all_gone_sends_the_walk_back(api, connect):
    shelf = Shelf(total=None)

    def vanish(request):
        if shelf.asked == 2:
            del shelf.rows[3:19]
        return shelf(request)

    api.answers(vanish)
    async with connect() as client:
        assert ids(await client.users.list(limit=5).to_list()) == [*range(1, 11), *range(20, 26)]
    offsets = [request.url.params.get("offset") for request in api.requests]
    assert offsets[:3] == [None, "4", "9"]
    assert int(offsets[3]) < 9


REFUSED = "^UsersList: the API gives one row at a time, so that no page joins$"


@pytest.mark.parametrize("total", [25, None, 0, 1000])
@pytest.mark.parametrize(("limit", "requests"), [(10, 4), (None, 4), (1, 5)])
async def test_an_api_that_gives_one_row_at_a_time_is_refused(api, connect, total, limit, requests):
    api.answers(Shelf(cap=1, total=total))
    async with connect() as client:
        with pytest.raises(PowensSerializationError, match=REFUSED):
            await gather(client.users.list(limit=limit), into=(got := []))
    assert got == [1]
    assert api.count == requests


@pytest.mark.parametrize(
    ("habits", "limit", "requests"),
    [
        ({"total": 1}, 10, 1),
        ({"total": 1}, 1, 2),
        ({"total": None}, 10, 2),
        ({"total": None}, 1, 3),
        ({"total": 0}, None, 2),
        ({"total": 3}, 10, 3),
        ({"total": None, "ignores": ["offset"]}, 10, 3),
    ],
)
async def test_a_listing_may_have_one_row(api, connect, habits, limit, requests):
    api.answers(Shelf([1], **habits))
    async with connect() as client:
        assert ids(await client.users.list(limit=limit).to_list()) == [1]
    assert api.count == requests


async def test_rows_that_move_to_the_next_page_come_once(api, connect):
    shelf = Shelf(range(100, 130), total=None)

    def grow(request):
        page = shelf(request)
        if shelf.asked < 7:
            shelf.rows[:0] = [200 + shelf.asked]
        return page

    api.answers(grow)
    async with connect() as client:
        assert ids(await client.users.list(limit=10).to_list()) == list(range(100, 130))


async def test_a_row_twice_on_a_page_comes_once(api, connect):
    api.answers(Shelf([1, 2, 2, 3, 1]))
    async with connect() as client:
        assert ids(await client.users.list().to_list()) == [1, 2, 3]


@pytest.mark.parametrize("limit", [10, None])
async def test_a_page_that_repeats_while_more_is_announced_is_an_error(api, connect, limit):
    api.answers(Shelf(usual=10, ignores=["offset"]))
    async with connect() as client:
        with pytest.raises(PowensSerializationError, match=r"repeats a page .* larger limit"):
            await gather(client.users.list(limit=limit), into=(got := []))
    # Asked for one row more and for a far offset, it gives the same.
    assert got == ALL[: 11 if limit else 10]
    assert api.count == (4 if limit else 3)


# --- Pages by links ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "href",
    [
        "https://example.biapi.pro/2.0/users/me/transactions?at={}",
        "https://EXAMPLE.biapi.pro:443/2.0/users/me/transactions?at={}#here",
        "https://example.biapi.pro/2.0/users/1/transactions?limit=2&at={}",
        "//example.biapi.pro/2.0/users/me/transactions?at={}",
        "/2.0/users/me/transactions?at={}",
        "transactions?at={}",
        "../me/transactions?at={}",
        "?at={}",
    ],
)
async def test_links_are_followed_as_they_are(api, connect, href):
    api.answers(Chain([1, 2], [3, 4], [5], href=href))
    async with connect() as client:
        assert ids(await client.transactions.list(limit=2).to_list()) == [1, 2, 3, 4, 5]
    assert api.count == 3
    assert api.bearers == ["t0ken"] * 3
    assert [request.url.host for request in api.requests] == ["example.biapi.pro"] * 3
    assert [request.url.params.get("at") for request in api.requests] == [None, "1", "2"]


@pytest.mark.parametrize(
    ("pages", "rows"),
    [
        ([[]], []),
        ([[1, 2, 3]], [1, 2, 3]),
        ([[1], [2], [3]], [1, 2, 3]),
        ([[1, 2], [], [3]], [1, 2, 3]),
        ([[], [], [1], []], [1]),
        ([[1, 2], [2, 3], [3, 4]], [1, 2, 3, 4]),
        ([[1, 2, 2], [3, 3, 1]], [1, 2, 3]),
        ([range(1, 1200), range(1200, 1500)], [*range(1, 1500)]),
    ],
)
async def test_links_are_followed_until_there_is_none(api, connect, pages, rows):
    api.answers(Chain(*pages))
    async with connect() as client:
        assert ids(await client.transactions.list(limit=500).to_list()) == rows
    assert api.count == len(pages)


async def test_pages_by_links_leave_out_the_empty_ones(api, connect):
    api.answers(Chain([], [1], [], [2], []))
    async with connect() as client:
        pages = [ids(page) async for page in client.transactions.list().by_page()]
    assert pages == [[], [1], [2]]


@pytest.mark.parametrize("links", [{}, {"next": None}, {"self": {"href": "?"}}])
async def test_links_without_a_next_one_are_the_end(api, connect, links):
    api.answers(unlinked([1, 2], total=99, _links=links))
    async with connect() as client:
        assert ids(await client.transactions.list(limit=3).to_list()) == [1, 2]
    assert api.count == 1


class Unlinked:
    """A server of transactions that pages by `limit` and `offset`, without links."""

    def __init__(self, rows, **more):
        self.rows, self.more = list(rows), more

    def __call__(self, request):
        offset = int(request.url.params.get("offset", 0))
        limit = int(request.url.params["limit"])
        return unlinked(self.rows[offset : offset + limit], **self.more)


@pytest.mark.parametrize(
    ("count", "total", "paging"),
    [
        (2, 5, ["3&offset=1", "3&offset=2", "3&offset=2"]),
        (5, 5, ["3&offset=1", "3&offset=3"]),
        (2, 2, []),
        (2, None, []),
    ],
)
async def test_a_full_page_without_a_next_link_is_not_the_end_if_more_is_announced(
    api, connect, count, total, paging
):
    api.answers(Unlinked(range(count), total=total, _links={"next": None}))
    async with connect() as client:
        assert ids(await client.transactions.list(limit=2).to_list()) == [*range(count)]
    assert api.targets == [f"/users/me/transactions?limit={each}" for each in ["2", *paging]]


@pytest.mark.parametrize("total", [4, 5])
async def test_what_all_links_gave_is_counted_where_one_is_missed(api, connect, total):
    pages = [linked([1, 2], "?at=1"), linked([3, 4], None), unlinked([4, 5])]
    api.answers(*[page | {"total": total} for page in pages])
    async with connect() as client:
        found = ids(await client.transactions.list(limit=2).to_list())
    assert found == [*range(1, total + 1)]
    path = "/users/me/transactions?"
    rest = [] if total == 4 else [f"{path}limit=3&offset=3"]
    assert api.targets == [f"{path}limit=2", f"{path}at=1", *rest]


async def test_where_a_link_is_missed_a_cursor_goes_on(api, connect):
    api.answers(Unlinked([3, 1, 4, 2, 5], total=5, _links={"next": None}))
    async with connect() as client:
        page = await client.transactions.list(limit=3).first_page()
        assert (ids(page), page.total, page.next_cursor) == ([3, 1, 4], 5, "offset=3&after=4")
        rest = client.transactions.list(limit=3, cursor=page.next_cursor)
        assert ids(await rest.to_list()) == [2, 5]


async def test_after_a_link_a_full_page_without_a_next_one_is_the_end(api, connect):
    api.answers(linked([3, 4], None) | {"total": 4})
    cursor = "https://example.biapi.pro/2.0/users/me/transactions?limit=2&at=1"
    async with connect() as client:
        assert ids(await client.transactions.list(limit=2, cursor=cursor).to_list()) == [3, 4]
    assert api.count == 1


@pytest.mark.parametrize("more", [{}, {"_links": None}])
async def test_without_any_links_the_offset_does_it(api, connect, more):
    api.answers(Unlinked([1, 2, 3, 4], **more))
    async with connect() as client:
        assert ids(await client.transactions.list(limit=2).to_list()) == [1, 2, 3, 4]
    path = "/users/me/transactions?limit"
    assert api.targets == [f"{path}=2", f"{path}=3&offset=1", f"{path}=3&offset=3"]


DELETED = "^TransactionsList: rows were deleted while it was listed; list again$"


@pytest.mark.parametrize("totals", [(None, 5, 4), (5, None, 4)])
async def test_a_total_that_goes_down_between_links_is_an_error(api, connect, totals):
    pages = [linked([1, 2], "?at=1"), linked([4, 5], "?at=2"), linked([6], None)]
    api.answers(*[{**page, "total": total} for page, total in zip(pages, totals, strict=True)])
    async with connect() as client:
        walk = client.transactions.list(limit=2).by_page()
        assert ids(await walk.__anext__()) == [1, 2]
        page = await walk.__anext__()
        for _ in range(2):
            with pytest.raises(PowensSerializationError, match=DELETED):
                await walk.__anext__()
        # Whoever knows that the API does not count rows goes on from the page before.
        rest = client.transactions.list(cursor=page.next_cursor)
        assert ids(await rest.to_list()) == [6]


async def test_rows_that_move_on_by_more_than_a_page_of_links_come_once(api, connect):
    api.answers(Chain([1, 2], [9, 8], [7, 1], [2, 3], [4]))
    async with connect() as client:
        assert ids(await client.transactions.list(limit=2).to_list()) == [1, 2, 9, 8, 7, 3, 4]


@pytest.mark.parametrize(("first", "requests"), [([], 100), ([1], 101)])
async def test_empty_pages_that_lead_on_for_ever_are_given_up(api, connect, first, requests):
    def lead_on(request):
        at = int(request.url.params.get("at", 0))
        return linked([] if at else first, f"?at={at + 1}")

    api.answers(lead_on)
    async with connect() as client:
        with pytest.raises(PowensSerializationError, match="nothing new"):
            await client.transactions.list().to_list()
    assert api.count == requests


async def test_links_that_vanish_are_missed(api, connect):
    api.answers(linked([1, 2], "?at=1"), unlinked([3, 4]))
    async with connect() as client:
        with pytest.raises(PowensSerializationError, match=r"refused: is missing$"):
            await client.transactions.list(limit=2).to_list()


async def test_a_listing_that_begins_without_links_is_walked_by_offset(api, connect):
    api.answers(unlinked([1, 2]), linked([2, 3, 4], "?at=9"), unlinked([4]))
    async with connect() as client:
        assert ids(await client.transactions.list(limit=2).to_list()) == [1, 2, 3, 4]
    assert [request.url.params.get("offset") for request in api.requests] == [None, "1", "3"]


async def test_ever_new_links_to_the_same_rows_are_an_error(api, connect):
    def always_the_same(request):
        link = f"?at={int(request.url.params.get('at', 0)) + 1}"
        return {"transactions": [{"id": 1}], "_links": {"next": {"href": link}}}

    api.answers(always_the_same)
    async with connect() as client:
        with pytest.raises(PowensSerializationError, match=r": it led to the same rows again$"):
            await client.transactions.list().to_list()
    assert api.count == 2


@pytest.mark.parametrize("back_to", ["", "?at=1", "?at=2"])
async def test_a_link_that_was_followed_before_is_an_error(api, connect, back_to):
    first = "https://example.biapi.pro/2.0/users/me/transactions?limit=1000"
    api.answers(linked([1], "?at=1"), linked([2], "?at=2"), linked([3], back_to or first))
    async with connect() as client:
        with pytest.raises(
            PowensSerializationError, match=r"next\.href is refused: it was followed before$"
        ):
            await gather(client.transactions.list(), into=(got := []))
    assert got == [1, 2]
    assert api.count == 3


FOREIGN_LINKS = [
    "https://evil.example/2.0/users/me/transactions?at=1",
    "https://example.biapi.pro.evil.example/2.0/users/me/transactions",
    "https://example.biapi.pro@evil.example/2.0/users/me/transactions",
    "https://me:pw@example.biapi.pro/2.0/users/me/transactions",
    "https://@example.biapi.pro/2.0/users/me/transactions",
    "https://example.biapi.pro:8443/2.0/users/me/transactions",
    "https://example.biapi.pro:x/2.0/users/me/transactions",
    "http://example.biapi.pro/2.0/users/me/transactions",
    "ftp://example.biapi.pro/2.0/users/me/transactions",
    "javascript:alert(1)",
    "//evil.example/2.0/users/me/transactions",
    "///evil.example/2.0/users/me/transactions",
    "\\\\evil.example/2.0/users/me/transactions",
    "https:\\\\evil.example/2.0/users/me/transactions",
    "https://example.biapi.pro\\@evil.example/2.0/users/me/transactions",
    "https://example.biapi.pro/2.0/users\\..\\..\\x",
    "https://example.biapi.pro/1.0/users/me/transactions",
    "https://example.biapi.pro/users/me/transactions",
    "https://example.biapi.pro/2.0x/users/me/transactions",
    "https://example.biapi.pro/2.0",
    "https://example.biapi.pro/2.0/../1.0/users",
    "https://example.biapi.pro/2.0/users/./me/transactions",
    "https://example.biapi.pro/2.0/%2e%2e/1.0/users",
    "https://example.biapi.pro/2.0/.%2E/1.0/users",
    "/2.0/%2E./1.0/users",
    "/1.0/users/me/transactions",
    "../../../1.0/transactions",
    "https://example.biapi.pro/2.0/users/me/transactions?at=1\r\nx-evil: 1",
    " https://evil.example/2.0/users/me/transactions",
    "https://[::1/2.0/users/me/transactions",
    "https://ex\u00e4mple.biapi.pro/2.0/users/me/transactions",
    "https://example\u3002biapi.pro/2.0/users/me/transactions",
    "https://example.biapi.pro%2f@evil.example/2.0/users",
]


@pytest.mark.parametrize("href", FOREIGN_LINKS)
async def test_a_link_that_leads_elsewhere_is_refused(api, connect, href):
    api.answers(linked([1], href), linked([2], None))
    async with connect() as client:
        with pytest.raises(PowensSerializationError) as caught:
            await client.transactions.list().to_list()
    text = str(caught.value)
    assert text.startswith("TransactionsList: the link at _links.next.href is refused: it ")
    assert "evil" not in text
    assert api.count == 1


# --- Going on from a cursor ----------------------------------------------------------------------


@pytest.mark.parametrize("habits", [{}, {"cap": 3}, {"total": None}, {"total": 30}])
async def test_an_offset_goes_on_exactly_there(api, connect, habits):
    api.answers(Shelf(**habits))
    async with connect() as client:
        pages = [page async for page in client.users.list(limit=10).by_page()]
    done = []
    for page in pages:
        done += ids(page)
        if page.next_cursor is not None:
            api.answers(Shelf(**habits))
            async with connect() as other:
                rest = await other.users.list(limit=10, cursor=page.next_cursor).to_list()
            assert done + ids(rest) == ALL


@pytest.mark.parametrize(
    "href", ["?at={}", "https://example.biapi.pro/2.0/users/1/transactions?at={}"]
)
async def test_a_link_goes_on_exactly_there(api, connect, href):
    api.answers(Chain([1, 2], [3], [], [4, 5], href=href))
    async with connect() as client:
        pages = [page async for page in client.transactions.list(limit=2).by_page()]
    assert [page.next_cursor is None for page in pages] == [False, False, True]
    done = []
    for page in pages[:-1]:
        done += ids(page)
        async with connect() as other:
            rest = await other.transactions.list(limit=2, cursor=page.next_cursor).to_list()
        assert done + ids(rest) == [1, 2, 3, 4, 5]


async def test_going_on_sends_the_link_alone(api, connect):
    api.answers(linked([3], None))
    cursor = "https://example.biapi.pro/2.0/users/1/transactions?limit=2&at=1"
    async with connect() as client:
        page = await client.transactions.list_page(cursor=cursor, search="ignored", limit=7)
    assert isinstance(page, TransactionsList)
    assert api.targets == ["/users/1/transactions?limit=2&at=1"]


@pytest.mark.parametrize(("limit", "requests"), [(2, 2), (1000, 1)])
async def test_without_links_an_offset_goes_on_there(api, connect, limit, requests):
    api.answers(Unlinked([1, 2, 3, 4], total=4))
    async with connect() as client:
        pager = client.transactions.list(cursor="offset=2", limit=limit)
        assert ids(await pager.to_list()) == [3, 4]
    assert api.targets[0] == f"/users/me/transactions?limit={limit}&offset=2"
    assert api.count == requests


MOVED = "^UsersList: rows around the cursor came or went; list again without it$"


async def test_a_cursor_whose_rows_are_gone_is_refused(api, connect):
    shelf = Shelf()
    api.answers(shelf)
    async with connect() as client:
        page = await client.users.list(limit=10).first_page()
        del shelf.rows[:10]
        walk = client.users.list(limit=10, cursor=page.next_cursor).by_page()
        for _ in range(2):
            with pytest.raises(PowensSerializationError, match=MOVED):
                await walk.__anext__()


async def test_after_a_link_only_a_link_goes_on(api, connect):
    api.answers(unlinked([3, 4]))
    async with connect() as client:
        pager = client.transactions.list(
            cursor="https://example.biapi.pro/2.0/users/1/transactions?at=1"
        )
        with pytest.raises(
            PowensSerializationError, match=r"_links\.next\.href is refused: is miss"
        ):
            await pager.to_list()
        api.answers(unlinked([]))
        assert await pager.to_list() == []


@pytest.mark.parametrize(
    "cursor",
    [
        *("", "x", "offset", "offset=", "offset=-1", "offset=1.5", "offset= 1", "offset=1&limit=2"),
        *("offset=1&after=", "offset=1&after=x", f"offset=1&after={'0' * 19}"),
        "offset=1&after=7,",
        *("offset=\u00b2", "offset=\u0663", "OFFSET=1", "7", "?offset=7"),
        "https://example.biapi.pro/2.0/users?offset=7",
    ],
)
def test_a_cursor_that_is_no_offset_is_refused_at_once(api, connect, cursor):
    with pytest.raises(ValueError, match="cursor is not one that this listing gave"):
        connect().users.list(cursor=cursor)
    assert api.count == 0


@pytest.mark.parametrize(
    "cursor",
    [
        *("", "x", "offset=x", "offset=-1", "?at=1"),
        *(link for link in FOREIGN_LINKS if "//" in link or "\\" in link),
        "https://example.biapi.pro/2.0/users/me/accounts?at=1",
        "https://example.biapi.pro/2.0/users/me/transactions/5",
        "https://example.biapi.pro/2.0/users/me/transactions/",
        "https://example.biapi.pro/2.0/users/me/%74ransactions",
    ],
)
def test_a_cursor_that_is_no_link_is_refused_at_once(api, connect, cursor):
    with pytest.raises(ValueError, match="cursor is not one that this listing gave") as caught:
        connect().transactions.list(cursor=cursor)
    assert "evil" not in str(caught.value)
    assert api.count == 0


async def test_a_cursor_is_a_link_of_the_same_endpoint(api, connect):
    base = "https://example.biapi.pro/2.0/users/me"
    api.answers(linked([1], None))
    async with connect() as client:
        with pytest.raises(ValueError, match=OTHER):
            client.transactions.list(cursor=f"{base}/accounts?at=/transactions")
        assert await client.transactions.list(cursor=f"{base}/transactions?at=/x?y").to_list()


OTHER = "^cursor is not one that this listing gave: it belongs to another endpoint$"


async def test_a_cursor_of_another_client_is_refused(api, connect):
    api.answers(Chain([1], [2]))
    async with connect() as client:
        page = await client.transactions.list().first_page()
    with pytest.raises(ValueError, match="it leads to another host"):
        connect(base_url="https://other.biapi.pro/2.0").transactions.list(cursor=page.next_cursor)


@pytest.mark.parametrize("cursor", [7, b"offset=7", ["offset=7"]])
@pytest.mark.parametrize("name", ["users", "transactions"])
def test_a_cursor_is_text(connect, name, cursor):
    with pytest.raises(TypeError, match="cursor must be a str"):
        getattr(connect(), name).list(cursor=cursor)


# --- What a pager is -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["users", "connections", "connectors", "accounts", "transactions"])
@pytest.mark.parametrize(
    ("limit", "kind"),
    [
        *[(limit, ValueError) for limit in (0, -1, 1001, 10**9)],
        *[(limit, TypeError) for limit in (True, False, 1.0, "10", b"10", [10])],
    ],
)
def test_a_limit_is_a_number_from_1_to_1000(connect, name, limit, kind):
    with pytest.raises(kind, match=r"^limit must be"):
        getattr(connect(), name).list(limit=limit)


@pytest.mark.parametrize(("limit", "sent"), [(1, "limit=1"), (1000, "limit=1000"), (None, "")])
async def test_a_sane_limit_is_sent(api, connect, limit, sent):
    api.answers({"users": []})
    async with connect() as client:
        await client.users.list(limit=limit).first_page()
    assert api.requests[0].url.query.decode() == sent


async def test_nothing_is_sent_before_the_first_item_is_wanted(api, connect):
    async with connect() as client:
        pager = client.users.list(limit=10)
        pager.by_page()
        pager.__aiter__()
        repr(pager)
    assert api.count == 0


async def test_a_pager_starts_afresh_each_time(api, connect):
    api.answers(Shelf())
    async with connect() as client:
        pager = client.users.list(limit=10)
        assert [user.id async for user in pager] == ALL
        assert [user.id async for user in pager] == ALL
        one, two = pager.__aiter__(), pager.__aiter__()
        for number in (1, 2, 3):
            assert (await one.__anext__()).id == number
        assert (await two.__anext__()).id == 1
        assert one.__aiter__() is one
        assert [user.id async for user in one] == ALL[3:]
        assert [user.id async for user in two] == ALL[1:]
    assert api.count == 12


async def test_the_end_stays_the_end(api, connect):
    api.answers(Shelf())
    async with connect() as client:
        for walk in (client.users.list().by_page(), client.users.list().__aiter__()):
            assert len([part async for part in walk]) in (1, 25)
            for _ in range(2):
                with pytest.raises(StopAsyncIteration):
                    await walk.__anext__()
    assert api.count == 2


async def test_what_a_page_has(api, connect):
    api.answers(Shelf())
    async with connect() as client:
        walk = client.users.list(limit=20).by_page()
        assert walk.__aiter__() is walk
        first, second = [page async for page in walk]
    assert (len(first), len(second)) == (20, 5)
    assert ids(first.items) == ids(first) == ALL[:20]
    assert (first.total, second.total) == (25, 25)
    assert first.next_cursor is not None
    assert second.next_cursor is None
    assert first.links is None
    assert isinstance(first.envelope, UsersList)
    assert first.envelope.users == first.items


async def test_what_a_page_with_links_has(api, connect):
    api.answers(Chain([1, 2], [2, 3]))
    async with connect() as client:
        first, second = [page async for page in client.transactions.list(limit=2).by_page()]
    assert first.links.next.href.endswith("?at=1")
    assert first.links.prev is None
    assert second.links.next is None
    assert ids(second.items) == [3]
    assert ids(second.envelope) == [2, 3]
    assert first.next_cursor == "https://example.biapi.pro/2.0/users/me/transactions?at=1"


async def test_the_first_page_takes_one_request(api, connect):
    api.answers(Shelf())
    async with connect() as client:
        pager = client.users.list(limit=10)
        assert ids(await pager.first_page()) == ALL[:10]
        assert ids(await pager.first_page()) == ALL[:10]
    assert api.count == 2


@pytest.mark.parametrize(
    ("max_items", "requests"),
    [(0, 0), (1, 1), (10, 1), (11, 2), (20, 2), (24, 3), (25, 3), (26, 3), (999, 3), (None, 3)],
)
async def test_no_page_is_asked_for_in_vain(api, connect, max_items, requests):
    api.answers(Shelf())
    async with connect() as client:
        users = await client.users.list(limit=10).to_list(max_items)
    assert ids(users) == ALL[:max_items]
    assert api.count == requests


@pytest.mark.parametrize(
    ("max_items", "kind"),
    [(-1, ValueError), (1.5, TypeError), (True, TypeError), (False, TypeError), ("1", TypeError)],
)
async def test_the_most_items_are_a_number(api, connect, max_items, kind):
    async with connect() as client:
        with pytest.raises(kind, match="max_items must be"):
            await client.users.list().to_list(max_items=max_items)
    assert api.count == 0


async def test_breaking_off_leaves_nothing_behind(api, connect):
    api.answers(Shelf())
    async with connect() as client:
        pager = client.users.list(limit=10)
        async for user in pager:
            if user.id == 3:
                break
        async for _ in pager.by_page():
            break
    assert api.count == 2


@pytest.mark.parametrize(
    "failure", [500, 401, b"<html>", {"users": [{"id": "x"}]}, KeyError("mine")], ids=repr
)
async def test_a_page_that_failed_is_asked_for_again(api, connect, failure):
    shelf = Shelf()
    api.answers(shelf, failure, failure, shelf)
    async with connect() as client:
        walk = client.users.list(limit=10).by_page()
        await walk.__anext__()
        for _ in range(2):
            with pytest.raises((PowensHTTPError, PowensSerializationError, KeyError)):
                await walk.__anext__()
        assert ids(await walk.__anext__()) == ALL[10:20]
        assert ids(await walk.__anext__()) == ALL[20:]
    assert len(set(api.targets[1:4])) == 1


async def test_items_go_on_after_a_page_that_failed(api, connect):
    chain = Chain([1, 2], [3, 4], [5])
    api.answers(500, chain, 401, chain)
    got = []
    async with connect() as client:
        items = client.transactions.list(limit=2).__aiter__()
        with pytest.raises(PowensServerError):
            await items.__anext__()
        got += [(await items.__anext__()).id, (await items.__anext__()).id]
        with pytest.raises(PowensAuthError):
            await items.__anext__()
        got += [row.id async for row in items]
    assert got == [1, 2, 3, 4, 5]
    assert api.count == 5


async def test_a_link_refused_stays_refused(api, connect):
    api.answers(linked([1], "https://evil.example/2.0/users/me/transactions"))
    async with connect() as client:
        walk = client.transactions.list().by_page()
        for _ in range(2):
            with pytest.raises(PowensSerializationError, match="another host"):
                await walk.__anext__()


async def test_everything_in_one_answer_takes_one_request(api, connect):
    api.answers(lambda _: httpx.Response(200, json={"currencies": [{"id": "EUR"}, {"id": "XBT"}]}))
    async with connect() as client:
        assert ids(await client.currencies.list().to_list()) == ["EUR", "XBT"]
        page = await client.currencies.list().first_page()
    assert (page.next_cursor, page.total) == (None, None)
    assert api.targets == ["/currencies", "/currencies"]
