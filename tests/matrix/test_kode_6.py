"""Kode 6 on every way out: what is barred changes no page, list, count, file, search or answer.

Everything that anybody can ask for is asked before and after somebody's whole life is put behind a
barrier; for all who are not named, the two must be the same to the byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from server import create_app, hand, people
from server.access import actor_of
from server.database import Database
from server.intake import take
from server.keeping import insight
from server.office.sought import seal
from server.records import REGISTRY
from server.records.barrier import BARRIER
from server.records.record import ScopeMember
from server.reports import REPORTS
from server.roles import Role
from server.shapes import Json, write_instant
from tests.makers import World, mutation, new_id
from tests.matrix.test_matrix import ROWS
from tests.matrix.town import PEOPLE, Town, everybody, kept_as_it_is, told
from tests.molds import Mold
from tests.server.lane import store_at_once

NAMED = new_id(0x6000)
"""Lives in no page: the one who may know."""
HOME, TENANCY, OTHER_TENANCY = new_id(0x6001), new_id(0x6002), new_id(0x6003)
WORDS = ("Solgløttveien", "Fjellrev", "K6-KONTRAKT", "K6-BOLIG", "90060606")
"""What stands in what is barred, and nowhere else."""
ASKERS = ("office", "leader", "admin")
"""Those who between them see every page; who sees less has no page of their own."""
SEARCHES = ("/office/homes?q=", "/office/keys?q=")
FAR = ("never", "other area", "other team", "erased")
"""Situations that nothing here can change."""


@dataclass
class Barred:
    """A town, and all that was put behind a barrier in it."""

    town: Town
    world: World
    now: datetime
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    before: dict[tuple[str, str], tuple[int, bytes]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def barred(peopled: Mold, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Barred]:
    """A town that was asked for everything, and in which much was then barred."""
    with peopled.copy(tmp_path_factory.mktemp("kode6")) as settings:
        app = create_app(settings)
        database: Database = app.extensions["oppgang"]
        world = World(database)
        town = everybody(app, world)
        now = datetime.now(UTC)
        with database.writing() as session:
            people.add_user(session, NAMED, "Den Eneste", now)
            people.grant(session, new_id(), NAMED, Role.LEADER, None)
        made = Barred(town, world, now)
        made.before = everything(made)
        _bar(made)
        yield made
        database.close()


def addresses(town: Town) -> list[str]:
    """Give every page and file, each in its situations, and searches for what is barred."""
    found = set()
    for row in ROWS:
        if row["method"] != "GET" or row["situation"] in FAR:
            continue
        for rule in town.app.url_map.iter_rules(row["endpoint"]):
            if ("<" in rule.rule) == bool(row["situation"]):
                found.add(_filled(town, rule.rule, row["situation"]))
    found |= {f"/office/reports/{name}/csv" for name in REPORTS}
    found |= {f"{search}{word}" for search in SEARCHES for word in WORDS}
    found |= {
        "/office/planner/rules?days=180",
        "/office/deviations.csv",
        "/office/homes?q=storgata",
    }
    return sorted(found)


def _filled(town: Town, rule: str, situation: str) -> str:
    return re.sub(r"<([a-z_]+)>", lambda each: town.ids[each[1], situation], rule)


def _sealed(town: Town, who: str, address: str) -> str:
    """Give the address of what a search leads to: its words are sealed for the one who asks."""
    path, searches, words = address.partition("?q=")
    made = town.app.extensions["oppgang_settings"]
    return f"{path}?s={seal(made, PEOPLE[who], words)}" if searches else address


def everything(barred: Barred) -> dict[tuple[str, str], tuple[int, bytes]]:
    """Ask for everything as everybody, at one moment; the log of reading keeps no line of it."""
    answers = {}
    with time_machine.travel(barred.now, tick=False), kept_as_it_is(barred.town.database):
        for who in ASKERS:
            for address in addresses(barred.town):
                page = barred.town.ask(who, "GET", _sealed(barred.town, who, address))
                answers[who, address] = told(page)[:2]
    return answers


def _bar(barred: Barred) -> None:
    """Put a home with all that can hang on one behind a barrier, and a tenancy in an open home."""
    world, day = barred.world, barred.now.date()
    building = barred.town.ids["building", "in the area"]
    home: dict[str, Json] = {"area": world.east, "building": building, "own_number": "K6-BOLIG"}
    assert _make(barred, "dwelling", HOME, {**home, "address": "Solgløttveien 6"})
    _close(barred, "dwelling", HOME)
    let: dict[str, Json] = {"started_on": (day - timedelta(20)).isoformat()}
    named = {**let, f"team/{NAMED}": True, "contract_number": "K6-KONTRAKT"}
    assert _make(barred, "tenancy", TENANCY, {**named, "dwelling": HOME})
    _hang(barred, {"dwelling": HOME, "tenancy": TENANCY}, "home")
    assert _make(barred, "tenancy", OTHER_TENANCY, {**let, "dwelling": world.dwelling})
    _close(barred, "tenancy", OTHER_TENANCY)
    _hang(barred, {"tenancy": OTHER_TENANCY}, "tenancy")
    _ask_for_insight(barred, day)


def _ask_for_insight(barred: Barred, day: date) -> None:
    """Let a household have asked what is known of it, and be waiting for a second reader."""
    with barred.town.database.writing() as session:
        made = insight.open_request(session, OTHER_TENANCY, None, day, NAMED, barred.now)
        row = session.get_one(insight.Insight, made)
        insight.make_ready(session, row, {OTHER_TENANCY: "0" * 64}, barred.now)


def _close(barred: Barred, kind: str, record: str) -> None:
    values: dict[str, Json] = {f"{BARRIER}/{NAMED}": True}
    hand.write(barred.town.database, kind, record, "patch", values, PEOPLE["leader"], barred.now)


def _hang(barred: Barred, known: dict[str, str], below: str) -> None:
    """Make one of every kind that takes its place from what is barred, or from what hangs there."""
    for _ in range(4):
        for kind, spec in REGISTRY.items():
            refs = {
                n: known[to] for n in spec.references if (to := str(spec.fields[n].to)) in known
            }
            if kind in known or spec.server_only or spec.server_made:
                continue
            if "any" in {spec.fields[name].to for name in spec.parents}:
                refs["record"] = known[next(iter(known))]
            if not refs.keys() & set(spec.parents):
                continue
            bare = {p: v for p, v in spec.example.items() if p not in spec.references}
            body = {**bare, **refs, **_due(barred, kind)}
            made = _make(barred, kind, new_id(), body)
            if made is not None:
                known[kind] = barred.ids[kind, below] = made
            if made is not None and kind == "attachment":
                store_at_once(barred.town.app, made)


def _due(barred: Barred, kind: str) -> dict[str, Json]:
    """Let it be somebody's business now: sent in, urgent, late, today."""
    now, today = write_instant(barred.now - timedelta(days=9)), barred.now.date().isoformat()
    said: dict[str, dict[str, Json]] = {
        "contact": {"name": "Fjellrev Hemmelig", "phone": "90060606"},
        "planned_visit": {"planned_on": today, f"visitors/{PEOPLE['author']}": True},
        "deviation": {"severity": "critical", "what": "Fjellrev i trappa"},
        "check_in": {"ends_at": now, "started_at": now, "who": PEOPLE["author"]},
        "assistance_request": {"asked_at": now},
    }
    more = {p: v for p, v in said.get(kind, {}).items() if REGISTRY[kind].at(p)}
    if "status" in REGISTRY[kind].fields:
        more["status"] = {"state": "submitted", "by": NAMED, "at": write_instant(barred.now)}
    return more


def _make(barred: Barred, kind: str, record: str, body: dict[str, Json]) -> str | None:
    """Make a record; None where the kind asks for more than is known."""
    with barred.town.database.reading() as session:
        actor = actor_of(session, NAMED)
    written = mutation(kind, record, body, author=NAMED, now=barred.now)
    (result,) = take(
        barred.town.database, actor, written["replica"], [written], barred.now, server=True
    )
    return record if result.state == "applied" else None


def test_all_that_hangs_on_what_is_barred_is_nowhere_else(barred: Barred) -> None:
    """The test's own ground: there is much, of every sort, and all of it is barred."""
    assert len({kind for kind, _ in barred.ids}) >= 20
    with barred.town.database.reading() as session:
        for what, id in barred.ids.items():
            scopes = set(
                session.scalars(
                    select(ScopeMember.scope).where(ScopeMember.id == id, ScopeMember.present)
                )
            )
            assert scopes <= {f"sealed:{NAMED}"}, what


def test_no_answer_to_anybody_is_changed_by_what_is_barred(barred: Barred) -> None:
    changed = []
    for (who, address), answer in everything(barred).items():
        if answer != barred.before[who, address]:
            changed.append((who, address))
        whole = answer[1].decode(errors="replace")
        leaked = [word for word in WORDS if word in whole and word not in address]
        assert not leaked, (who, address, leaked)
    assert changed == []
