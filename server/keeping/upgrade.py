"""An upgrade: a backup first, then tables, projections, places and a check; the way back is named.

Nobody else may use the database meanwhile: what came in after the backup would be lost on the way
back, and processes of the old version do not know the new tables.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server import acts, intake, seeds
from server.config import Settings
from server.contract import typescript
from server.database import Database
from server.keeping import backup, mirror
from server.keeping.soundness import SOUND, amiss
from server.migrations import is_current, schema_version
from server.migrations import upgrade as migrate
from server.records import REGISTRY, projection
from server.version import VERSION

ACT = "upgrade"
OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = 'oppgang' AND pid <> pg_backend_pid()"
)
GONE_WITHIN_SECONDS = 5.0


class NotUpgraded(Exception):
    """The upgrade did not happen or is not whole; the text says what stands and what to do."""


Say = Callable[[str], None]


def upgrade(database: Database, settings: Settings, by: str, now: datetime, say: Say) -> None:
    """Bring the database to this version, with a backup first; raises NotUpgraded in words.

    With nothing to do it only checks. A migration that fails is taken back whole.
    """
    if in_use_elsewhere(database):
        raise NotUpgraded(
            "Oppgang is running on this database. What phones send after the backup would be lost "
            "on the way back, and the old version does not know the new tables. Stop the web "
            "server and the scheduler, then try again. Nothing was changed."
        )
    with database.reading() as session:
        schema = schema_version(session.connection())
        declared, known = fingerprint(), _known(database) if schema else None
    if not schema:
        raise NotUpgraded("The database is new. Make it with ./run migrate.")
    version, stood = known or ("the version that ran until now", declared)
    old_tables = not is_current(database)
    if old_tables or stood != declared:
        path = _backed_up(database, settings, now, say)
        back = way_back(settings, path, version, schema)
        _changed(database, back, old_tables, now, say)
        say(f"The way back, should you need it:\n{back}")
    else:
        say("Tables and projections are those of this version. There is nothing to upgrade.")
    seeds.lay_in(database, now)
    with database.writing() as session:
        if known != (VERSION, declared):
            acts.note(session, ACT, by, now, version=VERSION, declared=declared, before=schema)
    with database.reading() as session:
        found = amiss(session)
    if found:
        raise NotUpgraded("\n".join([*found, "./run check --mend writes them anew; report it."]))
    say(SOUND)


def in_use_elsewhere(database: Database) -> bool:
    """Say whether another process has the database open; this one's own connections are closed.

    One that was stopped just now is waited for: its connections end a moment after it.
    """
    database.close()
    until = time.monotonic() + GONE_WITHIN_SECONDS
    while _others(database):
        if time.monotonic() > until:
            return True
        time.sleep(0.1)
    return False


def _others(database: Database) -> bool:
    """SQLite leaves its write-ahead log only for whoever is alone; PostgreSQL lists its clients."""
    if database.url.get_backend_name() == "postgresql":
        with database.engine.connect() as connection:
            return bool(connection.execute(OTHERS).scalar_one())
    if database.in_memory:
        return False
    with closing(database.engine.raw_connection()) as raw:
        cursor = raw.cursor()
        try:
            cursor.execute("PRAGMA busy_timeout = 1000")
            return str(cursor.execute("PRAGMA journal_mode = DELETE").fetchone()[0]) != "delete"
        except database.engine.dialect.loaded_dbapi.Error:
            return True
        finally:
            raw.invalidate()


def fingerprint() -> str:
    """Give a digest of all declarations: when it differs, what follows from them may too."""
    readers = (f"{spec.name}: {', '.join(spec.readers)}" for spec in REGISTRY.values())
    declared = "\n".join([typescript(REGISTRY.values()), *readers])
    return hashlib.sha256(declared.encode()).hexdigest()


def way_back(settings: Settings, path: Path, version: str, schema: str) -> str:
    """Give the commands that bring back what was there before."""
    lines = [f"  1. Stop Oppgang, and put version {version} (tables {schema}) back in its folder."]
    if settings.database_url.startswith("sqlite"):
        file = settings.database_url.removeprefix("sqlite:///")
        lines += ["  2. Move the database aside:"]
        lines += [f"       for f in '{file}' '{file}-wal' '{file}-shm'; do"]
        lines += ['         [ -e "$f" ] && mv "$f" "$f.upgraded"; done']
    else:
        lines += ["  2. Make an empty database, and point OPPGANG_DATABASE_URL at it."]
    return "\n".join([*lines, f"  3. ./run restore '{path}'", "  4. Start Oppgang again."])


def _known(database: Database) -> tuple[str, str] | None:
    """Give the version and the fingerprint of the last upgrade; None when it is not known."""
    try:
        with database.reading() as session:
            found = acts.latest(session, ACT)
    except SQLAlchemyError:  # the log of acts is younger than these tables
        return None
    return (str(found[1]["version"]), str(found[1]["declared"])) if found else None


def _backed_up(database: Database, settings: Settings, now: datetime, say: Say) -> Path:
    path = settings.data / "backups" / backup.backup_name(now)
    try:
        backup.write_backup(database, settings, path, now)
        mirror.copy_out(settings.attachments, path.parent, now, backup.KEPT)
    except (OSError, backup.BadBackup) as bad:
        raise NotUpgraded(f"No backup could be written: {bad}. Nothing was changed.") from bad
    say(f"The backup is {path}.")
    return path


def _changed(database: Database, back: str, old_tables: bool, now: datetime, say: Say) -> None:
    try:
        if old_tables:
            migrate(database)
            say("The tables are up to date.")
    except Exception as fault:
        raise NotUpgraded(
            f"The tables could not be upgraded: {fault}\n"
            "They are as they were: a migration is one transaction. The version that ran until now "
            "can be started again as it is.\n"
            f"Should the database all the same not be as before:\n{back}"
        ) from fault
    try:
        with database.writing() as session:
            say(f"Rebuilt the projections of {projection.rebuild(session)} records.")
        placed = intake.mend_places(database, now)
        say(f"Placed {placed} records anew, with those who may read them now.")
    except Exception as fault:
        raise NotUpgraded(
            f"Projections and places could not be made anew: {fault}\nThe bodies, which are the "
            f"truth, are untouched. Try ./run check --mend, or go back:\n{back}"
        ) from fault
