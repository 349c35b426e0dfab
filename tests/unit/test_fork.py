"""What a forked child makes anew. Each program forks in an interpreter of its own."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import textwrap
import weakref

import pytest

from powens import _fork

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

PRELUDE = """
import os, signal, sys, threading
from powens import ThresholdCircuitBreaker
from powens._fork import renew_after_fork


def in_child(work):
    # Fork, and give what `work` returns in the child; a child that hangs is ended by its alarm.
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        os.write(writer, repr(work()).encode())
        os._exit(0)
    os.close(writer)
    with open(reader) as told:
        result = told.read()
    _, status = os.waitpid(child, 0)
    return result if status == 0 else f"ended with {os.waitstatus_to_exitcode(status)}"
"""


def run(program: str) -> list[str]:
    """The lines that a program prints."""
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore::DeprecationWarning",
            "-c",
            PRELUDE + textwrap.dedent(program),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_a_child_is_not_stopped_by_a_thread_that_holds_the_breaker() -> None:
    lines = run("""
        inside, leave = threading.Event(), threading.Event()

        def clock():
            if threading.current_thread() is holder:
                inside.set()
                leave.wait()
            return 1000.0

        breaker = ThresholdCircuitBreaker(failure_threshold=1, clock=clock)
        holder = threading.Thread(target=breaker.record_failure)
        holder.start()
        inside.wait()

        def work():
            before = breaker.allow_request()
            breaker.record_failure()
            return before, breaker.allow_request(), breaker.state

        print(in_child(work))
        leave.set()
        holder.join()
        print(breaker.allow_request())
    """)
    assert lines == ["(True, False, 'open')", "False"]


def test_a_child_begins_where_its_parent_stands_and_then_goes_its_own_way() -> None:
    lines = run("""
        breaker = ThresholdCircuitBreaker(failure_threshold=2, reset_timeout=1e9)
        breaker.record_failure()

        def work():
            breaker.record_failure()
            return breaker.state

        print(in_child(work), breaker.state)
        breaker.record_failure()
        print(in_child(breaker.allow_request))
        print(in_child(lambda: in_child(breaker.allow_request)))
    """)
    assert lines == ["'open' closed", "False", "'False'"]


def test_copies_are_renewed_too() -> None:
    lines = run("""
        import copy

        breaker = copy.copy(ThresholdCircuitBreaker())
        held, leave = threading.Event(), threading.Event()

        def hold():
            with breaker._lock:
                held.set()
                leave.wait()

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait()
        print(in_child(breaker.allow_request))
        leave.set()
        holder.join()
    """)
    assert lines == ["True"]


def test_holders_are_renewed_once_each_however_they_compare_and_only_in_the_child() -> None:
    lines = run("""
        class Holder:
            __hash__ = None
            renewed = 0

            def __eq__(self, other):
                return True

            def renew(self):
                self.renewed += 1

        class Parent(Holder):
            def renew(self):
                self.child = Holder()
                renew_after_fork(self.child)

        holders = [Holder(), Holder(), Parent()]
        for holder in [*holders, holders[0]]:
            renew_after_fork(holder)
        print(in_child(lambda: [it.renewed for it in [*holders, holders[2].child]]))
        print([it.renewed for it in holders])
    """)
    assert lines == ["[1, 1, 0, 0]", "[0, 0, 0]"]


def test_holders_are_not_kept_alive() -> None:
    class Holder:
        def renew(self) -> None:
            raise AssertionError("nothing forks here")

    holder = Holder()
    _fork.renew_after_fork(holder)
    gone = weakref.ref(holder)
    del holder
    gc.collect()
    assert gone() is None


def test_a_child_is_not_stopped_by_a_thread_that_imports_the_models() -> None:
    lines = run("""
        import importlib.abc, sys
        from powens import PowensClient

        client = PowensClient(domain="example", access_token="t0ken")
        assert "powens.models" not in sys.modules
        inside, leave = threading.Event(), threading.Event()

        class Slow(importlib.abc.MetaPathFinder):
            def find_spec(self, name, path, target=None):
                if name == "powens.models.connectors":
                    inside.set()
                    leave.wait()

        sys.meta_path.insert(0, Slow())
        importer = threading.Thread(target=lambda: client.users)
        importer.start()
        inside.wait()
        os.register_at_fork(before=leave.set)  # what is registered last runs first
        print(in_child(lambda: type(client.accounts).__name__))
    """)
    assert lines == ["'Accounts'"]
