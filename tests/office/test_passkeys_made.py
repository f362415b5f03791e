"""Making a passkey: for oneself, by a login of now, from a device that tells the truth."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from server import acts, by_passkey, emergency, people
from server.database import Database
from server.demo.municipality import STAFF
from server.people import LoginSession
from tests.authenticator import PRESENT, Authenticator
from tests.office.conftest import Enter
from tests.office.passkeys import ENTER, INGRID, LISE, MAKE, ceremony, make


@pytest.mark.parametrize(
    "lies",
    [
        {"origin": "https://oppgang.ond.example"},
        {"site": "ond.example"},
        {"flags": PRESENT},
        {"challenge": "A" * 43},
        {"sort": "webauthn.get"},
        {"framed": True},
        {"fmt": "made-up"},
        {"public": {1: 2, 3: -7}},
        {"public": {1: 3, 3: -65535, -1: b"1", -2: b"1"}},
    ],
)
def test_no_lie_makes_a_key(lies: dict[str, Any], enter: Enter, database: Database) -> None:
    page = make(enter("ingrid"), Authenticator(), **lies)
    assert page.status in (401, 422) and "ikke" in page.words
    with database.reading() as session:
        assert people.passkeys_of(session, INGRID) == []


def test_a_key_is_made_for_the_one_who_asked(enter: Enter, database: Database) -> None:
    ingrid, lise, device = enter("ingrid"), enter("lise"), Authenticator()
    asked, _ = ceremony(ingrid.send(ingrid.open("/office/me").form(MAKE)))
    _, fields = ceremony(lise.send(lise.open("/office/me").form(MAKE)))
    fields["answer"] = json.dumps(device.make(asked))
    assert lise.post("/office/me/passkey/answer", fields).status == 422
    with database.reading() as session:
        assert people.passkeys_of(session, LISE) == [] == people.passkeys_of(session, INGRID)


def test_a_key_of_one_cannot_be_made_anothers(
    device: Authenticator, enter: Enter, database: Database
) -> None:
    assert make(enter("lise"), device).status == 422
    with database.reading() as session:
        assert len(people.passkeys_of(session, INGRID)) == 1


def test_a_key_is_made_and_taken_away_by_a_login_of_now_alone(
    device: Authenticator, enter: Enter, database: Database
) -> None:
    ingrid = enter("ingrid")
    page = ingrid.open("/office/me")
    with database.writing() as session:
        ago = datetime.now(UTC) - timedelta(hours=1)
        session.execute(update(LoginSession).values(created_at=ago))
    for button in (MAKE, "Ta bort"):
        assert "Bekreft at det er deg" in ingrid.send(page.form(button)).words


def test_nobody_takes_anothers_key_away(
    device: Authenticator, enter: Enter, database: Database
) -> None:
    with database.reading() as session:
        key = people.passkeys_of(session, INGRID)[0].id
    lise = enter("lise")
    mark = lise.open("/office/me").form(MAKE).one("csrf")
    lise.post("/office/me/passkey/drop", {"csrf": mark, "passkey": key})
    assert lise.post(f"/office/people/{INGRID}/passkeys/drop", {"csrf": mark}).status == 404
    with database.reading() as session:
        assert len(people.passkeys_of(session, INGRID)) == 1


def test_the_envelope_and_the_directory_have_no_keys_here(enter: Enter, database: Database) -> None:
    emergency.make(database, "cli:drift", datetime.now(UTC))
    with database.writing() as session:
        made = acts.latest(session, emergency.MADE)
        assert made is not None and made[0].about is not None
        assert not by_passkey.may_have(session, made[0].about)
        assert by_passkey.may_have(session, INGRID)
        session.execute(
            update(people.Identity)
            .where(people.Identity.user == INGRID)
            .values(provider="https://login.example")
        )
    assert not enter("ingrid").open("/office/me").has(MAKE)


def test_nobody_has_more_than_ten(enter: Enter, database: Database) -> None:
    ingrid = enter("ingrid")
    for _ in range(people.PASSKEYS_MAX):
        assert make(ingrid, Authenticator()).status == 200
    page = ingrid.send(ingrid.open("/office/me").form(MAKE))
    assert page.status == 422 and "Passnøkkelen ble ikke laget." in page.words


@pytest.mark.parametrize("ended", [True, False])
def test_what_was_typed_goes_with_whoever_turns_from_the_passkey_to_the_password(
    ended: bool, enter: Enter, database: Database
) -> None:
    """The login is over, or only too old for this; there is no key on this machine."""
    ingrid, now = enter("ingrid"), datetime.now(UTC)
    form = ingrid.open("/office/me").form("Lag engangskode")
    with database.writing() as session:
        if ended:
            people.close_sessions(session, INGRID, now)
        session.execute(update(LoginSession).values(created_at=now - timedelta(hours=1)))
    asked = ingrid.send(ingrid.send(form, typed={"words": "Rør lekker"}).form(ENTER))
    page = ingrid.send(asked.form("Logg inn med passord"), "Logg inn med passord")
    assert ("Bekreft at det er deg." in page.words) is not ended, page.words
    given = {"name": "ingrid", "password": STAFF["ingrid"].passphrase}
    again = ingrid.send(page.form("Logg inn"), typed=given).form("Send det du skrev")
    assert again.one("words") == "Rør lekker"
    assert ingrid.send(again).has("Slå på engangskode")
