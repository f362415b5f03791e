"""What has happened in the demo municipality lately: visits in every state, a question, two held.

Each page of the office has something to show because of this, and nothing here is a real event.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from server.access import HERE
from server.demo.municipality import NORTH, SOUTH, STAFF, Home, made_up_id
from server.demo.pen import Edit, Pen, made, status
from server.demo.visiting import Told, header, runs, words
from server.shapes import Json
from sync.mutation import one_per_id

KARI, AMIR, OLA, INGRID = (STAFF[login] for login in ("kari", "amir", "ola", "ingrid"))


APPROVED = (
    Told(
        KARI,
        9,
        10,
        0,
        NORTH,
        "move_in",
        checklist="NYVRI1",
        next_in_days=80,
        note="Leietakeren trives og har fått hilst på to av naboene.",
        summary="Innflytting uten mangler. Leietakeren ønsker en prat om strømavtalen i februar.",
    ),
    Told(AMIR, 7, 13, 3, SOUTH, "welfare_check", summary="Alt vel. Ingen ny kontakt avtalt."),
)
RETURNED = Told(
    KARI, 4, 12, 6, NORTH, "complaint", "talked_at_door",
    note="Naboen klager på musikk etter kl. 23.",
    summary="Leietakeren virket trett og bråker nok en del.",
    next_in_days=10,
)  # fmt: skip
CORRECTED = Told(
    AMIR, 5, 9, 1, SOUTH, "follow_up",
    note="Gikk gjennom ventilene på badet sammen med leietakeren.",
    summary="Det går bedre.", next_in_days=21,
)  # fmt: skip
WAITING = (
    Told(
        KARI, 2, 9, 2, NORTH, "move_in", checklist="NYVRI1", next_in_days=86,
        found={
            "NYVRI1-15": ("deviation", "Kondens rundt vinduet på soverommet, sort i hjørnet."),
            "NYVRI1-11": ("deviation", "Barnevogn foran trappa i første etasje."),
            "NYVRI1-19": ("not_checked", ""),
            "NYVRI1-04": ("not_done", "Tas når strømavtalen er på plass."),
        },
        present=("tenant", "interpreter"),
        note="Snakket gjennom tolk på telefon. Leietakeren vil ha husordensreglene på tigrinja.",
        summary="God stand, med to avvik. Leietakeren ba om hjelp til å søke bostøtte.",
    ),
    Told(KARI, 2, 12, 4, NORTH, "follow_up", "no_answer", next_in_days=3, present=()),
    Told(
        AMIR, 3, 10, 0, SOUTH, "arrears_talk",
        summary="Leietakeren kom på etterskudd i oktober og vil betale i to omganger.",
        next_in_days=30, present=("tenant", "guardian"),
    ),
    Told(KARI, 1, 14, 9, NORTH, "damage", "no_interpreter", next_in_days=5, present=("tenant",)),
    Told(
        AMIR, 3, 13, 12, SOUTH, "fire_safety", checklist="NYVRI1",
        found={"NYVRI1-08": ("deviation", "Røykvarsleren i gangen mangler batteri.")},
    ),
)  # fmt: skip
DISPUTED = Told(
    KARI, 3, 11, 11, NORTH, "dialogue_prep", note="Begge parter sier ja til et dialogmøte.",
    next_in_days=13, with_whom=AMIR,
)  # fmt: skip


def tell(pen: Pen, homes: list[Home], now: datetime) -> None:
    """Write the last ten days."""
    for told in APPROVED:
        visit = _visit(pen, homes, told, now)
        _decide(pen, visit, "approved", _at(told, now, days=1, hour=9))
    _decide(
        pen,
        _visit(pen, homes, RETURNED, now),
        "returned",
        _at(RETURNED, now, days=1, hour=10),
        summary="Skriv hva du så, ikke hva du tror.",
    )
    _correct(pen, _visit(pen, homes, CORRECTED, now), now)
    for told in WAITING:
        _visit(pen, homes, told, now)
    _dispute(pen, _visit(pen, homes, DISPUTED, now), now)
    _hold(pen, homes, now)


def last_visit(told: Told) -> str:
    """Give the id of a visit that is told of here."""
    return one_per_id("visit", [_plan_of(told)])


def last_heard(now: datetime) -> datetime:
    """Give the moment that Amir's phone was last heard from: when it gave its other answer."""
    return _at(DISPUTED, now, hour=15)


def _plan_of(told: Told) -> str:
    return made_up_id("past plan", told.who.login, str(told.days_ago), str(told.hour))


def _at(told: Told, now: datetime, *, days: int = 0, hour: int | None = None) -> datetime:
    """Give the moment of a visit, or of what came some working days after it, never after now."""
    day = now.astimezone(HERE)
    for _ in range(told.days_ago - days):
        day -= timedelta(days=3 if day.weekday() == 0 else 1)
    clock = told.hour if hour is None else hour
    return min(day.replace(hour=clock, minute=12, second=0, microsecond=0), now.astimezone(HERE))


def _home(homes: list[Home], told: Told) -> Home:
    return [home for home in homes if home.area == told.area][told.home]


def _visit(pen: Pen, homes: list[Home], told: Told, now: datetime) -> list[Edit]:
    """Write a planned visit, the visit, its answers and its words, and send them in."""
    at, home = _at(told, now), _home(homes, told)
    plan = _plan_of(told)
    visitors = [told.who, *([told.with_whom] if told.with_whom else [])]
    planned: dict[str, Json] = {
        "dwelling": home.id,
        "purpose": told.purpose,
        "planned_on": f"{at:%Y-%m-%d}",
        "planned_at": f"{told.hour:02d}:00",
        "tenancy": home.tenancy,
        "done": True,
        **{f"visitors/{person.id}": True for person in visitors},
    }
    pen.office(INGRID, at - timedelta(days=6), made("planned_visit", plan, planned))
    edits = [header(told, home, plan, at), *runs(told, home, plan), *words(told, home, plan)]
    pen.phone(told.who, at, *edits)
    sent = at + timedelta(minutes=40)
    pen.phone(
        told.who,
        sent,
        *(Edit(edit.kind, edit.id, status("submitted", told.who, sent)) for edit in edits),
    )
    return edits


def _decide(pen: Pen, edits: list[Edit], state: str, at: datetime, **asked: str) -> None:
    """Let the office approve or return a visit and all that hangs on it."""
    pen.office(
        INGRID,
        at,
        *(
            Edit(
                edit.kind,
                edit.id,
                status(
                    state, INGRID, at, **{p: words for p, words in asked.items() if p in edit.set}
                ),
            )
            for edit in edits
        ),
    )


def _correct(pen: Pen, edits: list[Edit], now: datetime) -> None:
    """Return a visit, and let its author put it right and send it in again."""
    asked = _at(CORRECTED, now, days=1, hour=9)
    _decide(pen, edits, "returned", asked, summary="Hva går bedre? Skriv hva dere så sammen.")
    at = _at(CORRECTED, now, days=2, hour=13)
    better = "Kondensen på badet er borte etter at ventilene ble åpnet. Leietakeren lufter daglig."
    pen.phone(AMIR, at, Edit("conversation", edits[-1].id, {"summary": better}))
    pen.phone(
        AMIR,
        at,
        *(Edit(edit.kind, edit.id, status("submitted", AMIR, at)) for edit in edits),
    )


def _dispute(pen: Pen, edits: list[Edit], now: datetime) -> None:
    """Let the other visitor write another date without having seen the first."""
    at = _at(DISPUTED, now, hour=15)
    other = f"{at + timedelta(days=15):%Y-%m-%d}"
    visit = edits[0]
    pen.phone(AMIR, at, Edit(visit.kind, visit.id, {"next_contact_on": other}, unseen=True), lag=1)


def _hold(pen: Pen, homes: list[Home], now: datetime) -> None:
    """Write two things that cannot be used yet: from outside one's area, and a bad unit number."""
    at = _at(DISPUTED, now, hour=13)
    south = [home for home in homes if home.area == SOUTH]
    words = "Porten er stengt for arbeid til jul. Bruk inngangen fra bakgården."
    pen.phone(KARI, at, Edit("dwelling", south[2].id, {"access": words}))
    pen.phone(OLA, at, Edit("dwelling", south[5].id, {"unit_number": "3. til venstre"}))
