"""What the pages of docs/ about the sandbox say is so."""

import re
from pathlib import Path

import pytest

from powens.sandbox import Sandbox, bank

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "sandbox.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = {
    f"{name}-{number}": code
    for name in ("sandbox.md", "sandbox-webhooks.md")
    for number, code in enumerate(BLOCK.findall((DOCS / name).read_text(encoding="utf-8")))
}


def test_there_are_programs():
    assert len(BLOCKS) == 5


@pytest.mark.parametrize("name", BLOCKS)
def test_a_program_runs(name):
    exec(compile(BLOCKS[name], name, "exec"), {})


def test_every_bank_and_every_variable_is_there():
    for each in bank.BANKS:
        assert f"| {each.name} |" in PAGE
    with Sandbox() as powens:
        for name in powens.environment:
            assert f"`{name}`" in PAGE
