"""Logg: who looked at what, whether the logs are whole, and the week that a leader signs.

It shows who and when, and no word of a record; what a record is called is shown to who may see it.
"""

from __future__ import annotations

from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import access_log, access_seen, acts
from server.access_log import AccessRow
from server.keeping import audit
from server.office import beside, log_review, present
from server.office.blueprint import office
from server.office.dates import counted, day_words, moment_words
from server.office.desk import Desk
from server.office.gate import at_desk, database, seated, settings, typed
from server.office.log_review import Finding
from server.people import ApiToken
from server.problems import Problem
from server.roles import Role

READERS = frozenset({Role.LEADER, Role.ADMIN, Role.PRIVACY})
"""Who sees the log of the whole; the privacy officer sees who and when, and no record."""
SHOWN_MAX = 200
WORDS_MAX = 1000
WAYS = {
    "sync": "Sendt til telefonen",
    "attachments": "Bilde på telefonen",
    "office": "På kontoret",
    "phone": "Åpnet på telefonen",
    "export": "Eksport",
    "integration": "Annet system",
}
PURPOSES = {
    access_log.NAMED: "Står i registreringen",
    access_log.DUTY: "Har området",
    access_log.ASKED: "Ba om innsyn",
    access_log.EXPORT: "Eksport",
}
FINDINGS = {
    log_review.PASSWORD: "Satte nytt passord for en annen",
    log_review.ROLE: "Ga en rolle",
    log_review.ASKED: "Åpnet noe de ellers ikke ser",
    log_review.EXPORT: "Tok ut en eksport",
    log_review.OWN_NAME: "Åpnet noen med samme etternavn som seg selv",
    log_review.NIGHT: "Leste mellom kl. 22 og 6",
    log_review.MANY: "Åpnet langt flere enn det som er vanlig",
}


def way_words(way: str) -> str:
    """Say by which door something was read."""
    return WAYS.get(way.partition(".")[0], way)


def sees_log(desk: Desk) -> bool:
    """Say whether the reader sees who looked at what in the whole organisation."""
    return bool(desk.actor.roles_in(None) & READERS)


def may_sign(desk: Desk) -> bool:
    """Say whether the reader signs for a week: a leader does, whoever runs the service does not."""
    return Role.LEADER in desk.actor.roles_in(None)


def sees_readers(desk: Desk, area: str | None) -> bool:
    """Say whether the reader may know who looked at records of an area: its leader may."""
    return Role.LEADER in desk.actor.roles_in(area)


def weeks_waiting(desk: Desk) -> int:
    """Count the weeks that wait for this person's signature."""
    return len(log_review.unsigned_weeks(desk.session, desk.now)) if may_sign(desk) else 0


@office.get("/log")
@seated
def access_log_page(desk: Desk) -> ResponseReturnValue:
    """Show one week of the log, last week unless another is asked for."""
    return _page(desk, request.args.get("week", ""))


@office.post("/log/sign")
def sign_week() -> ResponseReturnValue:
    """Sign that a week was looked through."""
    words = typed(request.form.get("words", ""), WORDS_MAX)
    monday = log_review.monday_of(request.form.get("week", ""))
    with at_desk() as desk:
        if not may_sign(desk) or monday is None or not _is_over(desk, monday):
            raise Problem("no_access")
        count, user, now = len(log_review.findings(desk.session, monday)), desk.actor.user, desk.now
        week = log_review.week_of(log_review.bounds(monday)[0])
    with database().writing() as session:
        log_review.sign(session, week, count, words, user, now)
    return redirect(url_for("office.access_log_page", week=week))


@office.post("/log/verify")
def verify_logs() -> ResponseReturnValue:
    """Follow both logs row by row now, and write down what came of it."""
    with at_desk() as desk:
        if not sees_log(desk):
            raise Problem("no_access")
        user, now = desk.actor.user, desk.now
        found = audit.verify(desk.session, settings())
    audit.note_verdict(database(), found, user, now)
    return redirect(url_for("office.access_log_page"))


@office.get("/log/records/<record>")
@seated
def log_of_record(desk: Desk, record: str) -> ResponseReturnValue:
    """Show who was given a record; for the leader of its area."""
    item = desk.item(record)
    if item is None or not sees_readers(desk, item.area):
        raise Problem("no_access")
    found = access_seen.readings_of(desk.session, item.id, SHOWN_MAX)
    desk.know(row.who for row in found)
    why = beside.reasons(desk, (row.why for row in found))
    return render_template(
        "office/log_record.html",
        name=present.record_name(desk, item),
        record=item.id,
        lines=[_reading(desk, row, why[row.why]) for row in found],
        all_shown=len(found) < SHOWN_MAX,
    )


def _page(desk: Desk, asked: str) -> str:
    if not sees_log(desk):
        raise Problem("no_access")
    monday = log_review.monday_of(asked) or desk.today - timedelta(desk.today.weekday() + 7)
    week = log_review.week_of(log_review.bounds(monday)[0])
    found = log_review.findings(desk.session, monday)
    signed = log_review.signatures(desk.session, week)
    told = {each.who for each in found} | {each.about for each in found if each.about}
    desk.know(told | {who for who, _, _ in signed})
    why = beside.reasons(desk, (each.why for each in found))
    return render_template(
        "office/log.html",
        week=week,
        days=_days(monday, desk.today),
        over=_is_over(desk, monday),
        lines=[_finding(desk, each, why[each.why]) for each in found],
        signed=[
            {"who": desk.person(who), "when": moment_words(at, desk.now), "words": words}
            for who, at, words in signed
        ],
        may_sign=may_sign(desk),
        waiting=log_review.unsigned_weeks(desk.session, desk.now) if may_sign(desk) else [],
        before=log_review.week_of(log_review.bounds(monday - timedelta(7))[0]),
        after=log_review.week_of(log_review.bounds(monday + timedelta(7))[0]),
        verdict=_verdict(desk),
    )


def _is_over(desk: Desk, monday: date) -> bool:
    """Say whether a week is over: who signs it signs for what was read on its last day too."""
    return monday + timedelta(7) <= desk.today


def _verdict(desk: Desk) -> dict[str, object] | None:
    """Give what the last verification found."""
    last = acts.latest(desk.session, audit.VERIFIED)
    if last is None:
        return None
    act, said = last
    faults = said.get("faults")
    return {
        "when": moment_words(act.at, desk.now),
        "faults": [str(fault) for fault in faults] if isinstance(faults, list) else [],
    }


def _finding(desk: Desk, each: Finding, why: str) -> dict[str, str]:
    return {
        "what": FINDINGS[each.what],
        "who": _who(desk, each.who),
        "when": moment_words(each.first_at, desk.now),
        "count": desk.person(each.about)
        if each.about
        else counted(each.records, "{antall} registrering", "{antall} registreringer"),
        "why": why,
    }


def _reading(desk: Desk, row: AccessRow, why: str) -> dict[str, str]:
    return {
        "who": _who(desk, row.who),
        "when": _when(desk, row),
        "way": way_words(row.way),
        "purpose": PURPOSES[row.purpose],
        "why": why,
    }


def _when(desk: Desk, row: AccessRow) -> str:
    """Say when it was read: of what was opened on a phone the hour is known, and no more."""
    if row.looked_at is None:
        return moment_words(row.at, desk.now)
    return f"I timen fra {moment_words(row.looked_at, desk.now)}"


def _who(desk: Desk, who: str) -> str:
    """Name a reader; an account on the machine, and another system, are no users."""
    if who.startswith("token:"):
        row = desk.session.get(ApiToken, who.partition(":")[2])
        return f"Integrasjon ({row.name if row else 'ukjent'})"
    return f"Maskinen ({who.partition(':')[2]})" if who.startswith("cli:") else desk.person(who)


def _days(monday: date, today: date) -> str:
    return f"{day_words(monday, today)}–{day_words(monday + timedelta(6), today)}"
