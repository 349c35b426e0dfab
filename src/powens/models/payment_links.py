"""Payment links, which live on a host of their own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from attrs import field, frozen

from .._model import Envelope, Model, Open
from .._unset import UNSET, Unset
from .enums import ExecutionDate, PaymentLinkAttemptState
from .payments import PaymentAccount, PaymentIdentity


@frozen(kw_only=True)
class PaymentLink(Model):
    """A link that a payer can be sent."""

    id: str
    reference_id: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    label: str | None = None
    execution_date_type: Open[ExecutionDate] | None = None
    beneficiary: PaymentAccount | None = None
    beneficiary_identity: PaymentIdentity | None = None
    payer: PaymentAccount | None = None
    payer_identity: PaymentIdentity | None = None
    operator_identity: PaymentIdentity | None = None
    redirect: bool | None = None
    redirect_uri: str | None = field(default=None, repr=False)
    redirect_state: str | None = field(default=None, repr=False)
    # Id of the payment on the domain.
    last_payment_id: int | None = None
    # What to send to the payer.
    url: str | None = field(default=None, repr=False)
    # May lie in the future.
    revoked_at: dt.datetime | None = None
    attempt_state: Open[PaymentLinkAttemptState] | None = None


@frozen(kw_only=True)
class PaymentLinksList(Envelope[PaymentLink]):
    """Answer of `GET /payment-links`, which is a bare list."""

    _items_field: ClassVar[str] = "payment_links"
    payment_links: tuple[PaymentLink, ...]


@frozen(kw_only=True)
class PaymentLinkRequest(Model):
    """Body of `POST /payment-links`."""

    reference_id: str | Unset | None = UNSET
    amount: Decimal
    currency: str
    label: str
    # `first_open_day` or `instant`.
    execution_date_type: Open[ExecutionDate]
    beneficiary: PaymentAccount
    beneficiary_identity: PaymentIdentity
    # None when it is not known: the API wants the key in any case.
    payer: PaymentAccount | None
    payer_identity: PaymentIdentity
    operator_identity: PaymentIdentity | Unset | None = UNSET
    redirect: bool
    # This and the next are required when `redirect` is true.
    redirect_uri: str | Unset | None = field(default=UNSET, repr=False)
    redirect_state: str | Unset | None = field(default=UNSET, repr=False)
