"""What somebody is given who asks what is known of them: records in words, and who looked.

Names of others are marked, never taken out: a person reads it before it is handed over. Staff are
told of by role alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from server.access_log import ID_SIZE_BYTES, AccessRow, packed_id
from server.keeping import subject, terms
from server.office import present
from server.office.dates import day_words, moment_words
from server.office.desk import Desk, Item
from server.office.log import PURPOSES, way_words
from server.people import Grant, User
from server.records.contact import Contact
from server.records.kind import Retention
from server.records.record import Envelope
from server.roles import ROLE_LABELS
from server.shapes import PUBLIC, write_instant

WORD = re.compile(r"\w[\w'’-]*")
NAME_MIN = 3
"""Shorter parts of names stand in too many other words."""
STAFF = "Ansatt"
WORDS_OF = {role.value: words for role, words in ROLE_LABELS.items()}
RIGHTS = "Du kan be om retting, sletting eller begrensning, og klage til Datatilsynet."
UNSENT = "Noe kan ligge på telefoner som ikke har sendt ennå. Da kommer det med neste gang."


@dataclass(frozen=True)
class Package:
    """What was gathered, ready to be written as JSON or drawn on paper."""

    said: dict[str, Any]
    ids: tuple[str, ...]
    """The records in it, for the access log."""


def gather(desk: Desk, tenancy: Item, others: bool = True) -> Package:
    """Gather everything about a household that the reader may see.

    What they may not see is counted: somebody who may has to add it.
    """
    sure = subject.about(desk.session, tenancy.id)
    maybe = subject.perhaps(desk.session, tenancy.id, sure) if others else {}
    items = [item for item in desk.items([*sure, *maybe]) if not item.deleted]
    here = _standing(desk, [*sure, *maybe])
    specs = terms.standing(desk.session)
    names = _other_names(desk, set(sure))
    desk.know({user for item in items for user in item.authors})
    items.sort(key=lambda item: (item.created_at, item.id))
    roles, staff = _roles(desk), desk.session.scalars(select(User.name)).all()
    return Package(
        {
            "title": "Innsyn i personopplysninger",
            "basis": "Personvernforordningen artikkel 15",
            "about": desk.title(tenancy),
            "made_at": write_instant(desk.now),
            "made_on": day_words(desk.today, desk.now),
            "records": [
                _record(desk, item, item.id in sure, names, roles, staff)
                | {"kept": _kept(specs[item.spec.name].retention)}
                for item in items
            ],
            "readings": list(_readings(desk, {item.id for item in items})),
            "not_shown": len(here - {item.id for item in items}),
            "unsent": UNSENT,
            "rights": RIGHTS,
        },
        tuple(item.id for item in items),
    )


def counts(desk: Desk, tenancy: Item) -> tuple[dict[str, int], int, int]:
    """Count what is about a household by kind, what may be, and what the reader may not see."""
    sure = subject.about(desk.session, tenancy.id)
    maybe = subject.perhaps(desk.session, tenancy.id, sure)
    seen = [item for item in desk.items(sure) if not item.deleted]
    hidden = len(_standing(desk, sure)) - len(seen)
    by_kind = Counter(item.spec.words[1] for item in seen)
    return dict(by_kind), len(desk.items(maybe)), hidden


def marks(text: str, names: Collection[str]) -> list[list[int]]:
    """Give where names of others stand in a text, as [start, end]."""
    return [
        [found.start(), found.end()]
        for found in WORD.finditer(text)
        if found[0][:1].isupper() and found[0].casefold() in names
    ]


def _record(
    desk: Desk,
    item: Item,
    sure: bool,
    names: Collection[str],
    roles: Mapping[str, str],
    staff: Sequence[str],
) -> dict[str, Any]:
    part = present.part(desk, item)
    fields = []
    for section in part.sections:
        for row in section.rows:
            if row.missing:
                continue
            declared = item.spec.fields.get(row.path.partition("/")[0])
            free = declared is not None and declared.free_text
            words = row.words if free else _without_staff(row.words, staff)
            open_words = free and declared is not None and declared.sensitive is not PUBLIC
            marked = marks(words, names) if open_words else []
            fields.append({"label": row.label, "words": words, "others": marked})
    return {
        "id": item.id,
        "kind": item.spec.name,
        "title": part.title,
        "written_at": write_instant(item.created_at),
        "written": moment_words(item.created_at, desk.now),
        "written_by": sorted({roles.get(user, STAFF) for user in item.authors}) or [STAFF],
        "certain": sure,
        "fields": fields,
    }


def _kept(rule: Retention) -> str:
    """Say how long it is kept by the rule that stands here, whatever was declared."""
    return f"{rule.years} år. {rule.basis}."


def _without_staff(words: str, staff: Sequence[str]) -> str:
    """Say by role alone whom the app itself has named."""
    for name in staff:
        words = words.replace(name, STAFF)
    return words


def _standing(desk: Desk, ids: Collection[str]) -> set[str]:
    """Give those of some records that are not deleted, whoever may see them."""
    query = select(Envelope.id).where(Envelope.id.in_(ids), Envelope.deleted.is_(False))
    return set(desk.session.scalars(query))


def _other_names(desk: Desk, sure: Collection[str]) -> frozenset[str]:
    """Give the parts of the names of everybody else, folded: residents elsewhere, and staff."""
    contacts = desk.session.execute(select(Contact.id, Contact.name)).all()
    own = {part for id, name in contacts if id in sure for part in _parts(name)}
    others = {part for id, name in contacts if id not in sure for part in _parts(name)}
    staff = {part for name in desk.session.scalars(select(User.name)) for part in _parts(name)}
    return frozenset((others | staff) - own)


def _parts(name: str | None) -> Iterator[str]:
    for part in WORD.findall(name or ""):
        if len(part) >= NAME_MIN:
            yield part.casefold()


def _roles(desk: Desk) -> dict[str, str]:
    """Give a role of each who has one, in words."""
    rows = desk.session.execute(select(Grant.user, Grant.role).order_by(Grant.id))
    return {user: WORDS_OF.get(role, STAFF) for user, role in rows}


def _readings(desk: Desk, ids: Collection[str]) -> Iterator[dict[str, Any]]:
    """Tell who looked, latest first: when, in which role, by which door and why, and how many."""
    wanted = {packed_id(id) for id in ids}
    columns = (AccessRow.at, AccessRow.roles, AccessRow.way, AccessRow.purpose, AccessRow.why)
    query = select(*columns, AccessRow.records).order_by(AccessRow.position.desc())
    for row in desk.session.execute(query).yield_per(500):
        packed = bytes(row.records)
        cut = range(0, len(packed), ID_SIZE_BYTES)
        many = sum(packed[at : at + ID_SIZE_BYTES] in wanted for at in cut)
        if many:
            roles = [WORDS_OF[role] for role in row.roles.split("+") if role in WORDS_OF]
            yield {
                "at": write_instant(row.at),
                "when": moment_words(row.at, desk.now),
                "roles": roles or ["Drift"],
                "way": row.way,
                "way_words": way_words(row.way),
                "purpose": row.purpose,
                "purpose_words": PURPOSES.get(row.purpose, row.purpose),
                "why": row.why or "",
                "records": many,
            }
