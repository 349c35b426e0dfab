"""Types of documents."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._wire import TokenUse, build_path, make_request
from ...models import DocumentTypeEntry, DocumentTypesList
from ..pagination import AsyncPager
from ._base import AsyncResource


class AsyncDocumentTypes(AsyncResource):
    """Types of documents.

    (https://docs.powens.com/api-reference/products/documents-aggregation/document-types)
    """

    def list(self) -> AsyncPager[DocumentTypeEntry]:
        """List the types of documents.

        API: `GET /documenttypes`
        (https://docs.powens.com/api-reference/products/documents-aggregation/document-types).

        Returns:
            A pager, which sends nothing until it is iterated.
        """
        return AsyncPager(
            self._session,
            Listing(
                model=DocumentTypesList,
                path=build_path("documenttypes"),
                walk=SingleWalk,
                token=TokenUse.OPTIONAL,
            ),
        )

    async def list_all(self) -> DocumentTypesList:
        """Get the types of documents in one call.

        API: `GET /documenttypes`
        (https://docs.powens.com/api-reference/products/documents-aggregation/document-types).

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return await self._session.fetch(
            DocumentTypesList,
            make_request(
                "GET",
                build_path("documenttypes"),
                token=TokenUse.OPTIONAL,
            ),
        )
