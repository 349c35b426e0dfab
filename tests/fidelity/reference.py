"""The reference of the API, as `tests/reference` records it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parents[1] / "reference"


class Param(NamedTuple):
    """What an endpoint takes; `place` is where it goes: `path`, `query`, `body`, `query|body`."""

    name: str
    place: str
    type: str
    required: bool


class Endpoint(NamedTuple):
    """One call of the API, with all the addresses (verb and path) it answers at."""

    name: str
    tier: str
    addresses: tuple[str, ...]
    params: tuple[Param, ...]
    returns: str | None
    items_key: str | None
    pagination: str
    expand: tuple[str, ...]

    def takes(self, place: str) -> dict[str, Param]:
        """The parameters that may go to a place, by name."""
        return {each.name: each for each in self.params if place in each.place.split("|")}


class Field(NamedTuple):
    """One field of a model, by its name on the wire."""

    name: str
    type: str
    required: bool
    nullable: bool
    deprecated: bool


class Model(NamedTuple):
    """One object of the API; `fields` has those of the model it extends as well."""

    extends: str | None
    obsolete: bool
    fields: dict[str, Field]


class Codes(NamedTuple):
    """One set of codes; an open one may be sent with values that are not listed."""

    open: bool
    obsolete: bool
    values: tuple[str, ...]


def _load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _endpoint(data: dict[str, Any]) -> Endpoint:
    return Endpoint(
        name=f"{data['resource']}.{data['operation']}",
        tier=data["tier"],
        addresses=(f"{data['method']} {data['path']}", *data["aliases"]),
        params=tuple(
            Param(each["name"], each["in"], each["type"], each["required"])
            for each in data["params"]
        ),
        returns=data["returns"],
        items_key=data["items_key"],
        pagination=data["pagination"],
        expand=tuple(data["expand"]),
    )


def _model(data: dict[str, Any], name: str) -> Model:
    extends = data[name].get("extends")
    inherited = _model(data, extends).fields if extends else {}
    own = {each["name"]: Field(**each) for each in data[name]["fields"]}
    return Model(extends, data[name].get("obsolete", False), inherited | own)


def _codes(data: dict[str, Any]) -> Codes:
    return Codes(data["open"], data.get("obsolete", False), tuple(data["values"]))


_models = _load("models.json")

ENDPOINTS = {each.name: each for each in map(_endpoint, _load("endpoints.json"))}
MODELS = {name: _model(_models, name) for name in _models}
ENUMS = {name: _codes(data) for name, data in _load("enums.json").items()}


def placeholders(address: str) -> set[str]:
    """The names in an address that stand for something: `GET /users/{user_id}` has `user_id`."""
    return set(re.findall(r"{(\w+)}", address))


def split_type(type_: str) -> Iterator[tuple[str, str]]:
    """Take a recorded type apart: `list[A|B]|enum:C` is `("list", "A|B")` and `("enum", "C")`.

    What holds nothing comes alone: `int|null` is `("int", "")` and `("null", "")`.
    """
    depth, start = 0, 0
    for end, sign in enumerate(f"{type_}|"):
        depth += (sign == "[") - (sign == "]")
        if sign == "|" and depth == 0:
            yield _split_member(type_[start:end])
            start = end + 1


def _split_member(member: str) -> tuple[str, str]:
    if member.endswith("]"):
        kind, _, inner = member[:-1].partition("[")
        return kind, inner.removeprefix("str,")
    kind, _, inner = member.partition(":")
    return kind, inner
