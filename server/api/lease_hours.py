"""How long a phone may be read without contact, as it is told."""

from __future__ import annotations

from datetime import datetime

from server.config import LEASE_DAYS_MAX
from server.planning.calendar import add_working_days, day_of


def lease_hours(days: int, now: datetime, network_only: bool = False) -> dict[str, int | bool]:
    """Give how many hours from now each part may be read without contact.

    Days that nobody works do not count: a phone that was put away before Easter is not empty after.
    Only while it has a network: the phone then keeps no key on its disk, so that each unlocking
    asks us; while it stays open, it may be read for an hour.
    """
    if days == 0 or network_only:
        return {"personal": 1, "technical": 1, "network_only": True}
    today = day_of(now)
    personal = min((add_working_days(today, days) - today).days, LEASE_DAYS_MAX)
    return {"personal": personal * 24, "technical": LEASE_DAYS_MAX * 24}
