"""The sandbox as a thing to start and stop."""

import asyncio
import contextlib
import logging
import socket
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import CancelledError, Future
from datetime import date
from decimal import Decimal
from types import TracebackType
from typing import Any, Final, Self, TypeVar, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from powens.sandbox.app import build
from powens.sandbox.dispatch import RETRY, TIMEOUT, Delivery, Dispatcher, Disturbance
from powens.sandbox.faults import LINKS_PREFIX, PREFIX, Desk, Fault, RecordedRequest
from powens.sandbox.handlers import controls
from powens.sandbox.ledger import MAX_ROWS
from powens.sandbox.state import World
from powens.sandbox.webview import PATH
from powens.sandbox.wire import ApiError

T = TypeVar("T")

TODAY: Final = date(2026, 1, 31)

_START_TIMEOUT = 10.0
_KEEP_ALIVE = 600  # seconds; a client's idle connection is ended by the sandbox's end, not before
_TURNS_TO_ACCEPT = 3  # of the event loop, to set up a connection accepted just before the end

_log = logging.getLogger("powens.sandbox")
_log.addHandler(logging.NullHandler())  # heard by those who configure logging


class Sandbox:
    """A Powens of your own, over real HTTP on this machine.

        with Sandbox() as powens:
            client = PowensClient(base_url=powens.base_url, access_token=powens.access_token)

    A ready-made user has a connected bank and enabled accounts. All that is served is invented and
    follows from the seed and the calls made, down to ids and tokens: two runs of one program see
    the same answers. Time stands still but for a second per change; `advance` moves it on.

    Args:
        seed: Another seed is another world.
        transactions: How many transactions, not counting deleted ones, each connected bank has.
            They are made as they are asked for, so a hundred million cost no more than a hundred.
        today: The day it is.
        host: The address to listen on.
        port: The port to listen on; 0 is any free one.
        webhook_retry: Seconds until a webhook that was not accepted is sent again, doubled for each
            further attempt; None leaves that to `flush_webhooks`.
        webhook_timeout: Seconds that the receiver of a webhook has to answer.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        transactions: int = 400,
        today: date = TODAY,
        host: str = "127.0.0.1",
        port: int = 0,
        webhook_retry: float | None = RETRY,
        webhook_timeout: float = TIMEOUT,
    ) -> None:
        if not 0 <= transactions < MAX_ROWS // 2:
            raise ValueError(f"transactions must be between 0 and {MAX_ROWS // 2 - 1}")
        if not ((webhook_retry is None or webhook_retry > 0) and webhook_timeout > 0):
            raise ValueError("webhook_retry and webhook_timeout are seconds above 0")
        self._webhook_retry = webhook_retry
        self._webhook_timeout = webhook_timeout
        self._seed = seed
        self._transactions = transactions
        self._today = today
        self._host = host
        self._port = port
        self._lock = threading.Lock()
        self._desk = Desk()
        self._world = self._new_world()
        self._dispatcher = self._new_dispatcher()
        self._running: _Running | None = None

    def __repr__(self) -> str:
        where = self._running.origin if self._running else "stopped"
        return f"<Sandbox {where} seed={self._seed} transactions={self._transactions}>"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to serve, in a world with nothing changed yet. Does nothing while it is serving."""
        with self._lock:
            if self._running is None:
                self._desk = Desk()
                self._world = self._new_world()
                self._dispatcher = self._new_dispatcher()
                app = build(self._world, self._desk, self._dispatcher)
                self._running = _Running(self._host, self._port, app, self._dispatcher)

    def stop(self) -> None:
        """Stop serving: every connection is ended. Does nothing while it is stopped."""
        with self._lock:
            if self._running is not None:
                self._running.stop()
                self._running = None

    @property
    def base_url(self) -> str:
        """The address of the API, version included."""
        return self._origin + PREFIX

    @property
    def payment_links_url(self) -> str:
        """The address of payment links, which the API has on another host."""
        return self._origin + LINKS_PREFIX

    @property
    def webview_url(self) -> str:
        """The address of the webview, which the API has on another host: pages for a browser."""
        return self._origin + PATH

    @property
    def access_token(self) -> str:
        """The permanent token of the ready-made user."""
        return self._world.demo_token

    @property
    def user_id(self) -> int:
        """The ready-made user."""
        return self._world.demo_user.id

    @property
    def client_id(self) -> str:
        """The id of the client application."""
        return self._world.client_id

    @property
    def client_secret(self) -> str:
        """The secret of the client application."""
        return self._world.client_secret

    @property
    def users_token(self) -> str:
        """The token that lists users."""
        return self._world.users_token

    @property
    def config_token(self) -> str:
        """The token that configures the domain."""
        return self._world.config_token

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests received so far, a snapshot."""
        return self._desk.requests

    def clear_requests(self) -> None:
        """Forget the requests received so far."""
        self._desk.clear_requests()

    @property
    def executions(self) -> Counter[str]:
        """How often each operation was carried out, whatever became of its answer.

        An operation is a verb and a path as in `POST /users/{user_id}/connections`, payment links
        below `/payment-links-api`. What was refused does not count.
        """
        return self._desk.executions

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs, as the variables of an environment."""
        return {
            "POWENS_BASE_URL": self.base_url,
            "POWENS_WEBVIEW_URL": self.webview_url,
            "POWENS_ACCESS_TOKEN": self.access_token,
            "POWENS_CLIENT_ID": self.client_id,
            "POWENS_CLIENT_SECRET": self.client_secret,
            "POWENS_USERS_TOKEN": self.users_token,
            "POWENS_CONFIG_TOKEN": self.config_token,
            "POWENS_WEBHOOK_SECRET": self.webhook_secret,
        }

    def add_fault(self, fault: Fault) -> Fault:
        """Let something go wrong; gives the fault back, to look at its count."""
        self._desk.add_fault(fault)
        return fault

    def clear_faults(self) -> None:
        """Let nothing go wrong any more."""
        self._desk.clear_faults()

    @property
    def unused_faults(self) -> list[Fault]:
        """The faults that wait for calls still: a test expects none at its end."""
        return self._desk.unused_faults

    def advance(self, seconds: float) -> None:
        """Let time pass: temporary tokens end, a forced synchronization is possible again."""
        clock = self._world.clock
        if self._running is None:
            clock.advance(seconds)
        else:
            self._act(lambda: clock.advance(seconds))

    def add_transaction(
        self, account_id: int, *, value: Decimal | int | str, wording: str, date: date | None = None
    ) -> int:
        """Let a transaction arrive: the balance moves, the connection is synchronized.

        Args:
            account_id: An enabled account, on a connection without an error.
            value: The amount in the currency of the account; what goes out is negative.
            wording: What it says.
            date: Its day, today at the latest and by default.

        Returns:
            The id of the transaction.

        Raises:
            ValueError: There is no such account, it does not take transactions now, or a value
                makes no sense.
        """
        return self._act(
            lambda: controls.add_transaction(self._world, account_id, value, wording, date)
        )

    def break_connection(self, connection_id: int, state: str | None = "SCARequired") -> None:
        """Let a synchronization end in a state.

        Args:
            connection_id: The connection.
            state: The state, such as `wrongpass` or `websiteUnavailable`; None repairs it.

        Raises:
            ValueError: There is no such connection, or the sandbox has no such state.
        """
        self._act(lambda: controls.put_connection(self._world, connection_id, state))

    @property
    def webhook_secret(self) -> str:
        """The secret of the auth provider `sandbox`, which is there from the start and signs."""
        return self._world.domain.webhook_secret

    def send_webhooks_to(self, base_url: str, events: Iterable[str] | None = None) -> None:
        """Register a webhook for each event, signed with `webhook_secret`.

        Args:
            base_url: Where the receiver is. The event `CONNECTION_SYNCED` comes to the path
                `/connection-synced` below it, and so on.
            events: The names of the events; by default all of them.

        Raises:
            ValueError: An event or the address is none.
        """
        self._act(lambda: controls.register(self._world, base_url, events))

    def flush_webhooks(self) -> int:
        """Send everything that waits at once, and wait until it is answered or has failed.

        Returns:
            How many webhooks were not accepted, and still wait.
        """
        return self._serving.call(self._dispatcher.flush())

    @property
    def deliveries(self) -> list[Delivery]:
        """The attempts to deliver a webhook so far, a snapshot."""
        return self._dispatcher.deliveries

    def disturb_webhooks(
        self,
        *,
        times: int | None = 1,
        event: str | None = None,
        duplicate: bool = False,
        delay: float = 0.0,
    ) -> Disturbance:
        """Let webhooks come twice or late.

        Args:
            times: How many webhooks it hits; None is every one.
            event: The event it hits; None is every event.
            duplicate: Whether to send it twice.
            delay: Seconds by which it is late, or until `flush_webhooks`; what comes later
                overtakes it.

        Returns:
            What was asked for, to look at its count.
        """
        disturbance = Disturbance(times=times, event=event, duplicate=duplicate, delay=delay)
        self._dispatcher.disturb(disturbance)
        return disturbance

    @property
    def rows_made(self) -> int:
        """How many transactions were put together so far, which is what a call costs."""
        return self._world.rows_made

    @property
    def _origin(self) -> str:
        return self._serving.origin

    @property
    def _serving(self) -> "_Running":
        running = self._running
        if running is None:
            raise _stopped()
        return running

    def _act(self, action: Callable[[], T]) -> T:
        """Change the world where the API does, and let webhooks know."""
        dispatcher = self._dispatcher

        async def act() -> T:
            try:
                return action()
            except ApiError as error:
                raise ValueError(error.description) from None
            finally:
                dispatcher.publish()

        return self._serving.call(act())

    def _new_world(self) -> World:
        return World(self._seed, self._transactions, self._today)

    def _new_dispatcher(self) -> Dispatcher:
        return Dispatcher(self._world, self._webhook_retry, self._webhook_timeout)


class _Running:
    """A server in its own thread."""

    def __init__(self, host: str, port: int, app: Any, dispatcher: Dispatcher) -> None:
        self._socket = _listen(host, port)
        bound_host, bound_port = self._socket.getsockname()[:2]
        self.origin = (
            f"http://{f'[{bound_host}]' if ':' in bound_host else bound_host}:{bound_port}"
        )
        dispatcher.origin = self.origin
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            server_header=False,
            date_header=False,
            timeout_keep_alive=_KEEP_ALIVE,
        )
        self._server = _Server(config, dispatcher.close)
        self._thread = threading.Thread(target=self._run, name="powens-sandbox", daemon=True)
        self._thread.start()
        if not self._server.ready.wait(_START_TIMEOUT) or not self._server.started:
            self.stop()
            raise RuntimeError("the sandbox could not start")

    def call(self, action: Coroutine[Any, Any, T]) -> T:
        """Run something where the API is served, and wait for its end."""
        return self._server.call(action)

    def stop(self) -> None:
        self._server.leave()
        self._thread.join()
        self._server.end_calls()
        self._socket.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._socket]))
        finally:
            self._server.ready.set()


class _Protocol(H11Protocol):
    """HTTP as uvicorn speaks it, silently, with the connection within the application's reach."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = self.access_logger = _log
        self.access_log = False
        self.lost = asyncio.Event()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.lost.set()


class _Server(uvicorn.Server):
    """A server that says when it is ready, and leaves at once when it is told to."""

    def __init__(
        self, config: uvicorn.Config, close: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        super().__init__(config)
        self._close = close
        self._calls: set[Future[Any]] = set()
        self._ended = False
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._left = asyncio.Event()

    def leave(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._left.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._loop = asyncio.get_running_loop()
        self.ready.set()

    def call(self, action: Coroutine[Any, Any, T]) -> T:
        if self._loop is None or self._loop.is_closed():
            action.close()
            raise _stopped()
        call = asyncio.run_coroutine_threadsafe(action, self._loop)
        self._calls.add(call)
        if self._ended:
            call.cancel()
        try:
            return call.result()
        except CancelledError:
            raise _stopped() from None
        finally:
            self._calls.discard(call)

    def end_calls(self) -> None:
        """What the event loop did not come to before it ended would be waited for for ever."""
        self._ended = True
        for call in list(self._calls):
            call.cancel()

    async def main_loop(self) -> None:
        await self._left.wait()
        await self._close()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # First no more is accepted, then what was accepted is set up, and only then the servers are
        # closed: asyncio loses a connection whose server closes while it is being set up.
        with contextlib.suppress(NotImplementedError):
            for listener in sockets or ():
                asyncio.get_running_loop().remove_reader(listener)
        for _ in range(_TURNS_TO_ACCEPT):
            await asyncio.sleep(0)
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        connections = cast("set[_Protocol]", self.server_state.connections).copy()
        for connection in connections:
            connection.transport.abort()
        await asyncio.gather(*(connection.lost.wait() for connection in connections))
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks)
        for server in self.servers:
            await server.wait_closed()


def _stopped() -> RuntimeError:
    return RuntimeError("the sandbox is not running: start it, or use it in a with statement")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay off only on sockets that name their protocol
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
