"""Values in words: what a reader sees of a record, by the contract alone; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from server.checklists import CHECKLISTS, ITEMS
from server.office import members
from server.office.dates import day_words, moment_words
from server.office.desk import Desk, Item
from server.planning.calendar import day_of
from server.records.checklist_run import TAKEN_OVER
from server.records.disclosure import barred, told_as
from server.records.record import KindSpec, members_of
from server.shapes import STATES, Field, Json, read_instant

UNANSWERED = "Ikke fylt ut"
TONES = {"deviation": "warn", "not_done": "warn", "ok": "good", "done": "good"}
"""The colour behind an answer; the word says the same."""


@dataclass
class Row:
    """One field on the page."""

    path: str
    label: str
    words: str
    anchor: str
    comment_name: str
    tone: str = ""
    missing: bool = False
    closed: str = ""
    remark: str = ""
    remark_path: str = ""
    asked: str = ""
    changed: bool = False
    was: str = ""
    question: str = ""


@dataclass
class Section:
    """Rows that belong together; `answers` are laid out with the long text first."""

    title: str
    answers: bool = False
    rows: list[Row] = field(default_factory=list)


@dataclass
class Part:
    """One record of a page: its sections, ready to print."""

    id: str
    title: str
    kind_words: str
    sections: list[Section]

    def row(self, path: str) -> Row | None:
        """Find the row of a path; a set's members share the row of the set."""
        rows = {row.path: row for section in self.sections for row in section.rows}
        return rows.get(path) or rows.get(path.partition("/")[0])


def value_words(desk: Desk, declared: Field, value: Json) -> str:
    """Put one value into words; unreadable values are shown as they are, never dropped."""
    if value is None or value == "":
        return UNANSWERED
    control = declared.shape.control
    if control == "choice":
        return declared.choices.get(str(value), str(value))
    if control == "user":
        return desk.person(value)
    if control == "ref":
        target = desk.item(value if isinstance(value, str) else None)
        return desk.title(target) if target else "Ikke tilgjengelig for deg"
    if control == "status":
        return status_words(desk, value)
    if control == "handling":
        return handling_words(desk, declared, value)
    if control == "picture":
        return "Bilde"
    if control in ("day", "clock", "instant") and isinstance(value, str):
        return _time_words(desk, control, value)
    return value if isinstance(value, str) else any_words(value)


def path_words(desk: Desk, spec: KindSpec, path: str, value: Json) -> str:
    """Put the value at a path into words, also where the contract no longer knows the path."""
    found = spec.at(path)
    return value_words(desk, found[0], value) if found else any_words(value)


def any_words(value: Json) -> str:
    """Put a value of unknown shape into words."""
    if value is None:
        return UNANSWERED
    if isinstance(value, bool):
        return "Ja" if value else "Nei"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {any_words(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(any_words(part) for part in value)
    return str(value)


def status_words(desk: Desk, value: Json) -> str:
    """Say where a record is in its life, who moved it there, and what was asked for."""
    if not isinstance(value, Mapping):
        return STATES["draft"]
    words = STATES.get(str(value.get("state")), str(value.get("state")))
    asked = value.get("comments")
    if isinstance(asked, Mapping) and asked:
        words += ": " + " · ".join(str(text) for text in asked.values())
    return words


def handling_words(desk: Desk, declared: Field, value: Json) -> str:
    """Say how far the work on something has come, who said so, and in which words."""
    if not isinstance(value, Mapping):
        return any_words(value)
    choices: Any = declared.shape.limits["choices"]
    labels = {each["value"]: each["label"] for each in choices}
    state = labels.get(value.get("state"), str(value.get("state")))
    who, words = desk.person(value.get("by")), value.get("words")
    return f"{state} ({who})" + (f": {words}" if words else "")


def path_label(desk: Desk, spec: KindSpec, path: str) -> str:
    """Name a path as the form does: the field, the checklist item, or the set's member."""
    found = spec.at(path)
    if found is None:
        return path
    declared, key = found
    if key is None:
        return declared.label
    if key in ITEMS:
        return f"{ITEMS[key]['text_nb']}{'' if declared.choices else ': ' + declared.label}"
    colon = "" if declared.label.endswith("?") else ":"
    if declared.key_labels:
        group = key.rpartition("-")[2] if members.is_counted(declared) else key
        return f"{declared.label}{colon} {declared.key_labels.get(group, key)}"
    if declared.shape.control == "flag":
        return f"{declared.label}{colon} {members.names(desk, declared, [key])[key]}"
    return declared.label


def part(desk: Desk, item: Item, *, skip: Iterable[str] = ()) -> Part:
    """Lay out a record by its contract: its fields by section, then its answers by section."""
    hidden = {"status", *skip, *barred(item.spec.fields, item.body)}
    sections: dict[str, Section] = {}
    remarks = _remarks(item)
    for name, declared in item.spec.fields.items():
        if name in hidden or declared.retired is not None:
            continue
        if not declared.keyed:
            if item.body.get(name) is None and not declared.required:
                continue
            _add(sections, declared.section or "", False, _row(desk, item, name, declared))
        elif declared.choices:
            if not _is_told_beside(item, declared):
                _add_answers(desk, item, name, sections, remarks)
        elif members.is_counted(declared):
            if words := members.sum_words(declared, item.body):
                row = _row(desk, item, name, declared)
                row.words, row.missing = words, False
                _add(sections, declared.section or "", False, row)
        elif declared.shape.control == "flag":
            row = _members_row(desk, item, name, declared)
            if not (declared.server and row.missing):
                _add(sections, declared.section or "", False, row)
        else:
            for row in _texts(desk, item, name, declared, remarks):
                _add(sections, declared.section or "", False, row)
    return Part(item.id, part_title(item), item.spec.words[0], list(sections.values()))


def part_title(item: Item) -> str:
    """Name a part of a visit: the checklist that was run, or the kind."""
    title = ""
    for name, declared in item.spec.fields.items():
        code = item.text(name)
        if code is None or declared.keyed:
            continue
        if code in CHECKLISTS:
            title = str(CHECKLISTS[code]["title_nb"])
        elif title and declared.choices:
            title += f": {declared.choices.get(code, code)}"
    return title or item.spec.words[0]


def record_name(desk: Desk, item: Item) -> str:
    """Name a record in a heading or a link: what it is, and the home or thing it is about."""
    return f"{part_title(item)} – {desk.title(item)}"


def _add(sections: dict[str, Section], title: str, answers: bool, row: Row) -> None:
    sections.setdefault(title, Section(title, answers)).rows.append(row)


def _row(desk: Desk, item: Item, path: str, declared: Field, label: str | None = None) -> Row:
    value = item.body.get(path)
    words = value_words(desk, declared, value)
    code = item.text(path)
    if code is not None and code in CHECKLISTS and not declared.choices:
        words = str(CHECKLISTS[code]["title_nb"])
    return Row(
        path=path,
        label=label or declared.label,
        words=words,
        anchor=f"f-{item.id}-{path.replace('/', '-')}",
        comment_name=f"{item.id}|{path}",
        tone=TONES.get(str(value), "") if declared.choices and declared.keyed else "",
        missing=value is None,
        closed=told_as(declared, item.body) if value is not None else "",
    )


def _members_row(desk: Desk, item: Item, name: str, declared: Field) -> Row:
    keys = members_of(item.body, name)
    if declared.key_labels:
        words = [label for key, label in declared.key_labels.items() if key in keys]
    else:
        words = sorted(members.names(desk, declared, keys).values())
    row = _row(desk, item, name, declared)
    row.words, row.missing = ", ".join(words) or UNANSWERED, not words
    return row


def _remarks(item: Item) -> dict[str, str]:
    """Give the path of the words written beside an answer, by checklist item."""
    found: dict[str, str] = {}
    for path in item.body:
        at = item.spec.at(path)
        if at and at[1] is not None and at[1] in ITEMS and at[0].free_text:
            found[at[1]] = path
    return found


def _add_answers(
    desk: Desk, item: Item, name: str, sections: dict[str, Section], remarks: dict[str, str]
) -> None:
    declared = item.spec.fields[name]
    marks = [f for f in item.spec.fields.values() if f.holds == name and _is_told_beside(item, f)]
    keys = {
        path.partition("/")[2]
        for path, value in item.body.items()
        if path.startswith(f"{name}/") and value is not None
    }
    known = [key for key in ITEMS if key in keys or key in remarks]
    others = sorted(keys - ITEMS.keys())
    named = members.names(desk, declared, others, item.body)
    for key in known + others:
        seed: Mapping[str, Any] = ITEMS.get(key, {"section": "", "text_nb": named.get(key, key)})
        row = _row(desk, item, f"{name}/{key}", declared, str(seed["text_nb"]))
        if path := remarks.pop(key, ""):
            row.remark, row.remark_path = str(item.body[path]), path
        for mark in marks if item.body.get(f"{name}/{key}") in TAKEN_OVER else ():
            value = item.body.get(f"{mark.name}/{key}")
            row.words += f" ({mark.choices[str(value)].lower()})" if value else ""
        _add(sections, str(seed["section"]), True, row)


def _is_told_beside(item: Item, declared: Field) -> bool:
    """Say whether a field only says something of the answers of another, and is told with them."""
    held = item.spec.fields.get(declared.holds or "")
    return bool(declared.keyed and held and held.keyed and held.choices)


def _texts(
    desk: Desk, item: Item, name: str, declared: Field, remarks: Mapping[str, str]
) -> list[Row]:
    keys = [
        path.partition("/")[2]
        for path, value in item.body.items()
        if path.startswith(f"{name}/") and value is not None
    ]
    left = [key for key in sorted(keys) if key not in ITEMS or key in remarks]
    return [
        _row(desk, item, f"{name}/{key}", declared, path_label(desk, item.spec, f"{name}/{key}"))
        for key in left
    ]


def _time_words(desk: Desk, control: str, value: str) -> str:
    try:
        if control == "day":
            return day_words(date.fromisoformat(value), day_of(desk.told_at))
        if control == "instant":
            return moment_words(read_instant(value), desk.told_at)
    except ValueError:
        return value
    return f"kl. {value.replace(':', '.')}"
