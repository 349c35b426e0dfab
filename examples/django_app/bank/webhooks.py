"""What Powens tells us.

Each event has an address of its own, which is registered at Powens. Where a view fails, or is not
done, the webhook comes again; one that is done may come again as well.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from powens import PowensAuthError
from powens.models import ConnectionDeletedEvent, ConnectionSyncedEvent, UserDeletedEvent
from powens.webhooks.django import webhook

from .models import Connection, Customer, ReceivedWebhook
from .sync import pull

log = logging.getLogger(__name__)


def _secret() -> str:
    return settings.POWENS_WEBHOOK_SECRET


def _once(number: int | None, do: Callable[[], object]) -> None:
    """Do something unless it was done for this webhook; what fails is not done."""
    if number is None:
        do()
    elif not ReceivedWebhook.objects.filter(pk=number).exists():
        do()
        ReceivedWebhook.objects.get_or_create(pk=number)


@webhook(ConnectionSyncedEvent, secret=_secret)
def connection_synced(request: HttpRequest, event: ConnectionSyncedEvent) -> None:
    """Read what is new, good or bad.

    That is a few quick calls, as only what changed is read. Where it may be more, leave it to a
    queue: `docs/django.md` has a worker of Celery.
    """
    user_id = event.user.id if event.user else None
    customer = Customer.objects.filter(powens_id=user_id).first() if user_id else None
    if customer:
        _once(event.id_webhook_data, lambda: _read(customer))


@webhook(ConnectionDeletedEvent, secret=_secret)
def connection_deleted(request: HttpRequest, event: ConnectionDeletedEvent) -> None:
    """Forget a bank."""
    _once(event.id_webhook_data, Connection.objects.filter(pk=event.id).delete)


@webhook(UserDeletedEvent, secret=_secret)
def user_deleted(request: HttpRequest, event: UserDeletedEvent) -> None:
    """Forget all banks of somebody."""
    if customer := Customer.objects.filter(powens_id=event.id).first():
        _once(event.id_webhook_data, customer.forget_powens)


@csrf_exempt
@require_POST
def unused(request: HttpRequest, event: str) -> HttpResponse:
    """Take what nothing is done with, so that it does not come again."""
    return HttpResponse(status=204)


def _read(customer: Customer) -> None:
    try:
        pull(customer)
    except PowensAuthError as error:
        # It would fail each time it came again, and hold up the webhooks of all others.
        log.warning("nothing read of customer %s: %s", customer.pk, error)
        return
    Customer.objects.filter(pk=customer.pk).update(news_at=timezone.now())
