"""The words of a PDF that Typst drew, and all else in it; for proof that something is gone."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
SHOWN = re.compile(rb"\((?:\\.|[^\\)])*\)", re.DOTALL)
PAIR = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def opened(pdf: bytes) -> bytes:
    """Give the bytes with every packed stream beside them as it reads unpacked."""
    return pdf + b"\n".join(_streams(pdf))


def words(pdf: bytes) -> str:
    """Give what is drawn, without spaces, as each of its fonts reads it, one after the other."""
    streams = list(_streams(pdf))
    fonts = [_letters(each) for each in streams if b"beginbfchar" in each]
    drawn = b"".join(_shown(each) for each in streams if b"BT" in each and b"]TJ" in each)
    codes = [int.from_bytes(drawn[at : at + 2], "big") for at in range(0, len(drawn), 2)]
    read = ("".join(font.get(code, "?") for code in codes) for font in fonts)
    return "\n".join("".join(each.split()) for each in read)


def _streams(pdf: bytes) -> Iterator[bytes]:
    """One in 256 packed streams ends in the byte of a line's end, and is read without it."""
    for found in STREAM.finditer(pdf):
        try:
            yield zlib.decompressobj().decompress(found[1])
        except zlib.error:
            yield found[1]


def _letters(cmap: bytes) -> dict[int, str]:
    return {
        int(code, 16): bytes.fromhex(sign.decode()).decode("utf-16-be")
        for code, sign in PAIR.findall(cmap)
    }


def _shown(content: bytes) -> bytes:
    return b"".join(ESCAPED.sub(_plain, each[1:-1]) for each in SHOWN.findall(content))


def _plain(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if sign.isdigit() else SIGNS.get(sign, sign)
