"""What the fields of a built model hold: plausible, invented, the same each time."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from .._model import Model
from ..models import (
    AccountFoundEvent,
    AccountsFetchedEvent,
    AccountSyncedEvent,
    AccountTypeName,
    AuthTokenType,
    BalanceCurrencyGroup,
    Category,
    Connection,
    ConnectionState,
    ConnectionSyncedEvent,
    Connector,
    ConnectorCountry,
    ConnectorField,
    Currency,
    CustomerType,
    DetailsIndicators,
    DocumentTypeName,
    ExecutionFrequency,
    InvoiceStatus,
    PaginationLinks,
    Payment,
    PaymentIdentity,
    PaymentInstructionState,
    PaymentLink,
    PaymentLinkAttemptState,
    PaymentState,
    RecipientState,
    Subscription,
    TaxType,
    Transaction,
    TransactionType,
    TransferState,
    UserSyncedEvent,
)

LATEST: Final = dt.datetime(2026, 1, 30, 5, 10)  # noqa: DTZ001 - naive, as the API sends them
"""When the first of several was synchronised; each further one is a day older."""

UUID: Final = "d1f5c1a6-7f0e-5b0c-9d3e-2b7a4c8e6f10"

# What means trouble, an end, or a choice that few make.
EMPTY: Final = frozenset(
    {
        *("deleted", "disabled", "disabled_date", "deprecated", "error", "error_code"),
        *("revoked_at", "state_detail"),
        *("expire", "id_parent", "end_date", "frequency"),
        *("commission", "commission_currency", "original_currency", "original_value"),
        *("gross_value", "original_gross_value", "original_diff", "original_unitprice"),
        *("original_unitvalue", "original_valuation", "marketcap", "counterparty"),
    }
)

# Fields that only webhooks have, in the models that are inside of these events as well.
NEWS: Final[Mapping[type[Model], frozenset[str]]] = {
    ConnectionSyncedEvent: frozenset({"accounts", "transactions"}),
    UserSyncedEvent: frozenset({"accounts", "transactions"}),
    AccountsFetchedEvent: frozenset({"accounts"}),
    AccountSyncedEvent: frozenset({"transactions"}),
}

# Where the first member of an enum is not the one to expect; None: all is well without one.
MEMBERS: Final[Mapping[type[enum.Enum], enum.Enum | None]] = {
    AccountTypeName: AccountTypeName.CHECKING,
    AuthTokenType: AuthTokenType.PERMANENT,
    ConnectionState: None,
    CustomerType: CustomerType.INDIVIDUAL,
    DocumentTypeName: DocumentTypeName.PDF,
    ExecutionFrequency: ExecutionFrequency.MONTHLY,
    InvoiceStatus: InvoiceStatus.PAID,
    PaymentInstructionState: PaymentInstructionState.DONE,
    PaymentLinkAttemptState: PaymentLinkAttemptState.DONE,
    PaymentState: PaymentState.DONE,
    RecipientState: None,
    TaxType: TaxType.VAT,
    TransactionType: TransactionType.CARD,
    TransferState: TransferState.DONE,
}

_PURCHASES: Final = (
    ("Boulangerie Passerose", "-4.8"),
    ("Tramways Rivegauche", "-2.15"),
    ("Librairie du Passage", "-23.6"),
    ("Station Grand-Large", "-61.37"),
    ("Boutique Cerf-Volant", "-89.99"),
    ("Cinéma Le Zootrope", "-11.5"),
    ("Comptoir des Étoffes", "-35.25"),
)

Value: TypeAlias = object | Callable[[int], object]
"""What a field holds, or what gives it for the first, the second and so on of several models."""


def iban(number: int) -> str:
    """Give an account number whose check digits are right, at a bank that does not exist."""
    national = f"9999900001{number:011d}00"
    spelled = "".join(str(int(character, 36)) for character in f"{national}FR00")
    return f"FR{98 - int(spelled) % 97:02d}{national}"


def _shop(number: int) -> str:
    return _PURCHASES[(number - 1) % len(_PURCHASES)][0]


def _price(number: int) -> Decimal:
    return Decimal(_PURCHASES[(number - 1) % len(_PURCHASES)][1])


# What a field holds whatever the model, if it is of that type.
FIELDS: Final[Mapping[str, Value]] = {
    # Texts.
    "access_token": "user-token-0001",
    "account_identification": iban,
    "alg": "RS256",
    "asset_category": "Actions Europe",
    "auth_token": "user-token-0001",
    "bank_name": "Banque des Alizés",
    "beneficiary_number": iban,
    "bic": "ALIZFRP1XXX",
    "city": "Rivegauche",
    "client_id": "12345678",
    "client_redirect_uri": "https://app.example/callback",
    "client_secret": "client-secret-0001",
    "code": "temporary-code-0001",
    "color": "1f6feb",
    "connector_uuid": UUID,
    "content": "PHA+VGVybXM8L3A+",
    "country": "FR",
    "country_code": "FR",
    "currency": "EUR",
    "description": lambda n: f"Description {n}",
    "display_name": "Compte courant",
    "display_name_p": "Comptes courants",
    "e": "AQAB",
    "email": "noe.castagnier@mail.example",
    "first_name": "Noé",
    "full_address": "12 rue des Ormes, 99001 Rivegauche",
    "full_name": "Noé Castagnier",
    "grant_type": "client_credentials",
    "href": "https://example.biapi.pro/2.0/users/me/transactions?limit=50&offset=50",
    "iban": iban,
    "identification": iban,
    "issuer": "ALIZFRP1XXX",
    "key": "autosync.retry_wrongpass",
    "key_url": "https://example.biapi.pro/2.0/sign-keys/1",
    "kid": "key-1",
    "kty": "RSA",
    "label": "Noé Castagnier",
    "language": "fr",
    "last_name": "Castagnier",
    "mime_type": "application/pdf",
    "n": "t6Q8PWSi1dkJj9hTP8hNYFlvadM7DflW9mWepOJhJ66w7nyoK1gPNqFMSQRy",
    "name": "Compte courant",
    "number": lambda n: f"{n:011d}",
    "original_name": "COMPTE COURANT",
    "original_wording": lambda n: f"CARTE {_shop(n).upper()}",
    "parent_code": "food_and_restaurants",
    "phone": "+33199000000",
    "postal_address": "12 rue des Ormes, 99001 Rivegauche",
    "postal_code": "99001",
    "public_key": "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEB\n-----END PUBLIC KEY-----\n",
    "raw_postal_address": "12 rue des Ormes, 99001 Rivegauche",
    "redirect_uri": "https://app.example/callback",
    "reference_id": lambda n: f"REF-{n:04d}",
    "request_url": "https://example.biapi.pro/2.0/users/me/accounts",
    "scope": "payments:admin",
    "secret_key": "webhook-secret-0001",
    "simplified_wording": _shop,
    "siren": "999000001",
    "siret": "99900000100001",
    "slug": "alizes",
    "state": "state-0001",
    "stock_symbol": "FBOR",
    "street": "12 rue des Ormes",
    "street_name": "12 rue des Ormes",
    "subscriber": "Noé Castagnier",
    "symbol": "€",
    "title": "Abonnement",
    "token": "token-0001",
    "token_type": "Bearer",
    "url": lambda n: f"https://app.example/{n}",
    "uuid": UUID,
    "validate_mechanism": "redirect",
    "validate_uri": "https://bank.example/validate?payment=1",
    "value": _price,
    "version": "1",
    "webid": lambda n: f"web-{n:06d}",
    "webview_url": "https://webview.powens.com",
    "wording": _shop,
    # Whole numbers.
    "documents_count": 0,
    "duration": 240,
    "expires_in": 1800,
    "months_to_fetch": 3,
    "maximum_number_of_instructions": 1,
    "nb_accounts": 1,
    "nb_payments_done": 60,
    "nb_payments_left": 180,
    "nb_payments_total": 240,
    "precision": 2,
    "priority": 1,
    "response_code": 200,
    "size": 48213,
    # Amounts.
    "balance": lambda n: Decimal("1234.56") + 100 * (n - 1),
    "coming": Decimal(0),
    "coming_balance": lambda n: Decimal("1234.56") + 100 * (n - 1),
    "diff_percent": Decimal("0.0525"),
    "insurance_rate": Decimal("0.0036"),
    "percentage": Decimal(20),
    "portfolio_share": Decimal("0.25"),
    "prev_diff_percent": Decimal("0.0411"),
    "quantity": Decimal(10),
    "rate": Decimal("1.85"),
    "sync_periodicity": Decimal(1),
    # Dates.
    "access_expire": lambda _: LATEST + dt.timedelta(days=180),
    "birth_date": dt.date(1988, 4, 12),
    "created": lambda _: LATEST - dt.timedelta(days=365),
    "duedate": lambda _: LATEST.date() + dt.timedelta(days=30),
    "due_date": lambda _: LATEST + dt.timedelta(days=30),
    "maturity_date": lambda _: LATEST.date() + dt.timedelta(days=5400),
    "next_payment_date": lambda _: LATEST.date() + dt.timedelta(days=6),
    "next_try": lambda _: LATEST + dt.timedelta(days=1),
    "renewdate": lambda _: LATEST.date() + dt.timedelta(days=30),
    "signin": lambda _: LATEST - dt.timedelta(days=365),
    "validity": lambda _: LATEST.date() + dt.timedelta(days=365),
    "validity_date": lambda _: LATEST + dt.timedelta(days=30),
    # Flags that are set: all others are not.
    "active": True,
    "attacheable": True,
    "bank_provides_payer_account": True,
    "confirm": True,
    "display": True,
    "has_file_on_website": True,
    "is_user": True,
    "psu_validate": True,
    "readonly": True,
    "redirect": True,
    "required": True,
}

# What a field of one model holds.
OWN_FIELDS: Final[Mapping[type[Model], Mapping[str, Value]]] = {
    AccountFoundEvent: {"disabled": LATEST},
    BalanceCurrencyGroup: {"id": "EUR"},
    Category: {"code": "groceries"},
    Connection: {"fields": None},
    Connector: {
        "name": "Banque des Alizés",
        "code": "99999",
        "account_types": ("checking", "savings"),
    },
    ConnectorCountry: {"id": "fr", "name": "France"},
    ConnectorField: {"name": "login", "label": "Identifiant"},
    Currency: {"id": "EUR", "name": "Euro", "datetime": None},
    DetailsIndicators: {"date": "2026-01"},
    PaginationLinks: {"self": None, "prev": None, "next": None},
    Payment: {"fields": None},
    PaymentIdentity: {"identification": None, "scheme_name": None, "issuer": None},
    PaymentLink: {"id": lambda n: f"link-{n:04d}", "url": "https://payment-links.example/1"},
    Subscription: {"connection": None},
    Transaction: {"state": None, "rdatetime": None, "vdatetime": None, "datetime": None},
}

# A mapping whose keys are codes, and one of texts that a user entered.
AMOUNTS: Final = {"EUR": Decimal("1234.56")}
TEXTS: Final = {"otp": "123456"}
AMOUNT: Final = Decimal("125.5")
