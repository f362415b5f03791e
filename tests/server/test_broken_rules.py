"""Rules that no other test missed when they were taken out: places, references, gone, decisions."""

from __future__ import annotations

from flask import Flask

from server import people
from server.database import Database
from server.people import Replica
from server.records.record import Gone
from server.roles import Role
from sync.mutation import Json
from tests.makers import AREA_EAST, AREA_WEST, NOW, World, new_id, visit
from tests.server.phone import Phone, open_login


def grant(database: Database, phone: Phone, role: Role, area: str) -> None:
    """Give one more role, and tell the phone."""
    with database.writing() as session:
        people.grant(session, new_id(), phone.user, role, area)
    phone.sync()


def test_working_in_both_areas_gives_no_right_to_hand_over(
    kari: Phone, database: Database, world: World
) -> None:
    grant(database, kari, Role.BOMILJO, AREA_WEST)
    told = kari.sync(kari.edit(world.dwelling, area=AREA_WEST))[0]
    assert (told["state"], told["reason"]) == ("held", "access")


def test_the_right_to_hand_over_gives_no_right_where_it_would_go(
    amir: Phone, database: Database, world: World
) -> None:
    grant(database, amir, Role.OFFICE, AREA_EAST)
    told = amir.sync(amir.edit(world.dwelling, area=AREA_WEST))[0]
    assert (told["state"], told["reason"]) == ("held", "access")


def test_what_refers_to_a_deleted_record_waits_until_it_is_back(
    kari: Phone, office: Phone, world: World
) -> None:
    office.sync(office.mark(world.dwelling, "delete"))
    id, body = visit()
    assert kari.sync(kari.write("visit", id, body))[0]["reason"] == "ref"
    back = office.write("dwelling", world.dwelling, {}, op="restore")
    office.sync({**back, "seen": {"*": {"seq": office.reply["covered"]}}})
    kari.sync()
    assert kari.body(id) == body


def test_a_reference_to_another_kind_is_invalid(kari: Phone) -> None:
    id, body = visit()
    told = kari.sync(kari.write("visit", id, {**body, "dwelling": AREA_EAST}))[0]
    assert (told["state"], told["reason"]) == ("held", "invalid")


def test_what_was_erased_never_comes_back(kari: Phone, database: Database) -> None:
    id, body = visit()
    with database.writing() as session:
        session.add(Gone(id=id, at=NOW))
    told = kari.sync(kari.write("visit", id, body), kari.write("visit", id, {}, op="patch"))
    assert [result["state"] for result in told] == ["erased", "erased"]
    assert id not in kari.base


def test_to_keep_what_stands_is_to_have_seen_it(
    app: Flask, kari: Phone, amir: Phone, office: Phone, world: World
) -> None:
    mine, theirs = kari.edit(world.dwelling, access="A"), amir.edit(world.dwelling, access="B")
    kari.sync(mine)
    review = amir.sync(theirs)[0]["reviews"][0]
    office.sync()
    seen = office.base[world.dwelling]["seq"]
    kari.sync(), kari.sync(kari.edit(world.dwelling, access="C"))
    decision: dict[str, Json] = {"choice": "standing", "record_seq": seen, "by": office.user}
    decision["at"] = "2026-11-23T08:00:00.000Z"
    office.sync(office.edit(review, decision=decision))
    assert "decision" not in office.body(review)


def test_a_clash_takes_no_number_and_is_no_fork(kari: Phone, database: Database) -> None:
    id, body = visit()
    first = kari.write("visit", id, body)
    kari.sync(first)
    told = kari.sync({**first, "set": {**body, "outcome": "refused"}})[0]
    assert told["reason"] == "mid_clash" and "fork" not in told
    with database.reading() as session:
        row = session.get(Replica, kari.replica)
        assert row is not None and row.forks == 0


def test_the_office_of_one_area_reads_no_hidden_answer_in_another(
    app: Flask, kari: Phone, amir: Phone, database: Database, world: World
) -> None:
    mine, theirs = kari.edit(world.dwelling, access="Port 4"), amir.edit(world.dwelling, access="X")
    theirs["set"]["access"], theirs["why"] = "Hemmelig svar", "Hemmelig grunn"
    kari.sync(mine)
    assert amir.sync(theirs)[0]["state"] == "review"
    grant(database, kari, Role.OFFICE, AREA_WEST)
    page = open_login(app, kari.user).get(f"/office/records/{world.dwelling}").text
    assert "Port 4" in page and "Hemmelig" not in page
    grant(database, kari, Role.OFFICE, AREA_EAST)
    assert (
        "Hemmelig svar" in open_login(app, kari.user).get(f"/office/records/{world.dwelling}").text
    )
