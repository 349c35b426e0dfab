"""What a journey found, and how it is shown."""

from __future__ import annotations

from attrs import frozen
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from powens import BankAccount, BankAccountsList, Transaction


@frozen(kw_only=True)
class Findings:
    """What a journey found. Two journeys that found the same are equal.

    Attributes:
        id_user: Id of the user that was created.
        bank: Name of the bank that was connected.
        asked_for: What the bank asked for on the way.
        state: State of the connection in the end; None is "all is well".
        accounts: The accounts, and the sums of their balances.
        transactions: The last transactions.
    """

    id_user: int | None
    bank: str
    asked_for: tuple[str, ...]
    state: str | None
    accounts: BankAccountsList
    transactions: tuple[Transaction, ...]


def show(findings: Findings, console: Console) -> None:
    """Print findings as a person reads them."""
    asked = ", ".join(findings.asked_for) or "nothing more"
    console.print(f"User {findings.id_user}, connected to {findings.bank}, which asked: {asked}.")
    console.print(Group(_accounts(findings.accounts), _transactions(findings)))


def _accounts(accounts: BankAccountsList) -> RenderableType:
    table = Table(title="Accounts", title_justify="left")
    table.add_column("Account")
    table.add_column("Type")
    table.add_column("Balance", justify="right")
    for account in accounts:
        table.add_row(account.name, account.type, _money(account.balance, _currency(account)))
    table.add_section()
    for currency, total in (accounts.balances or {}).items():
        table.add_row("Total", "", _money(total, currency))
    return table


def _transactions(findings: Findings) -> RenderableType:
    accounts = {account.id: account for account in findings.accounts}
    table = Table(title="Last transactions", title_justify="left")
    table.add_column("Date")
    table.add_column("Wording")
    table.add_column("Account")
    table.add_column("Amount", justify="right")
    for transaction in findings.transactions:
        account = accounts.get(transaction.id_account or 0)
        table.add_row(
            str(transaction.date),
            transaction.wording,
            account.name if account else "",
            _money(transaction.value, _currency(account) if account else ""),
        )
    return table


def _currency(account: BankAccount) -> str:
    return account.currency.id if account.currency else ""


def _money(amount: object, currency: str) -> Text:
    if amount is None:
        return Text("unknown", style="dim")
    text = f"{amount:,.2f} {currency}"
    return Text(text, style="red" if text.startswith("-") else "green")
