"""What the tests of a hostile server stand on."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import httpx
import pytest

from powens import PowensClient
from powens.sandbox import Sandbox

from .._sync.test_every_method import ARGUMENTS, act
from .._sync.test_resources_calls import METHODS, NEEDED, SILENT
from ..soaking import scale
from .drivers import SURFACES

# This one needs a domain that is set up for it.
RECORDED = METHODS.keys() - SILENT - {"payments.confirm"}
CALLED = sorted(METHODS.keys() - SILENT)


class Sample(NamedTuple):
    """A method with its arguments, and a good answer to it."""

    method: str
    arguments: dict[str, object]
    answer: object


class Recorder(httpx.HTTPTransport):
    """Keeps what was answered last."""

    last = b""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        self.last = response.read()
        response.close()
        return httpx.Response(response.status_code, headers=response.headers, content=self.last)


@pytest.fixture(params=SURFACES)
def surface(request: pytest.FixtureRequest) -> str:
    """The blocking client, or the other one on an event loop."""
    return request.param


@pytest.fixture
def seeds() -> Callable[[int, int], range]:
    """The numbers to make cases of: so many in short, so many in full, or the one that failed."""

    def choose(short: int, full: int) -> range:
        one = os.environ.get("POWENS_CASE")
        return range(scale(short, full)) if one is None else range(int(one), int(one) + 1)

    return choose


@pytest.fixture
def sample() -> Callable[[int], Sample]:
    """Chooses a method, and its answer in the tables or, of every fourth round, in a sandbox."""

    def choose(seed: int) -> Sample:
        number, place = divmod(seed, len(CALLED))
        method = CALLED[place]
        is_recorded = number % 4 == 3 and method in RECORDED
        answer = recorded_answer(method) if is_recorded else METHODS[method].answer
        return Sample(method, NEEDED[method], copy.deepcopy(answer))

    return choose


@cache
def recorded_answer(method: str) -> object:
    """What a sandbox answers."""
    recorder = Recorder()
    with (
        Sandbox() as powens,
        PowensClient(
            base_url=powens.base_url,
            access_token=powens.access_token,
            client_id=powens.client_id,
            client_secret=powens.client_secret,
            payment_links_url=powens.payment_links_url,
            transport=recorder,
        ) as client,
    ):
        act(powens, client, method, ARGUMENTS.get(method, {}))
    try:
        return json.loads(recorder.last)
    except ValueError:
        return recorder.last.decode("latin-1")
