"""Walks over listings that change meanwhile, against a model of the server.

A script says what happens between pages and how each page is given. It is a plain list rather than
a state machine, since there is one actor, the walk, and a list is cut down best when it fails.
"""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from powens import PowensSerializationError, TransactionsList, UsersList
from powens._codec import decode
from powens._pagination import CursorWalk, Listing, OffsetWalk
from powens._wire import BaseURL

from ..soaking import scale

BASE = BaseURL.parse("https://demo.biapi.pro/2.0")
EXAMPLES = scale(60, 3000)

PLACES = st.lists(st.sampled_from([0, 0, 0.2, 0.5, 0.8, 1, 1]), max_size=3)
LIMITS = st.none() | st.integers(1, 12)


def scripts(moods, *, deletes=True, inserts=True):
    """What happens before each answer; two answers in a row in a mood would be the truth."""
    nothing = st.just([])
    bursts = PLACES | st.integers(4, 30).map(lambda n: [0] * n)
    floods = st.integers(3, 12).map(lambda n: [0] * n)
    steps = st.fixed_dictionaries(
        {
            "mood": st.sampled_from([None, None, None, *moods]),
            "delete": nothing | PLACES | floods if deletes else nothing,
            "insert": nothing | bursts if inserts else nothing,
        }
    )
    return st.lists(steps, max_size=25).map(
        lambda script: [
            {**step, "mood": None} if at and script[at - 1]["mood"] is not None else step
            for at, step in enumerate(script)
        ]
    )


def walk_through(server, model, walk_type, limit, restarts=()):
    """Walk, in as many processes as there are restarts; gives the ids."""
    key, found, cursor = model.items_field(), [], None
    path = f"/users/me/{key}"
    pages = 0
    while True:
        listing = Listing(model=model, path=path, walk=walk_type, limit=limit, cursor=cursor)
        walk = listing.start(BASE)
        while walk.request is not None:
            query = walk.request.query or walk.request.path.partition("?")[2]
            body = server.answer(dict(parse_qsl(query)), key)
            page = walk.receive(decode(json.dumps(body).encode(), model))
            if page is None:
                continue
            found += [row.id for row in page]
            pages += 1
            cursor = page.next_cursor
            assert (cursor is None) == (walk.request is None)
            if cursor is not None and pages in restarts:
                break
        if walk.request is None:
            return found


def check(server, model, walk_type, limit, restarts=()):
    """Whether a walk keeps its promise."""
    try:
        found = walk_through(server, model, walk_type, limit, restarts)
    except PowensSerializationError:
        return False
    assert [row for row, times in Counter(found).items() if times > 1] == []
    assert set(server.constant) - set(found) == set()
    return True


RESTARTS = st.sets(st.integers(1, 6), max_size=2)


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_an_offset_survives_rows_that_come_and_go(restless, data):
    total = data.draw(st.sampled_from(["right", "right", "none", "moody", 3, 0, -1]))
    tells = total in ("right", 3)
    sizes = st.none() | st.integers(1 if tells or total == "moody" else 2, 12)
    server = restless(
        data.draw(st.integers(0, 40)),
        data.draw(scripts([*((1,) if tells else ()), 2, 3, *(("empty", "null") if tells else ())])),
        cap=data.draw(sizes),
        usual=data.draw(sizes),
        ignores=data.draw(st.sampled_from([(), (), ("limit",)])),
        total=total,
    )
    limit = data.draw(LIMITS)
    check(server, UsersList, OffsetWalk, limit, data.draw(RESTARTS))


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_one_row_at_a_time_is_refused_unless_there_is_but_one(restless, data):
    count, script = data.draw(st.integers(0, 5)), data.draw(scripts([], deletes=False))
    total = data.draw(st.sampled_from(["right", "none", "moody", 3, 0, -1]))
    server = restless(count, script, cap=1, total=total)
    is_complete = check(server, UsersList, OffsetWalk, data.draw(LIMITS), data.draw(RESTARTS))
    assert is_complete == (count < 2) or any(step["insert"] for step in script)


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_an_offset_never_raises_where_rows_come_and_seldom_go(restless, data):
    """Between two pages come fewer rows than would fill a hundred, and go few."""
    total = data.draw(st.sampled_from(["right", "none", 3, 0]))
    server = restless(
        data.draw(st.integers(0, 40)),
        data.draw(scripts([])),
        cap=data.draw(st.none() | st.integers(2, 12)),
        usual=data.draw(st.none() | st.integers(2, 12)),
        ignores=data.draw(st.sampled_from([(), (), ("limit",)])),
        total=total,
    )
    assert check(server, UsersList, OffsetWalk, data.draw(LIMITS))


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_an_offset_that_is_ignored_is_noticed(restless, data):
    total = data.draw(st.sampled_from(["right", "none"]))
    server = restless(
        data.draw(st.integers(0, 30)),
        [],
        cap=data.draw(st.none() | st.integers(1, 12)) if total == "right" else None,
        usual=data.draw(st.none() | st.integers(1, 12)) if total == "right" else None,
        ignores=data.draw(st.sampled_from([("offset",), ("offset", "limit")])),
        total=total,
    )
    check(server, UsersList, OffsetWalk, data.draw(LIMITS))


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_links_that_mark_a_row_survive_rows_that_come_and_go(restless, data):
    total = data.draw(st.sampled_from(["right", "none", "moody", 3, 0]))
    moods = [2, 3, "empty", "null", "no links"]
    server = restless(
        data.draw(st.integers(0, 40)),
        data.draw(scripts(moods if total == "right" else moods[:-1])),
        cap=data.draw(st.none() | st.integers(2, 12)),
        total=total,
        cursors="keyset",
    )
    check(server, TransactionsList, CursorWalk, data.draw(LIMITS), data.draw(RESTARTS))


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_links_that_count_rows_survive_rows_that_come(restless, data):
    server = restless(
        data.draw(st.integers(0, 40)),
        data.draw(scripts([2, 3, "empty", "null", "old link"], deletes=False)),
        cap=data.draw(st.none() | st.integers(1, 12)),
        total=data.draw(st.sampled_from(["right", "none", "moody", 3, 0])),
        cursors="shifting",
    )
    check(server, TransactionsList, CursorWalk, data.draw(LIMITS))


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_links_that_count_rows_raise_when_rows_go(restless, data):
    server = restless(
        data.draw(st.integers(0, 40)),
        data.draw(scripts([2, 3, "empty", "null"], inserts=False)),
        cap=data.draw(st.none() | st.integers(1, 12)),
        total=data.draw(st.sampled_from(["right", 3])),
        cursors="shifting",
    )
    check(server, TransactionsList, CursorWalk, data.draw(LIMITS))


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_a_link_that_is_lost_is_missed(restless, data):
    """A `next` of null on a full page, though more is announced, is not taken for the end."""
    server = restless(
        data.draw(st.integers(0, 40)),
        data.draw(scripts(["no next"], deletes=False)),
        cursors=data.draw(st.sampled_from(["keyset", "shifting"])),
    )
    check(server, TransactionsList, CursorWalk, data.draw(st.integers(1, 12)))


@pytest.mark.parametrize("cursors", ["keyset", None])
def test_a_listing_that_stays_is_never_refused(restless, cursors):
    for count in range(30):
        for limit in (None, 1, 2, 3, 7, 29, 30):
            for total in ("right", "none", 3, 0):
                server = restless(count, [], total=total, cursors=cursors, usual=10)
                walk = OffsetWalk if cursors is None else CursorWalk
                assert check(server, TransactionsList, walk, limit)
