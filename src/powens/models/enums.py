"""Codes of the API. Every set is open: an unknown value arrives as a plain string."""

from ._base import OpenEnum


class AccountSchemeName(OpenEnum):
    """How an account is identified."""

    IBAN = "iban"
    BBAN = "bban"
    SORT_CODE_ACCOUNT_NUMBER = "sort_code_account_number"
    CPAN = "cpan"
    TPAN = "tpan"


class AccountTypeName(OpenEnum):
    """Type of a bank account."""

    ARTICLE83 = "article83"
    CAPITALISATION = "capitalisation"
    CARD = "card"
    CAT = "cat"
    CEL = "cel"
    CHECKING = "checking"
    CROWDLENDING = "crowdlending"
    CSL = "csl"
    DEPOSIT = "deposit"
    JOINT = "joint"
    LDDS = "ldds"
    LIFEINSURANCE = "lifeinsurance"
    LIVRET_A = "livret_a"
    LIVRET_B = "livret_b"
    LOAN = "loan"
    MADELIN = "madelin"
    MARKET = "market"
    PEA = "pea"
    PEE = "pee"
    PER = "per"
    PERCO = "perco"
    PERP = "perp"
    PEL = "pel"
    REAL_ESTATE = "real_estate"
    RSP = "rsp"
    SAVINGS = "savings"
    UNKNOWN = "unknown"


class AuthCodeAccess(OpenEnum):
    """How often a temporary code can be used."""

    SINGLE = "single"
    STANDARD = "standard"


class AuthCodeRequestType(OpenEnum):
    """Which temporary code to ask for: usable once, or for 30 minutes."""

    SINGLE_ACCESS = "singleAccess"
    REQUEST_ACCESS = "requestAccess"


class AuthCodeType(OpenEnum):
    """Life of a code."""

    TEMPORARY = "temporary"


class AuthMechanism(OpenEnum):
    """How the user proves who they are to the bank."""

    CREDENTIALS = "credentials"
    WEBAUTH = "webauth"


class AuthScope(OpenEnum):
    """What a service token may do. `payments` is a deprecated alias of `payments:admin`."""

    PAYMENTS_ADMIN = "payments:admin"
    PAYMENTS_READ_ONLY = "payments:read-only"
    PAYMENTS_ALLOW_SENSITIVE = "payments:allow-sensitive"
    PAYMENTS_VALIDATE = "payments:validate"
    PAYMENTS_CANCEL = "payments:cancel"
    PAYMENTS = "payments"
    PAYMENT_LINKS_ADMIN = "payment-links:admin"


class AuthTokenType(OpenEnum):
    """Life of a user token."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"


class BankAccountExpand(OpenEnum):
    """What can be expanded on an account."""

    CONNECTION = "connection"


class BankAccountOwnership(OpenEnum):
    """Role of the user on the account (deprecated)."""

    OWNER = "owner"
    CO_OWNER = "co-owner"
    ATTORNEY = "attorney"


class BankAccountUsage(OpenEnum):
    """Private, professional or association."""

    PRIV = "PRIV"
    ORGA = "ORGA"
    ASSO = "ASSO"


class BeneficiaryType(OpenEnum):
    """How the beneficiary of a transfer is given."""

    RECIPIENT = "recipient"
    IBAN = "iban"
    PHONE_NUMBER = "phone_number"


class ConnectionState(OpenEnum):
    """Why a connection is not up to date."""

    SCA_REQUIRED = "SCARequired"
    WEBAUTH_REQUIRED = "webauthRequired"
    ADDITIONAL_INFORMATION_NEEDED = "additionalInformationNeeded"
    DECOUPLED = "decoupled"
    VALIDATING = "validating"
    ACTION_NEEDED = "actionNeeded"
    PASSWORD_EXPIRED = "passwordExpired"
    WRONGPASS = "wrongpass"
    RATE_LIMITING = "rateLimiting"
    WEBSITE_UNAVAILABLE = "websiteUnavailable"
    BUG = "bug"
    NOT_SUPPORTED = "notSupported"


class ConnectorCapability(OpenEnum):
    """What a connector can do."""

    BANK = "bank"
    BANKWEALTH = "bankwealth"
    TRANSFER = "transfer"
    DOCUMENT = "document"
    PROFILE = "profile"
    CONTACT = "contact"
    TWOFARENEW = "twofarenew"
    BANKTRANSFER = "banktransfer"
    BANKTRANSFERADDRECIPIENT = "banktransferaddrecipient"
    ONETIMEPAYMENT = "onetimepayment"


class ConnectorFieldType(OpenEnum):
    """How to ask for a field; treat an unknown one as text."""

    TEXT = "text"
    PASSWORD = "password"
    DATE = "date"
    LIST = "list"
    NUMBER = "number"
    HIDDEN = "hidden"


class ConnectorSourceName(OpenEnum):
    """Technical name of a source."""

    OPENAPI = "openapi"
    DIRECTACCESS = "directaccess"
    FALLBACK = "fallback"


class ConnectorStabilityStatus(OpenEnum):
    """How well a connector has been working."""

    STABLE = "stable"
    UNSTABLE = "unstable"


class CounterpartyType(OpenEnum):
    """Side of the counterparty."""

    CREDITOR = "creditor"
    DEBTOR = "debtor"


class ExecutionDate(OpenEnum):
    """When a payment is carried out."""

    FIRST_OPEN_DAY = "first_open_day"
    DEFERRED = "deferred"
    INSTANT = "instant"
    PERIODIC = "periodic"


class ExecutionFrequency(OpenEnum):
    """How often a periodic payment is carried out."""

    DAILY = "daily"
    WEEKLY = "weekly"
    TWO_WEEKLY = "two-weekly"
    MONTHLY = "monthly"
    TWO_MONTHLY = "two-monthly"
    QUARTERLY = "quarterly"
    FOUR_MONTHLY = "four-monthly"
    SEMIANNUALLY = "semiannually"
    YEARLY = "yearly"
    BIMONTHLY = "bimonthly"
    BIANNUAL = "biannual"


class GrantType(OpenEnum):
    """OAuth 2 grant."""

    AUTHORIZATION_CODE = "authorization_code"
    CLIENT_CREDENTIALS = "client_credentials"


class InvestmentCodeType(OpenEnum):
    """Kind of security code."""

    ISIN = "ISIN"
    AMF = "AMF"


class InvestmentSource(OpenEnum):
    """Where a security code comes from."""

    WEBSITE = "website"
    NOT_FOUND = "notFound"


class LoanType(OpenEnum):
    """Kind of loan."""

    MORTGAGE = "mortgage"
    CONSUMERCREDIT = "consumercredit"
    REVOLVINGCREDIT = "revolvingcredit"
    LOAN = "loan"


class MarketOrderDirectionName(OpenEnum):
    """Direction of a market order."""

    BUY = "BUY"
    SALE = "SALE"
    UNKNOWN = "UNKNOWN"


class MarketOrderPaymentMethod(OpenEnum):
    """How a market order is settled."""

    CASH = "CASH"
    DEFERRED = "DEFERRED"
    UNKNOWN = "UNKNOWN"


class MarketOrderTypeName(OpenEnum):
    """Type of a market order."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    TRIGGER = "TRIGGER"
    UNKNOWN = "UNKNOWN"


class PaymentAccountSchemeName(OpenEnum):
    """How an account is identified in a payment."""

    IBAN = "iban"
    SORT_CODE_ACCOUNT_NUMBER = "sort_code_account_number"


class PocketCondition(OpenEnum):
    """When a pocket becomes available."""

    UNKNOWN = "unknown"
    DATE = "date"
    ACQUIRED = "acquired"
    AVAILABLE = "available"
    RETIREMENT = "retirement"


class Product(OpenEnum):
    """Product that a connector is part of."""

    BANK = "bank"
    WEALTH = "wealth"
    BILL = "bill"
    PAY = "pay"


class ProvidingPayerAccount(OpenEnum):
    """Whether the payer's account must be given."""

    NOT_USED = "not_used"
    OPTIONAL = "optional"
    MANDATORY = "mandatory"


class RecipientState(OpenEnum):
    """Why a recipient is not ready (obsolete)."""

    WRONGPASS = "wrongpass"
    ADDITIONAL_INFORMATION_NEEDED = "additionalInformationNeeded"
    WEBSITE_UNAVAILABLE = "websiteUnavailable"
    ACTION_NEEDED = "actionNeeded"
    DECOUPLED = "decoupled"
    BUG = "bug"


class TokenType(OpenEnum):
    """How a token is presented."""

    BEARER = "Bearer"


class TransactionDateFilter(OpenEnum):
    """Which date the bounds of a listing act on."""

    APPLICATION_DATE = "application_date"
    DATE = "date"


class TransactionExpand(OpenEnum):
    """What can be expanded on a transaction."""

    ATTACHMENTS = "attachments"
    CATEGORIES = "categories"
    ACCOUNT = "account"
    DOCUMENTS = "documents"
    CATEGORY = "category"


class TransactionType(OpenEnum):
    """Kind of transaction."""

    TRANSFER = "transfer"
    ORDER = "order"
    CHECK = "check"
    DEPOSIT = "deposit"
    PAYBACK = "payback"
    WITHDRAWAL = "withdrawal"
    LOAN_REPAYMENT = "loan_repayment"
    BANK = "bank"
    CARD = "card"
    DEFERRED_CARD = "deferred_card"
    SUMMARY_CARD = "summary_card"
    UNKNOWN = "unknown"
    MARKET_ORDER = "market_order"
    MARKET_FEE = "market_fee"
    ARBITRAGE = "arbitrage"
    PROFIT = "profit"
    REFUND = "refund"
    PAYOUT = "payout"
    PAYMENT = "payment"
    FEE = "fee"


class TransferState(OpenEnum):
    """Progress of a transfer (obsolete)."""

    CREATED = "created"
    VALIDATING = "validating"
    SCHEDULED = "scheduled"
    PENDING = "pending"
    DONE = "done"
    CANCELED = "canceled"
    COMING = "coming"
    DELETED = "deleted"
    TRANSACTION_NOT_FOUND = "transactionNotFound"
    WRONGPASS = "wrongpass"
    ADDITIONAL_INFORMATION_NEEDED = "additionalInformationNeeded"
    WEBSITE_UNAVAILABLE = "websiteUnavailable"
    ACTION_NEEDED = "actionNeeded"
    DECOUPLED = "decoupled"
    BUG = "bug"


class TransferValidateMechanism(OpenEnum):
    """How a transfer is validated (obsolete)."""

    CREDENTIALS = "credentials"
    WEBAUTH = "webauth"


class UserPlatform(OpenEnum):
    """Where a user was created."""

    WEB = "web"
    I_PAD = "iPad"
    I_PHONE = "iPhone"
    ANDROID = "Android"
    C_ASTORE = "CAstore"
    REQUEST_ACCESS = "requestAccess"
    SHARED_ACCESS = "sharedAccess"
    TRANSFER = "transfer"
    REFRESH_TOKEN = "refresh_token"


class WebviewErrorCode(OpenEnum):
    """Why a webview came back with an error."""

    ACCESS_DENIED = "access_denied"
    SERVER_ERROR = "server_error"
    TOS_DECLINED = "tos_declined"
    SESSION_EXPIRED = "session_expired"


class WebviewFlow(OpenEnum):
    """Page of the webview."""

    CONNECT = "connect"
    RECONNECT = "reconnect"
    MANAGE = "manage"
    PAYMENT = "payment"
    TRANSFER = "transfer"


class WebviewLang(OpenEnum):
    """Language of the webview."""

    EN = "en"
    FR = "fr"
    DE = "de"
    NL = "nl"
    PT = "pt"
    IT = "it"
    ES = "es"
