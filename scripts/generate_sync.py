"""Write the blocking twins of the async sources, or check that they are fresh.

    python scripts/generate_sync.py            write what changed, delete orphans
    python scripts/generate_sync.py --check    write nothing; exit 1 and show what is stale

Exit 2: the twins cannot be generated; every reason is printed and nothing was written.

One table of renames serves code, strings, f-strings, docstrings and comments alike. It is derived
from the names in the async code: ``AsyncPager`` becomes ``Pager``, ``StopAsyncIteration`` becomes
``StopIteration``, ``async_sleep`` becomes ``sleep``. EXCEPTIONS, below, holds what these rules do
not give. Names are renamed one by one, so what differs by more than a name belongs in a pair of
``powens._runtime``, not here. In text, "an AsyncPager" becomes "a Pager".

The keywords ``await`` and ``async`` vanish from code. In text they vanish only where the text
is marked as code, and only in front of code (``await name``, ``async with/for/def``):

- in a span of backticks that opens and closes on one line,
- in doctest lines (``>>>`` and the ``...`` that follow),
- in a literal block: the lines indented deeper than the line ending in ``::`` above them,
- in the braces of an f-string.

Strings and comments inside such code are prose again, and prose is never reworded. Whatever word
would still speak of the async half is an error that names its file and line.

A twin has the path of its source, so file names must not need renaming either; and no two
definitions of one scope may end up with one name, as the second would hide the first.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import re
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import unasync  # type: ignore[import-untyped]
from tokenize_rt import (  # type: ignore[import-untyped]
    Token,
    parse_string_literal,
    src_to_tokens,
    tokens_to_src,
)

SOURCES = ("src/powens/_async", "src/powens/cli/_async", "tests/_async")

DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

# Renames that the two rules of DERIVED do not give. An entry that nothing uses is an error.
EXCEPTIONS = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aclose": "close",
    "aiter": "iter",
    "anext": "next",
    "AsyncByteStream": "SyncByteStream",
}

DERIVED = re.compile(r"Async(?=[A-Z])|(?<![^\W_])async_(?=[^\W\d_])")
FORBIDDEN = re.compile(r"async|await|anyio|coroutine|(?<![a-z])trio(?![a-z])", re.IGNORECASE)
ADVICE = """\
A word that speaks of the async half would stay in its blocking twin. Reword prose to fit both, mark
code in text as code (see the top of this script), hide a type such as Awaitable behind a pair of
names in powens._runtime, or add the name to EXCEPTIONS."""

KEYWORDS = ("async", "await")
WORD = re.compile(r"\\.|[^\W\d]\w*", re.DOTALL)  # an escape is no part of the word after it
CODE = re.compile(  # group 1, strings and comments inside code, is kept
    r"""("[^"\n]*"|'[^'\n]*'|#.*)|\b(?:async +(?=(?:with|for|def)\b)|await +(?=[\w({]))"""
)
ARTICLE = re.compile(r"\b([Aa])n(?=\s+[`~]*_*Async[^AEIOU])")  # an AsyncPager, but a Pager
SPAN = re.compile(r"``[^`\n]+``|`[^`\n]+`")
FIELD = re.compile(r"""\{\{|\}\}|\{(?:[^{}"']|"[^"\n]*"|'[^'\n]*'|\{[^{}]*\})*\}""")

HEADER = """\
# Generated from {source} by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.
"""
IS_GENERATED = re.compile(rb"# Generated from \S+ by scripts/generate_sync\.py\.\r?\n")

LINE_LENGTH, TARGET = 100, "py311"
IMPORT_RULES = (  # `src` is empty lest the folder it runs in decides what is first-party
    *("check", "--fix-only", "--select=I,F401"),
    *("--config=src=[]", '--config=lint.isort.known-first-party=["powens"]'),
)


class GenerationError(Exception):
    """What keeps the twins from being generated, one problem a line."""


def refuse(problems: Iterable[str], advice: str = "") -> None:
    """Stop if there is any problem, and tell them all."""
    if lines := list(problems):
        raise GenerationError("\n".join([*lines, *filter(None, [advice])]))


def twin_of(source: str) -> str:
    """Return the path of the twin, which differs in the folder of the half only."""
    return source.replace("/_async/", "/_sync/", 1)


def python_files(root: Path, folder: str) -> list[str]:
    """List the Python files under a folder as sorted paths relative to root."""
    return sorted(path.relative_to(root).as_posix() for path in (root / folder).rglob("*.py"))


# --- Reading -------------------------------------------------------------------------------------


def read_sources(root: Path) -> dict[str, list[Token]]:
    """Return the tokens of every async source by its path."""
    sources: dict[str, list[Token]] = {}
    problems: list[str] = []
    for folder in SOURCES:
        paths = python_files(root, folder)
        if not paths:
            problems.append(f"{folder}: no Python file there; is the source folder missing?")
        for path in paths:
            try:
                tree = ast.parse((root / path).read_bytes(), path)
            except SyntaxError as error:
                problems.append(f"{path}:{error.lineno}: {error.msg}")
                continue
            problems.extend(clashes(path, tree))
            with tokenize.open(root / path) as file:  # knows the encoding, makes CRLF LF
                text = file.read()
            tokens = src_to_tokens(text)
            if tokens_to_src(tokens) != text:
                problems.append(f"{path}: the tokenizer garbles an f-string here; write it simpler")
            sources[path] = list(merge_fstrings(tokens))
    refuse(problems)
    return sources


def clashes(path: str, tree: ast.AST) -> Iterator[str]:
    """Name the definitions that would hide, in the twin, another one or an import beside them.

    Two imports may become one.
    """
    for scope in ast.walk(tree):
        if isinstance(scope, (ast.Module, *DEFINITIONS)):
            first: dict[str, str] = {}
            for node in sorted(scope.body, key=lambda node: isinstance(node, DEFINITIONS)):
                for name in names_of(node):
                    other = first.setdefault(rename(name), name)
                    if other != name and isinstance(node, DEFINITIONS):
                        yield f"{path}:{node.lineno}: {name} and {other} get the same name"


def names_of(node: ast.stmt) -> Iterator[str]:
    """Give the names that a definition or an import brings into its scope."""
    if isinstance(node, DEFINITIONS):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (alias.asname or alias.name for alias in node.names)


def merge_fstrings(tokens: Iterable[Token]) -> Iterator[Token]:
    """Make each f-string one STRING token, which is all that Python 3.11 knows."""
    parts: list[Token] = []
    depth = 0
    for token in tokens:
        parts.append(token)
        depth += token.name.endswith("STRING_START") - token.name.endswith("STRING_END")
        if depth == 0:
            src = "".join(part.src for part in parts)
            yield parts[0]._replace(name="STRING" if len(parts) > 1 else token.name, src=src)
            parts.clear()


# --- Renaming ------------------------------------------------------------------------------------


def rename(name: str) -> str:
    """Return the blocking name of an async one, and any other name as it is."""
    return EXCEPTIONS[name] if name in EXCEPTIONS else DERIVED.sub("", name)


def rename_table(sources: Mapping[str, list[Token]]) -> dict[str, str]:
    """Derive the table from the names in use, after refusing names and entries that mislead."""
    tokens = [token for tokens in sources.values() for token in tokens]
    words = {word for token in tokens for word in WORD.findall(token.src)}
    refuse(
        f"scripts/generate_sync.py: {name!r} in EXCEPTIONS is used nowhere; remove the entry"
        for name in EXCEPTIONS
        if name not in words
    )
    refuse(
        f"{path}: rename this file, its twin would have the same name"
        for path in sources
        for word in WORD.findall(path.replace("/_async/", "/", 1).removesuffix(".py"))
        if rename(word) != word or FORBIDDEN.search(word)
    )
    names = {token.src for token in tokens if token.name == "NAME"} | set(EXCEPTIONS)
    table = {name: rename(name) for name in sorted(names) if rename(name) != name}
    return {"_async": "_sync", **table}


def prepare(token: Token, table: Mapping[str, str]) -> Token:
    """Do for one token what unasync does not do, or not safely."""
    if token.name in {"STRING", "COMMENT"}:
        text = "\n".join(marked_code(token))
        if token.name == "STRING" and "f" in parse_string_literal(text)[0].lower():
            text = FIELD.sub(lambda m: m[0] if m[0] in {"{{", "}}"} else blocking(m[0]), text)
        text = ARTICLE.sub(r"\1", text)
        return token._replace(src=WORD.sub(lambda m: table.get(m[0], m[0]), text))
    if token.src in KEYWORDS:  # unasync drops the token after a keyword too, unless it is a blank
        return token._replace(src=f"{token.src} ")
    return token


def blocking(code: str) -> str:
    """Return code that stands in text without its keywords."""
    return CODE.sub(lambda m: m[1] or "", code)


def marked_code(token: Token) -> Iterator[str]:
    """Yield the lines of a text; what is marked as code in them has lost its keywords."""
    indent = token.utf8_byte_offset or 0  # of the first line; the others carry their own
    doctest, block = False, sys.maxsize
    for number, line in enumerate(token.src.split("\n")):
        code = line.lstrip("# \t")
        if number:
            indent = len(line) - len(line.lstrip())
        if code and indent <= block:
            block = sys.maxsize
        doctest = code.startswith(">>> ") or (doctest and code.startswith("..."))
        inside = doctest or indent > block
        yield blocking(line) if inside else SPAN.sub(lambda m: blocking(m[0]), line)
        if not inside and code.rstrip().endswith("::"):
            block = indent


def leftovers(path: str, tokens: Iterable[Token], table: Mapping[str, str]) -> Iterator[str]:
    """Name the words that neither the table nor unasync will take away."""
    for token in tokens:
        if token.name == "NAME" and token.src.rstrip() in KEYWORDS:
            continue
        for match in WORD.finditer(token.src):
            word = table.get(match[0], match[0])
            if FORBIDDEN.search(word):
                line = (token.line or 1) + token.src.count("\n", 0, match.start())
                yield f"{path}:{line}: {word!r}"


# --- Generating ----------------------------------------------------------------------------------


def generate(root: Path) -> dict[str, str]:
    """Return the text of every twin by its path; the tree under root is only read."""
    sources = read_sources(root)
    table = rename_table(sources)
    prepared = {path: [prepare(token, table) for token in sources[path]] for path in sources}
    refuse((bad for path in prepared for bad in leftovers(path, prepared[path], table)), ADVICE)
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before"), Path(folder, "after")
        for path, tokens in prepared.items():
            write(before / twin_of(path), tokens_to_src(tokens))
        unasync.unasync_files(  # pyright: ignore[reportUnknownMemberType]
            [str(before / twin_of(path)) for path in sources],
            [unasync.Rule(str(before), str(after), additional_replacements=table)],
        )
        twins: dict[str, str] = {}
        for path in sources:
            text = (after / twin_of(path)).read_text(encoding="utf-8")
            check_twin(path, text)  # before formatting, while the lines are those of the source
            twins[twin_of(path)] = f"{HEADER.format(source=path)}\n{text}".rstrip() + "\n"
        for path, text in twins.items():
            write(after / path, text)
        ruff(IMPORT_RULES, list(twins), after)
        ruff(["format"], list(twins), after)
        return {path: (after / path).read_text(encoding="utf-8") for path in twins}


def check_twin(source: str, text: str) -> None:
    """Refuse a twin that does not compile or is not free of its async half."""
    try:
        compile(text, source, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise GenerationError(f"{source}:{error.lineno}: {error.msg}, in the twin") from error
    refuse(leftovers(source, [Token("TEXT", text)], {}), ADVICE)


def ruff(arguments: Sequence[str], files: Sequence[str], folder: Path) -> None:
    """Run the ruff of this interpreter on files, away from any configuration."""
    options = ["--isolated", "--no-cache", f"--line-length={LINE_LENGTH}"]
    command = [sys.executable, "-m", "ruff", *arguments, *options, f"--target-version={TARGET}"]
    done = subprocess.run(
        [*command, *files], cwd=folder, check=False, capture_output=True, encoding="utf-8"
    )
    refuse([f"ruff {arguments[0]} failed:\n{done.stderr}"] if done.returncode else [])


# --- Comparing and writing -----------------------------------------------------------------------


def write(path: Path, text: str) -> None:
    """Write a file as UTF-8 with LF on every platform."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def compare(root: Path, twins: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the state and path of every file in the twin folders that is not as generated."""
    present = {path for source in SOURCES for path in python_files(root, twin_of(f"{source}/"))}
    for path in sorted(present | set(twins)):
        if path not in twins:
            yield "orphan", path
        elif path not in present:
            yield "missing", path
        elif (root / path).read_bytes() != twins[path].encode():
            yield "differs", path


def report(root: Path, twins: Mapping[str, str], stale: Sequence[tuple[str, str]]) -> None:
    """Print what is stale and how."""
    for state, path in stale:
        print(f"{state}: {path}")
        if state == "differs":
            old = (root / path).read_bytes().decode(errors="replace").splitlines(keepends=True)
            new = twins[path].splitlines(keepends=True)
            for line in difflib.unified_diff(old, new, path, f"{path} (generated)"):
                print(line.removesuffix("\n"))
    print(f"{len(stale)} stale: run `python scripts/generate_sync.py`")


def update(root: Path, twins: Mapping[str, str], stale: Sequence[tuple[str, str]]) -> None:
    """Write what changed and delete orphans, unless one of them was written by hand."""
    orphans = [path for state, path in stale if state == "orphan"]
    refuse(
        f"{path}: has no source and was not generated; move it out of the generated folder"
        for path in orphans
        if not IS_GENERATED.match((root / path).read_bytes())
    )
    for state, path in stale:
        if state == "orphan":
            (root / path).unlink()
        else:
            write(root / path, twins[path])
        print(f"{'deleted' if state == 'orphan' else 'written'}: {path}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(description="Generate the blocking twins of the async code.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if stale")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[1])
    options = parser.parse_args(arguments)
    root: Path = options.root
    try:
        twins = generate(root)
        stale = list(compare(root, twins))
        if stale and options.check:
            report(root, twins, stale)
            return 1
        update(root, twins, stale)
    except GenerationError as error:
        print(f"{error}\nNothing was written.", file=sys.stderr)
        return 2
    print(f"{len(twins)} generated files are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
