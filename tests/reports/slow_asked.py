"""The slow counts of help, arrears and the half-year, over the raw bodies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.reports.slow import (
    Case,
    Raw,
    Told,
    days_from,
    later,
    members,
    months_on,
    norwegian,
    per_cent,
)
from tests.reports.slow_work import measures_of

SEVEN = {
    "advice_economy": "Råd om økonomi",
    "advice_mastery": "Råd om å bo",
    "advice_services": "Råd om tjenester",
    "practical_application": "Hjelp til å søke",
    "practical_lease_or_purchase": "Hjelp til å leie eller kjøpe",
    "practical_prevent_eviction": "Hjelp til å beholde boligen",
    "adapted_or_protected_dwelling": "Tilpasning, hjelpe- og vernetiltak",
}
"""The help that boligsosialloven § 6 names, by hand."""


def given_in(case: Case) -> list[Raw]:
    """Give the help that was given in the period."""
    visited = {v.id: v.get("visited_on") for v in case.of("visit")}
    return [
        a
        for a in case.of("assistance")
        if case.first
        <= (visited.get(a.get("visit")) or norwegian(a.created.isoformat()))
        <= case.last
    ]


def assistance(case: Case) -> Told:
    """Help given, and needs seen."""
    given = given_in(case)
    seen = [n for n in case.of("housing_need") if case.within(n.get("seen_on"))]
    small = [n for n in seen if n.get("needs/too_small")]
    return {
        ("Bistand gitt, etter område", "I alt", "I alt"): len(given),
        **{
            ("Bistand gitt, etter område", words, "I alt"): sum(
                a.get("type") == code for a in given
            )
            for code, words in SEVEN.items()
        },
        ("Bistand gitt, etter form", "Veiledning", "Antall"): sum(
            a.get("form") == "guidance" for a in given
        ),
        ("Boligbehov: dekket og ikke", "For liten", "I alt"): len(small),
        ("Boligbehov: dekket og ikke", "For liten", "Dekket"): sum(
            n.get("met_on") is not None for n in small
        ),
        ("Boligbehov etter område", "I alt", "I alt"): sum(len(members(n, "needs")) for n in seen),
    }


def new_arrears(case: Case) -> list[Raw]:
    """Give the arrears that were noticed in the period."""
    return [c for c in case.of("arrears_case") if case.within(c.get("noticed_on"))]


def arrears(case: Case) -> Told:
    """Arrears, and evictions averted by the stated rule."""
    every = [c for c in case.of("arrears_case") if c.get("noticed_on") <= case.end]
    new = new_arrears(case)
    tenancies = {t.id: t for t in case.of("tenancy")}
    saved = 0
    for one in every:
        closed, home = one.get("closed_on"), tenancies.get(one.get("tenancy"))
        grave = one.get("notice_on") or one.get("petition_on") or one.get("eviction_on")
        if closed is None or home is None or not grave or one.get("outcome") == "evicted":
            continue
        stays = later(closed, 90) < (home.get("ended_on") or "9999")
        saved += stays and case.within(later(closed, 90))
    return {
        ("Oppdaget i perioden", "I alt", "I alt"): len(new),
        ("Oppdaget i perioden", "I alt", "Med barn"): sum(bool(c.get("children")) for c in new),
        ("Oppdaget i perioden", "Begjæring om fravikelse", "I alt"): sum(
            bool(c.get("petition_on")) and not c.get("eviction_on") for c in new
        ),
        ("Utkastelser avverget", "I alt", "Husstander"): saved,
    }


def asked_on(one: Raw) -> str:
    """Give the day the clock began."""
    return norwegian(one.get("counted_from") or one.get("asked_at"))


def in_time_of(case: Case, one: Raw) -> str | None:
    """Say whether somebody heard in time, or still may; None if they did not ask in the period."""
    heard = [
        norwegian(sent["set"]["handling"]["at"])
        for sent in one.mutations
        if (sent["set"].get("handling") or {}).get("state")
        in ("provisional", "answered", "forwarded")
    ]
    due = one.get("due_on") or months_on(asked_on(one), 1)
    if not case.within(asked_on(one)):
        return None
    return "yes" if min(heard, default="9999") <= due else "ahead" if case.end <= due else "no"


def requests(case: Case) -> Told:
    """Who asked for help, and heard in a month."""
    waits: list[int] = []
    for one in case.of("assistance_request"):
        ended = one.step() in ("answered", "forwarded") and one.step_day() <= case.end
        if asked_on(one) <= case.end and not ended:
            waits.append(days_from(asked_on(one), case.end))
    heard = [h for one in case.of("assistance_request") if (h := in_time_of(case, one))]
    title, long = "Svar eller foreløpig svar", sum(days >= 92 for days in waits)
    return {
        (title, "I alt", "Antall"): len(heard),
        (title, "Innen en måned", "Antall"): heard.count("yes"),
        ("Åpne ved utgangen av perioden", "I alt", "Antall"): len(waits),
        ("Åpne ved utgangen av perioden", "Over tre måneder", "Antall"): long,
    }


def housing_plan(case: Case) -> Told:
    """The half-year's complaints, places and signs."""
    places = case.of("meeting_place")
    held = [e for e in case.of("event") if e.step() == "held" and case.within(e.get("held_on"))]
    return {
        ("Bomiljøklager", "I alt", "Klager"): sum(
            case.within(c.get("received_on")) for c in case.of("complaint")
        ),
        ("Møteplasser i dag", "I alt", "Antall"): len(places),
        ("Møteplasser i dag", "I alt", "Er i bruk"): sum(bool(p.get("in_use")) for p in places),
        ("Tiltak i området", "I alt", "I alt"): len(measures_of(case)),
        ("Tegn på bomiljøet", "Arrangementer", "I alt"): len(held),
        ("Deltakere på aktiviteter", "I alt", "Deltakere"): sum(
            a.get("heads") or 0
            for a in case.of("activity")
            if a.step() != "cancelled" and case.within(a.get("held_on"))
        ),
        ("Innspill fra beboere", "I alt", "Innspill"): sum(
            case.within(i.get("received_on")) for i in case.of("resident_input")
        ),
        **{key: value for key, value in assistance(case).items() if "Bolig" in key[0]},
    }


def data_quality(case: Case) -> Told:
    """How soon notes come in."""
    took: list[timedelta] = []
    for visit in case.of("visit"):
        sent = [
            m["set"]["status"]["at"]
            for m in visit.mutations
            if (m["set"].get("status") or {}).get("state") == "submitted"
        ]
        if not sent or not case.within(visit.get("visited_on")):
            continue
        noon = datetime.fromisoformat(visit.get("visited_on")).replace(
            hour=12, tzinfo=ZoneInfo("Europe/Oslo")
        )
        took.append(datetime.fromisoformat(min(sent).replace("Z", "+00:00")) - noon.astimezone(UTC))
    soon = sum(t <= timedelta(hours=24) for t in took)
    late = sum(t > timedelta(hours=48) for t in took)
    return {
        ("Notater fra besøk", "Innen 24 timer", "Antall"): soon,
        ("Notater fra besøk", "24 til 48 timer", "Antall"): len(took) - soon - late,
        ("Notater fra besøk", "Senere enn 48 timer", "Antall"): late,
    }


def staff_safety(case: Case) -> Told:
    """What happened to us."""
    here = [
        i
        for i in case.of("staff_incident")
        if case.first <= norwegian(i.get("happened_at")) <= case.last
    ]
    alone = [
        c for c in case.of("check_in") if case.first <= norwegian(c.get("started_at")) <= case.last
    ]
    return {
        ("Hendelser", "I alt", "I alt"): len(here),
        ("Hendelser", "Trussel", "I alt"): sum(i.get("type") == "threat" for i in here),
        ("Trygge besøk", "I alt", "Antall"): len(alone),
    }


def boards(case: Case) -> Told:
    """Who was talked with in the last six months."""
    since = months_on(case.end, -6)
    companies = case.of("housing_company")
    talked = {
        t.get("housing_company")
        for t in case.of("cooperation_log")
        if since < t.get("talked_on") <= case.end
    }
    there = sum(c.id in talked for c in companies)
    return {
        ("Kontakt siste 6 måneder", "I alt", "Boligselskaper"): len(companies),
        ("Kontakt siste 6 måneder", "I alt", "Kontakt siste 6 måneder"): there,
        ("Kontakt siste 6 måneder", "I alt", "Andel med kontakt"): per_cent(there, len(companies)),
    }
