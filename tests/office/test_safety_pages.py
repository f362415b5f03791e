"""Incidents, alerts and keys: who sees them, what ends when, and what cannot be the whole truth."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from server.access import actor_of
from server.database import Database
from server.demo.municipality import NORTH, STAFF, homes
from server.intake import take
from server.office.keys import is_out_twice
from server.planning.calendar import add_months, day_of
from server.shapes import write_instant
from sync.mutation import office_replica
from tests.makers import mutation, new_id
from tests.office.conftest import Enter
from tests.office.test_decisions import push
from tests.office.test_deviations import body
from tests.office.test_inbox import ALERT, sent_in

HERE = next(home for home in homes() if home.area == NORTH)
TODAY = day_of(datetime.now(UTC))
TOLD = "Ble ropt til i oppgangen og gikk ut."


def incident(database: Database) -> str:
    """Let Kari tell the leader of a threat."""
    what = {
        "area": NORTH,
        "happened_at": write_instant(datetime.now(UTC)),
        "type": "threat",
        "words": TOLD,
        "wants_talk": True,
    }
    return sent_in(database, "staff_incident", what)


def handed(database: Database, serial: str, action: str, login: str, **more: Any) -> str:
    """Let somebody write a line in the ledger of keys."""
    id, who, now = new_id(), STAFF[login], datetime.now(UTC)
    line = {
        "dwelling": HERE.id,
        "serial": serial,
        "action": action,
        "happened_on": TODAY.isoformat(),
        **more,
    }
    with database.reading() as session:
        actor = actor_of(session, who.id)
    made = mutation("key_handover", id, line, author=who.id, now=now)
    (result,) = take(database, actor, office_replica(who.id), [made], now)
    assert result.state == "applied"
    return id


def alert(database: Database, until: date, approved_on: datetime | None = None) -> str:
    """Let Kari send an alert in, and Lise approve it."""
    id = sent_in(database, "safety_alert", {**ALERT, "valid_until": until.isoformat()})
    at = write_instant(approved_on or datetime.now(UTC))
    status = {"state": "approved", "by": STAFF["lise"].id, "at": at}
    push(database, "lise", "safety_alert", id, {"status": status})
    return id


def test_an_incident_is_the_leaders_to_follow_up_and_nobody_elses_to_see(
    enter: Enter, database: Database
) -> None:
    id = incident(database)
    lise = enter("lise")
    page = lise.open("/office/safety/incidents")
    assert f"Trussel – {STAFF['kari'].name}" in page.words
    page = lise.open(f"/office/safety/incidents/{id}")
    assert TOLD in page.words
    done = lise.send(
        page.form("Lagre"),
        measures="Snakket sammen. Går to neste gang.",
        followed_up_on=TODAY.isoformat(),
    )
    assert "Lagret." in done.words
    assert body(database, id)["followed_up_on"] == TODAY.isoformat()
    for login in ("ingrid", "amir", "ola", "eva", "admin"):
        for path in ("", f"/{id}"):
            assert enter(login).open(f"/office/safety/incidents{path}").status == 404
    assert enter("kari").open(f"/office/safety/incidents/{id}").status == 404
    assert TOLD not in enter("ingrid").open("/office/inbox").html


def test_a_follow_up_that_cannot_be_read_is_told_and_loses_no_word(
    enter: Enter, database: Database
) -> None:
    id = incident(database)
    lise = enter("lise")
    form = lise.open(f"/office/safety/incidents/{id}").form("Lagre")
    wrong = lise.send(form, measures="Snakket sammen.", followed_up_on="i morgen")
    assert wrong.status == 422
    assert "Snakket sammen." in wrong.html
    assert "measures" not in body(database, id)


def test_an_alert_ends_six_months_after_its_approval_whatever_day_is_written(
    enter: Enter, database: Database
) -> None:
    alert(database, TODAY + timedelta(days=2000))
    last = add_months(TODAY, 6)
    assert (
        f"Gjelder til {last.day}.{last.month}." in enter("lise").open("/office/safety/alerts").words
    )


def test_an_alert_that_was_approved_long_ago_has_ended(enter: Enter, database: Database) -> None:
    alert(database, TODAY + timedelta(days=90), datetime.now(UTC) - timedelta(days=200))
    page = enter("lise").open("/office/safety/alerts")
    assert "Gått ut" in page.words


def test_a_leader_renews_an_alert_by_a_new_approval_and_takes_one_away(
    enter: Enter, database: Database
) -> None:
    old = alert(database, TODAY + timedelta(days=9))
    lise = enter("lise")
    page = lise.open("/office/safety/alerts")
    form = next(each for each in page.forms if each.action.endswith(f"{old}/renewed"))
    page = lise.send(form)
    assert "Fornyet." in page.words
    again = lise.send(form)
    assert again.status == 409
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    assert body(database, old)["valid_until"] == yesterday
    fresh = [
        each.action.split("/")[-2]
        for each in lise.open("/office/safety/alerts").forms
        if each.action.endswith("/gone")
        and body(database, each.action.split("/")[-2])["advice"] == ALERT["advice"]
    ]
    until = add_months(TODAY, 6).isoformat()
    (new,) = [id for id in fresh if body(database, id)["valid_until"] == until]
    assert body(database, new)["status"]["state"] == "approved"
    form = next(
        each
        for each in lise.open("/office/safety/alerts").forms
        if each.action.endswith(f"{new}/gone")
    )
    assert "Tatt bort." in lise.send(form).words
    assert body(database, new)["valid_until"] == yesterday
    assert body(database, new)["status"]["state"] == "approved"


def test_the_office_sees_alerts_and_only_a_leader_ends_them(
    enter: Enter, database: Database
) -> None:
    id = alert(database, TODAY + timedelta(days=9))
    form = next(
        each
        for each in enter("lise").open("/office/safety/alerts").forms
        if each.action.endswith(f"{id}/gone")
    )
    ingrid = enter("ingrid")
    page = ingrid.open("/office/safety/alerts")
    assert ALERT["advice"] in page.words
    assert not any(f"/{id}/" in each.action for each in page.forms)
    csrf = page.forms[0].one("csrf")
    sent = ingrid.post(f"/office/safety/alerts/{id}/gone", {**form.fields, "csrf": csrf})
    assert sent.status == 404
    for login in ("kari", "ingrid"):
        with pytest.raises(AssertionError, match="reason='access'"):
            push(database, login, "safety_alert", id, {"valid_until": "2099-01-01"})
    assert body(database, id)["valid_until"] == (TODAY + timedelta(days=9)).isoformat()


def test_two_who_hand_out_one_key_without_knowing_of_each_other_both_stand(
    enter: Enter, database: Database
) -> None:
    handed(database, "N-77", "out", "kari", holder="craftsman")
    handed(database, "N-77", "out", "amir", holder="tenant")
    page = enter("ingrid").find("/office/keys", "n-77")
    assert "Utlevert to ganger" in page.words
    assert "Håndverker" in page.words and "Leietakeren" in page.words
    assert STAFF["kari"].name in page.words and STAFF["amir"].name in page.words
    handed(database, "N-77", "in", "amir")
    page = enter("ingrid").find("/office/keys", "n-77")
    assert "Utlevert to ganger" not in page.words


@pytest.mark.parametrize(
    ("actions", "twice"),
    [
        (["out"], False),
        (["out", "out"], True),
        (["out", "in", "out"], False),
        (["out", "out", "in"], False),
        ([], False),
    ],
)
def test_what_is_out_twice(actions: list[str], twice: bool) -> None:
    assert is_out_twice(actions) is twice


def test_keys_are_for_those_who_work_with_the_homes(enter: Enter, database: Database) -> None:
    handed(database, "N-78", "out", "kari", due_back_on="2026-01-05", words="Til rørleggeren.")
    assert "Skulle vært levert" in enter("ola").find("/office/keys", "N-78").words
    for login in ("eva", "admin"):
        assert enter(login).open("/office/keys").status == 404
    assert "Ingen treff på «%»" in enter("ola").find("/office/keys", "%").words
