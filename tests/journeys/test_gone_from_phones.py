"""What is erased goes from each phone, and every page of the office says how far it has come."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from server import people
from server.database import Database
from server.keeping.receipts import ErasureReceipt
from server.people import Replica
from server.roles import Role
from tests.journeys.custody import wait_until
from tests.journeys.kept import kept
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.test_locks import emptied
from tests.journeys.test_office_looks import look
from tests.journeys.town import HOME_LATER, tenancy_of
from tests.journeys.wire import Wire
from tests.makers import NAMES, USERS, new_id

UNTIL = re.compile("Det som er på den, kan leses til senest .+ kl. ")
OVER = "Det som er på den, kan ikke leses mer."
CLOSED = "Kontoret har stengt denne telefonen."


def granted(database: Database) -> list[datetime | None]:
    """Until when each phone may be read."""
    with database.reading() as session:
        return list(session.scalars(select(Replica.readable_until)))


def let_go(database: Database) -> int:
    """How many phones have told that they let go of what was erased."""
    with database.reading() as session:
        told = select(ErasureReceipt).where(ErasureReceipt.done_at.is_not(None))
        return len(session.scalars(told).all())


def row_of(lise: Desk, wire: Wire, name: str) -> Locator:
    """Open Enheter, and give the row of somebody's phone."""
    lise.page.goto(f"{wire.address}/office/devices")
    return lise.page.get_by_role("row").filter(has_text=NAMES[name])


def erase_household(lise: Desk, address: str, tenancy: str) -> None:
    """Erase all about a household, as whoever leads does it."""
    page = lise.page
    page.goto(f"{address}/office/subjects/{tenancy}")
    page.get_by_label("Hvorfor?").select_option(index=1)
    page.get_by_role("button", name="Slett alt om leieforholdet").click()
    lise.expect_anew(page.get_by_role("heading", name="Oversikt"))


def expect_told(lise: Desk, wire: Wire, *words: str | re.Pattern[str]) -> None:
    """«Sletting» says each of these."""
    lise.page.goto(f"{wire.address}/office/privacy")
    told = lise.page.get_by_role("region", name="Slettet fra telefonene")
    for each in words:
        expect(told.get_by_text(each).first).to_be_visible()


def test_an_erasure_is_followed_phone_by_phone_until_nobody_can_read_it(
    wire: Wire,
    field_worker: Callable[..., FieldWorker],
    desk: Callable[[str], Desk],
    database: Database,
) -> None:
    """One phone syncs, one is closed and tells that it emptied itself, one stays silent."""
    with database.writing() as session:
        people.grant(session, new_id(), USERS["ola"], Role.BOMILJO, new_id(0xA1))
    kari, amir, ola = (field_worker(name).begin().ready() for name in ("kari", "amir", "ola"))
    for one in (kari, amir, ola):
        one.sync()
    wait_until(lambda: all(granted(database)), "each has said which lease it goes by")
    ola.phone.kill()
    amir.without_coverage(True)
    lise = desk("lise").begin()
    amiss: list[str] = []

    lise.close_phone(row_of(lise, wire, "amir"))
    row = row_of(lise, wire, "amir")
    expect(row.get_by_text("Alt slettes når telefonen får nett.")).to_be_visible()
    expect(row.get_by_text(UNTIL)).to_be_visible()
    amiss += look(lise.page, "devices-readable")
    row.get_by_role("link", name="Hva som var på den").click()
    expect(lise.page.get_by_text("Telefonen har ikke sagt fra ennå.")).to_be_visible()
    expect(lise.page.get_by_text(UNTIL)).to_be_visible()
    amiss += look(lise.page, "lost-readable")

    erase_household(lise, wire.address, tenancy_of(HOME_LATER))
    assert [each["dwelling"] for each in kept(database, "tenancy")].count(HOME_LATER) == 0
    kari.sync()
    expect(kari.card("Kongens gate 12")).to_have_count(0)

    def told() -> bool:
        kari.sync()
        return let_go(database) == 1

    wait_until(told, "her next contact is her receipt")
    expect_told(
        lise, wire, re.compile("slettet på 1 av 3 telefoner; 2 utløper senest .+ kl. "), UNTIL
    )
    amiss += look(lise.page, "erased-two-silent")

    amir.without_coverage(False)
    amir.sync()
    expect(amir.page.get_by_text(CLOSED)).to_be_visible()
    wait_until(lambda: any(emptied(database)), "it told by its own signature that it is empty")
    expect_told(lise, wire, re.compile("slettet på 2 av 3 telefoner; 1 utløper senest .+ kl. "))
    amiss += look(lise.page, "erased-one-silent")
    row = row_of(lise, wire, "amir")
    expect(row.get_by_text("Slettet", exact=True)).to_be_visible()
    expect(row.get_by_text("kan leses")).to_have_count(0)
    amiss += look(lise.page, "devices-gone")
    row.get_by_role("link", name="Hva som var på den").click()
    expect(lise.page.get_by_text("Telefonen har ikke sagt fra ennå.")).to_have_count(0)
    expect(lise.page.get_by_text(re.compile(r"^i dag kl\. ")).first).to_be_visible()
    amiss += look(lise.page, "lost-gone")

    lease_is_over(database, "ola")
    expect_told(lise, wire, re.compile("slettet på 2 av 3 telefoner; 1 kan ikke leses mer"), OVER)
    amiss += look(lise.page, "erased-unreadable")
    lise.close_phone(row_of(lise, wire, "ola"))
    expect(row_of(lise, wire, "ola").get_by_text(OVER)).to_be_visible()
    amiss += look(lise.page, "devices-unreadable")
    assert amiss == []


def lease_is_over(database: Database, name: str) -> None:
    """Let the time be over for which a phone was granted to read."""
    with database.writing() as session:
        [phone] = session.scalars(select(Replica.id).where(Replica.user == USERS[name]))
        over = datetime.now(UTC) - timedelta(minutes=5)
        people.note_health(session, phone, {"readable_until": over})
