"""The fixtures work in the suite of a user, whatever runs its async tests."""

from __future__ import annotations

import subprocess
import sys

CONFTEST = 'pytest_plugins = ["powens.testing.fixtures"]\n'
BLOCKING = """
import pytest
from powens import PowensAuthError

def test_the_client_talks_to_the_sandbox(powens_client, powens_sandbox):
    assert powens_client.users.me().id == powens_sandbox.user_id
    assert len(powens_sandbox.requests) == 1

def test_the_next_test_has_a_new_one(powens_sandbox):
    assert powens_sandbox.requests == []

def test_the_application_is_known(powens_client):
    token = powens_client.auth.init_user()
    assert token.auth_token

def test_payment_links_are_served(powens_client, powens_sandbox):
    with pytest.raises(PowensAuthError, match=powens_sandbox.payment_links_url):
        powens_client.payment_links.list_all()
"""
ASYNC = """
import gc
import pytest

pytestmark = pytest.mark.anyio

@pytest.fixture(autouse=True)
def nothing_is_left_open():
    yield
    gc.collect()  # what is left open is an error of pytest

async def test_the_client_talks_to_the_sandbox(async_powens_client, powens_sandbox):
    me = await async_powens_client.users.me()
    assert me.id == powens_sandbox.user_id

async def test_lists(async_powens_client):
    assert await async_powens_client.accounts.list().to_list()

async def test_a_client_that_was_closed(async_powens_client):
    await async_powens_client.users.me()
    await async_powens_client.aclose()

def test_without_a_loop(async_powens_client):
    assert async_powens_client.access_token
"""
BY_HAND = """
import asyncio

def test_in_a_loop_of_its_own(async_powens_client):
    assert asyncio.run(async_powens_client.users.me()).id
    assert asyncio.run(async_powens_client.users.me()).id
"""
SHARED = """
import pytest
from powens.sandbox import Sandbox

@pytest.fixture(scope="module")
def powens_sandbox():
    with Sandbox(seed=7) as sandbox:
        yield sandbox

@pytest.mark.parametrize("asked", [1, 2])
def test_the_client_follows(powens_client, powens_sandbox, asked):
    powens_client.users.me()
    assert len(powens_sandbox.requests) == asked
"""


def test_fixtures_of_pytest(run_suite):
    said = run_suite(
        {
            "conftest.py": CONFTEST,
            "test_blocking.py": BLOCKING,
            "test_async.py": ASYNC,
            "test_by_hand.py": BY_HAND,
            "test_shared.py": SHARED,
        }
    )
    assert "14 passed" in said, said


def test_they_are_found_by_those_who_ask_for_them_only(run_suite):
    said = run_suite({"test_blocking.py": BLOCKING})
    assert "fixture 'powens_client' not found" in said
    assert "4 errors" in said


def test_they_say_what_they_lack():
    program = """
import sys
sys.modules["uvicorn"] = None
try:
    import powens.testing.fixtures
except ImportError as error:
    assert "pip install 'powens[sandbox]'" in str(error), error
else:
    raise SystemExit("it was imported")
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_all_else_needs_neither_an_extra_nor_pytest():
    program = """
import sys
for extra in ("starlette", "uvicorn", "pytest", "joserfc", "cryptography", "flask", "django"):
    sys.modules[extra] = None
from powens import User
from powens.testing import CannedAnswers, build, sign_webhook
build(User), sign_webhook("secret", "USER_CREATED", path="/"), CannedAnswers()
assert not {*sys.modules} & {"powens.sandbox", "powens._async", "powens._sync"}
"""
    subprocess.run([sys.executable, "-c", program], check=True)
