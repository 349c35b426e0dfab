"""Walks over listings, as pure state machines against servers of every habit."""

from __future__ import annotations

import pytest
from attrs import evolve, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from powens import Page, PowensSerializationError, TransactionsList, User, UsersList
from powens._checks import check_count
from powens._model import Envelope
from powens._pagination import CursorWalk, Listing, OffsetWalk, SingleWalk
from powens._wire import BaseURL, TokenUse
from powens.models import Link, PaginationLinks, Transaction

BASE = BaseURL.parse("https://demo.biapi.pro/2.0")
ENDLESS = 500


@frozen(kw_only=True)
class Bare(Envelope):
    """A page of rows without an id."""

    _items_field = "rows"
    rows: tuple[object, ...] = field(default=())
    total: int | None = None


def query_of(request):
    """The parameters of a request."""
    query = request.query or request.path.partition("?")[2]
    return dict(pair.split("=") for pair in query.split("&")) if query else {}


def walk_through(listing, server, *, give_up_after=ENDLESS):
    """The pages of a listing, until it ends or raises."""
    walk = listing.start(BASE)
    pages, asked = [], 0
    while walk.request is not None:
        assert asked < give_up_after, "this never ends"
        asked += 1
        answer = server(walk.request)
        page = walk.receive(answer)
        if page is not None:
            assert page.envelope is answer
            pages.append(page)
    return pages


def ids(pages):
    return [row.id for page in pages for row in page]


# --- Honest servers of any habit -----------------------------------------------------------------


@st.composite
def shelves(draw):
    """A server that honours the offset, gives as many rows as it likes, and counts right."""
    count = draw(st.integers(0, 60))
    cap = draw(st.none() | st.integers(2, 70))
    usual = draw(st.none() | st.integers(2, 70))
    ignores_limit = draw(st.booleans())
    # A page of one row joins no other.
    moods = draw(st.lists(st.integers(2, 9), max_size=5)) or [None]
    total = count if draw(st.booleans()) else None
    asked = 0

    def serve(request):
        nonlocal asked
        asked += 1
        params = query_of(request)
        offset, limit = int(params.get("offset", 0)), params.get("limit")
        wanted = usual if limit is None or ignores_limit else int(limit)
        sizes = [size for size in (wanted, cap, moods[asked % len(moods)]) if size is not None]
        rows = range(count)[offset:][: min(sizes, default=count)]
        return UsersList(users=tuple(User(id=n) for n in rows), total=total)

    return serve, count


@given(shelves(), st.none() | st.integers(1, 70))
def test_an_honest_server_is_walked_completely_and_once(shelf, limit):
    serve, count = shelf
    listing = Listing(model=UsersList, path="/users", walk=OffsetWalk, limit=limit)
    pages = walk_through(listing, serve, give_up_after=2 * count + 3)
    assert ids(pages) == list(range(count))
    assert pages[-1].next_cursor is None
    done = []
    for page in pages[:-1]:
        done += [row.id for row in page]
        resumed = Listing(
            model=UsersList, path="/users", walk=OffsetWalk, limit=limit, cursor=page.next_cursor
        )
        assert done + ids(walk_through(resumed, serve)) == list(range(count))


@st.composite
def chains(draw):
    """A server that gives links and overlaps its pages."""
    sizes = draw(st.lists(st.integers(0, 9), min_size=1, max_size=8))
    overlaps = draw(st.booleans())
    counts = draw(st.booleans())
    count = sum(sizes)
    starts = [sum(sizes[:number]) for number in range(len(sizes))]

    def serve(request):
        at = int(query_of(request).get("at", 0))
        start, size = starts[at], sizes[at]
        if overlaps and at and size and sizes[at - 1]:
            start, size = start - 1, size + 1
        link = Link(href=f"?at={at + 1}") if at + 1 < len(sizes) else None
        return TransactionsList(
            transactions=tuple(Transaction(id=n) for n in range(count)[start:][:size]),
            links=PaginationLinks(next=link),
            total=count if counts else None,
        )

    return serve, count


@given(chains(), st.integers(1, 20))
def test_a_chain_of_links_is_walked_completely_and_once(chain, limit):
    serve, count = chain
    listing = Listing(model=TransactionsList, path="/t", walk=CursorWalk, limit=limit)
    assert ids(walk_through(listing, serve)) == list(range(count))


@given(
    st.lists(st.lists(st.integers(0, 9), max_size=6), min_size=1, max_size=8),
    st.none() | st.integers(-3, 60),
    st.none() | st.integers(1, 6),
)
def test_even_a_server_that_talks_nonsense_is_walked_to_an_end(bodies, total, limit):
    asked = 0

    def serve(_):
        nonlocal asked
        asked += 1
        rows = bodies[min(asked, len(bodies)) - 1]
        return UsersList(users=tuple(User(id=n) for n in rows), total=total)

    listing = Listing(model=UsersList, path="/users", walk=OffsetWalk, limit=limit)
    try:
        pages = walk_through(listing, serve, give_up_after=len(bodies) + 110)
    except PowensSerializationError as error:
        reason = str(error)
        assert any(words in reason for words in ("repeats a page", "nothing new", "one row"))
    else:
        assert len(ids(pages)) == len(set(ids(pages)))


# --- Details -------------------------------------------------------------------------------------


def test_a_request_has_its_filters_and_its_paging():
    listing = Listing(
        model=UsersList,
        path="/users",
        walk=OffsetWalk,
        params={"search": "x", "expand": iter(["a", "b"]), "none": None},
        token=TokenUse.OPTIONAL,
        limit=10,
    )
    for offset, paging in ((0, "limit=10"), (7, "limit=10&offset=7")):
        request = listing.request(offset=offset)
        assert request.query == f"search=x&expand=a,b&{paging}"
        assert (request.method, request.path) == ("GET", "/users")
        assert request.token is TokenUse.OPTIONAL
    assert "search" not in repr(listing)


def test_rows_without_an_id_are_told_apart_by_what_they_hold():
    one, two, three = (1.5,), (2.5,), (3.5,)
    pages = iter([(one, two), (two, three), (three,)])
    listing = Listing(model=Bare, path="/x", walk=OffsetWalk)
    walked = walk_through(listing, lambda _: Bare(rows=next(pages)))
    assert [page.items for page in walked] == [(one, two), (three,), ()]
    # Rows without an id leave no mark in a cursor.
    assert [page.next_cursor for page in walked] == ["offset=2", "offset=3", None]


@frozen(kw_only=True)
class Barest(Envelope):
    """A page that tells nothing but its rows."""

    _items_field = "rows"
    rows: tuple[object, ...] = field(default=())


def test_a_page_may_have_neither_total_nor_links():
    pages = iter([(1, 2), (2,)])
    walked = walk_through(
        Listing(model=Barest, path="/x", walk=OffsetWalk), lambda _: Barest(rows=next(pages))
    )
    assert [(page.items, page.total, page.links) for page in walked] == [
        ((1, 2), None, None),
        ((), None, None),
    ]


@frozen(kw_only=True)
class Nameless:
    """A row whose id is null."""

    id: int | None = None
    name: str


def test_rows_whose_id_is_null_are_not_the_same():
    rows = (Nameless(name="A"), Nameless(name="B"))
    listing = Listing(model=Bare, path="/x", walk=OffsetWalk)
    (page,) = walk_through(listing, lambda _: Bare(rows=rows, total=2))
    assert page.items == rows


def test_a_single_answer_is_taken_as_it_is():
    walk = Listing(model=Bare, path="/x", walk=SingleWalk).start(BASE)
    assert walk.request.path == "/x"
    page = walk.receive(Bare(rows=(1, 1), total=9))
    assert walk.request is None
    assert page == Page(items=(1, 1), total=9, envelope=page.envelope)


@pytest.mark.parametrize("cursor", [None, "offset=10"])
def test_a_page_that_repeats_is_all_if_it_has_as_many_rows_as_announced(cursor):
    page = UsersList(users=(User(id=1), User(id=2)), total=2)
    assert ids(walk_through(users(2, cursor), lambda _: page)) == [1, 2]
    more = UsersList(users=(User(id=1), User(id=2)), total=3)
    with pytest.raises(PowensSerializationError, match="repeats a page"):
        walk_through(users(2, cursor), lambda _: more)


@given(st.from_regex(r"(offset=)?[0-9=a-z\u0663-]{0,9}", fullmatch=True))
def test_a_cursor_is_an_offset_or_is_refused(cursor):
    try:
        walk = Listing(model=UsersList, path="/users", walk=OffsetWalk, cursor=cursor).start(BASE)
    except ValueError as error:
        reason = str(error)
        assert reason == "cursor is not one that this listing gave"
    else:
        assert cursor == f"offset={cursor[7:]}"
        assert walk.request.query == ("" if int(cursor[7:]) == 0 else f"offset={int(cursor[7:])}")


@given(st.integers(0, 10**18 - 1))
def test_any_offset_is_a_cursor(offset):
    listing = Listing(model=UsersList, path="/users", walk=OffsetWalk, cursor=f"offset={offset}")
    assert query_of(listing.start(BASE).request).get("offset", "0") == str(offset)


@pytest.mark.parametrize("digits", ["9" * 5000, "0" * 5000])
def test_an_endless_offset_is_refused_without_its_digits(digits):
    listing = Listing(model=UsersList, path="/users", walk=OffsetWalk, cursor=f"offset={digits}")
    with pytest.raises(ValueError, match="cursor is not one that this listing gave"):
        listing.start(BASE)


@pytest.mark.parametrize(
    ("value", "most", "message"),
    [
        (1, None, None),
        (5, 5, None),
        (0, None, "n must be at least 1"),
        (6, 5, "n must be at least 1 and at most 5"),
    ],
)
def test_a_count_is_in_range(value, most, message):
    if message is None:
        check_count("n", value, least=1, most=most)
        return
    with pytest.raises(ValueError, match=message):
        check_count("n", value, least=1, most=most)


@pytest.mark.parametrize("value", [True, 1.0, "1", None])
def test_a_count_is_an_int(value):
    with pytest.raises(TypeError, match="n must be an int"):
        check_count("n", value, least=1)


# --- What is asked for ---------------------------------------------------------------------------


def offsets_of(listing, *pages, total=None):
    """Walk over pages as if they came in turn, the last for ever; gives the offsets asked for."""
    asked = []

    def serve(request):
        asked.append(int(query_of(request).get("offset", 0)))
        rows = pages[min(len(asked), len(pages)) - 1]
        return UsersList(users=tuple(User(id=n) for n in rows), total=total)

    walk_through(listing, serve, give_up_after=60)
    return asked


def users(limit=None, cursor=None):
    return Listing(model=UsersList, path="/users", walk=OffsetWalk, limit=limit, cursor=cursor)


@pytest.mark.parametrize(
    ("limit", "total", "pages", "offsets"),
    [
        # A short page at the end that is announced is the end; a full one is not.
        (4, 3, [[1, 2, 3]], [0]),
        (3, 3, [[1, 2, 3], [3]], [0, 2]),
        (2, 4, [[1, 2], [2, 3, 4], [4]], [0, 1, 3]),
        # A total that is too small or too large is not believed.
        (3, 1, [[1, 2, 3], [3]], [0, 2]),
        (3, 9, [[1, 2, 3], [3], []], [0, 2, 3]),
        (3, 9, [[1, 2, 3], [3], [4], [3, 4], [4], []], [0, 2, 3, 2, 3, 4]),
        # Without one, a page that brings only what is known is the end,
        (None, None, [[1, 2, 3], [3]], [0, 2]),
        (3, None, [[1, 2, 3], [3, 4], [4]], [0, 2, 3]),
        # however short the pages were,
        (9, None, [[1, 2, 3], [3, 4], [4, 5, 6], [6]], [0, 2, 3, 5]),
        # and a row alone is looked behind.
        (None, None, [[1], []], [0, 1]),
        (None, None, [[1], [2], [1, 2], [2]], [0, 1, 0, 1]),
        # Rows that came before what is known push it back.
        (4, None, [[1, 2, 3, 4], [2, 3, 4], [4]], [0, 3, 5]),
        # The last row is gone: another known one joins.
        (4, None, [[1, 2, 3, 4], [3, 5], [5]], [0, 3, 4]),
        # Nothing known is left: back, further and further, to the beginning.
        (4, None, [range(20, 24), range(23, 28), [], [], [20, 27], [27]], [0, 3, 7, 5, 1, 2]),
        (2, None, [[1, 2], [4], [3, 4], [4]], [0, 1, 0, 1]),
        (None, None, [range(20), [], [], [], [4, 30], [30]], [0, 19, 17, 13, 5, 6]),
        # An empty answer is asked for again where rows are announced, or were given.
        (None, 2, [[], [1, 2], [1, 2]], [0, 0, 0]),
        (None, 2, [[], []], [0, 0]),
        (None, 0, [[]], [0]),
        # The same page again: does the API heed the offset?
        (9, None, [[1, 2, 3]], [0, 2, 1_000_002]),
        (9, None, [[1]], [0, 1, 1_000_001]),
        (9, None, [[1, 2, 3], [1, 2, 3], [], [3, 4], [4], []], [0, 2, 1_000_002, 4, 5]),
    ],
)
def test_the_offsets_of_a_walk(limit, total, pages, offsets):
    assert offsets_of(users(limit), *pages, total=total) == offsets


@pytest.mark.parametrize(
    ("limit", "total", "page"),
    [(3, 5, [1, 2, 3]), (None, 4, [1, 2, 3])],
)
def test_an_offset_that_is_not_heeded_is_refused_if_more_is_announced(limit, total, page):
    with pytest.raises(PowensSerializationError, match="repeats a page"):
        offsets_of(users(limit), page, total=total)


def test_a_page_that_is_full_is_not_all_of_an_api_that_heeds_no_offset():
    with pytest.raises(PowensSerializationError) as caught:
        offsets_of(users(3), [1, 2, 3], [1, 2, 3, 4])
    assert str(caught.value) == (
        "UsersList: the API repeats a page and may have more rows; ask again with a larger limit"
    )
    assert offsets_of(users(4), [1, 2, 3]) == [0, 2, 1_000_002]


def test_a_row_seen_behind_the_last_is_not_forgotten_where_no_total_tells_of_it():
    answers = iter([([1, 2, 3], 9), ([3], 9), ([4], 9), ([3], None), ([4], None)])

    def serve(_):
        rows, total = next(answers)
        return UsersList(users=tuple(User(id=n) for n in rows), total=total)

    with pytest.raises(PowensSerializationError, match="one row at a time"):
        walk_through(users(), serve)


def test_a_walk_that_gets_nowhere_is_given_up():
    asked = 0

    def serve(_):
        nonlocal asked
        asked += 1
        return UsersList(users=tuple(User(id=n) for n in [[1, 2, 3], [3, 1, 2]][asked % 2]))

    with pytest.raises(PowensSerializationError) as caught:
        walk_through(users(), serve)
    assert str(caught.value) == (
        "UsersList: the API gives nothing new; ask again with a larger limit, or later"
    )
    assert asked == 101


# --- Cursors and links, in the small -------------------------------------------------------------


def cursor_after(*pages, cursor=None):
    """The cursor that the last of some pages gives."""
    walk = users(3, cursor).start(BASE)
    page = None
    for rows in pages:
        page = walk.receive(UsersList(users=tuple(User(id=n) for n in rows)))
    return page.next_cursor


def resume(cursor, *pages):
    """The rows that follow a cursor, and the offsets asked for."""
    found, answers, asked = [], iter(pages), []
    walk = users(3, cursor).start(BASE)
    while walk.request is not None:
        asked.append(int(query_of(walk.request).get("offset", 0)))
        page = walk.receive(UsersList(users=tuple(User(id=n) for n in next(answers))))
        found += [] if page is None else [row.id for row in page]
    return found, asked


@pytest.mark.parametrize(
    ("pages", "cursor"),
    [
        ([[1, 2, 3]], "offset=3&after=3"),
        ([[1, 2, 3], [3, 4]], "offset=4&after=4"),
        # The last row is not behind 2: whether it is behind 9, nobody knows.
        ([[1, 2, 3], [2, 9]], "offset=4&after=none"),
        ([[1, 2, 3], [2, 9], [9, 10]], "offset=5&after=none"),
        # It was moved on, and is there again.
        ([[1, 2, 3], [1, 2], [2, 3, 4]], "offset=6&after=4"),
    ],
)
def test_a_cursor_names_the_row_that_others_follow(pages, cursor):
    assert cursor_after(*pages) == cursor


def test_a_cursor_goes_on_to_others():
    assert cursor_after([3, 4, 5, 6], cursor="offset=3&after=3") == "offset=6&after=6"


def test_a_cursor_after_nobody_is_refused():
    with pytest.raises(PowensSerializationError, match="list again without it"):
        resume("offset=4&after=none", [9, 10])


def test_a_cursor_of_old_goes_on_without_marks():
    assert resume("offset=3", [4, 5, 6], [6]) == ([4, 5, 6], [3, 5])


def test_a_link_is_asked_for_like_the_first_page():
    listing = Listing(
        model=TransactionsList, path="/t", walk=CursorWalk, token=TokenUse.OPTIONAL, limit=2
    )
    walk = listing.start(BASE)
    first = walk.request
    link = PaginationLinks(next=Link(href="?at=1"))
    page = walk.receive(TransactionsList(transactions=(Transaction(id=1),), links=link))
    for request in (walk.request, evolve(listing, cursor=page.next_cursor).start(BASE).request):
        assert request.path == page.next_cursor == "https://demo.biapi.pro/2.0/t?at=1"
        assert (
            (request.method, request.token)
            == (first.method, first.token)
            == ("GET", TokenUse.OPTIONAL)
        )


def test_rows_that_links_gave_are_known_until_there_were_ten_thousand_more():
    walk = Listing(model=TransactionsList, path="/t", walk=CursorWalk).start(BASE)

    def give(*ids):
        rows = tuple(Transaction(id=n) for n in ids)
        link = PaginationLinks(next=Link(href=f"?after={ids[-1]}&first={ids[0]}&many={len(ids)}"))
        page = walk.receive(TransactionsList(transactions=rows, links=link))
        return len(page.items)

    for first in range(1, 9_001, 1_000):
        assert give(*range(first, first + 1_000)) == 1_000
    assert give(1, 9_001) == 1
    assert give(*range(10_001, 11_000)) == 999
    assert give(2, 11_000) == 1
    assert give(1, 11_001) == 2
