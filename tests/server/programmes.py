"""The situations of the programmes, laid out by pushing them as their people would.

What is expected of each stands in tests/visibility.csv; nothing here knows it.
"""

from __future__ import annotations

from collections.abc import Mapping

from server.shapes import Json
from tests.makers import World, example, new_id
from tests.server.phone import Phone
from tests.server.situations import Put

Known = Mapping[tuple[str, str], str]
"""What was laid out before, by kind and situation."""
BOTH = "of a tenancy that both follow up"


def lay_out_programmes(put: Put, phones: Mapping[str, Phone], world: World, known: Known) -> None:
    """Lay out sites, cases, events, plans and what keeps staff safe."""
    follow_up = phones["follow_up"].user
    here: dict[str, Json] = {"dwelling": world.dwelling, "started_on": "2026-11-01"}
    named = {**here, f"team/{follow_up}": True}
    put("tenancy", "followed up by the follow-up worker", new_id(), named, by="office")
    plan = {"dwelling": world.dwelling, "planned_on": "2026-11-24", f"visitors/{follow_up}": True}
    put("planned_visit", "with the follow-up worker as visitor", new_id(), plan)
    _open(put, world, known)
    _conflict(put, phones, world)
    _households(put, phones, world)
    _housing_first(put, phones, world)
    _staff(put, phones, world)


def _open(put: Put, world: World, known: Known) -> None:
    """Put down what all who work in the area may know."""

    def whole(kind: str, situation: str, by: str = "author", **refs: Json) -> str:
        body = {path: value for path, value in example(kind).items() if "/" not in path}
        spared = {name: None for name in ("building", "dwelling", "event", "site") if name in body}
        given = {"area": world.east} if "area" in body or not refs else {}
        return put(kind, situation, new_id(), {**body, **spared, **given, **refs}, by=by)

    site = whole("programme_site", "in the area", by="office")
    whole("site_figures", "in the area", by="office", site=site)
    whole("learning", "of a site", site=site)
    whole("access_notice", "before a visit", dwelling=world.dwelling)
    walk = whole("event", "in the area")
    whole("finding", "of a walk", event=walk)
    for situation, state in (("draft", ""), ("sent in", "submitted")):
        at = walk if state else put("event", "another", new_id(), _walk(world))
        body = {"event": at, "words": "Mange snakket om bråk."}
        put("event_minutes", situation, new_id(), body, state)
    company = known["housing_company", "in the area"]
    whole("cooperation_agreement", "with a company", by="office", housing_company=company)
    whole("cooperation_log", "with a company", housing_company=company)
    for kind in ("neighbourhood", "meeting_place", "resident_input", "measure", "activity"):
        whole(kind, "in the area")
    whole("key_handover", "in the area", dwelling=world.dwelling)
    whole("fidelity_assessment", "in the area")


def _walk(world: World) -> dict[str, Json]:
    return {"area": world.east, "type": "dugnad", "name": "Dugnad", "held_on": "2026-11-20"}


def _conflict(put: Put, phones: Mapping[str, Phone], world: World) -> None:
    author, colleague = phones["author"], phones["colleague"]

    def case(situation: str, *team: Phone) -> str:
        body: dict[str, Json] = {"area": world.east, "title": "Bråk", "opened_on": "2026-11-02"}
        names = {f"team/{phone.user}": True for phone in team}
        return put("conflict_case", situation, new_id(), {**body, **names})

    case("of the author", author)
    both = case("of both", author, colleague)
    said = {**example("complaint", building=None), "dwelling": world.dwelling}
    for situation, state, at in (
        ("draft", "", None),
        ("sent in, no case yet", "submitted", None),
        ("taken by a case of both", "submitted", both),
    ):
        put("complaint", situation, new_id(), {**said, "case": at}, state)
    body = {"case": both, "side": "a", "name": "Part A", f"team/{author.user}": True}
    party = put("case_party", "talked with by the author, in a case of both", new_id(), body)
    for situation, state in (("draft", ""), ("by the author, in a case of both", "submitted")):
        put("party_talk", situation, new_id(), example("party_talk", party=party), state)
    for kind in ("dialogue_meeting", "conflict_agreement"):
        put(kind, "in a case of both", new_id(), example(kind, case=both))


def _households(put: Put, phones: Mapping[str, Phone], world: World) -> None:
    """Put down what hangs on a tenancy that the author and a colleague follow up."""
    author, office = phones["author"], phones["office"]
    names = {f"team/{phones[role].user}": True for role in ("author", "colleague")}
    body: dict[str, Json] = {"dwelling": world.dwelling, "started_on": "2026-11-01"}
    shared = put("tenancy", "of a plan", new_id(), {**body, **names}, by="office")
    gone = put("tenancy", "of an old plan", new_id(), {**body, **names}, by="office")
    author.sync()
    for kind in ("follow_up_plan", "offer", "referral", "housing_need", "arrears_case"):
        there = example(kind, dwelling=world.dwelling, tenancy=shared)
        plan = put(kind, BOTH, new_id(), there)
        if kind == "follow_up_plan":
            for situation, state in (("draft", ""), (BOTH, "submitted")):
                looked = example("evaluation", dwelling=world.dwelling, tenancy=shared, plan=plan)
                put("evaluation", situation, new_id(), looked, state)
            old = example(kind, dwelling=world.dwelling, tenancy=gone)
            put(kind, "of a tenancy that has ended", new_id(), old)
    office.sync()
    assert office.sync(office.edit(gone, ended=True))[0]["state"] == "applied"


def _housing_first(put: Put, phones: Mapping[str, Phone], world: World) -> None:
    for by, situation in (
        ("author", "followed up by the author"),
        ("follow_up", "followed up by the follow-up worker"),
    ):
        body = {"area": world.east, "label": "HF-01", "joined_on": "2026-05-02"}
        own = {**body, f"team/{phones[by].user}": True}
        taking_part = put("hf_participant", situation, new_id(), own, by=by)
        for kind in ("hf_contact", "hf_housing_event"):
            there = example(kind, participant=taking_part)
            here = {**there, "dwelling": world.dwelling} if "dwelling" in there else there
            put(kind, situation, new_id(), here, by=by)


def _staff(put: Put, phones: Mapping[str, Phone], world: World) -> None:
    author = phones["author"].user
    alone = example("check_in", area=world.east, dwelling=world.dwelling, who=author)
    put("check_in", "of the author", new_id(), alone)
    for situation, state in (("draft", ""), ("sent in", "submitted")):
        put(
            "staff_incident", situation, new_id(), example("staff_incident", area=world.east), state
        )
    number = example("emergency_number")
    put("emergency_number", "everywhere", new_id(), number, by="leader")
    put("emergency_number", "in the area", new_id(), {**number, "area": world.east}, by="leader")
    away = example("absence", area=world.east, colleague=author)
    put("absence", "of the author", new_id(), away, by="office")
