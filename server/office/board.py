"""The board of deviations as lines: filtered, sorted and counted among what the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, case, func, or_, select

from server.access import visible_clause
from server.office.dates import counted, day_words
from server.office.desk import Desk, Item
from server.planning.overdue import MENDED
from server.records.deviation import HANDLING, RESPONSIBLE, SEVERITIES, Deviation
from server.records.dwelling import Dwelling
from server.records.record import Envelope
from server.shapes import Json
from sync.mutation import is_id

PAGE = 100
CSV_MAX = 20_000
FAR_AWAY = date(9999, 12, 31)
TONES = {"critical": "danger", "high": "warn"}
NOBODY = "Ikke bestemt"
STATES = {"": "Ikke ferdig", "closed": "Rettet eller avvist", "all": "Alle"}
STATE_CHOICES = {**STATES, **HANDLING}
"""What can be looked for: whether it is mended, or exactly how far it has come."""
SORTS = {
    "severity": "Alvor",
    "age": "Alder",
    "due": "Frist",
    "responsible": "Ansvar",
    "handling": "Behandling",
}
AGES = ((7, "Siste uke"), (30, "Siste måned"), (90, "Siste tre måneder"))


@dataclass(frozen=True)
class Look:
    """What is looked for, and in which order; it is the page's address."""

    severity: str = ""
    responsible: str = ""
    state: str = ""
    area: str = ""
    building: str = ""
    late: str = ""
    by: str = "severity"
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Look:
        """Read an address; what makes no sense is not looked for."""
        page = given.get("page", "1")
        return cls(
            severity=_one_of(given, "severity", SEVERITIES),
            responsible=_one_of(given, "responsible", RESPONSIBLE),
            state=_one_of(given, "state", STATE_CHOICES),
            area=_id(given, "area"),
            building=_id(given, "building"),
            late="1" if given.get("late") else "",
            by=_one_of(given, "by", SORTS) or "severity",
            page=int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 6 else 1,
        )

    def link(self, **changes: Any) -> dict[str, Any]:
        """Give the parts of the address of another look."""
        other = replace(self, **{"page": 1, **changes})
        standard = Look()
        return {
            name: value
            for name, value in vars(other).items()
            if value != getattr(standard, name) and value != ""
        }

    @property
    def address(self) -> str:
        """Give this look as the end of an address."""
        return urlencode(self.link(page=self.page))


@dataclass(frozen=True)
class Line:
    """One deviation, ready to print."""

    item: Item
    place: str
    words: str
    severity: str
    tone: str
    responsible: str
    state: str
    age: str
    due: str
    late: bool
    work_order: str

    @property
    def id(self) -> str:
        """Give the record's id."""
        return self.item.id


@dataclass
class Group:
    """Lines under one heading."""

    title: str
    lines: list[Line] = field(default_factory=list)


def found(desk: Desk, look: Look, limit: int = PAGE + 1, skip: int = 0) -> list[Item]:
    """Give the deviations that a look finds, in its order."""

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = _narrowed(desk, look, rows.join(Deviation, Deviation.id == Envelope.id))
        return rows.order_by(*_order(look.by)).offset(skip)

    return desk.found(Deviation.spec.name, narrow, limit)


def counts(desk: Desk, look: Look) -> dict[str, int]:
    """Count the open deviations of a look by severity, and those past their deadline."""
    asked = replace(look, severity="", state="", late="")
    chosen: Any = (
        select(Deviation.severity, func.count())
        .join(Envelope, Envelope.id == Deviation.id)
        .where(visible_clause(desk.scopes))
        .group_by(Deviation.severity)
    )
    by_severity: dict[str, int] = dict(desk.session.execute(_narrowed(desk, asked, chosen)).all())
    late = desk.session.execute(_narrowed(desk, replace(asked, late="1"), chosen)).all()
    counted_by = {severity: by_severity.get(severity, 0) for severity in SEVERITIES}
    return {**counted_by, "late": sum(count for _, count in late)}


def lines(desk: Desk, items: Iterable[Item]) -> list[Line]:
    """Lay deviations out as lines; what they refer to is read at once."""
    those = list(items)
    places = [item.text(name) for item in those for name in ("dwelling", "building")]
    desk.items(filter(None, places))
    return [_line(desk, item) for item in those]


def grouped(look: Look, those: Iterable[Line], today: date) -> list[Group]:
    """Put lines that stand in order under their headings."""
    title_of = TITLES[look.by]
    groups: list[Group] = []
    for line in those:
        title = title_of(line.item, today)
        if not groups or groups[-1].title != title:
            groups.append(Group(title))
        groups[-1].lines.append(line)
    return groups


def state_of(item: Item) -> str:
    """Give how far the work has come; what nobody has begun on is open."""
    handling = item.body.get("handling")
    state = handling.get("state") if isinstance(handling, Mapping) else None
    return state if isinstance(state, str) else "open"


def is_late(item: Item, today: date) -> bool:
    """Say whether a deviation is past its deadline and not mended."""
    due = item.text("due_on")
    return due is not None and due < today.isoformat() and state_of(item) not in MENDED


def age_words(item: Item, today: date) -> str:
    """Give «i dag», «1 dag» or «12 dager» since it was found."""
    days = _age(item, today)
    return counted(days, "{antall} dag", "{antall} dager") if days else "i dag"


def _line(desk: Desk, item: Item) -> Line:
    severity, due = item.text("severity") or "", item.text("due_on")
    return Line(
        item=item,
        place=desk.title(item),
        words=item.text("words") or "",
        severity=SEVERITIES.get(severity, severity),
        tone=TONES.get(severity, ""),
        responsible=RESPONSIBLE.get(item.text("responsible") or "", NOBODY),
        state=HANDLING.get(state_of(item), ""),
        age=age_words(item, desk.today),
        due=day_words(date.fromisoformat(due), desk.today) if due else "",
        late=is_late(item, desk.today),
        work_order=item.text("work_order") or "",
    )


def _narrowed(desk: Desk, look: Look, rows: Select[Any]) -> Select[Any]:
    rows = rows.where(Deviation.status.is_not(None), Deviation.status != "draft")
    for column, value in (
        (Deviation.severity, look.severity),
        (Deviation.responsible, look.responsible),
        (Envelope.area, look.area),
    ):
        if value:
            rows = rows.where(column == value)
    if look.building:
        inside = select(Dwelling.id).where(Dwelling.building == look.building)
        rows = rows.where(or_(Deviation.building == look.building, Deviation.dwelling.in_(inside)))
    if look.late:
        rows = rows.where(Deviation.due_on < desk.today)
    open_ones = or_(Deviation.handling.is_(None), Deviation.handling.not_in(MENDED))
    if look.state in HANDLING:
        unbegun = Deviation.handling.is_(None) if look.state == "open" else None
        exactly = Deviation.handling == look.state
        return rows.where(exactly if unbegun is None else or_(exactly, unbegun))
    if look.state == "closed":
        return rows.where(Deviation.handling.in_(MENDED))
    return rows if look.state == "all" and not look.late else rows.where(open_ones)


def _order(by: str) -> tuple[Any, ...]:
    severity = _ranked(Deviation.severity, SEVERITIES)
    due, found_on = func.coalesce(Deviation.due_on, FAR_AWAY), Deviation.found_on
    first = {
        "severity": (severity, due),
        "age": (found_on, severity),
        "due": (due, severity),
        "responsible": (_ranked(Deviation.responsible, RESPONSIBLE), severity, due),
        "handling": (_ranked(func.coalesce(Deviation.handling, "open"), HANDLING), severity, due),
    }[by]
    return (*first, found_on, Envelope.id)


def _ranked(column: Any, values: Iterable[str]) -> Any:
    ranks = {value: rank for rank, value in enumerate(values)}
    return case(ranks, value=column, else_=len(ranks))


def _age(item: Item, today: date) -> int:
    found_on = item.text("found_on")
    return max(0, (today - date.fromisoformat(found_on)).days) if found_on else 0


def _age_title(item: Item, today: date) -> str:
    days = _age(item, today)
    return next((words for most, words in AGES if days <= most), "Eldre enn tre måneder")


def _due_title(item: Item, today: date) -> str:
    due = item.text("due_on")
    if due is None:
        return "Uten frist"
    if is_late(item, today):
        return "Over fristen"
    near = due <= (today + timedelta(days=7)).isoformat()
    return "Frist den neste uka" if near else "Frist senere"


TITLES: Mapping[str, Callable[[Item, date], str]] = {
    "severity": lambda item, today: SEVERITIES.get(item.text("severity") or "", NOBODY),
    "age": _age_title,
    "due": _due_title,
    "responsible": lambda item, today: RESPONSIBLE.get(item.text("responsible") or "", NOBODY),
    "handling": lambda item, today: HANDLING[state_of(item)],
}


def _one_of(given: Mapping[str, str], name: str, known: Mapping[str, Json]) -> str:
    value = given.get(name, "")
    return value if value in known else ""


def _id(given: Mapping[str, str], name: str) -> str:
    value = given.get(name, "")
    return value if is_id(value) else ""
