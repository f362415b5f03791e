"""Under which name a question stands: its own, unless it was erased under that with its words."""

from __future__ import annotations

from server.intake.papers import Desk
from server.ledger import Entry
from sync.mutation import server_named


def free_name(desk: Desk, name: str) -> str:
    """Give the first name that a question may have; nothing comes again under an erased one."""
    desk.fetch([name])
    while name in desk.gone:
        name = server_named("beside", name)
        desk.fetch([name])
    return name


def remember(entry: Entry, path: str, review: str) -> None:
    """Note in the history of a mutation where the question about one of its paths stands."""
    entry.effect = tuple(
        {**line, "review": review} if line["path"] == path else line for line in entry.effect
    )
