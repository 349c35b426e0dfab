"""Payments, their terms, and payment links."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from powens import (
    AuthScope,
    ExecutionDate,
    ExecutionFrequency,
    Payment,
    PaymentAccount,
    PaymentAccountSchemeName,
    PaymentAction,
    PaymentConnectorIncompatibility,
    PaymentConnectorIncompatibilityCode,
    PaymentConnectorIncompatibilityReason,
    PaymentConnectorIncompatibilityType,
    PaymentDateFilter,
    PaymentErrorCode,
    PaymentField,
    PaymentFieldType,
    PaymentIdentity,
    PaymentIdentityKind,
    PaymentIncompatibilitiesList,
    PaymentInitRequest,
    PaymentInstruction,
    PaymentInstructionState,
    PaymentLink,
    PaymentLinkAttemptState,
    PaymentLinkRequest,
    PaymentLinksList,
    PaymentOrderBy,
    PaymentScopedToken,
    PaymentsList,
    PaymentState,
    PaymentStateDetail,
    PaymentTerms,
    PaymentValidateRequest,
    TermsContent,
)
from powens.models import Currency

from . import Call, Method

AT = "/payments/31"
LINKS = "https://payment-links.powens.com/api/payment-links"
LINK_ID = "0e9a2c1e-5f0b-4d7c-9a43-1f2e3d4c5b6a"
BACK = "https://shop.example/back"
IBAN = "FR7630006000011234567890189"

_ACCOUNT = {"scheme_name": "iban", "identification": IBAN, "label": "Bakery"}
_THE_ACCOUNT = PaymentAccount(
    scheme_name=PaymentAccountSchemeName.IBAN, identification=IBAN, label="Bakery"
)
_PERSON = {"first_name": "Camille", "last_name": "Durand"}
_THE_PERSON = PaymentIdentity(first_name="Camille", last_name="Durand")
_COMPANY = {"kind": "corporate", "org_name": "Bakery"}
_THE_COMPANY = PaymentIdentity(kind=PaymentIdentityKind.CORPORATE, org_name="Bakery")

# As the API answers: ten decimals, the whole currency.
_PAYMENT = {
    "id": 31,
    "state": "pending",
    "state_detail": "cancelling",
    "action": "additionalInformationNeeded",
    "error_code": None,
    "fields": [{"name": "otp", "type": "text", "label": "Code", "required": True}],
    "validate_uri": "https://bank.example/cancel",
    "register_date": "2026-03-02 04:11:09",
    "instructions": [
        {
            "reference_id": "e2e-1",
            "amount": "12.5000000000",
            "currency": {"id": "EUR", "symbol": "€"},
            "label": "Order 42",
            "execution_date_type": "first_open_day",
            "beneficiary": _ACCOUNT,
            "state": "pending",
        }
    ],
}
_THE_PAYMENT = Payment(
    id=31,
    state=PaymentState.PENDING,
    state_detail=PaymentStateDetail.CANCELLING,
    action=PaymentAction.ADDITIONAL_INFORMATION_NEEDED,
    fields=(PaymentField(name="otp", type=PaymentFieldType.TEXT, label="Code", required=True),),
    validate_uri="https://bank.example/cancel",
    register_date=dt.datetime.fromisoformat("2026-03-02 04:11:09"),
    instructions=(
        PaymentInstruction(
            reference_id="e2e-1",
            amount=Decimal("12.5000000000"),
            currency=Currency(id="EUR", symbol="€"),
            label="Order 42",
            execution_date_type=ExecutionDate.FIRST_OPEN_DAY,
            beneficiary=_THE_ACCOUNT,
            state=PaymentInstructionState.PENDING,
        ),
    ),
)
_PAYMENTS = {"payments": [_PAYMENT], "total": 1}
_THE_PAYMENTS = PaymentsList(payments=(_THE_PAYMENT,), total=1)
_TERMS = {"to_sign": "true", "id": 3, "version": "2.1", "created": "2026-01-01 00:00:00"}
_THE_TERMS = PaymentTerms(
    to_sign=True, id=3, version="2.1", created=dt.datetime.fromisoformat("2026-01-01 00:00:00")
)

_LINK = {
    "id": LINK_ID,
    "amount": 12.5,
    "currency": "EUR",
    "label": "Order 42",
    "execution_date_type": "instant",
    "beneficiary": _ACCOUNT,
    "beneficiary_identity": _COMPANY,
    "payer": None,
    "payer_identity": _PERSON,
    "redirect": False,
    "redirect_uri": "",
    "redirect_state": "",
    "last_payment_id": 31,
    "url": "https://pay.example/abc",
    "revoked_at": None,
    "attempt_state": "unavailable",
}
_THE_LINK = PaymentLink(
    id=LINK_ID,
    amount=Decimal("12.5"),
    currency="EUR",
    label="Order 42",
    execution_date_type=ExecutionDate.INSTANT,
    beneficiary=_THE_ACCOUNT,
    beneficiary_identity=_THE_COMPANY,
    payer_identity=_THE_PERSON,
    redirect=False,
    redirect_uri="",
    redirect_state="",
    last_payment_id=31,
    url="https://pay.example/abc",
    attempt_state=PaymentLinkAttemptState.UNAVAILABLE,
)

METHODS = {
    "payments.list": Method(_PAYMENTS, _THE_PAYMENTS),
    "payments.list_all": Method(_PAYMENTS, _THE_PAYMENTS),
    "payments.create": Method(_PAYMENT, _THE_PAYMENT),
    "payments.get": Method(_PAYMENT, _THE_PAYMENT),
    "payments.validate": Method(_PAYMENT, _THE_PAYMENT),
    "payments.resume": Method(_PAYMENT, _THE_PAYMENT),
    "payments.submit_fields": Method(_PAYMENT, _THE_PAYMENT),
    "payments.submit_psu_validation": Method(_PAYMENT, _THE_PAYMENT),
    "payments.confirm": Method(_PAYMENT, _THE_PAYMENT),
    "payments.cancel": Method(_PAYMENT, _THE_PAYMENT),
    "payments.create_scoped_token": Method(
        {"token": "t0ken", "scope": "payments:validate", "id_payment": 31, "expires_in": 604800},
        PaymentScopedToken(
            token="t0ken", scope="payments:validate", id_payment=31, expires_in=604800
        ),
    ),
    # A bare list, without a word on which connector an entry is about.
    "payments.list_incompatibilities": Method(
        [
            {
                "type": "incompatible",
                "reasons": [
                    {
                        "code": "maxAmount",
                        "type": "incompatible",
                        "description": "Too much",
                        "value_connector": 10,
                        "value_payment": "12.50",
                    }
                ],
            }
        ],
        PaymentIncompatibilitiesList(
            incompatibilities=(
                PaymentConnectorIncompatibility(
                    type=PaymentConnectorIncompatibilityType.INCOMPATIBLE,
                    reasons=(
                        PaymentConnectorIncompatibilityReason(
                            code=PaymentConnectorIncompatibilityCode.MAX_AMOUNT,
                            type=PaymentConnectorIncompatibilityType.INCOMPATIBLE,
                            description="Too much",
                            value_connector=10,
                            value_payment="12.50",
                        ),
                    ),
                ),
            )
        ),
    ),
    "payments.get_terms": Method(_TERMS, _THE_TERMS),
    "payments.accept_terms": Method({"success": "ok"}, None),
    "payments.get_current_terms": Method(
        {"terms": {"id": 3, "version": "2.1"}, "content": "Read me.", "language": "en"},
        TermsContent(terms=PaymentTerms(id=3, version="2.1"), content="Read me.", language="en"),
        needed=False,
    ),
    "payment_links.list": Method([_LINK], PaymentLinksList(payment_links=(_THE_LINK,))),
    "payment_links.list_all": Method([_LINK], PaymentLinksList(payment_links=(_THE_LINK,))),
    "payment_links.create": Method(_LINK, _THE_LINK),
    "payment_links.get": Method(_LINK, _THE_LINK),
    "payment_links.revoke": Method(None, None, status=204),
}

# All filters of the listing, in the words of the caller and of the wire.
_FILTERS = {
    "reverse": True,
    "filter": PaymentDateFilter.VALIDATE_DATE,
    "min_date": dt.date(2026, 3, 1),
    "max_date": "2026-04",
    "connector_uuid": "338178e6-3d01-564f-9a7b-52ca442459bf",
    "id_connector": 59,
    "id_connector_source": 5,
    "state": PaymentState.REJECTED,
    "error_code": PaymentErrorCode.CANCELLED_BY_USER,
    "bank_payment_id": "b/1",
    "website": "pro",
    "payer_identification": IBAN,
    "beneficiary_identification": "20000055779911",
    "reference_id": "e2e 1",
    "execution_date_type": ExecutionDate.INSTANT,
    "order_by": PaymentOrderBy.INSTRUCTION_COUNT,
    "country": ("FR", "DE"),
    "show_sensitive": True,
}
_FILTERED = (
    "reverse=true&filter=validate_date&min_date=2026-03-01&max_date=2026-04"
    "&connector_uuid=338178e6-3d01-564f-9a7b-52ca442459bf&id_connector=59&id_connector_source=5"
    "&state=rejected&error_code=CancelledByUser&bank_payment_id=b%2F1&website=pro"
    f"&payer_identification={IBAN}&beneficiary_identification=20000055779911"
    "&reference_id=e2e%201&execution_date_type=instant&order_by=instruction_count&country=FR,DE"
    "&show_sensitive=true"
)

_ONCE = PaymentInstruction.to(_THE_ACCOUNT, amount="12.50", label="Order 42")
_ONCE_SENT = {
    "amount": 12.5,
    "currency": "EUR",
    "label": "Order 42",
    "execution_date_type": "first_open_day",
    "beneficiary": _ACCOUNT,
}
_FOR_EVER = PaymentInstruction.periodic(
    _THE_ACCOUNT,
    amount=Decimal("700.00"),
    label="Rent",
    frequency=ExecutionFrequency.TWO_MONTHLY,
    start_date=dt.date(2026, 4, 1),
)
_FOR_EVER_SENT = {
    "amount": 700,
    "currency": "EUR",
    "label": "Rent",
    "execution_date_type": "periodic",
    "frequency": "two-monthly",
    "start_date": "2026-04-01",
    "beneficiary": _ACCOUNT,
}
_LINK_REQUEST = {
    "amount": Decimal("12.50"),
    "currency": "EUR",
    "label": "Order 42",
    "execution_date_type": ExecutionDate.FIRST_OPEN_DAY,
    "beneficiary": _THE_ACCOUNT,
    "beneficiary_identity": _THE_COMPANY,
    "payer": None,
    "payer_identity": _THE_PERSON,
    "redirect": False,
}
_LINK_SENT = {
    "amount": 12.5,
    "currency": "EUR",
    "label": "Order 42",
    "execution_date_type": "first_open_day",
    "beneficiary": _ACCOUNT,
    "beneficiary_identity": _COMPANY,
    "payer": None,
    "payer_identity": _PERSON,
    "redirect": False,
}


def _on_the_way(method, sent, /, **arguments):
    """A step of a payment under way: alone, and with the sensitive fields."""
    return (
        Call(method, f"POST {AT}", sent, payment_id=31, **arguments),
        Call(
            method,
            f"POST {AT}?show_sensitive=true",
            sent,
            payment_id=31,
            show_sensitive=True,
            **arguments,
        ),
    )


CALLS = [
    Call("payments.list", "GET /payments"),
    Call("payments.list", "GET /payments", show_sensitive=False, min_date=None, country=None),
    Call(
        "payments.list",
        "GET /payments?reverse=false&connector_uuid=null&id_connector=null&country=FR",
        reverse=False,
        connector_uuid="null",
        id_connector="null",
        country="FR",
    ),
    Call(
        "payments.list",
        f"GET /payments?{_FILTERED}&limit=10&offset=20",
        **_FILTERS,
        limit=10,
        cursor="offset=20",
    ),
    Call("payments.list_all", "GET /payments"),
    Call("payments.list_all", f"GET /payments?limit=10&{_FILTERED}", **_FILTERS, limit=10),
    Call(
        "payments.create",
        "POST /payments",
        {"client_redirect_uri": BACK, "instructions": [_ONCE_SENT]},
        body=PaymentInitRequest(client_redirect_uri=BACK, instructions=[_ONCE]),
    ),
    Call(
        "payments.create",
        "POST /payments?show_sensitive=true",
        {
            "connector_uuid": "u",
            "id_connector": 59,
            "client_redirect_uri": BACK,
            "client_state": "order=42",
            "instructions": [_FOR_EVER_SENT],
            "operator_identity": _PERSON,
            "payer": _ACCOUNT,
            "payer_identity": _COMPANY,
        },
        show_sensitive=True,
        body=PaymentInitRequest(
            connector_uuid="u",
            id_connector=59,
            client_redirect_uri=BACK,
            client_state="order=42",
            instructions=(_FOR_EVER,),
            operator_identity=_THE_PERSON,
            payer=_THE_ACCOUNT,
            payer_identity=_THE_COMPANY,
        ),
    ),
    Call("payments.get", f"GET {AT}", payment_id=31),
    Call("payments.get", f"GET {AT}?show_sensitive=true", payment_id=31, show_sensitive=True),
    *_on_the_way(
        "payments.validate",
        {"validate_mechanism": "webauth", "webview_url": "https://shop.example/pay?step=1"},
        # There is nothing to encrypt, so no key is asked for.
        encrypt=True,
        body=PaymentValidateRequest(
            validate_mechanism="webauth", webview_url="https://shop.example/pay?step=1"
        ),
    ),
    *_on_the_way(
        "payments.validate",
        {
            "connector_uuid": "u",
            "id_connector": 59,
            "validate_mechanism": "webauth",
            "fields": {"login": "ey..."},
            "website": "pro",
            "payer": _ACCOUNT,
            "webview_url": "https://shop.example/pay",
            "validated": True,
        },
        body=PaymentValidateRequest(
            connector_uuid="u",
            id_connector=59,
            validate_mechanism="webauth",
            fields={"login": "ey..."},
            website="pro",
            payer=_THE_ACCOUNT,
            webview_url="https://shop.example/pay",
            validated=True,
        ),
    ),
    *_on_the_way("payments.resume", {"resume": True}),
    *_on_the_way(
        "payments.submit_fields", {"fields": {"openapisms": "1234"}}, fields={"openapisms": "1234"}
    ),
    *_on_the_way("payments.submit_psu_validation", {"psu_validate": True}, psu_validate=True),
    *_on_the_way("payments.submit_psu_validation", {"psu_validate": False}, psu_validate=False),
    *_on_the_way("payments.confirm", {"confirm": True}, confirm=True),
    *_on_the_way("payments.confirm", {"confirm": False}, confirm=False),
    *_on_the_way(
        "payments.cancel", {"cancel": True, "client_redirect_uri": BACK}, client_redirect_uri=BACK
    ),
    *_on_the_way(
        "payments.cancel",
        {"cancel": True, "client_redirect_uri": BACK, "client_state": "order=42"},
        client_redirect_uri=BACK,
        client_state="order=42",
    ),
    Call(
        "payments.create_scoped_token",
        f"POST {AT}/scopedtoken",
        {"scope": "payments:validate"},
        payment_id=31,
        scope=AuthScope.PAYMENTS_VALIDATE,
    ),
    Call(
        "payments.create_scoped_token",
        f"POST {AT}/scopedtoken",
        {"scope": ["payments:validate", "payments:new"]},
        payment_id=31,
        scope=[AuthScope.PAYMENTS_VALIDATE, "payments:new"],
    ),
    Call("payments.list_incompatibilities", f"GET {AT}/incompatibilities", payment_id=31),
    Call(
        "payments.list_incompatibilities",
        f"GET {AT}/incompatibilities?all=true",
        payment_id=31,
        include_all=True,
    ),
    Call("payments.get_terms", f"GET {AT}/terms", payment_id=31),
    Call("payments.accept_terms", f"POST {AT}/terms", {"id_terms": 3}, payment_id=31, id_terms=3),
    Call("payments.get_current_terms", "GET /terms"),
    Call("payment_links.list", f"GET {LINKS}"),
    Call("payment_links.list_all", f"GET {LINKS}"),
    Call(
        "payment_links.create",
        f"POST {LINKS}",
        _LINK_SENT,
        body=PaymentLinkRequest(**_LINK_REQUEST),
    ),
    Call(
        "payment_links.create",
        f"POST {LINKS}",
        _LINK_SENT
        | {
            "reference_id": "e2e-1",
            "payer": _ACCOUNT,
            "operator_identity": _PERSON,
            "redirect": True,
            "redirect_uri": BACK,
            "redirect_state": "order=42",
        },
        body=PaymentLinkRequest(
            **_LINK_REQUEST
            | {
                "reference_id": "e2e-1",
                "payer": _THE_ACCOUNT,
                "operator_identity": _THE_PERSON,
                "redirect": True,
                "redirect_uri": BACK,
                "redirect_state": "order=42",
            }
        ),
    ),
    Call("payment_links.get", f"GET {LINKS}/{LINK_ID}", payment_link_id=LINK_ID),
    Call("payment_links.revoke", f"POST {LINKS}/{LINK_ID}:revoke", payment_link_id=LINK_ID),
]
