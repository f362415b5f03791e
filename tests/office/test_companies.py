"""Borettslag og sameier: the register, the last contact, and a summary that leaks nothing."""

from __future__ import annotations

from typing import Any

import pytest

from server.database import Database
from server.demo.municipality import SOUTH, company_id
from server.office.companies import HEAD, SUMMARY
from server.records import REGISTRY
from tests.office.conftest import Enter
from tests.office.folders import body_of, written
from tests.office.test_events import day
from tests.office.test_neighbourhoods import canaries
from tests.office.test_pages import ids

COMPANY = company_id("Måkesvingen borettslag")
PATH = f"/office/folders/{COMPANY}"
SUMMED = f"/office/companies/{COMPANY}/shared"
WORRY = "Styreleder Eksempel er syk."
SHARED = "Nytt lys i sykkelboden."


def a_talk(database: Database, days: int = -3, **more: Any) -> str:
    """Let Amir write down a talk with the board."""
    about = {"housing_company": COMPANY, "talked_on": day(days), "words": WORRY, **more}
    return written(database, "cooperation_log", about, login="amir")


def test_a_company_is_kept_with_its_board_its_agreement_and_its_log(
    enter: Enter, database: Database
) -> None:
    """Everything is made from its page; the register tells share, contact and next meeting."""
    ingrid = enter("ingrid")
    for kind, typed in (
        ("contact", {"name": "Styreleder Eksempel", "role": "board", "phone": "900 00 000"}),
        ("cooperation_agreement", {"signed_on": day(-9), "next_meeting_on": day(12)}),
        ("cooperation_log", {"talked_on": day(-2), "words": WORRY}),
    ):
        page = ingrid.open(PATH)
        new = ingrid.open(next(link for link in page.links if f"/new/{kind}" in link))
        page = ingrid.send(new.form("Lagre"), typed=typed)
        assert page.status == 200
    assert "Styreleder Eksempel" in page.words and "Neste møte" in page.words
    form = ingrid.open(f"/office/records/{COMPANY}/edit").form("Lagre")
    typed = {"shares": "6", "shares_total": "80", "property_manager": "Firma"}
    assert ingrid.send(form, typed=typed).status == 200
    listed = ingrid.open("/office/companies").words
    assert "6 av 80 andeler" in listed and "Sist kontakt" in listed and "Neste møte" in listed
    assert "Ingen kontakt på et halvt år" not in listed
    assert len(ids(database, "cooperation_log")) == 1


@pytest.mark.parametrize(("days", "silent"), [(-170, False), (-190, True)])
def test_a_board_that_nobody_talked_with_for_half_a_year_is_said_to_be(
    days: int, silent: bool, enter: Enter, database: Database
) -> None:
    """In the register and on its page; the landlord is told neither."""
    a_talk(database, days)
    for path in ("/office/companies", PATH):
        words = enter("ingrid").open(path).words
        assert ("Ingen kontakt på et halvt år" in words) == silent
        tor = enter("tor").open(path)
        assert tor.status == 200 and "kontakt" not in tor.words.lower().partition("hurtig")[0]


def test_nothing_but_what_is_listed_leaves_the_house(enter: Enter, database: Database) -> None:
    """A word of its own is planted in every text of all that belongs to the company."""
    written(database, "housing_company", canaries_of("housing_company"), id=COMPANY, login="ingrid")
    made: dict[str, dict[str, Any]] = {
        "contact": {"housing_company": COMPANY, "phone": "900 00 000"},
        "cooperation_agreement": {"housing_company": COMPANY, "signed_on": day(-5)},
        "cooperation_log": {
            "housing_company": COMPANY,
            "talked_on": day(-4),
            "shared_on": day(-3),
        },
        "measure": {"housing_company": COMPANY, "area": SOUTH},
        "event": {
            f"companies/{COMPANY}": True,
            "area": SOUTH,
            "type": "dugnad",
            "held_on": day(-6),
            "minutes_shared_on": day(-2),
        },
    }
    for kind, body in made.items():
        written(database, kind, {**canaries_of(kind), **body}, login="ingrid")
    page = enter("ingrid").open(SUMMED)
    allowed = {kind: set(part.fields) for kind, part in SUMMARY.items()}
    allowed["housing_company"] = set(HEAD)
    for kind in ("housing_company", *made):
        for path, word in canaries_of(kind).items():
            listed = path.partition("/")[0] in allowed.get(kind, set())
            assert (word in page.words) == listed, (kind, path)
    assert "900 00 000" not in page.words and "Amir" not in page.html.partition("<main")[2]


def canaries_of(kind: str) -> dict[str, Any]:
    """Give the planted words of a kind."""
    return canaries(REGISTRY[kind])


def test_what_is_not_shared_yet_is_not_in_the_summary(enter: Enter, database: Database) -> None:
    """One button shares a talk's shareable words; our own note stays here."""
    talk, amir = a_talk(database, shared=SHARED), enter("amir")
    assert SHARED not in amir.open(SUMMED).words
    page = amir.send(amir.open(PATH).form("Del med styret"))
    assert SHARED in page.words and WORRY not in page.words
    assert body_of(database, talk)["shared_on"] == day(0)
    page = amir.open(SUMMED)
    assert SHARED in page.words and WORRY not in page.words


@pytest.mark.parametrize("login", ["eva", "admin"])
def test_the_log_and_the_summary_are_not_the_landlords(
    login: str, enter: Enter, database: Database
) -> None:
    """Neither our note nor what we share goes out by somebody who does not talk with boards."""
    talk, reader = a_talk(database, shared=SHARED, shared_on=day(-1)), enter(login)
    page = reader.open(PATH)
    assert WORRY not in page.words and SHARED not in page.words
    for path in (SUMMED, f"/office/shared/{talk}", f"/office/records/{talk}"):
        assert reader.open(path).status == 404


def test_only_the_office_keeps_the_register(enter: Enter, database: Database) -> None:
    """Kari logs a talk; she makes no company and no agreement."""
    amir = enter("amir")
    links = amir.open(PATH).links
    assert any("/new/cooperation_log" in link for link in links)
    assert not any("/new/cooperation_agreement" in link for link in links)
    assert amir.open("/office/new/housing_company").status == 404
    assert amir.open(f"/office/records/{COMPANY}/edit").status == 404
