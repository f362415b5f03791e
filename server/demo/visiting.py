"""One visit as its visitor writes it: the header, the answers and the words; all of it made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.checklists import CHECKLISTS
from server.demo.municipality import Home, Person, made_up_id
from server.demo.pen import Edit, made
from server.shapes import Json
from sync.mutation import one_per_id

GOOD = {"check": "ok", "told": "done", "scale_1_5": "4"}


@dataclass(frozen=True)
class Told:
    """One past visit: who, how many days ago, how it went, and what was found and said."""

    who: Person
    days_ago: int
    hour: int
    home: int
    area: str
    purpose: str = "follow_up"
    outcome: str = "completed"
    found: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Checklist item → answer and remark; everything else was in order."""
    checklist: str = ""
    note: str = ""
    summary: str = ""
    present: tuple[str, ...] = ("tenant",)
    next_in_days: int | None = None
    with_whom: Person | None = None


def header(told: Told, home: Home, plan: str, at: datetime) -> Edit:
    """Write the visit itself."""
    values: dict[str, Json] = {
        "dwelling": home.id,
        "planned_visit": plan,
        "purpose": told.purpose,
        "access_basis": "agreed_voluntary",
        "outcome": told.outcome,
        "visited_on": f"{at:%Y-%m-%d}",
        **{f"present/{role}": True for role in told.present},
    }
    if told.next_in_days is not None:
        values["next_contact_on"] = f"{at + timedelta(days=told.next_in_days):%Y-%m-%d}"
    if told.summary:
        values["told"] = True
    return made("visit", one_per_id("visit", [plan]), values)


def runs(told: Told, home: Home, plan: str) -> list[Edit]:
    """Write one run for each subject that the items are about."""
    if not told.checklist:
        return []
    visit = one_per_id("visit", [plan])
    found: dict[str, dict[str, Json]] = {}
    for item in CHECKLISTS[told.checklist]["items"]:
        subject = item["subject"]
        run = found.setdefault(
            subject,
            {
                "visit": visit,
                "dwelling": home.id,
                "checklist": told.checklist,
                "edition": CHECKLISTS[told.checklist]["version"],
                "subject": subject,
                **({"tenancy": home.tenancy} if subject == "tenancy" else {}),
                **({"building": home.building} if subject == "building" else {}),
            },
        )
        answer, remark = told.found.get(item["code"], (GOOD[item["answer"]], ""))
        run[f"answers/{item['code']}"] = answer
        if remark:
            run[f"remarks/{item['code']}"] = remark
    return [
        made("checklist_run", one_per_id("checklist_run", [visit, told.checklist, subject]), run)
        for subject, run in found.items()
    ]


def words(told: Told, home: Home, plan: str) -> list[Edit]:
    """Write what was said, where anything is told of that."""
    if not (told.note or told.summary):
        return []
    visit = one_per_id("visit", [plan])
    said: dict[str, Json] = {
        "visit": visit,
        "dwelling": home.id,
        "tenancy": home.tenancy,
        "channel": "visit",
    }
    if told.note:
        said[f"notes/{made_up_id('note', plan)}"] = told.note
    if told.summary:
        said["summary"] = told.summary
    return [made("conversation", one_per_id("conversation", [visit]), said)]
