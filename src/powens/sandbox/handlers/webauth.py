"""The way through the bank's own page."""

from urllib.parse import urlencode, urlsplit

from starlette.responses import Response

from powens.sandbox.call import USER, Call
from powens.sandbox.flows import Event
from powens.sandbox.state import Ticket
from powens.sandbox.webview.banks import back, decision, for_people, question, words_for
from powens.sandbox.webview.pages import paragraph
from powens.sandbox.wire import Answer, ApiError, bad_value, not_found


def webauth_url(call: Call) -> Answer:
    """GET /webauth-url."""
    return Answer(200, {"url": _visit(call)})


def webauth(call: Call) -> Answer:
    """GET /webauth, for browsers: the token comes in the query."""
    call.bearer = call.query.required("token")
    call.admit(USER)
    return Answer(302, location=_visit(call))


def _visit(call: Call) -> str:
    """The address of the bank's page for this call."""
    if call.query.required("client_id") != call.world.client_id:
        raise bad_value("client_id")
    redirect_uri = call.query.required("redirect_uri")
    address = urlsplit(redirect_uri)
    if not address.scheme or not (address.netloc or address.path) or address.query:
        raise bad_value("redirect_uri")
    connection_id = call.query.integer("id_connection")
    if connection_id is not None:
        if connection_id not in call.user.connections:
            raise not_found("Connection")
        connection = call.user.connections[connection_id]
        if connection.progress.state is None:
            words = f"Connection {connection_id} is already up to date and has a valid token"
            raise ApiError(409, "invalidValue", words)
        connector = connection.connector
    else:
        wanted = call.query.text("connector_uuid") or call.query.required("id_connector")
        connector = call.world.connector(wanted)
        if connector.bank.mechanism != "webauth":
            raise bad_value("id_connector")
    source = call.query.text("source")
    if source is not None:
        connector.source(source)
    ticket = Ticket(
        call.user.id, redirect_uri, call.query.text("state"), connector, connection_id, source
    )
    return f"{call.origin}/sandbox/bank/{call.world.issue(ticket)}"


@for_people
def visit_bank(call: Call) -> Answer | Response:
    """GET, POST /sandbox/bank/{ticket}: the bank's page."""
    world, number = call.world, call.request.path_params["ticket"]
    ticket = world.tickets.get(number)
    if ticket is None or ticket.user_id not in world.users:
        raise not_found("Page")
    allowed = decision(call)
    if allowed is None:
        say, bank = words_for(call), ticket.connector.bank.name
        words = say("An application would like to read your accounts and transactions.")
        return question(call, "{bank}: do you allow it?", bank, paragraph(words), allow="Allow")
    del world.tickets[number]
    user = world.users[ticket.user_id]
    given = {"state": ticket.state} if ticket.state is not None else {}
    if not allowed:
        result = {"error": "access_denied", "error_description": "The customer refused"}
        return back(call, f"{ticket.redirect_uri}?{urlencode(result | given)}")
    connection = user.connections.get(ticket.connection_id or 0)
    if connection is None:
        sources = [ticket.source or ticket.connector.first_source]
        connection = world.connect(user, ticket.connector, sources)
    elif ticket.source is not None:
        world.add_source(connection, ticket.source)
    world.clock.tick()
    world.advance(connection, Event.WEBAUTH)
    result = {"id_connection": str(connection.id)}
    return back(call, f"{ticket.redirect_uri}?{urlencode(result | given)}")
