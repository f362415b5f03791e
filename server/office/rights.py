"""What a reader may make and change, by where a record is or would be; intake has the last word.

It reads places of records that the reader may not see themselves, and tells nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server.access import may_write
from server.intake.papers import Desk as Papers
from server.intake.papers import Draft, Locks
from server.office.desk import Desk, Item
from server.office.written import CONTROLS
from server.records.record import KindSpec
from server.shapes import Field, Json
from sync.rules import Rule

NOT_YET = "00000000-0000-0000-0000-000000000000"
"""Stands for the id of what is not made, and for a value that stands nowhere yet."""
PEOPLE = "user"


def changeable(desk: Desk, items: Iterable[Item]) -> frozenset[str]:
    """Give the ids of those records that the reader may write where they are now."""
    asked = [*items]
    papers = Papers(desk.session, Locks.NONE)
    papers.fetch([item.id for item in asked])
    return frozenset(
        item.id
        for item in asked
        if (paper := papers.papers.get(item.id))
        and may_write(desk.actor, item.spec, papers.place(paper))
    )


def may_make(desk: Desk, spec: KindSpec, body: Mapping[str, Json]) -> bool:
    """Say whether the reader may make a record of a kind with this body."""
    papers = Papers(desk.session, Locks.NONE)
    refs = [id for name in spec.references if isinstance(id := body.get(name), str)]
    papers.fetch((), refs)
    draft = Draft(spec.name, body, (desk.actor.user,))
    return may_write(desk.actor, spec, papers.places.if_it_were(NOT_YET, draft))


def open_fields(desk: Desk, item: Item) -> list[Field]:
    """Give the fields of a record that stand open to this reader; intake has the last word.

    What was sent in is its author's to correct until it closes; after that, and for others, only
    what lasts.
    """
    spec = item.spec
    if spec.server_only or spec.server_made:
        return []
    fields = [f for f in spec.fields.values() if _is_drawn(f) and _may_say(desk, item, f)]
    if "status" not in spec.fields:
        return fields
    if item.state == "draft":
        return []
    locked = item.locked_at is not None and item.locked_at <= desk.now
    own = desk.actor.user in item.authors and item.state == "submitted"
    return fields if own and not locked else [field for field in fields if field.lasting]


def _may_say(desk: Desk, item: Item, field: Field) -> bool:
    """Say whether a field of a record may be written anew by this reader at all."""
    if item.spec.allows is None:
        return True
    roles, own = desk.actor.roles_in(item.area), desk.actor.user in item.authors
    return item.spec.allows(roles, own, item.body, {**item.body, field.name: NOT_YET})


def _is_drawn(field: Field) -> bool:
    """Say whether a form can change a field: not where it lies, and not what is fixed."""
    control = field.shape.control
    if field.to or field.server or field.retired is not None or field.rule.rule is Rule.FIXED:
        return False
    return control in CONTROLS or (control == PEOPLE and not field.keyed)
