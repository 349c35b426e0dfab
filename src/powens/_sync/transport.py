# Generated from src/powens/_async/transport.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""The one place that sends: token, timeout, breaker, attempts, errors. Only here is httpx known."""

from __future__ import annotations

import http.cookiejar
import ssl
import time
from collections.abc import Callable
from functools import cache, partial
from typing import Final, TypedDict, cast

import httpx
import tenacity

from .._checks import check_kind
from .._files import Sink
from .._options import Options
from .._runtime import run_blocking, sleep
from .._unset import Unset
from .._wire import BaseURL, Request, Response, TokenUse, error_of
from ..circuit import CircuitBreaker
from ..exceptions import (
    PowensCircuitOpenError,
    PowensConnectionError,
    PowensError,
    PowensSerializationError,
    PowensTimeoutError,
)

_TOO_MANY_REQUESTS: Final = 429
_FIRST_SERVER_ERROR: Final = 500


class Transport:
    """One connection pool, one breaker and one base URL, shared by a client and all its views."""

    def __init__(
        self,
        *,
        base_url: BaseURL,
        circuit_breaker: CircuitBreaker,
        user_agent: str,
        transport: httpx.BaseTransport | None,
        http_client: httpx.Client | None,
    ) -> None:
        if transport is not None and http_client is not None:
            raise ValueError("give either transport or http_client")
        if http_client is not None:
            check_kind("http_client", http_client, httpx.Client, of="httpx.")
        if transport is not None:
            check_kind("transport", transport, httpx.BaseTransport, of="httpx.")
        if not (user_agent.isascii() and user_agent.isprintable()):
            raise ValueError("user_agent must be printable ASCII")
        self.base_url = base_url
        self._breaker = circuit_breaker
        self._user_agent = user_agent
        self._owns_http = http_client is None
        self._http = http_client or httpx.Client(
            verify=_tls_context(),
            transport=transport,
            # A cookie set for one user must not follow the token of another.
            cookies=http.cookiejar.CookieJar(
                http.cookiejar.DefaultCookiePolicy(allowed_domains=[])
            ),
        )
        self._retrying = tenacity.Retrying(sleep=sleep, reraise=True)
        self._closed = False
        # Public keys by their path, with the time until which they serve.
        self.keys: dict[str, tuple[float, object]] = {}

    def send(
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
            until: Time, on the clock of `now`, after which nothing is begun any more.
            sink: Where the body goes as it comes; None keeps it in the answer.

        Raises:
            PowensError: It did not succeed; the class says why.
        """
        url = self.base_url.url(request)
        headers = self._headers(request, options)
        # The policy is shared by concurrent calls, the state of its attempts must not be.
        attempts = self._retrying.copy(
            retry=tenacity.retry_if_exception(_may_repeat(request, options, sink)),
            wait=_wait(options),
            stop=_stop(options, started=now(), until=until),
        )
        return attempts(self._attempt, request, options, url, headers, until, sink)

    def close(self) -> None:
        """Close the pool, unless it was lent by the caller. Harmless when repeated."""
        self._closed = True
        if self._owns_http:
            self._http.close()

    def _headers(self, request: Request, options: Options) -> dict[str, str]:
        headers = {"accept": "application/json", "user-agent": self._user_agent}
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

    def _attempt(
        self,
        request: Request,
        options: Options,
        url: str,
        headers: dict[str, str],
        until: float | None,
        sink: Sink | None,
    ) -> Response:
        timeout = _step_timeout(request, options, until)
        if self._closed or self._http.is_closed:
            raise PowensError("this client is closed: make a new one")
        message = self._message(request, url, headers, timeout)
        call = f"{request.method} {url.partition('?')[0]}"
        if not self._breaker.allow_request():
            raise PowensCircuitOpenError(
                "the circuit breaker is open after repeated failures; nothing was sent"
            )
        try:
            answer = self._http.send(
                message, auth=None, follow_redirects=False, stream=sink is not None
            )
            if sink is not None:
                _receive(answer, sink, until)
        except _FileError as error:
            self._breaker.record_success()
            raise error.reason from None
        except httpx.DecodingError as error:
            self._breaker.record_success()
            raise PowensSerializationError(f"{call}: the answer cannot be unpacked") from error
        except BaseException as error:
            # Whatever ended the attempt, a cancellation included: a breaker that allowed it waits
            # for word of it.
            self._breaker.record_failure()
            if isinstance(error, httpx.RequestError):
                raise _network_error(error, call, timeout) from error
            raise
        status = answer.status_code
        if status == _TOO_MANY_REQUESTS or status >= _FIRST_SERVER_ERROR:
            self._breaker.record_failure()
        else:
            self._breaker.record_success()
        response = Response(
            status_code=status,
            headers=dict(answer.headers.items()),
            content=b"" if sink is not None and answer.is_success else answer.content,
        )
        if not answer.is_success:
            raise error_of(
                status=status,
                headers=response.headers,
                content=response.content,
                method=request.method,
                url=url,
            )
        return response

    def _message(
        self, request: Request, url: str, headers: dict[str, str], timeout: float | None
    ) -> httpx.Request:
        try:
            message = self._http.build_request(
                request.method, url, headers=headers, timeout=timeout, **_body(request)
            )
        except httpx.InvalidURL:
            raise ValueError("the parameters do not fit into a URL") from None
        message.headers.pop("cookie", None)
        return message


class _FileError(Exception):
    """The file of a download cannot be written, which is no fault of the API."""

    def __init__(self, reason: OSError) -> None:
        super().__init__(reason)
        self.reason = reason


def _receive(answer: httpx.Response, sink: Sink, until: float | None) -> None:
    """Take the body of a success piece by piece, and that of anything else as a whole."""
    try:
        if not answer.is_success:
            answer.read()
            return
        try:
            run_blocking(sink.restart)
            for piece in answer.iter_bytes():
                if until is not None and now() >= until:
                    raise PowensTimeoutError("the deadline has passed")
                run_blocking(partial(sink.write, piece))
        except OSError as error:
            raise _FileError(error) from None
    finally:
        answer.close()


class _Body(TypedDict, total=False):
    content: bytes | None
    files: dict[str, tuple[str, bytes, str]]
    data: dict[str, str]


def _body(request: Request) -> _Body:
    upload = request.upload
    if upload is None:
        return {"content": request.content}
    file = (upload.name, upload.content, upload.media_type)
    return {"files": {"file": file}, "data": dict(request.form)}


def now() -> float:
    """Seconds on the clock that deadlines are measured with."""
    return time.monotonic()


def _step_timeout(request: Request, options: Options, until: float | None) -> float | None:
    """Give the seconds that a network step may take."""
    usual = options.sync_timeout if request.waits_for_bank else options.timeout
    timeout = usual if isinstance(request.timeout, Unset) else request.timeout
    if until is None:
        return timeout
    left = until - now()
    if left <= 0:
        raise PowensTimeoutError("the deadline has passed")
    return left if timeout is None else min(timeout, left)


def _network_error(
    error: httpx.RequestError, call: str, timeout: float | None
) -> PowensConnectionError:
    kind = type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        limit = "in time" if timeout is None else f"within {timeout:g} s"
        return PowensTimeoutError(f"{call}: no answer {limit} ({kind})")
    return PowensConnectionError(f"{call}: the network failed ({kind})")


def _may_repeat(
    request: Request, options: Options, sink: Sink | None
) -> Callable[[BaseException], bool]:
    def may_repeat(error: BaseException) -> bool:
        if not isinstance(error, PowensError) or not (sink is None or sink.can_restart):
            return False
        return options.retry_policy.allows(request.method, error)

    return may_repeat


def _wait(options: Options) -> Callable[[tenacity.RetryCallState], float]:
    def wait(state: tenacity.RetryCallState) -> float:
        # Only an error that may be repeated is waited for.
        error = cast("PowensError", cast("tenacity.Future", state.outcome).exception())
        return options.retry_policy.delay(state.attempt_number, error)

    return wait


def _stop(
    options: Options, *, started: float, until: float | None
) -> Callable[[tenacity.RetryCallState], bool]:
    policy = options.retry_policy

    def stop(state: tenacity.RetryCallState) -> bool:
        resumed = now() + state.upcoming_sleep
        return (
            state.attempt_number >= policy.max_attempts
            or (policy.max_elapsed is not None and resumed - started > policy.max_elapsed)
            or (until is not None and resumed >= until)
        )

    return stop


@cache
def _tls_context() -> ssl.SSLContext:
    """Make the TLS context that all clients share: it costs more than all else they are."""
    return httpx.create_ssl_context()
