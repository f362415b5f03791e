"""Reads a browser's folder as a thief would: every file, in every way it may have been packed.

It knows LevelDB, snappy, SQLite, gzip, zlib and zstd, and nothing of this app; it judges nothing.
"""

from __future__ import annotations

import base64
import os.path
import re
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import zstandard

HEAD = 9
"""So many letters of a planted word are enough to know it by: half-typed words are found too."""
UNPACKED_SIZE_MAX = 1 << 24
TABLE_MAGIC = bytes.fromhex("57fb808b247547db")
FOOTER_SIZE, TRAILER_SIZE = 48, 5
LOG_BLOCK_SIZE, LOG_HEADER_SIZE = 32_768, 7
SQLITE = b"SQLite format 3\0"
PACKED = re.compile(rb"\xff\x11\x02|\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|\x28\xb5\x2f\xfd")
"""How a packed piece begins: IndexedDB's snappy, gzip, zlib, zstd."""


@dataclass(frozen=True)
class Find:
    """A word that lies on the disk: in which file, and how it was written and packed."""

    word: str
    file: str
    how: str


@dataclass(frozen=True)
class Form:
    """One way of writing a group of words: what all of them begin with, and each one's bytes."""

    how: str
    stem: bytes
    words: Mapping[bytes, str]


def search(folder: Path, planted: Sequence[str], others: Sequence[str] = ()) -> set[Find]:
    """Give every place where a planted word (or its first letters) or one of the others lies."""
    forms = [*forms_of(planted, HEAD), *(form for word in others for form in forms_of([word]))]
    found: set[Find] = set()
    with tempfile.TemporaryDirectory() as space:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = str(path.relative_to(folder))
            found |= {Find(w, name, "in its name") for w in words_in(name.encode(), forms)}
            for layer, content in layers(path, Path(space)):
                for how, word in hits(content, forms):
                    found.add(Find(word, name, f"{how}, {layer}"))
    return found


def copy(disk: Path, to: Path) -> Path:
    """Take the whole folder as it lies at this moment, also while the browser writes in it."""
    for path in sorted(disk.rglob("*")):
        target = to / path.relative_to(disk)
        try:
            if path.is_dir() and not path.is_symlink():
                target.mkdir(parents=True, exist_ok=True)
            elif path.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        except FileNotFoundError:
            continue
    return to


def forms_of(words: Sequence[str], letters: int | None = None) -> list[Form]:
    """Every way in which words may be written: three encodings, hexadecimal and base64."""
    made = []
    for how, write in WRITTEN.items():
        table = {write(word[:letters].encode()): word for word in words}
        stem = os.path.commonprefix(list(table))
        assert isinstance(stem, bytes) and len(stem) > 1, "the words must begin alike"
        made.append(Form(how, stem, table))
    return made


def base64_at(offset: int) -> Callable[[bytes], bytes]:
    """The characters of base64 that a word decides alone when it begins `offset` bytes in."""

    def write(word: bytes) -> bytes:
        whole = base64.b64encode(bytes(offset) + word)
        return whole[-(-offset * 8 // 6) : (offset + len(word)) * 8 // 6]

    return write


def recoded(encoding: str, then: Callable[[bytes], bytes] = bytes) -> Callable[[bytes], bytes]:
    """The word in another encoding, and then written on."""
    return lambda word: then(word.decode().encode(encoding))


WRITTEN: Mapping[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "UTF-16LE": recoded("utf-16-le"),
    "UTF-16BE": recoded("utf-16-be"),
    "hex": lambda word: word.hex().encode(),
    **{f"base64 at {offset}": base64_at(offset) for offset in range(3)},
    **{
        f"base64 of UTF-16 at {offset}": recoded("utf-16-le", base64_at(offset))
        for offset in range(3)
    },
}


def hits(content: bytes, forms: Iterable[Form]) -> Iterator[tuple[str, str]]:
    """Give (how it is written, the word) for each word in the bytes."""
    for form in forms:
        at = content.find(form.stem)
        while at >= 0:
            for length in {len(written) for written in form.words}:
                word = form.words.get(content[at : at + length])
                if word is not None:
                    yield form.how, word
            at = content.find(form.stem, at + 1)


def words_in(content: bytes, forms: Iterable[Form]) -> set[str]:
    """Give the words that the bytes hold in any form."""
    return {word for _, word in hits(content, forms)}


def layers(path: Path, space: Path) -> Iterator[tuple[str, bytes]]:
    """Give a file as it lies, and then everything that can be unpacked from it."""
    raw = path.read_bytes()
    outer = [("as it lies", raw)]
    if raw.endswith(TABLE_MAGIC):
        outer += [("in a table's block", block) for block in table(raw)]
    elif path.suffix == ".log":
        outer.append(("in a log's records", log(raw)))
    elif raw.startswith(SQLITE):
        outer.append(("in a row", b"\n".join(rows(path, space))))
    for layer, content in outer:
        yield layer, content
        for packing, inner in unpacked(content):
            yield f"{packing} {layer}", inner


def table(raw: bytes) -> Iterator[bytes]:
    """Give the blocks of a LevelDB table, unpacked, its keys written out in full."""
    _, at = handle(raw, len(raw) - FOOTER_SIZE)
    index, _ = handle(raw, at)
    for _, value in entries(block(raw, index)):
        where, _ = handle(value, 0)
        content = block(raw, where)
        yield content
        yield b"\n".join(key for key, _ in entries(content))


def handle(raw: bytes, at: int) -> tuple[tuple[int, int], int]:
    """Read where a block lies; give it and the place after."""
    offset, at = varint(raw, at)
    size, at = varint(raw, at)
    return (offset, size), at


def block(raw: bytes, where: tuple[int, int]) -> bytes:
    """Give one block, unpacked when it is packed."""
    offset, size = where
    content, packing = raw[offset : offset + size], raw[offset + size]
    if packing == 0:
        return content
    if packing == 1:
        return snappy(content)
    return zstandard.ZstdDecompressor().decompress(content, max_output_size=UNPACKED_SIZE_MAX)


def entries(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the keys and values of a block; a key repeats only what it does not share."""
    restarts = int.from_bytes(content[-4:], "little")
    at, end, key = 0, len(content) - 4 - 4 * restarts, b""
    while at < end:
        shared, at = varint(content, at)
        own, at = varint(content, at)
        size, at = varint(content, at)
        key = key[:shared] + content[at : at + own]
        yield key, content[at + own : at + own + size]
        at += own + size


def log(raw: bytes) -> bytes:
    """Give the records of a LevelDB log, those put together that a block's edge has cut."""
    parts, at = [], 0
    while at + LOG_HEADER_SIZE <= len(raw):
        left = LOG_BLOCK_SIZE - at % LOG_BLOCK_SIZE
        size = int.from_bytes(raw[at + 4 : at + 6], "little")
        if left < LOG_HEADER_SIZE or raw[at + 6] == 0:
            at += left
            continue
        parts.append(raw[at + LOG_HEADER_SIZE : at + LOG_HEADER_SIZE + size])
        at += LOG_HEADER_SIZE + size
    return b"".join(parts)


def varint(raw: bytes, at: int) -> tuple[int, int]:
    """Read a number of seven bits a byte; give it and the place after."""
    value = shift = 0
    while True:
        value |= (raw[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if raw[at - 1] < 0x80:
            return value, at


def snappy(packed: bytes) -> bytes:
    """Unpack; of a piece that is cut or is no snappy at all, give what could be unpacked."""
    out = bytearray()
    try:
        size, at = varint(packed, 0)
        while at < len(packed) and len(out) < min(size, UNPACKED_SIZE_MAX):
            at = element(packed, at, out)
    except IndexError:
        pass
    return bytes(out)


def element(packed: bytes, at: int, out: bytearray) -> int:
    """Unpack one literal or one copy; give the place after."""
    tag, at = packed[at], at + 1
    size = (tag >> 2) + 1
    if tag & 3 == 0:
        more = max(0, size - 60)
        if more:
            size = int.from_bytes(packed[at : at + more], "little") + 1
        out += packed[at + more : at + more + size]
        return at + more + size
    width = {1: 1, 2: 2, 3: 4}[tag & 3]
    back = int.from_bytes(packed[at : at + width], "little")
    if tag & 3 == 1:
        size, back = (tag >> 2 & 7) + 4, back | tag >> 5 << 8
    if not 0 < back <= len(out):
        raise IndexError("a copy of what is not there")
    for _ in range(size):
        out.append(out[-back])
    return at + width


def unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Give every piece that begins like something packed and can be unpacked."""
    for start in PACKED.finditer(content):
        packed, mark = content[start.start() :], start[0]
        if mark == b"\xff\x11\x02":
            yield "snappy", snappy(packed[3:])
        elif mark == b"\x28\xb5\x2f\xfd":
            yield "zstd", until_it_breaks(zstandard.ZstdDecompressor().decompressobj(), packed)
        else:
            yield "zlib", until_it_breaks(zlib.decompressobj(wbits=47), packed)


def until_it_breaks(unpacker: object, packed: bytes) -> bytes:
    """Unpack piece by piece, and give what came before the end or the first broken piece."""
    out = bytearray()
    for at in range(0, len(packed), 1024):
        try:
            out += unpacker.decompress(packed[at : at + 1024])  # type: ignore[attr-defined]
        except (zlib.error, zstandard.ZstdError):
            break
        if len(out) > UNPACKED_SIZE_MAX or unpacker.unused_data:  # type: ignore[attr-defined]
            break
    return bytes(out)


def rows(path: Path, space: Path) -> Iterator[bytes]:
    """Give every value of a SQLite file, those put together that lie on several pages."""
    for end in ("", "-wal", "-journal"):
        (space / f"db{end}").unlink(missing_ok=True)
        if Path(f"{path}{end}").exists():
            shutil.copyfile(f"{path}{end}", space / f"db{end}")
    try:
        with closing(sqlite3.connect(space / "db")) as database:
            database.text_factory = bytes
            named = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (name,) in named.fetchall():
                for row in database.execute(f'SELECT * FROM "{name.decode()}"'):
                    yield from (value for value in row if isinstance(value, bytes))
    except sqlite3.DatabaseError:
        return
