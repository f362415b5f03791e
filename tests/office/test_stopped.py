"""A second factor is required from one form to the next: what was typed is sent all the same.

It comes along whatever is done first: the code, a passkey, another password, another login.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from server.database import Database
from server.demo.municipality import STAFF
from server.people import LoginSession
from tests.authenticator import Authenticator
from tests.office.conftest import Enter
from tests.office.passkeys import ENTER, MAKE, ceremony, enter_by
from tests.office.reader import Form, Page, Reader, read
from tests.office.test_decisions import ASK, a_comment, bodies, first
from tests.office.test_my_login import code_of, require_code, secret_on

OLD, NEW = STAFF["ingrid"].passphrase, "regnbue havre lerke spade"
PASSWORDS = {"old", "new", "again"}


@pytest.fixture
def ingrid(enter: Enter) -> Reader:
    """Ingrid, who came in by her password."""
    return enter("ingrid")


@pytest.fixture
def form(ingrid: Reader) -> Form:
    """What she is writing."""
    return first(ingrid).form("Send tilbake")


def stopped(ingrid: Reader, form: Form, app: Flask) -> Page:
    """Send it when a code has just become required."""
    require_code(app)
    page = ingrid.send(form, "Send tilbake", typed={a_comment(form, "visited_on"): ASK})
    assert page.status == 403 and "Kommunen krever engangskode av alle." in page.words
    assert "Det du skrev, er tatt vare på." in page.words
    return page


def enrol(ingrid: Reader, page: Page) -> Page:
    """Make the code from this page on, with a slip on the way."""
    made = ingrid.send(page.form("Lag engangskode"))
    slip = ingrid.send(made.form("Slå på engangskode"), typed={"code": "1"})
    assert slip.status == 422
    given = {"code": code_of(secret_on(slip.html))}
    return ingrid.send(slip.form("Slå på engangskode"), typed=given)


def by_code(ingrid: Reader, page: Page) -> Page:
    """Make the code at once."""
    done = enrol(ingrid, page)
    assert done.html.count("<li><code>") == 10
    return done


def after_all_else(ingrid: Reader, page: Page) -> Page:
    """Do everything else that stands on the page first."""
    page = ingrid.send(page.form("Logg ut alle andre steder"))
    for given, status in (("feil", 422), (OLD, 200)):
        typed = {"old": given, "new": NEW, "again": NEW}
        page = ingrid.send(page.form("Bytt passord"), typed=typed)
        assert page.status == status
    page = ingrid.send(page.form("Send det du skrev"))
    back = ingrid.send(page.form(MAKE))
    page = ingrid.send(back.form("Tilbake"), "Tilbake")
    assert page.status == 200
    _, fields = ceremony(ingrid.send(page.form(MAKE)))
    page = ingrid.post("/office/me/passkey/answer", {**fields, "answer": "{}"})
    assert page.status == 401 and "Passnøkkelen ble ikke godtatt." in page.words
    return enrol(ingrid, page)


def by_passkey(ingrid: Reader, page: Page) -> Page:
    """Make a passkey instead, and log in with it."""
    device = Authenticator()
    asked, fields = ceremony(ingrid.send(page.form(MAKE)))
    fields["answer"] = json.dumps(device.make(asked))
    page = ingrid.post("/office/me/passkey/answer", fields)
    asked, fields = ceremony(ingrid.send(page.form(ENTER)))
    return enter_by(ingrid, device.answer(asked), fields)


@pytest.mark.parametrize("way", [by_code, after_all_else, by_passkey])
def test_what_was_typed_is_sent_when_the_factor_is_made(
    way: Callable[[Reader, Page], Page],
    ingrid: Reader,
    enter: Enter,
    form: Form,
    app: Flask,
    database: Database,
) -> None:
    enter("ingrid")
    again = way(ingrid, stopped(ingrid, form, app))
    assert "er tatt vare på" in again.words
    done = ingrid.send(again.form("Send det du skrev"))
    assert "Sendt tilbake:" in done.words
    assert {body["status"]["state"] for body in bodies(database, form).values()} == {"returned"}


@pytest.mark.parametrize("button", ["Lag engangskode", "Bytt passord"])
def test_it_is_kept_while_a_login_that_is_too_old_is_made_anew(
    button: str, ingrid: Reader, form: Form, app: Flask, database: Database
) -> None:
    page = stopped(ingrid, form, app)
    old = datetime.now(UTC) - timedelta(days=1)
    with database.writing() as session:
        ended = {"revoked_at": datetime.now(UTC)} if button == "Bytt passord" else {}
        session.execute(update(LoginSession).values(created_at=old, **ended))
    asked = page.form(button)
    given = {name: OLD if name == "old" else NEW for name in asked.fields.keys() & PASSWORDS}
    page = ingrid.send(asked, typed=given)
    assert page.status == 401 and NEW not in page.html
    page = ingrid.send(page.form("Logg inn"), typed={"name": "ingrid", "password": OLD})
    page = ingrid.send(page.form("Send det du skrev"))
    again = by_code(ingrid, page) if page.has("Lag engangskode") else enrol_waiting(ingrid, page)
    assert "Sendt tilbake:" in ingrid.send(again.form("Send det du skrev")).words


def enrol_waiting(ingrid: Reader, page: Page) -> Page:
    """Let the code that was asked for count."""
    given = {"code": code_of(secret_on(page.html))}
    return ingrid.send(page.form("Slå på engangskode"), typed=given)


def test_another_sites_form_is_carried_by_nobody(ingrid: Reader, form: Form, app: Flask) -> None:
    require_code(app)
    forged = {**form.fields, "csrf": ["x"]}
    page = read(ingrid.client.post(form.action, data=forged))
    assert page.status == 403 and "Skjemaet hører til en side" in page.words
    assert not page.has("Lag engangskode")


def test_no_page_carries_the_mark_of_a_form_that_was_stopped(
    ingrid: Reader, form: Form, app: Flask
) -> None:
    page = stopped(ingrid, form, app)
    assert page.form("Lag engangskode").one("kept:csrf") == ""
