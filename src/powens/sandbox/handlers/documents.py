"""Subscriptions, documents and their files."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from starlette.responses import Response

from powens.sandbox import files, papers
from powens.sandbox.call import Call
from powens.sandbox.forms import File
from powens.sandbox.papers import DOCUMENT_TYPES, Paper, papers_of
from powens.sandbox.query import Query
from powens.sandbox.views import attachments, subscription_view
from powens.sandbox.wire import Answer, JsonObject, bad_value, not_found

_NULL: Final = type(None)
_ID_DIGITS: Final = 4


def list_subscriptions(call: Call) -> Answer:
    """GET /users/{user_id}/subscriptions, or of one connection."""
    found = [
        each
        for each in call.subscriptions
        if call.query.flag("all") or (each.disabled is None and each.deleted is None)
    ]
    expand = call.query.expand()
    return call.listing(
        "subscriptions", [subscription_view(call.world, each, expand) for each in found]
    )


def get_subscription(call: Call) -> Answer:
    """GET /users/{user_id}/subscriptions/{subscription_id}."""
    return Answer(200, subscription_view(call.world, call.subscription, call.query.expand()))


def update_subscription(call: Call) -> Answer:
    """POST /users/{user_id}/subscriptions/{subscription_id}."""
    subscription = call.subscription
    changes = call.typed_values({"disabled": bool})
    call.world.clock.tick()
    for disabled in changes.values():
        call.world.disable_subscription(subscription, disabled=disabled)
    return Answer(200, subscription_view(call.world, subscription, call.query.expand()))


def list_documents(call: Call) -> Answer:
    """GET /users/{user_id}/documents, or of one subscription, connection or transaction."""
    everything = sorted(_papers(call), key=_age, reverse=True)
    found = [each.fields for each in everything]
    kept = _filtered(call.query, found)
    dates = [_day(fields) for fields in found]
    page = call.query.page()
    ids = {fields["id"] for fields in page.of(kept)}
    shown = [each for each in everything if each.id in ids]
    shown_dates = [_day(each.fields) for each in shown]
    return Answer(
        200,
        {
            "documents": [each.view(call.base_url) for each in shown],
            "first_date": min(dates, default=None),
            "last_date": max(dates, default=None),
            "result_min_date": min(shown_dates, default=None),
            "result_max_date": max(shown_dates, default=None),
            "total": len(kept),
        },
    )


def get_document(call: Call) -> Answer:
    """GET /users/{user_id}/documents/{document_id}."""
    return Answer(200, _paper(call).view(call.base_url))


def update_document(call: Call) -> Answer:
    """POST /users/{user_id}/documents/{document_id}."""
    paper = _paper(call)
    changes = call.typed_values(
        {
            "id_type": (int, _NULL),
            "date": (str, _NULL),
            "duedate": (str, _NULL),
            "total_amount": (int, Decimal, _NULL),
            "untaxed_amount": (int, Decimal, _NULL),
            "vat": (int, Decimal, _NULL),
            "income": (bool, _NULL),
            "name": (str, _NULL),
        }
    )
    changes = _checked(changes)
    if changes:
        changes["last_update"] = str(call.world.clock.tick())
        papers.edit(call.user, paper, changes)
    return get_document(call)


def delete_document(call: Call) -> Answer:
    """DELETE /users/{user_id}/documents/{document_id}: the answer is what is gone."""
    paper = _paper(call)
    papers.delete(call.user, paper)
    return Answer(200, paper.view(call.base_url))


def upload_document(call: Call) -> Answer:
    """POST /users/{user_id}/documents, a form with a file."""
    for name in ("date", "duedate"):
        call.required(name)
    given = call.typed_values(dict.fromkeys(("date", "duedate", "name"), str))
    if "id_type" in call.body:
        given["id_type"] = _number(str(call.body["id_type"]))
    fields = _checked(given)
    file = call.files.get("file")
    now = call.world.clock.tick()
    number = call.world.upload(call.user, {}, file)
    uploaded = call.user.uploads[number]
    uploaded.fields = papers.blank(call.user.id, number, now) | {"rdate": str(now.date())} | fields
    if file is not None:
        uploaded.fields |= {"id_file": 2 * number, "id_thumbnail": 2 * number + 1}
        uploaded.fields["name"] = fields.get("name") or file.name
    paper = next(each for each in papers.papers(call.world, call.user) if each.id == number)
    return Answer(200, paper.view(call.base_url))


def download_document(call: Call) -> Response:
    """GET /users/{user_id}/documents/{document_id}/file."""
    paper = _paper(call)
    if paper.make_file is None:
        raise not_found("File")
    return files.respond(paper.make_file())


def download_thumbnail(call: Call) -> Response:
    """GET /users/{user_id}/documents/{document_id}/thumbnail."""
    paper = _paper(call)
    if paper.make_file is None:
        raise not_found("File")
    return files.respond(paper.thumbnail())


def download_attachment(call: Call) -> Response:
    """GET /users/{user_id}/transactions/{transaction_id}/attachments/{attachment_id}/file."""
    account, k = call.transaction
    row = account.ledger.row(k)
    number = call.number("attachment_id", "Attachment")
    for each in attachments(account, k, row, call.base_url):
        if each["id"] == number:
            content = files.pdf(each["description"], each["size"])
            return files.respond(File(each["name"], each["mime_type"], content))
    raise not_found("Attachment")


def list_document_types(_: Call) -> Answer:
    """GET /documenttypes: names only, as the reference has them."""
    return Answer(200, {"documenttypes": list(DOCUMENT_TYPES), "total": len(DOCUMENT_TYPES)})


def _papers(call: Call) -> Iterable[Paper]:
    """The documents of what the path names."""
    params, world = call.request.path_params, call.world
    if "subscription_id" in params:
        subscription = call.subscription
        connection = call.user.connections[subscription.connection_id]
        return papers_of(world, connection, subscription)
    if "transaction_id" in params:
        return _papers_of_transaction(call)
    if "connection_id" in params:
        connection = call.connection
        subscriptions = connection.subscriptions.values()
        return (each for one in subscriptions for each in papers_of(world, connection, one))
    return papers.papers(world, call.user)


def _papers_of_transaction(call: Call) -> list[Paper]:
    """The statement that names the transaction, for the transactions that have attachments."""
    account, k = call.transaction
    row = account.ledger.row(k)
    if not attachments(account, k, row, call.base_url):
        return []
    connection = call.world.connection_of(account)
    return [
        paper
        for each in connection.subscriptions.values()
        if each.account is account
        for paper in papers_of(call.world, connection, each)
        if paper.id == papers.statement_of(each, date.fromisoformat(row["rdate"]))
    ]


def _paper(call: Call) -> Paper:
    """The document in the path."""
    number = call.number("document_id", "Document")
    for paper in papers.papers(call.world, call.user):
        if paper.id == number:
            return paper
    raise not_found("Document")


def _filtered(query: Query, found: list[JsonObject]) -> list[JsonObject]:
    """The documents that the filters of the query leave; bounds are inclusive."""
    id_type = query.integer("id_type")
    low, high = query.first_day("min_date"), query.last_day("max_date")
    bounds = (
        ("total_amount", query.decimal("min_amount"), query.decimal("max_amount")),
        ("date", low and f"{low}", high and f"{high} 23:59:59"),
        ("timestamp", _instant(query, "min_timestamp"), _instant(query, "max_timestamp")),
    )
    return [
        fields
        for fields in found
        if id_type in {None, fields["id_type"]}
        and all(_is_within(fields[name], least, most) for name, least, most in bounds)
    ]


def _is_within(value: Any, least: Any, most: Any) -> bool:
    if least is None and most is None:
        return True
    if value is None:
        return False
    return (least is None or value >= least) and (most is None or value <= most)


def _instant(query: Query, name: str) -> str | None:
    moment = query.instant(name)
    return None if moment is None else str(moment)


def _checked(changes: JsonObject) -> JsonObject:
    """The changes as they are kept: types that exist, dates in the API's form."""
    for name, value in changes.items():
        if name == "id_type" and value is not None and not 1 <= value <= len(DOCUMENT_TYPES):
            raise bad_value(name)
    kept = dict(changes)
    if changes.get("date") is not None:
        kept["date"] = f"{_iso_day('date', changes['date'])} 00:00:00"
    if changes.get("duedate") is not None:
        kept["duedate"] = str(_iso_day("duedate", changes["duedate"]))
    if "id_type" in changes:
        kept["type"] = None
        if changes["id_type"] is not None:
            kept["type"] = DOCUMENT_TYPES[changes["id_type"] - 1]
    return kept


def _iso_day(name: str, text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise bad_value(name) from None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < _ID_DIGITS):
        raise bad_value("id_type")
    return int(text)


def _age(paper: Paper) -> tuple[str, int]:
    return paper.fields["date"] or "", paper.id


def _day(fields: JsonObject) -> str:
    day: str = (fields["date"] or fields["timestamp"])[:10]
    return day
