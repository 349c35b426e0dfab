"""The pages of the webview about connections: what each one shows, and what its buttons do.

A visit is at a screen. The screen `connection` is whatever the state of the connection asks for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from powens.sandbox import flows
from powens.sandbox.bank import DIRECTACCESS, OPENAPI, OTP_FIELD, fields_of
from powens.sandbox.flows import Event
from powens.sandbox.state import Account, Connector, Ticket
from powens.sandbox.webview.html import Child, element
from powens.sandbox.webview.pages import (
    Answers,
    Page,
    account_words,
    bank_buttons,
    button,
    checkbox,
    form,
    harmless,
    inputs,
    paragraph,
    read_inputs,
    tip,
    visit_path,
)
from powens.sandbox.webview.steps import Action, Screen, connection_of, connector_of
from powens.sandbox.webview.visit import Visit
from powens.sandbox.wire import ApiError, JsonObject


@dataclass(frozen=True)
class Notice:
    """What a person is told about a state of a connection, and the button to go on.

    Attributes:
        title: The heading.
        text: The explanation.
        button: The words of the button.
        action: What the button does.
        may_wait: Whether the person may go on without waiting for the bank.
        tip: What a person has to know who tries the sandbox out.
    """

    title: str
    text: str
    button: str
    action: Action
    may_wait: bool = False
    tip: str | None = None


# --- To begin, and to choose a bank


def _terms(visit: Visit) -> Page:
    say = visit.say
    return Page(
        say("Share your bank data"),
        [
            paragraph(
                say(
                    "{app} would like to read your accounts and transactions. You choose the bank "
                    "and the accounts, and you can stop sharing at any time.",
                    app=visit.app.name or say("The application"),
                )
            ),
            paragraph(say("To go on, accept the terms of use of the service.")),
            form(
                visit,
                button(say("Accept and continue"), "accept"),
                button(say("Decline"), "decline", "plain"),
            ),
        ],
    )


def _decline(visit: Visit, _: Answers) -> None:
    visit.fail("tos_declined", "The user declined the terms of use")


def offer_banks(visit: Visit, _: Answers | None = None) -> None:
    """Let the person choose a bank; a single one that the application named needs no choice."""
    offered = visit.connectors
    if visit.wishes.connectors and len(offered) == 1:
        _take(visit, offered[0])
    else:
        visit.go("banks")


def _banks(visit: Visit) -> Page:
    say, offered = visit.say, visit.connectors
    if not offered:
        text = "None of the banks here does what the application asks for."
        return Page(say("No bank fits"), [paragraph(say(text))])
    return Page(say("Choose your bank"), [bank_buttons(visit, offered)])


def _choose(visit: Visit, answers: Answers) -> None:
    for connector in visit.connectors:
        if connector.bank.uuid == answers.about:
            _take(visit, connector)


def _take(visit: Visit, connector: Connector) -> None:
    visit.connector, visit.connection = connector, None
    if fields_of(connector.bank):
        visit.go("credentials")
    else:
        _connect(visit)


def _connect(visit: Visit) -> None:
    connector = connector_of(visit)
    usable = (each for each in connector.sources if each.disabled is None)
    sources = [each.name for each in sorted(usable, key=lambda each: each.priority)]
    visit.connection = visit.world.connect(visit.person(), connector, sources)
    visit.is_new_connection = True
    visit.go("connection")


# --- What the bank asks


def _asked(visit: Visit) -> list[JsonObject]:
    """The fields to fill in: where a password has expired, the new one only."""
    connection = visit.connection
    expired = connection is not None and connection.progress.state == "passwordExpired"
    fields = fields_of(connector_of(visit).bank)
    only_new = expired and visit.screen != "reset"
    return [each for each in fields if each["type"] == "password" or not only_new]


def _credentials(visit: Visit) -> Page:
    say, bank = visit.say, connector_of(visit).bank
    expired = visit.connection and visit.connection.progress.state == "passwordExpired"
    why = "Your password has expired. Renew it at your bank, and enter the new one here."
    return Page(
        say("Log in to {bank}", bank=bank.name),
        [
            paragraph(say(why)) if expired else None,
            form(visit, inputs(visit, _asked(visit)), button(say("Log in"), "submit")),
            tip(visit, "Any login and password will do here, but for the password “wrongpass”."),
        ],
    )


def _log_in(visit: Visit, answers: Answers) -> None:
    asked, connection = _asked(visit), visit.connection
    secrets = read_inputs(visit, asked, answers)
    if secrets is None:
        return
    try:
        if connection is None:
            flows.check_password(secrets)
        else:
            flows.event_of(secrets, secrets, connection.progress)
    except ApiError:
        words = "The bank does not know this login and password. Please try again."
        visit.complain({"": visit.say(words)}, harmless(asked, secrets))
        return
    if connection is None:
        _connect(visit)
        return
    start = connection.connector.bank.start
    if visit.screen == "reset" and start in CHALLENGES and OPENAPI in _sources_again(visit):
        connection.progress.enter(start)
    _move(visit, Event.CREDENTIALS)


def _otp(visit: Visit) -> Page:
    say, bank = visit.say, connector_of(visit).bank
    return Page(
        say("Enter the code from {bank}", bank=bank.name),
        [
            paragraph(say("Your bank has sent you a code by text message.")),
            form(visit, inputs(visit, [OTP_FIELD]), button(say("Continue"), "submit")),
            tip(visit, "The code is 123456 here."),
        ],
    )


def _submit_otp(visit: Visit, answers: Answers) -> None:
    secrets = read_inputs(visit, [OTP_FIELD], answers)
    if secrets is None:
        return
    event = flows.event_of(secrets, secrets, connection_of(visit).progress)
    if event is None:
        visit.complain({"otp": visit.say("This code is not the right one. Please try again.")})
    else:
        _move(visit, event)


def _move(visit: Visit, event: Event) -> None:
    """Let the person have done what the bank waits for."""
    visit.world.clock.tick()
    visit.world.advance(connection_of(visit), event)
    visit.go("connection")


def _on(event: Event) -> Action:
    return lambda visit, _: _move(visit, event)


def _look_again(visit: Visit, _: Answers) -> None:
    visit.go("connection")


def _visit_bank(visit: Visit, _: Answers) -> str:
    """Send the person to the bank's own page, from where they come back to this visit."""
    ticket = Ticket(
        user_id=visit.person().id,
        redirect_uri=visit_path(visit),
        state=None,
        connector=connector_of(visit),
        connection_id=connection_of(visit).id,
        source=None,
    )
    return f"/sandbox/bank/{visit.world.issue(ticket)}"


def _give_in(visit: Visit, _: Answers) -> None:
    state = connection_of(visit).progress.state
    if visit.flow == "manage":
        leave_connection(visit)
    else:
        visit.fail("server_error", f"The connection is in state {state}")


NOTICES: Final[Mapping[str | None, Notice]] = {
    "SCARequired": Notice(
        "Confirm that it is you",
        "{bank} wants to be sure that it is you, with strong authentication.",
        "Authenticate",
        _on(Event.SYNC),
    ),
    "decoupled": Notice(
        "Approve in your app",
        "Open the app of {bank} and approve the request there. Then come back here.",
        "I approved it in my app",
        _on(Event.RESUME),
        tip="There is no app here: the button will do.",
    ),
    "webauthRequired": Notice(
        "Go on at your bank",
        "{bank} asks you to log in on its own page. You will come back here afterwards.",
        "Go to my bank",
        _visit_bank,
    ),
    "validating": Notice(
        "Your bank is working",
        "{bank} is still preparing your data. This takes a moment.",
        "Look again",
        _look_again,
    ),
    "actionNeeded": Notice(
        "Your bank needs you",
        "A message of {bank} waits for you. Read it on the site of the bank, and come back here.",
        "I have read it",
        _on(Event.SYNC),
    ),
    "rateLimiting": Notice(
        "Too many visits",
        "{bank} has been asked too often today and wants to be asked later.",
        "Try again",
        _on(Event.SYNC),
        may_wait=True,
    ),
    "websiteUnavailable": Notice(
        "Your bank is not available",
        "The service of {bank} does not answer for the moment. This is not your fault.",
        "Try again",
        _on(Event.SYNC),
        may_wait=True,
    ),
}

FAILURE: Final = Notice(
    "This does not work",
    "Something went wrong between the service and {bank}, and trying again does not help. "
    "The technicians know of it.",
    "Leave",
    _give_in,
)

# The states in which the person has to prove who they are.
CHALLENGES: Final = frozenset(
    {"SCARequired", "webauthRequired", "additionalInformationNeeded", "decoupled"}
)

# The screens of the other states; the rest have a notice.
STATES: Final[Mapping[str | None, str]] = {
    "additionalInformationNeeded": "otp",
    "wrongpass": "credentials",
    "passwordExpired": "credentials",
}


def _notice_of(visit: Visit) -> Notice:
    return NOTICES.get(connection_of(visit).progress.state, FAILURE)


def _notice(visit: Visit) -> Page:
    say, notice = visit.say, _notice_of(visit)
    wait = notice.may_wait and visit.flow == "connect"
    return Page(
        say(notice.title),
        [
            paragraph(say(notice.text, bank=connector_of(visit).bank.name)),
            form(
                visit,
                button(say(notice.button), "go"),
                button(say("Continue without waiting"), "wait", "plain") if wait else None,
            ),
            notice.tip and tip(visit, notice.tip),
        ],
    )


def _go_on(visit: Visit, answers: Answers) -> str | None:
    return _notice_of(visit).action(visit, answers)


def _wait(visit: Visit, _: Answers) -> None:
    if _notice_of(visit).may_wait:
        _finish(visit)


def _sources_again(visit: Visit) -> tuple[str, ...]:
    """The sources that are asked for again."""
    return visit.wishes.sources or (OPENAPI, DIRECTACCESS)


def _fine(visit: Visit) -> Page:
    say, bank = visit.say, connector_of(visit).bank
    return Page(
        say("All is well"),
        [
            paragraph(
                say("Your connection to {bank} works. There is nothing to do.", bank=bank.name)
            ),
            form(visit, button(say("Continue"), "finish")),
        ],
        leave=None,
    )


# --- Which accounts, and how it ends


def account_boxes(visit: Visit, accounts: list[Account], *, fresh: bool) -> Child:
    """The accounts to choose from; all of them are ticked at first."""
    boxes = [
        checkbox(
            account_words(visit.say, each),
            "account",
            str(each.id),
            checked=fresh or each.disabled is None,
        )
        for each in accounts
    ]
    return element("fieldset", element("legend", visit.say("Accounts to share")), boxes)


def _accounts(visit: Visit) -> Page:
    say, offered, bank = visit.say, visit.accounts, connector_of(visit).bank
    nothing = paragraph(say("None of your accounts is one that the application asks for."))
    return Page(
        say("Choose what to share from {bank}", bank=bank.name),
        [
            form(
                visit,
                account_boxes(visit, offered, fresh=True) if offered else nothing,
                button(say("Share") if offered else say("Continue"), "share"),
            )
        ],
    )


def switch(visit: Visit, answers: Answers) -> None:
    """Enable the accounts that were ticked, and no others of those that were offered."""
    chosen = frozenset(answers.values.get("account", ()))
    visit.world.clock.tick()
    for account in visit.accounts:
        disabled = str(account.id) not in chosen
        if disabled != (account.disabled is not None):
            visit.world.disable(account, disabled=disabled)


def _share(visit: Visit, answers: Answers) -> None:
    switch(visit, answers)
    _finish(visit)


def _finish(visit: Visit, _: Answers | None = None) -> None:
    """The connection is as it should be: what comes then depends on what the visit is for."""
    _FINISHES[visit.flow](visit)


def _finish_connect(visit: Visit) -> None:
    visit.done.append(connection_of(visit).id)
    visit.connection, visit.connector, visit.is_new_connection = None, None, False
    if len(visit.done) < visit.wishes.most:
        visit.go("more")
    else:
        _return(visit)


def _return(visit: Visit, _: Answers | None = None) -> None:
    numbers = ",".join(str(each) for each in visit.done)
    result = {"connection_ids" if visit.wishes.most > 1 else "connection_id": numbers}
    if visit.is_new_user:
        result["code"] = visit.world.grant("temporary", visit.person().id, temporary=True)
    visit.leave(**result)


def _finish_manage(visit: Visit) -> None:
    visit.is_new_connection = False
    leave_connection(visit)


def leave_connection(visit: Visit) -> None:
    """Go back to the list of connections; one that was begun here and is not done is forgotten."""
    visit.give_up_connection()
    visit.go("manage")


_FINISHES: Final[Mapping[str, Callable[[Visit], None]]] = {
    "connect": _finish_connect,
    "reconnect": Visit.leave,
    "manage": _finish_manage,
}


def _more(visit: Visit) -> Page:
    say, count = visit.say, len(visit.done)
    text = "Banks connected so far: {count}. You may add up to {most}."
    return Page(
        say("Your bank is connected"),
        [
            paragraph(say(text, count=count, most=visit.wishes.most)),
            form(
                visit,
                button(say("Add another bank"), "add", "plain"),
                button(say("Finish"), "finish"),
            ),
        ],
        leave=None,
    )


def _closed(visit: Visit) -> Page:
    return Page(
        visit.say("You have finished here"),
        [paragraph(visit.say("You may close this page."))],
        None,
    )


# --- To give up


def give_up(visit: Visit, _: Answers) -> None:
    """The person does not want to go on. What was connected so far stays."""
    if visit.done:
        visit.give_up_connection()
        visit.go("more")
    else:
        visit.fail("access_denied", "The user left before the end")


SCREENS: Final[Mapping[str, Screen]] = {
    "terms": Screen(_terms, {"accept": offer_banks, "decline": _decline}),
    "banks": Screen(_banks, {"choose": _choose}),
    "credentials": Screen(_credentials, {"submit": _log_in}),
    "reset": Screen(_credentials, {"submit": _log_in}),
    "otp": Screen(_otp, {"submit": _submit_otp}),
    "notice": Screen(_notice, {"go": _go_on, "wait": _wait}),
    "fine": Screen(_fine, {"finish": _finish}),
    "accounts": Screen(_accounts, {"share": _share}),
    "more": Screen(_more, {"add": offer_banks, "finish": _return}),
    "closed": Screen(_closed, {}),
}


def _by_state(visit: Visit) -> str:
    """The screen that the state of the connection asks for."""
    connection = connection_of(visit)
    visit.world.poll(connection)
    state = connection.progress.state
    if state is not None:
        return STATES.get(state, "notice")
    visit.go("accounts")
    if any(each.disabled is None for each in connection.accounts.values()):
        _finish(visit)
    return visit.screen


def _reset(visit: Visit) -> str:
    """Ask for everything again: at the bank only, where no credentials are given here."""
    connection = connection_of(visit)
    for name in visit.wishes.sources:
        visit.world.add_source(connection, name)
    bank = connection.connector.bank
    if fields_of(bank) and DIRECTACCESS in _sources_again(visit):
        return "reset"
    connection.progress.enter(bank.start if bank.start in CHALLENGES else "SCARequired")
    visit.go("connection")
    return _by_state(visit)


PLACES: Final[Mapping[str, Callable[[Visit], str]]] = {"connection": _by_state, "reset": _reset}
