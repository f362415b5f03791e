"""Nothing that somebody writes is ever run: five hundred tries, in every word of the municipality.

Real Chromium, the real policies, every page of the office and every screen of the phone that can
be reached by links and taps. What the browser reports of the policy counts as a failure too: it
would mean that something got that far.
"""

from __future__ import annotations

import csv
import io
import re
import threading
import zipfile
from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, FilePayload, Page, expect
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from server import create_app
from server.demo.municipality import STAFF
from server.keeping.export import export_all
from server.keeping.open_table import begins_formula
from server.reports import REPORTS
from tests.journeys.payloads import COUNT, payloads
from tests.journeys.poisoned import NOTES, lay_in, notes
from tests.journeys.watch import Watch
from tests.molds import Mold, Workshop
from tests.server.phone import open_login

EACH_ENDPOINT = 1
TAPS = (5, 4, 2)
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
NOW = datetime.now(UTC)
FILES = re.compile(r"[./](csv|xlsx)$|/photos/|/copy|/static/")
ASKED = ("next", "area", "by", "from", "to", "status", "done", "left", "kind", "severity")


@pytest.fixture(scope="module")
def app(
    workshop: Workshop, template: Mold, now: datetime, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The whole app on the poisoned municipality."""
    poisoned = workshop.mold("poisoned", lambda empty: lay_in(empty, now), of=template)
    with poisoned.copy(tmp_path_factory.mktemp("poisoned")) as settings:
        made = create_app(settings)
        yield made
        made.extensions["oppgang"].close()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """Where the app is served."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def enter(chromium: Browser, address: str, app: Flask, login: str) -> Watch:
    """Let somebody in at the office."""
    watch = Watch(chromium, address)
    cookie = open_login(app, STAFF[login].id).get_cookie("oppgang")
    assert cookie is not None
    watch.context.add_cookies([{"name": "oppgang", "value": cookie.value, "url": address}])
    return watch


def walk(watch: Watch, app: Flask, each: int) -> Counter[str]:
    """Follow the office's links, to a few pages of each sort; give how many of each were seen."""
    routes = app.url_map.bind("127.0.0.1")
    waiting, known, seen = deque(["/office/"]), {"/office/"}, Counter[str]()
    while waiting:
        path = waiting.popleft()
        try:
            endpoint = str(routes.match(urlsplit(path).path, method="GET")[0])
        except HTTPException:
            continue
        if seen[endpoint] >= each or FILES.search(urlsplit(path).path):
            continue
        seen[endpoint] += 1
        for link in watch.open(path):
            there = urlsplit(link)._replace(fragment="")
            path = link[len(watch.address) :].partition("#")[0]
            if f"{there.scheme}://{there.netloc}" == watch.address and path not in known:
                known.add(path)
                waiting.append(path)
    return seen


def test_the_alarm_rings_where_nothing_is_escaped(chromium: Browser, address: str) -> None:
    """The same words in a page of no care at all: what the other tests listen for does happen."""
    watch = Watch(chromium, address)
    watch.page.route(
        "**/careless",
        lambda route: route.fulfill(
            body=f"<p title='x'>{'<br>'.join(payloads())}", content_type="text/html; charset=utf-8"
        ),
    )
    with watch.page.expect_event("request", lambda request: "x.invalid" in request.url):
        watch.page.goto(f"{address}/careless", wait_until="commit")
    watch.page.wait_for_function("document.readyState !== 'loading'")
    assert len({said for said in watch.alarms if said.startswith("ran ")}) > 30
    watch.context.close()


@pytest.mark.parametrize("login", ["lise", "eva", "admin"])
def test_the_office_runs_nothing(login: str, chromium: Browser, address: str, app: Flask) -> None:
    """Links are followed to a few pages of each sort; each is then asked with payloads too."""
    watch = enter(chromium, address, app, login)
    pages = walk(watch, app, EACH_ENDPOINT)
    if login == "lise":
        assert len(pages) > 45, pages
        _ask_with_payloads(watch, pages)
        _bring_a_file(watch)
        for note in NOTES[: len(list(notes()))]:
            watch.open(f"/office/records/{note}")
        missing = set(range(COUNT)) - watch.numbers()
        assert missing == set(), "what is not shown could not have run, and would prove nothing"
    assert watch.alarms == []
    watch.context.close()


def _ask_with_payloads(watch: Watch, pages: Counter[str]) -> None:
    """Write payloads in every place of an address that a page reads."""
    every = iter(payloads() * 2)
    lists = ("homes", "deviations", "inbox", "planner", "cases", "users", "log", "login", "events")
    for name in lists:
        asked = "&".join(f"{key}={quote(next(every))}" for key in ASKED)
        watch.open(f"/office/{name}?{asked}")
    for name in ("homes", "keys"):
        watch.open(f"/office/{name}")
        watch.page.get_by_role("searchbox").fill(next(every)[:40])
        watch.page.get_by_role("button", name="Søk", exact=True).click()
        watch.page.wait_for_url("**?s=*")


def _bring_a_file(watch: Watch) -> None:
    """Bring in a file whose name, rows and faults are payloads, and write it."""
    some = payloads()
    page = watch.page
    for heading, rows in (
        ("Adresse;Bolignr;Område", [(each, f"H{n:04d}", each) for n, each in enumerate(some[:60])]),
        (";".join(some[60:64]), [tuple(some[64:68])]),
    ):
        watch.open("/office/imports")
        table = io.StringIO()
        csv.writer(table, delimiter=";").writerows([heading.split(";"), *rows])
        name = f"{some[70]}.csv".replace("/", "")
        file = FilePayload(name=name, mimeType="text/csv", buffer=table.getvalue().encode())
        page.locator("input[type=file]").set_input_files([file])
        page.get_by_label("Boliger").check()
        page.get_by_role("button", name="Vis hva som skjer").click()
        watch.look()


def test_the_phone_runs_nothing(chromium: Browser, address: str) -> None:
    """Every place of the bottom bar, what stands there, and what stands behind that."""
    watch = Watch(chromium, address, width=390)
    page = watch.page
    page.goto(address)
    page.get_by_label("Navn").fill("kari")
    page.get_by_label("Passord", exact=True).fill(STAFF["kari"].passphrase)
    page.get_by_role("button", name="Logg inn").click()
    bar = page.get_by_role("navigation", name="Hovedmeny")
    expect(bar).to_be_visible()
    expect(page.get_by_text("Klar for dagen. Hentet kl.").first).to_be_visible()
    for place in ("I dag", "Boliger", "Meg", "Søk"):
        bar.get_by_role("button", name=place).click()
        expect(page.get_by_role("heading", name=place, level=1, exact=True)).to_be_visible()
        if place == "Søk":
            page.get_by_role("searchbox").or_(page.get_by_role("textbox")).first.fill("hit")
        _tap_about(watch, TAPS)
        if place == "I dag":
            page.get_by_role("button", name="Saker og tiltak").click()
            _tap_about(watch, (9, 4, 4))
            _back(page)
    assert watch.looked > 60
    assert watch.alarms == []
    watch.context.close()


def _tap_about(watch: Watch, taps: tuple[int, ...]) -> None:
    """Look at a screen, then behind its first entries, and behind theirs."""
    page = watch.page
    page.evaluate(PAINTED)
    watch.look()
    if not taps:
        return
    entries = page.locator("main button.entry:not([aria-expanded]):visible")
    for number in range(min(entries.count(), taps[0])):
        if number < entries.count():
            entries.nth(number).click()
            _tap_about(watch, taps[1:])
            _back(page)


def _back(page: Page) -> None:
    button = page.get_by_role("button", name="Tilbake", exact=True).first
    if button.is_visible():
        button.click()
        page.evaluate(PAINTED)


def test_no_file_that_is_handed_out_begins_a_formula(app: Flask, tmp_path: Path) -> None:
    """Each cell of each table of the whole export and of the reports, in CSV and in XLSX."""
    export_all(app.extensions["oppgang"], tmp_path / "ut", lambda id: None, "cli:drift", NOW)
    tables = {each.name: each.read_bytes() for each in (tmp_path / "ut").glob("*.csv")}
    client = open_login(app, STAFF["lise"].id)
    tables["avvik.csv"] = client.get("/office/deviations.csv").data
    books = {}
    for name in REPORTS:
        tables[f"{name}.csv"] = client.get(f"/office/reports/{name}/csv").data
        books[name] = client.get(f"/office/reports/{name}/xlsx").data
    assert len(tables) > 80 and sum(map(len, tables.values())) > 500_000
    begun = [
        (name, cell)
        for name, raw in tables.items()
        for row in csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";")
        for cell in row
        if begins_formula(cell) and not re.fullmatch(r"-?[\d,]+", cell)
    ]
    assert begun == []
    for name, raw in books.items():
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            for sheet in filter(re.compile("worksheets/sheet").search, book.namelist()):
                assert b"<f" not in book.read(sheet).replace(b"<formatting", b""), name
