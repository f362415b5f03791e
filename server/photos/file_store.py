"""Bytes at rest: what arrives in parts and is kept as whole, encrypted files, behind one interface.

A file is written once under its name and never changed. It knows no record and no person.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from server.sealed_file import (
    MAGIC,
    SALT_SIZE_BYTES,
    TAG_SIZE_BYTES,
    Damaged,
    NotOurs,
    SealedWriter,
    WrongKey,
    pieces,
)

PART_MAX_BYTES = 1 << 20
"""A part is one sealed piece, so that its size on disk tells how many bytes are in it."""
_ENVELOPE_BYTES = len(MAGIC) + SALT_SIZE_BYTES + TAG_SIZE_BYTES


class WrongOffset(Exception):
    """The bytes do not follow those that are here; the right place stands in `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class FileStore(Protocol):
    """What attachments need of a store; a name is `folder/id`."""

    def offset(self, id: str) -> int:
        """Give how many bytes have arrived, in unbroken order."""

    def put_part(self, id: str, offset: int, content: bytes) -> int:
        """Keep bytes durably and give the next offset; raises WrongOffset."""

    def finish(self, id: str, name: str, sha256: str) -> bool:
        """Put the parts together durably under a name, if they are what was announced."""

    def drop_parts(self, id: str) -> None:
        """Forget what arrived in parts."""

    def put(self, name: str, content: bytes) -> None:
        """Keep a whole file durably under a name; what was there is replaced."""

    def open(self, name: str) -> bytes | None:
        """Give a file's bytes, or None when there is none."""

    def delete(self, name: str) -> None:
        """Take a file away for good."""

    def ids(self, folder: str) -> set[str]:
        """Give the ids that have a whole file in a folder."""


class FolderStore:
    """A store in a local folder; every file in it is sealed."""

    def __init__(self, folder: Path, key: bytes, *before: bytes) -> None:
        self.folder, self._key, self._keys = folder, key, (key, *before)

    def offset(self, id: str) -> int:
        """Give how many bytes have arrived: the sizes of the parts, counted from the first."""
        here = 0
        for at, size in self._parts(id):
            if at != here:
                break
            here += size
        return here

    def put_part(self, id: str, offset: int, content: bytes) -> int:
        """Keep one part; of two that come at once for the same place, the first counts."""
        assert 0 < len(content) <= PART_MAX_BYTES
        here = self.offset(id)
        if offset != here:
            raise WrongOffset(here)
        path = self._part(id, offset)
        with self._draft(path) as draft:
            self._seal(draft, [content])
            try:
                os.link(draft, path)
            except FileExistsError as there:
                raise WrongOffset(self.offset(id)) from there
        _sync_folder(path.parent)
        return offset + len(content)

    def finish(self, id: str, name: str, sha256: str) -> bool:
        """Copy the parts into one file piece by piece; they stay until they are dropped."""
        digest = hashlib.sha256()

        def whole() -> Iterator[bytes]:
            for at, _ in self._parts(id):
                for piece in self._pieces(self._part(id, at)):
                    digest.update(piece)
                    yield piece

        path = self._path(name)
        with self._draft(path) as draft:
            self._seal(draft, whole())
            if digest.hexdigest() != sha256:
                return False
            draft.rename(path)
        _sync_folder(path.parent)
        return True

    def drop_parts(self, id: str) -> None:
        """Take the folder of the parts away."""
        shutil.rmtree(self.folder / "parts" / id, ignore_errors=True)

    def put(self, name: str, content: bytes) -> None:
        """Write a whole file."""
        path = self._path(name)
        with self._draft(path) as draft:
            self._seal(draft, [content])
            draft.rename(path)
        _sync_folder(path.parent)

    def open(self, name: str) -> bytes | None:
        """Read a whole file; raises sealed_file's errors when it was changed."""
        path = self._path(name)
        if not path.is_file():
            return None
        return b"".join(self._pieces(path))

    def delete(self, name: str) -> None:
        """Unlink a file."""
        self._path(name).unlink(missing_ok=True)

    def ids(self, folder: str) -> set[str]:
        """List a folder's files; no draft."""
        found = (self.folder / folder).glob("*/*")
        return {path.name for path in found if not path.name.startswith(".")}

    def seal_anew(self) -> tuple[int, list[str]]:
        """Seal under the key in use what an older one sealed; give how many files that were, and
        the names of those that open with no key here and lie as they were.

        Nobody else writes or deletes meanwhile: what is deleted just then would be back.
        """
        count, unopened = 0, []
        for path in list(self.folder.rglob("*")):
            if not path.is_file() or path.name.startswith("."):
                continue
            try:
                count += self._seal_one_anew(path)
            except (NotOurs, WrongKey, Damaged):
                unopened.append(str(path.relative_to(self.folder)))
        return count, unopened

    def _seal(self, path: Path, content: Iterable[bytes]) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            sealed = SealedWriter(file, self._key)
            for piece in content:
                sealed.write(piece)
            sealed.close()
            file.flush()
            os.fsync(handle)

    def _pieces(self, path: Path) -> Iterator[bytes]:
        file: BinaryIO
        with path.open("rb") as file:
            yield from pieces(file, *self._keys)

    def _is_ours_now(self, path: Path) -> bool:
        """Whether the key in use opens a file."""
        with path.open("rb") as file:
            try:
                next(pieces(file, self._key))
            except WrongKey:
                return False
        return True

    def _seal_one_anew(self, path: Path) -> bool:
        if self._is_ours_now(path):
            return False
        with self._draft(path) as draft:
            self._seal(draft, self._pieces(path))
            draft.rename(path)
        _sync_folder(path.parent)
        return True

    @contextmanager
    def _draft(self, path: Path) -> Iterator[Path]:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def _parts(self, id: str) -> list[tuple[int, int]]:
        """Give place and size of every part, first to last."""
        found = []
        with suppress(FileNotFoundError):
            for path in (self.folder / "parts" / id).iterdir():
                if path.name.isdecimal():
                    found.append((int(path.name), path.stat().st_size - _ENVELOPE_BYTES))
        return sorted(found)

    def _part(self, id: str, offset: int) -> Path:
        return self.folder / "parts" / id / f"{offset:012}"

    def _path(self, name: str) -> Path:
        """Spread the files, so that no folder grows without end; ids end in what is random."""
        folder, _, id = name.partition("/")
        return self.folder / folder / id[-2:] / id


def _sync_folder(folder: Path) -> None:
    """Make the name durable, and that of its folder, which may be new."""
    for each in (folder, folder.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
