"""Copies what Powens has into our tables."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bank.models import Customer
from bank.sync import pull
from powens import PowensError, RetryPolicy

INTERRUPTED = 130  # what shells expect after Ctrl-C


class Command(BaseCommand):
    """Brings the accounts and transactions of all customers up to date.

    Exit codes: 0 all are; 1 some are not, and why was said; 130 it was interrupted. Run it again to
    go on where it ended.
    """

    help = "Bring the accounts and transactions of all customers up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whom, and how much."""
        parser.add_argument("--customer", type=int, action="append", help="only this one; repeat")
        parser.add_argument("--full", action="store_true", help="read all transactions again")

    def handle(self, *, customer: list[int] | None, full: bool, **options: Any) -> None:
        """Run."""
        customers = Customer.objects.exclude(token="").order_by("pk")
        if customer:
            customers = customers.filter(pk__in=customer)
            if missing := set(customer) - set(customers.values_list("pk", flat=True)):
                raise CommandError(f"no connected customer {', '.join(map(str, sorted(missing)))}")
        try:
            rows, failed = self._pull(list(customers), full=full)
        except KeyboardInterrupt:
            self.stderr.write("interrupted; run it again to go on")
            sys.exit(INTERRUPTED)
        self.stdout.write(f"{rows} transactions read")
        if failed:
            raise CommandError(f"{failed} of {len(customers)} customers are not up to date")

    def _pull(self, customers: list[Customer], *, full: bool) -> tuple[int, int]:
        failed = 0
        columns = (
            TextColumn("customers"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rows]} transactions"),
            TimeElapsedColumn(),
        )
        # Nobody waits for this, so it can be more patient than a page.
        patient = RetryPolicy(max_attempts=5, max_delay=30.0)
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("", total=len(customers), rows=0)
            bar = progress.tasks[0]

            def on_rows(count: int) -> None:
                progress.update(task, rows=bar.fields["rows"] + count)

            for each in customers:
                powens = each.powens.with_options(retry_policy=patient, deadline=None)
                try:
                    pull(each, powens=powens, full=full, on_rows=on_rows)
                except PowensError as error:
                    failed += 1
                    progress.console.print(f"customer {each.pk}: {error}", markup=False)
                progress.advance(task)
        return bar.fields["rows"], failed
