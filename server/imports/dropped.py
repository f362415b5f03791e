"""The drop folder: each night the files that another system has laid there are brought in.

It never says yes for a person: what must be asked about stops. A report is left beside each file.
"""

from __future__ import annotations

import os
import stat
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import structlog
from uuid_utils import uuid7

from server.database import Database
from server.imports.by_operator import Wish, bring_in_bytes
from server.imports.preview import NoSuchArea
from server.imports.runs import DWELLINGS, TENANCIES
from server.imports.tables import SIZE_MAX_BYTES, BadFile, too_large
from server.imports.writing import Writer
from server.planning.calendar import OSLO

BY = "folder"
REPORT = ".rapport.txt"
STILL_FOR = timedelta(minutes=1)
"""A file that was written to so lately may not be whole yet."""
NAMES: tuple[tuple[str, str, bool], ...] = (
    ("boliger", DWELLINGS, False),
    ("leieforhold-hele-lista", TENANCIES, True),
    ("leieforhold", TENANCIES, False),
)
"""How a file's name begins, what is in it, and whether it is the whole list."""
OURS = (
    "Oppgang klarte ikke å lese fila. Ingenting er endret. Feilen er hos oss, og vi prøver igjen"
    " neste gang."
)
log = structlog.get_logger("oppgang.imports")


class _Unnamed(Exception):
    """The file's name does not say what is in it."""


def take_dropped(database: Database, folder: Path, now: datetime) -> int:
    """Read every file that is new or has changed since its report; give how many were."""
    taken = 0
    for path in sorted(folder.glob("*.csv")):
        info = path.lstat()
        settled = info.st_mtime <= (now - STILL_FOR).timestamp()
        if stat.S_ISREG(info.st_mode) and settled and not path.name.startswith("."):
            taken += _take(database, path, info.st_size, now)
    return taken


def _take(database: Database, path: Path, size_bytes: int, now: datetime) -> bool:
    report = path.with_name(path.name + REPORT)
    raw = path.read_bytes() if size_bytes <= SIZE_MAX_BYTES else b""
    mark = f"SHA-256: {sha256(raw).hexdigest()}, {size_bytes} byte"
    if report.exists() and mark in report.read_text("utf-8"):
        return False
    fit, said = False, list[str]()
    try:
        if size_bytes > SIZE_MAX_BYTES:
            raise too_large(size_bytes)
        wish = _wish(path.name)
        told = bring_in_bytes(database, Writer.operator(BY), raw, path.name, wish, now)
        fit, said = told.fit, told.sentences
    except (BadFile, NoSuchArea, _Unnamed) as bad:
        said = [str(bad)]
    except (
        Exception
    ):  # whatever it is, the files behind this one are read, and this one tried again
        log.exception("dropped_file_failed")
        mark, said = "", [OURS]
    at = f"{now.astimezone(OSLO):%d.%m.%Y kl. %H.%M}"
    _write(report, "\n".join([f"Oppgang leste {path.name} {at}.", mark, "", *said, ""]))
    log.info("dropped_file_read", fit=fit, sentences=len(said))
    return True


def _wish(name: str) -> Wish:
    """Read from a file's name what is in it; nothing is ever said yes to here."""
    for begins, what, whole in NAMES:
        if name.casefold().startswith(begins):
            return Wish(what, None, whole, write=True, yes_to=None)
    names = ", ".join(begins for begins, *_ in NAMES)
    raise _Unnamed(f"Navnet sier ikke hva som er i fila. La det begynne med en av: {names}.")


def _write(report: Path, text: str) -> None:
    draft = report.with_name(f".{report.name}.{uuid7()}.draft")  # two may read the folder at once
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(report)
