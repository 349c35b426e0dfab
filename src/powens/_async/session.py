"""What resources send with: the shared transport and the options of one client or view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

import attrs

from .._codec import decode, decode_texts
from .._deadline import after, earlier, now
from .._files import Target, open_sink
from .._options import App, Options
from .._runtime import async_run_blocking, async_sleep
from .._wire import BaseURL, Request, Response, TokenUse, ask_for_signature, build_path
from ..exceptions import PowensSignatureError, PowensTimeoutError
from .transport import AsyncTransport

T = TypeVar("T")

# Seconds for which a key is kept: one that was deprecated meanwhile must not serve for long.
_KEY_LIFE: Final = 300.0
_MOST_KEYS: Final = 16


class AsyncSession:
    """The options of a client or view, over the transport that it shares with others."""

    def __init__(self, transport: AsyncTransport, options: Options, app: App) -> None:
        self.transport = transport
        self.options = options
        self.app = app

    @property
    def base_url(self) -> BaseURL:
        """Where the API is."""
        return self.transport.base_url

    def snapshot(self) -> AsyncSession:
        """Take the options as they are now, for what must not follow later changes."""
        return AsyncSession(self.transport, self.options, self.app)

    def deadline_from_now(self) -> float | None:
        """Give the time at which a call that begins now must have ended."""
        return after(self.options.deadline)

    def time_limit(self, seconds: float | None) -> float | None:
        """Give the time by which something of `seconds` must have ended, and the deadline too."""
        return earlier(self.deadline_from_now(), after(seconds))

    async def pause(self, seconds: float, *, until: float | None) -> None:
        """Let `seconds` pass.

        Raises:
            PowensTimeoutError: That would be too late.
        """
        if until is not None and now() + seconds >= until:
            raise PowensTimeoutError("the time to wait is over")
        await async_sleep(seconds)

    async def send(self, request: Request, *, until: float | None = None) -> Response:
        """Send a request and return its successful answer."""
        options = self.options  # all of a call goes with the token that it began with
        if until is None:
            until = after(options.deadline)
        if options.sign_responses:
            return await self._send_for_signature(request, options, until)
        return await self.transport.send(request, options, until=until)

    async def fetch(self, model: type[T], request: Request, *, until: float | None = None) -> T:
        """Send a request and read its answer as a `model`."""
        response = await self.send(request, until=until)
        return decode(response.content, model)

    async def fetch_texts(self, request: Request) -> Mapping[str, str | None]:
        """Send a request and read its answer as settings."""
        response = await self.send(request)
        return decode_texts(response.content)

    async def download(self, request: Request, target: Target) -> int:
        """Send a request and write its answer to a file; give the bytes that were written."""
        # Without a thread: a cancellation while it works there would leave the file behind.
        sink = open_sink(target)
        try:
            until = self.deadline_from_now()
            await self.transport.send(request, self.options, until=until, sink=sink)
            await async_run_blocking(sink.commit)
        except BaseException:
            sink.discard()
            raise
        return sink.size

    async def encrypt(
        self, fields: Mapping[str, object], *, until: float | None
    ) -> dict[str, object]:
        """Encrypt what a user entered, with the public key of the domain."""
        # An extra that most programs do without.
        from ..encryption import encrypt_fields  # noqa: PLC0415
        from ..models import JWK  # noqa: PLC0415

        key = await self._key(JWK, build_path("publickey"), self.options, until)
        return encrypt_fields(fields, key=key)

    async def _send_for_signature(
        self, request: Request, options: Options, until: float | None
    ) -> Response:
        # An extra that most programs do without.
        from ..models import SignKey  # noqa: PLC0415
        from ..signing import read_key_url, verify  # noqa: PLC0415

        request = ask_for_signature(request)
        response = await self.transport.send(request, options, until=until)
        if not response.content:
            return response
        key_url = self._resolve_key_url(read_key_url(response.content))
        key = await self._key(SignKey, key_url, options, until)
        asked = self.base_url.url(request)
        answer = verify(response.content, key=key, request_url=asked)
        return attrs.evolve(response, content=answer.content)

    def _resolve_key_url(self, key_url: str) -> str:
        """Check where a key is said to be: with the keys of the domain, not with what users send.

        Raises:
            PowensSignatureError: It is elsewhere.
        """
        where = self.base_url
        try:
            address = where.resolve(key_url)
        except ValueError as error:
            raise PowensSignatureError(f"the key of a signature is refused: {error}") from None
        place = f"{where.origin}{where.prefix}{build_path('sign-keys')}/"
        if not address.startswith(place) or "?" in address:
            raise PowensSignatureError("the key of a signature is refused: it is no sign key")
        return address

    async def _key(self, model: type[T], path: str, options: Options, until: float | None) -> T:
        """Get a key, unless it is at hand."""
        kept = self.transport.keys.get(path)
        if kept is not None and now() < kept[0] and isinstance(kept[1], model):
            return kept[1]
        request = Request(method="GET", path=path, token=TokenUse.OPTIONAL)
        response = await self.transport.send(request, options, until=until)
        key = decode(response.content, model)
        if len(self.transport.keys) >= _MOST_KEYS:
            self.transport.keys.clear()
        self.transport.keys[path] = (now() + _KEY_LIFE, key)
        return key
