"""A name in a plan opens nothing that others wrote before it: only the office lets somebody in."""

from __future__ import annotations

import pytest

from server.database import Database
from server.intake import misplaced
from server.shapes import Json
from sync.mutation import one_per_id
from tests.makers import World, new_id, visit
from tests.server.confiding import made, planned_by, talk_sent_in, tenancy
from tests.server.phone import Phone
from tests.server.situations import status


def visited(kari: Phone, world: World, *visitors: Phone, **more: Json) -> tuple[str, str]:
    """Let Kari plan a visit and send it in; give the plan and the visit."""
    plan = planned_by(kari, world, kari, *visitors, **more)
    id, body = visit(plan)
    return plan, made(kari, "visit", id, {**body, "status": status(kari, "submitted")})


def talk_id(at: str) -> str:
    """Give the id of the one talk of a visit."""
    return one_per_id("conversation", [at])


@pytest.mark.parametrize("who", ["amir", "kari"])
def test_a_visitor_who_is_named_after_the_visit_reads_no_word_of_it(
    who: str, kari: Phone, amir: Phone, world: World, database: Database
) -> None:
    plan, at = visited(kari, world)
    talk = talk_sent_in(kari, world, talk_id(at), visit=at)
    amir.sync()
    by = {"amir": amir, "kari": kari}[who]
    named = by.edit_paths(plan, {f"visitors/{amir.user}": True})
    assert by.sync(named)[0]["state"] == "applied"
    amir.sync()
    assert talk not in amir.base
    with database.reading() as session:
        assert misplaced(session) == []


def test_nor_does_one_who_names_themselves_join_a_draft(
    kari: Phone, amir: Phone, world: World
) -> None:
    plan, at = visited(kari, world)
    words: dict[str, Json] = {"visit": at, "dwelling": world.dwelling}
    made(kari, "conversation", talk_id(at), {**words, "summary": "Fortrolig"})
    amir.sync()
    amir.sync(amir.edit_paths(plan, {f"visitors/{amir.user}": True}))
    told = amir.sync(amir.write("conversation", talk_id(at), {**words, f"notes/{new_id()}": "y"}))
    assert (told[0]["state"], told[0]["reason"]) == ("held", "access")
    assert talk_id(at) not in amir.base


def test_a_visit_pointed_at_another_plan_opens_nothing(
    kari: Phone, amir: Phone, world: World
) -> None:
    id, body = visit()
    at = made(kari, "visit", id, {**body, "status": status(kari, "submitted")})
    talk = talk_sent_in(kari, world, talk_id(at), visit=at)
    amir.sync()
    own = planned_by(amir, world, amir)
    assert amir.sync(amir.edit(at, planned_visit=own))[0]["state"] == "applied"
    assert talk not in amir.base


def test_a_plan_given_another_tenancy_after_the_visit_opens_nothing(
    kari: Phone, amir: Phone, office: Phone, world: World
) -> None:
    followed = tenancy(office, world, kari)
    plan, at = visited(kari, world, tenancy=followed)
    talk = talk_sent_in(kari, world, talk_id(at), visit=at)
    other = tenancy(office, world, amir)
    amir.sync()
    for change in (None, other):
        amir.sync(amir.edit(plan, tenancy=change))
        assert talk not in amir.base
    kari.sync()
    assert talk in kari.base


def test_the_office_lets_somebody_in_by_naming_them(
    kari: Phone, amir: Phone, office: Phone, world: World, database: Database
) -> None:
    plan, at = visited(kari, world)
    talk = talk_sent_in(kari, world, talk_id(at), visit=at)
    office.sync()
    office.sync(office.edit_paths(plan, {f"visitors/{amir.user}": True}))
    amir.sync()
    assert talk in amir.base
    kari.sync()
    kari.sync(kari.edit_paths(plan, {f"visitors/{amir.user}": None}))
    amir.sync()
    assert talk not in amir.base
    with database.reading() as session:
        assert misplaced(session) == []


def test_who_is_named_before_the_visit_is_begun_comes_along(
    kari: Phone, amir: Phone, world: World
) -> None:
    plan = planned_by(kari, world, kari)
    kari.sync(kari.edit_paths(plan, {f"visitors/{amir.user}": True}))
    id, body = visit(plan)
    made(kari, "visit", id, {**body, "status": status(kari, "submitted")})
    talk = talk_sent_in(kari, world, talk_id(id), visit=id)
    amir.sync()
    assert talk in amir.base


def test_nobody_writes_themselves_among_those_who_are_confided_in(
    kari: Phone, amir: Phone, world: World
) -> None:
    plan, _ = visited(kari, world)
    amir.sync()
    told = amir.sync(amir.edit_paths(plan, {f"confided/{amir.user}": True}))[0]
    assert (told["state"], told["reason"]) == ("held", "invalid")


def test_a_plan_is_taken_back_unseen_though_the_server_wrote_whom_it_confides_in(
    kari: Phone, world: World
) -> None:
    """Made and taken back without a network: what follows from one's own write is no change."""
    id, body = new_id(), {"dwelling": world.dwelling, "planned_on": "2026-11-30"}
    whole: dict[str, Json] = {**body, f"visitors/{kari.user}": True}
    first, last = kari.write("planned_visit", id, whole), kari.write("planned_visit", id, {})
    last |= {"op": "delete", "seen": {"*": {"seq": 0}}}
    assert [told["state"] for told in kari.sync(first, last)] == ["applied", "applied"]
    kari.sync()
    assert id not in kari.base
