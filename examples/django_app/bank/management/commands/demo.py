"""Serves the site for a demonstration."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Makes the tables, empties them and serves the site, beside a sandbox that begins anew too."""

    help = "Serve the site on an empty database, against a sandbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port."""
        parser.add_argument("--port", type=int, default=8000, help="0 is any free one")

    def handle(self, *, port: int, **options: Any) -> None:
        """Run."""
        if urlsplit(settings.POWENS_BASE_URL or "").hostname not in {
            "127.0.0.1",
            "localhost",
            "::1",
        }:
            raise CommandError(
                "demo empties the database, so it wants a sandbox: run it within"
                " `powens sandbox -- ...`. For all else there are migrate and runserver."
            )
        call_command("migrate", verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
        # Django serves the stylesheet itself, as DEBUG would have it, but without showing variables
        # where something fails.
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, insecure_serving=True)
