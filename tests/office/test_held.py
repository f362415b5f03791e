"""What cannot be used yet: beside it stands what can be done about it, for whoever can."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from server import people
from server.acts import Act
from server.database import Database
from server.demo.municipality import NORTH, SOUTH, STAFF, homes
from server.demo.pen import Edit, Pen, made, phone_of
from server.roles import Role
from server.shapes import Json
from sync.mutation import receipt_id
from tests.makers import new_id
from tests.office.conftest import Enter

HOME = next(home for home in homes() if home.area == NORTH)


def test_what_is_held_says_what_can_be_done_about_it_to_whoever_can(
    enter: Enter, database: Database
) -> None:
    """Who may give access again, or open what was ended; its author is only told what it is."""
    home, tenancy = HOME.id, HOME.tenancy
    ended = Edit("tenancy", tenancy, {"ended": True}, unseen=True)
    pen = Pen(database)
    pen.server(STAFF["lise"], datetime.now(UTC), ended)
    said: dict[str, Json] = {"dwelling": home, "tenancy": tenancy, "summary": "Skrevet i bilen."}
    (told,) = pen.phone(
        STAFF["kari"], datetime.now(UTC), made("conversation", new_id(), said), lag=900
    )
    assert (told.state, told.reason) == ("held", "ref")
    office, author = enter("ingrid").open("/office/held"), enter("kari").open("/office/held")
    assert "Skal Kari Nordvik ha tilgang, gis den på nytt" in office.words
    assert "angrer du det på boligens side og trykker Prøv på nytt." in office.words
    assert f"/office/dwellings/{home}" in office.links
    assert "angrer du det på boligens side" not in author.words


def test_what_a_closed_phone_left_is_used_when_who_leads_vouches_for_it_and_only_that(
    enter: Enter, database: Database
) -> None:
    """The office reads it and may not; what comes from the phone afterwards is held again."""
    kari, pen = STAFF["kari"], Pen(database)
    with database.writing() as session:
        people.revoke_replica(session, phone_of(kari), datetime.now(UTC))
    sent = [_said("Døra i boden er knust."), _said("Lyset i gangen er borte.")]
    told = pen.phone(kari, datetime.now(UTC), *sent, lag=900)
    assert [(one.state, one.reason) for one in told] == [("held", "replica_revoked")] * 2
    ingrid = enter("ingrid")
    office = ingrid.open("/office/held")
    assert "Døra i boden er knust." in office.words
    assert "kan den som leder, ta det i bruk, og alt annet som er kommet" in office.words
    assert "Ta i bruk det som kom fra telefonen" not in office.words
    form = office.form("Prøv på nytt")
    form.action = f"/office/held/{receipt_id(told[0].mid)}/retry"
    assert "Det kan fortsatt ikke brukes." in ingrid.send(form).words
    lise = enter("lise")
    page = lise.send(lise.open("/office/held").form("Ta i bruk det som kom fra telefonen"))
    assert "Det er tatt i bruk." in page.words
    assert "Døra i boden" not in page.words and "Lyset i gangen" not in page.words
    (late,) = pen.phone(kari, datetime.now(UTC), _said("Skrevet av en fremmed."))
    assert (late.state, late.reason) == ("held", "replica_revoked")
    with database.reading() as session:
        acts = session.scalars(select(Act).where(Act.what == "phone_work_released")).all()
    assert [(act.by, act.about) for act in acts] == [(STAFF["lise"].id, phone_of(kari))]


def test_to_lead_elsewhere_gives_no_right_to_vouch_for_a_phone(
    enter: Enter, database: Database
) -> None:
    """Ola decides in the north and leads in the south; what a closed phone left lies in the north.

    He may try it again, as the office may, and it is held as before.
    """
    kari, ola = STAFF["kari"], STAFF["ola"]
    with database.writing() as session:
        people.revoke_replica(session, phone_of(kari), datetime.now(UTC))
        people.withdraw(session, ola.id)
        people.grant(session, new_id(), ola.id, Role.OFFICE, NORTH)
        people.grant(session, new_id(), ola.id, Role.LEADER, SOUTH)
    (told,) = Pen(database).phone(kari, datetime.now(UTC), _said("Døra i boden er knust."), lag=900)
    reader, receipt = enter("ola"), receipt_id(told.mid)
    page = reader.open("/office/held")
    assert "Døra i boden er knust." in page.words
    assert not page.has("Ta i bruk det som kom fra telefonen")
    sent = {"csrf": page.form("Logg ut").one("csrf")}
    page = reader.post(f"/office/held/{receipt}/retry", sent)
    assert "Det kan fortsatt ikke brukes." in page.words and "Døra i boden" in page.words
    assert _acts(database, "phone_work_released") == []


def test_to_try_again_what_was_held_for_another_reason_vouches_for_no_phone(
    enter: Enter, database: Database
) -> None:
    """What came before the phone was closed is tried as it is; what came after stays held."""
    kari, pen = STAFF["kari"], Pen(database)
    nowhere: dict[str, Json] = {"dwelling": HOME.id, "tenancy": new_id(), "summary": "Skrevet før."}
    (before,) = pen.phone(kari, datetime.now(UTC), made("conversation", new_id(), nowhere), lag=900)
    assert (before.state, before.reason) == ("held", "ref")
    with database.writing() as session:
        people.revoke_replica(session, phone_of(kari), datetime.now(UTC))
    (after,) = pen.phone(kari, datetime.now(UTC), _said("Skrevet av en fremmed."), lag=900)
    assert (after.state, after.reason) == ("held", "replica_revoked")
    lise = enter("lise")
    sent = {"csrf": lise.open("/office/held").form("Logg ut").one("csrf")}
    page = lise.post(f"/office/held/{receipt_id(before.mid)}/retry", sent)
    assert "Skrevet av en fremmed." in page.words
    assert _acts(database, "phone_work_released") == []
    assert len(_acts(database, "held_tried_again")) == 1


def test_nothing_but_what_is_held_is_tried_again(enter: Enter, database: Database) -> None:
    """A notice says a reason too, and it is no receipt."""
    said: dict[str, Json] = {
        "dwelling": HOME.id,
        "planned_on": "2026-12-04",
        "basis": "inspection_notice",
        "reason": "ref",
    }
    id = new_id()
    Pen(database).server(STAFF["lise"], datetime.now(UTC), made("access_notice", id, said))
    ingrid = enter("ingrid")
    assert ingrid.open(f"/office/records/{id}").status == 200
    sent = {"csrf": ingrid.open("/office/held").form("Logg ut").one("csrf")}
    assert ingrid.post(f"/office/held/{id}/retry", sent).status == 404
    assert _acts(database, "held_tried_again") == []


def _acts(database: Database, what: str) -> list[Act]:
    with database.reading() as session:
        return list(session.scalars(select(Act).where(Act.what == what)))


def _said(words: str) -> Edit:
    return made("conversation", new_id(), {"dwelling": HOME.id, "summary": words})
