"""Trygt besøk, as walks through the app: a real scheduler, a mail server, a phone that dies.

Where half an hour must pass, the watch is told that it is later: the same code as the scheduler's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from server import people, safety
from server.config import Settings
from server.database import Database
from server.ledger import MutationRow
from server.shapes import Json
from server.smtp import Line, Smtp
from tests.journeys.birkegata import stored
from tests.journeys.looks import Looks
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.stage import ROOT, SECONDS_MAX, Server, told, wait_until
from tests.journeys.test_office_looks import look as amiss_on
from tests.journeys.town import write
from tests.journeys.wire import Wire
from tests.mail_sink import Sink, mail_sink
from tests.makers import NAMES, USERS, mutation, new_id

HOME = "Kongens gate 12"
NUMBER = "900 00 000"
UNHEARD = f"Kontoret vet ikke at du er her. Ingen blir varslet. Ring {NUMBER} før du går inn."
LATER = timedelta(minutes=31)
LISE, WATCH = NAMES["lise"], "Vakttelefonen"


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server."""
    with mail_sink() as made:
        yield made


@pytest.fixture
def mailing(sink: Sink) -> dict[str, str]:
    """What the server must be told to send by it."""
    named = {"HOST": "127.0.0.1", "PORT": str(sink.port), "LINE": "none", "FROM": "o@example.org"}
    return {f"OPPGANG_SMTP_{name}": value for name, value in named.items()}


@pytest.fixture
def server(settings: Settings, tmp_path: Path, mailing: dict[str, str]) -> Server:
    """The real server, which knows the mail server."""
    return Server({**told(settings), **mailing}, tmp_path / "server.log")


@pytest.fixture
def watching(database: Database, settings: Settings, sink: Sink) -> Callable[[timedelta], None]:
    """Gives schedulers' one look at a moment so long from now, and the letters that follow."""
    by_mail = replace(settings, smtp=Smtp("127.0.0.1", sink.port, Line.NONE, "o@example.org"))

    def look(later: timedelta) -> None:
        at = datetime.now(UTC) + later
        safety.watch(database, by_mail, at)
        safety.send_letters(database, by_mail, at)

    return look


@contextmanager
def scheduler(settings: Settings, mailing: dict[str, str], log: Path) -> Iterator[None]:
    """Run the real scheduler, a process of its own, for a block."""
    given = {**os.environ, **told(settings), **mailing}
    words = [sys.executable, "-m", "server", "scheduler"]
    with log.open("ab") as out:
        process = subprocess.Popen(words, cwd=ROOT, env=given, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def reads_mail(database: Database) -> None:
    """Lise has said where she reads mail."""
    with database.writing() as session:
        people.keep_address(session, USERS["lise"], "lise@example.org", datetime.now(UTC))


def open_alone(page: Page) -> None:
    """Go to Trygt besøk from Meg."""
    page.get_by_role("button", name="Meg", exact=True).click()
    page.get_by_role("button", name="Trygt besøk").click()


def start(page: Page) -> None:
    """Start half an hour in the home."""
    page.get_by_role("button", name=HOME).first.click()
    page.get_by_role("button", name="Start Trygt besøk").click()
    expect(page.get_by_role("button", name="Må ut nå")).to_be_visible()


def bar(page: Page) -> Any:
    """What stands on every screen."""
    return page.get_by_role("region", name="Trygt besøk")


def tells(worker: FieldWorker, words: str) -> None:
    """See these words; a browser that was killed may have lost its login, and gets it again."""
    told_so = worker.page.get_by_text(words)
    log_in = worker.page.get_by_role("button", name="Logg inn")
    expect(told_so.or_(log_in).first).to_be_visible()
    if log_in.is_visible():
        worker.log_in_again()
    expect(told_so).to_be_visible()


def check_in(database: Database) -> dict[str, Any]:
    """The one check-in, as the server has it; empty before it came."""
    found = list(stored(database, "check_in").values())
    return found[0] if found else {}


def warnings(database: Database) -> int:
    """How many mutations say that somebody was warned."""
    with database.reading() as session:
        raws = [row.raw or b"" for row in session.query(MutationRow)]
    return sum(b'"escalated_at"' in raw for raw in raws)


def test_must_get_out_reaches_who_is_on_duty_by_mail_and_on_the_list(
    wire: Wire,
    settings: Settings,
    database: Database,
    field_worker: Callable[..., FieldWorker],
    desk: Callable[[str], Desk],
    sink: Sink,
    mailing: dict[str, str],
    tmp_path: Path,
    looks: Looks,
) -> None:
    reads_mail(database)
    with scheduler(settings, mailing, tmp_path / "scheduler.log"):
        wait_until(lambda: _watched(database), "the scheduler watches")
        kari = field_worker("kari").begin()
        page = kari.page
        open_alone(page)
        looks.at(page, "trygt-besok-start", large=True)
        start(page)
        expect(page.get_by_text(f"Melder du deg ikke, varsles {LISE}.")).to_be_visible()
        expect(page.get_by_text("Telefonen kan ikke minne deg på tiden")).to_be_visible()
        looks.at(page, "trygt-besok-i-gang", large=True)
        page.get_by_role("button", name="Må ut nå").click()
        expect(page.get_by_text("Gå ut først. Ring 112 hvis du er i fare.")).to_be_visible()
        expect(page.get_by_role("link", name="Ring 112")).to_have_attribute("href", "tel:112")
        expect(page.get_by_text(f"{LISE} ble varslet kl.")).to_be_visible()
        looks.at(page, "ma-ut-na", large=True)
        assert sink.came.wait(SECONDS_MAX)
    ((to, letter),) = sink.taken
    assert to == "lise@example.org"
    assert "Kari" not in letter.as_string() and HOME not in letter.as_string()
    lise = desk("lise").begin()
    expect(lise.page.get_by_role("link", name="Trygt besøk: 1 må følges opp nå")).to_be_visible()
    lise.go("Trygt besøk")
    line = lise.page.get_by_role("listitem").filter(has_text=NAMES["kari"]).first
    expect(line).to_contain_text("Må ut nå")
    lise.page.get_by_role("button", name=f"Jeg følger opp {NAMES['kari']}").click()
    expect(lise.page.get_by_text("Du følger opp")).to_be_visible()
    page.get_by_role("button", name="Skriv hendelse").click()
    expect(page.get_by_text("Hvordan går det? Skriv det viktigste nå")).to_be_visible()
    page.get_by_label("Hva skjedde?").select_option(label="Trussel")
    page.get_by_label("Det viktigste").fill("Ble ropt til og gikk ut med en gang.")
    looks.at(page, "hendelse", large=True)
    page.get_by_role("button", name="Send til lederen").click()
    wait_until(lambda: stored(database, "staff_incident"), "the leader has the incident")
    (told_body,) = stored(database, "staff_incident").values()
    assert told_body["alone"] is True and "dwelling" not in told_body and "tenancy" not in told_body
    lise.go("Trygt besøk")
    lise.page.get_by_role("link", name="Hendelser").click()
    lise.page.get_by_role("link", name="Trussel").click()
    lise.page.get_by_label("Hva gjør vi nå?").fill("Snakket sammen. Går to neste gang.")
    lise.page.get_by_role("button", name="Lagre", exact=True).click()
    expect(lise.page.get_by_role("status")).to_contain_text("Lagret")
    assert looks.amiss == []


def test_a_phone_that_dies_is_warned_about_once_by_three_schedulers(
    wire: Wire,
    database: Database,
    field_worker: Callable[..., FieldWorker],
    desk: Callable[[str], Desk],
    sink: Sink,
    watching: Callable[[timedelta], None],
    looks: Looks,
) -> None:
    reads_mail(database)
    watching(timedelta(0))
    kari = field_worker("kari").begin()
    open_alone(kari.page)
    start(kari.page)
    expect(kari.page.get_by_text(f"varsles {LISE}.")).to_be_visible()
    kari.phone.kill()
    gate = threading.Barrier(3)

    def look() -> None:
        gate.wait()
        watching(LATER)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warnings(database) == 1
    assert [to for to, _ in sink.taken] == ["lise@example.org"]
    lise = desk("lise").begin()
    lise.go("Trygt besøk")
    expect(lise.page.get_by_text(f"E-post til {LISE}")).to_be_visible()
    assert amiss_on(lise.page, "trygt-besok") == []
    lise.page.set_viewport_size({"width": 1280, "height": 800})
    kari.phone.clock = datetime.now(UTC) + LATER
    kari.wake()
    expect(bar(kari.page)).to_contain_text("Tiden er ute")
    bar(kari.page).get_by_role("button", name="Tiden er ute").click()
    tells(kari, f"Tiden er ute. {LISE} ble varslet kl.")
    looks.at(kari.page, "trygt-besok-over", large=True)
    kari.page.get_by_role("button", name="Ferdig", exact=True).click()
    wait_until(lambda: check_in(database).get("ended_at"), "the office has the end")
    expect(lise.page.get_by_text("Ferdig, etter varselet")).to_be_visible()
    assert looks.amiss == []


def test_started_without_a_network_it_says_that_nobody_is_warned_until_somebody_is(
    wire: Wire,
    database: Database,
    field_worker: Callable[..., FieldWorker],
    watching: Callable[[timedelta], None],
    sink: Sink,
    looks: Looks,
) -> None:
    now = datetime.now(UTC)
    number: dict[str, Json] = {"name": WATCH, "telephone": "73 00 00 00"}
    write(database, [mutation("emergency_number", new_id(), number, author="lise", now=now)], now)
    watching(timedelta(0))
    kari = field_worker("kari").begin().ready()
    wire.cut()
    open_alone(kari.page)
    start(kari.page)
    expect(kari.page.get_by_text(UNHEARD)).to_be_visible()
    looks.at(kari.page, "trygt-besok-uten-nett", large=True)
    kari.page.get_by_role("button", name="Tilbake").click()
    expect(bar(kari.page)).to_contain_text("Ingen blir varslet")
    kari.expect_written()
    kari.phone.kill()
    kari.wake()
    expect(bar(kari.page)).to_contain_text("Ingen blir varslet")
    bar(kari.page).get_by_role("button", name="Trygt besøk til").click()
    kari.page.get_by_role("button", name="Nødnumre").click()
    for words in ("Legevakt 116117", f"Kontoret {NUMBER}", f"{WATCH} 73 00 00 00"):
        expect(kari.page.get_by_role("link", name=words)).to_be_visible()
    looks.at(kari.page, "nodnumre", large=True)
    kari.page.get_by_role("button", name="Tilbake").click()
    watching(timedelta(seconds=40))
    wire.mend()
    tells(kari, f"varsles {LISE}.")
    expect(kari.page.get_by_text(UNHEARD)).to_have_count(0)
    kari.page.get_by_role("button", name="Ferdig", exact=True).click()
    wait_until(lambda: check_in(database).get("ended_at"), "the office has the end")
    watching(LATER)
    assert warnings(database) == 0
    assert sink.taken == []
    assert looks.amiss == []


def _watched(database: Database) -> bool:
    with database.reading() as session:
        return people.is_watched(session, datetime.now(UTC))
