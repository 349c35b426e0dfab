"""Answers of the API as bytes: made-up data in the shapes and spellings that it really sends."""

from __future__ import annotations

import json
from functools import cache
from typing import Final

FIRST_ID: Final = 1_000_000_000
_ID: Final = 7  # stands for the id in a template, with the name of its field
_PERIOD: Final = 1000

_EUR: Final = {"id": "EUR", "symbol": "€", "prefix": False, "crypto": False, "precision": 2}
_USD: Final = {"id": "USD", "symbol": "$", "prefix": True, "crypto": False, "precision": 2}
_EURO: Final = {**_EUR, "marketcap": None, "datetime": None, "name": "Euro"}
_DOLLAR: Final = {**_USD, "marketcap": None, "datetime": None, "name": "US Dollar"}
_WORDINGS: Final = (
    ("card", "Boulangerie Léon Paris"),
    ("transfer", "Virement Loyer Août"),
    ("order", "Prélèvement Électricité de France"),
    ("card", "Supermarché du Centre Lyon"),
    ("withdrawal", "Retrait Distributeur Bellecour"),
    ("bank", "Frais de tenue de compte"),
)


def page(offset: int, limit: int, total: int, link: str = "", *, odd: bool = False) -> bytes:
    """Give a page of transactions.

    Args:
        offset: Rows before it.
        limit: Most rows in it.
        total: Rows of the whole listing.
        link: Address of the listing, for the links to other pages.
        odd: Whether each row has a quirk: something that is spelled in another way than announced.
    """
    end = min(offset + limit, total)
    following = f"{link}?limit={limit}&cursor={end}"
    envelope: dict[str, object] = {
        "first_date": "2016-01-04",
        "last_date": "2026-11-02",
        "result_min_date": None,
        "result_max_date": None,
        "total": total,
        "_links": {
            "self": {"href": f"{link}?limit={limit}&cursor={offset}"},
            "prev": None,
            "next": {"href": following} if link and end < total else None,
        },
    }
    templates = _templates(odd=odd)
    rows = b",".join(templates[n % _PERIOD] % (FIRST_ID + n) for n in range(offset, end))
    return b'{"transactions":[%b],%b' % (rows, _dump(envelope)[1:])


def account(account_id: int) -> bytes:
    """Give a bank account."""
    fields: dict[str, object] = {
        "id": account_id,
        "id_connection": 31,
        "id_user": 12,
        "id_source": 58,
        "id_parent": None,
        "number": "00000000413",
        "webid": "00000000413",
        "original_name": "Compte de chèques",
        "balance": 2481.17,
        "coming": -42.5,
        "coming_balance": 2438.67,
        "formatted_balance": "2 481,17 €",
        "display": True,
        "last_update": "2026-11-02 05:14:09",
        "deleted": None,
        "disabled": None,
        "iban": "FR7630001007941234567890185",
        "bic": None,
        "currency": _EURO,
        "type": "checking",
        "id_type": 2,
        "bookmarked": 0,
        "name": "Compte courant",
        "error": None,
        "usage": "PRIV",
        "ownership": "owner",
        "company_name": None,
        "opening_date": None,
        "loan": None,
        "information": {},
    }
    return _dump(fields)


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@cache
def _templates(*, odd: bool) -> list[bytes]:
    """Give rows in which only the id is left open."""
    rows = (_row(n, odd=odd) for n in range(_PERIOD))
    return [_dump(row).replace(b"%", b"%%").replace(b'"id":7,', b'"id":%d,', 1) for row in rows]


def _row(n: int, *, odd: bool) -> dict[str, object]:
    kind, wording = _WORDINGS[n % len(_WORDINGS)]
    day = f"202{n % 7}-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
    moment = f"{day} {n % 24:02d}:{n % 60:02d}:{n % 59:02d}"
    value = round((n * 7919 % 40_000 - 36_000) / 100, 2)
    by_api = n % 2 == 0
    row: dict[str, object] = {
        "id": _ID,
        "id_account": 413,
        "application_date": day,
        "date": day,
        "datetime": moment if by_api else None,
        "vdate": day if by_api else None,
        "vdatetime": moment if by_api else None,
        "rdate": day,
        "rdatetime": moment if by_api else None,
        "bdate": day,
        "bdatetime": None,
        "value": value,
        "gross_value": None,
        "type": kind,
        "original_wording": f"{kind.upper()} {wording.upper()} {n:04d}",
        "simplified_wording": wording,
        "wording": wording,
        "date_scraped": moment,
        "coming": False,
        "active": True,
        "id_cluster": None,
        "comment": None,
        "last_update": moment,
        "deleted": None,
        "original_value": None,
        "original_gross_value": None,
        "original_currency": None,
        "commission": None,
        "commission_currency": None,
        "country": None,
        "card": "XXXX4821" if kind == "card" else "",
        "counterparty": None,
        "details": None,
        "documents_count": 0,
        "formatted_value": f"{value} €",
        "id_category": 9998,
        "informations": {},
        "state": "parsed",
        "stemmed_wording": wording.lower(),
        "webid": f"{n * 2654435761 % 2**64:016x}",
    }
    if kind == "transfer":
        row["counterparty"] = {
            "label": wording,
            "account_scheme_name": "iban",
            "account_identification": "FR7630001007941234567890185",
            "type": "creditor",
        }
    if n % 50 == 0:
        row |= {"original_value": value, "original_currency": _DOLLAR, "country": "US"}
    return row | _quirk(n, row) if odd else row


def _quirk(n: int, row: dict[str, object]) -> dict[str, object]:
    """Give what is odd in a row: quirks of the live API that py-powens reads as well."""
    quirks: tuple[dict[str, object], ...] = (
        {"active": 1, "coming": 0},
        {"id_account": str(row["id_account"])},
        {"date": f"{row['date']} 00:00:00"},
        {"value": str(row["value"]), "coming": "false"},
    )
    return quirks[n % len(quirks)]
