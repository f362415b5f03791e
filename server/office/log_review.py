"""The weekly look at the logs: what in them a leader ought to see, and who signed the week.

It reads them and decides nothing: a line here is a question, and no charge against anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

import orjson
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server import access_log, acts, password_resets
from server.access_log import AccessRow
from server.acts import Act
from server.people import User
from server.planning.calendar import OSLO
from server.records.contact import Contact
from server.records.folding import fold
from server.roles import ROLE_LABELS, Role

SIGNED = "log_week_signed"
DAY_BEGINS, DAY_ENDS = time(6), time(22)
MANY_AT_LEAST, MANY_TIMES = 60, 4
"""So many records opened one by one, and so many times what is usual that week, is worth a look."""
OPENED = (
    *("office.record", "office.dwelling", "office.log_of_record"),
    access_log.OPENED_ON_PHONE,
)
ASKED, EXPORT, OWN_NAME, NIGHT, MANY = "asked", "export", "own_name", "night", "many"
PASSWORD, ROLE = "password", "role"
YEARS = range(2020, 2200)
ORDER = (PASSWORD, ROLE, ASKED, EXPORT, OWN_NAME, NIGHT, MANY)


@dataclass(frozen=True)
class Finding:
    """One thing to look at: what it is, who, from when, how many records, or whom it was about."""

    what: str
    who: str
    first_at: datetime
    records: int
    why: str | None = None
    """As the access log says it: what that is in words is told to who may know; or which role."""
    about: str = ""


def week_of(moment: datetime) -> str:
    """Name the week of a moment, in Norwegian time: 2026-W48."""
    year, week, _ = moment.astimezone(OSLO).date().isocalendar()
    return f"{year}-W{week:02}"


def monday_of(week: str) -> date | None:
    """Give the Monday of a week; None when it names none."""
    year, _, number = week.partition("-W")
    if not (year.isdecimal() and year.isascii() and number.isdecimal() and number.isascii()):
        return None
    if int(year[:9]) not in YEARS:
        return None
    try:
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return None


def bounds(monday: date) -> tuple[datetime, datetime]:
    """Give the first moment of a week, and the first after it."""
    first, after = (datetime.combine(monday + timedelta(d), time(), OSLO) for d in (0, 7))
    return first, after


def findings(session: Session, monday: date) -> list[Finding]:
    """Give what a leader ought to look at in one week, the weightiest first."""
    first, after = bounds(monday)
    wanted = or_(
        AccessRow.way.startswith("office.", autoescape=True),
        AccessRow.way == access_log.OPENED_ON_PHONE,
        AccessRow.purpose.in_((access_log.ASKED, access_log.EXPORT)),
    )
    query = select(AccessRow).where(AccessRow.at >= first, AccessRow.at < after, wanted)
    read = list(session.scalars(query.order_by(AccessRow.position)))
    found = [
        *_passwords(session, first, after),
        *_roles(session, first, after),
        *_each(read, access_log.ASKED, ASKED),
        *_each(read, access_log.EXPORT, EXPORT),
        *_own_names(session, read),
        *_by_person(NIGHT, (row for row in read if _at_night(row.read_at))),
        *_many(read),
    ]
    return sorted(found, key=lambda each: (ORDER.index(each.what), each.first_at))


def unsigned_weeks(session: Session, now: datetime, most: int = 8) -> list[str]:
    """Give the whole weeks that have something in the log and that nobody signed, oldest first."""
    begun = session.scalar(select(AccessRow.at).order_by(AccessRow.position).limit(1))
    if begun is None:
        return []
    signed = set(session.scalars(select(Act.about).where(Act.what == SIGNED)))
    monday = monday_of(week_of(now))
    assert monday is not None
    weeks = [week_of(bounds(monday - timedelta(weeks=n))[0]) for n in range(1, most + 1)]
    return [week for week in reversed(weeks) if week >= week_of(begun) and week not in signed]


def sign(session: Session, week: str, count: int, words: str, by: str, now: datetime) -> None:
    """Write down that somebody looked through a week; a week may be looked through again."""
    position, chain = access_log.head(session)
    acts.note(
        session, SIGNED, by, now, week, findings=count, words=words, position=position, chain=chain
    )


def signatures(session: Session, week: str) -> list[tuple[str, datetime, str]]:
    """Give who signed a week, when, and what they wrote."""
    query = select(Act).where(Act.what == SIGNED, Act.about == week).order_by(Act.at, Act.id)
    said = ((act, orjson.loads(act.note)) for act in session.scalars(query))
    return [(act.by, act.at, str(words.get("words") or "")) for act, words in said]


def _each(read: Sequence[AccessRow], purpose: str, what: str) -> list[Finding]:
    rows = (row for row in read if row.purpose == purpose)
    return [Finding(what, row.who, row.at, row.size, row.why) for row in rows]


def _passwords(session: Session, first: datetime, after: datetime) -> list[Finding]:
    resets = password_resets.between(session, first, after)
    return [Finding(PASSWORD, each.by, each.at, 0, about=each.user) for each in resets]


def _roles(session: Session, first: datetime, after: datetime) -> list[Finding]:
    """Find who let whom in, by hand: an administrator reads nothing, but says who does."""
    given = select(Act).where(Act.what == acts.ROLE_GIVEN, Act.at >= first, Act.at < after)
    found = []
    for act in session.scalars(given.where(Act.by.in_(select(User.id)))):
        said = orjson.loads(act.note)
        where = "ett område" if said["area"] else "alle områder"
        words = f"{ROLE_LABELS[Role(said['role'])]}, {where}"
        found.append(Finding(ROLE, act.by, act.at, 0, words, act.about or ""))
    return found


def _at_night(moment: datetime) -> bool:
    return not DAY_BEGINS <= moment.astimezone(OSLO).time() < DAY_ENDS


def _by_person(what: str, read: Iterable[AccessRow]) -> list[Finding]:
    rows: dict[str, list[AccessRow]] = defaultdict(list)
    for row in read:
        rows[row.who].append(row)
    return [
        Finding(what, who, min(row.read_at for row in theirs), len(_records(theirs)))
        for who, theirs in rows.items()
    ]


def _many(read: Sequence[AccessRow]) -> list[Finding]:
    """Find who opened far more, one by one, than is usual that week."""
    found = _by_person(MANY, (row for row in read if row.way in OPENED))
    if not found:
        return []
    usual = median(each.records for each in found)
    return [each for each in found if each.records > max(MANY_AT_LEAST, MANY_TIMES * usual)]


def _own_names(session: Session, read: Sequence[AccessRow]) -> list[Finding]:
    """Find who opened the contact, or the tenancy, of somebody with their own last name."""
    users = {row.who for row in read}
    names: dict[str, str] = dict(
        session.execute(select(User.id, User.name).where(User.id.in_(users))).all()
    )
    wanted = {last for name in names.values() if (last := _last_name(name))}
    alike: dict[str, set[str]] = defaultdict(set)
    contacts: Any = select(Contact.id, Contact.name, Contact.tenancy)
    for id, name, tenancy in session.execute(contacts.where(Contact.name.is_not(None))):
        if (last := _last_name(name)) in wanted:
            alike[last] |= {each for each in (id, tenancy) if each}
    hits = [
        row
        for row in read
        if (theirs := alike.get(_last_name(names.get(row.who, ""))))
        and theirs & set(access_log.records_in(row.records))
    ]
    return _by_person(OWN_NAME, hits)


def _last_name(name: str) -> str:
    parts = fold(name).split()
    return parts[-1] if len(parts) > 1 else ""


def _records(read: Sequence[AccessRow]) -> set[str]:
    return {id for row in read for id in access_log.records_in(row.records)}
