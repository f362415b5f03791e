"""The slow counts of visits, faults, events and work, over the raw bodies."""

from __future__ import annotations

from statistics import median

from tests.reports.slow import (
    Case,
    Raw,
    Told,
    days_from,
    later,
    members,
    norwegian,
    per_cent,
)


def visits(case: Case) -> Told:
    """Agreed visits by how they went."""
    told: Told = {}
    made = {v.get("planned_visit"): v.get("outcome") for v in case.of("visit")}
    agreed = [p for p in case.of("planned_visit") if case.within(p.get("planned_on"))]
    done = [p for p in agreed if made.get(p.id) in ("completed", "talked_at_door")]
    away = [p for p in agreed if made.get(p.id) == "no_answer"]
    off = [p for p in agreed if p.id not in made and p.get("cancelled")]
    told["Etter formål", "I alt", "I alt"] = len(agreed)
    told["Etter formål", "I alt", "Gjennomført"] = len(done)
    told["Etter formål", "I alt", "Ikke hjemme"] = len(away)
    told["Etter formål", "I alt", "Avlyst"] = len(off)
    told["Etter formål", "I alt", "Gjennomført av avtalte"] = per_cent(len(done), len(agreed))
    told["Etter formål", "Innflytting", "Ikke hjemme"] = sum(
        p.get("purpose") == "move_in" for p in away
    )
    alone = [
        v
        for v in case.of("visit")
        if not v.get("planned_visit") and case.within(v.get("visited_on"))
    ]
    told["Besøk uten avtale på forhånd", "I alt", "Antall"] = len(alone)
    return told


def waits_for_visit(case: Case, over: int) -> list[tuple[Raw, list[int]]]:
    """Give who moved in so long ago, with the days on which they were visited."""
    found = []
    for tenancy in case.of("tenancy"):
        start, until = tenancy.get("started_on"), tenancy.get("ended_on") or "9999"
        days = [
            days_from(start, v.get("visited_on"))
            for v in case.of("visit")
            if v.get("dwelling") == tenancy.get("dwelling")
            and v.get("outcome") in ("completed", "talked_at_door")
            and case.first <= v.get("visited_on") <= until
        ]
        if case.within(start) and days_from(start, case.end) > over:
            found.append((tenancy, days))
    return found


def new_tenancies(case: Case) -> Told:
    """Who moved in, and was visited in 30 and in 90 days."""
    due30, due90 = waits_for_visit(case, 30), waits_for_visit(case, 90)
    soon = sum(any(0 <= day <= 30 for day in days) for _, days in due30)
    again = sum(any(31 <= day <= 90 for day in days) for _, days in due90)
    return {
        ("Besøkt innen 30 dager", "I alt", "Besøkt"): soon,
        ("Besøkt innen 30 dager", "I alt", "I alt"): len(due30),
        ("Besøkt innen 30 dager", "I alt", "Andel besøkt"): per_cent(soon, len(due30)),
        ("Besøkt igjen, dag 31 til 90", "I alt", "Besøkt"): again,
        ("Besøkt igjen, dag 31 til 90", "I alt", "I alt"): len(due90),
    }


def effect(case: Case) -> Told:
    """Complaints and costs per 100 dwellings and year, before and after."""
    told: Told = {}
    for site in case.of("programme_site"):
        own = [
            f
            for f in case.of("site_figures")
            if f.get("site") == site.id and f.get("until_on") <= case.last
        ]
        if not own or not site.get("dwellings"):
            continue
        title = f"{site.get('name')}: før og etter"
        for path, words in (
            ("complaints", "Bomiljøklager"),
            ("damage_cost", "Skadekostnad i kroner"),
        ):
            for column, baseline in (("Før", True), ("Etter", False)):
                those = [
                    f
                    for f in own
                    if bool(f.get("baseline")) is baseline and f.get(path) is not None
                ]
                days = sum(days_from(f.get("from_on"), f.get("until_on")) + 1 for f in those)
                total = sum(f.get(path) for f in those)
                rate = total / site.get("dwellings") / days * 100 * 365 if days else None
                told[title, words, column] = None if rate is None else round(rate, 1)
    return told


def deviations(case: Case) -> Told:
    """Found, closed, open and late, by severity."""
    told: Told = {}
    every = [
        d for d in case.of("deviation") if d.step() != "rejected" and d.get("found_on") <= case.end
    ]
    for code, words in (("critical", "Kritisk"), ("low", "Lav"), (None, "I alt")):
        those = [d for d in every if code in (None, d.get("severity"))]
        closed = [d for d in those if d.step() in ("done", "verified") and d.step_day() <= case.end]
        standing = [d for d in those if d not in closed]
        ended = [d for d in closed if d.step_day() >= case.first]
        took = [max(0, days_from(d.get("found_on"), d.step_day())) for d in ended]
        in_time = [d for d in ended if d.get("due_on") and d.step_day() <= d.get("due_on")]
        row = {
            "Funnet": sum(case.within(d.get("found_on")) for d in those),
            "Lukket": len(ended),
            "Åpne ved utgangen": len(standing),
            "Over fristen": sum((d.get("due_on") or "9999") < case.end for d in standing),
            "Dager til lukket": median(took) if took else None,
            "Lukket i tide": per_cent(len(in_time), len(ended)),
        }
        told |= {("Etter alvor", words, column): value for column, value in row.items()}
    return told


def damage_cost(case: Case) -> Told:
    """What misuse and want of upkeep cost."""
    causes = ("misuse", "vandalism", "lack_of_upkeep", "damp_use")
    those = [
        d
        for d in case.of("deviation")
        if d.step() != "rejected"
        and d.get("cause") in causes
        and d.get("cost") is not None
        and case.within(d.get("found_on"))
    ]
    claimed = sum(d.get("cost") for d in those if d.get("recoverable"))
    whole = sum(d.get("cost") for d in those)
    return {
        ("Etter årsak", "I alt", "Antall"): len(those),
        ("Etter årsak", "I alt", "Kroner"): whole,
        ("Etter årsak", "I alt", "Kan kreves tilbake"): claimed,
        ("Etter årsak", "I alt", "Kan ikke kreves tilbake"): whole - claimed,
    }


def conflicts(case: Case) -> Told:
    """Cases opened and closed."""
    opened = [c for c in case.of("conflict_case") if case.within(c.get("opened_on"))]
    closed = [c for c in case.of("conflict_case") if case.within(c.get("closed_on"))]
    took = [days_from(c.get("opened_on"), c.get("closed_on")) for c in closed]
    return {
        ("Åpnet: hvor langt", "I alt", "Antall"): len(opened),
        ("Åpnet: hvor langt", "Avsluttet", "Antall"): sum(c.step() == "closed" for c in opened),
        ("Åpnet: hvor langt", "Mottatt", "Antall"): sum(
            c.step() in (None, "received") for c in opened
        ),
        ("Åpnet: hva det gjelder", "Bråk", "Antall"): sum(
            c.get("category") == "noise" for c in opened
        ),
        **{
            ("Avsluttet: utfall", words, "Antall"): sum(c.get("outcome") == code for c in closed)
            for code, words in (
                ("solved", "Løst"),
                ("calmer", "Roligere"),
                ("unsolved", "Ikke løst"),
                ("moved", "Flyttet"),
                ("referred", "Sendt til konfliktrådet"),
                ("formal_warning", "Over til utleieren som advarsel"),
                ("police", "Over til politiet"),
                (None, "Ikke oppgitt"),
            )
        },
        ("Avsluttet: utfall", "I alt", "Dager fra åpnet til avsluttet"): median(took)
        if took
        else None,
    }


def held_events(case: Case) -> list[Raw]:
    """Give the events that were held."""
    return [e for e in case.of("event") if e.step() == "held" and case.within(e.get("held_on"))]


def events(case: Case) -> Told:
    """Events, heads and cost."""
    held = held_events(case)

    def heads(group: str) -> int:
        return sum(
            v
            for e in held
            for p, v in e.body.items()
            if p.startswith("heads/") and p.endswith(f"-{group}")
        )

    shared = [
        e
        for e in held
        if e.get("minutes_shared_on") and e.get("minutes_shared_on") <= later(e.get("held_on"), 7)
    ]
    told: Told = {
        ("Hvor mange kom", "I alt", "Arrangementer"): len(held),
        ("Hvor mange kom", "I alt", "Voksne"): heads("adult"),
        ("Hvor mange kom", "I alt", "Barn"): heads("child"),
        **{
            (title, "I alt", words): sum(e.get(path) or 0 for e in held)
            for title, words, path in (
                ("Hvor mange kom", "Frivillige", "volunteers"),
                ("Hvor mange kom", "Inviterte husstander", "invited"),
                ("Etterpå", "Sekker avfall", "waste_bags"),
            )
        },
        ("Etterpå", "I alt", "Brukt i kroner"): sum(e.get("spent") or 0 for e in held),
        ("Etterpå", "I alt", "Referat delt innen 7 dager"): per_cent(len(shared), len(held)),
        ("Etterpå", "I alt", "Noe for barna"): per_cent(
            sum(bool(e.get("children_activity")) for e in held), len(held)
        ),
    }
    return told


def measures_of(case: Case) -> list[Raw]:
    """Give the measures that stood open on some day of the period: neither done nor given up."""
    found = []
    for measure in case.of("measure"):
        over = measure.step_day() if measure.step() in ("done", "rejected") else "9999"
        if measure.step() == "done":
            over = measure.get("done_on") or over
        if norwegian(measure.created.isoformat()) <= case.last and over >= case.first:
            found.append(measure)
    return found


def voices(case: Case) -> Told:
    """Inputs, answers and measures."""
    said = [i for i in case.of("resident_input") if case.within(i.get("received_on"))]
    measures = case.of("measure")
    meant = {id for m in measures for id in members(m, "inputs")}
    in_time = [
        i
        for i in said
        if i.get("answered_on") and i.get("answered_on") <= later(i.get("received_on"), 30)
    ]
    acts = measures_of(case)
    led = sum(m.get("led_by") == "residents" for m in acts)
    return {
        ("Innspill etter tema", "I alt", "Innspill"): len(said),
        ("Innspill etter tema", "I alt", "Ble til tiltak"): sum(i.id in meant for i in said),
        ("Innspill etter tema", "I alt", "Svart innen 30 dager"): len(in_time),
        ("Tiltak etter hvem som leder", "I alt", "I alt"): len(acts),
        ("Tiltak etter hvem som leder", "Beboerne", "I alt"): led,
        ("Tiltak etter hvem som foreslo", "I alt", "Ledet av beboerne"): per_cent(led, len(acts)),
        **{
            (f"Tiltak etter hvem som {did}", words, "Antall"): sum(
                m.get(path) == side for m in acts
            )
            for did, path in (("foreslo", "proposed_by"), ("prioriterte", "prioritised_by"))
            for side, words in (
                ("residents", "Beboerne"),
                ("board", "Styret"),
                ("municipality", "Kommunen"),
                ("together", "Sammen"),
                (None, "Ikke oppgitt"),
            )
        },
    }


def activities(case: Case) -> list[Raw]:
    """Give the activities that were said to be held, and those where heads were counted."""
    counted = [a for a in case.of("activity") if a.get("heads") is not None]
    said = [a for a in case.of("activity") if a.get("heads") is None and a.step() == "held"]
    return said + [a for a in counted if a.step() != "cancelled"]


def caretaker(case: Case) -> Told:
    """Hours by who did it, and the share done together."""
    done = [
        a
        for a in case.of("assignment")
        if a.step() == "done" and case.first <= a.step_day() <= case.last
    ]
    said = [a for a in done if a.get("done_by")]
    together = [a for a in said if a.get("done_by") != "us"]
    held = [a for a in activities(case) if case.within(a.get("held_on"))]
    minutes = sum(a.get("minutes") or 0 for a in done if a.get("done_by") == "us")
    return {
        ("Hvem gjorde det?", "I alt", "Antall"): len(done),
        ("Hvem gjorde det?", "Vi", "Timer"): round(minutes / 60, 1),
        ("Måned for måned", "I alt", "Sammen-andel"): per_cent(len(together), len(said)),
        ("Måned for måned", "I alt", "Sekker avfall"): sum(a.get("waste_bags") or 0 for a in done),
        ("Hverdagsaktiviteter", "I alt", "Ganger"): len(held),
        ("Hverdagsaktiviteter", "I alt", "Deltakere"): sum(a.get("heads") or 0 for a in held),
    }
