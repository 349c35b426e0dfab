"""docs/django.md, followed to the letter."""

from __future__ import annotations

import contextlib
import sqlite3

from powens import PowensClient
from powens.sandbox import Sandbox

from .tutorial import Project, connect_bank


def test_the_tutorial(tmp_path):
    with Sandbox() as sandbox:
        project = Project(tmp_path, sandbox, until="Celery")
        with (
            project.run("uvicorn", "mysite.asgi:application", "--port", "0") as wait_for,
            project.browser(wait_for(r"running on (http://[\d.:]+)")[1]) as browser,
        ):
            address = browser.http.base_url.join("/bank/powens")
            sandbox.send_webhooks_to(str(address), ["CONNECTION_SYNCED"])
            connect_bank(browser)
            assert sandbox.flush_webhooks() == 0
            page = browser.get("/bank/")
            assert "New data arrived at" in page.text
            assert len(page.movements) == 25
            older = browser.get("/bank/" + page.links["Older transactions"])
            assert len(older.movements) == 25
            assert older.movements != page.movements
            assert browser.get("/bank/", older="forged").status == 400
            assert browser.get("/bank/callback", state="forged", code="1").status == 400
            with project.run("manage", "test") as tests_say:
                assert tests_say("^(OK|FAILED)")[1] == "OK"
            overview = browser.http.get("/bank/overview").json()
            assert "Compte courant" in overview["accounts"]
            assert len(overview["latest"]) == 5

            # A token that ended, as all do when the sandbox begins anew.
            with contextlib.closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
                ((token,),) = database.execute("SELECT token FROM bank_customer")
            with PowensClient(base_url=sandbox.base_url, access_token=token) as powens:
                powens.auth.revoke_token()
            assert browser.get("/bank/").movements == []
            connect_bank(browser)
