"""Words on paper: a template and what it is to say, drawn as PDF by Typst.

Nothing that is said is ever read as markup: it goes in as data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

ARCHIVE_STANDARD = "a-2b"


class NoSuchSign(Exception):
    """A sign that no font here has cannot stand in an archive PDF; the text names it."""


def as_archive_pdf(template: Path, said: Mapping[str, Any], made_at: datetime) -> bytes:
    """Draw as PDF/A-2b: fonts within, a colour profile, no transparency; raises NoSuchSign."""
    import typst

    try:
        return _drawn(template, said, made_at, pdf_standards=ARCHIVE_STANDARD)
    except typst.TypstError as bad:
        raise NoSuchSign(bad.message) from bad


def as_pdf(template: Path, said: Mapping[str, Any], made_at: datetime) -> bytes:
    """Draw as an ordinary PDF, which may hold any sign."""
    return _drawn(template, said, made_at)


def _drawn(template: Path, said: Mapping[str, Any], made_at: datetime, **how: Any) -> bytes:
    import typst

    inputs, made = {"said": json.dumps(said, ensure_ascii=False)}, int(made_at.timestamp())
    text = template.read_bytes()
    drawn = typst.compile(
        text, sys_inputs=inputs, timestamp=made, format="pdf", font_paths=_fonts(), **how
    )
    assert isinstance(drawn, bytes)
    return drawn


@cache
def _fonts() -> Any:
    """Look for fonts once: that takes a hundred times as long as to draw a page."""
    import typst

    return typst.Fonts()
