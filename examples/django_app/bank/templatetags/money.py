"""Amounts and codes, as people read them."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """Write an amount with its currency, such as `1,234.50 EUR`."""
    return "" if amount is None else f"{amount:,.2f} {currency}"


@register.filter
def signed(amount: Decimal | None, currency: str) -> str:
    """Write an amount with its sign as well: colour alone tells not everybody."""
    return "" if amount is None else f"{amount:+,.2f} {currency}"


@register.filter
def words(code: str | None) -> str:
    """Write a code such as `public_transportation` in words."""
    return (code or "").replace("_", " ").capitalize()
