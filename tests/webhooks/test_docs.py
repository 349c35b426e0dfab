"""The recipes of docs/webhooks.md receive webhooks."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

import anyio
import httpx
import pytest
from django.test import Client, override_settings

from powens.models import WebhookEvent
from powens.webhooks import parse
from powens.webhooks._events import _MODELS

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
SECRET, PATH = "secret", "/powens/connection-synced"
BODY = b'{"user": {"id": 1}, "connection": {"id": 2, "state": "wrongpass"}, "id_webhook_data": 9}'
SAID = "synchronised: 2 new_credentials\n"


@pytest.fixture
def recipe(monkeypatch):
    """Runs the block of a section, as a module of its own."""
    monkeypatch.setenv("POWENS_WEBHOOK_SECRET", SECRET)

    def run(title):
        section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
        (code,) = re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
        module = types.ModuleType("recipe")
        monkeypatch.setitem(sys.modules, "recipe", module)
        exec(compile(code, "docs/webhooks.md", "exec"), vars(module))
        return module

    return run


@pytest.fixture
def headers(sign):
    date = "2023-01-01T00:00:00Z"
    signature = sign(BODY, path=PATH, date=date, secret=SECRET)
    return {"BI-Signature": signature, "BI-Signature-Date": date}


def test_django(recipe, headers, capsys):
    client = Client(enforce_csrf_checks=True)
    with override_settings(ROOT_URLCONF=recipe("Django")):
        good = client.post(PATH, BODY, content_type="application/json", headers=headers)
        bad = client.post(PATH, BODY, content_type="application/json")
    assert (good.status_code, bad.status_code) == (204, 400)
    assert capsys.readouterr().out == SAID


def test_flask(recipe, headers, capsys):
    client = recipe("Flask").app.test_client()
    assert client.post(PATH, data=BODY, headers=headers).status_code == 204
    assert client.post(PATH, data=BODY).status_code == 400
    assert capsys.readouterr().out == SAID


def test_starlette_and_fastapi(recipe, headers, capsys):
    async def post(**given):
        transport = httpx.ASGITransport(recipe("Starlette and FastAPI").app)
        async with httpx.AsyncClient(transport=transport, base_url="http://receiver") as client:
            return (await client.post(PATH, content=BODY, **given)).status_code

    assert anyio.run(lambda: post(headers=headers)) == 204
    assert anyio.run(post) == 400
    assert capsys.readouterr().out == SAID


def test_anything_else(recipe, headers, capsys):
    handle = recipe("Anything else").handle
    assert handle("POST", PATH, headers, BODY, secret=SECRET) == 204
    assert capsys.readouterr().out == SAID
    assert handle("POST", PATH, {}, BODY, secret=SECRET) == 400
    assert capsys.readouterr().out == "refused: the header BI-Signature-Date is missing\n"


def test_a_new_secret(recipe, monkeypatch):
    secrets = recipe("A new secret").secrets
    assert secrets() == [SECRET]
    monkeypatch.setenv("POWENS_NEXT_WEBHOOK_SECRET", "next")
    assert secrets() == [SECRET, "next"]


def test_duplicates(recipe):
    module = recipe("Answers and duplicates")
    first, second = (parse("USER_DELETED", b'{"id": 1, "id_webhook_data": %d}' % n) for n in (9, 8))
    with module.database as database:
        assert [module.is_new(database, event) for event in (first, second, first)] == [
            True,
            True,
            False,
        ]
    module.database.close()


def test_the_table_of_events_is_whole():
    rows = [line.split("|")[1:3] for line in PAGE.splitlines() if line.startswith("| `")]
    named = dict(
        pair
        for events, models in rows
        for pair in zip(re.findall(r"`(.*?)`", events), re.findall(r"`(.*?)`", models), strict=True)
    )
    assert named == {event.value: _MODELS[event].__name__ for event in WebhookEvent}
