"""The slow counts of all that is drawn: each bar, each point and each mark, over the raw bodies.

The words of an answer are those of its declaration; how it is counted stands here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from server.records import REGISTRY
from tests.reports.slow import Case, Raw, Told, days_from, per_cent
from tests.reports.slow_asked import given_in, in_time_of, new_arrears
from tests.reports.slow_homes import career, kept, nights, running, stood_at, words_of
from tests.reports.slow_work import activities, held_events, measures_of, waits_for_visit

Says = Callable[[Raw], Any]
UNSAID = {None: "Ikke oppgitt"}
MONTHS = [
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
]


def said_of(kind: str, field: str) -> dict[Any, str]:
    """Give the answers of a field, with a place for who gave none."""
    return {**REGISTRY[kind].fields[field].choices, **UNSAID}


def keys_of(kind: str, field: str) -> dict[str, str]:
    """Give the keys of a keyed field with their words."""
    return {**(REGISTRY[kind].fields[field].key_labels or {})}


def steps_of(kind: str) -> dict[Any, str]:
    """Give how far work on a kind may have come."""
    limits: Any = REGISTRY[kind].fields["handling"].shape.limits["choices"]
    return {one["value"]: one["label"] for one in limits}


def bars(title: str, those: Iterable[Raw], down: Mapping[Any, str], of: Says, head: str) -> Told:
    """Count one bar for each answer."""
    every = [*those]
    return {
        (title, words, head): sum(of(one) == code for one in every) for code, words in down.items()
    }


def parts(
    title: str,
    those: Iterable[Raw],
    down: tuple[Mapping[Any, str], Says],
    across: tuple[Mapping[Any, str], Says],
) -> Told:
    """Count the parts of one bar for each answer."""
    every, told = [*those], Told()
    for code, words in across[0].items():
        these = [one for one in every if across[1](one) == code]
        told |= bars(title, these, *down, words)
    return told


def get(path: str) -> Says:
    """Ask what stands at a path."""
    return lambda one: one.get(path)


def areas(case: Case) -> dict[Any, str]:
    """Give the areas by name."""
    return {one.id: one.get("name") for one in case.of("area")}


def visits(case: Case) -> Told:
    """Agreed visits by why they were made, and how each went."""
    made = {v.get("planned_visit"): v.get("outcome") for v in case.of("visit")}
    known = {"completed": "done", "talked_at_door": "done", "no_answer": "no_answer"}

    def went(plan: Raw) -> str:
        if plan.id in made:
            return known.get(made[plan.id], "other")
        return "cancelled" if plan.get("cancelled") else "unwritten"

    heads = {
        "done": "Gjennomført",
        "no_answer": "Ikke hjemme",
        "other": "Ble ikke noe av",
        "cancelled": "Avlyst",
        "unwritten": "Mangler notat",
    }
    agreed = [p for p in case.of("planned_visit") if case.within(p.get("planned_on"))]
    why = (said_of("planned_visit", "purpose"), get("purpose"))
    return parts("Etter formål", agreed, why, (heads, went))


def new_tenancies(case: Case) -> Told:
    """Who was visited in 30 days, area by area."""
    soon = {t.id: any(0 <= day <= 30 for day in days) for t, days in waits_for_visit(case, 30)}
    due = [tenancy for tenancy, _ in waits_for_visit(case, 30)]
    seen = ({True: "Besøkt", False: "Ikke besøkt"}, lambda one: soon[one.id])
    return parts("Besøkt innen 30 dager", due, (areas(case), lambda one: one.area), seen)


def effect(case: Case) -> Told:
    """Every point of the curves of each site, and where what was learnt is marked."""
    curves = {
        "saker over tid": (
            ("Bomiljøklager", "complaints", 1),
            ("Skadesaker", "damage_cases", 1),
            ("Fakturaer i retur", "invoices_returned", 1),
        ),
        "kostnader over tid": (
            ("Skadekostnad i kroner", "damage_cost", 0),
            ("Avfall i kroner", "waste_cost", 0),
        ),
    }
    told: Told = {}
    for site in case.of("programme_site"):
        name, homes = site.get("name"), site.get("dwellings")
        own = [f for f in case.of("site_figures") if f.get("site") == site.id and homes]
        own = [f for f in own if f.get("until_on") <= case.last]
        own.sort(key=lambda f: (f.get("from_on"), f.id))
        for figures in own:
            days = days_from(figures.get("from_on"), figures.get("until_on")) + 1
            for title, lines in curves.items():
                for words, path, decimals in lines:
                    number = figures.get(path)
                    point = None if number is None else number * 36_500 / homes / days
                    rounded = None if point is None else round(point, decimals)
                    told[f"{name}: {title}", span_of(figures), words] = rounded
        for entry in case.of("learning"):
            day = entry.get("changed_on") or entry.get("learnt_on")
            there = [f for f in own if f.get("from_on") <= day <= f.get("until_on")]
            if entry.get("site") == site.id and entry.get("learnt_on") <= case.last and there:
                mark = f"{words_of(day)}: {entry.get('change') or entry.get('learnt')}"
                told |= {(f"{name}: {title}", span_of(there[0]), mark): True for title in curves}
    return told


def span_of(figures: Raw) -> str:
    """Give the period of some figures in words."""
    span = f"{words_of(figures.get('from_on'))}–{words_of(figures.get('until_on'))}"
    return span + (" (før)" if figures.get("baseline") else "")


def deviations(case: Case) -> Told:
    """Found, by severity."""
    found = [d for d in case.of("deviation") if d.step() != "rejected"]
    mine = [d for d in found if case.within(d.get("found_on"))]
    severities = said_of("deviation", "severity")
    return bars("Etter alvor", mine, severities, get("severity"), "Funnet")


def damage_cost(case: Case) -> Told:
    """Damage with a cost, by cause."""
    causes = said_of("deviation", "cause")
    use = {code: causes[code] for code in ("misuse", "vandalism", "lack_of_upkeep", "damp_use")}
    found = [d for d in case.of("deviation") if d.step() != "rejected"]
    mine = [d for d in found if d.get("cost") is not None and case.within(d.get("found_on"))]
    return bars("Etter årsak", mine, use, get("cause"), "Antall")


def conflicts(case: Case) -> Told:
    """Cases opened, by how far they have come."""
    opened = [c for c in case.of("conflict_case") if case.within(c.get("opened_on"))]
    far = steps_of("conflict_case")
    return bars("Åpnet: hvor langt", opened, far, lambda c: c.step() or "received", "Antall")


def events(case: Case) -> Told:
    """Events held, by what they were."""
    types = said_of("event", "type")
    return bars("Hvor mange kom", held_events(case), types, get("type"), "Arrangementer")


def voices(case: Case) -> Told:
    """Inputs by topic, and measures by who leads them and how far they have come."""
    said = [i for i in case.of("resident_input") if case.within(i.get("received_on"))]
    topics, far = said_of("resident_input", "topic"), steps_of("measure")
    leads = (said_of("measure", "led_by"), get("led_by"))
    return bars("Innspill etter tema", said, topics, get("topic"), "Innspill") | parts(
        "Tiltak etter hvem som leder",
        measures_of(case),
        leads,
        (far, lambda one: one.step() or "suggested"),
    )


def caretaker(case: Case) -> Told:
    """Who did it, how large a part was done together month by month, and activities."""
    done = [a for a in case.of("assignment") if a.step() == "done"]
    done = [a for a in done if case.first <= a.step_day() <= case.last]
    who = said_of("assignment", "done_by")
    told = bars("Hvem gjorde det?", done, who, get("done_by"), "Antall")
    year, number = int(case.first[:4]), int(case.first[5:7])
    while (month := f"{year}-{number:02}") <= case.last[:7]:
        said = [a for a in done if a.step_day()[:7] == month and a.get("done_by")]
        share = per_cent(sum(a.get("done_by") != "us" for a in said), len(said))
        told["Måned for måned", f"{MONTHS[number - 1]} {year}", "Sammen-andel"] = share
        year, number = (year, number + 1) if number < 12 else (year + 1, 1)
    held = activities(case)
    held = [a for a in held if case.within(a.get("held_on"))]
    types = said_of("activity", "type")
    return told | bars("Hverdagsaktiviteter", held, types, get("type"), "Ganger")


def offers(case: Case) -> Told:
    """Offers, by what was offered and the answer."""
    mine = [o for o in case.of("offer") if case.within(o.get("offered_on"))]
    what = (said_of("offer", "what"), get("what"))
    return parts("Tilbud og svar", mine, what, (said_of("offer", "answer"), get("answer")))


def follow_up(case: Case) -> Told:
    """How each part of everyday life went, from the first look at it to the last."""
    title, told = "Mestring, første til siste evaluering", Told()
    ways = ("Mer på egen hånd", "Som før", "Mer hjelp")
    for level, words in keys_of("evaluation", "levels").items():
        told |= {(title, words, way): 0 for way in ways}
        for _, looks in running(case):
            found = [n for e in looks if (n := e.get(f"levels/{level}")) is not None]
            if len(found) > 1:
                way = found[-1] - found[0]
                told[title, words, ways[0 if way > 0 else 2 if way < 0 else 1]] += 1
    return told


def housing_first(case: Case) -> Told:
    """Bostabilitet and nights year by year, one participant and one night at a time."""
    on, told = stood_at(case), Told()
    last = int(on[:4])
    joined = [p for p in case.of("hf_participant") if p.get("joined_on") <= on]
    lives = [(career(case, person, on), person.get("left_on") or "9999") for person in joined]
    for day in (*(f"{year}-12-31" for year in range(last - 4, last)), on):
        held = [kept(steps, 12, day) for steps, _ in lives]
        n = len(held) - held.count(None)
        share = per_cent(held.count(True), n)
        told["Etter 12 måneder, år for år", words_of(day), "Bostabilitet"] = share
    for year in range(last - 4, last + 1):
        counted = [nights(*life, f"{year}-01-01", min(f"{year}-12-31", on)) for life in lives]
        own, possible = (sum(each[n] for each in counted) for n in (0, 1))
        title, head = "Netter i egen bolig", "Netter i egen bolig av mulige, prosent"
        told[title, f"{year}", head] = round(100 * own / possible, 1) if possible else None
    return told


def fidelity(case: Case) -> Told:
    """The scores of the three latest, as they were given."""
    held = [a for a in case.of("fidelity_assessment") if a.get("assessed_on") <= case.end]
    latest = sorted(held, key=lambda a: (a.get("assessed_on"), a.id))[-3:]
    several, told = len({one.area for one in latest}) > 1, Told()
    for one in latest:
        head = words_of(one.get("assessed_on"))
        head += f", {areas(case)[one.area]}" if several else ""
        for code, words in keys_of(one.kind, "scores").items():
            told["Poeng 1 til 4 for hvert prinsipp", words, head] = one.get(f"scores/{code}")
    return told


def assistance(case: Case) -> Told:
    """Help given, by the law's seven types, area by area."""
    types = (said_of("assistance", "type"), get("type"))
    where = (areas(case), lambda one: one.area)
    return parts("Bistand gitt, etter område", given_in(case), types, where)


def arrears(case: Case) -> Told:
    """Arrears by how far they came, with and without children."""
    steps = (
        ("eviction_on", "Fravikelse berammet"),
        ("petition_on", "Begjæring om fravikelse"),
        ("notice_on", "Oppsigelse"),
        ("warned_on", "Skriftlig varsel"),
        ("noticed_on", "Før skriftlig varsel"),
    )
    far = (dict(steps), lambda one: next(path for path, _ in steps if one.get(path)))
    family = ({True: "Med barn", False: "Uten barn"}, lambda one: bool(one.get("children")))
    return parts("Oppdaget i perioden", new_arrears(case), far, family)


def requests(case: Case) -> Told:
    """Who heard within a month, and who still may."""
    asked = [one for one in case.of("assistance_request") if in_time_of(case, one)]
    heads = {"yes": "Innen en måned", "no": "Senere, eller ikke ennå"}
    heads["ahead"] = "Fristen er ikke ute"
    title = "Svar eller foreløpig svar"
    return bars(title, asked, heads, lambda one: in_time_of(case, one), "Antall")


def housing_plan(case: Case) -> Told:
    """Meeting places as they are, and help given."""
    types = said_of("meeting_place", "type")
    places = bars("Møteplasser i dag", case.of("meeting_place"), types, get("type"), "Antall")
    return places | assistance(case)
