"""Innsyn, Arkiv and Frister in a real browser: empty, full and in error, at every width.

Screenshots go to `screenshots/office/`, which git ignores; look at them.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from server import hand
from server.database import Database
from server.keeping.archive.packages import REFERENCE_MAX, ArchiveLine, ArchivePackage
from server.records.record import Envelope
from tests.journeys.test_office_looks import (
    address,
    app,
    database,
    enter,
    look,
    municipality,
    settings,
)
from tests.makers import new_id
from tests.office.insights import KARI, LISE, SECRET, write_talk
from tests.office.test_homes import HOME
from tests.office.test_records import LONG, UNBROKEN
from tests.photos import attachment, encoded, scene
from tests.server.lane import store_at_once

pytestmark = pytest.mark.drawn

__all__ = ["address", "app", "database", "municipality", "settings"]

PICTURE = encoded(scene(), "JPEG")


def a_talk_with_a_picture(app: Flask, database: Database) -> str:
    """Lay in a long talk that names others, and a picture of it; gives the talk's id."""
    talk, picture = (
        write_talk(database, f"{LONG[:600]} Hun og Amir hos {SECRET}. {UNBROKEN}"),
        new_id(),
    )
    body = attachment(talk, PICTURE, caption="Døra er skadet")
    hand.write(database, "attachment", picture, "create", body, KARI, datetime.now(UTC))
    store_at_once(app, picture, PICTURE, 900, 1200)
    return talk


def test_innsyn_is_whole_from_the_request_to_the_second_reader(
    chromium: Browser, address: str, app: Flask, database: Database
) -> None:
    talk = a_talk_with_a_picture(app, database)
    lise = enter(chromium, address, "lise")
    lise.goto(f"{address}/insights")
    amiss = look(lise, "insights-empty")
    lise.goto(f"{address}/subjects/{HOME.tenancy}")
    lise.get_by_label("Hvilken dag?").fill("")
    lise.get_by_role("button", name="Åpne kravet").click()
    lise.get_by_role("alert").wait_for()
    amiss += look(lise, "subject-error")
    lise.get_by_label("Hvilken dag?").fill(datetime.now(UTC).date().isoformat())
    lise.get_by_role("button", name="Åpne kravet").click()
    lise.get_by_role("heading", name="Sladd overalt").wait_for()
    amiss += look(lise, "insight")
    where = lise.url
    lise.goto(f"{where}/{talk}")
    lise.get_by_role("button", name="Sladd", exact=True).first.click()
    lise.get_by_role("alert").wait_for()
    amiss += look(lise, "insight-part-error")
    lise.goto(where)
    lise.get_by_label("Navn eller tekst").fill(SECRET)
    lise.get_by_label("Hvorfor?").select_option("others")
    lise.get_by_role("button", name="Sladd overalt").click()
    expect(lise.locator("del.gone").first).to_have_text(SECRET)
    lise.get_by_role("button", name="Jeg har lest alt. Send").click()
    lise.get_by_role("heading", name="Venter på den andre leseren").wait_for()
    ingrid = enter(chromium, address, "ingrid")
    ingrid.goto(f"{address}/insights")
    amiss += look(ingrid, "insights-waiting")
    ingrid.goto(where)
    ingrid.get_by_role("button", name="Send tilbake").click()
    ingrid.get_by_role("alert").wait_for()
    amiss += look(ingrid, "insight-read-error")
    ingrid.get_by_role("button", name="Jeg har lest alt. Godkjenn").click()
    ingrid.get_by_role("heading", name="Godkjent av Ingrid Moe").wait_for()
    lise.goto(where)
    amiss += look(lise, "insight-approved")
    assert amiss == []


def test_the_archives_page_is_whole(chromium: Browser, address: str, database: Database) -> None:
    lise = enter(chromium, address, "lise")
    lise.goto(f"{address}/privacy/archive")
    amiss = look(lise, "archive-empty")
    now, one, other = datetime.now(UTC), new_id(), new_id()
    said = {"made_at": now, "by": "cli:drift", "manifest": "0123456789abcdef" * 4}
    reference = f"Mottak 2026/7 {UNBROKEN}"[:REFERENCE_MAX]
    receipt = {"received_by": LISE, "received_at": now, "reference": reference}
    with database.writing() as session:
        record = session.get_one(Envelope, HOME.tenancy)
        session.add_all(
            [ArchivePackage(id=one, **said), ArchivePackage(id=other, **said, **receipt)]
        )
        session.flush()
        for package in (one, other):
            line = ArchiveLine(package=package, record=record.id, seq=record.seq - 1, own=True)
            session.add(line)
    lise.reload()
    amiss += look(lise, "archive")
    lise.get_by_label("Arkivets kvittering").fill("Mottak 2026/8")
    lise.get_by_role("button", name="Arkivet har mottatt pakken").click()
    lise.get_by_role("alert").first.wait_for()
    amiss += look(lise, "archive-error")
    assert amiss == []


def test_a_term_is_proposed_and_answered_on_whole_pages(chromium: Browser, address: str) -> None:
    vera = enter(chromium, address, "vera")
    vera.goto(f"{address}/privacy/terms")
    amiss = look(vera, "terms")
    term = f"{address}/privacy/terms/planned_visit"
    vera.goto(term)
    amiss += look(vera, "term-empty")
    vera.get_by_label("Antall år").fill("mange")
    vera.get_by_role("button", name="Vis hva som skjer").click()
    vera.get_by_role("alert").wait_for()
    amiss += look(vera, "term-error")
    vera.get_by_label("Antall år").fill("3")
    vera.get_by_role("button", name="Vis hva som skjer").click()
    vera.get_by_role("button", name="Send forslaget").click()
    vera.get_by_role("alert").wait_for()
    amiss += look(vera, "term-no-reason")
    vera.get_by_label("Hvorfor?").fill(f"{LONG[:300]} {UNBROKEN[:90]}")
    vera.get_by_role("button", name="Send forslaget").click()
    vera.get_by_role("status").wait_for()
    lise = enter(chromium, address, "lise")
    lise.goto(term)
    amiss += look(lise, "term-proposed")
    lise.get_by_role("button", name="Avslå forslaget").click()
    lise.get_by_role("alert").wait_for()
    amiss += look(lise, "term-no-answer")
    lise.get_by_label("Hvorfor ikke?").fill("Vi trenger dem lenger.")
    lise.get_by_role("button", name="Avslå forslaget").click()
    lise.get_by_role("status").wait_for()
    amiss += look(lise, "term-answered")
    assert amiss == []
