"""The situations of a working day, laid out by pushing them as their people would.

What is expected of each stands in tests/visibility.csv; nothing here knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from server.shapes import Json
from tests.makers import World, example, new_id, visit
from tests.server.phone import Phone

AT = "2026-11-23T08:00:00.000Z"
Put = Callable[..., str]
"""`put(kind, situation, id, body, state, by=role)` pushes a record and gives its id."""


def status(phone: Phone, state: str) -> dict[str, Json]:
    """Give a status as a phone writes it."""
    return {"state": state, "by": phone.user, "at": AT}


def lay_out_day(put: Put, phones: Mapping[str, Phone], world: World) -> None:
    """Lay out houses, tenancies, work and what is said in confidence."""
    _houses(put, world)
    ended = _tenancies(put, phones, world)
    _work(put, phones, world)
    _confidences(put, phones, world)
    office = phones["office"]
    office.sync()
    for tenancy in ended:
        assert office.sync(office.edit(tenancy, ended=True))[0]["state"] == "applied"


def _houses(put: Put, world: World) -> None:
    home = {"area": world.east, "address": "Storgata 12"}
    put("building", "in the area", new_id(), home)
    body = example("housing_company", area=world.east)
    company = put("housing_company", "in the area", new_id(), body, by="office")
    put(
        "contact",
        "of a housing company",
        new_id(),
        {"housing_company": company, "name": "Styreleder Eksempel"},
        by="office",
    )
    put("checklist", "any", new_id(), example("checklist"), by="leader")


def _tenancy(put: Put, world: World, situation: str, *team: Phone) -> str:
    body = {"dwelling": world.dwelling, "started_on": "2026-11-01"}
    names = {f"team/{phone.user}": True for phone in team}
    return put("tenancy", situation, new_id(), {**body, **names}, by="office")


def _tenancies(put: Put, phones: Mapping[str, Phone], world: World) -> list[str]:
    """Make one that is followed up and two that will end, and what hangs on them."""
    author = phones["author"]
    open_one = _tenancy(put, world, "followed up by the author", author)
    ended = _tenancy(put, world, "ended", author)
    for situation, tenancy in (
        ("of a tenancy the author follows up", open_one),
        ("of a tenancy that has ended", ended),
    ):
        body = {"tenancy": tenancy, "name": "Leietaker Eksempel"}
        put("contact", situation, new_id(), body, by="office")
    author.sync()
    talk = example("conversation", visit=None, dwelling=world.dwelling, tenancy=ended)
    put("conversation", "of a tenancy that has ended", new_id(), talk, "submitted")
    return [ended]


def _work(put: Put, phones: Mapping[str, Phone], world: World) -> None:
    author = phones["author"]
    for situation, state in (("draft", ""), ("sent in", "submitted"), ("approved", "submitted")):
        alert = example("safety_alert", dwelling=world.dwelling)
        made = put("safety_alert", situation, new_id(), alert, state)
    leader = phones["leader"]
    leader.sync()
    step = leader.edit(made, status=status(leader, "approved"))
    assert leader.sync(step)[0]["state"] == "applied"
    who = {f"who/{author.user}": True}
    walk = {"area": world.east, "checklist": "HMSFELLES", "planned_on": "2026-11-23"}
    walked = put("round", "walked by the author", new_id(), {**walk, **who})
    run = {"checklist": "HMSFELLES", "subject": "building", "answers/HMSFELLES-01": "ok"}
    put("checklist_run", "of a round", new_id(), {**run, "round": walked}, "submitted")
    for situation, state in (("draft", ""), ("sent in", "submitted")):
        fault = example("deviation", building=None, dwelling=world.dwelling)
        put("deviation", situation, new_id(), fault, state)
    job = {"dwelling": world.dwelling, "words": "Tett sluk.", "due_on": "2026-11-23"}
    put("assignment", "taken by the author", new_id(), {**job, **who})


def _confidences(put: Put, phones: Mapping[str, Phone], world: World) -> None:
    """Put down what hangs on a visit, with and without a tenancy that both follow up."""
    author, colleague = phones["author"], phones["colleague"]
    both = _tenancy(put, world, "followed up by both", author, colleague)
    author.sync()
    at = put("visit", "with parts", *visit(), state="submitted")
    here: dict[str, Json] = {"visit": at, "dwelling": world.dwelling}
    run = example("checklist_run", **here)
    of_building = {**run, "subject": "building"}
    put("checklist_run", "about the building on a visit", new_id(), of_building, "submitted")
    confided = {**run, "subject": "tenancy", "tenancy": both}
    situation = "about a tenancy that both follow up"
    put("checklist_run", situation, new_id(), confided, "submitted")
    agreed = example("agreement", **here)
    put("agreement", "draft", new_id(), agreed)
    shared = {**agreed, "tenancy": both}
    put("agreement", "with a tenancy that both follow up", new_id(), shared, "submitted")
    put("assistance", "sent in", new_id(), example("assistance", **here), "submitted")
    asked = example("assistance_request", **here)
    put("assistance_request", "sent in", new_id(), asked, "submitted")
