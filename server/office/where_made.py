"""Where what is about to be made will lie: asked for where nothing says it, and held to.

Until it is known, the form opens for those who may make such a record somewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server.access import may_write
from server.field import USERS
from server.office.decisions import Form
from server.office.desk import Desk
from server.office.drawn import Drawing, Slot
from server.office.plans import areas_of
from server.office.rights import may_make
from server.office.written import is_box
from server.records.building import Building
from server.records.record import KindSpec, Place
from server.shapes import Field, Json

AREA = "area"
HELD_TO = (USERS, Building.spec.name)
"""Nobody is sent where they do not work, nor to a building that lies elsewhere."""
ELSEWHERE = "Hører ikke til dette området. Ta bort krysset."


def may_begin(desk: Desk, spec: KindSpec, start: Mapping[str, Json], slots: Iterable[Slot]) -> bool:
    """Say whether the reader may make such a record: there, or where the form lets them choose."""
    drawn = {slot.field.name: slot for slot in slots}
    areas = drawn[AREA].options if AREA in drawn else None
    likely = {**start, AREA: next(iter(areas))} if areas and AREA not in start else start
    if may_make(desk, spec, likely):
        return True
    if any(name in start for name in spec.references) or not _homes(spec, drawn):
        return False
    return any(may_write(desk.actor, spec, Place(area, frozenset())) for area in areas_of(desk))


def placeless(
    desk: Desk, spec: KindSpec, values: Mapping[str, Json], slots: Iterable[Slot]
) -> list[str]:
    """Ask for the place where nothing says in which area the record lies: nobody would find it."""
    if area_in(desk, spec, values):
        return []
    if AREA in spec.fields:
        return [AREA]
    return _homes(spec, {slot.field.name for slot in slots})[:1]


def area_in(desk: Desk, spec: KindSpec, values: Mapping[str, Json]) -> str | None:
    """Give the area that these values say, by themselves or by what they refer to."""
    own = values.get(AREA) if AREA in spec.fields else None
    if isinstance(own, str):
        return own
    refs = [values.get(name) for name in spec.references]
    found = desk.items(id for id in refs if isinstance(id, str))
    return next((item.area for item in found if item.area), None)


def elsewhere(
    desk: Desk, form: Form, spec: KindSpec, values: Mapping[str, Json], asked: Iterable[Field]
) -> list[str]:
    """Give the boxes that were ticked for people or buildings of another area than the record's.

    The form offers those of every area until the area is chosen in it.
    """
    area = area_in(desk, spec, values)
    boxes = [field for field in asked if is_box(field) and field.holds in HELD_TO]
    offered = {slot.field.name for slot in Drawing(desk, form, spec, {}, area).slots(boxes)}
    names = {field.name for field in boxes}
    ticked = [path for path, value in values.items() if value is True]
    return [path for path in ticked if path.partition("/")[0] in names and path not in offered]


def _homes(spec: KindSpec, drawn: Iterable[str]) -> list[str]:
    """Give the fields of a form that say where a record of this kind lies."""
    there = set(drawn)
    return [name for name in spec.parents if name in there]
