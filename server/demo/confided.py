"""The demo year in confidence: cases, plans, Housing First, arrears and what keeps staff safe."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.demo.ground import LATELY, MOVED_IN
from server.demo.municipality import NORTH, STAFF, Home, homes, made_up_id
from server.demo.pen import Edit, Pen
from server.demo.telling import Teller
from server.shapes import Json, write_instant

KARI, AMIR, HEGE = STAFF["kari"], STAFF["amir"], STAFF["hege"]
INGRID, LISE = STAFF["ingrid"], STAFF["lise"]
PARTICIPANTS = (
    ("HF-01", 1090, (("moved_in", 1075),)),
    ("HF-02", 980, (("moved_in", 940), ("temporary_absence", 610), ("back_home", 590))),
    ("HF-03", 900, (("moved_in", 870), ("lost_tenancy", 500), ("moved_in", 420))),
    ("HF-04", 720, (("moved_in", 700), ("moved_within", 320))),
    ("HF-05", 520, (("moved_in", 500),)),
    ("HF-06", 400, (("moved_in", 380), ("moved_out_planned", 60))),
    ("HF-07", 210, (("moved_in", 190),)),
    ("HF-08", 40, (("offered", 12),)),
)
"""Each with the days ago they joined, and what happened to the home since."""
CONTACT_DAYS = range(3, 180, 9)
ARREARS = (
    (300, 295, 280, 260, 240, "instalment", 225, True),
    (250, 248, None, 230, 215, "averted", 190, True),
    (200, 170, 165, None, None, "paid", 150, False),
    (140, 138, 130, 120, None, "nav_guarantee", 105, False),
    (120, 100, 95, 88, 70, "evicted", 30, False),
    (35, 33, None, None, None, None, None, True),
)
"""Noticed, contacted, NAV, notice, petition, outcome, closed (days ago), children."""


def tell_in_confidence(pen: Pen, now: datetime) -> None:
    """Write the year of what only a team, or the household's own, may know."""
    teller = Teller(pen, now)
    stays = (home for number, home in enumerate(homes()) if number not in {*MOVED_IN, *LATELY})
    let = [home for home in stays if home.area == NORTH]
    _conflict(teller, let)
    _plans(teller, let)
    for number, one in enumerate(ARREARS):
        _arrears(teller, let[number + 4], number, *one)
    _housing_first(teller)
    _staff(teller, let[1])
    notice: dict[str, Json] = {
        "dwelling": let[2].id,
        "planned_on": teller.day(-8),
        "planned_at": "10:00",
        "basis": "inspection_notice",
        "reason": "Kontroll av røykvarsler og slokkeutstyr.",
        "notified_on": teller.day(1),
        "channel": "post_box",
    }
    teller.tell(AMIR, 1, "access_notice", "fire", notice)


def _conflict(teller: Teller, let: list[Home]) -> None:
    about: dict[str, Json] = {
        "building": let[0].building,
        "title": "Bråk om natta mellom to etasjer",
        "category": "noise",
        "opened_on": teller.day(48),
        "parties_due_on": teller.day(34),
        f"team/{KARI.id}": True,
        f"team/{AMIR.id}": True,
    }
    case = teller.tell(KARI, 48, "conflict_case", "noise", about, handling="follow_up")
    said: dict[str, Json] = {
        "case": case,
        "building": let[0].building,
        "received_on": teller.day(49),
        "channel": "phone",
        "category": "noise",
        "words": "Høy musikk etter midnatt tre netter på rad.",
        "frequency": "weekly",
        "desired": "At det blir stille etter klokka elleve.",
        "disclosure": "confidential",
        "acknowledged_on": teller.day(47),
    }
    teller.tell(KARI, 47, "complaint", "noise", said, sent=True)
    new = {**said, "case": None, "received_on": teller.day(2), "category": "smoke_smell"}
    new |= {"words": "Det lukter røyk på badet om kvelden.", "acknowledged_on": None}
    fresh = {path: value for path, value in new.items() if value is not None}
    teller.tell(AMIR, 2, "complaint", "smoke", fresh, sent=True)
    for side, home, who in (("a", let[0], KARI), ("b", let[1], AMIR)):
        party: dict[str, Json] = {
            "case": case,
            "side": side,
            "dwelling": home.id,
            "disclosure": "confidential",
            "first_contact_on": teller.day(44),
            f"team/{who.id}": True,
        }
        id = teller.tell(who, 44, "case_party", side, party)
        talk: dict[str, Json] = {
            "party": id,
            "talked_on": teller.day(40),
            "channel": "visit",
            "words": "Vil helst at det ordner seg uten bråk.",
            "dialogue": "yes",
        }
        teller.tell(who, 40, "party_talk", side, talk, sent=True)
    met: dict[str, Json] = {
        "case": case,
        "planned_on": teller.day(30),
        "planned_at": "14:00",
        "meet": "Fellesrommet",
        "leads": KARI.id,
        "came/a": True,
        "came/b": True,
        "summary": "Begge fikk sagt sitt. Enige om kveldene.",
    }
    teller.tell(KARI, 30, "dialogue_meeting", "one", met, handling="held")
    agreed: dict[str, Json] = {
        "case": case,
        "agreed_on": teller.day(30),
        "words": "Stille etter klokka 23. Vi ringer på før vi klager.",
        "agreed/a": True,
        "agreed/b": True,
        "first_due_on": teller.day(16),
        "first_on": teller.day(15),
        "first_holds": "yes",
        "second_due_on": teller.day(-12),
    }
    teller.tell(KARI, 30, "conflict_agreement", "one", agreed)


def _household(home: Home) -> dict[str, Json]:
    return {"dwelling": home.id, "tenancy": home.tenancy}


def _plans(teller: Teller, let: list[Home]) -> None:
    for number, home in enumerate(let[6:10]):
        at = teller.now - timedelta(days=210)
        with_her = Edit("tenancy", home.tenancy, {f"team/{HEGE.id}": True})
        teller.pen.office(INGRID, at, with_her)
        goal, help = made_up_id("goal", str(number)), made_up_id("help", str(number))
        about: dict[str, Json] = {
            **_household(home),
            "started_on": teller.day(200 - 20 * number),
            f"goals/{goal}": "Jeg vil tørre å åpne posten.",
            f"reached/{goal}": ("on_the_way", "reached")[number % 2],
            f"help/{help}": "Vi går gjennom posten sammen hver torsdag.",
            "evaluate_on": teller.day(-20),
        }
        key = str(number)
        plan = teller.tell(INGRID, 200 - 20 * number, "follow_up_plan", key, about)
        for look, days in enumerate((190, 100, 12)):
            looked: dict[str, Json] = {
                **_household(home),
                "plan": plan,
                "held_on": teller.day(days),
                "together": True,
                "levels/home": min(3, 1 + look),
                "levels/economy": look,
                "levels/neighbours": min(3, 1 + (look + number) // 2),
                "words": "Åpner posten selv nå.",
            }
            teller.tell(INGRID, days, "evaluation", f"{key}-{look}", looked, sent=True)
        offered: dict[str, Json] = {
            **_household(home),
            "what": "activity",
            "offered_on": teller.day(60),
            "answer": ("not_now", "yes", "no", "not_reached")[number],
            "again_on": teller.day(-30),
        }
        teller.tell(INGRID, 60, "offer", key, offered)
        handed: dict[str, Json] = {
            **_household(home),
            "to": ("nav", "debt_advice", "health_office", "fire_prevention")[number],
            "words": "Trenger hjelp videre.",
            "agreed": True,
            "sent_on": teller.day(70),
            "answer": ("accepted", "accepted", "waiting", "declined")[number],
        }
        teller.tell(INGRID, 70, "referral", key, handed)
        need = ("too_small", "not_accessible", "unsafe_environment", "too_small")[number]
        lacks: dict[str, Json] = {**_household(home), "seen_on": teller.day(90)}
        teller.tell(INGRID, 90, "housing_need", key, {**lacks, f"needs/{need}": True})


def _arrears(
    teller: Teller, home: Home, number: int, noticed: int, contacted: int, nav: int | None,
    notice: int | None, petition: int | None, outcome: str | None, closed: int | None,
    children: bool,
) -> None:  # fmt: skip
    days = {
        "noticed_on": noticed,
        "contacted_on": contacted,
        "nav_on": nav,
        "notice_on": notice,
        "petition_on": petition,
        "closed_on": closed,
    }
    about: dict[str, Json] = {**_household(home), "children": children}
    about |= {name: teller.day(ago) for name, ago in days.items() if ago is not None}
    if outcome:
        about["outcome"] = outcome
    teller.tell(INGRID, closed or noticed, "arrears_case", str(number), about)


def _housing_first(teller: Teller) -> None:
    for label, joined, events in PARTICIPANTS:
        about: dict[str, Json] = {"area": NORTH, "label": label, "joined_on": teller.day(joined)}
        team: dict[str, Json] = {f"team/{HEGE.id}": True}
        one = teller.tell(HEGE, joined, "hf_participant", label, {**about, **team})
        for type, days in events:
            step: dict[str, Json] = {"participant": one, "type": type}
            step["happened_on"] = teller.day(days)
            teller.tell(HEGE, days, "hf_housing_event", f"{label}-{days}", step)
        for count, days in enumerate(CONTACT_DAYS):
            if days >= joined:
                break
            met: dict[str, Json] = {
                "participant": one,
                "met_on": teller.day(days),
                "where": ("home", "phone", "outside", "not_reached")[count % 4],
                "initiative": ("planned", "tenant", "us")[count % 3],
                "minutes": (50, 15, 35, 5)[count % 4],
                f"topics/{('practical', 'economy', 'network')[count % 3]}": True,
                "together": count % 2 == 0,
            }
            teller.tell(HEGE, days, "hf_contact", f"{label}-{days}", met)
    for days, plus in ((350, 0), (165, 1)):
        scored: dict[str, Json] = {
            "area": NORTH,
            "assessed_on": teller.day(days),
            "scores/human_right": 3 + plus,
            "scores/respect": 4,
            "scores/scattered": 2 + plus,
            "scores/separation": 3,
            "scores/self_determination": 3,
            "scores/commitment": 3 + plus,
            "scores/recovery": 2 + plus,
            "scores/harm_reduction": 3,
            "next_on": teller.day(days - 182),
        }
        teller.tell(HEGE, days, "fidelity_assessment", str(days), scored)


def _staff(teller: Teller, home: Home) -> None:
    began = teller.now - timedelta(days=6, hours=3)
    ended = began + timedelta(minutes=25)
    alone: dict[str, Json] = {
        "area": NORTH,
        "dwelling": home.id,
        "who": KARI.id,
        "started_at": write_instant(began),
        "ends_at": write_instant(began + timedelta(minutes=30)),
        "ended_at": write_instant(ended),
    }
    teller.tell(KARI, 6, "check_in", "one", alone)
    told: dict[str, Json] = {
        "area": NORTH,
        "happened_at": write_instant(teller.now - timedelta(days=75)),
        "type": "threat",
        "words": "Ble ropt til og gikk ut med en gang.",
        "alone": True,
        "wants_talk": True,
        "measures": "Vi går to sammen dit til jul.",
        "followed_up_on": teller.day(70),
    }
    teller.tell(KARI, 75, "staff_incident", "one", told, sent=True)
    away: dict[str, Json] = {
        "area": NORTH,
        "colleague": AMIR.id,
        "from_on": teller.day(-3),
        "until_on": teller.day(-5),
        "covered_by": KARI.id,
    }
    teller.tell(INGRID, 1, "absence", "amir", away)
