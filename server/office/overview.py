"""Oversikt: what waits for this person, in numbers and links; it decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from server import emergency
from server.office.blueprint import office
from server.office.bundles import count_waiting, waiting_bundles
from server.office.cases import sees_cases
from server.office.dates import moment_words
from server.office.desk import Desk
from server.office.devices import silent
from server.office.due import leads, sees_deadlines
from server.office.emergency_numbers import keeps_numbers
from server.office.gate import seated
from server.office.held import RECEIPT, held_receipts
from server.office.home_readers import sees_homes
from server.office.imports import may_import
from server.office.insight_access import insights_waiting, sees_insights
from server.office.integrations import sees_integrations
from server.office.keys import sees_keys
from server.office.late import Line, beyond_words, late_words
from server.office.log import sees_log, weeks_waiting
from server.office.new_passwords import my_password_words, set_for_others
from server.office.openings import openings_waiting, sees_openings
from server.office.plans import may_plan
from server.office.privacy import sees_privacy
from server.office.questions import REVIEW, open_reviews
from server.office.reports import sees_reports
from server.office.requests import sees_requests
from server.office.rules import keeps_rules
from server.office.safety import count_warned, sees_alone
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
    warned: int = 0
    """How many are out alone whom somebody was warned about and nobody follows up."""


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
        emergencies=_emergencies(desk),
        my_password=my_password_words(desk),
        passwords=set_for_others(desk),
        silent=silent(desk),
        orphans=attachments.orphans(desk.session, desk.now) if desk.keeps_devices else 0,
        waiting=lines(desk, oldest),
        **_late(desk),
    )


def _emergencies(desk: Desk) -> list[str]:
    """Give when the emergency account was used of late, for who leads or administers the whole."""
    if not sees_log(desk):
        return []
    return [moment_words(at, desk.now) for at in emergency.uses(desk.session, desk.now)]


def _late(desk: Desk) -> dict[str, list[Line]]:
    """Say what is late, and to whoever leads what is late beyond the second limit."""
    counted = overdue(desk.session, desk.scopes, desk.now)
    return {
        "late": late_words(counted, desk.now),
        "beyond": beyond_words(counted) if leads(desk) else [],
    }


def waiting_counts(desk: Desk) -> dict[str, int]:
    """Count what waits, by the page that shows it."""
    return {
        "office.inbox": count_waiting(desk),
        "office.answers": desk.count(REVIEW.name, open_reviews),
        "office.held": desk.count(RECEIPT.name, held_receipts),
        "office.alone": count_warned(desk),
        "office.access_log_page": weeks_waiting(desk),
        "office.opening_list": openings_waiting(desk),
        "office.insight_list": insights_waiting(desk),
    }


def menu(desk: Desk) -> Menu:
    """Give the pages that this person has a use for, with what waits on each."""
    counts = waiting_counts(desk)
    daily = [
        ("office.overview", "Oversikt", True),
        ("office.inbox", "Innboks", desk.reviews),
        ("office.answers", "Ulike svar", desk.reviews or counts["office.answers"] > 0),
        ("office.held", "Kan ikke brukes ennå", desk.reviews or counts["office.held"] > 0),
        ("office.alone", "Trygt besøk", sees_alone(desk)),
        ("office.homes", "Boliger", sees_homes(desk)),
        ("office.deviations", "Avvikstavle", sees_homes(desk)),
        ("office.planner", "Planlegger", may_plan(desk)),
    ]
    seldom = [
        ("office.requests", "Ba om hjelp", sees_requests(desk)),
        ("office.deadlines", "Frister", sees_deadlines(desk)),
        ("office.cases", "Saker og oppfølging", sees_cases(desk)),
        ("office.neighbourhoods", "Områder og innspill", sees_homes(desk)),
        ("office.event_list", "Arrangement", sees_homes(desk)),
        ("office.companies", "Borettslag og sameier", sees_homes(desk)),
        ("office.sites", "Tiltakssteder", sees_homes(desk)),
        ("office.keys", "Nøkler", sees_keys(desk)),
        ("office.emergency_numbers", "Nødnumre", keeps_numbers(desk) and not desk.reviews),
        ("office.reports", "Rapporter", sees_reports(desk)),
        ("office.import_page", "Import", may_import(desk)),
        ("office.rules", "Regler", keeps_rules(desk)),
        ("office.devices", "Enheter", desk.keeps_devices),
        ("office.integrations", "Integrasjoner", sees_integrations(desk)),
        ("office.users", "Brukere", sees_users(desk)),
        ("office.opening_list", "Nødtilgang", sees_openings(desk)),
        ("office.insight_list", "Innsyn", sees_insights(desk)),
        ("office.privacy", "Sletting", sees_privacy(desk)),
        ("office.access_log_page", "Logg", sees_log(desk)),
        ("office.operations", "Drift", sees_log(desk)),
    ]

    def shown(pages: list[tuple[str, str, bool]]) -> tuple[Page, ...]:
        return tuple(
            Page(endpoint, label, counts.get(endpoint, 0))
            for endpoint, label, used in pages
            if used
        )

    row, more = shown(daily), shown(seldom)
    wide = len(row) + len(more) <= ROW_MAX
    return Menu(row + more if wide else row, () if wide else more, counts["office.alone"])
