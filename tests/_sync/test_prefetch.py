# Generated from tests/_async/test_prefetch.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Pages that are fetched ahead: the same pages, sooner, and nothing that goes on behind a block."""

from __future__ import annotations

import functools
import random
import socket
import threading
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from powens import (
    PowensClient,
    PowensError,
    PowensHTTPError,
    PowensSerializationError,
    PowensTimeoutError,
    RetryBudget,
    RetryPolicy,
    ThresholdCircuitBreaker,
)
from powens.sandbox import Fault, Sandbox

ONCE = RetryPolicy(max_attempts=1)
AT_ONCE = RetryPolicy(max_attempts=3, base_delay=0, jitter=0, max_delay=0)


def client_of(peer, **options):
    # Without time limits: what is not ended by the block would never end.
    options = {"access_token": "t0ken", "timeout": None, "retry_policy": ONCE, **options}
    return PowensClient(base_url=peer.base_url, **options)


def ids(page):
    return [row.id for row in page]


def busy(client):
    return client._session.transport._carrier.busy


class Shelf:
    """Serves users, and tells how many requests have come; some of them are in for a surprise."""

    def __init__(self, count=5, **surprises):
        self.count = count
        self.arrived = [threading.Event() for _ in range(20)]
        self.surprises = {int(name[1:]): action for name, action in surprises.items()}
        self._number = 0

    def __call__(self, visit):
        if not visit.target.startswith("/users?"):
            visit.answer({"id": 1})
            return
        self._number += 1
        self.arrived[self._number].set()
        self.surprises.get(self._number, self.give_page)(visit)

    def give_page(self, visit, **headers):
        params = dict(parse_qsl(urlsplit(visit.target).query))
        offset, limit = int(params.get("offset", 0)), int(params["limit"])
        rows = [{"id": number} for number in range(self.count)[offset : offset + limit]]
        visit.answer({"users": rows, "total": self.count}, **headers)


class Log:
    """A breaker that writes down what it hears."""

    def __init__(self):
        self.events = []

    def allow_request(self):
        self.events.append("asked")
        return True

    def record_success(self):
        self.events.append("success")

    def record_failure(self):
        self.events.append("failure")


# --- The order of events -------------------------------------------------------------------------


def test_the_next_page_is_asked_for_while_the_caller_has_this_one(serve, until):
    shelf = Shelf()
    peer = serve(shelf)
    with (
        client_of(peer) as client,
        client.users.list(limit=2).by_page(prefetch=1) as pages,
    ):
        assert peer.requests == []
        for number, rows in enumerate(([0, 1], [2, 3]), start=1):
            assert ids(pages.__next__()) == rows
            until(shelf.arrived[number + 1])
            assert len(peer.requests) == number + 1
        assert ids(pages.__next__()) == [4]
        with pytest.raises(StopIteration):
            pages.__next__()
    assert len(peer.requests) == 3


def test_the_first_page_is_asked_for_by_the_first_step(serve):
    peer = serve(Shelf())
    with client_of(peer) as client, client.users.list(limit=2).by_page(prefetch=1):
        pass
    assert peer.connections == 0


def test_a_pager_can_be_used_again(serve, until):
    shelf = Shelf()
    peer = serve(shelf)
    with client_of(peer) as client:
        pager = client.users.list(limit=2)
        with pager.by_page(prefetch=1) as pages:
            pages.__next__()
            until(shelf.arrived[2])
        for prefetch in (0, 1):
            with pager.by_page(prefetch=prefetch) as pages:
                assert [ids(page) for page in pages] == [[0, 1], [2, 3], [4]]
        assert ids(pager.to_list()) == [0, 1, 2, 3, 4]
        assert ids([item for item in pager]) == [0, 1, 2, 3, 4]
    assert len(peer.requests) == 2 + 4 * 3


@pytest.mark.parametrize("max_items", [1, 2, 3, None])
def test_items_are_not_fetched_ahead(serve, max_items):
    peer = serve(Shelf())
    with client_of(peer) as client:
        client.users.list(limit=2).to_list(max_items)
    assert len(peer.requests) == {1: 1, 2: 1, 3: 2, None: 3}[max_items]


def test_it_goes_with_the_token_of_the_pager(serve, until):
    shelf = Shelf()
    peer = serve(shelf)
    with (
        client_of(peer) as client,
        client.users.list(limit=2).by_page(prefetch=1) as pages,
    ):
        for number in (2, 3):
            client.set_access_token(f"other-{number}")
            pages.__next__()
            until(shelf.arrived[number])
        pages.__next__()
        client.users.me()
    assert [token for _, _, token in peer.requests] == ["t0ken"] * 3 + ["other-3"]


def test_other_calls_of_the_block_wait_for_a_connection_only(serve):
    peer = serve(Shelf())
    with client_of(peer, max_connections=1) as client:
        found = []
        with client.users.list(limit=2).by_page(prefetch=1) as pages:
            for page in pages:
                assert (client.users.me()).id == 1
                found += ids(page)
    assert found == [0, 1, 2, 3, 4]


# --- The same pages ------------------------------------------------------------------------------


def walk(pager, prefetch):
    """What each page has, or the error that there was."""
    found, error = [], None
    try:
        with pager.by_page(prefetch=prefetch) as pages:
            for page in pages:
                found += [ids(page), page.next_cursor, page.total]
    except PowensSerializationError as refusal:
        error = str(refusal)
    return found, error


@pytest.mark.parametrize("cursors", [None, "keyset", "shifting"])
def test_pages_are_the_same_while_rows_come_and_go(cursors, api, connect, restless, scale):
    resource = "users" if cursors is None else "transactions"
    complete, scripts = 0, scale(15, 1000)
    with connect() as client:
        for seed in range(scripts):
            outcomes = []
            for prefetch in (0, 1):
                chance = random.Random(f"{cursors} {seed}")
                script = [
                    {
                        "insert": [chance.random()] * chance.choice([0, 0, 1, 8]),
                        "delete": [chance.random()] * chance.choice([0, 0, 0, 2]),
                        "mood": chance.choice([None, None, None, 2, "empty", "null"]),
                    }
                    for _ in range(20)
                ]
                total = chance.choice(["right", "none"])
                server = restless(chance.randint(0, 30), script, total=total, cursors=cursors)
                api.answers(
                    lambda request, server=server: server.answer(request.url.params, resource)
                )
                pager = getattr(client, resource).list(limit=chance.choice([1, 2, 5]))
                outcomes.append((walk(pager, prefetch), api.targets))
            assert outcomes[0] == outcomes[1], seed
            complete += outcomes[0][0][1] is None
    assert complete > scripts / 10


FAULTS = {
    "none": {},
    "unavailable": {"status": 503, "times": 2, "skip": 1},
    "too many": {"status": 429, "times": 1, "skip": 1},
    "cut": {"cut": "body", "times": 2, "skip": 1},
    "malformed": {"malformed": True, "times": 1, "skip": 2},
    "gone": {"status": 404, "times": 1, "skip": 1},
}


@pytest.fixture(scope="module")
def powens():
    """A sandbox for all tests of this file."""
    with Sandbox() as powens:
        yield powens


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("resource", "limit"), [("transactions", 100), ("documents", 10)])
def test_pages_are_the_same_whatever_fails(resource, limit, fault, powens):
    outcomes = []
    for prefetch in (0, 1):
        powens.clear_faults()
        powens.clear_requests()
        if FAULTS[fault]:
            powens.add_fault(Fault(path=f"*/{resource}", **FAULTS[fault]))
        found = []
        options = {"retry_policy": AT_ONCE, "retry_budget": RetryBudget(reserve=100)}
        with client_of(powens, access_token=powens.access_token, **options) as client:
            pages = getattr(client, resource).list(limit=limit).by_page(prefetch=prefetch)
            with pages:
                while not found or found[-1] is not None:
                    try:
                        page = pages.__next__()
                    except StopIteration:
                        found.append(None)
                    except PowensError as error:
                        found.append(type(error))
                    else:
                        found.append((ids(page), page.next_cursor))
        outcomes.append((found, [request.query for request in powens.requests]))
    powens.clear_faults()
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0][0]) > 3


# --- Errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure", [500, 401, b"<html>", {"users": [{"id": "x"}]}, KeyError("mine")], ids=repr
)
def test_an_error_comes_where_its_page_would_and_the_page_is_asked_for_again(api, connect, failure):
    def give(ids):
        return {"users": [{"id": number} for number in ids], "total": 5}

    api.answers(give([0, 1]), failure, failure, give([1, 2, 3]), give([3, 4]))
    with (
        connect(retry_policy=ONCE) as client,
        client.users.list(limit=2).by_page(prefetch=1) as pages,
    ):
        assert ids(pages.__next__()) == [0, 1]
        for _ in range(2):
            with pytest.raises((PowensHTTPError, PowensSerializationError, KeyError)):
                pages.__next__()
        assert ids(pages.__next__()) == [2, 3]
        assert ids(pages.__next__()) == [4]
    assert len(set(api.targets[1:4])) == 1
    assert api.count == 5


def test_an_error_of_a_page_that_nobody_takes_is_nobodys(serve, until):
    shelf = Shelf(_2=lambda visit: visit.answer({}, status=500))
    peer = serve(shelf)
    with (
        client_of(peer) as client,
        client.users.list(limit=2).by_page(prefetch=1) as pages,
    ):
        pages.__next__()
        until(shelf.arrived[2])
        assert (client.users.me()).id == 1


def test_the_deadline_of_the_listing_holds(serve):
    peer = serve(Shelf(_2=lambda visit: visit.hang()))
    with (
        client_of(peer, deadline=0.2) as client,
        client.users.list(limit=2).by_page(prefetch=1) as pages,
    ):
        pages.__next__()
        for _ in range(2):
            with pytest.raises(PowensTimeoutError):
                pages.__next__()
        assert busy(client) == 0
    assert len(peer.requests) == 2


def test_a_page_that_came_in_time_is_given_and_none_after_it(serve, clock, until):
    came = threading.Event()

    class Told(Log):
        def record_success(self):
            super().record_success()
            if self.events.count("success") == 2:
                came.set()

    peer = serve(Shelf())
    with (
        client_of(peer, deadline=5, circuit_breaker=Told()) as client,
        client.users.list(limit=2).by_page(prefetch=1) as pages,
    ):
        assert ids(pages.__next__()) == [0, 1]
        until(came)
        clock.time += 6
        assert ids(pages.__next__()) == [2, 3]
        with pytest.raises(PowensTimeoutError, match="the deadline has passed"):
            pages.__next__()
    assert len(peer.requests) == 2


def test_a_client_that_is_closed_meanwhile(serve, until):
    shelf = Shelf(_2=lambda visit: visit.hang())
    peer = serve(shelf)
    client = client_of(peer)
    with client.users.list(limit=2).by_page(prefetch=1) as pages:
        pages.__next__()
        until(shelf.arrived[2])
        client.close()
        with pytest.raises(PowensError, match="closed during the call"):
            pages.__next__()
        with pytest.raises(PowensError, match="this client is closed"):
            pages.__next__()
    assert busy(client) == 0


# --- Leaving early -------------------------------------------------------------------------------


class MineError(Exception):
    """An error of the caller."""


def leave_by_break(pages, ready):
    with pages:
        for page in pages:
            ready()
            assert ids(page) == [0, 1]
            break


def leave_by_return(pages, ready):
    with pages:
        pages.__next__()
        return ready()


def leave_by_error(pages, ready):
    mine = MineError("mine")

    def fail():
        with pages:
            pages.__next__()
            ready()
            raise mine

    with pytest.raises(MineError) as caught:
        fail()
    assert caught.value is mine
    assert mine.__cause__ is mine.__context__ is None


LEAVING = [leave_by_return, leave_by_error]


def hang_in_the_body(visit):
    visit.send(visit.head(content_length=100) + b'{"users": [')
    visit.hang()


def pour(visit):
    visit.send(visit.head(content_length=9**9))
    while True:
        visit.send(b" " * 65_536)


UNDER_WAY = {
    "no answer": lambda visit: visit.hang(),
    "half an answer": hang_in_the_body,
    "drops": lambda visit: visit.drip(visit.head(content_length=9**9) + b" " * 9**5, 0.001),
    "a flood": pour,
    "all of it": Shelf(2).give_page,
    "a pause": lambda visit: visit.answer({}, status=503),
}


@pytest.mark.parametrize("is_secure", [False, True])
@pytest.mark.parametrize(
    ("state", "leave"),
    [*((state, leave_by_break) for state in UNDER_WAY), *(("no answer", way) for way in LEAVING)],
)
def test_leaving_ends_what_is_under_way(serve, certified, until, sockets, state, is_secure, leave):
    slowly = RetryPolicy(base_delay=3600, max_delay=3600, jitter=0)
    shelf = Shelf(_2=UNDER_WAY[state])
    peer = serve(shelf, tls=certified if is_secure else None)
    before = sockets()
    client = client_of(peer, retry_policy=slowly, max_connections=1)
    pages = client.users.list(limit=2).by_page(prefetch=1)
    leave(pages, functools.partial(until, shelf.arrived[2]))
    assert busy(client) == 0
    assert (client.users.me()).id == 1
    client.close()
    peer.wait_until_left()
    assert sockets() == before
    assert len(peer.requests) == 3


def test_leaving_ends_a_wait_for_a_connection(serve, gather, until):
    in_line, arrived, go_on = threading.Event(), threading.Event(), threading.Event()

    class Told(Log):
        def allow_request(self):
            if self.events == ["asked"]:
                in_line.set()
            return super().allow_request()

    def answer_when_another_is_in_line(visit):
        assert in_line.wait(20)
        shelf.give_page(visit)

    def script(visit):
        if visit.target == "/slow":
            arrived.set()
            assert go_on.wait(20)
        shelf(visit)

    shelf = Shelf(_1=answer_when_another_is_in_line)
    with client_of(serve(script), max_connections=1, circuit_breaker=Told()) as client:

        def hold():
            until(shelf.arrived[1])
            client.request("GET", "/slow")

        def leave():
            with client.users.list(limit=2).by_page(prefetch=1) as pages:
                pages.__next__()
                until(arrived)
            go_on.set()

        assert gather(hold, leave) == [None, None]
        assert busy(client) == 0
        assert (client.users.me()).id == 1


def test_leaving_ends_a_look_up(serve, until, monkeypatch):
    looked_up, is_over = threading.Event(), threading.Event()
    look_up = socket.getaddrinfo

    def hang(*args, **options):
        if shelf.arrived[1].is_set():
            looked_up.set()
            assert is_over.wait(20)
        return look_up(*args, **options)

    def say_farewell(visit):
        shelf.give_page(visit, connection="close")
        visit.close()

    shelf = Shelf(_1=say_farewell)
    peer = serve(shelf)
    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with client_of(peer) as client:
        try:
            leave_by_break(
                client.users.list(limit=2).by_page(prefetch=1),
                functools.partial(until, looked_up),
            )
            assert busy(client) == 0
        finally:
            is_over.set()
        assert (client.users.me()).id == 1


def test_leaving_a_listing_over_a_lent_client_leaves_nothing(serve, until, sockets):
    def answer_late(visit):
        visit.pause(0.05)
        shelf.give_page(visit)

    shelf = Shelf(_2=answer_late)
    peer = serve(shelf)
    before = sockets()
    with httpx.Client() as lent, client_of(peer, http_client=lent) as client:
        pages = client.users.list(limit=2).by_page(prefetch=1)
        leave_by_break(pages, functools.partial(until, shelf.arrived[2]))
        assert (client.users.me()).id == 1
    peer.wait_until_left()
    assert sockets() == before


def test_a_block_can_be_entered_again_and_goes_on(serve, until):
    shelf = Shelf()
    with client_of(serve(shelf)) as client:
        pages = client.users.list(limit=2).by_page(prefetch=1)
        with pages:
            assert ids(pages.__next__()) == [0, 1]
            until(shelf.arrived[2])
        with pages:
            assert [ids(page) for page in pages] == [[2, 3], [4]]


# --- Use -----------------------------------------------------------------------------------------


def test_it_takes_a_block(serve):
    peer = serve(Shelf())
    with client_of(peer) as client:
        pages = client.users.list(limit=2).by_page(prefetch=1)
        with pytest.raises(PowensError, match=r"use `.*with pager.by_page\(prefetch=1\) as pages`"):
            for _ in pages:
                pass
        assert peer.requests == []
        with pages:
            assert ids(pages.__next__()) == [0, 1]
        with pytest.raises(PowensError, match="within a block only"):
            pages.__next__()


def test_without_it_a_block_is_harmless(serve):
    peer = serve(Shelf())
    with client_of(peer) as client:
        pager = client.users.list(limit=2)
        with pager.by_page() as pages:
            assert ids(pages.__next__()) == [0, 1]
        assert [ids(page) for page in pages] == [[2, 3], [4]]
    assert len(peer.requests) == 3


@pytest.mark.parametrize(
    ("prefetch", "kind"),
    [(2, ValueError), (-1, ValueError), (True, TypeError), (1.0, TypeError), ("1", TypeError)],
)
def test_how_many_pages_are_fetched_ahead(api, connect, prefetch, kind):
    with connect() as client:
        with pytest.raises(kind, match="prefetch must be"):
            client.users.list().by_page(prefetch=prefetch)
    assert api.count == 0


# --- The breaker ---------------------------------------------------------------------------------


def test_leaving_early_never_opens_a_breaker(serve, until):
    breaker = ThresholdCircuitBreaker(failure_threshold=2)
    peer = serve(Shelf())
    with client_of(peer, circuit_breaker=breaker) as client:
        for _ in range(20):
            peer.script = shelf = Shelf(_2=lambda visit: visit.hang())
            leave_by_break(
                client.users.list(limit=2).by_page(prefetch=1),
                functools.partial(until, shelf.arrived[2]),
            )
        assert breaker.state == "closed"
        assert (client.users.me()).id == 1


def test_one_failure_and_leaving_early_in_turn_never_add_up(serve, until):
    breaker = ThresholdCircuitBreaker(failure_threshold=3)
    peer = serve(Shelf())
    budget = RetryBudget(reserve=100)
    options = {"circuit_breaker": breaker, "retry_policy": AT_ONCE, "retry_budget": budget}
    with client_of(peer, **options) as client:
        for _ in range(20):
            peer.script = shelf = Shelf(
                _2=lambda visit: visit.answer({}, status=503), _3=lambda visit: visit.hang()
            )
            leave_by_break(
                client.users.list(limit=2).by_page(prefetch=1),
                functools.partial(until, shelf.arrived[3]),
            )
        assert breaker.state == "closed"


@pytest.mark.parametrize(
    ("surprises", "heard"),
    [
        ({"_2": lambda visit: visit.hang()}, ["success"]),
        (
            {"_2": lambda visit: visit.answer({}, status=503), "_3": lambda visit: visit.hang()},
            ["failure", "failure"],
        ),
    ],
)
def test_what_is_cut_off_repeats_what_came_before_it(serve, until, surprises, heard):
    shelf, breaker = Shelf(**surprises), Log()
    with client_of(serve(shelf), circuit_breaker=breaker, retry_policy=AT_ONCE) as client:
        leave_by_break(
            client.users.list(limit=2).by_page(prefetch=1),
            functools.partial(until, shelf.arrived[1 + len(heard)]),
        )
    assert breaker.events[::2] == ["asked"] * (1 + len(heard))
    assert breaker.events[1::2] == ["success", *heard]


def test_what_fails_ahead_is_a_failure(serve, until):
    ended = threading.Event()

    class Told(Log):
        def record_failure(self):
            super().record_failure()
            ended.set()

        def record_success(self):
            super().record_success()
            if self.events.count("success") == 2:
                ended.set()

    breaker = Told()
    peer = serve(Shelf(_2=lambda visit: visit.reset()))
    with client_of(peer, circuit_breaker=breaker) as client:
        leave_by_break(
            client.users.list(limit=2).by_page(prefetch=1),
            functools.partial(until, ended),
        )
    assert breaker.events == ["asked", "success", "asked", "failure"]
