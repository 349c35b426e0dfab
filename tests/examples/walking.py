"""A browser without a window: finds on pages what people find, and does what they do."""

from __future__ import annotations

from html.parser import HTMLParser
from types import SimpleNamespace

import httpx


class Page(HTMLParser):
    """What a person finds on a page."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.answer, self.status = answer, answer.status_code
        self.forms, self.links, self.headings, self.rows, self.alerts = [], {}, [], [], []
        self._texts, self._open = [], []
        self.feed(answer.text)
        self.text = " ".join(" ".join(self._texts).split())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.forms.append({"fields": {}, "labels": [], "buttons": {}} | attrs)
        elif tag == "input":
            self.forms[-1]["fields"].setdefault(attrs["name"], attrs.get("value", ""))
        elif tag == "tr":
            self.rows.append([])
        if tag not in {"input", "meta", "link"}:
            self._open.append((tag, attrs, len(self._texts)))

    def handle_data(self, data):
        self._texts.append(data)

    def handle_endtag(self, tag):
        opened, attrs, start = self._open.pop()
        assert opened == tag, "the page is not well-formed"
        text = " ".join("".join(self._texts[start:]).split())
        if tag == "a":
            self.links[text] = attrs["href"]
        elif tag == "button":
            self.forms[-1]["buttons"][text] = (
                {attrs["name"]: attrs["value"]} if attrs.get("name") else {}
            )
        elif tag == "label":
            self.forms[-1]["labels"].append(text)
        elif tag in {"h1", "h2"}:
            self.headings.append(text)
        elif tag == "td":
            self.rows[-1].append(SimpleNamespace(text=text, classes=attrs.get("class", "")))
        if attrs.get("role") == "alert":
            self.alerts.append(text)

    @property
    def movements(self):
        """The rows of the table, without the head."""
        return [[cell.text for cell in row] for row in self.rows if row]

    def form(self, button):
        """The form with this button."""
        return next(each for each in self.forms if button in each["buttons"])


class Browser:
    """Somebody's browser."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def get(self, path, **params):
        return Page(self.http.get(path, params=params or None, follow_redirects=True))

    def press(self, button, on="/", **fields):
        """Send a form of a page, given or at a path; gives the answer itself."""
        page = on if isinstance(on, Page) else self.get(on)
        form = page.form(button)
        return self.http.post(
            page.answer.url.join(form.get("action", "")),
            data=form["fields"] | form["buttons"][button] | fields,
        )

    def walk(self, button, on="/", **fields):
        """Press a button and follow where that leads."""
        answer = self.press(button, on, **fields)
        while answer.next_request:
            answer = self.http.send(answer.next_request)
        return Page(answer)

    def start(self, name="Camille"):
        assert self.press("Start", name=name).status_code == 303
        return self

    def state(self, button="Connect a bank"):
        return httpx.URL(self.press(button).headers["location"]).params["state"]
