"""Payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from ..._model import Model
from ..._pagination import Listing, OffsetWalk
from ..._unset import UNSET, Unset
from ..._wire import Date, Request, TokenUse, build_path, day, make_request
from ...models import (
    AuthScope,
    ExecutionDate,
    Payment,
    PaymentCancelRequest,
    PaymentConfirmRequest,
    PaymentDateFilter,
    PaymentErrorCode,
    PaymentIncompatibilitiesList,
    PaymentInitRequest,
    PaymentOrderBy,
    PaymentResumeRequest,
    PaymentScopedToken,
    PaymentsList,
    PaymentState,
    PaymentSubmitFieldValuesRequest,
    PaymentSubmitPSUValidationRequest,
    PaymentTerms,
    PaymentTokenRequest,
    PaymentValidateRequest,
    TermsContent,
)
from ..pagination import AsyncPager
from ._base import AsyncResource


class AsyncPayments(AsyncResource):
    """Payments, made with a service token (`auth.generate_service_token`) and no user.

    (https://docs.powens.com/api-reference/products/payments/payments)
    """

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        reverse: bool | None = None,
        filter: PaymentDateFilter | str | None = None,
        min_date: Date | None = None,
        max_date: Date | None = None,
        connector_uuid: str | None = None,
        id_connector: int | str | None = None,
        id_connector_source: int | None = None,
        state: PaymentState | str | None = None,
        error_code: PaymentErrorCode | str | None = None,
        bank_payment_id: str | None = None,
        website: str | None = None,
        payer_identification: str | None = None,
        beneficiary_identification: str | None = None,
        reference_id: str | None = None,
        execution_date_type: ExecutionDate | str | None = None,
        order_by: PaymentOrderBy | str | None = None,
        country: str | Iterable[str] | None = None,
        show_sensitive: bool = False,
    ) -> AsyncPager[Payment]:
        """List payments.

        API: `GET /payments`
        (https://docs.powens.com/api-reference/products/payments/payments).

        Args:
            limit: Rows in a page, at most 1000.
            cursor: `next_cursor` of the page to go on after.
            reverse: Whether to reverse the order of dates.
            filter: The date that `min_date` and `max_date` act on.
            min_date: First day.
            max_date: The day after the last: itself not included.
            connector_uuid: Those with this connector; `"null"` for those with none.
            id_connector: The older way to say it.
            id_connector_source: Those with this source of a connector.
            state: Those in this state.
            error_code: Those that failed for this reason.
            bank_payment_id: The one that the bank calls so.
            website: Those on this website of a connector.
            payer_identification: Those from this account.
            beneficiary_identification: Those to this account.
            reference_id: Those with an instruction of this reference.
            execution_date_type: Those carried out so.
            order_by: What to sort by; `register_date` when it is left out.
            country: Country, or several.
            show_sensitive: Send the sensitive fields of identities along; the token needs
                `payments:validate` or `payments:allow-sensitive`.

        Returns:
            A pager, which sends nothing until it is iterated.

        Raises:
            TypeError: `limit` is no int.
            ValueError: `limit` is out of range, or the cursor is of another listing.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=PaymentsList,
                path=build_path("payments"),
                walk=OffsetWalk,
                params={
                    "reverse": reverse,
                    "filter": filter,
                    "min_date": day(min_date),
                    "max_date": day(max_date),
                    "connector_uuid": connector_uuid,
                    "id_connector": id_connector,
                    "id_connector_source": id_connector_source,
                    "state": state,
                    "error_code": error_code,
                    "bank_payment_id": bank_payment_id,
                    "website": website,
                    "payer_identification": payer_identification,
                    "beneficiary_identification": beneficiary_identification,
                    "reference_id": reference_id,
                    "execution_date_type": execution_date_type,
                    "order_by": order_by,
                    "country": country,
                    "show_sensitive": show_sensitive or None,
                },
                limit=limit,
                cursor=cursor,
            ),
        )

    async def list_all(
        self,
        *,
        limit: int | None = None,
        reverse: bool | None = None,
        filter: PaymentDateFilter | str | None = None,
        min_date: Date | None = None,
        max_date: Date | None = None,
        connector_uuid: str | None = None,
        id_connector: int | str | None = None,
        id_connector_source: int | None = None,
        state: PaymentState | str | None = None,
        error_code: PaymentErrorCode | str | None = None,
        bank_payment_id: str | None = None,
        website: str | None = None,
        payer_identification: str | None = None,
        beneficiary_identification: str | None = None,
        reference_id: str | None = None,
        execution_date_type: ExecutionDate | str | None = None,
        order_by: PaymentOrderBy | str | None = None,
        country: str | Iterable[str] | None = None,
        show_sensitive: bool = False,
    ) -> PaymentsList:
        """Get payments in one call.

        API: `GET /payments`
        (https://docs.powens.com/api-reference/products/payments/payments).

        Args:
            limit: Rows in a page, at most 1000.
            reverse: Whether to reverse the order of dates.
            filter: The date that `min_date` and `max_date` act on.
            min_date: First day.
            max_date: The day after the last: itself not included.
            connector_uuid: Those with this connector; `"null"` for those with none.
            id_connector: The older way to say it.
            id_connector_source: Those with this source of a connector.
            state: Those in this state.
            error_code: Those that failed for this reason.
            bank_payment_id: The one that the bank calls so.
            website: Those on this website of a connector.
            payer_identification: Those from this account.
            beneficiary_identification: Those to this account.
            reference_id: Those with an instruction of this reference.
            execution_date_type: Those carried out so.
            order_by: What to sort by; `register_date` when it is left out.
            country: Country, or several.
            show_sensitive: Send the sensitive fields of identities along; the token needs
                `payments:validate` or `payments:allow-sensitive`.

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            PaymentsList,
            make_request(
                "GET",
                build_path("payments"),
                params={
                    "limit": limit,
                    "reverse": reverse,
                    "filter": filter,
                    "min_date": day(min_date),
                    "max_date": day(max_date),
                    "connector_uuid": connector_uuid,
                    "id_connector": id_connector,
                    "id_connector_source": id_connector_source,
                    "state": state,
                    "error_code": error_code,
                    "bank_payment_id": bank_payment_id,
                    "website": website,
                    "payer_identification": payer_identification,
                    "beneficiary_identification": beneficiary_identification,
                    "reference_id": reference_id,
                    "execution_date_type": execution_date_type,
                    "order_by": order_by,
                    "country": country,
                    "show_sensitive": show_sensitive or None,
                },
            ),
        )

    async def create(
        self,
        *,
        body: PaymentInitRequest,
        show_sensitive: bool = False,
    ) -> Payment:
        """Create a payment of one instruction, or of several.

        It is never sent twice: after a PowensConnectionError look for it with `list` before you
        create it again.

        API: `POST /payments`
        (https://docs.powens.com/api-reference/products/payments/payments).

        Args:
            body: Where the payer comes back to, and what to pay.
            show_sensitive: Send the sensitive fields of identities along; the token needs
                `payments:validate` or `payments:allow-sensitive`.

        Returns:
            The payment, in the state `created`: send the payer to `webview.payment_url` next.

        Raises:
            PowensBadRequestError: The API refuses the payment, and says why.
            PowensAuthError: The token has no scope `payments:admin`.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Payment,
            make_request(
                "POST",
                build_path("payments"),
                params={"show_sensitive": show_sensitive or None},
                body=body,
            ),
        )

    async def get(
        self,
        *,
        payment_id: int,
        show_sensitive: bool = False,
    ) -> Payment:
        """Get a payment, such as when the payer has come back.

        To follow its states use the webhook `PAYMENT_STATE_UPDATED`.

        API: `GET /payments/{payment_id}`
        (https://docs.powens.com/api-reference/products/payments/payments).

        Args:
            payment_id: Id of the payment.
            show_sensitive: Send the sensitive fields of identities along; the token needs
                `payments:validate` or `payments:allow-sensitive`.

        Returns:
            The payment.

        Raises:
            PowensNotFoundError: There is no such payment.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            Payment,
            make_request(
                "GET",
                build_path("payments", payment_id),
                params={"show_sensitive": show_sensitive or None},
            ),
        )

    async def validate(
        self,
        *,
        payment_id: int,
        body: PaymentValidateRequest,
        encrypt: bool = False,
        show_sensitive: bool = False,
    ) -> Payment:
        """Start the validation of a payment in a webview of your own.

        For integrators who may; all others send the payer to `webview.payment_url`.

        API: `POST /payments/{payment_id}`
        (https://docs.powens.com/documentation/integration-guides/pay-by-bank/advanced/implementing-your-own-payment-validation-webview).

        Args:
            payment_id: Id of the payment.
            body: How to validate. The values of `fields` must be encrypted.
            encrypt: Encrypt them with the public key of the domain, which needs the extra
                `encryption`; leave it False where they are encrypted already.
            show_sensitive: Send the sensitive fields of identities along; the token needs
                `payments:validate` or `payments:allow-sensitive`.

        Returns:
            The payment as it is now.

        Raises:
            PowensBadRequestError: The payment cannot be validated so.
            PowensNotFoundError: There is no such payment.
            PowensError: The call failed; the class says why.
        """
        session = self._session.snapshot()
        until = session.deadline_from_now()
        if encrypt and not isinstance(body.fields, Unset) and body.fields is not None:
            fields = await session.encrypt(body.fields, until=until)
            body = evolve(body, fields={name: str(value) for name, value in fields.items()})
        return await session.fetch(Payment, _action(payment_id, body, show_sensitive), until=until)

    async def resume(
        self,
        *,
        payment_id: int,
        show_sensitive: bool = False,
    ) -> Payment:
        """Go on with a payment whose action is `decoupled`.

        Wait for ten seconds after each answer, and call again until the action or the state is
        another.

        API: `POST /payments/{payment_id}`
        (https://docs.powens.com/documentation/integration-guides/pay-by-bank/advanced/implementing-your-own-payment-validation-webview).

        Args:
            payment_id: Id of the payment.
            show_sensitive: Send the sensitive fields of identities along; the token needs
                `payments:validate` or `payments:allow-sensitive`.

        Returns:
            The payment as it is now.

        Raises:
            PowensNotFoundError: There is no such payment.
            PowensError: The call failed; the class says why.
        """
        return await self._act(payment_id, PaymentResumeRequest(), show_sensitive=show_sensitive)

    async def submit_fields(
        self,
        *,
        payment_id: int,
        fields: Mapping[str, str],
        show_sensitive: bool = False,
    ) -> Payment:
        """Answer what the bank asks, while the action is `additionalInformationNeeded`.

        API: `POST /payments/{payment_id}`
        (https://docs.powens.com/documentation/integration-guides/pay-by-bank/advanced/implementing-your-own-payment-validation-webview).

        Args:
            payment_id: Id of the payment.
            fields: What the payer entered, by the name of the field; in clear.
            show_sensitive: Send the sensitive fields of identities along; the token needs
                `payments:validate` or `payments:allow-sensitive`.

        Returns:
            The payment as it is now.

        Raises:
            PowensNotFoundError: There is no such payment.
            PowensError: The call failed; the class says why.
        """
        return await self._act(
            payment_id,
            PaymentSubmitFieldValuesRequest(fields=fields),
            show_sensitive=show_sensitive,
        )

    async def submit_psu_validation(
        self,
        *,
        payment_id: int,
        psu_validate: bool,
        show_sensitive: bool = False,
    ) -> Payment:
        """Say whether the payer agrees, while the action is `psuValidation`.

        API: `POST /payments/{payment_id}`
        (https://docs.powens.com/documentation/integration-guides/pay-by-bank/advanced/implementing-your-own-payment-validation-webview).

        Args:
            payment_id: Id of the payment.
            psu_validate: Whether the payer agrees.
            show_sensitive: Send the sensitive fields of identities along; the token needs
                `payments:validate` or `payments:allow-sensitive`.

        Returns:
            The payment as it is now.

        Raises:
            PowensNotFoundError: There is no such payment.
            PowensError: The call failed; the class says why.
        """
        return await self._act(
            payment_id,
            PaymentSubmitPSUValidationRequest(psu_validate=psu_validate),
            show_sensitive=show_sensitive,
        )

    async def confirm(
        self,
        *,
        payment_id: int,
        confirm: bool,
        show_sensitive: bool = False,
    ) -> Payment:
        """Confirm or refuse a payment, while the action is `confirm`.

        An answer is expected within about a minute. Only where the key `payment.auto_confirmation`
        of the configuration is `0`.

        API: `POST /payments/{payment_id}`
        (https://docs.powens.com/documentation/integration-guides/pay-by-bank/advanced/confirming-payments-manually).

        Args:
            payment_id: Id of the payment.
            confirm: False refuses the payment.
            show_sensitive: Send the sensitive fields of identities along; the token needs
                `payments:validate` or `payments:allow-sensitive`.

        Returns:
            The payment as it is now.

        Raises:
            PowensNotFoundError: There is no such payment.
            PowensError: The call failed; the class says why.
        """
        return await self._act(
            payment_id, PaymentConfirmRequest(confirm=confirm), show_sensitive=show_sensitive
        )

    async def cancel(
        self,
        *,
        payment_id: int,
        client_redirect_uri: str,
        client_state: str | Unset | None = UNSET,
        show_sensitive: bool = False,
    ) -> Payment:
        """Cancel a payment that the bank has not carried out.

        API: `POST /payments/{payment_id}`
        (https://docs.powens.com/documentation/integration-guides/pay-by-bank/cancelling-a-payment).

        Args:
            payment_id: Id of the payment.
            client_redirect_uri: Where the payer comes back to if the bank wants to see them;
                without a query.
            client_state: Text that comes back with the payer, at most 2000 characters.
            show_sensitive: Send the sensitive fields of identities along; the token needs
                `payments:validate` or `payments:allow-sensitive`.

        Returns:
            The payment: rejected, or pending with a `state_detail` of `cancelling` and a
            `validate_uri` to send the payer to.

        Raises:
            PowensBadRequestError: The bank cannot cancel it (`notSupported`).
            PowensNotFoundError: There is no such payment.
            PowensError: The call failed; the class says why.
        """
        return await self._act(
            payment_id,
            PaymentCancelRequest(
                client_redirect_uri=client_redirect_uri, client_state=client_state
            ),
            show_sensitive=show_sensitive,
        )

    async def create_scoped_token(
        self,
        *,
        payment_id: int,
        scope: AuthScope | str | Sequence[AuthScope | str],
    ) -> PaymentScopedToken:
        """Get a token that opens this payment and nothing else, for the webview.

        API: `POST /payments/{payment_id}/scopedtoken`
        (https://docs.powens.com/api-reference/products/payments/payments).

        Args:
            payment_id: Id of the payment.
            scope: What it may do, such as `payments:validate`; `payments:admin` is refused.

        Returns:
            The token.

        Raises:
            PowensNotFoundError: There is no such payment.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            PaymentScopedToken,
            make_request(
                "POST",
                build_path("payments", payment_id, "scopedtoken"),
                body=PaymentTokenRequest(scope=scope),
            ),
        )

    async def list_incompatibilities(
        self,
        *,
        payment_id: int,
        include_all: bool = False,
    ) -> PaymentIncompatibilitiesList:
        """Get why connectors may refuse a payment.

        API: `GET /payments/{payment_id}/incompatibilities`
        (https://docs.powens.com/api-reference/products/payments/payments).

        Args:
            payment_id: Id of the payment.
            include_all: Connectors that are hidden on the domain too.

        Returns:
            The reasons. How one names its connector is documented nowhere.

        Raises:
            PowensNotFoundError: There is no such payment.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            PaymentIncompatibilitiesList,
            make_request(
                "GET",
                build_path("payments", payment_id, "incompatibilities"),
                params={"all": include_all or None},
            ),
        )

    async def get_terms(
        self,
        *,
        payment_id: int,
    ) -> PaymentTerms:
        """Get whether the payer still has to accept the terms.

        API: `GET /payments/{payment_id}/terms`
        (https://docs.powens.com/documentation/integration-guides/pay-by-bank/advanced/implementing-your-own-payment-validation-webview).

        Args:
            payment_id: Id of the payment.

        Returns:
            The terms; `to_sign` is True when they are to be accepted.

        Raises:
            PowensNotFoundError: There is no such payment.
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            PaymentTerms,
            make_request(
                "GET",
                build_path("payments", payment_id, "terms"),
            ),
        )

    async def accept_terms(
        self,
        *,
        payment_id: int,
        id_terms: int,
    ) -> None:
        """Accept the terms for the payer, who has read them.

        API: `POST /payments/{payment_id}/terms`
        (https://docs.powens.com/documentation/integration-guides/pay-by-bank/advanced/implementing-your-own-payment-validation-webview).

        Args:
            payment_id: Id of the payment.
            id_terms: Id of the terms that were shown.

        Raises:
            PowensNotFoundError: There is no such payment.
            PowensError: The call failed; the class says why.
        """
        await self._session.send(
            make_request(
                "POST",
                build_path("payments", payment_id, "terms"),
                body={"id_terms": id_terms},
            )
        )

    async def get_current_terms(self) -> TermsContent:
        """Get the terms in force, with their text.

        API: `GET /terms`
        (https://docs.powens.com/documentation/integration-guides/pay-by-bank/advanced/implementing-your-own-payment-validation-webview).

        Returns:
            The terms.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            TermsContent,
            make_request(
                "GET",
                build_path("terms"),
                token=TokenUse.OPTIONAL,
            ),
        )

    async def _act(self, payment_id: int, body: Model, *, show_sensitive: bool) -> Payment:
        """Do what the body says: all steps of a payment are one call of the API."""
        return await self._session.fetch(Payment, _action(payment_id, body, show_sensitive))


def _action(payment_id: int, body: Model, show_sensitive: bool) -> Request:
    return make_request(
        "POST",
        build_path("payments", payment_id),
        params={"show_sensitive": show_sensitive or None},
        body=body,
    )
