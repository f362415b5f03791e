"""Kode 6 where nobody's scopes are asked: export, import, counts of rules, and what is held."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server import access_log
from server.access import actor_of, barred, scopes_of, visible
from server.database import Database
from server.imports import DWELLINGS, TENANCIES, Options, Plan, Writer, apply, make_plan
from server.keeping import export, retention
from server.records.record import Envelope
from sync.mutation import receipt_id
from tests.makers import NOW, USERS, World, example, new_id
from tests.server.confiding import made, talk_sent_in, tenancy
from tests.server.lane import store_at_once
from tests.server.phone import Phone
from tests.server.planned import all_of, take_away
from tests.server.test_barrier import bar

HOMES = "koboId;Adresse;Område\nK-6;Solgløttveien 6;Øst\n"
LETS = "koboId;Kontraktsnummer;Fra;Leietaker;Telefon\nK-6;KODE6-1;1.3.2026;Fjellrev;90060606\n"
SECRET = ("Fjellrev", "90060606", "KODE6-1", "Hviskestemme")


def plan(world: World, what: str, raw: str, who: str = "ingrid") -> Plan:
    """Work out what a file would do for somebody."""
    with world.database.reading() as session:
        actor = actor_of(session, USERS[who])
        return make_plan(session, actor, what, raw.encode(), Options(), NOW)


def bring(world: World, what: str, raw: str, who: str = "ingrid") -> None:
    """Bring a file in as somebody."""
    with world.database.reading() as session:
        writer = Writer.person(actor_of(session, USERS[who]))
    planned = plan(world, what, raw, who)
    assert not planned.faults, planned.faults.first
    apply(world.database, writer, planned, NOW, raw=raw.encode(), options=Options())


@pytest.fixture
def listed(world: World) -> World:
    """A home and its tenancy as the landlord's register has them."""
    bring(world, DWELLINGS, HOMES)
    bring(world, TENANCIES, LETS)
    return world


def the(world: World, kind: str, **fields: str) -> str:
    """Give the one record of a kind with these fields."""
    (found,) = [id for id, body in all_of(world, kind).items() if fields.items() <= body.items()]
    return found


@pytest.mark.parametrize("kind", ["dwelling", "tenancy"])
def test_the_nightly_list_makes_nothing_anew_in_the_open(kind: str, listed: World) -> None:
    record = the(listed, "dwelling", kobo_id="K-6")
    if kind == "tenancy":
        record = the(listed, "tenancy", contract_number="KODE6-1")
    bar(listed.database, kind, record, "lise")
    before = _everything(listed)
    for raw, what in ((HOMES, DWELLINGS), (LETS, TENANCIES)):
        planned = plan(listed, what, raw)
        assert planned.steps == [] and planned.different == []
        assert {count.new + count.changed for count in planned.counts.values()} == {0}
        bring(listed, what, raw)
    bring(listed, TENANCIES, LETS.replace("Fjellrev", "En Annen").replace("KODE6-1", "KODE6-2"))
    after = _everything(listed)
    extra = {id for id in after - before if not _is_barred(listed, id)}
    kinds = {_kind(listed, id) for id in extra}
    assert kinds <= (set() if kind == "dwelling" else {"tenancy", "contact"})


def test_a_fault_in_the_file_tells_nothing_of_what_is_barred(listed: World) -> None:
    """The day that a hidden tenancy began is no part of a message about an earlier end."""
    bar(listed.database, "dwelling", the(listed, "dwelling", kobo_id="K-6"), "lise")
    raw = "Kontraktsnummer;Til;Leietaker\nKODE6-1;1.1.2020;Noen\n"
    planned = plan(listed, TENANCIES, raw)
    assert [fault.sentence for fault in planned.faults.first if "2026" in fault.sentence] == []


@pytest.mark.parametrize("then", ["K-6;Solgløttveien 8;;Øst", ";{address};{unit};Øst"])
def test_that_two_rows_are_one_home_is_told_by_their_own_words_alone(
    then: str, listed: World
) -> None:
    """What stands behind a barrier says nothing of which door a number belongs to."""
    record = the(listed, "dwelling", kobo_id="K-6")
    home = all_of(listed, "dwelling")[record]
    other = then.format(address=home["address"], unit=home.get("unit_number", ""))
    raw = f"koboId;Adresse;Bolignr;Område\nK-6;Solgløttveien 6;;Øst\n{other}\n"
    before = plan(listed, DWELLINGS, raw).faults.first
    assert len(before) == 1
    bar(listed.database, "dwelling", record, "lise")
    barred_plan = plan(listed, DWELLINGS, raw)
    assert barred_plan.faults.first == (before if then.startswith("K-6") else [])
    assert barred_plan.steps == []


def test_what_is_left_out_of_an_export_is_in_no_file_of_it(
    app: Flask, kari: Phone, office: Phone, listed: World, tmp_path: Path
) -> None:
    home = the(listed, "dwelling", kobo_id="K-6")
    let = the(listed, "tenancy", contract_number="KODE6-1")
    body: dict[str, Any] = {"dwelling": home, "tenancy": let, "summary": "Hviskestemme"}
    office.sync()
    talk = made(office, "conversation", new_id(), body)
    photo = made(office, "attachment", new_id(), example("attachment", record=talk))
    store_at_once(app, photo)
    deleted = made(office, "conversation", new_id(), {**body, "summary": "Hviskestemme slettet"})
    before = made(office, "conversation", new_id(), {**body, "summary": "Hviskestemme slettet før"})
    beside = made(office, "addendum", new_id(), {"record": before, "words": "Hviskestemme mer"})
    assert office.sync(office.mark(before, "delete"))[0]["state"] == "applied"
    with listed.database.writing() as session:
        said = (USERS["ingrid"], "office", "office.record", access_log.ASKED, [talk])
        why = "Hviskestemme bak døra"
        access_log.append(session, [access_log.Reading(*said, why=why)], NOW)
    bar(listed.database, "dwelling", home, "lise")
    late = kari.write("conversation", new_id(), {**body, "summary": "Hviskestemme og sent"})
    assert kari.sync(late)[0]["state"] == "held"
    assert take_away(listed, "conversation", deleted).state == "applied"
    whole = _export(listed.database, tmp_path / "whole", with_barred=True)
    part = _export(listed.database, tmp_path / "part", with_barred=False)
    assert all(word in whole for word in SECRET)
    hidden = (*SECRET, home, let, talk, photo, deleted, before, beside, late["id"], "barrier")
    leaked = [word for word in hidden if word in part]
    assert leaked == [], [part[part.index(w) - 300 : part.index(w) + 300] for w in leaked]
    assert listed.dwelling in part


def test_a_count_of_what_would_end_leaves_out_what_is_barred(
    listed: World, database: Database
) -> None:
    def total(kind: str) -> int:
        with database.reading() as session:
            years = datetime(2060, 1, 1, tzinfo=UTC)
            found = [one for one in retention.due(session, years) if one.spec.name == kind]
            return sum(one.total + one.undated for one in found)

    before = total("tenancy")
    bar(database, "dwelling", the(listed, "dwelling", kobo_id="K-6"), "lise")
    assert total("tenancy") == before - 1


def test_what_was_barred_when_it_was_deleted_is_barred_still(
    kari: Phone, office: Phone, world: World, database: Database
) -> None:
    let = tenancy(office, world, kari)
    talk = talk_sent_in(kari, world, tenancy=let)
    open_one = talk_sent_in(kari, world)
    bar(database, "tenancy", let, "lise", "ingrid")
    for one in (talk, open_one):
        assert take_away(world, "conversation", one).state == "applied"
    with database.reading() as session:
        assert barred(session, [talk, open_one, let]) == {talk, let}
    bar(database, "tenancy", let)
    with database.reading() as session:
        assert let not in barred(session, [let])


def test_what_is_held_because_its_home_is_barred_is_its_authors_and_no_office_s(
    kari: Phone, office: Phone, world: World, database: Database
) -> None:
    """What was written without a network, of what has been barred since, is held; and barred."""
    let = tenancy(office, world, kari)
    body: dict[str, Any] = {"dwelling": world.dwelling, "tenancy": let, "summary": "Hviskestemme"}
    bar(database, "tenancy", let, "lise")
    late = kari.write("conversation", new_id(), body)
    never = kari.write("conversation", new_id(), {**body, "tenancy": new_id()})
    assert [each["reason"] for each in kari.sync(late, never)] == ["ref", "ref"]
    receipt, other = receipt_id(late["mid"]), receipt_id(never["mid"])
    assert {receipt, other} <= kari.base.keys()
    told = [set(kari.base[each]["body"]) for each in (receipt, other)]
    assert told[0] == told[1], "the author's own receipts tell the two apart"
    readers = {name: _reads(database, name, receipt) for name in USERS}
    assert {name for name, reads in readers.items() if reads} == {"kari", "lise"}
    assert _reads(database, "ingrid", other)


def _everything(world: World) -> set[str]:
    with world.database.reading() as session:
        return set(session.scalars(select(Envelope.id)))


def _kind(world: World, id: str) -> str:
    with world.database.reading() as session:
        return session.get_one(Envelope, id).kind


def _is_barred(world: World, id: str) -> bool:
    with world.database.reading() as session:
        return bool(barred(session, [id]))


def _reads(database: Database, name: str, id: str) -> bool:
    with database.reading() as session:
        mine = scopes_of(session, actor_of(session, USERS[name]), datetime.now(UTC))
        return bool(visible(session, mine, [id]))


def _export(database: Database, folder: Path, *, with_barred: bool) -> str:
    export.export_all(
        database, folder, lambda id: b"jpeg", "cli:test", NOW, with_barred=with_barred
    )
    names = [str(path) for path in folder.rglob("*")]
    return "\n".join([*names, *(p.read_text("utf-8", "replace") for p in folder.rglob("*.*"))])
