# Generated from tests/_async/calls/transactions.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Transactions and their attachments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from powens import (
    Attachment,
    AttachmentsList,
    Category,
    Link,
    PaginationLinks,
    Transaction,
    TransactionDateFilter,
    TransactionExpand,
    TransactionsList,
    TransactionType,
)

from . import Call, Method

MANY = "/users/me/transactions"
AT = "/users/me/transactions/8"
AWARE = dt.datetime(2024, 3, 1, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))

_ROW = {"id": 8, "date": "2024-02-29", "value": -38.9, "type": "card", "coming": False}
_THE_ROW = Transaction(
    id=8,
    date=dt.date(2024, 2, 29),
    value=Decimal("-38.9"),
    type=TransactionType.CARD,
    coming=False,
)
_PAGE = {
    "transactions": [_ROW],
    "first_date": "2024-01-01",
    "last_date": "2024-02-29",
    "_links": {"self": {"href": "https://example.biapi.pro/2.0/self"}, "prev": None, "next": None},
    "total": 1,
}
_THE_PAGE = TransactionsList(
    transactions=(_THE_ROW,),
    first_date=dt.date(2024, 1, 1),
    last_date=dt.date(2024, 2, 29),
    links=PaginationLinks(self_=Link(href="https://example.biapi.pro/2.0/self")),
    total=1,
)

METHODS = {
    "transactions.list": Method(_PAGE, _THE_PAGE),
    "transactions.list_page": Method(_PAGE, _THE_PAGE),
    "transactions.get": Method(_ROW, _THE_ROW),
    "transactions.update": Method(_ROW, _THE_ROW),
    "transactions.list_attachments": Method(
        {"attachments": [{"id": 4, "name": "receipt.pdf", "size": 2048}]},
        AttachmentsList(attachments=(Attachment(id=4, name="receipt.pdf", size=2048),)),
    ),
}

CALLS = [
    *(
        call
        for method in ("transactions.list", "transactions.list_page")
        for call in (
            Call(method, f"GET {MANY}?limit=1000"),
            Call(method, "GET /users/7/transactions?limit=1", user_id=7, limit=1),
            Call(method, "GET /users/me/accounts/9/transactions?limit=1000", account_id=9),
            Call(method, "GET /users/me/connections/5/transactions?limit=1000", connection_id=5),
            Call(
                method,
                f"GET {MANY}?all&income=true&deleted=false&filter=date"
                "&min_date=2024-02-29&max_date=2024-03&wording=a%2Bb%20%26%C3%A9"
                "&min_value=-12.50&max_value=100&search=caf%C3%A9&value=12.5%7C-12.5"
                "&last_update=2024-02-29%2012:34:56&expand=account[connection],categories"
                "&limit=1000",
                include_all=True,
                income=True,
                deleted=False,
                filter=TransactionDateFilter.DATE,
                min_date=dt.date(2024, 2, 29),
                max_date="2024-03",
                wording="a+b &é",
                min_value=Decimal("-12.50"),
                max_value=100,
                search="café",
                value="12.5|-12.5",
                last_update=dt.datetime.fromisoformat("2024-02-29 12:34:56"),
                expand=["account[connection]", "categories"],
            ),
            Call(
                method,
                f"GET {MANY}?income=false&deleted=true&filter=application_date"
                "&min_date=2024-02-29&max_date=2024&min_value=0.1&max_value=1e3&value=%C2%B112.5"
                "&last_update=2024-02-29%2023:00:00&expand=attachments,categories&limit=1000",
                income=False,
                deleted=True,
                filter="application_date",
                min_date=dt.datetime.fromisoformat("2024-02-29 23:59:00"),
                max_date="2024",
                min_value=0.1,
                max_value="1e3",
                value="±12.5",
                last_update=AWARE,
                expand=(TransactionExpand.ATTACHMENTS, TransactionExpand.CATEGORIES),
            ),
            # An amount never has an exponent of its own making.
            Call(
                method,
                f"GET {MANY}?min_value=0.00000001&max_value=100000&value=-0.00&limit=1000",
                min_value=Decimal("1e-8"),
                max_value=Decimal("1e5"),
                value=Decimal("-0.00"),
            ),
            Call(method, f"GET {MANY}?last_update=2024-02-29&limit=1000", last_update="2024-02-29"),
            Call(method, f"GET {MANY}?limit=1000&offset=2000", cursor="offset=2000"),
            # A link carries the filters and the size of the page it was made with.
            Call(
                method,
                f"GET {MANY}?limit=2&cursor=a%2Bb%3D",
                cursor="https://example.biapi.pro/2.0/users/me/transactions?limit=2&cursor=a%2Bb%3D",
            ),
        )
    ),
    Call("transactions.get", f"GET {AT}", transaction_id=8),
    Call(
        "transactions.get",
        "GET /users/7/transactions/8?all&expand=account,categories",
        transaction_id=8,
        user_id=7,
        include_all=True,
        expand="account,categories",
    ),
    Call("transactions.update", f"POST {AT}", {}, transaction_id=8),
    Call("transactions.update", f"POST {AT}", {"comment": None}, transaction_id=8, comment=None),
    Call(
        "transactions.update",
        "POST /users/7/transactions/8?all&expand=categories",
        {
            "wording": "Café",
            "application_date": "2024-02-29",
            "categories": [{"code": "food"}],
            "comment": "mine",
            "active": False,
            "id_category": 12,
        },
        transaction_id=8,
        user_id=7,
        wording="Café",
        application_date=dt.date(2024, 2, 29),
        categories=[Category(code="food")],
        comment="mine",
        active=False,
        id_category=12,
        include_all=True,
        expand="categories",
    ),
    Call(
        "transactions.update",
        f"POST {AT}",
        {
            "wording": None,
            "application_date": None,
            "categories": None,
            "comment": None,
            "active": None,
            "id_category": None,
        },
        transaction_id=8,
        wording=None,
        application_date=None,
        categories=None,
        comment=None,
        active=None,
        id_category=None,
    ),
    Call(
        "transactions.update",
        f"POST {AT}",
        {"application_date": "2024-02", "categories": []},
        transaction_id=8,
        application_date="2024-02",
        categories=(),
    ),
    # An accounting date is a day, whatever it was made from.
    Call(
        "transactions.update",
        f"POST {AT}",
        {"application_date": "2024-02-29"},
        transaction_id=8,
        application_date=dt.datetime.fromisoformat("2024-02-29 12:34:56"),
    ),
    Call("transactions.list_attachments", f"GET {AT}/attachments", transaction_id=8),
    Call(
        "transactions.list_attachments",
        "GET /users/7/transactions/8/attachments",
        transaction_id=8,
        user_id=7,
    ),
]
