"""What somebody curious, tired or hostile tries with a phone that is rightly theirs."""

from __future__ import annotations

import pytest
from flask import Flask

from server.config import Settings
from server.database import Database
from server.intake import misplaced
from server.shapes import Json
from sync.mutation import one_per_id
from tests.makers import USERS, World, example, new_id, visit
from tests.photos import attachment
from tests.server import lane
from tests.server.confiding import made, planned_by, sent_in, talk_sent_in, tenancy, under_a_tenancy
from tests.server.phone import Phone
from tests.server.situations import AT, status


@pytest.fixture
def caretaker(app: Flask, world: World) -> Phone:
    """Ola's phone, with everything it may know."""
    phone = Phone(app, "ola")
    phone.sync()
    return phone


@pytest.fixture
def landlord(app: Flask, world: World) -> Phone:
    """Eva's phone, with everything it may know."""
    phone = Phone(app, "eva")
    phone.sync()
    return phone


# Confidence


@pytest.mark.parametrize("who", ["eva", "ola"])
def test_a_mistaken_name_gives_a_landlord_or_caretaker_no_tenancy(
    who: str, app: Flask, kari: Phone, office: Phone, world: World
) -> None:
    home = tenancy(office, world, kari)
    talk = talk_sent_in(kari, world, tenancy=home)
    stranger = Phone(app, who)
    named: dict[str, Json] = {f"team/{stranger.user}": True}
    assert kari.sync(kari.edit_paths(home, named))[0]["state"] == "applied"
    planned = planned_by(kari, world, stranger, tenancy=home)
    stranger.sync()
    assert not {home, talk, planned} & stranger.base.keys()


def test_nobody_reads_a_colleagues_draft_by_making_the_sametalk_sent_in(
    app: Flask, kari: Phone, office: Phone, world: World
) -> None:
    at = made(kari, "visit", *sent_in(kari))
    talk = made(
        kari,
        "conversation",
        one_per_id("conversation", [at]),
        {"visit": at, "dwelling": world.dwelling, "summary": "Fortrolig"},
    )
    lise = Phone(app, "lise")
    for phone in (office, lise):
        phone.sync()
        body = {"visit": at, "dwelling": world.dwelling, f"notes/{new_id()}": "y"}
        told = phone.sync(phone.write("conversation", talk, body))[0]
        assert (told["state"], told["reason"]) == ("held", "access")
        assert talk not in phone.base


def test_nobody_reads_answers_about_a_tenancy_by_answering_the_same_list(
    kari: Phone, amir: Phone, office: Phone, world: World
) -> None:
    home = tenancy(office, world, kari)
    at = made(kari, "visit", *sent_in(kari))
    amir.sync()
    run = one_per_id("checklist_run", [at, "NYVRI1", "tenancy"])
    same = {"visit": at, "dwelling": world.dwelling, "checklist": "NYVRI1", "subject": "tenancy"}
    for sent in (False, True):
        if sent:
            kari.sync(kari.edit(run, status=status(kari, "submitted")))
        else:
            answer = {"answers/NYVRI1-02": "deviation", "remarks/NYVRI1-02": "Fortrolig"}
            made(kari, "checklist_run", run, {**same, "tenancy": home, **answer})
        told = amir.sync(amir.write("checklist_run", run, {**same, "answers/NYVRI1-03": "ok"}))[0]
        assert (told["state"], told["reason"]) == ("held", "access"), sent
        assert run not in amir.base
    kari.sync()
    assert "answers/NYVRI1-03" not in kari.body(run)


def test_a_colleague_shares_the_answers_about_a_home_that_another_began(
    kari: Phone, amir: Phone, world: World
) -> None:
    at = made(kari, "visit", *sent_in(kari))
    amir.sync()
    run = one_per_id("checklist_run", [at, "NYVRI1", "dwelling"])
    same = {"visit": at, "dwelling": world.dwelling, "checklist": "NYVRI1", "subject": "dwelling"}
    made(kari, "checklist_run", run, {**same, "answers/NYVRI1-02": "ok"})
    made(amir, "checklist_run", run, {**same, "answers/NYVRI1-03": "ok"})
    assert amir.body(run)["answers/NYVRI1-02"] == "ok"


def test_nobody_reads_a_talk_by_calling_themselves_a_visitor(
    kari: Phone, amir: Phone, office: Phone, world: World
) -> None:
    home = tenancy(office, world, kari)
    planned = planned_by(kari, world, kari, tenancy=home)
    id, body = visit(planned)
    made(kari, "visit", id, {**body, "status": status(kari, "submitted")})
    talk = talk_sent_in(kari, world, visit=id, tenancy=home)
    amir.sync()
    amir.sync(amir.edit_paths(planned, {f"visitors/{amir.user}": True}))
    assert talk not in amir.base
    own = planned_by(amir, world, amir)
    amir.sync(amir.edit(id, planned_visit=own))
    assert talk not in amir.base
    assert home not in amir.base


def test_nobody_puts_themselves_into_a_team(
    kari: Phone, amir: Phone, office: Phone, world: World
) -> None:
    home = tenancy(office, world, kari)
    me = f"team/{amir.user}"
    with_me: dict[str, Json] = {
        "dwelling": world.dwelling,
        "planned_on": "2026-11-23",
        f"visitors/{amir.user}": True,
    }
    told = amir.sync(
        amir.write("tenancy", home, {me: True}, op="patch", seen={me: (None, 10**6)}),
        amir.write("tenancy", home, {"dwelling": world.dwelling, me: True}),
        amir.write("planned_visit", new_id(), {**with_me, "tenancy": home}),
        amir.write("contact", new_id(), {"tenancy": home, "name": "x"}),
        amir.write("conversation", new_id(), {"dwelling": world.dwelling, "tenancy": home}),
        amir.write("addendum", new_id(), {"record": home, "words": "x"}),
    )
    assert {result["state"] for result in told} == {"held"}, told
    office.sync()
    assert me not in office.body(home)


def test_who_left_the_team_has_nothing_of_the_tenancy_but_their_own(
    kari: Phone, amir: Phone, office: Phone, world: World
) -> None:
    home = tenancy(office, world, kari, amir)
    theirs = talk_sent_in(kari, world, tenancy=home)
    card = made(office, "contact", new_id(), {"tenancy": home, "name": "Leietaker Eksempel"})
    amir.sync()
    assert {home, theirs, card} <= amir.base.keys()
    office.sync()
    office.sync(office.edit_paths(home, {f"team/{amir.user}": None}))
    amir.sync()
    assert not {home, theirs, card} & amir.base.keys()


# Safety


@pytest.mark.parametrize("op", ["create", "patch"])
def test_an_author_approves_no_warning_of_their_own(
    kari: Phone, caretaker: Phone, world: World, op: str
) -> None:
    id, body = new_id(), example("safety_alert", dwelling=world.dwelling)
    approved = {"status": status(kari, "approved")}
    if op == "create":
        kari.sync(kari.write("safety_alert", id, {**body, **approved}))
    else:
        made(kari, "safety_alert", id, body)
        kari.sync(kari.edit(id, **approved))
        kari.sync(kari.edit(id, status=status(kari, "submitted")))
        kari.sync(kari.edit(id, **approved))
    for record in [*kari.of("review")]:
        choice: Json = {
            "choice": "author",
            "record_seq": 10**6,
            "by": kari.user,
            "at": AT,
        }
        kari.sync(kari.edit(record["id"], decision=choice))
    caretaker.sync()
    assert id not in caretaker.base
    assert kari.base.get(id, {"body": {}})["body"].get("status", {}).get("state") != "approved"


def test_work_on_a_closed_deviation_is_signed_by_who_does_it(
    kari: Phone, caretaker: Phone, office: Phone, world: World
) -> None:
    body = example("deviation", dwelling=world.dwelling, building=None, handling=None)
    id = made(kari, "deviation", new_id(), {**body, "status": status(kari, "submitted")})
    office.sync()
    office.sync(office.edit(id, status=status(office, "approved")))
    caretaker.sync()
    forged = {"state": "done", "by": USERS["eva"], "at": AT}
    assert caretaker.sync(caretaker.edit(id, handling=forged))[0]["state"] == "held"
    both = caretaker.edit(
        id, handling={**forged, "by": caretaker.user}, status=status(caretaker, "submitted")
    )
    assert caretaker.sync(both)[0]["state"] == "held"


# Pictures


def test_a_picture_is_nobodys_by_its_id(
    kari: Phone, amir: Phone, landlord: Phone, database: Database, settings: Settings, world: World
) -> None:
    talk = talk_sent_in(kari, world)
    id = lane.begin(kari, record=talk)
    assert lane.send(landlord, id, lane.PHOTO).status_code >= 400
    lane.send(kari, id, lane.PHOTO)
    lane.settled(kari, database, settings, id)
    assert lane.get(kari, id).status_code == 200
    for phone in (amir, landlord):
        assert lane.get(phone, id).status_code >= 400
        assert lane.get(phone, id, small=True).status_code >= 400
        assert phone.client.head(f"/api/v1/attachments/{id}").status_code >= 400
        told = phone.sync(phone.write("attachment", new_id(), attachment(talk, lane.PHOTO)))[0]
        assert told["state"] == "held"


def test_a_photo_goes_with_the_record_it_shows_and_comes_back_with_it(
    kari: Phone, office: Phone, database: Database, settings: Settings, world: World
) -> None:
    id = made(kari, "visit", *sent_in(kari))
    photo = lane.begin(kari, record=id)
    lane.send(kari, photo, lane.PHOTO)
    lane.settled(kari, database, settings, photo)
    words = made(kari, "addendum", new_id(), {"record": id, "words": "Sett utenfra."})
    for op, here in (("delete", False), ("restore", True)):
        office.sync()
        mark = office.mark(id, op) if op == "delete" else restored(office, id)
        assert office.sync(mark)[0]["state"] == "applied"
        for phone in (kari, office):
            phone.sync()
            for small in (False, True):
                assert (lane.get(phone, photo, small=small).status_code == 200) is here
            assert (photo in phone.base, words in phone.base) == (here, here)
        with database.reading() as session:
            assert misplaced(session) == []


def restored(phone: Phone, id: str) -> dict[str, Json]:
    """Give what brings back what a phone has seen deleted."""
    back = phone.write("visit", id, {}, op="restore")
    return {**back, "seen": {"*": {"seq": phone.reply["covered"]}}}


@pytest.mark.parametrize("thumbnail", ["PGh0bWw+", "/9j/PHNjcmlwdD4=", "<script>"])
def test_a_thumbnail_is_a_picture(kari: Phone, world: World, thumbnail: str) -> None:
    body = {**attachment(world.dwelling, lane.PHOTO), "thumbnail": thumbnail}
    assert kari.sync(kari.write("attachment", new_id(), body))[0]["reason"] == "invalid"


# What the landlord learns


def test_nothing_of_a_follow_up_visit_reaches_the_landlord(
    kari: Phone, caretaker: Phone, landlord: Phone, office: Phone, world: World
) -> None:
    home, under = under_a_tenancy(kari, office, world)
    id = kari.body(under["talk"])["visit"]
    run = one_per_id("checklist_run", [id, "NYVRI1", "building"])
    body = {"visit": id, "dwelling": world.dwelling, "checklist": "NYVRI1", "subject": "building"}
    made(kari, "checklist_run", run, {**body, "status": status(kari, "submitted")})
    fault = example("deviation", dwelling=world.dwelling, building=None)
    deviation = one_per_id("deviation", [run, "NYVRI1-02"])
    made(kari, "deviation", deviation, {**fault, "status": status(kari, "submitted")})
    for phone in (caretaker, landlord):
        phone.sync()
        assert deviation in phone.base
        seen = repr((phone.base, phone.reply))
        for hidden in (id, run, home, *under.values()):
            assert hidden not in seen
