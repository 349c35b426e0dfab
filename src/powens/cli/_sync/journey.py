# Generated from src/powens/cli/_async/journey.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""From nothing to the transactions of a user."""

from __future__ import annotations

from powens import ConnectionState, PowensClient
from powens.sandbox import Sandbox

from ..findings import Findings

BANK = "Crédit Lumière"
ONE_TIME_PASSWORD = "123456"  # noqa: S105 - what the invented bank sends to every phone
LAST = 8


def take_journey(sandbox: Sandbox) -> Findings:
    """Create a user, connect a bank through a one-time password, and read what is there."""
    with PowensClient(
        base_url=sandbox.base_url,
        client_id=sandbox.client_id,
        client_secret=sandbox.client_secret,
    ) as client:
        token = client.auth.init_user()
        user = client.with_options(access_token=token.token)

        connectors = client.connectors.list_all()
        bank = next(connector for connector in connectors if connector.name == BANK)
        credentials = {"login": "camille", "password": "correct horse"}
        connection = user.connections.create(connector_uuid=bank.uuid, fields=credentials)
        asked = connection.fields or ()
        if connection.state == ConnectionState.ADDITIONAL_INFORMATION_NEEDED:
            connection = user.connections.update(
                connection_id=connection.id,
                fields={field.name or "": ONE_TIME_PASSWORD for field in asked},
            )

        for account in user.accounts.list(include_all=True):
            user.accounts.update(account_id=account.id, disabled=False, include_all=True)
        accounts = user.accounts.list_all()
        transactions = user.transactions.list(limit=LAST).to_list(max_items=LAST)

    return Findings(
        id_user=token.id_user,
        bank=BANK,
        asked_for=tuple(field.label or "" for field in asked),
        state=connection.state,
        accounts=accounts,
        transactions=tuple(transactions),
    )
