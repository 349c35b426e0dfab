"""Build the distributions and prove that the wheel is whole.

The wheel is built from the sdist, installed without extras in a new environment, imported on both
surfaces, and type-checked against from outside of the source tree.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
USER_PROGRAMS = ROOT / "tests" / "typing"
TYPE_CHECKERS = ("mypy==2.4.1", "pyright[nodejs]==1.1.414")

BOTH_CLIENTS = """
import sys, powens
from powens import AsyncPowensClient, PowensClient
with PowensClient(domain="example") as client:
    print(client, AsyncPowensClient(domain="example"))
extras = {"starlette", "uvicorn", "typer", "rich", "joserfc", "cryptography"} & set(sys.modules)
assert not extras, extras
"""


def main() -> None:
    """Build, look inside, install, use, uninstall."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        run(sys.executable, "-m", "build", "--outdir", str(place / "dist"), str(ROOT))
        (wheel,) = (place / "dist").glob("*.whl")
        check_contents(wheel)
        python = make_environment(place / "plain", str(wheel))
        run(python, "-W", "error", "-c", BOTH_CLIENTS, cwd=place)
        # The programs are checked as a user would have them: away from our sources.
        python = make_environment(place / "typed", f"{wheel}[sandbox]", *TYPE_CHECKERS)
        programs = shutil.copytree(USER_PROGRAMS, place / "programs")
        run(python, "-m", "mypy", "--strict", str(programs), cwd=place)
        run(python, "-m", "pyright", "--pythonpath", python, str(programs), cwd=place)
        run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "powens", cwd=place)
        if succeeds(python, "-c", "import powens", cwd=place):
            raise SystemExit("powens can be imported without being installed")
    print("The distributions are whole.")


def check_contents(wheel: Path) -> None:
    """Every source file of the package is in the wheel, and nothing beside it."""
    package = ROOT / "src" / "powens"
    sources = {
        path.relative_to(package.parent).as_posix()
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    if sources != shipped:
        raise SystemExit(f"the wheel and the sources differ: {sorted(sources ^ shipped)}")


def make_environment(place: Path, *requirements: str) -> str:
    """Make a virtual environment with these requirements and return its interpreter."""
    venv.create(place, with_pip=True)
    python = str(place / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    run(python, "-m", "pip", "install", "--quiet", *requirements)
    return python


def run(*command: str, cwd: Path = ROOT) -> None:
    """Run a command and stop everything if it fails."""
    print("$", " ".join(command[:4]), flush=True)
    subprocess.run(command, check=True, cwd=cwd)


def succeeds(*command: str, cwd: Path) -> bool:
    """Run a command and say how it went."""
    return subprocess.run(command, check=False, cwd=cwd, stderr=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    main()
