"""A field worker's day in January, hour by hour, as the domain tells it (domain.md §6.1).

One walk through the app on the real server. No coverage is a server that is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Locator, Page, expect

from server import safety
from server.config import Settings
from server.database import Database
from sync.mutation import one_per_id
from tests.journeys.birkegata import picture, state_of, stored
from tests.journeys.january import BATTERY, MEETING, TITLE, meets_on, morning, phones_of
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.programme_walks import Walk
from tests.journeys.stage import DESK, wait_until
from tests.journeys.street import LATER, STREET
from tests.journeys.test_caretaker import WEEKLY
from tests.journeys.test_safety import check_in
from tests.journeys.thumb import PRAM, Thumb, agree_and_end, begin_and_answer
from tests.journeys.town import PLAN, PLAN_LATER
from tests.journeys.wire import Wire
from tests.makers import NAMES

TAPS_MAX = 25
FEW_BYTES = 2_001
"""Fewer than any photo has: the line breaks in the first of it."""
SAID = "Sover dårlig og er lei seg for stemningen i oppgangen."
WRITTEN = "Alt vel. Ønsker et nytt besøk til våren."
TENANT = "Eksempel Leietaker"


class Day:
    """One day of Kari's; each hour is a method, and they are lived in order."""

    def __init__(
        self, kari: FieldWorker, wire: Wire, database: Database, watch: Callable[[], None]
    ) -> None:
        self.kari, self.wire, self.database, self.watch = kari, wire, database, watch
        self.page = kari.page

    def ready(self) -> None:
        """07.45: what is on the phone, from when, what to know first, and what was left undone."""
        expect(self.page.get_by_text("Klar for dagen. Hentet kl.").first).to_be_visible()
        expect(self.page.get_by_text("Virker uten nett til")).to_be_visible()
        read_first = self.page.get_by_text("Les før du går: Hund. Ring først").first
        expect(read_first).to_be_visible()
        expect(late_notes(self.page)).to_contain_text("2 besøk")
        self.wire.server.kill()
        self.wire.cut()

    def move_in(self) -> None:
        """08.30: the first visit by thumb, an interpreter, a pram with a photo, help asked for."""
        thumb = Thumb(self.kari)
        begin_and_answer(thumb, LATER)
        self.page.locator("main input[type=file]").last.set_input_files(picture())
        expect(self.page.locator("main").get_by_role("img")).to_have_count(1)
        agree_and_end(thumb)
        thumb.press("Ba om hjelp")
        asked = "Notert. Fristen regnes fra nå, også uten nett."
        expect(self.page.get_by_text(asked).first).to_be_visible()
        assert thumb.taps <= TAPS_MAX, thumb.taps
        self.page.get_by_text("Hva det gjelder, dato og adgang").click()
        self.kari.choose("Tolk", "Kvalifisert tolk på telefon")
        self.kari.box("Hvilket språk?").fill("Tigrinja")
        self.kari.expect_saved()
        self.kari.finish()
        expect(self.page.get_by_role("button", name="Åpne Utboks")).to_contain_text("på telefonen")

    def nobody_home(self) -> None:
        """09.40: two taps, and a new day."""
        card = self.page.get_by_role("article", name="Lang vei 4", exact=True)
        card.get_by_role("button", name="Ikke hjemme").click()
        card.get_by_role("button", name="Ja,").click()
        expect(self.page.get_by_text("Nytt forsøk").first).to_be_visible()

    def cellar(self) -> None:
        """10.15: the round without coverage; the cold takes the battery, and the phone says so."""
        self.kari.card("Ukesrunde Øst").get_by_role("button", name="Start runde").click()
        house = self.page.locator("section.building")
        for point in WEEKLY:
            group = house.get_by_role("group", name=point)
            group.get_by_text("I orden", exact=True).click()
        expect(house.get_by_text("6 av 6")).to_be_visible()
        self.page.evaluate("drain(0.38)")
        expect(self.page.get_by_text("Batteriet er på")).to_have_count(0)
        self.page.evaluate("drain(0.2)")
        expect(self.page.get_by_text("Batteriet er på 20 %. Alt er lagret.")).to_be_visible()
        self.kari.finish()

    def lunch(self) -> None:
        """11.30: coverage; all of it goes, and a photo that breaks off is carried on."""
        assert stored(self.database, "visit").get(one_per_id("visit", [PLAN_LATER])) is None
        self.wire.cut_in_patch = FEW_BYTES
        self.wire.server.start()
        self.wire.mend()
        self.kari.go("Meg")
        self.kari.sync()
        wait_until(lambda: self.wire.cut_in_patch is None, "the line broke in a photo")

        def pictured() -> bool:
            self.kari.sync()
            photos = stored(self.database, "attachment").values()
            return len(photos) == 1 and all(photo.get("stored") for photo in photos)

        wait_until(pictured, "the photo is whole at the office")
        self.kari.expect_all_received()
        assert len(self.wire.parts) > 1, "it was tried again"
        visit = stored(self.database, "visit")[one_per_id("visit", [PLAN_LATER])]
        assert (visit["interpreter"], visit["language"]) == ("phone", "Tigrinja")
        (asked,) = stored(self.database, "assistance_request").values()
        assert state_of(asked, "status") == "submitted" and asked["asked_at"]
        words = {one["words"] for one in stored(self.database, "deviation").values()}
        assert PRAM in words

        def walked() -> bool:
            self.kari.sync()
            (round,) = stored(self.database, "round").values()
            return state_of(round, "handling") == "done"

        wait_until(walked, "the time for Angre is over, and the round is done")

    def neighbour(self) -> None:
        """12.15: a talk with neighbour A, whose words are not on the screen once they are sent."""
        self.kari.to_today()
        walk = Walk(self.kari)
        walk.to("Nabokonflikt")
        walk.tap(walk.entry(TITLE))
        walk.press("Legg til part")
        walk.say("Side", "A")
        walk.press("Ferdig")
        walk.tap(walk.entry("Part: A"))
        walk.press("Legg til samtale med part")
        walk.write("Hva ble sagt?", SAID)
        walk.press("Ferdig")
        expect(walk.entry("Samtale med part")).to_be_visible()
        expect(self.page.get_by_text(SAID)).to_have_count(0)
        walk.press("Tilbake")

    def two_dates(self) -> None:
        """13.00: a colleague moved the meeting too; both days are kept, and one tap chooses."""
        self.wire.cut()
        walk = Walk(self.kari)
        walk.tap(walk.entry("Dialogmøte"))
        walk.press("Rett")
        mine = f"{datetime.now(UTC).year + 1}-01-23"
        walk.write("Dato", mine)
        self.kari.expect_saved()
        walk.press("Ferdig")
        meets_on(self.database, "amir", 11)
        self.wire.mend()
        self.kari.to_today()
        self.kari.sync()
        self.page.get_by_role("button", name="1 må sjekkes").click()
        expect(self.page.get_by_text(f"{NAMES['amir']} skrev")).to_be_visible()
        expect(self.page.get_by_text("Begge er tatt vare på.")).to_be_visible()
        self.page.get_by_role("button", name="Mitt svar").click()
        self.kari.back()
        self.kari.go("Meg")  # the time for Angre is over when something else is done

        def chosen() -> bool:
            self.kari.sync()
            return bool(stored(self.database, "dialogue_meeting")[MEETING]["planned_on"] == mine)

        wait_until(chosen, "the meeting is on the chosen day")

    def must_get_out(self) -> None:
        """13.45: alone with somebody angry; out first, the leader warned, six fields afterwards."""
        self.kari.to_today()
        self.kari.start_visit("Lang vei 5")
        start = self.page.get_by_role("button", name="Start Trygt besøk")
        start.click()
        expect(self.page.get_by_role("heading", name="Trygt besøk", level=1)).to_be_visible()
        start.click()
        expect(self.page.get_by_text(f"varsles {NAMES['lise']}.")).to_be_visible()
        self.page.get_by_role("button", name="Må ut nå").click()
        expect(self.page.get_by_text("Gå ut først. Ring 112 hvis du er i fare.")).to_be_visible()
        wait_until(lambda: check_in(self.database).get("out_now"), "the press is at the office")
        self.watch()
        told = self.page.get_by_text(f"{NAMES['lise']} ble varslet kl.")

        def warned() -> bool:
            self.kari.sync()
            return told.is_visible()

        wait_until(warned, "the phone says who is warned")
        self.page.get_by_role("button", name="Skriv hendelse").click()
        self.page.get_by_label("Hva skjedde?").select_option(label="Trussel")
        self.page.get_by_label("Det viktigste").fill("Ble ropt til og gikk ut med en gang.")
        self.page.get_by_role("button", name="Send til lederen").click()
        wait_until(lambda: stored(self.database, "staff_incident"), "the leader has the incident")

    def stranger(self) -> None:
        """14.40: another opens: what is personal goes at once; home and day are what is kept."""
        self.kari.to_today()
        card = self.page.get_by_role("article", name=STREET, exact=True)
        card.get_by_role("button", name="Start besøk").click()
        main = self.page.locator("main")
        expect(main.get_by_text(TENANT).first).to_be_visible()
        self.page.get_by_role("button", name="Flyttet / feil person").click()
        expect(self.page.get_by_text("Opplysningene om leietakeren er skjult.")).to_be_visible()
        for words in (TENANT, "Samtalen", "Hva gjelder det?", "Trygt å gå alene?"):
            expect(main.get_by_text(words)).to_have_count(0)
        self.kari.expect_saved()
        self.kari.finish()
        expect(self.page.get_by_text(TENANT)).to_have_count(0)
        id = one_per_id("visit", [PLAN])
        self.kari.go("Meg")

        def known() -> bool:
            self.kari.sync()
            visit: dict[str, Any] = stored(self.database, "visit").get(id, {})
            return visit.get("outcome") == "tenant_moved" and bool(visit.get("status"))

        wait_until(known, "the office knows that the tenant has moved")
        parts = ("conversation", "agreement", "checklist_run")
        mine = [one for kind in parts for one in stored(self.database, kind).values()]
        assert not [one for one in mine if one.get("visit") == id]

    def laptop(self, kari: FieldWorker) -> None:
        """15.20: back at a bigger screen; the two notes of more than a day ago are finished."""
        kari.phone.size = DESK
        late = late_notes(kari.begin().ready().page)
        for left in (2, 1):
            expect(late).to_contain_text(f"{left} besøk")
            late.click()
            kari.box("Oppsummering").fill(WRITTEN)
            kari.expect_saved()
            kari.finish()
        expect(late).to_have_count(0)
        begun = kari.page.get_by_role("region", name="Påbegynt")
        expect(begun.get_by_role("article", name="Lang vei 6")).to_be_visible()
        kari.go("Meg")

        def handed_in() -> bool:
            kari.sync()
            talks = stored(self.database, "conversation").values()
            known = stored(self.database, "visit")
            mine = [known[talk["visit"]] for talk in talks if talk.get("summary") == WRITTEN]
            return [state_of(one, "status") for one in mine] == ["submitted"] * 2

        wait_until(handed_in, "both notes are at the office")
        self.kari.to_today()
        self.kari.sync()
        expect(late_notes(self.page)).to_have_count(0)


def late_notes(page: Page) -> Locator:
    """What I dag says of visits that are not finished within the hours of the office's rule."""
    return page.get_by_role("button", name="ikke skrevet ferdig innen fristen")


def test_a_day_in_january_from_wifi_to_a_phone_left_on_the_bus(
    wire: Wire,
    settings: Settings,
    database: Database,
    field_worker: Callable[..., FieldWorker],
    desk: Callable[[str], Desk],
) -> None:
    morning(database)

    def watch() -> None:
        safety.watch(database, settings, datetime.now(UTC))

    watch()
    kari = field_worker("kari")
    kari.phone.launch().add_init_script(BATTERY)
    kari.phone.start = lambda: kari.page  # type: ignore[method-assign]
    kari.page.goto(kari.phone.address)
    day = Day(kari.begin(), wire, database, watch)
    day.ready()
    day.move_in()
    day.nobody_home()
    day.cellar()
    day.lunch()
    day.neighbour()
    day.two_dates()
    day.must_get_out()
    day.stranger()
    day.laptop(field_worker("kari", disk="laptop"))
    kari.expect_all_received()

    ingrid = desk("ingrid").begin()
    ingrid.go("Enheter")
    phone, _laptop = phones_of(database, "kari")
    row = ingrid.page.locator(f"#r-{phone}")
    expect(row).to_contain_text("Ingen")
    ingrid.close_phone(row)
    expect(row.get_by_text("Stengt", exact=True)).to_be_visible()
    expect(row.get_by_text("meldes det til Datatilsynet innen")).to_be_visible()
    row.get_by_role("link", name="Hva som var på den").click()
    expect(ingrid.page.get_by_text("Ingen registreringer")).to_be_visible()
    expect(ingrid.page.get_by_role("heading", name="leieforhold")).to_be_visible()
