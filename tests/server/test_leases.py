"""Leases: what a phone laid down is given back to its own user, and to nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from werkzeug.test import TestResponse

from server import create_app, people
from server.config import Settings
from server.database import Database
from server.sealing import Parcel, SealingKey
from server.strict_json import canonical
from tests.makers import USERS, World, new_id, visit
from tests.server.phone import OURS, Phone
from tests.server.test_parcels import seal, wire

WRAPPED = "AAECAwQFBgcICQoLDA0ODw"
DOOR = "/api/v1/leases"
JSON = OURS | {"Content-Type": "application/json"}


@pytest.fixture
def key(app: Flask) -> SealingKey:
    """The server's sealing key."""
    found: SealingKey = app.extensions["oppgang_sealing"]
    return found


@pytest.fixture
def kari(app: Flask, world: World) -> Phone:
    """Kari's phone."""
    return Phone(app, "kari")


def laid_down(sealing: SealingKey, phone: Phone, lease: str = "personal", **more: Any) -> Parcel:
    """Give a key as a phone lays it down."""
    name = {"mid": new_id(), "replica": phone.replica, "n": 1}
    return seal(sealing, name, plain=canonical({"lease": lease, "key": WRAPPED, **more}))


def ask(phone: Phone, **sealed: Parcel | object) -> TestResponse:
    """Ask for keys back."""
    said = {n: wire(each) if isinstance(each, Parcel) else each for n, each in sealed.items()}
    return phone.client.post(DOOR, json={"sealed": said}, headers=OURS)


def code_of(answer: TestResponse) -> str:
    """Give the name of the problem; a phone gives its vault up at one of them alone."""
    said: str = answer.get_json(force=True)["code"]
    return said


def test_a_phone_gets_what_it_laid_down_itself(kari: Phone, key: SealingKey) -> None:
    both = {name: laid_down(key, kari, name) for name in ("technical", "personal")}
    assert ask(kari, **both).json == {"technical": WRAPPED, "personal": WRAPPED}
    assert ask(kari, personal=both["personal"]).json == {"personal": WRAPPED}


def test_nobody_else_gets_it_nor_a_phone_that_is_closed(
    app: Flask, kari: Phone, key: SealingKey, database: Database
) -> None:
    mine = laid_down(key, kari)
    assert ask(Phone(app, "amir"), personal=mine).status_code == 409
    said = {"sealed": {"personal": wire(mine)}}
    nobody = app.test_client().post("/api/v1/leases", json=said, headers=OURS)
    assert nobody.status_code == 401
    unknown = replace(mine, replica=new_id())
    assert ask(kari, personal=unknown).status_code == 404
    elsewhere = kari.client.post(DOOR, json=said)
    assert (elsewhere.status_code, code_of(elsewhere)) == (403, "forged"), "sent by another site"
    with database.writing() as session:
        people.revoke_replica(session, kari.replica, datetime.now(UTC))
    assert ask(kari, personal=mine).status_code == 410, "though the login stands"
    with database.writing() as session:
        people.close_sessions(session, kari.user, datetime.now(UTC))
    assert ask(kari, personal=mine).status_code == 410
    assert ask(kari).status_code == 401


def test_the_door_opens_nothing_but_the_key_of_that_very_lease(
    kari: Phone, key: SealingKey
) -> None:
    """It is no way to read what a colleague on the same phone has sealed.

    That it cannot be opened is told apart from a letter that cannot be read. What was laid down in
    no shape at all is not opened later either.
    """
    made = kari.write("visit", *visit())
    mine = laid_down(key, kari)
    stranger = ec.generate_private_key(ec.SECP256R1())
    name = {"mid": mine.mid, "replica": mine.replica, "n": 1}
    plain = canonical({"lease": "personal", "key": WRAPPED})
    refused: tuple[Parcel | object, ...] = (
        seal(key, made),
        laid_down(key, kari, "technical"),
        laid_down(key, kari, more="x"),
        laid_down(key, kari, key=7),
        laid_down(key, kari, key="x" * 1_000),
        replace(mine, n=2),
        replace(mine, ciphertext=mine.ciphertext[:-1] + bytes([mine.ciphertext[-1] ^ 1])),
        seal(key, name, stranger, plain),
        seal(key, name, plain=b"\x00" * 32),
        {},
        None,
    )
    for bad in refused:
        answer = ask(kari, personal=bad)
        assert (answer.status_code, code_of(answer)) == (400, "lease_unopenable"), bad
    assert code_of(ask(kari)) == "lease_unopenable"
    for garbled in (ask(kari, everything=mine), kari.client.post(DOOR, data=b"{", headers=JSON)):
        assert code_of(garbled) == "unreadable"


def test_what_a_missing_key_may_yet_open_makes_the_phone_wait(kari: Phone, key: SealingKey) -> None:
    """A database is laid back before its keys are; no vault is thrown away meanwhile."""
    answer = ask(kari, personal=laid_down(replace(key, id="0" * 16), kari))
    assert (answer.status_code, code_of(answer)) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 0


def test_whoever_is_not_logged_in_is_told_that_alone(app: Flask, world: World) -> None:
    said: dict[str, dict[str, dict[str, str]]] = {"sealed": {"personal": {}}}
    assert app.test_client().post(DOOR, json=said, headers=OURS).status_code == 401


@pytest.mark.parametrize(
    ("day", "days", "hours"),
    [
        ("2026-03-02", 3, 72),  # Monday to Thursday
        ("2026-03-06", 3, 120),  # Friday to Wednesday
        ("2027-03-24", 3, 192),  # the Wednesday before Easter, to the Thursday after
        ("2026-03-06", 1, 72),
        ("2026-03-02", 14, 336),
    ],
)
def test_each_answer_says_how_long_the_phone_may_be_read(
    day: str, days: int, hours: int, settings: Settings, world: World
) -> None:
    app = create_app(replace(settings, lease_days=days))
    with time_machine.travel(datetime.fromisoformat(f"{day}T08:00:00+00:00"), tick=False):
        lease = Phone(app, "kari").ask()["policy"]["lease"]
    assert lease == {"personal": hours, "technical": 336}
    app.extensions["oppgang"].close()


ALONE = {"personal": 1, "technical": 1, "network_only": True}


def test_where_no_day_is_given_every_phone_is_read_with_a_network_alone(
    settings: Settings, world: World
) -> None:
    app = create_app(replace(settings, lease_days=0))
    assert Phone(app, "kari").ask()["policy"]["lease"] == ALONE
    app.extensions["oppgang"].close()


def test_one_of_whom_that_was_set_is_told_so_at_the_next_contact_and_nobody_else(
    app: Flask, world: World, database: Database
) -> None:
    """Who holds the policy of before is told the new one; when it is lifted, that too.

    Whoever logs in is told as well, before there is a vault: its keys then never lie on a disk.
    """
    kari, amir = Phone(app, "kari"), Phone(app, "amir")

    def told(phone: Phone, **more: Any) -> dict[str, Any]:
        policy: dict[str, Any] = phone.ask(**more)["policy"]
        return policy

    def decide(holds: bool) -> None:
        now = datetime.now(UTC)
        with database.writing() as session:
            people.set_network_only(session, kari.user, holds, "Kode 6", USERS["admin"], now)

    ordinary, others = told(kari), told(amir)
    assert "network_only" not in ordinary["lease"]
    assert "policy" not in kari.ask(policy=ordinary["version"])
    decide(True)
    now = told(kari, policy=ordinary["version"])
    assert now["lease"] == kari.client.get("/api/v1/me").get_json()["lease"] == ALONE
    assert told(amir) == others
    assert "policy" not in kari.ask(policy=now["version"])
    decide(False)
    assert told(kari, policy=now["version"]) == ordinary
    assert kari.client.get("/api/v1/me").get_json()["lease"] == ordinary["lease"]
