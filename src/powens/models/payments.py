"""Payment abilities of connectors."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from ._base import Model, Open
from .enums import (
    ExecutionDate,
    ExecutionFrequency,
    PaymentAccountSchemeName,
    ProvidingPayerAccount,
)


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
