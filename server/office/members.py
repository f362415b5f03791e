"""What the keys of a keyed field are, in words: people, records, checklists, rules, points of one.

It decides nothing; a record that the reader may not see has no name here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from server.checklists import CHECKLISTS, ITEMS
from server.field import CHECKLIST_CODES, RULE_CODES, USERS
from server.office.desk import Desk
from server.patterns import user_in
from server.planning.rule_book import rule_rows
from server.records.event import FEWEST_FACES, Event
from server.shapes import Field, Json

HIDDEN = "Ikke tilgjengelig for deg"
OPINION = Event.spec.fields["faces"]
TOO_FEW = "For få til å vises."


def names(
    desk: Desk, declared: Field, keys: Iterable[str], body: Mapping[str, Json] | None = None
) -> dict[str, str]:
    """Name each key of a keyed field; `body` is the record, where keys name another field's."""
    asked = list(keys)
    if declared.key_labels and declared.holds is None:
        return {key: declared.key_labels.get(key, key) for key in asked}
    if declared.holds == USERS:
        users = {key: user_in(key) for key in asked}
        desk.know(users.values())
        return {key: desk.person(user) for key, user in users.items()}
    if declared.holds == CHECKLIST_CODES:
        return {key: str(CHECKLISTS.get(key, {}).get("title_nb", key)) for key in asked}
    if declared.holds == RULE_CODES:
        tables = rule_rows(desk.session).values()
        known = {code: row["words"] for rows in tables for code, row in rows.items()}
        return {key: known.get(key, key) for key in asked}
    if declared.holds is None or declared.holds in CHECKLISTS:
        return {key: str(ITEMS[key]["text_nb"]) if key in ITEMS else key for key in asked}
    beside = {key: (body or {}).get(f"{declared.holds}/{key}") for key in asked}
    if any(isinstance(words, str) for words in beside.values()):
        return {key: str(words or key) for key, words in beside.items()}
    found = {item.id: desk.title(item) for item in desk.items(asked)}
    return {key: found.get(key, HIDDEN) for key in asked}


def is_counted(declared: Field) -> bool:
    """Say whether a keyed field is a count that people add up: each who counts has their own."""
    return declared.keyed and declared.holds == USERS and declared.shape.control == "number"


def line_names(desk: Desk, declared: Field, keys: Iterable[str]) -> dict[str, str]:
    """Name each line of a count: what was counted, by whom, and whether on a phone."""
    groups = declared.key_labels or {}
    return {
        key: f"{groups.get(key.rpartition('-')[2], declared.label)}, talt av {who}"
        f"{' på telefonen' if '.' in key else ''}"
        for key, who in names(desk, declared, keys).items()
    }


def sums(declared: Field, body: Mapping[str, Json]) -> dict[str, int]:
    """Add up a count by group; under "" where there are no groups."""
    found: Counter[str] = Counter()
    for path, value in body.items():
        name, slash, key = path.partition("/")
        if name == declared.name and slash and isinstance(value, int):
            found[key.rpartition("-")[2] if declared.key_labels else ""] += value
    return dict(found)


def is_too_few(declared: Field, body: Mapping[str, Json]) -> bool:
    """Say whether so few said what they thought that it is shown to nobody."""
    return declared == OPINION and 0 < sum(sums(declared, body).values()) < FEWEST_FACES


def sum_words(declared: Field, body: Mapping[str, Json]) -> str:
    """Put a count in words: «Voksne 41, Barn 27», or the number alone."""
    if is_too_few(declared, body):
        return TOO_FEW
    found = sums(declared, body)
    if not declared.key_labels:
        return str(found[""]) if found else ""
    return ", ".join(f"{w} {found[g]}" for g, w in declared.key_labels.items() if g in found)
