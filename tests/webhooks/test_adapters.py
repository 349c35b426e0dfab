"""The same webhooks through the real frameworks: what is refused is a bare 400."""

from __future__ import annotations

import gzip
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import anyio
import django
import fastapi
import flask
import httpx
import pytest
import starlette.applications
import starlette.requests
import starlette.responses
import starlette.routing
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path as django_path

import powens.webhooks.django
import powens.webhooks.flask
import powens.webhooks.starlette
from powens.models import UserCreatedEvent, UserDeletedEvent
from powens.webhooks import UnknownEvent

SECRET = "secret-c4n4ry"
PATH = "/powens/user-created"
DATE = "2022-06-27T11:08:52.577831Z"
BODY = b'{"id": 1, "signin": "2022-06-27 11:08:52", "id_webhook_data": 9}'

ADAPTERS = (powens.webhooks.django, powens.webhooks.flask, powens.webhooks.starlette)

Pairs = list[tuple[str, str]]


class Answer(NamedTuple):
    """What the sender of a webhook sees."""

    status: int
    content: bytes


class App:
    """An application with one webhook; keeps the events that arrive at its view."""

    def __init__(self, framework: str, event: Any = UserCreatedEvent, **options: Any) -> None:
        self.events: list[object] = []
        self.says: str | None = None
        self.fails = False
        self._post = FRAMEWORKS[framework](self, event, {"secret": SECRET} | options)

    def view(self, event: object) -> str | None:
        """What each view does."""
        if self.fails:
            raise ZeroDivisionError
        self.events.append(event)
        return self.says

    def post(self, body: bytes, headers: Pairs, *, path: str = PATH) -> Answer:
        """Send a request."""
        return self._post(path, body, headers)


Post = Callable[[str, bytes, Pairs], Answer]


def joined(headers: Pairs) -> dict[str, str]:
    """Headers as WSGI has them: what is there twice is joined."""
    values: dict[str, str] = {}
    for name, value in headers:
        values[name] = f"{values[name]},{value}" if name in values else value
    return values


def make_django(app: App, event: Any, options: dict[str, Any]) -> Post:
    @powens.webhooks.django.webhook(event, **options)
    def view(request, event, **url):
        assert isinstance(request, django.http.HttpRequest)
        assert url == {"name": "user-created"}
        text = app.view(event)
        return text and HttpResponse(text)

    return serve_django(view)


def make_async_django(app: App, event: Any, options: dict[str, Any]) -> Post:
    @powens.webhooks.django.webhook(event, **options)
    async def view(request, event, **url):
        assert url == {"name": "user-created"}
        text = app.view(event)
        return text and HttpResponse(text)

    return serve_django(view)


def serve_django(view: Any) -> Post:
    class Urls:
        urlpatterns = (django_path("powens/<name>", view),)

    def post(path: str, body: bytes, headers: Pairs) -> Answer:
        # A browser's form is checked for forgery, and a webhook is not.
        client = Client(enforce_csrf_checks=True)
        with override_settings(ROOT_URLCONF=Urls):
            response = client.post(
                path, body, content_type="application/json", headers=joined(headers)
            )
        return Answer(response.status_code, response.content)

    return post


def make_flask(app: App, event: Any, options: dict[str, Any]) -> Post:
    server = flask.Flask("receiver")
    server.testing = True

    @server.post("/powens/<name>")
    @powens.webhooks.flask.webhook(event, **options)
    def view(event, name):
        assert name == "user-created"
        return app.view(event)

    def post(path: str, body: bytes, headers: Pairs) -> Answer:
        response = server.test_client().post(path, data=body, headers=headers)
        return Answer(response.status_code, response.data)

    return post


def make_async_flask(app: App, event: Any, options: dict[str, Any]) -> Post:
    server = flask.Flask("receiver")
    server.testing = True

    @server.post("/powens/<name>")
    @powens.webhooks.flask.webhook(event, **options)
    async def view(event, name):
        return app.view(event)

    def post(path: str, body: bytes, headers: Pairs) -> Answer:
        response = server.test_client().post(path, data=body, headers=headers)
        return Answer(response.status_code, response.data)

    return post


def make_starlette(app: App, event: Any, options: dict[str, Any]) -> Post:
    @powens.webhooks.starlette.webhook(event, **options)
    async def view(request, event):
        assert request.path_params == {"name": "user-created"}
        text = app.view(event)
        return text and starlette.responses.PlainTextResponse(text)

    route = starlette.routing.Route("/powens/{name}", view, methods=["POST"])
    return serve_asgi(starlette.applications.Starlette(routes=[route]))


def make_fastapi(app: App, event: Any, options: dict[str, Any]) -> Post:
    server = fastapi.FastAPI()

    @server.post("/powens/{name}")
    @powens.webhooks.starlette.webhook(event, **options)
    async def view(
        request: fastapi.Request, event: UserCreatedEvent
    ) -> starlette.responses.Response | None:
        """Receive."""
        text = app.view(event)
        return text and starlette.responses.PlainTextResponse(text)

    return serve_asgi(server)


def serve_asgi(server: Any) -> Post:
    async def send(path: str, body: Any, headers: Pairs) -> httpx.Response:
        transport = httpx.ASGITransport(server)
        async with httpx.AsyncClient(transport=transport, base_url="http://receiver") as client:
            return await client.post(path, content=body, headers=headers)

    def post(path: str, body: Any, headers: Pairs) -> Answer:
        response = anyio.run(send, path, body, headers)
        return Answer(response.status_code, response.content)

    return post


FRAMEWORKS: dict[str, Callable[[App, Any, dict[str, Any]], Post]] = {
    "django": make_django,
    "django-async": make_async_django,
    "flask": make_flask,
    "flask-async": make_async_flask,
    "starlette": make_starlette,
    "fastapi": make_fastapi,
}


@pytest.fixture(params=FRAMEWORKS)
def framework(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each framework."""
    return request.param


@pytest.fixture
def headers(sign) -> Callable[..., Pairs]:
    """Makes the headers of a webhook."""

    def make(body: bytes = BODY, **changes: str) -> Pairs:
        signature = sign(body, **changes)
        return [("BI-Signature", signature), ("BI-Signature-Date", changes.get("date", DATE))]

    return make


# --- In order ------------------------------------------------------------------------------------


def test_a_view_is_handed_the_event(framework, headers):
    app = App(framework)
    assert app.post(BODY, headers()) == (204, b"")
    (event,) = app.events
    assert type(event) is UserCreatedEvent
    assert (event.id, event.id_webhook_data) == (1, 9)


def test_a_view_may_answer_itself(framework, headers):
    app = App(framework)
    app.says = "thanks"
    assert app.post(BODY, headers()) == (200, b"thanks")


def test_an_event_may_be_given_by_name(framework, headers):
    app = App(framework, "USER_DELETED")
    assert app.post(BODY, headers()).status == 204
    assert type(app.events[0]) is UserDeletedEvent
    app = App(framework, "NEW")
    assert app.post(BODY, headers()).status == 204
    assert type(app.events[0]) is UnknownEvent


@pytest.mark.parametrize("signs_packed", [True, False])
def test_a_packed_body_is_unpacked(framework, headers, signs_packed):
    app, packed = App(framework), gzip.compress(BODY)
    sent = headers(packed if signs_packed else BODY)
    assert app.post(packed, [*sent, ("Content-Encoding", "gzip")]).status == 204
    assert app.events[0].id_webhook_data == 9


def test_a_first_synchronisation_is_large(framework, headers):
    body = json.dumps({"id": 1, "id_webhook_data": 9, "more": "x" * 3_000_000}).encode()
    app = App(framework)
    assert app.post(body, headers(body)).status == 204
    assert app.events[0].id_webhook_data == 9


def test_behind_a_proxy_the_path_is_the_registered_one(framework, headers):
    app = App(framework, path="/api/powens/user-created")
    assert app.post(BODY, headers(path="/api/powens/user-created")).status == 204
    assert app.post(BODY, headers()).status == 400


def test_one_secret_replaces_the_other(framework, headers):
    secrets = ["old"]
    app = App(framework, secret=lambda: secrets)
    assert app.post(BODY, headers(secret="old")).status == 204
    assert app.post(BODY, headers(secret="new")).status == 400
    secrets.append("new")
    assert app.post(BODY, headers(secret="old")).status == 204
    assert app.post(BODY, headers(secret="new")).status == 204
    del secrets[0]
    assert app.post(BODY, headers(secret="old")).status == 400


def test_what_came_before_is_known_by_its_number(framework, headers):
    app, done = App(framework), set()
    other = BODY.replace(b"9}", b"10}")
    for body in (BODY, other, BODY, BODY):  # not accepted in time, so sent again
        assert app.post(body, headers(body)).status == 204
    fresh = [
        event.id_webhook_data
        for event in app.events
        if event.id_webhook_data not in done and not done.add(event.id_webhook_data)
    ]
    assert fresh == [9, 10]


# --- Refused -------------------------------------------------------------------------------------

FLIPPED = BODY[:-2] + bytes([BODY[-2] ^ 1]) + BODY[-1:]
LARGE = b'{"id": 1, "more": "%s"}' % (b"x" * 20_000)
BOMB = gzip.compress(bytes(50_000_000))
OPTIONS = {"max_age": 3600, "max_size": 10_000}
REFUSALS: dict[str, Callable[[Callable[..., Pairs]], tuple[bytes, Pairs]]] = {
    "flipped bit": lambda make: (FLIPPED, make()),
    "wrong path": lambda make: (BODY, make(path="/powens/user-deleted")),
    "another secret": lambda make: (BODY, make(secret="another")),
    "another method": lambda make: (BODY, make(method="PUT")),
    "empty body": lambda make: (b"", make(b"")),
    "no headers": lambda make: (BODY, []),
    "no date": lambda make: (BODY, make()[:1]),
    "no signature": lambda make: (BODY, make()[1:]),
    "two dates": lambda make: (BODY, [*make(), make()[1]]),
    "two signatures": lambda make: (BODY, [make()[0], *make()]),
    "malformed date": lambda make: (BODY, make(date="yesterday")),
    "no json": lambda make: (b"<c4n4ry>", make(b"<c4n4ry>")),
    "not the event": lambda make: (b'{"id": "c4n4ry"}', make(b'{"id": "c4n4ry"}')),
    "huge body": lambda make: (LARGE, make(LARGE)),
    "gzip bomb": lambda make: (BOMB, make(BOMB)),
    "no gzip": lambda make: (b"\x1f\x8bc4n4ry", make(b"\x1f\x8bc4n4ry")),
    "old date": lambda make: (BODY, make()),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_refused_is_told_nothing(framework, headers, caplog, name):
    options = OPTIONS if name == "old date" else {"max_size": OPTIONS["max_size"]}
    app = App(framework, **options)
    body, pairs = REFUSALS[name](headers)
    with caplog.at_level(logging.DEBUG):
        assert app.post(body, pairs) == (400, b"")
    assert not app.events
    (record,) = (each for each in caplog.records if each.name == "powens.webhooks")
    text = record.getMessage()
    assert text.startswith("a webhook for UserCreatedEvent was refused: the ")
    for secret in ("c4n4ry", "xxx", *(value for _, value in pairs if value != DATE)):
        assert secret not in caplog.text
    caplog.clear()
    app = App(framework)
    assert app.post(BODY, headers()).status == 204


def test_a_view_that_fails_is_no_refusal(framework, headers):
    app = App(framework)
    app.fails = True
    with pytest.raises(ZeroDivisionError) as caught:
        app.post(BODY, headers())
    # What reports errors shows the variables of every frame.
    ours = [
        f"{entry.frame.f_locals!r}"
        for entry in caught.traceback
        if "webhooks" in str(entry.path) and "tests" not in str(entry.path)
    ]
    assert ours
    assert "c4n4ry" not in "".join(ours)


def test_no_more_is_read_than_is_allowed(headers):
    app, read = App("starlette", max_size=1000), []

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"x" * 900, "more_body": True}

    request = starlette.requests.Request(
        {"type": "http", "method": "POST", "path": PATH, "query_string": b"", "headers": []},
        receive,
    )
    view = powens.webhooks.starlette.webhook(UserCreatedEvent, secret=SECRET, max_size=1000)
    answer = anyio.run(view(app.view), request)
    assert answer.status_code == 400
    assert len(read) == 2


def test_a_body_of_no_announced_length_has_the_same_limit(headers):
    server = flask.Flask("receiver")

    @server.post(PATH)
    @powens.webhooks.flask.webhook(UserCreatedEvent, secret=SECRET, max_size=1000)
    def view(event):
        assert event.id_webhook_data == 9

    def post(body: bytes) -> int:
        client = server.test_client()
        stream = io.BytesIO(body)
        chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        given = dict(headers(body))
        return client.post(
            PATH, input_stream=stream, headers=given, environ_overrides=chunked
        ).status_code

    assert post(BODY) == 204
    assert post(LARGE) == 400


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"secret": ""}, ValueError),
        ({"secret": None}, TypeError),
        ({"path": "https://example.org/powens"}, ValueError),
        ({"max_age": -1}, ValueError),
        ({"max_size": 0}, ValueError),
        ({"event": dict}, TypeError),
    ],
)
@pytest.mark.parametrize("module", ADAPTERS)
def test_a_wrong_setting_shows_when_the_program_starts(module, options, error):
    with pytest.raises(error):
        module.webhook(**{"event": UserCreatedEvent, "secret": SECRET} | options)


@pytest.mark.parametrize("module", ADAPTERS)
def test_a_view_keeps_its_name(module):
    async def connection_synced(*args):
        """Say what it does."""

    view = module.webhook(UserCreatedEvent, secret=SECRET)(connection_synced)
    assert view.__name__ == "connection_synced"
    assert view.__doc__ == "Say what it does."


def test_a_middleware_of_django_may_have_read_the_body(headers):
    app = App("django")
    view = powens.webhooks.django.webhook(UserCreatedEvent, secret=SECRET)(
        lambda request, event: app.view(event)
    )
    request = RequestFactory().post(
        PATH, BODY, content_type="application/json", headers=dict(headers())
    )
    assert request.body == BODY
    assert view(request).status_code == 204
    assert app.events[0].id_webhook_data == 9


def test_fastapi_describes_an_endpoint_without_asking_for_the_event():
    server = fastapi.FastAPI()

    @server.post(PATH)
    @powens.webhooks.starlette.webhook(UserCreatedEvent, secret=SECRET)
    async def user_created(request: fastapi.Request, event: UserCreatedEvent) -> None: ...

    operation = server.openapi()["paths"][PATH]["post"]
    assert operation["summary"] == "User Created"
    assert not operation.keys() & {"requestBody", "parameters"}
