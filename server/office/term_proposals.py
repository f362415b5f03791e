"""Proposals for other terms: shown beside the term with what they would end, accepted or refused.

Who proposes decides nothing; a refusal says why. Both stand in the history.
"""

from __future__ import annotations

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from server.keeping import proposals
from server.keeping.proposals import Answered, TermProposal
from server.keeping.terms import BadTerm
from server.office.blueprint import office
from server.office.gate import at_desk, database, typed
from server.office.terms import decides, term_page
from server.planning.rule_book import REASON_MAX, RuleMoved
from server.problems import Problem

NO_ANSWER = "Skriv hvorfor forslaget ikke godtas."
BY_NOW = (
    "Forslaget er besvart, eller fristen er endret siden det ble sendt. Ingenting er endret nå."
)


@office.post("/privacy/terms/proposals/<proposal>")
def answer_term(proposal: str) -> ResponseReturnValue:
    """Accept a proposal as it was shown, or refuse it with a reason."""
    answer = typed(request.form.get("answer", ""), REASON_MAX)
    accepts = request.form.get("do") == "accept"
    with at_desk() as desk:
        found = desk.session.get(TermProposal, proposal) if decides(desk) else None
        if found is None:
            raise Problem("no_access")
        kind, by, now = found.kind, desk.actor.user, desk.now
        if not accepts and not answer:
            return make_response(term_page(desk, kind, refused=NO_ANSWER), 422)
    try:
        with database().writing() as session:
            standing = session.get_one(TermProposal, proposal)
            if accepts:
                proposals.accept(session, standing, by, now)
            else:
                proposals.refuse(session, standing, by, now, answer)
    except (Answered, BadTerm, RuleMoved):
        with at_desk() as desk:
            return make_response(term_page(desk, kind, refused=BY_NOW, answer=answer), 409)
    done = "saved" if accepts else "refused"
    return redirect(url_for("office.kept_term", kind=kind, done=done))
