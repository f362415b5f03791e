"""Nødtilgang: reading what need-to-know denies, for some hours, for a reason, seen by a leader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server import openings, people
from server.access import actor_of, records_visible
from server.access_log import ASKED, AccessRow, records_in
from server.database import Database
from server.office.desk import Desk
from server.office.gate import csrf_for
from server.openings import Opening
from server.roles import Role
from server.safety.letters import OPENING, LetterRow
from server.shapes import Json
from tests.makers import NOW, USERS, World, example, new_id
from tests.server.confiding import made, talk_sent_in, tenancy
from tests.server.lane import store_at_once
from tests.server.phone import Phone, open_login
from tests.server.test_barrier import bar

WHY = "Nabo ringte. Beboer svarer ikke og kan være skadd."


class Reader:
    """Somebody at a desk, who can send the office's forms."""

    def __init__(self, app: Flask, name: str) -> None:
        self.app, self.client = app, open_login(app, USERS.get(name, name))

    def get(self, path: str) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path)

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form."""
        with self.app.app_context():
            mark = csrf_for(_token(self.client))
        return self.client.post(path, data={"csrf": mark, **fields})

    def opens(self, home: str, why: str = WHY) -> TestResponse:
        """Open a home."""
        return self.post(f"/office/dwellings/{home}/opening", why=why)


def _token(client: FlaskClient) -> str:
    found = client.get_cookie("oppgang")
    assert found is not None
    return found.value


@pytest.fixture
def home(app: Flask, kari: Phone, office: Phone, world: World) -> dict[str, str]:
    """A household that Kari follows up, and what is said of it; Amir is not told."""
    ids = {"tenancy": tenancy(office, world, kari)}
    ids["talk"] = talk_sent_in(kari, world, tenancy=ids["tenancy"])
    ids["addendum"] = made(
        kari, "addendum", new_id(), example("addendum", record=ids["talk"], path=None)
    )
    ids["photo"] = made(kari, "attachment", new_id(), example("attachment", record=ids["talk"]))
    store_at_once(app, ids["photo"])
    return ids


@pytest.fixture
def draft(kari: Phone, world: World, home: dict[str, str]) -> str:
    """What Kari has begun and not sent in."""
    body: dict[str, Json] = {"dwelling": world.dwelling, "tenancy": home["tenancy"]}
    return made(kari, "conversation", new_id(), {**body, "summary": "Uferdig"})


@pytest.fixture
def amir(app: Flask, home: dict[str, str]) -> Reader:
    """Amir at a desk; he works there and is not in the team."""
    return Reader(app, "amir")


@pytest.fixture
def lise(app: Flask) -> Reader:
    """The leader at a desk."""
    return Reader(app, "lise")


def seen(reader: Reader, ids: dict[str, str]) -> set[str]:
    """Give which of some records somebody reads."""
    found = {what: reader.get(f"/office/records/{id}").status_code for what, id in ids.items()}
    return {what for what, status in found.items() if status == 200}


def opening(database: Database) -> Opening:
    """Give the one opening there is."""
    with database.reading() as session:
        return session.scalars(select(Opening)).one()


def test_it_opens_a_household_for_some_hours_and_writes_down_each_reading(
    amir: Reader, home: dict[str, str], database: Database, world: World
) -> None:
    assert seen(amir, home) == set()
    assert amir.opens(world.dwelling).status_code == 302
    assert seen(amir, home) == home.keys()
    assert amir.get(f"/office/photos/{home['photo']}").status_code == 200
    assert "Nødtilgang til" in amir.get(f"/office/dwellings/{world.dwelling}").text
    with database.reading() as session:
        rows = session.scalars(select(AccessRow).where(AccessRow.who == USERS["amir"])).all()
        by_reason = [row for row in rows if row.purpose == ASKED]
        assert {row.why for row in by_reason} == {openings.BY + opening(database).id}
        said = openings.reasons(session, {row.why for row in by_reason})
        assert set(said.values()) == {WHY}, "and never the words, that no erasure could take back"
        assert set(home.values()) <= {id for row in by_reason for id in records_in(row.records)}
        assert all(world.dwelling not in records_in(row.records) for row in by_reason)
    over = datetime.now(UTC) + openings.LASTS + timedelta(minutes=1)
    with time_machine.travel(over, tick=True):
        assert seen(amir, home) == set()


def test_every_way_of_asking_knows_the_same_of_what_was_opened(
    amir: Reader, home: dict[str, str], database: Database, world: World
) -> None:
    amir.opens(world.dwelling)
    with database.reading() as session:
        desk = Desk(session, actor_of(session, USERS["amir"]), "", datetime.now(UTC))
        listed = {row.id for row in records_visible(session, desk.scopes)}
        assert set(home.values()) <= listed
        for kind in ("tenancy", "conversation", "addendum", "attachment"):
            found = {item.id for item in desk.found(kind, lambda query: query)}
            assert found == {i.id for i in desk.items(listed) if i.spec.name == kind}
            assert desk.count(kind, lambda query: query) == len(found)


def test_no_phone_hears_of_it(app: Flask, amir: Reader, home: dict[str, str], world: World) -> None:
    amir.opens(world.dwelling)
    phone = Phone(app, "amir")
    phone.sync()
    assert not set(home.values()) & phone.base.keys()
    assert "opened" not in repr(phone.reply)
    assert phone.client.get(f"/api/v1/attachments/{home['photo']}").status_code == 404


def test_it_is_reading_alone(
    app: Flask, amir: Reader, home: dict[str, str], world: World, database: Database
) -> None:
    amir.opens(world.dwelling)
    phone = Phone(app, "amir")
    with database.reading() as session:
        desk = Desk(session, actor_of(session, USERS["amir"]), "", datetime.now(UTC))
        item = desk.item(home["talk"])
        assert item is not None
    edit = phone.write(
        "conversation", item.id, {"summary": "Mer"}, op="patch", seen={"summary": (None, item.seq)}
    )
    (late,) = phone.sync(edit)
    assert late["state"] == "held"
    words = example("addendum", record=item.id, path=None)
    (added,) = phone.sync(phone.write("addendum", new_id(), words))
    assert (added["state"], added["reason"]) == ("held", "ref")


def test_drafts_and_what_a_team_alone_knows_stay_closed(
    app: Flask, amir: Reader, draft: str, kari: Phone, world: World
) -> None:
    lise = Phone(app, "lise")
    case = example("conflict_case", area=world.east, building=None)
    bare = {path: value for path, value in case.items() if not path.startswith("team/")}
    id = made(lise, "conflict_case", new_id(), {**bare, f"team/{USERS['kari']}": True})
    party = example("case_party", case=id, dwelling=world.dwelling)
    bare = {path: value for path, value in party.items() if not path.startswith("team/")}
    closed = {"draft": draft, "party": made(lise, "case_party", new_id(), bare)}
    amir.opens(world.dwelling)
    assert seen(amir, closed) == set()


def test_what_is_barred_is_not_opened_neither_before_nor_after(
    amir: Reader, home: dict[str, str], database: Database, world: World
) -> None:
    bar(database, "tenancy", home["tenancy"], "lise")
    before = amir.opens(world.dwelling)
    assert before.status_code == 302
    assert seen(amir, home) == set()
    bar(database, "tenancy", home["tenancy"])
    amir.opens(world.dwelling)
    assert seen(amir, home) == home.keys()
    bar(database, "tenancy", home["tenancy"], "lise")
    assert seen(amir, home) == set()


@pytest.mark.parametrize("who", ["ola", "eva", "admin", "siv"])
def test_only_who_follows_up_where_it_is_may(
    who: str, app: Flask, home: dict[str, str], world: World, database: Database
) -> None:
    with database.writing() as session:
        people.add_user(session, "siv", "Siv Vest", NOW)
        people.grant(session, new_id(), "siv", Role.BOMILJO, world.west)
    reader = Reader(app, who)
    assert reader.get(f"/office/dwellings/{world.dwelling}/opening").status_code == 404
    assert reader.opens(world.dwelling).status_code == 404
    assert seen(reader, home) == set()


def test_it_ends_with_the_role(
    amir: Reader, home: dict[str, str], world: World, database: Database
) -> None:
    amir.opens(world.dwelling)
    with database.writing() as session:
        people.withdraw(session, USERS["amir"])
        people.grant(session, new_id(), USERS["amir"], Role.CARETAKER, world.east)
    assert seen(amir, home) == set()


def test_a_reason_and_a_fresh_login_are_asked_for(
    amir: Reader, home: dict[str, str], world: World, database: Database
) -> None:
    short = amir.opens(world.dwelling, "haster")
    assert short.status_code == 422
    assert "Skriv hvorfor" in short.text and "haster" in short.text
    with time_machine.travel(datetime.now(UTC) + people.STEP_UP + timedelta(minutes=1), tick=True):
        stale = amir.opens(world.dwelling)
    assert stale.status_code == 401 and "Bekreft at det er deg" in stale.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Opening)) == 0


def test_the_leader_is_told_by_list_and_letter_and_no_letter_says_whom(
    amir: Reader, lise: Reader, home: dict[str, str], world: World, database: Database
) -> None:
    with database.writing() as session:
        people.keep_address(session, USERS["lise"], "lise@kommune.example", NOW)
        people.keep_address(session, USERS["amir"], "amir@kommune.example", NOW)
    amir.opens(world.dwelling)
    with database.reading() as session:
        letters = session.scalars(select(LetterRow)).all()
        assert [(row.user, row.sort) for row in letters] == [(USERS["lise"], OPENING)]
    page = lise.get("/office/openings").text
    assert WHY in page and "Amir Haddad" in page and "Venter på deg" in page
    made_one = opening(database)
    review = f"/office/openings/{made_one.id}/review"
    assert lise.post(review, fit="no", words="Ring meg").status_code == 302
    assert seen(amir, home) == set()
    found = opening(database)
    assert (found.fit, found.reviewed_by, found.words) == (False, USERS["lise"], "Ring meg")
    assert "ikke i orden" in lise.get("/office/openings").text


def test_nobody_reviews_their_own_and_others_see_no_list(
    lise: Reader, app: Flask, amir: Reader, world: World, database: Database
) -> None:
    lise.opens(world.dwelling)
    own = opening(database)
    assert lise.post(f"/office/openings/{own.id}/review", fit="yes").status_code == 404
    assert amir.post(f"/office/openings/{own.id}/close").status_code == 404
    for step in ("close", "review"):
        assert lise.post(f"/office/openings/{own.id}x/{step}").status_code == 404
    assert WHY not in amir.get("/office/openings").text
    assert lise.post(f"/office/openings/{own.id}/close").status_code == 302
    assert opening(database).until <= datetime.now(UTC)
    assert Reader(app, "ola").get("/office/openings").status_code == 404
