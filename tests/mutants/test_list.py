"""The list of mutants fits the code, and is judged by as the session says."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script():
    """The module `scripts/check_mutants.py`."""
    spec = importlib.util.spec_from_file_location(
        "check_mutants", ROOT / "scripts/check_mutants.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def listing(script):
    return script.Listing(script.LIST.read_text())


def test_what_is_listed_is_still_in_the_code(listing):
    for mutant in listing.equivalent | listing.survivors:
        lines = {line.strip() for line in (ROOT / mutant.file).read_text().splitlines()}
        assert lines.issuperset(mutant.line.split("\n"))


def test_what_is_listed_belongs_to_a_theme(script, listing):
    modules = {file for theme in listing.themes.values() for file in script.find(theme.modules)}
    assert modules >= {mutant.file for mutant in listing.equivalent | listing.survivors}
    assert all(script.find(theme.tests) for theme in listing.themes.values())


DIFF = """\
# powens.retry.x_wait__mutmut_3: survived
--- src/powens/retry.py
+++ src/powens/retry.py
@@ -1,4 +1,4 @@
 def wait(self) -> float:
-        return min(
-            self.most, 64)
+        return min(
+            self.most, 65)
"""


def test_a_mutant_is_known_by_its_text(script):
    assert script.read_diff(DIFF) == (
        "src/powens/retry.py",
        "return min(\nself.most, 64)",
        "return min(\nself.most, 65)",
    )


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("src/powens/retry.py", "powens.retry"),
        ("src/powens/_codec/__init__.py", "powens._codec"),
        ("src/powens/_codec/fast.py", "powens._codec.fast"),
    ],
)
def test_a_module_goes_by_the_name_that_mutmut_gives_it(script, file, name):
    assert script.name_of(file) == name


LIST = """
least = 90
minutes = 1
themes.a = {modules = ["a.py"], tests = []}
[[equivalent]]
file = "a.py"
line = "x = 1"
becomes = ["x = 2"]
why = "..."
[[survivors]]
file = "a.py"
line = "y = 1"
becomes = ["y = 2", "y = 3"]
why = "..."
[[survivors]]
file = "b.py"
line = "z = 1"
becomes = ["z = 2"]
why = "of another theme, so that it is not looked for"
"""
LISTED = [("a.py", "x = 1", "x = 2"), ("a.py", "y = 1", "y = 2"), ("a.py", "y = 1", "y = 3")]
OTHER = ("a.py", "z = 1", "z = 2")


@pytest.mark.parametrize(
    ("killed", "alive", "faults"),
    [
        (18, LISTED, []),
        # Two of nineteen that are not equivalent are too many.
        (17, LISTED, ["scores less than 90 %"]),
        (0, LISTED[:1], ["scores less than 90 %", "y = 2", "y = 3"]),
        (99, [*LISTED, OTHER], ["no reason is listed"]),
        (99, LISTED[1:], ["x = 2"]),
        (99, LISTED[:2], ["none such alive"]),
    ],
)
def test_a_score_that_is_low_and_a_list_that_is_wrong_are_faults(script, killed, alive, faults):
    tally = script.Tally(killed, [script.Mutant(*mutant) for mutant in alive])
    found = list(script.find_faults({"a": tally}, script.Listing(LIST), {"a.py"}))
    assert len(found) == len(faults)
    assert all(text in fault for text, fault in zip(faults, found, strict=True))


def test_a_mutant_is_not_listed_without_a_reason(script):
    with pytest.raises(SystemExit, match="no reason is given for x = 1"):
        script.Listing(LIST.replace('"..."', '""', 1))
