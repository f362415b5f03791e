"""Under which name a question stands: its own, unless somebody's record stands there already.

Its name can be worked out beforehand by whoever knows the phone that will be asked. A record made
under it keeps it and learns nothing, and must not stand in the way of another's work.
"""

from __future__ import annotations

from server.intake.arrivals import next_name
from server.intake.papers import Desk
from server.ledger import Entry
from server.records.review import Review


def free_name(desk: Desk, name: str) -> str:
    """Give the first name that a question may have; nothing comes again under an erased one."""
    desk.fetch([name])
    while name in desk.gone or _is_anothers(desk, name):
        name = next_name(name)
        desk.fetch([name])
    return name


def remember(entry: Entry, path: str, review: str) -> None:
    """Note in the history of a mutation where the question about one of its paths stands."""
    entry.effect = tuple(
        {**line, "review": review} if line["path"] == path else line for line in entry.effect
    )


def _is_anothers(desk: Desk, name: str) -> bool:
    paper = desk.papers.get(name)
    return paper is not None and paper.kind != Review.spec.name
