"""Woken in the browser: a real worker in a real browser, a real scheduler, and a push service.

A browser of a test reaches no push service of its maker and shows no notifications: where it is
woken and what somebody answers are made up for it, the service is the test's, and what that would
carry to the browser is handed over by DevTools. All else is as it is: the worker and its
registration under the page's policy, the forms, the schedulers, what the service is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Worker, expect

from server import people
from server.config import Settings
from server.database import Database
from server.push import Push
from server.safety.letters import LetterRow
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.stage import SECONDS_MAX, Server, told, wait_until
from tests.journeys.test_office_looks import look as amiss_on
from tests.journeys.test_safety import _watched, open_alone, scheduler, start
from tests.journeys.wire import Wire
from tests.makers import NAMES
from tests.push_sink import Service, push_service

TURN_ON, LET_BE = "Varsle i denne nettleseren", "Ikke varsle her"
MADE_UP = """((endpoint) => {
  const plain = (text) => atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  const bytes = (text) => Uint8Array.from(plain(text), (sign) => sign.charCodeAt(0))
  const at = (key) => ({
    endpoint,
    options: { applicationServerKey: bytes(key).buffer },
    unsubscribe: async () => { localStorage.removeItem('made-up'); return true },
  })
  PushManager.prototype.getSubscription = async () => {
    const key = localStorage.getItem('made-up')
    return key && at(key)
  }
  PushManager.prototype.subscribe = async (wanted) => {
    if (!wanted.userVisibleOnly) throw new Error('silent')
    localStorage.setItem('made-up', wanted.applicationServerKey)
    return at(wanted.applicationServerKey)
  }
})"""
SAYS = """((answer) => {
  Object.defineProperty(Notification, 'permission', { get: () => answer })
  Notification.requestPermission = async () => answer
})"""
WATCHED = """() => {
  self.shown = []
  self.registration.showNotification = async (title, more) => { self.shown.push([title, more]) }
  self.clients.openWindow = async (path) => { self.opened = path }
}"""
TAPPED = """async () => {
  const event = new ExtendableEvent('notificationclick')
  const done = new Promise((ended) => Object.defineProperty(event, 'waitUntil', { value: ended }))
  const notification = { close: () => { self.shown = [] } }
  Object.defineProperty(event, 'notification', { value: notification })
  self.dispatchEvent(event)
  await done
  return [self.opened, self.shown.length]
}"""


@pytest.fixture
def service() -> Iterator[Service]:
    """A push service."""
    with push_service() as made:
        yield made


@pytest.fixture
def waking(service: Service) -> dict[str, str]:
    """What the server must be told to wake by it."""
    return {"OPPGANG_PUSH_SUBJECT": "mailto:it@example.org", "OPPGANG_PUSH_HOSTS": service.host}


@pytest.fixture
def server(settings: Settings, tmp_path: Path, waking: dict[str, str]) -> Server:
    """The real server, which may wake browsers."""
    return Server({**told(settings), **waking}, tmp_path / "server.log")


def duty(desk: Desk) -> Page:
    """Go to Vakt."""
    desk.go("Trygt besøk")
    desk.page.get_by_role("link", name="Vakt").click()
    return desk.page


def allow(desk: Desk, service: Service | None, answer: str = "granted") -> Page:
    """Somebody who answers the browser so; without a service the browser cannot subscribe."""
    desk.begin()
    context = desk.phone.context
    assert context is not None
    context.add_init_script(f"{SAYS}({answer!r})")
    if service is not None:
        context.add_init_script(f"{MADE_UP}({service.endpoint('desk')!r})")
    return duty(desk)


def worker_of(page: Page) -> Worker:
    """The worker that the office gave the browser, watched in what it shows and opens."""
    assert page.context is not None
    (found,) = (each for each in page.context.service_workers if "push_worker" in each.url)
    found.evaluate(WATCHED)
    return found


def deliver(page: Page) -> None:
    """Hand the browser what the push service would carry to it: nothing."""
    assert page.context is not None
    wires = page.context.new_cdp_session(page)
    seen: list[dict[str, Any]] = []
    wires.on("ServiceWorker.workerRegistrationUpdated", lambda event: seen.append(event))
    wires.send("ServiceWorker.enable")

    def known() -> list[str]:
        page.evaluate("0")
        rows = [row for event in seen for row in event["registrations"]]
        return [r["registrationId"] for r in rows if r["scopeURL"].endswith("/office/static/")]

    wait_until(known, "the browser tells of the worker")
    origin = page.evaluate("location.origin")
    given = {"origin": origin, "registrationId": known()[0], "data": ""}
    wires.send("ServiceWorker.deliverPushMessage", given)


def test_who_turned_it_on_is_woken_when_somebody_must_get_out_and_a_tap_opens_the_list(
    wire: Wire,
    settings: Settings,
    database: Database,
    service: Service,
    waking: dict[str, str],
    desk: Callable[[str], Desk],
    field_worker: Callable[..., FieldWorker],
    tmp_path: Path,
) -> None:
    lise = desk("lise")
    page = allow(lise, service)
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.get_by_role("button", name=TURN_ON).click()
    expect(page.get_by_text("Du varsles i denne nettleseren.")).to_be_visible()
    assert faults == [], "the page's policy lets its own worker in"
    with scheduler(settings, waking, tmp_path / "scheduler.log"):
        wait_until(lambda: _watched(database), "the scheduler watches")
        kari = field_worker("kari").begin()
        open_alone(kari.page)
        start(kari.page)
        expect(
            kari.page.get_by_text(f"Melder du deg ikke, varsles {NAMES['lise']}.")
        ).to_be_visible()
        kari.page.get_by_role("button", name="Må ut nå").click()
        assert service.came.wait(SECONDS_MAX)
        wait_until(lambda: _taken(database), "it is written that the service took it")
    (asked,) = service.asked
    push = Push("mailto:it@example.org", (), (settings.keys / "push.key").read_bytes())
    assert (asked.path, asked.body, asked.key) == ("/wake/desk", b"", push.public_key)
    assert asked.claims["sub"] == push.subject
    worker = worker_of(page)
    deliver(page)
    wait_until(lambda: worker.evaluate("() => self.shown.length"), "the worker shows it")
    ((title, more),) = worker.evaluate("() => self.shown")
    assert (title, more["body"]) == ("Oppgang: Trygt besøk", "Se på lista nå.")
    assert more["requireInteraction"] is True, "it stays until somebody has seen it"
    assert worker.evaluate(TAPPED) == ["/office/safety", 0]
    lise.go("Trygt besøk")
    expect(page.get_by_text(f"Varsel i nettleseren til {NAMES['lise']} i dag")).to_be_visible()


def test_it_is_turned_off_again_and_ends_when_they_log_out(
    wire: Wire, database: Database, service: Service, desk: Callable[[str], Desk]
) -> None:
    lise = desk("lise")
    page = allow(lise, service)
    assert amiss_on(page, "duty-not-woken") == []
    page.get_by_role("button", name=TURN_ON).click()
    let_be = page.get_by_role("button", name=LET_BE)
    expect(let_be).to_be_visible()
    assert amiss_on(page, "duty-woken") == []
    let_be.click()
    expect(page.get_by_role("button", name=TURN_ON)).to_be_visible()
    assert _endpoints(database) == []
    page.get_by_role("button", name=TURN_ON).click()
    expect(let_be).to_be_visible()
    assert _endpoints(database) == [service.endpoint("desk")]
    page.get_by_role("button", name="Logg ut").click()
    expect(page.get_by_label("Passord", exact=True)).to_be_visible()
    assert _endpoints(database) == []


def test_a_browser_that_cannot_says_so_and_changes_nothing(
    wire: Wire, database: Database, desk: Callable[[str], Desk]
) -> None:
    """The browser of a test reaches no service of its maker, as one behind a strict wall."""
    lise = desk("lise")
    page = allow(lise, None)
    page.get_by_role("button", name=TURN_ON).click()
    expect(page.get_by_text("Nettleseren fikk ikke til å slå på varsler.")).to_be_visible()
    assert amiss_on(page, "duty-cannot-be-woken") == []
    assert _endpoints(database) == []


def test_somebody_who_said_no_is_told_where_to_say_yes(
    wire: Wire, service: Service, desk: Callable[[str], Desk]
) -> None:
    page = allow(desk("lise"), service, "denied")
    expect(page.get_by_text("Nettleseren har fått nei til å varsle.")).to_be_visible()
    expect(page.get_by_role("button", name=TURN_ON)).to_have_count(0)
    assert amiss_on(page, "duty-refused") == []


def _taken(database: Database) -> bool:
    with database.reading() as session:
        return all(row.ended_at for row in session.query(LetterRow))


def _endpoints(database: Database) -> list[str]:
    with database.reading() as session:
        rows = session.query(people.LoginSession.endpoint)
        return [endpoint for (endpoint,) in rows if endpoint is not None]
