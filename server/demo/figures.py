"""The demo year in numbers: so many cases, plans and offers that a report may print their counts.

Each is a plain record on its day; whom they are about is made up, as all of it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from server.demo.ground import LATELY, MOVED_IN
from server.demo.municipality import NORTH, STAFF, Home, Person, homes, made_up_id
from server.demo.pen import Edit, Pen, handled, made, status
from server.demo.telling import EARLIEST_DAYS, Teller
from server.shapes import Json, write_instant

KARI, AMIR, HEGE = STAFF["kari"], STAFF["amir"], STAFF["hege"]
INGRID, LISE = STAFF["ingrid"], STAFF["lise"]
AT_A_TIME = 60
CASES = 34
TROUBLES = ("noise", "noise", "visitors", "noise", "smoke_smell", "party", "noise", "waste")
TITLES = {
    "noise": "Bråk om natta",
    "visitors": "Mange som kommer og går",
    "smoke_smell": "Røyk i oppgangen",
    "party": "Fest i ukedagene",
    "waste": "Avfall i gangen",
}
WITH_FOLLOW_UP = 4
"""Every so many conflicts have follow-up in their team."""
ENDED = ("solved", "calmer", "solved", "calmer", "unsolved", "solved", "moved", "calmer")
ARREARS_EVERY_DAYS, PARTICIPANT_EVERY_DAYS, PARTICIPANTS = 11, 55, 40
OWED = ("paid", "instalment", "averted", "nav_guarantee", "instalment", "averted", "evicted")
LOSES_EVERY, AWAY_EVERY = 4, 6
OFFERED = ("activity", "follow_up", "economy", "activity", "practical", "activity")
ANSWERS = ("yes", "not_now", "yes", "no", "not_now", "yes", "not_reached")
LACKS = ("too_small", "not_accessible", "unsafe_environment", "too_small", "poor_condition")
HAPPENED = ("threat", "harassment", "threat", "near_miss")

Written = tuple[Person, int, Edit]
"""Who wrote it, and how many days ago."""


def tell_the_figures(pen: Pen, now: datetime) -> None:
    """Write the year's many cases, some at a time, as the office would have."""
    teller = Teller(pen, now)
    stays = [home for n, home in enumerate(homes()) if n not in {*MOVED_IN, *LATELY}]
    every = [
        *_conflicts(teller, stays),
        *_arrears(teller, stays),
        *_plans(teller, stays[:16]),
        *_offers(teller, stays),
        *_housing_first(teller),
        *_staff(teller),
    ]
    for who in (KARI, AMIR, HEGE, INGRID, LISE):
        mine = sorted((each for each in every if each[0] is who), key=lambda each: -each[1])
        for start in range(0, len(mine), AT_A_TIME):
            some = mine[start : start + AT_A_TIME]
            edits = [replace(edit, at=_at(teller, days)) for _, days, edit in some]
            results = pen.office(who, _at(teller, some[-1][1]), *edits)
            assert {result.state for result in results} == {"applied"}, (who.login, results)


def _at(teller: Teller, days: int) -> datetime:
    return teller.now - timedelta(days=min(max(days, 0), EARLIEST_DAYS), hours=3)


def _made(
    teller: Teller, who: Person, days: int, kind: str, name: str, values: Mapping[str, Json]
) -> Written:
    return who, days, made(kind, made_up_id("figures", kind, name), values)


def _approved(teller: Teller, days: int, kind: str, name: str) -> Written:
    """Have the leader look at it, who may read every case."""
    at = _at(teller, days) + timedelta(hours=1)
    return LISE, days, Edit(kind, made_up_id("figures", kind, name), status("approved", LISE, at))


def _conflicts(teller: Teller, stays: list[Home]) -> Iterator[Written]:
    for number in range(CASES):
        home, opened = stays[number % len(stays)], 8 + number * 11
        took = 25 + number % 7 * 9
        trouble = TROUBLES[number % len(TROUBLES)]
        who = KARI if home.area == NORTH else AMIR
        about: dict[str, Json] = {
            "building": home.building,
            "title": TITLES[trouble],
            "category": trouble,
            "opened_on": teller.day(opened),
            f"team/{who.id}": True,
        }
        if number % WITH_FOLLOW_UP == 0:
            about[f"team/{HEGE.id}"] = True
        if opened > took:
            about |= {
                "outcome": ENDED[number % len(ENDED)],
                "closed_on": teller.day(opened - took),
                **handled("closed", who, _at(teller, opened - took)),
            }
        else:
            step = ("mapping", "separate_talks")[number % 2]
            about |= handled(step, who, _at(teller, opened - 3))
        id = made_up_id("figures", "conflict_case", str(number))
        yield _made(teller, who, opened - took, "conflict_case", str(number), about)
        said: dict[str, Json] = {
            "case": id,
            "building": home.building,
            "received_on": teller.day(opened + 1),
            "channel": ("phone", "form", "met")[number % 3],
            "category": trouble,
            "words": "Det har vært slik noen uker, mest om kvelden.",
            "disclosure": ("confidential", "named")[number % 2],
            "acknowledged_on": teller.day(max(opened - 1, 0)),
            **status("submitted", who, _at(teller, opened)),
        }
        yield _made(teller, who, opened - took - 1, "complaint", str(number), said)
        yield _approved(teller, opened - took - 2, "complaint", str(number))


def _arrears(teller: Teller, stays: list[Home]) -> Iterator[Written]:
    for number, noticed in enumerate(range(30, 390, ARREARS_EVERY_DAYS)):
        home, grave = stays[number % len(stays)], number % 4 != 3
        days = {"noticed_on": noticed, "contacted_on": noticed - 2 - number % 9}
        days |= {"warned_on": noticed - 12, "notice_on": noticed - 18} if grave else {}
        days |= {"petition_on": noticed - 24} if grave and number % 2 else {}
        about: dict[str, Json] = {"dwelling": home.id, "tenancy": home.tenancy}
        if noticed > 50:
            days["closed_on"] = noticed - 27 - number % 5
            about["outcome"] = OWED[number % len(OWED)] if grave else "paid"
        about |= {name: teller.day(ago) for name, ago in days.items()}
        about["children"] = number % 2 == 0
        yield _made(teller, INGRID, min(days.values()), "arrears_case", str(number), about)


def _plans(teller: Teller, stays: list[Home]) -> Iterator[Written]:
    for number, home in enumerate(stays):
        begun = 380 - number * 12
        where: dict[str, Json] = {"dwelling": home.id, "tenancy": home.tenancy}
        goal = made_up_id("figures", "goal", str(number))
        about: dict[str, Json] = {
            **where,
            "started_on": teller.day(begun),
            f"goals/{goal}": "Jeg vil ha det ryddig nok til å be noen inn.",
            f"reached/{goal}": ("reached", "on_the_way")[number % 2],
        }
        plan = made_up_id("figures", "follow_up_plan", str(number))
        yield _made(teller, INGRID, begun, "follow_up_plan", str(number), about)
        for look, days in enumerate((begun - 80, 100 if number % 3 == 2 else 20)):
            looked: dict[str, Json] = {
                **where,
                "plan": plan,
                "held_on": teller.day(days),
                "together": True,
                "levels/home": min(3, 1 + look * (number % 2)),
                "levels/economy": look + number % 2,
                "levels/food": 2 - look * (number % 3 == 0),
                **status("submitted", INGRID, _at(teller, days)),
            }
            yield _made(teller, INGRID, days, "evaluation", f"{number}-{look}", looked)


def _offers(teller: Teller, stays: list[Home]) -> Iterator[Written]:
    for number in range(44):
        home, days = stays[number % len(stays)], 5 + number * 8
        where: dict[str, Json] = {"dwelling": home.id, "tenancy": home.tenancy}
        offered: dict[str, Json] = {
            **where,
            "what": OFFERED[number % len(OFFERED)],
            "offered_on": teller.day(days),
            "answer": ANSWERS[number % len(ANSWERS)],
            "again_on": teller.day(days - 190 - number % 3 * 30),
        }
        yield _made(teller, INGRID, days, "offer", str(number), offered)
        if number % 2:
            seen: dict[str, Json] = {**where, "seen_on": teller.day(days)}
            seen[f"needs/{LACKS[number // 2 % len(LACKS)]}"] = True
            met: dict[str, Json] = {"met_on": teller.day(days // 2)} if number % 3 else {}
            yield _made(teller, INGRID, days // 2, "housing_need", str(number), {**seen, **met})


def _housing_first(teller: Teller) -> Iterator[Written]:
    for number in range(PARTICIPANTS):
        joined = 230 + number * PARTICIPANT_EVERY_DAYS
        moved = joined - 14 - number % 5 * 6
        about: dict[str, Json] = {"area": NORTH, "joined_on": teller.day(joined)}
        about |= {"label": f"HF-{number + 20}", f"team/{HEGE.id}": True}
        one = made_up_id("figures", "hf_participant", str(number))
        yield _made(teller, HEGE, joined, "hf_participant", str(number), about)
        steps = [("moved_in", moved)]
        if number % LOSES_EVERY == 1:
            steps.append(("lost_tenancy", moved - 90 - number % 3 * 40))
        elif number % AWAY_EVERY == 2:
            steps += [("institution_stay", moved - 60), ("back_home", moved - 60 - number)]
        for type, days in steps:
            step: dict[str, Json] = {"participant": one, "type": type}
            step["happened_on"] = teller.day(days)
            yield _made(teller, HEGE, days - 1, "hf_housing_event", f"{number}-{type}", step)


def _staff(teller: Teller) -> Iterator[Written]:
    for number in range(16):
        days, who = 6 + number * 23, (KARI, AMIR)[number % 2]
        happened = _at(teller, days)
        told: dict[str, Json] = {
            "area": NORTH,
            "happened_at": write_instant(happened),
            "type": HAPPENED[number % len(HAPPENED)],
            "words": "Ble stående ute til det roet seg.",
            **({"followed_up_on": teller.day(days - 3)} if number % 3 else {}),
            **status("submitted", who, happened),
        }
        yield _made(teller, who, days - 4, "staff_incident", str(number), told)
        yield _approved(teller, days - 5, "staff_incident", str(number))
        alone: dict[str, Json] = {
            "area": NORTH,
            "who": who.id,
            "started_at": write_instant(happened - timedelta(hours=1)),
            "ends_at": write_instant(happened),
            "ended_at": write_instant(happened - timedelta(minutes=9)),
        }
        yield _made(teller, who, days, "check_in", str(number), alone)
