"""Somebody at the office whose browser runs no script: opens pages, fills in forms, sends them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from server.demo.municipality import STAFF
from tests.server.phone import open_login

VOID = re.compile(r'nonce="[^"]*"|name="(?:csrf|form)" value="[^"]*"')


@contextmanager
def asked() -> Iterator[list[str]]:
    """Give the questions that the database is asked meanwhile, by whatever engine."""
    questions: list[str] = []

    def note(*given: Any) -> None:
        questions.append(str(given[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield questions
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@dataclass
class Form:
    """One form of a page: where it goes, and what is in it before anybody types."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, value and words of each button."""

    def one(self, name: str) -> str:
        """Give the only value of a field."""
        (value,) = self.fields[name]
        return value


class _Forms(HTMLParser):
    """Reads the forms, links and words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.controls: list[tuple[str, dict[str, str]]] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._button: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a form, a field, a button or a link."""
        given = {name: value or "" for name, value in attrs}
        if tag in ("input", "select", "textarea"):
            self.controls.append((tag, given))
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif self._form is not None and tag == "input":
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self._form.fields.setdefault(given.get("name", ""), []).append(
                    given.get("value", "")
                )
        elif self._form is not None and tag == "textarea":
            self._area = given["name"]
            self._form.fields.setdefault(self._area, []).append("")
        elif self._form is not None and tag == "button":
            self._button = (given.get("name", ""), given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a form, a field or a button."""
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        """Keep the words, where they are shown."""
        self.words.append(data)
        if self._form is not None and self._area is not None:
            self._form.fields[self._area][-1] += data
        if self._form is not None and self._button is not None:
            self._form.buttons.append((*self._button, data.strip()))


@dataclass
class Page:
    """A page as it came; it is read when somebody asks what stands on it."""

    status: int
    html: str
    location: str | None
    headers: Mapping[str, str]

    @cached_property
    def _read(self) -> _Forms:
        parser = _Forms()
        parser.feed(self.html)
        return parser

    @property
    def forms(self) -> list[Form]:
        """Its forms, in order."""
        return self._read.forms

    @property
    def links(self) -> list[str]:
        """Where its links lead, in order."""
        return self._read.links

    @property
    def controls(self) -> list[tuple[str, dict[str, str]]]:
        """Its fields: what they are, and their attributes."""
        return self._read.controls

    @cached_property
    def words(self) -> str:
        """Give its words, without marks and needless room."""
        return " ".join(" ".join(self._read.words).split())

    def form(self, button: str) -> Form:
        """Find the form that has a button with these words."""
        found = [form for form in self.forms if any(words == button for *_, words in form.buttons)]
        assert found, (button, self.words)
        return found[0]

    def has(self, button: str) -> bool:
        """Say whether some form has a button with these words."""
        return any(words == button for form in self.forms for *_, words in form.buttons)

    @property
    def plain(self) -> str:
        """Give the page without what is fresh on each one."""
        return VOID.sub("", self.html)


def read(response: TestResponse) -> Page:
    """Take a reply as a page."""
    return Page(
        response.status_code,
        response.text,
        response.headers.get("Location"),
        dict(response.headers),
    )


class Reader:
    """One browser; `login` names a person of the demo municipality, who is in already.

    That costs no password; `log_in` goes the way by the login page.
    """

    def __init__(self, app: Flask, login: str | None = None) -> None:
        self.client = open_login(app, STAFF[login].id) if login else app.test_client()

    def log_in(self, login: str) -> Reader:
        """Log a person of the demo municipality in by name and password."""
        form, password = self.open("/office/login").form("Logg inn"), STAFF[login].passphrase
        page = self.send(form, name=login, password=password, follow=False)
        assert page.status == 302, page.words
        return self

    def open(self, path: str) -> Page:
        """Open a page, following what it points on to."""
        return read(self.client.get(path, follow_redirects=True))

    def find(self, path: str, words: str) -> Page:
        """Search on a page by the form that stands there."""
        return self.send(self.open(path).form("Søk"), q=words)

    def post(self, path: str, fields: Mapping[str, str | list[str]], follow: bool = True) -> Page:
        """Send fields as they are."""
        return read(self.client.post(path, data=dict(fields), follow_redirects=follow))

    def send(
        self,
        form: Form,
        button: str | None = None,
        follow: bool = True,
        typed: Mapping[str, str | list[str]] | None = None,
        **more: str | list[str],
    ) -> Page:
        """Send a form by one of its buttons, with what was typed."""
        fields: dict[str, str | list[str]] = {**form.fields, **(typed or {}), **more}
        for name, value, words in form.buttons:
            if words == button and name:
                fields[name] = value
        return self.post(form.action or self.client_path, fields, follow)

    client_path = "/office/login"
