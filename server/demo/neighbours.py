"""The demo year where neighbours meet: sites, events, what residents said and what came of it."""

from __future__ import annotations

from datetime import datetime

from server.demo.municipality import NORTH, SOUTH, STAFF, company_id, homes, made_up_id
from server.demo.pen import Pen
from server.demo.telling import Teller
from server.shapes import Json

KARI, OLA, HEGE = STAFF["kari"], STAFF["ola"], STAFF["hege"]
INGRID, AMIR = STAFF["ingrid"], STAFF["amir"]
YARD = "Rognebærtunet 1"
FIGURES = (
    (730, 366, True, 31, 12, 640_000, 88_000, 57),
    (365, 274, False, 9, 3, 150_000, 24_000, 15),
    (273, 183, False, 7, 3, 118_000, 19_000, 11),
    (182, 92, False, 5, 2, 61_000, 15_000, 8),
    (91, 1, False, 4, 1, 24_000, 11_000, 6),
)
"""From and until so many days ago; complaints, damage cases, their cost, waste, invoices back."""
LEARNT = (
    (300, "Besøk etter klokka fem treffer flere.", "To kvelder i uka settes av til besøk."),
    (210, "Postkasser uten navn gir fakturaer i retur.", "Navneskilt er med på første besøk."),
    (120, "Folk lufter ikke når det er kaldt.", "Vi viser lufting i leiligheten, sammen."),
    (45, "Barna drar foreldrene med på dugnad.", "Hver dugnad har en oppgave for barn."),
)
EVENTS = (
    ("residents_meeting", "Beboermøte i Rognelia", 310, 18, 2, 0, 9, 900),
    ("dugnad", "Vårdugnad", 205, 23, 4, 11, 12, 4_200),
    ("summer_festival", "Sommerfest i bakgården", 160, 44, 9, 31, 14, 10_450),
    ("safety_walk", "Trygghetsvandring i mørket", 50, 11, 3, 2, 2, 600),
    ("dugnad", "Høstdugnad", 40, 19, 2, 8, 9, 3_100),
    ("winter_festival", "Vinterfest med bålpanne", -18, 0, 0, 0, 0, 0),
)
SAID = (
    ("challenge", "safety", "Det er bekmørkt bak søppelskuret.", 7, 50, "Lys bak søppelskuret."),
    ("idea", "green", "Kan vi få plantekasser der det bare er grus?", 12, 205, "Plantekasser."),
    ("challenge", "tidiness", "Det står møbler i kjellergangen hele tida.", 5, 310, "Fri gang."),
    ("idea", "children", "En huske til de minste.", 9, 160, "En huske i bakgården."),
    ("praise", "meeting", "Torsdagssuppa er ukas beste time.", 4, 80, None),
    ("idea", "meeting", "Et bord der gamlingene kan spille kort.", 6, 20, None),
)
"""With the votes, the days ago, and how we say it ourselves where it is answered."""
DONE = (
    ("Lys bak søppelskuret", 0, "residents", "municipality", "planned", None),
    ("Plantekasser i bakgården", 1, "residents", "residents", "done", 120),
    ("Tømming av kjellergangen hvert kvartal", 2, "residents", "together", "done", 190),
    ("Huske i bakgården", 3, "residents", "board", "in_progress", None),
    ("Spillebord i fellesrommet", 5, "residents", "residents", "suggested", None),
)
ACTIVITIES = (
    ("cooking", "Torsdagssuppe", "common_room", True, 11),
    ("coffee", "Kaffe i oppgangen", "common_room", False, 6),
    ("garden", "Plantekassene", "outside", True, 8),
    ("tidy", "Rydde boden sammen", "common_room", False, 4),
)
WEEKS = 40
COMPANY_LOG = (
    (280, "meeting", "Styret er bekymret for sykkelboden.", "Nytt lys i sykkelboden før sommeren."),
    (150, "phone", "Styreleder slutter til høsten.", "Vi møter det nye styret i september."),
    (35, "meeting", "Nytt styre vil ha dugnad.", "Høstdugnad sammen, vi stiller med tilhenger."),
)
KEYS = (
    (NORTH, KARI, ((33, "out", "colleague"), (31, "in", "us"), (2, "out", "craftsman"))),
    (SOUTH, OLA, ((60, "out", "craftsman"), (56, "in", "us"), (4, "out", "landlord"))),
)
"""Which key went out and came in again, so many days ago, in each area."""


def tell_of_neighbours(pen: Pen, now: datetime) -> None:
    """Write the year of the places where neighbours meet."""
    teller = Teller(pen, now)
    buildings = {home.building: home for home in homes() if home.area == NORTH}
    place = _places(teller, sorted(buildings))
    _programme(teller, sorted(buildings))
    walk = _events(teller, place)
    _voices(teller, place, walk)
    _everyday(teller, sorted(buildings))
    _boards(teller)
    _keys(teller)


def _places(teller: Teller, buildings: list[str]) -> str:
    named: dict[str, Json] = {f"buildings/{id}": True for id in buildings}
    start = {"area": NORTH, "name": "Rognebærtunet", "started_on": teller.day(380)}
    place = teller.tell(INGRID, 380, "neighbourhood", "north", {**start, **named})
    for name, type, owner, used in (
        ("Benkene i bakgården", "courtyard", "municipality", True),
        ("Fellesrommet", "common_room", "municipality", True),
        ("Lekeplassen", "playground", "housing_company", False),
    ):
        about: dict[str, Json] = {"area": NORTH, "neighbourhood": place, "name": name}
        seen: dict[str, Json] = {"usable": True, "in_use": used, "checked_on": teller.day(30)}
        what: dict[str, Json] = {"type": type, "owner": owner}
        teller.tell(KARI, 200, "meeting_place", name, {**about, **what, **seen})
    return place


def _programme(teller: Teller, buildings: list[str]) -> None:
    where: dict[str, Json] = {f"buildings/{id}": True for id in buildings}
    names = ("visits", "rounds", "events", "dugnad", "activities", "learning")
    package: dict[str, Json] = {f"package/{name}": True for name in names}
    package |= {f"checklists/{code}": True for code in ("NYVRI1", "NYVRI2", "HMSFELLES")}
    package |= {f"rules/{code}": True for code in ("MOVE_IN_VISIT", "MOVE_IN_FOLLOWUP")}
    about: dict[str, Json] = {"area": NORTH, "name": "Ny Vri Rognebærtunet", "programme": "ny_vri"}
    since: dict[str, Json] = {"stage": "running", "started_on": teller.day(365), "dwellings": 20}
    whole = {**about, **since, **where, **package}
    site = teller.tell(INGRID, 370, "programme_site", "north", whole)
    for first, last, baseline, complaints, cases, cost, waste, back in FIGURES:
        counted: dict[str, Json] = {
            "site": site,
            "from_on": teller.day(first),
            "until_on": teller.day(last),
            "baseline": baseline,
            "complaints": complaints,
            "damage_cases": cases,
            "damage_cost": cost,
            "waste_cost": waste,
            "invoices_returned": back,
        }
        teller.tell(INGRID, last, "site_figures", str(first), counted)
    for days, learnt, change in LEARNT:
        on = teller.day(days)
        words: dict[str, Json] = {"site": site, "learnt_on": on, "learnt": learnt}
        teller.tell(KARI, days, "learning", str(days), {**words, "change": change})


def _events(teller: Teller, place: str) -> str:
    for type, name, days, adults, youth, children, helpers, spent in EVENTS:
        held = days > 0
        counts = {"adult": adults, "youth": youth, "child": children}
        heads: dict[str, Json] = {f"heads/{KARI.id}-{group}": n for group, n in counts.items()}
        after: dict[str, Json] = {
            "volunteers": helpers,
            "spent": spent,
            "shared_minutes": "Takk til alle som kom. Det dere foreslo, står på tavla i gangen.",
            "minutes_shared_on": teller.day(days - 5),
            f"faces/{KARI.id}-happy": adults // 2,
            f"faces/{KARI.id}-fair": adults // 6,
        }
        plan: dict[str, Json] = {
            "area": NORTH,
            "neighbourhood": place,
            "type": type,
            "name": name,
            "held_on": teller.day(days),
            "held_at": "17:00",
            "meet": "Bakgården",
            "invited": 20,
            "budget": 12_000,
            "children_activity": "Ansiktsmaling og sekkeløp.",
            f"who/{KARI.id}": True,
            f"who/{OLA.id}": True,
            f"companies/{company_id(_company())}": True,
        }
        whole = {**plan, **heads, **after} if held else plan
        id = teller.tell(KARI, days, "event", name, whole, handling="held" if held else "planned")
        if type == "residents_meeting":
            words = {"event": id, "words": "Mange snakket om bråk i helgene. Følges opp av oss."}
            teller.tell(KARI, days - 1, "event_minutes", name, dict(words), sent=True)
    return made_up_id("event", "Trygghetsvandring i mørket")


def _company() -> str:
    return next(home.company for home in homes() if home.company)


def _voices(teller: Teller, place: str, walk: str) -> None:
    for number, (type, topic, words, votes, days, summary) in enumerate(SAID):
        said: dict[str, Json] = {
            "area": NORTH,
            "neighbourhood": place,
            "type": type,
            "topic": topic,
            "words": words,
            "channel": "meeting",
            "age": ("adult", "child", "elder")[number % 3],
            "received_on": teller.day(days),
            f"votes/{KARI.id}": votes,
        }
        if summary:
            answer = "Dere sa det, og vi gjør det. Se tavla."
            said |= {"answer": answer, "answered_on": teller.day(days - 21), "summary": summary}
        else:
            said["words_shareable"] = type == "praise"
            if type != "praise":
                said["due_on"] = teller.day(days - 30)
        teller.tell(KARI, days, "resident_input", str(number), said)
    for name, number, proposed, led, state, finished in DONE:
        about: dict[str, Json] = {
            "area": NORTH,
            "neighbourhood": place,
            "name": name,
            f"inputs/{made_up_id('resident_input', str(number))}": True,
            "proposed_by": proposed,
            "prioritised_by": "residents",
            "led_by": led,
            "owner": KARI.id,
            "due_on": teller.day(-30),
        }
        if finished:
            ended: dict[str, Json] = {
                "done_on": teller.day(finished),
                "told_on": teller.day(finished - 7),
            }
            about |= {**ended, "told": "Oppslag i oppgangen og på møtet."}
        days = SAID[number][4] - 14
        teller.tell(INGRID, days, "measure", name, about, handling=state)
    for where, feels, words in (
        ("Undergangen", "unsafe", "Lyset virker ikke, og hjørnet er blindt."),
        ("Bakgården", "safe", "Her ser alle hverandre."),
    ):
        seen: dict[str, Json] = {"event": walk, "meet": where, "feels": feels, "words": words}
        there = {**seen, "dark": True, "responsible": "municipality"}
        teller.tell(KARI, 50, "finding", where, there, handling="passed_on")


def _everyday(teller: Teller, buildings: list[str]) -> None:
    for week in range(1, WEEKS):
        type, name, where, led, heads = ACTIVITIES[week % len(ACTIVITIES)]
        held: dict[str, Json] = {
            "building": buildings[week % len(buildings)],
            "type": type,
            "name": name,
            "where": where,
            "held_on": teller.day(7 * week),
            "repeats": "monthly",
            "heads": heads + week % 5,
            "led_by_residents": led,
            "minutes": 90,
            f"who/{OLA.id}": True,
        }
        teller.tell(OLA, 7 * week, "activity", str(week), held, handling="held")


def _boards(teller: Teller) -> None:
    company = company_id(_company())
    agreed: dict[str, Json] = {
        "housing_company": company,
        "signed_on": teller.day(330),
        "we_do": "Runde i fellesarealene hver uke.",
        "they_do": "Styret tar vårdugnaden og holder rømningsveiene åpne.",
        "caretaking": "shared",
        "next_meeting_on": teller.day(-40),
    }
    teller.tell(INGRID, 330, "cooperation_agreement", "one", agreed)
    for days, channel, words, shared in COMPANY_LOG:
        talk: dict[str, Json] = {
            "housing_company": company,
            "talked_on": teller.day(days),
            "channel": channel,
            "words": words,
            "shared": shared,
            "shared_on": teller.day(days - 2),
        }
        teller.tell(AMIR, days, "cooperation_log", str(days), talk)


def _keys(teller: Teller) -> None:
    for area, who, lines in KEYS:
        home = next(home for home in homes() if home.area == area)
        for days, action, holder in lines:
            line: dict[str, Json] = {
                "dwelling": home.id,
                "serial": f"{home.unit_number}-2",
                "action": action,
                "happened_on": teller.day(days),
                "holder": holder,
            }
            due: dict[str, Json] = {"due_back_on": teller.day(days - 4)} if action == "out" else {}
            teller.tell(who, days, "key_handover", f"{home.address} {days}", {**line, **due})
