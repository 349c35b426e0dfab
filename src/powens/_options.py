"""What a client, or a view of it, can set for itself."""

from __future__ import annotations

import re
from typing import Final

from attrs import field, frozen

from ._checks import check_kind, check_seconds
from ._unset import Unset
from ._wire import BaseURL
from .retry import RetryPolicy

WEBVIEW_URL: Final = "https://webview.powens.com"
PAYMENT_LINKS_URL: Final = "https://payment-links.powens.com/api"

# What an HTTP header can carry as a credential.
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")


@frozen(kw_only=True)
class Options:
    """Settings of one client or view.

    Attributes:
        access_token: Sent as the bearer of each call that has one.
        timeout: Seconds for one network step; None is no limit.
        sync_timeout: The same for calls during which the API talks to the bank.
        deadline: Seconds for a whole call; None is no limit.
        retry_policy: When to try again.
        sign_responses: Whether answers have to be signed.
        pickle_secrets: Whether the token and the secret go along when the client is pickled.

    Raises:
        TypeError: A setting is of the wrong type.
        ValueError: A time limit is not positive, or the token cannot be sent.
    """

    access_token: str | None = field(default=None, repr=False)
    timeout: float | None = 30.0
    sync_timeout: float | None = 180.0
    deadline: float | None = None
    retry_policy: RetryPolicy = field(factory=RetryPolicy)
    sign_responses: bool = False
    pickle_secrets: bool = False

    def __attrs_post_init__(self) -> None:
        if self.access_token is not None:
            check_kind("access_token", self.access_token, str)
            if not _TOKEN.fullmatch(self.access_token):
                raise ValueError("access_token must be printable ASCII without blanks")
        check_kind("sign_responses", self.sign_responses, bool)
        check_kind("pickle_secrets", self.pickle_secrets, bool)
        check_kind("retry_policy", self.retry_policy, RetryPolicy)
        check_seconds("timeout", self.timeout)
        check_seconds("sync_timeout", self.sync_timeout)
        check_seconds("deadline", self.deadline)


@frozen(kw_only=True)
class App:
    """The client application, and where its users are sent.

    Attributes:
        client_id: Its id, the default where a method asks for one.
        client_secret: Its secret, likewise.
        api_domain: Host of the API as webview URLs name it.
        webview_url: Where the webview is.
        payment_links_url: Where payment links are served.
    """

    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    api_domain: str
    webview_url: str = WEBVIEW_URL
    payment_links_url: BaseURL

    def id_or_own(self, client_id: int | str | Unset | None) -> str:
        """Give the id that was asked for, or the application's own.

        Raises:
            ValueError: There is neither.
        """
        chosen = self.client_id if isinstance(client_id, Unset) else client_id
        if chosen is None:
            raise ValueError("client_id is needed: give it here or to the client")
        return str(chosen)

    def credentials(
        self, client_id: int | str | Unset | None, client_secret: str | Unset | None
    ) -> dict[str, str]:
        """Give the credentials that were asked for, or the application's own.

        Raises:
            ValueError: The id or the secret is missing.
        """
        secret = self.client_secret if isinstance(client_secret, Unset) else client_secret
        if secret is None:
            raise ValueError("client_secret is needed: give it here or to the client")
        return {"client_id": self.id_or_own(client_id), "client_secret": secret}
