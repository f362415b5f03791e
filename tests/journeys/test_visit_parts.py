"""What belongs to a home visit: words of a deviation, help asked for, the door, a new edition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect

from server.checklists import as_records
from server.database import Database
from server.shapes import Json
from sync.mutation import one_per_id
from tests.journeys.custody import wait_until
from tests.journeys.kept import is_sent, kept, sent
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.stage import SLOWLY
from tests.journeys.thumb import AGREED, HOUSE, MOLD, Thumb, agree_and_end, type_at_caret
from tests.journeys.town import HOME_LATER, take_on, write
from tests.journeys.wire import Wire
from tests.makers import mutation, new_id

FIRST = "Fra sjekklista «Ny Vri – første hjemmebesøk»"
BOTH = ["BRANNBOLIG", "NYVRI1"]
TALKED = "Trives, og vil gjerne ha mer lys i gangen."
People = Callable[[str], FieldWorker]


def test_a_deviation_wants_words_and_may_be_taken_back(
    field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    kari.start_visit(HOUSE)
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.tick("Ingen synlig fukt", "Avvik")
    kari.tick("Ventilene i vindu", "Avvik")
    page.get_by_role("button", name="Ferdig", exact=True).click()
    expect(page.get_by_text("2 felt må fylles ut eller rettes.")).to_be_visible()
    page.get_by_role("button", name="Ingen synlig fukt").click()
    type_at_caret(page, MOLD)
    kari.expect_saved()
    kari.tick("Ventilene i vindu", "I orden")
    page.get_by_role("button", name="Ta bort avviket").click()
    expect(page.get_by_text("Ikke lenger et avvik?")).to_have_count(0)
    page.get_by_role("button", name="Angre").click()
    expect(page.get_by_text("Ikke lenger et avvik?")).to_be_visible()
    page.get_by_role("button", name="Ta bort avviket").click()
    kari.finish()
    page.get_by_role("button", name="Meg").click()
    wait_until(lambda: len(sent(database, "deviation")) == 1, "one deviation is handed in")
    assert [one["words"] for one in sent(database, "deviation")] == [MOLD]


def test_what_was_left_for_later_is_there_when_the_browser_is_killed_at_once(
    wire: Wire, field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin().ready()
    wire.cut()
    kari.start_visit(HOUSE)
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.tick("Ingen synlig fukt", "Avvik")
    kari.box("Hva er galt?").fill(MOLD)
    kari.expect_saved()
    kari.page.evaluate(SLOWLY)
    kari.box("Oppsummering").fill(TALKED)
    kari.page.get_by_role("button", name="Fyll ut etterpå").click()
    expect(kari.page.get_by_text("Du finner besøket under «Påbegynt».")).to_be_visible()
    kari.phone.kill()
    kari.wake()
    kari.go_on(HOUSE)
    expect(kari.box("Oppsummering")).to_have_value(TALKED)
    expect(kari.box("Hva er galt?")).to_have_value(MOLD)
    expect(kari.answer("Ingen synlig fukt", "Avvik")).to_be_checked()
    kari.finish()
    wire.mend()
    kari.logged_in_until(lambda: bool(sent(database, "deviation")), "the visit is handed in")
    assert [one["words"] for one in sent(database, "deviation")] == [MOLD]
    assert [one["summary"] for one in sent(database, "conversation")] == [TALKED]


def another_purpose(kari: FieldWorker) -> None:
    """Two points of the first visit's list are answered; then it is a visit about fire."""
    kari.start_visit(HOUSE)
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.tick("Røykvarsleren er på plass", "I orden")
    kari.tick("Ingen synlig fukt", "Avvik")
    kari.page.get_by_text("Hva det gjelder, dato og adgang").click()
    kari.choose("Hva gjelder det?", "Brannvern")


def test_a_deviation_of_a_list_that_is_asked_no_longer_is_in_sight_and_goes_with_the_visit(
    field_worker: People, database: Database, shots: Path
) -> None:
    looks = Looks(shots)
    kari = field_worker("kari").begin()
    page = kari.page
    before = page.get_by_role("region", name=FIRST)
    another_purpose(kari)
    expect(before.get_by_role("group", name="Ingen synlig fukt").first).to_be_visible()
    kari.tick("Slokkeutstyret oppfyller kravet", "I orden")
    page.get_by_role("button", name="Ferdig", exact=True).click()
    expect(page.get_by_text("1 felt må fylles ut eller rettes.")).to_be_visible()
    expect(page.get_by_role("button", name="Ferdig likevel")).to_have_count(0)
    page.get_by_role("button", name="Ingen synlig fukt").click()
    type_at_caret(page, MOLD)
    kari.expect_saved()
    looks.at(page, "annen-sjekkliste", large=True)
    kari.back()
    kari.go_on(HOUSE)
    expect(before.get_by_role("textbox", name="Hva er galt?")).to_have_value(MOLD)
    kari.finish()
    page.locator("main .entry").filter(has_text=HOUSE).click()
    expect(page.get_by_text("Besøket er sendt inn.")).to_be_visible()
    expect(before.get_by_text(MOLD)).to_be_visible()
    looks.at(page, "annen-sjekkliste-lest")
    before.get_by_text("Vis svarene").click()
    expect(before.get_by_text("I orden")).to_be_visible()
    wait_until(lambda: len(sent(database, "deviation")) == 1, "the deviation is handed in")
    assert [one["words"] for one in sent(database, "deviation")] == [MOLD]
    assert sorted(str(run["checklist"]) for run in sent(database, "checklist_run")) == BOTH
    assert not looks.amiss, "\n".join(looks.amiss)


def test_what_was_answered_under_another_purpose_is_taken_away_and_had_back(
    field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    before = page.get_by_role("region", name=FIRST)
    another_purpose(kari)
    kari.box("Hva er galt?").fill(MOLD)
    before.get_by_role("button", name="Ta bort alt dette").click()
    expect(before).to_have_count(0)
    page.get_by_role("button", name="Angre").click()
    expect(before.get_by_role("textbox", name="Hva er galt?")).to_have_value(MOLD)
    expect(kari.answer("Ingen synlig fukt", "Avvik")).to_be_checked()
    before.get_by_role("button", name="Ta bort alt dette").click()
    expect(before).to_have_count(0)
    kari.tick("Slokkeutstyret oppfyller kravet", "I orden")
    kari.finish()
    expect(page.get_by_text("Noe du skrev, er ikke sendt inn")).to_have_count(0)
    kari.go("Meg")
    wait_until(lambda: len(sent(database, "visit")) == 1, "the visit is handed in")
    wait_until(lambda: len(sent(database, "checklist_run")) == 1, "with its own answers")
    assert [run["checklist"] for run in sent(database, "checklist_run")] == ["BRANNBOLIG"]
    assert sent(database, "deviation") == []
    kari.go("I dag")
    expect(page.get_by_text("Noe du skrev, er ikke sendt inn")).to_have_count(0)


def test_asked_for_help_starts_the_clock_before_the_visit_is_finished(
    field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin()
    kari.start_visit(HOUSE)
    kari.page.get_by_role("button", name="Ba om hjelp", exact=True).click()
    notice = "Notert. Fristen regnes fra nå, også uten nett."
    expect(kari.page.get_by_text(notice).first).to_be_visible()
    wait_until(lambda: len(sent(database, "assistance_request")) == 1, "the request is handed in")
    [asked] = kept(database, "assistance_request")
    assert asked["asked_at"] and asked["tenancy"] and asked["visit"]
    kari.box("Hva ba beboeren om?").fill("Hjelp til å søke bostøtte.")
    kari.expect_saved()
    kari.back()
    wait_until(
        lambda: kept(database, "assistance_request")[0].get("words") is not None, "and its words"
    )
    assert [is_sent(one) for one in kept(database, "visit")] == [False]


def test_the_resident_is_shown_the_agreements_and_nothing_else_until_it_is_unlocked(
    field_worker: People,
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    kari.start_visit(HOUSE)
    kari.box("Oppsummering").fill(TALKED)
    agree_and_end(Thumb(kari))
    page.get_by_role("button", name="Vis til beboer").click()
    expect(page.get_by_role("heading", name="Dette har vi avtalt")).to_be_visible()
    expect(page.get_by_text(AGREED)).to_be_visible()
    expect(page.get_by_text("Leietakeren")).to_be_visible()
    page.go_back()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Dette har vi avtalt")).to_be_visible()
    for hidden in (HOUSE, TALKED, "Tilbake", "I dag"):
        expect(page.get_by_text(hidden)).to_have_count(0)
    page.go_forward()
    page.get_by_role("button", name="Lås opp").click()
    expect(page.get_by_text(AGREED)).to_have_count(0)
    kari.unlock()
    expect(kari.box("Oppsummering")).to_have_value(TALKED)


def test_it_is_asked_whether_it_is_safe_and_an_alert_opens_the_whole_list(
    field_worker: People, database: Database
) -> None:
    now = datetime.now(UTC)
    alert: dict[str, Json] = {
        "dwelling": HOME_LATER,
        "category": "dog",
        "advice": "Ring først",
        "valid_until": f"{now + timedelta(days=30):%Y-%m-%d}",
    }
    id = new_id()
    write(database, [mutation("safety_alert", id, alert, author="lise", now=now)], now)
    for state in ("submitted", "approved"):
        take_on(database, "safety_alert", id, state)
    kari = field_worker("kari").begin()
    page = kari.page
    kari.start_visit(HOUSE)
    kari.tick("Trygt å gå alene?", "Nei")
    expect(
        page.get_by_text("Gå ikke inn alene. Ring en kollega eller lederen din.")
    ).to_be_visible()
    expect(page.get_by_text("Sikkerhetsmerknaden er lest")).to_have_count(0)
    kari.back()
    kari.start_visit("Kongens gate 12")
    expect(page.get_by_text("Les før du går: Hund. Ring først. Gjelder til")).to_be_visible()
    expect(page.get_by_role("group", name="Sikkerhetsmerknaden er lest")).to_be_visible()
    expect(page.get_by_text("Trygt å gå alene?")).to_have_count(0)


def test_a_new_edition_keeps_the_answers_and_asks_the_new_points(
    field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    kari.start_visit(HOUSE)
    kari.tick("Røykvarsleren er på plass", "I orden")
    left = page.get_by_text("Kritiske punkter svarer du på selv: 1 igjen.")
    expect(left.first).to_be_visible()
    kari.expect_saved()
    publish_second_edition(database)
    changed = (
        "Sjekklista er endret siden du begynte. Svarene dine er beholdt. Svar på 1 nytt punkt."
    )

    def told() -> bool:
        kari.sync()
        return page.get_by_text(changed).is_visible()

    wait_until(told, "the new edition is told of")
    expect(page.get_by_text("Brannteppet henger synlig")).to_have_count(0)
    page.get_by_role("button", name="Vis det nye").click()
    expect(kari.answer("Røykvarsleren er på plass", "I orden")).to_be_checked()
    kari.tick("Brannteppet henger synlig", "I orden")
    expect(page.get_by_text("Sjekklista er endret")).to_have_count(0)


def publish_second_edition(database: Database) -> None:
    """NYVRI1 with one point more."""
    body = next(body for body in as_records().values() if body["code"] == "NYVRI1")
    known = body["items/NYVRI1-09"]
    assert isinstance(known, dict)
    added: Json = {**known, "words": "Brannteppet henger synlig", "order": 30}
    newer = {**body, "edition": 2, "items/NYVRI1-24": added}
    id, now = one_per_id("checklist", ["NYVRI1", "2"]), datetime.now(UTC)
    write(database, [mutation("checklist", id, newer, author="lise", now=now)], now)
