"""A browser with a device that holds passkeys, at the office's pages; it expects nothing."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

from server.demo.municipality import STAFF
from tests.authenticator import Authenticator
from tests.office.reader import Page, Reader

INGRID, LISE = STAFF["ingrid"].id, STAFF["lise"].id
MAKE, ENTER = "Lag passnøkkel på denne enheten", "Logg inn med passnøkkel"
Asked = dict[str, Any]


def ceremony(page: Page) -> tuple[Asked, dict[str, str]]:
    """Read what a page asks of the browser, and the fields that go back with the answer."""
    said = page.html.partition('data-options="')[2].partition('"')[0]
    (form,) = (form for form in page.forms if "answer" in form.fields)
    return json.loads(unescape(said)), {name: form.one(name) for name in form.fields}


def make(reader: Reader, device: Authenticator, **lies: Any) -> Page:
    """Make a passkey on a device."""
    asked, fields = ceremony(reader.send(reader.open("/office/me").form(MAKE)))
    fields["answer"] = json.dumps(device.make(asked, **lies), separators=(",", ":"))
    return reader.post("/office/me/passkey/answer", fields)


def begin(reader: Reader) -> tuple[Asked, dict[str, str]]:
    """Ask for a login by passkey at the office's door."""
    return ceremony(reader.send(reader.open("/office/login").form(ENTER)))


def enter_by(reader: Reader, said: Any, fields: dict[str, str]) -> Page:
    """Send what a device said."""
    text = said if isinstance(said, str) else json.dumps(said, separators=(",", ":"))
    return reader.post("/office/login/passkey/answer", {**fields, "answer": text}, follow=False)


def is_in(reader: Reader) -> bool:
    """Say whether somebody is logged in."""
    return "Logg ut" in reader.open("/office/me").words
