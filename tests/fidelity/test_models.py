"""Every model has what the reference knows of it: each field, with what it means and may lack."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
import pytest

import powens
from powens import Connection, PowensErrorCode, PowensHTTPError, models
from powens._codec import decode
from powens._model import Day, Envelope, Flag, Model, Since
from powens._unset import Unset

from .reference import ENDPOINTS, ENUMS, MODELS, split_type

# Models of the reference that are no class of their own.
NO_CLASS = {
    "ConnectionWithMessage": "unwrapped into Connection by the codec",
    "ConnectorLogo": "its endpoint is left out",
    "ConnectorLogosList": "its endpoint is left out",
    "Error": "is PowensHTTPError",
}

# Classes that the reference has no model for.
OUR_OWN = {
    "AttachmentsList": "the reference links the whole transaction, and means its attachments",
    "Page": "one step of a listing",
    "PaymentIncompatibilitiesList": "the API sends a bare list",
    "PaymentLinksList": "the API sends a bare list",
    "SignKeysList": "the API sends a bare list",
}

# Fields that the reference does not list.
MORE_FIELDS = {
    "CreditNote.total_amount_excluding_tax": "the right spelling, should it ever come",
    "Invoice.total_amount_excluding_tax": "the right spelling, should it ever come",
    "InvoiceItem.total_amount_exclusing_tax": "the spelling of the invoice around it",
    "Investment.detail": "another spelling of `details`, from a sample",
}

# Fields that an answer cannot go without, beside the ids and the lists.
ESSENTIAL = {
    "AuthCode.code": "a token",
    "AuthServiceToken.token": "a token",
    "AuthToken.auth_token": "a token",
    "AuthTokenExchange.access_token": "a token",
    "Link.href": "all there is",
    "PaymentScopedToken.token": "a token",
    "WebauthURL.url": "all there is",
}

# Fields whose annotation is not what the type says.
OTHER_TYPE = {
    "AuthRenewRequest.id_user": (int | str, "a user may be given as text"),
    "DocumentUpdateRequest.date": (dt.date | str, "a day may be given as text"),
    "DocumentUpdateRequest.duedate": (dt.date | str, "a day may be given as text"),
    "TransactionUpdateRequest.application_date": (dt.date | str, "a day may be given as text"),
    "WebauthCallback.error": (str, "PowensErrorCode stands above the models; it equals its text"),
}

# What is sent only: as strict as the reference, and never decoded.
REQUESTS = {name for name in MODELS if name.endswith("Request")} | {"WebhookOAuthConfig"}
# What comes in the query of an address, so that there is no JSON of it.
CALLBACKS = {name for name in MODELS if name.endswith("Callback")}

KNOWN = {
    name: model for name, model in MODELS.items() if not model.obsolete and name not in NO_CLASS
}
# `*` stands for names that only the connector knows.
FIELDS = [
    pytest.param(name, field, id=f"{name}.{field.name}")
    for name, model in KNOWN.items()
    for field in model.fields.values()
    if field.name != "*"
]

SCALARS = {
    "int": {int},
    "decimal": {Decimal},
    "str": {str},
    "bool": {bool, Flag},
    "date": {dt.date, Day},
    "datetime": {dt.datetime, Since},
    "any": {object},
    "object": {object, Mapping[str, object]},
    "dict": {object, Mapping[str, object]},
}
SAMPLES = {
    "int": 1,  # which is a flag as well
    "decimal": 12.5,
    "str": "text",
    "bool": True,
    "date": "2024-02-29",
    "datetime": "2024-02-29 12:34:56",
    "any": ["anything"],
    "object": {"a": 1},
    "dict": {"a": 1},
}


def find_class(name: str) -> Any:
    """The class for a model or enum."""
    return PowensErrorCode if name == "ErrorCode" else getattr(models, name)


def members(annotation: Any) -> set[Any]:
    """What a union is made of; anything else is made of itself."""
    is_union = get_origin(annotation) in {Union, UnionType}
    return set(get_args(annotation)) if is_union else {annotation}


def attribute(name: str, field: str) -> attrs.Attribute[Any]:
    """The field of a class, which is called as it is on the wire."""
    found = attrs.fields_dict(getattr(models, name)).get(field)
    assert found, f"{name} has no {field}"
    return found


def is_id_or_list(name: str, field: str) -> bool:
    """Whether a field is the id of a resource, or the list of an answer."""
    model = getattr(models, name)
    return field == "id" or (issubclass(model, Envelope) and field == model.items_field())


def meanings(type_: str) -> set[Any]:
    """The annotations that stand for a recorded type."""
    return {meaning for member in split_type(type_) for meaning in _meanings(*member)}


def _meanings(kind: str, inner: str) -> set[Any]:
    match kind:
        case "list" | "csv":
            items = meanings(inner)
            return {form for item in items for form in (tuple[item, ...], Sequence[item])}
        case "dict" if inner:
            values = meanings(inner)
            return {
                form for each in values for form in (Mapping[str, each], Mapping[str, each | None])
            }
        case "enum":
            return {find_class(inner)}
        case _:
            return SCALARS.get(kind) or {find_class(kind)}


def samples(type_: str) -> list[object]:
    """A value as the API would send it, for every form that a recorded type has."""
    return [value for member in split_type(type_) for value in _samples(*member)]


def _samples(kind: str, inner: str) -> list[object]:
    match kind:
        case "list":
            return [[item] for item in samples(inner)]
        case "dict" if inner:
            return [{"EUR": value} for value in samples(inner)]
        case "enum":
            return [*ENUMS[inner].values[:1], *(["n3w"] if ENUMS[inner].open else [])]
        case _:
            return [SAMPLES[kind] if kind in SAMPLES else sample_of(kind)]


def sample_of(name: str) -> dict[str, object]:
    """The least that makes a model."""
    needed = [each for each in attrs.fields(getattr(models, name)) if each.default is attrs.NOTHING]
    return {each.name: samples(MODELS[name].fields[each.name].type)[0] for each in needed}


@pytest.mark.parametrize("name", KNOWN)
def test_a_model_is_a_class_that_is_exported(name):
    assert name in models.__all__
    assert name in powens.__all__
    found = getattr(models, name)
    assert getattr(powens, name) is found
    assert issubclass(found, Model)


@pytest.mark.parametrize("name", [name for name, model in KNOWN.items() if model.extends])
def test_a_model_extends_what_the_reference_extends(name):
    assert issubclass(getattr(models, name), getattr(models, KNOWN[name].extends))


@pytest.mark.parametrize("name", KNOWN)
def test_a_model_has_no_field_that_is_made_up(name):
    ours = {each.name for each in attrs.fields(getattr(models, name))}
    made_up = {field for field in ours if f"{name}.{field}" not in MORE_FIELDS}
    made_up -= KNOWN[name].fields.keys()
    assert not made_up, f"not in the reference: {', '.join(sorted(made_up))}"


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field_means_what_the_reference_says(name, field):
    attribute(name, field.name)
    hint = get_type_hints(getattr(models, name))[field.name]
    accepted = meanings(field.type)
    if f"{name}.{field.name}" in OTHER_TYPE:
        accepted = members(OTHER_TYPE[f"{name}.{field.name}"][0])
    actual = members(hint) - {NoneType, Unset}
    assert actual, f"{hint} holds nothing"
    assert actual <= accepted, f"{hint} is not {field.type}"


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field_is_deprecated_when_the_reference_says_so(name, field):
    deprecated = attribute(name, field.name).metadata.get("deprecated", False)
    assert deprecated == field.deprecated


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field_is_required_only_where_it_cannot_be_missing(name, field):
    if attribute(name, field.name).default is not attrs.NOTHING:
        return
    assert field.required, "the reference calls it optional"
    hint = get_type_hints(getattr(models, name))[field.name]
    assert NoneType in members(hint) or not field.nullable, "the reference calls it nullable"
    assert (
        name in REQUESTS or f"{name}.{field.name}" in ESSENTIAL or is_id_or_list(name, field.name)
    )


@pytest.mark.parametrize(
    ("name", "field"), [each for each in FIELDS if each.values[0] not in REQUESTS | CALLBACKS]
)
def test_what_the_reference_says_of_a_field_is_understood(name, field):
    forms = samples(field.type) + ([None] if field.nullable else [])
    for form in forms:
        content = json.dumps(sample_of(name) | {field.name: form}).encode()
        result = getattr(decode(content, getattr(models, name)), field.name)
        assert (result is None) == (form is None), f"{form} is read as {result}"


def test_an_error_has_all_that_the_reference_says():
    said = {"code": "error_code", "description": "error_description", "message": "error_message"}
    attributes = {name: said.get(name, name) for name in MODELS["Error"].fields}
    error = PowensHTTPError(status_code=400, **dict.fromkeys(attributes.values(), "text"))
    assert {getattr(error, name) for name in attributes.values()} == {"text"}


def test_a_connection_is_unwrapped():
    assert MODELS["ConnectionWithMessage"].fields.keys() == {"connection", "message"}
    content = b'{"connection": {"id": 7}, "message": "no"}'
    assert decode(content, Connection) == Connection(id=7)


@pytest.mark.parametrize("name", [name for name, each in ENDPOINTS.items() if each.items_key])
def test_the_list_of_an_answer_has_the_name_that_the_reference_says(name):
    endpoint = ENDPOINTS[name]
    for answer in {kind for kind, _ in split_type(endpoint.returns)} & KNOWN.keys():
        assert getattr(models, answer).items_field() == endpoint.items_key


def test_no_class_is_made_up():
    ours = {name for name in models.__all__ if attrs.has(getattr(models, name))}
    assert ours - KNOWN.keys() == OUR_OWN.keys()


def test_no_exception_is_left_over():
    assert not NO_CLASS.keys() & set(models.__all__)
    assert MODELS.keys() >= NO_CLASS.keys()
    for entry in MORE_FIELDS:
        name, _, field = entry.partition(".")
        assert field in attrs.fields_dict(getattr(models, name))
        assert field not in KNOWN[name].fields
    for entry in ESSENTIAL:
        name, _, field = entry.partition(".")
        assert attribute(name, field).default is attrs.NOTHING
        assert not is_id_or_list(name, field)
    for entry, (type_, _) in OTHER_TYPE.items():
        name, _, field = entry.partition(".")
        assert not members(type_) <= meanings(KNOWN[name].fields[field].type)
