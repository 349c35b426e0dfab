"""The pages of banks and of payment links, where a person allows something or refuses it.

A program that follows the address is sent back at once; `?deny` refuses for it.
"""

from collections.abc import Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from powens.sandbox.call import Call
from powens.sandbox.webview.html import Child, element, respond
from powens.sandbox.webview.pages import button, frame, paragraph
from powens.sandbox.webview.words import Words
from powens.sandbox.wire import Answer, ApiError


def decision(call: Call) -> bool | None:
    """Whether the customer allows it; None while a person has not said so yet."""
    if call.request.method == "POST":
        return call.body.get("action") != "refuse"
    if call.query.flag("deny"):
        return False
    return None if _is_person(call.request) else True


def question(call: Call, title: str, bank: str, *content: Child, allow: str) -> Response:
    """The page on which a person decides.

    Args:
        call: The request for the page.
        title: The heading, in words that have a translation; `{bank}` is the bank.
        bank: The name of the bank.
        content: What it is about.
        allow: The words of the button that allows it.
    """
    say = words_for(call)
    buttons = element(
        "form", button(say(allow), "allow"), button(say("Refuse"), "refuse", "plain"), method="post"
    )
    return respond(frame(say, say(title, bank=bank), *content, buttons))


def back(call: Call, address: str) -> Answer:
    """Send the customer back to the application."""
    return Answer(303 if call.request.method == "POST" else 302, location=address)


def words_for(call: Call) -> Words:
    """The language of the browser."""
    return Words.preferred(call.request.headers.get("accept-language", ""))


def for_people(handler: Callable[[Call], Answer | Response]) -> Callable[[Call], Answer | Response]:
    """Let a refusal of a handler be a page, where it is a person who asks."""

    @wraps(handler)
    def handle(call: Call) -> Answer | Response:
        try:
            return handler(call)
        except ApiError as error:
            if not _is_person(call.request):
                raise
            say = words_for(call)
            words = say("This page does not exist, or your visit is over.")
            page = frame(say, say("This is not possible"), paragraph(words))
            return respond(page, error.status)

    return handle


def _is_person(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "").lower()
