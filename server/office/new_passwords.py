"""What the office tells of passwords that one person set for another: who, whom and when."""

from __future__ import annotations

from dataclasses import dataclass

from server import password_resets
from server.office.dates import moment_words
from server.office.desk import Desk
from server.password_resets import Reset

AT_THE_MACHINE = "driften"


@dataclass(frozen=True)
class Told:
    """What the person is told: what happened, and what to do."""

    happened: str
    do: str


def my_password_words(desk: Desk) -> Told | None:
    """Tell the reader that another set their password, until they have set their own."""
    reset = password_resets.of(desk.session, desk.actor.user, desk.now)
    if reset is None:
        return None
    whom = password_resets.to_tell(desk.session, reset)
    names = " eller ".join(whom) or "personvernombudet"
    when = moment_words(reset.at, desk.now)
    return Told(
        f"Passordet ditt ble satt på nytt av {_who(reset, desk)} {when}.",
        f"Den som satte det, har sett det. Var det ikke avtalt? Si fra til {names}.",
    )


def set_for_others(desk: Desk) -> list[str]:
    """Tell a leader whose passwords were set by another of late."""
    found = password_resets.told_to(desk.session, desk.actor, desk.now)
    desk.know({each.by for each in found} | {each.user for each in found})
    return [
        f"{desk.person(each.user)}{', ny bruker' if each.first else ''}: "
        f"av {_who(each, desk)} {moment_words(each.at, desk.now)}"
        for each in found
    ]


def _who(reset: Reset, desk: Desk) -> str:
    return AT_THE_MACHINE if reset.by.startswith("cli:") else desk.person(reset.by)
