"""Oversikt: what waits for this person, in numbers and links; it decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from server.office.blueprint import office
from server.office.bundles import count_waiting, waiting_bundles
from server.office.desk import Desk
from server.office.devices import silent
from server.office.gate import seated
from server.office.held import RECEIPT, held_receipts
from server.office.home_readers import sees_homes
from server.office.imports import may_import
from server.office.late import late_words
from server.office.plans import may_plan
from server.office.privacy import sees_privacy
from server.office.questions import REVIEW, open_reviews
from server.office.rules import keeps_rules
from server.office.shown import lines
from server.office.users import sees_users
from server.photos import attachments
from server.planning.overdue import overdue

OLDEST_SHOWN = 5
ROW_MAX = 8
"""How many pages fit beside each other on a screen 1280 px wide; beyond that comes «Mer»."""
FIGURES = (
    ("office.inbox", "til gjennomgang"),
    ("office.answers", "ulike svar"),
    ("office.held", "kan ikke brukes ennå"),
)


@dataclass(frozen=True)
class Page:
    """One page of the menu, and how much waits on it."""

    endpoint: str
    label: str
    count: int


@dataclass(frozen=True)
class Menu:
    """The main menu: what is used daily, and what is used seldom."""

    row: tuple[Page, ...]
    more: tuple[Page, ...]


@office.get("/")
@seated
def overview(desk: Desk) -> ResponseReturnValue:
    """Show what waits, and which phones have work that never came in."""
    counts = waiting_counts(desk)
    figures = [
        {"endpoint": endpoint, "label": label, "count": counts[endpoint]}
        for endpoint, label in FIGURES
    ]
    oldest = waiting_bundles(desk)[:OLDEST_SHOWN]
    return render_template(
        "office/overview.html",
        figures=figures if desk.reviews else [each for each in figures if each["count"]],
        silent=silent(desk),
        orphans=attachments.orphans(desk.session, desk.now) if desk.keeps_devices else 0,
        waiting=lines(desk, oldest),
        late=late_words(overdue(desk.session, desk.scopes, desk.now), desk.now),
    )


def waiting_counts(desk: Desk) -> dict[str, int]:
    """Count what waits, by the page that shows it."""
    return {
        "office.inbox": count_waiting(desk),
        "office.answers": desk.count(REVIEW.name, open_reviews),
        "office.held": desk.count(RECEIPT.name, held_receipts),
    }


def menu(desk: Desk) -> Menu:
    """Give the pages that this person has a use for, with what waits on each."""
    counts = waiting_counts(desk)
    daily = [
        ("office.overview", "Oversikt", True),
        ("office.inbox", "Innboks", desk.reviews),
        ("office.answers", "Ulike svar", desk.reviews or counts["office.answers"] > 0),
        ("office.held", "Kan ikke brukes ennå", desk.reviews or counts["office.held"] > 0),
        ("office.homes", "Boliger", sees_homes(desk)),
        ("office.deviations", "Avvikstavle", sees_homes(desk)),
        ("office.planner", "Planlegger", may_plan(desk)),
    ]
    seldom = [
        ("office.import_page", "Import", may_import(desk)),
        ("office.rules", "Regler", keeps_rules(desk)),
        ("office.devices", "Enheter", desk.keeps_devices),
        ("office.users", "Brukere", sees_users(desk)),
        ("office.privacy", "Sletting", sees_privacy(desk)),
    ]

    def shown(pages: list[tuple[str, str, bool]]) -> tuple[Page, ...]:
        return tuple(
            Page(endpoint, label, counts.get(endpoint, 0))
            for endpoint, label, used in pages
            if used
        )

    row, more = shown(daily), shown(seldom)
    return Menu(row, more) if len(row) + len(more) > ROW_MAX else Menu(row + more, ())
