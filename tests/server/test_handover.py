"""A leaver's hand-over: what was theirs passes to another in one act, and nothing is orphaned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from server import people
from server.access import actor_of, scopes_of, visible
from server.database import Database
from server.office.decisions import new_form
from server.records.record import Envelope
from server.roles import Role
from server.shapes import Json
from tests.makers import NOW, USERS, World, new_id
from tests.server.confiding import made, tenancy
from tests.server.phone import Phone
from tests.server.planned import all_of
from tests.server.test_barrier import bar
from tests.server.test_openings import Reader

KARI, AMIR, OLA = USERS["kari"], USERS["amir"], USERS["ola"]
PAGE = f"/office/people/{KARI}/handover"


@pytest.fixture
def lise(app: Flask) -> Reader:
    """The leader at a desk."""
    return Reader(app, "lise")


@pytest.fixture
def left(kari: Phone, office: Phone, world: World) -> dict[str, str]:
    """What Kari has when she leaves: work that is hers, a household, a talk she never sent in."""
    later = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    plan: dict[str, Json] = {
        "dwelling": world.dwelling,
        "planned_on": later,
        f"visitors/{KARI}": True,
    }
    plan["purpose"] = "fire_safety"
    past: dict[str, Json] = {**plan, "planned_on": "2026-01-05"}
    ids = {
        "plan": made(office, "planned_visit", new_id(), plan),
        "past": made(office, "planned_visit", new_id(), past),
        "tenancy": tenancy(office, world, kari),
    }
    draft: dict[str, Json] = {
        "dwelling": world.dwelling,
        "tenancy": ids["tenancy"],
        "summary": "Bekymret for Liv",
    }
    ids["draft"] = made(kari, "conversation", new_id(), draft)
    return ids


def reads(database: Database, user: str, id: str) -> bool:
    """Say whether somebody reads a record."""
    with database.reading() as session:
        mine = scopes_of(session, actor_of(session, user), datetime.now(UTC))
        return bool(visible(session, mine, [id]))


def close(database: Database) -> None:
    """Let Kari in no more."""
    with database.writing() as session:
        session.get_one(people.User, KARI).closed_at = NOW


def hand_over(reader: Reader, to: str, *items: str) -> str:
    """Send the form; give the page that comes back, or where it leads."""
    fields = {"form": new_form(), "seal": "", "to": to, "item": list(items)}
    answer = reader.post(PAGE, **fields)  # type: ignore[arg-type]
    return answer.headers.get("Location") or answer.text


def test_everything_that_was_theirs_is_on_the_page_and_no_word_of_a_draft(
    lise: Reader, left: dict[str, str], kari: Phone, world: World
) -> None:
    kari.health = {"outbox": 2, "last_n": kari.n + 2}
    kari.sync(kari.write("visit", new_id(), {"dwelling": new_id()}))
    page = lise.get(PAGE).text
    assert f"{left['plan']}/visitors" in page and left["past"] not in page
    assert f"{left['tenancy']}/team" in page and "Ingen andre" in page
    assert f"{left['draft']}/" in page and "Liv" not in page
    assert "En telefon er ikke stengt" in page and "kan ikke brukes ennå" in page


def test_what_is_done_hides_nothing_that_is_not(
    lise: Reader, office: Phone, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.office.left_behind.MOST", 2)
    done: dict[str, Json] = {"state": "done", "by": office.user, "at": "2026-01-05T10:00:00.000Z"}
    job: dict[str, Json] = {"dwelling": world.dwelling, "words": "Bytte pære", f"who/{KARI}": True}
    for _ in range(3):
        made(office, "assignment", new_id(), {**job, "handling": done})
    undone = sorted(made(office, "assignment", new_id(), job) for _ in range(2))
    page = lise.get(PAGE).text
    assert [id for id in undone if f"{id}/who" not in page] == []


def test_it_passes_in_one_act_and_nothing_is_left(
    lise: Reader, left: dict[str, str], app: Flask, database: Database, world: World
) -> None:
    assert not reads(database, AMIR, left["draft"])
    items = [f"{left['plan']}/visitors", f"{left['tenancy']}/team", f"{left['draft']}/"]
    assert "done=3" in hand_over(lise, AMIR, *items)
    amir = Phone(app, "amir")
    amir.sync()
    assert {left["plan"], left["tenancy"], left["draft"]} <= amir.base.keys()
    plan, let = all_of(world, "planned_visit")[left["plan"]], all_of(world, "tenancy")
    assert plan[f"visitors/{AMIR}"] is True and f"visitors/{KARI}" not in plan
    assert f"team/{KARI}" not in let[left["tenancy"]]
    (sent,) = amir.sync(amir.edit(left["draft"], summary="Følges opp"))
    assert sent["state"] == "applied"
    assert "Ingenting venter" in lise.get(PAGE).text or left["plan"] not in lise.get(PAGE).text


def test_it_works_after_the_account_is_closed(
    lise: Reader, left: dict[str, str], database: Database
) -> None:
    with database.writing() as session:
        people.withdraw(session, KARI)
        session.get_one(people.User, KARI).closed_at = NOW
    assert "done=1" in hand_over(lise, AMIR, f"{left['draft']}/")
    assert reads(database, AMIR, left["draft"])


def test_who_may_not_have_it_does_not_get_it(
    lise: Reader, left: dict[str, str], database: Database, world: World
) -> None:
    """A caretaker is in no team and reads no talk: a slip of the finger gives them neither."""
    for item in (f"{left['tenancy']}/team", f"{left['draft']}/"):
        assert "kunne ikke overleveres" in hand_over(lise, OLA, item)
    assert not reads(database, OLA, left["draft"])
    assert f"team/{OLA}" not in all_of(world, "tenancy")[left["tenancy"]]
    assert "Velg hvem" in hand_over(lise, "", f"{left['draft']}/")
    assert "Velg hvem" in hand_over(lise, AMIR, f"{new_id()}/team")


def test_who_works_elsewhere_is_given_nothing_that_lies_here(
    lise: Reader, left: dict[str, str], database: Database, world: World
) -> None:
    """They could neither read it nor do it, and it would be nobody's without a word."""
    west = new_id(0xAF)
    with database.writing() as session:
        people.add_user(session, west, "Siv Vest", NOW)
        people.grant(session, new_id(), west, Role.BOMILJO, world.west)
    for item in (f"{left['plan']}/visitors", f"{left['tenancy']}/team", f"{left['draft']}/"):
        assert "kunne ikke overleveres" in hand_over(lise, west, item)
    assert f"visitors/{west}" not in all_of(world, "planned_visit")[left["plan"]]
    assert f"team/{west}" not in all_of(world, "tenancy")[left["tenancy"]]
    with database.reading() as session:
        assert west.encode() not in session.get_one(Envelope, left["draft"]).authors


def test_a_leader_of_one_area_passes_on_nothing_that_is_barred(
    app: Flask, left: dict[str, str], database: Database, world: World
) -> None:
    """What is barred lies in no area: it may be of any, and is for who leads the whole."""
    leader = new_id(0xAF)
    with database.writing() as session:
        people.add_user(session, leader, "Leder Øst", NOW)
        people.grant(session, new_id(), leader, Role.LEADER, world.east)
    bar(database, "tenancy", left["tenancy"], "kari")
    close(database)
    east = Reader(app, leader)
    assert "som er sperret" not in east.get(PAGE).text
    assert "Velg hvem" in hand_over(east, USERS["ingrid"], "sealed")
    assert not reads(database, USERS["ingrid"], left["tenancy"])


def test_what_only_the_leaver_could_know_of_is_passed_on_unseen(
    lise: Reader, left: dict[str, str], database: Database, office: Phone, world: World
) -> None:
    bar(database, "tenancy", left["tenancy"], "kari")
    close(database)
    page = lise.get(PAGE).text
    assert "som er sperret" in page and left["tenancy"] not in page
    assert "done=1" in hand_over(lise, USERS["ingrid"], "sealed")
    assert reads(database, USERS["ingrid"], left["tenancy"])
    assert not reads(database, USERS["lise"], left["tenancy"])
    assert not reads(database, KARI, left["tenancy"])
    assert "som er sperret" not in lise.get(PAGE).text


def test_what_is_barred_is_passed_to_nobody_who_could_not_be_named_there(
    lise: Reader, left: dict[str, str], database: Database, world: World
) -> None:
    """A caretaker works with no household: it stays with the leaver until another is chosen."""
    bar(database, "tenancy", left["tenancy"], "kari")
    close(database)
    assert "kunne ikke overleveres" in hand_over(lise, OLA, "sealed")
    assert not reads(database, OLA, left["tenancy"])
    assert "som er sperret" in lise.get(PAGE).text


def test_nobody_takes_from_a_colleague_who_is_here_what_that_one_alone_may_know_of(
    lise: Reader, left: dict[str, str], database: Database
) -> None:
    """Else whoever leads the whole could be behind any barrier that names one person."""
    bar(database, "tenancy", left["tenancy"], "kari")
    assert "som er sperret" not in lise.get(PAGE).text
    for to in (USERS["lise"], USERS["ingrid"]):
        assert "Velg hvem" in hand_over(lise, to, "sealed")
        assert not reads(database, to, left["tenancy"]) and reads(database, KARI, left["tenancy"])


def test_whoever_passes_on_what_is_barred_does_not_take_it(
    lise: Reader, left: dict[str, str], database: Database
) -> None:
    bar(database, "tenancy", left["tenancy"], "kari")
    close(database)
    assert "kunne ikke overleveres" in hand_over(lise, USERS["lise"], "sealed")
    assert not reads(database, USERS["lise"], left["tenancy"])
    assert "done=1" in hand_over(lise, USERS["ingrid"], "sealed")


def test_a_leader_reads_no_draft_of_a_colleague_who_is_here_by_taking_it_over(
    lise: Reader, left: dict[str, str], database: Database
) -> None:
    plan, draft = f"{left['plan']}/visitors", f"{left['draft']}/"
    assert "kunne ikke overleveres" in hand_over(lise, USERS["lise"], plan, draft)
    assert not reads(database, USERS["lise"], left["draft"])
    assert f"{left['plan']}/visitors" not in lise.get(PAGE).text, "work is no secret"
    close(database)
    assert "done=1" in hand_over(lise, USERS["lise"], draft)
    assert reads(database, USERS["lise"], left["draft"])


def test_keys_to_other_systems_that_a_leaver_has_seen_are_told(
    lise: Reader, left: dict[str, str], app: Flask, database: Database, world: World
) -> None:
    """A key goes on after its maker is closed, and whoever has seen it may have kept it.

    They are the whole's: who leads one area sees none of them.
    """
    now = datetime.now(UTC)
    with database.writing() as session:
        for lasts in (timedelta(days=30), timedelta(days=-1)):
            said: dict[str, Any] = {"by": KARI, "expires_at": now + lasts, "now": now}
            people.make_token(
                session, "FDV", Role.LANDLORD, None, ["deviation"], imports=False, **said
            )
    close(database)
    assert "Har laget 1 nøkkel til andre systemer" in lise.get(PAGE).text
    assert "Har laget" not in lise.get(f"/office/people/{AMIR}/handover").text
    with database.writing() as session:
        people.withdraw(session, AMIR)
        people.grant(session, new_id(), AMIR, Role.LEADER, world.east)
    assert "Har laget" not in Reader(app, "amir").get(PAGE).text


def test_only_a_leader_and_only_in_their_area(
    app: Flask, left: dict[str, str], database: Database, world: World
) -> None:
    with database.writing() as session:
        people.add_user(session, "vest", "Leder Vest", NOW)
        people.grant(session, new_id(), "vest", Role.LEADER, world.west)
        people.grant(session, new_id(), "vest", Role.BOMILJO, world.east)
    for who in ("kari", "ingrid", "admin", "eva"):
        assert Reader(app, who).get(PAGE).status_code == 404
    with database.writing() as session:
        people.put_on_duty(session, new_id(), world.east, USERS["lise"], USERS["lise"], NOW)
    Phone(app, "kari"), Phone(app, "lise")
    west = Reader(app, "vest")
    assert "Dette må du se til" not in west.get(PAGE).text
    theirs = west.get(f"/office/people/{USERS['lise']}/handover").text
    assert "En telefon er ikke stengt" in theirs and "Har vakt" not in theirs
    assert "Har vakt" in Reader(app, "lise").get(f"/office/people/{USERS['lise']}/handover").text
    assert left["plan"] not in west.get(PAGE).text and left["draft"] not in west.get(PAGE).text
    assert "Velg hvem" in hand_over(west, AMIR, f"{left['draft']}/")
