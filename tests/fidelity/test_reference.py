"""The record of the reference: complete in itself, and in the form that its README promises."""

from __future__ import annotations

import json

import pytest

from .reference import ENDPOINTS, ENUMS, FOLDER, MODELS, placeholders, split_type

TIERS = {"reference-core", "reference", "undocumented", "obsolete"}
SCALARS = {"int", "decimal", "str", "bool", "date", "datetime", "any", "object", "dict"}
# Of parameters only, and of answers that are no JSON.
WIRE_KINDS = {"flag", "month", "null", "file", "bytes", "str (digits)", "str (url)", "str (uuid)"}
HOLDERS = {"list", "csv", "dict"}
# Relations that may be asked for, and come in no field that is known.
NO_FIELD = {
    "transactions.get.documents",
    "transactions.list.documents",
    "transactions.update.documents",
}


def names_in(type_):
    """The models and enums that a type speaks of."""
    for kind, inner in split_type(type_):
        if kind == "enum":
            assert inner in ENUMS, inner
            yield inner
        elif kind in HOLDERS and inner:
            yield from names_in(inner)
        elif kind in MODELS:
            yield kind
        else:
            literal = kind.startswith('"') and kind.endswith('"')
            assert literal or kind in SCALARS | WIRE_KINDS, f"{type_} has no meaning"


@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=lambda each: each.name)
def test_an_endpoint_speaks_of_what_is_recorded(endpoint):
    assert endpoint.tier in TIERS
    assert placeholders(endpoint.addresses[0]) == endpoint.takes("path").keys()
    names = {name for each in endpoint.params for name in names_in(each.type)}
    names |= set(names_in(endpoint.returns)) if endpoint.returns else set()
    if endpoint.tier != "obsolete":
        assert not {name for name in names if (MODELS | ENUMS)[name].obsolete}
    if endpoint.items_key:
        # An empty answer is told as null, so `returns` may be a union.
        (listing,) = (name for name in names_in(endpoint.returns) if name in MODELS)
        assert endpoint.items_key in MODELS[listing].fields


@pytest.mark.parametrize(
    "endpoint", [each for each in ENDPOINTS.values() if each.expand], ids=lambda each: each.name
)
def test_a_relation_is_a_field_of_what_is_answered(endpoint):
    answer = MODELS[endpoint.returns]
    if endpoint.items_key:
        (item,) = names_in(answer.fields[endpoint.items_key].type)
        answer = MODELS[item]
    assert "expand" in endpoint.takes("query")
    for relation in endpoint.expand:
        excused = f"{endpoint.name}.{relation}" in NO_FIELD
        assert (relation in answer.fields) != excused, f"{relation}: see NO_FIELD"


def test_no_exception_is_left_over():
    assert {f"{each.name}.{one}" for each in ENDPOINTS.values() for one in each.expand} >= NO_FIELD


@pytest.mark.parametrize("name", MODELS)
def test_a_model_speaks_of_what_is_recorded(name):
    model = MODELS[name]
    names = {used for each in model.fields.values() for used in names_in(each.type)}
    if not model.obsolete:
        assert not {used for used in names if (MODELS | ENUMS)[used].obsolete}


@pytest.mark.parametrize("name", ENUMS)
def test_a_code_is_listed_once(name):
    assert len(set(ENUMS[name].values)) == len(ENUMS[name].values) > 0


@pytest.mark.parametrize("name", ["endpoints.json", "models.json", "enums.json"])
def test_nothing_is_recorded_twice(name):
    def once(pairs):
        keys = [key for key, _ in pairs]
        assert len(set(keys)) == len(keys)
        return dict(pairs)

    data = json.loads((FOLDER / name).read_text(encoding="utf-8"), object_pairs_hook=once)
    assert len(data) == len({"endpoints.json": ENDPOINTS, "models.json": MODELS}.get(name, ENUMS))


def test_a_type_is_taken_apart():
    assert list(split_type("int")) == [("int", "")]
    assert list(split_type("list[A|B]|enum:C")) == [("list", "A|B"), ("enum", "C")]
    assert list(split_type('int|"me"')) == [("int", ""), ('"me"', "")]
    assert list(split_type("dict[str,list[A]]")) == [("dict", "list[A]")]
