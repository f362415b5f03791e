"""A caretaker's winter day, hour by hour, as the domain tells it (domain.md §6.2).

One walk through the app on the real server. No coverage is a server that is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from server.access import Actor, all_areas, scopes, today_of
from server.checklists import CHECKLISTS
from server.database import Database
from server.records.record import Envelope, ScopeMember
from server.roles import Role
from tests.journeys.birkegata import LEAK, picture, state_of, stored
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.test_caretaker import answer
from tests.journeys.test_scanner import SCAN, begin_with_a_reader, code_of, show
from tests.journeys.town import HOME_LATER
from tests.journeys.winter import KITCHEN, LATE, NEXT_DOOR, SHELF, WALK, winter
from tests.journeys.wire import Wire
from tests.makers import USERS

ICICLES = "Ingen istapper eller fare for takras"
NEEDLES, SMOKE, WATER = "Sprøyter ved sykkelstativet", "Røykvarsleren mangler", "Vått gulv i boden"
PERSONAL = {"tenancy", "visit", "conversation", "follow_up_plan", "conflict_case", "hf_participant"}


class Day:
    """One day of Ola's; each hour is a method, and they are lived in order."""

    def __init__(self, ola: FieldWorker, wire: Wire, database: Database) -> None:
        self.ola, self.wire, self.database = ola, wire, database
        self.page = ola.page

    def press(self, name: str, within: Locator | None = None) -> None:
        """Tap a button."""
        (within or self.page.locator("body")).get_by_role("button", name=name, exact=True).click()

    def note(self, words: str, what: str, place: str) -> None:
        """＋, the words, where, and what it is."""
        self.ola.to_today()
        self.ola.go("Ny")
        self.page.get_by_label("Skriv det viktigste").fill(words)
        where = self.page.get_by_role("group", name="Hvor?")
        where.get_by_role("button", name="Et annet sted").click()
        where.get_by_role("textbox").fill(place)
        where.locator("button.entry").first.click()
        self.press(what)

    def winter_round(self) -> None:
        """07.00: sand and snow by thumb; an icicle shows whom to call before it asks."""
        self.ola.card("Vinterrunde Birkegata").get_by_role("button", name="Start runde").click()
        answer(self.page, "Birkegata 1", ICICLES, "Avvik")
        sheet = self.page.get_by_role("dialog")
        expect(sheet.get_by_text("Ring 900 00 000 først. Skriv etterpå.")).to_be_visible()
        assert sheet.get_by_role("link", name="Ring").get_attribute("href") == "tel:90000000"
        sheet.locator("input[type=file]").set_input_files(picture())
        expect(sheet.get_by_role("img")).to_be_visible()
        self.press("Ferdig", sheet)
        for point in CHECKLISTS["VINTER"]["items"]:
            if point["text_nb"] != ICICLES:
                answer(self.page, "Birkegata 1", point["text_nb"], "I orden")
        self.ola.finish()

    def needles(self) -> None:
        """08.00: flagged, boxes counted, and nobody's name asked for."""
        self.note(NEEDLES, "Oppdrag", "birkegata 3")
        self.press("Klart")
        take = self.page.get_by_role("button", name="Ta oppdraget", exact=True)
        asked = self.page.get_by_role("group", name="Hvem gjorde det?")
        expect(take.or_(asked).first).to_be_visible()
        if take.is_visible():
            take.click()
        self.say("Hvem gjorde det?", "Vi")
        self.page.get_by_text("Sprøyter eller smittefare").click()
        boxes = self.page.get_by_role("group", name="Kanylebokser brukt")
        for _ in range(2):
            self.press("Flere", boxes)
        self.ola.finish()

    def kitchen(self) -> None:
        """09.00: cleared together, with a picture from before; a refusal is no failure."""
        self.open("Rydde kjøkkenet sammen.")
        before = self.page.get_by_role("region", name="Bilder")
        before.locator("input[type=file]").first.set_input_files(picture())
        expect(before.get_by_role("img")).to_have_count(1)
        self.say("Hvem gjorde det?", "Sammen")
        minutes = self.page.get_by_role("group", name="Minutter").get_by_role("radio", name="45")
        minutes.click(force=True)
        self.press("Legg til", self.page.get_by_role("group", name="Materialer"))
        self.page.get_by_label("Materialer 1").fill("Vannlås, 1 stk.")
        for _ in range(6):
            self.press("Flere", self.page.get_by_role("group", name="Sekker avfall"))
        self.ola.expect_saved()
        self.ola.finish()
        self.open("Henge opp hylla i gangen.")
        self.press("Ikke i dag")
        self.page.get_by_role("dialog").get_by_role("button").first.click()
        expect(self.page.get_by_text("Flyttet til")).to_be_visible()

    def same_leak(self) -> None:
        """10.30: reported once already: the words go to the one that stands."""
        self.note("Røret lekker i kjelleren igjen", "Avvik", "birkegata 1")
        expect(self.page.get_by_text("Et avvik som ligner, ble meldt")).to_be_visible()
        self.press("Legg til på det")
        expect(self.page.get_by_text("Lekkasje fra røret i kjelleren.")).to_be_visible()

    def smoke_alarm(self) -> None:
        """12.00: mended where it was found, and closed by whoever mended it."""
        self.note(SMOKE, "Avvik", "stor 12")
        self.page.get_by_text("Rettet på stedet").click()
        self.press("Meld avvik")
        expect(self.page.get_by_role("navigation")).to_be_visible()

    def wrong_door(self) -> None:
        """13.00: an old sticker, read in a cellar without coverage, leads to the home beside."""
        self.ola.to_today()
        self.ola.go("Søk")
        self.press(SCAN)
        show(self.page, code_of(HOME_LATER))
        expect(self.page.get_by_role("heading", name="Kongens gate 12")).to_be_visible()
        show(self.page)
        self.press("Meld avvik")
        self.page.get_by_label("Hva er galt?").fill(WATER)
        self.press("Meld avvik")
        expect(self.page.get_by_role("navigation")).to_be_visible()

    def say(self, group: str, answer: str) -> None:
        """One touch of an answer."""
        self.page.get_by_role("group", name=group).get_by_text(answer, exact=True).click()

    def open(self, words: str) -> None:
        """Open an assignment from I dag."""
        self.ola.to_today()
        self.page.locator("main").get_by_text(words).first.click()
        asked = self.page.get_by_role("group", name="Hvem gjorde det?")
        opens = self.ola.card(words).get_by_role("button", name="Åpne oppdraget")
        expect(asked.or_(opens).first).to_be_visible()
        if not asked.is_visible():
            opens.click()

    def overdue(self) -> None:
        """14.30: what is late and lies with him stands together, the longest first."""
        self.ola.to_today()
        free = self.page.get_by_role("region", name="Når du har tid")
        for words in LATE:
            expect(free.get_by_text(words)).to_be_visible()

    def home_again(self) -> None:
        """15.00: all of it comes in."""
        self.wire.server.start()
        self.wire.mend()
        self.ola.go("Meg")
        wait_until(self.came, self.told)
        jobs = stored(self.database, "assignment")
        (needles,) = [job for job in jobs.values() if job["words"] == NEEDLES]
        assert (needles["needles"], needles["needle_boxes"]) == (True, 2)
        kitchen = jobs[KITCHEN]
        done = (kitchen["done_by"], kitchen["minutes"], kitchen["waste_bags"])
        assert done == ("together", 45, 6)
        assert state_of(jobs[SHELF], "handling") == "not_today"
        assert jobs[SHELF]["due_on"] > f"{today_of(datetime.now(UTC))}"
        (added,) = stored(self.database, "addendum").values()
        assert added["record"] == LEAK

    def told(self) -> str:
        """What there is of the day at the office, for a test that waits in vain."""
        kinds = ("round", "assignment", "deviation", "addendum")
        found = {kind: list(stored(self.database, kind).values()) for kind in kinds}
        return f"the whole day is at the office: {found}"

    def came(self) -> bool:
        """The round, the jobs and what was found are in, as far as they were handed in."""
        self.ola.sync()
        rounds, jobs = stored(self.database, "round"), stored(self.database, "assignment")
        done = [state_of(job, "handling") for job in jobs.values()]
        sent = [state_of(self.fault(words), "status") for words in (SMOKE, WATER)]
        return (
            state_of(rounds[WALK], "handling") == "done"
            and done.count("done") == 2
            and sent == ["submitted"] * 2
            and len(stored(self.database, "addendum")) == 1
        )

    def fault(self, words: str) -> dict[str, Any]:
        """One fault by its words; empty before it has come."""
        found = stored(self.database, "deviation").values()
        return next((one for one in found if one["words"] == words), {})

    def week_sheet(self) -> None:
        """The week stands as it was done: hours, bags and materials, and no home."""
        self.ola.go("I dag")
        self.page.get_by_role("button", name="Saker og tiltak").click()
        self.page.get_by_role("button", name="Ukeskjema").first.click()
        main = self.page.locator("main")
        for name, value in (("Sekker avfall", "6"), ("Gjort sammen med beboer", "1")):
            line = main.locator("dl > div").filter(has_text=name)
            expect(line).to_contain_text(value)
        expect(main.get_by_text("Vannlås, 1 stk.")).to_be_visible()
        expect(main.get_by_text("Storgata")).to_have_count(0)
        self.ola.to_today()

    def right_door(self) -> None:
        """Corrected to the right home; what stood before stays in the history."""
        self.ola.go("Søk")
        self.page.get_by_role("textbox").fill("vått gulv")
        self.page.get_by_role("button", name=WATER).first.click()
        self.press("Rett")
        self.press("Endre", self.page.get_by_role("group", name="Hvor?"))
        where = self.page.get_by_role("group", name="Hvor?")
        where.get_by_role("button", name="Et annet sted").click()
        where.get_by_role("textbox").fill("kong 12 h0204")
        where.locator("button.entry").first.click()
        self.press("Ferdig")
        expect(self.page.get_by_role("button", name="Rett", exact=True)).to_be_visible()
        self.ola.to_today()

        def moved() -> bool:
            self.ola.sync()
            return bool(self.fault(WATER).get("dwelling") == NEXT_DOOR)

        wait_until(moved, "the fault is in the right home")


def seen_by(database: Database, name: str, role: Role) -> set[str]:
    """The kinds that somebody's feed carries."""
    with database.reading() as session:
        actor = Actor(USERS[name], ((role, None),))
        mine = scopes(actor, today_of(datetime.now(UTC)), all_areas(session))
        rows = session.scalars(
            select(Envelope.kind)
            .join(ScopeMember, ScopeMember.id == Envelope.id)
            .where(ScopeMember.scope.in_(mine), ScopeMember.present)
        )
        return set(rows)


def test_a_caretakers_day_from_snow_to_the_week_sheet(
    wire: Wire,
    database: Database,
    field_worker: Callable[..., FieldWorker],
    desk: Callable[[str], Desk],
) -> None:
    winter(database)
    ola = field_worker("ola")
    begin_with_a_reader(ola, "Vinterrunde Birkegata")
    ola.ready()
    day = Day(ola, wire, database)
    wire.server.kill()
    wire.cut()
    day.winter_round()
    day.needles()
    day.kitchen()
    day.same_leak()
    day.smoke_alarm()
    day.wrong_door()
    day.overdue()
    day.home_again()
    day.week_sheet()
    day.right_door()
    assert seen_by(database, "ola", Role.CARETAKER).isdisjoint(PERSONAL)

    eva = desk("eva").begin()
    eva.go("Avvikstavle")
    eva.page.goto(f"{wire.address}/office/deviations?state=done")
    eva.page.get_by_role("link", name=SMOKE).first.click()
    eva.page.get_by_role("button", name="Kontrollert").click()
    expect(eva.page.get_by_role("status")).to_contain_text("Kontrollert.")
    assert state_of(day.fault(SMOKE), "handling") == "verified"
    ingrid = desk("ingrid").begin()
    water = next(id for id, one in stored(database, "deviation").items() if one["words"] == WATER)
    ingrid.page.goto(f"{wire.address}/office/deviations/{water}")
    history = ingrid.page.locator("main")
    for unit in ("H0203", "H0204"):
        expect(history.get_by_text(unit).first).to_be_visible()
