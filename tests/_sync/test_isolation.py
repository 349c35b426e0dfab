# Generated from tests/_async/test_isolation.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Views and pagers of many users on one client: nobody gets what is another's, come what may."""

from __future__ import annotations

import contextlib
import json
import random
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import RSAKey

from powens import (
    PaymentValidateRequest,
    PowensAuthError,
    PowensClient,
    PowensSerializationError,
    PowensServiceUnavailableError,
    RetryBudget,
    RetryPolicy,
)

KEY = RSAKey.generate_key(2048)
JWK = {**KEY.as_dict(private=False), "kid": "k1"}
AT_ONCE = RetryPolicy(max_attempts=3, base_delay=0, jitter=0, max_delay=0)
OWNERS = ["anna", "bea", "carl", "dora"]
SIZES = {"anna": 7, "bea": 4, "carl": 5, "dora": 1}


class Bank:
    """Answers each token with its own rows, when it does not fail, and remembers who asked."""

    def __init__(self, chance=None):
        self.chance = chance
        self.asked = []
        self.cookies = []

    def __call__(self, visit):
        owner, url = visit.token, urlsplit(visit.target)
        query = dict(parse_qsl(url.query))
        self.asked.append(owner)
        if "cookie" in visit.headers:
            self.cookies.append(visit.headers["cookie"])
        luck = 1 if self.chance is None else self.chance.random()
        if luck < 0.15:
            visit.answer({"code": "no"}, 401 if luck < 0.03 else 503, set_cookie=f"owner={owner}")
            return
        content = self.content(url.path, query, owner, visit.peer.base_url)
        if "sign_response" in query:
            asked = visit.peer.base_url + visit.target
            content = self.sign(content, asked, f"{visit.peer.base_url}/sign-keys/7")
        visit.answer(content, set_cookie=f"owner={owner}")

    def content(self, path, query, owner, base_url):
        rows = [{"id": n, "name": owner, "wording": owner} for n in range(SIZES[owner])]
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 3))
        page = rows[offset : offset + limit]
        match path.split("/")[1:]:
            case ["users", "me", "accounts"]:
                return {"accounts": page, "total": len(rows)}
            case ["users", "me", "transactions"]:
                more = offset + limit < len(rows)
                following = f"{base_url}{path}?limit={limit}&offset={offset + limit}"
                links = {"next": {"href": following} if more else None}
                return {"transactions": page, "_links": links}
            case ["publickey"]:
                return JWK
            case ["sign-keys", _]:
                return {"id": 7, "public_key": KEY.as_pem(private=False).decode()}
            case _:
                return {"id": 5, "platform": owner}

    def sign(self, content, url, key_url):
        payload = {"request_url": url, "response_timestamp": "x", "response_payload": content}
        registry = jws.JWSRegistry(strict_check_header=False)
        header = {"alg": "RS256", "key_url": key_url}
        return jws.serialize_compact(header, json.dumps(payload), KEY, registry=registry).encode()


class Story:
    """Takes steps at random with a client, its views and their pagers, and checks each.

    A step is for one owner; what it finds is the owner's, and so is the token of what it sends.
    """

    def __init__(self, chance, bank, client):
        self.chance = chance
        self.bank = bank
        self.client = client
        self.clients = [(OWNERS[0], client)]  # that may change its token, then views, which do not
        self.pagers = []
        self.walks = []
        self.cursors = []

    def step(self):
        """Take one."""
        begin = self.chance.choice(
            [
                *(self.change_token, self.take_view, self.make_pager, self.begin_walk),
                *(self.read_user, self.read_signed, self.send_encrypted, self.hand_on_cursor),
                *(self.read_first_page, self.read_list, *[self.go_on] * 6),
            ]
        )
        asked = len(self.bank.asked)
        owner, call = begin()
        if call is not None:
            # As the bank decides now and then.
            with contextlib.suppress(PowensAuthError, PowensServiceUnavailableError):
                call()
        assert set(self.bank.asked[asked:]) <= {owner}

    def change_token(self):
        owner = self.chance.choice(OWNERS)
        self.client.set_access_token(owner)
        self.clients[0] = owner, self.client
        return owner, None

    def take_view(self):
        _, base = self.chance.choice(self.clients)
        owner = self.chance.choice(OWNERS)
        self.clients.append((owner, base.with_options(access_token=owner)))
        return owner, None

    def make_pager(self):
        owner, client = self.chance.choice(self.clients)
        kind = self.chance.choice(["accounts", "transactions"])
        pager = getattr(client, kind).list(limit=self.chance.randint(1, 3))
        self.pagers.append((owner, kind, pager))
        return owner, None

    def pager(self):
        if not self.pagers:
            self.make_pager()
        return self.chance.choice(self.pagers)

    def begin_walk(self):
        owner, kind, pager = self.pager()
        by_page = self.chance.random() < 0.5
        walk = pager.by_page() if by_page else iter(pager)
        self.walks.append((owner, kind if by_page else None, walk, []))
        return owner, None

    def go_on(self):
        if not self.walks:
            self.begin_walk()
        walk = self.chance.choice(self.walks)
        owner, kind, rows, found = walk

        def call():
            try:
                taken = rows.__next__()
            except StopIteration:
                self.walks.remove(walk)
                assert found == [*range(SIZES[owner])]
                return
            if kind is not None:
                self.cursors.append((kind, taken.next_cursor))
            items = taken.items if kind is not None else [taken]
            check(owner, items)
            found.extend(item.id for item in items)

        return owner, call

    def read_first_page(self):
        owner, kind, pager = self.pager()

        def call():
            page = pager.first_page()
            check(owner, page.items)
            self.cursors.append((kind, page.next_cursor))

        return owner, call

    def read_list(self):
        owner, _, pager = self.pager()

        def call():
            rows = pager.to_list()
            check(owner, rows)
            assert [row.id for row in rows] == [*range(SIZES[owner])]

        return owner, call

    def hand_on_cursor(self):
        """Go on in one view where another one was: in one's own rows, as ever."""
        owner, client = self.chance.choice(self.clients)
        cursors = [each for each in self.cursors if each[1] is not None]
        if not cursors:
            return owner, None
        kind, cursor = self.chance.choice(cursors)

        def call():
            # The row that the cursor names may be one that this owner has not.
            with contextlib.suppress(PowensSerializationError):
                check(owner, getattr(client, kind).list(limit=1, cursor=cursor).to_list())

        return owner, call

    def read_user(self):
        owner, client = self.chance.choice(self.clients)

        def call():
            assert (client.users.me()).platform == owner

        return owner, call

    def read_signed(self):
        owner, client = self.chance.choice(self.clients)
        view = client.with_options(sign_responses=True)

        def call():
            assert (view.users.me()).platform == owner

        return owner, call

    def send_encrypted(self):
        owner, client = self.chance.choice(self.clients)

        def call():
            client.connections.create(connector_uuid="u", fields={"login": owner}, encrypt=True)

        return owner, call


def check(owner, rows):
    """See that rows are those of their owner."""
    for row in rows:
        assert owner in {getattr(row, "wording", None), getattr(row, "name", None)}


@pytest.fixture(params=["own pool", "lent client"])
def carriers(request):
    """What a client is made with: nothing, or a client of httpx."""
    if request.param == "own pool":
        yield {}
        return
    with httpx.Client() as lent:
        yield {"http_client": lent}


def connect(peer, **options):
    options = {"retry_policy": AT_ONCE, "retry_budget": RetryBudget(reserve=10**6), **options}
    return PowensClient(base_url=peer.base_url, access_token=OWNERS[0], **options)


def test_nobody_gets_what_is_anothers_whatever_the_order(serve, scale, carriers):
    bank = Bank()
    peer = serve(bank)
    for seed in range(scale(15, 1000)):
        chance = random.Random(seed)
        bank.chance = random.Random(-seed)
        with connect(peer, **carriers) as client:
            story = Story(chance, bank, client)
            for _ in range(30):
                story.step()
    assert set(bank.asked) == set(OWNERS)
    assert not bank.cookies


# --- The token of the client changes during a call -----------------------------------------------


def create(client):
    client.connections.create(connector_uuid="u", fields={"login": "a"}, encrypt=True)


def update(client):
    client.connections.update(connection_id=5, fields={"login": "a"}, encrypt=True)


def validate(client):
    body = PaymentValidateRequest(
        validate_mechanism="webauth", webview_url="https://shop.example", fields={"login": "a"}
    )
    client.payments.validate(payment_id=5, body=body, encrypt=True)


def settle(client):
    client.connections.wait_until_settled(connection_id=5, poll_interval=0.001)


def collect(client):
    check("anna", client.accounts.list(limit=2).to_list())


def follow(client):
    check("anna", client.transactions.list(limit=2).to_list())


def retry(client):
    assert (client.users.me()).platform == "anna"


# What the bank says first, where it has to say something else than usual.
FIRST = {settle: (200, {"id": 5, "state": "validating"}), retry: (503, {})}


@pytest.mark.parametrize("call", [create, update, validate, settle, collect, follow, retry])
def test_a_call_keeps_the_token_that_it_began_with(serve, call):
    bank = Bank()

    def script(visit):
        client.set_access_token("bea")
        if call in FIRST and not bank.asked:
            bank.asked.append(visit.token)
            status, content = FIRST[call]
            visit.answer(content, status)
        else:
            bank(visit)

    with connect(serve(script)) as client:
        call(client)
        assert len(bank.asked) > 1
        assert set(bank.asked) == {"anna"}
        assert (client.users.me()).platform == "bea"
