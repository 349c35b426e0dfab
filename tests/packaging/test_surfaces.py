"""The two public surfaces are one, word for word, and the blocking one is free of the other."""

from __future__ import annotations

import functools
import importlib
import inspect
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "src" / "powens"
MODULES = sorted(
    path.relative_to(LIBRARY / "_async").with_suffix("").as_posix().replace("/", ".")
    for path in (LIBRARY / "_async").rglob("*.py")
    if path.name != "__init__.py"
)
FOLDERS = ("src/powens/_sync", "tests/_sync")
GENERATED = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
HEADER = re.compile(
    r"# Generated from (?P<source>\S+) by scripts/generate_sync\.py\.\n"
    r"# Do not edit: change the source and run the script again\.\n"
)
ASYNC_WORDS = re.compile(
    r"async|await|anyio|coroutine|task ?group|(?<![a-z])(?:trio|event loop)(?![a-z])", re.IGNORECASE
)
SPECIAL = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aclose": "close",
    "AsyncByteStream": "SyncByteStream",
}


def blocking_name(name):
    """The name of the same thing in the blocking half."""
    return SPECIAL.get(name, re.sub(r"(?<![^\W_])async_|Async(?=[A-Z])", "", name))


def blocking_text(text):
    """A text without what tells the halves apart."""
    text = re.sub(r"\b(?:async|await) ", "", text or "")
    text = re.sub(r"\b([Aa])n(?= `*Async[^AEIOU])", r"\1", text)
    return re.sub(r"\w+", lambda word: blocking_name(word[0]), text)


def own_members(thing, module):
    """What a module or class defines itself, under the names of the blocking half."""
    return {
        blocking_name(name): member
        for name, member in vars(thing).items()
        if getattr(unwrap(member), "__module__", None) == module.__name__
    }


def unwrap(member):
    """The function behind a property or a class method, or the member itself."""
    match member:
        case functools.cached_property():
            return member.func
        case property():
            return member.fget
        case classmethod() | staticmethod():
            return member.__func__
        case _:
            return member


def compare(ours, theirs, path):
    """Compare two members, and those that they have in turn; give the paths of what was seen."""
    assert type(ours) is type(theirs), path
    ours, theirs = unwrap(ours), unwrap(theirs)
    assert blocking_text(ours.__doc__) == (theirs.__doc__ or ""), path
    assert blocking_name(ours.__name__) == theirs.__name__, path
    yield path
    if inspect.isclass(ours):
        assert [blocking_name(base.__name__) for base in ours.__mro__] == [
            base.__name__ for base in theirs.__mro__
        ], path
        yield from compare_all(
            ours, theirs, inspect.getmodule(ours), inspect.getmodule(theirs), path
        )
    elif inspect.isfunction(ours):
        assert not inspect.iscoroutinefunction(theirs), path
        assert not inspect.isasyncgenfunction(theirs), path
        assert signature(ours) == signature(theirs), path


def compare_all(ours, theirs, our_module, their_module, path):
    """Compare all members of two modules or classes."""
    our_members, their_members = own_members(ours, our_module), own_members(theirs, their_module)
    assert list(our_members) == list(their_members), path
    for name, member in our_members.items():
        yield from compare(member, their_members[name], f"{path}.{name}")


def signature(function):
    """Names, kinds, defaults and annotations, with those of the async half renamed."""
    found = inspect.signature(function)
    parameters = [
        (each.name, each.kind, each.default, blocking_text(str(each.annotation)))
        for each in found.parameters.values()
    ]
    return parameters, blocking_text(str(found.return_annotation))


@pytest.mark.parametrize("name", MODULES)
def test_both_halves_have_the_same_names_parameters_annotations_and_words(name):
    ours = importlib.import_module(f"powens._async.{name}")
    theirs = importlib.import_module(f"powens._sync.{name}")
    assert blocking_text(ours.__doc__) == theirs.__doc__
    assert list(compare_all(ours, theirs, ours, theirs, name))


def test_what_the_comparison_looks_at():
    seen = set()
    for name in MODULES:
        ours = importlib.import_module(f"powens._async.{name}")
        theirs = importlib.import_module(f"powens._sync.{name}")
        seen |= set(compare_all(ours, theirs, ours, theirs, name))
    assert {
        "client.PowensClient.close",
        "client.PowensClient.from_env",
        "client.PowensClient.access_token",
        "client.PowensClient.transactions",
        "pagination.Pager.__iter__",
        "pagination.Pager.to_list",
        "pagination.PageIterator.__next__",
        "resources.auth.Auth.init_user",
        "resources.webview.Webview.connect_url",
        "resources.transactions.Transactions.list_page",
    } <= seen


@pytest.mark.parametrize("name", [name for name in MODULES if "resources" in name])
def test_a_method_of_a_resource_is_awaited_unless_it_sends_nothing(name):
    module = importlib.import_module(f"powens._async.{name}")
    resources = [each for each in own_members(module, module).values() if inspect.isclass(each)]
    assert resources
    for resource in resources:
        for method, function in own_members(resource, module).items():
            if not method.startswith("_"):
                answer = inspect.signature(function).return_annotation
                sends_nothing = answer.startswith(("AsyncPager[", "WebviewURL"))
                assert inspect.iscoroutinefunction(function) != sends_nothing, method


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_blocking_half_never_speaks_of_the_other(path):
    text = path.read_text(encoding="utf-8")
    header = HEADER.match(text)
    assert header
    assert (ROOT / header["source"]).is_file()
    assert header["source"].replace("/_async/", "/_sync/") == path.relative_to(ROOT).as_posix()
    assert ASYNC_WORDS.findall(text[header.end() :]) == []


def test_both_halves_have_the_same_files():
    for folder in FOLDERS:
        twins = {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*.py")}
        source = ROOT / folder.replace("_sync", "_async")
        assert twins == {path.relative_to(source) for path in source.rglob("*.py")}
        assert len(twins) > 3
