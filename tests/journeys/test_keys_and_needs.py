"""Keys handed out twice without knowing of each other, and what a household needs handed on.

Each test is one walk through the app on the real server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from server.database import Database
from tests.journeys.birkegata import stored, street
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.programme_walks import Walk
from tests.journeys.stage import wait_until
from tests.journeys.test_follow_up import at_home
from tests.journeys.wire import Wire

People = Callable[..., FieldWorker]
SERIAL = "H0203-2"


def home(walk: Walk) -> None:
    """Open the home in Storgata."""
    walk.press("Boliger")
    walk.page.get_by_role("button", name="Storgata 12").first.click()


def test_a_key_handed_out_on_two_phones_without_a_network_is_shown_twice(
    wire: Wire, database: Database, field_worker: People, desk: Callable[[str], Desk]
) -> None:
    street(database)
    walks = [Walk(field_worker(name).begin().ready()) for name in ("kari", "amir")]
    wire.cut()
    for walk, holder in zip(walks, ("Håndverker", "Leietakeren"), strict=True):
        home(walk)
        at_home(walk, "Nøkkelutlevering")
        walk.write("Nøkkelnummer", SERIAL)
        walk.say("Hva skjedde?", "Utlevert")
        walk.page.get_by_label("Hvem har den nå?").select_option(label=holder)
        walk.press("Ferdig")
    wire.mend()
    for walk in walks:
        walk.who.sync()
    wait_until(lambda: len(stored(database, "key_handover")) == 2, "the office has both")
    holders = {one["holder"] for one in stored(database, "key_handover").values()}
    assert holders == {"craftsman", "tenant"}
    ingrid = desk("ingrid").begin()
    ingrid.go("Nøkler")
    expect(ingrid.page.get_by_text(SERIAL).first).to_be_visible()
    for words in ("Håndverker", "Leietakeren"):
        expect(ingrid.page.locator("main").get_by_text(words).first).to_be_visible()
    kari = walks[0]
    kari.press("I dag")
    kari.to("Nøkler")

    shown = kari.page.get_by_role("region", name=SERIAL)

    def both() -> bool:
        kari.who.sync()
        return shown.is_visible() and shown.get_by_role("button").count() == 2

    wait_until(both, "Kari's phone shows both hand-overs")


def test_what_a_household_needs_is_handed_on_and_how_we_work_is_scored_without_a_network(
    wire: Wire, database: Database, field_worker: People
) -> None:
    street(database)
    kari = Walk(field_worker("kari").begin().ready())
    wire.cut()
    home(kari)
    at_home(kari, "Henvisning")
    kari.page.get_by_label("Til", exact=True).select_option(label="Gjeldsrådgiver")
    kari.write("Det de trenger å vite", "Vil ha hjelp med tre krav.")
    kari.page.get_by_text("Avtalt med leietakeren", exact=True).click()
    kari.press("Ferdig")
    at_home(kari, "Boligbehov")
    kari.page.get_by_text("For liten", exact=True).click()
    kari.press("Ferdig")
    kari.press("I dag")
    kari.to("Housing First")
    kari.press("Ny: modellvurdering")
    kari.score("Bolig som menneskerett", 4)
    kari.score("Brukerstyring", 2)
    kari.press("Ferdig")
    wire.mend()
    kari.who.sync()
    kinds = ("referral", "housing_need", "fidelity_assessment")
    wait_until(lambda: all(stored(database, kind) for kind in kinds), "the office has all three")
    (referral,), (need,), (scored,) = (one(database, kind) for kind in kinds)
    assert (referral["to"], referral["agreed"]) == ("debt_advice", True)
    assert referral["tenancy"] == need["tenancy"] and need["needs/too_small"] is True
    assert (scored["scores/human_right"], scored["scores/self_determination"]) == (4, 2)


def one(database: Database, kind: str) -> list[dict[str, Any]]:
    """The bodies of a kind, as the server has them."""
    return list(stored(database, kind).values())
