"""What somebody is given on paper: the package drawn as PDF/A. It reads no request."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from server.keeping import paper
from server.shapes import read_instant

TEMPLATE = Path(__file__).parent / "templates" / "innsyn.typ"


def as_pdf(said: Mapping[str, Any]) -> bytes:
    """Draw a package as PDF/A-2b; signs that no font here has make it an ordinary PDF."""
    made = read_instant(said["made_at"])
    try:
        return paper.as_archive_pdf(TEMPLATE, said, made)
    except paper.NoSuchSign:
        return paper.as_pdf(TEMPLATE, said, made)
