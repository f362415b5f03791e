"""Varsel: the letter that a home's tenant gets before somebody comes, and whether it was in time.

It is printed from the notice; being too late is said and never blocks, in an emergency or else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.office.blueprint import office
from server.office.dates import day_words
from server.office.decisions import create, new_form, patch, seal, send
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated, sent_form, settings, typed
from server.office.letter_words import LETTERS, language_of, letter
from server.office.plans import may_change
from server.office.troubles import trouble
from server.planning.calendar import worked_until
from server.planning.deadlines import Effect
from server.planning.rule_book import rule_book
from server.planning.standing import day_at
from server.problems import Problem, ProblemText
from server.records.access_notice import BASES, AccessNotice
from server.records.contact import Contact
from server.records.planned_visit import PlannedVisit
from server.records.record import Envelope
from server.shapes import Json

SPEC = AccessNotice.spec
REASON_MAX = 400
NO_REASON = ProblemText(
    422,
    "Du har ikke skrevet hva som skal gjøres.",
    "Ingenting er endret.",
    "Skriv det kort, slik at leietakeren kan lese det, og lagre på nytt.",
)


@office.get("/notices/<notice>")
@seated
def notice(desk: Desk, notice: str) -> ResponseReturnValue:
    """Show the letter, ready to print, in the language that was chosen or that the home reads."""
    item = _find(desk, notice)
    home = desk.item(item.text("dwelling"))
    chosen = request.args.get("language", "")
    language = chosen if chosen in LETTERS else _language(desk, item)
    return render_template(
        "office/notice.html",
        item=item,
        letter=letter(language, item.body, desk.title(home) if home else "", settings().telephone),
        language=language,
        languages={code: words["name"] for code, words in LETTERS.items()},
        basis=BASES.get(str(item.body.get("basis")), ""),
        check=check_words(desk, item),
        given=item.text("notified_on"),
        laws=rule_book(desk.session).laws_on(SPEC.name),
    )


@office.get("/plans/<plan>/notice")
@seated
def plan_notice(desk: Desk, plan: str) -> ResponseReturnValue:
    """Offer to make the notice of a planned visit, or show the one there is."""
    return _form_page(desk, plan)


@office.post("/plans/<plan>/notice")
def make_notice(plan: str) -> ResponseReturnValue:
    """Make the notice and tie it to the plan; the notice itself does not say who comes or why."""
    reason, basis = typed(request.form.get("reason", ""), REASON_MAX), request.form.get("basis", "")
    with at_desk() as desk:
        item = _plan(desk, plan)
        form, shown = sent_form(desk)
        if shown.get(item.id) != item.seq:
            raise Problem("changed_meanwhile", navn="En annen")
        if not reason or basis not in BASES:
            return _form_page(desk, plan, NO_REASON)
        values: dict[str, Json] = {"basis": basis, "reason": reason}
        for name in ("dwelling", "planned_on", "planned_at"):
            if item.body.get(name) is not None:
                values[name] = item.body[name]
        made = create(form, SPEC.name, values)
        mutations = [made, patch(form, item, "notice", made["id"])]
        actor, now = desk.actor, desk.now
    if problem := trouble(send(database(), actor, mutations, now)):
        with at_desk() as desk:
            return _form_page(desk, plan, problem)
    return redirect(url_for("office.notice", notice=made["id"]))


def letter_link(desk: Desk, item: Item) -> tuple[str, str] | None:
    """Give the way from a plan or a notice to the letter; None where there is none."""
    if item.spec is SPEC:
        return url_for("office.notice", notice=item.id), "Varselet, klart til å skrives ut"
    if item.spec is PlannedVisit.spec and _may_give(desk, item):
        return url_for("office.plan_notice", plan=item.id), "Varsel om besøket"
    return None


def check_words(desk: Desk, item: Item) -> str:
    """Say whether it is too late, by the rule that covers it; nothing where none does."""
    planned_on, given = day_at(item.body.get("planned_on")), day_at(item.body.get("notified_on"))
    for rule in rule_book(desk.session).about(SPEC.name, Effect.BEFORE):
        if planned_on is None or not rule.covers(item.body):
            continue
        last = rule.latest_start(planned_on)
        if (given or desk.today) > last:
            return f"Varsel for sent. Det skulle vært gitt innen {_day(last, desk)}"
        # As the plan's own deadline has it: on other days nobody hands a letter out.
        worked = worked_until(last)
        by = worked if desk.today <= worked else last
        return "" if given else f"Må gis innen {_day(by, desk)}"
    return ""


def _day(day: date, desk: Desk) -> str:
    return day_words(day, desk.today)


def _language(desk: Desk, item: Item) -> str:
    """Give the language of those who live there, where the reader may know it and a text exists."""
    plans = desk.found(
        PlannedVisit.spec.name,
        lambda q: q.join(PlannedVisit, PlannedVisit.id == Envelope.id).where(
            PlannedVisit.notice == item.id
        ),
    )
    homes = {tenancy for plan in plans if (tenancy := plan.text("tenancy"))}
    contacts = desk.found(
        Contact.spec.name,
        lambda q: q.join(Contact, Contact.id == Envelope.id).where(Contact.tenancy.in_(homes)),
    )
    return language_of([contact.text("language") for contact in contacts])


def _find(desk: Desk, notice: str) -> Item:
    item = desk.item(notice)
    if item is None or item.spec is not SPEC:
        raise Problem("no_access")
    return item


def _plan(desk: Desk, plan: str) -> Item:
    item = desk.item(plan)
    if item is None or item.spec is not PlannedVisit.spec or not _may_give(desk, item):
        raise Problem("no_access")
    return item


def _may_give(desk: Desk, item: Item) -> bool:
    """Say whether the reader may make the notice of a plan: whoever may move the plan.

    A notice lies with the home, for all who work there. What is behind a barrier lies in no area
    and has none: it would tell them that somebody is to be visited.
    """
    return item.area is not None and may_change(desk, item)


def _form_page(desk: Desk, plan: str, problem: ProblemText | None = None) -> ResponseReturnValue:
    item = _plan(desk, plan)
    if there := desk.item(item.text("notice")):
        return redirect(url_for("office.notice", notice=there.id))
    kept: Mapping[str, str] = request.form
    body = render_template(
        "office/make_notice.html",
        title=desk.title(item),
        plan=item,
        bases=BASES,
        basis=kept.get("basis", item.text("access_basis") or ""),
        reason=kept.get("reason", ""),
        form=new_form(),
        seal=seal([item]),
        problem=problem,
    )
    return body, problem.status if problem else 200
