"""Kode 6: from the moment a barrier is set nobody but those named finds, reads or counts it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from server import hand
from server.access import Actor, actor_of, on_phones, records_visible, scopes_of
from server.database import Database
from server.intake import misplaced, take
from server.office.desk import Desk
from server.office.sought import seal
from server.records.barrier import BARRIER
from server.shapes import Json
from sync.mutation import office_replica
from tests.makers import NOW, USERS, World, example, mutation, new_id
from tests.server.confiding import made, planned_by, talk_sent_in, tenancy
from tests.server.lane import store_at_once
from tests.server.phone import Phone, open_login
from tests.server.situations import status


def bar(database: Database, kind: str, record: str, *users: str) -> None:
    """Set a barrier as the office page does, or lift it when nobody is named."""
    names: dict[str, Json] = {f"{BARRIER}/{USERS[name]}": True for name in users}
    everyone = {f"{BARRIER}/{user}": None for user in USERS.values()} | names
    push = hand.mutation(kind, record, "patch", everyone, USERS["lise"], NOW)
    actor, replica = Actor(USERS["lise"], ()), office_replica(USERS["lise"])
    (result,) = take(database, actor, replica, [push], NOW, server=True)
    assert result.state == "applied", result


def reached(database: Database, name: str) -> set[str]:
    """Give all that somebody reads in the office."""
    with database.reading() as session:
        mine = scopes_of(session, actor_of(session, USERS[name]), datetime.now(UTC))
        return {row.id for row in records_visible(session, mine)}


@pytest.fixture
def home(app: Flask, kari: Phone, office: Phone, world: World) -> dict[str, str]:
    """A tenancy that Kari follows up, and something of each sort that hangs on it."""
    ids = {"tenancy": tenancy(office, world, kari)}
    ids["contact"] = made(
        office, "contact", new_id(), {"tenancy": ids["tenancy"], "name": "Fortrolig Navn"}
    )
    ids["plan"] = planned_by(kari, world, kari, tenancy=ids["tenancy"])
    ids["talk"] = talk_sent_in(kari, world, tenancy=ids["tenancy"])
    words = example("addendum", record=ids["talk"], path=None)
    ids["addendum"] = made(kari, "addendum", new_id(), words)
    ids["photo"] = made(kari, "attachment", new_id(), example("attachment", record=ids["talk"]))
    store_at_once(app, ids["photo"])
    kari.sync()
    office.sync()
    assert set(ids.values()) <= kari.base.keys()
    return ids


def test_what_is_barred_leaves_every_phone_without_a_word(
    home: dict[str, str], kari: Phone, office: Phone, app: Flask, database: Database
) -> None:
    lise = Phone(app, "lise")
    lise.sync()
    bar(database, "tenancy", home["tenancy"], "lise")
    for phone in (kari, office, lise):
        phone.sync()
        assert not set(home.values()) & phone.base.keys(), phone.name
        assert set(phone.reply) <= {
            *("incarnation", "server_now", "results", "puts", "leaves", "cursor", "covered"),
            *("more", "policy", "access"),
        }
        assert "sealed" not in repr(phone.reply)
        assert phone.client.get(f"/api/v1/attachments/{home['photo']}").status_code == 404


def test_only_those_named_read_it_in_the_office_and_they_alone(
    home: dict[str, str], database: Database
) -> None:
    before = {name: reached(database, name) for name in USERS}
    bar(database, "tenancy", home["tenancy"], "lise")
    hidden = set(home.values())
    for name in USERS:
        now = reached(database, name)
        assert now == (before[name] | hidden if name == "lise" else before[name] - hidden), name
    with database.reading() as session:
        assert misplaced(session) == []


def test_it_is_no_hit_and_no_count(
    home: dict[str, str], app: Flask, database: Database, world: World
) -> None:
    def counted(name: str) -> dict[str, int]:
        with database.reading() as session:
            actor = actor_of(session, USERS[name])
            desk = Desk(session, actor, "", datetime.now(UTC))
            kinds = ("tenancy", "contact", "conversation", "attachment", "planned_visit")
            return {kind: desk.count(kind, lambda found: found) for kind in kinds}

    before = counted("ingrid")
    bar(database, "tenancy", home["tenancy"], "lise")
    assert counted("ingrid") == {kind: count - 1 for kind, count in before.items()}
    ingrid, lise = open_login(app, USERS["ingrid"]), open_login(app, USERS["lise"])
    page = f"/office/dwellings/{world.dwelling}"
    assert "Fortrolig Navn" not in ingrid.get(page).text
    assert "Fortrolig Navn" in lise.get(page).text
    for record in home.values():
        assert ingrid.get(f"/office/records/{record}").status_code == 404
        assert lise.get(f"/office/records/{record}").status_code == 200


def test_a_home_that_is_barred_is_on_no_list_and_in_no_search(
    home: dict[str, str], app: Flask, database: Database, world: World, kari: Phone
) -> None:
    ingrid, lise = open_login(app, USERS["ingrid"]), open_login(app, USERS["lise"])
    made = app.extensions["oppgang_settings"]
    search = f"/office/homes?s={seal(made, USERS['ingrid'], 'storgata')}"
    assert world.dwelling in ingrid.get(search).text
    bar(database, "dwelling", world.dwelling, "lise")
    for path in (search, f"/office/homes?area={world.east}"):
        assert world.dwelling not in ingrid.get(path).text
    search = f"/office/homes?s={seal(made, USERS['lise'], 'storgata')}"
    assert world.dwelling in lise.get(search).text
    kari.sync()
    assert not {world.dwelling, *home.values()} & kari.base.keys()


def test_what_somebody_writes_of_it_afterwards_is_answered_as_of_what_never_was(
    home: dict[str, str], kari: Phone, database: Database, world: World
) -> None:
    """An id that is still on a phone tells nothing, and new work on it is barred as well."""
    late = kari.edit(home["talk"], summary="Mer")
    never = {**kari.edit(home["talk"], summary="Mer"), "id": new_id()}
    bar(database, "tenancy", home["tenancy"], "lise")
    first, second = kari.sync(late, never)
    told = [{k: v for k, v in each.items() if k not in ("mid", "seq")} for each in (first, second)]
    assert told[0] == told[1] and first["state"] == "held"
    body: dict[str, Json] = {"dwelling": world.dwelling, "tenancy": home["tenancy"]}
    (new,) = kari.sync(kari.write("conversation", new_id(), body))
    assert (new["state"], new["reason"]) == ("held", "ref")
    assert "Fortrolig" not in repr(kari.base)


def test_whoever_is_named_writes_there_and_it_stays_barred(
    home: dict[str, str], app: Flask, database: Database
) -> None:
    bar(database, "tenancy", home["tenancy"], "ingrid")
    with database.reading() as session:
        ingrid, lise = (actor_of(session, USERS[name]) for name in ("ingrid", "lise"))
    words = example("addendum", record=home["talk"], path=None)
    written = mutation("addendum", id := new_id(), words, author="ingrid")
    assert take(database, ingrid, written["replica"], [written], NOW)[0].state == "applied"
    others = mutation("addendum", new_id(), words, author="lise")
    assert take(database, lise, others["replica"], [others], NOW)[0].reason == "ref"
    assert id in reached(database, "ingrid") and id not in reached(database, "lise")


def test_a_barrier_that_is_lifted_brings_everything_back_to_its_place(
    home: dict[str, str], kari: Phone, database: Database
) -> None:
    before = reached(database, "kari")
    bar(database, "tenancy", home["tenancy"], "lise")
    kari.sync()
    bar(database, "tenancy", home["tenancy"])
    kari.sync()
    assert reached(database, "kari") == before
    assert set(home.values()) <= kari.base.keys()
    with database.reading() as session:
        assert misplaced(session) == []


def test_no_client_sets_or_lifts_a_barrier_by_itself(
    home: dict[str, str], kari: Phone, office: Phone, database: Database
) -> None:
    for phone in (kari, office):
        push = phone.edit_paths(home["tenancy"], {f"{BARRIER}/{phone.user}": True})
        (result,) = phone.sync(push)
        assert (result["state"], result["reason"]) == ("held", "invalid")
    assert home["talk"] in reached(database, "kari")


def test_the_stricter_of_two_barriers_counts(home: dict[str, str], database: Database) -> None:
    bar(database, "tenancy", home["tenancy"], "lise", "ingrid")
    bar(database, "contact", home["contact"], "lise")
    assert home["contact"] in reached(database, "lise")
    assert home["contact"] not in reached(database, "ingrid")
    assert home["talk"] in reached(database, "ingrid")


def test_a_phone_is_never_told_of_the_scope(database: Database, world: World) -> None:
    with database.reading() as session:
        mine = scopes_of(session, actor_of(session, USERS["lise"]), NOW)
    assert any(scope.startswith("sealed:") for scope in mine)
    assert not any(scope.startswith("sealed:") for scope in on_phones(mine))


def test_more_than_one_turn_places_is_hidden_at_once(
    kari: Phone, office: Phone, world: World, database: Database
) -> None:
    """So much hangs on it that it is placed in pieces: until then nobody reads any of it."""
    at = tenancy(office, world, kari)
    sent: dict[str, Any] = {"dwelling": world.dwelling, "summary": "x", "tenancy": at}
    for _ in range(3):
        push = [
            kari.write("conversation", new_id(), {**sent, "status": status(kari, "submitted")})
            for _ in range(200)
        ]
        assert {result["state"] for result in kari.sync(*push)} == {"applied"}
    bar(database, "tenancy", at, "lise")
    kari.sync()
    assert not [put for put in kari.base.values() if put["body"].get("tenancy") == at]
    with database.reading() as session:
        assert misplaced(session) == []
