"""The public face: what can be imported, from where, and what comes along."""

from __future__ import annotations

import ast
import enum
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

import powens
from powens import exceptions, models

PROMISED = {
    *("PowensClient", "AsyncPowensClient", "Pager", "AsyncPager", "Page", "Response"),
    *("RetryPolicy", "CircuitBreaker", "NoOpCircuitBreaker", "ThresholdCircuitBreaker"),
    *("UNSET", "PowensErrorCode", "to_utc", "__version__"),
    *("PowensError", "PowensHTTPError", "PowensBadRequestError", "PowensAuthError"),
    *("PowensNotFoundError", "PowensConflictError", "PowensRateLimitError", "PowensServerError"),
    *("PowensServiceUnavailableError", "PowensConnectionError", "PowensTimeoutError"),
    *("PowensSerializationError", "PowensCircuitOpenError", "PowensWebhookError"),
}
EXTRAS = (
    *("starlette", "uvicorn", "typer", "rich", "click", "joserfc", "cryptography"),
    *("django", "flask", "werkzeug"),
    *("powens.sandbox", "powens.cli", "powens.encryption", "powens.signing", "powens.webhooks"),
    *("powens.testing", "pytest"),
)
HEAVY = ("httpx", "attrs", "cattrs", "msgspec", "tenacity", "anyio", "powens.models")


def imported_by(program):
    """The modules that a program has imported at its end, in an interpreter of its own."""
    listing = f"{program}\nimport sys\nprint(*sys.modules)"
    command = [sys.executable, "-I", "-W", "error", "-c", listing]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_the_names_are_sorted_and_given_once():
    # As ruff sorts them: constants, classes, the rest, each by the alphabet.
    def place(name):
        return (not name.isupper(), not name[:1].isupper(), name)

    assert powens.__all__ == sorted(set(powens.__all__), key=place)


@pytest.mark.parametrize("name", powens.__all__)
def test_every_name_resolves_to_the_thing_of_that_name(name):
    thing = getattr(powens, name)
    assert thing is getattr(powens, name)
    if name not in {"UNSET", "__version__"}:
        assert thing.__name__ == name


def test_what_is_promised_is_there():
    assert set(powens.__all__) >= PROMISED


def test_all_models_and_enums_are_there():
    found = {
        name
        for info in pkgutil.iter_modules(models.__path__)
        if not info.name.startswith("_")
        for name, thing in vars(importlib.import_module(f"powens.models.{info.name}")).items()
        if inspect.isclass(thing)
        and (attrs.has(thing) or issubclass(thing, enum.Enum))
        and thing.__module__ == f"powens.models.{info.name}"
        and not name.startswith("_")
    }
    assert found | {"Envelope"} == set(models.__all__)
    assert set(models.__all__) <= set(powens.__all__)


def test_all_exceptions_are_there():
    found = {
        name
        for name, thing in vars(exceptions).items()
        if inspect.isclass(thing) and thing.__module__ == "powens.exceptions"
    }
    assert {"PowensError", "PowensErrorCode"} < found
    assert found == {name for name in powens.__all__ if name.startswith("Powens")} - {
        "PowensClient"
    }


def test_type_checkers_see_the_same_names_as_programs():
    tree = ast.parse(Path(powens.__file__).read_text(encoding="utf-8"))
    imported = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
    ]
    assert sorted(imported) == sorted(powens.__all__)


def test_dir_lists_the_names_even_before_they_are_used():
    program = "import powens; assert {*powens.__all__, '__doc__'} <= {*dir(powens)}"
    assert "powens._sync.client" not in imported_by(program)
    assert dir(powens) == sorted(set(dir(powens)))


@pytest.mark.parametrize("name", ["nothing", "SyncClient", "_private", "PowensNothing", "httpx"])
def test_an_unknown_name_is_an_attribute_error(name):
    with pytest.raises(AttributeError, match=f"^module 'powens' has no attribute '{name}'$"):
        getattr(powens, name)
    with pytest.raises(ImportError):
        exec(f"from powens import {name}")


def test_a_star_import_brings_all_names():
    names = {}
    exec("from powens import *", names)
    assert names.keys() >= set(powens.__all__)


@pytest.mark.parametrize(
    "name", ["models", "exceptions", "webview", "webhooks", "sandbox", "testing"]
)
def test_sub_modules_can_be_imported(name):
    module = importlib.import_module(f"powens.{name}")
    assert module.__doc__


def test_the_package_is_marked_as_typed():
    assert (Path(powens.__file__).parent / "py.typed").is_file()


def test_the_version_is_that_of_the_distribution():
    metadata = importlib.import_module("importlib.metadata")
    assert powens.__version__ == metadata.version("powens")


def test_importing_the_package_imports_next_to_nothing():
    modules = imported_by("import powens; powens.__version__")
    assert not modules & {*HEAVY, *EXTRAS}


@pytest.mark.parametrize(
    ("client", "other"), [("PowensClient", "_async"), ("AsyncPowensClient", "_sync")]
)
def test_a_client_brings_neither_the_other_half_nor_an_extra(client, other):
    # What httpx imports for a command line of its own, where it finds it, is not our doing.
    modules = imported_by(f"import powens; powens.{client}(domain='example').users")
    modules -= imported_by("import httpx")
    assert "powens.models" in modules
    assert not {name for name in modules if name.startswith(f"powens.{other}")}
    assert not modules & set(EXTRAS)
    assert "cattrs" not in modules


@pytest.mark.parametrize("name", ["PowensError", "BankAccount", "UNSET", "RetryPolicy"])
def test_a_shared_name_brings_neither_half(name):
    modules = imported_by(f"from powens import {name}")
    assert not {each for each in modules if each.startswith(("powens._async", "powens._sync"))}
    assert "httpx" not in modules


def test_webhooks_bring_neither_a_client_nor_a_framework():
    modules = imported_by("import powens.webhooks")
    assert not modules & {"httpx", "starlette", "django", "flask", "werkzeug"}


@pytest.mark.parametrize("framework", ["django", "flask", "starlette"])
def test_an_adapter_says_what_it_lacks(framework):
    program = f"""
import sys
sys.modules["{framework}"] = None
try:
    import powens.webhooks.{framework}
except ImportError as error:
    assert "pip install 'powens[{framework}]'" in str(error), error
else:
    raise SystemExit("it was imported")
"""
    imported_by(program)
