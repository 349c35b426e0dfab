"""Who owns an account, and how it is identified."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from .._model import Envelope, Model, Open
from .enums import AccountPartyRole, AccountSchemeName, BankAccountUsage


@frozen(kw_only=True)
class IdentityParty(Model):
    """Name of a person or company on an account."""

    is_user: bool | None = None
    full_name: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class AccountIdentification(Model):
    """One number that identifies an account."""

    scheme_name: Open[AccountSchemeName] | None = None
    identification: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class AccountParty(Model):
    """A person or company with a role on an account."""

    role: Open[AccountPartyRole] | None = None
    identity: IdentityParty | None = None


@frozen(kw_only=True)
class AccountOwnership(Model):
    """Who owns an account. It has no id of its own."""

    id_account: int | None = None
    id_connection: int | None = None
    id_user: int | None = None
    id_connector_source: int | None = None
    name: str | None = field(default=None, repr=False)
    bank_name: str | None = None
    multiple_holders: bool | None = None
    # Which of the fields Powens worked out itself.
    calculated: tuple[str, ...] | None = None
    usage: Open[BankAccountUsage] | None = None
    parties: tuple[AccountParty, ...] | None = None
    identifications: tuple[AccountIdentification, ...] | None = None


@frozen(kw_only=True)
class AccountOwnershipsList(Envelope[AccountOwnership]):
    """Answer of `GET /users/{id}/account_ownerships`."""

    _items_field: ClassVar[str] = "account_ownerships"
    account_ownerships: tuple[AccountOwnership, ...]
    total: int | None = None
