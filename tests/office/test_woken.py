"""Being warned in a browser: turned on by each for themselves, where the operator has set it up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from server import by_password, create_app, people, safety
from server.config import Settings
from server.database import Database
from server.demo.municipality import STAFF
from server.push import HOSTS, Push
from tests.office.conftest import Enter
from tests.office.reader import Page, Reader
from tests.office.test_safety import HALF, look, out_alone
from tests.push_sink import Service, push_service

HERE = "https://fcm.googleapis.com/fcm/send/here"
OFFERED = "Varsle meg i nettleseren"
LISE = STAFF["lise"]


@pytest.fixture
def service() -> Iterator[Service]:
    """A push service."""
    with push_service() as made:
        yield made


@pytest.fixture
def waking(settings: Settings, app: Flask, service: Service) -> Enter:
    """Log somebody in where browsers may be woken, by the real services and by the test's."""
    push = Push("mailto:it@example.org", (*HOSTS, service.host), settings.sealing_key, plain=True)
    made = create_app(replace(settings, push=push), app.extensions["oppgang"])
    return lambda login: Reader(made, login)


def turn_on(reader: Reader, endpoint: str = HERE) -> Page:
    """Send what the browser answers."""
    form = reader.open("/office/safety/duty").form("Varsle i denne nettleseren")
    return reader.send(form, endpoint=endpoint)


def woken(database: Database, login: str = "lise") -> set[str]:
    """Give the names of somebody's browsers that are woken."""
    with database.reading() as session:
        found = people.woken(session, {STAFF[login].id}, datetime.now(UTC))
    return {name for _, name in found}


def test_where_nothing_is_set_up_no_page_knows_of_it(
    app: Flask, enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    page = lise.open("/office/safety/duty")
    assert page.status == 200 and OFFERED not in page.words
    assert "push" not in page.html and "nettleser" not in page.words
    assert "worker-src 'none'" in page.headers["Content-Security-Policy"]
    look(app, database)
    assert "nettleser" not in lise.open("/office/safety").words
    form = page.form("Lagre adressen")
    sent = lise.post("/office/safety/browser", {"csrf": form.one("csrf"), "endpoint": HERE})
    assert sent.status == 404
    assert woken(database) == set()


def test_somebody_turns_it_on_in_their_own_browser_and_off_again(
    waking: Enter, database: Database
) -> None:
    lise = waking("lise")
    page = lise.open("/office/safety/duty")
    assert OFFERED in page.words and 'data-woken=""' in page.html
    policy = page.headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy and "require-trusted-types-for 'script'" in policy
    assert "connect-src" not in policy, "the page fetches nothing"
    page = turn_on(lise)
    assert "Lagret." in page.words and f'data-woken="{HERE}"' in page.html
    assert woken(database) == {people.browser_name(HERE)}
    assert 'data-woken=""' in waking("lise").open("/office/safety/duty").html, "another browser"
    turn_on(lise, "")
    assert woken(database) == set()
    assert "worker-src 'none'" in lise.open("/office/safety").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "endpoint", ["http://10.0.0.1/", "https://example.org/push", f"{HERE}{'x' * 1000}"]
)
def test_an_address_that_is_no_push_services_is_told_and_not_kept(
    waking: Enter, database: Database, endpoint: str
) -> None:
    page = turn_on(waking("lise"), endpoint)
    assert page.status == 422
    assert "Denne nettleseren varsles gjennom en tjeneste som kommunen ikke" in page.words
    assert woken(database) == set()


def test_logging_out_ends_it(waking: Enter, database: Database) -> None:
    lise = waking("lise")
    turn_on(lise)
    lise.send(lise.open("/office/").form("Logg ut"))
    assert woken(database) == set()


@pytest.mark.parametrize("login", ["lise", "ingrid"])
def test_who_logs_in_anew_there_goes_on_and_another_does_not(
    waking: Enter, database: Database, settings: Settings, login: str
) -> None:
    lise = waking("lise")
    turn_on(lise)
    cookie = lise.client.get_cookie("oppgang")
    assert cookie is not None
    came = people.Came("192.0.2.1", "", cookie.value)
    shown = by_password.Shown(login, STAFF[login].passphrase, "", came)
    _, token = by_password.enter(database, settings, shown, datetime.now(UTC), enrols=True)
    lise.client.set_cookie("oppgang", token)
    page = lise.open("/office/safety/duty")
    assert STAFF[login].name in page.words
    assert (f'data-woken="{HERE}"' in page.html) is (login == "lise")
    assert woken(database) == ({people.browser_name(HERE)} if login == "lise" else set())


def test_a_new_password_leaves_it_on_in_this_browser_alone(
    waking: Enter, database: Database
) -> None:
    lise, elsewhere = waking("lise"), waking("lise")
    turn_on(lise)
    turn_on(elsewhere, f"{HERE}/elsewhere")
    assert len(woken(database)) == 2
    form = lise.open("/office/me").form("Bytt passord")
    new = "fire ord som ingen gjetter"
    page = lise.send(form, old=LISE.passphrase, new=new, again=new)
    assert page.status == 200, page.words
    assert woken(database) == {people.browser_name(HERE)}


def test_who_is_told_by_the_list_alone_is_named_until_a_browser_is_woken(waking: Enter) -> None:
    lise = waking("lise")
    page = lise.open("/office/safety/duty")
    before = "Uten e-postadresse og varsel i nettleseren, ser varselet bare i lista: "
    assert f"{before}{LISE.name}" in page.words
    assert f"{before}{LISE.name}" not in turn_on(lise).words


def test_the_list_says_what_became_of_it(
    app: Flask, waking: Enter, database: Database, settings: Settings, service: Service
) -> None:
    lise = waking("lise")
    turn_on(lise, service.endpoint("desk"))
    push = service.known_as(settings.sealing_key)
    asking = replace(settings, push=push)
    look(app, database)
    out_alone(database, HALF + timedelta(minutes=2))
    safety.watch(database, asking, datetime.now(UTC))
    assert f"Varsel i nettleseren til {LISE.name} er ikke levert" in _list(lise)
    service.answers = 503
    safety.send_pushes(database, asking, datetime.now(UTC))
    assert f"Varsel i nettleseren til {LISE.name} er ikke levert: prøver igjen" in _list(lise)
    service.answers = 201
    safety.send_pushes(database, asking, datetime.now(UTC) + timedelta(minutes=1))
    assert f"Varsel i nettleseren til {LISE.name} i dag" in _list(lise)
    assert "Varsler vises her, og i nettlesere som noen har slått dem på i." in _list(lise)


def _list(reader: Reader) -> str:
    return reader.open("/office/safety").words
