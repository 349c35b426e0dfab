"""The webview's addresses: a page that begins a visit, and the visit itself."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from powens.sandbox.state import World
from powens.sandbox.webview import manage, pages, payment, screens
from powens.sandbox.webview.html import go, respond
from powens.sandbox.webview.pages import PATH, Answers, Page, button, form, paragraph, visit_path
from powens.sandbox.webview.steps import Action, Screen
from powens.sandbox.webview.visit import FLOWS, Visit, VisitError, begin
from powens.sandbox.webview.words import Words

_SCREENS: Final[Mapping[str, Screen]] = {**screens.SCREENS, **manage.SCREENS, **payment.SCREENS}
_PLACES: Final[Mapping[str, Callable[[Visit], str]]] = {**screens.PLACES, **payment.PLACES}
_LEAVES: Final[Mapping[str, Action]] = {
    "connect": screens.give_up,
    "reconnect": screens.give_up,
    "manage": manage.give_up,
    "payment": payment.give_up,
}

_GONE: Final = "This page does not exist, or your visit is over."


class Webview:
    """The visits of one world, and the routes that serve them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._visits: dict[str, Visit] = {}

    @property
    def routes(self) -> list[Route]:
        """What to add to an application."""
        return [
            Route(f"{PATH}/visit/{{ticket}}", self._show, methods=["GET"]),
            Route(f"{PATH}/visit/{{ticket}}", self._answer, methods=["POST"]),
            Route(f"{PATH}/{{lang}}/{{flow}}", self._begin, methods=["GET"]),
        ]

    async def _begin(self, request: Request) -> Response:
        say = Words.of(request.path_params["lang"])
        flow: str = request.path_params["flow"]
        if flow not in FLOWS:
            return _sorry(say, _GONE, 404)
        if request.method == "HEAD":  # a look ahead is no visit, and must not spend the code
            return Response()
        query = request.scope["query_string"].decode("latin-1")
        try:
            visit = begin(self._world, flow, say, dict(parse_qsl(query, keep_blank_values=True)))
        except VisitError as reason:
            return _sorry(say, str(reason), 400)
        self._visits[visit.ticket] = visit
        return go(visit_path(visit))

    async def _show(self, request: Request) -> Response:
        visit = self._visits.get(request.path_params["ticket"])
        if visit is None or (visit.outcome is None and visit.is_lost):
            return _sorry(_reader(request, visit), _GONE, 400)
        if request.query_params:  # the way back from the bank's own page
            if "error" in request.query_params:
                visit.complain({"": visit.say("You refused on the page of your bank.")})
            return go(visit_path(visit))
        was_over = visit.outcome is not None
        screen = _arrive(visit)
        if visit.outcome is not None and not was_over:
            return go(visit.outcome)
        return respond(pages.whole(visit, screen.show(visit)))

    async def _answer(self, request: Request) -> Response:
        visit = self._visits.get(request.path_params["ticket"])
        if visit is None or (visit.outcome is None and visit.is_lost):
            return _sorry(_reader(request, visit), _GONE, 400)
        answers = Answers.read(await request.body())
        address = None
        if visit.outcome is None and answers.page == str(visit.serial):
            address = _act(visit, answers)
        return go(visit.outcome or address or visit_path(visit))


def _arrive(visit: Visit) -> Screen:
    """The page the visit is at. What happened elsewhere may have moved it on, or ended it."""
    name = visit.screen
    if visit.outcome is None and name in _PLACES:
        name = _PLACES[name](visit)
    return _SCREENS[name] if visit.outcome is None else _OVER


def _act(visit: Visit, answers: Answers) -> str | None:
    actions = {"leave": _LEAVES[visit.flow], **_arrive(visit).actions}
    if visit.outcome is not None or answers.verb not in actions:
        return None
    visit.serial += 1
    return actions[answers.verb](visit, answers)


def _reader(request: Request, visit: Visit | None) -> Words:
    if visit is not None:
        return visit.say
    return Words.preferred(request.headers.get("accept-language", ""))


def _sorry(say: Words, text: str, status: int) -> Response:
    page = pages.frame(say, say("This is not possible"), paragraph(say(text)))
    return respond(page, status)


def _over(visit: Visit) -> Page:
    """What the back button finds of a visit that is over."""
    say = visit.say
    back = form(visit, button(say("Return to the application"), "return"))
    return Page(say("You have finished here"), [back], leave=None)


_OVER: Final = Screen(_over, {})
