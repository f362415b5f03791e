"""Forms drawn by the declarations: any kind opens or is missing, is refused in words, and holds."""

from __future__ import annotations

from typing import Any

import pytest

from server.database import Database
from server.demo.municipality import NORTH, STAFF, company_id, homes
from server.records import REGISTRY
from tests.office.conftest import Enter
from tests.office.folders import body_of, written
from tests.office.test_cases import a_complaint
from tests.office.test_decisions import push
from tests.office.test_events import an_event, day
from tests.office.test_pages import ids

HOME = next(home for home in homes() if home.area == NORTH)
KARI, OLA = STAFF["kari"].id, STAFF["ola"].id


@pytest.mark.parametrize("kind", REGISTRY)
def test_a_new_record_of_any_kind_opens_or_is_missing(
    kind: str, enter: Enter, database: Database
) -> None:
    """What is sent empty is asked for or simply made; nothing is a fault of ours."""
    lise, before = enter("lise"), len(ids(database, kind))
    page = lise.open(f"/office/new/{kind}")
    assert page.status in (200, 404)
    if page.status == 200:
        sent = lise.send(page.form("Lagre"))
        needs = any(field.required and not field.server for field in REGISTRY[kind].fields.values())
        assert sent.status == (422 if needs and len(ids(database, kind)) == before else 200)


@pytest.mark.parametrize("kind", ["nothing", "review", "receipt", "attachment"])
def test_what_is_no_kind_of_the_offices_is_missing(kind: str, enter: Enter) -> None:
    """Nor is what the server alone makes, or what hangs on something that was not given."""
    assert enter("lise").open(f"/office/new/{kind}").status == 404


@pytest.mark.parametrize("given", ["case=nonsense", "party=018f2c5e-0000-7000-8000-0000000000ff"])
def test_what_it_hangs_on_must_be_the_readers_to_see(given: str, enter: Enter) -> None:
    """A made-up id and a forbidden one are missing alike."""
    assert enter("lise").open(f"/office/new/party_talk?{given}").status == 404


def test_a_reference_of_the_wrong_kind_is_missing(enter: Enter) -> None:
    """A home is no case."""
    assert enter("lise").open(f"/office/new/dialogue_meeting?case={HOME.id}").status == 404


def test_nothing_that_was_typed_is_lost_when_a_field_is_wrong(
    enter: Enter, database: Database
) -> None:
    """The sentence of the contract beside the field; every box, line and choice as it was."""
    kari = enter("kari")
    form = kari.open("/office/new/event").form("Lagre")
    task = next(name for name in form.fields if name.startswith("tasks/"))
    typed: dict[str, Any] = {
        "area": NORTH,
        "type": "dugnad",
        "name": "",
        "budget": "mye",
        "held_on": day(3),
        task: "Hente container",
        f"who/{OLA}": "true",
    }
    page = kari.send(form, typed=typed)
    assert page.status == 422 and "Skriv et helt tall." in page.words
    assert "Dette må fylles ut." in page.words
    again = page.form("Lagre")
    assert again.one(task) == "Hente container" and again.one("budget") == "mye"
    assert again.fields[f"who/{OLA}"] == ["true"]
    assert ids(database, "event") == []
    kari.send(again, typed={**typed, "name": "Dugnad", "budget": "900"})
    (event,) = ids(database, "event")
    assert body_of(database, event)[task] == "Hente container"


def test_the_same_form_twice_makes_one_record(enter: Enter, database: Database) -> None:
    """A second sending is the same record, whatever the network did."""
    kari = enter("kari")
    form = kari.open("/office/new/meeting_place").form("Lagre")
    for _ in range(2):
        kari.send(form, typed={"area": NORTH, "name": "Benken", "type": "bench"})
    assert len(ids(database, "meeting_place")) == 1


def test_a_set_is_corrected_by_its_boxes(enter: Enter, database: Database) -> None:
    """A box that is emptied takes its member out; the others stand, and so do those not offered."""
    event = an_event(database, **{f"who/{OLA}": True, f"who/{KARI}": True})
    kari = enter("kari")
    form = kari.open(f"/office/records/{event}/edit").form("Lagre")
    assert form.fields[f"who/{OLA}"] == ["true"]
    del form.fields[f"who/{OLA}"]
    kari.send(form)
    body = body_of(database, event)
    assert f"who/{OLA}" not in body and body[f"who/{KARI}"] is True


def test_two_who_correct_the_same_line_are_asked(enter: Enter, database: Database) -> None:
    """Each line of a list is judged by itself."""
    task = "tasks/018f2c5e-0000-7000-8000-0000000000aa"
    event, kari = an_event(database, **{task: "Rake"}), enter("kari")
    form = kari.open(f"/office/records/{event}/edit").form("Lagre")
    push(database, "lise", "event", event, {task: "Rake løv"})
    page = kari.send(form, typed={task: "Rake og bære"})
    assert page.status == 409 and "Begge svar er tatt vare på" in page.words
    assert body_of(database, event)[task] == "Rake løv"


def test_a_name_that_the_form_uses_itself_can_be_a_field(enter: Enter, database: Database) -> None:
    """A company's form is its own, and not the form that was sent."""
    ingrid, company = enter("ingrid"), company_id("Måkesvingen borettslag")
    form = ingrid.open(f"/office/records/{company}/edit").form("Lagre")
    assert ingrid.send(form, typed={"field|form": "condominium"}).status == 200
    assert body_of(database, company)["form"] == "condominium"


def test_who_is_named_alone_may_correct_what_they_are_named_in(
    enter: Enter, database: Database
) -> None:
    """Kari is in the team and corrects the case; the office is not, and has no such page."""
    about = {"area": NORTH, "title": "Bråk", "opened_on": day(-2), f"team/{KARI}": True}
    case = written(database, "conflict_case", about)
    form = enter("kari").open(f"/office/records/{case}/edit").form("Lagre")
    assert form.action.endswith(f"{case}/edit")
    assert enter("ingrid").open(f"/office/records/{case}/edit").status == 404


def test_what_was_sent_in_is_its_authors_until_it_closes(enter: Enter, database: Database) -> None:
    """Others are offered what lasts alone: the answer to a complaint, never its words."""
    complaint = a_complaint(database)
    own = enter("kari").open(f"/office/records/{complaint}/edit").form("Lagre").fields
    others = enter("ingrid").open(f"/office/records/{complaint}/edit").form("Lagre").fields
    assert "words" in own and "words" not in others
    assert "acknowledged_on" in own and "acknowledged_on" in others
