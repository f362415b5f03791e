"""Moments and counts in plain bokmål, in Norwegian time; reads no clock of its own."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from server.planning.calendar import OSLO

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")


def day_words(day: date, today: date) -> str:
    """Give «12.3.», or «12.3.2025» when the year is another."""
    year = "" if day.year == today.year else str(day.year)
    return f"{day.day}.{day.month}.{year}"


def clock_words(moment: datetime) -> str:
    """Give «kl. 07.12»."""
    return f"kl. {moment.astimezone(OSLO):%H.%M}"


def moment_words(moment: datetime | None, now: datetime) -> str:
    """Give «i dag kl. 07.12», «i går kl. 07.12» or «12.3. kl. 07.12»."""
    if moment is None:
        return "aldri"
    day, today = moment.astimezone(OSLO).date(), now.astimezone(OSLO).date()
    if day == today:
        return f"i dag {clock_words(moment)}"
    if day == today - timedelta(days=1):
        return f"i går {clock_words(moment)}"
    return f"{day_words(day, today)} {clock_words(moment)}"


def since_words(moment: datetime, now: datetime) -> str:
    """Give the day in «ikke kommet inn siden …»: a weekday within the last week, else the date."""
    day, today = moment.astimezone(OSLO).date(), now.astimezone(OSLO).date()
    if day == today:
        return "i dag"
    if day == today - timedelta(days=1):
        return "i går"
    if today - day < timedelta(days=7):
        return WEEKDAYS[day.weekday()]
    return day_words(day, today)


def counted(count: int, one: str, many: str) -> str:
    """Fill {antall} into the form for one or for more."""
    return (one if count == 1 else many).replace("{antall}", str(count))
