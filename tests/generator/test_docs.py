"""The pages of the resources: they are fresh, whole, and stale when something changes."""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path

import pytest

from powens import PowensClient

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def docs():
    """The script that writes the pages."""
    path = ROOT / "scripts" / "generate_docs.py"
    spec = importlib.util.spec_from_file_location("generate_docs", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def elsewhere(docs, tmp_path, monkeypatch):
    """An empty folder with a README, as the root of the documents."""
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    tmp_path.joinpath("README.md").write_text(f"# x\n\n{docs.BEGIN}\n{docs.END}\n\nrest\n")
    return tmp_path


def test_the_pages_are_fresh(docs):
    assert docs.main(["--check"]) == 0


def test_every_method_of_every_resource_has_its_calls_and_its_parameters(docs):
    client = PowensClient(domain="example")
    for name, resource in docs.resources():
        assert type(getattr(client, name)) is resource
        text = docs.page(name, resource)
        for method_name, method in docs.methods(resource):
            section = text.partition(f"## `{method_name}`\n")[2].partition("\n## ")[0]
            if method_name not in {"force_sync", "renew"}:
                assert "([reference](https://docs.powens.com/" in section, f"{name}.{method_name}"
            for parameter in list(inspect.signature(method).parameters)[1:]:
                assert f"| `{parameter}` |" in section or method_name == "force_sync"


def test_what_is_stale_or_orphaned_is_named_and_mended(docs, elsewhere, capsys):
    assert docs.main(["--check"]) == 1
    assert not elsewhere.joinpath("docs").exists()
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0
    readme = elsewhere.joinpath("README.md").read_text()
    assert readme.startswith("# x\n")
    assert readme.endswith("\n\nrest\n")
    assert "| [`payments`](docs/resources/payments.md) | `list`" in readme
    page = elsewhere / "docs" / "resources" / "users.md"
    page.write_text("edited by hand")
    orphan = page.with_name("nothing.md")
    orphan.write_text("of a resource that is gone")
    capsys.readouterr()
    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "stale: docs/resources/users.md",
        "stale: docs/resources/nothing.md",
    ]
    assert docs.main([]) == 0
    assert not orphan.exists()
    assert docs.main(["--check"]) == 0
