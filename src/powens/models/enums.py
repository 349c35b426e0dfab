"""Codes of the API. Every set is open: an unknown value arrives as a plain string."""

from .._model import CaselessEnum, OpenEnum


class AccountPartyRole(OpenEnum):
    """Role of a person or company on an account."""

    HOLDER = "holder"
    CO_HOLDER = "co_holder"
    ATTORNEY = "attorney"
    CUSTODIAN_FOR_MINOR = "custodian_for_minor"
    LEGAL_GUARDIAN = "legal_guardian"
    NOMINEE = "nominee"
    SUCCESSOR_ON_DEATH = "successor_on_death"
    TRUSTEE = "trustee"
    UNKNOWN = "unknown"


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


class ConfigLogType(OpenEnum):
    """Kind of change of the configuration."""

    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"


class ConfigurationKey(OpenEnum):
    """Documented keys of the configuration of a domain; any other key is accepted as well."""

    AUTOSYNC_RETRY_WRONGPASS = "autosync.retry_wrongpass"
    BIAPI_ALLOWED_ORIGINS = "biapi.allowed_origins"
    BIAPI_MANAGER_EMAIL = "biapi.manager.email"
    CONNECTORS_DEFAULT_AUTH_MECHANISM = "connectors.default_auth_mechanism"
    CONNECTORS_ENABLE_NEW = "connectors.enable_new"
    CONNECTORS_SOURCES_ENABLE_NEW = "connectors.sources.enable_new"
    OAUTH2_ENABLED = "oauth2.enabled"
    WEBHOOKS_ALERTS_FREQUENCY = "webhooks.alerts_frequency"
    WEBHOOKS_COMPRESSIONS_ENABLED = "webhooks.compressions.enabled"
    WEBHOOKS_COMPRESSION_ENABLED = "webhooks.compression.enabled"
    PAYMENT_MAX_AMOUNT = "payment.max_amount"
    PAYMENT_MANUAL_EXPIRE_TIME_DAYS = "payment.manual_expire_time_days"
    PAYMENT_AUTO_CONFIRMATION = "payment.auto_confirmation"
    PAYMENT_STATE_UPDATED_WEBHOOK_SYSTEMATIC = "payment.state_updated_webhook.systematic"
    AUTOSYNC_CFONB = "autosync.cfonb"
    FORCE_PDF = "force_pdf"
    CAPTCHA_ENABLED = "captcha.enabled"


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


class CreditNoteReason(OpenEnum):
    """Why a credit note was made out."""

    DUPLICATE = "duplicate"
    FRAUDULENT = "fraudulent"
    ORDER_CHANGE = "order_change"
    PRODUCT_UNSTATISFACTORY = "product_unstatisfactory"
    UNKNOWN = "unknown"


class CreditNoteStatus(OpenEnum):
    """Whether a credit note is in force."""

    VOID = "void"
    ISSUED = "issued"


class CreditNoteType(OpenEnum):
    """Whether a credit note came before or after the payment."""

    PRE_PAYMENT = "pre_payment"
    POST_PAYMENT = "post_payment"


class CustomerType(OpenEnum):
    """Kind of customer."""

    COMPANY = "company"
    INDIVIDUAL = "individual"
    UNKNOWN = "unknown"


class DiscountType(OpenEnum):
    """How a discount is counted."""

    PERCENTAGE = "percentage"
    ABSOLUTE = "absolute"


class DocumentTypeName(OpenEnum):
    """Type of a document."""

    ZIMAGE = "zimage"
    PDF = "pdf"
    ODT = "odt"
    BILL = "bill"
    RIB = "RIB"
    STATEMENT = "statement"
    CONTRACT = "contract"
    NOTICE = "notice"
    REPORT = "report"
    OTHER = "other"
    INCOME_TAX = "income_tax"
    KIID = "kiid"
    CERTIFICATE = "certificate"
    IDENTITY = "identity"
    PAYSLIP = "payslip"
    EXCHANGE_STATEMENT = "exchange_statement"
    BILL_DEBIT_ADVICE = "bill_debit_advice"


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


class InvoiceStatus(OpenEnum):
    """Where an invoice stands."""

    OPEN = "open"
    PAID = "paid"
    PARTIALLY_PAID = "partially_paid"
    DRAFT = "draft"
    CANCELLED = "cancelled"
    PENDING = "pending"
    UNCOLLECTIBLE = "uncollectible"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially_refunded"


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


class PaymentAction(OpenEnum):
    """What a payment waits for."""

    REDIRECT = "redirect"
    DECOUPLED = "decoupled"
    ADDITIONAL_INFORMATION_NEEDED = "additionalInformationNeeded"
    CONFIRM = "confirm"
    PSU_VALIDATION = "psuValidation"


class PaymentConnectorIncompatibilityCode(OpenEnum):
    """Which rule a payment breaks."""

    MAX_AMOUNT = "maxAmount"
    MIN_AMOUNT = "minAmount"
    MAX_BULK = "maxBulk"
    MAX_DATE_DELTA = "maxDateDelta"
    MIN_DATE_DELTA = "minDateDelta"
    NSP_DATE_TYPE = "nspDateType"
    NSP_FREQUENCY = "nspFrequency"
    NSP_BULK = "nspBulk"
    NSP_BENEF_SCHEME = "nspBenefScheme"
    NSP_PAYER = "nspPayer"
    NSP_EXEC_DATE = "nspExecDate"
    NSP_CURRENCY = "nspCurrency"
    TRUST_BENEF = "trustBenef"


class PaymentConnectorIncompatibilityType(OpenEnum):
    """Whether a payment cannot pass, or may not."""

    INCOMPATIBLE = "incompatible"
    WARNING = "warning"


class PaymentDateFilter(OpenEnum):
    """Which date the bounds of a listing of payments act on."""

    REGISTER_DATE = "register_date"
    VALIDATE_DATE = "validate_date"


class PaymentErrorCode(CaselessEnum):
    """Why a payment failed, however its capitals are set."""

    INVALID_EMITTER = "invalidEmitter"
    INSUFFICIENT_FUNDS = "insufficientFunds"
    INVALID_AMOUNT = "invalidAmount"
    INVALID_CURRENCY = "invalidCurrency"
    INVALID_DATE = "invalidDate"
    INVALID_BENEFICIARY = "invalidBeneficiary"
    INVALID_LABEL = "invalidLabel"
    INVALID_REFERENCE_ID = "invalidReferenceId"
    REGULATORY_REASON = "regulatoryReason"
    AUTHENTICATION_FAILED = "authenticationFailed"
    NO_ANSWER_FROM_CUSTOMER = "noAnswerFromCustomer"
    NO_SPECIFIED_REASON = "noSpecifiedReason"
    CANCELLED_BY_USER = "CancelledByUser"
    CANCELLED_BY_CLIENT = "CancelledByClient"
    CONFIRMATION_REFUSED = "confirmationRefused"
    BANK_MESSAGE = "bankMessage"
    INVALID_VALUE = "invalidValue"
    WEBSITE_UNAVAILABLE = "websiteUnavailable"
    BUG = "bug"


class PaymentFieldType(OpenEnum):
    """How to ask the payer for a field."""

    TEXT = "text"
    LIST = "list"


class PaymentIdentityKind(OpenEnum):
    """Kind of person or company in a payment."""

    INDIVIDUAL = "individual"
    CORPORATE = "corporate"
    NON_PROFIT = "non_profit"
    GOVERNMENT = "government"


class PaymentIdentitySchemeName(OpenEnum):
    """How a person or company is identified."""

    NATIONAL_ID_NUMBER = "national_id_number"
    PASSPORT_NUMBER = "passport_number"
    ALIEN_REG_NUMBER = "alien_reg_number"
    SIREN = "siren"
    INCORPORATION_NUMBER = "incorporation_number"
    EUID = "euid"
    RNA = "rna"


class PaymentInstructionState(OpenEnum):
    """Where one instruction of a payment stands."""

    PENDING = "pending"
    REJECTED = "rejected"
    DONE = "done"
    ACCEPTED = "accepted"


class PaymentLinkAttemptState(OpenEnum):
    """Where the payment made with a link stands."""

    CREATED = "created"
    VALIDATING = "validating"
    PENDING = "pending"
    REJECTED = "rejected"
    DONE = "done"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    PARTIAL = "partial"
    UNAVAILABLE = "unavailable"


class PaymentOrderBy(OpenEnum):
    """What payments are sorted by."""

    ID = "id"
    REGISTER_DATE = "register_date"
    VALIDATE_DATE = "validate_date"
    STATE = "state"
    CONNECTORS = "connectors"
    AMOUNT = "amount"
    INSTRUCTION_COUNT = "instruction_count"
    EXECUTION_DATE_TYPE = "execution_date_type"


class PaymentState(OpenEnum):
    """Where a payment stands. Final are rejected, done, accepted, expired and partial."""

    CREATED = "created"
    VALIDATING = "validating"
    PENDING = "pending"
    REJECTED = "rejected"
    DONE = "done"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    PARTIAL = "partial"


class PaymentStateDetail(OpenEnum):
    """What else there is to say of the state of a payment."""

    CANCELLING = "cancelling"


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


class TaxType(OpenEnum):
    """Kind of tax."""

    AMUSEMENT = "amusement"
    COMMUNICATIONS = "communications"
    GST = "gst"
    HST = "hst"
    IGST = "igst"
    JCT = "jct"
    LEASE = "lease"
    PST = "pst"
    QST = "qst"
    RST = "rst"
    SALES = "sales"
    SERVICE = "service"
    VAT = "vat"
    UNKNOWN = "unknown"


class TestConnectorPayUseCase(OpenEnum):
    """Scenarios of the test connector for payments (`use_case_pay`), on sandbox domains only."""

    LEGACY = "legacy"
    REDIRECT = "redirect"
    DECOUPLED = "decoupled"
    DECOUPLED_CANCELLED = "decoupled_cancelled"
    DECOUPLED_EXPIRED = "decoupled_expired"
    OTP_SMS = "otp_sms"
    OTP_PLUS_DECOUPLED = "otp_plus_decoupled"
    ACCOUNT_CHOICE = "account_choice"
    REDIRECT_NO_CONFIRMATION = "redirect_no_confirmation"


class TokenType(OpenEnum):
    """How a token is presented."""

    BEARER = "Bearer"


class TransactionCategoryCode(OpenEnum):
    """Codes of categories, of the French, the Spanish and the European set together."""

    LEGAL_ADVICE = "legal_advice"
    OTHERS_ADMINISTRATION_AND_TAXES = "others_administration_and_taxes"
    SOCIAL_CONTRIBUTIONS = "social_contributions"
    TAXES = "taxes"
    BANKING_FEES = "banking_fees"
    INSURANCE_REPAYMENTS = "insurance_repayments"
    ACCOUNT_CARD_MAINTENANCE = "account_card_maintenance"
    INSURANCES = "insurances"
    OTHERS_BANK_INSURANCES = "others_bank_insurances"
    RETIREMENT_INSURANCE = "retirement_insurance"
    SAVINGS = "savings"
    UNAUTHORIZED_DEBIT_FEES = "unauthorized_debit_fees"
    IRREGULARITY_AND_INCIDENT_FEES = "irregularity_and_incident_fees"
    INTERVENTION_FEES = "intervention_fees"
    FOREIGN_EXCHANGE_FEES = "foreign_exchange_fees"
    WITHDRAWAL = "withdrawal"
    REJECTION_FEES = "rejection_fees"
    THIRD_PARTY_ADMINISTRATIVE_SEIZURE = "third_party_administrative_seizure"
    DEPOSIT = "deposit"
    SAVINGS_INVESTMENTS_AND_CRYPTO_ASSETS = "savings_investments_and_crypto_assets"
    BAKER = "baker"
    BARS_RESTAURANTS = "bars_restaurants"
    BUTCHER_FISHMONGERS_PRODUCE = "butcher_fishmongers_produce"
    OTHERS_FOOD_AND_RESTAURANTS = "others_food_and_restaurants"
    SUPERMARKET_AND_GROCERIES = "supermarket_and_groceries"
    VENDING = "vending"
    HOME_SERVICES_CLEANING = "home_services_cleaning"
    KITCHEN_AND_APPLIANCES = "kitchen_and_appliances"
    OTHERS_HOUSEHOLD = "others_household"
    WORKS_DIY_GARDENING = "works_diy_gardening"
    CHILD_CARE_KINDERGARTEN = "child_care_kindergarten"
    FURNITURE_AND_DECORATION = "furniture_and_decoration"
    ALIMONY_PAYMENT = "alimony_payment"
    EDUCATION_AND_TRAINING = "education_and_training"
    PET_CARE = "pet_care"
    POST_AND_COURIER = "post_and_courier"
    DOCTORS_SPECIALIST_DENTISTS_HOSPITALS = "doctors_specialist_dentists_hospitals"
    HEALTH_INSURANCE_FEES = "health_insurance_fees"
    HEALTH_INSURANCE_REIMBURSEMENT = "health_insurance_reimbursement"
    OTHERS_HEALTHCARE = "others_healthcare"
    PHARMACY = "pharmacy"
    ENERGY = "energy"
    OTHERS_HOUSING = "others_housing"
    RENT = "rent"
    WATER = "water"
    CINEMA_THEATER_CULTURE = "cinema_theater_culture"
    HOTELS = "hotels"
    OTHERS_LEISURE = "others_leisure"
    SPORTS = "sports"
    TOBACCO_GAMBLING = "tobacco_gambling"
    CHARITY_NGO_UNIONS_ASSOCIATIONS = "charity_ngo_unions_associations"
    CONSUMER_LOANS_DISPOSAL = "consumer_loans_disposal"
    MORTGAGE_DISPOSAL = "mortgage_disposal"
    OTHERS_LOANS = "others_loans"
    CONSUMER_LOANS_PAYMENT = "consumer_loans_payment"
    MORTGAGE_PAYMENT = "mortgage_payment"
    MEDIA_SUBSCRIPTIONS = "media_subscriptions"
    OTHERS_MEDIA_AND_TELECOMMUNICATIONS = "others_media_and_telecommunications"
    PHONE_INTERNET_TV = "phone_internet_tv"
    RETURN_DEBIT = "return_debit"
    TRANSFERS = "transfers"
    ONLINE_TRANSFERS_AND_PAYMENT_SERVICES = "online_transfers_and_payment_services"
    OTHERS = "others"
    OTHERS_REVENUE = "others_revenue"
    PENSIONS = "pensions"
    RENTAL_INCOME = "rental_income"
    SALARY = "salary"
    ALIMONY = "alimony"
    FAMILY_BENEFITS = "family_benefits"
    UNEMPLOYMENT_BENEFITS = "unemployment_benefits"
    OTHER_BENEFITS = "other_benefits"
    HOUSING_BENEFITS = "housing_benefits"
    FINANCIAL_INCOME = "financial_income"
    SAVINGS_DISPOSAL = "savings_disposal"
    BEAUTY_HAIRDRESSING_AESTHETIC = "beauty_hairdressing_aesthetic"
    CLOTHING_AND_ACCESSORIES = "clothing_and_accessories"
    ECOMMERCE = "ecommerce"
    MULTIMEDIA_BOOKS_STATIONERY = "multimedia_books_stationery"
    OTHERS_SHOPPING = "others_shopping"
    FUEL_AND_VEHICLE_CHARGING = "fuel_and_vehicle_charging"
    OTHERS_TRAVEL_AND_TRANSPORT = "others_travel_and_transport"
    PARKING_MAINTENANCE_TOLLS = "parking_maintenance_tolls"
    PLANE_OR_BOAT_TRAVEL = "plane_or_boat_travel"
    PUBLIC_TRANSPORTATION = "public_transportation"
    RENTAL_AND_TAXIS = "rental_and_taxis"
    TRAIN_TRAVEL = "train_travel"
    UNEMPLOYEMENT_BENEFIT = "unemployement_benefit"
    INVALIDITY_BENEFIT = "invalidity_benefit"
    OTHER_SOCIAL_SECURITY_BENEFITS = "other_social_security_benefits"
    GENERAL_LOANS = "general_loans"
    FAST_LOANS = "fast_loans"
    CONSUMER_LOANS = "consumer_loans"
    CREDIT_CARD_PAYMENT_AND_TRANSFERS = "credit_card_payment_and_transfers"
    CREDIT_LINE = "credit_line"
    CAR_LEASING = "car_leasing"
    MORTGAGE = "mortgage"
    SPORTS_BETTING = "sports_betting"
    LOTTERY = "lottery"
    CASINO = "casino"
    FROM_OWN_ACCOUNT = "from_own_account"
    TO_OWN_ACCOUNT = "to_own_account"
    OTHER_PERSONAL_TRANSFERS = "other_personal_transfers"
    OTHER_TRANSFERS = "other_transfers"
    ONLINE_MONEY_TRANSFER = "online_money_transfer"
    ONLINE_PAYMENTS = "online_payments"
    TRANSFER_FROM_PAYMENT_CARD = "transfer_from_payment_card"
    UNKNOWN = "unknown"
    CAFES_RESTAURANTS_BARS = "cafes_restaurants_bars"
    GROCERIES_AND_SUPERMARKETS = "groceries_and_supermarkets"
    TOBACCO_AND_ALCOHOL = "tobacco_and_alcohol"
    OTHER_SUPPLIES = "other_supplies"
    RENT_AND_MAINTENANCE = "rent_and_maintenance"
    NATURAL_GAS = "natural_gas"
    ELECTRICITY = "electricity"
    TELEPHONE_INTERNET_TV_COMPUTER = "telephone_internet_tv_computer"
    SECURITY = "security"
    ACCOMMODATION_TRAVEL_EXPENSES = "accommodation_travel_expenses"
    BOOKS_NEWSPAPERS_MAGAZINES_STATIONERY = "books_newspapers_magazines_stationery"
    PETS = "pets"
    SPORT_AND_SPORTS_GOODS = "sport_and_sports_goods"
    THEATRE_MUSIC_CINEMA = "theatre_music_cinema"
    HOBBIES_AND_OTHER_LEISURE_ACTIVITIES = "hobbies_and_other_leisure_activities"
    GIFTS_AND_FLORIST = "gifts_and_florist"
    CHARITY = "charity"
    SHOPPING_MALL_AND_DEPARTMENT_STORES = "shopping_mall_and_department_stores"
    TRANSPORTATION_EXPENSES = "transportation_expenses"
    FUEL = "fuel"
    PARKING_AND_TOLLS = "parking_and_tolls"
    VEHICLE_MAINTENANCE_AND_RENTAL = "vehicle_maintenance_and_rental"
    EDUCATION_AND_COURSES = "education_and_courses"
    HEALTH_AND_PHARMACEUTICALS = "health_and_pharmaceuticals"
    BEAUTY_COSMETICS = "beauty_cosmetics"
    INVESTMENTS = "investments"
    LIFE_INSURANCE = "life_insurance"
    NON_LIFE_INSURANCE = "non_life_insurance"
    OTHER_INSURANCE_EXPENSES = "other_insurance_expenses"
    ONLINE_RETAIL_PURCHASES = "online_retail_purchases"
    ONLINE_SERVICES = "online_services"
    OTHER_PAYMENTS = "other_payments"
    TRANSFER_TO_PAYMENT_CARD = "transfer_to_payment_card"
    PENSION = "pension"
    CASH_DEPOSIT = "cash_deposit"
    CHEQUE_DEPOSIT = "cheque_deposit"
    INCOME_FROM_RENT = "income_from_rent"
    ALIMONY_AND_CHILD_SUPPORT = "alimony_and_child_support"
    DIVIDENS_RECEIVED = "dividens_received"
    INTEREST_RECEIVED = "interest_received"
    INVOICES_AND_BUSINESS = "invoices_and_business"
    TAX_RETURN = "tax_return"
    FINANCIAL_SERVICES_AND_COMMISSIONS = "financial_services_and_commissions"
    RETURNED_PAYMENTS = "returned_payments"
    INSURANCE_INDEMNITY = "insurance_indemnity"
    BAILIFFS_AND_DEBT_COLLECTION = "bailiffs_and_debt_collection"
    UNIONS_AND_ASSOCIATIONS = "unions_and_associations"
    POSTAL_SERVICES = "postal_services"
    CASH_WIDTHDRAWAL = "cash_widthdrawal"
    CHEQUE_WIDTHDRAWAL = "cheque_widthdrawal"
    CLOTHING_SHOES_AND_COMPLEMENTS = "clothing_shoes_and_complements"
    CHILDREN = "children"
    HOUSEHOLD_GOODS = "household_goods"
    TAXES_AND_GOVERNMENT_FEES = "taxes_and_government_fees"
    OTHER_EMPLOYMENT_WAGES = "other_employment_wages"
    SOCIAL_SECURITY = "social_security"
    OTHER_GOVERNMENT_SUPPORT = "other_government_support"
    SECURITY_SERVICES = "security_services"
    HOME_MAINTENANCE = "home_maintenance"
    INTERNET_MOBILE_TV = "internet_mobile_tv"
    OTHER_HOUSING_AND_UTILITIES = "other_housing_and_utilities"
    SUPERMARKETS_AND_GROCERIES = "supermarkets_and_groceries"
    ORGANIC_AND_SPECIALTY_FOOD = "organic_and_specialty_food"
    BAKERY = "bakery"
    TOBACCO_STORES = "tobacco_stores"
    OTHER_GROCERIES_AND_STORES = "other_groceries_and_stores"
    RESTAURANT_BAR_COFFEE = "restaurant_bar_coffee"
    FOOD_DELIVERY = "food_delivery"
    OTHER_DINING_OUT_AND_FOOD = "other_dining_out_and_food"
    FUEL_AND_GAS = "fuel_and_gas"
    VEHICLE_MAINTENANCE_AND_REPAIRS = "vehicle_maintenance_and_repairs"
    OTHER_VEHICLE_EXPENSES = "other_vehicle_expenses"
    LOCAL_TRANSPORTATION = "local_transportation"
    PLANE_TRAIN_BOAT_TRAVEL = "plane_train_boat_travel"
    CAR_RENTAL = "car_rental"
    OTHER_TRANSPORTS = "other_transports"
    HOTELS_AND_ACCOMMODATION = "hotels_and_accommodation"
    OTHER_TRAVEL_AND_ACCOMMODATION_EXPENSES = "other_travel_and_accommodation_expenses"
    DOCTORS_AND_HOSPITALS = "doctors_and_hospitals"
    OTHER_MEDICAL_EXPENSES = "other_medical_expenses"
    BEAUTY_AND_COSMETICS = "beauty_and_cosmetics"
    FITNESS_GYM_SPA_WELLNESS = "fitness_gym_spa_wellness"
    OTHER_HEALTH_AND_WELLNESS = "other_health_and_wellness"
    CLOTHING_AND_SHOES = "clothing_and_shoes"
    JEWELRY_AND_ACCESSORIES = "jewelry_and_accessories"
    OTHER_CLOTHING_AND_ACCESSORIES = "other_clothing_and_accessories"
    TECH_ACCESSORIES_AND_ELECTRONICS = "tech_accessories_and_electronics"
    GAMING_SOFTWARE_APPS = "gaming_software_apps"
    OTHER_DIGITAL_ENTERTAINMENT_TECHNOLOGY = "other_digital_entertainment_technology"
    DEPARTMENT_STORES = "department_stores"
    ONLINE_SHOPPING = "online_shopping"
    HOMEGOODS_AND_GARDENING = "homegoods_and_gardening"
    BOOKS_MEDIA_STATIONERY = "books_media_stationery"
    GIFTS_AND_FLORISTS = "gifts_and_florists"
    SPORTS_GOODS = "sports_goods"
    OTHER_GENERAL_SHOPPING = "other_general_shopping"
    THEATRE_CINEMA_AND_CULTURE = "theatre_cinema_and_culture"
    SPORT_EVENTS = "sport_events"
    HOBBIES_AND_RECREATION_ACTIVITIES = "hobbies_and_recreation_activities"
    OTHER_ACTIVITIES_AND_EVENTS = "other_activities_and_events"
    GOVERNMENT_FEES_AND_TAXES = "government_fees_and_taxes"
    FINES_AND_PENALTIES = "fines_and_penalties"
    OTHER_TAXES = "other_taxes"
    LEASING_AND_RENTING = "leasing_and_renting"
    OTHER_LOANS_AND_CREDIT = "other_loans_and_credit"
    MEDICAL_INSURANCE = "medical_insurance"
    GENERAL_INSURANCE = "general_insurance"
    OTHER_INSURANCE = "other_insurance"
    TUITION = "tuition"
    ONLINE_COURSES_TRAINING_CERTIFICATIONS = "online_courses_training_certifications"
    OTHER_EDUCATION = "other_education"
    PROFESSIONAL_SERVICES = "professional_services"
    OTHER_PROFESSIONAL = "other_professional"
    P2P_PAYMENTS = "p2p_payments"
    REFUND = "refund"
    ONLINE_MONEY_TRANSFERS = "online_money_transfers"
    WIRE_TRANSFERS = "wire_transfers"
    SAVINGS_DEPOSITS_AND_INVESTMENTS = "savings_deposits_and_investments"
    OTHER_SAVINGS_AND_INVESTMENTS = "other_savings_and_investments"
    CHARITY_RELIGIOUS_CONTRIBUTIONS_NGO = "charity_religious_contributions_ngo"
    OTHER_SUPPORT = "other_support"
    SPORTS_BETTING_AND_CASINO = "sports_betting_and_casino"
    OTHER_GAMBLING = "other_gambling"
    ACCOUNT_AND_CARD_MAINTENANCE = "account_and_card_maintenance"
    OTHER_BANK_AND_FEES = "other_bank_and_fees"
    OTHER = "other"


class TransactionCategoryParentCode(OpenEnum):
    """Codes of the groups of categories."""

    ADMINISTRATION_AND_TAXES = "administration_and_taxes"
    BANK_INSURANCES = "bank_insurances"
    FOOD_AND_RESTAURANTS = "food_and_restaurants"
    HOUSEHOLD = "household"
    HEALTHCARE = "healthcare"
    HOUSING = "housing"
    LEISURE = "leisure"
    LOANS = "loans"
    MEDIA_AND_TELECOMMUNICATIONS = "media_and_telecommunications"
    OTHERS = "others"
    REVENUE = "revenue"
    SHOPPING = "shopping"
    TRAVEL_AND_TRANSPORT = "travel_and_transport"
    SOCIAL_SECURITY_BENEFITS = "social_security_benefits"
    GAMBLING = "gambling"
    PERSONAL_TRANSFERS = "personal_transfers"
    OTHER_INCOMING_MOVEMENTS = "other_incoming_movements"
    FOOD_AND_SUPPLIES = "food_and_supplies"
    UTILITY_SERVICES = "utility_services"
    LEISURE_ACTIVITIES_AND_HOBBIES = "leisure_activities_and_hobbies"
    TRANSPORTATION = "transportation"
    EDUCATION_HEALTH_AND_BEAUTY = "education_health_and_beauty"
    SAVINGS_AND_INVESTMENTS = "savings_and_investments"
    INSURANCE = "insurance"
    ONLINE_TRANSACTIONS = "online_transactions"
    OTHER_OUTGOING_MOVEMENTS = "other_outgoing_movements"
    SALARY = "salary"
    PENSION = "pension"
    CASH_DEPOSIT = "cash_deposit"
    CHEQUE_DEPOSIT = "cheque_deposit"
    INCOME_FROM_RENT = "income_from_rent"
    ALIMONY_AND_CHILD_SUPPORT = "alimony_and_child_support"
    SAVINGS = "savings"
    DIVIDENS_RECEIVED = "dividens_received"
    INTEREST_RECEIVED = "interest_received"
    INVOICES_AND_BUSINESS = "invoices_and_business"
    TAX_RETURN = "tax_return"
    FINANCIAL_SERVICES_AND_COMMISSIONS = "financial_services_and_commissions"
    RETURN_DEBIT = "return_debit"
    RETURNED_PAYMENTS = "returned_payments"
    INSURANCE_INDEMNITY = "insurance_indemnity"
    BAILIFFS_AND_DEBT_COLLECTION = "bailiffs_and_debt_collection"
    UNIONS_AND_ASSOCIATIONS = "unions_and_associations"
    POSTAL_SERVICES = "postal_services"
    CASH_WIDTHDRAWAL = "cash_widthdrawal"
    CHEQUE_WIDTHDRAWAL = "cheque_widthdrawal"
    CLOTHING_SHOES_AND_COMPLEMENTS = "clothing_shoes_and_complements"
    CHILDREN = "children"
    HOUSEHOLD_GOODS = "household_goods"
    TAXES_AND_GOVERNMENT_FEES = "taxes_and_government_fees"
    EMPLOYMENT_WAGES = "employment_wages"
    GOVERNMENT_SUPPORT = "government_support"
    HOUSING_AND_UTILITIES = "housing_and_utilities"
    GROCERIES_AND_STORES = "groceries_and_stores"
    DINING_OUT_AND_FOOD = "dining_out_and_food"
    VEHICLE_EXPENSES = "vehicle_expenses"
    TRANSPORTS = "transports"
    TRAVEL_AND_ACCOMMODATION_EXPENSES = "travel_and_accommodation_expenses"
    MEDICAL_EXPENSES = "medical_expenses"
    HEALTH_AND_WELLNESS = "health_and_wellness"
    CLOTHING_AND_ACCESSORIES = "clothing_and_accessories"
    DIGITAL_ENTERTAINMENT_AND_TECHNOLOGY = "digital_entertainment_and_technology"
    GENERAL_SHOPPING = "general_shopping"
    ACTIVITIES_AND_EVENTS = "activities_and_events"
    TAXES = "taxes"
    LOANS_AND_CREDIT = "loans_and_credit"
    EDUCATION = "education"
    PROFESSIONAL = "professional"
    TRANSFERS = "transfers"
    SUPPORT = "support"
    BANK_AND_FEES = "bank_and_fees"
    MISC = "misc"


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


class WebhookAuthType(OpenEnum):
    """How webhooks prove who sends them."""

    HMAC_SIGNATURE = "hmac_signature"
    OAUTH = "oauth"


class WebhookEvent(OpenEnum):
    """Events that a webhook can be registered for."""

    USER_CREATED = "USER_CREATED"
    USER_DELETED = "USER_DELETED"
    USER_SYNCED = "USER_SYNCED"
    CONNECTION_SYNCED = "CONNECTION_SYNCED"
    CONNECTION_DELETED = "CONNECTION_DELETED"
    ACCOUNTS_FETCHED = "ACCOUNTS_FETCHED"
    ACCOUNT_SYNCED = "ACCOUNT_SYNCED"
    ACCOUNT_CATEGORIZED = "ACCOUNT_CATEGORIZED"
    ACCOUNT_DISABLED = "ACCOUNT_DISABLED"
    ACCOUNT_ENABLED = "ACCOUNT_ENABLED"
    ACCOUNT_FOUND = "ACCOUNT_FOUND"
    ACCOUNT_OWNERSHIPS_FOUND = "ACCOUNT_OWNERSHIPS_FOUND"
    TRANSACTION_ATTACHMENTS_FOUND = "TRANSACTION_ATTACHMENTS_FOUND"
    SUBSCRIPTION_FOUND = "SUBSCRIPTION_FOUND"
    SUBSCRIPTION_SYNCED = "SUBSCRIPTION_SYNCED"
    PAYMENT_STATE_UPDATED = "PAYMENT_STATE_UPDATED"


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
