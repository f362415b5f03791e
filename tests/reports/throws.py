"""How each kind of record is thrown by the dice: days at edges, moments near Norwegian midnights.

A throw gives values alone; nothing is written here, and nothing is expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from server.shapes import Json
from tests.makers import USERS
from tests.reports.dice import LISE, Dice, Ids, Make
from tests.reports.throws_sites import SITES


def visit_of(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    """Throw a visit."""
    return {
        "dwelling": dwelling,
        "purpose": dice.choice("visit", "purpose"),
        "visited_on": dice.day(),
        "outcome": dice.one("completed", "completed", "no_answer", "talked_at_door", "refused"),
    }


def _deviation(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    return {
        "dwelling": dwelling,
        "words": "Noe er galt.",
        "severity": dice.choice("deviation", "severity"),
        "found_on": dice.day(),
        **dice.maybe({"responsible": dice.choice("deviation", "responsible")}),
        **dice.maybe({"due_on": dice.day()}),
        **dice.maybe(
            {"cause": dice.choice("deviation", "cause"), "cost": dice.random.randrange(900)}
        ),
        **dice.maybe({"recoverable": dice.one(True, False)}),
        **dice.step("deviation"),
    }


def _case(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    opened = dice.day()
    ended = {
        "closed_on": dice.after(opened, 200),
        **dice.maybe({"outcome": dice.choice("conflict_case", "outcome")}),
    }
    return {
        "area": area,
        "title": "Bråk",
        "opened_on": opened,
        **dice.maybe({"category": dice.one("noise", "noise", "waste")}),
        **dice.maybe(ended),
        **dice.step("conflict_case"),
    }


def _event(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    held, signed = dice.day(), {"by": LISE, "at": dice.moment()}
    return {
        "area": area,
        "type": dice.choice("event", "type"),
        "name": "Dugnad",
        "held_on": held,
        f"heads/{LISE}-adult": dice.random.randrange(30),
        **dice.maybe({f"heads/{USERS['kari']}-adult": 4, f"heads/{LISE}-child": 7}),
        **dice.maybe({"spent": dice.random.randrange(5_000)}),
        **dice.maybe({"minutes_shared_on": dice.after(held, 15)}),
        **dice.maybe({"children_activity": "Sekkeløp.", "volunteers": dice.random.randrange(9)}),
        **dice.maybe({"invited": dice.random.randrange(90), "waste_bags": 3}),
        "handling": {"state": dice.one("held", "held", "held", "planned", "cancelled"), **signed},
    }


def _input(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    received = dice.day()
    return {
        "area": area,
        "type": dice.choice("resident_input", "type"),
        "words": "Det er mørkt.",
        "received_on": received,
        **dice.maybe({"topic": dice.choice("resident_input", "topic")}),
        **dice.maybe({"answered_on": dice.after(received, 60)}),
    }


def _measure(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    return {
        "area": area,
        "name": "Lys",
        f"inputs/{dice.one(*ids['resident_input'])}": True,
        **dice.maybe({"led_by": dice.choice("measure", "led_by")}),
        **dice.maybe({"proposed_by": dice.choice("measure", "proposed_by")}),
        **dice.maybe({"prioritised_by": dice.choice("measure", "prioritised_by")}),
        **dice.maybe({"done_on": dice.day()}),
        **dice.step("measure"),
    }


def _assignment(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    return {
        "dwelling": dwelling,
        "words": "Tett sluk.",
        **dice.maybe({"done_by": dice.choice("assignment", "done_by")}, 0.8),
        **dice.maybe(
            {"minutes": dice.random.randrange(200), "waste_bags": dice.random.randrange(5)}
        ),
        "handling": {"state": dice.one("done", "done", "new"), "by": LISE, "at": dice.moment()},
    }


def _tenancy(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    began = dice.day()
    return {
        "dwelling": dwelling,
        "started_on": began,
        **dice.maybe({"ended_on": dice.after(began, 500)}, 0.3),
    }


def _household(dice: Dice, dwelling: str, ids: Ids) -> dict[str, Json]:
    return {"dwelling": dwelling, "tenancy": dice.one(*ids["tenancy"])}


def _offer(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    offered = dice.day()
    return {
        **_household(dice, dwelling, ids),
        "what": dice.choice("offer", "what"),
        "offered_on": offered,
        **dice.maybe({"answer": dice.choice("offer", "answer")}),
        **dice.maybe({"again_on": dice.after(offered, 200)}),
    }


def _plan(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    began = dice.day()
    return {
        **_household(dice, dwelling, ids),
        "started_on": began,
        **dice.maybe({"ended_on": dice.after(began, 300), "end_reason": "goal"}, 0.4),
    }


def _evaluation(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    return {
        **_household(dice, dwelling, ids),
        "plan": dice.one(*ids["follow_up_plan"][:5]),
        "held_on": dice.day(),
        **dice.maybe({"levels/home": dice.random.randrange(4)}, 0.8),
    }


def _step(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    types = (
        "moved_in",
        "moved_in",
        "moved_within",
        "lost_tenancy",
        "institution_stay",
        "back_home",
        "offered",
        "accepted",
    )
    return {
        "participant": dice.one(*ids["hf_participant"][:6]),
        "type": dice.one(*types, "moved_out_planned", "deceased", "temporary_absence"),
        "happened_on": f"{date(2026, 6, 30) - timedelta(days=dice.random.randrange(1500))}",
    }


def _arrears(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    noticed = dice.day()
    return {
        **_household(dice, dwelling, ids),
        "noticed_on": noticed,
        **dice.maybe({"notice_on": dice.after(noticed, 60)}),
        **dice.maybe({"petition_on": dice.after(noticed, 90)}),
        **dice.maybe({"warned_on": dice.after(noticed, 40)}),
        **dice.maybe({"closed_on": dice.after(noticed, 150)}),
        **dice.maybe({"outcome": dice.choice("arrears_case", "outcome")}),
        **dice.maybe({"children": dice.one(True, False)}),
    }


def _request(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    return {
        "dwelling": dwelling,
        "asked_at": dice.moment(),
        **dice.maybe({"due_on": dice.day()}),
        **dice.step("assistance_request"),
    }


def _need(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    met = dice.maybe({"met_on": dice.day()}, 0.4)
    return {
        **_household(dice, dwelling, ids),
        "seen_on": dice.day(),
        "needs/too_small": dice.one(True, False),
        "needs/too_expensive": True,
        **met,
    }


MADE: Mapping[str, Make] = {
    "tenancy": _tenancy,
    "planned_visit": lambda d, area, home, ids: {
        "dwelling": home,
        "planned_on": d.day(),
        **d.maybe({"purpose": d.choice("planned_visit", "purpose")}, 0.9),
        **d.maybe({"cancelled": True}, 0.2),
    },
    "visit": visit_of,
    "deviation": _deviation,
    "conflict_case": _case,
    "event": _event,
    "resident_input": _input,
    "measure": _measure,
    "assignment": _assignment,
    "activity": lambda d, area, home, ids: {
        "area": area,
        "type": d.choice("activity", "type"),
        "held_on": d.day(),
        **d.maybe({"heads": d.random.randrange(20)}),
        **d.step("activity"),
    },
    "housing_company": lambda d, area, home, ids: {"area": area, "name": f"Laget {d.day()}"},
    "cooperation_log": lambda d, area, home, ids: {
        "housing_company": d.one(*ids["housing_company"]),
        "talked_on": d.day(),
    },
    "offer": _offer,
    "follow_up_plan": _plan,
    "evaluation": _evaluation,
    "hf_participant": lambda d, area, home, ids: {
        "area": area,
        "label": "HF",
        "joined_on": f"{date(2026, 6, 30) - timedelta(days=d.random.randrange(1500))}",
        **d.maybe({"left_on": d.day()}, 0.2),
    },
    "hf_housing_event": _step,
    "fidelity_assessment": lambda d, area, home, ids: {
        "area": area,
        "assessed_on": d.day(),
        "scores/recovery": d.random.randrange(1, 5),
    },
    "assistance": lambda d, area, home, ids: {
        "dwelling": home,
        "form": d.choice("assistance", "form"),
        **d.maybe({"type": d.choice("assistance", "type")}),
        **d.maybe({"visit": d.one(*ids["visit"])}),
    },
    "assistance_request": _request,
    "housing_need": _need,
    "arrears_case": _arrears,
    "complaint": lambda d, area, home, ids: {
        "dwelling": home,
        "received_on": d.day(),
        "category": d.choice("complaint", "category"),
        "words": "Bråk.",
        "disclosure": "confidential",
    },
    "meeting_place": lambda d, area, home, ids: {
        "area": area,
        "name": "Benken",
        "type": d.choice("meeting_place", "type"),
        **d.maybe({"in_use": d.one(True, False)}),
    },
    **SITES,
    "staff_incident": lambda d, area, home, ids: {
        "area": area,
        "happened_at": d.moment(),
        "type": d.one("threat", "near_miss"),
    },
    "check_in": lambda d, area, home, ids: {
        "area": area,
        "who": LISE,
        "started_at": (at := d.moment()),
        "ends_at": at,
    },
}
"""How each kind is thrown; what refers to another kind comes after it."""
