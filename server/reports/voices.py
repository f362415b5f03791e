"""Innspill og tiltak: what residents said, what came of it, who leads it, and if they heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from server.records.measure import HANDLING, SIDES, Measure
from server.records.purposes import TOPICS
from server.records.record import READER_SETS
from server.records.resident_input import TYPES, ResidentInput
from server.reports.look import Look, Told
from server.reports.report import AREA, PROGRAMME, Closeness, Report
from server.reports.tables import (
    Amount,
    Axis,
    Chart,
    Count,
    Middle,
    Share,
    Table,
    cross,
    without_empty,
)

ANSWER_DAYS = timedelta(days=30)
DONE = "done"
ENDED = frozenset({DONE, "rejected"})
CAME_OF_IT = (
    Count("Ble til tiltak", {"measure": True}),
    Count("Tiltak gjort", {"done": True}),
    Count("Svart innen 30 dager", {"in_time": True}),
    Share("Svart i tide, av dem der fristen er over", {"in_time": True}, {"due": True}),
    Amount("Stemmer", of="votes"),
)


def count(look: Look) -> Iterator[Table]:
    """Lay out the inputs of the period, and the measures that were begun or finished in it."""
    measures = look.records(Measure)
    led = {id: one for one in measures for id in one.members("inputs")}
    finished = {id for one in measures if one.step() == DONE for id in one.members("inputs")}
    received = ResidentInput.received_on.between(look.period.first, look.upto)
    facts = [
        {**_fact(said, look), "measure": said.id in led, "done": said.id in finished}
        for said in look.records(ResidentInput, received)
    ]
    inputs = look.crowd("innspill", facts)
    topics = Axis("topic", "Tema", TOPICS, optional=True)
    for title, axis in (
        ("Innspill etter tema", topics),
        ("Innspill etter slag", Axis("type", "Slag", TYPES)),
    ):
        chart = Chart.BARS if axis is topics else None
        yield without_empty(
            cross(title, inputs, axis, more=CAME_OF_IT, every="Innspill", chart=chart)
        )
    acts = look.crowd("tiltak", [_act(one) for one in measures if stood(one, look)])
    leads = Axis("led", "Ledet av", SIDES, optional=True)
    steps = Axis("step", "Hvor langt?", HANDLING)
    yield without_empty(cross("Tiltak etter hvem som leder", acts, leads, steps, chart=Chart.BARS))
    proposed = Axis("proposed", "Foreslått av", SIDES, optional=True)
    shares = [
        Share("Ledet av beboerne", {"led": "residents"}),
        Share("Beboerne fikk vite det, av dem som er gjort", {"told": True}, {"step": DONE}),
        Middle("Dager fra frist til ferdig", of="days"),
        Amount("Kostnad i kroner", of="cost"),
    ]
    yield without_empty(cross("Tiltak etter hvem som foreslo", acts, proposed, more=shares))
    chosen = Axis("chosen", "Prioritert av", SIDES, optional=True)
    yield without_empty(cross("Tiltak etter hvem som prioriterte", acts, chosen, more=shares[:2]))


def _fact(said: Told, look: Look) -> dict[str, Any]:
    received, answered = said.day("received_on"), said.day("answered_on")
    assert received is not None
    in_time = answered is not None and answered <= received + ANSWER_DAYS
    return {
        "topic": said.text("topic"),
        "type": said.text("type"),
        "in_time": in_time,
        "due": in_time or look.upto > received + ANSWER_DAYS,
        "votes": sum(n for n in said.keyed("votes").values() if isinstance(n, int)),
    }


def _act(one: Told) -> dict[str, Any]:
    done, due = one.day("done_on"), one.day("due_on")
    return {
        "led": one.text("led_by"),
        "proposed": one.text("proposed_by"),
        "chosen": one.text("prioritised_by"),
        "step": one.step() or "suggested",
        "told": one.step() == DONE and one.day("told_on") is not None,
        "days": (done - due).days if done and due else None,
        "cost": one.number("cost"),
    }


def stood(one: Told, look: Look) -> bool:
    """Say whether a measure stood open in the period; it ends when it is done or given up."""
    begun = one.created_at < look.period.ends
    done_on = one.day("done_on") if one.step() == DONE else None
    ended = (done_on or one.step_on()) if one.step() in ENDED else None
    return begun and (ended is None or ended >= look.period.first)


REPORT = Report(
    order=42,
    title="Innspill og tiltak",
    about="Hva beboerne sa, hva det ble til, hvem som leder det, og om de fikk svar.",
    counted=(
        "Innspill telles den dagen de kom. Svart i tide er innen 30 dager.",
        "Et innspill ble til tiltak når et tiltak viser til det.",
        "Tiltak er med når de sto åpne i perioden, eller ble gjort eller lagt bort i den.",
        "Ledet av beboerne er tiltak der beboerne selv leder, delt på alle tiltak på linja.",
    ),
    closeness=Closeness.OPEN,
    readers=READER_SETS["home"],
    count=count,
    filters=(AREA, PROGRAMME),
)
