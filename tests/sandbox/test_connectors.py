import httpx
import pytest


@pytest.fixture
def anybody(powens):
    with httpx.Client(base_url=powens.base_url) as client:
        yield lambda path: client.get(path).raise_for_status().json()


def test_list(anybody):
    listed = anybody("/connectors")
    assert listed["total"] == len(listed["connectors"]) == 11
    assert anybody("/banks")["banks"] == anybody("/providers")["providers"] == listed["connectors"]
    assert not {"sources", "fields", "countries", "urls"} & listed["connectors"][0].keys()
    assert anybody("/connectors?limit=3&offset=9")["connectors"] == listed["connectors"][9:]
    assert anybody("/connectors?limit=3&offset=9")["total"] == 11
    assert anybody("/connectors?id_payment=x")["connectors"] == []


@pytest.mark.parametrize("codes", ["it", "IT,es", "fr,de", "xx"])
def test_countries(anybody, codes):
    found = anybody(f"/connectors?country_codes={codes}&expand=countries")["connectors"]
    wanted = set(codes.lower().split(","))
    assert all(bank["countries"][0]["id"] in wanted for bank in found)
    assert bool(found) is (codes != "xx")


def test_expand(anybody):
    expand = "sources,fields,payment_fields,countries,urls,nonsense"
    for bank in anybody(f"/connectors?expand={expand}")["connectors"]:
        assert "nonsense" not in bank
        assert {source["name"] for source in bank["sources"]} == {"openapi", "directaccess"}
        assert bank["countries"][0].keys() == {"id", "name"}
        for field in bank["fields"]:
            assert ("values" in field) is (field["type"] == "list")
            assert field["auth_mechanisms"] == [bank["auth_mechanism"]]


def test_one(anybody, api):
    bank = anybody("/connectors")["connectors"][5]
    assert anybody(f"/connectors/{bank['uuid']}") == anybody(f"/connectors/{bank['id']}") == bank
    fields = anybody(f"/connectors/{bank['uuid']}/fields")["fields"]
    assert fields == anybody(f"/connectors/{bank['uuid']}?expand=fields")["fields"]
    assert [field["name"] for field in fields] == ["login", "password", "region"]
    assert api.ask("GET", "/connectors/none", 404)["code"] == "notFound"


def test_sources(anybody, api):
    listed = anybody("/connectors/1/sources")
    assert listed["total"] == 2
    assert [source["priority"] for source in listed["sources"]] == [2, 0]
    for source in listed["sources"]:
        assert anybody(f"/connectors/1/sources/{source['id']}") == source
    assert anybody("/connectors/1/sources?country_codes=it")["sources"] == []
    api.ask("GET", "/connectors/2/sources/103", 404)


def test_configuration(powens, api, api_of):
    config = api_of(powens, powens.config_token)
    uuid = api.ask("GET", "/connectors/1")["uuid"]
    api.ask("PUT", f"/connectors/{uuid}", 403, json={"hidden": True})
    assert config.ask("PUT", f"/connectors/{uuid}", json={"hidden": True})["hidden"] is True
    assert uuid not in [bank["uuid"] for bank in api.ask("GET", "/connectors")["connectors"]]
    other = api.ask("GET", "/connectors/2")["uuid"]
    changes = {uuid: {"hidden": False, "sync_periodicity": 2.5}, other: {"hidden": True}}
    changed = config.ask("PATCH", "/connectors", json=changes)
    assert [bank["hidden"] for bank in changed["connectors"]] == [False, True]
    assert str(changed["connectors"][0]["sync_periodicity"]) == "2.5"
    for wrong in ({uuid: 1}, {uuid: {"hidden": "yes"}}, {uuid: {"sync_periodicity": "often"}}):
        assert config.ask("PATCH", "/connectors", 400, json=wrong)["code"] == "invalidValue"
    config.ask("PATCH", "/connectors", 404, json={"none": {}})


def test_source_configuration(powens, api, api_of):
    config = api_of(powens, powens.config_token)
    openapi = next(
        source
        for source in api.ask("GET", "/connectors/1/sources")["sources"]
        if source["name"] == "openapi"
    )
    path = f"/connectors/1/sources/{openapi['id']}"
    moment = "2026-01-01 00:00:00"
    assert config.ask("PUT", path, json={"disabled": moment})["disabled"] == moment
    body = {"id_connector": 1, "login": "someone", "password": "something"}
    made = api.ask("POST", "/users/me/connections?expand=sources", 201, json=body)
    assert [source["name"] for source in made["sources"]] == ["directaccess"]
    api.ask("POST", "/users/me/connections?source=openapi", 400, json=body)
    assert config.ask("PUT", path, json={"disabled": None})["disabled"] is None
    assert (
        config.ask("PUT", path, json={"auth_mechanism": "webauth"})["auth_mechanism"] == "webauth"
    )
    config.ask("PUT", path, 400, json={"auth_mechanism": "magic"})
    config.ask("PUT", path, 400, json={"disabled": "yesterday"})
    config.ask("PUT", "/connectors/1/sources/1", 404, json={})
