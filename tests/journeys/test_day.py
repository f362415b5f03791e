"""The phone's day: ready in the morning, a closed door, search, the home and its building, offline.

Each test is one walk through the app on the real server; what it counts are taps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from server.access import today_of
from server.database import Database
from server.shapes import Json
from sync.mutation import one_per_id
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.street import EAST, LATER, STREET, closed_before, standing, street
from tests.journeys.thumb import COUNT_TAPS, taps
from tests.journeys.town import HOME, PLAN, tenancy_of, write
from tests.journeys.wire import Wire
from tests.makers import USERS, mutation, new_id

People = Callable[..., FieldWorker]
SCREENFUL = 6
AT_ONCE = """async (words) => {
  const box = document.querySelector('main input')
  box.value = words
  box.dispatchEvent(new Event('input', { bubbles: true }))
  await new Promise((resolve) => queueMicrotask(() => queueMicrotask(resolve)))
  return document.querySelectorAll('main .entry').length
}"""
"""Types, and counts the hits that are drawn before the frame that shows the first of them."""


def test_the_morning_says_what_is_here_until_it_is_tapped_away(
    wire: Wire, field_worker: People
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    ready = page.get_by_role("region", name="Klar for dagen")
    expect(ready.get_by_text("Virker uten nett til")).to_be_visible()
    expect(ready.get_by_role("button", name="Hent nå")).to_be_visible()
    ready.get_by_role("button", name="Lukk").click()
    expect(ready).to_have_count(0)
    kari.expect_written()
    wire.cut()
    page.reload()
    kari.unlock()
    expect(kari.card(STREET)).to_be_visible()
    expect(ready).to_have_count(0)
    kari.go("Meg")
    page.get_by_role("button", name="Klar for dagen").click()
    expect(page.get_by_text("Klar for dagen. Hentet kl.")).to_be_visible()
    expect(page.get_by_text("Boliger på telefonen")).to_be_visible()
    page.get_by_role("button", name="Hent nå").click()
    expect(page.get_by_text("Vi får ikke kontakt med kontoret.")).to_be_visible()
    expect(page.get_by_text("Klar for dagen. Hentet kl.")).to_be_visible()


def test_nobody_home_is_two_taps_and_a_new_try_is_planned(
    wire: Wire, field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    card = page.get_by_role("article", name=STREET)
    expect(card).to_be_visible()
    wire.cut()
    page.evaluate(COUNT_TAPS)
    card.get_by_role("button", name="Ikke hjemme").click()
    expect(card.get_by_text("Notert kl.")).to_be_visible()
    card.get_by_role("button", name="Ja,").click()
    assert taps(page) == 2
    done = page.get_by_role("status").filter(has_text="Nytt forsøk")
    expect(done.get_by_text("Lagret på telefonen.")).to_be_visible()
    done.get_by_role("button", name="Angre").click()
    expect(card.get_by_text("Notert kl.")).to_be_visible()
    card.get_by_role("button", name="Ja,").click()
    kari.go("Boliger")
    page.get_by_role("button", name=STREET).first.click()
    expect(page.get_by_role("heading", name="Det som kommer")).to_be_visible()
    expect(page.locator("main").get_by_text("Ikke hjemme")).to_be_visible()

    wire.mend()
    kari.sync()

    def planned() -> bool:
        kari.sync()
        return len(tries(database)) == 1

    wait_until(planned, "the new try is at the office, once")
    (new,) = tries(database)
    assert new["tenancy"] == tenancy_of(HOME)
    assert new["purpose"] == "move_in"
    assert new[f"visitors/{USERS['kari']}"] is True
    visit = standing(database, "visit")[one_per_id("visit", [PLAN])]
    assert visit["outcome"] == "no_answer"


def tries(database: Database) -> list[dict[str, Json]]:
    """The visits to Storgata 12 that are agreed for a later day."""
    today = today_of(datetime.now(UTC)).isoformat()
    plans = standing(database, "planned_visit").values()
    return [plan for plan in plans if plan["dwelling"] == HOME and str(plan["planned_on"]) > today]


def test_the_third_closed_door_is_for_the_leader(
    wire: Wire, field_worker: People, database: Database
) -> None:
    closed_before(database, 2)
    kari = field_worker("kari").begin()
    page = kari.page
    card = page.get_by_role("article", name=STREET)
    card.get_by_role("button", name="Ikke hjemme").click()
    expect(card.get_by_text("Ingen svar 3 ganger. Lederen avgjør")).to_be_visible()
    card.get_by_role("button", name="Si fra til leder").click()
    expect(page.get_by_text("Kontoret ser forsøkene.")).to_be_visible()


def test_the_day_has_everything_by_the_clock_and_by_the_door(
    wire: Wire, field_worker: People, database: Database, looks: Looks
) -> None:
    street(database)
    kari = field_worker("kari").begin()
    page = kari.page
    expect(page.get_by_role("heading", name="Avtalt i dag")).to_be_visible()
    cards = page.get_by_role("article")
    expect(cards).to_have_count(4)
    names = [STREET, "Tett sluk på badet.", LATER, "Ukesrunde Øst"]
    expect(cards.get_by_role("heading")).to_have_text(names)
    expect(cards.nth(0).get_by_text("Les før du går: Hund.")).to_be_visible()
    cards.nth(0).get_by_text("Flere i samme oppgang").click()
    expect(cards.nth(0).get_by_text("Barnevogn sperrer trappa.")).to_be_visible()
    expect(cards.nth(0).get_by_text("Lampa i kjelleren er mørk.")).to_be_visible()
    for card, number in ((0, "tel:90000000"), (1, "tel:90000111")):
        ring = cards.nth(card).get_by_role("link", name="Ring")
        expect(ring).to_have_attribute("href", number)
    looks.at(page, "today-whole", large=True)
    wire.cut()
    cards.nth(3).get_by_role("button", name="Start runde").click()
    expect(page.get_by_role("heading", name="Ukesrunde Øst")).to_be_visible()
    kari.back()
    cards.nth(1).get_by_role("button", name="Åpne oppdraget").click()
    expect(page.get_by_text("Tett sluk på badet.").first).to_be_visible()
    assert not looks.amiss, "\n".join(looks.amiss)


def test_the_home_and_its_building_tell_what_to_know(
    wire: Wire, field_worker: People, database: Database, looks: Looks
) -> None:
    street(database)
    kari = field_worker("kari").begin()
    page = kari.page
    expect(kari.card(STREET)).to_be_visible()
    page.get_by_role("button", name="Lukk").click()
    wire.cut()
    kari.go("Boliger")
    page.get_by_role("button", name="Rødgården").click()
    expect(page.get_by_text("3. etasje")).to_be_visible()
    looks.at(page, "houses-open", large=True)
    page.get_by_role("button", name=f"{STREET}, H0203").click()
    expect(page.get_by_text("Les før du går: Hund. Ring først")).to_be_visible()
    expect(page.get_by_text("Eksempel Leietaker").first).to_be_visible()
    expect(page.get_by_role("link", name="Ring")).to_have_attribute("href", "tel:90000000")
    expect(page.get_by_text("Nås best: send melding")).to_be_visible()
    expect(page.get_by_text("Leieforholdet begynte")).to_be_visible()
    looks.at(page, "home-whole", large=True)
    page.get_by_role("button", name="Om bygningen").click()
    expect(page.get_by_role("heading", name="Rødgården", exact=True)).to_be_visible()
    expect(page.get_by_text("Porten har kode 0000.")).to_be_visible()
    expect(page.get_by_text("Barnevogn sperrer trappa.")).to_be_visible()
    expect(page.get_by_text("Styrets Leder").first).to_be_visible()
    looks.at(page, "building", large=True)
    page.get_by_role("button", name="Meld avvik").click()
    expect(page.get_by_role("textbox").first).to_be_visible()
    assert not looks.amiss, "\n".join(looks.amiss)


def test_search_finds_homes_people_and_work_while_one_types(
    wire: Wire, field_worker: People, database: Database, looks: Looks
) -> None:
    street(database)
    kari = field_worker("kari").begin()
    page = kari.page
    expect(kari.card(STREET)).to_be_visible()
    wire.cut()
    kari.go("Søk")
    field = page.get_by_role("textbox")
    for typed, heading, hit in (
        ("stor 12 h03", "Boliger", STREET),
        ("roedg", "Bygninger", "Rødgården"),
        ("prøve beb", "Kontakter", "Prøve Beboer"),
        ("900 00 222", "Kontakter", "Styrets Leder"),
        ("sluk", "Oppdrag", "Tett sluk på badet."),
        ("barnevgn", "Avvik", "Barnevogn sperrer trappa."),
        ("borettsl", "Boligselskaper", "Rødgården borettslag"),
    ):
        field.fill(typed)
        group = page.get_by_role("region", name=heading)
        expect(group.get_by_role("button", name=hit).first).to_be_visible()
    field.fill("12")
    looks.at(page, "search-groups", large=True)
    assert 0 < page.evaluate(AT_ONCE, "1") <= SCREENFUL
    wait_until(lambda: page.locator("main .entry").count() > SCREENFUL, "the rest is drawn too")
    field.fill("prøve beb")
    page.get_by_role("button", name="Prøve Beboer").click()
    expect(page.get_by_role("heading", name=LATER)).to_be_visible()
    assert not looks.amiss, "\n".join(looks.amiss)


def test_a_long_list_of_houses_is_no_heavier_than_a_short_one(
    wire: Wire, field_worker: People, database: Database
) -> None:
    now = datetime.now(UTC)
    houses: list[dict[str, Json]] = [
        {"area": EAST, "address": f"Rekkeveien {number + 1}"} for number in range(600)
    ]
    made = [
        mutation("dwelling", new_id(0x7000 + number), house, author="lise", now=now)
        for number, house in enumerate(houses)
    ]
    for start in range(0, len(made), 200):
        write(database, made[start : start + 200], now)
    kari = field_worker("kari").begin()
    page = kari.page
    expect(kari.card(STREET)).to_be_visible()
    kari.go("Boliger")
    expect(page.get_by_text("602 boliger")).to_be_visible()
    entries = page.locator("main .entry")
    expect(entries.first).to_be_visible()
    assert entries.count() < 250
    last = page.get_by_role("button", name="Storgata 12")
    wait_until(lambda: down(page) and last.count() == 1, "the last house has come into view")
    assert entries.count() < 250
    last.click()
    expect(page.get_by_role("heading", name=STREET)).to_be_visible()


def down(page: Page) -> bool:
    """Scroll one screen down, as a thumb does."""
    page.mouse.wheel(0, 3000)
    return True


def test_each_role_has_its_own_few_screens(
    wire: Wire, field_worker: People, database: Database, looks: Looks
) -> None:
    street(database)
    ola = field_worker("ola").begin()
    expect(ola.page.get_by_text("Ingenting til fast tid i dag.")).to_be_visible()
    ola.go("Boliger")
    ola.page.get_by_role("button", name=LATER).first.click()
    expect(ola.page.get_by_role("button", name="Meld avvik")).to_be_visible()
    expect(ola.page.get_by_role("button", name="Start besøk")).to_have_count(0)
    looks.at(ola.page, "home-caretaker")
    eva = field_worker("eva").begin(home="Avvik")
    expect(eva.page.get_by_text("Barnevogn sperrer trappa.")).to_be_visible()
    bar = eva.page.get_by_role("navigation").get_by_role("button")
    expect(bar).to_have_text(["Avvik", "Boliger", "Meg"])
    looks.at(eva.page, "landlord", large=True)
    assert not looks.amiss, "\n".join(looks.amiss)
