"""HTML: elements out of text that is escaped, and whole pages out of elements."""

import base64
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from typing import Final, TypeAlias

from starlette.responses import Response


class Markup(str):
    """Text that is HTML already, and is not escaped again."""

    __slots__ = ()


Child: TypeAlias = "str | Iterable[Child] | None"

_VOID: Final = frozenset({"br", "hr", "input", "link", "meta"})

STYLE: Final = """
:root { color-scheme: light dark; --ink: #1b2430; --paper: #fff; --soft: #eef1f5; --line: #7a8594;
  --deed: #0b5394; --on-deed: #fff; --bad: #a3151b; --bad-soft: #fdecec; --muted: #525c69; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9edf2; --paper: #171c23; --soft: #232b35;
  --line: #8593a3; --deed: #9cc8f5; --on-deed: #10151b; --bad: #ffb3b3; --bad-soft: #3a1d20;
  --muted: #b4bec9; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--soft); }
header, main, footer { max-width: 38rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
main { background: var(--paper); border-radius: .75rem; padding: 1.25rem 1.25rem 1.5rem; }
header, footer { color: var(--muted); font-size: .9375rem; }
header p, footer p { margin: 0; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.125rem; margin: 1.5rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
a { color: var(--deed); }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem; }
label, legend { font-weight: 600; padding: 0; }
ul.banks { list-style: none; margin: 0; padding: 0; }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; }
fieldset label { font-weight: 400; }
.field { margin: 0 0 1rem; }
.field label { display: block; margin-bottom: .25rem; }
.choice { display: flex; gap: .75rem; padding: .5rem 0; align-items: baseline; }
input:not([type=checkbox]):not([type=radio]), select { width: 100%; font: inherit;
  color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .375rem;
  padding: .625rem .75rem; min-height: 2.75rem; }
input[type=checkbox], input[type=radio] { width: 1.25rem; height: 1.25rem; flex: none; margin: 0;
  align-self: center; }
[aria-invalid=true] { border: 2px solid var(--bad); }
button { display: inline-block; font: inherit; font-weight: 600; min-height: 2.75rem;
  padding: .5rem 1.25rem; margin: .25rem .5rem .25rem 0; border-radius: .375rem; cursor: pointer;
  border: 1px solid var(--deed); background: var(--deed); color: var(--on-deed); }
button.plain { background: none; color: var(--deed); }
button.bank { display: block; width: 100%; text-align: left; background: none; color: inherit;
  border-color: var(--line); margin: .375rem 0; }
button.quiet { border-color: transparent; background: none; color: var(--deed);
  text-decoration: underline; padding-left: 0; margin-top: 1rem; }
:focus-visible { outline: 3px solid #e07b00; outline-offset: 2px; }
.alert { border: 2px solid var(--bad); background: var(--bad-soft); border-radius: .375rem;
  padding: .75rem 1rem; margin: 0 0 1rem; }
.alert p, .error { color: var(--bad); margin: 0; font-weight: 600; }
.hint { color: var(--muted); font-size: .9375rem; margin: 1rem 0 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 0 1rem; }
dt { color: var(--muted); }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: 0 0 1rem; }
th, td { text-align: left; overflow-wrap: break-word; padding: .375rem .5rem .375rem 0;
  border-bottom: 1px solid var(--line); }
"""

_STYLE_HASH: Final = base64.b64encode(sha256(STYLE.encode()).digest()).decode()

HEADERS: Final = {
    # There is no form-action: browsers apply it to where a form is redirected to as well, and the
    # way back leads to the application, and from there wherever it likes.
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


def element(tag: str, *children: Child, **attributes: str | bool | None) -> Markup:
    """An element: `class_` is `class`, `aria_label` is `aria-label`, True is a mere name."""
    opened = "".join([f"<{tag}", *_attributes(attributes), ">"])
    return Markup(opened if tag in _VOID else f"{opened}{join(children)}</{tag}>")


def join(child: Child) -> Markup:
    """Pieces put together: what is no markup is escaped, and None is nothing."""
    if child is None:
        return Markup()
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return Markup(escape(child))
    return Markup("".join(join(each) for each in child))


def document(title: str, *content: Child, lang: str, site: str, skip: str, note: str) -> Markup:
    """A whole page with one heading.

    Args:
        title: The heading, which is also the title of the window.
        content: What comes below it.
        lang: The language it is in.
        site: Whose page it is.
        skip: The words of the link that leads past the head of the page.
        note: The small print at its end.
    """
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex"),
        element("title", f"{title} - {site}"),
        element("style", Markup(STYLE)),
    )
    body = element(
        "body",
        element("a", skip, class_="skip", href="#content"),
        element("header", element("p", site)),
        element("main", element("h1", title), *content, id="content"),
        element("footer", element("p", note)),
    )
    return Markup(f"<!doctype html>\n{element('html', head, body, lang=lang)}\n")


def respond(page: Markup, status: int = 200) -> Response:
    """A page as an answer: nothing may be loaded or run in it, and nobody keeps a copy."""
    return Response(page.encode("utf-8", "replace"), status, HEADERS, "text/html; charset=utf-8")


def go(address: str) -> Response:
    """Send the browser elsewhere, where it goes with GET."""
    return Response(status_code=303, headers={**HEADERS, "location": address})


def _attributes(attributes: dict[str, str | bool | None]) -> Iterable[str]:
    for name, value in attributes.items():
        spelled = name.rstrip("_").replace("_", "-")
        if value is True:
            yield f" {spelled}"
        elif value is not None and value is not False:
            yield f' {spelled}="{escape(value)}"'
