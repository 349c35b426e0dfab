import attrs
import pytest

from powens import models
from powens._codec import decode
from powens.sandbox import Sandbox

PDF = b"%PDF-1.4\n" + bytes(range(256)) + b"\r\n--\r\nmore\r\n"


def get(api, path, model, **params):
    """An answer, read by the model that the SDK reads it with."""
    answer = api.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    return decode(answer.content, model)


@pytest.fixture
def stranger(powens, api, api_of):
    """Another user, with nothing yet."""
    keys = {"client_id": powens.client_id, "client_secret": powens.client_secret}
    return api_of(powens, api.ask("POST", "/auth/init", json=keys)["auth_token"])


def test_subscriptions(still_api):
    found = get(still_api, "/users/me/subscriptions", models.SubscriptionsList)
    accounts = still_api.ask("GET", "/users/me/accounts")["accounts"]
    assert [each.label for each in found] == [each["original_name"] for each in accounts]
    everything = get(still_api, "/users/me/subscriptions", models.SubscriptionsList, all="")
    (past,) = set(everything) - set(found)
    assert past.deleted
    assert past.disabled
    assert still_api.ask("GET", f"/users/me/subscriptions/{past.id}", 404)["code"] == "notFound"
    one = f"/users/me/subscriptions/{found.items[0].id}"
    expanded = get(still_api, one, models.Subscription, expand="connection[connector]")
    assert expanded.connection.connector.id == 1
    assert attrs.evolve(expanded, connection=None) == found.items[0]
    own = get(still_api, "/users/me/connections/201/subscriptions", models.SubscriptionsList)
    assert own == found


def test_consent_brings_documents_and_its_end_takes_them(api):
    body = {"id_connector": 1, "login": "someone", "password": "something"}
    fresh = api.ask("POST", "/users/me/connections", 201, json=body)["id"]
    own = f"/users/me/connections/{fresh}"
    assert api.ask("GET", f"{own}/subscriptions")["subscriptions"] == []
    number = api.ask("GET", f"{own}/subscriptions?all")["subscriptions"][0]["id"]
    one = f"/users/me/subscriptions/{number}"
    api.ask("GET", one, 404)
    api.ask("POST", one, 404, json={"disabled": False})
    assert api.ask("GET", f"{own}/documents")["total"] == 0
    assert api.ask("POST", f"{one}?all", 400, json={"disabled": "no"})["code"] == "invalidValue"
    assert api.ask("POST", f"{one}?all", json={"disabled": False})["disabled"] is None
    collected = api.ask("GET", f"{own}/documents")
    assert collected["total"] == 17
    assert api.ask("GET", f"{one}/documents") == collected
    changed = f"/users/me/documents/{collected['documents'][0]['id']}"
    api.ask("POST", changed, json={"name": "Mine"})
    assert api.ask("POST", one, json={"disabled": True})["disabled"]
    assert api.ask("GET", f"{own}/documents")["total"] == 0
    assert api.ask("GET", changed, 404)["code"] == "notFound"
    api.ask("POST", f"{one}?all", json={"disabled": False})
    assert api.ask("GET", changed)["name"] != "Mine"


def test_the_list_and_its_pages(still_api):
    everything = get(still_api, "/users/me/documents", models.DocumentsList, limit=1000)
    dates = [each.date for each in everything]
    assert dates == sorted(dates, reverse=True)
    assert everything.total == len(everything) == 102
    assert (everything.first_date, everything.last_date) == (dates[-1].date(), dates[0].date())
    walked = [
        document
        for offset in range(0, 120, 40)
        for document in get(
            still_api, "/users/me/documents", models.DocumentsList, limit=40, offset=offset
        )
    ]
    assert walked == list(everything)
    page = get(still_api, "/users/me/documents", models.DocumentsList, limit=5, offset=50)
    assert page.first_date == everything.first_date
    assert page.result_max_date == page.items[0].date.date()
    for each in everything.items[::20]:
        assert get(still_api, f"/users/me/documents/{each.id}", models.Document) == each
    assert still_api.ask("GET", "/users/me/documents/999", 404)["code"] == "notFound"
    own = get(still_api, "/users/me/connections/201/documents", models.DocumentsList)
    assert own == everything


@pytest.mark.parametrize(
    ("params", "holds"),
    [
        ({"id_type": 4}, lambda each: each.type == "bill"),
        ({"min_amount": "36"}, lambda each: each.total_amount == 36),
        ({"min_date": "2025-12", "max_date": "2025-12"}, lambda each: each.date.month == 12),
        ({"max_date": "2025-03-15"}, lambda each: str(each.date) < "2025-03-16"),
        ({"max_timestamp": "2026-02-01 00:00:00"}, lambda each: True),
    ],
)
def test_filters(still_api, params, holds):
    everything = get(still_api, "/users/me/documents", models.DocumentsList)
    found = get(still_api, "/users/me/documents", models.DocumentsList, **params)
    assert found.items == tuple(each for each in everything if holds(each))
    assert found.items
    assert found.total == len(found)
    assert found.first_date == everything.first_date


@pytest.mark.parametrize(
    "params",
    [
        {"min_amount": "36.01"},
        {"max_amount": "35.99"},
        {"id_type": 1},
        {"min_date": "2030"},
        {"min_timestamp": "2026-02-01 00:00:00"},
    ],
)
def test_filters_that_leave_nothing(still_api, params):
    found = get(still_api, "/users/me/documents", models.DocumentsList, **params)
    assert (found.items, found.total, found.result_min_date) == ((), 0, None)


def test_filters_that_are_refused(still_api):
    for name in ("min_amount", "id_type", "min_date", "max_timestamp"):
        answer = still_api.ask("GET", "/users/me/documents", 400, params={name: "x"})
        assert answer["code"] == "invalidValue"


def test_changes(api):
    one = "/users/me/documents/60019002"
    before = get(api, one, models.Document)
    changes = {"name": "Frais", "vat": 0, "income": None, "date": "2026-01-02", "id_type": 10}
    changed = decode(api.post(one, json=changes).content, models.Document)
    assert (changed.name, changed.vat, changed.income, changed.type) == ("Frais", 0, None, "other")
    assert str(changed.date) == "2026-01-02 00:00:00"
    assert changed.last_update > before.last_update
    assert changed.total_amount == before.total_amount
    assert get(api, one, models.Document) == changed
    for wrong in ({"id_type": 99}, {"date": "tomorrow"}, {"total_amount": "1"}, {"income": "yes"}):
        assert api.ask("POST", one, 400, json=wrong)["code"] == "invalidValue"
    assert get(api, one, models.Document) == changed


def test_delete(api):
    one = "/users/me/documents/60019001"
    gone = api.ask("GET", one)
    assert api.ask("DELETE", one) == gone
    assert api.ask("GET", one, 404)["code"] == "notFound"
    assert api.ask("DELETE", one, 404)["code"] == "notFound"
    assert api.ask("GET", "/users/me/documents")["total"] == 101


def test_upload_and_get_back_the_same_bytes(api):
    form = {"date": "2026-01-20", "duedate": "2026-02-20", "id_type": "4"}
    answer = api.post(
        "/users/me/documents", data=form, files={"file": ("é (1).pdf", PDF, "application/pdf")}
    )
    document = decode(answer.content, models.Document)
    assert (document.name, document.type, document.readonly) == ("é (1).pdf", "bill", False)
    assert str(document.duedate) == "2026-02-20"
    assert get(api, f"/users/me/documents/{document.id}", models.Document) == document
    file = api.get(document.url)
    assert file.content == PDF
    assert file.headers["content-type"] == "application/pdf"
    assert api.ask("POST", f"/users/me/documents/{document.id}", json={"name": "Achat"})
    assert api.ask("GET", "/users/me/documents")["documents"][0]["name"] == "Achat"
    api.ask("DELETE", f"/users/me/documents/{document.id}")
    assert api.get(document.url).status_code == 404


def test_uploads_that_are_refused(api):
    form = {"date": "2026-01-20", "duedate": "2026-02-20"}
    file = {"file": ("a.pdf", PDF, "application/pdf")}
    for name in form:
        left = {key: value for key, value in form.items() if key != name}
        answer = api.post("/users/me/documents", data=left, files=file)
        assert (answer.status_code, answer.json()["code"]) == (400, "missingParameter")
    for wrong in ({"date": "x"}, {"id_type": "bill"}, {"id_type": "99"}, {"name": "\0"}):
        answer = api.post("/users/me/documents", data=form | wrong, files=file)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalidValue")
    headers = {"content-type": "multipart/form-data; boundary=x"}
    for body in (b"--x\r\n\r\nno name\r\n--x--", b"--x\r\nno end", b"--y--"):
        assert api.post("/users/me/documents", content=body, headers=headers).status_code == 400
    no_boundary = {"content-type": "multipart/form-data"}
    assert api.post("/users/me/documents", content=b"x", headers=no_boundary).status_code == 400
    assert api.ask("GET", "/users/me/documents")["total"] == 102


def test_an_upload_without_a_file(api):
    form = {"date": "2026-01-20", "duedate": "2026-02-20", "name": "Reçu"}
    document = decode(api.post("/users/me/documents", data=form).content, models.Document)
    assert (document.name, document.url, document.id_file) == ("Reçu", None, None)
    own = f"/users/me/documents/{document.id}"
    assert api.ask("GET", f"{own}/file", 404)["code"] == "notFound"
    assert api.ask("GET", f"{own}/thumbnail", 404)["code"] == "notFound"


def test_files(still_api):
    found = get(still_api, "/users/me/documents", models.DocumentsList, limit=17)
    types = {}
    for each in found:
        if each.url is None:
            assert not each.has_file_on_website
            continue
        file = still_api.get(each.url)
        assert int(file.headers["content-length"]) == len(file.content)
        types.setdefault(each.type, file.headers["content-type"].partition(";")[0])
        assert still_api.get(each.thumb_url).headers["content-type"] == "image/svg+xml"
    assert types["statement"] == "application/pdf"


def test_a_big_file_is_the_same_each_time(still_api):
    (report, *_) = get(still_api, "/users/me/documents", models.DocumentsList, id_type=9)
    content = still_api.get(report.url).content
    assert len(content) == 5_400_000
    assert content.startswith(b"%PDF-")
    assert content.endswith(b"%%EOF\n")
    start = int(content.split(b"startxref\n")[-1].split(b"\n")[0])
    assert content[start:].startswith(b"xref\n")
    assert still_api.get(report.url).content == content


def test_a_page_instead_of_a_pdf(still_api):
    (notice, *_) = get(still_api, "/users/me/documents", models.DocumentsList, id_type=8)
    page = still_api.get(notice.url)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert notice.name in page.text


def test_files_are_for_their_user_only(api, stranger, powens):
    document = get(api, "/users/me/documents", models.DocumentsList, id_type=4).items[0]
    transaction = next(
        row for row in api.all_transactions(expand="attachments") if row["attachments"]
    )
    for url in (document.url, document.thumb_url, transaction["attachments"][0]["url"]):
        assert api.get(url).status_code == 200
        assert stranger.ask("GET", url, 403)["code"] == "forbidden"
        assert stranger.ask("GET", url.replace("/users/11/", "/users/me/"), 404)
        nobody = {"authorization": ""}
        assert api.get(url, headers=nobody).status_code == 401
        assert api.get(url, headers=nobody).json()["code"] == "unauthorized"
    assert stranger.ask("GET", "/users/me/documents")["documents"] == []


def test_attachments_download(still_api):
    rows = still_api.all_transactions(expand="attachments")
    attached = [row for row in rows if row["attachments"]]
    for row in attached[:3]:
        own = f"/users/me/transactions/{row['id']}/attachments"
        (attachment,) = decode(still_api.get(own).content, models.AttachmentsList)
        file = still_api.get(attachment.url)
        assert len(file.content) == attachment.size
        assert file.headers["content-type"] == attachment.mime_type
        assert attachment.name in file.headers["content-disposition"]
    bare = next(row for row in rows if not row["attachments"])
    own = f"/users/me/transactions/{bare['id']}/attachments/{bare['id']}/file"
    assert still_api.ask("GET", own, 404)["code"] == "notFound"


def test_documents_of_a_transaction(still_api):
    rows = still_api.all_transactions(expand="attachments", min_date="2025-03")
    attached = next(row for row in rows if row["attachments"])
    own = f"/users/me/transactions/{attached['id']}/documents"
    (statement,) = get(still_api, own, models.DocumentsList)
    assert (statement.type, statement.date.month) == ("statement", int(attached["rdate"][5:7]))
    bare = next(row for row in rows if not row["attachments"])
    assert still_api.ask("GET", f"/users/me/transactions/{bare['id']}/documents")["total"] == 0


def test_types_are_bare_strings(still_api):
    types = still_api.ask("GET", "/documenttypes")["documenttypes"]
    assert "RIB" in types
    for each in get(still_api, "/users/me/documents", models.DocumentsList):
        assert types[each.id_type - 1] == each.type
    entries = get(still_api, "/documenttypes", models.DocumentTypesList)
    assert [entry.name for entry in entries] == types


def test_every_documented_field_is_served(still_api):
    documents = get(still_api, "/users/me/documents", models.DocumentsList)
    subscriptions = get(
        still_api, "/users/me/subscriptions", models.SubscriptionsList, all="", expand="connection"
    )
    for rows, never in ((documents, set()), (subscriptions, {"error", "documents"})):
        names = {field.name for field in attrs.fields(type(rows.items[0]))}
        lacking = {name for name in names if all(getattr(row, name) is None for row in rows)}
        assert lacking == never


def test_two_runs_see_the_same(api_of):
    texts = []
    for _ in range(2):
        with Sandbox(port=0) as powens:
            text = api_of(powens).get("/users/me/documents").text
            texts.append(text.replace(powens.base_url, ""))
    assert texts[0] == texts[1]
