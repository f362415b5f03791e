"""The feed carries exactly what a person may see, in pages, from any cursor."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from server import feed, people
from server.access import Actor, access_version, scopes
from server.database import Database, cursor_key, renew_incarnation
from server.roles import Role
from server.shapes import Json
from tests.makers import USERS, World, example, new_id, visit
from tests.server.phone import Phone


@pytest.fixture
def kari(app: Flask, world: World) -> Phone:
    """Kari's phone, with everything it may know."""
    phone = Phone(app, "kari")
    phone.sync()
    return phone


def submitted(phone: Phone) -> dict[str, Json]:
    """Give the status of a visit that was sent in."""
    return {"state": "submitted", "by": phone.user, "at": "2026-11-23T08:00:00.000Z"}


def visits(count: int) -> list[tuple[str, dict[str, Json]]]:
    """Give so many visits."""
    return [visit() for _ in range(count)]


def fill(phone: Phone, count: int) -> list[str]:
    """Push visits that were sent in at once, and give their ids."""
    made = [(id, {**body, "status": submitted(phone)}) for id, body in visits(count)]
    results = phone.sync(*[phone.write("visit", id, body) for id, body in made])
    assert {result["state"] for result in results} == {"applied"}
    return [id for id, _ in made]


@pytest.mark.parametrize("limit", [1, 3, 7, 500])
def test_a_new_phone_gets_everything_whatever_the_page_size(
    app: Flask, kari: Phone, limit: int
) -> None:
    ids = fill(kari, 20)
    fresh = Phone(app, "kari")
    fresh.sync(limit=limit)
    kari.sync()
    assert set(ids) <= fresh.base.keys()
    assert {id: r["body"] for id, r in fresh.base.items()} == {
        id: r["body"] for id, r in kari.base.items()
    }
    assert {id: r["in"] for id, r in fresh.base.items()} == {
        id: r["in"] for id, r in kari.base.items()
    }


def test_no_record_is_carried_twice_in_one_load(app: Flask, kari: Phone) -> None:
    ids = fill(kari, 20)
    fresh = Phone(app, "kari")
    seen: list[str] = []
    while True:
        reply = fresh.ask(limit=5)
        seen += [put["id"] for put in reply["puts"]]
        fresh.install(reply)
        if not reply["more"]:
            break
    assert sorted(set(seen)) == sorted(seen)
    assert set(ids) <= set(seen)


def test_covered_is_absent_while_a_reset_loads_and_there_at_its_end(
    app: Flask, kari: Phone
) -> None:
    fill(kari, 12)
    fresh = Phone(app, "kari")
    replies = []
    while True:
        replies.append(fresh.ask(limit=4))
        fresh.install(replies[-1])
        if not replies[-1]["more"]:
            break
    assert len(replies) > 2
    assert "reset" in replies[0] and not any("reset" in reply for reply in replies[1:])
    assert all("covered" not in reply for reply in replies[:-1])
    assert replies[-1]["covered"] >= max(put["seq"] for r in replies for put in r["puts"])


def test_what_is_written_while_a_load_goes_on_arrives_too(app: Flask, kari: Phone) -> None:
    fill(kari, 12)
    fresh = Phone(app, "kari")
    fresh.install(fresh.ask(limit=4))
    late = fill(kari, 3)
    kari.sync(kari.edit(next(iter(late)), outcome="refused"))
    fresh.sync(limit=4)
    assert set(late) <= fresh.base.keys()
    assert fresh.body(late[0])["outcome"] == "refused"


def test_a_record_that_leaves_in_the_middle_of_a_load_is_gone_at_its_end(
    app: Flask, kari: Phone
) -> None:
    ids = fill(kari, 12)
    fresh = Phone(app, "kari")
    fresh.install(fresh.ask(limit=8))
    gone = next(id for id in ids if id in fresh.base)
    kari.sync(kari.mark(gone, "delete"))
    fresh.sync(limit=4)
    assert gone not in fresh.base


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "1.",
        "rubbish",
        "e30",
        "e30.e30",
        ".####",
        "A" * 9000,
        "\ud83d\ude00",
        base64.urlsafe_b64encode(b'{"position":0}').decode() + ".AAAA",
    ],
)
def test_an_unreadable_cursor_means_reset_and_nothing_else(kari: Phone, cursor: str) -> None:
    reply = kari.ask(cursor=cursor)
    assert set(reply["reset"]) == set(reply["access"]["scopes"])
    assert reply["puts"]


def test_a_cursor_of_another_life_or_beyond_the_head_means_reset(
    kari: Phone, database: Database
) -> None:
    with database.reading() as session:
        key = cursor_key(session)
    here = feed.read_cursor(key, kari.user, kari.cursor)
    assert here is not None
    beyond = replace(here, position=here.position + 1000).write(key, kari.user)
    assert "reset" in kari.ask(cursor=beyond)
    with database.writing() as session:
        renew_incarnation(session, new_id())
    assert "reset" in kari.ask()


def test_nothing_new_is_a_short_answer(kari: Phone) -> None:
    kari.sync()
    reply = kari.ask()
    assert reply["puts"] == reply["leaves"] == [] and not reply["more"]
    assert "access" not in reply and "reset" not in reply


def test_a_newly_granted_area_loads_its_old_records_without_a_reset(
    app: Flask, kari: Phone, database: Database, world: World
) -> None:
    with database.writing() as session:
        people.grant(session, new_id(), USERS["kari"], Role.BOMILJO, world.west)
    reply = kari.ask()
    assert "reset" not in reply
    assert f"area:{world.west}:home" in reply["access"]["scopes"]
    kari.install(reply)
    kari.sync()
    assert world.dwelling_west in kari.base


def test_a_record_known_by_one_scope_is_named_again_when_another_is_granted(
    app: Flask, kari: Phone, database: Database, world: World
) -> None:
    talk = new_id()
    sent = {"state": "submitted", "by": USERS["kari"], "at": "2026-11-23T08:00:00.000Z"}
    body = example("conversation", visit=None, dwelling=world.dwelling, status=sent)
    kari.sync(kari.write("conversation", talk, body))
    assert all("area:" not in scope for scope in kari.base[talk]["in"])
    with database.writing() as session:
        people.grant(session, new_id(), USERS["kari"], Role.OFFICE, world.east)
    kari.sync()
    assert f"area:{world.east}:talk" in kari.base[talk]["in"]


def test_a_withdrawn_grant_takes_its_scopes_out_of_the_list_and_sends_nothing_of_it(
    kari: Phone, database: Database, app: Flask, world: World
) -> None:
    with database.writing() as session:
        people.withdraw(session, USERS["kari"])
    leader = Phone(app, "lise")
    leader.sync()
    leader.sync(leader.edit(world.dwelling, access="Ny kode"))
    reply = kari.ask()
    assert reply["access"]["scopes"] == [f"me:{USERS['kari']}"]
    assert reply["puts"] == []
    kari.install(reply)
    assert kari.base == {}


def test_access_follows_the_calendar_of_oslo() -> None:
    actor = Actor("u", ((Role.BOMILJO, "a"),))
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    from server.access import today_of

    mine = scopes(actor, today_of(late), ())
    assert mine[0] == "day:u:2026-11-23:a"
    assert "day:u:2026-11-22:a" in mine and "day:u:2026-11-26:a" in mine
    assert "day:u:2026-11-27:a" not in mine


def test_the_same_scopes_in_another_order_are_the_same_list() -> None:
    assert access_version("u", ["a", "b"]) == access_version("u", ["b", "a"])
    assert access_version("u", ["a"]) != access_version("v", ["a"])


def test_a_cursor_written_is_a_cursor_read() -> None:
    cursor = feed.Cursor("i", 7, "v", {"org": 3}, start=5, mixed=True, began={"org": 6})
    assert feed.read_cursor("key", "kari", cursor.write("key", "kari")) == cursor


def test_one_large_record_still_goes_through_a_small_page(
    app: Flask, kari: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(kari, 3)
    monkeypatch.setattr(feed, "PAGE_SIZE_MAX_BYTES", 10)
    fresh = Phone(app, "kari")
    fresh.sync()
    assert len(fresh.of("visit")) == 3
