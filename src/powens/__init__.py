"""Typed Python SDK for the Powens open-banking API, blocking and async from one source.

    from powens import PowensClient

    with PowensClient(domain="example", access_token="...") as client:
        for account in client.accounts.list():
            print(account.name, account.balance)

`PowensClient` blocks, `AsyncPowensClient` is awaited, and they are otherwise the same. Names are
resolved when they are first asked for: a blocking program never imports the async half.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from ._async.client import (
        AsyncPowensClient,
    )
    from ._async.pagination import (
        AsyncPager,
    )
    from ._sync.client import (
        PowensClient,
    )
    from ._sync.pagination import (
        Pager,
    )
    from ._time import (
        to_utc,
    )
    from ._unset import (
        UNSET,
    )
    from ._wire import (
        Response,
    )
    from .circuit import (
        CircuitBreaker,
        NoOpCircuitBreaker,
        ThresholdCircuitBreaker,
    )
    from .exceptions import (
        PowensAuthError,
        PowensBadRequestError,
        PowensCircuitOpenError,
        PowensConflictError,
        PowensConnectionError,
        PowensError,
        PowensErrorCode,
        PowensHTTPError,
        PowensNotFoundError,
        PowensRateLimitError,
        PowensSerializationError,
        PowensServerError,
        PowensServiceUnavailableError,
        PowensTimeoutError,
        PowensWebhookError,
    )
    from .models import (
        AccountSchemeName,
        AccountType,
        AccountTypeName,
        AccountTypesList,
        Attachment,
        AttachmentsList,
        AuthCode,
        AuthCodeAccess,
        AuthCodeRequestType,
        AuthCodeType,
        AuthMechanism,
        AuthScope,
        AuthServiceToken,
        AuthToken,
        AuthTokenExchange,
        AuthTokenType,
        BankAccount,
        BankAccountExpand,
        BankAccountOwnership,
        BankAccountsList,
        BankAccountUsage,
        BeneficiaryType,
        Category,
        Connection,
        ConnectionLog,
        ConnectionLogsList,
        ConnectionsList,
        ConnectionSource,
        ConnectionSourcesList,
        ConnectionState,
        Connector,
        ConnectorCapability,
        ConnectorCountry,
        ConnectorField,
        ConnectorFieldsList,
        ConnectorFieldType,
        ConnectorFieldValue,
        ConnectorPaymentField,
        ConnectorsList,
        ConnectorSource,
        ConnectorSourceName,
        ConnectorSourcesList,
        ConnectorSourceUpdateRequest,
        ConnectorStability,
        ConnectorStabilityStatus,
        ConnectorUpdateRequest,
        Counterparty,
        CounterpartyType,
        CurrenciesList,
        Currency,
        Document,
        Envelope,
        ExecutionDate,
        ExecutionFrequency,
        GrantType,
        Investment,
        InvestmentCodeType,
        InvestmentDetails,
        InvestmentSource,
        Link,
        Loan,
        LoanType,
        MarketOrder,
        MarketOrderDirection,
        MarketOrderDirectionName,
        MarketOrderPaymentMethod,
        MarketOrderType,
        MarketOrderTypeName,
        Page,
        PaginationLinks,
        PaymentAccountSchemeName,
        PaymentAmount,
        PaymentAppToAppUsed,
        PaymentSettings,
        Pocket,
        PocketCondition,
        Product,
        ProvidingPayerAccount,
        Recipient,
        RecipientState,
        Subscription,
        TokenType,
        Transaction,
        TransactionDateFilter,
        TransactionExpand,
        TransactionsList,
        TransactionType,
        Transfer,
        TransferState,
        TransferValidateMechanism,
        User,
        UserPlatform,
        UsersList,
        WebauthURL,
        WebviewErrorCode,
        WebviewFlow,
        WebviewLang,
    )
    from .retry import (
        RetryPolicy,
    )
    from .webview import (
        WebviewURL,
    )

_MODULES_OF_NAMES = {
    "_async.client": ("AsyncPowensClient",),
    "_async.pagination": ("AsyncPager",),
    "_sync.client": ("PowensClient",),
    "_sync.pagination": ("Pager",),
    "_time": ("to_utc",),
    "_unset": ("UNSET",),
    "_wire": ("Response",),
    "circuit": ("CircuitBreaker", "NoOpCircuitBreaker", "ThresholdCircuitBreaker"),
    "retry": ("RetryPolicy",),
    "webview": ("WebviewURL",),
}

__all__ = [
    "UNSET",
    "AccountSchemeName",
    "AccountType",
    "AccountTypeName",
    "AccountTypesList",
    "AsyncPager",
    "AsyncPowensClient",
    "Attachment",
    "AttachmentsList",
    "AuthCode",
    "AuthCodeAccess",
    "AuthCodeRequestType",
    "AuthCodeType",
    "AuthMechanism",
    "AuthScope",
    "AuthServiceToken",
    "AuthToken",
    "AuthTokenExchange",
    "AuthTokenType",
    "BankAccount",
    "BankAccountExpand",
    "BankAccountOwnership",
    "BankAccountUsage",
    "BankAccountsList",
    "BeneficiaryType",
    "Category",
    "CircuitBreaker",
    "Connection",
    "ConnectionLog",
    "ConnectionLogsList",
    "ConnectionSource",
    "ConnectionSourcesList",
    "ConnectionState",
    "ConnectionsList",
    "Connector",
    "ConnectorCapability",
    "ConnectorCountry",
    "ConnectorField",
    "ConnectorFieldType",
    "ConnectorFieldValue",
    "ConnectorFieldsList",
    "ConnectorPaymentField",
    "ConnectorSource",
    "ConnectorSourceName",
    "ConnectorSourceUpdateRequest",
    "ConnectorSourcesList",
    "ConnectorStability",
    "ConnectorStabilityStatus",
    "ConnectorUpdateRequest",
    "ConnectorsList",
    "Counterparty",
    "CounterpartyType",
    "CurrenciesList",
    "Currency",
    "Document",
    "Envelope",
    "ExecutionDate",
    "ExecutionFrequency",
    "GrantType",
    "Investment",
    "InvestmentCodeType",
    "InvestmentDetails",
    "InvestmentSource",
    "Link",
    "Loan",
    "LoanType",
    "MarketOrder",
    "MarketOrderDirection",
    "MarketOrderDirectionName",
    "MarketOrderPaymentMethod",
    "MarketOrderType",
    "MarketOrderTypeName",
    "NoOpCircuitBreaker",
    "Page",
    "Pager",
    "PaginationLinks",
    "PaymentAccountSchemeName",
    "PaymentAmount",
    "PaymentAppToAppUsed",
    "PaymentSettings",
    "Pocket",
    "PocketCondition",
    "PowensAuthError",
    "PowensBadRequestError",
    "PowensCircuitOpenError",
    "PowensClient",
    "PowensConflictError",
    "PowensConnectionError",
    "PowensError",
    "PowensErrorCode",
    "PowensHTTPError",
    "PowensNotFoundError",
    "PowensRateLimitError",
    "PowensSerializationError",
    "PowensServerError",
    "PowensServiceUnavailableError",
    "PowensTimeoutError",
    "PowensWebhookError",
    "Product",
    "ProvidingPayerAccount",
    "Recipient",
    "RecipientState",
    "Response",
    "RetryPolicy",
    "Subscription",
    "ThresholdCircuitBreaker",
    "TokenType",
    "Transaction",
    "TransactionDateFilter",
    "TransactionExpand",
    "TransactionType",
    "TransactionsList",
    "Transfer",
    "TransferState",
    "TransferValidateMechanism",
    "User",
    "UserPlatform",
    "UsersList",
    "WebauthURL",
    "WebviewErrorCode",
    "WebviewFlow",
    "WebviewLang",
    "WebviewURL",
    "__version__",
    "to_utc",
]

_HOMES = {name: module for module, names in _MODULES_OF_NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOMES.get(name) or ("exceptions" if name.startswith("Powens") else "models")
    value: object = getattr(importlib.import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
