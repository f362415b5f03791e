"""Notes from the lock of a vault that nobody can open: drafts of their author's, if they open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from server import ledger, parcels
from server.database import Database
from server.parcels import as_written
from server.people import Limit
from server.sealing import SealingKey, to_base64url
from server.shapes import write_instant
from server.strict_json import canonical
from sync.mutation import one_per_id
from tests.makers import NOW, World, new_id
from tests.server.confiding import made, sent_in, talk_sent_in
from tests.server.phone import KEY, OURS, Phone
from tests.server.planned import all_of
from tests.server.test_fuzz import FEW, ODD
from tests.server.test_parcels import SUITE, seal

WORDS = "Hun ba meg ringe datteren"
NOTES = ec.derive_private_key(21, ec.SECP256R1())
VAULT = new_id()


@pytest.fixture
def key(app: Flask) -> SealingKey:
    """The server's sealing key."""
    found: SealingKey = app.extensions["oppgang_sealing"]
    return found


def laid_down(
    to: SealingKey, replica: str, signer: ec.EllipticCurvePrivateKey = KEY, **said: Any
) -> dict[str, Any]:
    """Give the key to the notes as a phone lays it down, or something else under its name."""
    raw = to_base64url(NOTES.private_numbers().private_value.to_bytes(32))
    plain = canonical({"vault": VAULT, "key": raw, **said})
    about = {"mid": new_id(), "replica": replica, "n": 1}
    return dict(as_written(seal(to, about, signer, plain)))


def note(
    words: Any = WORDS, written_at: Any = None, vault: str = VAULT, id: str = ""
) -> dict[str, Any]:
    """Give a note as it lay at the lock."""
    id, at = id or new_id(), written_at or write_instant(NOW)
    plain = canonical({"words": words, "written_at": at})
    sealed = SUITE.encrypt(plain, NOTES.public_key(), info=f"oppgang/1|note|{vault}|{id}".encode())
    return {"id": id, "enc": to_base64url(sealed[:65]), "ciphertext": to_base64url(sealed[65:])}


def bring(app: Flask, deposit: Any, *notes: Any, vault: Any = VAULT) -> Any:
    """Deliver notes without any login."""
    body = {"vault": vault, "deposit": deposit, "notes": list(notes)}
    return app.test_client().post("/api/v1/locked-notes", json=body, headers=OURS)


def drafts(phone: Phone) -> dict[str, Any]:
    """Give the notes that a phone has to sort, by id."""
    phone.sync()
    return {
        record["id"]: record["body"].get(f"notes/{phone.user}")
        for record in phone.of("conversation")
    }


def test_a_note_is_a_draft_of_its_authors_alone_and_of_the_moment_it_was_written(
    app: Flask, kari: Phone, amir: Phone, key: SealingKey
) -> None:
    one, two = note(written_at="2026-03-01T22:59:00.000Z"), note("En annen")
    answer = bring(app, laid_down(key, kari.replica), one, two)
    assert answer.json == {
        "results": [{"mid": each["id"], "state": "in_custody"} for each in (one, two)]
    }
    assert drafts(kari) == {one["id"]: WORDS, two["id"]: "En annen"}
    assert drafts(amir) == {}
    [body] = [each["body"] for each in kari.of("conversation") if each["id"] == one["id"]]
    assert body["talked_on"] == "2026-03-01" and "status" not in body


def test_what_is_brought_twice_comes_once(
    app: Flask, kari: Phone, key: SealingKey, database: Database
) -> None:
    deposit, one = laid_down(key, kari.replica), note()
    bring(app, deposit, one)
    bring(app, deposit, one)
    assert drafts(kari) == {one["id"]: WORDS}
    with database.reading() as session:
        assert len(ledger.of_record(session, one["id"])) == 1


@pytest.mark.parametrize("harm", ["signer", "replica", "vault", "no_key", "words", "moved", "old"])
def test_what_cannot_be_opened_is_kept_and_held_and_stops_no_other(
    app: Flask, kari: Phone, key: SealingKey, database: Database, harm: str
) -> None:
    deposit, one = laid_down(key, kari.replica), note()
    if harm == "signer":
        deposit = laid_down(key, kari.replica, ec.derive_private_key(8, ec.SECP256R1()))
    elif harm == "replica":
        deposit = laid_down(key, new_id())
    elif harm == "vault":
        deposit = laid_down(key, kari.replica, vault=new_id())
    elif harm == "no_key":
        deposit = laid_down(key, kari.replica, key=to_base64url(bytes(40)))
    elif harm == "words":
        one = note(["ikke", "tekst"])
    elif harm == "moved":
        one = {**one, "id": new_id()}
    else:
        one = note(written_at="i går")
    assert bring(app, deposit, one).status_code == 200
    with database.reading() as session:
        [held] = ledger.held(session, "unreadable")
        assert held.clash_of == one["id"] and one["ciphertext"].encode() in held.raw
    good = note()
    bring(app, laid_down(key, kari.replica), good)
    assert drafts(kari) == {good["id"]: WORDS}


def test_a_note_under_the_id_of_a_colleagues_talk_reads_and_writes_nothing_of_it(
    app: Flask, kari: Phone, amir: Phone, key: SealingKey, world: World, database: Database
) -> None:
    """The server writes notes in its own name, and a talk's id can be worked out from its visit."""
    visit = made(kari, "visit", *sent_in(kari))
    talk: dict[str, Any] = {"visit": visit, "dwelling": world.dwelling, "summary": "Karis ord"}
    draft = made(kari, "conversation", one_per_id("conversation", [visit]), talk)
    closed = talk_sent_in(kari, world)
    before = all_of(world, "conversation")
    for id in (draft, closed, world.dwelling):
        assert bring(app, laid_down(key, amir.replica), note(id=id)).status_code == 200
    assert drafts(amir) == {} and all_of(world, "conversation") == before
    with database.reading() as session:
        held = ledger.held(session, "unreadable")
        assert [(one.clash_of, one.author) for one in held] == [
            (id, amir.user) for id in (draft, closed, world.dwelling)
        ], "nothing that was written is lost"


def test_what_its_author_took_up_on_the_phone_meanwhile_is_the_same_draft(
    app: Flask, kari: Phone, key: SealingKey, database: Database
) -> None:
    one = note()
    made(kari, "conversation", one["id"], {f"notes/{kari.user}": WORDS})
    bring(app, laid_down(key, kari.replica), one)
    assert drafts(kari) == {one["id"]: WORDS}
    with database.reading() as session:
        assert ledger.held(session, "unreadable") == []


def test_a_clock_ahead_of_ours_is_not_believed(app: Flask, kari: Phone, key: SealingKey) -> None:
    one = note(written_at="2099-01-01T08:00:00.000Z")
    bring(app, laid_down(key, kari.replica), one)
    assert drafts(kari) == {one["id"]: WORDS}
    [body] = [each["body"] for each in kari.of("conversation")]
    assert body["talked_on"] < "2099"


def test_notes_that_nobody_is_known_to_have_signed_take_no_more_room_than_there_is(
    app: Flask, kari: Phone, key: SealingKey, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcels, "STRANGER_LIMIT", Limit(1_500, timedelta(hours=1)))
    odd = laid_down(key, new_id())
    answers = [bring(app, odd, note()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 429, 429]
    with database.reading() as session:
        assert len(ledger.held(session, "unreadable")) == 1
    assert bring(app, laid_down(key, kari.replica), note()).status_code == 200
    assert list(drafts(kari).values()) == [WORDS]


def test_another_site_or_too_many_are_refused_and_nothing_is_taken(
    app: Flask, kari: Phone, key: SealingKey
) -> None:
    deposit = laid_down(key, kari.replica)
    body = {"vault": VAULT, "deposit": deposit, "notes": [note()]}
    assert app.test_client().post("/api/v1/locked-notes", json=body).status_code == 403
    assert bring(app, deposit, *[note()] * 101).status_code == 413
    assert bring(app, deposit, note(), vault="x").status_code == 400
    assert drafts(kari) == {}


@FEW
@given(body=ODD, vault=ODD, deposit=ODD, notes=ODD, parts=st.dictionaries(st.text(), ODD))
def test_no_note_is_our_fault(
    app: Flask,
    kari: Phone,
    key: SealingKey,
    body: Any,
    vault: Any,
    deposit: Any,
    notes: Any,
    parts: Any,
) -> None:
    sound = laid_down(key, kari.replica)
    for given_body in (
        body,
        {"vault": vault, "deposit": sound, "notes": [note()]},
        {"vault": VAULT, "deposit": deposit, "notes": [note()]},
        {"vault": VAULT, "deposit": sound, "notes": notes},
        {
            "vault": VAULT,
            "deposit": sound,
            "notes": [{**note(), **parts}, {"id": new_id(), **parts}],
        },
    ):
        answer = app.test_client().post("/api/v1/locked-notes", json=given_body, headers=OURS)
        assert answer.status_code < 500
