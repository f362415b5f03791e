"""What somebody is given who asks what is known of them: every passage in words, ready to be read.

Names of others are marked as proposals, never taken out: people read it before it is handed over.
Staff are told of by role alone. Days are told by their dates, so that a text is the same tomorrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import not_, select

from server.access import barred_clause, visible_clause
from server.checklists import ITEMS
from server.field import Field
from server.keeping import insight, subject, terms
from server.office import present
from server.office.dates import moment_words
from server.office.desk import Desk, Item
from server.office.insight_words import any_of, marks, parts
from server.office.subject_readings import reasons
from server.people import Grant, User
from server.records.attachment import Attachment
from server.records.contact import Contact
from server.records.kind import Retention
from server.records.record import Envelope
from server.roles import ROLE_LABELS
from server.shapes import PUBLIC, write_instant

STAFF = "Ansatt"
WORDS_OF = {role.value: words for role, words in ROLE_LABELS.items()}
ABOUT = "/about"
"""The path of the words that name the household itself; no field has a path that begins so."""
PICTURE = "/picture"
"""The path of the picture of an attachment."""
PICTURE_FIELDS = ("stored", "thumbnail")
"""What stands in a record of a picture that the package has."""
WHY = "/readings/"
"""How the path of a reason for reading begins; the position of the first such row ends it."""


@dataclass(frozen=True)
class Passage:
    """One text of a package: what it answers, and how it reads."""

    path: str
    label: str
    words: str
    free: bool = False
    """Whether somebody wrote it in their own words."""
    others: tuple[tuple[int, int], ...] = ()
    """Where names of others stand, as (start, end) in code points."""
    picture: tuple[int, int] | None = None
    """The width and height, in pixels, of the picture that it is. It stands whole or not at all."""


@dataclass(frozen=True)
class Part:
    """One record of a package, passage by passage."""

    id: str
    kind: str
    title: str
    written_at: str
    written: str
    written_by: tuple[str, ...]
    certain: bool
    kept: str
    passages: tuple[Passage, ...]

    def digest(self, request: str) -> str:
        """Give what it is known again by: all that was written, nothing that the app tells."""
        said = (self.kind, self.title, self.written_at, str(self.certain))
        texts = (text for each in self.passages for text in (each.path, each.label, each.words))
        return insight.digest(request, *said, *texts)


@dataclass(frozen=True)
class Package:
    """What was gathered, as its reader sees it."""

    parts: Mapping[str, Part]
    """By record, oldest first."""
    not_shown: int
    """How many records the reader may not see: somebody who may has to add them. What is barred
    is in no count."""

    def digests(self, request: str) -> dict[str, str]:
        """Give the digest of each record."""
        return {id: part.digest(request) for id, part in self.parts.items()}


def gather(desk: Desk, tenancy: Item, person: str | None = None) -> Package:
    """Gather everything about a household that the reader may see.

    `person` is the contact who asked: the rest of the household are others then.
    """
    sure = subject.about(desk.session, tenancy.id)
    maybe = subject.perhaps(desk.session, tenancy.id, sure)
    items = desk.items([*sure, *maybe])
    here = _standing(desk, [*sure, *maybe])
    desk.know({user for item in items for user in item.authors})
    items.sort(key=lambda item: (item.created_at, item.id))
    writer = _Writer(desk, _other_names(desk, {person} if person else set(sure)))
    made = {item.id: writer.part(item, item.id in sure) for item in items}
    own = made[tenancy.id]
    about = writer.passage(ABOUT, "Gjelder", desk.title(tenancy), free=True)
    why = [
        writer.passage(f"{WHY}{position}", "Grunn til nødtilgang", words, free=True)
        for words, position in reasons(desk, made).items()
    ]
    made[tenancy.id] = replace(own, passages=(about, *own.passages, *why))
    return Package(made, len(here - made.keys()))


def counts(desk: Desk, tenancy: Item) -> tuple[dict[str, int], int, int]:
    """Count what is about a household by kind, what may be, and what the reader may not see."""
    sure = subject.about(desk.session, tenancy.id)
    maybe = subject.perhaps(desk.session, tenancy.id, sure)
    seen = desk.items(sure)
    hidden = len(_standing(desk, sure) - {item.id for item in seen})
    by_kind = Counter(item.spec.words[1] for item in seen)
    return dict(by_kind), len(desk.items(maybe)), hidden


class _Writer:
    """Puts records into words, for somebody who is not at work here."""

    def __init__(self, desk: Desk, names: Collection[str]) -> None:
        self.desk, self.names = desk, names
        self.roles = _roles(desk)
        self.staff = any_of(desk.session.scalars(select(User.name)))
        self.specs = terms.standing(desk.session)

    def part(self, item: Item, sure: bool) -> Part:
        self.desk.dated = True
        try:
            laid = present.part(self.desk, item, skip=PICTURE_FIELDS)
            written = moment_words(item.created_at, self.desk.told_at)
        finally:
            self.desk.dated = False
        rows = [row for section in laid.sections for row in section.rows]
        return Part(
            id=item.id,
            kind=item.spec.name,
            title=laid.title,
            written_at=write_instant(item.created_at),
            written=written,
            written_by=tuple(sorted({self.roles.get(u, STAFF) for u in item.authors})) or (STAFF,),
            certain=sure,
            kept=_kept(self.specs[item.spec.name].retention),
            passages=(*_picture(item), *(p for row in rows for p in self._passages(item, row))),
        )

    def passage(self, path: str, label: str, words: str, free: bool, open: bool = True) -> Passage:
        """Give a text; what the app itself has written names staff by role alone."""
        said = words if free else self.staff.sub(STAFF, words)
        return Passage(path, label, said, free, marks(said, self.names) if open else ())

    def _passages(self, item: Item, row: present.Row) -> Iterator[Passage]:
        declared = item.spec.fields.get(row.path.partition("/")[0])
        free = declared is not None and declared.free_text
        if not row.missing:
            label, words = _apart(row, declared)
            open = label != row.label or (declared is not None and _may_name(declared))
            yield self.passage(row.path, label, words, free, open)
        if row.remark:
            yield self.passage(row.remark_path, f"{row.label}: merknad", row.remark, free=True)


def _picture(item: Item) -> Iterator[Passage]:
    """Give the picture of an attachment as a passage: its bytes never change, so its size tells."""
    if item.spec is not Attachment.spec or item.body.get("refused") is not None:
        return
    stored = item.body.get("stored")
    if not isinstance(stored, Mapping):
        yield Passage(PICTURE, "Bilde", "Ikke kommet fram ennå")
        return
    width, height = int(str(stored["width"])), int(str(stored["height"]))
    yield Passage(PICTURE, "Bilde", f"{width} × {height} punkter", picture=(width, height))


def _apart(row: present.Row, declared: Field | None) -> tuple[str, str]:
    """Give what the app calls a field, and its words: a name that a record gave is of its words."""
    key = row.path.partition("/")[2]
    if declared is None or key in ITEMS or row.label.startswith(declared.label):
        return row.label, row.words
    return declared.label, f"{row.label}: {row.words}"


def _may_name(declared: Field) -> bool:
    """Say whether names of others may stand in a field."""
    told = declared.free_text and declared.sensitive is not PUBLIC
    return told or declared.shape.control == "ref"


def _kept(rule: Retention) -> str:
    """Say how long it is kept by the rule that stands here, whatever was declared."""
    return f"{rule.years} år. {rule.basis}."


def _standing(desk: Desk, ids: Collection[str]) -> set[str]:
    """Give those of some records that are neither deleted nor barred, whoever may see them."""
    query = select(Envelope.id).where(Envelope.id.in_(ids), Envelope.deleted.is_(False))
    return set(desk.session.scalars(query.where(not_(barred_clause()))))


def _other_names(desk: Desk, own_ids: Collection[str]) -> frozenset[str]:
    """Give the parts of the names of everybody else: staff, and residents the reader may see.

    A mark in a text tells that somebody has that name.
    """
    query = select(Contact.id, Contact.name).join(Envelope, Envelope.id == Contact.id)
    contacts = desk.session.execute(query.where(visible_clause(desk.scopes))).all()
    own = {part for id, name in contacts if id in own_ids for part in parts(name)}
    others = {part for id, name in contacts if id not in own_ids for part in parts(name)}
    staff = {part for name in desk.session.scalars(select(User.name)) for part in parts(name)}
    return frozenset((others | staff) - own)


def _roles(desk: Desk) -> dict[str, str]:
    """Give a role of each who has one, in words."""
    rows = desk.session.execute(select(Grant.user, Grant.role).order_by(Grant.id))
    return {user: WORDS_OF.get(role, STAFF) for user, role in rows}
