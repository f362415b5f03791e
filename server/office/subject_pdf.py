"""What somebody is given on paper: the package drawn as PDF/A by Typst, words as words.

Nothing of the package is ever read as markup: it goes in as data. It reads no request.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from server.shapes import read_instant

TEMPLATE = Path(__file__).parent / "templates" / "innsyn.typ"


def as_pdf(said: Mapping[str, Any]) -> bytes:
    """Draw a package as PDF/A-2b; signs that no font here has make it an ordinary PDF."""
    import typst

    template, made = TEMPLATE.read_bytes(), int(read_instant(said["made_at"]).timestamp())
    inputs = {"said": json.dumps(said, ensure_ascii=False)}
    try:
        return typst.compile(
            template, sys_inputs=inputs, timestamp=made, format="pdf", pdf_standards="a-2b"
        )
    except typst.TypstError:
        return typst.compile(template, sys_inputs=inputs, timestamp=made, format="pdf")
