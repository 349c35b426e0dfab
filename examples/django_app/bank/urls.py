"""Addresses of the pages, and of the webhooks."""

from django.urls import path

from . import views, webhooks

urlpatterns = [
    path("", views.home, name="home"),
    path("start", views.start, name="start"),
    path("connect", views.connect, name="connect"),
    path("callback", views.callback, name="callback"),
    path("accounts/<int:account_id>", views.account, name="account"),
    path("connections/<int:connection_id>/repair", views.repair, name="repair"),
    path("delete", views.delete, name="delete"),
    path("deleted", views.deleted, name="deleted"),
    path("powens/connection-synced", webhooks.connection_synced),
    path("powens/connection-deleted", webhooks.connection_deleted),
    path("powens/user-deleted", webhooks.user_deleted),
    # The sandbox sends all events. At Powens register the three above, and leave this out.
    path("powens/<slug:event>", webhooks.unused),
]
