# Generated from src/powens/_async/resources/security.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Public keys of the domain."""

from __future__ import annotations

from ..._wire import TokenUse, build_path, make_request
from ...models import JWK, SignKey, SignKeysList
from ._base import Resource


class Security(Resource):
    """Public keys: the one to encrypt credentials with, and those that answers are signed with.

    (https://docs.powens.com/documentation/integration-guides/advanced/end-to-end-encryption)
    """

    def get_public_key(self) -> JWK:
        """Get the key that the values of credentials are encrypted with.

        API: `GET /publickey`
        (https://docs.powens.com/documentation/integration-guides/advanced/end-to-end-encryption).

        Returns:
            The key, for `powens.encryption`. `connections.create(encrypt=True)` gets and keeps it
            by itself.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            JWK,
            make_request(
                "GET",
                build_path("publickey"),
                token=TokenUse.OPTIONAL,
            ),
        )

    def list_sign_keys(self) -> SignKeysList:
        """Get the keys that answers are, or were, signed with.

        API: `GET /sign-keys`
        (https://docs.powens.com/documentation/integration-guides/advanced/response-signature).

        Returns:
            The keys. The shape of this answer is not documented, so several are understood.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            SignKeysList,
            make_request(
                "GET",
                build_path("sign-keys"),
                token=TokenUse.OPTIONAL,
            ),
        )

    def get_sign_key(
        self,
        *,
        key_id: int,
    ) -> SignKey:
        """Get a key that answers are signed with.

        API: `GET /sign-keys/{key_id}`
        (https://docs.powens.com/documentation/integration-guides/advanced/response-signature).

        Args:
            key_id: Id of the key.

        Returns:
            The key; one that is `deprecated` is not to be trusted.

        Raises:
            PowensNotFoundError: There is no such key.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            SignKey,
            make_request(
                "GET",
                build_path("sign-keys", key_id),
                token=TokenUse.OPTIONAL,
            ),
        )
