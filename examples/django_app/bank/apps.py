"""The app, as Django knows it."""

from django.apps import AppConfig


class BankConfig(AppConfig):
    """Bank accounts of our customers."""

    name = "bank"
