# Generated from tests/_async/test_pagination_model.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Pagers of a whole client, against a server whose rows come and go between pages.

The scripts are drawn by chance from fixed seeds; walks alone are held against many more of them in
`tests/unit/test_pagination_model.py`.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from powens import PowensSerializationError


def draw_script(chance, moods):
    """What happens before each of 20 answers; no mood lasts for two of them."""
    script = [{} for _ in range(20)]
    for at, step in enumerate(script):
        if chance.random() < 0.3:
            step["insert"] = [chance.choice([0, 0.5, 1])] * chance.choice([1, 2, 20])
        if chance.random() < 0.2:
            step["delete"] = [chance.choice([0, 0.5, 1]) for _ in range(chance.randint(1, 3))]
        if moods and chance.random() < 0.2 and not (at and "mood" in script[at - 1]):
            step["mood"] = chance.choice(moods)
    return script


def collect(list_rows, limit, restarts):
    """The ids of a listing that goes on from a cursor after some of its pages."""
    found, cursor, count = [], None, 0
    while True:
        for page in list_rows(limit=limit, cursor=cursor).by_page():
            found += [row.id for row in page]
            cursor = page.next_cursor
            count += 1
            if cursor is not None and count in restarts:
                break
        else:
            return found


@pytest.mark.parametrize(
    ("resource", "cursors", "moods"),
    [
        ("users", None, [2, 3, "empty", "null"]),
        ("payments", None, []),
        ("transactions", "keyset", [2, 3, "empty", "null", "no links"]),
    ],
)
def test_rows_that_stay_come_once_or_it_raises(
    resource, cursors, moods, api, connect, restless, scale
):
    has_total = resource != "payments"  # the reference knows none there
    outcomes, scripts = Counter(), scale(20, 1000)
    with connect() as client:
        list_rows = getattr(client, resource).list
        for seed in range(scripts):
            chance = random.Random(f"{resource} {seed}")
            server = restless(
                chance.randint(0, 40),
                draw_script(chance, moods),
                cap=chance.choice([None, None, 2, 5]),
                total="right" if has_total else "none",
                cursors=cursors,
            )
            api.answers(lambda request, server=server: server.answer(request.url.params, resource))
            limit = chance.choice([1, 2, 5, 10, 50])
            restarts = chance.sample(range(1, 8), k=chance.randint(0, 2))
            try:
                found = collect(list_rows, limit, restarts)
            except PowensSerializationError:
                outcomes["raised"] += 1
                continue
            outcomes["complete"] += 1
            assert len(found) == len(set(found)), seed
            assert set(server.constant) <= set(found), seed
    # Rows go in most of the scripts, and links may count rows for all a walk knows.
    assert outcomes["complete"] > scripts // 4
