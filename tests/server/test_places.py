"""Places as a law of the registry: what hangs on a record follows by what its place says alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from server.placement import Places
from server.records import REGISTRY
from server.records.record import KindSpec, Place
from server.shapes import Json
from tests.makers import USERS, World, mutation, new_id
from tests.server.moves import at_rest, edit, enough, push, sees, submitted

IDS = {kind: new_id() for kind in REGISTRY}
SENT = {"state": "submitted", "by": USERS["kari"], "at": "2026-11-23T08:00:00.000Z"}


@dataclass(frozen=True)
class Located:
    """A record as a place is worked out from it."""

    kind: str
    body: dict[str, Json]
    authors: tuple[str, ...] = (USERS["amir"],)
    deleted: bool = False


def town(about: str, *, bare: bool, sent: bool) -> dict[str, Located]:
    """Give one record of each kind, all hanging together; `bare` has no keyed values."""
    found = {}
    for kind, spec in REGISTRY.items():
        whole = {p: v for p, v in spec.example.items() if not (bare and "/" in p)}
        refs = {name: field.to for name, field in spec.fields.items() if field.to}
        links = {name: IDS[about if to == "any" else str(to)] for name, to in refs.items()}
        status = {"status": SENT} if sent and "status" in spec.fields else {}
        found[IDS[kind]] = Located(kind, {**whole, "status": None, **links, **status})
    return found


def changes(spec: KindSpec, body: dict[str, Json]) -> Iterator[tuple[str, dict[str, Json]]]:
    """Give the body with each field, but for references, changed."""
    for name, field in spec.fields.items():
        if field.to:
            continue
        if any(path.partition("/")[0] == name and body[path] for path in body):
            yield name, {p: v for p, v in body.items() if p.partition("/")[0] != name}
        else:
            value: Json = SENT if name == "status" else True
            yield name, {**body, (f"{name}/{USERS['eva']}" if field.keyed else name): value}


def worked_out(records: dict[str, Located]) -> dict[str, Place]:
    """Give the place of each record."""
    places = Places(records.get)
    return {id: places.of(id) for id in records}


@pytest.mark.parametrize("kind", [kind for kind in REGISTRY if kind != "receipt"])
def test_nothing_below_moves_unless_the_place_above_says_so(kind: str) -> None:
    silent = set()
    for about in ("visit", "tenancy"):
        for bare, sent in ((False, True), (True, True), (True, False)):
            before = town(about, bare=bare, sent=sent)
            stood, id = worked_out(before), IDS[kind]
            for name, body in changes(REGISTRY[kind], before[id].body):
                stands = worked_out(before | {id: replace(before[id], body=body)})
                if stands[id] == stood[id] and stands != stood:
                    silent.add(name)
    assert not silent


@pytest.mark.parametrize("sent", [False, True])
def test_a_place_is_the_same_whatever_was_worked_out_before_it(sent: bool) -> None:
    """What others hang on is remembered; two that are about each other lead round in a ring."""
    records = town("visit", bare=False, sent=sent)
    for kind, about in (("addendum", "attachment"), ("attachment", "addendum")):
        one = records[IDS[kind]]
        records[IDS[kind]] = replace(one, body={**one.body, "record": IDS[about]})
    alone = {id: Places(records.get).of(id) for id in records}
    assert worked_out(records) == alone
    assert worked_out(dict(reversed(records.items()))) == alone


def test_what_hangs_on_a_record_that_came_late_is_worked_out_anew() -> None:
    moved = set()
    for late, id in IDS.items():
        records = town("visit", bare=False, sent=True)
        came = records.pop(id)
        places = Places(records.get)
        without = {other: places.of(other) for other in records}
        records[id] = came
        places.came(id)
        stands = {other: places.of(other) for other in records}
        assert stands == worked_out(records), late
        moved |= (
            {late} if any(stands[other] != place for other, place in without.items()) else set()
        )
    assert {"dwelling", "tenancy", "visit"} <= moved


def test_the_end_of_a_tenancy_takes_its_talks_from_their_author_even_when_no_team_is_left(
    world: World,
) -> None:
    database, tenancy, talk = world.database, new_id(), new_id()
    home, team = {"dwelling": world.dwelling}, f"team/{USERS['kari']}"
    let = enough("tenancy", **home) | {team: True}
    push(database, "lise", mutation("tenancy", tenancy, let, author="lise"))
    said = enough("conversation", tenancy=tenancy, status=submitted("kari"), **home)
    push(database, "kari", mutation("conversation", talk, said))
    edit(database, "lise", "tenancy", tenancy, **{team: None})
    assert talk in sees(database, "kari")
    edit(database, "lise", "tenancy", tenancy, ended=True)
    assert talk not in sees(database, "kari")
    assert at_rest(database)
