"""The pages on which a user looks after the connections there are."""

from collections.abc import Mapping
from typing import Final

from powens.sandbox.state import Connection
from powens.sandbox.webview.html import Markup, element
from powens.sandbox.webview.pages import (
    Answers,
    Page,
    account_words,
    button,
    form,
    paragraph,
)
from powens.sandbox.webview.screens import account_boxes, leave_connection, offer_banks, switch
from powens.sandbox.webview.steps import Screen, connection_of, connector_of
from powens.sandbox.webview.visit import Visit, number


def _manage(visit: Visit) -> Page:
    say, user = visit.say, visit.person()
    sections = [_summary(visit, each) for each in user.connections.values()]
    return Page(
        say("Your banks"),
        [
            sections or paragraph(say("You have not connected any bank.")),
            form(visit, button(say("Add a bank"), "add", "plain")),
        ],
        leave=visit.redirect_uri and "Close",
    )


def _summary(visit: Visit, connection: Connection) -> Markup:
    name = connection.connector.bank.name
    shared = [
        element("li", account_words(visit.say, each))
        for each in connection.accounts.values()
        if each.disabled is None
    ]
    return element(
        "section",
        element("h2", name),
        paragraph(_condition(visit, connection)),
        element("ul", shared) if shared else paragraph(visit.say("No account is shared.")),
        form(
            visit, button(visit.say("Manage {bank}", bank=name), f"open {connection.id}", "plain")
        ),
    )


def _condition(visit: Visit, connection: Connection) -> str:
    works = connection.progress.state is None
    return visit.say("This connection works.") if works else visit.say("This connection is broken.")


def _open(visit: Visit, answers: Answers) -> None:
    connection = visit.person().connections.get(number(answers.about) or 0)
    if connection is not None:
        visit.connection, visit.connector = connection, connection.connector
        visit.go("managed")


def _managed(visit: Visit) -> Page:
    say, connection = visit.say, connection_of(visit)
    broken = connection.progress.state is not None
    return Page(
        connector_of(visit).bank.name,
        [
            paragraph(_condition(visit, connection)),
            form(visit, button(say("Repair"), "repair")) if broken else None,
            form(
                visit,
                account_boxes(visit, visit.accounts, fresh=False),
                button(say("Save"), "save"),
            )
            if visit.accounts
            else None,
            form(visit, button(say("Delete this connection"), "delete", "plain")),
        ],
        leave="Back",
    )


def _repair(visit: Visit, _: Answers) -> None:
    visit.go("connection")


def _save(visit: Visit, answers: Answers) -> None:
    switch(visit, answers)
    leave_connection(visit)


def _ask(visit: Visit, _: Answers) -> None:
    visit.go("deletion")


def _deletion(visit: Visit) -> Page:
    say, bank = visit.say, connector_of(visit).bank
    text = "The application will not see your accounts at {bank} any more."
    return Page(
        say("Delete the connection to {bank}?", bank=bank.name),
        [
            paragraph(say(text, bank=bank.name)),
            form(visit, button(say("Delete"), "delete")),
        ],
        leave="Back",
    )


def _delete(visit: Visit, _: Answers) -> None:
    visit.world.delete_connection(connection_of(visit))
    leave_connection(visit)


def _add(visit: Visit, _: Answers) -> None:
    offer_banks(visit)


def give_up(visit: Visit, _: Answers) -> None:
    """Back to the list, and from there to the application."""
    if visit.screen == "manage":
        visit.leave()
    else:
        leave_connection(visit)


SCREENS: Final[Mapping[str, Screen]] = {
    "manage": Screen(_manage, {"open": _open, "add": _add}),
    "managed": Screen(_managed, {"repair": _repair, "save": _save, "delete": _ask}),
    "deletion": Screen(_deletion, {"delete": _delete}),
}
