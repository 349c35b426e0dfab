"""What docs/sandbox.md says is so."""

import re
from pathlib import Path

from powens.sandbox import Sandbox, bank

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


def test_the_program_runs(capsys):
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    exec(compile(code, "docs/sandbox.md", "exec"), {})
    assert "/webview/fr/connect?" in capsys.readouterr().out


def test_every_bank_and_every_variable_is_there():
    for each in bank.BANKS:
        assert f"| {each.name} |" in PAGE
    with Sandbox() as powens:
        for name in powens.environment:
            assert f"`{name}`" in PAGE
