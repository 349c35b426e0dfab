"""What pages are put together from: forms, fields, buttons, facts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from urllib.parse import parse_qs

from powens.sandbox.bank import CURRENCIES
from powens.sandbox.orders import Order
from powens.sandbox.state import Account, Connector
from powens.sandbox.webview.html import Child, Markup, document, element
from powens.sandbox.webview.visit import Visit
from powens.sandbox.webview.words import Words
from powens.sandbox.wire import JsonObject

PATH: Final = "/webview"

# The marks of numbers, in place of those of Python.
_MARKS: Final[Mapping[str, dict[int, str]]] = {
    "en": {},
    "fr": {ord(","): "\N{NARROW NO-BREAK SPACE}", ord("."): ","},
}

# How a field is to be filled in by a browser, by its name.
_AUTOCOMPLETE: Final = {
    "login": "username",
    "password": "current-password",
    "otp": "one-time-code",
    "openapisms": "one-time-code",
}
_DIGITS: Final = frozenset({"otp", "openapisms"})
_LABELS: Final = {
    "login": "Login",
    "password": "Password",
    "region": "Region",
    "otp": "Code received by text message",
    "openapisms": "Code received by text message",
    "account_id": "Account to debit",
    "use_case_pay": "Scenario",
}


@dataclass(frozen=True)
class Page:
    """A page of a visit.

    Attributes:
        title: Its heading.
        content: What is below it.
        leave: The words of the button that gives up; None is no such button.
    """

    title: str
    content: Sequence[Child]
    leave: str | None = "Cancel"


@dataclass(frozen=True)
class Answers:
    """A form that was sent.

    Attributes:
        page: The page it was on.
        verb: What the button was for.
        about: What the button was about.
        values: What was filled in.
    """

    page: str
    verb: str
    about: str
    values: Mapping[str, list[str]] = field(repr=False)

    @classmethod
    def read(cls, body: bytes) -> "Answers":
        """The answers in a form-encoded body."""
        values = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        verb, _, about = values.get("action", [""])[0].partition(" ")
        return cls(values.get("page", [""])[0], verb, about, values)

    def text(self, name: str) -> str:
        """What was typed into a field."""
        return self.values.get(name, [""])[0].strip()


def visit_path(visit: Visit) -> str:
    """Where the visit goes on."""
    return f"{PATH}/visit/{visit.ticket}"


def whole(visit: Visit, page: Page) -> Markup:
    """A page of a visit as a document."""
    say = visit.say
    leave = page.leave and form(visit, button(say(page.leave), "leave", "quiet"))
    return frame(say, page.title, _alert(visit), *page.content, leave)


def frame(say: Words, title: str, *content: Child) -> Markup:
    """A document in the sandbox's dress."""
    return document(
        title,
        *content,
        lang=say.lang,
        site=say("Powens sandbox"),
        skip=say("Skip to the content"),
        note=say("Banks and people are invented, and no money moves."),
    )


def form(visit: Visit, *content: Child) -> Markup:
    """A form that answers this page of the visit."""
    page = element("input", type="hidden", name="page", value=str(visit.serial))
    return element("form", page, *content, method="post", action=visit_path(visit))


def button(words: str, action: str, class_: str | None = None) -> Markup:
    """A button that sends its form."""
    return element("button", words, type="submit", name="action", value=action, class_=class_)


def bank_buttons(visit: Visit, connectors: Iterable[Connector]) -> Markup:
    """The banks to choose from."""
    items = [
        element("li", button(each.bank.name, f"choose {each.bank.uuid}", "bank"))
        for each in connectors
    ]
    return form(visit, element("ul", items, class_="banks"))


def paragraph(*content: Child, class_: str | None = None) -> Markup:
    """A paragraph."""
    return element("p", *content, class_=class_)


def tip(visit: Visit, text: str) -> Markup:
    """What a person has to know who tries the sandbox out."""
    return paragraph(visit.say(text), class_="hint")


def facts(*rows: tuple[str, str]) -> Markup:
    """Names and values."""
    return element("dl", [(element("dt", name), element("dd", value)) for name, value in rows])


def payment_facts(say: Words, order: Order) -> list[Markup]:
    """What is paid to whom, and for what."""
    return [
        facts(
            (say("Amount"), money(say, each.amount, each.currency)),
            (say("To"), str(each.beneficiary.get("label") or "")),
            (say("Reference"), each.label),
        )
        for each in order.instructions
    ]


def inputs(visit: Visit, asked: Iterable[JsonObject]) -> list[Markup]:
    """The fields of a form, each with its label and what was wrong with it."""
    return [_input(visit, each) for each in asked]


def read_inputs(visit: Visit, asked: Iterable[JsonObject], answers: Answers) -> JsonObject | None:
    """What was filled in, or None when the visit has something to complain about."""
    asked, say = list(asked), visit.say
    values = {each["name"]: answers.text(each["name"]) for each in asked}
    problems: dict[str, str] = {}
    for each in asked:
        name, value = each["name"], values[each["name"]]
        if not value:
            if each["required"]:
                problems[name] = say("{field}: please fill this in.", field=label(say, each))
        elif not _fits(each, value):
            problems[name] = say("{field}: this is not in the right form.", field=label(say, each))
    if problems:
        visit.complain(problems, harmless(asked, values))
        return None
    return {name: value for name, value in values.items() if value}


def harmless(asked: Iterable[JsonObject], values: JsonObject) -> dict[str, str]:
    """Those of the values that may be shown again."""
    shown = [each["name"] for each in asked if each["type"] != "password"]
    return {name: str(values[name]) for name in shown if name in values}


def label(say: Words, asked: JsonObject) -> str:
    """What a field is called."""
    known = _LABELS.get(asked["name"])
    return str(asked["label"]) if known is None else say(known)


def checkbox(words: Child, name: str, value: str, *, checked: bool) -> Markup:
    """A box to tick."""
    box = element(
        "input", type="checkbox", name=name, value=value, checked=checked, id=f"{name}-{value}"
    )
    return element("div", box, element("label", words, for_=f"{name}-{value}"), class_="choice")


def account_words(say: Words, account: Account) -> str:
    """An account, as its holder knows it."""
    balance = money(say, Decimal(account.balance).scaleb(-2), account.blueprint.currency)
    return f"{account.name or account.original_name} (…{account.number[-4:]}), {balance}"


def money(say: Words, amount: Decimal, currency: str) -> str:
    """An amount of some currency, as it is written in the language of the page."""
    digits = f"{amount:,.{CURRENCIES[currency]['precision']}f}"
    return f"{digits.translate(_MARKS[say.lang])}\N{NO-BREAK SPACE}{currency}"


def _alert(visit: Visit) -> Markup | None:
    if not visit.problems:
        return None
    lines = [
        paragraph(element("a", words, href=f"#field-{name}") if name else words)
        for name, words in visit.problems.items()
    ]
    return element("div", lines, class_="alert", role="alert")


def _input(visit: Visit, asked: JsonObject) -> Markup:
    name: str = asked["name"]
    words, problem = label(visit.say, asked), visit.problems.get(name)
    common: dict[str, str | bool | None] = {
        "id": f"field-{name}",
        "name": name,
        "required": bool(asked["required"]),
        "aria_invalid": "true" if problem else None,
        "aria_describedby": f"field-{name}-error" if problem else None,
    }
    value = visit.values.get(name, _prefilled(visit, asked))
    if asked["type"] == "list":
        first = element("option", visit.say("Please choose"), value="")
        choices = [
            element(
                "option", each["label"], value=each["value"], selected=str(each["value"]) == value
            )
            for each in asked["values"]
        ]
        control = element("select", first, choices, **common)
    else:
        control = element(
            "input",
            type="password" if asked["type"] == "password" else "text",
            value=value or None,
            autocomplete=_AUTOCOMPLETE.get(name, "off"),
            inputmode="numeric" if name in _DIGITS else None,
            spellcheck="false",
            **common,
        )
    error = problem and element("p", problem, class_="error", id=f"field-{name}-error")
    return element(
        "div", element("label", words, for_=f"field-{name}"), error, control, class_="field"
    )


def _prefilled(visit: Visit, asked: JsonObject) -> str:
    """What the application knows already. A password in an address is none."""
    if visit.connector is None or asked["type"] == "password":
        return ""
    wished = visit.wishes.prefilled.get(f"{visit.connector.bank.uuid}.{asked['name']}")
    return str(asked.get("default", "")) if wished is None else wished


def _fits(asked: JsonObject, value: str) -> bool:
    if "values" in asked:
        return value in {str(each["value"]) for each in asked["values"]}
    return asked["regex"] is None or re.fullmatch(asked["regex"], value) is not None
