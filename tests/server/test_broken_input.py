"""No input makes it our fault: what is odd is told in words or held, at every door."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import feed, people
from server.database import Database
from server.office.decisions import new_form
from server.office.gate import csrf_for
from tests.makers import NOW, PASSWORD, USERS, World, new_id, visit
from tests.server.phone import OURS, PUBLIC, Phone, open_login

AT = "2026-11-23T08:00:00.000Z"
SECONDS_MAX = 120
"""Far from what hangs, on any machine; how fast it is, bench measures."""


class Desk:
    """A browser at the office, and the mark that its forms carry."""

    def __init__(self, app: Flask, user: str) -> None:
        self.client = open_login(app, user)
        cookie = self.client.get_cookie("oppgang")
        assert cookie is not None
        with app.app_context():
            self.mark = csrf_for(cookie.value)

    def send(self, path: str, fields: Mapping[str, Any]) -> int:
        """Send a form and give the status."""
        data = {"csrf": self.mark, "form": new_form(), **fields}
        return self.client.post(path, data=data).status_code


def cursor_of(**parts: Any) -> str:
    """Write a cursor of any parts."""
    return "1." + base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


@pytest.mark.parametrize("access", ["\0", "x" * 5000, "æ\u202e", "'; DROP TABLE record; --"])
def test_a_cursor_of_odd_signs_is_never_our_fault(kari: Phone, access: str) -> None:
    life = kari.reply["incarnation"]
    for cursor in (
        cursor_of(i=life, p=1, a=access),
        cursor_of(i=life, p=1, a=access, l={access: 0, "org": 2**53 - 1}),
        cursor_of(i=access, p=1, a="x", s=2**53 - 1),
    ):
        assert kari.post(cursor=cursor).status_code == 200


@pytest.mark.parametrize("contract", [2**31 - 1, 2**31, 2**53 - 1])
def test_a_phone_of_a_far_contract_is_answered(kari: Phone, contract: int) -> None:
    body = {"installation": new_id(), "public_key": PUBLIC, "app": "æ" * 40, "contract": contract}
    answer = kari.client.put(f"/api/v1/replicas/{new_id()}", json=body, headers=OURS)
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("csrf", ["å", "\ud7ff", "\x00", "9" * 100_000])
@pytest.mark.parametrize("path", ["/office/login", "/office/logout"])
def test_a_mark_of_odd_signs_is_a_forged_one(
    app: Flask, world: World, csrf: str, path: str
) -> None:
    for client in (open_login(app, USERS["ingrid"]), app.test_client()):
        assert client.post(path, data={"csrf": csrf}).status_code in (401, 403, 413)


@pytest.mark.parametrize(
    "name", ["a" * 300, "%00", "..%2f..%2fetc%2fpasswd", "a" * 3900, "æ" * 200]
)
@pytest.mark.parametrize("folder", ["assets", "icons", "office/static", "office/records"])
def test_a_file_of_an_odd_name_is_not_there(client: FlaskClient, folder: str, name: str) -> None:
    assert client.get(f"/{folder}/{name}").status_code in (302, 404)


@pytest.mark.parametrize("value", ["1" * 5000, "--5", "-", "٣", "1e5", "9" * 4000, " 7 "])
def test_a_number_typed_oddly_is_asked_for_again(
    app: Flask, kari: Phone, amir: Phone, world: World, value: str
) -> None:
    mine, theirs = kari.edit(world.dwelling, floor=1), amir.edit(world.dwelling, floor=2)
    kari.sync(mine)
    review = amir.sync(theirs)[0]["reviews"][0]
    desk = Desk(app, USERS["ingrid"])
    page = desk.client.get(f"/office/answers/{review}").text
    seal = page.split('name="seal" value="')[1].split('"')[0]
    status = desk.send(
        f"/office/answers/{review}", {"seal": seal, "choice": "other", "value": value}
    )
    assert status in (302, 409, 422)


@pytest.mark.parametrize("mark", ["x", "", ":", "a:b,c:d", "٣:٣"])
def test_a_bulk_form_with_a_broken_seal_is_a_forged_one(app: Flask, kari: Phone, mark: str) -> None:
    id, body = visit()
    sent_in = {"state": "submitted", "by": kari.user, "at": AT}
    kari.sync(kari.write("visit", id, {**body, "status": sent_in}))
    desk = Desk(app, USERS["ingrid"])
    status = desk.send("/office/inbox/decisions", {"head": f"{id}@{mark}"})
    assert status in (302, 403)


def test_ten_thousand_paths_are_held_in_one_mutation_and_halved_in_many(
    kari: Phone, world: World
) -> None:
    """Each path may become a question, and a turn that asks them all would stop everybody else."""
    body = {"dwelling": world.dwelling, "checklist": "NYVRI1", "subject": "dwelling"}
    many = {f"answers/a{i}": "ok" for i in range(10_000)}
    told = kari.sync(kari.write("checklist_run", new_id(), {**body, **many}))[0]
    assert (told["state"], told["reason"]) == ("held", "invalid")
    few = dict.fromkeys(list(many)[:1000], "ok")
    push = [kari.write("checklist_run", new_id(), few) for _ in range(11)]
    assert kari.post(push).status_code == 413
    assert {result["state"] for result in kari.sync(*push[:2])} == {"applied"}


@pytest.mark.parametrize("status", [{}, {"state": 1}, {"state": None}, {"state": []}, [], "", 0])
def test_a_status_that_cannot_be_read_is_invalid(kari: Phone, status: Any) -> None:
    id, body = visit()
    told = kari.sync(kari.write("visit", id, {**body, "status": status}))[0]
    assert (told["state"], told["reason"]) == ("held", "invalid")


def test_five_hundred_questions_in_one_push_are_asked(
    kari: Phone, amir: Phone, world: World
) -> None:
    mine = kari.edit_paths(world.dwelling, {"access": "A", "floor": 1, "local_label": "B"})
    theirs = [amir.edit(world.dwelling, access=f"{i}") for i in range(500)]
    kari.sync(mine)
    start = time.monotonic()
    told = amir.sync(*theirs)
    assert time.monotonic() - start < SECONDS_MAX
    assert {result["reason"] for result in told} == {"ask"}
    assert len(amir.of("review")) == 1


@pytest.mark.parametrize("door", ["login", "parcels"])
def test_the_first_tries_may_come_together(
    app: Flask, database: Database, world: World, door: str
) -> None:
    body: dict[str, Any] = {"parcels": []}
    if door == "login":
        body = {"name": "kari", "password": PASSWORD}

    def knock(_: int) -> int:
        return app.test_client().post(f"/api/v1/{door}", json=body, headers=OURS).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(knock, range(4))) == {200}


def test_two_first_contacts_at_once_are_both_answered(app: Flask, world: World) -> None:
    """Two workers give the same person the same new list of scopes, and register one vault."""
    client, replica = open_login(app, USERS["kari"]), new_id()
    body = {"installation": new_id(), "public_key": PUBLIC, "app": "test", "contract": 1}
    cookie = client.get_cookie("oppgang")
    assert cookie is not None

    def same(_: int) -> list[int]:
        twin = app.test_client()
        twin.set_cookie("oppgang", cookie.value)
        path = f"/api/v1/replicas/{replica}"
        put = twin.put(path, json=body, headers=OURS).status_code
        phone = Phone.__new__(Phone)
        phone.app, phone.user, phone.replica = app, USERS["kari"], replica
        phone.cursor, phone.health = None, {}
        ask = phone.request()
        return [put, twin.post("/api/v1/sync", json=ask, headers=OURS).status_code]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(same, range(4))) == [[200, 200]] * 4


def test_a_list_of_scopes_is_remembered_once_however_many_ask(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = {"version": "abcdefabcdef", "scopes": ["org"]}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: feed.remember_access(database, access, NOW), range(8)))
    with database.reading() as session:
        assert feed.is_remembered(session, "abcdefabcdef")


def test_a_new_password_ends_the_logins_of_the_old_one(database: Database, world: World) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        token = people.open_session(session, USERS["kari"], now)
        other = people.open_session(session, USERS["amir"], now)
    with database.writing() as session:
        people.set_password(session, USERS["kari"], "kari", "et helt nytt passord")
    with database.reading() as session:
        assert people.login_of(session, token, now) is None
        assert people.login_of(session, other, now + timedelta(hours=1)) is not None
