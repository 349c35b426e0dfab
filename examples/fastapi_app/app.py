"""The app: settings, pages, webhooks, and what people see when something goes wrong."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Annotated, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.sessions import SessionMiddleware

from powens import (
    AsyncPowensClient,
    Connection,
    ConnectionDeletedEvent,
    ConnectionResolution,
    ConnectionSyncedEvent,
    Currency,
    PowensAuthError,
    PowensBadRequestError,
    PowensError,
    PowensNotFoundError,
    PowensRateLimitError,
    RetryPolicy,
    ThresholdCircuitBreaker,
    UserDeletedEvent,
)
from powens.webhooks.starlette import webhook

from .chart import Chart, draw
from .store import Store, User

HERE = Path(__file__).parent
PAGE_SIZE = 25
CHART_DAYS = 90
KINDS = {"all": None, "income": True, "expenses": False}
STATES = {
    ConnectionResolution.NOTHING: "Up to date",
    ConnectionResolution.WAIT: "Being updated",
    ConnectionResolution.RETRIED: "The bank does not answer now, and is asked again later",
    ConnectionResolution.AUTHENTICATE: "Your bank wants to be sure that it is you",
    ConnectionResolution.WEBAUTH: "Your bank wants you to sign in on its own page",
    ConnectionResolution.ENTER_FIELDS: "Your bank asks for something more, such as a code",
    ConnectionResolution.APPROVE: "Your bank wants you to approve the access in its own app",
    ConnectionResolution.NEW_CREDENTIALS: "Your bank does not accept your password any more",
    ConnectionResolution.ACT_AT_BANK: "Your bank has something for you to do on its own site",
    ConnectionResolution.NONE_KNOWN: "The bank cannot be read at the moment",
}

log = logging.getLogger(__name__)
templates = Jinja2Templates(HERE / "templates")
pages = APIRouter()


def create_app(settings: Mapping[str, str] = os.environ) -> FastAPI:
    """Make the app from the settings that README.md lists."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # One client, so one pool of connections and one breaker, for all users and tasks of the
        # process, from its start to its end.
        async with AsyncPowensClient(
            base_url=settings.get("POWENS_BASE_URL"),
            domain=settings.get("POWENS_DOMAIN"),
            client_id=settings["POWENS_CLIENT_ID"],
            client_secret=settings["POWENS_CLIENT_SECRET"],
            webview_url=settings.get("POWENS_WEBVIEW_URL"),
            # Somebody waits for the page: give up soon, and try again once at most.
            timeout=10,
            deadline=20,
            retry_policy=RetryPolicy(max_attempts=2, max_delay=0.5),
            circuit_breaker=ThresholdCircuitBreaker(),
        ) as client:
            app.state.powens = client
            yield

    app = FastAPI(title="Your accounts in one place", lifespan=lifespan, openapi_url=None)
    # A random key signs everybody out at each start, and does not serve several processes.
    app.state.secret_key = settings.get("APP_SECRET_KEY") or secrets.token_hex()
    app.state.store = Store(Path(settings.get("APP_DATABASE") or HERE / "instance" / "app.db"))
    app.add_middleware(
        SessionMiddleware,
        secret_key=app.state.secret_key,
        same_site="lax",  # sent when the webview sends people back
        https_only=settings.get("APP_HTTPS") == "1",
    )
    app.middleware("http")(protect)
    app.include_router(pages)
    app.include_router(forms)
    app.include_router(make_webhooks(settings["POWENS_WEBHOOK_SECRET"]))
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_exception_handler(PowensError, show_powens_error)
    app.add_exception_handler(StarletteHTTPException, show_http_error)
    app.add_exception_handler(RequestValidationError, show_bad_link)
    # The address that people come back to holds a code: access logs go without queries.
    logging.getLogger("uvicorn.access").addFilter(drop_queries)
    return app


# --- The user, and the clients ---------------------------------------------------------------


async def shared_client(request: Request) -> AsyncPowensClient:
    """Give the client that all share, which acts for nobody: `with_options` acts for a user."""
    return cast("AsyncPowensClient", request.app.state.powens)


async def shared_store(request: Request) -> Store:
    """Give the database of the app. What it does is done in a thread."""
    return cast("Store", request.app.state.store)


Client = Annotated[AsyncPowensClient, Depends(shared_client)]
Database = Annotated[Store, Depends(shared_store)]


def signed_in_user(request: Request, store: Database) -> User | None:
    """Give the user whom the session names; no coroutine, so FastAPI calls it in a thread."""
    return store.user(request.session.get("user_id", 0))


async def require_user(user: Annotated[User | None, Depends(signed_in_user)]) -> User:
    """Give the user, or send whoever is not signed in to the first page."""
    if user is None:
        raise HTTPException(303, headers={"Location": "/"})
    return user


async def require_token(user: Annotated[User, Depends(require_user)]) -> str:
    """Give the user's token; without one no account exists for that user."""
    if user.token is None:
        raise HTTPException(404)
    return user.token


async def check_csrf(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    """Refuse forms of other sites: each of ours carries a token that the session knows too."""
    if not is_same(request.session.get("csrf"), csrf):
        raise HTTPException(
            403, "This form is too old. Go back, load the page again and send it once more."
        )


MaybeUser = Annotated[User | None, Depends(signed_in_user)]
SignedIn = Annotated[User, Depends(require_user)]
Token = Annotated[str, Depends(require_token)]
forms = APIRouter(dependencies=[Depends(check_csrf)])


async def remember(client: AsyncPowensClient, store: Store, user: User, token: str) -> None:
    """Keep the token of a user, and who that is at Powens, which webhooks name."""
    # At once: it is given only once.
    await run_in_threadpool(store.save_token, user.id, powens_id=None, token=token)
    powens_id = (await client.with_options(access_token=token).users.me()).id
    await run_in_threadpool(store.save_token, user.id, powens_id=powens_id, token=token)


async def renew_token(client: AsyncPowensClient, store: Store, user: User) -> str | None:
    """Get another token for a user whose token is not valid any more; None if it is gone."""
    token = None
    if user.powens_id is not None:
        with suppress(PowensNotFoundError):
            token = (await client.auth.renew_token(id_user=user.powens_id)).access_token
    powens_id = user.powens_id if token else None
    await run_in_threadpool(store.save_token, user.id, powens_id=powens_id, token=token)
    return token


async def temporary_code(client: AsyncPowensClient, store: Store, user: User) -> str | None:
    """Get a code that opens the webview for a user; None for one whom Powens does not know."""

    async def code_of(token: str) -> str:
        view = client.with_options(access_token=token)
        return (await view.auth.generate_code(type_="singleAccess")).code

    if user.token is None:
        return None
    try:
        return await code_of(user.token)
    except PowensAuthError:
        token = await renew_token(client, store, user)
        return token and await code_of(token)


# --- Pages -----------------------------------------------------------------------------------


@pages.get("/")
async def home(request: Request, user: MaybeUser, client: Client, store: Database) -> Response:
    """Show all banks and accounts of the user."""
    if user is None:
        return templates.TemplateResponse(request, "start.html")
    connections: Iterable[Connection] = ()
    if user.token is not None:
        if user.powens_id is None:  # a failure came between
            await remember(client, store, user, user.token)
        view = client.with_options(access_token=user.token)
        connections = await view.connections.list_all(expand=["connector", "accounts"])
    totals: dict[str, Decimal] = {}
    for account in (each for connection in connections for each in connection.accounts or ()):
        if account.balance is not None and account.currency is not None:
            code = account.currency.id
            totals[code] = totals.get(code, Decimal()) + account.balance
    context = {"user": user, "connections": connections, "totals": totals, "states": STATES}
    return templates.TemplateResponse(request, "home.html", context)


@forms.post("/start")
def start(request: Request, store: Database, name: Annotated[str, Form()] = "") -> Response:
    """Sign in. This stands for the login that your app has: here a name is believed."""
    request.session.clear()
    if name := name.strip()[:80]:
        request.session["user_id"] = store.sign_in(name).id
    return RedirectResponse("/", 303)


@forms.post("/connect")
async def connect(request: Request, user: SignedIn, client: Client, store: Database) -> Response:
    """Send the user to the webview to connect a bank."""
    code = await temporary_code(client, store, user)
    page = client.webview.connect_url(
        redirect_uri=str(request.url_for("callback")), state=new_state(request), code=code
    )
    return RedirectResponse(page.url, 303)


@forms.post("/connections/{connection_id:int}/repair")
async def repair(
    request: Request, connection_id: int, user: SignedIn, client: Client, store: Database
) -> Response:
    """Send the user to the webview to repair a connection."""
    code = await temporary_code(client, store, user)
    if code is None:
        raise HTTPException(404)
    page = client.webview.reconnect_url(
        redirect_uri=str(request.url_for("callback")),
        state=new_state(request),
        code=code,
        connection_id=connection_id,
    )
    return RedirectResponse(page.url, 303)


@pages.get("/callback")
async def callback(
    request: Request,
    user: MaybeUser,
    client: Client,
    store: Database,
    *,
    state: str = "",
    error: str = "",
    code: str = "",
    connection_id: int | None = None,
) -> Response:
    """Take the user back from the webview."""
    if user is None or not is_same(request.session.get("state"), state):
        return await show_bad_link(request)
    del request.session["state"]  # it works once
    if error:
        left = error in {"access_denied", "tos_declined"}
        return show_not_connected(
            request, "You did not connect a bank" if left else "The bank could not be connected"
        )
    token = user.token
    if code:
        try:
            token = (await client.auth.exchange_code(code=code)).access_token
        except (PowensAuthError, PowensBadRequestError) as refusal:
            log.warning("a code was refused: %s", refusal)
            return show_not_connected(request, "The bank could not be connected")
        await remember(client, store, user, token)
    if token and connection_id:
        # Whatever becomes of it in this time, the first page says how the connection is.
        with suppress(PowensError):
            await client.with_options(access_token=token).connections.wait_until_settled(
                connection_id=connection_id, timeout=10, poll_interval=0.5
            )
    return RedirectResponse("/", 303)


@pages.get("/accounts/{account_id:int}")
async def show_account(
    request: Request,
    account_id: int,
    token: Token,
    client: Client,
    *,
    search: str = "",
    first: Annotated[str, Query(alias="from")] = "",
    last: Annotated[str, Query(alias="to")] = "",
    kind: str = "all",
    cursor: str = "",
) -> Response:
    """Show an account: its balance over time, and its transactions page by page."""
    view = client.with_options(access_token=token)
    # A cursor is an address at the API: it comes back as it was given, for the same account.
    cursors = URLSafeSerializer(request.app.state.secret_key, f"cursor of account {account_id}")
    try:
        pager = view.transactions.list(
            account_id=account_id,
            limit=PAGE_SIZE,
            search=search.strip() or None,
            filter="date",
            min_date=parse_day(first),
            max_date=parse_day(last),
            income=KINDS.get(kind),
            expand="categories",
            cursor=cursors.loads(cursor) if cursor else None,
        )
    except (BadSignature, ValueError):  # not a cursor of this account, or no day
        return await show_bad_link(request)
    account = await view.accounts.get(account_id=account_id)
    page, chart = await asyncio.gather(
        pager.first_page(),
        draw_balances(view, account_id, account.last_update, account.currency),
    )
    filters = {"search": search, "from": first, "to": last, "kind": kind}
    older = page.next_cursor and {**filters, "cursor": cursors.dumps(page.next_cursor)}
    context = {
        "account": account,
        "chart": chart,
        "transactions": page.items,
        "filters": filters,
        "kinds": KINDS,
        "older": older and f"?{urlencode(older)}",
    }
    return templates.TemplateResponse(request, "account.html", context)


@pages.get("/delete", dependencies=[Depends(require_user)])
async def confirm_deletion(request: Request) -> Response:
    """Ask whether the user is sure."""
    return templates.TemplateResponse(request, "delete.html")


@forms.post("/delete")
async def delete(request: Request, user: SignedIn, client: Client, store: Database) -> Response:
    """Delete the user at Powens, and when that is done here: until then the token is needed."""
    if user.token is not None:
        view = client.with_options(access_token=user.token)
        try:
            await view.users.delete(user_id=user.powens_id or "me")
        except PowensAuthError:
            if token := await renew_token(client, store, user):
                await client.with_options(access_token=token).users.delete(user_id="me")
        except PowensNotFoundError:
            log.info("a user was deleted at Powens already")
    await run_in_threadpool(store.delete, user.id)
    request.session.clear()
    return show_message(request, "Goodbye", "Everything was deleted.", 200)


# --- Webhooks --------------------------------------------------------------------------------


def make_webhooks(secret: str) -> APIRouter:
    """Make the routes that take webhooks. They carry no CSRF token: they are signed."""
    webhooks = APIRouter(prefix="/powens")

    @webhooks.post("/connection-synced")
    @webhook(ConnectionSyncedEvent, secret=secret)
    async def connection_synced(request: Request, event: ConnectionSyncedEvent) -> None:
        """Tell the user of new data. An app with tables of its own fetches it now, in a worker."""
        user, connection = event.user, event.connection
        # The event is sent after a failure as well, which brings nothing new.
        if user is not None and connection is not None and connection.effective_state is None:
            await run_in_threadpool(
                (await shared_store(request)).add_news,
                event.id_webhook_data,
                powens_id=user.id,
                news="New data arrived",
            )

    @webhooks.post("/connection-deleted")
    @webhook(ConnectionDeletedEvent, secret=secret)
    async def connection_deleted(request: Request, event: ConnectionDeletedEvent) -> None:
        """Tell the user. An app with tables of its own deletes the rows of the connection now."""
        if event.id_user is not None:
            await run_in_threadpool(
                (await shared_store(request)).add_news,
                event.id_webhook_data,
                powens_id=event.id_user,
                news="A bank was disconnected",
            )

    @webhooks.post("/user-deleted")
    @webhook(UserDeletedEvent, secret=secret)
    async def user_deleted(request: Request, event: UserDeletedEvent) -> None:
        """Forget who the user was at Powens: the token is worth nothing any more."""
        await run_in_threadpool(
            (await shared_store(request)).forget_powens_user,
            event.id_webhook_data,
            powens_id=event.id,
        )

    @webhooks.post("/{_event}")
    async def unused() -> Response:
        """Take what the app has no use for: the sandbox sends all there is, and would try again."""
        return Response(status_code=204)

    return webhooks


# --- When something goes wrong: people see what helps them, and the log has the rest ---------


def show_message(
    request: Request, title: str, text: str, status: int, *, retry: str = ""
) -> Response:
    """Show a page with a title and a sentence, and a link to try again if `retry` is an address."""
    context = {"title": title, "text": text, "retry": retry}
    return templates.TemplateResponse(request, "message.html", context, status)


def show_not_connected(request: Request, title: str) -> Response:
    """The user came back from the webview without a bank."""
    return templates.TemplateResponse(request, "not_connected.html", {"title": title})


async def show_bad_link(request: Request, _error: Exception | None = None) -> Response:
    """The address holds what cannot be used: a foreign state or cursor, or what is no date."""
    return show_message(request, "This link is not valid any more", "Please start again.", 400)


async def show_powens_error(request: Request, error: Exception) -> Response:
    """A call to Powens failed: say what it means for the user."""
    log.warning("%s: %s", type(error).__name__, error)  # with the code and the id of the request
    match error:
        case PowensRateLimitError():
            seconds = max(round(error.retry_after or 60), 1)
            text = f"Please come back in {seconds} seconds."
            page = show_message(request, "Too many visitors at once", text, 429)
            page.headers["Retry-After"] = str(seconds)
            return page
        case PowensAuthError():
            return templates.TemplateResponse(request, "reconnect.html", status_code=403)
        case PowensNotFoundError():
            return await show_http_error(request, HTTPException(404))
        case PowensBadRequestError():
            return await show_bad_link(request)
        case _:
            # Of the addresses that fail, that of an account can be asked for again as it is.
            path, query = request.url.path, request.url.query
            return show_message(
                request,
                "The banks cannot be reached right now",
                "Nothing is lost. Please try again in a moment.",
                503,
                retry=f"{path}?{query}" if path.startswith("/accounts/") else "/",
            )


async def show_http_error(request: Request, error: Exception) -> Response:
    """The app itself refused the request, or sends it elsewhere."""
    if not isinstance(error, StarletteHTTPException):
        raise error
    if error.status_code == 303:
        return RedirectResponse((error.headers or {})["Location"], 303)
    if error.status_code == 404:
        return show_message(request, "There is no such page", "What you look for is not here.", 404)
    return show_message(request, "This did not work", error.detail, error.status_code)


# --- Odds and ends ---------------------------------------------------------------------------


async def protect(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Let pages be kept nowhere, framed by nobody, and load nothing but our stylesheet."""
    response = await call_next(request)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src data:;"
        " base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not request.url.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response


def new_state(request: Request) -> str:
    """Make the text that must come back with the user, to this session."""
    state = request.session["state"] = secrets.token_urlsafe()
    return state


def is_same(expected: str | None, given: str | None) -> bool:
    """Compare a secret in constant time; what is not there is never right."""
    return bool(expected and given) and secrets.compare_digest(
        str(expected).encode(), str(given).encode()
    )


def csrf_token(request: Request) -> str:
    """Give the token that the forms of this session carry."""
    return cast("str", request.session.setdefault("csrf", secrets.token_urlsafe()))


def drop_queries(record: logging.LogRecord) -> bool:
    """Take the queries of addresses out of a line of the access log."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            re.sub(r"\?\S*", "", each) if isinstance(each, str) else each for each in record.args
        )
    return True


def parse_day(text: str) -> dt.date | None:
    """Read a day of a form, where an empty field is none."""
    return dt.date.fromisoformat(text) if text else None


async def draw_balances(
    view: AsyncPowensClient,
    account_id: int,
    read_at: dt.datetime | None,
    currency: Currency | None,
) -> Chart | None:
    """Draw the last days up to the one on which the bank was read last."""
    last = (read_at or dt.datetime.now(dt.UTC)).date()
    groups = await view.balances.get(
        account_id=account_id, min_date=last - dt.timedelta(CHART_DAYS), max_date=last
    )
    days = [
        (day.date, day.balance)
        for group in groups
        for day in group.daily_balances or ()
        if day.date is not None and day.balance is not None
    ]
    return draw(days, currency.id if currency else "")


def format_money(amount: Decimal | None, currency: str, sign: str = "-") -> str:
    """Write an amount: `1,234.50 EUR`; with `sign="+"` what came in has a plus."""
    return "" if amount is None else f"{amount:{sign},.2f} {currency}".strip()


def format_code(code: str | None) -> str:
    """Write a code of the API, such as `rent_housing`, for people: `Rent housing`."""
    return (code or "").replace("_", " ").capitalize()


templates.env.globals["csrf_token"] = csrf_token
templates.env.filters |= {"money": format_money, "words": format_code}
