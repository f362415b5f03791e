"""Where on a page a problem lies, so that its words lead there; it decides nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spot:
    """A field of a form: its id on the page, and what it is called there."""

    id: str
    label: str
