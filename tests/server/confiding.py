"""Lets phones confide: a tenancy, a plan, a talk, and all that may hang on one; no expectation."""

from __future__ import annotations

from typing import Any

from server.shapes import Json
from sync.mutation import one_per_id, review_id
from tests.makers import World, new_id, visit
from tests.photos import attachment
from tests.server import lane
from tests.server.phone import Phone
from tests.server.situations import status


def made(phone: Phone, kind: str, id: str, body: dict[str, Json]) -> str:
    """Let a phone make a record; it must be taken."""
    (result,) = phone.sync(phone.write(kind, id, body))
    assert result["state"] == "applied", result
    return id


def tenancy(office: Phone, world: World, *team: Phone) -> str:
    """Make a tenancy that some follow up, and let their phones know it."""
    named: dict[str, Json] = {f"team/{phone.user}": True for phone in team}
    body = {"dwelling": world.dwelling, "started_on": "2026-11-01", **named}
    id = made(office, "tenancy", new_id(), body)
    for phone in team:
        phone.sync()
    return id


def planned_by(phone: Phone, world: World, *visitors: Phone, **more: Json) -> str:
    """Plan a visit."""
    named: dict[str, Json] = {f"visitors/{each.user}": True for each in visitors}
    body = {"dwelling": world.dwelling, "planned_on": "2026-11-23", **named, **more}
    return made(phone, "planned_visit", new_id(), body)


def sent_in(phone: Phone) -> tuple[str, dict[str, Json]]:
    """Give the id and the body of a visit that was sent in."""
    id, body = visit()
    return id, {**body, "status": status(phone, "submitted")}


def talk_sent_in(phone: Phone, world: World, id: str | None = None, **more: Json) -> str:
    """Let a phone send in what was said."""
    body: dict[str, Any] = {"dwelling": world.dwelling, "summary": "Fortrolig", **more}
    return made(
        phone, "conversation", id or new_id(), {**body, "status": status(phone, "submitted")}
    )


def under_a_tenancy(kari: Phone, office: Phone, world: World) -> tuple[str, dict[str, str]]:
    """Follow up a tenancy, and give it with all that hangs on it, by name."""
    home = tenancy(office, world, kari)
    planned = planned_by(kari, world, kari, tenancy=home)
    id, body = visit(planned)
    made(kari, "visit", id, {**body, "status": status(kari, "submitted")})
    talk = talk_sent_in(kari, world, visit=id, tenancy=home)
    draft = made(
        kari,
        "conversation",
        new_id(),
        {"dwelling": world.dwelling, "tenancy": home, "summary": "x"},
    )
    under = {
        "tenancy": home,
        "talk": talk,
        "draft": draft,
        "talk without tenancy": talk_sent_in(kari, world, one_per_id("x", [id]), visit=id),
        "addendum": made(kari, "addendum", new_id(), {"record": talk, "words": "Fortrolig"}),
        "addendum to the tenancy": made(
            kari, "addendum", new_id(), {"record": home, "words": "Fortrolig"}
        ),
        "photo": made(kari, "attachment", new_id(), attachment(talk, lane.PHOTO)),
    }
    mine = kari.edit(talk, summary="Mitt svar")
    office.sync()
    office.sync(office.edit(talk, summary="Kontorets svar"))
    assert kari.sync(mine)[0]["state"] == "review"
    under["review"] = review_id(talk, "summary", kari.replica)
    assert set(under.values()) <= kari.base.keys()
    return home, under
