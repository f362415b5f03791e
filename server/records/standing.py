"""Where most kinds stand: open to those who work in an area, or known to a named team alone.

Both are pure functions of the record and what it refers to; who holds a scope is `access`'s.
"""

from server.records.record import (
    Place,
    PlaceFacts,
    area_by,
    area_scope,
    confided_scope,
    has_life,
    me_scope,
    place_of,
)
from server.shapes import state_of


def place_in_area(facts: PlaceFacts, readers: str, *parents: str) -> Place:
    """Place what all who work there may know: in its own area, or in that of what it refers to.

    Those in its keyed set `who` are named in it; where no area is known it is its authors' alone.
    """
    area = facts.text("area") or area_by(facts, *parents)
    who = frozenset(facts.members("who"))
    if area is None:
        return Place(None, frozenset(map(me_scope, facts.authors)), who)
    return Place(area, frozenset({area_scope(area, readers)}), who)


def place_in_team(facts: PlaceFacts, *, of: str | None = None, area: tuple[str, ...] = ()) -> Place:
    """Place what a named team alone may know: with the team, its authors and the area's leader.

    The team is the record's own, or that of the record that `of` refers to; the area is its own or
    that of the first of `area`. A draft is its authors' alone. Nobody else learns that it is there.
    """
    head = facts if of is None else facts.parent(of)
    if head is None:
        return Place(None, frozenset(map(me_scope, facts.authors)))
    where = place_of(head).area if of else facts.text("area") or area_by(facts, *area)
    team, authors = frozenset(head.members("team")), frozenset(facts.authors)
    mine = frozenset(me_scope(user, where) for user in authors)
    if where is None or (has_life(facts) and state_of(facts.body.get("status")) == "draft"):
        return Place(where, mine, team | authors)
    theirs = frozenset(confided_scope(user, where) for user in team)
    return Place(where, mine | theirs | {area_scope(where, "lead")}, team | authors)
