"""Sealed mutations: carried by anybody, read by nobody on the way, judged under their author."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from flask import Flask

from server import ledger, people
from server import parcels as custody
from server.database import Database
from server.people import PARCEL_LIMIT, Limit
from server.sealing import (
    BadSeal,
    Parcel,
    SealingKey,
    from_base64url,
    sealing_key,
    to_base64url,
)
from server.strict_json import canonical
from tests.makers import NOW, World, new_id, visit
from tests.server.phone import KEY, OURS, PUBLIC, Phone

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def seal(
    key: SealingKey,
    mutation: dict[str, Any],
    signer: ec.EllipticCurvePrivateKey = KEY,
    plain: bytes | None = None,
) -> Parcel:
    """Seal a mutation as a phone does, or other bytes under its name."""
    bare = Parcel(mutation["mid"], mutation["replica"], mutation["n"], key.id, b"", b"", b"")
    plain = canonical(mutation) if plain is None else plain
    sealed = SUITE.encrypt(plain, key.private.public_key(), info=bare.info)
    enc, ciphertext = sealed[:65], sealed[65:]
    r, s = decode_dss_signature(signer.sign(bare.info + sealed, ec.ECDSA(SHA256())))
    return replace(
        bare,
        enc=enc,
        ciphertext=ciphertext,
        signature=r.to_bytes(32, "big") + s.to_bytes(32, "big"),
    )


def wire(parcel: Parcel) -> dict[str, Any]:
    """Give a parcel as it travels."""
    return {
        "mid": parcel.mid,
        "replica": parcel.replica,
        "n": parcel.n,
        "key": parcel.key,
        "enc": to_base64url(parcel.enc),
        "ciphertext": to_base64url(parcel.ciphertext),
        "signature": to_base64url(parcel.signature),
    }


@pytest.fixture
def key(app: Flask) -> SealingKey:
    """The server's sealing key."""
    found: SealingKey = app.extensions["oppgang_sealing"]
    return found


@pytest.fixture
def kari(app: Flask, world: World) -> Phone:
    """Kari's phone."""
    phone = Phone(app, "kari")
    phone.sync()
    return phone


def carry(app: Flask, *parcels: Parcel) -> Any:
    """Deliver parcels without any login."""
    body = {"parcels": [wire(parcel) for parcel in parcels]}
    return app.test_client().post("/api/v1/parcels", json=body, headers=OURS)


def test_a_parcel_is_judged_under_its_author_and_the_carrier_learns_only_custody(
    app: Flask, kari: Phone, key: SealingKey
) -> None:
    made = kari.write("visit", *visit())
    answer = carry(app, seal(key, made))
    assert answer.json == {"results": [{"mid": made["mid"], "state": "in_custody"}]}
    assert kari.sync(made)[0]["repeated"] is True
    assert made["id"] in kari.base


def test_the_same_bytes_sealed_and_plain_are_one_mutation(
    app: Flask, kari: Phone, key: SealingKey, database: Database
) -> None:
    made = kari.write("visit", *visit())
    kari.sync(made)
    carry(app, seal(key, made))
    carry(app, seal(key, made))
    with database.reading() as session:
        assert len(ledger.of_record(session, made["id"])) == 1


@pytest.mark.parametrize("signed_by", ["carrier", "author"])
@pytest.mark.parametrize("sealed", [True, False])
def test_a_carrier_who_takes_the_mid_for_other_bytes_stops_nothing(
    app: Flask, kari: Phone, amir: Phone, key: SealingKey, sealed: bool, signed_by: str
) -> None:
    """Only its author's own replica can make a mid mean something else."""
    made = kari.write("visit", *visit())
    squat = amir.write("visit", *visit(), mid=made["mid"])
    if signed_by == "author":
        squat |= {"author": kari.user, "replica": kari.replica, "n": made["n"]}
    amir.sync(squat)
    if sealed:
        carry(app, seal(key, made))
    for repeated in (sealed, True):
        told = kari.sync(made)[0]
        assert (told["mid"], told["state"]) == (made["mid"], "applied")
        assert told.get("repeated", False) is repeated and "fork" not in told
    assert made["id"] in kari.base
    assert amir.sync(squat)[0]["state"] == ("applied" if signed_by == "carrier" else "held")
    changed = {**made, "set": {**made["set"], "outcome": "refused"}}
    assert kari.sync(changed)[0]["reason"] == "mid_clash"


def test_what_bears_a_taken_mid_and_waits_is_told_of_by_its_own_name(
    kari: Phone, amir: Phone, world: World
) -> None:
    plan = new_id()
    made = kari.write("visit", *visit(plan))
    amir.sync(amir.write("visit", *visit(), mid=made["mid"]))
    assert kari.sync(made)[0]["reason"] == "ref"
    body = {"dwelling": world.dwelling, "planned_on": "2026-11-23"}
    amir.sync(amir.write("planned_visit", plan, body))
    kari.sync()
    told = [receipt["body"] for receipt in kari.of("receipt")]
    assert [(each["mid"], each["state"]) for each in told] == [(made["mid"], "applied")]
    assert made["id"] in kari.base


@pytest.mark.parametrize(
    "harm", ["signature", "ciphertext", "enc", "key", "n", "replica", "signer"]
)
def test_a_parcel_that_was_changed_is_kept_and_held_as_unreadable(
    app: Flask, kari: Phone, key: SealingKey, database: Database, harm: str
) -> None:
    made = kari.write("visit", *visit())
    good = seal(key, made)
    flipped = {
        "signature": {"signature": good.signature[:-1] + bytes([good.signature[-1] ^ 1])},
        "ciphertext": {"ciphertext": good.ciphertext[:-1] + bytes([good.ciphertext[-1] ^ 1])},
        "enc": {"enc": good.enc[:-1] + bytes([good.enc[-1] ^ 1])},
        "key": {"key": "0" * 16},
        "n": {"n": good.n + 1},
        "replica": {"replica": new_id()},
        "signer": {},
    }
    bad = replace(good, **flipped[harm])  # type: ignore[arg-type]
    if harm == "signer":
        bad = seal(key, made, ec.derive_private_key(8, ec.SECP256R1()))
    assert carry(app, bad).status_code == 200
    with database.reading() as session:
        held = ledger.held(session, "unreadable")
        assert [entry.clash_of for entry in held] == [made["mid"]]
        assert orjson.loads(held[0].raw)["mid"] == made["mid"]
    carry(app, good)
    assert kari.sync(made)[0]["state"] == "applied"


def test_what_is_in_a_parcel_must_be_what_its_envelope_says(
    app: Flask, kari: Phone, key: SealingKey, database: Database
) -> None:
    made = kari.write("visit", *visit())
    other = {**made, "mid": new_id()}
    bare = Parcel(other["mid"], made["replica"], made["n"], key.id, b"", b"", b"")
    sealed = SUITE.encrypt(canonical(made), key.private.public_key(), info=bare.info)
    r, s = decode_dss_signature(KEY.sign(bare.info + sealed, ec.ECDSA(SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    carry(app, replace(bare, enc=sealed[:65], ciphertext=sealed[65:], signature=signature))
    with database.reading() as session:
        assert ledger.find(session, [made["mid"], other["mid"]]) == {}
        assert len(ledger.held(session, "unreadable")) == 1


def test_the_last_words_of_a_revoked_phone_are_kept(
    app: Flask, kari: Phone, key: SealingKey, database: Database
) -> None:
    made = kari.write("visit", *visit())
    with database.writing() as session:
        people.revoke_replica(session, kari.replica, NOW)
    assert carry(app, seal(key, made)).status_code == 200
    with database.reading() as session:
        entry = ledger.find(session, [made["mid"]])[made["mid"]]
        assert (entry.state, entry.reason, entry.sealed) == ("held", "replica_revoked", True)


@pytest.mark.parametrize(
    "parcels",
    [None, {}, ["x"], [{}], [{"mid": new_id()}], [{"mid": new_id(), "replica": new_id(), "n": 0}]],
)
def test_what_is_no_parcel_is_unreadable(app: Flask, parcels: Any) -> None:
    answer = app.test_client().post("/api/v1/parcels", json={"parcels": parcels}, headers=OURS)
    assert answer.status_code == 400


def test_the_open_door_is_throttled(app: Flask) -> None:
    answers = [carry(app) for _ in range(PARCEL_LIMIT.tries + 1)]
    assert [a.status_code for a in answers] == [200] * PARCEL_LIMIT.tries + [429]
    assert int(answers[-1].headers["Retry-After"]) <= 61


def junk(size_bytes: int) -> Parcel:
    """Give bytes of somebody whom nobody knows, in the shape of a parcel."""
    return Parcel(new_id(), new_id(), 1, "0" * 16, bytes(65), bytes(size_bytes), bytes(64))


def unread(database: Database) -> int:
    """Count what is kept and cannot be opened."""
    with database.reading() as session:
        return len(ledger.held(session, "unreadable"))


def test_what_nobody_is_known_to_have_signed_takes_no_more_room_than_there_is(
    app: Flask, kari: Phone, key: SealingKey, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody, "STRANGER_LIMIT", Limit(10_000, timedelta(hours=1)))
    assert [carry(app, junk(2_500)).status_code for _ in range(4)] == [200, 200, 429, 429]
    assert unread(database) == 2
    made = kari.write("visit", *visit())
    full = carry(app, junk(2_500), seal(key, made))
    assert full.status_code == 429 and 0 < int(full.headers["Retry-After"]) <= 3_601
    with database.reading() as session:
        assert ledger.find(session, [made["mid"]])[made["mid"]].state == "applied"
    assert carry(app, seal(key, made)).status_code == 200
    assert carry(app, junk(1_000_000)).status_code == 429, "the count itself has an end"


def test_many_addresses_share_the_room_for_what_nobody_is_known_to_have_signed(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody, "STRANGERS_LIMIT", Limit(10_000, timedelta(hours=1)))
    for last, code in ((1, 200), (2, 200), (3, 429)):
        body = {"parcels": [wire(junk(2_500))]}
        there = {"REMOTE_ADDR": f"192.0.2.{last}"}
        answer = app.test_client().post(
            "/api/v1/parcels", json=body, headers=OURS, environ_overrides=there
        )
        assert answer.status_code == code, last
    assert unread(database) == 2


def test_a_signature_of_another_length_is_none(key: SealingKey) -> None:
    made = {"mid": new_id(), "replica": new_id(), "n": 1}
    with pytest.raises(BadSeal):
        key.open(replace(seal(key, made), signature=b"short"), from_base64url(PUBLIC))


def test_base64url_is_read_strictly() -> None:
    assert from_base64url(to_base64url(b"\xff\xfe")) == b"\xff\xfe"
    for odd in ("__4=", "_+4", "__5", " __4", 7, "æ"):
        with pytest.raises(ValueError):
            from_base64url(odd)


def test_the_key_is_named_after_its_public_point(app: Flask, key: SealingKey) -> None:
    again = sealing_key(app.extensions["oppgang_settings"].sealing_key)
    assert (again.id, again.public) == (key.id, key.public)
