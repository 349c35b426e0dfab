"""What staff may see: everything but tokens and cursors; nothing can be changed here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from .models import Account, Connection, Customer, ReceivedWebhook, Transaction


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg] # Django knows no arguments of it
    """Shows rows, which are Powens's to change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds any."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes any."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes any: customers do, at Powens as well."""
        return False


@admin.register(Customer)
class CustomerAdmin(ReadOnly):
    """Customers, without what opens their banks."""

    fields = ("user", "powens_id", "news_at")
    list_display = ("__str__", "powens_id", "news_at")


@admin.register(Connection)
class ConnectionAdmin(ReadOnly):
    """Banks that are connected."""

    list_display = ("bank", "customer", "resolution")
    list_filter = ("resolution",)


@admin.register(Account)
class AccountAdmin(ReadOnly):
    """Accounts."""

    list_display = ("name", "connection", "balance", "currency", "last_update", "gone")
    list_select_related = ("connection",)


@admin.register(Transaction)
class TransactionAdmin(ReadOnly):
    """Transactions."""

    list_display = ("date", "wording", "value", "account", "coming", "deleted")
    list_select_related = ("account",)
    search_fields = ("wording",)


@admin.register(ReceivedWebhook)
class ReceivedWebhookAdmin(ReadOnly):
    """Webhooks that were dealt with."""

    list_display = ("id", "received_at")
