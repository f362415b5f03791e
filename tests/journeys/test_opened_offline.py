"""What is opened without a network is told to the office, before what was written there."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select

from server.access_log import OPENED_ON_PHONE, AccessRow, records_in
from server.database import Database
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.test_forgotten import custody
from tests.journeys.test_locks import HOME, expect_locked, lock, write_a_little
from tests.journeys.wire import Wire
from tests.makers import USERS


def opened(database: Database) -> list[AccessRow]:
    """Give what phones have told that was opened on them."""
    with database.reading() as session:
        query = select(AccessRow).where(AccessRow.way == OPENED_ON_PHONE)
        return list(session.scalars(query.order_by(AccessRow.position)))


def test_what_was_opened_offline_is_told_first_from_the_lock_too(
    wire: Wire,
    field_worker: Callable[..., FieldWorker],
    database: Database,
) -> None:
    kari = field_worker("kari").begin().ready()
    page = kari.page
    page.evaluate("navigator.serviceWorker.ready")
    wire.cut()
    kari.go("Boliger")
    page.get_by_role("button", name=HOME).first.click()
    expect(page.get_by_role("heading", name=HOME).first).to_be_visible()
    kari.go("I dag")
    write_a_little(kari)
    kari.back()
    lock(kari)
    kari.phone.kill()
    assert opened(database) == []
    page = kari.phone.start()
    expect_locked(page)
    assert custody(database) == []
    wire.mend()
    wait_until(lambda: opened(database), "the office knows what was opened")
    wait_until(lambda: custody(database), "what was written came too")
    told = opened(database)
    assert told[0].at < min(row.received_at for row in custody(database))
    assert {row.who for row in told} == {USERS["kari"]}
    assert all(row.looked_at is not None for row in told)
    assert any(records_in(row.records) for row in told)
