"""A home with a long history: its first day is reached on the phone, and weighs no more for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from server.access import today_of
from server.database import Database
from server.shapes import Json, write_instant
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.street import STREET
from tests.journeys.test_day import down
from tests.journeys.town import HOME, write
from tests.journeys.wire import Wire
from tests.makers import USERS, mutation, new_id

People = Callable[..., FieldWorker]
FAULTS = 160


def long_ago(database: Database) -> None:
    """A fault a week in the home in Storgata, for three years."""
    now = datetime.now(UTC)
    status: Json = {"state": "submitted", "by": USERS["amir"], "at": write_instant(now)}
    made = [
        mutation(
            "deviation",
            new_id(0x8000 + number),
            {
                "dwelling": HOME,
                "words": f"Feil nummer {number}.",
                "severity": "low",
                "found_on": (today_of(now) - timedelta(weeks=number)).isoformat(),
                "status": status,
            },
            author="lise",
            now=now,
        )
        for number in range(FAULTS)
    ]
    write(database, made, now)


def test_the_oldest_of_a_long_history_is_reached_and_the_page_stays_light(
    wire: Wire, field_worker: People, database: Database
) -> None:
    long_ago(database)
    kari = field_worker("kari").begin()
    page = kari.page
    expect(kari.card(STREET)).to_be_visible()
    kari.go("Boliger")
    page.get_by_role("button", name=STREET).first.click()
    history = page.get_by_role("region", name="Det som har skjedd")
    faults = history.locator(".entry")
    expect(faults.first).to_contain_text("Feil nummer 0.")
    expect(faults).to_have_count(20)
    history.get_by_role("button", name="Vis eldre").click()
    oldest_words = f"Feil nummer {FAULTS - 1}."
    oldest = history.get_by_text(oldest_words)
    wait_until(lambda: down(page) and oldest.count() == 1, "the first fault has come into view")
    assert faults.count() < FAULTS, "what is far from the eye is not drawn"
    oldest.click()
    expect(page.get_by_role("region", name="Avvik").get_by_text(oldest_words)).to_be_visible()
