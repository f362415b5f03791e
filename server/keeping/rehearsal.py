"""A restore that is tried: the newest backup laid into an empty database, read, and thrown away.

A backup that nobody has laid back is a hope. The trial goes the road of `./run restore`, in a
database of its own that is encrypted as ours is and never served.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import structlog
from sqlalchemy import text

from server.config import Settings
from server.database import Database
from server.keeping import backup
from server.keeping.soundness import amiss
from server.logs import trace

EVERY = timedelta(days=7)
NAME = "rehearsal.json"
_log = structlog.get_logger("oppgang.jobs")


@dataclass(frozen=True)
class Rehearsal:
    """How the last trial went."""

    backup: str
    at: str
    """When, as ISO 8601 in UTC."""
    records: int
    amiss: list[str]
    """Sentences; none when everything was as the bodies and the ledger say."""

    @property
    def moment(self) -> datetime:
        """When it was."""
        return datetime.fromisoformat(self.at)


def newest(settings: Settings) -> Path | None:
    """Give the newest backup in its folder; None where there is none yet."""
    found = sorted((settings.data / "backups").glob(f"oppgang-*{backup.SUFFIX}"))
    return found[-1] if found else None


def last(settings: Settings) -> Rehearsal | None:
    """Give how the last trial went; None before the first."""
    file = settings.data / "backups" / NAME
    return Rehearsal(**orjson.loads(file.read_bytes())) if file.exists() else None


def rehearse(settings: Settings, now: datetime) -> Rehearsal | None:
    """Lay the newest backup back, write down how it went, and give it; None without a backup."""
    path = newest(settings)
    if path is None:
        return None
    with tempfile.TemporaryDirectory(dir=settings.data, prefix="rehearsal-") as folder:
        here = Path(folder)
        database = Database(replace(settings, data=here, database_url=f"sqlite:///{here}/try.db"))
        try:
            records, faults = _lay_back(database, settings, path)
        finally:
            database.close()
    done = Rehearsal(path.name, now.isoformat(timespec="seconds"), records, faults)
    draft = path.with_name(f".{NAME}")
    draft.write_bytes(orjson.dumps(asdict(done)))
    draft.rename(path.with_name(NAME))
    return done


def rehearse_weekly(database: Database, settings: Settings, now: datetime) -> None:
    """Try it when the last trial is a week old, or failed."""
    known = last(settings)
    if known is not None and not known.amiss and known.moment > now - EVERY:
        return
    if done := rehearse(settings, now):
        _log.info("rehearsed", records=done.records, amiss=len(done.amiss))


def _lay_back(database: Database, settings: Settings, path: Path) -> tuple[int, list[str]]:
    try:
        backup.restore_backup(database, settings, path)
        with database.reading() as session:
            records = session.execute(text("SELECT count(*) FROM record")).scalar_one()
            return records, amiss(session)
    except Exception as fault:  # whatever breaks here would have broken on the day it mattered
        _log.error("a backup cannot be laid back", backup=path.name, **trace(fault))
        return 0, [f"It cannot be laid back: {type(fault).__name__}."]
