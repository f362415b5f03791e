"""Regler: shown before it is written, with a reason; nothing half-written, and only by leaders."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from server.database import Database
from server.planning.rule_book import RuleChange, rule_book
from tests.office.conftest import Enter
from tests.office.reader import Page, Reader


def change(reader: Reader, code: str, **fields: str) -> Page:
    """Fill in the rule's form and ask what it does."""
    page = reader.open(f"/office/rules/{code}")
    return reader.send(page.form("Vis hva som skjer"), "Vis hva som skjer", typed=fields)


def count(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(RuleChange)).scalar_one()


def test_a_leader_sees_what_a_change_does_gives_a_reason_and_it_stands_with_who_and_when(
    enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    shown = change(lise, "DEV_HIGH", count="5")
    assert "Hvor lenge: 5 før: 3" in shown.words
    assert "Starter tida" in shown.words and count(database) == 0
    saved = lise.send(shown.form("Lagre endringen"), "Lagre endringen", reason="Færre folk.")
    assert "Regelen er endret." in saved.words
    assert "Lise" in saved.words and "Begrunnelse: Færre folk." in saved.words
    assert "Hvor lenge: 5 Før: 3" in saved.words
    with database.reading() as session:
        assert rule_book(session).deadlines["DEV_HIGH"].count == 5


def test_a_rule_of_rounds_tells_how_many_it_makes_with_and_without_the_change(
    enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    shown = change(lise, "HMS_WEEKLY", frequency="monthly", workday="2")
    assert "Hvor ofte: hver måned før: hver uke" in shown.words
    assert "Uten endringen:" in shown.words and "De første:" in shown.words
    off = change(lise, "HMS_WEEKLY", in_use="nei")
    assert "0 registreringer" in off.words
    assert count(database) == 0


def test_a_change_without_a_reason_is_not_written(enter: Enter, database: Database) -> None:
    lise = enter("lise")
    shown = change(lise, "DEV_HIGH", count="5")
    page = lise.send(shown.form("Lagre endringen"), "Lagre endringen")
    assert page.status == 422 and "Skriv hvorfor regelen endres." in page.words
    assert page.form("Lagre endringen").one("count") == "5"
    assert count(database) == 0


@pytest.mark.parametrize(
    ("code", "fields", "field"),
    [
        ("DEV_HIGH", {"count": "mange"}, "Hvor lenge"),
        ("DEV_HIGH", {"count": "-1"}, "Hvor lenge"),
        ("DEV_HIGH", {"count": "999999"}, "Hvor lenge"),
        ("DEV_HIGH", {"unit": "år"}, "Regnes i"),
        ("DEV_HIGH", {"words": "  "}, "Navn"),
        ("DEV_HIGH", {"law": "x" * 300}, "Hjemmel"),
        ("DEV_HIGH", {"in_use": "kanskje"}, "I bruk"),
        ("MOVE_IN_VISIT", {"earliest": "31"}, "Tidligst, dager etter start"),
        ("HMS_WEEKLY", {"workday": "0"}, "Hvilken arbeidsdag i uka"),
        ("HMS_WEEKLY", {"months_from": "13", "months_to": "2"}, "Måneder"),
        ("HMS_WEEKLY", {"months_from": "11", "months_to": ""}, "Måneder"),
        ("HMS_WEEKLY", {"each": ""}, "Én runde for"),
    ],
)
def test_a_row_that_is_no_rule_names_its_field_and_keeps_what_was_typed(
    enter: Enter, database: Database, code: str, fields: dict[str, str], field: str
) -> None:
    page = change(enter("lise"), code, **fields)
    assert page.status == 422
    assert f"«{field}» kan ikke brukes." in page.words and "Ingenting er endret." in page.words
    assert not page.has("Lagre endringen") and count(database) == 0
    for name in fields.keys() & page.form("Vis hva som skjer").fields.keys():
        assert page.form("Vis hva som skjer").one(name) == fields[name].strip()[:201]


def test_what_is_written_is_what_was_shown(enter: Enter, database: Database) -> None:
    lise = enter("lise")
    shown = change(lise, "DEV_HIGH", count="5")
    again = lise.send(shown.form("Lagre endringen"), "Lagre endringen", count="6", reason="Ja.")
    assert "Hvor lenge: 6 før: 3" in again.words and count(database) == 0


def test_two_who_change_the_same_rule_do_not_write_over_each_other(
    enter: Enter, database: Database
) -> None:
    lise, admin = enter("lise"), enter("admin")
    hers, his = change(lise, "DEV_HIGH", count="5"), change(admin, "DEV_HIGH", count="9")
    lise.send(hers.form("Lagre endringen"), "Lagre endringen", reason="Færre folk.")
    page = admin.send(his.form("Lagre endringen"), "Lagre endringen", reason="Rutine.")
    assert page.status == 409 and "endret regelen mens du skrev." in page.words
    assert page.form("Vis hva som skjer").one("count") == "9" and count(database) == 1
    shown = admin.send(page.form("Vis hva som skjer"), "Vis hva som skjer")
    assert shown.form("Lagre endringen").one("reason") == "Rutine."
    page = admin.send(shown.form("Lagre endringen"), "Lagre endringen")
    assert "Regelen er endret." in page.words and count(database) == 2


@pytest.mark.parametrize("name", ["ingrid", "eva", "kari"])
def test_others_neither_see_nor_change_the_rules(
    enter: Enter, database: Database, name: str
) -> None:
    reader = enter(name)
    home = reader.open("/office/")
    assert "/office/rules" not in home.links
    assert reader.open("/office/rules").status == 404
    mark = home.form("Logg ut").one("csrf")
    fields = {"csrf": mark, "count": "5", "do": "save", "shown": "count=5", "reason": "Ja."}
    assert reader.post("/office/rules/DEV_HIGH", fields).status == 404
    assert count(database) == 0


def test_a_rule_that_does_not_exist_is_not_found(enter: Enter) -> None:
    assert enter("lise").open("/office/rules/NO_SUCH").status == 404
