"""What must hold for somebody tired: without coverage, in the wrong home, with a bad clock."""

from __future__ import annotations

from flask import Flask

from server import people
from server.config import Settings
from server.database import Database
from server.photos.attachments import Upload
from server.records.record import Gone
from server.roles import Role
from server.shapes import Json
from sync.mutation import one_per_id, receipt_id
from tests.makers import NOW, USERS, World, example, new_id, visit
from tests.server import lane
from tests.server.confiding import made, sent_in
from tests.server.phone import Phone
from tests.server.situations import status


def test_a_draft_in_the_wrong_home_is_moved_to_the_right_one_in_another_area(
    app: Flask, database: Database, world: World
) -> None:
    with database.writing() as session:
        people.grant(session, new_id(), USERS["kari"], Role.BOMILJO, world.west)
    kari = Phone(app, "kari")
    kari.sync()
    for kind in ("deviation", "visit"):
        body = example(
            kind, dwelling=world.dwelling, building=None, planned_visit=None, status=None
        )
        id = made(kari, kind, new_id(), body)
        assert kari.sync(kari.edit(id, dwelling=world.dwelling_west))[0]["state"] == "applied"
        kari.sync(kari.edit(id, status=status(kari, "submitted")))
        told = kari.sync(kari.edit(id, dwelling=world.dwelling))[0]
        assert (told["state"], told["reason"]) == ("held", "access")


def test_a_note_about_a_home_that_was_deleted_is_kept(
    kari: Phone, office: Phone, world: World
) -> None:
    office.sync(office.mark(world.dwelling, "delete"))
    note = kari.write("conversation", new_id(), {"dwelling": world.dwelling, "summary": "Kom"})
    assert kari.sync(note)[0]["reason"] == "ref"
    office.sync(), kari.sync()
    for phone in (office, kari):
        assert phone.body(receipt_id(note["mid"]))["set"]["summary"] == "Kom"


def test_a_job_done_by_two_offline_keeps_both_answers(
    app: Flask, kari: Phone, world: World
) -> None:
    caretaker = Phone(app, "ola")
    body: dict[str, Json] = {"dwelling": world.dwelling, "words": "Tett sluk."}
    id = made(kari, "assignment", new_id(), body)
    caretaker.sync()
    hers, his = kari.edit(id, result="Skiftet"), caretaker.edit(id, result="Renset")
    kari.sync(hers)
    told = caretaker.sync(his)[0]
    assert told["state"] == "review"
    assert caretaker.body(told["reviews"][0])["value"] == "Renset"


def test_a_clock_in_2040_loses_nothing(kari: Phone, world: World) -> None:
    at = "2040-01-01T00:00:00.000Z"
    late = kari.write("visit", *visit(), happened_at=at, captured_at=at)
    assert kari.sync(late)[0]["state"] == "applied"


def test_a_record_grows_by_small_steps_as_far_as_every_phone_can_carry_it(
    kari: Phone, amir: Phone, world: World
) -> None:
    id = made(kari, "visit", *sent_in(kari))
    run = {"visit": id, "dwelling": world.dwelling, "checklist": "NYVRI1", "subject": "dwelling"}
    run_id = one_per_id("checklist_run", [id, "NYVRI1", "dwelling"])
    made(kari, "checklist_run", run_id, {**run, "status": status(kari, "submitted")})
    states = []
    for _ in range(4):
        values = {f"remarks/{new_id()}": "ae" * 500 for _ in range(100)}
        (told,) = kari.sync(kari.edit_paths(run_id, values))
        states.append((told["state"], told.get("reason")))
    assert states == [("applied", None)] * 2 + [("held", "invalid")] * 2
    amir.sync()
    assert len(amir.body(run_id)) > 200


def test_a_key_of_javascripts_own_is_a_key_like_others(kari: Phone, world: World) -> None:
    id = made(kari, "visit", *sent_in(kari))
    run = {"visit": id, "dwelling": world.dwelling, "checklist": "NYVRI1", "subject": "dwelling"}
    body = {**run, "answers/__proto__": "ok", "answers/constructor": "ok"}
    told = kari.sync(kari.write("checklist_run", new_id(), body))[0]
    assert told["state"] == "held", told


def test_a_picture_that_comes_after_its_record_was_erased_is_let_go(
    kari: Phone, database: Database, settings: Settings
) -> None:
    id = new_id()
    with database.writing() as session:
        session.add(Gone(id=id, at=NOW))
    answer = lane.send(kari, id, lane.PHOTO)
    assert (answer.status_code, answer.headers["Upload-Complete"]) == (204, "?1")
    assert lane.on_disk(settings) == []
    with database.reading() as session:
        assert session.get(Upload, id) is None
