"""A record's history from the ledger: who wrote what and when, what was there, what they had seen.

Read only. Values that wait for a decision are shown to those who decide and to their author. What
was written over in a draft is its authors' own: others read what it said when it was handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from server import ledger
from server.office import members
from server.office.dates import moment_words
from server.office.desk import Desk, Item
from server.office.present import UNANSWERED, path_label, path_words
from server.records.disclosure import told_as
from server.shapes import Json, read_instant, state_of
from sync.mutation import office_replica

HIDDEN = "En annen har svart noe annet. Kontoret avgjør."
WAITED = timedelta(minutes=5)
CLOCK_OFF_MS = 120_000
OUTCOMES = {
    "review": "Ulike svar",
    "superseded": "Rettet senere av samme person",
    "not_written": "Ikke tatt i bruk",
    "equal": "Samme svar",
}
WAITS = ("review", "not_written")
STATES = {"held": "Kan ikke brukes ennå", "custody": "Mottatt, ikke vurdert ennå"}


@dataclass
class Change:
    """One path of one event."""

    path: str
    label: str
    now: str
    outcome: str = ""
    was: str = ""
    seen: str = ""


@dataclass
class Event:
    """One mutation as the history tells it."""

    mid: str
    seq: int
    who: str
    received: str
    place: str
    state_words: str
    clock_note: str
    why: str
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Returned:
    """The last time a record was sent back: what was asked for, what stood before the answer."""

    comments: Mapping[str, str]
    before: Mapping[str, Json]


def events(desk: Desk, item: Item) -> list[Event]:
    """Give everything that happened to a record that the reader may know of, latest first."""
    entries = ledger.of_record(desk.session, item.id)
    desk.know(entry.author for entry in entries)
    drafted = _drafted(desk, item, entries)
    told = [
        _event(desk, item, entry, drafted.get(entry.mid))
        for entry in entries
        if _may_know(desk, item, entry)
    ]
    return [event for event in reversed(told) if event.changes or event.state_words]


def _drafted(desk: Desk, item: Item, entries: Sequence[ledger.Entry]) -> dict[str, frozenset[str]]:
    """Give, by each mutation of the draft, the paths that stood so when it was handed in.

    Empty for its authors, who may read all that they wrote, and for what never is a draft.
    """
    if "status" not in item.spec.fields or desk.actor.user in item.authors:
        return {}
    last: dict[str, str] = {}
    mids: list[str] = []
    for entry in entries:
        mids.append(entry.mid)
        written = [line["path"] for line in entry.effect if line["outcome"] == "written"]
        last |= dict.fromkeys(written, entry.mid)
        status = (raw_of(entry).get("set") or {}).get("status")
        if "status" in written and state_of(status) != "draft":
            break
    return {mid: frozenset(path for path, by in last.items() if by == mid) for mid in mids}


def changes_since(desk: Desk, item: Item, seq: int) -> list[tuple[Event, Change]]:
    """Give what was written to a record after the seq that a form had shown."""
    later = [event for event in events(desk, item) if event.seq > seq]
    return [(event, change) for event in later for change in event.changes if not change.outcome]


def last_return(desk: Desk, item: Item) -> Returned | None:
    """Find the last time a record was sent back, and what was changed since; None for never."""
    comments: Mapping[str, str] | None = None
    before: dict[str, Json] = {}
    for entry in ledger.of_record(desk.session, item.id):
        status = (raw_of(entry).get("set") or {}).get("status")
        for line in entry.effect:
            if line["outcome"] != "written":
                continue
            if line["path"] != "status":
                before.setdefault(line["path"], line.get("was"))
            elif isinstance(status, Mapping) and status.get("state") == "returned":
                comments, before = status.get("comments") or {}, {}
    return None if comments is None else Returned(comments, before)


def raw_of(entry: ledger.Entry) -> Mapping[str, Any]:
    """Read what was sent; empty when it was erased or cannot be read."""
    try:
        read = orjson.loads(entry.raw) if entry.raw else {}
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}


def place_of(entry: ledger.Entry) -> str:
    """Say where it was written, when that was not on a phone."""
    return "Kontoret" if entry.replica == office_replica(entry.author) else ""


def _may_know(desk: Desk, item: Item, entry: ledger.Entry) -> bool:
    return entry.state not in STATES or _may_read_all(desk, item, entry)


def _may_read_all(desk: Desk, item: Item, entry: ledger.Entry) -> bool:
    """Say whether somebody decides here, or wrote it; to decide elsewhere gives no right here."""
    return desk.reviews_in(item.area) or entry.author == desk.actor.user


def _event(
    desk: Desk, item: Item, entry: ledger.Entry, stood: frozenset[str] | None = None
) -> Event:
    """Tell one mutation; of a draft's, for who did not write it, only what stood at its end."""
    raw = raw_of(entry)
    event = Event(
        mid=entry.mid,
        seq=entry.seq or 0,
        who=desk.person(entry.author),
        received=moment_words(entry.received_at, desk.now),
        place=place_of(entry),
        state_words=STATES.get(entry.state, ""),
        clock_note=clock_note(raw, entry.received_at, desk.now),
        why=str(raw.get("why") or ""),
    )
    if entry.state not in STATES:
        told = [line for line in entry.effect if stood is None or _stood(line, stood)]
        event.changes = [_change(desk, item, entry, raw, line) for line in told]
    if stood is not None:
        event.changes = [replace(change, was="", seen="") for change in event.changes]
        event.why = ""
    if any(change.now == HIDDEN for change in event.changes):
        event.why = ""  # it may tell what the value does not
    return event


def _stood(line: Mapping[str, Any], stood: frozenset[str]) -> bool:
    """Say whether others than its authors are told a line of a draft; a question is asked still."""
    return line["outcome"] in WAITS or line["path"] in stood


def _change(
    desk: Desk,
    item: Item,
    entry: ledger.Entry,
    raw: Mapping[str, Any],
    line: Mapping[str, Any],
) -> Change:
    path, outcome = str(line["path"]), str(line["outcome"])
    change = Change(path, path_label(desk, item.spec, path), "", OUTCOMES.get(outcome, ""))
    if path == "*":
        change.label = "Registreringen"
        change.now = "Gjenopprettet" if raw.get("op") == "restore" else "Slettet"
        return change
    found = item.spec.at(path)
    if found and members.is_too_few(found[0], item.body):
        change.now = members.TOO_FEW
        return change
    if outcome in WAITS and not _may_read_all(desk, item, entry):
        change.now = HIDDEN
        return change
    declared = item.spec.fields.get(path)
    if declared and (told := told_as(declared, item.body)):
        change.now = told
        return change
    written: Json = (raw.get("set") or {}).get(path)
    change.now = path_words(desk, item.spec, path, written)
    seen = (raw.get("seen") or {}).get(path, {}).get("value")
    change.was = _if_other(path_words(desk, item.spec, path, line.get("was")), change.now)
    shown = path_words(desk, item.spec, path, seen)
    change.seen = shown if shown != path_words(desk, item.spec, path, line.get("was")) else ""
    return change


def _if_other(was: str, now: str) -> str:
    return was if was not in (UNANSWERED, now) else ""


def clock_note(raw: Mapping[str, Any], received_at: datetime, now: datetime) -> str:
    """Say when it was written, where that is not when it came in, and whether the clock was off."""
    captured, offset = raw.get("captured_at"), raw.get("offset_ms")
    if not isinstance(captured, str) or not isinstance(offset, int) or raw.get("n") is None:
        return ""
    try:
        shown = read_instant(captured)
    except ValueError:
        return ""
    written = shown + timedelta(milliseconds=max(-(10**14), min(offset, 10**14)))
    note = ""
    if abs(received_at - written) > WAITED:
        note = f"Skrevet {moment_words(written, now)}."
    if abs(offset) > CLOCK_OFF_MS:
        note += f" Klokka på telefonen viste {moment_words(shown, now)}."
    return note.strip()
