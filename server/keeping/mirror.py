"""The pictures' part of a backup: a copy of the store beside the backups, kept up file by file.

Files in the store never change but when they are sealed anew, which their beginning tells: only
those that are new are copied. It opens none.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from server.sealed_file import MAGIC, SALT_SIZE_BYTES

FOLDER = "attachments"
PARTS = "parts"
GONE = ".gone"
"""Marks a copy whose file has left the store; its time is when that was seen."""


@dataclass(frozen=True)
class Mirrored:
    """What one run did."""

    copied: int
    dropped: int


def copy_out(store: Path, backups: Path, now: datetime, kept: timedelta) -> Mirrored:
    """Bring the copy up to date; what left the store leaves the copy after the backups' time.

    Run it after the rows are written: then every file that they name is here.
    """
    mirror = backups / FOLDER
    here = {path.relative_to(store) for path in _files(store)}
    new = [name for name in here if _beginning(store / name) != _beginning(mirror / name)]
    for name in new:
        _copy(store / name, mirror / name)
    dropped = 0
    for path in list(_files(mirror)):
        if path.name.endswith(GONE):
            if datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo) < now - kept:
                path.unlink()
                dropped += 1
        elif path.relative_to(mirror) not in here:
            marked = path.rename(path.with_name(path.name + GONE))
            os.utime(marked, (now.timestamp(), now.timestamp()))
    return Mirrored(len(new), dropped)


def copy_back(backups: Path, store: Path) -> int:
    """Lay the copies into the store of a restored database; what is there already stays."""
    count = 0
    for path in list(_files(backups / FOLDER)):
        name = path.relative_to(backups / FOLDER)
        target = store / name.with_name(name.name.removesuffix(GONE))
        if not target.exists():
            _copy(path, target)
            count += 1
    return count


def _files(folder: Path) -> Iterator[Path]:
    """Give every whole file; not what is still arriving in parts, and no draft."""
    for path in folder.rglob("*"):
        whole = path.is_file() and not path.name.startswith(".")
        if whole and path.relative_to(folder).parts[0] != PARTS:
            yield path


def _beginning(path: Path) -> bytes:
    """Give what no two sealed files have alike; nothing where there is no file."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC) + SALT_SIZE_BYTES)
    except FileNotFoundError:
        return b""


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.draft")
    shutil.copyfile(source, draft)
    draft.chmod(0o600)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.rename(target)
