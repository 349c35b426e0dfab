"""What the generator does not turn into something almost right, but refuses."""

import pytest


@pytest.fixture
def refused(convert, script):
    """Give the reasons for which a source is refused."""

    def reasons(source: str) -> str:
        with pytest.raises(script.GenerationError) as caught:
            convert(source)
        return str(caught.value)

    return reasons


@pytest.mark.parametrize(
    ("source", "line", "word"),
    [
        ("\nfrom collections.abc import Awaitable\n", 2, "Awaitable"),
        ("import typing\n\nx: typing.Coroutine[int, int, int]\n", 3, "Coroutine"),
        ("import asyncio\n", 1, "asyncio"),
        ("x = 1\nfrom anyio import sleep\n", 2, "anyio"),
        ("def test(anyio_backend): ...\n", 1, "anyio_backend"),
        ("import trio\n", 1, "trio"),
        ("x = trio_clock\n", 1, "trio_clock"),
        ("import inspect\n\ninspect.iscoroutine(1)\n", 3, "iscoroutine"),
        ("from contextlib import asynccontextmanager\n", 1, "asynccontextmanager"),
        ("Async = 1\n", 1, "Async"),
        ("ASYNC_ONLY = 1\n", 1, "ASYNC_ONLY"),
    ],
)
def test_name_without_a_twin(refused, source, line, word):
    reasons = refused(source)
    assert f"src/powens/_async/case.py:{line}: {word!r}\n" in reasons
    assert "powens._runtime" in reasons


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("# await the reply", 1, "await"),
        ("# Awaiting the reply", 1, "Awaiting"),
        ("x = 'await the reply'", 1, "await"),
        ("x = '\\nasync with care'", 1, "async"),
        ("x = b'async'", 1, "async"),
        ("x = 'AsyncIO'", 1, "AsyncIO"),
        ("x = 'AsyncMisspelt | None'", 1, "AsyncMisspelt"),
        ('"""Text.\n\nAn asynchronous client.\n"""', 3, "asynchronous"),
        ('"""Text.\n\nArgs:\n    x: seconds to\n        await the reply.\n"""', 5, "await"),
        ('"""Text.\n\n... await the reply.\n"""', 3, "await"),
        ('"""Write::\n\n    pass\n\nand await the reply.\n"""', 5, "await"),
        ('"""Text.\n\n    >>> me()  # await the reply\n"""', 3, "await"),
        ('"""Text.\n\n    >>> say("await the reply")\n"""', 3, "await"),
        ('"""Text.\n\n    >>> me()\n    await the reply\n"""', 4, "await"),
        ('"""The keyword `await` and a span ``never\nclosed await x``."""', 1, "await"),
        ("# `a` await the `b`", 1, "await"),
        ("# `the async way`", 1, "async"),
        ("x = 1\nx = f'{x}await{x}'", 2, "await"),
        ("x = f'await'", 1, "await"),
        ("x = 1\ny = f'{x} await {x}'", 2, "await"),
        ("x = 1\ny = f'{{await x}} {x}'", 2, "await"),
        ("y = f'''\n{\"await x\"}'''", 2, "await"),
        ("y = f'{\"{\"} await {x} }}'", 1, "await"),
        ("y = f'{f\"{await x}\"}'", 1, "await"),
        ("x = 1  # noqa: ASYNC100", 1, "ASYNC100"),
    ],
)
def test_prose_of_the_async_half(refused, text, line, word):
    """Running text is never reworded: its author is told."""
    assert f"src/powens/_async/case.py:{line}: {word!r}\n" in refused(f"{text}\n")


def test_every_leftover_is_told_at_once(refused, tree):
    tree.write("tests/_async/test_case.py", "\n\nimport trio\n")
    reasons = refused("import asyncio\n\n# await it, awaiting\n").splitlines()
    assert reasons[:4] == [
        "src/powens/_async/case.py:1: 'asyncio'",
        "src/powens/_async/case.py:3: 'await'",
        "src/powens/_async/case.py:3: 'awaiting'",
        "tests/_async/test_case.py:3: 'trio'",
    ]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x = 1\ndef f(:\n", "src/powens/_async/case.py:2: invalid syntax"),
        ("x = '\n", "src/powens/_async/case.py:1: unterminated string literal"),
        ("async def f():\nawait x\n", "src/powens/_async/case.py:2: expected an indented block"),
        ("\nf(async_x=1, x=2)\n", "src/powens/_async/case.py:2: keyword argument repeated: x"),
        ("def f(async_x, x): ...\n", "src/powens/_async/case.py:1: duplicate argument 'x'"),
    ],
)
def test_syntax(refused, source, reason):
    assert reason in refused(source)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            "async def test_async_pager(): ...\n\n\ndef test_pager(): ...\n",
            "case.py:4: test_pager and test_async_pager get the same name",
        ),
        (
            "from models import Owner\n\n\nclass AsyncOwner: ...\n",
            "case.py:4: AsyncOwner and Owner get the same name",
        ),
        (
            "def close(): ...\n\n\nfrom a import aclose\n",
            "case.py:1: close and aclose get the same name",
        ),
        (
            "class A:\n    def close(self): ...\n    async def aclose(self): ...\n",
            "case.py:3: aclose and close get the same name",
        ),
        ("class Thing: ...\nclass AsyncThing: ...\n", "case.py:2: AsyncThing and Thing get the"),
    ],
)
def test_definitions_that_would_hide_each_other(refused, source, reason):
    assert reason in refused(source)


@pytest.mark.parametrize(
    "path",
    [
        "tests/_async/test_async_a.py",
        "tests/_async/AsyncThing.py",
        "tests/_async/aclose.py",
        "tests/_async/asyncio/test_a.py",
        "tests/_async/_async/test_a.py",
        "src/powens/_async/trio.py",
    ],
)
def test_file_names_that_differ_between_the_halves(tree, script, path):
    tree.write(path, "")
    with pytest.raises(script.GenerationError, match=f"^{path}: rename this file"):
        script.generate(tree.root)


def test_exception_that_nothing_uses(tree, script, monkeypatch):
    monkeypatch.setitem(script.EXCEPTIONS, "asend", "send")
    monkeypatch.setitem(script.EXCEPTIONS, "athrow", "throw")
    with pytest.raises(script.GenerationError) as caught:
        script.generate(tree.root)
    assert str(caught.value).splitlines() == [
        "scripts/generate_sync.py: 'asend' in EXCEPTIONS is used nowhere; remove the entry",
        "scripts/generate_sync.py: 'athrow' in EXCEPTIONS is used nowhere; remove the entry",
    ]


def test_source_folder_that_is_missing(tree, script, tmp_path):
    with pytest.raises(script.GenerationError) as caught:
        script.generate(tmp_path / "elsewhere")
    assert "src/powens/_async: no Python file there" in str(caught.value)
    assert "tests/_async: no Python file there" in str(caught.value)


def test_source_that_the_tokenizer_does_not_give_back(refused, script, monkeypatch):
    monkeypatch.setattr(script, "tokens_to_src", lambda tokens: "something else")
    assert "case.py: the tokenizer garbles" in refused("x = 1\n")


def test_keyword_that_unasync_leaves_behind(refused, script, monkeypatch):
    """The generated text is judged too, not only what was given to unasync."""
    monkeypatch.setattr(script, "KEYWORDS", ())
    monkeypatch.setattr(script.unasync.Rule, "_unasync_tokens", lambda self, tokens: tokens)
    monkeypatch.setattr(script, "leftovers", leftovers_of_twins_only(script.leftovers))
    assert "case.py:2: 'await'" in refused("async def f():\n    await x\n")


def leftovers_of_twins_only(leftovers):
    def filtered(path, tokens, table):
        tokens = list(tokens)
        return leftovers(path, tokens, table) if tokens[0].name == "TEXT" else []

    return filtered


def test_ruff_that_fails(refused, script, monkeypatch):
    monkeypatch.setattr(script, "TARGET", "py000")
    assert "ruff check failed:" in refused("x = 1\n")
