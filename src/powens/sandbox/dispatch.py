"""Webhooks on their way: signed, sent, tried again, written down.

Each webhook has a queue of its own, which is gone through one by one in the order of the events, so
that a receiver that is slow or gone holds nobody up but itself. A run goes over what is due; what
fails is put off and overtaken by what comes later.
"""

import asyncio
import base64
import gzip
import hashlib
import hmac
import logging
import math
import ssl
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx

from powens.sandbox import events
from powens.sandbox.administration import EVENTS, OAUTH, SIGNED, Provider, Webhook
from powens.sandbox.state import World
from powens.sandbox.wire import JsonObject, dump, parse_json

RETRY: Final = 1.0
TIMEOUT: Final = 5.0

_MOST_FAILURES = 10  # in a row, which end a run over a queue
_MOST_TIMEOUTS = 2
_MOST_DOUBLINGS = 6
_AT_ONCE = 64
_LONGEST_DELAY = 86_400
_NO_ANSWER = (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError)

# What the libraries below log of a delivery may be secret, such as an address with its query.
_IS_SENDING: ContextVar[bool] = ContextVar("powens_sandbox_is_sending", default=False)
for _name in ("httpx", "httpcore.connection", "httpcore.http11"):
    logging.getLogger(_name).addFilter(lambda _record: not _IS_SENDING.get())


@dataclass(frozen=True, slots=True)
class Delivery:
    """An attempt to deliver a webhook.

    Attributes:
        event: The event.
        url: Where it was sent.
        status: The status of the answer, None when there was none. A 2xx accepts the webhook.
        attempt: The number of the attempt; 1 is the first.
        id_webhook_data: The number of the body, the same in all attempts and duplicates.
    """

    event: str
    url: str = field(repr=False)
    status: int | None
    attempt: int
    id_webhook_data: int


@dataclass(kw_only=True, eq=False)
class Disturbance:
    """What happens on request to webhooks on their way.

    Attributes:
        times: How many webhooks it hits; None is every one.
        event: The event it hits; None is every event.
        duplicate: Send it twice.
        delay: Seconds by which it is late; what comes later overtakes it.
        used: How many webhooks it has hit.
    """

    times: int | None = 1
    event: str | None = None
    duplicate: bool = False
    delay: float = 0.0
    used: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Refuse what would do nothing, or something else than it says."""
        self.delay, self.duplicate = float(self.delay), bool(self.duplicate)
        self.times = None if self.times is None else int(self.times)
        if not 0 <= self.delay <= _LONGEST_DELAY:
            raise ValueError(f"delay is up to {_LONGEST_DELAY} seconds")
        if self.event not in {None, *EVENTS}:
            raise ValueError("event must be the name of an event")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be a number above 0")

    def hits(self, event: str) -> bool:
        """Whether this webhook is for it, which also counts the webhook."""
        if self.times == self.used or self.event not in {None, event}:
            return False
        self.used += 1
        return True


@dataclass(eq=False)
class _Message:
    """A body on its way to a webhook; `due` is in the time of the event loop."""

    event: str
    body: bytes = field(repr=False)
    bearer: str | None = field(repr=False)
    data_id: int
    log: JsonObject = field(repr=False)
    due: float
    attempts: int = 0

    @property
    def next_try(self) -> str:
        """When it is tried again, by the clock of the sandbox."""
        return self.log["next_try"] or "never"  # which is after any date


class _Queue:
    """What is to be sent to one webhook."""

    def __init__(self, webhook: Webhook) -> None:
        self.webhook = webhook
        self.messages: list[_Message] = []
        self.lock = asyncio.Lock()
        self.timer: asyncio.TimerHandle | None = None


class Dispatcher:
    """Sends webhooks, from within the event loop that serves the API.

    Args:
        world: Where things happen.
        retry: Seconds to the second attempt, doubled for each further one; None is to be flushed.
        timeout: Seconds that an attempt may take.
    """

    def __init__(self, world: World, retry: float | None, timeout: float) -> None:
        self.origin = ""
        self._world = world
        self._retry = retry
        self._timeout = timeout
        self._queues: dict[int, _Queue] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._clients: dict[bool, httpx.AsyncClient] = {}
        self._tokens: dict[int, tuple[Mapping[str, object], str, float]] = {}
        self._lock = threading.Lock()
        self._deliveries: list[Delivery] = []
        self._disturbances: list[Disturbance] = []
        self._is_closed = False

    @property
    def deliveries(self) -> list[Delivery]:
        """The attempts so far."""
        with self._lock:
            return list(self._deliveries)

    @property
    def waiting(self) -> int:
        """How many webhooks are not accepted yet."""
        return sum(len(queue.messages) for queue in self._queues.values())

    def disturb(self, disturbance: Disturbance) -> None:
        """Let something happen to webhooks to come."""
        with self._lock:
            self._disturbances.append(disturbance)

    def publish(self) -> None:
        """Send what happened to those who asked for it; for temporary users keep it for later."""
        world = self._world
        world.notice_payments()
        happenings, world.happenings = world.happenings, []
        if self._is_closed:
            return
        self._resume()
        for what in happenings:
            user = what.user
            id_user = None if user is None else user.id
            bodies = list[JsonObject]()
            if world.domain.listeners(what.event, id_user):
                bodies += events.compose(world, self.origin, what)
            if user is not None and not user.permanent:
                user.held += [(what.event, body) for body in bodies]
                continue
            bearer = None if user is None else user.bearer
            for body in bodies:
                self._post(what.event, body, id_user, bearer)
            if what.event == "USER_CREATED" and user is not None:
                for event, body in user.held:
                    self._post(event, body, id_user, bearer)
                user.held.clear()

    def _resume(self) -> None:
        """Try what is due because time has passed."""
        now = str(self._world.clock.now)
        for queue in self._queues.values():
            late = [each for each in queue.messages if each.due and each.next_try <= now]
            for message in late:
                message.due = 0
            if late:
                _ = self._start(queue)

    async def flush(self) -> int:
        """Try everything that waits once, at once; how much is left."""
        if self._is_closed:
            return self.waiting
        tasks = [self._start(queue, everything=True) for queue in self._queues.values()]
        if tasks:
            await asyncio.wait(tasks)
        return self.waiting

    async def close(self) -> None:
        """End everything at once."""
        self._is_closed = True
        for queue in self._queues.values():
            if queue.timer is not None:
                queue.timer.cancel()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        for client in self._clients.values():
            await client.aclose()

    def _post(self, event: str, body: JsonObject, id_user: int | None, bearer: str | None) -> None:
        domain, now = self._world.domain, self._world.clock.now
        data_id = domain.next_data_id()
        content = dump(body | {"id_webhook_data": data_id})
        for webhook in domain.listeners(event, id_user):
            queue = self._queues.setdefault(webhook.id, _Queue(webhook))
            disturbance = self._disturbance(event)
            for _ in range(1 + disturbance.duplicate):
                log = domain.log(webhook, data_id, id_user, now)
                message = _Message(event, content, bearer, data_id, log, due=0)
                queue.messages.append(message)
                if disturbance.delay:
                    self._put_off(message, disturbance.delay)
            _ = self._start(queue)

    def _disturbance(self, event: str) -> Disturbance:
        with self._lock:
            hits = (each for each in self._disturbances if each.hits(event))
            return next(hits, Disturbance())

    def _start(self, queue: _Queue, *, everything: bool = False) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._run(queue, everything=everything))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run(self, queue: _Queue, *, everything: bool) -> None:
        """Go over what is due, or over everything; a task of its own."""
        _IS_SENDING.set(True)
        loop = asyncio.get_running_loop()
        async with queue.lock:
            now = loop.time()
            failures = timeouts = 0
            for message in [each for each in queue.messages if everything or each.due <= now]:
                if queue.webhook.deleted is not None:
                    queue.messages.remove(message)
                    message.log["next_try"] = None
                    continue
                if failures >= _MOST_FAILURES or timeouts >= _MOST_TIMEOUTS:
                    self._put_off(message, self._pause(message))
                    continue
                try:
                    status = await self._attempt(queue.webhook, message)
                except TimeoutError:
                    status, timeouts = None, timeouts + 1
                self._write_down(queue.webhook, message, status)
                if status is not None and httpx.codes.is_success(status):
                    queue.messages.remove(message)
                    failures = 0
                else:
                    self._put_off(message, self._pause(message))
                    failures += 1
            self._set_timer(queue, loop)

    def _pause(self, message: _Message) -> float:
        if self._retry is None:
            return math.inf
        doublings = min(max(message.attempts - 1, 0), _MOST_DOUBLINGS)
        return float(self._retry * 2**doublings)

    def _put_off(self, message: _Message, seconds: float) -> None:
        message.due = asyncio.get_running_loop().time() + seconds
        later = None
        if seconds < math.inf:
            later = str(self._world.clock.now + timedelta(seconds=seconds))
        message.log["next_try"] = later

    def _set_timer(self, queue: _Queue, loop: asyncio.AbstractEventLoop) -> None:
        if queue.timer is not None:
            queue.timer.cancel()
            queue.timer = None
        due = min((each.due for each in queue.messages), default=math.inf)
        if due < math.inf and not self._is_closed:
            queue.timer = loop.call_at(due, self._start, queue)

    async def _attempt(self, webhook: Webhook, message: _Message) -> int | None:
        """Send a message once; the status of the answer, None when there is none.

        Raises:
            TimeoutError: The answer has not come in time.
        """
        message.attempts += 1
        async with self._slots, asyncio.timeout(self._timeout):
            try:
                return await self._send(webhook, message)
            except _NO_ANSWER:
                return None

    def _write_down(self, webhook: Webhook, message: _Message, status: int | None) -> None:
        now = None if status is None else str(self._world.clock.now)
        message.log |= {"response_date": now, "response_code": status, "next_try": None}
        delivery = Delivery(message.event, webhook.url, status, message.attempts, message.data_id)
        with self._lock:
            self._deliveries.append(delivery)

    async def _send(self, webhook: Webhook, message: _Message) -> int:
        """The status of the answer, which is not waited for beyond its head."""
        headers = {"content-type": "application/json"}
        content = message.body
        headers |= await self._credentials(webhook, message)
        if self._world.domain.config.get("webhooks.compressions.enabled") == "1":
            headers["content-encoding"] = "gzip"
            content = gzip.compress(content, mtime=0)
        async with self._client(webhook.url).stream(
            "POST", webhook.url, content=content, headers=headers
        ) as answer:
            return answer.status_code

    async def _credentials(self, webhook: Webhook, message: _Message) -> dict[str, str]:
        """What proves the sender, in the way that the webhook's auth provider has it."""
        provider = self._world.domain.providers.get(webhook.id_auth or 0)
        if provider is not None and provider.type == SIGNED:
            return _signature(provider.config["secret_key"], webhook.url, message.body)
        bearer = message.bearer
        if provider is not None and provider.type == OAUTH:
            bearer = await self._token(provider)
        return {} if bearer is None else {"authorization": f"Bearer {bearer}"}

    async def _token(self, provider: Provider) -> str:
        """A token of the receiver, which is asked for again once it has ended."""
        loop = asyncio.get_running_loop()
        config, token, ends = self._tokens.get(provider.id, ({}, "", 0.0))
        if config is provider.config and loop.time() < ends:
            return token
        config = provider.config
        names = ("grant_type", "client_id", "client_secret")
        form = {name: str(config[name]) for name in names}
        url: str = config["url"]
        answer = await self._client(url).post(url, data=form)
        answer.raise_for_status()
        match parse_json(answer.content):
            case {"access_token": str(token), **more}:
                life = more.get("expires_in")
                ends = loop.time() + (life if isinstance(life, int) else 0)
                self._tokens[provider.id] = (config, token, ends)
                return token
            case _:
                raise ValueError("there is no token")

    def _client(self, url: str) -> httpx.AsyncClient:
        """The client for a kind of address: to load authorities takes long and is rarely needed."""
        is_secure = url.lower().startswith("https:")
        if is_secure not in self._clients:
            context = ssl.create_default_context() if is_secure else _NO_TLS
            self._clients[is_secure] = httpx.AsyncClient(
                verify=context,
                trust_env=False,
                timeout=None,  # noqa: S113 - there is one for the attempt as a whole
                headers={"user-agent": "powens-sandbox"},
            )
        return self._clients[is_secure]


_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _signature(secret: str, url: str, body: bytes) -> dict[str, str]:
    """The headers of a signed webhook. One in gzip is signed as it is unpacked."""
    date = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    head = f"POST.{urlsplit(url).path or '/'}.{date}.".encode()
    digest = hmac.digest(secret.encode(), head + body, hashlib.sha256)
    return {"BI-Signature": base64.b64encode(digest).decode(), "BI-Signature-Date": date}
