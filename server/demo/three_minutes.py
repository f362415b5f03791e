"""What the story of three minutes begins with, in one house: a first visit today, and a slow drain.

The story itself is told by whoever shows the app; docs/story.md says how.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from server.demo.ground import NEW_TODAY
from server.demo.municipality import STAFF, homes, made_up_id
from server.demo.pen import Edit, Pen, made
from server.planning.calendar import day_of
from server.shapes import Json

KARI, OLA, INGRID = (STAFF[login] for login in ("kari", "ola", "ingrid"))
HOME = homes()[NEW_TODAY]
DRAIN, VISIT, JOB = (made_up_id("story", name) for name in ("drain", "first visit", "job"))
SLOW = "Sluket på badet renner nesten ikke unna."


def begin_the_story(pen: Pen, now: datetime) -> None:
    """Agree the first visit for today, and send the caretaker to the drain that he heard of."""
    found, today = now - timedelta(days=1), f"{day_of(now)}"
    fault: dict[str, Json] = {
        "dwelling": HOME.id,
        "words": SLOW,
        "severity": "medium",
        "responsible": "landlord",
        "found_on": f"{day_of(found)}",
        "found_by": OLA.id,
    }
    pen.phone(OLA, found, made("deviation", DRAIN, fault).sent_in(OLA, found))
    visit: dict[str, Json] = {
        "dwelling": HOME.id,
        "tenancy": HOME.tenancy,
        "purpose": "move_in",
        "planned_on": today,
        "planned_at": "08:30",
        f"visitors/{KARI.id}": True,
    }
    job: dict[str, Json] = {
        "dwelling": HOME.id,
        "deviation": DRAIN,
        "words": "Rens sluket på badet sammen med leietakeren.",
        "category": "drain",
        "source": "self",
        "due_on": today,
        "due_at": "09:30",
        f"who/{OLA.id}": True,
    }
    planned: list[Edit] = [made("planned_visit", VISIT, visit), made("assignment", JOB, job)]
    pen.office(INGRID, now - timedelta(hours=20), *planned)
