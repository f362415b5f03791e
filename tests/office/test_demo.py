"""The demo municipality: laid in once, filled up daily, and something to see on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import MagicMock

import orjson
import pytest
from sqlalchemy import func, select

from server import create_app, demo
from server.access import HERE, actor_of, scopes_of
from server.clock import Clock
from server.config import Settings
from server.database import Database
from server.demo.diary import Diary
from server.demo.faults import Faults
from server.demo.municipality import AREAS, NORTH, PEOPLE, SOUTH, STAFF
from server.demo.three_minutes import SLOW
from server.ledger import MutationRow
from server.office.cases import BY_KEY
from server.people import check_password
from server.photos import attachments
from server.planning.calendar import day_of
from server.records import REGISTRY
from server.records.record import Envelope, ScopeMember
from server.shapes import Json, read_instant
from tests.molds import Mold
from tests.office.reader import Reader


def count(database: Database) -> int:
    """Count every mutation."""
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(MutationRow)).scalar_one()


def planned(database: Database, login: str, day: datetime) -> int:
    """Count what is planned for a person on a day, as their phone is given it."""
    with database.reading() as session:
        mine = scopes_of(session, actor_of(session, STAFF[login].id), day)
        today = [scope for scope in mine if f"{day.astimezone(HERE):%Y-%m-%d}" in scope]
        assert today
        return session.execute(
            select(func.count(ScopeMember.id.distinct())).where(
                ScopeMember.scope.in_(today), ScopeMember.present
            )
        ).scalar_one()


def test_it_is_laid_in_once(database: Database, now: datetime) -> None:
    """A second start the same day writes nothing."""
    before = count(database)
    demo.lay_in(database, now, whole=False)
    demo.lay_in(database, now + timedelta(minutes=1), whole=False)
    assert count(database) == before
    with database.reading() as session:
        assert session.execute(select(Clock.demo_since)).scalar_one() is not None


@pytest.mark.parametrize("days", [0, 1, 6, 13, 30])
def test_every_day_has_its_visits(days: int, database: Database, now: datetime) -> None:
    """Today's list is never empty, whenever the app is started again."""
    later = now + timedelta(days=days)
    demo.lay_in(database, later, whole=False)
    for login in ("kari", "amir"):
        assert 3 <= planned(database, login, later) <= 4


def test_every_login_that_is_printed_opens(database: Database) -> None:
    """The lines that ./run prints hold the names and the passphrases."""
    lines = demo.logins()
    assert len(lines) == len(PEOPLE) == 10
    with database.reading() as session:
        for person, line in zip(PEOPLE, lines, strict=True):
            assert person.login in line and person.passphrase in line
            assert len(person.passphrase.split()) == 4
            assert check_password(session, person.login, person.passphrase).id == person.id


def test_all_of_it_came_through_intake(database: Database) -> None:
    """Every record has its mutation, and each page of the office has something to show."""
    with database.reading() as session:
        server_made = {"review", "receipt"}
        records = set(session.scalars(select(Envelope.id).where(Envelope.kind.not_in(server_made))))
        assert records == set(session.scalars(select(MutationRow.record))) & records
        states = dict(
            session.execute(
                select(MutationRow.state, func.count()).group_by(MutationRow.state)
            ).all()
        )
        visit: Any = REGISTRY["visit"].model
        lives: dict[str, int] = dict(
            session.execute(select(visit.status, func.count()).group_by(visit.status)).all()
        )
    assert states["review"] == 1 and states["held"] == 2
    assert {"submitted", "returned", "approved"} == set(lives)


def test_nobody_in_it_is_real(database: Database) -> None:
    """Tenants are called Eksempel, and their telephone is one that nobody has."""
    contact: Any = REGISTRY["contact"].model
    with database.reading() as session:
        names = set(session.scalars(select(contact.name)))
        phones = set(session.scalars(select(contact.phone)))
    assert all(name.endswith(" Eksempel") for name in names)
    assert phones == {"900 00 000"}


Bodies = Mapping[str, list[dict[str, Json]]]
EMPTY = r'class="empty[^>]*>(.*?)</p>'


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory, year: Mold) -> Iterator[Settings]:
    """Settings with a database of their own, which holds the year."""
    with year.copy(tmp_path_factory.mktemp("whole")) as settings:
        yield settings


@pytest.fixture(scope="module")
def whole(laid: Settings, now: datetime) -> Iterator[Database]:
    """The demo municipality with the year behind it and its pictures, as ./run has it."""
    made = Database(laid)
    demo.hang(made, laid, now)
    yield made
    made.close()


@pytest.fixture(scope="module")
def told(whole: Database) -> Bodies:
    """Everything that is told in it, by kind."""
    found: dict[str, list[dict[str, Json]]] = {}
    with whole.reading() as session:
        for kind, body in session.execute(select(Envelope.kind, Envelope.body)):
            found.setdefault(kind, []).append(orjson.loads(body))
    return found


def state(body: Mapping[str, Any], path: str = "handling") -> str | None:
    """Read the state at a composite path."""
    return (body.get(path) or {}).get("state")


def test_the_year_was_taken_as_it_was_written(whole: Database, told: Bodies) -> None:
    """But for the one question and the two that are told of, nothing was held or asked about."""
    with whole.reading() as session:
        query = select(MutationRow.state, func.count()).group_by(MutationRow.state)
        states = dict(session.execute(query).all())
    assert states.pop("applied") > 3_000
    assert states == {"review": 1, "held": 2}
    assert 1_500 <= sum(map(len, told.values())) <= 3_750


def test_the_figures_of_the_year_are_those_of_a_municipality(told: Bodies) -> None:
    """Some doors stay closed, most faults are mended in time, and much is done together."""
    outcomes = Counter(body["outcome"] for body in told["visit"])
    assert 0.1 <= outcomes["no_answer"] / len(told["visit"]) <= 0.2
    assert outcomes["refused"] > 0
    done = [body for body in told["assignment"] if state(body) == "done"]
    together = sum(body["done_by"] == "together" for body in done)
    assert 0.3 <= together / len(done) <= 0.5
    mended: list[Any] = [body for body in told["deviation"] if state(body) == "done"]
    in_time = [
        f"{day_of(read_instant(body['handling']['at']))}" <= body["due_on"] for body in mended
    ]
    assert len(mended) > 30
    assert 0.7 <= sum(in_time) / len(in_time) < 1


def test_every_kind_has_something_to_show(told: Bodies, now: datetime) -> None:
    """Open and closed, late and in time, kept and not: what each page asks for is there."""
    assert set(REGISTRY) - {"checklist"} <= set(told)
    today = f"{day_of(now)}"
    standing: list[Any] = [body for body in told["deviation"] if state(body) != "done"]
    assert any(body["severity"] == "critical" for body in standing)
    assert any(body["due_on"] < today for body in standing)
    assert {state(body) for body in standing} >= {None, "ordered", "waiting"}
    assert {body.get("kept") for body in told["agreement"]} == {True, None}
    assert {state(body, "status") for body in told["safety_alert"]} == {"approved", "submitted"}
    assert any(body.get("ended") for body in told["tenancy"])
    assert any(body.get("interpreter") for body in told["contact"])
    assert {body["checklist"] for body in told["round"]} == {"HMSFELLES", "VINTER", "UTE"}
    assert {body["frequency"] for body in told["round"]} == {
        "weekly",
        "monthly",
        "quarterly",
        "season",
    }


def test_nobody_in_the_year_is_real(told: Bodies) -> None:
    """Whoever is named is called Eksempel, and every telephone is one that nobody has."""
    assert all(str(body["name"]).endswith(" Eksempel") for body in told["contact"])
    phones = {body["phone"] for kind in told for body in told[kind] if body.get("phone")}
    assert phones == {"900 00 000"}


def test_the_whole_is_laid_in_once_and_its_pictures_too(whole: Database, now: datetime) -> None:
    """A second start writes nothing, and the bytes of every picture wait to be redrawn."""
    before = count(whole)
    demo.lay_in(whole, now + timedelta(minutes=1))
    assert count(whole) == before
    with whole.reading() as session:
        pictures = set(session.scalars(select(Envelope.id).where(Envelope.kind == "attachment")))
        assert pictures and pictures == set(session.scalars(select(attachments.Upload.id)))


def test_the_year_leaves_nothing_to_mend_where_the_story_is_told(now: datetime) -> None:
    """Whatever the day it is laid in; elsewhere some is late."""
    faults = Faults(Diary(MagicMock(), day_of(now)), Random(1), day_of(now))
    days = [now - timedelta(days=number) for number in range(1, 40)]
    left = {area: [faults._mended_at(area, day, 14) > now for day in days] for area in AREAS}
    assert not any(left[NORTH]) and any(left[SOUTH])


def test_a_landlord_has_the_faults_of_one_area(laid: Settings, whole: Database) -> None:
    """Eva finds the drain that the story begins with, Tor what is to mend in his own houses."""
    app = create_app(laid)
    board = {who: Reader(app, who).open("/office/deviations").words for who in ("eva", "tor")}
    assert SLOW in board["eva"] and SLOW not in board["tor"]
    assert "Rognebærtunet" not in board["tor"] and "Brygghustrappa" not in board["eva"]
    links = Reader(app, "eva").open("/office/deviations").links
    assert (
        len([link for link in links if re.fullmatch(r"/office/deviations/[0-9a-f-]{36}", link)])
        == 1
    )


@pytest.mark.parametrize("login", ["kari", "amir", "ola"])
def test_today_is_full_in_the_whole_too(login: str, told: Bodies, now: datetime) -> None:
    """Everybody with a phone has a day before them."""
    today, me = f"{day_of(now)}", STAFF[login].id
    visits = [each for each in told["planned_visit"] if each.get(f"visitors/{me}")]
    walks = [each for each in told["round"] if each.get(f"who/{me}")]
    errands = [each for each in told["assignment"] if each.get(f"who/{me}")]
    planned_on = [each["planned_on"] for each in (*visits, *walks)]
    due_on = [each.get("due_on") for each in errands]
    assert (planned_on + due_on).count(today) >= 3


TABS = {
    "/office/cases": [f"?show={tab}" for tab in BY_KEY],
    "/office/deadlines": ["?view=week", "?view=long"],
    "/office/planner": ["?view=week", "?view=month"],
    "/office/deviations": ["?state=closed", "?state=all"],
}
BESIDE = r"/office/(?:reports|planner|safety)/\w+"
NOTHING_THERE = {
    "Du snakker ikke med noen part nå.": "only who talks with a party is told of it",
    "Ingenting skilte seg ut.": "a week of the log in which nobody read more than they needed",
    "Ingen andre systemer har tilgang.": "a key is a secret, and none is laid in",
    "Ingen nødtilgang er i bruk.": "nobody had to open a home in the last days",
    "For få til å vises.": "a period of few people, hidden as it must be",
    "Ingen er over tiden, og ingen har bedt om hjelp.": "nobody is in danger when it is laid in",
}
"""What may stand where nothing is, and why."""


def pages_of(reader: Reader) -> list[str]:
    """Give every page of somebody's menu, its tabs, and the pages beside it."""
    first = reader.open("/office/").links
    found = {link.partition("#")[0] for link in first if link.startswith("/office/")}
    for page in sorted(found):
        found |= {page + tab for tab in TABS.get(page, ())}
        if page.startswith(("/office/reports", "/office/planner", "/office/safety")):
            beside = map(str, reader.open(page).links)
            found |= {link for link in beside if re.fullmatch(BESIDE, link)}
    return sorted(found)


def test_no_page_of_the_office_is_empty_without_a_reason(whole: Database, laid: Settings) -> None:
    """For the leader, who sees most; whoever follows up has plans, offers and participants."""
    reader = Reader(create_app(laid), "lise")
    pages = pages_of(reader)
    assert len(pages) > 50, pages
    empty = {page: re.findall(EMPTY, reader.open(page).html) for page in pages}
    unexplained = {page: set(words) - NOTHING_THERE.keys() for page, words in empty.items()}
    assert {page: words for page, words in unexplained.items() if words} == {}
    reader = Reader(create_app(laid), "hege")
    for tab in ("plans", "offers", "referrals", "participants"):
        page = reader.open(f"/office/cases?show={tab}")
        assert re.findall(EMPTY, page.html) == [], tab


def test_the_service_itself_has_something_to_tell(whole: Database, laid: Settings) -> None:
    """Who is out alone now, who is on duty, rules that were changed, and offers given again."""
    reader = Reader(create_app(laid), "lise")
    assert "Amir Haddad" in reader.open("/office/safety").words
    assert "Ingrid Moe" in reader.open("/office/safety/duty").words
    assert "Fem dager var fortsatt for lenge." in reader.open("/office/rules/ERRAND_DONE").words
    assert "Besøk der tilbudet gis på nytt" in reader.open("/office/planner/made").words
    assert "frist" in reader.open("/office/planner?view=month").words
