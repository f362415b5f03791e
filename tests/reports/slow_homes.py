"""The slow counts of offers, plans and Housing First, over the raw bodies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.reports.slow import Case, Raw, Told, days_from, later, months_on, per_cent

Step = tuple[str, str]
"""A day, and what happened."""


def offers(case: Case) -> Told:
    """Offers, answers, and whether they came again in time."""
    every = [o for o in case.of("offer") if o.get("offered_on") <= case.end]
    mine = [o for o in every if case.within(o.get("offered_on"))]
    due = [
        o
        for o in every
        if o.get("again_on") and case.first <= o.get("again_on") <= case.last
        if o.get("again_on") < case.end
    ]
    kept = [
        o
        for o in due
        if any(
            other.get("tenancy") == o.get("tenancy")
            and o.get("offered_on") < other.get("offered_on") <= o.get("again_on")
            for other in every
        )
    ]
    latest: dict[str, str] = {}
    for offer in every:
        latest[offer.get("tenancy")] = max(
            offer.get("offered_on"), latest.get(offer.get("tenancy"), "")
        )
    let = {t.id for t in case.of("tenancy") if (t.get("ended_on") or "9999") >= case.end}
    waits = [days_from(day, case.end) for id, day in latest.items() if id in let]
    return {
        ("Tilbud og svar", "I alt", "I alt"): len(mine),
        ("Tilbud og svar", "I alt", "Ja"): sum(o.get("answer") == "yes" for o in mine),
        ("Tilbys igjen: i tide", "I alt", "Antall"): len(due),
        ("Tilbys igjen: i tide", "Tilbudt igjen i tide", "Antall"): len(kept),
        ("Lengst uten tilbud", "Under 3 måneder", "Husstander"): sum(days < 90 for days in waits),
        ("Lengst uten tilbud", "Over 12 måneder", "Husstander"): sum(days >= 365 for days in waits),
    }


def running(case: Case) -> list[tuple[Raw, list[Raw]]]:
    """Give the plans that run at the end, each with its evaluations in order."""
    held = [e for e in case.of("evaluation") if e.get("held_on") <= case.end]
    held.sort(key=lambda e: (e.get("held_on"), e.id))
    return [
        (plan, [e for e in held if e.get("plan") == plan.id])
        for plan in case.of("follow_up_plan")
        if plan.get("started_on") <= case.end < (plan.get("ended_on") or "9999")
    ]


def follow_up(case: Case) -> Told:
    """Plans that ran, were evaluated in time, and ended."""
    plans = [p for p in case.of("follow_up_plan") if p.get("started_on") <= case.end]
    in_time = 0
    for plan, looks in running(case):
        last = max([plan.get("started_on"), *(e.get("held_on") for e in looks)])
        in_time += months_on(last, 3) >= case.end
    told: Told = {
        ("Planer ved utgangen av perioden", "I alt", "I alt"): len(running(case)),
        ("Planer ved utgangen av perioden", "I alt", "Evaluert i tide"): in_time,
        ("Avsluttet i perioden", "I alt", "Antall"): sum(
            p.get("ended_on") is not None and case.first <= p.get("ended_on") <= case.last
            for p in plans
        ),
    }
    return told


def stood_at(case: Case) -> str:
    """Give the last day of the half-year that is over."""
    year, month = int(case.today[:4]), int(case.today[5:7])
    return f"{year}-06-30" if month > 6 else f"{year - 1}-12-31"


def housing_first(case: Case) -> Told:
    """Bostabilitet as it stands, one participant at a time."""
    on = stood_at(case)
    told: Told = {}
    people = [p for p in case.of("hf_participant") if p.get("joined_on") <= on]
    for months in (6, 12, 24):
        held = [kept(career(case, person, on), months, on) for person in people]
        n, title = len(held) - held.count(None), f"Bostabilitet per {words_of(on)}"
        told[title, f"{months} måneder", "Deltakere (n)"] = n
        told[title, f"{months} måneder", "Har egen bolig"] = held.count(True)
        told[title, f"{months} måneder", "Bostabilitet"] = per_cent(held.count(True), n)
    return told


def kept(steps: Sequence[Step], months: int, on: str) -> bool | None:
    """Say whether a home was held so long after moving in; None if that day is not come."""
    first = moved_in(steps)
    then = months_on(first, months) if first != "9999" else first
    if then > on or any(what == "deceased" and day <= then for day, what in steps):
        return None
    return holds(steps, then)


def moved_in(steps: Sequence[Step]) -> str:
    """Give the day of the first home."""
    return min((d for d, what in steps if what in ("moved_in", "moved_within")), default="9999")


def career(case: Case, person: Raw, on: str) -> list[Step]:
    found = [
        (e.get("happened_on"), e.get("type"))
        for e in case.of("hf_housing_event")
        if e.get("participant") == person.id and e.get("happened_on") <= on
    ]
    comes = ("moved_in", "moved_within")
    return sorted(found, key=lambda step: (step[0], step[1] in comes))


def holds(steps: Iterable[Step], then: str) -> bool:
    """Hold a home on a day, or be between two with no more than 30 days from one to the other."""
    home, lost = False, ""
    for day, what in steps:
        if what in ("offered", "accepted", "back_home", "institution_stay", "temporary_absence"):
            continue
        if day > then:
            return home or (
                what in ("moved_in", "moved_within") and lost != "" and days_from(lost, day) <= 30
            )
        if what in ("moved_in", "moved_within"):
            home = True
        if what in ("lost_tenancy", "moved_out_planned"):
            home, lost = False, day
        if what == "deceased":
            home, lost = False, ""
    return home


def nights(steps: Sequence[Step], left: str, first: str, last: str) -> tuple[int, int]:
    """Count nights in a home of one's own and nights that could be, one by one."""
    died = min((d for d, what in steps if what == "deceased"), default="9999")
    out = ("temporary_absence", "institution_stay", "lost_tenancy", "moved_out_planned", "deceased")
    own = possible = 0
    day = max(first, moved_in(steps))
    while day <= last and day < min(died, left):
        past = [what for d, what in steps if d <= day and what not in ("offered", "accepted")]
        possible += 1
        own += bool(past) and past[-1] not in out and holds(steps, day)
        day = later(day, 1)
    return own, possible


def words_of(day: str) -> str:
    year, month, number = day.split("-")
    return f"{int(number)}.{int(month)}.{year}"
