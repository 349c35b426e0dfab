"""The one place that sends: token, timeout, breaker, attempts, errors."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from functools import partial
from typing import Final, NoReturn, TypedDict, cast

import httpx
import tenacity

from .._body import ACCEPTED_ENCODING, UNREADABLE, Body, BodyError
from .._checks import check_count, check_kind
from .._deadline import has_passed, left, now
from .._files import Sink
from .._options import Options
from .._quiet import quiet
from .._runtime import async_run_blocking, async_sleep, is_wanted
from .._unset import Unset
from .._version import __version__
from .._wire import BaseURL, Request, Response, TokenUse, error_of
from ..circuit import CircuitBreaker
from ..exceptions import (
    PowensCircuitOpenError,
    PowensConnectionError,
    PowensError,
    PowensHTTPError,
    PowensSerializationError,
    PowensTimeoutError,
)
from ..retry import RetryBudget
from .pool import AsyncPool

_TOO_MANY_REQUESTS: Final = 429
_FIRST_SERVER_ERROR: Final = 500
_LATE: Final = "the deadline has passed"
_CLOSED: Final = "this client is closed: make a new one"

_log: Final = logging.getLogger("powens")


class TransportSettings(TypedDict):
    """What the transport of another process can be made of."""

    base_url: BaseURL
    circuit_breaker: CircuitBreaker
    retry_budget: RetryBudget
    user_agent: str | None
    max_connections: int
    max_response_size: int | None


class AsyncTransport:
    """One pool, one breaker, one budget and one base URL, shared by a client and all its views."""

    def __init__(
        self,
        *,
        base_url: BaseURL,
        circuit_breaker: CircuitBreaker,
        retry_budget: RetryBudget,
        user_agent: str | None,
        max_connections: int,
        max_response_size: int | None,
        transport: httpx.AsyncBaseTransport | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        if transport is not None and http_client is not None:
            raise ValueError("give either transport or http_client")
        if http_client is not None:
            check_kind("http_client", http_client, httpx.AsyncClient, of="httpx.")
        if transport is not None:
            check_kind("transport", transport, httpx.AsyncBaseTransport, of="httpx.")
        product = f"powens-python/{__version__}"
        name = f"{user_agent} {product}" if user_agent else product
        if not (name.isascii() and name.isprintable()):
            raise ValueError("user_agent must be printable ASCII")
        check_kind("retry_budget", retry_budget, RetryBudget)
        check_count("max_connections", max_connections, least=1)
        if max_response_size is not None:
            check_count("max_response_size", max_response_size, least=1)
        self.base_url = base_url
        self.settings: TransportSettings = {
            "base_url": base_url,
            "circuit_breaker": circuit_breaker,
            "retry_budget": retry_budget,
            "user_agent": user_agent,
            "max_connections": max_connections,
            "max_response_size": max_response_size,
        }
        self.is_lent: bool = transport is not None or http_client is not None
        self._breaker = circuit_breaker
        self._budget = retry_budget
        self._user_agent = name
        self._max_response_size = max_response_size
        self._lent = http_client
        self._carrier = transport or AsyncPool(max_connections=max_connections)
        self._is_closed = False
        # Public keys by their path, with the time until which they serve.
        self.keys: dict[str, tuple[float, object]] = {}

    async def send(
        self,
        request: Request,
        options: Options,
        *,
        until: float | None,
        sink: Sink | None = None,
    ) -> Response:
        """Send a request, again if the policy allows, and return its successful answer.

        Args:
            request: What to send.
            options: Token, time limits and policy to send it with.
            until: When the call must have ended.
            sink: Where the body goes as it comes; None keeps it in the answer.

        Raises:
            PowensError: It did not succeed; the class says why.
        """
        call = _Call(
            request,
            options,
            url=self.base_url.url(request),
            headers=self._headers(request, options),
            until=until,
            sink=sink,
        )
        started = now()
        try:
            return await self._attempt(call)
        except PowensError as error:
            if not call.may_repeat(error):
                raise
            call.failure = error
        # Only now: most calls need none of it.
        attempts = tenacity.AsyncRetrying(
            sleep=async_sleep,
            retry=tenacity.retry_if_exception(call.may_repeat),
            wait=_wait(options),
            stop=self._stop(call, started=started),
            reraise=True,
        )
        return await attempts(self._attempt_again, call)

    def __reduce__(self) -> NoReturn:
        raise TypeError("connections cannot be pickled: pickle the client")

    async def aclose(self) -> None:
        """Close the pool, unless it was lent by the caller. Harmless when repeated."""
        self._is_closed = True
        if self._lent is None:
            await self._carrier.aclose()

    def _headers(self, request: Request, options: Options) -> dict[str, str]:
        headers = {
            "accept": "application/json",
            "accept-encoding": ACCEPTED_ENCODING,
            "user-agent": self._user_agent,
        }
        if request.content is not None:
            headers["content-type"] = "application/json"
        if request.token is not TokenUse.NEVER and options.access_token is not None:
            headers["authorization"] = f"Bearer {options.access_token}"
        elif request.token is TokenUse.REQUIRED:
            raise PowensError(
                "this call needs an access token: give access_token to the client, "
                "or take a view with with_options(access_token=...)"
            )
        headers.update({name.lower(): value for name, value in request.headers.items()})
        return headers

    async def _attempt(self, call: _Call) -> Response:
        timeout = call.step_timeout()
        if self._is_closed or (self._lent is not None and self._lent.is_closed):
            raise PowensError(_CLOSED)
        message = self._message(call, timeout)
        if not self._breaker.allow_request():
            raise PowensCircuitOpenError(
                "the circuit breaker is open after repeated failures; nothing was sent"
            )
        is_first = not call.is_sent
        if is_first:  # what the breaker refuses is no traffic
            call.is_sent = True
            self._budget.record_call()
        began = now()
        try:
            with quiet():
                answer = await self._exchange(message, call)
        except _AnsweredError as error:
            self._breaker.record_success()
            raise error.reason from error.reason.__cause__
        except BaseException as error:
            # Whatever ended the attempt, a cancellation included: a breaker that allowed it waits
            # for word of it. What was cut off ahead of its time says nothing of the service, so
            # the breaker hears again what came before it: an answer, or the attempt that failed.
            if is_first and not isinstance(error, Exception) and not is_wanted():
                self._breaker.record_success()
            else:
                self._breaker.record_failure()
            _log.debug("%s: %s after %.3f s", call, type(error).__name__, now() - began)
            if isinstance(error, httpx.RequestError):
                raise self._network_error(error, call, timeout) from error
            raise
        status = answer.status_code
        if status == _TOO_MANY_REQUESTS or status >= _FIRST_SERVER_ERROR:
            self._breaker.record_failure()
        else:
            self._breaker.record_success()
        _log.debug("%s: %d after %.3f s", call, status, now() - began)
        if not httpx.codes.is_success(status):
            raise error_of(
                status=status,
                headers=answer.headers,
                content=answer.content,
                method=call.request.method,
                url=call.url,
            )
        return answer

    async def _attempt_again(self, call: _Call) -> Response:
        """Attempt what has failed once: that failure is the first that tenacity sees."""
        if call.failure is not None:
            try:
                raise call.failure
            finally:
                call.failure = None
        return await self._attempt(call)

    async def _exchange(self, message: httpx.Request, call: _Call) -> Response:
        """Send a message and receive the answer to it."""
        try:
            if self._lent is None:
                answer = await self._carrier.handle_async_request(message)
            else:
                answer = await self._lent.send(
                    message, auth=None, follow_redirects=False, stream=True
                )
            try:
                content = await self._receive(answer, call)
                await answer.aclose()
            except BaseException:
                # The stream itself: an answer may take itself for closed where that was cut short.
                await cast("httpx.AsyncByteStream", answer.stream).aclose()
                raise
        except httpx.ProtocolError as error:
            # Its text quotes what was wrong, be it what the server sent or what was sent to it.
            raise type(error)("") from None
        except BodyError as error:
            raise _AnsweredError(PowensSerializationError(f"{call}: {error}")) from None
        except httpx.DecodingError as error:  # where httpx has unpacked the answer
            reason = PowensSerializationError(f"{call}: {UNREADABLE}")
            reason.__cause__ = error
            raise _AnsweredError(reason) from None
        return Response(
            status_code=answer.status_code, headers=dict(answer.headers.items()), content=content
        )

    async def _receive(self, answer: httpx.Response, call: _Call) -> bytes:
        """Take the body piece by piece; what is kept in a file is not in what is returned."""
        sink = call.sink if answer.is_success else None
        limit = None if sink is not None else self._max_response_size
        encoding: str = answer.headers.get("content-encoding", "")
        stream = answer.stream
        if answer.is_stream_consumed:  # by a hook of the client that was lent, and unpacked
            encoding, stream = "", httpx.ByteStream(answer.content)
        body = Body(encoding, limit)
        if sink is not None:
            await _in_file(sink.restart)
        # No list of pieces: of small ones it would take many times what is in them.
        content = io.BytesIO()
        is_first = True
        parts = aiter(cast("AsyncIterable[bytes]", stream))
        try:
            async for received in parts:
                # An answer that came in one piece is there: to throw it away would help nobody.
                if not is_first and has_passed(call.until):
                    raise PowensTimeoutError(f"{call}: {_LATE}")
                is_first = False
                for piece in body.feed(received):
                    if sink is None:
                        content.write(piece)
                    else:
                        await _in_file(partial(sink.write, piece))
        finally:
            # Python complains of what is left to the garbage collector.
            if isinstance(parts, AsyncGenerator):
                await parts.aclose()
        body.finish()
        return content.getvalue()

    def _message(self, call: _Call, timeout: float | None) -> httpx.Request:
        build = httpx.Request if self._lent is None else self._lent.build_request
        extensions = {"timeout": httpx.Timeout(timeout).as_dict(), "deadline": call.until}
        try:
            message = build(
                call.request.method,
                call.url,
                headers=call.headers,
                extensions=extensions,
                **_content(call.request),
            )
        except httpx.InvalidURL:
            raise ValueError("the parameters do not fit into a URL") from None
        except UnicodeEncodeError:  # it shows the text
            raise ValueError("a header or a form holds what cannot be sent") from None
        # A cookie set for one user must not follow the token of another.
        message.headers.pop("cookie", None)
        return message

    def _network_error(
        self, error: httpx.RequestError, call: _Call, timeout: float | None
    ) -> PowensError:
        """Make our own error of one of httpx."""
        kind = type(error).__name__
        if self._is_closed:
            return PowensError(f"{call}: the client was closed during the call")
        if not isinstance(error, httpx.TimeoutException):
            return PowensConnectionError(f"{call}: the network failed ({kind})")
        if has_passed(call.until):
            return PowensTimeoutError(f"{call}: {_LATE} ({kind})")
        limit = "in time" if timeout is None else f"within {timeout:g} s"
        return PowensTimeoutError(f"{call}: no answer {limit} ({kind})")

    def _stop(self, call: _Call, *, started: float) -> Callable[[tenacity.RetryCallState], bool]:
        policy = call.options.retry_policy

        def stop(state: tenacity.RetryCallState) -> bool:
            resumed = now() + state.upcoming_sleep
            # The API may ask for more than the policy waits: not before that does it help.
            asked = now() + (_retry_after(_error_of_attempt(state)) or 0.0)
            return (
                state.attempt_number >= policy.max_attempts
                or (policy.max_elapsed is not None and resumed - started > policy.max_elapsed)
                or (call.until is not None and max(resumed, asked) >= call.until)
                or not self._budget.allow_retry()
            )

        return stop


class _Call:
    """A call, with all that its attempts have in common."""

    def __init__(
        self,
        request: Request,
        options: Options,
        *,
        url: str,
        headers: dict[str, str],
        until: float | None,
        sink: Sink | None,
    ) -> None:
        self.request = request
        self.options = options
        self.url = url
        self.headers = headers
        self.until = until
        self.sink = sink
        self.is_sent = False
        self.failure: PowensError | None = None

    def __str__(self) -> str:
        return f"{self.request.method} {self.url.partition('?')[0]}"

    def may_repeat(self, error: BaseException) -> bool:
        """Whether another attempt may be made after this error."""
        if not isinstance(error, PowensError) or not (self.sink is None or self.sink.can_restart):
            return False
        method, path = self.request.method, self.url.partition("?")[0]
        return self.options.retry_policy.allows(method, error, path=path)

    def step_timeout(self) -> float | None:
        """Give the seconds that a network step may take."""
        options, request = self.options, self.request
        usual = options.sync_timeout if request.waits_for_bank else options.timeout
        timeout = usual if isinstance(request.timeout, Unset) else request.timeout
        remaining = left(self.until)
        if remaining is None:
            return timeout
        if remaining <= 0:
            raise PowensTimeoutError(f"{self}: {_LATE}")
        return remaining if timeout is None else min(timeout, remaining)


class _AnsweredError(Exception):
    """There was an answer, so that the service is up; but something else went wrong."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(reason)
        self.reason = reason


async def _in_file(work: Callable[[], None]) -> None:
    """Do something to a file."""
    try:
        await async_run_blocking(work)
    except OSError as error:
        raise _AnsweredError(error) from None


class _Content(TypedDict, total=False):
    content: bytes | None
    files: dict[str, tuple[str, bytes, str]]
    data: dict[str, str]


def _content(request: Request) -> _Content:
    upload = request.upload
    if upload is None:
        return {"content": request.content}
    file = (upload.name, upload.content, upload.media_type)
    return {"files": {"file": file}, "data": dict(request.form)}


def _error_of_attempt(state: tenacity.RetryCallState) -> PowensError:
    # Only an error that may be repeated is waited for.
    return cast("PowensError", cast("tenacity.Future", state.outcome).exception())


def _retry_after(error: PowensError) -> float | None:
    return error.retry_after if isinstance(error, PowensHTTPError) else None


def _wait(options: Options) -> Callable[[tenacity.RetryCallState], float]:
    def wait(state: tenacity.RetryCallState) -> float:
        return options.retry_policy.delay(state.attempt_number, _error_of_attempt(state))

    return wait
