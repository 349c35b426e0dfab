"""Invoices and credit notes."""

from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from powens.sandbox import billing, files
from powens.sandbox.billing import Sale
from powens.sandbox.call import Call
from powens.sandbox.forms import File
from powens.sandbox.query import Page
from powens.sandbox.wire import Answer, JsonObject, not_found

_MAX_LIMIT: Final = 100


def list_invoices(call: Call) -> Answer:
    """GET /users/{user_id}/invoices, or of one connection."""
    return _listing(call, "invoices", _invoices(call), Sale.invoice)


def get_invoice(call: Call) -> Answer:
    """GET /users/{user_id}/invoices/{invoice_id}."""
    return Answer(200, _invoice(call).invoice(call.base_url))


def list_credit_notes(call: Call) -> Answer:
    """GET /users/{user_id}/credit_notes, or of one connection or invoice."""
    found = _credit_notes(call)
    if "invoice_id" in call.request.path_params:
        invoice = _invoice(call)
        found = [sale for sale in found if sale == invoice]
    return _listing(call, "credit_notes", found, Sale.credit_note)


def get_credit_note(call: Call) -> Answer:
    """GET /users/{user_id}/credit_notes/{credit_note_id}."""
    return Answer(200, _credit_note(call).credit_note(call.base_url))


def download_invoice(call: Call) -> Response:
    """GET /users/{user_id}/invoices/{invoice_id}/attachments/{attachment_id}/file."""
    return _download(call, _invoice(call).invoice(call.base_url))


def download_credit_note(call: Call) -> Response:
    """GET /users/{user_id}/credit_notes/{credit_note_id}/attachments/{attachment_id}/file."""
    return _download(call, _credit_note(call).credit_note(call.base_url))


def _listing(
    call: Call, key: str, found: list[Sale], view: Callable[[Sale, str], JsonObject]
) -> Answer:
    page = call.query.page()
    limit = _MAX_LIMIT if page.limit is None else min(page.limit, _MAX_LIMIT)
    shown = Page(page.offset, limit).of(found)
    return Answer(200, {key: [view(sale, call.base_url) for sale in shown], "total": len(found)})


def _sales(call: Call) -> list[Sale]:
    if "connection_id" in call.request.path_params:
        return list(billing.sales(call.world, call.connection))
    connections = call.user.connections.values()
    return [sale for each in connections for sale in billing.sales(call.world, each)]


def _invoices(call: Call) -> list[Sale]:
    return [each for each in _sales(call) if call.query.flag("all") or not each.is_deleted]


def _credit_notes(call: Call) -> list[Sale]:
    return [
        each
        for each in _sales(call)
        if each.is_credited and (call.query.flag("all") or not each.is_note_deleted)
    ]


def _invoice(call: Call) -> Sale:
    return _with_id(call, _invoices(call), "invoice_id", "Invoice")


def _credit_note(call: Call) -> Sale:
    return _with_id(call, _credit_notes(call), "credit_note_id", "Credit note")


def _with_id(call: Call, found: list[Sale], name: str, what: str) -> Sale:
    number = call.number(name, what)
    for sale in found:
        if sale.id == number:
            return sale
    raise not_found(what)


def _download(call: Call, owner: JsonObject) -> Response:
    number = call.number("attachment_id", "Attachment")
    for each in owner["attachments"]:
        if each["id"] == number:
            content = files.pdf(each["description"], each["size"])
            return files.respond(File(each["name"], each["mime_type"], content))
    raise not_found("Attachment")
