"""Somebody with a browser who logs in by the municipality's provider; it expects nothing."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import create_app
from server.config import Settings
from server.provider import GroupRole, Provider
from server.roles import Role
from tests.identity import CLIENT, SECRET, Idp

BACK = "/office/login/return"
TENANT = "kommunen"
FOREIGN = "https://evil.example"
KARI = {"name": "Kari Nordmann", "groups": ["bomiljo-ost", "nord", "ukjent"], "tid": TENANT}
ROLES = (
    GroupRole("bomiljo-ost", Role.BOMILJO, "Øst"),
    GroupRole("ledere", Role.LEADER, None),
    GroupRole("drift", Role.ADMIN, None),
    GroupRole("nord", Role.BOMILJO, "Et område som ikke finnes"),
)


def provider_of(idp: Idp, **changes: Any) -> Provider:
    """Give the settings that name the test's provider."""
    given: dict[str, Any] = {
        "name": "Testkommune",
        "issuer": idp.issuer,
        "client_id": CLIENT,
        "secret": SECRET,
        "signs": False,
        "tenant": TENANT,
        "acr": (),
        "scope": "openid profile offline_access",
        "groups_claim": "groups",
        "roles": ROLES,
        "back_within": timedelta(days=30),
    }
    return Provider(**{**given, **changes})


@dataclass
class Browser:
    """One browser at our door and at the provider's."""

    app: Flask
    idp: Idp
    client: FlaskClient = field(init=False)
    there: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def begin(self) -> str:
        """Begin as a phone does; give the provider's address."""
        return address_in(self.client.get("/office/login/provider"))

    def sent_back(self, subject: str = "kari-1") -> dict[str, str]:
        """Go there and log in; give what the provider sends along with the browser."""
        where = self.idp.log_in(self.begin(), subject, self.there)
        return dict(parse_qsl(urlsplit(where).query))

    def come_back(self, said: dict[str, str]) -> TestResponse:
        """Bring to our door what the provider sent."""
        return self.client.get(f"{BACK}?{urlencode(said)}")

    def log_in(self, subject: str = "kari-1") -> TestResponse:
        """All the way there and back."""
        return self.come_back(self.sent_back(subject))

    def me(self) -> dict[str, Any] | None:
        """Who the server says that this browser is; None for nobody."""
        answer = self.client.get("/api/v1/me")
        return answer.json if answer.status_code == 200 else None


def address_in(answer: TestResponse) -> str:
    """Give the address that a page leads on to by itself."""
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)
    assert found, answer.text
    return unescape(found[1])


def again(settings: Settings, idp: Idp, **changes: Any) -> Browser:
    """A browser at a server whose provider is set otherwise."""
    other = dataclasses.replace(settings, provider=provider_of(idp, **changes))
    return Browser(create_app(other), idp)


def refused(browser: Browser, words: str = "Innloggingen kunne ikke fullføres.") -> None:
    """Log in in vain: words, no login, and no fault."""
    answer = browser.log_in()
    assert answer.status_code in (401, 403, 503), answer.text
    assert words in answer.text
    assert "oppgang=" not in str(answer.headers.getlist("Set-Cookie"))
    assert browser.me() is None
