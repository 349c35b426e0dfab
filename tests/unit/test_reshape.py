"""Objects that the API sends in more than one form, whole: each gives the same, read either way."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import attrs
import pytest

from powens import models
from powens._codec import decode
from powens._model import Envelope, Model
from powens.exceptions import PowensSerializationError
from powens.models import (
    AccountIdentification,
    AccountOwnership,
    AccountOwnershipsFoundEvent,
    AccountOwnershipsList,
    AccountParty,
    AccountPartyRole,
    AccountSchemeName,
    BankAccount,
    BankAccountUsage,
    ClientApp,
    ConfigLog,
    ConfigLogsList,
    ConfigLogType,
    Connection,
    ConnectionDeletedEvent,
    ConnectionResolution,
    ConnectionState,
    ConnectionSyncedEvent,
    Connector,
    ConnectorsList,
    CreditNote,
    CreditNoteAmount,
    Currency,
    DocumentTypeEntry,
    DocumentTypeName,
    DocumentTypesList,
    ExecutionDate,
    IdentityParty,
    Investment,
    InvestmentCodeType,
    InvestmentDetails,
    InvestmentsList,
    Invoice,
    InvoiceAmount,
    InvoiceItem,
    InvoiceStatus,
    LoanAmortization,
    LoanAmortizationsList,
    MonetaryAmount,
    Payment,
    PaymentAccount,
    PaymentAccountSchemeName,
    PaymentAction,
    PaymentConnectorIncompatibility,
    PaymentConnectorIncompatibilityCode,
    PaymentConnectorIncompatibilityReason,
    PaymentConnectorIncompatibilityType,
    PaymentErrorCode,
    PaymentField,
    PaymentFieldType,
    PaymentFieldValue,
    PaymentIncompatibilitiesList,
    PaymentInstruction,
    PaymentInstructionState,
    PaymentLink,
    PaymentLinkAttemptState,
    PaymentLinksList,
    PaymentsList,
    PaymentState,
    PaymentStateDetail,
    PaymentStateUpdatedEvent,
    PaymentTerms,
    SignKey,
    SignKeysList,
    User,
)

DecodeBothWays = Callable[[bytes, type], Any]
Anatomy = Callable[[object], object]


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


MORNING = moment("2026-03-02 04:11:09")
EURO = b"""{
    "id": "EUR", "symbol": "\xe2\x82\xac", "prefix": false, "crypto": false, "precision": 2,
    "marketcap": null, "datetime": null, "name": "Euro"
}"""
THE_EURO = Currency(id="EUR", symbol="€", prefix=False, crypto=False, precision=2, name="Euro")
IBAN = "FR7630006000011234567890189"


# --- Payments ------------------------------------------------------------------------------------

OTP = b'"type": "text", "label": "Code", "regex": "^\\\\d{4}$", "required": true'
BRANCH = b"""
    "type": "list", "label": "Branch", "required": false, "default": "n",
    "values": [{"label": "North", "value": "n"}, {"label": "South", "value": "s"}]
"""
PAYMENT = b"""{
    "id": %s, "state": "%s", "state_detail": null, "action": "%s", "error_code": null,
    "error_description": "", "fields": %s, "validate_uri": null, "id_connector": "59",
    "connector_uuid": "338178e6-3d01-564f-9a7b-52ca442459bf", "validate_mechanism": "webauth",
    "register_date": "2026-03-02 04:11:09", "client_redirect_uri": "https://shop.example/back",
    "client_state": null, "instructions": [{
        "reference_id": "e2e-1", "amount": 12.5000000000, "currency": %s, "label": "Order 42",
        "execution_date_type": "first_open_day", "execution_date": null, "exec_date": "2026-03-03",
        "beneficiary": {
            "id": 7, "id_account": null, "scheme_name": "iban", "label": "Bakery",
            "identification": "FR7630006000011234567890189", "issuer": "AGRIFRPP",
            "bic": "AGRIFRPP", "disabled_date": null
        },
        "beneficiary_identity": [], "start_date": null, "end_date": "", "frequency": null,
        "state": "pending"
    }]
}"""
IN_THE_LIST = b'[{"name": "otp", %s}, {"name": "branch", %s}]' % (OTP, BRANCH)
BY_THEIR_NAMES = b'{"otp": {%s}, "branch": {%s}}' % (OTP, BRANCH)
BY_NAME_AND_NAMED = b'{"otp": {%s, "name": "otp"}, "x": {"name": "branch", %s}}' % (OTP, BRANCH)
THE_FIELDS = (
    PaymentField(
        name="otp", type=PaymentFieldType.TEXT, label="Code", regex=r"^\d{4}$", required=True
    ),
    PaymentField(
        name="branch",
        type=PaymentFieldType.LIST,
        label="Branch",
        required=False,
        default="n",
        values=(
            PaymentFieldValue(label="North", value="n"),
            PaymentFieldValue(label="South", value="s"),
        ),
    ),
)
THE_PAYMENT = Payment(
    id=31,
    state=PaymentState.VALIDATING,
    action=PaymentAction.ADDITIONAL_INFORMATION_NEEDED,
    error_description="",
    fields=THE_FIELDS,
    id_connector=59,
    connector_uuid="338178e6-3d01-564f-9a7b-52ca442459bf",
    validate_mechanism="webauth",
    register_date=MORNING,
    client_redirect_uri="https://shop.example/back",
    instructions=(
        PaymentInstruction(
            reference_id="e2e-1",
            amount=Decimal("12.5000000000"),
            currency=THE_EURO,
            label="Order 42",
            execution_date_type=ExecutionDate.FIRST_OPEN_DAY,
            exec_date=dt.date(2026, 3, 3),
            beneficiary=PaymentAccount(
                id=7,
                scheme_name=PaymentAccountSchemeName.IBAN,
                label="Bakery",
                identification=IBAN,
                issuer="AGRIFRPP",
                bic="AGRIFRPP",
            ),
            state=PaymentInstructionState.PENDING,
        ),
    ),
)


def payment(
    *,
    number: bytes = b"31",
    state: bytes = b"validating",
    action: bytes = b"additionalInformationNeeded",
    fields: bytes = IN_THE_LIST,
    currency: bytes = EURO,
) -> bytes:
    return PAYMENT % (number, state, action, fields, currency)


def the_payment(currency: Currency | None = THE_EURO, **changes: Any) -> Payment:
    """The payment with changes, to its only instruction as well."""
    (instruction,) = THE_PAYMENT.instructions or ()
    paid = attrs.evolve(instruction, currency=currency)
    return attrs.evolve(THE_PAYMENT, instructions=(paid,), **changes)


PAYMENTS: list[tuple[type, bytes, object]] = [
    (Payment, payment(), THE_PAYMENT),
    (Payment, payment(fields=BY_THEIR_NAMES), THE_PAYMENT),
    (Payment, payment(fields=BY_NAME_AND_NAMED), THE_PAYMENT),
    (Payment, payment(fields=b"[]"), the_payment(fields=())),
    (Payment, payment(fields=b"{}"), the_payment(fields=())),
    (Payment, payment(fields=b"null"), the_payment(fields=None)),
    (Payment, payment(currency=b'"EUR"'), the_payment(Currency(id="EUR"))),
    (Payment, payment(currency=b'"XTS"'), the_payment(Currency(id="XTS"))),
    (Payment, payment(currency=b'""'), the_payment(None)),
    (Payment, payment(currency=b"null"), the_payment(None)),
    (Payment, payment(currency=b"[]"), the_payment(None)),
    (Payment, payment(number=b'"31"'), THE_PAYMENT),
    (Payment, payment(state=b"levitating"), the_payment(state="levitating")),
    (Payment, payment(action=b"sing"), the_payment(action="sing")),
    (Payment, b"[%s]" % payment(fields=BY_THEIR_NAMES), THE_PAYMENT),
    (
        PaymentStateUpdatedEvent,
        b'{"id_webhook_data": "9", %s' % payment(fields=BY_THEIR_NAMES)[1:],
        PaymentStateUpdatedEvent(**attrs.asdict(THE_PAYMENT, recurse=False), id_webhook_data=9),
    ),
    (
        PaymentsList,
        b'{"payments": [%s, %s]}'
        % (payment(), payment(number=b'"32"', fields=BY_THEIR_NAMES, currency=b'"EUR"')),
        PaymentsList(payments=(THE_PAYMENT, the_payment(Currency(id="EUR"), id=32))),
    ),
    (
        Payment,
        b"""{
            "id": 31, "state": "pending", "state_detail": "cancelling_webauth",
            "error_code": "cancelledByUser", "payer": [], "payer_identity": null
        }""",
        Payment(
            id=31,
            state=PaymentState.PENDING,
            state_detail="cancelling_webauth",
            error_code=PaymentErrorCode.CANCELLED_BY_USER,
        ),
    ),
    (
        Payment,
        b'{"id": 31, "state_detail": "cancelling", "error_code": "CancelledByUser"}',
        Payment(
            id=31,
            state_detail=PaymentStateDetail.CANCELLING,
            error_code=PaymentErrorCode.CANCELLED_BY_USER,
        ),
    ),
    *(
        (PaymentTerms, b'{"to_sign": %s, "id": "3"}' % wire, PaymentTerms(to_sign=to_sign, id=3))
        for wire, to_sign in (
            (b'"true"', True),
            (b'"True"', True),
            (b"true", True),
            (b"1", True),
            (b'"false"', False),
            (b"false", False),
            (b"null", None),
            (b'""', None),
        )
    ),
    (
        PaymentIncompatibilitiesList,
        b"""[{
            "type": "incompatible", "id_connector": 59, "reasons": [
                {"code": "maxAmount", "type": "incompatible", "description": "Too much",
                 "value_connector": 10.0000000000, "value_payment": "12.50"},
                {"code": "nspMoon", "type": "perhaps", "description": "Moon",
                 "value_connector": ["EUR"], "value_payment": {"at": null}}
            ]
        }]""",
        PaymentIncompatibilitiesList(
            incompatibilities=(
                PaymentConnectorIncompatibility(
                    type=PaymentConnectorIncompatibilityType.INCOMPATIBLE,
                    reasons=(
                        PaymentConnectorIncompatibilityReason(
                            code=PaymentConnectorIncompatibilityCode.MAX_AMOUNT,
                            type=PaymentConnectorIncompatibilityType.INCOMPATIBLE,
                            description="Too much",
                            value_connector=Decimal("10.0000000000"),
                            value_payment="12.50",
                        ),
                        PaymentConnectorIncompatibilityReason(
                            code="nspMoon",
                            type="perhaps",
                            description="Moon",
                            value_connector=["EUR"],
                            value_payment={"at": None},
                        ),
                    ),
                ),
            )
        ),
    ),
    (PaymentIncompatibilitiesList, b"[]", PaymentIncompatibilitiesList(incompatibilities=())),
    (
        PaymentLinksList,
        b"""[{
            "id": "0e9a2c1e-5f0b-4d7c-9a43-1f2e3d4c5b6a", "amount": "12.50", "currency": "EUR",
            "label": "Order 42", "execution_date_type": "instant", "payer": null,
            "redirect": false, "redirect_uri": "", "redirect_state": "", "last_payment_id": "31",
            "url": "https://pay.example/a", "revoked_at": "2026-03-02T04:11:09.000Z",
            "attempt_state": "unavailable"
        }, {"id": "b", "amount": 0E-10, "revoked_at": null, "attempt_state": "levitating"}]""",
        PaymentLinksList(
            payment_links=(
                PaymentLink(
                    id="0e9a2c1e-5f0b-4d7c-9a43-1f2e3d4c5b6a",
                    amount=Decimal("12.50"),
                    currency="EUR",
                    label="Order 42",
                    execution_date_type=ExecutionDate.INSTANT,
                    redirect=False,
                    redirect_uri="",
                    redirect_state="",
                    last_payment_id=31,
                    url="https://pay.example/a",
                    revoked_at=moment("2026-03-02 04:11:09+00:00"),
                    attempt_state=PaymentLinkAttemptState.UNAVAILABLE,
                ),
                PaymentLink(id="b", amount=Decimal("0E-10"), attempt_state="levitating"),
            )
        ),
    ),
    (PaymentLinksList, b"[]", PaymentLinksList(payment_links=())),
]


# --- Wealth --------------------------------------------------------------------------------------

INVESTMENT = b"""{
    "id": "5", "id_account": 12, "label": "World", "code": "FR0010315770", "code_type": "ISIN",
    "stock_symbol": null, "source": null, "description": "", "quantity": 2.0000000000,
    "unitprice": 300.5000000000, "valuation": 620.0000000000, "diff": 0E-10, "prev_diff": 0,
    "vdate": "2026-03-02 00:00:00", "deleted": null, "last_update": "2026-03-02 04:11:09",
    "original_currency": %s, "%s": {
        "performance_1_year": "0.0800000000", "srri": 6, "asset_category": "equity",
        "last_update": "2026-03-02 04:11:09"
    }
}"""
THE_INVESTMENT = Investment(
    id=5,
    id_account=12,
    label="World",
    code="FR0010315770",
    code_type=InvestmentCodeType.ISIN,
    description="",
    quantity=Decimal("2.0000000000"),
    unitprice=Decimal("300.5000000000"),
    valuation=Decimal("620.0000000000"),
    diff=Decimal("0E-10"),
    prev_diff=Decimal(0),
    vdate=dt.date(2026, 3, 2),
    last_update=MORNING,
    original_currency=THE_EURO,
    details=InvestmentDetails(
        performance_1_year=Decimal("0.0800000000"),
        srri=Decimal(6),
        asset_category="equity",
        last_update=MORNING,
    ),
)
AMORTIZATION = b"""{
    "id_account": "12", "payment_date": "2024-02-15", "period": "%s",
    "amortization_amount": {"currency": %s, "value": 650.1200000000},
    "interest_amount": {"value": "62.21", "currency": %s},
    "insurance_amount": {"currency": %s, "value": 0E-10}, "total_payment_amount": null,
    "remaining_capital": [], "calculated": [], "deleted": null,
    "last_update": "2026-03-02 04:11:09"
}"""


def amortization(currency: bytes, period: bytes = b"2024_02") -> bytes:
    return AMORTIZATION % (period, currency, currency, currency)


def the_amortization(currency: str | None, period: str = "2024_02") -> LoanAmortization:
    return LoanAmortization(
        id_account=12,
        payment_date=dt.date(2024, 2, 15),
        period=period,
        amortization_amount=MonetaryAmount(currency=currency, value=Decimal("650.1200000000")),
        interest_amount=MonetaryAmount(currency=currency, value=Decimal("62.21")),
        insurance_amount=MonetaryAmount(currency=currency, value=Decimal("0E-10")),
        calculated=(),
        last_update=MORNING,
    )


WEALTH: list[tuple[type, bytes, object]] = [
    (Investment, INVESTMENT % (EURO, b"details"), THE_INVESTMENT),
    (Investment, INVESTMENT % (EURO, b"detail"), THE_INVESTMENT),
    (
        Investment,
        INVESTMENT % (b'"USD"', b"detail"),
        attrs.evolve(THE_INVESTMENT, original_currency=Currency(id="USD")),
    ),
    (
        InvestmentsList,
        b'{"investments": [%s, %s], "valuation": 1240.0000000000, "diff": 0E-10, "total": "2"}'
        % (INVESTMENT % (EURO, b"detail"), INVESTMENT % (EURO, b"details")),
        InvestmentsList(
            investments=(THE_INVESTMENT, THE_INVESTMENT),
            valuation=Decimal("1240.0000000000"),
            diff=Decimal("0E-10"),
            total=2,
        ),
    ),
    (Investment, b'{"id": 5, "code_type": "MOON"}', Investment(id=5, code_type="MOON")),
    (LoanAmortization, amortization(b'"EUR"'), the_amortization("EUR")),
    (LoanAmortization, amortization(EURO), the_amortization("EUR")),
    (LoanAmortization, amortization(b"null"), the_amortization(None)),
    (
        LoanAmortization,
        amortization(b'{"id": "XTS"}', b"2024-02"),
        the_amortization("XTS", "2024-02"),
    ),
    (
        LoanAmortizationsList,
        b'{"loanamortizations": [%s, %s]}' % (amortization(EURO), amortization(b'"CHF"', b"2024")),
        LoanAmortizationsList(
            loanamortizations=(the_amortization("EUR"), the_amortization("CHF", "2024"))
        ),
    ),
    (
        BankAccount,
        b'{"id": "12", "balance": 12709.5800000000, "coming": 0E-10, "currency": "EUR"}',
        BankAccount(
            id=12,
            balance=Decimal("12709.5800000000"),
            coming=Decimal("0E-10"),
            currency=Currency(id="EUR"),
        ),
    ),
]


# --- Documents, invoices and credit notes --------------------------------------------------------

INVOICE = b"""{
    "id": "8", "id_user": 2, "number": "F-42", "status": "%s", "items": [{
        "title": "Bread", "quantity": 2, "unit_price": {"currency": %s, "value": 1.2500000000},
        "taxes": [], "discounts": [], "total_amount": {"currency": %s, "value": 2.6400000000},
        "%s": {"currency": %s, "value": 2.5000000000}
    }],
    "total_amount": {"currency": %s, "value": 2.6400000000},
    "%s": {"currency": %s, "value": 2.5000000000}, "total_discount_amount": null,
    "paid_amount": 0E-10, "remaining_amount": "2.64", "issue_date": "2026-03-02 04:11:09",
    "attachments": []
}"""
RIGHT, WRONG = b"total_amount_excluding_tax", b"total_amount_exclusing_tax"


def invoice(
    *,
    item: bytes = RIGHT,
    whole: bytes = WRONG,
    currency: bytes = b'"EUR"',
    status: bytes = b"paid",
) -> bytes:
    money = currency
    return INVOICE % (status, money, money, item, money, money, whole, money)


def euros(digits: str) -> InvoiceAmount:
    return InvoiceAmount(currency="EUR", value=Decimal(digits))


THE_INVOICE = Invoice(
    id=8,
    id_user=2,
    number="F-42",
    status=InvoiceStatus.PAID,
    items=(
        InvoiceItem(
            title="Bread",
            quantity=Decimal(2),
            unit_price=euros("1.2500000000"),
            taxes=(),
            discounts=(),
            total_amount=euros("2.6400000000"),
            total_amount_excluding_tax=euros("2.5000000000"),
        ),
    ),
    total_amount=euros("2.6400000000"),
    total_amount_exclusing_tax=euros("2.5000000000"),
    paid_amount=Decimal("0E-10"),
    remaining_amount=Decimal("2.64"),
    issue_date=MORNING,
    attachments=(),
)
CREDIT_NOTE = b"""{
    "id": "3", "id_invoice": "8", "number": "A-1", "status": "torn",
    "%s": {"currency": %s, "value": 2.5000000000},
    "shipping_amount": {"currency": %s, "value": 0E-10}, "amount_paid_out_of_platform": 1.5,
    "issue_date": "2026-03-02 04:11:09", "deleted": ""
}"""
THE_CREDIT_NOTE = CreditNote(
    id=3,
    id_invoice=8,
    number="A-1",
    status="torn",
    total_amount_exclusing_tax=CreditNoteAmount(currency="EUR", value=Decimal("2.5000000000")),
    shipping_amount=CreditNoteAmount(currency="EUR", value=Decimal("0E-10")),
    amount_paid_out_of_platform=Decimal("1.5"),
    issue_date=MORNING,
)
THE_TYPES = DocumentTypesList(
    documenttypes=(
        DocumentTypeEntry(name=DocumentTypeName.BILL),
        DocumentTypeEntry(name=DocumentTypeName.RIB),
        DocumentTypeEntry(name="papyrus"),
    )
)

PAPERS: list[tuple[type, bytes, object]] = [
    *(
        (Invoice, invoice(item=item, whole=whole), THE_INVOICE)
        for item in (RIGHT, WRONG)
        for whole in (RIGHT, WRONG)
    ),
    (Invoice, invoice(currency=EURO), THE_INVOICE),
    (Invoice, invoice(currency=EURO, item=WRONG, whole=RIGHT), THE_INVOICE),
    (Invoice, invoice(status=b"eaten"), attrs.evolve(THE_INVOICE, status="eaten")),
    *(
        (CreditNote, CREDIT_NOTE % (spelling, currency, currency), THE_CREDIT_NOTE)
        for spelling in (RIGHT, WRONG)
        for currency in (b'"EUR"', EURO)
    ),
    (DocumentTypesList, b'{"documenttypes": ["bill", "RIB", "papyrus"]}', THE_TYPES),
    (DocumentTypesList, b'["bill", "RIB", "papyrus"]', THE_TYPES),
    (
        DocumentTypesList,
        b'{"documenttypes": [{"name": "bill"}, {"name": "RIB"}, {"name": "papyrus"}]}',
        THE_TYPES,
    ),
    (DocumentTypesList, b'{"documenttypes": [{"name": "bill"}, "RIB", "papyrus"]}', THE_TYPES),
    (
        DocumentTypesList,
        b"""{"documenttypes": [
            {"id": "1", "name": "bill", "attacheable": true},
            {"id": 2, "name": "papyrus", "attacheable": 0}
        ], "total": 2}""",
        DocumentTypesList(
            documenttypes=(
                DocumentTypeEntry(id=1, name=DocumentTypeName.BILL, attacheable=True),
                DocumentTypeEntry(id=2, name="papyrus", attacheable=False),
            ),
            total=2,
        ),
    ),
    (DocumentTypesList, b"[]", DocumentTypesList(documenttypes=())),
]


# --- Owners --------------------------------------------------------------------------------------

OWNERSHIP = b"""{
    "id_account": "12", "id_connection": 3, "id_user": 2, "id_connector_source": 5,
    "name": "MRS DURAND", "bank_name": "Connecteur de test", "multiple_holders": %s,
    "calculated": ["multiple_holders"], "usage": null,
    "parties": [
        {"role": "holder", "identity": {"is_user": true, "full_name": "MRS DURAND"}},
        {"role": "ghost", "identity": null}
    ],
    "identifications": [{"scheme_name": "iban", "identification": "%s"}]
}"""


def ownership(multiple_holders: bytes) -> bytes:
    return OWNERSHIP % (multiple_holders, IBAN.encode())


def the_ownership(*, multiple_holders: bool | None) -> AccountOwnership:
    return AccountOwnership(
        id_account=12,
        id_connection=3,
        id_user=2,
        id_connector_source=5,
        name="MRS DURAND",
        bank_name="Connecteur de test",
        multiple_holders=multiple_holders,
        calculated=("multiple_holders",),
        parties=(
            AccountParty(
                role=AccountPartyRole.HOLDER,
                identity=IdentityParty(is_user=True, full_name="MRS DURAND"),
            ),
            AccountParty(role="ghost"),
        ),
        identifications=(
            AccountIdentification(scheme_name=AccountSchemeName.IBAN, identification=IBAN),
        ),
    )


HOLDERS = [
    (b'"null"', None),
    (b"null", None),
    (b'""', None),
    (b"true", True),
    (b'"true"', True),
    (b"1", True),
    (b"false", False),
    (b'"0"', False),
]

OWNERS: list[tuple[type, bytes, object]] = [
    *(
        (AccountOwnership, ownership(wire), the_ownership(multiple_holders=several))
        for wire, several in HOLDERS
    ),
    (
        AccountOwnershipsList,
        b'{"account_ownerships": [%s, %s]}' % (ownership(b"true"), ownership(b'"null"')),
        AccountOwnershipsList(
            account_ownerships=(
                the_ownership(multiple_holders=True),
                the_ownership(multiple_holders=None),
            )
        ),
    ),
    *(
        (
            AccountOwnershipsFoundEvent,
            b'{"account_ownerships": %s, "id_webhook_data": 9}' % wire,
            AccountOwnershipsFoundEvent(
                account_ownerships=(the_ownership(multiple_holders=None),), id_webhook_data=9
            ),
        )
        for wire in (ownership(b"null"), b"[%s]" % ownership(b'"null"'))
    ),
    *(
        (
            AccountOwnershipsFoundEvent,
            b'{"account_ownerships": %s, "id_webhook_data": 9}' % wire,
            AccountOwnershipsFoundEvent(account_ownerships=found, id_webhook_data=9),
        )
        for wire, found in ((b"[]", ()), (b"{}", ()), (b"null", None))
    ),
    (
        AccountOwnership,
        b'{"usage": "PRIV"}',
        AccountOwnership(usage=BankAccountUsage.PRIV),
    ),
]


# --- Connections and connectors ------------------------------------------------------------------

CONNECTION = b"""{
    "id": %s, "id_user": 2, "id_connector": 59, "state": "%s", "error": "", "error_message": null,
    "fields": {}, "last_update": "2026-03-02 04:11:09", "created": null, "active": true,
    "expire": "0000-00-00 00:00:00", "connector_uuid": "338178e6-3d01-564f-9a7b-52ca442459bf"
}"""
THE_CONNECTION = Connection(
    id=3,
    id_user=2,
    id_connector=59,
    state=ConnectionState.WRONGPASS,
    error="",
    fields=(),
    last_update=MORNING,
    active=True,
    connector_uuid="338178e6-3d01-564f-9a7b-52ca442459bf",
)
BANKS = b"""[
    {"id": "59", "name": "Connecteur de test", "uuid": "338178e6-3d01-564f-9a7b-52ca442459bf"},
    {"id": 60, "name": "Papier", "uuid": "u"}
]"""
THE_BANKS = (
    Connector(id=59, name="Connecteur de test", uuid="338178e6-3d01-564f-9a7b-52ca442459bf"),
    Connector(id=60, name="Papier", uuid="u"),
)

CONNECTIONS: list[tuple[type, bytes, object]] = [
    (Connection, CONNECTION % (b"3", b"wrongpass"), THE_CONNECTION),
    (
        Connection,
        b'{"connection": %s, "message": "not forced"}' % (CONNECTION % (b'"3"', b"wrongpass")),
        THE_CONNECTION,
    ),
    (
        Connection,
        CONNECTION % (b"3", b"asleep"),
        attrs.evolve(THE_CONNECTION, state="asleep"),
    ),
    (
        ConnectionSyncedEvent,
        b'{"user": {"id": "2"}, "connection": %s, "id_webhook_data": 9}'
        % (CONNECTION % (b"3", b"wrongpass")),
        ConnectionSyncedEvent(user=User(id=2), connection=THE_CONNECTION, id_webhook_data=9),
    ),
    (
        ConnectionDeletedEvent,
        b'{"id": "3", "id_user": 2, "id_webhook_data": "9"}',
        ConnectionDeletedEvent(id=3, id_user=2, id_webhook_data=9),
    ),
    (
        ConnectorsList,
        b'{"connectors": %s, "total": 2}' % BANKS,
        ConnectorsList(connectors=THE_BANKS, total=2),
    ),
    (
        ConnectorsList,
        b'{"banks": %s, "total": 2}' % BANKS,
        ConnectorsList(connectors=THE_BANKS, banks=THE_BANKS, total=2),
    ),
    (
        ConnectorsList,
        b'{"providers": %s}' % BANKS,
        ConnectorsList(connectors=THE_BANKS, providers=THE_BANKS),
    ),
    (
        ConnectorsList,
        b'{"connectors": [], "banks": %s}' % BANKS,
        ConnectorsList(connectors=(), banks=THE_BANKS),
    ),
    (ConnectorsList, b'{"banks": []}', ConnectorsList(connectors=(), banks=())),
    (ConnectorsList, BANKS, ConnectorsList(connectors=THE_BANKS)),
    (
        ConnectorsList,
        b'{"id": "60", "name": "Papier", "uuid": "u"}',
        ConnectorsList(connectors=THE_BANKS[1:]),
    ),
]


# --- Administration ------------------------------------------------------------------------------

SIGN_KEYS = b"""[
    {"id": "6", "public_key": "-----BEGIN PUBLIC KEY-----", "deprecated": "2026-03-02 04:11:09"},
    {"id": 7, "public_key": "-----BEGIN PUBLIC KEY-----", "deprecated": null}
]"""
THE_SIGN_KEYS = SignKeysList(
    keys=(
        SignKey(id=6, public_key="-----BEGIN PUBLIC KEY-----", deprecated=MORNING),
        SignKey(id=7, public_key="-----BEGIN PUBLIC KEY-----"),
    )
)

ADMINISTRATION: list[tuple[type, bytes, object]] = [
    *(
        (SignKeysList, wire % SIGN_KEYS, THE_SIGN_KEYS)
        for wire in (
            b"%s",
            b'{"keys": %s}',
            b'{"signkeys": %s}',
            b'{"sign_keys": %s, "total": 2}',
            b'{"whatever": %s, "_links": null, "more": {"a": 1}}',
        )
    ),
    (SignKeysList, b'{"id": 6}', SignKeysList(keys=(SignKey(id=6),))),
    *((SignKeysList, wire, SignKeysList(keys=())) for wire in (b"[]", b'{"signkeys": []}')),
    (
        ConfigLogsList,
        b"""{"configlogs": [
            {"id": "1", "key": "oauth2.enabled", "previous_value": null, "new_value": "1",
             "type": "add", "timestamp": "2026-03-02 04:11:09"},
            {"id": 2, "key": "force_pdf", "previous_value": 1, "new_value": "0",
             "type": "rewrite", "timestamp": "0000-00-00 00:00:00"}
        ], "total": 2}""",
        ConfigLogsList(
            configlogs=(
                ConfigLog(
                    id=1,
                    key="oauth2.enabled",
                    new_value="1",
                    type=ConfigLogType.ADD,
                    timestamp=MORNING,
                ),
                ConfigLog(id=2, key="force_pdf", previous_value="1", new_value="0", type="rewrite"),
            ),
            total=2,
        ),
    ),
    (
        ConfigLogsList,
        b'{"oauth2.enabled": "1", "payment.max_amount": 10, "biapi.manager.email": null}',
        ConfigLogsList(
            configlogs=(
                ConfigLog(key="oauth2.enabled", new_value="1"),
                ConfigLog(key="payment.max_amount", new_value="10"),
                ConfigLog(key="biapi.manager.email"),
            )
        ),
    ),
    *(
        (ConfigLogsList, wire, ConfigLogsList(configlogs=()))
        for wire in (b"[]", b'{"configlogs": []}', b'{"configlogs": null}')
    ),
    *(
        (
            ClientApp,
            b'{"id": "11", "name": "Shop", "redirect_uris": %s, "config": %s}' % (wire, config),
            ClientApp(id=11, name="Shop", redirect_uris=uris, config=read),
        )
        for wire, uris in (
            (
                b'["https://a.example", "https://b.example"]',
                ("https://a.example", "https://b.example"),
            ),
            (b'"https://a.example"', ("https://a.example",)),
            # What separates several is documented nowhere, so they are left together.
            (b'"https://a.example,https://b.example"', ("https://a.example,https://b.example",)),
            (b"[]", ()),
            (b'""', None),
            (b"null", None),
        )
        for config, read in ((b'"{}"', "{}"), (b'{"theme": "dark"}', {"theme": "dark"}))
    ),
]


OBJECTS = [*PAYMENTS, *WEALTH, *PAPERS, *OWNERS, *CONNECTIONS, *ADMINISTRATION]
NAMES = [f"{model.__name__}-{number}" for number, (model, _, _) in enumerate(OBJECTS)]


@pytest.mark.parametrize(("model", "content", "expected"), OBJECTS, ids=NAMES)
def test_object(
    model: type,
    content: bytes,
    expected: object,
    decode_both_ways: DecodeBothWays,
    anatomy: Anatomy,
) -> None:
    assert anatomy(decode_both_ways(content, model)) == anatomy(expected)


def flexible_models() -> Iterator[type[Model]]:
    """All models that know another form of themselves."""
    for name in models.__all__:
        model = getattr(models, name)
        own = vars(model).keys() & {"reshape", "_other_spellings"}
        if own and issubclass(model, Model) and model is not Envelope:
            yield model


def parts_of(value: object) -> Iterator[type]:
    """The classes of all models in a value."""
    if isinstance(value, Model) and attrs.has(type(value)):
        yield type(value)
        for field in attrs.fields(type(value)):
            yield from parts_of(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from parts_of(item)


def test_no_form_of_any_model_was_forgotten() -> None:
    shown = {part for _, _, expected in OBJECTS for part in parts_of(expected)}
    assert set(flexible_models()) <= shown


def spellings() -> list[Any]:
    return [
        pytest.param(model, name, other, id=f"{model.__name__}.{other}")
        for model in flexible_models()
        for name, other in model._other_spellings.items()
    ]


@pytest.mark.parametrize(("model", "name", "other"), spellings())
def test_another_spelling_ends_up_in_the_one_field(
    model: type,
    name: str,
    other: str,
    full_body: Callable[..., bytes],
    decode_both_ways: DecodeBothWays,
) -> None:
    body = json.loads(full_body(model))
    value = body.pop(other)
    told = decode_both_ways(json.dumps({**body, name: value}).encode(), model)
    assert getattr(told, name) is not None
    assert getattr(told, other) is None
    del body[name]
    assert decode_both_ways(json.dumps({**body, other: value}).encode(), model) == told
    made = attrs.evolve(told, **{name: None, other: getattr(told, name)})
    assert made == told


@pytest.mark.parametrize(("model", "name", "other"), spellings())
def test_of_two_spellings_the_documented_one_is_kept(
    model: type, name: str, other: str, full_body: Callable[..., bytes]
) -> None:
    body = json.loads(full_body(model))
    both = decode(json.dumps({**body, other: {}}).encode(), model)
    alone = decode(json.dumps({**body, other: None}).encode(), model)
    assert getattr(both, other) != getattr(both, name) == getattr(alone, name)


@pytest.mark.parametrize(
    ("model", "content", "place"),
    [
        (Payment, b'{"id": 1, "fields": "otp"}', r"PaymentField at fields\[0\]"),
        (Payment, b'{"id": 1, "instructions": [{"currency": 7}]}', "currency"),
        (MonetaryAmount, b'{"currency": ["EUR", "USD"], "value": 1}', "currency"),
        (DocumentTypesList, b'{"documenttypes": [7]}', "documenttypes"),
        (SignKeysList, b'{"one": [], "two": []}', "lacks keys"),
        (SignKeysList, b'{"keys": "none"}', "keys"),
        (ConfigLogsList, b'{"oauth2.enabled": {"deep": 1}}', "new_value"),
        (ConnectorsList, b'{"banken": []}', "lacks connectors"),
        (ConnectorsList, b'{"banks": 7.5}', "connectors"),
        (Connection, b'{"connection": null, "message": "x"}', "Connection"),
        (Connection, b'{"message": "x"}', "lacks id"),
        (AccountOwnershipsFoundEvent, b'{"account_ownerships": "x"}', "account_ownerships"),
        (AccountOwnership, b'{"multiple_holders": "several"}', "multiple_holders"),
        (PaymentTerms, b'{"to_sign": "yes please"}', "to_sign"),
        (PaymentLinksList, b'[{"amount": 1}]', "lacks"),
        (PaymentIncompatibilitiesList, b"7", "PaymentIncompatibilitiesList"),
        (Investment, b'{"id": 1, "detail": 7}', "detail"),
    ],
)
def test_what_is_in_no_form_is_refused_alike(
    model: type,
    content: bytes,
    place: str,
    outcomes: Callable[[bytes, type], tuple[object, object]],
) -> None:
    with pytest.raises(PowensSerializationError, match=place):
        decode(content, model)
    fast, forgiving = outcomes(content, model)
    assert fast == forgiving


# --- The state of a connection -------------------------------------------------------------------

# What the guides say to do; the second column is whether the connection waits for its user.
RESOLUTIONS = {
    ConnectionState.SCA_REQUIRED: (ConnectionResolution.AUTHENTICATE, True),
    ConnectionState.WEBAUTH_REQUIRED: (ConnectionResolution.WEBAUTH, True),
    ConnectionState.ADDITIONAL_INFORMATION_NEEDED: (ConnectionResolution.ENTER_FIELDS, True),
    ConnectionState.DECOUPLED: (ConnectionResolution.APPROVE, True),
    ConnectionState.VALIDATING: (ConnectionResolution.WAIT, False),
    ConnectionState.ACTION_NEEDED: (ConnectionResolution.ACT_AT_BANK, True),
    ConnectionState.PASSWORD_EXPIRED: (ConnectionResolution.NEW_CREDENTIALS, True),
    ConnectionState.WRONGPASS: (ConnectionResolution.NEW_CREDENTIALS, True),
    ConnectionState.RATE_LIMITING: (ConnectionResolution.RETRIED, False),
    ConnectionState.WEBSITE_UNAVAILABLE: (ConnectionResolution.RETRIED, False),
    ConnectionState.BUG: (ConnectionResolution.RETRIED, False),
    ConnectionState.NOT_SUPPORTED: (ConnectionResolution.NONE_KNOWN, False),
}
NO_STATE = [None, "", "null"]


@pytest.mark.parametrize("state", ConnectionState)
@pytest.mark.parametrize("field", ["state", "error"])
@pytest.mark.parametrize("other", [b"null", b'""', b'"null"'])
def test_every_state_has_its_resolution(
    state: ConnectionState, field: str, other: bytes, decode_both_ways: DecodeBothWays
) -> None:
    silent = {"state": "error", "error": "state"}[field]
    content = b'{"id": 3, "%s": "%s", "%s": %s}' % (
        *(field.encode(), state.value.encode()),
        *(silent.encode(), other),
    )
    connection = decode_both_ways(content, Connection)
    assert connection.effective_state is state
    resolution, needs_user = RESOLUTIONS[state]
    assert connection.resolution is resolution
    assert connection.resolution.needs_user is needs_user


@pytest.mark.parametrize("state", NO_STATE)
@pytest.mark.parametrize("error", NO_STATE)
def test_nothing_is_wrong_however_it_is_spelled(state: str | None, error: str | None) -> None:
    connection = Connection(id=3, state=state, error=error)
    assert connection.effective_state is None
    assert connection.resolution is ConnectionResolution.NOTHING
    assert not connection.resolution.needs_user


def test_a_state_goes_before_the_older_error() -> None:
    connection = Connection(id=3, state=ConnectionState.DECOUPLED, error=ConnectionState.BUG)
    assert connection.effective_state is ConnectionState.DECOUPLED
    assert connection.resolution is ConnectionResolution.APPROVE


def test_a_state_that_nobody_knows_has_no_resolution() -> None:
    connection = Connection(id=3, state="asleep")
    assert connection.effective_state == "asleep"
    assert connection.resolution is ConnectionResolution.NONE_KNOWN
    assert not connection.resolution.needs_user


def test_a_state_written_as_text_is_that_state() -> None:
    assert Connection(id=3, state="wrongpass").resolution is ConnectionResolution.NEW_CREDENTIALS


@pytest.mark.parametrize("resolution", ConnectionResolution)
def test_a_resolution_is_its_text(resolution: ConnectionResolution) -> None:
    assert ConnectionResolution(str(resolution)) is resolution
    assert type(resolution.needs_user) is bool
