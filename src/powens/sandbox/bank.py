"""The invented world: banks, people, kinds of accounts and what happens on them.

Everything here is data. No bank, person, shop or account number in it exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from powens.sandbox import dice
from powens.sandbox.wire import JsonObject

OPENAPI: Final = "openapi"
DIRECTACCESS: Final = "directaccess"

OTP: Final = "123456"
WRONG_PASSWORD: Final = "wrongpass"  # noqa: S105 - a cue

COUNTRIES: Final[Mapping[str, str]] = {
    "fr": "France",
    "de": "Germany",
    "es": "Spain",
    "it": "Italy",
}

PEOPLE: Final = (
    "Camille Fauvel",
    "Jonas Ebersbach",
    "Lucía Montalvo",
    "Chiara Belfiore",
    "Anouk Tessier",
    "Mats Hollerbach",
)


@dataclass(frozen=True, slots=True)
class Bank:
    """A connector of the catalogue.

    Attributes:
        id: Its number on this domain.
        slug: A short name, from which its uuid is made.
        name: What people call it.
        country: Where it is; its accounts have names of that country.
        start: The state a new connection to it begins in; None is connected at once.
        code: Its bank code, part of the account numbers.
        hidden: Whether lists leave it out.
        reluctant: Whether a forced synchronization answers `{connection, message}`.
        regions: The choices of its `region` field, when it has one.
    """

    id: int
    slug: str
    name: str
    country: str
    start: str | None
    code: str
    hidden: bool = False
    reluctant: bool = False
    regions: tuple[str, ...] = ()

    @property
    def uuid(self) -> str:
        """What identifies it on every domain."""
        return dice.uuid("connector", self.slug)

    @property
    def mechanism(self) -> str:
        """How people identify themselves there."""
        return "webauth" if self.start == "webauthRequired" else "credentials"


BANKS: Final = (
    Bank(1, "alizes", "Banque des Alizés", "fr", None, "99101"),
    Bank(2, "lumiere", "Crédit Lumière", "fr", "additionalInformationNeeded", "99102"),
    Bank(3, "phare", "Caisse du Phare", "fr", "decoupled", "99103"),
    Bank(4, "sirocco", "Banque Sirocco", "fr", "webauthRequired", "99104"),
    Bank(5, "elbtal", "Sparhaus Elbtal", "de", "SCARequired", "99105000"),
    Bank(
        6, "nordlicht", "Nordlicht Genossenschaft", "de", None, "99106000",
        reluctant=True, regions=("Küste", "Heide", "Gebirge"),
    ),
    Bank(7, "alameda", "Banco Alameda", "es", "actionNeeded", "99107001"),
    Bank(8, "almendro", "Caja del Almendro", "es", "passwordExpired", "99108001"),
    Bank(9, "corallo", "Banca Corallo", "it", "websiteUnavailable", "9910901001"),
    Bank(10, "faraglioni", "Cassa dei Faraglioni", "it", "bug", "9911001001"),
    Bank(11, "tramontane", "Comptoir Tramontane", "fr", "rateLimiting", "99111"),
    Bank(12, "hirondelle", "Banque Hirondelle", "fr", None, "99112", hidden=True),
)  # fmt: skip

DEMO_BANK: Final = BANKS[0]


def field(name: str, label: str, kind: str, regex: str | None, mechanism: str) -> JsonObject:
    """A form field of a connector or of a connection."""
    return {
        "name": name,
        "label": label,
        "type": kind,
        "required": True,
        "regex": regex,
        "auth_mechanisms": [mechanism],
        "connector_sources": [OPENAPI, DIRECTACCESS],
    }


def fields_of(bank: Bank) -> list[JsonObject]:
    """What the bank asks a new customer for."""
    if bank.mechanism == "webauth":
        return []
    fields = [
        field("login", "Identifiant", "text", None, bank.mechanism),
        field("password", "Mot de passe", "password", None, bank.mechanism),
    ]
    if bank.regions:
        values = [
            {"label": region, "value": str(number)}
            for number, region in enumerate(bank.regions, start=1)
        ]
        fields.append(field("region", "Region", "list", None, bank.mechanism) | {"values": values})
    return fields


OTP_FIELD: Final = field("otp", "Code reçu par SMS", "text", r"^\d{6}$", "credentials")


@dataclass(frozen=True, slots=True)
class Blueprint:
    """An account every customer of every bank has.

    Attributes:
        type: Its type code; also decides what happens on it.
        source: The source that finds it.
        share: Its part of the transactions, in percent.
        balance: Its balance in cents, before a customer's own deviation.
        currency: The currency it is held in.
        parent: Whether it belongs to the account before it.
        names: What it is called, by country.
    """

    type: str
    source: str
    share: int
    balance: int
    currency: str
    parent: bool
    names: tuple[str, str, str, str]

    def name(self, country: str) -> str:
        """What it is called in that country."""
        return self.names[tuple(COUNTRIES).index(country)]


BLUEPRINTS: Final = (
    Blueprint(
        "checking", OPENAPI, 62, 248_637, "EUR", False,
        ("Compte courant", "Girokonto", "Cuenta corriente", "Conto corrente"),
    ),
    Blueprint(
        "card", OPENAPI, 18, -41_290, "EUR", True,
        ("Carte à débit différé", "Kreditkarte", "Tarjeta de crédito", "Carta di credito"),
    ),
    Blueprint(
        "savings", OPENAPI, 6, 1_120_000, "EUR", False,
        ("Compte épargne", "Tagesgeldkonto", "Cuenta de ahorro", "Conto deposito"),
    ),
    Blueprint(
        "checking", OPENAPI, 8, 93_015, "USD", False,
        ("Compte en devise", "Fremdwährungskonto", "Cuenta en divisa", "Conto in valuta"),
    ),
    Blueprint(
        "loan", DIRECTACCESS, 3, -14_250_000, "EUR", False,
        ("Prêt immobilier", "Baufinanzierung", "Préstamo hipotecario", "Mutuo casa"),
    ),
    Blueprint(
        "pea", DIRECTACCESS, 3, 2_384_410, "EUR", False,
        ("Plan d'épargne en actions", "Wertpapierdepot", "Cuenta de valores", "Conto titoli"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """One thing a transaction can be about."""

    wording: str
    category: str
    parent: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of transaction: its type code, sign, amounts in cents, and what it can be about."""

    type: str
    income: bool
    least: int
    most: int
    labels: tuple[Label, ...]
    original_currency: str | None = None
    commission: bool = False
    counterparty: bool = False


def _labels(category: str, parent: str, *wordings: str) -> tuple[Label, ...]:
    return tuple(Label(wording, category, parent) for wording in wordings)


_FOOD = "food_and_restaurants"

KINDS: Final[Mapping[str, Kind]] = {
    "groceries": Kind(
        "card", False, 450, 14_800,
        _labels(
            "supermarket_and_groceries", _FOOD,
            "Marché des Tilleuls", "Épicerie Belle-Lune", "Halles du Vieux-Quai", "Panier Malin",
        ),
    ),
    "restaurant": Kind(
        "card", False, 780, 6_900,
        _labels(
            "bars_restaurants", _FOOD,
            "Café du Sémaphore", "Trattoria Limonaia", "Le Petit Chaudron", "Bistrot Mirabelle",
        ),
    ),
    "shopping": Kind(
        "card", False, 990, 23_900,
        _labels("clothing_and_accessories", "shopping", "Atelier Garance", "Maison Ficelle")
        + _labels("multimedia_books_stationery", "shopping", "Librairie du Passage"),
    ),
    "travel": Kind(
        "card", False, 150, 18_400,
        _labels("public_transportation", "travel_and_transport", "Tramways Rivegauche")
        + _labels("fuel_and_vehicle_charging", "travel_and_transport", "Station Grand-Large"),
    ),
    "abroad": Kind(
        "card", False, 500, 19_900,
        _labels("hotels", "leisure", "Harbour Lantern Inn", "Old Mill Guesthouse"),
        original_currency="GBP",
    ),
    "withdrawal": Kind(
        "withdrawal", False, 2_000, 12_000,
        _labels("withdrawal", "bank_insurances", "Retrait distributeur"),
    ),
    "bills": Kind(
        "order", False, 1_290, 14_300,
        _labels("energy", "housing", "Énergie Deux-Vallées")
        + _labels("phone_internet_tv", "media_and_telecommunications", "Télécom Azur")
        + _labels("insurances", "bank_insurances", "Mutuelle Roseraie"),
    ),
    "rent": Kind(
        "transfer", False, 72_000, 96_000,
        _labels("rent", "housing", "Loyer Résidence des Ormes"), counterparty=True,
    ),
    "salary": Kind(
        "transfer", True, 198_000, 312_000,
        _labels("salary", "revenue", "Salaire Verrerie Montclar"), counterparty=True,
    ),
    "from friends": Kind(
        "transfer", True, 1_000, 18_000,
        _labels("transfers", "others", "Virement Noé Castagnier", "Virement Ilse Brandow"),
        counterparty=True,
    ),
    "refund": Kind(
        "payback", True, 500, 8_000,
        _labels("health_insurance_reimbursement", "healthcare", "Remboursement Santé Mimosa"),
    ),
    "sale": Kind(
        "payment", True, 900, 45_000,
        _labels("others_revenue", "revenue", "Vente en ligne Brocantine"), commission=True,
    ),
    "fee": Kind(
        "bank", False, 190, 2_400,
        _labels("banking_fees", "bank_insurances", "Cotisation carte", "Frais de tenue de compte"),
    ),
    "deferred": Kind(
        "deferred_card", False, 690, 16_500,
        _labels("ecommerce", "shopping", "Boutique Cerf-Volant", "Comptoir des Étoffes")
        + _labels("cinema_theater_culture", "leisure", "Cinéma Le Zootrope"),
    ),
    "to savings": Kind(
        "transfer", True, 5_000, 60_000,
        _labels("savings_disposal", "revenue", "Versement programmé"), counterparty=True,
    ),
    "from savings": Kind(
        "transfer", False, 5_000, 90_000,
        _labels("savings", "bank_insurances", "Virement vers compte courant"), counterparty=True,
    ),
    "interest": Kind(
        "profit", True, 120, 9_000, _labels("financial_income", "revenue", "Intérêts créditeurs"),
    ),
    "instalment": Kind(
        "loan_repayment", False, 84_310, 84_330,
        _labels("mortgage_payment", "loans", "Échéance prêt"),
    ),
    "purchase of shares": Kind(
        "market_order", False, 20_000, 480_000,
        _labels("savings_investments_and_crypto_assets", "bank_insurances", "Achat Fonds Boréal"),
    ),
    "dividend": Kind(
        "profit", True, 800, 21_000,
        _labels("financial_income", "revenue", "Dividende Fonds Boréal"),
    ),
}  # fmt: skip

# What happens on an account of each type: the parts of a hundred transactions.
HABITS: Final[Mapping[str, Mapping[str, int]]] = {
    "checking": {
        "groceries": 30, "restaurant": 14, "shopping": 9, "travel": 10, "abroad": 3, "bills": 12,
        "withdrawal": 5, "rent": 3, "salary": 3, "from friends": 4, "refund": 2, "sale": 2,
        "fee": 3,
    },
    "card": {"deferred": 92, "abroad": 5, "refund": 3},
    "savings": {"to savings": 70, "from savings": 22, "interest": 8},
    "loan": {"instalment": 100},
    "pea": {"purchase of shares": 55, "dividend": 33, "fee": 12},
}  # fmt: skip


def currency(code: str) -> JsonObject:
    """A currency as an account or a transaction carries it."""
    return CURRENCIES[code]


def _currency(
    code: str,
    name: str,
    symbol: str,
    precision: int = 2,
    *,
    prefix: bool = False,
    crypto: bool = False,
) -> JsonObject:
    return {
        "id": code,
        "symbol": symbol,
        "prefix": prefix,
        "crypto": crypto,
        "precision": precision,
        "marketcap": None,
        "datetime": None,
        "name": name,
    }


CURRENCIES: Final[Mapping[str, JsonObject]] = {
    each["id"]: each
    for each in (
        _currency("EUR", "Euro", "€"),
        _currency("USD", "US Dollar", "$", prefix=True),
        _currency("GBP", "Pound Sterling", "£", prefix=True),
        _currency("CHF", "Swiss Franc", "CHF"),
        _currency("SEK", "Swedish Krona", "kr"),
        _currency("PLN", "Zloty", "zł"),
        _currency("JPY", "Yen", "¥", 0, prefix=True),
        _currency("BTC", "Bitcoin", "₿", 8, crypto=True),
    )
}

# name, parent, investment, French name, French plural
_TYPES = (
    ("article83", "rsp", True, "Article 83", "Article 83"),
    ("capitalisation", "savings", True, "Contrat de capitalisation", "Contrats de capitalisation"),
    ("card", "checking", False, "Carte", "Cartes"),
    ("cat", "savings", False, "Compte à terme", "Comptes à terme"),
    ("cel", "savings", False, "Compte épargne logement", "Comptes épargne logement"),
    ("checking", None, False, "Compte courant", "Comptes courants"),
    ("crowdlending", "savings", False, "Prêt participatif", "Prêts participatifs"),
    ("csl", "savings", False, "Compte sur livret", "Comptes sur livret"),
    ("deposit", "savings", False, "Dépôt", "Dépôts"),
    ("joint", "checking", False, "Compte joint", "Comptes joints"),
    ("ldds", "savings", False, "Livret développement durable", "Livrets développement durable"),
    ("lifeinsurance", None, True, "Assurance vie", "Assurances vie"),
    ("livret_a", "savings", False, "Livret A", "Livrets A"),
    ("livret_b", "savings", False, "Livret B", "Livrets B"),
    ("loan", None, False, "Prêt", "Prêts"),
    ("madelin", "rsp", True, "Contrat Madelin", "Contrats Madelin"),
    ("market", None, True, "Compte titres", "Comptes titres"),
    ("pea", "market", True, "PEA", "PEA"),
    ("pee", "rsp", True, "Plan d'épargne entreprise", "Plans d'épargne entreprise"),
    ("pel", "savings", False, "Plan épargne logement", "Plans épargne logement"),
    ("per", "rsp", True, "Plan d'épargne retraite", "Plans d'épargne retraite"),
    ("perco", "rsp", True, "PERCO", "PERCO"),
    ("perp", "rsp", True, "PERP", "PERP"),
    ("real_estate", "savings", True, "Placement immobilier", "Placements immobiliers"),
    ("rsp", "savings", True, "Épargne salariale", "Épargnes salariales"),
    ("savings", None, False, "Compte d'épargne", "Comptes d'épargne"),
    ("unknown", None, False, "Autre compte", "Autres comptes"),
)

TYPE_IDS: Final[Mapping[str, int]] = {name: number for number, (name, *_) in enumerate(_TYPES, 1)}

ACCOUNT_TYPES: Final[Mapping[int, JsonObject]] = {
    TYPE_IDS[name]: {
        "id": TYPE_IDS[name],
        "name": name,
        "id_parent": parent and TYPE_IDS[parent],
        "is_invest": is_invest,
        "display_name": singular,
        "display_name_p": plural,
        "color": f"{dice.key('colour', name) % 0x1000000:06x}",
        "weboob_type_id": TYPE_IDS[name],
    }
    for name, parent, is_invest, singular, plural in _TYPES
}


def iban(country: str, bank_code: str, account: str) -> str:
    """An account number whose check digits are right, at a bank that does not exist."""
    national = bank_code + account
    spelled = "".join(str(int(character, 36)) for character in f"{national}{country.upper()}00")
    return f"{country.upper()}{98 - int(spelled) % 97:02d}{national}"
