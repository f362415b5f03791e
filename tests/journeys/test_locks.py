"""Locks: by thumb, by phrase, in two tabs, through a log-out, on a closed phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Page, expect
from sqlalchemy import select, text

from server import people
from server.database import Database
from server.people import Replica
from tests.journeys.people import FieldWorker, saved_mark
from tests.journeys.stage import SLOWLY, give_thumb, wait_until
from tests.journeys.town import PASSPHRASE
from tests.journeys.wire import Wire
from tests.makers import USERS

People = Callable[..., FieldWorker]
HOME = "Storgata 12"
WORDS = "Hun trives, men radiatoren på soverommet er"
TWO_TABS = (
    "Appen er åpen i to faner. Det du skrev, er lagret. "
    "Fortsett i den andre, eller trykk Bruk denne."
)
VAULTS = "indexedDB.databases().then((all) => all.map((one) => one.name).sort())"
IDLE_MS = 130_000


def write_a_little(kari: FieldWorker) -> None:
    """Begin a visit and write in it, without leaving it."""
    kari.start_visit(HOME)
    kari.box("Oppsummering").press_sequentially(WORDS)
    kari.expect_saved()


def expect_locked(page: Page) -> None:
    """The lock is shown, and says how much waits."""
    expect(page.get_by_role("heading", name="Låst.")).to_be_visible()


def lock(kari: FieldWorker) -> None:
    """Lock by the button on Meg."""
    kari.go("Meg")
    kari.page.get_by_role("button", name="Lås appen").click()
    expect_locked(kari.page)


def log_out(page: Page) -> None:
    """Log out by the button on Meg, and confirm."""
    page.get_by_role("button", name="Logg ut").click()
    page.get_by_role("dialog").get_by_role("button", name="Logg ut").click()


def test_a_thumb_makes_the_vault_and_opens_it_without_a_network(
    wire: Wire, field_worker: People, database: Database
) -> None:
    with database.writing() as session:
        people.set_password(session, USERS["kari"], "kari", "for kort")
    kari = field_worker("kari")
    page = kari.phone.start()
    give_thumb(page)
    page.reload()
    page.get_by_label("Navn").fill("kari")
    page.get_by_label("Passord", exact=True).fill("for kort")
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_role("button", name="Bruk finger eller ansikt").click()
    expect(kari.card(HOME)).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready")

    wire.cut()
    lock(kari)
    page.reload()
    page.get_by_role("button", name="Lås opp med finger eller ansikt").click()
    kari.go("I dag")
    write_a_little(kari)


def test_a_phone_left_alone_locks_and_opens_again_at_the_same_word(field_worker: People) -> None:
    kari = field_worker("kari").begin()
    kari.page.clock.install()
    kari.page.reload()
    kari.unlock()
    write_a_little(kari)
    kari.page.clock.run_for(IDLE_MS)
    expect_locked(kari.page)
    expect(kari.page.get_by_text(WORDS)).to_have_count(0)

    kari.page.get_by_label("Passordfrase").fill("noe helt annet enn frasen")
    kari.page.get_by_role("button", name="Lås opp", exact=True).click()
    expect(kari.page.get_by_text("Passordfrasen stemmer ikke.")).to_be_visible()
    kari.unlock()
    box = kari.box("Oppsummering")
    expect(box).to_be_focused()
    expect(box).to_have_value(WORDS)
    kari.page.keyboard.press("End")
    kari.page.keyboard.type(" kald.")
    expect(box).to_have_value(WORDS + " kald.")
    kari.expect_saved()


def second_tab(kari: FieldWorker) -> Page:
    """Open the app once more in the same browser; it waits while the first one has it."""
    assert kari.phone.context is not None
    other = kari.phone.context.new_page()
    other.goto(kari.phone.address)
    expect(other.get_by_text(TWO_TABS)).to_be_visible()
    return other


def test_two_tabs_hand_the_app_over_and_lose_no_word(field_worker: People) -> None:
    kari = field_worker("kari").begin()
    write_a_little(kari)
    other = second_tab(kari)
    kari.box("Oppsummering").press_sequentially(" kald")

    other.get_by_role("button", name="Bruk denne").click()
    expect(kari.page.get_by_text(TWO_TABS)).to_be_visible()
    expect_locked(other)
    go_on_in(other)
    expect(other.get_by_role("textbox", name="Oppsummering")).to_have_value(WORDS + " kald")

    kari.page.get_by_role("button", name="Bruk denne").click()
    expect(other.get_by_text(TWO_TABS)).to_be_visible()
    kari.unlock()
    expect(kari.box("Oppsummering")).to_have_value(WORDS + " kald")


def test_a_tab_says_that_what_was_written_in_it_is_saved_when_it_is(field_worker: People) -> None:
    kari = field_worker("kari").begin()
    write_a_little(kari)
    other = second_tab(kari)
    kari.page.evaluate(SLOWLY)
    kari.box("Oppsummering").press_sequentially(" kald")
    other.get_by_role("button", name="Bruk denne").click()
    expect(kari.page.get_by_text(TWO_TABS)).to_be_visible()
    kari.phone.kill()
    kari.wake()
    kari.go_on(HOME)
    expect(kari.box("Oppsummering")).to_have_value(WORDS + " kald")


def test_a_tab_that_slept_through_losing_the_app_lays_nothing_old_over_what_is_new(
    wire: Wire, field_worker: People
) -> None:
    kari = field_worker("kari").begin()
    write_a_little(kari)
    wire.cut()
    context = kari.phone.context
    assert context is not None
    sleep = context.new_cdp_session(kari.page)
    sleep.send("Page.setWebLifecycleState", {"state": "frozen"})
    other = context.new_page()
    other.goto(kari.phone.address)
    other.get_by_role("button", name="Bruk denne").click()
    go_on_in(other)
    box = other.get_by_role("textbox", name="Oppsummering")
    box.press("End")
    box.press_sequentially(" kald.")
    expect(other.get_by_text("Lagrer", exact=True)).to_have_count(0)
    expect(saved_mark(other).last).to_be_visible()

    sleep.send("Page.setWebLifecycleState", {"state": "active"})
    expect(kari.page.get_by_text(TWO_TABS)).to_be_visible()
    other.reload()
    unlock_in(other)
    expect(box).to_have_value(WORDS + " kald.")


def unlock_in(page: Page) -> None:
    """Give the passphrase in another tab."""
    page.get_by_label("Passordfrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Lås opp", exact=True).click()


def go_on_in(page: Page) -> None:
    """Unlock in another tab, and go on with the visit."""
    unlock_in(page)
    card = page.locator("article, li").filter(has_text=HOME).first
    card.get_by_role("button", name="Fortsett").click()


def test_a_page_that_is_loaded_again_does_not_find_itself_in_the_way(field_worker: People) -> None:
    kari = field_worker("kari").begin()
    for _ in range(5):
        kari.page.reload()
        expect_locked(kari.page)
    kari.page.goto("about:blank")
    kari.page.goto(kari.phone.address)
    expect_locked(kari.page)


def test_a_log_out_without_a_network_is_told_to_the_server_and_leads_back_to_the_lock(
    wire: Wire, field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin()
    write_a_little(kari)
    kari.back()
    kari.go("Meg")
    kari.page.get_by_text("Størst").click()
    wire.cut()
    log_out(kari.page)
    expect(kari.page.get_by_role("heading", name="Logg inn")).to_be_visible()
    kari.page.get_by_role("button", name="Lås opp uten å logge inn").click()
    kari.unlock()
    expect(kari.page.get_by_role("heading", name="Meg", exact=True)).to_be_visible()
    assert sessions(database) == 1
    kari.phone.close()

    kari.phone.start()
    expect_locked(kari.page)
    assert kari.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") > 20
    wire.mend()
    kari.unlock()
    kari.sync()
    expect(kari.page.get_by_text("Du har logget ut. Usendt arbeid er trygt.")).to_be_visible()
    wait_until(lambda: sessions(database) == 0, "the server has ended the session")
    wait_until(lambda: writers(database) == [USERS["kari"]], "what was written is in custody")


def sessions(database: Database) -> int:
    """How many logins the server still holds open."""
    with database.reading() as session:
        query = select(people.LoginSession).where(people.LoginSession.revoked_at.is_(None))
        return len(list(session.scalars(query)))


def writers(database: Database) -> list[str]:
    """Whose mutations have come from phones, each named once."""
    with database.reading() as session:
        found = session.execute(text("SELECT DISTINCT author FROM mutation WHERE n IS NOT NULL"))
        return [str(row[0]) for row in found]


def emptied(database: Database) -> list[datetime | None]:
    """When each phone told that nothing can be read on it any more."""
    with database.reading() as session:
        return list(session.scalars(select(Replica.emptied_at)))


def test_a_closed_phone_gives_its_last_words_and_then_holds_nothing(
    wire: Wire, field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin()
    expect(kari.card(HOME)).to_be_visible()
    wire.cut()
    write_a_little(kari)
    with database.writing() as session:
        for replica in session.scalars(select(Replica)):
            people.revoke_replica(session, replica.id, datetime.now(UTC))
    wire.mend()
    kari.sync()
    expect(kari.page.get_by_text("Kontoret har stengt denne telefonen.")).to_be_visible()
    expect(kari.page.get_by_text("Usendt arbeid er levert: 2.")).to_be_visible()
    expect(kari.page.get_by_text("Resten er slettet herfra.")).to_be_visible()
    assert kari.page.evaluate(VAULTS) == ["oppgang"]
    with database.reading() as session:
        rows = list(session.execute(text("SELECT state, reason FROM mutation WHERE sealed")))
    assert [tuple(row) for row in rows] == [("held", "replica_revoked")] * 2
    wait_until(lambda: all(emptied(database)), "it told by its own signature that it is empty")
    kari.page.reload()
    begins = re.compile("Logg inn|Lås det som ligger på telefonen")  # is the login still good?
    expect(kari.page.get_by_role("heading", name=begins)).to_be_visible()
