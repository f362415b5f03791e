"""Whether the reader may open a home by Nødtilgang, and until when they have; it opens none."""

from __future__ import annotations

from server import openings
from server.office.dates import moment_words
from server.office.desk import Desk, Item
from server.openings import MAY_OPEN


def may_open(desk: Desk, item: Item) -> bool:
    """Say whether the reader may open a home: with a role that follows households up, there."""
    return bool(desk.actor.roles_in(item.area) & MAY_OPEN) and item.area is not None


def opened_until(desk: Desk, home: str) -> str:
    """Say until when the reader has opened a home; empty when they have not."""
    rows = openings.live(desk.session, desk.actor.user, desk.actor.grants, desk.now)
    return next((moment_words(row.until, desk.now) for row in rows if row.home == home), "")
