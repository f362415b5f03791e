"""What comes late, three times or from a phone that is gone, and what a restore never saw."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from server import create_app, people
from server.config import Settings
from server.database import Database
from server.keeping.backup import restore_backup, write_backup
from server.sealing import SealingKey
from server.shapes import Json
from sync.mutation import receipt_id
from tests.fresh import Fresh
from tests.makers import NOW, World, example, new_id, visit
from tests.server.confiding import made
from tests.server.phone import Phone, open_login
from tests.server.situations import AT, status
from tests.server.test_confided_answers import WHISPERED, a_case, leader
from tests.server.test_parcels import carry, key, seal

__all__ = ["key", "leader"]


def a_party(phone: Phone, case: str) -> str:
    """Let a phone's owner talk with one side of a case."""
    known = {path: shown for path, shown in phone.base.items() if shown["kind"] == "case_party"}
    side = "abcd"[len(known)]
    team: dict[str, Json] = {f"team/{phone.user}": True}
    return made(phone, "case_party", new_id(), {"case": case, "side": side, **team})


def a_talk(phone: Phone, party: str, words: str) -> dict[str, Json]:
    """Give what a party said, sent in."""
    said: dict[str, Json] = {"party": party, "talked_on": "2026-11-21", "words": words}
    return {**said, "status": status(phone, "submitted")}


def test_what_was_written_of_a_case_that_a_colleague_closed_meanwhile_is_kept_and_asked_about(
    kari: Phone, amir: Phone, leader: Phone, world: World
) -> None:
    """New words come in as they are; how far it has come is asked about, and it stays closed."""
    case = a_case(kari, amir, world)
    party = a_party(amir, case)
    step: dict[str, Json] = {"state": "agreement", "by": amir.user, "at": AT}
    late = amir.edit(case, handling=step)
    dated = amir.edit(case, parties_contacted_on="2026-11-20")
    heard = amir.write("party_talk", new_id(), a_talk(amir, party, "De ble enige."))
    closed: dict[str, Json] = {"state": "closed", "by": kari.user, "at": AT}
    kari.sync(kari.edit(case, handling=closed, outcome="solved", closed_on="2026-11-22"))
    results = amir.sync(late, dated, heard)
    assert [each["state"] for each in results] == ["review", "applied", "applied"]
    leader.sync()
    assert leader.body(case)["handling"] == closed
    assert leader.body(case)["parties_contacted_on"] == "2026-11-20"
    assert leader.body(heard["id"])["words"] == "De ble enige."
    (review,) = results[0]["reviews"]
    assert leader.body(review)["value"] == amir.body(review)["value"] == step


def test_what_a_lost_phone_never_sent_of_a_case_is_read_by_its_leader_alone(
    app: Flask,
    kari: Phone,
    amir: Phone,
    office: Phone,
    leader: Phone,
    key: SealingKey,
    database: Database,
    world: World,
) -> None:
    """Neither who carries it here, nor who has the phone, nor the office learns of it."""
    case = a_case(kari, amir, world)
    talk = kari.write("party_talk", new_id(), a_talk(kari, a_party(kari, case), WHISPERED))
    with database.writing() as session:
        people.revoke_replica(session, kari.replica, NOW)
    parcel = seal(key, talk)
    answer = carry(app, parcel)
    assert answer.status_code == 200 and WHISPERED not in answer.text
    assert WHISPERED.encode() not in parcel.ciphertext
    assert kari.post([talk]).status_code != 200, "the phone is told nothing any more"
    for phone in (office, amir, leader):
        phone.sync()
    assert leader.body(receipt_id(talk["mid"]))["set"]["words"] == WHISPERED
    for phone in (office, amir):
        assert WHISPERED not in repr(phone.base)


def test_three_who_report_one_leak_are_all_heard_and_the_landlord_reads_it_in_one_place(
    app: Flask, kari: Phone, amir: Phone, world: World
) -> None:
    """Two add to what stands; one knew of none and reported anew; no word of theirs is lost."""
    eva, ola = Phone(app, "eva"), Phone(app, "ola")
    leak: dict[str, Json] = {**example("deviation", building=None), "dwelling": world.dwelling}
    first = {**leak, "words": "Det lekker under vasken.", "status": status(kari, "submitted")}
    one = made(kari, "deviation", new_id(), first)
    amir.sync(), ola.sync()
    again = {"record": one, "words": "Det lekker mer."}
    results = amir.sync(amir.write("addendum", new_id(), again))
    results += ola.sync(
        ola.write("addendum", new_id(), {"record": one, "words": "Nå drypper det."})
    )
    anew = {**leak, "words": "Vann i skapet.", "status": status(kari, "submitted")}
    results += kari.sync(kari.write("deviation", new_id(), anew))
    assert {each["state"] for each in results} == {"applied"}
    eva.sync()
    added = [a["body"]["words"] for a in eva.of("addendum") if a["body"]["record"] == one]
    assert sorted(added) == ["Det lekker mer.", "Nå drypper det."]
    there = [d for d in eva.of("deviation") if d["body"]["dwelling"] == world.dwelling]
    assert {d["body"]["words"] for d in there} == {"Det lekker under vasken.", "Vann i skapet."}


def test_what_a_restored_server_never_saw_is_sent_again_and_overwrites_nothing_unseen(
    app: Flask,
    kari: Phone,
    amir: Phone,
    world: World,
    settings: Settings,
    fresh: Fresh,
    tmp_path: Path,
) -> None:
    """Others write on past where the phone had come: it is told to begin anew, and sends again."""
    fault: dict[str, Json] = {**example("deviation", building=None), "dwelling": world.dwelling}
    fault["status"] = status(kari, "submitted")
    old = kari.write("deviation", new_id(), fault)
    kari.sync(old)
    amir.sync()
    write_backup(app.extensions["oppgang"], settings, tmp_path / "one.backup", NOW)
    new = kari.write("visit", *visit())
    lost = kari.edit(old["id"], severity="low")
    assert [each["state"] for each in kari.sync(new, lost)] == ["applied", "applied"]
    app.extensions["oppgang"].close()

    empty, other = fresh()
    empty.close()
    restored = create_app(other)
    restore_backup(restored.extensions["oppgang"], other, tmp_path / "one.backup")
    for phone in (kari, amir):
        phone.client = open_login(restored, phone.user)
    theirs = amir.edit(old["id"], severity="critical")
    others = [amir.write("visit", *visit()) for _ in range(9)]
    assert {each["state"] for each in amir.sync(theirs, *others)} == {"applied"}
    reply = kari.ask()
    assert set(reply["reset"]) == set(reply["access"]["scopes"])
    kari.install(reply)
    told = kari.sync(old, new, lost)
    assert [(t["state"], t.get("repeated", False)) for t in told[:2]] == [
        ("applied", True),
        ("applied", False),
    ]
    assert told[2]["state"] == "review", "a colleague wrote there since"
    assert {old["id"], new["id"]} <= kari.base.keys()
    assert kari.body(old["id"])["severity"] == "critical"
    restored.extensions["oppgang"].close()
