"""Many threads on one blocking client."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from powens import PowensClient, PowensError

THREADS = 32


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def context(request, certified):
    return certified if request.param else None


def rows_of_the_token(visit):
    """A listing of three pages, whose rows are those of the token."""
    first = int(visit.token) * 1000
    if visit.target.startswith("/users/me"):
        visit.answer({"id": first})
        return
    offset = int(visit.target.partition("offset=")[2].partition("&")[0] or 0)
    limit = int(visit.target.partition("limit=")[2].partition("&")[0])
    rows = [{"id": first + n} for n in range(3)][offset : offset + limit]
    visit.answer({"users": rows, "total": 3})


def test_each_thread_has_its_own_answers(serve, context, scale):
    peer = serve(rows_of_the_token, tls=context)
    rounds = scale(2, 100)
    client = PowensClient(base_url=peer.base_url, access_token="0", max_connections=8)
    begin = threading.Barrier(THREADS)

    def work(number):
        view = client.with_options(access_token=str(number))
        first = number * 1000
        begin.wait(20)
        for _ in range(rounds):
            assert view.users.me().id == first
            rows = [user.id for user in view.users.list(limit=1)]
            assert rows == [first, first + 1, first + 2]

    with client, ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(1, THREADS + 1)))
    assert len(peer.requests) >= THREADS * rounds * 4
    assert peer.connections <= 8


def test_threads_that_race_to_be_the_first(serve):
    peer = serve(rows_of_the_token)
    for _ in range(5):
        client = PowensClient(base_url=peer.base_url, access_token="7", max_connections=2)
        begin = threading.Barrier(THREADS)

        def work(client=client, begin=begin):
            begin.wait(20)
            return client.users.me().id

        before = peer.connections
        with client, ThreadPoolExecutor(THREADS) as threads:
            tasks = [threads.submit(work) for _ in range(THREADS)]
            assert [task.result() for task in tasks] == [7000] * THREADS
        # Not more than there may be, whoever came first.
        assert peer.connections - before <= 2


def test_threads_and_a_client_that_is_closed_under_them(serve, sockets):
    peer = serve(rows_of_the_token)
    before = sockets()
    for pause in (0.0, 0.02, 0.05):
        client = PowensClient(base_url=peer.base_url, access_token="7", max_connections=6)

        def work(client=client):
            while True:
                try:
                    assert client.users.me().id == 7000
                except PowensError as error:
                    return error

        with ThreadPoolExecutor(THREADS) as threads:
            tasks = [threads.submit(work) for _ in range(THREADS)]
            threading.Event().wait(pause)
            client.close()
            outcomes = [task.result(20) for task in tasks]
        assert {type(outcome) for outcome in outcomes} == {PowensError}
        assert all("closed" in str(outcome) for outcome in outcomes)
        peer.wait_until_left()  # nothing comes back into a pool that is closed
    assert sockets() == before


def test_a_connection_that_comes_back_into_a_closed_pool_is_closed(serve, sockets):
    peer = serve(lambda visit: visit.answer(b"all of it"))
    before = sockets()
    client = PowensClient(base_url=peer.base_url, access_token="7")

    class Closing(io.BytesIO):
        """A file that closes the client once it has all."""

        def write(self, data):
            client.close()
            return super().write(data)

    file = Closing()
    assert client.documents.download(document="documents/4/file", to=file) == 9
    assert file.getvalue() == b"all of it"
    peer.wait_until_left()
    assert sockets() == before


# Each looks at classes that others look at as well.
FIRST_DECODINGS = """
import sys, threading
from powens import BankAccount, models
from powens._codec import decode

kinds = [
    BankAccount, models.BankAccountsList, models.Connection, models.ConnectionsList,
    models.ConnectionSyncedEvent, models.Transaction, models.TransactionsList,
]
body = b'''{"id": 1, "accounts": [{"id": 1, "loan": {"id": 1}}], "connections": [{"id": 1}],
    "transactions": [{"id": 1, "value": 1.5}], "connection": {"id": 1, "accounts": [{"id": 1}]}}'''
begin = threading.Barrier(len(kinds))
done = []

def work(kind):
    begin.wait(20)
    done.append(decode(body, kind))

sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=work, args=[kind]) for kind in kinds]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(20)
sys.exit(len(done) != len(kinds))
"""


def test_threads_that_decode_for_the_first_time_at_once():
    done = subprocess.run(
        [sys.executable, "-c", FIRST_DECODINGS],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
