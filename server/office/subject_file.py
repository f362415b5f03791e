"""What somebody is given as a file: the package drawn as PDF/A, or written as JSON.

It reads no request. The pictures are in memory once: a household of many years has hundreds.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

import orjson

from server.keeping.paper import Album, as_pdf_with, in_memory
from server.shapes import read_instant

TEMPLATE = Path(__file__).parent / "templates" / "innsyn.typ"
ID_SIGNS = 36


def as_pdf(said: Mapping[str, Any], album: Album) -> BinaryIO:
    """Draw a package as PDF/A-2b; signs that no font here has make it an ordinary PDF.

    The album is empty afterwards.
    """
    return as_pdf_with(album, TEMPLATE, said, read_instant(said["made_at"]))


def as_json(said: Mapping[str, Any], album: Album) -> BinaryIO:
    """Write a package as JSON, each picture as base64 in the field that names it."""
    here = token_hex(16)
    whole = {**said, "records": [_marked(each, here) for each in said["records"]]}
    first, *rest = orjson.dumps(whole, option=orjson.OPT_INDENT_2).split(here.encode())
    file = in_memory(first)
    file.seek(len(first))
    for piece in rest:
        file.write(b64encode(album.picture(piece[:ID_SIGNS].decode())))
        file.write(piece[ID_SIGNS:])
    file.seek(0)
    return file


def _marked(record: Mapping[str, Any], here: str) -> dict[str, Any]:
    """Let a sign that nobody can have written stand where a picture is to stand."""
    fields = [
        {**{name: said for name, said in each.items() if name != "picture"}, **_jpeg(each, here)}
        for each in record.get("fields", ())
    ]
    return {**record, "fields": fields} if fields else dict(record)


def _jpeg(field: Mapping[str, Any], here: str) -> dict[str, str]:
    return {"jpeg": here + field["picture"]} if "picture" in field else {}
