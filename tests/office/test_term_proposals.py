"""A privacy officer proposes another term, a leader answers; nothing changes before."""

from __future__ import annotations

import pytest

from server import acts
from server.database import Database
from server.keeping import proposals
from tests.makers import NOW
from tests.office.conftest import Enter
from tests.office.reader import Page, Reader
from tests.office.test_terms import SAVE, SHOW, ask
from tests.server.test_retention import BY
from tests.server.test_terms import change, term

SEND, YES, NO = "Send forslaget", "Godta forslaget", "Avslå forslaget"
WHERE = "/office/privacy/terms/planned_visit"


def propose(vera: Reader, years: str = "1") -> Page:
    """Propose another number of years, and say why."""
    shown = ask(vera, "planned_visit", years=years)
    assert f"Frist: {years} år" in shown.words and not shown.has(SAVE)
    return vera.send(shown.form(SEND), SEND, typed={"reason": "Ny arkivplan."})


def waits(database: Database) -> bool:
    """Say whether a proposal waits."""
    with database.reading() as session:
        return "planned_visit" in proposals.waiting(session)


def told(database: Database, what: str) -> bool:
    """Say whether the log of acts has it."""
    with database.reading() as session:
        return acts.latest(session, what) is not None


def test_nothing_changes_before_a_leader_accepts_and_the_history_names_both(
    enter: Enter, database: Database
) -> None:
    vera, lise = enter("vera"), enter("lise")
    sent = propose(vera)
    assert "Forslaget er sendt." in sent.words and "Forslag som venter på svar" in sent.words
    assert not sent.has(YES) and not sent.has(SHOW), "one at a time, and not hers to answer"
    assert term(database, "planned_visit") == (2, "delete") and told(database, "term_proposed")
    assert "1 forslag til ny frist venter på svar." in lise.open("/office/privacy").words
    assert lise.open("/office/privacy/terms").words.count("Forslag venter") == 1
    page = lise.open(WHERE)
    assert "I natt, med forslaget:" in page.words and "Ny arkivplan." in page.words
    done = lise.send(page.form(YES), YES)
    assert "Fristen er endret." in done.words and not done.has(YES)
    assert "Foreslått av Vera Holt" in done.words and "Begrunnelse: Ny arkivplan." in done.words
    assert "Lise" in done.words.partition("Tidligere endringer")[2]
    assert term(database, "planned_visit") == (1, "delete") and told(database, "term_accepted")
    assert "venter på svar" not in lise.open("/office/privacy").words


def test_a_refusal_says_why_and_changes_nothing(enter: Enter, database: Database) -> None:
    vera, lise = enter("vera"), enter("lise")
    propose(vera)
    empty = lise.send(lise.open(WHERE).form(NO), NO)
    assert empty.status == 422 and "Skriv hvorfor forslaget ikke godtas." in empty.words
    assert waits(database)
    done = lise.send(empty.form(NO), NO, typed={"answer": "For kort for oss."})
    assert "Forslaget er avslått." in done.words and not waits(database)
    assert term(database, "planned_visit") == (2, "delete") and told(database, "term_refused")
    seen = vera.open(WHERE)
    assert "Svar: For kort for oss." in seen.words and ": avslått" in seen.words
    assert seen.has(SHOW), "she may propose anew"


def test_a_proposal_without_a_reason_is_not_sent(enter: Enter, database: Database) -> None:
    vera = enter("vera")
    shown = ask(vera, "planned_visit", years="1")
    assert vera.send(shown.form(SEND), SEND).status == 422 and not waits(database)


@pytest.mark.parametrize("accepts", [True, False])
def test_it_is_answered_once_and_the_second_is_told(
    accepts: bool, enter: Enter, database: Database
) -> None:
    vera, lise, admin = enter("vera"), enter("lise"), enter("admin")
    propose(vera)
    late, button = admin.open(WHERE).form(YES), YES if accepts else NO
    lise.send(lise.open(WHERE).form(NO), NO, typed={"answer": "Nei."})
    page = admin.send(late, button, typed={"answer": "Heller ikke jeg."})
    assert page.status == 409 and "Ingenting er endret nå." in page.words
    assert term(database, "planned_visit") == (2, "delete")
    assert "Svar: Nei." in vera.open(WHERE).words


def test_it_is_not_made_over_a_change_that_nobody_had_seen(
    enter: Enter, database: Database
) -> None:
    vera = enter("vera")
    shown = ask(vera, "planned_visit", years="1")
    change(database, "planned_visit", years="4")
    page = vera.send(shown.form(SEND), SEND, typed={"reason": "Ny arkivplan."})
    assert page.status == 409 and "endret fristen mens du skrev" in page.words
    assert not waits(database)


def test_it_is_not_accepted_over_a_change_that_nobody_had_seen(
    enter: Enter, database: Database
) -> None:
    vera, lise = enter("vera"), enter("lise")
    propose(vera)
    change(database, "planned_visit", years="4")
    page = lise.send(lise.open(WHERE).form(YES), YES)
    assert page.status == 409 and waits(database)
    assert term(database, "planned_visit") == (4, "delete")


def test_of_two_who_propose_at_once_the_second_keeps_what_was_written(
    enter: Enter, database: Database
) -> None:
    vera = enter("vera")
    shown = ask(vera, "planned_visit", years="1")
    with database.writing() as session:
        cells = {"years": "3"}
        proposals.propose(session, "planned_visit", cells, BY, NOW, reason="Rutine", after=0)
    page = vera.send(shown.form(SEND), SEND, typed={"reason": "Ny arkivplan."})
    assert page.status == 409 and "Et forslag venter alt på svar." in page.words
    assert page.form(SHOW).one("reason") == "Ny arkivplan."


@pytest.mark.parametrize("after", ["9" * 5000, str(2**63), "7", "x"])
def test_a_number_that_names_no_change_is_none(
    after: str, enter: Enter, database: Database
) -> None:
    """Thousands of digits, or one too large to be stored, came to be an error of ours."""
    vera, lise = enter("vera"), enter("lise")
    shown = ask(vera, "planned_visit", years="1")
    typed = {"reason": "Ny arkivplan.", "after": after}
    assert "Forslaget er sendt." in vera.send(shown.form(SEND), SEND, typed=typed).words
    with database.reading() as session:
        assert proposals.waiting(session)["planned_visit"].after == 0
    page = lise.open(WHERE)
    assert "Fristen er endret." in lise.send(page.form(YES), YES).words


@pytest.mark.parametrize("more", ["x", "%00"])
def test_more_than_the_number_of_a_proposal_names_none(
    more: str, enter: Enter, database: Database
) -> None:
    propose(enter("vera"))
    lise = enter("lise")
    form = lise.open(WHERE).form(YES)
    sent = {name: value for name, (value, *_) in form.fields.items()} | {"do": "accept"}
    assert lise.post(form.action + more, sent).status == 404 and waits(database)


@pytest.mark.parametrize("login", ["vera", "kari", "eva"])
def test_nobody_else_answers(login: str, enter: Enter, database: Database) -> None:
    propose(enter("vera"))
    with database.reading() as session:
        id = proposals.waiting(session)["planned_visit"].id
    reader = enter(login)
    mark = reader.open("/office/").form("Logg ut").one("csrf")
    sent = {"csrf": mark, "do": "accept"}
    assert reader.post(f"/office/privacy/terms/proposals/{id}", sent).status == 404
    assert term(database, "planned_visit") == (2, "delete")
