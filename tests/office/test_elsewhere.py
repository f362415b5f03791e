"""A right that is held in one area is none in another, however much somebody may read there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server import hand, openings, people
from server.database import Database
from server.demo.municipality import NORTH, SOUTH, STAFF
from server.demo.pen import Pen, made
from server.keeping import proposals
from server.keeping.insight import Insight
from server.planning.calendar import day_of
from server.records.barrier import BARRIER
from server.records.record import Envelope
from server.roles import Role
from server.shapes import Json
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.folders import body_of
from tests.office.insights import make_ready, rows
from tests.office.reader import Reader
from tests.office.test_decisions import count_taken
from tests.office.test_homes import HOME
from tests.office.test_inbox import VISIT, sent_in
from tests.office.test_safety import flat

OLA = STAFF["ola"].id


def wears_two_hats(database: Database, there: Role, here: Role = Role.BOMILJO) -> None:
    """Let Ola have one role in the north, where things are, and another in the south alone."""
    with database.writing() as session:
        people.withdraw(session, OLA)
        people.grant(session, new_id(), OLA, here, NORTH)
        people.grant(session, new_id(), OLA, there, SOUTH)


def mark(reader: Reader) -> dict[str, str | list[str]]:
    """Give what a form of the reader's carries."""
    return {"csrf": reader.open("/office/").form("Logg ut").one("csrf")}


def household(database: Database, by: str = OLA) -> str:
    """Let a household be followed up by Ola, or another."""
    id = new_id()
    values: dict[str, Json] = {"dwelling": HOME.id, "started_on": "2026-11-01"}
    Pen(database).server(
        STAFF["lise"], datetime.now(UTC), made("tenancy", id, {**values, f"team/{by}": True})
    )
    return id


def test_to_lead_elsewhere_hides_nobody_here(enter: Enter, database: Database) -> None:
    """Whoever sets a barrier takes what is behind it from all others."""
    wears_two_hats(database, Role.LEADER)
    tenancy, ola = household(database), enter("ola")
    assert ola.open(f"/office/records/{tenancy}").status == 200
    assert ola.open(f"/office/barriers/{tenancy}").status == 404
    sent = {**mark(ola), "named": [OLA]}
    assert ola.post(f"/office/barriers/{tenancy}", sent).status == 404
    assert f"{BARRIER}/{OLA}" not in body_of(database, tenancy)


def test_nobody_is_named_behind_a_barrier_who_works_with_no_household(
    enter: Enter, database: Database
) -> None:
    """A caretaker would read what is hidden from their leader, and an id of nobody hides it."""
    tenancy, lise = household(database), enter("lise")
    where = f"/office/barriers/{tenancy}"
    assert lise.open(where).status == 200
    for named in (OLA, STAFF["eva"].id, new_id()):
        page = lise.post(where, {**mark(lise), "named": [named]})
        assert page.status == 422 and "Ingen er valgt." in page.words
        assert f"{BARRIER}/{named}" not in body_of(database, tenancy)


def test_who_keeps_numbers_in_one_area_changes_none_for_everybody(
    enter: Enter, database: Database
) -> None:
    """The list is the whole municipality's: a leader of one area is shown it, and no form."""
    wears_two_hats(database, Role.LEADER)
    ola, lise = enter("ola").open("/office/safety/numbers"), enter("lise")
    assert ola.status == 200 and not ola.has("Ta bort") and not ola.has("Legg til")
    page = lise.open("/office/safety/numbers")
    assert page.has("Ta bort") and page.has("Legg til")


def test_nothing_but_a_number_is_taken_out_of_the_list_of_numbers(
    enter: Enter, database: Database
) -> None:
    tenancy, lise = household(database), enter("lise")
    form = lise.open("/office/safety/numbers").form("Ta bort")
    with database.reading() as session:
        seal = f"{tenancy}:{session.get_one(Envelope, tenancy).seq}"
    taken = count_taken(database)
    sent = {**flat(form.fields), "seal": seal}
    assert lise.post(f"/office/safety/numbers/{tenancy}/gone", sent).status == 404
    assert count_taken(database) == taken


LEADERS = (
    "/office/log",
    "/office/operations",
    "/office/integrations",
    "/office/rules",
    "POST /office/log/verify",
    "POST /office/log/sign",
    "POST /office/integrations",
    "POST /office/privacy/confirm",
    "POST /office/privacy/holds",
    "POST /office/privacy/archive/order",
    "POST /office/privacy/terms/visit",
    "POST /office/privacy/terms/proposals/{proposal}",
    "POST /office/integrations/{token}/revoke",
)
ADMINS = (
    "/office/people",
    "/office/log",
    "/office/rules",
    "POST /office/people",
    "POST /office/people/areas",
    "POST /office/people/{kari}/roles",
    "POST /office/people/{kari}/password",
    "POST /office/people/{kari}/logins/end",
    "POST /office/integrations/{token}/revoke",
    "POST /office/privacy/confirm",
)


@pytest.mark.parametrize(
    ("role", "paths"), [(Role.LEADER, LEADERS), (Role.ADMIN, ADMINS)], ids=["leader", "admin"]
)
def test_to_lead_or_administer_an_area_is_not_to_do_so_for_the_whole(
    role: Role, paths: tuple[str, ...], enter: Enter, database: Database
) -> None:
    """What is kept, planned and let in by everywhere is decided by who answers for all of it."""
    known = what_stands(database)
    with database.writing() as session:
        people.withdraw(session, OLA)
        people.grant(session, new_id(), OLA, role, NORTH)
    whole = enter("lise" if role is Role.LEADER else "admin")
    assert {path: answer(enter("ola"), path.format(**known)) for path in paths} == dict.fromkeys(
        paths, 404
    )
    assert 404 not in {answer(whole, path.format(**known)) for path in paths}


def what_stands(database: Database) -> dict[str, str]:
    """Let another system have a token, and a term be proposed; gives what addresses name."""
    now, by = datetime.now(UTC), STAFF["vera"].id
    with database.writing() as session:
        token, _ = people.make_token(
            session,
            "Fagsystem",
            Role.OFFICE,
            None,
            {"dwelling"},
            imports=False,
            by=STAFF["lise"].id,
            expires_at=now + timedelta(days=9),
            now=now,
        )
        proposals.propose(session, "visit", {"years": "7"}, by, now, reason="Kortere", after=0)
        waits = proposals.waiting(session)["visit"].id
        return {"token": token.id, "proposal": waits, "kari": STAFF["kari"].id}


def answer(reader: Reader, path: str) -> int:
    """Ask for a page, or send a form of the reader's own there; gives the status."""
    method, _, address = path.rpartition(" ")
    if not method:
        return reader.open(path).status
    sent = {**mark(reader), "week": "2026-W30", "reason": "Slik er det.", "name": "Fagsystem"}
    sent |= {"role": Role.OFFICE.value, "kinds": ["dwelling"]}
    return reader.post(address, sent, follow=False).status


def test_to_lead_elsewhere_tells_nothing_of_a_household_here(
    enter: Enter, database: Database
) -> None:
    """Neither who read of it, nor how much is held about it, nor to ask for it or erase it."""
    wears_two_hats(database, Role.LEADER)
    tenancy, ola = household(database), enter("ola")
    assert ola.open(f"/office/records/{tenancy}").status == 200
    for path in (f"log/records/{tenancy}", f"subjects/{tenancy}"):
        assert ola.open(f"/office/{path}").status == 404
    asked = {**mark(ola), "asked_on": day_of(datetime.now(UTC)).isoformat(), "reason": "law"}
    for step in ("insights", "erase"):
        assert ola.post(f"/office/subjects/{tenancy}/{step}", asked).status == 404
    page = ola.open(f"/office/records/{tenancy}")
    links = [link for link in page.links if tenancy in link and "/records/" not in link]
    assert not [link for link in links if "log/" in link or "subjects/" in link], links
    assert rows(database, Insight) == 0


def test_to_read_second_elsewhere_opens_no_request_here(enter: Enter, database: Database) -> None:
    """Ola follows the household up and knows all that is held about it, but not that they asked."""
    wears_two_hats(database, Role.OFFICE)
    tenancy, lise, ola = household(database), enter("lise"), enter("ola")
    form = lise.open(f"/office/subjects/{tenancy}").form("Åpne kravet")
    where = lise.send(form, follow=False).location or ""
    make_ready(lise, where)
    assert ola.open(f"/office/records/{tenancy}").status == 200
    assert ola.open(f"/office/subjects/{tenancy}").status == 404
    assert ola.open(where).status == 404 and enter("ingrid").open(where).status == 200
    assert where not in ola.open("/office/insights").links


def test_who_prepares_a_request_and_leads_no_longer_has_to_do_with_it_no_longer(
    enter: Enter, database: Database
) -> None:
    """She follows the household up as before, and knows all of it, and gives none of it out."""
    lise, user = enter("lise"), STAFF["lise"].id
    tenancy = household(database, user)
    form = lise.open(f"/office/subjects/{tenancy}").form("Åpne kravet")
    where = lise.send(form, follow=False).location or ""
    form = lise.open(where).form("Sladd overalt")
    with database.writing() as session:
        people.withdraw(session, user)
        people.grant(session, new_id(), user, Role.BOMILJO, NORTH)
    assert lise.open(f"/office/records/{tenancy}").status == 200
    assert lise.open(where).status == 404 and lise.open("/office/insights").status == 404
    assert lise.send(form, typed={"text": "Alt vel.", "reason": "others"}).status == 404


def opened(database: Database, why: str = "Ringt av nabo, svarer ikke.") -> str:
    """Let Kari have opened a home in the north."""
    with database.writing() as session:
        kari, now = STAFF["kari"].id, datetime.now(UTC)
        return openings.open_home(session, kari, HOME.id, NORTH, why, now).id


@pytest.mark.parametrize("there", [Role.LEADER, Role.PRIVACY])
def test_why_a_home_was_opened_is_told_and_judged_where_one_leads(
    there: Role, enter: Enter, database: Database
) -> None:
    """The words tell of who lives there; what was found of it ends the opening or lets it be."""
    why = "Beboer svarer ikke og kan være skadd."
    opening, ola, lise = opened(database, why), enter("ola"), enter("lise")
    wears_two_hats(database, there)
    page = ola.open("/office/openings")
    assert page.status == 200 and why not in page.words
    sent = {**mark(ola), "fit": "no"}
    assert ola.post(f"/office/openings/{opening}/review", sent).status == 404
    assert why in lise.open("/office/openings").words
    with database.reading() as session:
        assert session.get_one(openings.Opening, opening).reviewed_at is None


def test_a_home_is_opened_where_one_follows_households_up(enter: Enter, database: Database) -> None:
    """Ola mends in the north and follows up in the south: in the north he opens nothing."""
    wears_two_hats(database, Role.BOMILJO, here=Role.CARETAKER)
    ola, where = enter("ola"), f"/office/dwellings/{HOME.id}"
    page = ola.open(where)
    assert page.status == 200 and f"{where}/opening" not in page.links
    sent = {**mark(ola), "why": "Ringt av nabo, svarer ikke."}
    assert ola.open(f"{where}/opening").status == 404
    assert ola.post(f"{where}/opening", sent).status == 404
    assert rows(database, openings.Opening) == 0


def test_a_home_behind_a_barrier_is_opened_by_nobody(enter: Enter, database: Database) -> None:
    """It lies in no area, so no leader would be told; who is named reads what there is to read."""
    ingrid = enter("ingrid")
    named: dict[str, Json] = {f"{BARRIER}/{STAFF['ingrid'].id}": True}
    hand.write(database, "dwelling", HOME.id, "patch", named, STAFF["lise"].id, datetime.now(UTC))
    where = f"/office/dwellings/{HOME.id}"
    page = ingrid.open(where)
    assert page.status == 200 and f"{where}/opening" not in page.links
    sent = {**mark(ingrid), "why": "Ringt av nabo, svarer ikke."}
    assert ingrid.open(f"{where}/opening").status == 404
    assert ingrid.post(f"{where}/opening", sent).status == 404
    assert rows(database, openings.Opening) == 0


def test_to_decide_elsewhere_offers_to_take_back_no_decision_here(
    enter: Enter, database: Database
) -> None:
    wears_two_hats(database, Role.OFFICE)
    visit, ingrid = sent_in(database, "visit", VISIT), enter("ingrid")
    ingrid.send(ingrid.open(f"/office/inbox/{visit}").form("Godkjenn"), "Godkjenn")
    assert ingrid.open(f"/office/inbox?done={visit}").has("Angre avgjørelsen")
    page = enter("ola").open(f"/office/inbox?done={visit}")
    assert page.status == 200
    assert not page.has("Angre avgjørelsen") and "Godkjent:" not in page.words
