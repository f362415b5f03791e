"""A folder to be carried away: whole or not at all, and every file in it with its sum."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from server.keeping.open_table import OpenFile

MANIFEST, READ_ME_NAME = "manifest.json", "LES-MEG.txt"
Pictures = Callable[[str], bytes | None]
"""Gives the bytes of a picture by the id of its record."""


class CannotExport(Exception):
    """The export cannot be made or read; the text says why and what to do."""


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a draft that only its owner can open; it gets its name when all went well, else it goes.

    Raises CannotExport when the folder holds something already.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise CannotExport(f"{folder} is not empty. Choose a new folder.")
    if folder.exists() and not folder.is_dir():
        raise CannotExport(f"{folder} is a file. Choose a new folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    draft.mkdir(mode=0o700)
    try:
        yield draft
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def listed(folder: Path, rows: Mapping[str, int]) -> list[dict[str, Any]]:
    """Give each file of a folder as a manifest names it, with its rows, size and sum."""
    return [
        {
            "name": name,
            "rows": count,
            "bytes": (folder / name).stat().st_size,
            "sha256": digest_of(folder / name),
        }
        for name, count in sorted(rows.items())
    ]


def write_manifest(folder: Path, said: Mapping[str, Any]) -> bytes:
    """Write the manifest, and give it as it was written."""
    manifest = orjson.dumps(said, option=orjson.OPT_INDENT_2)
    with OpenFile(folder / MANIFEST) as file:
        file.write_bytes(manifest)
    return manifest


def faults(folder: Path) -> list[str]:
    """Compare every file with the manifest, without a database; a sentence for each that differs.

    Raises CannotExport when the folder is no export.
    """
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
        listed = {each["name"]: each for each in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError) as bad:
        raise CannotExport(f"{folder} holds no {MANIFEST} that can be read.") from bad
    found = []
    for name, said in listed.items():
        path = folder / name
        if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
            found.append(f"{name} is missing.")
        elif digest_of(path) != said["sha256"]:
            found.append(f"{name} is not as it was written.")
    here = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    found += [f"{name} was not part of it." for name in sorted(here - {*listed, MANIFEST})]
    return found


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
