"""What two said differently, or what could not be used, of what the office itself may not read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from server import people
from server.database import Database
from server.intake import misplaced
from server.roles import Role
from server.shapes import Json
from sync.mutation import receipt_id
from tests.makers import World, example, new_id
from tests.server.confiding import made, tenancy
from tests.server.phone import Phone
from tests.server.situations import AT, status

WHISPERED = "Hviskestemme"


@pytest.fixture
def leader(app: Flask, world: World) -> Phone:
    """Lise's phone, with everything it may know."""
    phone = Phone(app, "lise")
    phone.sync()
    return phone


def a_case(kari: Phone, amir: Phone, world: World) -> str:
    """Let two begin a case between neighbours."""
    team: dict[str, Json] = {f"team/{phone.user}": True for phone in (kari, amir)}
    body: dict[str, Json] = {"area": world.east, "title": "Bråk", "opened_on": "2026-11-02"}
    case = made(kari, "conflict_case", new_id(), {**body, **team})
    amir.sync()
    return case


def a_complaint(kari: Phone, amir: Phone, world: World) -> str:
    """Let a complaint be taken by a case: it is the team's alone from then on."""
    said = {**example("complaint", building=None), "dwelling": world.dwelling}
    case = a_case(kari, amir, world)
    said |= {"case": case, "status": status(kari, "submitted")}
    complaint = made(kari, "complaint", new_id(), said)
    amir.sync()
    return complaint


def a_photo(kari: Phone, amir: Phone, world: World) -> str:
    """Let a picture hang on a case."""
    case = a_case(kari, amir, world)
    photo = made(kari, "attachment", new_id(), example("attachment", record=case))
    amir.sync()
    return photo


About = Callable[[Phone, Phone, World], str]


@pytest.mark.parametrize(
    ("about", "path"), [(a_case, "title"), (a_complaint, "desired"), (a_photo, "caption")]
)
def test_a_question_about_what_a_team_alone_knows_is_asked_of_its_leader(
    about: About,
    path: str,
    kari: Phone,
    amir: Phone,
    office: Phone,
    leader: Phone,
    world: World,
    database: Database,
) -> None:
    id = about(kari, amir, world)
    mine = kari.edit_paths(id, {path: f"{WHISPERED} A"})
    amir.sync(amir.edit_paths(id, {path: f"{WHISPERED} B"}))
    (told,) = kari.sync(mine)
    assert told["state"] == "review", told
    (review,) = told["reviews"]
    office.sync(), leader.sync(), kari.sync()
    assert WHISPERED not in repr(office.base) and review not in office.base
    assert leader.body(review)["value"] == kari.body(review)["value"] == f"{WHISPERED} A"
    assert leader.sync(_lets_it_stand(leader, review, id))[0]["state"] == "applied"
    leader.sync()
    assert leader.body(id)[path] == f"{WHISPERED} A"
    with database.reading() as session:
        assert misplaced(session) == []


def test_what_cannot_be_used_of_it_is_read_by_its_leader_and_not_by_the_office(
    kari: Phone, amir: Phone, office: Phone, leader: Phone, world: World, database: Database
) -> None:
    """Whether it is there already, hangs on a case that is, or is of such a kind alone."""
    case = a_case(kari, amir, world)
    said: dict[str, Json] = {"talked_on": "2026-11-09", "words": WHISPERED}
    begun: dict[str, Json] = {"opened_on": "2026-11-02", "title": WHISPERED, "category": "ukjent"}
    late = [
        kari.write("party_talk", new_id(), {**said, "party": new_id()}),
        kari.write("party_talk", new_id(), {**said, "party": case}),
        kari.write("conflict_case", new_id(), {**begun, "area": world.east}),
        kari.edit_paths(case, {"title": WHISPERED, "category": "ukjent"}),
        kari.write("addendum", new_id(), {"record": case, "path": "a b", "words": WHISPERED}),
        kari.write("hf_contact", new_id(), {"participant": new_id(), "words": WHISPERED}),
        kari.write("staff_incident", new_id(), {"type": "ukjent", "words": WHISPERED}),
    ]
    results = kari.sync(*late)
    assert {each["state"] for each in results} == {"held"}, results
    office.sync(), leader.sync()
    assert WHISPERED not in repr(office.base)
    for each in late:
        receipt = receipt_id(each["mid"])
        assert kari.body(receipt)["set"] == leader.body(receipt)["set"] == each["set"], each
    with database.reading() as session:
        assert misplaced(session) == []


def test_what_a_team_alone_may_know_and_is_nowhere_is_for_who_leads_everywhere(
    amir: Phone, office: Phone, leader: Phone, world: World, database: Database
) -> None:
    """Its author works in no one area, so no area's office or leader is asked for them."""
    with database.writing() as session:
        people.withdraw(session, amir.user, area=world.east)
        people.grant(session, new_id(), amir.user, Role.BOMILJO, None)
        people.grant(session, new_id(), office.user, Role.OFFICE, None)
    secret = amir.write("staff_incident", new_id(), {"type": "ukjent", "words": WHISPERED})
    plain = amir.write("conversation", new_id(), {"visit": new_id(), "summary": "Om vasken"})
    assert {each["state"] for each in amir.sync(secret, plain)} == {"held"}
    office.sync(), leader.sync()
    assert receipt_id(secret["mid"]) not in office.base and WHISPERED not in repr(office.base)
    assert leader.body(receipt_id(secret["mid"]))["set"] == secret["set"]
    assert office.body(receipt_id(plain["mid"]))["set"] == plain["set"]


def test_what_cannot_be_used_of_the_rest_is_the_offices_still(
    kari: Phone, office: Phone, world: World
) -> None:
    talk = kari.write("conversation", new_id(), {"visit": new_id(), "summary": WHISPERED})
    assert kari.sync(talk)[0]["state"] == "held"
    office.sync()
    assert office.body(receipt_id(talk["mid"]))["set"]["summary"] == WHISPERED


def test_who_left_the_team_is_not_told_what_stands_there_by_the_answer_to_their_question(
    kari: Phone, amir: Phone, office: Phone, world: World, database: Database
) -> None:
    """Their own words stay with them in the receipt; what was chosen is no longer theirs."""
    home = tenancy(office, world, kari, amir)
    sent = made(kari, "referral", new_id(), _handed_on(world, home))
    amir.sync()
    asked = amir.edit_paths(sent, {"words": "Amirs ord"})
    kari.sync(kari.edit_paths(sent, {"words": f"{WHISPERED} 1"}))
    (told,) = amir.sync(asked)
    assert told["state"] == "review", told
    (review,) = told["reviews"]
    assert review in amir.base
    office.sync()
    office.sync(office.edit_paths(home, {f"team/{amir.user}": None}))
    amir.sync()
    assert sent not in amir.base
    kari.sync()
    kari.sync(kari.edit_paths(sent, {"words": f"{WHISPERED} 2"}))
    office.sync()
    assert office.sync(_lets_it_stand(office, review, sent))[0]["state"] == "applied"
    amir.sync(), office.sync()
    assert WHISPERED in repr(office.body(review)["decision"])
    assert WHISPERED not in repr((amir.base, amir.reply))
    receipt = amir.body(receipt_id(asked["mid"]))
    assert receipt["state"] == "applied"
    with database.reading() as session:
        assert misplaced(session) == []


def test_the_author_of_a_question_sees_it_wherever_they_see_what_it_is_about(
    kari: Phone, amir: Phone, office: Phone, world: World
) -> None:
    """In a team, and among all who work in the area."""
    home = tenancy(office, world, kari, amir)
    sent = made(kari, "referral", new_id(), _handed_on(world, home))
    amir.sync()
    for id, path in ((sent, "words"), (world.dwelling, "access")):
        asked = amir.edit_paths(id, {path: "Amirs ord"})
        kari.sync()
        kari.sync(kari.edit_paths(id, {path: "Karis ord"}))
        (told,) = amir.sync(asked)
        assert told["state"] == "review" and told["reviews"][0] in amir.base


def _lets_it_stand(phone: Phone, review: str, about: str) -> dict[str, Any]:
    """Choose the answer that waits, having seen the record as it is."""
    seen = phone.base[about]["seq"]
    chosen: Json = {"choice": "author", "record_seq": seen, "by": phone.user, "at": AT}
    return phone.edit(review, decision=chosen)


def _handed_on(world: World, home: str) -> dict[str, Json]:
    return example("referral", tenancy=home, dwelling=world.dwelling)
