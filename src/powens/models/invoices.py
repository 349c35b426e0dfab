"""Invoices and credit notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from attrs import field, frozen

from .._model import Envelope, Model, Open, with_currency_code
from .enums import (
    CreditNoteReason,
    CreditNoteStatus,
    CreditNoteType,
    CustomerType,
    DiscountType,
    InvoiceStatus,
    TaxType,
)
from .transactions import Attachment


@frozen(kw_only=True)
class InvoiceAmount(Model):
    """An amount with the code of its currency."""

    currency: str | None = None
    value: Decimal | None = None

    @classmethod
    def reshape(cls, data: object) -> object:
        """Take the whole currency for its code."""
        return with_currency_code(data)


@frozen(kw_only=True)
class InvoiceAddress(Model):
    """A billing address."""

    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country_code: str | None = None
    full_address: str | None = None


@frozen(kw_only=True)
class InvoiceShippingAddress(Model):
    """Where to, and to whom, goods are sent."""

    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country_code: str | None = None
    full_address: str | None = None
    name: str | None = None
    phone: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class InvoiceCustomer(Model):
    """Who an invoice is for."""

    full_name: str | None = field(default=None, repr=False)
    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    type: Open[CustomerType] | None = None
    shipping_address: InvoiceShippingAddress | None = None
    billing_address: InvoiceAddress | None = None


@frozen(kw_only=True)
class Invoicer(Model):
    """Who an invoice is from."""

    name: str | None = None
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    siren: str | None = None
    activity_area: str | None = None
    address: InvoiceAddress | None = None


@frozen(kw_only=True)
class InvoiceTax(Model):
    """A tax on an item."""

    currency: str | None = None
    value: Decimal | None = None
    description: str | None = None
    country: str | None = None
    tax_type: Open[TaxType] | None = None
    percentage: Decimal | None = None
    taxable_amount: Decimal | None = None


@frozen(kw_only=True)
class InvoiceDiscount(Model):
    """A discount on an item."""

    amount: InvoiceAmount | None = None
    discount_type: Open[DiscountType] | None = None
    value: Decimal | None = None


@frozen(kw_only=True)
class InvoiceItem(Model):
    """One line of an invoice."""

    _other_spellings: ClassVar[Mapping[str, str]] = {
        "total_amount_excluding_tax": "total_amount_exclusing_tax"
    }

    title: str | None = None
    description: str | None = None
    quantity: Decimal | None = None
    total_amount: InvoiceAmount | None = None
    unit_price: InvoiceAmount | None = None
    taxes: tuple[InvoiceTax, ...] | None = None
    discounts: tuple[InvoiceDiscount, ...] | None = None
    total_amount_excluding_tax: InvoiceAmount | None = None
    total_tax_amount: InvoiceAmount | None = None
    total_discount_amount: InvoiceAmount | None = None
    # Another spelling; its value is moved to `total_amount_excluding_tax`.
    total_amount_exclusing_tax: InvoiceAmount | None = field(default=None, repr=False)


@frozen(kw_only=True)
class Invoice(Model):
    """An invoice, as collected from a provider."""

    _other_spellings: ClassVar[Mapping[str, str]] = {
        "total_amount_exclusing_tax": "total_amount_excluding_tax"
    }

    id: int
    id_user: int | None = None
    id_connection: int | None = None
    id_connection_source: int | None = None
    number: str | None = None
    description: str | None = None
    status: Open[InvoiceStatus] | None = None
    items: tuple[InvoiceItem, ...] | None = None
    customer: InvoiceCustomer | None = None
    invoicer: Invoicer | None = None
    total_amount: InvoiceAmount | None = None
    # The spelling is that of the API.
    total_amount_exclusing_tax: InvoiceAmount | None = None
    total_tax_amount: InvoiceAmount | None = None
    total_discount_amount: InvoiceAmount | None = None
    # From here to `total_post_payment_credit_notes_amount`: bare amounts.
    paid_amount: Decimal | None = None
    remaining_amount: Decimal | None = None
    shipping_amount: Decimal | None = None
    total_pre_payment_credit_notes_amount: Decimal | None = None
    total_post_payment_credit_notes_amount: Decimal | None = None
    last_update: dt.datetime | None = None
    scraped_date: dt.datetime | None = None
    created: dt.datetime | None = None
    issue_date: dt.datetime | None = None
    due_date: dt.datetime | None = None
    fully_paid_date: dt.datetime | None = None
    deleted: dt.datetime | None = None
    attachments: tuple[Attachment, ...] | None = None
    # Another spelling; its value is moved to `total_amount_exclusing_tax`.
    total_amount_excluding_tax: InvoiceAmount | None = field(default=None, repr=False)


@frozen(kw_only=True)
class InvoicesList(Envelope[Invoice]):
    """Answer of `GET /users/{id}/invoices`."""

    _items_field: ClassVar[str] = "invoices"
    invoices: tuple[Invoice, ...]
    total: int | None = None


@frozen(kw_only=True)
class CreditNoteAmount(Model):
    """An amount with the code of its currency."""

    currency: str | None = None
    value: Decimal | None = None

    @classmethod
    def reshape(cls, data: object) -> object:
        """Take the whole currency for its code."""
        return with_currency_code(data)


@frozen(kw_only=True)
class CreditNote(Model):
    """A credit note, as collected from a provider."""

    _other_spellings: ClassVar[Mapping[str, str]] = {
        "total_amount_exclusing_tax": "total_amount_excluding_tax"
    }

    id: int
    id_user: int | None = None
    id_connection: int | None = None
    id_connection_source: int | None = None
    id_invoice: int | None = None
    number: str | None = None
    memo: str | None = None
    issue_date: dt.datetime | None = None
    created: dt.datetime | None = None
    total_amount: CreditNoteAmount | None = None
    # The spelling is that of the API.
    total_amount_exclusing_tax: CreditNoteAmount | None = None
    total_tax_amount: CreditNoteAmount | None = None
    total_discount_amount: CreditNoteAmount | None = None
    amount_paid_out_of_platform: Decimal | None = None
    # An amount with its currency, unlike on an invoice.
    shipping_amount: CreditNoteAmount | None = None
    reason: Open[CreditNoteReason] | None = None
    type: Open[CreditNoteType] | None = None
    status: Open[CreditNoteStatus] | None = None
    scraped_date: dt.datetime | None = None
    attachments: tuple[Attachment, ...] | None = None
    last_update: dt.datetime | None = None
    deleted: dt.datetime | None = None
    # Another spelling; its value is moved to `total_amount_exclusing_tax`.
    total_amount_excluding_tax: CreditNoteAmount | None = field(default=None, repr=False)


@frozen(kw_only=True)
class CreditNotesList(Envelope[CreditNote]):
    """Answer of `GET /users/{id}/credit_notes`."""

    _items_field: ClassVar[str] = "credit_notes"
    credit_notes: tuple[CreditNote, ...]
    total: int | None = None
