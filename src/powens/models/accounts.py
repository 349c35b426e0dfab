"""Bank accounts, loans and account types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from .._model import DEPRECATED, Day, Envelope, Flag, Model, Open, Since
from .common import Currency
from .enums import AccountTypeName, BankAccountOwnership, BankAccountUsage, LoanType
from .transactions import Transaction
from .transfers import Recipient, Transfer
from .wealth import Investment, MarketOrder

if TYPE_CHECKING:
    from .connections import Connection
from .._unset import UNSET, Unset


@frozen(kw_only=True)
class AccountType(Model):
    """A type of account; ids differ between domains, names do not."""

    id: int
    name: Open[AccountTypeName] | None = None
    id_parent: int | None = None
    is_invest: bool | None = None
    display_name: str | None = None
    display_name_p: str | None = None
    color: str | None = None
    weboob_type_id: int | None = None


@frozen(kw_only=True)
class AccountTypesList(Envelope[AccountType]):
    """Answer of `GET /account_types`."""

    _items_field: ClassVar[str] = "accounttypes"
    accounttypes: tuple[AccountType, ...]
    total: int | None = None


@frozen(kw_only=True)
class Loan(Model):
    """What is particular to an account that is a loan."""

    total_amount: Decimal | None = None
    available_amount: Decimal | None = None
    used_amount: Decimal | None = None
    subscription_date: Day | None = None
    maturity_date: Day | None = None
    start_repayment_date: Day | None = None
    deferred: bool | None = None
    next_payment_amount: Decimal | None = None
    next_payment_date: Day | None = None
    # The reference does not say in which unit.
    rate: Decimal | None = None
    nb_payments_left: int | None = None
    nb_payments_done: int | None = None
    nb_payments_total: int | None = None
    last_payment_amount: Decimal | None = None
    last_payment_date: Day | None = None
    account_label: str | None = None
    insurance_label: str | None = None
    insurance_amount: Decimal | None = None
    # A ratio between 0 and 1.
    insurance_rate: Decimal | None = None
    # Months.
    duration: int | None = None
    type: Open[LoanType] | None = None
    id: int | None = None
    id_account: int | None = None
    id_type: int | None = None
    contact_name: str | None = None


@frozen(kw_only=True)
class BankAccount(Model):
    """A bank account. A disabled one carries little more than ids and names."""

    _seldom_sent: ClassVar[tuple[str, ...]] = (
        *("loan", "connection", "opening_date"),
        *("valuation", "diff", "diff_percent", "prev_diff", "prev_diff_percent", "calculated"),
        *("investments", "transactions", "market_orders", "recipients", "transfers"),
    )
    id: int
    # None for an account made by hand.
    id_connection: int | None = None
    id_user: int | None = None
    id_source: int | None = None
    # The account that a card hangs on.
    id_parent: int | None = None
    number: str | None = field(default=None, repr=False)
    # The name that the bank gives.
    original_name: str | None = None
    balance: Decimal | None = None
    # Operations not yet debited.
    coming: Decimal | None = None
    display: bool | None = None
    last_update: dt.datetime | None = None
    # When the bank stopped showing the account.
    deleted: dt.datetime | None = None
    # When the consent was taken back; None: the account is enabled.
    disabled: Since | None = None
    iban: str | None = field(default=None, repr=False)
    currency: Currency | None = None
    type: Open[AccountTypeName] | None = None
    # Differs between domains: compare `type` instead.
    id_type: int | None = None
    bookmarked: Flag | None = None
    name: str | None = None
    error: str | None = None
    usage: Open[BankAccountUsage] | None = None
    ownership: Open[BankAccountOwnership] | None = field(default=None, metadata=DEPRECATED)
    company_name: str | None = None
    loan: Loan | None = None
    # Only with `expand`.
    connection: Connection | None = None
    # From here to `opening_date`: undocumented, sent by the live API.
    bic: str | None = None
    webid: str | None = field(default=None, repr=False)
    coming_balance: Decimal | None = None
    # Localised text, not for parsing.
    formatted_balance: str | None = None
    information: Mapping[str, object] | None = field(default=None, repr=False, hash=False)
    opening_date: Day | None = None
    # From here to `calculated`: accounts of the wealth product.
    valuation: Decimal | None = None
    diff: Decimal | None = None
    # A fraction, not a percentage.
    diff_percent: Decimal | None = None
    prev_diff: Decimal | None = None
    prev_diff_percent: Decimal | None = None
    # Which of the five above Powens worked out itself.
    calculated: tuple[str, ...] | None = None
    # From here on: only in webhooks.
    investments: tuple[Investment, ...] | None = None
    transactions: tuple[Transaction, ...] | None = None
    market_orders: tuple[MarketOrder, ...] | None = None
    recipients: tuple[Recipient, ...] | None = field(default=None, metadata=DEPRECATED)
    transfers: tuple[Transfer, ...] | None = field(default=None, metadata=DEPRECATED)


@frozen(kw_only=True)
class BankAccountsList(Envelope[BankAccount]):
    """Answer of `GET /users/{id}/accounts`."""

    _items_field: ClassVar[str] = "accounts"
    accounts: tuple[BankAccount, ...]
    # Sum of balances by currency code.
    balances: Mapping[str, Decimal | None] | None = field(default=None, hash=False)
    # Sum of coming operations by currency code.
    coming_balances: Mapping[str, Decimal | None] | None = field(default=None, hash=False)
    # Undocumented, and adds up different currencies: not an amount of money.
    balance: Decimal | None = None
    total: int | None = None


@frozen(kw_only=True)
class BankAccountUpdateRequest(Model):
    """What to change on an account; what is left out stays as it is."""

    display: bool | Unset | None = UNSET
    name: str | Unset | None = UNSET
    disabled: bool | Unset | None = UNSET
    bookmarked: bool | Unset | None = UNSET
    usage: Open[BankAccountUsage] | Unset | None = UNSET
