"""The situations that the pages about access are asked in; it holds no expectation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from server import hand, openings, people
from server.database import Database
from server.keeping import insight, proposals
from server.keeping.archive.packages import ArchivePackage
from server.records.barrier import BARRIER
from server.roles import Role
from server.shapes import Json
from tests.makers import NOW, World, new_id

NEVER = new_id(0xDEAD)


def let_strangers_in(session: Session, users: Mapping[str, str], world: World) -> None:
    """Let in those whom the small world lacks."""
    for who, name, role, area in (
        ("elsewhere", "Siv Vest", Role.BOMILJO, world.west),
        ("follow_up", "Hege Sund", Role.FOLLOW_UP, world.east),
        ("privacy", "Per Vern", Role.PRIVACY, None),
        ("outsider", "Ingen Adgang", None, None),
    ):
        people.add_user(session, users[who], name, NOW)
        if role is not None:
            people.grant(session, new_id(), users[who], role, area)


def lay_out_trust(
    ids: dict[tuple[str, str], str], session: Session, users: Mapping[str, str], world: World
) -> None:
    """Let the author have opened a home, long ago, let another system have a token, and let a
    package wait for the archive.
    """
    package = ids["package", "standing"] = new_id()
    session.add(ArchivePackage(id=package, made_at=NOW, by="cli:test", manifest="0" * 64))
    ids["package", "never"] = NEVER
    opened = openings.open_home(
        session, users["author"], world.dwelling, world.east, "Prøvd i matrisa", NOW
    )
    ids["opening", "own"], ids["opening", "never"] = opened.id, NEVER
    proposals.propose(
        session, "planned_visit", {"years": "3"}, users["privacy"], NOW, reason="Rutine", after=0
    )
    waits = proposals.waiting(session)["planned_visit"]
    ids["proposal", "standing"], ids["proposal", "never"] = waits.id, NEVER
    year = NOW + timedelta(days=365)
    token, ids["secret", "known"] = people.make_token(
        session,
        "FDV",
        people.IMPORTS_AS,
        None,
        ["deviation"],
        imports=True,
        by=users["admin"],
        expires_at=year,
        now=NOW,
    )
    ids["token", "known"], ids["token", "never"] = token.id, NEVER


def lay_out_insights(
    ids: dict[tuple[str, str], str], database: Database, users: Mapping[str, str]
) -> None:
    """Let the leader have prepared requests for insight, one for each step and two of barred ones:
    the leader may know of one of them, and so may a colleague and a privacy officer.
    """
    leader, office = users["leader"], users["office"]
    known: dict[str, Json] = {
        "dwelling": ids["dwelling", "in the area"],
        "started_on": "2026-11-01",
    }
    known |= {f"{BARRIER}/{users[who]}": True for who in ("leader", "colleague", "privacy")}
    ids["tenancy", "kode 6 known"] = ids["record", "kode 6 known"] = new_id()
    hand.write(database, "tenancy", ids["tenancy", "kode 6 known"], "create", known, leader, NOW)
    steps = {"being prepared": 0, "to be read": 1, "approved": 2, "kode 6": 1, "kode 6 known": 1}
    for situation, step in steps.items():
        tenancy = ids.get(("tenancy", situation), ids["tenancy", "own"])
        with database.writing() as session:
            made = insight.open_request(session, tenancy, None, NOW.date(), leader, NOW)
            row, read = session.get_one(insight.Insight, made), {tenancy: "0" * 64}
            if step > 0:
                insight.make_ready(session, row, read, NOW)
            if step > 1:
                insight.approve(session, row, read, office, NOW)
        ids["insight", situation], ids["part", situation] = made, tenancy
    ids["insight", "never"] = ids["part", "never"] = NEVER
