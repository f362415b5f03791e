"""The stock of homes as lists: areas, buildings and dwellings with what is wrong there, and search.

It reads through the desk alone, a page at a time; nothing here knows who lives anywhere.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from server.access import visible_clause
from server.office.desk import Desk, Item
from server.planning.overdue import MENDED
from server.records.building import Building
from server.records.deviation import Deviation
from server.records.dwelling import Dwelling
from server.records.folding import fold
from server.records.record import Envelope

PAGE = 60
HITS_MAX = 40
WORDS_MAX = 8


@dataclass(frozen=True)
class Line:
    """One area, building or dwelling in a list."""

    id: str
    title: str
    more: str
    faults: int
    homes: int = 0
    houses: int = 0


def areas(desk: Desk, names: dict[str, str]) -> list[Line]:
    """Give the areas with how many buildings, dwellings and open deviations each has."""
    kinds = (Building.spec.name, Dwelling.spec.name)
    rows = desk.session.execute(
        select(Envelope.area, Envelope.kind, func.count())
        .where(Envelope.kind.in_(kinds), Envelope.deleted.is_(False), visible_clause(desk.scopes))
        .group_by(Envelope.area, Envelope.kind)
    )
    found = {(area, kind): count for area, kind, count in rows}
    faults = _faults(desk, Envelope.area, Envelope.area.in_(names))
    return [
        Line(
            id=id,
            title=name,
            more="",
            faults=faults.get(id, 0),
            houses=found.get((id, kinds[0]), 0),
            homes=found.get((id, kinds[1]), 0),
        )
        for id, name in names.items()
    ]


def buildings(desk: Desk, area: str, page: int) -> list[Line]:
    """Give one page of an area's buildings and one more, by address."""

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Building, Building.id == Envelope.id).where(Envelope.area == area)
        return rows.order_by(Building.address, Envelope.id).offset((page - 1) * PAGE)

    return building_lines(desk, desk.found(Building.spec.name, narrow, PAGE + 1))


def building_lines(desk: Desk, items: Collection[Item]) -> list[Line]:
    """Lay buildings out with how many homes and open deviations each has."""
    ids = [item.id for item in items]
    rows = desk.session.execute(
        select(Dwelling.building, func.count())
        .join(Envelope, Envelope.id == Dwelling.id)
        .where(Dwelling.building.in_(ids), Envelope.deleted.is_(False), visible_clause(desk.scopes))
        .group_by(Dwelling.building)
    )
    homes = {building: count for building, count in rows if building}
    inside = func.coalesce(Deviation.building, Dwelling.building)
    faults = _faults(desk, inside, inside.in_(ids))
    return [
        Line(
            id=item.id,
            title=item.text("address") or item.spec.words[0],
            more=item.text("name") or "",
            faults=faults.get(item.id, 0),
            homes=homes.get(item.id, 0),
        )
        for item in items
    ]


def dwellings(desk: Desk, page: int, *, building: str | None, area: str | None) -> list[Line]:
    """Give one page of a building's dwellings, or of those of an area that lie in none."""

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Dwelling, Dwelling.id == Envelope.id).where(Dwelling.building == building)
        if area is not None:
            rows = rows.where(Envelope.area == area)
        rows = rows.order_by(Dwelling.address, Dwelling.unit_number, Envelope.id)
        return rows.offset((page - 1) * PAGE)

    return dwelling_lines(desk, desk.found(Dwelling.spec.name, narrow, PAGE + 1))


def dwelling_lines(desk: Desk, items: Collection[Item]) -> list[Line]:
    """Lay dwellings out with how many open deviations each has."""
    ids = [item.id for item in items]
    faults = _faults(desk, Deviation.dwelling, Deviation.dwelling.in_(ids))
    return [
        Line(
            id=item.id,
            title=", ".join(filter(None, (item.text("address"), item.text("unit_number")))),
            more=" · ".join(filter(None, (item.text("local_label"), item.text("own_number")))),
            faults=faults.get(item.id, 0),
        )
        for item in items
    ]


def search(desk: Desk, words: str) -> tuple[list[Line], list[Line]]:
    """Find buildings and dwellings by words, house numbers and unit numbers, in any order."""
    tokens = fold(words).split()[:WORDS_MAX]
    if not tokens:
        return [], []

    def homes(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Dwelling, Dwelling.id == Envelope.id)
        rows = rows.where(and_(*(_names_home(token) for token in tokens)))
        return rows.order_by(Dwelling.address, Dwelling.unit_number, Envelope.id)

    def houses(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Building, Building.id == Envelope.id)
        rows = rows.where(and_(*(_in_words(token) for token in tokens)))
        return rows.order_by(Building.address, Envelope.id)

    return (
        building_lines(desk, desk.found(Building.spec.name, houses, HITS_MAX)),
        dwelling_lines(desk, desk.found(Dwelling.spec.name, homes, HITS_MAX)),
    )


def _names_home(token: str) -> Any:
    unit = Dwelling.unit_number.startswith(token.upper(), autoescape=True)
    own = func.lower(Dwelling.own_number) == token
    return or_(_in_words(token), unit, own)


def _in_words(token: str) -> Any:
    """Match a folded word, whichever of them was written aa, ae or oe; as the phone does."""
    words: Any = Envelope.words
    for two, one in (("aa", "a"), ("ae", "a"), ("oe", "o")):
        words, token = func.replace(words, two, one), token.replace(two, one)
    return words.contains(token, autoescape=True)


def _faults(desk: Desk, by: Any, where: Any) -> dict[str, int]:
    """Count the open deviations by an expression; drafts are their authors' own business."""
    rows = desk.session.execute(
        select(by, func.count())
        .select_from(Deviation)
        .join(Envelope, Envelope.id == Deviation.id)
        .outerjoin(Dwelling, Dwelling.id == Deviation.dwelling)
        .where(
            where,
            Envelope.deleted.is_(False),
            Deviation.status.is_not(None),
            Deviation.status != "draft",
            or_(Deviation.handling.is_(None), Deviation.handling.not_in(MENDED)),
            visible_clause(desk.scopes),
        )
        .group_by(by)
    )
    return dict(rows.all())
