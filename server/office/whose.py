"""Whose a deadline is: the people or the desk that its row says, as the reader may see them.

It counts nothing by person: it says with whom one thing lies, and never how much lies with anybody.
"""

from __future__ import annotations

from collections.abc import Iterable

from server.office.desk import Desk, Item
from server.planning.deadlines import Deadline
from server.records.record import members_of

DESKS = {"@office": "Kontoret", "@leader": "Lederen", "@landlord": "Eiendom"}
NOBODY = "Ingen ennå"


def people_of(desk: Desk, rule: Deadline, item: Item) -> tuple[str, ...]:
    """Give the users that it lies with; none where it lies with a desk or with nobody yet."""
    if rule.lies_with in DESKS:
        return ()
    if rule.lies_with == "authors":
        return item.authors
    found = _holder(desk, rule, item)
    if found is None:
        return ()
    holder, name = found
    declared = holder.spec.fields[name]
    if declared.keyed:
        return members_of(holder.body, name)
    user = holder.text(name)
    return (user,) if declared.shape.control == "user" and user else ()


def whose_words(desk: Desk, rule: Deadline, item: Item) -> str:
    """Say with whom it lies."""
    if rule.lies_with in DESKS:
        return DESKS[rule.lies_with]
    if people := people_of(desk, rule, item):
        return ", ".join(sorted(desk.person(user) for user in people))
    found = _holder(desk, rule, item)
    if found is not None:
        holder, name = found
        choices = holder.spec.fields[name].choices
        if (value := holder.text(name)) in choices:
            return choices[str(value)]
    return NOBODY


def know_whose(desk: Desk, lines: Iterable[tuple[Deadline, Item]]) -> None:
    """Look up at once all that the words of many lines need."""
    every = list(lines)
    desk.items(
        ref
        for rule, item in every
        if "." in rule.lies_with and (ref := item.text(rule.lies_with.partition(".")[0]))
    )
    desk.know(user for rule, item in every for user in people_of(desk, rule, item))


def _holder(desk: Desk, rule: Deadline, item: Item) -> tuple[Item, str] | None:
    reference, dot, name = rule.lies_with.rpartition(".")
    holder = desk.item(item.text(reference)) if dot else item
    if holder is None or name not in holder.spec.fields:
        return None
    return holder, name
