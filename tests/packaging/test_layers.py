"""Who may import what: downwards only, and each tool in one place."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"

# From the ground up. A module imports what stands on a lower line, or what is of its own group.
LAYERS = (
    ("_version", "_unset", "_checks", "_deadline", "_fork", "_quiet", "_sockets", "_time"),
    ("_body", "_model", "_proxy", "_runtime", "_tls", "circuit", "exceptions"),
    ("models", "retry"),
    ("_codec", "_files"),
    ("_wire",),
    ("_options", "_pagination", "webview", "encryption", "signing", "webhooks"),
    ("_async", "_sync"),
    ("",),
    ("sandbox",),
    ("cli", "testing"),
)
OUTSIDE = ("sandbox", "cli", "testing")

# Who may use which package from elsewhere; attrs is everybody's.
TOOLS = {
    "httpx": {
        f"{half}.{module}"
        for half in ("_async", "_sync")
        for module in ("client", "lanes", "pool", "transport")
    }
    | {"_proxy", "_tls"},
    "httpcore": {
        f"{half}.{module}" for half in ("_async", "_sync") for module in ("lanes", "network")
    }
    | {"_proxy"},
    "tenacity": {"_async.transport", "_sync.transport"},
    "anyio": {"_runtime"},
    "cattrs": {"_codec.forgiving"},
    "msgspec": {"_codec.fast"},
    "joserfc": {"encryption", "signing"},
    "cryptography": {"signing"},
    "django": {"webhooks.django"},
    "flask": {"webhooks.flask"},
    "starlette": {"webhooks.starlette"},
    "werkzeug": {"webhooks.flask"},
}
WEBHOOK_ADAPTERS = ("webhooks.django", "webhooks.flask", "webhooks.starlette")
PURE = (
    "_body",
    "_checks",
    "_deadline",
    "_fork",
    "_quiet",
    "exceptions",
    "retry",
    "circuit",
    "_unset",
    "_version",
    "_time",
    "models",
    "webhooks",
)


def name_of(path):
    """The dotted name of a module below `powens`; the package itself is the empty name."""
    parts = path.relative_to(SOURCE / "powens").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports_of(path):
    """The absolute names that a file imports, wherever in it; and the names of their places."""
    package = path.relative_to(SOURCE).parent.parts if SOURCE in path.parents else ()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def group_of(name):
    """The first part of a dotted name."""
    return name.partition(".")[0]


MODULES = {name_of(path): path for path in sorted((SOURCE / "powens").rglob("*.py"))}
LIBRARY = {name: path for name, path in MODULES.items() if group_of(name) not in OUTSIDE}


def ours(path):
    """The modules of this package that a file imports; a name of a module counts as the module."""
    for name in imports_of(path):
        if group_of(name) == "powens":
            below = name.removeprefix("powens").lstrip(".")
            yield below if below in MODULES else below.rpartition(".")[0]


def theirs(path):
    """The packages from elsewhere that a file imports."""
    names = {group_of(name) for name in imports_of(path)}
    return names - {"powens", "__future__"} - sys.stdlib_module_names


def layer_of(name):
    """The height of a module."""
    for height, groups in enumerate(LAYERS):
        if group_of(name) in groups:
            return height
    raise AssertionError(f"powens.{name} has no layer: give it one")


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_downwards(name):
    for imported in ours(MODULES[name]):
        if group_of(imported) != group_of(name):
            assert layer_of(imported) < layer_of(name), f"{name} imports {imported}"


@pytest.mark.parametrize("name", LIBRARY)
def test_each_tool_has_its_place(name):
    allowed = {tool for tool, users in TOOLS.items() if name in users}
    assert theirs(LIBRARY[name]) <= allowed | {"attrs"}


def test_each_place_uses_its_tool():
    used = {(tool, name) for name, path in LIBRARY.items() for tool in theirs(path)}
    assert {(tool, name) for tool, users in TOOLS.items() for name in users} <= used


@pytest.mark.parametrize(
    "name",
    [name for name in LIBRARY if group_of(name) in PURE and name not in WEBHOOK_ADAPTERS],
)
def test_what_is_pure_stands_on_the_language_and_on_attrs(name):
    assert theirs(LIBRARY[name]) <= {"attrs"}
    assert not {"asyncio", "socket", "ssl", "subprocess"} & set(imports_of(LIBRARY[name]))


@pytest.mark.parametrize(
    "name", [name for name in LIBRARY if group_of(name) in {"_async", "_sync"}]
)
def test_the_halves_know_nothing_of_each_other_nor_of_an_event_loop(name):
    path = LIBRARY[name]
    assert not {"asyncio", "anyio", "trio", "threading"} & {*map(group_of, imports_of(path))}
    other = {"_async": "_sync", "_sync": "_async"}[group_of(name)]
    assert other not in {group_of(imported) for imported in ours(path)}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.level:
            assert group_of(node.module) != "powens", "relative imports keep both halves alike"


@pytest.mark.parametrize("name", [name for name in LIBRARY if name != "_runtime"])
def test_nobody_sleeps_but_by_the_pair(name):
    tree = ast.parse(LIBRARY[name].read_text(encoding="utf-8"))
    slept = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert not slept & {"time.sleep", "anyio.sleep", "asyncio.sleep", "trio.sleep"}
    assert "time.sleep" not in set(imports_of(LIBRARY[name]))


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library_works_without_its_extras(name):
    assert not {group_of(imported) for imported in ours(LIBRARY[name])} & set(OUTSIDE)


@pytest.mark.parametrize("name", [name for name in MODULES if group_of(name) == "sandbox"])
def test_the_sandbox_does_not_lean_on_what_it_helps_to_test(name):
    assert {group_of(imported) for imported in ours(MODULES[name])} <= {"sandbox"}


# The pages are made of the docstrings of the package, which has to be there for it.
@pytest.mark.parametrize(
    "path",
    sorted({*(ROOT / "scripts").glob("*.py")} - {ROOT / "scripts" / "generate_docs.py"}),
    ids=lambda path: path.name,
)
def test_scripts_import_nothing_of_ours(path):
    assert not {"powens", "tests"} & {*map(group_of, imports_of(path))}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests" / "_async").rglob("*.py")), ids=lambda path: path.name
)
def test_tests_of_both_halves_use_the_public_surface_only(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0):
            named = [node.module] if isinstance(node, ast.ImportFrom) else []
            named += [alias.name for alias in node.names if isinstance(node, ast.Import)]
            for name in named:
                assert not any(
                    part.startswith("_") for part in name.split(".") if part != "__future__"
                )
                known = {"powens", "pytest", "httpx", "joserfc", *sys.stdlib_module_names}
                assert group_of(name) in known
                assert group_of(name) != "asyncio"
