"""Områder og innspill: what residents said, what came of it, and what is printed of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import people
from server.database import Database
from server.demo.municipality import NORTH, SOUTH, STAFF, homes
from server.office.said import PRINTED
from server.planning.calendar import day_of
from server.records import REGISTRY
from server.roles import Role
from server.shapes import Field
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.folders import anchor, body_of, written
from tests.office.test_pages import ids

HOME = next(home for home in homes() if home.area == NORTH)
TODAY = day_of(datetime.now(UTC))
KARI, OLA = STAFF["kari"].id, STAFF["ola"].id
RAW = "Hun i tredje roper hele natta."


def day(days: int) -> str:
    """Give a day so many days from now."""
    return (TODAY + timedelta(days=days)).isoformat()


def a_place(database: Database, login: str = "kari", **more: Any) -> str:
    """Let Kari make a neighbourhood of one building."""
    about = {"area": NORTH, "name": "Granbakken", f"buildings/{HOME.building}": True}
    return written(database, "neighbourhood", {**about, **more}, login=login)


def said(database: Database, place: str | None, **more: Any) -> str:
    """Let Kari write down what a resident said."""
    about = {"area": NORTH, "neighbourhood": place, "type": "challenge", "words": RAW}
    whole = {**about, "topic": "noise", "received_on": day(-10), **more}
    return written(
        database, "resident_input", {path: v for path, v in whole.items() if v is not None}
    )


def canaries(spec: Any) -> dict[str, Any]:
    """Give a body with a word of its own in every text, so that a leak says where it came from."""
    found: dict[str, Any] = {}
    for name, field in spec.fields.items():
        if is_words(field):
            key = "/018f2c5e-0000-7000-8000-0000000000cc" if field.keyed else ""
            found[f"{name}{key}"] = f"canary {spec.name} {name}"[: field.max]
    return found


def is_words(field: Field) -> bool:
    """Say whether anything at all can be written in a field."""
    return field.free_text and not field.server


def test_a_neighbourhood_is_worked_with_from_its_page(enter: Enter, database: Database) -> None:
    """A challenge, votes, a measure made of it with one link, its steps, and told on the page."""
    kari = enter("kari")
    form = kari.open("/office/new/neighbourhood").form("Lagre")
    assert '<option value="' + NORTH + '" selected>' in kari.open("/office/new/neighbourhood").html
    typed = {"name": "Granbakken", "area": NORTH, f"buildings/{HOME.building}": "true"}
    kari.send(form, typed=typed)
    (place,) = ids(database, "neighbourhood")
    folder = kari.open(f"/office/folders/{place}")
    new = kari.open(next(link for link in folder.links if "type=challenge" in link))
    page = kari.send(
        new.form("Lagre"), typed={"words": RAW, f"votes/{KARI}": "7", "topic": "noise"}
    )
    (one,) = ids(database, "resident_input")
    assert body_of(database, one)["type"] == "challenge" and "7 stemmer" in page.words
    written(database, "resident_input", {f"votes/{OLA}": 4}, id=one, login="ola")
    page = kari.open(f"/office/folders/{place}")
    assert "11 stemmer" in page.words
    make = kari.open(next(link for link in page.links if "/new/measure" in link))
    typed = {"name": "Stille etter 23", "led_by": "residents", "due_on": day(30)}
    page = kari.send(make.form("Lagre"), typed=typed)
    (measure,) = ids(database, "measure")
    body = body_of(database, measure)
    assert body[f"inputs/{one}"] is True and body["neighbourhood"] == place
    assert "Stille etter 23" in page.words and "Frist" in page.words
    steps = [f for f in page.forms if f.action.endswith(f"/steps/{measure}")]
    kari.send(steps[0], typed={"state": "done"})
    assert body_of(database, measure)["done_on"] == TODAY.isoformat()
    told = kari.open(f"/office/said/{place}")
    assert "Stille etter 23" in told.words and "gjort" in told.words


def test_a_count_of_an_older_phone_can_be_put_right_at_a_desk(
    enter: Enter, database: Database
) -> None:
    """A phone that is changed or lost leaves its line behind; whoever may correct, lowers it."""
    lost = f"votes/{OLA}.0000000000aa"
    one = said(database, a_place(database), **{lost: 40, f"votes/{OLA}": 4})
    kari = enter("kari")
    page = kari.open(f"/office/records/{one}/edit")
    for words in ("talt av Ola", "talt av Ola på telefonen"):
        assert words.replace("Ola", STAFF["ola"].name) in page.html
    kari.send(page.form("Lagre"), typed={lost: "14"})
    assert body_of(database, one)[lost] == 14 and body_of(database, one)[f"votes/{OLA}"] == 4


def test_what_is_printed_is_ours_and_names_nobody(enter: Enter, database: Database) -> None:
    """A resident's own words only when they may be shared; else our summary, else the topic."""
    place = a_place(database)
    said(database, place, answer="Vi har snakket med alle.", answered_on=day(-1))
    said(database, place, words="Fint med benker.", words_shareable=True, due_on=day(20))
    said(database, place, words="Per i første stjeler.", summary="Noe blir borte i boden.")
    page = enter("kari").open(f"/office/said/{place}")
    assert "Støy" in page.words and "Vi har snakket med alle." in page.words
    assert "«Fint med benker.»" in page.words and "Noe blir borte i boden." in page.words
    assert RAW not in page.words and "Per i første" not in page.words
    assert "Dere får svar innen" in page.words
    about = page.html.partition("<main")[2]
    assert STAFF["kari"].name not in about


def test_a_proposal_is_not_told_as_done(enter: Enter, database: Database) -> None:
    """What is only thought of stands among what we answer; once it is planned, we do it."""
    place = a_place(database)
    one = said(database, place, due_on=day(9))
    about = {"area": NORTH, "neighbourhood": place, "name": "Teppe i gangen"}
    measure = written(database, "measure", {**about, f"inputs/{one}": True})
    kari = enter("kari")
    page = kari.open(f"/office/said/{place}").words
    assert "Tenker på: Teppe i gangen" in page and "Dette har vi gjort" not in page
    planned = {"state": "planned", "by": KARI, "at": "2026-11-23T08:00:00.000Z"}
    written(database, "measure", {"handling": planned}, id=measure)
    page = kari.open(f"/office/said/{place}").words
    assert "Vi gjør: Teppe i gangen – planlagt" in page and "Dette svarer vi på" not in page


def test_every_other_field_stays_inside(enter: Enter, database: Database) -> None:
    """A word of its own is planted in every text: only those of the list come out."""
    place = a_place(database, words="canary neighbourhood words")
    one = said(database, place, **canaries(REGISTRY["resident_input"]))
    measure = {
        **canaries(REGISTRY["measure"]),
        "area": NORTH,
        "neighbourhood": place,
        f"inputs/{one}": True,
        "owner": KARI,
    }
    written(database, "measure", measure)
    page = enter("lise").open(f"/office/said/{place}")
    for kind in ("resident_input", "measure"):
        for path, word in canaries(REGISTRY[kind]).items():
            listed = path.partition("/")[0] in PRINTED[kind]
            # the place of it is told only where there is nothing better to say
            assert (word in page.words) == (listed and path != "meet"), path
    assert "canary neighbourhood words" not in page.words


@pytest.mark.parametrize("kind", PRINTED)
def test_what_may_be_printed_is_looked_at_when_a_kind_grows(kind: str) -> None:
    """The list names fields that there are, and no person and nothing special."""
    for name in PRINTED[kind]:
        field = REGISTRY[kind].fields[name]
        assert field.sensitive.value != "special" and field.shape.control != "user"


def test_an_input_becomes_a_challenge_by_one_button(enter: Enter, database: Database) -> None:
    """What was said at an event comes to the neighbourhood of its building."""
    place = a_place(database)
    far = written(database, "neighbourhood", {"area": NORTH, "name": "Annerledes"})
    event = written(
        database,
        "event",
        {"area": NORTH, "type": "residents_meeting", "name": "Møte", "held_on": day(-3)},
    )
    one = said(database, None, type="idea", event=event, building=HOME.building)
    kari = enter("kari")
    folder = kari.open(f"/office/folders/{event}")
    for _ in range(2):
        page = kari.send(folder.form("Gjør til utfordring i Granbakken"))
    body = body_of(database, one)
    assert (body["type"], body["neighbourhood"]) == ("challenge", place)
    assert body["words"] == RAW and anchor(one) in page.html
    assert anchor(one) not in kari.open(f"/office/folders/{far}").html


def test_answers_that_are_late_are_counted(enter: Enter, database: Database) -> None:
    """The list says how many wait, and how many have waited too long; an answer ends it."""
    place = a_place(database)
    late = said(database, place, due_on=day(-1))
    said(database, place, due_on=day(5))
    kari = enter("kari")
    assert "2 innspill uten svar" in kari.open("/office/neighbourhoods").words
    assert "1 svar over fristen" in kari.open("/office/neighbourhoods").words
    form = kari.open(f"/office/records/{late}/edit").form("Lagre")
    page = kari.send(form, typed={"answer": "Vi ordner det.", "answered_on": day(0)})
    assert anchor(late) in page.html
    words = kari.open("/office/neighbourhoods").words
    assert "1 innspill uten svar" in words and "over fristen" not in words


@pytest.mark.parametrize(
    ("login", "opens", "writes"),
    [("ola", True, True), ("eva", True, False), ("hege", True, True), ("admin", False, False)],
)
def test_the_landlord_reads_and_writes_nothing(
    login: str, opens: bool, writes: bool, enter: Enter, database: Database
) -> None:
    """All who work in the area find it; who may not write is offered nothing."""
    place = a_place(database)
    one = said(database, place, type="idea")
    reader = enter(login)
    page = reader.open(f"/office/folders/{place}")
    assert (page.status == 200) == opens
    assert any("/new/resident_input" in link for link in page.links) == writes
    assert page.has("Gjør til utfordring") == writes
    edit = reader.open(f"/office/records/{one}/edit")
    assert (edit.status == 200) == writes


def test_a_neighbourhood_is_made_by_who_works_there_and_offered_to_what_is_said_there(
    enter: Enter, database: Database
) -> None:
    """Ola is the landlord's here and works in the south: he is offered to make one there."""
    far = a_place(database, name="Måkesvingen", area=SOUTH, login="lise")
    near, loose = a_place(database), said(database, None, type="idea")
    page = enter("ingrid").open("/office/neighbourhoods")
    offered = [form.action for form in page.forms if f"/inputs/{loose}/" in form.action]
    assert any(near in action for action in offered)
    assert not any(far in action for action in offered)
    with database.writing() as session:
        people.withdraw(session, OLA)
        people.grant(session, new_id(), OLA, Role.LANDLORD, NORTH)
        people.grant(session, new_id(), OLA, Role.BOMILJO, SOUTH)
    for login, makes in (("eva", False), ("ola", True), ("kari", True)):
        page = enter(login).open("/office/neighbourhoods")
        assert page.status == 200
        assert any("/new/neighbourhood" in link for link in page.links) is makes, login
