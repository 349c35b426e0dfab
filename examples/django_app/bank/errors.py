"""What a person sees when Powens fails, and what the log says."""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from powens import (
    PowensAuthError,
    PowensCircuitOpenError,
    PowensConnectionError,
    PowensError,
    PowensNotFoundError,
    PowensRateLimitError,
    PowensServerError,
    PowensServiceUnavailableError,
)

log = logging.getLogger(__name__)


class PowensErrorMiddleware(MiddlewareMixin):
    """Answers with a page wherever a view lets an error of Powens through."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Make a page of an error; None for one that is not of Powens."""
        if not isinstance(error, PowensError):
            return None
        # Its text has the error code and the request id, which the support of Powens asks for.
        # It never has a token, a query or a body.
        log.error("%s %s: %s", request.method, request.path, error)
        # Not to the callback again, whose address holds a code and works once.
        is_page = request.method == "GET" and request.path != reverse("callback")
        again = request.get_full_path() if is_page else reverse("home")
        seconds: int | None = None
        match error:
            case PowensNotFoundError():
                return render(request, "404.html", status=HTTPStatus.NOT_FOUND)
            case PowensAuthError():
                template, status = "bank/access_ended.html", HTTPStatus.FORBIDDEN
            case PowensRateLimitError():
                template, status = "bank/too_many.html", HTTPStatus.TOO_MANY_REQUESTS
                seconds = max(1, round(error.retry_after or 60))
            case (
                PowensConnectionError()
                | PowensCircuitOpenError()
                | PowensServiceUnavailableError()
                | PowensServerError()
            ):
                template, status = "bank/unreachable.html", HTTPStatus.SERVICE_UNAVAILABLE
            case _:
                template, status = "bank/failed.html", HTTPStatus.BAD_GATEWAY
        context = {"again": again, "seconds": seconds}
        response = render(request, template, context, status=status)
        if seconds:
            response["Retry-After"] = seconds
        return response


class WithoutQuery(logging.Filter):
    """Keeps queries out of the log of `runserver`: that of the callback holds a code."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Cut the query out of a line such as `GET /callback?code=... HTTP/1.1`."""
        if isinstance(record.args, tuple):
            record.args = tuple(_without_query(each) for each in record.args)
        return True


def _without_query(part: object) -> object:
    if isinstance(part, str) and "?" in part:
        before, _, after = part.partition("?")
        _, space, version = after.rpartition(" ")
        return f"{before}{space}{version}"
    return part
