"""Write one page per resource from the docstrings, and the table of them in the README.

python scripts/generate_docs.py            write what changed, delete pages of what is gone
python scripts/generate_docs.py --check    write nothing; exit 1 and name what is stale
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import cast

from docstring_parser import Docstring, parse

from powens import PowensClient
from powens.retry import UNREPEATABLE, Repeat, repeat

ROOT = Path(__file__).parent.parent
PAGES = Path("docs/resources")
RETRIES = Path("docs/retries.md")
README = Path("README.md")
BEGIN, END = "<!-- resources: begin -->", "<!-- resources: end -->"

_API = re.compile(r"\s*API: (?P<calls>.+?)\s+\((?P<page>https://[^)]+)\)\.", re.DOTALL)

Method = Callable[..., object]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the documents, or compare them with those that are there."""
    parser = argparse.ArgumentParser(description="Generate the pages of the resources.")
    parser.add_argument("--check", action="store_true", help="only say what is stale")
    is_check = parser.parse_args(arguments).check
    wanted = documents()
    stale = [path for path, text in wanted.items() if read(path) != text]
    orphans = [path for path in pages_on_disk() if path not in wanted]
    for path in [*stale, *orphans]:
        print(f"{'stale' if is_check else 'written' if path in wanted else 'deleted'}: {path}")
    if is_check:
        return 1 if stale or orphans else 0
    for path in stale:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(wanted[path], encoding="utf-8")
    for path in orphans:
        (ROOT / path).unlink()
    return 0


def documents() -> dict[Path, str]:
    """Give the text of every document by its path below the root."""
    found = dict(resources())
    pages = {PAGES / f"{name}.md": page(name, resource) for name, resource in found.items()}
    return {
        **pages,
        PAGES / "README.md": index(found),
        RETRIES: retries(found),
        README: with_table(read(README), found),
    }


def resources() -> Iterator[tuple[str, type]]:
    """Give the resources of a client by their names, sorted."""
    members: dict[str, object] = dict(vars(PowensClient))
    for name, member in sorted(members.items()):
        if isinstance(member, cached_property):
            make = cast("cached_property[object]", member).func
            yield name, type(make(PowensClient(domain="example")))


def methods(resource: type) -> Iterator[tuple[str, Method]]:
    """Give the public methods of a resource in the order of its file."""
    for name, member in vars(resource).items():
        if inspect.isfunction(member) and not name.startswith("_"):
            yield name, member


def page(name: str, resource: type) -> str:
    """Document a resource."""
    parts = [f"# `client.{name}`", reflow(inspect.getdoc(resource) or "")]
    parts += [
        "On the async client the same calls are awaited, and pagers are iterated with `async for`."
    ]
    parts += [section(method_name, method) for method_name, method in methods(resource)]
    return "\n\n".join(parts) + "\n"


def section(name: str, method: Method) -> str:
    """Document a method: what it calls, what it takes, gives and raises."""
    text = inspect.getdoc(method) or ""
    api = _API.search(text)
    doc = parse(_API.sub("", text))
    lines = [f"## `{name}`", reflow(doc.short_description or "")]
    if doc.long_description:
        lines.append(reflow(doc.long_description))
    if api:
        calls = "<br>".join(re.findall(r"`[^`]+`", api["calls"]))
        lines.append(f"{calls} ([reference]({api['page']}))")
    if doc.params:
        lines.append(table(method, doc))
    signature = inspect.signature(method)
    gives = reflow(doc.returns.description or "") if doc.returns else ""
    lines.append(f"Returns `{signature.return_annotation}`. {gives}".rstrip())
    if doc.raises:
        raised = (f"- `{each.type_name}`: {reflow(each.description or '')}" for each in doc.raises)
        lines.append("Raises\n\n" + "\n".join(raised))
    return "\n\n".join(lines)


def table(method: Method, doc: Docstring) -> str:
    """List the parameters of a method."""
    described = {each.arg_name: reflow(each.description or "") for each in doc.params}
    rows = ["| Parameter | Type | Default | |", "|---|---|---|---|"]
    for name, parameter in inspect.signature(method).parameters.items():
        if name == "self":
            continue
        annotation = str(parameter.annotation).replace("|", "\\|")
        is_required = parameter.default is inspect.Parameter.empty
        default = "required" if is_required else f"`{parameter.default!r}`"
        rows.append(f"| `{name}` | `{annotation}` | {default} | {described[name]} |")
    return "\n".join(rows)


def index(found: dict[str, type]) -> str:
    """List the resources."""
    rows = [
        f"- [`client.{name}`]({name}.md): {reflow((inspect.getdoc(it) or '').split('.')[0])}."
        for name, it in found.items()
    ]
    head = "# Resources\n\nGenerated from the docstrings. What has no method, and why: "
    return head + "[left out](../left-out.md).\n\n" + "\n".join(rows) + "\n"


def retries(found: dict[str, type]) -> str:
    """Say of each operation whether it may be sent again."""
    rows = ["| Operation | Call | Sent again | |", "|---|---|---|---|"]
    for name, resource in found.items():
        for method_name, method in methods(resource):
            api = _API.search(inspect.getdoc(method) or "")
            calls = re.findall(r"`([A-Z]+) ([^`]+)`", api["calls"]) if api else []
            for verb, path in calls[:1]:  # what gives an address sends nothing
                again = _AGAIN[repeat(verb, path)]
                call = re.sub(r"\{[^}]*\}", "{}", f"{verb} {path}")
                reason = UNREPEATABLE.get(call, "")
                rows.append(f"| `{name}.{method_name}` | `{call}` | {again} | {reason} |")
    return _RETRIES_HEAD + "\n".join(rows) + "\n"


_AGAIN = {
    Repeat.ALWAYS: "yes",
    Repeat.ON_REQUEST: "if `retry_non_idempotent`",
    Repeat.NEVER: "**never**",
}
_RETRIES_HEAD = """\
# What may be sent again

Generated from the docstrings and from `powens.retry`, which decides while the program runs.

After a failure that may pass (the network, 429, 502, 503, 504) a call is tried again where that
does no harm. *Never* holds whatever the policy says: it is not known what became of the first
attempt, and twice is not as good as once. `client.request` is held to the same table; a POST or
PATCH that is not in it is sent again with `RetryPolicy(retry_non_idempotent=True)` only.

A DELETE that is sent again may find nothing left to delete, and a synchronisation one that is under
way: the error of the second attempt is then a sign that the first one worked.

"""


def with_table(readme: str, found: dict[str, type]) -> str:
    """Put the table of resources between its marks."""
    rows = ["| Resource | Methods |", "|---|---|"]
    for name, resource in found.items():
        names = " ".join(f"`{method}`" for method, _ in methods(resource))
        rows.append(f"| [`{name}`]({PAGES}/{name}.md) | {names} |")
    rows.append("| `client.request(...)` | everything that has no method |")
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n" + "\n".join(rows) + f"\n{END}{after}"


def reflow(text: str) -> str:
    """Join the lines of each paragraph, and link bare addresses in brackets."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
    return re.sub(r"\((https://[^)\s]+)\)", r"([reference](\1))", "\n\n".join(paragraphs))


def pages_on_disk() -> Iterator[Path]:
    """Give the pages that are there."""
    for path in sorted((ROOT / PAGES).glob("*.md")):
        yield path.relative_to(ROOT)


def read(path: Path) -> str:
    """Read a document; one that is not there is empty."""
    whole = ROOT / path
    return whole.read_text(encoding="utf-8") if whole.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
