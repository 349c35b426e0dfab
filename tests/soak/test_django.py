"""The chapters of docs/django.md that need servers of others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from powens.sandbox import Sandbox

from ..examples.tutorial import Project, connect_bank

# The master uses the client before it forks: its connection must not be used by a worker.
WARM_UP = """
def when_ready(server):
    from bank.powens import client
    assert client().connectors.list().first_page()
"""
# A broker that needs no server.
BROKER = """
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(BASE_DIR), "data_folder_out": str(BASE_DIR)
}
"""


def test_gunicorn(tmp_path):
    with Sandbox() as sandbox:
        project = Project(tmp_path, sandbox, until="Async views")
        (tmp_path / "gunicorn.conf.py").write_text(WARM_UP)
        command = "gunicorn --preload --workers 2 --threads 8 --bind 127.0.0.1:0 mysite.wsgi"
        with (
            project.run(*command.split()) as wait_for,
            project.browser(wait_for(r"Listening at: (http://[\d.:]+)")[1]) as browser,
        ):
            connect_bank(browser)
            browser.http.headers["Connection"] = "close"  # gunicorn may end one that is reused
            before = browser.get("/bank/").movements
            with ThreadPoolExecutor(16) as threads:
                pages = list(threads.map(browser.get, ["/bank/"] * 64))
            assert all(page.movements == before for page in pages)


def test_celery(tmp_path):
    with Sandbox() as sandbox:
        project = Project(tmp_path, sandbox, until=None, CELERY_BROKER_URL="filesystem://")
        with (tmp_path / "mysite" / "settings.py").open("a") as settings:
            settings.write(BROKER)
        worker = "celery --app mysite worker --concurrency 4 --loglevel INFO"
        with (
            project.run(*worker.split()) as worker_says,
            project.run("uvicorn", "mysite.asgi:application", "--port", "0") as wait_for,
            project.browser(wait_for(r"running on (http://[\d.:]+)")[1]) as browser,
        ):
            worker_says("ready")
            address = browser.http.base_url.join("/bank/powens")
            sandbox.send_webhooks_to(str(address), ["CONNECTION_SYNCED"])
            connect_bank(browser)
            assert sandbox.flush_webhooks() == 0
            worker_says(r"refresh\[.*succeeded")
            assert "New data arrived at" in browser.get("/bank/").text
