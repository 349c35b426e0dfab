"""The value that stands for an argument left out."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest

from powens._unset import UNSET, Unset

JOURNEYS: dict[str, Callable[[object], object]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "in a container": lambda value: copy.deepcopy([value])[0],
    "by name": lambda _: Unset["UNSET"],
    **{
        f"pickle {protocol}": lambda value, n=protocol: pickle.loads(pickle.dumps(value, n))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS)
def test_it_stays_itself(journey: Callable[[object], object]) -> None:
    assert journey(UNSET) is UNSET


def test_it_is_the_only_one() -> None:
    assert list(Unset) == [UNSET]
    with pytest.raises(ValueError, match="not a valid Unset"):
        Unset("other")


def test_it_is_falsy_but_not_null() -> None:
    assert not UNSET
    assert UNSET is not None
    assert UNSET not in (None, False, 0, "", "UNSET")


def test_it_reads_well_in_a_signature() -> None:
    assert repr(UNSET) == "UNSET"
