"""Help for your own tests: models, canned answers, signed webhooks, and fixtures of pytest.

    from powens import PowensClient, Transaction
    from powens.testing import CannedAnswers, build

    spent = build(Transaction, value="-12.50", wording="Boulangerie")
    answers = CannedAnswers({"GET /users/me/transactions": [spent]})
    client = PowensClient(domain="example", access_token="token", transport=answers)

Nothing of that needs a network or an extra. The fixtures run against a sandbox: with the extra
`sandbox`, write `pytest_plugins = ["powens.testing.fixtures"]` in your `conftest.py`.
"""

from __future__ import annotations

from ._answers import Answer, CannedAnswers, InTurn, UnforeseenRequestError, in_turn
from ._builders import body_of, build, build_many, page_of
from ._webhooks import SignedWebhook, sign_webhook

__all__ = [
    "Answer",
    "CannedAnswers",
    "InTurn",
    "SignedWebhook",
    "UnforeseenRequestError",
    "body_of",
    "build",
    "build_many",
    "in_turn",
    "page_of",
    "sign_webhook",
]
