"""«Som sist»: a follow-up visit in few taps, and what was taken over from the last says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from server.access import today_of
from server.database import Database
from server.shapes import Json, write_instant
from tests.journeys.birkegata import stored
from tests.journeys.kept import kept, sent
from tests.journeys.looks import Looks
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.thumb import Thumb
from tests.journeys.town import lives, tenancy_of, write
from tests.journeys.wire import Wire
from tests.makers import USERS, mutation, new_id

People = Callable[..., FieldWorker]
Desks = Callable[[str], Desk]
TAPS_MAX = 12
RUNS = 5
"""Of both visits: the home and the tenancy; and today, whether it was safe to go alone."""
HOME, BEFORE, NOW = new_id(0x7A01), new_id(0x7A02), new_id(0x7A03)
LAST, STRANGER = new_id(0x7A04), new_id(0x7A05)
ADDRESS = "Lang vei 7"
TOLD = ("NYVRI2-01", "NYVRI2-02", "NYVRI2-04", "NYVRI2-07")
AIR, SMOKE, LIKES = "NYVRI2-05", "NYVRI2-06", "NYVRI2-03"


def visited_before(database: Database) -> None:
    """A household that was followed up three months ago, and is to be again today."""
    now = datetime.now(UTC)
    today = today_of(now)
    then = (today - timedelta(days=90)).isoformat()
    agreed: dict[str, Json] = {
        "dwelling": HOME,
        "tenancy": tenancy_of(HOME),
        "purpose": "follow_up",
        f"visitors/{USERS['kari']}": True,
    }
    done: dict[str, Json] = {"state": "submitted", "by": USERS["kari"], "at": write_instant(now)}
    visit: dict[str, Json] = {
        "dwelling": HOME,
        "planned_visit": BEFORE,
        "purpose": "follow_up",
        "outcome": "completed",
        "visited_on": then,
        "present/tenant": True,
        "interpreter": "phone",
        "language": "Tigrinja",
        "status": done,
    }
    run: dict[str, Json] = {"visit": LAST, "dwelling": HOME, "checklist": "NYVRI2", "edition": 1}
    of_home: dict[str, Json] = {f"answers/{AIR}": "ok", f"answers/{SMOKE}": "ok"}
    of_them: dict[str, Json] = {f"answers/{LIKES}": "4", **{f"answers/{t}": "done" for t in TOLD}}
    made: list[tuple[str, str, dict[str, Json]]] = [
        ("planned_visit", BEFORE, {**agreed, "planned_on": then, "done": True}),
        ("visit", LAST, visit),
        ("checklist_run", new_id(), {**run, "subject": "dwelling", **of_home, "status": done}),
        (
            "checklist_run",
            new_id(),
            {**run, "subject": "tenancy", "tenancy": tenancy_of(HOME), **of_them, "status": done},
        ),
        ("planned_visit", NOW, {**agreed, "planned_on": today.isoformat(), "planned_at": "10:00"}),
    ]
    where: dict[str, Json] = {"area": new_id(0xA1), "address": ADDRESS}
    home = mutation("dwelling", HOME, where, author="lise", now=now)
    bodies = [mutation(kind, id, body, author="lise", now=now) for kind, id, body in made]
    write(database, [home, *lives(HOME, "Prøve Beboer", now), *bodies], now)


def test_a_follow_up_visit_as_last_is_few_taps_and_claims_nothing_that_must_be_seen_anew(
    wire: Wire, field_worker: People, desk: Desks, database: Database, looks: Looks
) -> None:
    visited_before(database)
    kari = field_worker("kari").begin().ready()
    wire.cut()
    thumb = Thumb(kari)
    thumb.tap(kari.card(ADDRESS).get_by_role("button", name="Start besøk"))
    thumb.answer("Trygt å gå alene?", "Ja")
    kari.page.get_by_label("Hvordan gikk det?").select_option(label="Gjennomført")
    thumb.taps += 2
    looks.at(kari.page, "som-sist-tilbys", large=True)
    thumb.press("Som sist")
    counted = thumb.taps
    expect(thumb.section("Boligen").get_by_text("1 av 2")).to_be_visible()
    kari.page.get_by_role("button", name="Angre").click()
    expect(thumb.section("Boligen").get_by_text("0 av 2")).to_be_visible()
    thumb.press("Som sist")
    thumb.taps = counted
    expect(thumb.section("Siden sist").get_by_text("0 av 5")).to_be_visible()
    looks.at(kari.page, "som-sist", large=True)
    kari.expect_saved()
    kari.phone.kill()
    kari.wake()
    kari.go_on(ADDRESS)
    home = kari.page.get_by_role("group", name="Ventilasjonen virker")
    expect(home.get_by_text("Som sist", exact=True)).to_be_visible()
    thumb.answer("Røykvarsleren virker", "I orden")
    thumb.answer("Hvor godt trives du i boligen?", "Godt")
    thumb.answer("Hvor godt trives du i bomiljøet?", "Svært godt")
    thumb.tap(thumb.section("Siden sist").get_by_role("button", name="Alt gjort"))
    thumb.press("Ferdig")
    assert thumb.taps <= TAPS_MAX, thumb.taps
    expect(kari.page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    kari.page.get_by_role("button", name="Meg").click()
    wire.mend()
    kari.expect_all_received()
    wait_until(lambda: len(sent(database, "checklist_run")) == RUNS, "all is handed in")
    (visit,) = [one for one in kept(database, "visit") if one["planned_visit"] == NOW]
    assert (visit["interpreter"], visit["language"]) == ("phone", "Tigrinja")
    assert "present/tenant" not in visit and visit["as_last"] is True
    runs = [one for one in kept(database, "checklist_run") if one["visit"] != LAST]
    said = {path: value for run in runs for path, value in run.items() if value is not None}
    marked = {path.partition("/")[2] for path in said if path.startswith("as_last/")}
    assert marked == {AIR}, "and nothing else"
    assert said[f"answers/{LIKES}"] == "4" and said[f"answers/{SMOKE}"] == "ok"
    ingrid = desk("ingrid").begin()
    (run,) = [
        id for id, one in stored(database, "checklist_run").items() if f"as_last/{AIR}" in one
    ]
    ingrid.page.goto(f"{wire.address}/office/records/{run}")
    expect(ingrid.page.get_by_text("I orden (som sist)")).to_have_count(1)
    assert looks.amiss == []


def test_what_is_put_right_after_it_was_filled_in_stands_when_that_is_taken_back(
    wire: Wire, field_worker: People, database: Database
) -> None:
    """«Angre» takes back what one tap filled in, and nothing that a hand has said since."""
    visited_before(database)
    kari = field_worker("kari").begin().ready()
    wire.cut()
    thumb, page = Thumb(kari), kari.page
    thumb.tap(kari.card(ADDRESS).get_by_role("button", name="Start besøk"))
    page.get_by_label("Hvordan gikk det?").select_option(label="Gjennomført")
    page.get_by_text("Hva det gjelder, dato og adgang", exact=True).click()
    thumb.press("Som sist")
    again = page.get_by_role("button", name="Angre")
    again.dispatch_event("focusin")  # the offer stands for as long as somebody is at it
    expect(page.get_by_label("Hvilket språk?")).to_have_value("Tigrinja")
    kari.choose("Tolk", "Kvalifisert tolk til stede")
    thumb.answer("Ventilasjonen virker", "Ikke relevant")
    again.click()
    expect(page.get_by_label("Hvilket språk?")).to_have_value("")
    expect(thumb.section("Boligen").get_by_text("1 av 2")).to_be_visible()
    told = thumb.section("Siden sist")
    thumb.tap(told.get_by_role("button", name="Alt gjort"))
    again.dispatch_event("focusin")
    thumb.answer("Vi har snakket om støy", "Ikke gjort")
    again.click()
    expect(kari.answer("Vi har snakket om støy", "Ikke gjort")).to_be_checked()
    expect(told.get_by_text("1 av 5")).to_be_visible()
    kari.expect_saved()
    kari.to_today()
    wire.mend()
    page.get_by_role("button", name="Meg").click()
    kari.expect_all_received()

    def there() -> dict[str, Json]:
        made = [one for one in stored(database, "visit").values() if one["planned_visit"] == NOW]
        return made[0] if made else {}

    wait_until(lambda: there().get("interpreter") == "present", "the visit is there")
    assert there().get("as_last") is None and there().get("language") is None
    runs = [one for one in stored(database, "checklist_run").values() if one["visit"] != LAST]
    said = {path: value for run in runs for path, value in run.items() if value is not None}
    assert said[f"answers/{AIR}"] == "not_relevant" and f"as_last/{AIR}" not in said


def test_a_new_household_has_no_last(wire: Wire, field_worker: People, database: Database) -> None:
    """What stood about those who lived there before is nothing to take over."""
    visited_before(database)
    now = datetime.now(UTC)
    today = today_of(now).isoformat()
    moved: dict[str, Json] = {"dwelling": HOME, "started_on": today}
    agreed: dict[str, Json] = {
        "dwelling": HOME,
        "tenancy": STRANGER,
        "purpose": "follow_up",
        "planned_on": today,
        "planned_at": "11:30",
        f"visitors/{USERS['kari']}": True,
    }
    made = [("tenancy", STRANGER, moved), ("planned_visit", new_id(), agreed)]
    write(
        database, [mutation(kind, id, body, author="lise", now=now) for kind, id, body in made], now
    )
    kari = field_worker("kari").begin().ready()
    wire.cut()
    card = kari.page.get_by_role("article", name=ADDRESS).filter(has_text="11.30")
    card.get_by_role("button", name="Start besøk").click()
    kari.page.get_by_label("Hvordan gikk det?").select_option(label="Gjennomført")
    expect(kari.page.get_by_role("button", name="Alt gjort").first).to_be_visible()
    expect(kari.page.get_by_role("button", name="Som sist")).to_have_count(0)
