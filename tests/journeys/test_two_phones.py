"""Two phones on one visit: what was written apart stands; a difference goes to a person."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import Desk, FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.wire import Wire

People = Callable[[str], FieldWorker]
Desks = Callable[[str], Desk]
QUESTION = "Hvordan gikk det?"
HOME = "Storgata 12"


def test_different_fields_stand_and_the_same_field_is_decided_in_the_office_and_on_the_phone(
    wire: Wire, field_worker: People, desk: Desks
) -> None:
    kari, amir = field_worker("kari").begin(), field_worker("amir").begin()
    for one in (kari, amir):
        expect(one.card(HOME)).to_be_visible()
    wire.cut()

    kari.start_visit(HOME)
    kari.choose(QUESTION, "Gjennomført")
    kari.tick("Røykvarsleren er på plass", "I orden")
    kari.expect_saved()
    amir.start_visit(HOME)
    amir.choose(QUESTION, "Snakket i døra")
    amir.tick("Ingen synlig fukt", "Avvik")
    amir.expect_saved()

    kari.finish()
    amir.back()
    amir.without_coverage(True)  # whoever comes second is asked: Kari is to come first
    wire.mend()
    kari.sync()
    kari.expect_all_received()
    ingrid = desk("ingrid").begin()
    ingrid.open_visit(HOME)
    amir.without_coverage(False)
    amir.sync()
    amir.expect_all_received()

    ingrid.wait_for_answer(QUESTION)
    expect(ingrid.page.get_by_text("Snakket i døra").first).to_be_visible()
    expect(ingrid.page.get_by_text("Gjennomført").first).to_be_visible()
    ingrid.decide("Amir", "Amir var der sist.")
    for one in (kari, amir):
        one.expect_sent(HOME, "Snakket i døra")
        for item, answer in (("Røykvarsleren", "I orden"), ("Ingen synlig fukt", "Avvik")):
            row = one.page.get_by_role("group", name=item)
            expect(row.get_by_text(answer, exact=True)).to_be_visible()

    ingrid.undo_answer()
    ingrid.wait_for_answer(QUESTION)
    expect(ingrid.page.get_by_role("button", name="Lagre avgjørelsen")).to_be_visible()
    for one in (kari, amir):
        one.expect_sent(HOME, "Gjennomført")

    page = amir.page
    amir.back()
    amir.go("I dag")
    page.get_by_role("button", name="1 må sjekkes").click()
    both = "Du skrev Snakket i døra. Kari Nordmann skrev Gjennomført. Begge er tatt vare på."
    expect(page.get_by_text(both)).to_be_visible()
    page.get_by_role("button", name="Mitt svar").click()
    expect(page.get_by_text("Du valgte Snakket i døra.")).to_be_visible()
    expect(page.get_by_text("Ingen ulike svar nå.")).to_be_visible()
    for one in (amir, kari):
        one.expect_sent(HOME, "Snakket i døra")


def test_what_one_wrote_stays_on_i_dag_when_a_colleague_finishes_the_visit(
    wire: Wire, field_worker: People
) -> None:
    kari, amir = field_worker("kari").begin(), field_worker("amir").begin()
    for one in (kari, amir):
        expect(one.card(HOME)).to_be_visible()
    wire.cut()
    amir.start_visit(HOME)
    amir.box("Notat").fill("Hun vil gjerne ha hjelp til å henge opp gardiner.")
    amir.expect_saved()
    amir.back()
    kari.start_visit(HOME)
    kari.choose(QUESTION, "Gjennomført")
    kari.finish()
    wire.mend()
    kari.sync()
    kari.expect_all_received()

    left = amir.page.get_by_text("Noe du skrev, er ikke sendt inn")

    def told() -> bool:
        amir.sync()
        return left.is_visible()

    wait_until(told, "Amir's card is still there")
    amir.go_on(HOME)
    expect(amir.page.get_by_text("En kollega har sendt inn besøket.")).to_be_visible()
    amir.page.get_by_role("button", name="Rett", exact=True).click()
    amir.finish()
    expect(left).to_have_count(0)
    amir.expect_all_received()
    expect(amir.page.get_by_role("region", name="Ferdig i dag").get_by_text(HOME)).to_be_visible()
