"""The pages."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections import defaultdict
from contextlib import suppress
from decimal import Decimal
from typing import cast

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from powens import PowensAuthError, PowensNotFoundError, PowensTimeoutError, WebviewErrorCode

from .charts import balance_chart
from .forms import FilterForm, StartForm
from .models import Account, Connection, Customer, Transaction
from .powens import client
from .sync import pull

CHART_DAYS = 90
ROWS = 25  # of a page of transactions
LATEST = 5  # movements on the home page
SETTLE_TIME = 10.0  # seconds that somebody may wait for a bank, behind the webview
STATE = "powens_state"


class SeeOther(HttpResponseRedirect):
    """Where a browser is to go now, whatever it did."""

    status_code = 303


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the banks and accounts, from our own tables: at once, whatever Powens does."""
    if not request.user.is_authenticated:
        return render(request, "bank/start.html", {"form": StartForm()})
    customer = _customer(request)
    if customer.token and not customer.connections.exists():
        pull(customer)  # where that failed when somebody came back from the webview
    connections = customer.connections.order_by("bank", "id").prefetch_related("accounts")
    shown = [
        (connection, [each for each in connection.accounts.all() if not each.gone])
        for connection in connections
    ]
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for _, accounts in shown:
        for each in accounts:
            totals[each.currency] += each.balance or 0
    movements = Transaction.objects.filter(
        account__connection__customer=customer, account__gone=False, deleted=False, coming=False
    )
    return render(
        request,
        "bank/home.html",
        {
            "customer": customer,
            "connections": shown,
            "totals": sorted(totals.items()),
            "movements": movements.select_related("account")[:LATEST],
        },
    )


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Sign in by a name: stands for the login that you have. Each time it is somebody new."""
    form = StartForm(request.POST)
    if not form.is_valid():
        return render(request, "bank/start.html", {"form": form}, status=400)
    user = User.objects.create_user(username=uuid.uuid4().hex, first_name=form.cleaned_data["name"])
    login(request, user)
    return SeeOther(reverse("home"))


@require_POST
@login_required
def connect(request: HttpRequest) -> HttpResponse:
    """Send somebody to the webview, to connect a bank."""
    page = client().webview.connect_url(
        redirect_uri=request.build_absolute_uri(reverse("callback")),
        state=_new_state(request),
        code=_webview_code(_customer(request)),
    )
    return SeeOther(page.url)


@require_POST
@login_required
def repair(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Send somebody to the webview, to do what the bank asks for."""
    customer = _customer(request)
    connection = get_object_or_404(Connection, pk=connection_id, customer=customer)
    page = client().webview.reconnect_url(
        connection_id=connection.pk,
        redirect_uri=request.build_absolute_uri(reverse("callback")),
        state=_new_state(request),
        code=customer.powens.auth.generate_code(type_="singleAccess").code,
    )
    return SeeOther(page.url)


@require_GET
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """Take somebody back from the webview."""
    expected = request.session.get(STATE, "")
    is_ours = constant_time_compare(expected, request.GET.get("state", ""))
    if not (expected and is_ours and request.user.is_authenticated):
        return render(request, "bank/not_valid.html", status=400)
    del request.session[STATE]  # it works once
    customer = _customer(request)
    if "error" in request.GET:
        is_choice = request.GET["error"] in {
            WebviewErrorCode.ACCESS_DENIED,
            WebviewErrorCode.TOS_DECLINED,
        }
        return render(request, "bank/not_connected.html", {"is_choice": is_choice})
    if code := request.GET.get("code"):
        _keep_token(customer, client().auth.exchange_code(code=code).token)
    if not customer.token:
        return render(request, "bank/not_connected.html", {"is_choice": False}, status=400)
    _wait_for_bank(customer, request.GET.get("connection_id", ""))
    pull(customer)
    return SeeOther(reverse("home"))


@require_safe
@never_cache
@login_required
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show the course of a balance and the transactions.

    Both are asked of Powens as the page is shown: its search, its filters and its cursor work on
    all there is, also while our own tables are still being filled.
    """
    customer = _customer(request)
    shown = get_object_or_404(Account, pk=account_id, connection__customer=customer, gone=False)
    form = FilterForm({name: value for name, value in request.GET.items() if name != "cursor"})
    # A cursor is an address at Powens. Signed for this account it cannot become another one.
    salt = f"cursor.{customer.pk}.{shown.pk}"
    page, older = None, None
    if form.is_valid():
        try:
            cursor = request.GET.get("cursor")
            pager = customer.powens.transactions.list(
                account_id=shown.pk,
                search=form.cleaned_data["search"] or None,
                filter="date",  # the one that is shown
                min_date=form.cleaned_data["min_date"],
                max_date=form.cleaned_data["max_date"],
                income=form.income,
                expand="categories",
                limit=ROWS,
                cursor=None if cursor is None else signing.loads(cursor, salt=salt),
            )
        except (signing.BadSignature, ValueError):  # not ours, or of another Powens
            return render(request, "bank/not_valid.html", status=400)
        page = pager.first_page()
        if page.next_cursor:
            query = request.GET.copy()
            query["cursor"] = signing.dumps(page.next_cursor, salt=salt)
            older = query.urlencode()
    return render(
        request,
        "bank/account.html",
        {
            "account": shown,
            "chart": balance_chart(_balances(customer, shown), shown.currency),
            "chart_days": CHART_DAYS,
            "form": form,
            "transactions": page,
            "older": older,
        },
        status=200 if form.is_valid() else 400,
    )


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def delete(request: HttpRequest) -> HttpResponse:
    """Ask whether to delete everything, and do it: at Powens first, as ours says where it is."""
    if request.method == "GET":
        return render(request, "bank/delete.html")
    customer = _customer(request)
    with suppress(PowensNotFoundError):  # gone already
        try:
            if customer.powens_id:
                customer.powens.users.delete(user_id=customer.powens_id)
        except PowensAuthError:  # the token is not valid any more; the user may well be there
            if customer.renew_token():
                customer.powens.users.delete(user_id=customer.powens_id or "me")
    customer.user.delete()  # and with it all rows
    logout(request)
    return SeeOther(reverse("deleted"))


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """Say that everything was deleted."""
    return render(request, "bank/deleted.html")


def _customer(request: HttpRequest) -> Customer:
    user = cast("User", request.user)  # views ask who is signed in before they ask this
    return Customer.objects.get_or_create(user=user)[0]


def _new_state(request: HttpRequest) -> str:
    """Make what proves that somebody comes back from where we sent this very browser."""
    state = secrets.token_urlsafe(32)
    request.session[STATE] = state
    return state


def _webview_code(customer: Customer) -> str | None:
    """Get what the webview knows a customer by; None for one whom Powens does not know."""
    if not customer.token:
        return None
    try:
        return customer.powens.auth.generate_code(type_="singleAccess").code
    except PowensAuthError:
        if not customer.renew_token():
            return None
    return customer.powens.auth.generate_code(type_="singleAccess").code


def _keep_token(customer: Customer, token: str) -> None:
    powens_id = client().with_options(access_token=token).users.me().id
    if customer.powens_id not in {None, powens_id}:
        customer.forget_powens()
    customer.token, customer.powens_id = token, powens_id
    customer.save(update_fields=["token", "powens_id"])


def _wait_for_bank(customer: Customer, connection_id: str) -> None:
    """Give the bank a moment, so that the accounts are there on the next page."""
    if connection_id.isdecimal():
        # Too long is not too bad: a webhook says when they are.
        with suppress(PowensTimeoutError, PowensNotFoundError):
            customer.powens.connections.wait_until_settled(
                connection_id=int(connection_id), timeout=SETTLE_TIME, poll_interval=0.5
            )


def _balances(customer: Customer, shown: Account) -> dict[dt.date, Decimal]:
    last = shown.as_of or timezone.localdate()
    periods = customer.powens.balances.get(
        account_id=shown.pk, min_date=last - dt.timedelta(days=CHART_DAYS - 1), max_date=last
    )
    return {
        day.date: day.balance
        for period in periods
        for day in period.daily_balances or ()
        if day.date is not None and day.balance is not None
    }
