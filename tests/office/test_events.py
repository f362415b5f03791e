"""Arrangement: planned, counted, paid for, minuted, and what of it the board may have."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.database import Database
from server.demo.municipality import NORTH, STAFF, company_id
from server.office.board_copy import SHAREABLE
from server.office.members import TOO_FEW
from server.planning.calendar import day_of
from server.records import REGISTRY
from tests.office.conftest import Enter
from tests.office.folders import body_of, written
from tests.office.test_inbox import sent_in
from tests.office.test_neighbourhoods import canaries
from tests.office.test_pages import ids

TODAY = day_of(datetime.now(UTC))
KARI, OLA = STAFF["kari"].id, STAFF["ola"].id
COMPANY = company_id("Måkesvingen borettslag")
OURS = "Mange snakket om naboen i andre."
THEIRS = "Vi møtes igjen i mars."


def day(days: int) -> str:
    """Give a day so many days from now."""
    return (TODAY + timedelta(days=days)).isoformat()


def an_event(database: Database, **more: Any) -> str:
    """Let Kari write an event."""
    about = {"area": NORTH, "type": "dugnad", "name": "Vårdugnad", "held_on": day(-5)}
    return written(database, "event", {**about, **more})


def test_an_event_is_planned_with_risks_tasks_and_companies(
    enter: Enter, database: Database
) -> None:
    """One form: the plan, the points that make it safe, who does what, and who is with us."""
    ingrid = enter("ingrid")
    form = ingrid.open("/office/new/event").form("Lagre")
    task = next(name for name in form.fields if name.startswith("tasks/"))
    typed = {
        "area": NORTH,
        "type": "dugnad",
        "name": "Vårdugnad",
        "held_on": day(20),
        "budget": "4000",
        "risks/DUGNAD-02": "ok",
        task: "Hente container",
        f"companies/{COMPANY}": "true",
        f"who/{OLA}": "true",
    }
    page = ingrid.send(form, typed=typed)
    (event,) = ids(database, "event")
    body = body_of(database, event)
    assert body["risks/DUGNAD-02"] == "ok" and body[task] == "Hente container"
    assert body[f"companies/{COMPANY}"] is True and body["budget"] == 4000
    assert "Måkesvingen borettslag" in page.words and "Farene er vurdert" in page.words
    assert f"/office/folders/{event}" in ingrid.open("/office/events").links
    assert f"/office/folders/{event}" in ingrid.open(f"/office/folders/{COMPANY}").html


@pytest.mark.parametrize(
    ("type", "asked"),
    [
        ("dugnad", {"risks/DUGNAD-02"}),
        ("summer_festival", {"risks/DUGNAD-02"}),
        ("residents_meeting", {"checks/BEBOERMOTE-04"}),
        ("safety_walk", set()),
    ],
)
def test_an_event_is_asked_the_points_of_its_own_list(
    type: str, asked: set[str], enter: Enter, database: Database
) -> None:
    """Before it is said what it is, both lists stand there; what was answered is never hidden."""
    ingrid = enter("ingrid")

    def drawn(path: str) -> set[str]:
        html, both = ingrid.open(path).html, ("risks/DUGNAD-02", "checks/BEBOERMOTE-04")
        return {name for name in both if f'name="{name}"' in html}

    assert drawn("/office/new/event") == {"risks/DUGNAD-02", "checks/BEBOERMOTE-04"}
    event = an_event(database, type=type)
    edit = f"/office/records/{event}/edit"
    assert drawn(edit) == asked
    written(database, "event", {"checks/BEBOERMOTE-01": "done"}, id=event)
    assert drawn(edit) == {*asked, "checks/BEBOERMOTE-04"}


def test_a_finding_has_what_residents_say_on_a_walk_and_its_last_point(
    enter: Enter, database: Database
) -> None:
    """What it is about, what is good, what they propose; and that somebody answers them."""
    walk, ingrid = an_event(database, type="safety_walk"), enter("ingrid")
    form = ingrid.open(f"/office/new/finding?event={walk}").form("Lagre")
    said = {"meet": "Undergangen", "words": "Mørkt.", "topic": "safety"}
    said |= {"good": "Nye benker.", "proposal": "Mer lys.", "checks/TRYGG-06": "done"}
    ingrid.send(form, typed=said)
    (finding,) = ids(database, "finding")
    assert said.items() <= body_of(database, finding).items()


def test_who_came_is_added_up_and_money_is_held_against_the_budget(
    enter: Enter, database: Database
) -> None:
    """Two who counted add up; a few faces are shown to nobody."""
    counted = {f"heads/{KARI}-adult": 12, f"heads/{OLA}-adult": 3, f"heads/{KARI}-child": 5}
    money = {"budget": 5000, "spent": 6000, "invited": 40}
    held = {"handling": {"state": "held", "by": KARI, "at": "2026-11-23T08:00:00.000Z"}}
    event = an_event(database, **counted, **money, **held, **{f"faces/{KARI}-happy": 4})
    page = enter("kari").open(f"/office/folders/{event}")
    assert "Voksne 15, Barn 5" in page.words and "20 på 40 inviterte husstander" in page.words
    assert "Over budsjettet 1000 kr" in page.words and "300 kr" in page.words
    lise = enter("lise")
    views = [f"/office/folders/{event}", f"/office/records/{event}"]
    for view in views:
        page = lise.open(view)
        assert TOO_FEW in page.words and "Bra 4" not in page.words and "Bra: 4" not in page.words
        assert not re.search(r"\b4\b", page.words), view
    report = f"/office/reports/events?period={day(-5)[:4]}"
    assert "Midt på treet" not in lise.open(report).words
    written(database, "event", {f"faces/{OLA}-sad": 1}, id=event, login="ola")
    assert "Bra 4, Ikke bra 1" in enter("kari").open(f"/office/folders/{event}").words
    assert "Bra 4 Midt på treet 0 Ikke bra 1" in lise.open(report).words


def test_the_board_gets_the_shareable_minutes_alone(enter: Enter, database: Database) -> None:
    """One button marks them and shows what is printed; before it there is no such page."""
    held = {"handling": {"state": "held", "by": KARI, "at": "2026-11-23T08:00:00.000Z"}}
    event = an_event(database, shared_minutes=THEIRS, minutes_due_on=day(-1), **held)
    sent_in(database, "event_minutes", {"event": event, "words": OURS})
    kari = enter("kari")
    folder = kari.open(f"/office/folders/{event}")
    assert OURS in folder.words and "Over fristen" in folder.words
    assert kari.open(f"/office/shared/{event}").status == 404
    for _ in range(2):
        page = kari.send(folder.form("Del med styret"))
    assert page.status == 200 and THEIRS in page.words and OURS not in page.words
    assert body_of(database, event)["minutes_shared_on"] == TODAY.isoformat()
    assert "Over fristen" not in kari.open(f"/office/folders/{event}").words
    assert enter("eva").open(f"/office/shared/{event}").status == 404


def test_nothing_is_shared_unread(enter: Enter, database: Database) -> None:
    """An empty text is not shared, and neither is one that was changed since."""
    event, kari = an_event(database, shared_minutes=THEIRS), enter("kari")
    form = kari.open(f"/office/folders/{event}").form("Del med styret")
    written(database, "event", {"shared_minutes": "Noe annet."}, id=event, login="ola")
    page = kari.send(form)
    assert page.status == 409 and "Ingenting er delt." in page.words
    written(database, "event", {"shared_minutes": None}, id=event, login="ola")
    assert kari.send(form).status == 422
    assert "minutes_shared_on" not in body_of(database, event)


@pytest.mark.parametrize("kind", SHAREABLE)
def test_only_the_fields_of_the_list_reach_a_board(
    kind: str, enter: Enter, database: Database
) -> None:
    """A word of its own in every text of the record; those outside the list are not printed."""
    shareable, spec = SHAREABLE[kind], REGISTRY[kind]
    on = {
        name: day(-2)
        for name, field in spec.fields.items()
        if field.shape.control == "day" and field.required
    }
    where = {"area": NORTH, "type": "dugnad"} if "area" in spec.fields else {}
    body = {**where, **on, **canaries(spec), shareable.on: day(-1)}
    if "housing_company" in spec.fields:
        body["housing_company"] = COMPANY
    made = written(database, kind, body, login="ingrid")
    page = enter("ingrid").open(f"/office/shared/{made}")
    for path, word in canaries(spec).items():
        listed = path in (shareable.words, *shareable.along)
        assert (word in page.words) == listed, path


@pytest.mark.parametrize(("login", "reads"), [("kari", True), ("ola", False), ("eva", False)])
def test_internal_minutes_are_the_field_staffs(
    login: str, reads: bool, enter: Enter, database: Database
) -> None:
    """The caretaker and the landlord see the event, and no word of what was said for us."""
    event = an_event(database)
    sent_in(database, "event_minutes", {"event": event, "words": OURS})
    page = enter(login).open(f"/office/folders/{event}")
    assert page.status == 200 and (OURS in page.words) == reads


def test_internal_minutes_are_written_once_for_an_event(enter: Enter, database: Database) -> None:
    """The second who would write them finds those that are there."""
    event, kari = an_event(database), enter("kari")
    folder = kari.open(f"/office/folders/{event}")
    link = next(link for link in folder.links if "/new/event_minutes" in link)
    page = kari.send(kari.open(link).form("Lagre"), typed={"words": OURS})
    assert OURS in page.words
    again = kari.open(link)
    assert again.form("Lagre").action.endswith("/edit") and len(ids(database, "event_minutes")) == 1


def test_a_walk_has_its_findings(enter: Enter, database: Database) -> None:
    """A finding is written on the walk's page and its handling moved there."""
    walk, ola = an_event(database, type="safety_walk", name="I mørket"), enter("ola")
    folder = ola.open(f"/office/folders/{walk}")
    new = ola.open(next(link for link in folder.links if "/new/finding" in link))
    page = ola.send(new.form("Lagre"), typed={"meet": "Undergangen", "words": "Lyset er borte."})
    (finding,) = ids(database, "finding")
    assert "Undergangen" in page.words
    (step,) = [form for form in page.forms if form.action.endswith(f"/steps/{finding}")]
    ola.send(step, typed={"state": "done", "words": "Ny pære."})
    assert body_of(database, finding)["handling"]["state"] == "done"
