"""A browser without JavaScript, which reads pages as strictly as a person in need of them."""

from __future__ import annotations

import base64
import ssl
from hashlib import sha256
from html.parser import HTMLParser
from typing import Self
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loading authorities for each client takes long
VOID = {"br", "hr", "input", "link", "meta"}


class Form:
    """A form: where it goes, what it holds, and its buttons by their words."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.method, self.action = attributes.get("method", "get"), attributes.get("action", "")
        self.values: list[tuple[str, str]] = []
        self.boxes: dict[str, tuple[str, str]] = {}
        self.ticked: set[str] = set()
        self.typed: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.options: dict[str, dict[str, str]] = {}
        self.buttons: dict[str, tuple[str, str]] = {}

    def data(self, button: str) -> dict[str, list[str]]:
        chosen = [self.boxes[each] for each in self.boxes if each in self.ticked]
        typed = [(self.names[each], value) for each, value in self.typed.items()]
        data: dict[str, list[str]] = {}
        for name, value in [*self.values, *chosen, *typed, self.buttons[button]]:
            data.setdefault(name, []).append(value)
        return data


class Page(HTMLParser):
    """What is on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.labels: dict[str, str] = {}
        self.headings: list[str] = []
        self.alerts: list[str] = []
        self.styles: list[str] = []
        self.lang = ""
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._select: str | None = None
        self._words: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"
        self.text = " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag == "html":
            self.lang = attributes["lang"]
        elif tag == "form":
            self.forms.append(Form(attributes))
        elif tag == "input":
            self._input(attributes)
        elif tag == "select":
            self._select = attributes["id"]
            self.forms[-1].names[self._select] = attributes["name"]
            self.forms[-1].options[self._select] = {}
            self.forms[-1].typed[self._select] = ""
        if tag not in VOID:
            self._open.append((tag, attributes, []))

    def handle_data(self, data: str) -> None:
        for _, _, words in self._open:
            words.append(data)
        if self._open and self._open[-1][0] not in {"style", "title"}:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        opened, attributes, parts = self._open.pop()
        assert opened == tag, f"<{opened}> closed by </{tag}>"
        words = "".join(parts)
        if tag == "h1":
            self.headings.append(words)
        elif tag == "style":
            self.styles.append(words)
        elif tag == "label":
            self.labels[attributes["for"]] = words
        elif tag == "button":
            self.forms[-1].buttons[words] = (attributes["name"], attributes["value"])
        elif tag == "option" and self._select:
            self.forms[-1].options[self._select][words] = attributes["value"]
            if "selected" in attributes:
                self.forms[-1].typed[self._select] = attributes["value"]
        if attributes.get("role") == "alert":
            self.alerts.append(words)

    def _input(self, attributes: dict[str, str]) -> None:
        form, kind = self.forms[-1], attributes.get("type", "text")
        if kind == "hidden":
            form.values.append((attributes["name"], attributes["value"]))
        elif kind == "checkbox":
            form.boxes[attributes["id"]] = (attributes["name"], attributes["value"])
            if "checked" in attributes:
                form.ticked.add(attributes["id"])
        else:
            form.names[attributes["id"]] = attributes["name"]
            form.typed[attributes["id"]] = attributes.get("value", "")

    @property
    def controls(self) -> list[str]:
        """The ids of what is filled in or ticked."""
        return [each for form in self.forms for each in (*form.typed, *form.boxes)]


class Browser:
    """Walks the pages of one server; an address elsewhere ends the way, and is not asked for."""

    def __init__(self, lang: str = "en") -> None:
        headers = {"accept": "text/html,*/*;q=0.8", "accept-language": lang}
        self._client = httpx.Client(headers=headers, verify=NO_TLS, timeout=5)
        self._history: list[str] = []
        self.left: str | None = None
        self.status = 0
        self.page: Page

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def url(self) -> str:
        return self._history[-1]

    @property
    def title(self) -> str:
        return self.page.headings[0]

    @property
    def buttons(self) -> list[str]:
        return [words for form in self.page.forms for words in form.buttons]

    @property
    def callback(self) -> dict[str, str]:
        """What the application is told."""
        assert self.left is not None, f"still at: {self.title}: {self.page.text}"
        return dict(parse_qsl(urlsplit(self.left).query, keep_blank_values=True))

    def open(self, url: str) -> Browser:
        self._origin = urlsplit(url).netloc
        return self._follow(self._client.get(url))

    def back(self) -> Browser:
        """What the back button does, to pages that nobody may keep."""
        self.left = None
        if len(self._history) > 1:
            self._history.pop()
        return self._follow(self._client.get(self._history.pop()))

    def fill(self, **values: str) -> Browser:
        """Fill fields in by their labels, with `_` for a space."""
        for words, value in values.items():
            control = self._control(words.replace("_", " "))
            form = next(form for form in self.page.forms if control in form.typed)
            form.typed[control] = form.options.get(control, {}).get(value, value)
        return self

    def shown(self, words: str) -> str:
        """What a field holds."""
        control = self._control(words)
        return next(form.typed[control] for form in self.page.forms if control in form.typed)

    def tick(self, *words: str) -> Browser:
        """Tick the boxes with these words in their labels, and no others."""
        for form in self.page.forms:
            labels = {each: self.page.labels[each] for each in form.boxes}
            form.ticked = {
                each for each, label in labels.items() if any(part in label for part in words)
            }
        return self

    def prepare(self, button: str) -> tuple[str, dict[str, list[str]]]:
        """Where a button would send what."""
        forms = [form for form in self.page.forms if button in form.buttons]
        assert len(forms) == 1, f"{button!r} is not one of {self.buttons} on: {self.page.text}"
        assert forms[0].method == "post"
        return urljoin(self.url, forms[0].action), forms[0].data(button)

    def press(self, button: str) -> Browser:
        return self.send(*self.prepare(button))

    def send(self, url: str, data: dict[str, list[str]]) -> Browser:
        answer = self._client.post(url, data=data)
        assert answer.status_code != 200 or "/links/" in url, "a reload would send it again"
        return self._follow(answer)

    def _control(self, words: str) -> str:
        found = [each for each, label in self.page.labels.items() if label == words]
        assert len(found) == 1, f"{words!r} is not one of {self.page.labels}"
        return found[0]

    def _follow(self, answer: httpx.Response) -> Browser:
        while answer.is_redirect:
            address = urljoin(str(answer.url), answer.headers["location"])
            if urlsplit(address).netloc != self._origin:
                self.left = address
                return self
            answer = self._client.get(address)
        self.status, self.page = answer.status_code, Page(answer.text)
        self._history.append(str(answer.url))
        _check(answer, self.page)
        return self


def _check(answer: httpx.Response, page: Page) -> None:
    """What is asked of every page."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    style = base64.b64encode(sha256(page.styles[0].encode()).digest()).decode()
    assert (
        f"default-src 'none'; style-src 'sha256-{style}'"
        in (answer.headers["content-security-policy"])
    )
    tags = [tag for tag, _ in page.tags]
    assert not {"script", "iframe", "img", "link"} & {*tags}
    assert not any({"src", "onclick", "style"} & {*each} for _, each in page.tags)
    assert page.lang in {"en", "fr"}
    assert len(page.headings) == 1
    assert page.headings[0].strip()
    assert [tags.count(tag) for tag in ("header", "main", "footer")] == [1, 1, 1]
    ids = [each["id"] for _, each in page.tags if "id" in each]
    assert len(ids) == len({*ids})
    assert all(page.labels.get(control, "").strip() for control in page.controls)
    for _, each in page.tags:
        if each.get("href", "").startswith("#"):
            assert each["href"][1:] in ids
        if "aria-describedby" in each:
            assert each["aria-describedby"] in ids
