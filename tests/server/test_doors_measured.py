"""What each door takes at most, how often, and by which login: the figure itself, and one more."""

from __future__ import annotations

import dataclasses
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from server import intake, ledger, people
from server.api import integration
from server.api import parcels as parcels_door
from server.api import sync as sync_door
from server.config import Mode, Settings
from server.database import Database
from server.people import Limit, Replica, Way
from server.people.logins import LoginSession
from tests.makers import PASSWORD, USERS, World, new_id, visit
from tests.server.lane import PHOTO, begin, head, send, store_at_once
from tests.server.phone import OURS, PUBLIC, Phone
from tests.server.test_tokens import ask, said, token

MINUTE = timedelta(minutes=1)
KIB = 1_024
ID = new_id(0xD0)
VAULT = {"installation": ID, "public_key": PUBLIC, "app": "t", "contract": 1}


def require_code(app: Flask) -> None:
    """Let the municipality ask for a code of everybody."""
    settings = app.extensions["oppgang_settings"]
    app.extensions["oppgang_settings"] = dataclasses.replace(settings, code_required=True)


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", "login", 8 * KIB),
        ("PUT", f"replicas/{ID}", 8 * KIB),
        ("POST", "emptied", 4 * KIB),
        ("POST", "leases", 16 * KIB),
        ("POST", "looks", 512 * KIB),
        ("POST", "parcels", 2 * KIB * KIB),
        ("POST", "locked-notes", 2 * KIB * KIB),
        ("POST", "sync", KIB * KIB + 64 * KIB),
    ],
)
def test_each_door_takes_as_much_as_it_needs_and_no_byte_more(
    method: str, path: str, most: int, kari: Phone
) -> None:
    """What is asked of somebody who has not logged in costs no more memory than it must."""
    more = {**OURS, "Content-Type": "application/json"}
    for size, refused in ((most, 400), (most + 1, 413)):
        body = b"{}".ljust(size)
        answer = kari.client.open(f"/api/v1/{path}", method=method, data=body, headers=more)
        assert answer.status_code == refused, size


@pytest.mark.parametrize("path", ["parcels", "emptied", "locked-notes", "looks"])
def test_every_door_without_a_login_counts_who_knocks(
    path: str, app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcels_door, "PARCEL_LIMIT", Limit(2, MINUTE))
    client = app.test_client()
    codes = [client.post(f"/api/v1/{path}", json={}, headers=OURS).status_code for _ in range(3)]
    assert codes == [400, 400, 429]


def test_another_system_that_is_known_asks_no_more_often_than_agreed(
    app: Flask, database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each token by itself: a colleague's system is not stopped by one that runs wild."""
    monkeypatch.setattr(people, "TOKEN_LIMIT", Limit(2, MINUTE))
    _, wild = token(database, "office all")
    _, calm = token(database, "landlord deviations")
    codes = [ask(app, wild, "records?kind=deviation").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert ask(app, calm, "records?kind=deviation").status_code == 200


def test_a_page_for_another_system_holds_so_many_records_whatever_is_asked_for(
    app: Flask, kari: Phone, database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integration, "PAGE_MAX", 2)
    homes: list[dict[str, Any]] = [{"area": world.east, "address": f"Gata {n}"} for n in range(4)]
    kari.sync(*(kari.write("dwelling", new_id(), home) for home in homes))
    _, secret = token(database, "office all")
    for limit, most in (("", 2), ("&limit=1", 1), ("&limit=9999", 2), ("&limit=0", 1)):
        page = said(ask(app, secret, f"records?kind=dwelling{limit}"))
        assert len(page["records"]) == most, limit


def test_a_file_of_another_system_is_no_larger_than_a_file_may_be(
    app: Flask, database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.imports.SIZE_MAX_BYTES", 100)
    _, brings = token(database, "office all", imports=True)
    for size, status in ((100, 422), (101, 413)):
        more = {"method": "POST", "content_type": "text/csv", "data": b"x" * size}
        assert ask(app, brings, "imports?what=dwellings", **more).status_code == status


@pytest.mark.parametrize(
    ("replica", "odd"),
    [
        ("x", {}),
        (ID.upper(), {}),
        (ID, {"installation": "x"}),
        (ID, {"installation": ID.upper()}),
        (ID, {"app": "a" * 41}),
        (ID, {"contract": True}),
    ],
)
def test_a_vault_is_registered_by_ids_and_a_short_name_of_its_app(
    replica: str, odd: dict[str, Any], kari: Phone, database: Database
) -> None:
    path = f"/api/v1/replicas/{replica}"
    assert kari.client.put(path, json={**VAULT, **odd}, headers=OURS).status_code == 400
    with database.reading() as session:
        assert list(session.scalars(select(Replica.id))) == [kari.replica]


def test_a_contract_that_no_app_has_reached_is_kept_as_the_largest(
    kari: Phone, database: Database
) -> None:
    id = new_id()
    far = {**VAULT, "contract": 2**53 - 1}
    assert kari.client.put(f"/api/v1/replicas/{id}", json=far, headers=OURS).status_code == 200
    with database.reading() as session:
        assert session.get_one(Replica, id).contract == 2**31 - 1


@pytest.mark.parametrize("name", ["password", "name", "code"])
def test_a_login_with_more_than_anybody_types_is_not_looked_at(
    name: str, client: FlaskClient, world: World
) -> None:
    most = 1_024 if name == "password" else 200
    for length, status in ((most, 401), (most + 1, 400)):
        given = {"name": "kari", "password": "galt", name: "a" * length}
        assert client.post("/api/v1/login", json=given, headers=OURS).status_code == status


@pytest.mark.parametrize("where", ["api", "office"])
def test_in_production_the_login_is_bound_to_this_host_and_to_https(
    where: str, app: Flask, world: World, settings: Settings
) -> None:
    """`__Host-`: no other host of the municipality can lay a login into somebody's browser."""
    app.extensions["oppgang_settings"] = dataclasses.replace(settings, mode=Mode.PRODUCTION)
    client, shown = app.test_client(), {"name": "kari", "password": PASSWORD}
    answer = client.post("/api/v1/login", json=shown, headers=OURS, base_url="https://localhost")
    assert answer.status_code == 200
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-oppgang=")
    said_of_it = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= said_of_it
    assert f"Max-Age={30 * 24 * 3600}" in said_of_it
    assert not any(part.startswith("Domain") for part in said_of_it)
    mine = cookie.partition("=")[2].partition(";")[0]
    for name, status in (("oppgang", 401), ("__Host-oppgang", 200)):
        browser = app.test_client()
        browser.set_cookie(name, mine)
        assert browser.get("/api/v1/me").status_code == status, name
    over = client.post("/api/v1/logout", headers=OURS, base_url="https://localhost")
    (gone,) = over.headers.getlist("Set-Cookie")
    assert gone.startswith("__Host-oppgang=;") and "Max-Age=0" in gone and "Secure" in gone


def test_a_login_that_ended_while_a_push_was_taken_reads_nothing(
    app: Flask, kari: Phone, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it brought is in custody; it is given no page in return."""
    real, made = intake.take, kari.write("visit", *visit())

    def taken(*words: Any, **more: Any) -> Any:
        results = real(*words, **more)
        with database.writing() as session:
            people.close_sessions(session, kari.user, datetime.now(UTC))
        return results

    monkeypatch.setattr(sync_door, "take", taken)
    answer = kari.post([made])
    assert (answer.status_code, (answer.json or {})["code"]) == (401, "session_over")
    with database.reading() as session:
        assert ledger.find(session, [made["mid"]])[made["mid"]].state == "applied"


def test_a_role_that_was_taken_while_a_push_was_taken_is_not_read_by(
    app: Flask, kari: Phone, database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, kari.cursor = intake.take, None

    def taken(*words: Any, **more: Any) -> Any:
        results = real(*words, **more)
        with database.writing() as session:
            people.withdraw(session, kari.user)
        return results

    monkeypatch.setattr(sync_door, "take", taken)
    told = kari.ask([kari.write("visit", *visit())])
    assert world.dwelling not in {put["id"] for put in told["puts"]}


def test_a_login_that_is_used_lasts_on(kari: Phone, database: Database) -> None:
    """A phone that is in use every day is not sent to the login in the middle of a round."""

    def seen(*, was: datetime | None = None) -> datetime:
        with database.writing() as session:
            (row,) = session.scalars(select(LoginSession).where(LoginSession.user == kari.user))
            row.seen_at = was or row.seen_at
            return row.seen_at

    long_ago = datetime.now(UTC) - timedelta(days=7)
    seen(was=long_ago)
    assert kari.post().status_code == 200
    assert seen() > long_ago + timedelta(days=6)


def test_who_came_by_a_passkey_begins_a_vault_where_others_must_make_a_code(
    app: Flask, world: World, database: Database
) -> None:
    require_code(app)
    codes = {}
    for way in Way:
        with database.writing() as session:
            mine = people.open_session(session, USERS["kari"], datetime.now(UTC), way)
        client = app.test_client()
        client.set_cookie("oppgang", mine)
        begun = client.put(f"/api/v1/replicas/{new_id()}", json=VAULT, headers=OURS)
        codes[way] = begun.status_code
    assert codes == {Way.PASSWORD: 403, Way.PASSKEY: 200, Way.DIRECTORY: 200}


@pytest.mark.parametrize("name", ["Upload-Offset", "Upload-Length"])
def test_a_number_as_long_as_a_book_is_not_read(name: str, kari: Phone) -> None:
    assert send(kari, begin(kari), PHOTO, said={name: "9" * 5_000}).status_code == 400


def test_a_picture_comes_under_an_id_and_nothing_else(kari: Phone) -> None:
    for odd in ("x", new_id().upper(), "..%2Fx"):
        assert send(kari, odd, PHOTO).status_code in (400, 404), odd


def test_what_came_of_a_part_before_the_line_broke_need_not_come_again(kari: Phone) -> None:
    id = begin(kari)
    cookie = kari.client.get_cookie("oppgang")
    assert cookie is not None
    measures = {"Upload-Offset": "0", "Upload-Length": f"{len(PHOTO)}"}
    told = {**OURS, **measures, "X-Oppgang-Replica": kari.replica, "Upload-Sha256": "0" * 64}
    headers = Headers({**told, "Cookie": f"oppgang={cookie.value}"})
    environ = EnvironBuilder(
        f"/api/v1/attachments/{id}", method="PATCH", headers=headers
    ).get_environ()
    environ |= {"wsgi.input": io.BytesIO(PHOTO[:1_000]), "CONTENT_LENGTH": f"{len(PHOTO)}"}
    _, status, answered = run_wsgi_app(kari.app.wsgi_app, environ)
    assert status.startswith("204") and answered["Upload-Offset"] == "1000"
    assert head(kari, id)["Upload-Offset"] == "1000"


def test_the_login_that_a_code_is_to_be_made_with_shows_no_picture(
    app: Flask, kari: Phone, world: World
) -> None:
    """The office shows that login nothing but the page where the code is made."""
    id = begin(kari, record=world.dwelling)
    store_at_once(app, id)
    assert kari.client.get(f"/api/v1/attachments/{id}").status_code == 200
    require_code(app)
    for small in ("", "?small=1"):
        answer = kari.client.get(f"/api/v1/attachments/{id}{small}")
        assert (answer.status_code, (answer.json or {}).get("code")) == (403, "code_missing")


@pytest.mark.parametrize("name", ["a" * 5_000, "..", "%2e%2e/%2e%2e/pyproject.toml"])
def test_the_app_serves_its_own_files_and_no_other(name: str, client: FlaskClient) -> None:
    for folder in ("assets", "icons"):
        assert client.get(f"/{folder}/{name}").status_code == 404
