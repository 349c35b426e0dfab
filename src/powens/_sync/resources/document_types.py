# Generated from src/powens/_async/resources/document_types.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Types of documents."""

from __future__ import annotations

from ..._pagination import Listing, SingleWalk
from ..._wire import TokenUse, build_path, make_request
from ...models import DocumentTypeEntry, DocumentTypesList
from ..pagination import Pager
from ._base import Resource


class DocumentTypes(Resource):
    """Types of documents.

    (https://docs.powens.com/api-reference/products/documents-aggregation/document-types)
    """

    def list(self) -> Pager[DocumentTypeEntry]:
        """List the types of documents.

        API: `GET /documenttypes`
        (https://docs.powens.com/api-reference/products/documents-aggregation/document-types).

        Returns:
            A pager, which sends nothing until it is iterated.
        """
        return Pager(
            self._session,
            Listing(
                model=DocumentTypesList,
                path=build_path("documenttypes"),
                walk=SingleWalk,
                token=TokenUse.OPTIONAL,
            ),
        )

    def list_all(self) -> DocumentTypesList:
        """Get the types of documents in one call.

        API: `GET /documenttypes`
        (https://docs.powens.com/api-reference/products/documents-aggregation/document-types).

        Returns:
            The answer as it is.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            DocumentTypesList,
            make_request(
                "GET",
                build_path("documenttypes"),
                token=TokenUse.OPTIONAL,
            ),
        )
