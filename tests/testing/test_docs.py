"""The recipes of docs/testing.md pass, as suites of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```python\n# (\w+\.py)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def test_every_block_is_a_file():
    assert len(BLOCKS) == PAGE.count("```python") == 4


@pytest.mark.parametrize(
    ("names", "passed"),
    [
        (("conftest.py", "test_overview.py"), 4),
        (("test_spending.py",), 3),
        (("test_webhooks.py",), 3),
    ],
)
def test_a_recipe_passes(run_suite, names, passed):
    said = run_suite({name: BLOCKS[name] for name in names})
    assert f"{passed} passed" in said, said
