import base64
from datetime import date
from decimal import Decimal
from functools import cache
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from powens.sandbox import Sandbox

KEYS = [
    "active",
    "application_date",
    "bdate",
    "bdatetime",
    "card",
    "coming",
    "comment",
    "commission",
    "commission_currency",
    "counterparty",
    "country",
    "date",
    "date_scraped",
    "datetime",
    "deleted",
    "details",
    "documents_count",
    "formatted_value",
    "gross_value",
    "id",
    "id_account",
    "id_category",
    "id_cluster",
    "informations",
    "last_update",
    "original_currency",
    "original_gross_value",
    "original_value",
    "original_wording",
    "rdate",
    "rdatetime",
    "simplified_wording",
    "state",
    "stemmed_wording",
    "type",
    "value",
    "vdate",
    "vdatetime",
    "webid",
    "wording",
]


def ids(rows):
    return [row["id"] for row in rows]


def test_the_envelope(api):
    page = api.ask("GET", "/users/me/transactions?limit=10")
    assert list(page) == ["first_date", "last_date", "_links", "transactions", "total"]
    assert page["total"] == 400
    assert len(page["transactions"]) == 10
    assert page["_links"]["prev"] is None
    rows = api.all_transactions()
    assert page["last_date"] == rows[0]["date"]
    assert page["first_date"] <= rows[-1]["date"]


def test_rows(api):
    rows = api.all_transactions(all="")
    assert len(set(ids(rows))) == len(rows)
    for row in rows:
        assert sorted(row) == KEYS
        if row["value"] is None:
            assert row["gross_value"] > 0 > row["commission"]
            assert row["formatted_value"] is None
        assert row["coming"] is (row["rdate"] > "2026-01-31")
        assert row["date"] >= row["rdate"] == row["application_date"]
    shares = {
        "deleted": sum(row["deleted"] is not None for row in rows) / len(rows),
        "coming": sum(row["coming"] for row in rows) / len(rows),
        "foreign": sum(row["original_currency"] is not None for row in rows) / len(rows),
        "no value": sum(row["value"] is None for row in rows) / len(rows),
    }
    assert all(0.002 < share < 0.1 for share in shares.values()), shares
    assert [row["rdate"] for row in rows] == sorted((row["rdate"] for row in rows), reverse=True)
    assert [row["date"] for row in rows] == sorted((row["date"] for row in rows), reverse=True)


def test_decimals_keep_their_digits(api):
    text = api.get("/users/me/transactions?limit=1000").text
    amounts = {row["value"].as_tuple().exponent for row in api.all_transactions() if row["value"]}
    assert amounts == {-2, -10}
    assert any(f'"value":-{whole}.{cents}0,' in text for whole in range(200) for cents in range(10))


@pytest.mark.parametrize("size", [1, 7, 100, 399, 400, 401, 5000])
def test_cursor_walks_are_complete(powens, api, size):
    everything = ids(api.all_transactions())
    pages = [ids(page) for page in api.walk("/users/me/transactions", limit=size)]
    assert [number for page in pages for number in page] == everything
    assert all(len(page) == min(size, 1000) for page in pages[:-1])
    assert len(pages) == -(-400 // min(size, 1000))


@pytest.mark.parametrize("params", [{}, {"wording": "é"}, {"min_value": "-20"}, {"value": "±0"}])
def test_cursors_lead_back_too(api, params):
    page = api.ask("GET", "/users/me/transactions", params={"limit": 23} | params)
    forwards = [page]
    while page["_links"]["next"]:
        page = api.ask("GET", page["_links"]["next"]["href"])
        forwards.append(page)
    backwards = [page]
    while page["_links"]["prev"]:
        page = api.ask("GET", page["_links"]["prev"]["href"])
        backwards.append(page)
    assert [ids(each["transactions"]) for each in reversed(backwards)] == [
        ids(each["transactions"]) for each in forwards
    ]
    assert len(forwards) > 3 or "value" in params
    again = api.ask("GET", page["_links"]["self"]["href"])
    assert again["transactions"] == page["transactions"]


def test_links_are_absolute_and_opaque(powens, api):
    page = api.ask("GET", "/users/me/transactions?limit=3&offset=6&all&wording=a%26b+c")
    target = urlsplit(page["_links"]["self"]["href"])
    assert (
        f"{target.scheme}://{target.netloc}{target.path}"
        == f"{powens.base_url}/users/me/transactions"
    )
    query = parse_qs(target.query, keep_blank_values=True)
    assert query.keys() == {"all", "wording", "limit", "cursor"}
    assert query["wording"] == ["a&b c"]
    cursor = query["cursor"][0]
    assert {"+", "/", "="} <= set(cursor)
    assert base64.b64decode(cursor, validate=True)
    with_host = httpx.get(
        f"{powens.base_url}/users/me/transactions?limit=1",
        headers={"authorization": f"Bearer {powens.access_token}", "host": "bank.example:8080"},
    )
    assert with_host.json()["_links"]["next"]["href"].startswith(
        "http://bank.example:8080/2.0/users"
    )


@pytest.mark.parametrize("cursor", ["x", "AAAA", "", "+/8AAAAA"])
def test_broken_cursors(api, cursor):
    answer = api.get("/users/me/transactions", params={"cursor": cursor, "limit": 1})
    assert answer.status_code == (400 if cursor else 200)


def test_offset_walks_are_complete(api):
    everything = ids(api.all_transactions())
    walked = []
    for offset in range(0, 450, 50):
        page = api.ask("GET", f"/users/me/transactions?limit=50&offset={offset}")
        assert page["total"] == 400
        walked += ids(page["transactions"])
    assert walked == everything
    assert page["transactions"] == []
    assert page["_links"]["next"] is None
    assert ids(api.ask("GET", page["_links"]["prev"]["href"])["transactions"]) == everything[-50:]


@pytest.fixture(scope="module")
def rows_of(still_api):
    @cache
    def rows_of(owner):
        return still_api.ask("GET", f"/users/me{owner}/transactions?limit=1000&all")["transactions"]

    return rows_of


FILTERS = {
    "income=true": lambda row: amount(row) > 0,
    "income=false": lambda row: amount(row) < 0,
    "deleted=true&all": lambda row: row["deleted"],
    "all": lambda row: True,
    "all&income=true&min_date=2025": lambda row: (
        amount(row) > 0 and row["application_date"] >= "2025"
    ),
    "wording=CAF%C3%89": lambda row: "café" in row["wording"].lower(),
    "search=tilleuls": lambda row: "tilleuls" in row["wording"].lower(),
    "search=2025-06": lambda row: "2025-06" in row["date"] or "2025-06" in row["application_date"],
    "min_value=-20&max_value=50.5": lambda row: -20 <= (row["value"] or 999) <= Decimal("50.5"),
    "min_date=2025-03-03": lambda row: row["application_date"] >= "2025-03-03",
    "max_date=2025-03": lambda row: row["application_date"] <= "2025-03-31",
    "min_date=2024&max_date=2024": lambda row: row["application_date"][:4] == "2024",
    "min_date=2025-02&max_date=2025-02&filter=date": lambda row: row["date"][:7] == "2025-02",
    "min_date=2025-08-17&max_date=2025-08-17": lambda row: row["application_date"] == "2025-08-17",
    "min_date=2030": lambda row: False,
    "last_update=2025-11-20+05:10:00": lambda row: row["last_update"] > "2025-11-20 05:10:00",
    "last_update=2025-11-20T05:09:59.000Z&all": lambda row: (
        row["last_update"] > "2025-11-20 05:09:59"
    ),
    "last_update=2026-01-31": lambda row: row["last_update"] > "2026-01-31 00:00:00",
}


def amount(row):
    return row["gross_value"] if row["value"] is None else row["value"]


@pytest.mark.parametrize("query", FILTERS)
@pytest.mark.parametrize("owner", ["", "/accounts/1001", "/connections/201", "/accounts/1006"])
def test_filters_against_brute_force(still_api, rows_of, query, owner):
    api, rows = still_api, rows_of(owner)
    wanted = [
        row for row in rows if FILTERS[query](row) and (row["deleted"] is None or "all" in query)
    ]
    first = api.ask("GET", f"/users/me{owner}/transactions?limit=37&{query}")
    found = [
        row for page in api.walk(f"/users/me{owner}/transactions?limit=37&{query}") for row in page
    ]
    assert found == wanted
    dated = "_date" in query
    assert ("result_min_date" in first) is ("result_max_date" in first) is dated
    if dated and wanted:
        axis = "date" if "filter=date" in query else "application_date"
        assert first["result_min_date"] == min(row[axis] for row in wanted)
        assert first["result_max_date"] == max(row[axis] for row in wanted)


def test_total_ignores_date_bounds(api):
    page = api.ask("GET", "/users/me/transactions?limit=1000&min_date=2026")
    assert len(page["transactions"]) < page["total"] == 400
    page = api.ask("GET", "/users/me/transactions?limit=5&income=true&min_date=2026")
    assert page["total"] == len(api.all_transactions(income="true"))
    page = api.ask("GET", "/users/me/transactions?limit=5&wording=caf%C3%A9&min_date=2026")
    assert page["total"] == len(api.all_transactions(wording="café"))


def test_exact_values(api):
    rows = api.all_transactions()
    value = next(row["value"] for row in rows if row["value"] and row["value"] < 0)
    wanted = [row for row in rows if row["value"] in (value, -value)]
    for form in (f"{value}|{-value}", f"±{value}", f"±{-value}"):
        assert api.all_transactions(value=form) == wanted
    assert api.all_transactions(value=str(value)) == [row for row in rows if row["value"] == value]


@pytest.mark.parametrize(
    "query",
    [
        "limit=x",
        "limit=-1",
        "offset=1.5",
        "min_date=2025-13",
        "min_date=01/02/2025",
        "max_date=2025-02-30",
        "income=maybe",
        "filter=rdate",
        "min_value=cheap",
        "max_value=NaN",
        "value=1|x",
        "last_update=now",
        "cursor=*",
    ],
)
def test_wrong_values(api, query):
    error = api.ask("GET", f"/users/me/transactions?{query}", 400)
    assert error["code"] == "invalidValue"
    assert query.partition("=")[0] in error["description"]


def test_expand(api):
    plain = api.ask("GET", "/users/me/transactions?limit=100")["transactions"]
    assert not any({"categories", "attachments", "account"} & row.keys() for row in plain)
    expand = "account[connection],categories,attachments,documents"
    rows = api.ask("GET", f"/users/me/transactions?limit=100&expand={expand}")["transactions"]
    assert ids(rows) == ids(plain)
    for row in rows:
        assert row["account"]["id"] == row["id_account"]
        assert row["account"]["connection"]["id"] == 201
        assert row["categories"][0].keys() == {"code", "parent_code"}
        assert "documents" not in row
    with_papers = next(row for row in rows if row["attachments"])
    own = f"/users/me/transactions/{with_papers['id']}"
    attached = api.ask("GET", f"{own}/attachments")
    assert attached["id"] == with_papers["id"]
    assert attached["attachments"] == with_papers["attachments"]
    assert api.ask("GET", f"{own}?expand=categories")["categories"] == with_papers["categories"]


def test_one(api):
    rows = api.all_transactions(all="")
    deleted = next(row for row in rows if row["deleted"])
    for row in (rows[0], rows[123]):
        assert api.ask("GET", f"/users/me/transactions/{row['id']}?all") == row
    assert api.ask("GET", f"/users/me/transactions/{deleted['id']}", 404)["code"] == "notFound"
    assert api.ask("GET", f"/users/me/transactions/{deleted['id']}?all") == deleted
    for none in (1, 1001 * 10**9 + 10**8, "x", 10**30):
        assert api.ask("GET", f"/users/me/transactions/{none}", 404)["code"] == "notFound"


def test_changes(api):
    row = api.all_transactions()[50]
    own = f"/users/me/transactions/{row['id']}"
    moment = api.ask("GET", "/users/me/connections/201")["last_update"]
    changes = {
        "wording": "Chaise longue",
        "comment": "für zu Hause",
        "active": False,
        "application_date": "2019-05-06",
    }
    changed = api.ask("POST", own, json=changes)
    assert changed == row | changes | {"last_update": changed["last_update"]}
    assert changed["last_update"] > row["last_update"]
    assert api.ask("GET", own) == changed
    assert api.all_transactions(wording="chaise") == [changed]
    assert api.all_transactions(last_update=moment) == [changed]
    assert api.all_transactions(max_date="2019") == [changed]
    assert row["id"] not in ids(api.all_transactions(min_date="2019-05-07"))
    assert row["id"] in ids(api.all_transactions(min_date=row["date"], filter="date"))
    assert len(api.all_transactions()) == 400
    categories = [{"code": "rent", "parent_code": "housing"}, {"code": "water"}]
    api.ask("PUT", own, json={"categories": categories, "wording": None})
    again = api.ask("GET", f"{own}?expand=categories")
    assert again["categories"] == [categories[0], {"code": "water", "parent_code": None}]
    assert again["wording"] is None
    assert again["comment"] == "für zu Hause"
    assert api.ask("POST", own, json={}) == api.ask("GET", own)


@pytest.mark.parametrize(
    "wrong",
    [
        {"wording": 1},
        {"active": "yes"},
        {"application_date": "2026-02-30"},
        {"application_date": None},
        {"categories": 12},
        {"categories": [{"parent_code": "x"}]},
        {"categories": ["rent"]},
    ],
)
def test_wrong_changes(api, wrong):
    own = f"/users/me/transactions/{api.all_transactions()[0]['id']}"
    before = api.ask("GET", own)
    assert api.ask("POST", own, 400, json=wrong)["code"] == "invalidValue"
    assert api.ask("GET", own) == before


def test_ids_are_unique_over_users(powens, api, api_of):
    client = {"client_id": powens.client_id, "client_secret": powens.client_secret}
    other = api_of(powens, api.ask("POST", "/auth/init", json=client)["auth_token"])
    assert other.ask("GET", "/users/me/transactions", 409)["code"] == "noAccount"
    body = {"id_connector": 1, "login": "someone", "password": "something"}
    other.ask("POST", "/users/me/connections?source=openapi,directaccess", 201, json=body)
    for account in other.ask("GET", "/users/me/accounts?all")["accounts"]:
        other.ask("POST", f"/users/me/accounts/{account['id']}?all", json={"disabled": False})
    mine, theirs = api.all_transactions(), other.all_transactions()
    assert len(mine) == len(theirs) == 400
    assert not set(ids(mine)) & set(ids(theirs))
    assert [row["wording"] for row in mine] != [row["wording"] for row in theirs]
    api.ask("GET", f"/users/me/transactions/{theirs[0]['id']}", 404)


@pytest.mark.parametrize("size", [0, 1, 2, 7, 1001])
def test_small_and_odd_sizes(size, api_of):
    with Sandbox(transactions=size) as powens:
        api = api_of(powens)
        assert len(api.all_transactions()) == size
        page = api.ask("GET", "/users/me/transactions?limit=1")
        assert page["total"] == size
        if not size:
            assert page["first_date"] is page["last_date"] is page["_links"]["next"] is None


def test_a_hundred_million(api_of):
    with Sandbox(transactions=10**8) as powens:
        api = api_of(powens)
        made = 0

        def page(query, rows=100):
            nonlocal made
            answer = api.ask("GET", f"/users/me/transactions?limit=100&{query}")
            assert len(answer["transactions"]) == rows
            assert powens.rows_made - made == rows
            made = powens.rows_made
            return answer

        first = page("")
        assert first["total"] == 10**8
        middle = page("offset=50000000")
        assert (
            abs(date.fromisoformat(middle["transactions"][0]["date"]) - date(2025, 2, 3)).days < 9
        )
        before = api.ask("GET", middle["_links"]["prev"]["href"])["transactions"]
        after = api.ask("GET", middle["_links"]["next"]["href"])["transactions"]
        made = powens.rows_made
        assert ids(page("offset=49999900")["transactions"]) == ids(before)
        assert ids(page("offset=50000100")["transactions"]) == ids(after)
        assert page("offset=99999950", 50)["_links"]["next"] is None
        assert page("offset=100000000", 0)["transactions"] == []
        month = page("min_date=2025-03&max_date=2025-03&income=false")
        assert {row["date"][:7] for row in month["transactions"]} <= {"2025-03", "2025-04"}
        assert month["result_min_date"] == "2025-03-01"
        assert month["total"] < 10**8
        page("deleted=true")
        page("last_update=2025-12-24T00:00:00Z")
        found = api.ask("GET", "/users/me/transactions?limit=20&wording=loyer")
        assert len(found["transactions"]) == 20
        assert "total" not in found
        assert powens.rows_made - made < 20_000
        seen = set(ids(first["transactions"])) | set(ids(middle["transactions"]))
        assert len(seen) == 200


def test_the_pages_do_not_depend_on_how_they_are_reached(api_of):
    with Sandbox(transactions=10**7, seed=5) as powens:
        api = api_of(powens)
        walked = []
        page = api.ask("GET", "/users/me/transactions?limit=300&offset=5000000")
        for _ in range(4):
            walked += ids(page["transactions"])
            page = api.ask("GET", page["_links"]["next"]["href"])
        at_once = api.ask("GET", "/users/me/transactions?limit=1000&offset=5000000")["transactions"]
        assert ids(at_once) == walked[:1000]
        assert len(set(walked)) == 1200
