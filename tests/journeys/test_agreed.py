"""What was agreed of a visit: read on the card before the door, and what the visit begins with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect

from server.access import today_of
from server.database import Database
from server.shapes import Json
from tests.journeys.custody import wait_until
from tests.journeys.kept import kept, sent
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.thumb import HOUSE, type_at_caret
from tests.journeys.town import HOME, PLAN, write
from tests.journeys.wire import Wire
from tests.makers import USERS, mutation, new_id

People = Callable[[str], FieldWorker]
PROMISED = "Henge opp lampa i gangen."
AGREED = "Varsel om tilsyn · {told} · Tolk, språk: Tigrinja · Tolk er bestilt · Verge"


def agree(database: Database, now: datetime) -> None:
    """Today's first visit is an inspection, with an interpreter and a guardian."""
    agreed: dict[str, Json] = {
        "access_basis": "inspection_notice",
        "interpreter": "Tigrinja",
        "interpreter_booked": True,
        "expected/guardian": True,
    }
    write(
        database, [mutation("planned_visit", PLAN, agreed, op="patch", author="lise", now=now)], now
    )


def tell(database: Database, now: datetime) -> None:
    """The tenant was told of it, three days ago."""
    notice: dict[str, Json] = {
        "dwelling": HOME,
        "planned_on": today_of(now).isoformat(),
        "basis": "inspection_notice",
        "reason": "Kontroll av røykvarsler.",
        "notified_on": (today_of(now) - timedelta(days=3)).isoformat(),
    }
    write(database, [mutation("access_notice", new_id(0xAB1), notice, author="lise", now=now)], now)


def promise(kari: FieldWorker) -> None:
    """An agreement that is ours to keep becomes a job with one tap."""
    page = kari.page
    page.get_by_role("button", name="Legg til en avtale").click()
    type_at_caret(page, PROMISED)
    doer = page.get_by_role("group", name="Hvem gjør det?")
    doer.get_by_text("Leietakeren", exact=True).click()
    expect(page.get_by_role("button", name="Lag oppdrag")).to_have_count(0)
    doer.get_by_text("Vi", exact=True).click()
    page.get_by_role("button", name="Lag oppdrag").click()
    expect(page.get_by_role("button", name="Åpne oppdraget")).to_be_visible()


def test_what_was_agreed_is_on_the_card_and_the_visit_begins_with_it(
    wire: Wire, field_worker: People, database: Database, shots: Path
) -> None:
    looks, now = Looks(shots), datetime.now(UTC)
    agree(database, now)
    kari = field_worker("kari").begin().ready()
    card, page = kari.card(HOUSE), kari.page
    expect(card.get_by_text(AGREED.format(told="Ikke varslet"))).to_be_visible()
    looks.at(page, "avtalt-pa-kortet", large=True)
    tell(database, now)
    told_on = today_of(now) - timedelta(days=3)
    told = AGREED.format(told=f"Varslet {told_on.day}.{told_on.month}.")
    kari.sync()
    kari.to_today()
    expect(card.get_by_text(told)).to_be_visible()
    wire.cut()
    kari.start_visit(HOUSE)
    expect(page.get_by_text(told)).to_be_visible()
    expect(page.get_by_text("Varslet for sent")).to_be_visible()
    kari.choose("Hvordan gikk det?", "Gjennomført")
    page.get_by_text("Hva det gjelder, dato og adgang").click()
    expect(page.get_by_label("Adgang")).to_have_value("inspection_notice")
    language = page.get_by_label("Hvilket språk?")
    expect(language).to_have_value("Tigrinja")
    looks.at(page, "avtalt-i-besoket", large=True)
    language.fill("Arabisk")
    kari.tick("Hvem var til stede?", "Leietakeren")
    kari.choose("Adgang", "Avtalt og frivillig")
    expect(page.get_by_text("Varslet for sent")).to_have_count(0)
    promise(kari)
    kari.finish()
    kari.let_undo_pass()
    wire.mend()
    wait_until(lambda: bool(sent(database, "visit")), "the visit is handed in")
    (visit,) = kept(database, "visit")
    assert (visit["access_basis"], visit["language"]) == ("agreed_voluntary", "Arabisk")
    assert [path for path in visit if path.startswith("present/")] == ["present/tenant"]
    wait_until(lambda: bool(kept(database, "assignment")), "what we promised is a job")
    (job,) = kept(database, "assignment")
    assert (job["words"], job["source"], job["dwelling"]) == (PROMISED, "team", HOME)
    assert job[f"who/{USERS['kari']}"] is True and "tenancy" not in job
    assert looks.amiss == []
