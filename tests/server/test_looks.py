"""What was opened on a phone stands in the access log, by the hour, once, and as its phone says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from server import access_log
from server.access_log import DUTY, NAMED, OPENED_ON_PHONE, AccessRow
from server.database import Database
from server.parcels import as_written
from server.people import PARCEL_LIMIT
from server.sealing import SealingKey
from server.shapes import write_instant
from server.strict_json import canonical
from tests.makers import USERS, World, new_id, visit
from tests.server.phone import KEY, OURS, Phone
from tests.server.test_access_log import logged, names
from tests.server.test_fuzz import FEW, ODD
from tests.server.test_parcels import seal

HOUR = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def key(app: Flask) -> SealingKey:
    """The server's sealing key."""
    found: SealingKey = app.extensions["oppgang_sealing"]
    return found


def sheet(
    key: SealingKey,
    phone: Phone,
    looks: Any,
    signer: ec.EllipticCurvePrivateKey = KEY,
    mid: str | None = None,
) -> dict[str, Any]:
    """Give what was opened as a phone seals it; hours as moments, or whatever else."""
    if isinstance(looks, dict):
        looks = {
            write_instant(h) if isinstance(h, datetime) else h: ids for h, ids in looks.items()
        }
    about = {"mid": mid or new_id(), "replica": phone.replica, "n": 1}
    return dict(as_written(seal(key, about, signer, canonical({"looks": looks}))))


def tell(app: Flask, *sheets: Any, by: Phone | None = None) -> Any:
    """Deliver sheets, without any login unless somebody brings theirs."""
    client = by.client if by else app.test_client()
    return client.post("/api/v1/looks", json={"looks": list(sheets)}, headers=OURS)


def told(database: Database) -> list[AccessRow]:
    """Give what phones told that was opened on them."""
    return [row for row in logged(database) if row.way == OPENED_ON_PHONE]


def test_what_was_opened_stands_by_hour_and_reason_under_the_phones_user(
    app: Flask, kari: Phone, key: SealingKey, database: Database, world: World
) -> None:
    kari.sync(kari.write("visit", mine := new_id(), visit()[1]))
    later = HOUR + timedelta(hours=2)
    one = sheet(key, kari, {HOUR: [mine, world.dwelling], later: [mine]})
    assert tell(app, one).json == {"results": [{"mid": one["mid"], "state": "in_custody"}]}
    rows = told(database)
    said = {(row.purpose, row.looked_at, frozenset(names(row))) for row in rows}
    assert said == {
        (NAMED, HOUR, frozenset({mine})),
        (DUTY, HOUR, frozenset({world.dwelling})),
        (NAMED, later, frozenset({mine})),
    }
    about = {(row.who, row.roles, row.replica, row.why) for row in rows}
    assert about == {(USERS["kari"], "bomiljo", kari.replica, None)}
    with database.reading() as session:
        assert access_log.first_break(session) is None


def test_a_sheet_that_comes_twice_is_written_down_once(
    app: Flask, kari: Phone, key: SealingKey, database: Database, world: World
) -> None:
    one = sheet(key, kari, {HOUR: [world.dwelling]})
    tell(app, one, one)
    tell(app, one)
    assert len(told(database)) == 1


def test_a_clock_ahead_is_taken_for_now_and_what_is_nobodys_is_left_out(
    app: Flask, kari: Phone, key: SealingKey, database: Database, world: World
) -> None:
    ids = [world.dwelling, world.east, new_id()]
    tell(app, sheet(key, kari, {datetime(2099, 1, 1, tzinfo=UTC): ids}))
    [row] = told(database)
    assert names(row) == {world.dwelling}
    assert row.looked_at is not None and row.looked_at <= row.at < datetime(2099, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("harm", ["signer", "replica", "hour", "ids", "empty", "moved"])
def test_what_its_phone_did_not_seal_says_nothing_and_stops_no_other(
    app: Flask, kari: Phone, key: SealingKey, database: Database, world: World, harm: str
) -> None:
    ids = [world.dwelling]
    bad = sheet(key, kari, {HOUR: ids})
    if harm == "signer":
        bad = sheet(key, kari, {HOUR: ids}, ec.derive_private_key(8, ec.SECP256R1()))
    elif harm == "replica":
        bad = {**bad, "replica": new_id()}
    elif harm == "hour":
        bad = sheet(key, kari, {"i går": ids})
    elif harm == "ids":
        bad = sheet(key, kari, {HOUR: ["x"]})
    elif harm == "empty":
        bad = sheet(key, kari, {})
    else:
        bad = {**bad, "mid": new_id()}
    assert tell(app, bad, sheet(key, kari, {HOUR: ids})).status_code == 200
    assert len(told(database)) == 1


def test_without_a_login_the_door_is_throttled_and_with_one_a_team_may_tell_all_day(
    app: Flask, kari: Phone, amir: Phone, key: SealingKey, world: World
) -> None:
    one = sheet(key, kari, {HOUR: [world.dwelling]})
    codes = [tell(app).status_code for _ in range(PARCEL_LIMIT.tries + 1)]
    assert codes == [200] * PARCEL_LIMIT.tries + [429]
    assert tell(app, one).status_code == 429
    assert tell(app, one, by=amir).status_code == 200


def test_another_site_or_too_many_are_refused(app: Flask, kari: Phone, key: SealingKey) -> None:
    one = sheet(key, kari, {HOUR: [new_id()]})
    assert app.test_client().post("/api/v1/looks", json={"looks": [one]}).status_code == 403
    assert tell(app, *[one] * 51).status_code == 413
    assert tell(app, "x").status_code == 400


@FEW
@given(
    body=ODD,
    looks=ODD,
    hours=st.dictionaries(st.text(), ODD),
    parts=st.dictionaries(st.text(), ODD),
)
def test_no_sheet_is_our_fault(
    app: Flask, kari: Phone, key: SealingKey, body: Any, looks: Any, hours: Any, parts: Any
) -> None:
    for given_body in (
        body,
        {"looks": looks},
        {"looks": [{**sheet(key, kari, {HOUR: [new_id()]}), **parts}]},
    ):
        answer = kari.client.post("/api/v1/looks", json=given_body, headers=OURS)
        assert answer.status_code < 500
    for said in (looks, hours):
        try:
            made = sheet(key, kari, said)
        except (ValueError, TypeError):
            continue  # no JSON of ours
        assert tell(app, made, by=kari).status_code == 200
