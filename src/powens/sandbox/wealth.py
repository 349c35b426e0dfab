"""What wealth accounts hold: securities, orders, pockets and the plans of loans.

Like the transactions nothing of it is stored: a price is a pure function of the seed, the security
and the day, and everything else follows from prices, the account and the sandbox's clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from powens.sandbox import dice
from powens.sandbox.bank import ACCOUNT_TYPES, KINDS, TYPE_IDS, currency
from powens.sandbox.state import Account, World
from powens.sandbox.wire import JsonObject

PRICES_DAYS: Final = 730  # how far back a security has prices, which the account knows nothing of

_PLACES: Final = Decimal("1E-10")
_PER_ACCOUNT: Final = 100  # ids are `account id * _PER_ACCOUNT + place`
_EPOCH: Final = date(2020, 1, 1)
_ORDER_TIME: Final = time(10, 2, 30)
_LOAN_RATE: Final = Decimal("0.0145")
_INSURANCE: Final = Decimal("27.90")
_SATURDAY: Final = 5
_SOLD: Final = -12  # when a security was sold, in days after the connection


@dataclass(frozen=True, slots=True)
class Pocket:
    """A part of a security, in hundredths of it, and what has to happen before it can be sold."""

    label: str
    share: int
    condition: str
    available: str | None = None


@dataclass(frozen=True, slots=True)
class Security:
    """A security that every wealth account holds.

    Attributes:
        label: What it is called.
        code: Its code, or a pseudo code.
        code_type: The kind of code; None is a pseudo code.
        quantity: How many there are of it, as the bank writes it; None is cash, of which there is
            what the account holds beside the securities.
        price: What one costs at first, in its own currency.
        bought: What was paid for one.
        currency: Its own currency, when it is not that of the account.
        symbol: Its symbol at the exchange.
        market: The exchange.
        category: What it consists of.
        risk: Its risk, from 1 to 7; None is not known, nor is its performance.
        pockets: Its parts.
        sold: Whether it is held no more.
    """

    label: str
    code: str
    code_type: str | None
    quantity: str | None
    price: str
    bought: str
    currency: str | None = None
    symbol: str | None = None
    market: str | None = None
    category: str | None = None
    risk: int | None = None
    pockets: tuple[Pocket, ...] = ()
    sold: bool = False


SECURITIES: Final = (
    Security(
        "Fonds Boréal Actions Monde", "QZ0009901017", "ISIN", "74.2300", "118.40", "101.2154",
        market="Bourse de Valmont", category="equity", risk=5,
    ),
    Security(
        "Lanterne Optics Corp", "QZ0009901025", "ISIN", "22", "187.15", "164.9",
        currency="USD", symbol="LNTO", market="Harbour Exchange", category="equity", risk=6,
    ),
    Security(
        "Ruche Solidaire FCPE", "990000990107", "AMF", "310.4471926", "14.8", "15.27",
        category="mixed",
        pockets=(
            Pocket("Versement 2022", 45, "available"),
            Pocket("Intéressement 2024", 35, "date", "2029-06-01"),
            Pocket("Abondement retraite", 20, "retirement"),
        ),
    ),
    Security("Liquidités", "XX-liquidity", None, None, "1", "1"),
    Security(
        "Verrerie Montclar SA", "QZ0009901033", "ISIN", "12", "64.02", "71.5",
        symbol="VRM", market="Bourse de Valmont", category="equity", risk=5, sold=True,
    ),
)  # fmt: skip

_SOURCES: Final = {"ISIN": "website", "AMF": "notFound"}
_RATES: Final = {"USD": Decimal("0.92")}  # of a foreign currency, in that of the account


@dataclass(frozen=True, slots=True)
class Order:
    """An order on every wealth account, given on that day, counted from the connection's first."""

    security: int
    direction: tuple[int, str]
    type: tuple[int, str]
    payment: str
    state: str
    quantity: str
    day: int
    executed: bool = True


_BUY, _SALE = (2, "BUY"), (3, "SALE")
_AT_MARKET, _AT_LIMIT, _ON_TRIGGER = (2, "MARKET"), (3, "LIMIT"), (4, "TRIGGER")

ORDERS: Final = (
    Order(1, _BUY, _AT_LIMIT, "CASH", "En cours", "4", 88, executed=False),
    Order(0, _BUY, _AT_MARKET, "CASH", "Exécuté", "10.5", 40),
    Order(4, _SALE, _AT_MARKET, "CASH", "Exécuté", "12", _SOLD),
    Order(1, _BUY, _AT_MARKET, "DEFERRED", "Exécuté", "22", -70),
    Order(4, _BUY, _ON_TRIGGER, "UNKNOWN", "Exécuté", "12", -210),
)


def ten(value: Decimal) -> Decimal:
    """An amount with ten decimals, as the API writes it; zero becomes `0E-10`."""
    return value.quantize(_PLACES)


def is_subscribed(account: Account) -> bool:
    """Whether the account holds securities."""
    return bool(ACCOUNT_TYPES[TYPE_IDS[account.blueprint.type]]["is_invest"])


@dataclass(frozen=True, slots=True)
class Holding:
    """A security on an account."""

    world: World
    account: Account
    place: int

    @property
    def id(self) -> int:
        """The number of the investment."""
        return self.account.id * _PER_ACCOUNT + self.place

    @property
    def security(self) -> Security:
        """What is held."""
        return SECURITIES[self.place]

    @property
    def first_day(self) -> date:
        """The day of the first synchronization, when its history begins."""
        return self.world.connection_of(self.account).created.date()

    def price(self, day: date) -> Decimal:
        """What one cost on a day, in its own currency."""
        chance = dice.key(self.world.seed, "price", self.security.code, str(day))
        drift = abs((day - _EPOCH).days % 800 - 400) - 200 + chance % 61 - 30
        return (Decimal(self.security.price) * (10_000 + drift) / 10_000).quantize(Decimal("1E-4"))

    def converted(self, value: Decimal) -> Decimal:
        """An amount in the account's currency."""
        return value * _RATES.get(self.security.currency or "", Decimal(1))

    def valuation(self) -> Decimal:
        """What it is worth, in the account's currency."""
        if self.security.quantity is None:
            others = (each.valuation() for each in holdings(self.world, self.account))
            return Decimal(self.account.balance).scaleb(-2) - sum(others, Decimal(0))
        today = self.converted(self.price(self.world.clock.now.date()))
        return Decimal(self.security.quantity) * today

    def view(self) -> JsonObject:
        """The investment."""
        security = self.security
        today = self.world.clock.now.date()
        is_cash = security.quantity is None
        base: JsonObject = {
            "id": self.id,
            "id_account": self.account.id,
            "id_security": None if is_cash else 7_000 + self.place,
            "id_type": None if is_cash else self.place + 1,
            "label": security.label,
            "code": security.code,
            "code_type": security.code_type,
            "stock_symbol": security.symbol,
            "stock_market": security.market,
            "source": None if is_cash else _SOURCES[security.code_type or ""],
            "description": "",
            "quantity": None,
            "unitprice": None,
            "unitvalue": None,
            "valuation": ten(self.valuation()),
            "diff": ten(Decimal(0)),
            "diff_percent": None,
            "prev_diff": 0,
            "prev_diff_percent": None,
            "vdate": None,
            "prev_vdate": None,
            "portfolio_share": self._share(),
            "calculated": ["portfolio_share"],
            "deleted": str(self.first_day + timedelta(days=_SOLD)) if security.sold else None,
            "last_update": _text(self.account.last_update),
            "original_currency": None,
            "original_valuation": None,
            "original_unitvalue": None,
            "original_unitprice": None,
            "original_diff": None,
            "details": self._details(),
        }
        if security.quantity is not None:
            quantity = Decimal(security.quantity)
            bought, yesterday = Decimal(security.bought), today - timedelta(days=1)
            value, before = self.price(today), self.price(yesterday)
            base |= {
                "quantity": ten(quantity),
                "unitprice": ten(self.converted(bought)),
                "unitvalue": ten(self.converted(value)),
                "diff": ten(self.converted(quantity * (value - bought))),
                "diff_percent": ten(value / bought - 1),
                "prev_diff": ten(self.converted(quantity * (value - before))),
                "prev_diff_percent": ten(value / before - 1),
                "vdate": str(today),
                "prev_vdate": str(yesterday),
                "calculated": ["diff", "diff_percent", "portfolio_share"],
            }
            if security.currency:
                base |= {
                    "original_currency": currency(security.currency),
                    "original_valuation": ten(quantity * value),
                    "original_unitvalue": ten(value),
                    "original_unitprice": ten(bought),
                    "original_diff": ten(quantity * (value - bought)),
                }
        return base

    def history(self) -> Iterator[JsonObject]:
        """Its values from the connection's first day on, newest first."""
        if self.security.quantity is None:
            return
        today = self.world.clock.now.date()
        for age in range((today - self.first_day).days + 1):
            day = today - timedelta(days=age)
            value, foreign = self.price(day), self.security.currency
            yield {
                "id": self.id * 10_000 + (day - _EPOCH).days,
                "id_investment": self.id,
                "vdate": str(day),
                "unitvalue": ten(self.converted(value)),
                "original_currency": currency(foreign) if foreign else None,
                "original_unitvalue": ten(value) if foreign else None,
            }

    def prices(self) -> Iterator[JsonObject]:
        """What a third party says the security cost on working days, oldest first."""
        if self.security.quantity is None:
            return
        today = self.world.clock.now.date()
        for age in range(PRICES_DAYS, -1, -1):
            day = today - timedelta(days=age)
            if day.weekday() < _SATURDAY:
                yield {"vdate": str(day), "unitvalue": self.price(day)}

    def pockets(self) -> Iterator[JsonObject]:
        """Its parts."""
        for place, pocket in enumerate(self.security.pockets):
            part = Decimal(pocket.share) / 100
            yield {
                "id": self.id * 10 + place,
                "id_investment": self.id,
                "id_account": self.account.id,
                "label": pocket.label,
                "quantity": (Decimal(self.security.quantity or 0) * part).quantize(Decimal("1E-7")),
                "value": ten(self.valuation() * part),
                "condition": pocket.condition,
                "availability_date": pocket.available,
                "deleted": None,
                "last_update": _text(self.account.last_update),
            }

    def _share(self) -> Decimal | None:
        balance = Decimal(self.account.balance).scaleb(-2)
        return ten(self.valuation() / balance) if not self.security.sold and balance else None

    def _details(self) -> JsonObject | None:
        risk = self.security.risk
        if risk is None:
            return None
        return {
            "performance_1_year": Decimal("0.0412") * risk,
            "performance_3_years": Decimal("0.0931") * risk,
            "performance_5_years": Decimal("0.1577") * risk,
            "srri": risk,
            "asset_category": self.security.category,
            "recommended_period": "5 ans",
            "last_update": _text(self.account.last_update),
        }


def holdings(
    world: World, account: Account, *, cash: bool = False, sold: bool = False
) -> Iterator[Holding]:
    """The securities of an account, with the cash and those held no more if asked for."""
    if not is_subscribed(account):
        return
    for place, security in enumerate(SECURITIES):
        if (cash or security.quantity is not None) and (sold or not security.sold):
            yield Holding(world, account, place)


def summary(views: list[JsonObject]) -> JsonObject:
    """The sums over the investments of an answer."""

    def total(name: str) -> Decimal:
        return ten(sum((Decimal(view[name] or 0) for view in views), Decimal(0)))

    def ratio(gain: Decimal) -> Decimal:
        before = total("valuation") - gain
        return ten(gain / before) if before else ten(Decimal(0))

    return {
        "valuation": total("valuation"),
        "diff": total("diff"),
        "diff_percent": ratio(total("diff")),
        "prev_diff": total("prev_diff"),
        "prev_diff_percent": ratio(total("prev_diff")),
        # The last name is misspelt as the live API misspells it.
        "calculated": ["diff", "diff_percent", "prev_diff", "pref_diff_percent"],
    }


def market_orders(world: World, account: Account) -> Iterator[JsonObject]:
    """The orders given on an account, newest first."""
    for place, order in enumerate(ORDERS if is_subscribed(account) else ()):
        holding = Holding(world, account, order.security)
        security = holding.security
        day = holding.first_day + timedelta(days=order.day)
        given = datetime.combine(day, _ORDER_TIME)
        if given > world.clock.now:
            continue
        quantity = Decimal(order.quantity)
        price = holding.converted(holding.price(day))
        executed = order.executed
        yield {
            "id": account.id * _PER_ACCOUNT + place,
            "id_account": account.id,
            "number": dice.digits(9, world.seed, "order", account.id, place),
            "label": security.label,
            "code": security.code,
            "stock_symbol": security.symbol,
            "order_direction": dict(zip(("id", "name"), order.direction, strict=True)),
            "order_type": dict(zip(("id", "name"), order.type, strict=True)),
            "stock_market": security.market,
            "state": order.state,
            "payment_method": order.payment,
            "date": str(given),
            "execution_date": str(given + timedelta(hours=3)) if executed else None,
            "validity_date": f"{day + timedelta(days=30)} 00:00:00",
            "quantity": ten(quantity),
            "amount": ten(quantity * price) if executed else None,
            "ordervalue": ten(price) if order.type == _AT_LIMIT else None,
            "unitprice": ten(price) if executed else None,
            "unitvalue": ten(holding.converted(holding.price(world.clock.now.date()))),
            "deleted": None,
            "last_update": _text(account.last_update),
            "created": str(given),
            "webid": dice.uuid(world.seed, "order", account.id, place),
        }


def amortizations(world: World, account: Account) -> Iterator[JsonObject]:
    """What a loan costs in each month since the connection was made and in this year.

    Newest first.
    """
    if account.blueprint.type != "loan":
        return
    today = world.clock.now.date()
    first = world.connection_of(account).created.date()
    capital = -Decimal(account.balance).scaleb(-2)
    payment = Decimal(KINDS["instalment"].least).scaleb(-2)
    months: list[tuple[date, Decimal, Decimal]] = []
    month = today.replace(day=5)
    while month >= first.replace(day=1):
        before = (capital + payment) / (1 + _LOAN_RATE / 12)
        months.append((month, before - capital, capital))
        capital, month = before, (month.replace(day=1) - timedelta(days=1)).replace(day=5)
    rows = [
        _amortization(account, f"{day:%Y_%m}", day, [back], payment, left)
        for day, back, left in months
    ]
    this_year = [back for day, back, _ in months if day.year == today.year]
    yield _amortization(account, f"{today:%Y}", None, this_year, payment, months[0][2])
    yield from rows


def _amortization(
    account: Account,
    period: str,
    day: date | None,
    paid_back: list[Decimal],
    payment: Decimal,
    left: Decimal,
) -> JsonObject:
    count = len(paid_back)
    back = sum(paid_back, Decimal(0))

    def amount(value: Decimal) -> JsonObject:
        return {"currency": account.blueprint.currency, "value": ten(value)}

    return {
        "id_account": account.id,
        "payment_date": day and str(day),
        "amortization_amount": amount(back),
        "interest_amount": amount(payment * count - back),
        "insurance_amount": amount(_INSURANCE * count),
        "total_payment_amount": amount((payment + _INSURANCE) * count),
        "remaining_capital": amount(left),
        "period": period,
        "calculated": ["interest_amount", "remaining_capital"],
        "deleted": None,
        "last_update": _text(account.last_update),
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else str(moment)
