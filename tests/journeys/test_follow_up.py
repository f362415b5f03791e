"""Follow-up in a home and Housing First on the phone: goals, mastery, offers, arrears, contacts.

Each test is one walk through the app on the real server.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from server.access import today_of
from server.database import Database
from tests.journeys.birkegata import stored, street
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.programme_walks import Walk
from tests.journeys.stage import wait_until
from tests.journeys.wire import Wire

People = Callable[..., FieldWorker]
GOAL = "Jeg vil tørre å åpne posten."
CONTACT_TAPS_MAX = 6


def at_home(walk: Walk, kind: str) -> None:
    """Begin a record of a kind from the home."""
    walk.press("Ny sak om boligen")
    walk.page.get_by_role("dialog").get_by_role("button", name=kind, exact=True).click()


def evaluate(walk: Walk, on: str, home: int, economy: int) -> None:
    """One evaluation by thumb, of a day."""
    walk.press("Legg til evaluering")
    walk.write("Dato", on)
    walk.score("Hjemmet", home)
    walk.score("Økonomi og regninger", economy)


def test_a_plan_has_goals_with_how_far_they_have_come_and_mastery_beside_what_it_was(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    street(database)
    today = today_of(datetime.now(UTC))
    kari = Walk(field_worker("kari").begin().ready())
    kari.press("Boliger")
    kari.page.get_by_role("button", name="Storgata 12").first.click()
    wire.cut()
    at_home(kari, "Oppfølgingsplan")
    kari.write("Mål, med leietakerens ord 1", GOAL)
    kari.page.get_by_text("På vei", exact=True).click()
    looks.at(kari.page, "plan-ny", large=True)
    kari.press("Ferdig")
    kari.tap(kari.entry("Oppfølgingsplan"))
    expect(kari.page.get_by_text(GOAL)).to_be_visible()
    evaluate(kari, (today - timedelta(days=90)).isoformat(), 1, 0)
    kari.press("Ferdig")
    evaluate(kari, today.isoformat(), 2, 1)
    area = kari.page.get_by_role("radiogroup", name="Økonomi og regninger")
    expect(area).to_contain_text("sist 0")
    kari.press("Om tre måneder")
    kari.who.expect_saved()
    looks.at(kari.page, "evaluering", large=True)
    kari.who.phone.kill()
    kari.who.wake()
    kari.to("Oppfølging i bolig")
    kari.tap(kari.entry("Oppfølgingsplan"))
    looks.at(kari.page, "plan")
    kari.tap(kari.entry("Utkast"))
    expect(kari.page.get_by_role("radiogroup", name="Hjemmet").get_by_label("2")).to_be_checked()
    kari.press("Ferdig")
    wire.mend()
    wait_until(lambda: len(stored(database, "evaluation")) == 2, "the office has both")
    (plan,) = stored(database, "follow_up_plan").values()
    (goal,) = [path for path in plan if path.startswith("goals/")]
    assert plan[goal] == GOAL and plan[goal.replace("goals", "reached")] == "on_the_way"
    assert {one["plan"] for one in stored(database, "evaluation").values()} == set(
        stored(database, "follow_up_plan")
    )
    assert looks.amiss == []


def test_an_offer_and_a_step_in_arrears_take_one_tap_each_and_can_be_taken_back(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    street(database)
    kari = Walk(field_worker("kari").begin().ready())
    kari.press("Boliger")
    kari.page.get_by_role("button", name="Storgata 12").first.click()
    wire.cut()
    at_home(kari, "Tilbud")
    kari.page.get_by_label("Hva tilbys?").select_option(label="Råd om økonomi")
    kari.press("Ferdig")
    kari.tap(kari.entry("Tilbud"))
    looks.at(kari.page, "tilbud")
    kari.press("Nei")
    kari.press("Angre")
    kari.press("Ikke nå")
    kari.press("Rett")
    kari.press("Om en måned")
    kari.press("Ferdig")
    at_home(kari, "Restansesak")
    kari.page.get_by_text("Barn i husstanden", exact=True).click()
    kari.press("Ferdig")
    kari.tap(kari.entry("Restansesak"))
    looks.at(kari.page, "restanse")
    kari.press("Kontaktet")
    expect(kari.page.get_by_role("button", name="Kontaktet", exact=True)).to_have_count(0)
    wire.mend()
    contacted = "the office has the step"
    wait_until(
        lambda: any(one.get("contacted_on") for one in bodies(database, "arrears_case")), contacted
    )
    (offer,), (case,) = bodies(database, "offer"), bodies(database, "arrears_case")
    assert offer["answer"] == "not_now" and offer["again_on"]
    assert case["children"] is True
    assert looks.amiss == []


def test_a_contact_in_housing_first_takes_few_taps_and_is_its_teams_alone(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    street(database)
    kari = Walk(field_worker("kari").begin().ready())
    wire.cut()
    kari.to("Housing First")
    kari.press("Ny: deltaker")
    kari.write("Kjennetegn for teamet", "HF-07")
    looks.at(kari.page, "deltaker-ny", large=True)
    kari.press("Ferdig")
    kari.tap(kari.entry("HF-07"))
    kari.taps = 0
    kari.press("Legg til kontakt")
    kari.say("Hvor?", "Hjemme")
    kari.say("Hva handlet det om?", "Praktisk")
    kari.tap(kari.page.get_by_role("radio", name="30 min"))
    looks.at(kari.page, "hf-kontakt", large=True)
    expect(kari.page.get_by_text("Aldri diagnose eller rus")).to_be_visible()
    kari.press("Ferdig")
    assert kari.taps <= CONTACT_TAPS_MAX, kari.taps
    kari.who.let_undo_pass()
    kari.who.phone.kill()
    kari.who.wake()
    kari.to("Housing First")
    kari.tap(kari.entry("HF-07"))
    expect(kari.entry("Kontakt: Hjemme")).to_be_visible()
    wire.mend()
    wait_until(lambda: bodies(database, "hf_contact"), "the office has the contact")
    (contact,) = bodies(database, "hf_contact")
    assert (contact["where"], contact["minutes"], contact["topics/practical"]) == ("home", 30, True)
    amir = Walk(field_worker("amir").begin().ready())
    amir.to("Housing First")
    expect(amir.page.get_by_text("Ingenting her ennå.").first).to_be_visible()
    expect(amir.page.get_by_text("HF-07")).to_have_count(0)
    assert looks.amiss == []


def bodies(database: Database, kind: str) -> list[dict[str, object]]:
    """The bodies of a kind, as the server has them."""
    return list(stored(database, kind).values())
