"""The office's day and the end of its month, hour by hour, as the domain tells it (domain.md §6.3).

One walk through the pages in a real browser, on the demo municipality with its year behind it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Page, expect

from server.database import Database
from server.demo.municipality import AREAS, SOUTH
from server.planning.calendar import day_of
from server.planning.generation import generate
from server.reports import REPORTS
from tests.journeys.test_office_looks import (
    address,
    app,
    database,
    enter,
    first_line,
)
from tests.journeys.test_office_programmes import settings
from tests.office.insights import SECRET, write_talk
from tests.office.test_homes import HOME
from tests.stock_files import (
    DWELLINGS_HEADING,
    TENANCIES_HEADING,
    dwelling_rows,
    tenancy_rows,
    written,
)

__all__ = ["address", "app", "database", "settings"]

NEW_CONTRACTS = 3
RETURNED = "Skriv hva du så, ikke hva du tror."
ORDER = "AO-2027-01"
MARK = "\ufeff"


def inbox(page: Page, address: str) -> None:
    """08.00: what came since yesterday, what needs a look, and which phone went silent."""
    for words in ("til gjennomgang", "ulike svar", "kan ikke brukes ennå"):
        expect(page.get_by_role("link", name=re.compile(rf"^[1-9]\d* ?{words}"))).to_be_visible()
    silent = page.get_by_text(re.compile(r"^3 registreringer fra Amir Haddad er ikke kommet inn"))
    expect(silent).to_be_visible()
    expect(page.get_by_role("heading", name="Frister")).to_be_visible()
    page.goto(f"{address}/requests")
    expect(page.get_by_text(re.compile("siden")).first).to_be_visible()


def two_versions(page: Page, address: str) -> None:
    """09.00: two answers side by side, one chosen, with the reason written."""
    page.goto(f"{address}/answers")
    page.goto(address + first_line(page))
    page.get_by_label("Amir Haddad:").check()
    page.get_by_label("Hvorfor?").fill("Amir var der sist.")
    page.get_by_role("button", name="Lagre avgjørelsen").click()
    expect(page.get_by_role("button", name="Angre avgjørelsen").first).to_be_visible()


def approve_and_return(page: Page, address: str) -> None:
    """10.00: one is sent back with a kind word at the very field, and one is approved."""
    page.goto(f"{address}/inbox")
    page.goto(address + first_line(page))
    page.locator("details.ask > summary").nth(1).click()
    page.locator("textarea[data-comment]").nth(1).fill(RETURNED)
    page.get_by_role("button", name="Send tilbake").click()
    expect(page.get_by_text("Sendt tilbake:")).to_be_visible()
    page.goto(address + first_line(page))
    page.get_by_role("button", name="Godkjenn", exact=True).click()
    expect(page.get_by_text("Godkjent:")).to_be_visible()


def to_the_landlord(page: Page, address: str) -> None:
    """11.00: faults go as a table and are ordered; the number of the work order stands there."""
    page.goto(f"{address}/deviations")
    table = page.request.get(f"{address}/deviations.csv").text()
    assert table.startswith(MARK + "Sted;") and table.count("\n") > 3
    open_ones = page.get_by_role("listitem").filter(has_text="Åpent")
    for number in range(2):
        open_ones.get_by_role("checkbox").nth(number).check()
    page.get_by_role("textbox", name="Arbeidsordre").fill(ORDER)
    page.get_by_role("button", name="Bestilt").click()
    expect(page.get_by_text("2 avvik er bestilt.")).to_be_visible()
    assert page.request.get(f"{address}/deviations.csv").text().count(ORDER) == 2


def for_the_meeting(page: Page, address: str) -> None:
    """12.00: what a board may have: measures and rounds, and nobody's name."""
    page.goto(f"{address}/companies")
    page.goto(address + first_line(page))
    page.get_by_role("link", name="Vis det styret kan få").first.click()
    sheet = page.get_by_role("article")
    expect(sheet).to_be_visible()
    assert "900 00 000" not in sheet.inner_text()


def asked_for_insight(lise: Page, ingrid: Page, address: str) -> None:
    """13.00: what a tenant asks to see; a neighbour is left out, and a second person reads it."""
    lise.goto(f"{address}/subjects/{HOME.tenancy}")
    lise.get_by_role("button", name="Åpne kravet").click()
    lise.get_by_label("Navn eller tekst").fill(SECRET)
    lise.get_by_label("Hvorfor?").select_option("others")
    lise.get_by_role("button", name="Sladd overalt").click()
    expect(lise.locator("del.gone").filter(has_text=SECRET)).to_have_count(2)
    lise.get_by_role("button", name="Jeg har lest alt. Send").click()
    expect(lise.get_by_role("heading", name="Venter på den andre leseren")).to_be_visible()
    approve = re.compile("Jeg har lest alt")
    expect(lise.get_by_role("button", name=approve)).to_have_count(0)
    expect(lise.get_by_role("button", name="Last ned som JSON")).to_have_count(0)
    ingrid.goto(f"{address}/insights")
    ingrid.get_by_role("link", name="Venter på deg").click()
    ingrid.get_by_role("button", name=approve).click()
    expect(ingrid.get_by_role("heading", name="Godkjent av Ingrid Moe")).to_be_visible()
    lise.reload()
    with lise.expect_download() as given:
        lise.get_by_role("button", name="Last ned som JSON").click()
    package = given.value.path().read_text("utf-8")
    assert "Alt vel." in package and SECRET not in package


def new_contracts(page: Page, address: str, database: Database, now: datetime) -> None:
    """14.00: contracts from a file bring their first visits, and those are given to somebody."""
    start = day_of(now) - timedelta(days=2)
    homes = dwelling_rows(NEW_CONTRACTS, (AREAS[SOUTH],))
    contracts = tenancy_rows(NEW_CONTRACTS)
    for row in contracts:
        row[2] = f"{start:%d.%m.%Y}"
    for what, heading, rows in (
        ("Boliger", DWELLINGS_HEADING, homes),
        ("Leieforhold", TENANCIES_HEADING, contracts),
    ):
        page.goto(f"{address}/imports")
        page.get_by_role("radio", name=what).check()
        sent = {"name": "kontrakter.csv", "mimeType": "text/csv", "buffer": written(heading, rows)}
        page.get_by_label("Fil", exact=True).set_input_files(sent)  # type: ignore[arg-type]
        page.get_by_role("button", name="Vis hva som skjer").click()
        page.get_by_role("button", name="Importer").click()
        expect(page.get_by_text(f"{what}: {NEW_CONTRACTS} nye").first).to_be_visible()
    generate(database, datetime.now(UTC))
    made = page.get_by_role("row").filter(has_text="Første besøk etter innflytting")
    page.goto(f"{address}/planner/made")
    ours = made.filter(has_text=homes[0][1])
    expect(ours).to_have_count(NEW_CONTRACTS)
    title = homes[0][1]
    page.goto(f"{address}/planner?on={start + timedelta(days=15)}")
    visit = page.locator("li").filter(has=page.locator("input[data-choose]")).filter(has_text=title)
    visit.first.get_by_role("checkbox").check()
    page.get_by_label("Gi til", exact=True).select_option(label="Amir Haddad")
    page.get_by_role("button", name="Gi til en annen").click()
    expect(page.get_by_text("1 er gitt til Amir Haddad.")).to_be_visible()


def warnings(page: Page, address: str) -> None:
    """15.00: the warnings that end soon."""
    page.goto(f"{address}/safety/alerts")
    soon = page.get_by_role("region", name="Går ut innen 30 dager")
    expect(soon.get_by_role("listitem").first).to_be_visible()


def month_end(page: Page, address: str) -> None:
    """Every figure the month asks for opens, and comes as a table that Excel in Norway reads."""
    for name, report in REPORTS.items():
        page.goto(f"{address}/reports/{name}")
        expect(page.get_by_role("heading", name=report.title, level=1)).to_be_visible()
        link = str(page.get_by_role("link", name="Last ned CSV").get_attribute("href"))
        table = page.request.get(address.removesuffix("/office") + link)
        text = table.body().decode("utf-8")
        assert text.startswith(MARK) and "Slik er tallet regnet" in text, name
        assert not re.search(r";\d+\.\d+;", text), name


def test_a_day_in_the_office_and_the_end_of_its_month(
    chromium: Browser, address: str, database: Database, now: datetime
) -> None:
    page = enter(chromium, address, "ingrid")
    page.set_viewport_size({"width": 1280, "height": 800})
    inbox(page, address)
    two_versions(page, address)
    approve_and_return(page, address)
    to_the_landlord(page, address)
    for_the_meeting(page, address)
    ingrid, page = page, enter(chromium, address, "lise")
    page.set_viewport_size({"width": 1280, "height": 800})
    write_talk(database)
    asked_for_insight(page, ingrid, address)
    new_contracts(page, address, database, now)
    warnings(page, address)
    month_end(page, address)
