"""What becomes of a call when things go wrong, over real HTTP: the cases are data.

The files of `tests/faults` hold them, a list of objects each:

- `name`: unique in its file.
- `call`: the method, such as `users.me`; a listing is read to its end.
- `arguments`: those of the method. `$connection` and `$account` stand for the first of the
  ready-made user, `$order` for a payment to make.
- `client`: options of the client; `retry` has those of its policy, which never waits by itself.
- `faults`: the script, the arguments of a `powens.sandbox.Fault` each. All have to be used up.
- `expect`: `result` (`ok`, or the class of the error), `attempts` (requests that reached the
  sandbox), `executions` (calls that the API carried out); if need be `attributes` of the error,
  what the `breaker` was told, and `within` how many seconds all of it has to be over.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import powens as library
from powens import (
    AsyncPager,
    AsyncPowensClient,
    PaymentAccount,
    PaymentInitRequest,
    PaymentInstruction,
    PowensError,
    RetryPolicy,
)
from powens.sandbox import Fault, Sandbox

from .calls import bound

FOLDER = Path(__file__).parents[1] / "faults"

SHOP = PaymentAccount.from_iban("FR7630006000011234567890189", label="Shop")
ORDER = PaymentInitRequest(
    client_redirect_uri="https://shop.example/back",
    instructions=[PaymentInstruction.to(SHOP, amount="12.50", label="Order 42")],
)
AT_ONCE = {"base_delay": 0, "max_delay": 0, "jitter": 0}
PATIENCE = 10.0  # seconds for the sandbox to see what was sent, on a busy machine


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a case has to come to."""

    result: str
    attempts: int
    executions: int
    attributes: Mapping[str, object] = field(default_factory=dict)
    breaker: Sequence[str] | None = None
    within: float | None = None

    def __post_init__(self):
        if self.result != "ok":
            assert issubclass(getattr(library, self.result), PowensError)
        assert self.result != "ok" or not self.attributes
        assert self.attempts >= self.executions >= 0
        assert {*(self.breaker or ())} <= {"success", "failure"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case as its file has it; what is not known, or makes no sense, is refused."""

    name: str
    call: str
    faults: Sequence[Mapping[str, object]]
    expect: Expected
    arguments: Mapping[str, object] = field(default_factory=dict)
    client: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def read(cls, raw):
        """Make a case of an object of a file."""
        case = cls(**{**raw, "expect": Expected(**raw["expect"])})
        assert case.faults
        assert case.scripted()
        assert callable(bound(AsyncPowensClient(domain="example", **case.options()), case.call))
        return case

    def options(self):
        """The options of the client."""
        options = {"retry": {}, **self.client}
        policy = RetryPolicy(**{**AT_ONCE, **options.pop("retry")})
        return {**options, "retry_policy": policy}

    def scripted(self):
        """The faults, not used yet."""
        return [Fault(**fault) for fault in self.faults]


def read_file(path):
    """The cases of a file by their names."""
    cases = [Case.read(raw) for raw in json.loads(path.read_text(encoding="utf-8"))]
    named = {case.name: case for case in cases}
    assert len(named) == len(cases), f"{path.name} has two cases of one name"
    return named


FILES = {path.stem: read_file(path) for path in sorted(FOLDER.glob("*.json"))}
CASES = {f"{file}: {name}": case for file, cases in FILES.items() for name, case in cases.items()}


class Witness:
    """A circuit breaker that allows everything and keeps what it is told."""

    def __init__(self):
        self.told = []

    def allow_request(self):
        """Answer True."""
        return True

    def record_success(self):
        """Keep it."""
        self.told.append("success")

    def record_failure(self):
        """Keep it."""
        self.told.append("failure")


@pytest.fixture
def powens():
    """A sandbox for one case."""
    with Sandbox() as powens:
        yield powens


@pytest.fixture
def client_of():
    """Function that makes a client of the application in a sandbox, as the ready-made user."""

    def make(powens, **options):
        return AsyncPowensClient(
            base_url=powens.base_url,
            access_token=powens.access_token,
            client_id=powens.client_id,
            client_secret=powens.client_secret,
            **options,
        )

    return make


async def prepared(helper, case):
    """The arguments of a case, and the token that its call takes where it is not the user's."""
    arguments = dict(case.arguments)
    for name, value in case.arguments.items():
        match value:
            case "$connection":
                arguments[name] = (await helper.connections.list_all()).connections[0].id
            case "$account":
                arguments[name] = (await helper.accounts.list_all()).accounts[0].id
            case "$order":
                arguments[name] = ORDER
    if not case.call.startswith("payments."):
        return arguments, helper.access_token
    return arguments, (await helper.auth.generate_service_token(scope="payments:admin")).token


async def act(client, call, arguments):
    """Make a call, and read a listing to its end."""
    answer = bound(client, call)(**arguments)
    if isinstance(answer, AsyncPager):
        return await answer.to_list()
    return await answer


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_what_becomes_of_a_call(case, powens, client_of):
    expect, breaker, faults = case.expect, Witness(), case.scripted()
    async with (
        client_of(powens) as helper,
        client_of(powens, circuit_breaker=breaker, **case.options()) as client,
    ):
        arguments, token = await prepared(helper, case)
        at_ease = client.with_options(deadline=None, timeout=PATIENCE)
        await at_ease.users.me()  # which leaves a connection in the pool
        breaker.told.clear()
        earlier = powens.executions
        powens.clear_requests()
        for fault in faults:
            powens.add_fault(fault)

        began, error, answer = time.monotonic(), None, None
        try:
            answer = await act(client.with_options(access_token=token), case.call, arguments)
        except PowensError as raised:
            error = raised
        took, told = time.monotonic() - began, [*breaker.told]

        while len(powens.requests) < expect.attempts and time.monotonic() - began < PATIENCE:
            pass  # what was sent a moment before the client gave up is on its way still
        unused = powens.unused_faults
        powens.clear_faults()
        # The same client is in order again, and the sandbox has done all that came before this.
        assert (await at_ease.users.me()).id == powens.user_id
        *requests, _ = powens.requests
        executions = powens.executions - earlier
        executions["GET /users/{user_id}"] -= 1

        assert ("ok" if error is None else type(error).__name__) == expect.result
        assert {name: getattr(error, name) for name in expect.attributes} == expect.attributes
        assert len(requests) == expect.attempts
        assert executions.total() == expect.executions
        assert unused == []
        assert expect.breaker is None or told == expect.breaker
        assert expect.within is None or took <= expect.within
        methods = {request.method for request in requests}
        # What makes something is made once at most; to set something twice is to set it.
        is_made = "POST" in methods and not case.call.endswith(".update")
        assert executions.total() <= 1 or not is_made
        if error is None and methods == {"GET"}:
            assert answer == await act(helper, case.call, arguments)


@pytest.mark.parametrize(
    "change",
    [
        *({"nmae": "x"}, {"expect": {}}, {"faults": []}, {"faults": [{"cutt": "body"}]}),
        *({"faults": [{"cut": "bodies"}]}, {"client": {"time_out": 1}}, {"call": "users.you"}),
        {"client": {"retry": {"max_attempt": 1}}},
        {"expect": {"result": "ok", "attempts": 1, "executions": 1, "attempt": 1}},
        {"expect": {"result": "PowensEror", "attempts": 1, "executions": 1}},
        {"expect": {"result": "ok", "attempts": 1, "executions": 2}},
        {"expect": {"result": "ok", "attempts": 1, "executions": 1, "breaker": ["sucess"]}},
    ],
)
def test_a_slip_in_a_case_is_refused(change):
    expect = {"result": "ok", "attempts": 1, "executions": 1}
    right = {"name": "a", "call": "users.me", "faults": [{"corrupt": 1}], "expect": expect}
    assert Case.read(right)
    with pytest.raises((TypeError, ValueError, AttributeError, AssertionError)):
        Case.read({**right, **change})
