import attrs
import pytest

from powens import models
from powens._codec import decode


def get(api, path, model, **params):
    """An answer, read by the model that the SDK reads it with."""
    answer = api.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    return decode(answer.content, model)


def invoices(api, **params):
    return get(api, "/users/me/invoices", models.InvoicesList, **params)


def credit_notes(api, **params):
    return get(api, "/users/me/credit_notes", models.CreditNotesList, **params)


def names_with_values(value, found):
    """The fields of models that hold something, by class."""
    if isinstance(value, tuple):
        for each in value:
            names_with_values(each, found)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            inner = getattr(value, field.name)
            if inner is not None:
                found.setdefault(type(value), set()).add(field.name)
                names_with_values(inner, found)


def test_a_page_has_a_hundred_rows_at_most(still_api):
    first, rest = invoices(still_api), invoices(still_api, limit=500, offset=100)
    assert (len(first), first.total) == (100, 122)
    assert len(rest) == rest.total - 100
    ids = [each.id for each in (*first, *rest)]
    assert len(set(ids)) == first.total
    assert [each.id for each in invoices(still_api, limit=3, offset=99)] == ids[99:102]
    own = get(still_api, "/users/me/connections/201/invoices", models.InvoicesList)
    assert own == first


def test_deleted_ones_are_shown_on_request(still_api):
    everything = [
        each for offset in (0, 100) for each in invoices(still_api, all="", offset=offset)
    ]
    deleted = [each for each in everything if each.deleted]
    assert len(everything) - len(deleted) == invoices(still_api).total
    one = f"/users/me/invoices/{deleted[0].id}"
    assert still_api.ask("GET", one, 404)["code"] == "notFound"
    assert get(still_api, one, models.Invoice, all="") == deleted[0]
    notes = credit_notes(still_api, all="")
    assert notes.total > credit_notes(still_api).total
    gone = next(each for each in notes if each.deleted)
    assert still_api.ask("GET", f"/users/me/credit_notes/{gone.id}", 404)["code"] == "notFound"


def test_the_sums_of_an_invoice(still_api):
    for each in invoices(still_api):
        net = each.total_amount_exclusing_tax.value
        assert net + each.total_tax_amount.value == each.total_amount.value
        assert each.paid_amount + each.remaining_amount == each.total_amount.value
        assert sum(item.total_amount.value for item in each.items) == each.total_amount.value
        assert (each.fully_paid_date is not None) == (each.status == "paid")
    dates = [each.issue_date for each in invoices(still_api)]
    assert dates == sorted(dates, reverse=True)


def test_credit_notes_belong_to_an_invoice(still_api):
    notes = credit_notes(still_api)
    for note in notes:
        assert get(still_api, f"/users/me/credit_notes/{note.id}", models.CreditNote) == note
        own = f"/users/me/invoices/{note.id_invoice}/credit_notes?all"
        assert [each.id for each in get(still_api, own, models.CreditNotesList)] == [note.id]
    credited = {note.id_invoice for note in notes}
    other = next(each for each in invoices(still_api) if each.id not in credited)
    assert still_api.ask("GET", f"/users/me/invoices/{other.id}/credit_notes")["total"] == 0
    assert still_api.ask("GET", "/users/me/invoices/1/credit_notes", 404)["code"] == "notFound"


@pytest.mark.parametrize("list_", [invoices, credit_notes])
def test_attachments_download(still_api, list_):
    (attachment,) = list_(still_api, limit=1).items[0].attachments
    file = still_api.get(attachment.url)
    assert len(file.content) == attachment.size
    assert file.headers["content-type"] == attachment.mime_type
    other = attachment.url.replace(f"attachments/{attachment.id}", "attachments/1")
    assert still_api.ask("GET", other, 404)["code"] == "notFound"


def test_nothing_before_consent(api):
    body = {"id_connector": 1, "login": "someone", "password": "something"}
    fresh = api.ask("POST", "/users/me/connections", 201, json=body)["id"]
    own = f"/users/me/connections/{fresh}"
    assert api.ask("GET", f"{own}/invoices")["invoices"] == []
    number = api.ask("GET", f"{own}/accounts?all")["accounts"][0]["id"]
    api.ask("POST", f"/users/me/accounts/{number}?all", json={"disabled": False})
    assert api.ask("GET", f"{own}/invoices?limit=1")["total"] == 122
    assert api.ask("GET", "/users/me/invoices?limit=1")["total"] == 244


def test_every_documented_field_is_served(still_api):
    found = {}
    for list_ in (invoices, credit_notes):
        names_with_values(list_(still_api, all=""), found)
    lacking = {
        (model.__name__, field.name)
        for model, names in found.items()
        for field in attrs.fields(model)
        if field.name not in names
    }
    assert lacking == {  # other spellings of other fields
        ("Invoice", "total_amount_excluding_tax"),
        ("CreditNote", "total_amount_excluding_tax"),
        ("InvoiceItem", "total_amount_exclusing_tax"),
    }
