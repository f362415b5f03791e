"""Who sees what: every page for every role, and the frame that every page has."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from server.database import Database
from server.demo.story import WAITING
from server.records import REGISTRY
from tests.office.conftest import Enter
from tests.office.reader import Page, Reader

ENDLESS = ("/planner?", "/deviations?", "/deviations.csv?", "/office/reports/")
EVERYBODY = ("kari", "amir", "ola", "ingrid", "lise", "eva", "admin", "vera")
NAMES_KINDS = re.compile("^/office/(rules|privacy/terms)")
SAID_AT_HOME = [words for told in WAITING for words in (told.note, told.summary) if words]
HOME_READERS = tuple(login for login in EVERYBODY if login not in ("admin", "vera"))
PLANNERS = ("kari", "amir", "ola", "ingrid", "lise")
OPEN = "Områder og innspill Arrangement Borettslag og sameier Tiltakssteder"
TEAM = f"Saker og oppfølging {OPEN}"
LAST = "Nøkler Rapporter"
STOCK = "Boliger Avvikstavle Planlegger Mer"
OFFICE = (
    "Oversikt Innboks Ulike svar Kan ikke brukes ennå Trygt besøk Boliger Avvikstavle Planlegger"
    f" Mer Ba om hjelp Frister {TEAM} {LAST} Import"
)
MENU = {
    "ingrid": f"{OFFICE} Enheter Nødtilgang Innsyn",
    "lise": f"{OFFICE} Regler Enheter Integrasjoner Brukere Nødtilgang Innsyn Sletting Logg Drift",
    "kari": f"Oversikt Kan ikke brukes ennå {STOCK} Frister {TEAM} {LAST} Nødtilgang",
    "amir": f"Oversikt Ulike svar {STOCK} Frister {TEAM} {LAST} Nødtilgang",
    "ola": f"Oversikt Kan ikke brukes ennå {STOCK} Frister {OPEN} {LAST}",
    "eva": f"Oversikt Boliger Avvikstavle Mer Frister {OPEN} Rapporter",
    "admin": "Oversikt Mer Nødnumre Regler Enheter Integrasjoner Brukere Sletting Logg Drift",
    "vera": "Oversikt Integrasjoner Brukere Nødtilgang Sletting Logg Drift",
}
LIVE = {"/office/safety", "/office/safety/screen"}
"""The pages that are asked for anew by themselves."""
MAY = {
    "/office/": EVERYBODY,
    "/office/inbox": EVERYBODY,
    "/office/answers": EVERYBODY,
    "/office/held": EVERYBODY,
    "/office/homes": HOME_READERS,
    "/office/deviations": HOME_READERS,
    "/office/deadlines": HOME_READERS,
    "/office/requests": ("ingrid", "lise"),
    "/office/planner": PLANNERS,
    "/office/planner/share": PLANNERS,
    "/office/planner/absences": PLANNERS,
    "/office/planner/rules": PLANNERS,
    "/office/safety": ("ingrid", "lise"),
    "/office/safety/screen": ("ingrid", "lise"),
    "/office/safety/duty": ("ingrid", "lise"),
    "/office/safety/alerts": ("ingrid", "lise"),
    "/office/safety/incidents": ("lise",),
    "/office/safety/numbers": ("lise", "admin"),
    "/office/keys": ("kari", "amir", "ola", "ingrid", "lise"),
    "/office/cases": ("kari", "amir", "ingrid", "lise"),
    "/office/neighbourhoods": HOME_READERS,
    "/office/events": HOME_READERS,
    "/office/companies": HOME_READERS,
    "/office/sites": HOME_READERS,
    "/office/imports": ("ingrid", "lise"),
    "/office/devices": ("ingrid", "lise", "admin"),
    "/office/rules": ("lise", "admin"),
    "/office/rules/DEV_HIGH": ("lise", "admin"),
    "/office/integrations": ("lise", "admin", "vera"),
    "/office/openings": ("kari", "amir", "ingrid", "lise", "vera"),
    "/office/insights": ("ingrid", "lise"),
    "/office/operations": ("lise", "admin", "vera"),
    "/office/people": ("lise", "admin", "vera"),
    "/office/privacy": ("lise", "admin", "vera"),
    "/office/privacy/archive": ("lise", "admin", "vera"),
    "/office/privacy/terms": ("lise", "admin", "vera"),
    "/office/privacy/terms/visit": ("lise", "admin", "vera"),
}


@pytest.fixture(scope="module")
def app(standing: Flask) -> Flask:
    """The app that all of these tests look at."""
    return standing


@pytest.fixture(scope="module")
def all_of_ingrids(app: Flask) -> dict[str, Page]:
    """Every page that the office reaches by links."""
    return everything(Reader(app, "ingrid"))


def ids(database: Database, kind: str) -> list[str]:
    """Give the ids of every record of a kind."""
    from sqlalchemy import select

    from server.records.record import Envelope

    with database.reading() as session:
        return list(session.scalars(select(Envelope.id).where(Envelope.kind == kind)))


def everything(reader: Reader) -> dict[str, Page]:
    """Open every page that can be reached by links."""
    pages: dict[str, Page] = {}
    ahead = ["/office/"]
    while ahead:
        path = ahead.pop().partition("#")[0]
        if path in pages:
            continue
        pages[path] = reader.open(path)
        # a calendar has a next page for ever, a filter many sides, and a report is a file too
        ahead += [
            link
            for link in pages[path].links
            if link.startswith("/office") and not any(each in link for each in ENDLESS)
        ]
    return pages


@pytest.mark.parametrize("path", MAY)
def test_each_page_opens_for_those_who_may(path: str, enter: Enter) -> None:
    """A page that is not for a role is missing for it."""
    opened = {login: enter(login).open(path).status for login in EVERYBODY}
    assert opened == {login: 200 if login in MAY[path] else 404 for login in EVERYBODY}


@pytest.mark.parametrize("login", EVERYBODY)
def test_the_menu_shows_what_a_role_has_a_use_for(login: str, enter: Enter) -> None:
    """Nobody is shown a way to a page that is never for them."""
    nav = re.search(r"<nav.*?</nav>", enter(login).open("/office/").html, re.S)
    assert nav
    words = re.sub(r'<span class="count">.*?</span></span>|<[^>]*>', "", nav[0])
    assert " ".join(words.split()) == MENU[login]


def test_the_office_reaches_every_waiting_visit_by_links_alone(
    all_of_ingrids: dict[str, Page],
) -> None:
    """Nothing needs a script, and every link leads somewhere."""
    pages = all_of_ingrids
    assert {path: page.status for path, page in pages.items() if page.status != 200} == {}
    shown = "".join(page.words for page in pages.values())
    for words in SAID_AT_HOME:
        assert words in shown


@pytest.mark.parametrize("login", ["eva", "ola", "admin"])
def test_who_has_no_part_in_visits_sees_nothing_of_them(
    login: str, enter: Enter, database: Database
) -> None:
    """Landlord, caretaker and administrator find neither words, answers nor the visit itself."""
    reader = enter(login)
    pages = everything(reader)
    # the rule book and the terms name the kinds of records, and no record
    shown = "".join(page.words for path, page in pages.items() if not NAMES_KINDS.search(path))
    for words in [*SAID_AT_HOME, "Hjemmebesøk", "Brannvern", "Innflytting"]:
        assert words not in shown
    for kind in ("visit", "checklist_run", "conversation", "planned_visit", "review"):
        for id in ids(database, kind)[:3]:
            for path in (f"/office/records/{id}", f"/office/inbox/{id}", f"/office/answers/{id}"):
                assert reader.open(path).status == 404, (kind, path)


def test_a_field_worker_sees_no_conversation_of_another_visit(
    enter: Enter, database: Database
) -> None:
    """Amir works in Kari's area: he sees her visit, and not what was said there."""
    amir, ingrid = enter("amir"), enter("ingrid")
    talks = [
        id
        for id in ids(database, "conversation")
        if amir.open(f"/office/records/{id}").status == 404
    ]
    assert talks
    assert all(ingrid.open(f"/office/records/{id}").status == 200 for id in talks)


def test_forbidden_and_missing_are_the_same_page(enter: Enter, database: Database) -> None:
    """The reply does not tell that something is there."""
    eva = enter("eva")
    there = eva.open(f"/office/records/{ids(database, 'visit')[0]}")
    nowhere = eva.open("/office/records/018f2c5e-0000-7000-8000-0000000000ff")
    assert there.plain == nowhere.plain
    assert there.status == nowhere.status == 404
    assert "Vi finner ikke dette, eller du har ikke tilgang." in there.words


@pytest.mark.parametrize("path", [*MAY, "/office/login", "/office/nowhere"])
def test_every_page_is_strict_and_tells_nothing_outside_itself(path: str, enter: Enter) -> None:
    """Strict headers, constant titles, no script in the page, nothing fetched from elsewhere."""
    page = enter("ingrid").open(path)
    policy = page.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert re.findall(r"<script([^>]*)>", page.html) == [
        f' nonce="{nonce[1]}" src="/office/static/{name}" defer'
        for name in (*(["live.js"] if path in LIVE else []), "office.js")
    ]
    assert ("connect-src 'self'" in policy) == (path in LIVE)
    assert not re.search(r"\son\w+=|style=|javascript:|https?://", page.html)
    assert re.search(r"<title>([^<]*)</title>", page.html)[1] in {  # type: ignore[index]
        "Oppgang",
        "Oversikt – Oppgang",
        "Innboks – Oppgang",
        "Ulike svar – Oppgang",
        "Kan ikke brukes ennå – Oppgang",
        "Import – Oppgang",
        "Enheter – Oppgang",
        "Planlegger – Oppgang",
        "Frister – Oppgang",
        "Fravær – Oppgang",
        "Ba om hjelp – Oppgang",
        "Boliger – Oppgang",
        "Avvikstavle – Oppgang",
        "Fordel dagen – Oppgang",
        "Det som blir laget – Oppgang",
        "Trygt besøk – Oppgang",
        "Vakt – Oppgang",
        "Sikkerhetsmerknader – Oppgang",
        "Nøkler – Oppgang",
        "Saker og oppfølging – Oppgang",
        "Områder og innspill – Oppgang",
        "Arrangement – Oppgang",
        "Borettslag og sameier – Oppgang",
        "Tiltakssteder – Oppgang",
        "Nødtilgang – Oppgang",
        "Innsyn – Oppgang",
        "Logg inn – Oppgang",
    }


def test_every_field_keeps_the_browser_from_remembering(all_of_ingrids: dict[str, Page]) -> None:
    """The browser writes what it remembers to disk, in clear."""
    for path, page in all_of_ingrids.items():
        for tag, given in page.controls:
            if given.get("id") == "keys-on":
                continue
            assert given.get("autocomplete") == "off", (path, tag, given)


def test_every_form_carries_the_mark_of_this_login(all_of_ingrids: dict[str, Page]) -> None:
    """A form that another site sends lacks it."""
    for path, page in all_of_ingrids.items():
        for form in page.forms:
            assert form.method in ("dialog", "get") or "csrf" in form.fields, path


def test_a_demo_page_says_so(app: Flask, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """In demo mode every page is marked; in other modes none is."""
    from dataclasses import replace

    from server.config import Mode

    ingrid = enter("ingrid")
    assert "Eksempeldata" not in ingrid.open("/office/").words
    settings = app.extensions["oppgang_settings"]
    demo = replace(settings, mode=Mode.DEMO)
    monkeypatch.setitem(app.extensions, "oppgang_settings", demo)
    for path in (*MAY, "/office/login", "/office/nowhere"):
        assert "Eksempeldata" in ingrid.open(path).words, path


def test_an_empty_office_says_so_in_the_words_that_are_agreed(enter: Enter) -> None:
    """Nothing here is said calmly."""
    eva = enter("eva")
    assert "Ingenting venter på deg." in eva.open("/office/inbox").words
    assert "Ingen ulike svar nå." in eva.open("/office/answers").words
    assert "Ingenting venter på deg." in eva.open("/office/").words


def test_every_kind_of_record_can_be_shown(enter: Enter, database: Database) -> None:
    """The page is drawn from the contract, whatever the kind; receipts have pages of their own."""
    ingrid = enter("ingrid")
    for kind in REGISTRY:
        for id in ids(database, kind)[:2]:
            expected = 404 if kind == "receipt" else 200
            assert ingrid.open(f"/office/records/{id}").status == expected, kind
