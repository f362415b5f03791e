"""What an operator's commands do: the first administrator, exports, upgrades and retention.

Each reads its settings, does one thing and says so in words; `cli` names them.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from server import acts, emergency, staff
from server.config import Settings, read_settings
from server.database import BadDatabase, Database
from server.keeping import audit, backup, erasure, export, packing, retention, side_tables, upgrade
from server.keeping.archive import noark
from server.keeping.archive.pack import pack
from server.key_files import rotate_backup_key
from server.migrations import is_current, schema_version
from server.photos.attachments import store_of
from server.records.record import Gone
from server.roles import Role


class NotDone(Exception):
    """The command could not do its work; the text says why and what to do."""


def opened(settings: Settings) -> Database:
    """Open a database that is there and up to date; raises BadDatabase, in words, otherwise."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings)
    if not is_current(database):
        raise BadDatabase(
            "The database is new, or older than this Oppgang. "
            "A new one: ./run migrate. An older one: ./run upgrade, which backs up first."
        )
    erasure.replay(database, settings, datetime.now(UTC))
    return database


def new_backup_key(settings: Settings, *, make: bool) -> int:
    """Set a new backup key if asked to, and seal the pictures with the one in use."""
    if make:
        kept = rotate_backup_key(settings.keys)
        print(f"A new backup.key was made. The one before is {kept.name}, and opens the backups")
        print("that were made with it. Copy BOTH to escrow.")
    anew = read_settings({**os.environ, "OPPGANG_MODE": "test"})
    count, unopened = store_of(anew).seal_anew()
    print(f"{count} files with pictures were sealed with the new key.")
    if unopened:
        raise NotDone("These open with no key that is here: " + ", ".join(unopened))
    return 0


def refuse_to_forget(settings: Settings, path: Path, lost: bool) -> None:
    """Take over the erasures beside a backup; raises NotDone when they are missing.

    A backup from before an erasure still has what was erased: without the file it would come back.
    """
    erasure.adopt(settings, path.parent / erasure.NAME)
    if erasure.ledger_of(settings).exists() or lost:
        return
    parts = backup.parts(path, *settings.backup_keys)
    if any(isinstance(part, backup.Rows) and part.table == Gone.__tablename__ for part in parts):
        raise NotDone(
            f"{erasure.NAME} is not beside the backup. It names what was erased, and without it "
            "that would come back. Fetch the newest copy of it; if there is none left, say "
            "--without-erasures and erase by hand what must not be there. Nothing was changed."
        )


def refuse_to_alter(database: Database) -> None:
    """Raise BadDatabase where real data would be altered without a backup."""
    with database.reading() as session:
        known = schema_version(session.connection())
    if known and not is_current(database):
        database.close()
        raise BadDatabase(
            "The database is older than this Oppgang. ./run upgrade backs it up and upgrades it."
        )


def first_admin(words: argparse.Namespace) -> int:
    """Make the first administrator, who lets everybody else in through the office."""
    settings = read_settings()
    database, own = opened(settings), settings.own_words
    refuse = _refuse_a_second if not words.another else _pass
    try:
        with database.reading() as session:
            refuse(session)
        values = {"name": words.name, "team": words.team, "login": words.login}
        grants = ((Role.ADMIN, None),)
        by, now = acts.at_the_machine(), datetime.now(UTC)
        staff.add(database, by, values, _password(words.password_stdin), grants, now, refuse, own)
    except staff.Refused as refused:
        raise NotDone(str(refused)) from refused
    origin = os.environ.get("OPPGANG_ORIGIN", "http://localhost:8000")
    print(f"{words.name} is an administrator and logs in at {origin}/office as {words.login}.")
    print("There they make areas and let others in: /office/people.")
    return 0


def emergency_account(_: argparse.Namespace) -> int:
    """Make the emergency account anew, close the one before, and print it once for an envelope."""
    database = opened(read_settings())
    login, password = emergency.make(database, acts.at_the_machine(), datetime.now(UTC))
    print("The emergency account, an administrator of the whole organisation:")
    print(f"  name      {login}")
    print(f"  password  {password}")
    print("It is shown only now. Print it, seal the envelope, and say who may open it.")
    print("Every use of it is an alarm. After one, make it anew with this command.")
    return 0


def _refuse_a_second(session: Session) -> None:
    if staff.has_admin(session):
        raise NotDone(
            "There is an administrator already. They let others in at /office/people. "
            "If nobody can log in as one any more, say --another."
        )


def _pass(session: Session) -> None:
    pass


def _password(from_stdin: bool) -> str:
    """Read a password: one line of standard input, or typed twice, unseen, at a terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise NotDone("There is no terminal to type a password at. Say --password-stdin.")
    first = getpass.getpass("Password (four words, or at least 16 characters): ")
    if first != getpass.getpass("Once more: "):
        raise NotDone("The two were not the same. Nothing was changed; try again.")
    return first


def export_all(words: argparse.Namespace) -> int:
    """Write everything in open formats, or what is due for the archive, into a new folder; or
    verify one that was written.
    """
    if words.verify:
        return _verify(words.verify)
    if words.archive:
        return _pack(words)
    if not words.all:
        raise NotDone("Say --all FOLDER, --archive FOLDER, or --verify FOLDER to check one.")
    settings, folder = read_settings(), words.all.absolute()
    database, now = opened(settings), datetime.now(UTC)
    try:
        by, pictures = acts.at_the_machine(), pictures_of(settings)
        made = export.export_all(database, folder, pictures, by, now, with_barred=words.with_barred)
    except packing.CannotExport as bad:
        raise NotDone(str(bad)) from bad
    print(f"Wrote {len(made.rows)} files to {folder}. LES-MEG.txt there explains them.")
    for id in made.missing:
        print(f"The picture of {id} is not in the store, so it is not in the export.")
    _warn(words.with_barred)
    return 0


def _pack(words: argparse.Namespace) -> int:
    settings, folder = read_settings(), words.archive.absolute()
    database, now = opened(settings), datetime.now(UTC)
    try:
        by, pictures = acts.at_the_machine(), pictures_of(settings)
        made = pack(database, folder, pictures, by, now, with_barred=words.with_barred)
    except packing.CannotExport as bad:
        raise NotDone(str(bad)) from bad
    print(f"Packed {made.records} records for the archive in {folder}. LES-MEG.txt explains it.")
    if made.waiting:
        print(f"{len(made.waiting)} are due, but wait for a person or are held: not in it.")
    for id in made.missing:
        print(f"A picture of {id} is not in the store, so {id} is not in it and stays.")
    print(f"It is package {made.package}. The SHA-256 of its manifest is {made.manifest}.")
    print(
        "NOTHING WAS ENDED: when the archive has received it, a leader or an administrator says so"
    )
    print("at /office/privacy/archive, with the first 8 signs of that sum. Then it ends here.")
    _warn(words.with_barred)
    return 0


def _warn(with_barred: bool) -> None:
    if not with_barred:
        print("What is barred (kode 6) is left out. --with-barred takes it along, and is logged.")
    print("THE FOLDER HOLDS PERSONAL DATA, unencrypted. Only you can open it: keep it so, encrypt")
    print("it before it travels, and delete it when it has been used. That it was made is logged.")


def pictures_of(settings: Settings) -> packing.Pictures:
    """Give what reads a picture from the store."""
    store = store_of(settings)
    return lambda id: store.open(f"pictures/{id}")


def _verify(folder: Path) -> int:
    try:
        found = packing.faults(folder)
        if (folder / noark.NAME).exists():
            found += noark.faults(folder)
    except packing.CannotExport as bad:
        raise NotDone(str(bad)) from bad
    for sentence in found:
        print(sentence)
    if not found:
        print("Every file is as it was written.")
    return 1 if found else 0


def audit_logs(words: argparse.Namespace) -> int:
    """Verify the ledger and the access log, row by row, against the signed checkpoints."""
    settings = read_settings()
    database, now = opened(settings), datetime.now(UTC)
    if words.what == "checkpoint":
        new = audit.write_checkpoint(database, settings, now)
        print(f"Signed into {audit.file_of(settings)}." if new else "Nothing new since the last.")
        return 0
    with database.reading() as session:
        found = audit.verify(session, settings)
    print(f"Ledger up to position {found.positions['ledger']}, access log up to row ", end="")
    print(f"{found.positions['access']}, {found.checkpoints} checkpoints.")
    print(f"Checkpoints are signed by the key {audit.public_key(settings)}.")
    print(*(found.faults or (audit.WHOLE,)), sep="\n")
    return 1 if found.faults else 0


def upgrade_all(_: argparse.Namespace) -> int:
    """Back up, upgrade the tables and all that follows from them, check, and name the way back."""
    settings = read_settings()
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database, now = Database(settings), datetime.now(UTC)
    try:
        upgrade.upgrade(database, settings, acts.at_the_machine(), now, print)
    except upgrade.NotUpgraded as bad:
        raise NotDone(str(bad)) from bad
    return 0


def retain(words: argparse.Namespace) -> int:
    """List what the rules of retention would end, or with --run carry the confirmed rules out."""
    settings = read_settings()
    database, now = opened(settings), datetime.now(UTC)
    if words.run:
        return _carry_out(database, settings, now)
    with database.reading() as session:
        found, who = retention.due(session, now), retention.confirmed(session)
        beside = side_tables.due(session, now)
    for one in found:
        print(
            f"{one.spec.name}: {one.erased} to erase, {one.cleared} to clear of what is personal, "
            f"{one.archived} due for the archive, {one.held} held, "
            f"{one.undated} with no date to count from yet; the oldest from {one.oldest or 'none'}."
        )
    for over in beside:
        print(f"{over.kept.what}: {over.rows} rows to delete.")
    if not found and not beside:
        print("Nothing is due.")
    said = f"confirmed {who.at:%Y-%m-%d}" if who else "NOT confirmed yet, at /office/privacy"
    print(f"Nothing was changed. These rules are {said}.")
    return 0


def _carry_out(database: Database, settings: Settings, now: datetime) -> int:
    try:
        counts = retention.run(database, settings, now, acts.at_the_machine())
    except retention.NotConfirmed as bad:
        raise NotDone(
            "Nobody has confirmed these rules. A leader or an administrator sees the list at "
            "/office/privacy and confirms it there. Nothing was changed."
        ) from bad
    except retention.Held as bad:
        raise NotDone("A hold is on everything: /office/privacy. Nothing was changed.") from bad
    for kind, count in counts.items():
        print(f"{kind}: {count}")
    print(f"Ended {sum(counts.values())} records by the rules of retention.")
    return 0
