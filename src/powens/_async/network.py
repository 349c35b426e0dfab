"""The network under a connection, for httpcore: no wait outlives the deadline, closing never waits.

Sockets are used without blocking, by way of what waits until they are ready. That is the same on
both surfaces, and leaves nothing behind wherever it is interrupted: there is one socket, and to
close it takes no waiting.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any, Final, TypeVar

import httpcore

from .._deadline import after, earlier, has_passed, left
from .._fork import no_fork
from .._runtime import async_checkpoint, async_wait_for, async_wait_readable, async_wait_writable
from .._sockets import (
    Addresses,
    Socket,
    begin_connecting,
    finish_connecting,
    hang_up,
    is_readable,
    look_up,
    open_socket,
)

T = TypeVar("T")

# An address that does not answer in time makes way for the next one; the last has all the time.
_PATIENCE: Final = 3.0
_PIECE: Final = 65_536
_CLOSED: Final = "the client was closed"


class AsyncNetwork(httpcore.AsyncNetworkBackend):
    """Opens the connection that one request at a time is sent on.

    Attributes:
        until: Deadline of the request under way.
        is_ended: Whether there is to be no request any more.
        has_received: Whether anything has come since this was last set to False.
    """

    def __init__(self) -> None:
        self.until: float | None = None
        self._search: Future[Addresses] | None = None
        self.has_received = False
        self._socket: Socket | None = None
        self.is_ended = False

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._socket is not None:
            self._socket.close()

    def end(self) -> None:
        """Let the request under way fail, and open no connection any more."""
        self.is_ended = True
        if self._search is not None:
            self._search.cancel()
        if self._socket is not None:
            hang_up(self._socket)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> AsyncSocketStream:
        """Connect to the first address of a host that answers.

        Raises:
            httpcore.ConnectTimeout: None did in time.
            httpcore.ConnectError: There is no such host, or it refuses.
        """
        del local_address, socket_options  # never asked for by the pool
        until = earlier(self.until, after(timeout))
        try:
            addresses = await async_wait_for(self._look_up(host, port), left(until))
            for number, (family, kind, protocol, _, address) in enumerate(addresses, start=1):
                is_last = number == len(addresses)
                patience = until if is_last else earlier(until, after(_PATIENCE))
                try:
                    sock = self._replace(open_socket(family, kind, protocol))
                    if not begin_connecting(sock, address):
                        await async_wait_writable(sock, left(patience))
                        finish_connecting(sock)
                except OSError:
                    if is_last:
                        raise
                else:
                    return AsyncSocketStream(self, sock)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except CancelledError:
            raise httpcore.ConnectError(_CLOSED) from None
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        raise httpcore.ConnectError("the host has no address")

    def _look_up(self, host: str, port: int) -> Future[Addresses]:
        self._search = look_up(host, port)
        if self.is_ended:
            self._search.cancel()
        return self._search

    def _replace(self, sock: Socket) -> Socket:
        self.close()
        self._socket = sock
        if self.is_ended:
            raise OSError(_CLOSED)
        return sock


class AsyncSocketStream(httpcore.AsyncNetworkStream):
    """A connection without encryption."""

    def __init__(self, network: AsyncNetwork, sock: Socket) -> None:
        self._network = network
        self._socket = sock

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Receive what is there, once there is something; nothing is the end."""
        until = earlier(self._network.until, after(timeout))
        has_waited = False
        while True:
            # Also when there is something: it may never end.
            if has_passed(self._network.until):
                raise httpcore.ReadTimeout
            try:
                data = self._socket.recv(max_bytes)
            except BlockingIOError:
                pass
            except OSError as error:
                raise httpcore.ReadError(str(error)) from error
            else:
                if not has_waited:
                    await async_checkpoint()
                if not data and self._network.is_ended:
                    # The end that we made ourselves is not the one of the answer.
                    raise httpcore.ReadError(_CLOSED)
                self._network.has_received = True
                return data
            try:
                await async_wait_readable(self._socket, left(until))
            except TimeoutError as error:
                raise httpcore.ReadTimeout from error
            has_waited = True

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it; the timeout is for each part that the connection takes."""
        unsent = memoryview(buffer)
        while unsent:
            if has_passed(self._network.until):
                raise httpcore.WriteTimeout
            try:
                unsent = unsent[self._socket.send(unsent) :]
                if unsent:
                    await async_checkpoint()
                continue
            except BlockingIOError:
                pass
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error
            try:
                until = earlier(self._network.until, after(timeout))
                await async_wait_writable(self._socket, left(until))
            except TimeoutError as error:
                raise httpcore.WriteTimeout from error

    async def aclose(self) -> None:
        """Close the connection."""
        self._socket.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> AsyncTLSStream:
        """Encrypt the connection, once the other side has proved who it is."""
        return await AsyncTLSStream.wrap(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:
        """Tell what httpcore asks of a connection."""
        match info:
            case "is_readable":
                return is_readable(self._socket)
            case "socket":
                return self._socket
            case "client_addr":
                return self._socket.getsockname()
            case "server_addr":
                return self._socket.getpeername()
            case _:
                return None


class AsyncTLSStream(httpcore.AsyncNetworkStream):
    """TLS over another stream, which may be encrypted as well."""

    def __init__(
        self, stream: httpcore.AsyncNetworkStream, context: ssl.SSLContext, hostname: str | None
    ) -> None:
        self._stream = stream
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        with no_fork:
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=hostname)

    @classmethod
    async def wrap(
        cls,
        stream: httpcore.AsyncNetworkStream,
        context: ssl.SSLContext,
        hostname: str | None,
        timeout: float | None,
    ) -> AsyncTLSStream:
        """Do the handshake.

        Raises:
            httpcore.ConnectTimeout: It took too long.
            httpcore.ConnectError: The other side is not who it should be, or hung up.
        """
        try:
            secured = cls(stream, context, hostname)
            await secured._do(secured._tls.do_handshake, after(timeout))
        except (httpcore.ReadTimeout, httpcore.WriteTimeout) as error:
            raise httpcore.ConnectTimeout from error
        except (httpcore.NetworkError, ssl.SSLError, ValueError) as error:
            raise httpcore.ConnectError(str(error)) from error
        return secured

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Receive what is there, once there is something; nothing is the end."""
        try:
            return await self._do(partial(self._tls.read, max_bytes), after(timeout))
        except ssl.SSLZeroReturnError:
            return b""
        except ssl.SSLError as error:  # an end without a farewell too: the rest may be missing
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        unsent = memoryview(buffer)
        while unsent:
            # Piece by piece, lest the timeout be one for all of it.
            piece, unsent = unsent[:_PIECE], unsent[_PIECE:]
            try:
                await self._do(partial(self._tls.write, piece), after(timeout))
            except ssl.SSLError as error:
                raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> AsyncTLSStream:
        """Encrypt once more, as on the way through a proxy that is spoken to in TLS."""
        return await AsyncTLSStream.wrap(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:
        """Tell what httpcore asks of a connection."""
        if info == "ssl_object":
            return self._tls
        if info == "is_readable" and (self._incoming.pending or self._tls.pending()):
            return True
        return self._stream.get_extra_info(info)

    async def _do(self, step: Callable[[], T], until: float | None) -> T:
        """Take a step of TLS, with as much sending and receiving as it needs."""
        while True:
            try:
                with no_fork:
                    result = step()
            except ssl.SSLWantReadError:
                await self._flush(until)
                data = await self._stream.read(_PIECE, left(until))
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            else:
                await self._flush(until)
                return result

    async def _flush(self, until: float | None) -> None:
        if self._outgoing.pending:
            await self._stream.write(self._outgoing.read(), left(until))
