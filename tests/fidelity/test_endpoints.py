"""Both clients offer every endpoint of the reference with all it takes, and nothing made up."""

from __future__ import annotations

import pytest

from .reference import ENDPOINTS, placeholders
from .surface import CONVENIENCES, METHODS, RENAMED, endpoint_of, ways

# Endpoints outside of the public reference that no method is for.
LEFT_OUT = {
    "connections.delete_all": "deletes everything at once, no documented use",
    "connectors.list_logos": "known from 2021 only, to be checked against a live domain first",
    "webhooks.add_to_data": "known from 2021 only, and not what it takes",
}

OFFERED = {name: each for name, each in ENDPOINTS.items() if each.tier != "obsolete"}
OBSOLETE = sorted(ENDPOINTS.keys() - OFFERED)

pytestmark = pytest.mark.parametrize("client", METHODS)


@pytest.mark.parametrize("name", OFFERED)
def test_an_endpoint_has_a_method_that_takes_all_of_its_parameters(client, name):
    endpoint, method = OFFERED[name], METHODS[client].get(name)
    if name in LEFT_OUT:
        assert endpoint.tier == "undocumented", f"{name} is documented and must not be left out"
        assert method is None, f"{name} has a method: it is not left out"
        return
    assert method, f"{client} has no {name}, for {endpoint.addresses[0]}"
    missing = [each.name for each in endpoint.params if None in ways(method, endpoint, each)]
    assert not missing, f"{client}.{name} has no argument for {', '.join(missing)}"


@pytest.mark.parametrize("name", [name for name in OFFERED if name.endswith(".list")])
def test_a_listing_is_narrowed_and_walked_as_the_reference_says(client, name):
    arguments = METHODS[client][name].arguments
    # The other addresses of a listing name what it may be of: an account, a connection, ...
    owners = {owner for each in OFFERED[name].addresses[1:] for owner in placeholders(each)}
    missing = owners - arguments - {"user_id"}
    assert not missing, f"{client}.{name} has no argument for {', '.join(missing)}"
    walked = OFFERED[name].pagination != "none"
    assert ({"limit", "cursor"} <= arguments) == walked


@pytest.mark.parametrize("name", OBSOLETE)
def test_an_obsolete_endpoint_has_no_method(client, name):
    assert name not in METHODS[client]


def test_a_method_is_an_endpoint_or_a_known_convenience(client):
    made_up = [name for name in METHODS[client] if endpoint_of(name) not in OFFERED]
    assert not made_up, f"not in the reference: {', '.join(made_up)}"


def test_no_exception_is_left_over(client):
    methods = METHODS[client]
    used = {
        way
        for name in methods.keys() & OFFERED.keys()
        for param in OFFERED[name].params
        for way in ways(methods[name], OFFERED[name], param)
        if way not in methods[name].arguments
    }
    assert used >= RENAMED.keys()
    assert methods.keys() >= CONVENIENCES.keys()
    assert not CONVENIENCES.keys() & OFFERED.keys()
    assert OFFERED.keys() >= LEFT_OUT.keys()
