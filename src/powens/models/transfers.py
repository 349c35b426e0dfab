"""Recipients and transfers: obsolete, and still carried by some webhooks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from attrs import field, frozen

from .._model import Model, Open
from .common import Currency
from .connectors import ConnectorField
from .enums import BeneficiaryType, RecipientState, TransferState, TransferValidateMechanism


@frozen(kw_only=True)
class Recipient(Model):
    """A beneficiary of transfers (obsolete)."""

    id: int
    id_account: int | None = None
    id_target_account: int | None = None
    label: str | None = None
    iban: str | None = field(default=None, repr=False)
    bic: str | None = None
    bank_name: str | None = None
    enabled_at: dt.datetime | None = None
    state: Open[RecipientState] | None = None
    fields: tuple[ConnectorField, ...] | None = None
    error_message: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class Transfer(Model):
    """A transfer (obsolete)."""

    id: int
    id_account: int | None = None
    id_recipient: int | None = None
    beneficiary_type: Open[BeneficiaryType] | None = None
    beneficiary_number: str | None = field(default=None, repr=False)
    exec_date: dt.date | None = None
    amount: Decimal | None = None
    currency: Currency | None = None
    label: str | None = None
    state: Open[TransferState] | None = None
    fields: tuple[ConnectorField, ...] | None = None
    validate_mechanism: Open[TransferValidateMechanism] | None = None
    error_message: str | None = field(default=None, repr=False)
