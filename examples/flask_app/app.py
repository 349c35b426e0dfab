"""The app: settings, pages, webhooks, and what people see when something goes wrong."""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import HTTPException

from powens import (
    Connection,
    ConnectionDeletedEvent,
    ConnectionResolution,
    ConnectionSyncedEvent,
    Currency,
    PowensAuthError,
    PowensBadRequestError,
    PowensClient,
    PowensError,
    PowensNotFoundError,
    PowensRateLimitError,
    RetryPolicy,
    ThresholdCircuitBreaker,
    UserDeletedEvent,
)
from powens.webhooks.flask import webhook

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
pages = Blueprint("pages", __name__)
webhooks = Blueprint("webhooks", __name__, url_prefix="/powens")


def create_app(settings: Mapping[str, str] = os.environ) -> Flask:
    """Make the app from the settings that README.md lists."""
    app = Flask(__name__)
    app.config.update(
        # A random key signs everybody out at each start, and does not serve several processes.
        SECRET_KEY=settings.get("APP_SECRET_KEY") or secrets.token_hex(),
        SESSION_COOKIE_SAMESITE="Lax",  # sent when the webview sends people back
        SESSION_COOKIE_SECURE=settings.get("APP_HTTPS") == "1",
        MAX_CONTENT_LENGTH=64 * 1024,
        POWENS_WEBHOOK_SECRET=settings["POWENS_WEBHOOK_SECRET"],
    )
    app.extensions["store"] = Store(
        Path(settings.get("APP_DATABASE") or HERE / "instance" / "app.db")
    )
    # One client, so one pool of connections and one breaker, for all users and threads of the
    # process. A server that forks its workers from this app may do so: each has its own pool.
    app.extensions["powens"] = PowensClient(
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
    )
    app.register_blueprint(pages)
    app.register_blueprint(webhooks)
    app.register_error_handler(PowensError, show_outage)
    app.register_error_handler(PowensRateLimitError, show_rate_limit)
    app.register_error_handler(PowensAuthError, show_lost_access)
    app.register_error_handler(PowensNotFoundError, show_not_found)
    app.register_error_handler(404, show_not_found)
    app.register_error_handler(PowensBadRequestError, show_bad_link)
    app.register_error_handler(HTTPException, show_http_error)
    app.after_request(protect)
    app.add_template_filter(format_money, "money")
    app.add_template_filter(format_code, "words")
    app.add_template_global(csrf_token)
    # The address that people come back to holds a code: access logs go without queries.
    logging.getLogger("werkzeug").addFilter(drop_queries)
    return app


# --- The user, and the clients ---------------------------------------------------------------


def store() -> Store:
    """Give the database of the app."""
    return cast("Store", current_app.extensions["store"])


def powens() -> PowensClient:
    """Give the client that all share, which acts for nobody."""
    return cast("PowensClient", current_app.extensions["powens"])


def powens_for(token: str) -> PowensClient:
    """Give a view of that client which acts for one user."""
    return powens().with_options(access_token=token)


def signed_in_user() -> User | None:
    """Give the user whom the session names."""
    return store().user(session.get("user_id", 0))


def require_user() -> User:
    """Give the user, or send whoever is not signed in to the first page."""
    return signed_in_user() or abort(redirect(url_for("pages.home"), 303))


def require_token() -> str:
    """Give the user's token; without one no account exists for that user."""
    return require_user().token or abort(404)


def remember(user: User, token: str) -> None:
    """Keep the token of a user, and who that is at Powens, which webhooks name."""
    store().save_token(user.id, powens_id=None, token=token)  # at once: it is given only once
    store().save_token(user.id, powens_id=powens_for(token).users.me().id, token=token)


def renew_token(user: User) -> str | None:
    """Get another token for a user whose token is not valid any more; None if it is gone."""
    token = None
    if user.powens_id is not None:
        with suppress(PowensNotFoundError):
            token = powens().auth.renew_token(id_user=user.powens_id).access_token
    store().save_token(user.id, powens_id=user.powens_id if token else None, token=token)
    return token


def temporary_code(user: User) -> str | None:
    """Get a code that opens the webview for a user; None for one whom Powens does not know."""
    if user.token is None:
        return None
    try:
        return powens_for(user.token).auth.generate_code(type_="singleAccess").code
    except PowensAuthError:
        token = renew_token(user)
        return token and powens_for(token).auth.generate_code(type_="singleAccess").code


# --- Pages -----------------------------------------------------------------------------------


@pages.before_request
def check_csrf() -> None:
    """Refuse forms of other sites: each of ours carries a token that the session knows too.

    Webhooks carry no such token and are not asked for one: they are signed.
    """
    if request.method == "POST" and not is_same(session.get("csrf"), request.form.get("csrf")):
        abort(403, "This form is too old. Go back, load the page again and send it once more.")


@pages.get("/")
def home() -> ResponseReturnValue:
    """Show all banks and accounts of the user."""
    user = signed_in_user()
    if user is None:
        return render_template("start.html")
    connections: Iterable[Connection] = ()
    if user.token is not None:
        if user.powens_id is None:  # a failure came between
            remember(user, user.token)
        connections = powens_for(user.token).connections.list_all(expand=["connector", "accounts"])
    totals: dict[str, Decimal] = {}
    for account in (each for connection in connections for each in connection.accounts or ()):
        if account.balance is not None and account.currency is not None:
            code = account.currency.id
            totals[code] = totals.get(code, Decimal()) + account.balance
    return render_template(
        "home.html", user=user, connections=connections, totals=totals, states=STATES
    )


@pages.post("/start")
def start() -> ResponseReturnValue:
    """Sign in. This stands for the login that your app has: here a name is believed."""
    name = request.form.get("name", "").strip()[:80]
    session.clear()
    if name:
        session["user_id"] = store().sign_in(name).id
    return redirect(url_for("pages.home"), 303)


@pages.post("/connect")
def connect() -> ResponseReturnValue:
    """Send the user to the webview to connect a bank."""
    code = temporary_code(require_user())
    session["state"] = secrets.token_urlsafe()
    page = powens().webview.connect_url(
        redirect_uri=url_for("pages.callback", _external=True), state=session["state"], code=code
    )
    return redirect(page.url, 303)


@pages.post("/connections/<int:connection_id>/repair")
def repair(connection_id: int) -> ResponseReturnValue:
    """Send the user to the webview to repair a connection."""
    code = temporary_code(require_user()) or abort(404)
    session["state"] = secrets.token_urlsafe()
    page = powens().webview.reconnect_url(
        redirect_uri=url_for("pages.callback", _external=True),
        state=session["state"],
        code=code,
        connection_id=connection_id,
    )
    return redirect(page.url, 303)


@pages.get("/callback")
def callback() -> ResponseReturnValue:
    """Take the user back from the webview."""
    if not is_same(session.get("state"), request.args.get("state")):
        return show_bad_link()
    del session["state"]  # it works once
    user = require_user()
    if error := request.args.get("error"):
        left = error in {"access_denied", "tos_declined"}
        return show_not_connected(
            "You did not connect a bank" if left else "The bank could not be connected"
        )
    token = user.token
    if code := request.args.get("code"):
        try:
            token = powens().auth.exchange_code(code=code).access_token
        except (PowensAuthError, PowensBadRequestError) as refusal:
            log.warning("a code was refused: %s", refusal)
            return show_not_connected("The bank could not be connected")
        remember(user, token)
    connection_id = request.args.get("connection_id", type=int)
    if token and connection_id:
        # Whatever becomes of it in this time, the first page says how the connection is.
        with suppress(PowensError):
            powens_for(token).connections.wait_until_settled(
                connection_id=connection_id, timeout=10, poll_interval=0.5
            )
    return redirect(url_for("pages.home"), 303)


@pages.get("/accounts/<int:account_id>")
def show_account(account_id: int) -> ResponseReturnValue:
    """Show an account: its balance over time, and its transactions page by page."""
    client = powens_for(require_token())
    filters = {name: request.args.get(name, "") for name in ("search", "from", "to", "kind")}
    # A cursor is an address at the API: it comes back as it was given, for the same account.
    cursors = URLSafeSerializer(str(current_app.secret_key), f"cursor of account {account_id}")
    sealed = request.args.get("cursor")
    try:
        pager = client.transactions.list(
            account_id=account_id,
            limit=PAGE_SIZE,
            search=filters["search"].strip() or None,
            filter="date",
            min_date=parse_day(filters["from"]),
            max_date=parse_day(filters["to"]),
            income=KINDS.get(filters["kind"]),
            expand="categories",
            cursor=cursors.loads(sealed) if sealed else None,
        )
    except (BadSignature, ValueError):  # not a cursor of this account, or no day
        return show_bad_link()
    account = client.accounts.get(account_id=account_id)
    page = pager.first_page()
    older = page.next_cursor and {**filters, "cursor": cursors.dumps(page.next_cursor)}
    return render_template(
        "account.html",
        account=account,
        chart=draw_balances(client, account_id, account.last_update, account.currency),
        transactions=page.items,
        filters=filters,
        kinds=KINDS,
        older=older and f"?{urlencode(older)}",
    )


@pages.get("/delete")
def confirm_deletion() -> ResponseReturnValue:
    """Ask whether the user is sure."""
    require_user()
    return render_template("delete.html")


@pages.post("/delete")
def delete() -> ResponseReturnValue:
    """Delete the user at Powens, and when that is done here: until then the token is needed."""
    user = require_user()
    if user.token is not None:
        try:
            powens_for(user.token).users.delete(user_id=user.powens_id or "me")
        except PowensAuthError:
            if token := renew_token(user):
                powens_for(token).users.delete(user_id="me")
        except PowensNotFoundError:
            log.info("a user was deleted at Powens already")
    store().delete(user.id)
    session.clear()
    return show_message("Goodbye", "Everything was deleted.", 200)


# --- Webhooks --------------------------------------------------------------------------------


def webhook_secret() -> str:
    """Give the secret that webhooks are signed with."""
    return str(current_app.config["POWENS_WEBHOOK_SECRET"])


@webhooks.post("/connection-synced")
@webhook(ConnectionSyncedEvent, secret=webhook_secret)
def connection_synced(event: ConnectionSyncedEvent) -> None:
    """Tell the user of new data. An app with tables of its own fetches it now, in a worker."""
    user, connection = event.user, event.connection
    # The event is sent after a failure as well, which brings nothing new.
    if user is not None and connection is not None and connection.effective_state is None:
        store().add_news(event.id_webhook_data, powens_id=user.id, news="New data arrived")


@webhooks.post("/connection-deleted")
@webhook(ConnectionDeletedEvent, secret=webhook_secret)
def connection_deleted(event: ConnectionDeletedEvent) -> None:
    """Tell the user. An app with tables of its own deletes the rows of the connection now."""
    if event.id_user is not None:
        store().add_news(
            event.id_webhook_data, powens_id=event.id_user, news="A bank was disconnected"
        )


@webhooks.post("/user-deleted")
@webhook(UserDeletedEvent, secret=webhook_secret)
def user_deleted(event: UserDeletedEvent) -> None:
    """Forget who the user was at Powens: the token is worth nothing any more."""
    store().forget_powens_user(event.id_webhook_data, powens_id=event.id)


@webhooks.post("/<_event>")
def unused(_event: str) -> ResponseReturnValue:
    """Take what the app has no use for: the sandbox sends all there is, and would try again."""
    return Response(status=204)


# --- When something goes wrong: people see what helps them, and the log has the rest ---------


def show_message(title: str, text: str, status: int, *, retry: str = "") -> tuple[str, int]:
    """Show a page with a title and a sentence, and a link to try again if `retry` is an address."""
    return render_template("message.html", title=title, text=text, retry=retry), status


def show_outage(error: PowensError) -> ResponseReturnValue:
    """The API is down or cannot be reached, or the breaker does not let us ask."""
    log.warning("%s: %s", type(error).__name__, error)  # with the code and the id of the request
    # Of the addresses that fail, this one alone can be asked for again as it is.
    is_account = request.endpoint == "pages.show_account"
    return show_message(
        "The banks cannot be reached right now",
        "Nothing is lost. Please try again in a moment.",
        503,
        retry=request.full_path if is_account else url_for("pages.home"),
    )


def show_rate_limit(error: PowensRateLimitError) -> ResponseReturnValue:
    """There were too many calls."""
    log.warning("%s", error)
    seconds = max(round(error.retry_after or 60), 1)
    text = f"Please come back in {seconds} seconds."
    page, status = show_message("Too many visitors at once", text, 429)
    return page, status, {"Retry-After": str(seconds)}


def show_lost_access(error: PowensAuthError) -> ResponseReturnValue:
    """The token of the user is not valid any more."""
    log.warning("%s", error)
    return render_template("reconnect.html"), 403


def show_not_found(_error: Exception) -> ResponseReturnValue:
    """What was asked for does not exist, or belongs to somebody else."""
    return show_message("There is no such page", "What you look for is not here.", 404)


def show_bad_link(error: PowensBadRequestError | None = None) -> ResponseReturnValue:
    """The address holds what cannot be used: a foreign state or cursor, or what is no date."""
    if error is not None:
        log.info("%s", error)
    return show_message("This link is not valid any more", "Please start again.", 400)


def show_not_connected(title: str) -> ResponseReturnValue:
    """The user came back from the webview without a bank."""
    return render_template("not_connected.html", title=title)


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """The app itself refused the request; a redirection is not an error."""
    if error.code is None or error.response is not None:
        return error.get_response()
    return show_message(error.name, error.description or "", error.code)


# --- Odds and ends ---------------------------------------------------------------------------


def protect(response: Response) -> Response:
    """Let pages be kept nowhere, framed by nobody, and load nothing but our stylesheet."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src data:;"
        " base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def is_same(expected: str | None, given: str | None) -> bool:
    """Compare a secret in constant time; what is not there is never right."""
    return bool(expected and given) and secrets.compare_digest(
        str(expected).encode(), str(given).encode()
    )


def csrf_token() -> str:
    """Give the token that the forms of this session carry."""
    return cast("str", session.setdefault("csrf", secrets.token_urlsafe()))


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


def draw_balances(
    client: PowensClient, account_id: int, read_at: dt.datetime | None, currency: Currency | None
) -> Chart | None:
    """Draw the last days up to the one on which the bank was read last."""
    last = (read_at or dt.datetime.now(dt.UTC)).date()
    groups = client.balances.get(
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
