"""The command line: what it prints, writes, deletes and returns."""

import ast
import os
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from_source = "# Generated from src/powens/_async/{} by scripts/generate_sync.py.\n"


@pytest.fixture(scope="module")
def generated(new_tree):
    """A tree with nested folders and its twins."""
    tree = new_tree()
    tree.write("src/powens/_async/client.py", "value = 1\n")
    tree.write("src/powens/_async/resources/deep/users.py", "async def me(): ...\n")
    tree.write("src/powens/_async/py.typed", "")
    tree.write("src/powens/_async/__pycache__/client.cpython-313.pyc", b"\0async")
    tree.write("tests/_async/test_client.py", "from powens import AsyncClient\n\nx = AsyncClient\n")
    assert tree.run().returncode == 0
    return tree


@pytest.fixture
def fresh(generated, tmp_path):
    """A copy of the generated tree, as if it had just been written."""
    return type(generated)(shutil.copytree(generated.root, tmp_path / "repository"))


def test_generate_writes_the_twins_and_says_so(fresh):
    (fresh.root / "src/powens/_sync/client.py").unlink()
    done = fresh.run()
    assert done.returncode == 0
    assert done.stdout == (
        "written: src/powens/_sync/client.py\n7 generated files are up to date.\n"
    )
    assert done.stderr == ""
    twins = {path for path in fresh.snapshot() if "/_sync/" in path}
    assert twins == {
        "src/powens/_sync/__init__.py",
        "src/powens/_sync/client.py",
        "src/powens/_sync/resources/deep/users.py",
        "src/powens/cli/_sync/__init__.py",
        "tests/_sync/__init__.py",
        "tests/_sync/every_exception.py",
        "tests/_sync/test_client.py",
    }
    assert fresh.read("src/powens/_sync/client.py") == (
        "# Generated from src/powens/_async/client.py by scripts/generate_sync.py.\n"
        "# Do not edit: change the source and run the script again.\n"
        "\n"
        "value = 1\n"
    )


def test_second_run_touches_nothing(fresh):
    before = fresh.snapshot()
    done = fresh.run()
    assert (done.returncode, done.stdout) == (0, "7 generated files are up to date.\n")
    assert fresh.snapshot() == before


def test_check_of_a_fresh_tree_is_one_line(fresh):
    before = fresh.snapshot()
    done = fresh.run("--check")
    assert (done.returncode, done.stdout) == (0, "7 generated files are up to date.\n")
    assert done.stderr == ""
    assert fresh.snapshot() == before


def test_check_shows_what_is_stale_and_generate_repairs_it(fresh):
    good = fresh.snapshot()
    edited = fresh.read("src/powens/_sync/client.py").replace("value = 1", "value = 2")
    fresh.write("src/powens/_sync/client.py", edited)
    (fresh.root / "tests/_sync/test_client.py").unlink()
    fresh.write("src/powens/_sync/resources/gone.py", from_source.format("resources/gone.py"))
    stale = fresh.snapshot()

    check = fresh.run("--check")
    assert check.returncode == 1
    assert check.stdout == (
        "differs: src/powens/_sync/client.py\n"
        "--- src/powens/_sync/client.py\n"
        "+++ src/powens/_sync/client.py (generated)\n"
        "@@ -1,4 +1,4 @@\n"
        " # Generated from src/powens/_async/client.py by scripts/generate_sync.py.\n"
        " # Do not edit: change the source and run the script again.\n"
        " \n"
        "-value = 2\n"
        "+value = 1\n"
        "orphan: src/powens/_sync/resources/gone.py\n"
        "missing: tests/_sync/test_client.py\n"
        "3 stale: run `python scripts/generate_sync.py`\n"
    )
    assert fresh.snapshot() == stale

    repair = fresh.run()
    assert repair.returncode == 0
    assert repair.stdout == (
        "written: src/powens/_sync/client.py\n"
        "deleted: src/powens/_sync/resources/gone.py\n"
        "written: tests/_sync/test_client.py\n"
        "7 generated files are up to date.\n"
    )
    repaired = fresh.snapshot()
    assert {path: text for path, (text, _) in repaired.items()} == {
        path: text for path, (text, _) in good.items()
    }
    untouched = "src/powens/_sync/resources/deep/users.py"
    assert repaired[untouched] == good[untouched]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text.replace(b"\n", b"\r\n"), id="line ends"),
        pytest.param(lambda text: text.removesuffix(b"\n"), id="no final newline"),
        pytest.param(lambda text: text + b"\n# appended\n", id="longer"),
        pytest.param(lambda text: text + b"\xff", id="not UTF-8"),
        pytest.param(lambda text: b"", id="empty"),
    ],
)
def test_check_compares_bytes(fresh, spoil):
    twin = fresh.root / "src/powens/_sync/client.py"
    twin.write_bytes(spoil(twin.read_bytes()))
    assert fresh.run("--check").returncode == 1


def test_orphan_written_by_hand_is_never_deleted(fresh):
    fresh.write("src/powens/_sync/extra.py", "x = 1\n")
    (fresh.root / "src/powens/_sync/client.py").unlink()
    before = fresh.snapshot()
    check, generate = fresh.run("--check"), fresh.run()
    assert check.returncode == 1
    assert "orphan: src/powens/_sync/extra.py\n" in check.stdout
    assert generate.returncode == 2
    assert "src/powens/_sync/extra.py: has no source and was not generated" in generate.stderr
    assert fresh.snapshot() == before


@pytest.mark.parametrize(
    ("path", "source", "reason"),
    [
        ("src/powens/_async/new.py", "def f(:\n", "src/powens/_async/new.py:1: invalid syntax"),
        ("tests/_async/test_new.py", "x = 1\nimport trio\n", "tests/_async/test_new.py:2: 'trio'"),
        ("tests/_async/every_exception.py", "", "'__aenter__' in EXCEPTIONS is used nowhere"),
    ],
)
@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_nothing_is_written_when_a_source_is_refused(fresh, path, source, reason, arguments):
    fresh.write("src/powens/_async/client.py", "x = 2\n")
    fresh.write(path, source)
    before = fresh.snapshot()
    done = fresh.run(*arguments)
    assert done.returncode == 2
    assert reason in done.stderr
    assert done.stderr.endswith("Nothing was written.\n")
    assert done.stdout == ""
    assert fresh.snapshot() == before


def test_output_depends_on_the_sources_only(fresh, tmp_path):
    """Neither hash seed nor locale, working folder or the configurations around have a say."""
    source = (
        'from b import AsyncB\nfrom powens import a\nfrom tests import c\nx = "é", AsyncB, a, c\n'
    )
    fresh.write("src/powens/_async/client.py", source)
    fresh.write("ruff.toml", "line-length = 20\n")
    (tmp_path / "empty").mkdir()
    outputs = []
    for seed, locale, cwd in [("1", "C", fresh.root), ("2", "C.UTF-8", tmp_path / "empty")]:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONUTF8": "0"}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        for twin in fresh.root.glob("*/**/_sync/**/*.py"):
            twin.unlink()
        assert fresh.run(cwd=cwd, env=environment).returncode == 0
        outputs.append({path: text for path, (text, _) in fresh.snapshot().items()})
    assert outputs[0] == outputs[1]
    assert 'x = "é", B, a, c\n' in outputs[0]["src/powens/_sync/client.py"].decode()


def test_style_of_the_twins_is_that_of_the_repository(script):
    settings = tomllib.loads(
        Path(script.__file__).parents[1].joinpath("pyproject.toml").read_text()
    )
    ruff = settings["tool"]["ruff"]
    assert ruff["line-length"] == script.LINE_LENGTH
    assert ruff["target-version"] == script.TARGET
    assert "format" not in ruff
    assert "isort" not in ruff["lint"]


def test_script_imports_nothing_of_ours(script):
    tree = ast.parse(Path(script.__file__).read_bytes())
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        (node.module or "").partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    assert imported <= {*sys.stdlib_module_names, "tokenize_rt", "unasync"}
