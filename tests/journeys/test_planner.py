"""The planner in a real browser: at three widths, with axe, by keyboard alone and without script.

Screenshots go to `screenshots/office/`, which git ignores; look at them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from playwright.sync_api import Browser, Page, expect

from server.database import Database
from server.demo.municipality import NORTH, STAFF
from server.planning.calendar import day_of, worked_from
from tests.journeys.test_office_looks import (
    address,
    app,
    database,
    enter,
    look,
    municipality,
    settings,
)
from tests.office.planned import visit, write
from tests.office.test_records import LONG, UNBROKEN

__all__ = ["address", "app", "database", "municipality", "settings"]

KARI, AMIR = STAFF["kari"].id, STAFF["amir"].id


def a_full_day(database: Database, now: datetime) -> str:
    """Plan a day for Kari, far enough ahead that nothing else is on it."""
    on = worked_from(day_of(now) + timedelta(days=60)).isoformat()
    for hour in ("09:00", "10:30", "12:30", "14:00"):
        visit(database, now, on, planned_at=hour)
    return on


def test_every_page_of_the_planner_is_whole_and_accessible_at_every_width(
    chromium: Browser, address: str, database: Database, now: datetime
) -> None:
    on = a_full_day(database, now)
    visit(database, now, on, due_on="2026-01-02", planned_at="08:00")
    page = enter(chromium, address, "ingrid")
    amiss = look(page, "overview-late")
    for view in ("list", "week", "month"):
        page.goto(f"{address}/planner?view={view}&on={on}")
        amiss += look(page, f"planner-{view}")
    page.goto(f"{address}/planner?view=month&on={now.year + 1}-05-17")
    amiss += look(page, "planner-holidays")
    page.goto(f"{address}/planner?on=2029-01-01")
    amiss += look(page, "planner-empty")
    page.goto(f"{address}/planner?on={on}")
    page.get_by_role("button", name="Flytt", exact=True).click()
    page.get_by_role("alert").wait_for()
    amiss += look(page, "planner-error")
    page.goto(f"{address}/planner?on={on}")
    page.locator("input[data-choose]").first.check()
    page.get_by_label("Flytt til dag").fill(f"{now.year}-12-25")
    page.get_by_role("button", name="Flytt", exact=True).click()
    page.get_by_text("Det er Første juledag.").wait_for()
    amiss += look(page, "planner-moved")
    page.goto(f"{address}/planner/share?on={on}&person={KARI}&with={AMIR}")
    amiss += look(page, "planner-share")
    page.goto(f"{address}/planner/rules?days=180")
    amiss += look(page, "planner-rules")
    assert amiss == []


def test_long_words_stay_within_the_calendar(
    chromium: Browser, address: str, database: Database, now: datetime
) -> None:
    on = a_full_day(database, now)
    dwelling = write(database, "lise", "dwelling", now, area=NORTH, address=(UNBROKEN + LONG)[:120])
    visit(database, now, on, dwelling=dwelling)
    page = enter(chromium, address, "ingrid")
    amiss: list[str] = []
    for view in ("list", "week", "month"):
        page.goto(f"{address}/planner?view={view}&on={on}")
        amiss += look(page, f"planner-{view}-long")
    assert amiss == []


def press_to(page: Page, name: str) -> None:
    """Walk with Tab until what has focus bears this name."""
    for _ in range(80):
        page.keyboard.press("Tab")
        has = page.evaluate(
            """() => { const e = document.activeElement
            return e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent }"""
        )
        if has.strip().startswith(name):
            return
    raise AssertionError(f"Tab never reaches «{name}»")


def test_a_visit_is_given_to_another_and_taken_back_by_keyboard_alone(
    chromium: Browser, address: str, database: Database, now: datetime
) -> None:
    on = a_full_day(database, now)
    page = enter(chromium, address, "ingrid")
    page.goto(f"{address}/planner?on={on}")
    press_to(page, "Velg ")
    page.keyboard.press("Space")
    press_to(page, "Gi til")
    page.keyboard.type("Amir")
    press_to(page, "Gi til en annen")
    page.keyboard.press("Enter")
    page.get_by_text("1 er gitt til Amir Haddad.").wait_for()
    press_to(page, "Angre")
    page.keyboard.press("Enter")
    page.get_by_text("1 er gitt til Amir Haddad.").wait_for(state="detached")
    expect(page.locator("a[data-line]", has_text="Amir Haddad")).to_have_count(0)


def test_a_day_is_spread_over_the_colleagues_without_any_script(
    chromium: Browser, address: str, database: Database, now: datetime
) -> None:
    on = a_full_day(database, now)
    page = enter(chromium, address, "ingrid", script=False)
    page.goto(f"{address}/planner?on={on}")
    page.get_by_role("link", name="Fordel dagen").click()
    page.get_by_label("Borte").select_option(label=STAFF["kari"].name)
    page.get_by_label(STAFF["amir"].name).check()
    page.get_by_label(STAFF["lise"].name).check()
    page.get_by_role("button", name="Vis forslag").click()
    page.get_by_text("Ingenting er endret ennå.").wait_for()
    page.get_by_role("button", name="Fordel", exact=True).click()
    page.get_by_text("4 er gitt til Amir Haddad og Lise Strand.").wait_for()
    expect(page.locator("a[data-line]", has_text=STAFF["amir"].name)).to_have_count(2)
    page.get_by_role("button", name="Angre").click()
    expect(page.locator("a[data-line]", has_text=STAFF["kari"].name)).to_have_count(4)
