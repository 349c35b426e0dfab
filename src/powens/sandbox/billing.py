"""Invoices and credit notes: numbered in each connection, made as they are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final

from powens.sandbox import dice
from powens.sandbox.identity import HOMES
from powens.sandbox.state import Connection, World
from powens.sandbox.wire import JsonObject

INVOICES: Final = 130  # of each connection, deleted ones included

_PER_CONNECTION: Final = 1_000  # ids are `connection id * _PER_CONNECTION + n`
_CREDITED_EVERY: Final = 9
_DELETED_EVERY: Final = 16
_BETWEEN: Final = timedelta(days=5)
_CURRENCY: Final = "EUR"

_STATUSES: Final = (
    "paid", "paid", "open", "partially_paid", "draft", "cancelled", "pending", "uncollectible",
    "refunded", "partially_refunded",
)  # fmt: skip
_REASONS: Final = (
    "duplicate", "fraudulent", "order_change", "product_unstatisfactory", "unknown"
)  # fmt: skip
_GOODS: Final = ("Carnet relié", "Lampe de lecture", "Encre bleu nuit", "Papier vergé")


@dataclass(frozen=True, slots=True)
class Sale:
    """An invoice of a connection, and its credit note if it has one."""

    world: World
    connection: Connection
    n: int

    @property
    def id(self) -> int:
        """The number of the invoice, and of its credit note."""
        return self.connection.id * _PER_CONNECTION + self.n

    @property
    def is_deleted(self) -> bool:
        """Whether the shop shows the invoice no more."""
        return self.n % _DELETED_EVERY == _DELETED_EVERY - 1

    @property
    def is_credited(self) -> bool:
        """Whether it has a credit note."""
        return self.n % _CREDITED_EVERY == 0

    @property
    def is_note_deleted(self) -> bool:
        """Whether the shop shows the credit note no more."""
        return self.is_credited and self.n % (2 * _CREDITED_EVERY) == 0 and self.n > 0

    def invoice(self, base_url: str) -> JsonObject:
        """The invoice, for a client at that base URL."""
        issued = self._issued()
        status = _STATUSES[self.n % len(_STATUSES)]
        quantity, price = self._quantity_and_price()
        net = quantity * price
        discount = net // 20
        tax = (net - discount) // 5
        total = net - discount + tax
        paid = {"paid": total, "partially_paid": total // 2}.get(status, 0)
        credited = total // 4 if self.is_credited else 0
        return self._common() | {
            "description": f"Commande de {_GOODS[self.n % len(_GOODS)]}",
            "status": status,
            "items": [self._item(quantity, price, discount, tax)],
            "customer": self._customer(),
            "invoicer": self._invoicer(),
            "total_amount": _amount(total),
            "total_amount_exclusing_tax": _amount(net - discount),  # misspelt as the API does
            "total_tax_amount": _amount(tax),
            "total_discount_amount": _amount(discount),
            "paid_amount": _value(paid),
            "remaining_amount": _value(total - paid),
            "shipping_amount": _value(490),
            "total_pre_payment_credit_notes_amount": _value(0),
            "total_post_payment_credit_notes_amount": _value(credited),
            "issue_date": str(issued),
            "due_date": f"{issued.date() + timedelta(days=30)} 00:00:00",
            "fully_paid_date": str(issued + timedelta(days=3)) if paid == total else None,
            "deleted": str(self._seen()) if self.is_deleted else None,
            "attachments": [self._attachment(f"{base_url}/{self._path('invoices')}")],
        }

    def credit_note(self, base_url: str) -> JsonObject:
        """The credit note, for a client at that base URL."""
        quantity, price = self._quantity_and_price()
        net = quantity * price // 5
        issued = self._issued() + timedelta(days=4)
        return self._common() | {
            "id_invoice": self.id,
            "memo": "Geste commercial",
            "issue_date": str(issued),
            "total_amount": _amount(net + net // 5),
            "total_amount_exclusing_tax": _amount(net),
            "total_tax_amount": _amount(net // 5),
            "total_discount_amount": _amount(0),
            "amount_paid_out_of_platform": net // 100,
            "shipping_amount": _amount(490),
            "reason": _REASONS[self.n % len(_REASONS)],
            "type": "pre_payment" if self.n % 2 else "post_payment",
            "status": "void" if self.is_note_deleted else "issued",
            "deleted": str(self._seen()) if self.is_note_deleted else None,
            "attachments": [self._attachment(f"{base_url}/{self._path('credit_notes')}")],
        }

    def _common(self) -> JsonObject:
        seen = str(self._seen())
        return {
            "id": self.id,
            "id_user": self.connection.user_id,
            "id_connection": self.connection.id,
            "id_connection_source": next(iter(self.connection.sources)),
            "number": f"F-{self.id:08d}",
            "last_update": seen,
            "scraped_date": seen,
            "created": seen,
        }

    def _item(self, quantity: int, price: int, discount: int, tax: int) -> JsonObject:
        net = quantity * price - discount
        return {
            "title": _GOODS[self.n % len(_GOODS)],
            "description": "Fabrication artisanale",
            "quantity": quantity,
            "total_amount": _amount(net + tax),
            "unit_price": _amount(price),
            "taxes": [
                {
                    "currency": _CURRENCY,
                    "value": _value(tax),
                    "description": "TVA 20 %",
                    "country": "FR",
                    "tax_type": "vat",
                    "percentage": 20,
                    "taxable_amount": net // 100,
                }
            ],
            "discounts": [
                {
                    "amount": _amount(discount),
                    "discount_type": "percentage" if self.n % 2 else "absolute",
                    "value": Decimal(5) if self.n % 2 else _value(discount),
                }
            ],
            "total_amount_excluding_tax": _amount(net),
            "total_tax_amount": _amount(tax),
            "total_discount_amount": _amount(discount),
        }

    def _customer(self) -> JsonObject:
        name = self.world.owner(self.connection.user_id)
        first_name, _, last_name = name.partition(" ")
        address = self._address()
        return {
            "full_name": name,
            "first_name": first_name,
            "last_name": last_name,
            "phone": "+33 1 99 00 00 00",
            "email": "client@papeterie.example",
            "type": "individual",
            "shipping_address": address | {"name": name, "phone": "+33 1 99 00 00 00"},
            "billing_address": address,
        }

    def _invoicer(self) -> JsonObject:
        return {
            "name": "Papeterie des Lampions",
            "phone": "+33 1 99 00 00 01",
            "email": "bonjour@papeterie.example",
            "siren": "000000000",
            "activity_area": "retail",
            "address": self._address(),
        }

    def _address(self) -> JsonObject:
        country = self.connection.connector.bank.country
        street, postal_code, city, _ = HOMES[country]
        return {
            "street": street,
            "postal_code": postal_code,
            "city": city,
            "country_code": country.upper(),
            "full_address": f"{street}, {postal_code} {city}",
        }

    def _attachment(self, own: str) -> JsonObject:
        day = self._issued().date()
        return {
            "id": self.id,
            "name": f"{self.id}.pdf",
            "description": f"Facture du {day}",
            "mime_type": "application/pdf",
            "size": 9_000 + self.id % 983,
            "created_date": str(day),
            "created_datetime": f"{day} 06:30:00",
            "last_update": str(self._seen()),
            "url": f"{own}/attachments/{self.id}/file",
        }

    def _path(self, kind: str) -> str:
        return f"users/{self.connection.user_id}/{kind}/{self.id}"

    def _issued(self) -> datetime:
        # Counted from the connection, so that an invoice keeps its date as time passes.
        day = self.connection.created.date() - self.n * _BETWEEN
        return datetime.combine(day, time(14, 5, self.n % 60))

    def _seen(self) -> datetime:
        return self.connection.last_update or self.connection.created

    def _quantity_and_price(self) -> tuple[int, int]:
        chance = dice.key(self.world.seed, "invoice", self.id)
        return 1 + chance % 4, 1_000 + (chance >> 8) % 9_000


def sales(world: World, connection: Connection) -> Iterator[Sale]:
    """The sales of a connection, newest first; none before an account of it is enabled."""
    if any(account.disabled is None for account in connection.accounts.values()):
        yield from (Sale(world, connection, n) for n in range(INVOICES))


def _value(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _amount(cents: int) -> JsonObject:
    return {"currency": _CURRENCY, "value": _value(cents)}
