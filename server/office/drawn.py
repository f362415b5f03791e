"""The fields of a form for a whole record, as it is declared: sets, lists and references too.

Keyed fields become one path each; what may be chosen is what the reader may see. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import Select

from server.checklists import CHECKLISTS
from server.field import CHECKLIST_CODES, RULE_CODES, USERS
from server.office import members
from server.office.decisions import Form
from server.office.desk import Desk
from server.office.plans import areas_of, workers
from server.office.stock import search
from server.office.written import CONTROLS, Entry, Written, as_typed, is_box
from server.planning.rule_book import rule_rows
from server.records import REGISTRY
from server.records.area import Area
from server.records.building import Building
from server.records.conflict_case import ConflictCase
from server.records.dwelling import Dwelling
from server.records.event import Event
from server.records.housing_company import HousingCompany
from server.records.neighbourhood import Neighbourhood
from server.records.programme_site import ProgrammeSite
from server.records.record import Envelope, KindSpec, members_of
from server.records.round import Round
from server.shapes import UUID_PATTERN, Field, Json
from server.values import Choice
from sync.mutation import canonical
from sync.rules import Rule

OPTIONS_MAX = 300
NEW_LINES = 3
BESIDE = "neighbourhood"
"""What belongs to a neighbourhood is chosen among what belongs to the same."""
ANSWERS_TO = {
    "told": ("done", "not_done", "not_relevant"),
    "check": ("ok", "deviation", "not_relevant"),
}
SOUGHT = {Dwelling.spec.name: "Skriv gate, nummer og bolignummer, for eksempel «kong 12 h0203»"}
"""Of these are too many to choose among: they are written, and found by their words."""
LISTED = frozenset(
    spec.name
    for spec in (
        Area.spec,
        Building.spec,
        ConflictCase.spec,
        Event.spec,
        HousingCompany.spec,
        Neighbourhood.spec,
        ProgrammeSite.spec,
    )
)
"""Of these are few enough to choose among; what hangs on others is made from their page."""
CHECKED = {(Round.spec.name, "checklist"): Building.spec.name}
"""The fields that say which checklist is gone through, by what such a checklist is about."""
NONE_FOUND = "Fant ingen bolig med disse ordene. Skriv gate, nummer og bolignummer."
SEVERAL = "Fant flere boliger. Skriv også bolignummeret."
NOT_OFFERED = "Velg fra lista."


@dataclass(frozen=True)
class Slot:
    """One path that the form can write, and what to choose among where it names something."""

    field: Field
    options: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Group:
    """Fields that are drawn together: a set as boxes, a list as lines, or one field alone."""

    section: str
    legend: str
    boxes: bool
    entries: list[Entry]


@dataclass(frozen=True)
class Drawing:
    """Who draws, on which form, for a record of which kind that stands so, in which area."""

    desk: Desk
    form: Form
    spec: KindSpec
    body: Mapping[str, Json]
    area: str | None

    def slots(self, fields: Iterable[Field]) -> list[Slot]:
        """Give the paths of these fields that a form can write, in their order."""
        return [slot for each in fields for slot in self._of(each)]

    def _of(self, field: Field) -> Iterator[Slot]:
        if field.server or field.retired is not None or not self._is_asked(field):
            return
        if field.keyed:
            if field.shape.control in CONTROLS and field.rule.rule is not Rule.FIXED:
                yield from self._keyed(field)
        elif field.to in SOUGHT:
            yield Slot(replace(field, hint=SOUGHT[field.to or ""]))
        elif about := CHECKED.get((self.spec.name, field.name)):
            yield Slot(replace(field, shape=self._checklists(field, about)))
        elif field.to in LISTED:
            yield Slot(field, self._records(field.to, field.required))
        elif field.shape.control == "user":
            stands = self.body.get(field.name)
            kept = {stands: self.desk.person(stands)} if isinstance(stands, str) else {}
            yield Slot(field, {**kept, **self._people()})
        elif field.shape.control in CONTROLS:
            yield Slot(field)

    def _is_asked(self, field: Field) -> bool:
        choice, answers = field.asked_of or ("", ())
        stands = self.body.get(choice)
        said = any(path.partition("/")[0] == field.name for path in self.body)
        return stands is None or stands in answers or said

    def _keyed(self, field: Field) -> Iterator[Slot]:
        for key, words in self._keys(field).items():
            one = replace(field, name=f"{field.name}/{key}", label=words)
            one = one if field.free_text else replace(one, hint=None)
            if field.holds in CHECKLISTS and field.choices:
                one = replace(one, shape=_answers(field, key))
            yield Slot(one)

    def _keys(self, field: Field) -> dict[str, str]:
        """Give the keys to draw, with the words of each."""
        if members.is_counted(field):
            return self._counted(field)
        if field.key_labels:
            return dict(field.key_labels)
        if field.shape.control == "flag":
            return self._members(field)
        if field.holds in CHECKLISTS:
            points = CHECKLISTS[field.holds or ""]["items"]
            return {p["code"]: p["text_nb"] for p in points if p["answer"] in ANSWERS_TO}
        written = sorted(p.partition("/")[2] for p in self.body if p.startswith(f"{field.name}/"))
        if field.holds:
            held = self.spec.fields.get(field.holds)
            if held and held.choices:
                return {}  # how an answer came about is not for another to say
            beside = [p.partition("/")[2] for p in self.body if p.startswith(f"{field.holds}/")]
            return members.names(self.desk, field, sorted(beside), self.body)
        if field.keys != UUID_PATTERN or not field.free_text:
            return {}
        fresh = [self.form.name("line", field.name, str(each)) for each in range(NEW_LINES)]
        lines = list(dict.fromkeys((*written, *fresh)))
        return {key: f"{field.label} {number}" for number, key in enumerate(lines, start=1)}

    def _counted(self, field: Field) -> dict[str, str]:
        """Give the lines of whoever is at this desk, then what others and phones counted.

        A phone that is lost or changed leaves its lines behind: here they can be put right.
        """
        me, groups = self.desk.actor.user, field.key_labels or {}
        mine = {f"{me}-{group}": words for group, words in groups.items()}
        mine = mine or {me: f"{field.label} du har talt"}
        at = f"{field.name}/"
        rest = [path.removeprefix(at) for path in self.body if path.startswith(at)]
        rest = sorted(key for key in rest if key not in mine and self.body[at + key])
        return {**mine, **members.line_names(self.desk, field, rest)}

    def _members(self, field: Field) -> dict[str, str]:
        standing = members_of(self.body, field.name)
        offered: dict[str, str]
        if field.holds == USERS:
            offered = self._people()
        elif field.holds == CHECKLIST_CODES:
            offered = {code: str(each["title_nb"]) for code, each in CHECKLISTS.items()}
        elif field.holds == RULE_CODES:
            tables = rule_rows(self.desk.session).values()
            offered = {code: row["words"] for rows in tables for code, row in rows.items()}
        else:
            offered = self._records(field.holds or "", required=False)
        known = members.names(self.desk, field, standing, self.body)
        kept = {key: words for key, words in known.items() if key not in offered}
        return {**offered, **kept}

    def _checklists(self, field: Field, about: str) -> Choice:
        """Give the checklists to choose among by their titles; what stands can go on standing."""
        stands = self.body.get(field.name)
        return Choice(
            {
                code: str(each["title_nb"])
                for code, each in CHECKLISTS.items()
                if each["subject"] == about or code == stands
            }
        )

    def _people(self) -> dict[str, str]:
        able = self.spec.named_writers | self.spec.writers
        there = [w for w in workers(self.desk) if w.actor.roles_in(self.area) & able]
        if self.area is None:
            there = [w for w in workers(self.desk) if w.actor.roles & able]
        return {worker.id: worker.name for worker in there}

    def _records(self, kind: str, required: bool) -> dict[str, str]:
        """Give the records of a kind in the area, by name; areas are those one may write in."""
        if kind == Area.spec.name:
            names = areas_of(self.desk)
            able = self.spec.writers | self.spec.named_writers
            return {id: name for id, name in names.items() if self.desk.actor.roles_in(id) & able}
        model: Any = REGISTRY[kind].model
        beside = self.body.get(BESIDE)

        def narrow(rows: Select[Any]) -> Select[Any]:
            rows = rows.join(model, model.id == Envelope.id)
            if self.area is not None:
                rows = rows.where(Envelope.area == self.area)
            if beside and BESIDE in REGISTRY[kind].fields:
                rows = rows.where(getattr(model, BESIDE) == beside)
            return rows.order_by(Envelope.created_at.desc(), Envelope.id)

        found = self.desk.found(kind, narrow, OPTIONS_MAX)
        named = ((self.desk.title(item), item.id) for item in found)
        return {id: title for title, id in sorted(named)}

    def find(self, field: Field, words: str) -> Json:
        """Give the id that was chosen or found; raises ValidationError."""
        if field.to in SOUGHT:
            _, hits = search(self.desk, words)
            if len(hits) != 1:
                raise ValidationError(SEVERAL if hits else NONE_FOUND)
            return hits[0].id
        offered = self._records(field.to, field.required) if field.to else self._people()
        if words not in offered:
            raise ValidationError(NOT_OFFERED)
        return words


def _answers(field: Field, key: str) -> Choice:
    """Narrow the answers to those that a point of a checklist asks for."""
    points = CHECKLISTS[field.holds or ""]["items"]
    asked = next(point["answer"] for point in points if point["code"] == key)
    offered = [code for code in ANSWERS_TO[asked] if code in field.choices]
    return Choice({code: field.choices[code] for code in offered or field.choices})


def groups(
    slots: Iterable[Slot],
    spec: KindSpec,
    body: Mapping[str, Json],
    written: Written | None = None,
    proposed: Mapping[str, Json] | None = None,
) -> list[Group]:
    """Lay slots out for a form: what is stored or proposed, or what was typed a moment ago."""
    kept, shown, faults = (written.kept, written.shown, written.faults) if written else ({}, {}, {})
    laid: list[Group] = []
    before = ""
    for slot in slots:
        path = slot.field.name
        stored, name = body.get(path), path.partition("/")[0]
        value = kept.get(path, as_typed((proposed or {}).get(path, stored)))
        told = canonical(shown.get(path, stored)).decode()
        entry = Entry(slot.field, value, told, faults.get(path, ""), slot.options)
        declared = spec.fields[name]
        if declared.keyed and name == before:
            laid[-1].entries.append(entry)
        else:
            legend = declared.label if declared.keyed else ""
            laid.append(Group(declared.section or "", legend, is_box(slot.field), [entry]))
        before = name
    return laid
