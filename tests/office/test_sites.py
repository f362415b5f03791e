"""Tiltakssteder: figures before and after, what was learnt, and a package that goes elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from server.database import Database
from server.demo.municipality import NORTH, SOUTH, homes
from server.office.sites import yearly
from tests.office.conftest import Enter
from tests.office.folders import body_of, written
from tests.office.reader import Form, Page, Reader
from tests.office.test_events import day
from tests.office.test_pages import ids

HERE = next(home.building for home in homes() if home.area == NORTH)
THERE = next(home.building for home in homes() if home.area == SOUTH)


def a_site(database: Database) -> str:
    """Let Ingrid make a site with a package, and a round that is walked there by hand."""
    about = {
        "area": NORTH,
        "name": "Ny Vri Nord",
        "programme": "ny_vri",
        "stage": "running",
        "started_on": day(-400),
        "dwellings": 20,
        f"buildings/{HERE}": True,
        "package/visits": True,
        "checklists/NYVRI1": True,
        "rules/MOVE_IN_VISIT": True,
    }
    site = written(database, "programme_site", about, login="ingrid")
    for days in (-21, -14):
        walk = {"area": NORTH, "checklist": "VINTER", "frequency": "monthly"}
        planned = {"planned_on": day(days), f"buildings/{HERE}": True}
        written(database, "round", {**walk, **planned}, login="ingrid")
    return site


def copied(reader: Reader, site: str, **more: Any) -> tuple[Form, Page]:
    """Fill in where the package goes, and ask what would be made."""
    form = reader.open(f"/office/sites/{site}/copy").form("Vis hva som blir laget")
    typed = {"area": SOUTH, "name": "Ny Vri Sør", "started_on": day(10)}
    return form, reader.send(form, typed={**typed, f"buildings/{THERE}": "true", **more})


def test_figures_are_entered_for_each_period_and_set_beside_each_other(
    enter: Enter, database: Database
) -> None:
    """Before and after, for a year and a hundred homes; what was changed stands where it was."""
    site, ingrid = a_site(database), enter("ingrid")
    folder = ingrid.open(f"/office/folders/{site}")
    for first, last, more in (
        (-765, -401, {"baseline": "true", "complaints": "30"}),
        (-400, -218, {"complaints": "5"}),
    ):
        new = ingrid.open(next(link for link in folder.links if "/new/site_figures" in link))
        typed = {"from_on": day(first), "until_on": day(last), **more}
        assert ingrid.send(new.form("Lagre"), typed=typed).status == 200
    learnt = ingrid.open(next(link for link in folder.links if "/new/learning" in link))
    words = {"learnt": "Sent treffer flere.", "change": "To kvelder.", "learnt_on": day(-300)}
    page = ingrid.send(learnt.form("Lagre"), typed=words)
    assert len(ids(database, "site_figures")) == 2
    assert "30 (150)" in page.words and f"5 ({yearly(5, 183, 20)})" in page.words
    assert "Endret: To kvelder." in page.words
    report = ingrid.open("/office/reports/effect")
    assert report.html.count('class="change"') == 1, "the costs have no figures, and no chart"
    assert ": To kvelder." in report.words


@pytest.mark.parametrize(
    ("number", "days", "homes", "expected"),
    [(30, 365, 20, 150), (5, 0, 20, None), (5, 365, 0, None), (None, 365, 20, None), (0, 9, 9, 0)],
)
def test_a_figure_that_cannot_be_compared_is_not(
    number: int | None, days: int, homes: int, expected: int | None
) -> None:
    """No homes, no days or no figure: then nothing is said."""
    assert yearly(number, days, homes) == expected


def test_the_same_period_is_entered_once(enter: Enter, database: Database) -> None:
    """A second form for a period that is there loses nothing and says so."""
    site, ingrid = a_site(database), enter("ingrid")
    path = f"/office/new/site_figures?site={site}"
    first, second = (ingrid.open(path).form("Lagre") for _ in range(2))
    typed = {"from_on": day(-100), "until_on": day(-10)}
    ingrid.send(first, typed={**typed, "complaints": "3"})
    page = ingrid.send(second, typed={**typed, "complaints": "4"})
    assert page.status == 409 and page.form("Lagre").one("complaints") == "4"
    (figures,) = ids(database, "site_figures")
    assert body_of(database, figures)["complaints"] == 3


def test_the_package_is_shown_before_it_is_copied_and_copied_once(
    enter: Enter, database: Database
) -> None:
    """The site with its checklists and rules, and the first of the round that is walked by hand."""
    site, ingrid = a_site(database), enter("ingrid")
    rounds = len(ids(database, "round"))
    _, page = copied(ingrid, site)
    assert "Dette blir laget: Ny Vri Sør" in page.words
    assert "Første besøk etter innflytting" in page.words and "Hver måned" not in page.words
    assert "hver måned, første gang" in page.words
    assert len(ids(database, "programme_site")) == 1 and len(ids(database, "round")) == rounds
    yes = page.form("Lag stedet")
    for _ in range(2):
        page = ingrid.send(yes)
    assert page.status == 200 and "Ny Vri Sør" in page.words
    (new,) = set(ids(database, "programme_site")) - {site}
    body = body_of(database, new)
    assert body["copied_from"] == site and body["stage"] == "planned" and body["area"] == SOUTH
    assert body["package/visits"] and body["checklists/NYVRI1"] and body["rules/MOVE_IN_VISIT"]
    assert body[f"buildings/{THERE}"] is True and f"buildings/{HERE}" not in body
    assert "dwellings" not in body, "how many homes there are is not copied"
    walks = [body_of(database, id) for id in ids(database, "round")]
    (walk,) = [each for each in walks if each.get(f"buildings/{THERE}") and "rule" not in each]
    assert (walk["checklist"], walk["planned_on"]) == ("VINTER", day(10))


def test_what_is_missing_is_asked_for_and_nothing_is_made(enter: Enter, database: Database) -> None:
    """Without a name or an area there is no preview; what was typed stands."""
    site, ingrid = a_site(database), enter("ingrid")
    _, page = copied(ingrid, site, name="")
    assert page.status == 422 and "Dette må fylles ut." in page.words
    assert page.form("Vis hva som blir laget").one("started_on") == day(10)
    assert not page.has("Lag stedet") and len(ids(database, "programme_site")) == 1


@pytest.mark.parametrize("login", ["kari", "ola", "eva"])
def test_only_the_office_enters_figures_and_copies(
    login: str, enter: Enter, database: Database
) -> None:
    """The others read; the forms are missing for them."""
    site, reader = a_site(database), enter(login)
    page = reader.open(f"/office/folders/{site}")
    assert page.status == 200 and not any("/copy" in link for link in page.links)
    for path in (f"/office/sites/{site}/copy", f"/office/new/site_figures?site={site}"):
        assert reader.open(path).status == 404
