"""Frister for sletting: shown as the list would be, written with a reason, confirmed anew."""

from __future__ import annotations

import pytest

from server.database import Database
from server.demo.municipality import STAFF
from server.keeping import retention, terms
from server.keeping.terms import BadTerm
from server.records import REGISTRY
from server.shapes import Sensitivity
from tests.makers import NOW
from tests.office.conftest import Enter
from tests.office.reader import Page, Reader
from tests.office.test_privacy import CONFIRM
from tests.server.test_terms import change, term

SHOW, SAVE = "Vis hva som skjer", "Lagre endringen"


def ask(reader: Reader, kind: str, **fields: str) -> Page:
    """Fill in the form of a kind and ask what it does."""
    page = reader.open(f"/office/privacy/terms/{kind}")
    return reader.send(page.form(SHOW), SHOW, typed=fields)


def test_a_leader_sees_what_it_would_end_gives_a_reason_and_confirms_anew(
    enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    lise.send(lise.open("/office/privacy").form(CONFIRM), CONFIRM)
    shown = ask(lise, "planned_visit", years="1")
    assert "Frist: 1 år" in shown.words and "I natt, slik det er nå: Ingenting." in shown.words
    assert term(database, "planned_visit") == (2, "delete")
    nothing = lise.send(shown.form(SAVE), SAVE)
    assert nothing.status == 422 and "Skriv hvorfor fristen endres." in nothing.words
    saved = lise.send(shown.form(SAVE), SAVE, typed={"reason": "Ny arkivplan."})
    assert "Fristen er endret." in saved.words and "Begrunnelse: Ny arkivplan." in saved.words
    assert "Lise" in saved.words and term(database, "planned_visit") == (1, "delete")
    page = lise.open("/office/privacy")
    assert "Reglene er ikke bekreftet." in page.words
    with database.reading() as session:
        assert retention.confirmed(session) is None


def test_what_was_not_shown_is_not_saved(enter: Enter, database: Database) -> None:
    lise = enter("lise")
    shown = ask(lise, "planned_visit", years="1")
    other = lise.send(shown.form(SAVE), SAVE, typed={"years": "3", "reason": "Rutine"})
    assert "Frist: 3 år" in other.words and term(database, "planned_visit") == (2, "delete")


def test_two_who_change_at_once_are_told(enter: Enter, database: Database) -> None:
    lise = enter("lise")
    shown = ask(lise, "planned_visit", years="1")
    with database.writing() as session:
        cells = {"years": "4"}
        by = STAFF["admin"].id
        terms.change(session, "planned_visit", cells, by, NOW, reason="Rutine", after=0)
    late = lise.send(shown.form(SAVE), SAVE, typed={"reason": "Rutine"})
    assert late.status == 409 and "endret fristen mens du skrev" in late.words
    assert term(database, "planned_visit") == (4, "delete")
    again = lise.send(late.form(SHOW), SHOW)
    assert again.form(SAVE).one("reason") == "Rutine", "what was written is in the form"
    saved = lise.send(again.form(SAVE), SAVE)
    assert "Fristen er endret." in saved.words and term(database, "planned_visit") == (1, "delete")


def test_a_reason_outlives_years_that_cannot_be(enter: Enter) -> None:
    lise = enter("lise")
    shown = ask(lise, "planned_visit", years="1")
    wrong = lise.send(shown.form(SAVE), SAVE, typed={"years": "0", "reason": "Ny arkivplan."})
    assert wrong.status == 422
    right = lise.send(wrong.form(SHOW), SHOW, typed={"years": "1"})
    assert right.form(SAVE).one("reason") == "Ny arkivplan."


def test_a_term_that_was_changed_back_is_not_what_was_confirmed(enter: Enter) -> None:
    lise = enter("lise")
    lise.send(lise.open("/office/privacy").form(CONFIRM), CONFIRM)
    for years in ("1", "2"):
        shown = ask(lise, "planned_visit", years=years)
        saved = lise.send(shown.form(SAVE), SAVE, typed={"reason": "Rutine"})
        assert "Ingenting blir slettet før noen har sett lista på nytt" in saved.words
    assert "Reglene er ikke bekreftet." in lise.open("/office/privacy").words


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("planned_visit", {"years": "0"}),
        ("planned_visit", {"years": "1.5"}),
        ("planned_visit", {"years": "1000"}),
        ("planned_visit", {"action": "anonymise"}),
        ("visit", {"action": "delete"}),
        ("access_notice", {"years": "2"}),
        ("conversation", {"years": "11"}),
    ],
)
def test_the_law_sets_bounds(
    enter: Enter, database: Database, kind: str, cells: dict[str, str]
) -> None:
    """Too short, too long, and thrown away what is to be preserved."""
    before = term(database, kind)
    page = enter("lise").open(f"/office/privacy/terms/{kind}")
    refused = ask(enter("lise"), kind, **cells)
    assert refused.status == 422 and "Ingenting er endret." in refused.words
    if kind == "access_notice":
        assert "Minst 3 år. Foreldelsesloven § 2" in page.words
    with pytest.raises(BadTerm):
        change(database, kind, **cells)
    assert term(database, kind) == before


def test_what_is_declared_keeps_to_the_bounds_and_each_bound_is_of_a_kind() -> None:
    assert terms.bounds().keys() <= REGISTRY.keys()
    for name, spec in REGISTRY.items():
        bound = terms.bound_of(name)
        assert bound.least <= spec.retention.years <= bound.most, name
        special = any(f.sensitive is Sensitivity.SPECIAL for f in spec.fields.values())
        if special and spec.retention.action != terms.ARCHIVE:
            assert bound.law, f"{name} may be kept for ever"


@pytest.mark.parametrize("login", ["kari", "ingrid", "eva"])
def test_nobody_else_changes_a_term(login: str, enter: Enter, database: Database) -> None:
    reader = enter(login)
    mark = reader.open("/office/").form("Logg ut").one("csrf")
    sent = {"csrf": mark, "years": "1", "action": "delete", "do": "save", "shown": "years=1"}
    path = "/office/privacy/terms/planned_visit"
    assert reader.post(path, sent | {"reason": "Rutine"}).status == 404
    assert term(database, "planned_visit") == (2, "delete")
