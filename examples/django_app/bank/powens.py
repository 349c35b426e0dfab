"""The one client of this process."""

from functools import cache

from django.conf import settings

from powens import PowensClient, RetryPolicy, ThresholdCircuitBreaker


@cache
def client() -> PowensClient:
    """Give the client, which all threads share and which is never closed.

    It owns the pool of connections and knows no customer: act for one with
    `Customer.powens`, which is a view of it. Under gunicorn with `--preload` and in Celery's
    workers each child process opens connections of its own.

    Returns:
        The client, patient as somebody is who looks at a page that loads.
    """
    return PowensClient(
        base_url=settings.POWENS_BASE_URL,
        domain=settings.POWENS_DOMAIN,
        client_id=settings.POWENS_CLIENT_ID,
        client_secret=settings.POWENS_CLIENT_SECRET,
        webview_url=settings.POWENS_WEBVIEW_URL,
        timeout=10.0,
        deadline=20.0,
        retry_policy=RetryPolicy(max_attempts=2, max_delay=1.0),
        circuit_breaker=ThresholdCircuitBreaker(failure_threshold=10, reset_timeout=15.0),
    )
