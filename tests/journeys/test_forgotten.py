"""The forgotten passphrase: what can be read is given up, and not one unsent word is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playwright.sync_api import Page, expect
from sqlalchemy import select

from server.database import Database
from server.ledger import MutationRow
from server.records.envelope import Envelope
from tests.journeys.people import FieldWorker, saved_mark
from tests.journeys.stage import wait_until
from tests.journeys.town import PASSPHRASE
from tests.journeys.wire import Wire

LEFT = "Vinduet i stua går ikke igjen, og det trekker."
HALF = "Hun sover dårlig og vil gjerne ha"
DATABASES = "indexedDB.databases().then((all) => all.map((one) => one.name).sort())"
READ = """([name, store, key, value]) => new Promise((done) => {
  const opening = indexedDB.open(name)
  opening.onsuccess = () => {
    const asked = opening.result.transaction(store).objectStore(store).getAll()
    asked.onsuccess = () => {
      opening.result.close()
      done(Object.fromEntries(asked.result.map((one) => [one[key], one[value]])))
    }
  }
})"""


def test_with_the_passphrase_forgotten_every_unsent_word_arrives_sealed(
    wire: Wire, field_worker: Callable[..., FieldWorker], database: Database
) -> None:
    kari = field_worker("kari").begin()
    expect(kari.card("Kongens gate 12")).to_be_visible()
    [vault] = vaults(kari.page)
    wire.server.kill()
    wire.cut()
    leave_one_visit_and_be_killed_in_the_next(kari)

    page = kari.phone.start()
    locked = page.get_by_role("heading", name="er ikke sendt ennå.")
    expect(locked).to_be_visible()
    sealed, said = sealed_in(page, vault), locked.inner_text()
    assert {"open", "frozen"} == set(sealed.values())

    start_anew(page)
    dialog = page.get_by_role("dialog")
    expect(
        dialog.get_by_text("Alt på telefonen er trygt. Prøv igjen når du har nett.")
    ).to_be_visible()
    dialog.get_by_role("button", name="Avbryt").click()
    expect(locked).to_have_text(said)
    assert vaults(page) == [vault] and sealed_in(page, vault) == sealed
    assert custody(database) == []

    wire.server.start()
    wire.mend()
    start_anew(page)
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()
    rows = custody(database)
    assert {row.mid for row in rows} == set(sealed)
    assert {(row.sealed, row.state) for row in rows} == {(True, "applied")}
    assert LEFT in talks(database) and HALF in talks(database)
    assert vaults(page) == [] and page.evaluate(DATABASES) == ["oppgang"]

    log_in(page)
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    assert vaults(page) not in ([], [vault])
    expect(page.get_by_role("article").filter(has_text="Storgata 12")).to_be_visible()
    open_again(kari, "Storgata 12")
    expect(page.get_by_role("textbox", name="Notat")).to_have_value(LEFT)
    page.get_by_role("button", name="Tilbake").click()
    open_again(kari, "Kongens gate 12")
    wait_until(
        lambda: page.get_by_role("textbox", name="Oppsummering").input_value().startswith(HALF),
        "the half-typed words came back",
    )


def leave_one_visit_and_be_killed_in_the_next(kari: FieldWorker) -> None:
    """A note that was left, a summary that was not: the browser dies under the thumb."""
    page = kari.page
    kari.start_visit("Storgata 12")
    page.get_by_role("textbox", name="Notat").press_sequentially(LEFT)
    page.get_by_role("button", name="Tilbake").click()
    kari.start_visit("Kongens gate 12")
    summary = page.get_by_role("textbox", name="Oppsummering")
    summary.press_sequentially(HALF)
    expect(saved_mark(page).first).to_be_visible()
    summary.press_sequentially(" noen")
    kari.phone.kill()


def start_anew(page: Page) -> None:
    """Go the way of the forgotten passphrase to its end."""
    page.get_by_role("button", name="Glemt passordfrasen?").click()
    page.get_by_role("button", name="Send alt og begynn på nytt").click()


def log_in(page: Page) -> None:
    """Log in on the screen that the forgotten vault left behind."""
    page.get_by_label("Navn").fill("kari")
    page.get_by_label("Passord", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Logg inn").click()


def open_again(kari: FieldWorker, address: str) -> None:
    """Go on with a visit that was begun."""
    kari.card(address).get_by_role("button", name="Fortsett").click()


def vaults(page: Page) -> list[str]:
    """The vaults that this phone lists."""
    return list(page.evaluate(READ, ["oppgang", "vaults", "id", "id"]))


def sealed_in(page: Page, vault: str) -> dict[str, str]:
    """The sealed mutations of a vault, each with its state."""
    found = page.evaluate(READ, [f"oppgang-{vault}", "sealed", "mid", "state"])
    return {str(mid): str(state) for mid, state in found.items()}


def custody(database: Database) -> Sequence[MutationRow]:
    """What the office has from phones."""
    with database.reading() as session:
        return session.scalars(select(MutationRow).where(MutationRow.n.is_not(None))).all()


def talks(database: Database) -> str:
    """The words of every talk that the office has."""
    with database.reading() as session:
        chosen = select(Envelope.body).where(Envelope.kind == "conversation")
        return "\n".join(body.decode() for body in session.scalars(chosen))
