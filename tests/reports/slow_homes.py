"""The slow counts of offers, plans and Housing First, over the raw bodies."""

from __future__ import annotations

from collections.abc import Iterable

from tests.reports.slow import Case, Raw, Told, days_from, later, months_on, per_cent


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


def follow_up(case: Case) -> Told:
    """Plans evaluated in time, and how mastery moved."""
    plans = [p for p in case.of("follow_up_plan") if p.get("started_on") <= case.end]
    running = [p for p in plans if (p.get("ended_on") or "9999") > case.end]
    moved = {"Mer på egen hånd": 0, "Som før": 0, "Mer hjelp": 0}
    in_time = 0
    for plan in running:
        looks = [
            e
            for e in case.of("evaluation")
            if e.get("plan") == plan.id and e.get("held_on") <= case.end
        ]
        last = max([plan.get("started_on"), *(e.get("held_on") for e in looks)])
        in_time += months_on(last, 3) >= case.end
        looks.sort(key=lambda e: (e.get("held_on"), e.id))
        levels = [e.get("levels/home") for e in looks if e.get("levels/home") is not None]
        if len(levels) > 1:
            way = levels[-1] - levels[0]
            moved["Mer på egen hånd" if way > 0 else "Mer hjelp" if way < 0 else "Som før"] += 1
    told: Told = {
        ("Planer ved utgangen av perioden", "I alt", "I alt"): len(running),
        ("Planer ved utgangen av perioden", "I alt", "Evaluert i tide"): in_time,
        ("Avsluttet i perioden", "I alt", "Antall"): sum(
            p.get("ended_on") is not None and case.first <= p.get("ended_on") <= case.last
            for p in plans
        ),
    }
    title = "Mestring, første til siste evaluering"
    return told | {(title, "Hjemmet", words): count for words, count in moved.items()}


def housing_first(case: Case) -> Told:
    """Bostabilitet, one participant and one night at a time."""
    year, month = int(case.today[:4]), int(case.today[5:7])
    on = f"{year}-06-30" if month > 6 else f"{year - 1}-12-31"
    told: Told = {}
    people = [p for p in case.of("hf_participant") if p.get("joined_on") <= on]
    for months in (6, 12, 24):
        n = kept = 0
        for person in people:
            steps = _career(case, person, on)
            first = min(
                (day for day, what in steps if what.startswith("moved_") and "out" not in what),
                default=None,
            )
            if first is None or months_on(first, months) > on:
                continue
            then = months_on(first, months)
            if any(what == "deceased" and day <= then for day, what in steps):
                continue
            n, kept = n + 1, kept + _holds(steps, then)
        title = f"Bostabilitet per {_words(on)}"
        told[title, f"{months} måneder", "Deltakere (n)"] = n
        told[title, f"{months} måneder", "Har egen bolig"] = kept
        told[title, f"{months} måneder", "Bostabilitet"] = per_cent(kept, n)
    own = possible = 0
    this = on[:4]
    day = f"{this}-01-01"
    while day <= on:
        for person in people:
            here, at_home = _night(case, person, on, day)
            possible, own = possible + here, own + at_home
        day = later(day, 1)
    share = round(100 * own / possible, 1) if possible else None
    told["Netter i egen bolig", this, "Netter i egen bolig av mulige, prosent"] = share
    return told


def _career(case: Case, person: Raw, on: str) -> list[tuple[str, str]]:
    found = [
        (e.get("happened_on"), e.get("type"))
        for e in case.of("hf_housing_event")
        if e.get("participant") == person.id and e.get("happened_on") <= on
    ]
    comes = ("moved_in", "moved_within")
    return sorted(found, key=lambda step: (step[0], step[1] in comes))


def _holds(steps: Iterable[tuple[str, str]], then: str) -> bool:
    """Hold a home on a day, or be between two with no more than 30 days from one to the other."""
    home, lost = False, ""
    for day, what in steps:
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


def _night(case: Case, person: Raw, on: str, day: str) -> tuple[bool, bool]:
    steps = _career(case, person, on)
    began = min((d for d, what in steps if what in ("moved_in", "moved_within")), default="9999")
    died = min((d for d, what in steps if what == "deceased"), default="9999")
    here = began <= day < min(died, person.get("left_on") or "9999")
    past = [what for d, what in steps if d <= day and what not in ("offered", "accepted")]
    out = ("temporary_absence", "institution_stay", "lost_tenancy", "moved_out_planned", "deceased")
    return here, here and bool(past) and past[-1] not in out and _holds(steps, day)


def _words(day: str) -> str:
    year, month, number = day.split("-")
    return f"{int(number)}.{int(month)}.{year}"


def fidelity(case: Case) -> Told:
    """The scores as they were given."""
    held = [a for a in case.of("fidelity_assessment") if a.get("assessed_on") <= case.end]
    if not held or len({a.area for a in held}) > 1:
        return {}
    last = max(held, key=lambda a: (a.get("assessed_on"), a.id))
    column, title = _words(last.get("assessed_on")), "Poeng 1 til 4 for hvert prinsipp"
    return {
        (title, "Brukerstyring", column): last.get("scores/self_determination"),
        (title, "Bedring", column): last.get("scores/recovery"),
    }
