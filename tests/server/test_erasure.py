"""Erasure: no word is left, the chain is whole, phones let go, and nothing brings it back."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from server import intake, ledger
from server.cli import main
from server.config import Settings
from server.database import Database
from server.keeping import backup, erasure
from server.keeping.soundness import amiss
from server.ledger import MutationRow
from server.records.record import Envelope, Gone
from sync.mutation import receipt_id
from tests.fresh import Fresh
from tests.makers import NOW, World, new_id, visit
from tests.server.phone import Phone

SECRET = "Hemmelighet"
BY = "018f2c5e-0000-7000-8000-0000000000b5"


def everything(database: Database) -> bytes:
    """Every value of every table, as one long text."""
    from server.database import Base

    found = []
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                found += [v if isinstance(v, bytes) else str(v).encode() for v in row]
    return b"\n".join(found)


def erase(database: Database, settings: Settings, *ids: str) -> tuple[str, ...]:
    return erasure.erase(database, settings, ids, NOW, "test", BY)


def home_with_a_secret(office: Phone, world: World) -> str:
    """A dwelling that holds the word, with an addendum that holds it too."""
    id = new_id()
    made = {"area": world.east, "address": f"{SECRET}veien 1", "access": SECRET}
    office.sync(office.write("dwelling", id, made))
    office.sync(office.write("addendum", new_id(), {"record": id, "words": SECRET}))
    assert id in office.base
    return id


def test_no_word_is_left_and_the_chain_is_whole(
    office: Phone, kari: Phone, world: World, database: Database, settings: Settings
) -> None:
    id = home_with_a_secret(office, world)
    kari.sync()
    mine, theirs = kari.edit(id, access=f"{SECRET} A"), office.edit(id, access=f"{SECRET} B")
    office.sync(theirs)
    assert kari.sync(mine)[0]["state"] == "review"
    assert SECRET.encode() in everything(database)
    done = erase(database, settings, id)
    assert len(done) >= 4, "the dwelling, the addendum, the question and the receipt"
    assert SECRET.encode() not in everything(database)
    with database.reading() as session:
        assert ledger.first_break(session) is None and amiss(session) == []
        assert set(session.scalars(select(Gone.id))) == set(done)
        rows = session.scalars(select(MutationRow).where(MutationRow.record == id)).all()
        assert rows and all(row.raw is None and row.effect is None for row in rows)
        assert {row.state for row in rows} == {"applied", "erased"}


def test_phones_let_go_of_it(
    office: Phone, kari: Phone, world: World, database: Database, settings: Settings
) -> None:
    id = home_with_a_secret(office, world)
    kari.sync()
    assert id in kari.base
    erase(database, settings, id)
    kari.sync()
    assert id in kari.reply["leaves"] and id not in kari.base
    assert SECRET not in str(kari.base)


def test_a_late_edit_is_answered_erased_and_nothing_of_it_is_kept(
    office: Phone, kari: Phone, world: World, database: Database, settings: Settings
) -> None:
    id = home_with_a_secret(office, world)
    kari.sync()
    late = kari.edit(id, access=f"{SECRET} til")
    words = kari.write("addendum", new_id(), {"record": id, "words": SECRET})
    erase(database, settings, id)
    told = kari.sync(late, words)
    assert [(one["state"], one.get("reason")) for one in told] == [("erased", None)] * 2
    again = kari.sync(late, words)
    assert [(one["state"], one.get("repeated")) for one in again] == [("erased", True)] * 2
    assert SECRET.encode() not in everything(database)
    with database.reading() as session:
        assert session.get(Envelope, id) is None
        assert ledger.first_break(session) is None


def test_what_was_held_for_it_goes_with_it(
    office: Phone, kari: Phone, world: World, database: Database, settings: Settings
) -> None:
    """A visit to a deleted home waits for the home; then the home is erased."""
    id = home_with_a_secret(office, world)
    kari.sync()
    office.sync(office.mark(id, "delete"))
    made = kari.write("addendum", new_id(), {"record": id, "words": SECRET})
    assert kari.sync(made)[0]["reason"] == "ref"
    done = erase(database, settings, id)
    assert receipt_id(made["mid"]) in done
    assert SECRET.encode() not in everything(database)
    kari.sync()
    assert SECRET not in str(kari.base)


def test_what_hangs_on_it_and_stays_is_placed_anew(
    office: Phone, kari: Phone, world: World, database: Database, settings: Settings
) -> None:
    home = home_with_a_secret(office, world)
    kari.sync()
    id, body = visit()
    kari.sync(kari.write("visit", id, {**body, "dwelling": home}))
    erase(database, settings, home)
    with database.reading() as session:
        assert session.get(Envelope, id) is not None
        assert intake.misplaced(session) == []


def test_erasing_twice_and_what_is_not_there_is_no_error(
    office: Phone, world: World, database: Database, settings: Settings
) -> None:
    id = home_with_a_secret(office, world)
    assert erase(database, settings, id)
    assert erase(database, settings, id, new_id()) == ()
    assert len(erasure.ledger_of(settings).read_bytes().splitlines()) == 1


def test_a_failed_commit_is_made_good_at_the_next_start(
    office: Phone,
    world: World,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The file is written first: what was decided is never forgotten."""
    id = home_with_a_secret(office, world)

    real = erasure._add

    def fails(path: Path, line: bytes) -> None:
        real(path, line)
        raise sqlite3.Error("the machine stopped")

    monkeypatch.setattr(erasure, "_add", fails)
    with pytest.raises(sqlite3.Error):
        erase(database, settings, id)
    monkeypatch.undo()
    with database.reading() as session:
        assert session.get(Envelope, id) is not None
    assert erasure.replay(database, settings, NOW) >= 2
    assert SECRET.encode() not in everything(database)
    assert erasure.replay(database, settings, NOW) == 0


def restored(fresh: Fresh, settings: Settings, path: Path, monkeypatch: Any, *more: str) -> Any:
    """Run `./run restore` into a new database with the same keys."""
    empty, other = fresh()
    for name, value in {
        "MODE": "test",
        "DATA": str(other.data),
        "KEYS": str(settings.keys),
        "DATABASE_URL": other.database_url,
    }.items():
        monkeypatch.setenv(f"OPPGANG_{name}", value)
    code = main(["restore", str(path), *more])
    opened = Database(other)
    return code, opened, empty


def test_a_restore_of_an_older_backup_does_not_bring_it_back(
    office: Phone,
    world: World,
    database: Database,
    settings: Settings,
    fresh: Fresh,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    id = home_with_a_secret(office, world)
    old = settings.data / "backups" / "old.backup"
    backup.write_backup(database, settings, old, NOW)
    erase(database, settings, id)
    code, opened, _ = restored(fresh, settings, old, monkeypatch)
    assert code == 0
    assert SECRET.encode() not in everything(opened)
    with opened.reading() as session:
        assert session.get(Gone, id) is not None and amiss(session) == []
    opened.close()


def test_what_was_made_after_the_backup_and_erased_does_not_come_again_either(
    office: Phone,
    world: World,
    database: Database,
    settings: Settings,
    fresh: Fresh,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = settings.data / "backups" / "old.backup"
    backup.write_backup(database, settings, old, NOW)
    id = home_with_a_secret(office, world)
    erase(database, settings, id)
    code, opened, _ = restored(fresh, settings, old, monkeypatch)
    assert code == 0
    with opened.reading() as session:
        assert session.get(Gone, id) is not None
    opened.close()


def test_nothing_is_kept_of_what_another_signed_about_somebody_erased(
    office: Phone, kari: Phone, world: World, database: Database, settings: Settings
) -> None:
    id = home_with_a_secret(office, world)
    kari.sync()
    forged = {**kari.edit(id, access=SECRET), "author": BY}
    erase(database, settings, id)
    assert [one["state"] for one in kari.sync(forged)] == ["erased"]
    assert SECRET.encode() not in everything(database)


def test_a_restore_without_the_file_is_refused_when_something_was_erased(
    office: Phone,
    world: World,
    database: Database,
    settings: Settings,
    fresh: Fresh,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    erase(database, settings, home_with_a_secret(office, world))
    alone = tmp_path / "alone" / "one.backup"
    backup.write_backup(database, settings, alone, NOW)
    code, opened, _ = restored(fresh, settings, alone, monkeypatch)
    assert code == 1 and "erased.jsonl is not beside the backup" in capsys.readouterr().err
    opened.close()
    code, opened, _ = restored(fresh, settings, alone, monkeypatch, "--without-erasures")
    assert code == 0
    opened.close()


def test_clearing_takes_what_is_personal_and_leaves_the_rest(
    office: Phone, world: World, database: Database, app: Flask
) -> None:
    id = home_with_a_secret(office, world)
    with database.writing() as session:
        intake.clear(session, [id], NOW, "test", BY)
    assert SECRET.encode() not in everything(database)
    office.sync()
    body = office.body(id)
    assert body["area"] == world.east and body["address"] == "Anonymisert"
    assert "access" not in body
    with database.reading() as session:
        assert amiss(session) == []
        assert session.execute(text("SELECT count(*) FROM record")).scalar_one() > 3


def test_what_went_with_an_erased_record_does_not_come_again_after_a_restore(
    kari: Phone, database: Database
) -> None:
    """It waited for a plan that was erased, and went with it; the restored ledger forgot that."""
    waits = kari.write("visit", *visit(planned=new_id()))
    with database.writing() as session:
        session.add(Gone(id=receipt_id(waits["mid"]), at=NOW))
    assert kari.sync(waits)[0]["state"] == "erased"
    assert receipt_id(waits["mid"]) not in kari.base
    with database.reading() as session:
        assert ledger.find(session, [waits["mid"]])[waits["mid"]].raw == b""
