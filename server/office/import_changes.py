"""What an import would change, in words: record by record, field by field, old and new.

It reads through the desk and writes nothing; a long list is cut, and says by how much.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.imports import Plan
from server.imports.plans import Step
from server.office import present
from server.office.desk import Desk
from server.records import REGISTRY
from server.shapes import Json

CHANGED_SHOWN = 50


@dataclass(frozen=True)
class FieldChange:
    """One field: what stands here, and what would."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Changed:
    """One record that is here and would be changed."""

    id: str
    title: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class Changes:
    """The first of what would change, and how many more there are."""

    shown: list[Changed]
    more: int


def changes(desk: Desk, plan: Plan) -> Changes:
    """Give what a plan would change of what is here already, in the order of the file."""
    steps = [step for step in plan.steps if step.op == "patch"]
    made = {step.record for step in plan.steps if step.op == "create"}
    first = steps[:CHANGED_SHOWN]
    desk.items(step.record for step in first)
    return Changes([_changed(desk, step, made) for step in first], len(steps) - len(first))


def _changed(desk: Desk, step: Step, made: set[str]) -> Changed:
    spec, item = REGISTRY[step.kind], desk.item(step.record)
    name = spec.words[0]
    return Changed(
        id=step.record,
        title=f"{name}: {desk.title(item)}" if item else name,
        fields=[
            FieldChange(
                label=present.path_label(desk, spec, path),
                old=_words(desk, step.kind, path, step.seen.get(path), made),
                new=_words(desk, step.kind, path, value, made),
            )
            for path, value in step.set.items()
        ],
    )


def _words(desk: Desk, kind: str, path: str, value: Json, made: set[str]) -> str:
    """Put a value into words; what the same file makes has no name here yet."""
    spec = REGISTRY[kind]
    found = spec.at(path)
    if found is not None and found[0].to and value in made:
        return f"ny {REGISTRY[found[0].to].words[0].lower()}"
    return present.path_words(desk, spec, path, value)
