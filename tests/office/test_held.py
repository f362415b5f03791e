"""What cannot be used yet: beside it stands what can be done about it, for whoever can."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from server import people
from server.acts import Act
from server.database import Database
from server.demo.municipality import NORTH, STAFF, homes
from server.demo.pen import Edit, Pen, made, phone_of
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


def _said(words: str) -> Edit:
    return made("conversation", new_id(), {"dwelling": HOME.id, "summary": words})
