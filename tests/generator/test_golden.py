"""Sources and their exact twins, from golden/*.txt.

A case there is a title, a source and its twin:

    === title
    source
    --- becomes
    twin
"""

import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

THEMES = {file.stem: file for file in sorted(Path(__file__).with_name("golden").glob("*.txt"))}


def cases(theme: str) -> Iterator[tuple[str, str, str]]:
    """The titles, sources and twins of one file."""
    for case in THEMES[theme].read_text(encoding="utf-8").split("=== ")[1:]:
        title, _, texts = case.partition("\n")
        source, _, twin = texts.partition("--- becomes\n")
        yield title, source, twin


def parameters() -> Iterator[object]:
    for theme in THEMES:
        too_old = theme == "generics" and sys.version_info < (3, 12)
        marks = [pytest.mark.skipif(too_old, reason="syntax of Python 3.12")]
        for number, (title, _, twin) in enumerate(cases(theme)):
            yield pytest.param(theme, number, twin, id=f"{theme}: {title}", marks=marks)


@pytest.fixture(scope="session")
def generated(new_tree, script):
    """Generate all cases of a theme at once, for speed."""

    @functools.cache
    def twins(theme: str) -> dict[str, str]:
        tree = new_tree()
        for number, (_, source, _) in enumerate(cases(theme)):
            tree.write(f"src/powens/_async/{theme}_{number}.py", source)
        return script.generate(tree.root)

    return twins


@pytest.mark.parametrize(("theme", "number", "twin"), list(parameters()))
def test_twin_is_exactly(generated, script, theme, number, twin):
    header = script.HEADER.format(source=f"src/powens/_async/{theme}_{number}.py")
    text = generated(theme)[f"src/powens/_sync/{theme}_{number}.py"]
    assert text.startswith(f"{header}\n")
    assert text.removeprefix(header).lstrip("\n") == twin  # two blank lines before a definition


def test_twins_need_no_further_formatting(tree, script):
    """The header does not disturb ruff, whatever stands below it."""
    bodies = {
        "docstring": '"""Text."""\n',
        "imports": "import a\n\nfrom b import c\n\nused = a, c\n",
        "function": "async def f(): ...\n",
        "comment": "# comment\n\nx = 1\n",
        "future": "from __future__ import annotations\n\nx: int\n",
    }
    for name, body in bodies.items():
        tree.write(f"src/powens/_async/{name}.py", body)
    twins = script.generate(tree.root)
    for path, text in twins.items():
        tree.write(path, text)
    ruff = [sys.executable, "-m", "ruff"]
    settings = [
        "--isolated",
        "--no-cache",
        "--line-length=100",
        str(tree.root / "src/powens/_sync"),
    ]
    subprocess.run([*ruff, "format", "--check", *settings], check=True)
    subprocess.run([*ruff, "check", "--select=I", *settings], check=True)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(b"x = 1\r\n\r\n\r\nasync def f():\r\n    await x\r\n", id="CRLF"),
        pytest.param(b"x = 1\n\n\nasync def f():\n    await x", id="no final newline"),
        pytest.param(b"\xef\xbb\xbfx = 1\n\n\nasync def f():\n    await x\n", id="BOM"),
        pytest.param(b"x = 1\n\n\nasync def f():\n\tawait x\n", id="tabs"),
        pytest.param(b"x = 1\n\n\nasync def f():\n    await x\n\n\n\n", id="blank lines"),
    ],
)
def test_twin_does_not_depend_on_how_the_source_was_saved(convert, source):
    assert convert(source) == "x = 1\n\n\ndef f():\n    x\n"


def test_twin_is_utf8_whatever_its_source_is(convert):
    source = '# coding: latin-1\nx = "é"\n'.encode("latin-1")
    assert convert(source).endswith('x = "é"\n')


def test_empty_module_becomes_a_header(tree, script):
    twins = script.generate(tree.root)
    assert twins["src/powens/_sync/__init__.py"] == (
        "# Generated from src/powens/_async/__init__.py by scripts/generate_sync.py.\n"
        "# Do not edit: change the source and run the script again.\n"
    )


def test_a_new_exception_serves_code_and_text(convert, script, monkeypatch, tree):
    monkeypatch.setitem(script.EXCEPTIONS, "AsyncByteStream", "SyncByteStream")
    monkeypatch.setitem(script.EXCEPTIONS, "aread", "read")
    source = (
        'async def f(x: AsyncByteStream):\n    """Of AsyncByteStream."""\n    await x.aread()\n'
    )
    assert convert(source) == (
        'def f(x: SyncByteStream):\n    """Of SyncByteStream."""\n    x.read()\n'
    )


def test_names_of_one_file_serve_the_text_of_another(convert, tree):
    tree.write("tests/_async/other.py", "class AsyncPager: ...\n")
    assert convert("# AsyncPager\n") == "# Pager\n"
