# Generated from tests/_async/calls/documents.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Subscriptions and their documents, invoices and credit notes, and who is behind them."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

from powens import (
    Attachment,
    CreditNote,
    CreditNoteAmount,
    CreditNotesList,
    Document,
    DocumentsList,
    DocumentTypeEntry,
    DocumentTypeName,
    DocumentTypesList,
    Invoice,
    InvoiceAmount,
    InvoicesList,
    OwnerIdentity,
    PostalAddress,
    Subscription,
    SubscriptionsList,
    Upload,
)

from . import Call, Method

ME = "/users/me"
AT = "/users/me/documents/4"
SITE = "https://example.biapi.pro/2.0"
DAY = dt.date(2024, 2, 29)
NAIVE = dt.datetime.fromisoformat("2024-02-29 12:34:56.789")
AWARE = dt.datetime(2024, 3, 1, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
PDF = Upload(name="bill.pdf", content=b"%PDF \x00\r\n--", media_type="application/pdf")

_SUBSCRIPTION = {"id": 2, "id_connection": 5, "disabled": "2024-02-29 12:34:56", "label": "Gas"}
_THE_SUBSCRIPTION = Subscription(
    id=2,
    id_connection=5,
    disabled=dt.datetime.fromisoformat("2024-02-29 12:34:56"),
    label="Gas",
)
_SUBSCRIPTIONS = {"subscriptions": [_SUBSCRIPTION], "total": 1}
_THE_SUBSCRIPTIONS = SubscriptionsList(subscriptions=(_THE_SUBSCRIPTION,), total=1)
_TYPES = {"documenttypes": [{"id": 1, "name": "bill", "attacheable": True}]}
_THE_TYPES = DocumentTypesList(
    documenttypes=(DocumentTypeEntry(id=1, name=DocumentTypeName.BILL, attacheable=True),)
)
_DOCUMENT = {
    "id": 4,
    "id_type": 1,
    "date": "2024-02-29 00:00:00",
    "duedate": "2024-03-31",
    "total_amount": 120.5,
    "income": False,
    "url": f"{SITE}/documents/4/file",
}
_THE_DOCUMENT = Document(
    id=4,
    id_type=1,
    date=dt.datetime.fromisoformat("2024-02-29 00:00:00"),
    duedate=dt.date(2024, 3, 31),
    total_amount=Decimal("120.5"),
    income=False,
    url=f"{SITE}/documents/4/file",
)
_DOCUMENTS = {"documents": [_DOCUMENT], "first_date": "2024-02-29", "total": 1}
_THE_DOCUMENTS = DocumentsList(documents=(_THE_DOCUMENT,), first_date=DAY, total=1)
_INVOICE = {
    "id": 6,
    "number": "F-1",
    "total_amount": {"currency": "EUR", "value": 120.5},
    "paid_amount": 20.5,
}
_THE_INVOICE = Invoice(
    id=6,
    number="F-1",
    total_amount=InvoiceAmount(currency="EUR", value=Decimal("120.5")),
    paid_amount=Decimal("20.5"),
)
_INVOICES = {"invoices": [_INVOICE], "total": 1}
_THE_INVOICES = InvoicesList(invoices=(_THE_INVOICE,), total=1)
_NOTE = {"id": 8, "id_invoice": 6, "shipping_amount": {"currency": "EUR", "value": 4.5}}
_THE_NOTE = CreditNote(
    id=8,
    id_invoice=6,
    shipping_amount=CreditNoteAmount(currency="EUR", value=Decimal("4.5")),
)
_NOTES = {"credit_notes": [_NOTE], "total": 1}
_THE_NOTES = CreditNotesList(credit_notes=(_THE_NOTE,), total=1)

METHODS = {
    "subscriptions.list": Method(_SUBSCRIPTIONS, _THE_SUBSCRIPTIONS),
    "subscriptions.list_all": Method(_SUBSCRIPTIONS, _THE_SUBSCRIPTIONS),
    "subscriptions.get": Method(_SUBSCRIPTION, _THE_SUBSCRIPTION),
    "subscriptions.update": Method(_SUBSCRIPTION, _THE_SUBSCRIPTION),
    "document_types.list": Method(_TYPES, _THE_TYPES, needed=False),
    "document_types.list_all": Method(_TYPES, _THE_TYPES, needed=False),
    "documents.list": Method(_DOCUMENTS, _THE_DOCUMENTS),
    "documents.list_all": Method(_DOCUMENTS, _THE_DOCUMENTS),
    "documents.get": Method(_DOCUMENT, _THE_DOCUMENT),
    "documents.update": Method(_DOCUMENT, _THE_DOCUMENT),
    # The old specification sends the document that is gone.
    "documents.delete": Method(_DOCUMENT, None),
    "documents.upload": Method(_DOCUMENT, _THE_DOCUMENT),
    # What it writes, and where, has tests of its own; what counts here is that it is a call like
    # the others. The answer has four bytes.
    "documents.download": Method("%P", 4),
    "invoices.list": Method(_INVOICES, _THE_INVOICES),
    "invoices.list_all": Method(_INVOICES, _THE_INVOICES),
    "invoices.get": Method(_INVOICE, _THE_INVOICE),
    "credit_notes.list": Method(_NOTES, _THE_NOTES),
    "credit_notes.list_all": Method(_NOTES, _THE_NOTES),
    "credit_notes.get": Method(_NOTE, _THE_NOTE),
    "owner_identity.get": Method(
        {"id_connection": 5, "full_name": "Camille Durand", "postal_address": {"city": "Brest"}},
        OwnerIdentity(
            id_connection=5,
            full_name="Camille Durand",
            postal_address=PostalAddress(city="Brest"),
        ),
    ),
}

CALLS = [
    *(
        call
        for method in ("subscriptions.list", "subscriptions.list_all")
        for call in (
            Call(method, f"GET {ME}/subscriptions"),
            Call(
                method,
                "GET /users/7/connections/5/subscriptions?all&expand=connection",
                user_id=7,
                connection_id=5,
                include_all=True,
                expand=["connection"],
            ),
        )
    ),
    Call("subscriptions.get", f"GET {ME}/subscriptions/2", subscription_id=2),
    Call(
        "subscriptions.get",
        "GET /users/7/subscriptions/2?all&expand=connection",
        subscription_id=2,
        user_id=7,
        include_all=True,
        expand="connection",
    ),
    Call("subscriptions.update", f"POST {ME}/subscriptions/2", {}, subscription_id=2),
    Call(
        "subscriptions.update",
        "POST /users/7/subscriptions/2?all",
        {"disabled": False},
        subscription_id=2,
        user_id=7,
        disabled=False,
        include_all=True,
    ),
    Call(
        "subscriptions.update",
        f"POST {ME}/subscriptions/2",
        {"disabled": None},
        subscription_id=2,
        disabled=None,
    ),
    Call("document_types.list", "GET /documenttypes"),
    Call("document_types.list_all", "GET /documenttypes"),
    *(
        call
        for method in ("documents.list", "documents.list_all")
        for call in (
            # The reference wants a limit at all times.
            Call(method, f"GET {ME}/documents?limit=1000"),
            Call(method, f"GET {ME}/subscriptions/2/documents?limit=1000", subscription_id=2),
            Call(method, f"GET {ME}/connections/5/documents?limit=1000", connection_id=5),
            Call(method, f"GET {ME}/transactions/8/documents?limit=1000", transaction_id=8),
            Call(
                method,
                "GET /users/7/documents?id_type=1&min_amount=-12.50&max_amount=100"
                "&min_date=2024-02-29&max_date=2024-03&min_timestamp=2024-02-29%2012:34:56"
                "&max_timestamp=2024-02-29%2023:00:00&limit=10",
                user_id=7,
                id_type=1,
                min_amount=Decimal("-12.50"),
                max_amount=100,
                min_date=DAY,
                max_date="2024-03",
                min_timestamp=NAIVE,
                max_timestamp=AWARE,
                limit=10,
            ),
            # A bound of days is a day, and an amount has no exponent, whatever they are made from.
            Call(
                method,
                f"GET {ME}/documents?min_amount=0.00000001&max_amount=1e3&min_date=2024-02-29"
                "&max_date=2024-02-29&min_timestamp=2024-02-29&limit=1",
                min_amount=Decimal("1e-8"),
                max_amount="1e3",
                min_date=NAIVE,
                max_date="2024-02-29",
                min_timestamp="2024-02-29",
                limit=1,
            ),
        )
    ),
    Call("documents.list", f"GET {ME}/documents?limit=1000&offset=2000", cursor="offset=2000"),
    Call("documents.get", f"GET {AT}", document_id=4),
    Call("documents.get", "GET /users/7/documents/4", document_id=4, user_id=7),
    Call("documents.update", f"POST {AT}", {}, document_id=4),
    Call(
        "documents.update",
        "POST /users/7/documents/4",
        {
            "id_type": 1,
            "date": "2024-02-29",
            "duedate": "2024-03-31",
            "total_amount": 120.5,
            "untaxed_amount": 100,
            "vat": 20.5,
            "income": False,
            "name": "Été",
        },
        document_id=4,
        user_id=7,
        id_type=1,
        date=DAY,
        duedate=dt.date(2024, 3, 31),
        total_amount=Decimal("120.50"),
        untaxed_amount=Decimal(100),
        vat=Decimal("20.5"),
        income=False,
        name="Été",
    ),
    # The date of a document comes with a time, and goes without one.
    Call(
        "documents.update",
        f"POST {AT}",
        {"date": "2024-02-29", "duedate": "2024-02-29"},
        document_id=4,
        date=NAIVE,
        duedate=NAIVE,
    ),
    Call(
        "documents.update",
        f"POST {AT}",
        dict.fromkeys(
            (
                *("id_type", "date", "duedate", "total_amount", "untaxed_amount", "vat"),
                *("income", "name"),
            )
        ),
        document_id=4,
        id_type=None,
        date=None,
        duedate=None,
        total_amount=None,
        untaxed_amount=None,
        vat=None,
        income=None,
        name=None,
    ),
    Call("documents.delete", f"DELETE {AT}", document_id=4),
    Call("documents.delete", "DELETE /users/7/documents/4", document_id=4, user_id=7),
    Call(
        "documents.upload",
        f"POST {ME}/documents",
        {
            "date": "2024-02-29",
            "duedate": "2024-03-31",
            "file": ("bill.pdf", "application/pdf", b"%PDF \x00\r\n--"),
        },
        file=PDF,
        date=DAY,
        duedate="2024-03-31",
    ),
    Call(
        "documents.upload",
        "POST /users/7/documents",
        {
            "date": "2024-02-29",
            "duedate": "2024-02-29",
            "id_type": "1",
            "name": "Facture",
            "file": ("a", "application/octet-stream", b"-"),
        },
        file=Upload(name="a", content=b"-"),
        # A date is a day, whatever it was made from.
        date=NAIVE,
        duedate=DAY,
        user_id=7,
        id_type=1,
        name="Facture",
    ),
    Call(
        "documents.download",
        "GET /documents/4/file",
        document=_THE_DOCUMENT,
        to=io.BytesIO(),
    ),
    Call(
        "documents.download",
        "GET /files/3?name=a%20b&key=c%2Bd",
        document=Attachment(id=3, url="/2.0/files/3?name=a%20b&key=c%2Bd"),
        to=io.BytesIO(),
    ),
    Call(
        "documents.download",
        "GET /documents/4/file",
        document=f"{SITE}/documents/4/file",
        to=io.BytesIO(),
    ),
    *(
        call
        for resource in ("invoices", "credit_notes")
        for method in (f"{resource}.list", f"{resource}.list_all")
        for call in (
            # The reference wants a limit at all times.
            Call(method, f"GET {ME}/{resource}?limit=100"),
            Call(
                method,
                f"GET /users/7/connections/5/{resource}?all&limit=1",
                user_id=7,
                connection_id=5,
                include_all=True,
                limit=1,
            ),
        )
    ),
    Call("invoices.list", f"GET {ME}/invoices?limit=100&offset=200", cursor="offset=200"),
    Call("invoices.get", f"GET {ME}/invoices/6", invoice_id=6),
    Call("invoices.get", "GET /users/7/invoices/6", invoice_id=6, user_id=7),
    Call("credit_notes.list", f"GET {ME}/credit_notes?limit=100&offset=200", cursor="offset=200"),
    *(
        Call(method, f"GET {ME}/invoices/6/credit_notes?limit=100", invoice_id=6)
        for method in ("credit_notes.list", "credit_notes.list_all")
    ),
    Call("credit_notes.get", f"GET {ME}/credit_notes/8", credit_note_id=8),
    Call("credit_notes.get", "GET /users/7/credit_notes/8", credit_note_id=8, user_id=7),
    Call("owner_identity.get", f"GET {ME}/connections/5/owner_identity", connection_id=5),
    Call(
        "owner_identity.get",
        "GET /users/7/connections/5/owner_identity",
        connection_id=5,
        user_id=7,
    ),
]
