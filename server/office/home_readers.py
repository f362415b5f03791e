"""Who works with homes, buildings and their faults: all but those who only run the service."""

from __future__ import annotations

from server.office.desk import Desk
from server.problems import Problem
from server.records.record import READER_SETS


def sees_homes(desk: Desk) -> bool:
    """Say whether somebody works with homes, buildings and their faults."""
    return bool(desk.actor.roles & READER_SETS["home"])


def admit_to_homes(desk: Desk) -> None:
    """Let those in who work with homes; for others the page is missing."""
    if not sees_homes(desk):
        raise Problem("no_access")
