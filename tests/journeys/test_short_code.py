"""The short code: six digits bring the screen back while the keys are in memory, and never else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.disk import copy, search
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.test_locks import IDLE_MS, WORDS, expect_locked, lock, write_a_little

People = Callable[..., FieldWorker]
CODE = "482915"
HOUR_MS = 3_700_000


def choose(page: Page, code: str) -> None:
    """Choose a short code on Meg."""
    page.get_by_role("button", name="Velg kort kode").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kort kode, seks tall").fill(code)
    dialog.get_by_role("button", name="Velg kort kode").click()


def type_code(page: Page, code: str) -> None:
    """Type a code at the cover."""
    page.get_by_label("Kort kode, seks tall").press_sequentially(code)


def covered_in_a_visit(kari: FieldWorker) -> Page:
    """Choose a code, write in a visit, and leave the phone alone."""
    kari.page.clock.install()
    kari.page.reload()
    kari.unlock()
    kari.go("Meg")
    choose(kari.page, CODE)
    expect(kari.page.get_by_text("Kort kode er valgt.")).to_be_visible()
    kari.go("I dag")
    write_a_little(kari)
    kari.page.clock.run_for(IDLE_MS)
    expect_locked(kari.page)
    return kari.page


def test_six_digits_lead_back_to_the_same_word(field_worker: People, shots: Path) -> None:
    kari = field_worker("kari").begin()
    page, looks = covered_in_a_visit(kari), Looks(shots)
    expect(page.get_by_text(WORDS)).to_have_count(0)
    expect(page.get_by_label("Passordfrase")).to_have_count(0)
    looks.at(page, "covered")
    type_code(page, "482916")
    expect(page.get_by_text("Feil kode. 4 forsøk igjen.")).to_be_visible()
    type_code(page, CODE)
    box = kari.box("Oppsummering")
    expect(box).to_be_focused()
    expect(box).to_have_value(WORDS)
    page.keyboard.press("End")
    page.keyboard.type(" kald.")
    kari.expect_saved()
    assert looks.amiss == []


def test_five_wrong_codes_an_hour_or_a_start_leave_the_passphrase_alone(
    field_worker: People, tmp_path: Path
) -> None:
    kari = field_worker("kari", disk="coded").begin()
    page = covered_in_a_visit(kari)
    for _ in range(5):
        type_code(page, "000001")
    expect(page.get_by_text("Feil kode fem ganger.")).to_be_visible()
    expect(page.get_by_label("Kort kode, seks tall")).to_have_count(0)
    kari.unlock()
    expect(kari.box("Oppsummering")).to_have_value(WORDS)

    page.get_by_role("button", name="Tilbake").click()
    kari.go("Meg")
    choose(page, CODE)
    page.clock.run_for(IDLE_MS)
    expect(page.get_by_label("Kort kode, seks tall")).to_be_visible()
    page.clock.run_for(HOUR_MS)
    expect(page.get_by_label("Kort kode, seks tall")).to_have_count(0)
    expect(page.get_by_label("Passordfrase")).to_be_visible()

    kari.unlock()
    choose(page, CODE)
    page.clock.run_for(IDLE_MS)
    expect(page.get_by_label("Kort kode, seks tall")).to_be_visible()
    kari.phone.kill()
    assert search(copy(kari.phone.disk, tmp_path / "stolen"), [CODE]) == set()
    page = kari.phone.start()
    expect_locked(page)
    expect(page.get_by_label("Kort kode, seks tall")).to_have_count(0)
    kari.unlock()


def test_the_button_on_meg_locks_and_a_plain_code_is_not_taken(field_worker: People) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    kari.go("Meg")
    choose(page, "123456")
    expect(page.get_by_text("Den er for lett å gjette.")).to_be_visible()
    page.get_by_label("Kort kode, seks tall").fill(CODE)
    page.get_by_role("dialog").get_by_role("button", name="Velg kort kode").click()
    lock(kari)
    expect(page.get_by_label("Kort kode, seks tall")).to_have_count(0)
    kari.unlock()
    expect(page.get_by_role("button", name="Velg kort kode")).to_be_visible()
