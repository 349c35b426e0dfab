"""Every check of the project, each in an environment of its own: `nox -l` lists them."""

from __future__ import annotations

import re

import nox

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)
HALVES = ("src/powens/_async/*", "src/powens/_sync/*")
COVERED = "98"

nox.needs_version = ">=2024.10.9"
nox.options.error_on_missing_interpreters = True
nox.options.sessions = [
    "lint",
    "check_generated",
    "typing",
    "tests",
    "lowest",
    "docs_blocks",
    "soak",
    "journey",
    "dist",
]


@nox.session
def lint(session: nox.Session) -> None:
    """Style and formatting of what is written by hand."""
    session.install("-e", ".[test]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def generate(session: nox.Session) -> None:
    """Write the blocking twins and the pages of the resources anew."""
    session.install("-e", ".[test]")
    session.run("python", "scripts/generate_sync.py")
    session.run("python", "scripts/generate_docs.py")


@nox.session
def check_generated(session: nox.Session) -> None:
    """Fail if the twins or the pages are not what their sources give."""
    session.install("-e", ".[test]")
    session.run("python", "scripts/generate_sync.py", "--check")
    session.run("python", "scripts/generate_docs.py", "--check")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The async suite on asyncio and trio, its generated blocking twin, and all other tests."""
    session.install("-e", ".[test]")
    if session.python != PYTHONS[-1]:  # what is covered is the same on each
        session.run("pytest", *session.posargs)
        return
    session.env["COVERAGE_FILE"] = str(session.create_tmp() + "/.coverage")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *session.posargs)
    session.run("coverage", "combine")
    session.run("coverage", "report", "--fail-under", COVERED)
    for half in HALVES:
        session.run("coverage", "report", "--include", half, "--fail-under", COVERED)


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """The oldest dependencies that the package says it works with."""
    project = PYPROJECT["project"]
    promised = [*project["dependencies"], *project["optional-dependencies"]["encryption"]]
    bounds = [re.sub(r">=([\d.]+).*", r"==\1", it) for it in promised]
    session.install("-e", ".[test]", *bounds)
    session.run("pytest", "-q", "tests/unit", "tests/_sync")


@nox.session(python=[PYTHONS[0], PYTHONS[-1]])
def typing(session: nox.Session) -> None:
    """Both halves and the user programs, under two strict type checkers."""
    session.install("-e", ".[typing]")
    session.run("mypy")
    session.run("pyright", "--pythonpath", f"{session.bin}/python")
    session.run(
        "pyright", "--pythonpath", f"{session.bin}/python",
        "--verifytypes", "powens", "--ignoreexternal",
    )  # fmt: skip


@nox.session
def docs_blocks(session: nox.Session) -> None:
    """Every Python block of the README, against the sandbox."""
    session.install("-e", ".[test]")
    session.run("pytest", "README.md")


@nox.session
def soak(session: nox.Session) -> None:
    """What needs servers: Redis for breakers. With `-- full`, all that takes long as well."""
    session.install("-e", ".[test]", *nox.project.dependency_groups(PYPROJECT, "soak"))
    is_full = session.posargs == ["full"]
    session.run("pytest", "-q", "tests/soak", env={"POWENS_SOAK": str(int(is_full))})
    if is_full:
        session.run("pytest", "-q", env={"POWENS_SOAK": "1"})


@nox.session
def journey(session: nox.Session) -> None:
    """A person's way through each application of `examples/`. Needs Chromium.

    With `-- --screenshots`, the pictures of docs/ are taken anew.
    """
    session.install("-e", ".[test]", *nox.project.dependency_groups(PYPROJECT, "journey"))
    session.run("pytest", "-q", "tests/journey", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Change the code in small ways: a test must fail. `nox -s mutants -- retry` does one theme."""
    session.install("-e", ".[test]", *nox.project.dependency_groups(PYPROJECT, "mutants"))
    session.run(
        "python", "scripts/check_mutants.py", "--work", session.create_tmp(), *session.posargs
    )


@nox.session(python=PYTHONS[-1])
def bench(session: nox.Session) -> None:
    """Measure what calls cost, beside py-powens and bare httpx: `nox -s bench -- --quick`."""
    theirs = f"{session.create_tmp()}/py-powens"  # its package has the name of ours
    session.install(".")
    session.install(
        "--upgrade", "--target", theirs, *nox.project.dependency_groups(PYPROJECT, "bench")
    )
    session.run("python", "benchmarks/run.py", "--theirs", theirs, *session.posargs)


@nox.session
def dist(session: nox.Session) -> None:
    """Build, install the wheel in an environment that knows nothing else, and use it."""
    session.install("build")
    session.run("python", "scripts/check_dist.py")
