"""The file of an import that is shown and waits for a yes: encrypted, and gone within the day."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete

from server.config import Settings
from server.database import Database
from server.imports.runs import SHOWN, ImportRun
from server.sealed_file import Damaged, NotOurs, SealedWriter, WrongKey, pieces

LASTS = timedelta(hours=12)
PURPOSE = "import file"


def keep(settings: Settings, run: str, raw: bytes) -> None:
    """Keep the file of an import until somebody says yes to it."""
    _folder(settings).mkdir(parents=True, exist_ok=True, mode=0o700)
    with _path(settings, run).open("xb") as file:
        writer = SealedWriter(file, settings.secret(PURPOSE))
        writer.write(raw)
        writer.close()


def read(settings: Settings, run: str) -> bytes | None:
    """Give the file again; None when it is no longer kept."""
    try:
        with _path(settings, run).open("rb") as file:
            return b"".join(pieces(file, settings.secret(PURPOSE)))
    except (FileNotFoundError, NotOurs, WrongKey, Damaged):
        return None


def drop(settings: Settings, run: str) -> None:
    """Let the file go."""
    with suppress(FileNotFoundError):
        _path(settings, run).unlink()


def sweep(database: Database, settings: Settings, now: datetime) -> None:
    """Let go of files that nobody said yes to in time, and of the rows that spoke of them."""
    with database.writing() as session:
        session.execute(
            delete(ImportRun).where(ImportRun.state == SHOWN, ImportRun.at < now - LASTS)
        )
    oldest = (now - LASTS).timestamp()
    for path in _folder(settings).glob("*.sealed"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _folder(settings: Settings) -> Path:
    return settings.data / "imports"


def _path(settings: Settings, run: str) -> Path:
    return _folder(settings) / f"{run}.sealed"
