"""Every set of codes is an enum with the values of the reference, and no others."""

from __future__ import annotations

import enum

import attrs
import pytest

import powens
from powens import PowensErrorCode, models
from powens._codec import decode
from powens._model import Model, Open

from .reference import ENUMS

# Enums that the reference has no codes for.
OUR_OWN = {
    "ConnectionResolution": "what to do about a state, worked out from it",
}

KNOWN = {
    # Of errors, beside the exceptions; it compares without case, which spares a spelling.
    "ErrorCode": PowensErrorCode,
    **{name: getattr(models, name, None) for name in ENUMS if name != "ErrorCode"},
}
KNOWN = {name: found for name, found in KNOWN.items() if not ENUMS[name].obsolete}


def as_compared(name, values):
    return {value.casefold() if name == "ErrorCode" else value for value in values}


@pytest.mark.parametrize("name", KNOWN)
def test_a_set_of_codes_is_an_enum_that_is_exported(name):
    found = KNOWN[name]
    assert found, f"there is no {name}"
    assert issubclass(found, enum.StrEnum)
    assert found.__name__ in powens.__all__
    assert getattr(powens, found.__name__) is found


@pytest.mark.parametrize("name", KNOWN)
def test_an_enum_has_the_values_of_the_reference(name):
    ours = as_compared(name, (each.value for each in KNOWN[name]))
    theirs = as_compared(name, ENUMS[name].values)
    assert not ours - theirs, "not in the reference"
    assert not theirs - ours, "not in the enum"


@pytest.mark.parametrize("name", [name for name in KNOWN if ENUMS[name].open])
def test_an_unknown_value_of_an_open_set_is_text(name):
    model = attrs.make_class(
        "Answer", {"code": attrs.field(type=Open[KNOWN[name]] | None)}, bases=(Model,), frozen=True
    )
    known = ENUMS[name].values[0]
    assert decode(b'{"code": "n3w"}', model).code == "n3w"
    assert type(decode(b'{"code": "n3w"}', model).code) is str
    assert decode(f'{{"code": "{known}"}}'.encode(), model).code is KNOWN[name](known)


def test_no_enum_is_made_up():
    ours = {name for name in models.__all__ if issubclass(getattr(models, name), enum.Enum)}
    assert ours - KNOWN.keys() == OUR_OWN.keys()
