"""Until when a phone can be read: what it was granted, never less than it may still go by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from werkzeug.test import TestResponse

from server import people
from server.database import Database
from server.keeping import receipts
from server.people import SEEN_EVERY, Replica
from server.records import REGISTRY
from server.records.tenancy import Tenancy
from server.sealing import Parcel, SealingKey
from server.shapes import PUBLIC
from server.strict_json import canonical
from tests.makers import USERS, World, new_id, visit
from tests.server.phone import OURS, Phone
from tests.server.test_leases import ask, laid_down
from tests.server.test_parcels import seal, wire

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
BEFORE_EASTER = datetime(2027, 3, 24, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
DOOR = "/api/v1/emptied"


@pytest.fixture
def key(app: Flask) -> SealingKey:
    """The server's sealing key."""
    found: SealingKey = app.extensions["oppgang_sealing"]
    return found


@pytest.fixture
def clock() -> Iterator[Any]:
    """It is Monday morning until a test says otherwise."""
    with time_machine.travel(MONDAY, tick=False) as moved:
        yield moved


def until(database: Database, phone: Phone) -> datetime | None:
    """Read until when a phone may be read."""
    with database.reading() as session:
        row = session.get(Replica, phone.replica)
        assert row is not None
        return row.readable_until


def contact(phone: Phone, policy: str | None) -> str:
    """Have a phone that holds a policy ask; give the version that it holds after the answer."""
    told = phone.ask(policy=policy).get("policy", {"version": policy})
    version: str = told["version"]
    return version


def test_each_contact_of_an_app_that_knows_leases_moves_it_on_and_silence_does_not(
    app: Flask, world: World, database: Database, clock: Any
) -> None:
    kari = Phone(app, "kari")
    held = contact(kari, None)
    assert until(database, kari) is None, "it has not said that it goes by anything"
    contact(kari, held)
    assert until(database, kari) == MONDAY + 72 * HOUR + SEEN_EVERY
    clock.move_to(MONDAY + 4 * HOUR / 60)
    contact(kari, held)
    assert until(database, kari) == MONDAY + 72 * HOUR + SEEN_EVERY, "within what was written"
    clock.move_to(MONDAY + 5 * HOUR)
    contact(kari, held)
    assert until(database, kari) == MONDAY + 77 * HOUR + SEEN_EVERY


def test_a_longer_lease_counts_until_the_phone_says_that_it_has_the_shorter(
    app: Flask, world: World, database: Database, clock: Any
) -> None:
    """The answer that shortens it may be lost on the way."""
    clock.move_to(BEFORE_EASTER)
    kari = Phone(app, "kari")
    easter = contact(kari, contact(kari, None))
    long = BEFORE_EASTER + 192 * HOUR + SEEN_EVERY
    assert until(database, kari) == long
    with database.writing() as session:
        people.set_network_only(session, kari.user, True, "Kode 6", USERS["admin"], BEFORE_EASTER)
    short = contact(kari, easter)
    assert until(database, kari) == long, "it may not have had the answer"
    contact(kari, short)
    assert until(database, kari) == BEFORE_EASTER + HOUR + SEEN_EVERY


def test_keys_that_are_given_back_count_as_the_longest_lease_until_an_answer_grants_one(
    app: Flask, world: World, database: Database, key: SealingKey, clock: Any
) -> None:
    kari = Phone(app, "kari")
    held = contact(kari, contact(kari, None))
    clock.move_to(MONDAY + 100 * HOUR)
    assert ask(kari, personal=laid_down(key, kari)).status_code == 200
    assert until(database, kari) == MONDAY + (100 + 14 * 24) * HOUR + SEEN_EVERY
    clock.move_to(MONDAY + 168 * HOUR)
    contact(kari, held)
    assert until(database, kari) == MONDAY + (168 + 72) * HOUR + SEEN_EVERY


def test_a_closed_phone_is_granted_nothing(
    app: Flask, world: World, database: Database, clock: Any
) -> None:
    kari = Phone(app, "kari")
    held = contact(kari, contact(kari, None))
    with database.writing() as session:
        people.revoke_replica(session, kari.replica, MONDAY)
    clock.move_to(MONDAY + 50 * HOUR)
    assert kari.post(policy=held).status_code == 410
    assert until(database, kari) == MONDAY + 72 * HOUR + SEEN_EVERY


def last_word(key: SealingKey, phone: Phone, **said: Any) -> Parcel:
    """Give the receipt of a vault as its phone signs it."""
    name = {"mid": new_id(), "replica": phone.replica, "n": 1}
    return seal(key, name, plain=canonical(said or {"emptied": phone.replica}))


def tell(app: Flask, parcel: object) -> TestResponse:
    """Tell it without any login."""
    said = {"sealed": wire(parcel) if isinstance(parcel, Parcel) else parcel}
    return app.test_client().post(DOOR, json=said, headers=OURS)


def state(database: Database, phone: Phone) -> tuple[list[bool], bool]:
    """Give which erasures a phone has answered, and whether it has told that it was emptied."""
    with database.reading() as session:
        told = receipts.told(session)
        row = session.get(Replica, phone.replica)
        answered = [all(each.replica != phone.replica for each in one.silent) for one in told]
        return answered, row is not None and row.emptied_at is not None


def test_a_closed_phone_that_emptied_itself_has_given_its_receipt(
    app: Flask, world: World, database: Database, key: SealingKey, clock: Any
) -> None:
    """For what was erased before, and for what is erased after; another phone's is not given."""
    kari, amir = Phone(app, "kari"), Phone(app, "amir")
    had = []
    for phone in (kari, amir):
        made = phone.write("visit", *visit())
        had.append(made["id"])
        phone.sync(made)
        phone.sync()
    assert receipts.expect(database, had, MONDAY) == 2
    with database.writing() as session:
        people.revoke_replica(session, kari.replica, MONDAY)
    assert state(database, kari) == ([False], False)
    assert tell(app, last_word(key, kari)).json == {"emptied": kari.replica}
    assert state(database, kari) == ([True], True) and state(database, amir) == ([False], False)
    clock.move_to(MONDAY + HOUR)
    assert receipts.expect(database, had, MONDAY + HOUR) == 2
    assert state(database, kari)[0] == [True, True] and state(database, amir)[0] == [False, False]
    assert tell(app, last_word(key, kari)).status_code == 200
    with database.reading() as session:
        row = session.get(Replica, kari.replica)
        assert row is not None and row.emptied_at == MONDAY, "the first time it said so"


def test_nothing_but_the_phones_own_word_is_a_receipt(
    app: Flask, world: World, database: Database, key: SealingKey
) -> None:
    kari, amir = Phone(app, "kari"), Phone(app, "amir")
    made = kari.write("visit", *visit())
    kari.sync(made)
    kari.sync()
    receipts.expect(database, [made["id"]], datetime.now(UTC))
    mine = last_word(key, kari)
    name = {"mid": new_id(), "replica": kari.replica, "n": 1}
    thief = ec.generate_private_key(ec.SECP256R1())
    foreign = seal(key, name, thief, canonical({"emptied": kari.replica}))
    refused: tuple[object, ...] = (
        seal(key, made),
        last_word(key, kari, emptied=amir.replica),
        last_word(key, kari, emptied=kari.replica, more=1),
        foreign,
        {**wire(mine), "n": 2},
        {**wire(mine), "replica": new_id()},
        {},
        None,
    )
    for bad in refused:
        assert tell(app, bad).status_code == 400, bad
    assert state(database, kari) == ([False], False)
    elsewhere = app.test_client().post(DOOR, json={"sealed": wire(mine)})
    assert elsewhere.status_code == 403, "sent by another site"


def test_all_that_a_household_is_erased_with_ends_with_what_tells_of_somebody() -> None:
    """By the rule of the phone (secrecy.ts): so one moment says until when it can be read."""
    specs = REGISTRY.values()
    personal: set[str] = set()
    before = -1
    while before < len(personal):
        before = len(personal)
        for spec in specs:
            said = any(
                field.sensitive is not PUBLIC or name == "status" or field.to in personal
                for name, field in spec.fields.items()
            )
            if said:
                personal.add(spec.name)
    about = {Tenancy.spec.name}
    for _ in specs:
        about |= {
            spec.name for spec in specs if any(field.to in about for field in spec.fields.values())
        }
    belonging = {"addendum", "attachment", "receipt", "review"} & REGISTRY.keys()
    assert about | belonging <= personal
