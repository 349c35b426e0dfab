"""What comes back in the query when a user returns from a page of Powens or of a bank."""

from __future__ import annotations

from attrs import field, frozen

from .._model import Model, Open
from .enums import PaymentErrorCode, PaymentState, WebviewErrorCode


@frozen(kw_only=True)
class WebviewConnectCallback(Model):
    """What `redirect_uri` receives after a user connected a bank."""

    connection_id: int | None = None
    # Sent when `max_connections` is above 1.
    connection_ids: tuple[int, ...] | None = None
    # Only when none was given: exchange it for a token.
    code: str | None = field(default=None, repr=False)
    state: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class WebviewReconnectCallback(Model):
    """What `redirect_uri` receives after a user repaired a connection."""

    state: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class WebviewManageCallback(Model):
    """What `redirect_uri` receives after a user looked after the connections."""

    state: str | None = field(default=None, repr=False)
    # This and the next are known from official libraries only.
    connection_id: int | None = None
    connection_deleted: bool | None = None


@frozen(kw_only=True)
class WebviewPaymentCallback(Model):
    """What `client_redirect_uri` receives after a payment. It proves nothing: read the payment."""

    state: str | None = field(default=None, repr=False)
    id_payment: int | None = None
    # `cancelled`, when the payer left.
    error: str | None = None
    error_code: Open[PaymentErrorCode] | None = None
    bank_message: str | None = field(default=None, repr=False)
    # Only when the payer comes from the bank.
    payment_state: Open[PaymentState] | None = None


@frozen(kw_only=True)
class WebviewErrorCallback(Model):
    """What `redirect_uri` receives when a webview ends in an error."""

    error: Open[WebviewErrorCode] | None = None
    # Not for display.
    error_description: str | None = field(default=None, repr=False)
    state: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class WebauthCallback(Model):
    """What `redirect_uri` receives after a page of the bank."""

    id_connection: int | None = None
    # To be compared with `PowensErrorCode`.
    error: str | None = None
    error_description: str | None = field(default=None, repr=False)
    state: str | None = field(default=None, repr=False)
