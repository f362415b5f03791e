"""Nøkler: each key by its number, who has it, and where two lines cannot both be the whole truth.

The ledger decides nothing: two who handed the same key out without knowing of each other both
stand, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, func

from server.office.blueprint import office
from server.office.dates import day_words
from server.office.desk import Desk, Item
from server.office.gate import seated
from server.office.sought import search_at, sought
from server.problems import Problem
from server.records.key_handover import ACTIONS, HOLDERS, KeyHandover
from server.records.record import READER_SETS, Envelope

KIND = KeyHandover.spec.name
LINES_MAX = 2_000
SERIAL_MAX = 40


@dataclass(frozen=True)
class Key:
    """One key: its lines, the last first."""

    serial: str
    where: str
    now: str
    twice: bool
    """It was handed out again before it came back."""
    late: bool
    lines: tuple[str, ...]


def sees_keys(desk: Desk) -> bool:
    """Say whether the reader works with the homes' keys."""
    return bool(desk.actor.roles & READER_SETS["work"])


@office.get("/keys")
@seated
def keys(desk: Desk) -> ResponseReturnValue:
    """Show every key that the reader may know of."""
    if not sees_keys(desk):
        raise Problem("no_access")
    serial = sought(SERIAL_MAX)

    def narrow(rows: Select[Any]) -> Select[Any]:
        own = rows.join(KeyHandover, KeyHandover.id == Envelope.id)
        if serial:
            own = own.where(
                func.lower(KeyHandover.serial).contains(serial.lower(), autoescape=True)
            )
        return own.order_by(KeyHandover.serial, KeyHandover.happened_on, Envelope.created_at)

    items = desk.found(KIND, narrow, LINES_MAX)
    desk.items(id for item in items for name in ("dwelling", "building") if (id := item.text(name)))
    every = [
        _key(desk, serial, list(lines))
        for serial, lines in groupby(items, key=lambda item: item.text("serial") or "")
    ]
    every.sort(key=lambda key: (not key.twice, not key.late, key.serial))
    return render_template(
        "office/keys.html", keys=every, sought=serial, cut=len(items) == LINES_MAX
    )


@office.post("/keys")
def search_keys() -> ResponseReturnValue:
    """Take the number of a search, which stands in no address."""
    return search_at(url_for("office.keys"), SERIAL_MAX)


def is_out_twice(actions: Iterable[str | None]) -> bool:
    """Say whether the last word on a key is two hand-overs with nothing between them."""
    last = list(actions)[-2:]
    return last == ["out", "out"]


def _key(desk: Desk, serial: str, lines: list[Item]) -> Key:
    last = lines[-1]
    due = last.text("due_back_on")
    out = last.text("action") == "out"
    twice = is_out_twice(line.text("action") for line in lines)
    home = desk.item(last.text("dwelling")) or desk.item(last.text("building"))
    return Key(
        serial=serial,
        where=desk.title(home) if home else "",
        now="Begge er vist. Spør hvem som har den" if twice else _state(desk, last),
        twice=twice,
        late=out and due is not None and date.fromisoformat(due) < desk.today,
        lines=tuple(_words(desk, line) for line in reversed(lines)),
    )


def _state(desk: Desk, line: Item) -> str:
    action = ACTIONS.get(line.text("action") or "", "")
    return f"{action}: {_holder(desk, line)}" if line.text("action") == "out" else action


def _holder(desk: Desk, line: Item) -> str:
    if line.text("colleague"):
        return desk.person(line.text("colleague"))
    return HOLDERS.get(line.text("holder") or "", "ikke oppgitt")


def _words(desk: Desk, line: Item) -> str:
    on = date.fromisoformat(line.text("happened_on") or desk.today.isoformat())
    words = f"{day_words(on, desk.today)} {_state(desk, line)}"
    due = line.text("due_back_on")
    words += f", leveres innen {day_words(date.fromisoformat(due), desk.today)}" if due else ""
    words += f". {line.text('words')}" if line.text("words") else ""
    return f"{words} ({', '.join(desk.person(author) for author in line.authors)})"
