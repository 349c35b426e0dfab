"""Payments, and the payment abilities of connectors."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import ClassVar, Final

from attrs import field, frozen

from .._model import DEPRECATED, Envelope, Flag, Model, Open, as_object, exact_amount
from .._unset import UNSET, Unset
from .common import Currency
from .enums import (
    AuthScope,
    ExecutionDate,
    ExecutionFrequency,
    PaymentAccountSchemeName,
    PaymentAction,
    PaymentConnectorIncompatibilityCode,
    PaymentConnectorIncompatibilityType,
    PaymentErrorCode,
    PaymentFieldType,
    PaymentIdentityKind,
    PaymentIdentitySchemeName,
    PaymentInstructionState,
    PaymentState,
    PaymentStateDetail,
    ProvidingPayerAccount,
)

_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_SORT_CODE: Final = re.compile(r"\d{6}", re.ASCII)
_ACCOUNT_NUMBER: Final = re.compile(r"\d{8}", re.ASCII)


def _checksum(iban: str) -> int:
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97


def _payable(amount: Decimal | int | str) -> Decimal:
    exact = exact_amount(amount)
    if exact <= 0:
        raise ValueError("an amount to pay must be above zero")
    return exact


@frozen(kw_only=True)
class PaymentAppToAppUsed(Model):
    """Whether the payer is sent from app to app; None is "not known yet"."""

    android: bool | None = None
    ios: bool | None = None


@frozen(kw_only=True)
class PaymentAmount(Model):
    """Limits of an amount, by type of execution date."""

    first_open_day: Decimal | None = None
    instant: Decimal | None = None
    deferred: Decimal | None = None
    periodic: Decimal | None = None


@frozen(kw_only=True)
class PaymentSettings(Model):
    """Which payments a connector, or one of its sources, can carry out."""

    available_validate_mechanisms: tuple[str, ...] | None = None
    beneficiary_types: tuple[Open[PaymentAccountSchemeName], ...] | None = None
    execution_date_types: tuple[Open[ExecutionDate], ...] | None = None
    execution_frequencies: tuple[Open[ExecutionFrequency], ...] | None = None
    # 1: no bulk payment.
    maximum_number_of_instructions: int | None = None
    providing_payer_account: Open[ProvidingPayerAccount] | None = None
    # Execution dates whose payments may end as `accepted`.
    partial_status_tracking: tuple[Open[ExecutionDate], ...] | None = None
    is_app_to_app_used: PaymentAppToAppUsed | None = None
    bank_provides_payer_account: bool | None = None
    bank_provides_payer_label: bool | None = None
    transfer_date_types_where_trusted_beneficiary_required: (
        tuple[Open[ExecutionDate], ...] | None
    ) = None
    cancellation_available: bool | None = None
    minimum_amount: PaymentAmount | None = None
    maximum_amount: PaymentAmount | None = None
    minimum_date_delta_days: Decimal | None = None
    maximum_date_delta_days: Decimal | None = None
    # From here on: undocumented, sent by the live API.
    bulk_execution_date_types: tuple[Open[ExecutionDate], ...] | None = None
    bulk_providing_payer_account: Open[ProvidingPayerAccount] | None = None
    trusted_beneficiaries_required_for_bulk: bool | None = None


@frozen(kw_only=True)
class PaymentAccount(Model):
    """An account on either side of a payment."""

    scheme_name: Open[PaymentAccountSchemeName] | None = None
    # The IBAN, or sort code and account number.
    identification: str | None = field(default=None, repr=False)
    label: str | None = None
    # BIC, where the account is identified by an IBAN.
    issuer: str | None = field(default=None, repr=False)
    # From here to `disabled_date`: seen in a sample only.
    id: int | None = None
    id_account: int | None = None
    bic: str | None = field(default=None, repr=False)
    disabled_date: dt.datetime | None = None
    merchant_scheme_name: str | None = field(default=None, metadata=DEPRECATED)
    merchant_identification: str | None = field(default=None, repr=False, metadata=DEPRECATED)

    @classmethod
    def from_iban(cls, iban: str, *, label: str, bic: str | None = None) -> PaymentAccount:
        """Name an account by its IBAN.

        Args:
            iban: The IBAN; blanks in it do not matter.
            label: Name of the holder, as the other side gets to see it.
            bic: BIC of the bank, where it is known.

        Returns:
            The account.

        Raises:
            ValueError: It is no IBAN: a letter or digit of it is wrong or missing.
        """
        compact = "".join(iban.split()).upper()
        if not _IBAN.fullmatch(compact) or _checksum(compact) != 1:
            raise ValueError("this is no valid IBAN: compare it with its source")
        return cls(
            scheme_name=PaymentAccountSchemeName.IBAN,
            identification=compact,
            label=label,
            issuer=bic,
        )

    @classmethod
    def from_sort_code(cls, sort_code: str, account_number: str, *, label: str) -> PaymentAccount:
        """Name an account by its sort code and number, as in the United Kingdom.

        Args:
            sort_code: Six digits; dashes and blanks in it do not matter.
            account_number: Eight digits; dashes and blanks in it do not matter.
            label: Name of the holder, as the other side gets to see it.

        Returns:
            The account.

        Raises:
            ValueError: There are too few or too many digits.
        """
        bank, number = (re.sub(r"[\s-]", "", text) for text in (sort_code, account_number))
        if not _SORT_CODE.fullmatch(bank) or not _ACCOUNT_NUMBER.fullmatch(number):
            raise ValueError("a sort code has six digits, an account number has eight")
        return cls(
            scheme_name=PaymentAccountSchemeName.SORT_CODE_ACCOUNT_NUMBER,
            identification=f"{bank}{number}",
            label=label,
        )


@frozen(kw_only=True)
class PaymentIdentity(Model):
    """Who pays, receives or initiates. Most of it is answered with `show_sensitive` only."""

    id_user: int | None = None
    # An individual when left out.
    kind: Open[PaymentIdentityKind] | None = None
    external_ref: str | None = field(default=None, repr=False)
    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    birth_city: str | None = field(default=None, repr=False)
    birth_country: str | None = field(default=None, repr=False)
    birth_date: dt.date | None = field(default=None, repr=False)
    nationality: str | None = field(default=None, repr=False)
    postal_address: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    scheme_name: Open[PaymentIdentitySchemeName] | None = field(default=None, repr=False)
    identification: str | None = field(default=None, repr=False)
    issuer: str | None = field(default=None, repr=False)
    ultimate_owner_text: str | None = field(default=None, repr=False)
    ultimate_owner_extra_text: str | None = field(default=None, repr=False)
    # Whether it is a politically exposed person.
    pep: bool | None = field(default=None, repr=False)
    org_name: str | None = None
    org_legal_status: str | None = None
    org_hq_address: str | None = field(default=None, repr=False)
    org_business_address: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class PaymentInstruction(Model):
    """One transfer inside a payment."""

    # End-to-end id; best left to the API, which knows how long it may be.
    reference_id: str | None = None
    amount: Decimal | None = None
    # A code when it is sent, a `Currency` when it is answered.
    currency: Open[Currency] | None = None
    label: str | None = None
    execution_date_type: Open[ExecutionDate] | None = None
    # UTC; for `deferred` only.
    execution_date: dt.date | None = None
    # Seen in a sample only.
    exec_date: dt.date | None = None
    beneficiary: PaymentAccount | None = None
    beneficiary_identity: PaymentIdentity | None = None
    start_date: dt.date | None = None
    # Without it a periodic payment goes on until it is stopped.
    end_date: dt.date | None = None
    frequency: Open[ExecutionFrequency] | None = None
    # Set by the API.
    state: Open[PaymentInstructionState] | None = None

    @classmethod
    def to(
        cls,
        beneficiary: PaymentAccount,
        *,
        amount: Decimal | int | str,
        label: str,
        currency: str = "EUR",
        instant: bool = False,
        on: dt.date | None = None,
        beneficiary_identity: PaymentIdentity | None = None,
        reference_id: str | None = None,
    ) -> PaymentInstruction:
        """Pay an account once: on the next open day, at once, or on a day.

        Args:
            beneficiary: The account to pay.
            amount: How much; a Decimal, an int, or text such as `"12.50"`.
            label: What the payer and the beneficiary read on their statements.
            currency: ISO 4217 code.
            instant: Whether to pay within seconds.
            on: Day to pay on.
            beneficiary_identity: Who the beneficiary is; the guides call it required.
            reference_id: End-to-end id; best left to the API.

        Returns:
            The instruction, one of those of a `PaymentInitRequest`.

        Raises:
            TypeError: The amount is a float, which is not exact.
            ValueError: The amount is no number or not above zero, or both `instant` and `on` are
                given.
        """
        if instant and on is not None:
            raise ValueError("give either instant or on")
        if isinstance(on, dt.datetime):
            on = on.date()
        when = ExecutionDate.DEFERRED if on is not None else ExecutionDate.FIRST_OPEN_DAY
        return cls(
            beneficiary=beneficiary,
            amount=_payable(amount),
            label=label,
            currency=currency,
            execution_date_type=ExecutionDate.INSTANT if instant else when,
            execution_date=on,
            beneficiary_identity=beneficiary_identity,
            reference_id=reference_id,
        )

    @classmethod
    def periodic(
        cls,
        beneficiary: PaymentAccount,
        *,
        amount: Decimal | int | str,
        label: str,
        frequency: Open[ExecutionFrequency],
        start_date: dt.date,
        end_date: dt.date | None = None,
        currency: str = "EUR",
        beneficiary_identity: PaymentIdentity | None = None,
        reference_id: str | None = None,
    ) -> PaymentInstruction:
        """Pay an account again and again.

        Args:
            beneficiary: The account to pay.
            amount: How much each time; a Decimal, an int, or text such as `"12.50"`.
            label: What the payer and the beneficiary read on their statements.
            frequency: How often.
            start_date: Day of the first transfer.
            end_date: Day of the last transfer; None goes on until it is stopped.
            currency: ISO 4217 code.
            beneficiary_identity: Who the beneficiary is; the guides call it required.
            reference_id: End-to-end id; best left to the API.

        Returns:
            The instruction, the only one of its `PaymentInitRequest`.

        Raises:
            TypeError: The amount is a float, which is not exact.
            ValueError: The amount is no number or not above zero, or the end is before the start.
        """
        if end_date is not None and end_date < start_date:
            raise ValueError("end_date is before start_date")
        return cls(
            beneficiary=beneficiary,
            amount=_payable(amount),
            label=label,
            currency=currency,
            execution_date_type=ExecutionDate.PERIODIC,
            frequency=frequency,
            start_date=start_date,
            end_date=end_date,
            beneficiary_identity=beneficiary_identity,
            reference_id=reference_id,
        )


@frozen(kw_only=True)
class PaymentFieldValue(Model):
    """One choice of a field of type `list`."""

    label: str | None = field(default=None, repr=False)
    value: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class PaymentField(Model):
    """One thing to ask the payer."""

    name: str | None = None
    type: Open[PaymentFieldType] | None = None
    label: str | None = None
    # A Perl-compatible regular expression.
    regex: str | None = None
    required: bool | None = None
    values: tuple[PaymentFieldValue, ...] | None = None
    # Seen in samples only.
    default: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class Payment(Model):
    """A payment, of one or of several instructions."""

    id: int
    state: Open[PaymentState] | None = None
    state_detail: Open[PaymentStateDetail] | None = None
    action: Open[PaymentAction] | None = None
    error_code: Open[PaymentErrorCode] | None = None
    # Also what to show the payer during a `decoupled` action.
    error_description: str | None = field(default=None, repr=False)
    # What to ask the payer for.
    fields: tuple[PaymentField, ...] | None = None
    # To be opened in a full page, never in a frame.
    validate_uri: str | None = field(default=None, repr=False)
    id_connector: int | None = field(default=None, metadata=DEPRECATED)
    connector_uuid: str | None = None
    validate_mechanism: str | None = None
    register_date: dt.datetime | None = None
    client_redirect_uri: str | None = field(default=None, repr=False, metadata=DEPRECATED)
    client_state: str | None = field(default=None, repr=False, metadata=DEPRECATED)
    payer: PaymentAccount | None = None
    instructions: tuple[PaymentInstruction, ...] | None = None
    payer_identity: PaymentIdentity | None = None
    # From here on: guessed from the filters of the listing.
    validate_date: dt.datetime | None = None
    bank_payment_id: str | None = None
    website: str | None = None
    id_connector_source: int | None = None

    @classmethod
    def reshape(cls, data: object) -> object:
        """Take an object of fields by their names for the list of them."""
        payment = as_object(data)
        if by_name := as_object(payment.get("fields")):
            fields = [{"name": name, **as_object(each)} for name, each in by_name.items()]
            return {**payment, "fields": fields}
        return data


@frozen(kw_only=True)
class PaymentsList(Envelope[Payment]):
    """Answer of `GET /payments`."""

    _items_field: ClassVar[str] = "payments"
    payments: tuple[Payment, ...]
    total: int | None = None


@frozen(kw_only=True)
class PaymentInitRequest(Model):
    """Body of `POST /payments`."""

    connector_uuid: str | Unset | None = UNSET
    id_connector: int | Unset | None = field(default=UNSET, metadata=DEPRECATED)
    # Where the payer lands after the bank; without a query.
    client_redirect_uri: str = field(repr=False)
    # At most 2000 characters.
    client_state: str | Unset | None = field(default=UNSET, repr=False)
    # Several make a bulk payment.
    instructions: Sequence[PaymentInstruction]
    operator_identity: PaymentIdentity | Unset | None = UNSET
    # Some connectors require it.
    payer: PaymentAccount | Unset | None = UNSET
    payer_identity: PaymentIdentity | Unset | None = UNSET


@frozen(kw_only=True)
class PaymentValidateRequest(Model):
    """Body that starts the validation of a payment without the webview of Powens."""

    connector_uuid: str | Unset | None = UNSET
    id_connector: int | Unset | None = field(default=UNSET, metadata=DEPRECATED)
    validate_mechanism: str
    # Each value encrypted.
    fields: Mapping[str, str] | Unset | None = field(default=UNSET, repr=False, hash=False)
    website: str | Unset | None = field(default=UNSET, metadata=DEPRECATED)
    payer: PaymentAccount | Unset | None = UNSET
    # Where the payer comes back to after each step.
    webview_url: str = field(repr=False)
    # True starts the validation at once.
    validated: bool | Unset | None = UNSET


@frozen(kw_only=True)
class PaymentResumeRequest(Model):
    """Body that goes on with a `decoupled` payment."""

    resume: bool = True


@frozen(kw_only=True)
class PaymentSubmitFieldValuesRequest(Model):
    """Body that answers the questions of the bank."""

    fields: Mapping[str, str] = field(repr=False, hash=False)


@frozen(kw_only=True)
class PaymentSubmitPSUValidationRequest(Model):
    """Body that says whether the payer agrees."""

    psu_validate: bool


@frozen(kw_only=True)
class PaymentConfirmRequest(Model):
    """Body by which the merchant confirms or refuses a payment."""

    confirm: bool


@frozen(kw_only=True)
class PaymentCancelRequest(Model):
    """Body that cancels a payment."""

    cancel: bool = True
    # Without a query.
    client_redirect_uri: str = field(repr=False)
    client_state: str | Unset | None = field(default=UNSET, repr=False)


@frozen(kw_only=True)
class PaymentTokenRequest(Model):
    """Body of `POST /payments/{id}/scopedtoken`."""

    # `payments:admin` is refused.
    scope: Sequence[Open[AuthScope]] | Open[AuthScope]


@frozen(kw_only=True)
class PaymentScopedToken(Model):
    """A token that opens one payment and nothing else."""

    token: str = field(repr=False)
    scope: str | None = None
    id_payment: int | None = None
    # Seconds.
    expires_in: int | None = None


@frozen(kw_only=True)
class PaymentConnectorIncompatibilityReason(Model):
    """One reason for which a connector may refuse a payment."""

    code: Open[PaymentConnectorIncompatibilityCode] | None = None
    type: Open[PaymentConnectorIncompatibilityType] | None = None
    description: str | None = None
    # For rules that have a parameter.
    value_connector: object = field(default=None, hash=False)
    value_payment: object = field(default=None, repr=False, hash=False)


@frozen(kw_only=True)
class PaymentConnectorIncompatibility(Model):
    """Why a connector may refuse a payment. Which connector it is about is documented nowhere."""

    type: Open[PaymentConnectorIncompatibilityType] | None = None
    reasons: tuple[PaymentConnectorIncompatibilityReason, ...] | None = None


@frozen(kw_only=True)
class PaymentIncompatibilitiesList(Envelope[PaymentConnectorIncompatibility]):
    """Answer of `GET /payments/{id}/incompatibilities`, which is a bare list."""

    _items_field: ClassVar[str] = "incompatibilities"
    incompatibilities: tuple[PaymentConnectorIncompatibility, ...]


@frozen(kw_only=True)
class PaymentTerms(Model):
    """Whether the payer still has to accept the terms."""

    # True: the payer still has to accept them.
    to_sign: Flag | None = None
    id: int | None = None
    version: str | None = None
    created: dt.datetime | None = None
    deleted: dt.datetime | None = None
    id_file: int | None = None


@frozen(kw_only=True)
class TermsContent(Model):
    """The terms of service in force."""

    terms: PaymentTerms | None = None
    content: str | None = None
    language: str | None = None
