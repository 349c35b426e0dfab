"""Banks and providers that a user can be connected to."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from attrs import field, frozen

from .._model import DEPRECATED, Envelope, Model, Open, Since, as_object
from .._unset import UNSET, Unset
from .enums import (
    AuthMechanism,
    BankAccountUsage,
    ConnectorCapability,
    ConnectorFieldType,
    ConnectorSourceName,
    ConnectorStabilityStatus,
    ExecutionDate,
    ExecutionFrequency,
    Product,
    ProvidingPayerAccount,
)
from .payments import PaymentSettings


@frozen(kw_only=True)
class ConnectorFieldValue(Model):
    """One choice of a field of type `list`."""

    label: str | None = field(default=None, repr=False)
    value: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class ConnectorField(Model):
    """One thing to ask the user: a credential, a one-time password, a choice."""

    # The key under which the value is sent back.
    name: str | None = None
    label: str | None = None
    type: Open[ConnectorFieldType] | None = None
    required: bool | None = None
    # A Perl-compatible regular expression.
    regex: str | None = None
    # For fields of type `list` only.
    values: tuple[ConnectorFieldValue, ...] | None = None
    auth_mechanisms: tuple[Open[AuthMechanism], ...] | None = None
    # Names of the sources that the field is for.
    connector_sources: tuple[str, ...] | None = None
    description: str | None = None
    id: int | None = field(default=None, metadata=DEPRECATED)
    id_connector: int | None = field(default=None, metadata=DEPRECATED)
    ephemeral: bool | None = None
    value: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class ConnectorPaymentField(Model):
    """One thing to ask the payer before a payment."""

    # The key under which the value is sent back.
    name: str | None = None
    label: str | None = None
    type: Open[ConnectorFieldType] | None = None
    required: bool | None = None
    regex: str | None = None
    values: tuple[ConnectorFieldValue, ...] | None = None
    auth_mechanisms: tuple[Open[AuthMechanism], ...] | None = None
    connector_sources: tuple[str, ...] | None = None


@frozen(kw_only=True)
class ConnectorCountry(Model):
    """A country that a connector serves."""

    id: str | None = None
    name: str | None = None


@frozen(kw_only=True)
class ConnectorStability(Model):
    """How well a connector has been working lately (undocumented, sent by the live API)."""

    status: Open[ConnectorStabilityStatus] | None = None
    last_update: dt.datetime | None = None


@frozen(kw_only=True)
class ConnectorSource(Model):
    """A channel through which a connector reaches the bank."""

    id: int
    id_connector: int | None = None
    name: Open[ConnectorSourceName] | None = None
    auth_mechanism: Open[AuthMechanism] | None = None
    available_auth_mechanisms: tuple[Open[AuthMechanism], ...] | None = None
    # Set: the source is out of use. None: in use.
    disabled: Since | None = None
    # Add sources in ascending order.
    priority: int | None = None
    account_usages: tuple[Open[BankAccountUsage], ...] | None = None
    # From here on: undocumented, sent by the live API.
    uuid: str | None = None
    fallback: str | None = None
    sync_periodicity: Decimal | None = None
    first_opening: dt.datetime | None = None
    disabled_capabilities: tuple[str, ...] | None = None
    capabilities: tuple[Open[ConnectorCapability], ...] | None = None
    account_types: tuple[str, ...] | None = None
    available_transfer_mechanisms: tuple[Open[AuthMechanism], ...] | None = None
    transfer_validate_mechanism: Open[AuthMechanism] | None = None
    transfer_beneficiary_types: tuple[str, ...] | None = None
    transfer_execution_date_types: tuple[Open[ExecutionDate], ...] | None = None
    transfer_execution_frequencies: tuple[Open[ExecutionFrequency], ...] | None = None
    transfer_max_nb_instructions: int | None = None
    transfer_with_payer_account: Open[ProvidingPayerAccount] | None = None
    payment_settings: PaymentSettings | None = None
    documents_type: tuple[str, ...] | None = None
    stability: ConnectorStability | None = None
    categories: tuple[object, ...] | None = field(default=None, hash=False)
    id_weboob: str | None = field(default=None, metadata=DEPRECATED)


@frozen(kw_only=True)
class Connector(Model):
    """A bank or provider. `uuid` is the same on every domain, `id` is not."""

    id: int
    uuid: str | None = None
    name: str | None = None
    hidden: bool | None = None
    charged: bool | None = None
    code: str | None = None
    beta: bool | None = None
    # Hexadecimal, without `#`.
    color: str | None = None
    slug: str | None = None
    sync_frequency: Decimal | None = field(default=None, metadata=DEPRECATED)
    sync_periodicity: Decimal | None = field(default=None, metadata=DEPRECATED)
    months_to_fetch: int | None = None
    auth_mechanism: Open[AuthMechanism] | None = None
    available_auth_mechanisms: tuple[Open[AuthMechanism], ...] | None = None
    transfer_mechanism: Open[AuthMechanism] | None = None
    siret: str | None = None
    # True: no new connection can be made.
    restricted: bool | None = None
    capabilities: tuple[Open[ConnectorCapability], ...] | None = None
    account_usages: tuple[Open[BankAccountUsage], ...] | None = None
    payment_settings: PaymentSettings | None = None
    products: tuple[Open[Product], ...] | None = None
    # From here to `urls`: only with `expand`.
    sources: tuple[ConnectorSource, ...] | None = None
    fields: tuple[ConnectorField, ...] | None = None
    payment_fields: tuple[ConnectorPaymentField, ...] | None = None
    countries: tuple[ConnectorCountry, ...] | None = None
    urls: tuple[str, ...] | None = None
    # From here on: undocumented, sent by the live API.
    account_types: tuple[str, ...] | None = None
    stability: ConnectorStability | None = None
    categories: tuple[object, ...] | None = field(default=None, hash=False)
    available_transfer_mechanisms: tuple[Open[AuthMechanism], ...] | None = None
    transfer_beneficiary_types: tuple[str, ...] | None = None
    transfer_execution_date_types: tuple[Open[ExecutionDate], ...] | None = None
    documents_type: tuple[str, ...] | None = None


@frozen(kw_only=True)
class ConnectorsList(Envelope[Connector]):
    """Answer of `GET /connectors`."""

    _items_field: ClassVar[str] = "connectors"
    connectors: tuple[Connector, ...]
    # On the deprecated aliases `/banks` and `/providers` only.
    banks: tuple[Connector, ...] | None = field(default=None, metadata=DEPRECATED)
    providers: tuple[Connector, ...] | None = field(default=None, metadata=DEPRECATED)
    total: int | None = None

    @classmethod
    def reshape(cls, data: object) -> object:
        """Take the list of an old alias for the list."""
        fields = as_object(data)
        for alias in ("banks", "providers"):
            if alias in fields:
                fields = {"connectors": fields[alias], **fields}
        return super().reshape(fields or data)


@frozen(kw_only=True)
class ConnectorFieldsList(Envelope[ConnectorField]):
    """Answer of `GET /connectors/{uuid}/fields`."""

    _items_field: ClassVar[str] = "fields"
    fields: tuple[ConnectorField, ...]
    total: int | None = None


@frozen(kw_only=True)
class ConnectorSourcesList(Envelope[ConnectorSource]):
    """Answer of `GET /connectors/{uuid}/sources`; sort by `priority` yourself."""

    _items_field: ClassVar[str] = "sources"
    sources: tuple[ConnectorSource, ...]
    total: int | None = None


@frozen(kw_only=True)
class ConnectorUpdateRequest(Model):
    """What to change on a connector; what is left out stays as it is."""

    hidden: bool | Unset | None = UNSET
    # Days between two automatic synchronisations.
    sync_periodicity: Decimal | Unset = field(default=UNSET, metadata=DEPRECATED)


@frozen(kw_only=True)
class ConnectorSourceUpdateRequest(Model):
    """What to change on a source of a connector; what is left out stays as it is."""

    auth_mechanism: Open[AuthMechanism] | Unset = UNSET
    # A datetime takes the source out of use, None puts it back.
    disabled: dt.datetime | Unset | None = UNSET
