"""Walks over listings, as pure state machines against servers of every habit."""

from __future__ import annotations

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from powens import Page, PowensSerializationError, TransactionsList, User, UsersList
from powens._checks import check_count
from powens._pagination import CursorWalk, Listing, OffsetWalk, SingleWalk
from powens._wire import BaseURL, TokenUse
from powens.models import Link, PaginationLinks, Transaction
from powens.models._base import Envelope

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
    pages = []
    while walk.request is not None:
        assert len(pages) < give_up_after, "this never ends"
        pages.append(walk.receive(server(walk.request)))
    return pages


def ids(pages):
    return [row.id for page in pages for row in page]


# --- Honest servers of any habit -----------------------------------------------------------------


@st.composite
def shelves(draw):
    """A server that honours the offset, gives as many rows as it likes, and counts right."""
    count = draw(st.integers(0, 60))
    cap = draw(st.none() | st.integers(1, 70))
    usual = draw(st.none() | st.integers(1, 70))
    ignores_limit = draw(st.booleans())
    moods = draw(st.lists(st.integers(1, 9), max_size=5)) or [None]
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
    pages = walk_through(listing, serve, give_up_after=count + 2)
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
    """A server that gives links, overlaps its pages, and may stop giving links on the way."""
    sizes = draw(st.lists(st.integers(0, 9), min_size=1, max_size=8))
    overlaps = draw(st.booleans())
    vanish_at = draw(st.none() | st.integers(0, 8))
    counts = draw(st.booleans())
    count = sum(sizes)
    starts = [sum(sizes[:number]) for number in range(len(sizes))]

    def serve(request):
        params = query_of(request)
        at = int(params.get("at", 0))
        start, size = starts[at], sizes[at]
        if "offset" in params:
            start, size = int(params["offset"]), 5
        elif overlaps and at and size and sizes[at - 1]:
            start, size = start - 1, size + 1
        follows = at + 1 < len(sizes)
        link = Link(href=f"?at={at + 1}") if follows else None
        gone = "offset" in params or (vanish_at is not None and at >= vanish_at)
        return TransactionsList(
            transactions=tuple(Transaction(id=n) for n in range(count)[start:][:size]),
            links=None if gone else PaginationLinks(next=link),
            total=count if counts else None,
        )

    return serve, count, overlaps and vanish_at is not None, sizes, vanish_at


@given(chains(), st.integers(1, 20))
def test_a_chain_of_links_is_walked_completely_and_once(chain, limit):
    serve, count, is_dishonest, sizes, vanish_at = chain
    listing = Listing(model=TransactionsList, path="/t", walk=CursorWalk, limit=limit)
    pages = walk_through(listing, serve)
    found = ids(pages)
    assert len(found) == len(set(found))
    # An offset counts rows: it means nothing where pages by links overlap. And without links an
    # empty page is the end.
    is_cut = vanish_at is not None and 0 in sizes[vanish_at:]
    if not (is_dishonest or is_cut):
        assert found == list(range(count))


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
        pages = walk_through(listing, serve, give_up_after=len(bodies) + 2)
    except PowensSerializationError as error:
        reason = str(error)
        assert "repeats a page" in reason
        assert total is not None
    else:
        assert len(ids(pages)) == len(set(ids(pages)))
    assert asked <= len(bodies) + 1


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
    pages = iter([(1, 2), (2, 3), ()])
    listing = Listing(model=Bare, path="/x", walk=OffsetWalk)
    walked = walk_through(listing, lambda _: Bare(rows=next(pages)))
    assert [page.items for page in walked] == [(1, 2), (3,), ()]


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


def test_a_page_repeated_after_an_offset_counts_what_was_skipped():
    listing = Listing(model=UsersList, path="/users", walk=OffsetWalk, limit=2, cursor="offset=10")
    page = UsersList(users=(User(id=1), User(id=2)), total=12)
    assert ids(walk_through(listing, lambda _: page)) == [1, 2]
    more = UsersList(users=(User(id=1), User(id=2)), total=13)
    with pytest.raises(PowensSerializationError, match="repeats a page"):
        walk_through(listing, lambda _: more)


@given(st.text())
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
