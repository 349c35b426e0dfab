import json
import ssl
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from powens.sandbox import Sandbox

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loading authorities for each client takes long


class Api(httpx.Client):
    """A client of one sandbox, as its ready-made user."""

    def __init__(self, powens: Sandbox, token: str | None = None):
        super().__init__(base_url=powens.base_url, timeout=5, verify=NO_TLS)
        self.headers["authorization"] = f"Bearer {token or powens.access_token}"

    def ask(self, method: str, path: str, status: int = 200, **kwargs: Any) -> Any:
        answer = self.request(method, path, **kwargs)
        assert answer.status_code == status, answer.text
        return json.loads(answer.content, parse_float=Decimal) if answer.content else None

    def walk(self, path: str, **params: Any) -> Iterator[list[dict[str, Any]]]:
        """The pages of a list of transactions, link after link."""
        page = self.ask("GET", path, params=params or None)
        yield page["transactions"]
        while page["_links"]["next"]:
            page = self.ask("GET", page["_links"]["next"]["href"])
            yield page["transactions"]

    def all_transactions(self, **params: Any) -> list[dict[str, Any]]:
        pages = self.walk("/users/me/transactions", limit=1000, **params)
        return [row for page in pages for row in page]


@pytest.fixture
def powens() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def api(powens: Sandbox) -> Iterator[Api]:
    with Api(powens) as client:
        yield client


@pytest.fixture(scope="module")
def still_api() -> Iterator[Api]:
    """A client of a sandbox in which no test changes anything."""
    with Sandbox() as running, Api(running) as client:
        yield client


@pytest.fixture
def api_of() -> Iterator[Callable[..., Api]]:
    """Makes clients which are closed at the end of the test."""
    made: list[Api] = []

    def make(powens: Sandbox, token: str | None = None) -> Api:
        made.append(Api(powens, token))
        return made[-1]

    yield make
    for client in made:
        client.close()
