"""Sletting: the list in words, confirmed by those who may, and stopped by a hold."""

from __future__ import annotations

import pytest

from server.database import Database
from server.demo.municipality import STAFF
from server.keeping import holds, retention
from tests.makers import new_id
from tests.office.conftest import Enter

CONFIRM = "Jeg har sett lista. Følg reglene hver natt"


def test_a_leader_confirms_what_the_list_shows(enter: Enter, database: Database) -> None:
    """Until then nothing may end; a rule that changed since is not confirmed by an old page."""
    lise = enter("lise")
    page = lise.open("/office/privacy")
    assert "Reglene er ikke bekreftet." in page.words
    form = page.form(CONFIRM)
    stale = lise.send(form, typed={"rules": "other"})
    assert stale.status == 422 and "Reglene er endret" in stale.words
    page = lise.send(form)
    assert "Reglene er bekreftet av Lise Strand" in page.words and not page.has(CONFIRM)
    with database.reading() as session:
        found = retention.confirmed(session)
        assert found and found.by == STAFF["lise"].id


@pytest.mark.parametrize("login", ["kari", "ingrid", "eva"])
def test_nobody_else_decides(login: str, enter: Enter, database: Database) -> None:
    """Every address is missing for them."""
    reader = enter(login)
    mark = reader.open("/office/").form("Logg ut").one("csrf")
    with database.reading() as session:
        rules = retention.fingerprint(session)
    sent = {"csrf": mark, "rules": rules, "reason": "Sak"}
    for path in ("confirm", "holds", f"holds/{new_id()}/lift"):
        assert reader.post(f"/office/privacy/{path}", sent).status == 404, path
    with database.reading() as session:
        assert retention.confirmed(session) is None and not holds.standing(session)


def test_a_hold_is_placed_with_a_reason_and_lifted(enter: Enter, database: Database) -> None:
    """On one record, or with an empty number on everything."""
    admin, record = enter("admin"), new_id()
    form = admin.open("/office/privacy").form("Stans slettingen")
    assert "Skriv hvorfor" in admin.send(form, typed={"record": record}).words
    bad = admin.send(form, typed={"record": "x", "reason": "Sak 4"})
    assert bad.status == 422 and bad.form("Stans slettingen").one("reason") == "Sak 4"
    page = admin.send(form, typed={"record": record, "reason": "Sak 4"})
    assert f"Registrering {record}" in page.words and "Sak 4" in page.words
    page = admin.send(form, typed={"record": "", "reason": "Tilsyn"})
    with database.reading() as session:
        assert holds.everything_is_held(session) and len(holds.standing(session)) == 2
    for hold in list(page.forms):
        if hold.action.endswith("/lift"):
            admin.send(hold)
    with database.reading() as session:
        assert not holds.standing(session)
