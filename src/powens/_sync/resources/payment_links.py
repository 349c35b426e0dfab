# Generated from src/powens/_async/resources/payment_links.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Payment links."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._wire import build_path, make_request
from ...models import PaymentLink, PaymentLinkRequest, PaymentLinksList
from ..pagination import Pager
from ._base import Resource


class PaymentLinks(Resource):
    """Payment links, on a host of their own (`payment_links_url` of the client).

    Calls take a service token of the scope `payment-links:admin`.

    (https://docs.powens.com/api-reference/products/payments/payment-links)
    """

    def list(self) -> Pager[PaymentLink]:
        """List payment links.

        API: `GET /payment-links`
        (https://docs.powens.com/api-reference/products/payments/payment-links).

        Returns:
            A pager, which sends nothing until it is iterated.
        """
        return Pager(
            self._session,
            Listing(
                model=PaymentLinksList,
                path=self._path("payment-links"),
                walk=SingleWalk,
            ),
        )

    def list_all(self) -> PaymentLinksList:
        """Get payment links in one call.

        API: `GET /payment-links`
        (https://docs.powens.com/api-reference/products/payments/payment-links).

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            PaymentLinksList,
            make_request(
                "GET",
                self._path("payment-links"),
            ),
        )

    def create(
        self,
        *,
        body: PaymentLinkRequest,
    ) -> PaymentLink:
        """Create a payment link.

        API: `POST /payment-links`
        (https://docs.powens.com/api-reference/products/payments/payment-links).

        Args:
            body: What to pay, from whom and to whom.

        Returns:
            The payment link; send its `url` to the payer.

        Raises:
            PowensBadRequestError: The API refuses the link, and says why.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            PaymentLink,
            make_request(
                "POST",
                self._path("payment-links"),
                body=body,
            ),
        )

    def get(
        self,
        *,
        payment_link_id: str,
    ) -> PaymentLink:
        """Get a payment link.

        API: `GET /payment-links/{payment_link_id}`
        (https://docs.powens.com/api-reference/products/payments/payment-links).

        Args:
            payment_link_id: Id of the payment link.

        Returns:
            The payment link.

        Raises:
            PowensNotFoundError: There is no such payment link.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            PaymentLink,
            make_request(
                "GET",
                self._path("payment-links", payment_link_id),
            ),
        )

    def revoke(
        self,
        *,
        payment_link_id: str,
    ) -> None:
        """Revoke a payment link.

        API: `POST /payment-links/{payment_link_id}:revoke`
        (https://docs.powens.com/api-reference/products/payments/payment-links).

        Args:
            payment_link_id: Id of the payment link.

        Raises:
            PowensNotFoundError: There is no such payment link, or it is revoked already.
            PowensError: The call failed; the class says why.
        """
        self._session.send(
            make_request(
                "POST",
                self._path("payment-links", payment_link_id) + ":revoke",
            )
        )

    def _path(self, *segments: str) -> str:
        where = self._session.app.payment_links_url
        return f"{where.origin}{where.prefix}{build_path(*segments)}"
