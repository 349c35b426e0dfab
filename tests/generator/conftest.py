"""The generator as a module, and small trees for it to work on."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "generate_sync.py"


class Tree:
    """A repository in miniature."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, content: str | bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def snapshot(self) -> dict[str, tuple[bytes, int]]:
        """Every file with its bytes and the time it was written."""
        return {
            path.relative_to(self.root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in self.root.rglob("*")
            if path.is_file()
        }

    def run(self, *arguments, **options) -> subprocess.CompletedProcess[str]:
        """Run the script as a user would."""
        return subprocess.run(
            [sys.executable, str(SCRIPT), "--root", str(self.root), *arguments],
            check=False,
            capture_output=True,
            encoding="utf-8",
            **options,
        )


@pytest.fixture(scope="session")
def script() -> ModuleType:
    """The script, imported under a name of its own."""
    spec = importlib.util.spec_from_file_location("generate_sync_under_test", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def new_tree(script, tmp_path_factory):
    """Make trees whose source folders exist and use every entry of EXCEPTIONS."""

    def made() -> Tree:
        tree = Tree(tmp_path_factory.mktemp("repository"))
        for source in script.SOURCES:
            tree.write(f"{source}/__init__.py", "")
        tree.write("tests/_async/every_exception.py", f"# {' '.join(script.EXCEPTIONS)}\n")
        return tree

    return made


@pytest.fixture
def tree(new_tree) -> Tree:
    return new_tree()


@pytest.fixture
def convert(tree, script):
    """Turn the text of one async module into that of its twin, without the header."""

    def converted(source: str | bytes) -> str:
        tree.write("src/powens/_async/case.py", source)
        text = script.generate(tree.root)["src/powens/_sync/case.py"]
        header = script.HEADER.format(source="src/powens/_async/case.py")
        assert text.startswith(header)
        return text.removeprefix(header).lstrip("\n")  # one blank line, or two before a definition

    return converted
