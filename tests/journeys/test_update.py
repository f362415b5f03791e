"""Updates: the new version comes when it is asked for, and never takes an open form away."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until

People = Callable[..., FieldWorker]
HOME = "Storgata 12"
WORDS = "Hun trives, men radiatoren på soverommet er"
REGISTRATION = "navigator.serviceWorker.getRegistration()"


class Newer(http.client.HTTPConnection):
    """Carries a newer service worker than the installed one, and calls the installed one old."""

    version = 1
    asked = ""

    def request(self, method: str, url: str, *rest: Any, **more: Any) -> None:
        """Ask for the whole answer, unpacked, and not whether it has changed."""
        self.asked = url
        if len(rest) > 1:
            left_out = ("if-", "accept-encoding")
            headers = {k: v for k, v in rest[1].items() if not k.lower().startswith(left_out)}
            rest = (rest[0], headers, *rest[2:])
        super().request(method, url, *rest, **more)

    def getresponse(self) -> http.client.HTTPResponse:
        """Give the answer; a line is added to the worker's file, a word to the round's."""
        answer = super().getresponse()
        if answer.status != 200 or self.asked not in {"/sw.js", "/api/v1/sync"}:
            return answer
        content = answer.read()
        if self.asked == "/sw.js":
            content += b"\n// version %d\n" % self.version
        else:
            reply = json.loads(content)
            content = json.dumps({**reply, "policy": {"too_old": True}}).encode()
        answer.read = lambda amt=None: content  # type: ignore[method-assign]
        return answer


def find_newer(page: Page) -> None:
    """Let the browser find the newer version and have it ready."""
    page.evaluate(f"{REGISTRATION}.then((one) => one.update())")
    waits = f"{REGISTRATION}.then((one) => one.waiting !== null)"
    wait_until(lambda: page.evaluate(waits), "the new version waits")


def expect_newer(page: Page) -> None:
    """The page stands there anew, locked, and no version waits any more."""
    expect(page.get_by_role("heading", name="Låst.")).to_be_visible()
    assert page.evaluate("globalThis.before") is None
    none = f"{REGISTRATION}.then((one) => one.waiting === null)"
    wait_until(lambda: bool(page.evaluate(none)), "no version waits")


def test_a_new_version_waits_for_the_open_form_and_starts_at_once_when_none_is(
    field_worker: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    kari.unlock()
    kari.start_visit(HOME)
    kari.box("Oppsummering").press_sequentially(WORDS)
    kari.expect_saved()
    monkeypatch.setattr(http.client, "HTTPConnection", Newer)
    find_newer(page)
    kari.sync()
    page.evaluate("globalThis.before = true")
    page.get_by_role("button", name="Oppdater").click()
    kari.box("Oppsummering").press_sequentially(" kald")
    kari.expect_saved()
    assert page.evaluate("globalThis.before") is True
    with page.expect_event("load"):
        kari.back()
    expect_newer(page)

    kari.unlock()
    kari.go("I dag")
    kari.go_on(HOME)
    expect(kari.box("Oppsummering")).to_have_value(WORDS + " kald")
    kari.back()
    monkeypatch.setattr(Newer, "version", 2)
    find_newer(page)
    kari.go("Meg")
    page.evaluate("globalThis.before = true")
    with page.expect_event("load"):
        page.get_by_role("main").get_by_role("button", name="Oppdater").click()
    expect_newer(page)


def test_what_the_server_answers_does_not_wake_the_service_worker(field_worker: People) -> None:
    """A request that wakes the old version in the wrong instant keeps the new one waiting."""
    page = field_worker("kari").begin().page
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    expect(page.get_by_role("heading", name="Låst.")).to_be_visible()
    page.evaluate("fetch('/api/v1/health').then((answer) => answer.text())")
    entries = "performance.getEntriesByType('resource')"
    calls = f"{entries}.filter((one) => new URL(one.name).pathname.startsWith('/api/'))"
    assert set(page.evaluate(f"{calls}.map((one) => one.workerFinalSourceType)")) == {"network"}
