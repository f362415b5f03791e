"""What the doors of phones and other systems refuse: too much, another's, closed, cut short."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from server import people
from server.api.parcels import PARCELS_MAX
from server.database import Database
from server.people import PARCEL_LIMIT
from server.photos.file_store import PART_MAX_BYTES
from tests.makers import World, new_id
from tests.server.lane import PHOTO, begin, head, send
from tests.server.phone import OURS, PUBLIC, Phone
from tests.server.test_tokens import ask, token


def code(answer: TestResponse) -> object:
    found: object = (answer.json or {}).get("code")
    return found


def closed(database: Database, phone: Phone) -> None:
    """Close a phone; its owner is still logged in elsewhere."""
    with database.writing() as session:
        people.revoke_replica(session, phone.replica, datetime.now(UTC))


def test_a_vault_that_was_closed_is_not_registered_again(kari: Phone, database: Database) -> None:
    replica, installation = new_id(), new_id()
    body = {"installation": installation, "public_key": PUBLIC, "app": "t", "contract": 1}
    path = f"/api/v1/replicas/{replica}"
    assert kari.client.put(path, json=body, headers=OURS).status_code == 200
    with database.writing() as session:
        people.revoke_replica(session, replica, datetime.now(UTC))
    again = kari.client.put(path, json=body, headers=OURS)
    assert (again.status_code, code(again)) == (410, "device_revoked")


def test_that_a_phone_is_closed_is_told_to_its_owner_alone(
    kari: Phone, amir: Phone, database: Database
) -> None:
    """Whoever else has no login is told that they have none."""
    closed(database, kari)
    with database.writing() as session:
        for phone in (kari, amir):
            people.close_sessions(session, phone.user, datetime.now(UTC))
    assert code(kari.post()) == "device_revoked"
    assert code(amir.post(user=kari.user, replica=kari.replica)) == "session_over"


def test_a_photo_is_not_taken_in_the_name_of_anothers_phone(kari: Phone, amir: Phone) -> None:
    id = begin(kari)
    refused = send(amir, id, PHOTO, said={"X-Oppgang-Replica": kari.replica})
    assert (refused.status_code, code(refused)) == (409, "wrong_user")
    assert head(kari, id).get("Upload-Offset") is None


def test_a_part_in_pieces_that_never_end_is_refused_unread(kari: Phone) -> None:
    class Endless(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            Endless.taken += 65_536
            assert Endless.taken < PART_MAX_BYTES + (4 << 20), "it is read on and on"
            return b" " * 65_536

    id = begin(kari)
    cookie = kari.client.get_cookie("oppgang")
    assert cookie is not None
    said = {"X-Oppgang-Replica": kari.replica, "Upload-Offset": "0", "Upload-Length": "9000000"}
    said |= {"Upload-Sha256": "0" * 64, "Cookie": f"oppgang={cookie.value}", **OURS}
    builder = EnvironBuilder(f"/api/v1/attachments/{id}", method="PATCH", headers=Headers(said))
    pieces = {"wsgi.input": Endless(), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    _, status, _ = run_wsgi_app(kari.app.wsgi_app, builder.get_environ() | pieces)
    assert status.startswith("413") and Endless.taken < PART_MAX_BYTES + (2 << 20)


def test_a_sealed_photo_comes_by_a_door_that_is_throttled(app: Flask) -> None:
    client, path = app.test_client(), f"/api/v1/attachments/{new_id()}?sealed=1"
    answers = [client.patch(path, headers=OURS).status_code for _ in range(PARCEL_LIMIT.tries + 1)]
    assert set(answers[:-1]) == {400} and answers[-1] == 429


def test_more_parcels_than_one_may_carry_are_refused(app: Flask, world: World) -> None:
    body = {"parcels": [dict[str, str]()] * (PARCELS_MAX + 1)}
    answer = app.test_client().post("/api/v1/parcels", json=body, headers=OURS)
    assert answer.status_code == 413


@pytest.mark.parametrize("cut", [1, 4, 8])
def test_a_packed_body_that_was_cut_short_is_unreadable_though_all_words_are_there(
    cut: int, kari: Phone
) -> None:
    """Its last bytes are the sum that says that it is whole."""
    whole = gzip.compress(json.dumps(kari.request(cursor=None)).encode())
    more = {**OURS, "Content-Type": "application/json", "Content-Encoding": "gzip"}
    answers = [
        kari.client.post("/api/v1/sync", data=raw, headers=more).status_code
        for raw in (whole, whole[:-cut], whole + b"x")
    ]
    assert answers == [200, 400, 400]


def test_another_systems_file_says_what_it_is(app: Flask, database: Database, world: World) -> None:
    _, brings = token(database, "office all", imports=True)
    for what, kind, status in (
        ("dwellings", "application/json", 415),
        ("nothing", "text/csv", 400),
        ("dwellings", "text/csv", 422),
    ):
        more = {"method": "POST", "content_type": kind, "data": b"x"}
        assert ask(app, brings, f"imports?what={what}", **more).status_code == status, what
