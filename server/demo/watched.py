"""What the service keeps beside the records: who is on duty, changed rules, who is out alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson
from sqlalchemy import select

from server import people
from server.database import Database
from server.demo.municipality import NORTH, SOUTH, STAFF, homes, made_up_id
from server.demo.pen import Edit, Pen, made
from server.planning.calendar import day_of
from server.planning.rule_book import change_rule
from server.records.check_in import CheckIn
from server.records.record import Envelope
from server.shapes import Json, write_instant

AMIR, INGRID, LISE = (STAFF[login] for login in ("amir", "ingrid", "lise"))
LASTS = timedelta(minutes=90)
"""How long whoever is out alone when the app starts says to be."""
CHANGED = (
    (360, "OUTDOOR_WEEKLY", {"in_use": "nei"}, "Uteområdene er små. Vi ser over dem hver måned."),
    (300, "WINTER_WEEKLY", {"months": "10-4"}, "Vinteren kom i oktober og gikk i april."),
    (120, "ERRAND_DONE", {"second": "5"}, "Beboerne ventet for lenge på svar."),
    (40, "ERRAND_DONE", {"second": "4"}, "Fem dager var fortsatt for lenge."),
)
"""Rules that the leader changed, how many days ago, and why."""


def keep_watch(database: Database, now: datetime) -> None:
    """Put people on duty, and change some rules, as the leader did long ago."""
    with database.writing() as session:
        for area, who, days in ((NORTH, LISE, 200), (SOUTH, LISE, 200), (SOUTH, INGRID, 30)):
            id, at = made_up_id("duty", area, who.login), now - timedelta(days=days)
            people.put_on_duty(session, id, area, who.id, LISE.id, at)
        for days, code, columns, why in CHANGED:
            at = now - timedelta(days=days)
            change_rule(session, code, columns, LISE.id, at, reason=why)


def go_out_alone(database: Database, now: datetime) -> None:
    """Let Amir be out alone from a quarter ago, once a day; who was out before is back."""
    today = made_up_id("out alone", f"{day_of(now)}")
    began = now - timedelta(minutes=15)
    with database.reading() as session:
        if session.get(Envelope, today) is not None:
            return
        rows = session.execute(
            select(Envelope.id, Envelope.body)
            .join(CheckIn, CheckIn.id == Envelope.id)
            .where(CheckIn.who == AMIR.id, CheckIn.ended_at.is_(None), CheckIn.ends_at < now)
        )
        out: list[tuple[str, Json]] = [(id, orjson.loads(body)["ends_at"]) for id, body in rows]
    home = next(home for home in homes() if home.area == SOUTH)
    alone: dict[str, Json] = {
        "area": SOUTH,
        "dwelling": home.id,
        "who": AMIR.id,
        "started_at": write_instant(began),
        "ends_at": write_instant(began + LASTS),
    }
    back = [Edit("check_in", id, {"ended_at": ends_at}) for id, ends_at in out]
    Pen(database).office(AMIR, now, *back, made("check_in", today, alone))
