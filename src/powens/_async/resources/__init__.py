"""The resources of the API, one file each.

A resource is imported when it is first asked for: the models that it stands on take longer to make
than all else that a client needs.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import (
        account_ownerships as account_ownerships,
    )
    from . import (
        account_types as account_types,
    )
    from . import (
        accounts as accounts,
    )
    from . import (
        auth as auth,
    )
    from . import (
        balances as balances,
    )
    from . import (
        client_applications as client_applications,
    )
    from . import (
        configuration as configuration,
    )
    from . import (
        connections as connections,
    )
    from . import (
        connectors as connectors,
    )
    from . import (
        credit_notes as credit_notes,
    )
    from . import (
        currencies as currencies,
    )
    from . import (
        document_types as document_types,
    )
    from . import (
        documents as documents,
    )
    from . import (
        indicators as indicators,
    )
    from . import (
        investments as investments,
    )
    from . import (
        invoices as invoices,
    )
    from . import (
        loan_amortizations as loan_amortizations,
    )
    from . import (
        market_orders as market_orders,
    )
    from . import (
        owner_identity as owner_identity,
    )
    from . import (
        payment_links as payment_links,
    )
    from . import (
        payments as payments,
    )
    from . import (
        pockets as pockets,
    )
    from . import (
        security as security,
    )
    from . import (
        subscriptions as subscriptions,
    )
    from . import (
        transactions as transactions,
    )
    from . import (
        users as users,
    )
    from . import (
        webhook_auth_providers as webhook_auth_providers,
    )
    from . import (
        webhooks as webhooks,
    )
    from . import (
        webview as webview,
    )


def __getattr__(name: str) -> ModuleType:
    """Import a resource."""
    path = f"{__name__}.{name}"
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError as error:
        if error.name != path:
            raise
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
