"""Whatever the network does to a request: nothing is lost or doubled, and the phone says so."""

from __future__ import annotations

from collections.abc import Callable

import orjson
from playwright.sync_api import expect
from sqlalchemy import select

from server.database import Database
from server.ledger import MutationRow
from tests.journeys.bad_wires import FAULTS, HARMLESS
from tests.journeys.custody import mutations, wait_until
from tests.journeys.kept import kept
from tests.journeys.people import FieldWorker
from tests.journeys.wire import Wire

STREET = "Storgata 12"
UNREACHED = "Vi får ikke kontakt med kontoret. Alt er lagret på telefonen."


def test_whatever_goes_wrong_on_the_wire_loses_and_doubles_nothing(
    wire: Wire, field_worker: Callable[[str], FieldWorker], database: Database
) -> None:
    kari = field_worker("kari").begin().ready()
    kari.start_visit(STREET)
    kari.box("Oppsummering").fill("Begynt.")
    kari.expect_saved()
    kari.back()
    kari.expect_all_received()

    for name, fault in {**FAULTS, **HARMLESS}.items():
        kari.go_on(STREET)
        kari.box("Oppsummering").fill(name)
        kari.expect_saved()
        wire.fault, wire.faults = fault, 0
        kari.back()
        kari.sync()
        wait_until(lambda: wire.faults, f"it came to this: {name}")
        if name in FAULTS:
            expect(kari.page.get_by_text(UNREACHED), name).to_be_visible()
            expect(kari.page.get_by_role("button", name="Åpne Utboks")).to_contain_text("1 på")
        wire.fault = None
        kari.sync()
        kari.expect_all_received()
        expect(kari.page.get_by_text(UNREACHED)).to_have_count(0)

    with database.reading() as session:
        ledger = [orjson.loads(raw) for raw in session.scalars(select(MutationRow.raw)) if raw]
    came = [one["set"]["summary"] for one in ledger if "summary" in one["set"]]
    assert sorted(came) == sorted(["Begynt.", *FAULTS, *HARMLESS])
    assert mutations(database, "mid") == mutations(database)
    assert mutations(database, "replica || '/' || n") == mutations(database), "no number is twice"
    (talk,) = kept(database, "conversation")
    assert talk["summary"] == list(HARMLESS)[-1]
