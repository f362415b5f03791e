"""Passkeys: a device that tells the truth comes in, and every lie is one answer: not in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from server import acts, by_passkey, people, staff
from server.database import Database
from server.demo.municipality import STAFF
from server.people import Challenge, LoginSession, Passkey
from server.people.throttle import ADDRESS_LIMIT, NAME_LIMIT
from tests.authenticator import BACKED_UP, PRESENT, SOUND, SYNCS, Authenticator
from tests.office.conftest import Enter
from tests.office.passkeys import ENTER, INGRID, MAKE, Asked, begin, ceremony, enter_by, is_in, make
from tests.office.reader import Reader
from tests.server.test_security_log import seen


def test_who_has_a_passkey_comes_in_by_it_alone(
    app: Flask, device: Authenticator, database: Database
) -> None:
    stranger = Reader(app)
    asked, fields = begin(stranger)
    assert asked["userVerification"] == "required" and not asked.get("allowCredentials")
    answer = enter_by(stranger, device.answer(asked), fields)
    assert (answer.status, answer.location) == (302, "/office/")
    assert "Passnøkkel, fra i dag" in stranger.open("/office/me").words
    with database.reading() as session:
        key = session.scalars(select(Passkey)).one()
        assert (key.user, key.sign_count, key.synced) == (INGRID, 2, False)
        assert key.used_at is not None and acts.latest(session, by_passkey.MADE) is not None


def test_a_login_by_passkey_ends_the_one_before_and_keeps_what_was_typed(
    app: Flask, device: Authenticator, enter: Enter, database: Database
) -> None:
    ingrid = enter("ingrid")
    with database.writing() as session:
        ago = datetime.now(UTC) - timedelta(hours=1)
        session.execute(update(LoginSession).values(created_at=ago))
    asked_anew = ingrid.send(ingrid.open("/office/me").form("Lag engangskode"))
    assert asked_anew.status == 401 and "Bekreft at det er deg" in asked_anew.words
    before = ingrid.client.get_cookie("oppgang")
    asked, fields = ceremony(ingrid.send(asked_anew.form(ENTER)))
    resumed = enter_by(ingrid, device.answer(asked), fields)
    assert "Det du skrev før du ble logget ut" in resumed.words
    assert "Slå på engangskode" in ingrid.send(resumed.form("Send det du skrev")).words
    assert before is not None
    with database.reading() as session:
        assert people.login_of(session, before.value, datetime.now(UTC)) is None


def test_a_phone_comes_and_goes_by_the_same_way(app: Flask, device: Authenticator) -> None:
    phone = Reader(app)
    asked, fields = ceremony(phone.open("/office/login/passkey"))
    wrong = enter_by(phone, device.answer(asked, site="ond.example"), fields)
    assert wrong.status == 401 and wrong.links == ["#content", "/"]
    asked, fields = ceremony(phone.open("/office/login/passkey"))
    assert enter_by(phone, device.answer(asked), fields).location == "/"


LIES: dict[str, Callable[[Asked], Asked]] = {
    "another origin": lambda asked: {"origin": "https://oppgang.ond.example"},
    "a sister of ours": lambda asked: {"origin": "http://localhost:8001"},
    "without its lock": lambda asked: {"origin": "https://localhost:8000"},
    "another site": lambda asked: {"site": "ond.example"},
    "in a frame": lambda asked: {"framed": True},
    "a question nobody asked": lambda asked: {"challenge": "A" * 43},
    "no question": lambda asked: {"challenge": ""},
    "an answer to make": lambda asked: {"sort": "webauthn.create"},
    "nobody was there": lambda asked: {"flags": SOUND & ~PRESENT},
    "nobody was verified": lambda asked: {"flags": PRESENT},
    "the count stands": lambda asked: {"count": 1},
    "the count goes back": lambda asked: {"count": 0},
    "a key that never synced does": lambda asked: {"flags": SOUND | SYNCS},
    "backed up and not synced": lambda asked: {"flags": SOUND | BACKED_UP},
    "another's": lambda asked: {"user": "AAAAAAAAAAAAAAAAAAAAAA"},
    "an odd user": lambda asked: {"user": "!"},
}


@pytest.mark.parametrize("lie", sorted(LIES))
def test_no_lie_comes_in(
    lie: str, app: Flask, device: Authenticator, database: Database, capsys: Any
) -> None:
    stranger = Reader(app)
    asked, fields = begin(stranger)
    page = enter_by(stranger, device.answer(asked, **LIES[lie](asked)), fields)
    assert page.status == 401, page.words
    assert "Ingen" in page.words or "passnøkkel" in page.words.casefold()
    assert not is_in(stranger)
    with database.reading() as session:
        assert session.scalars(select(Passkey.used_at)).one() is None
    asked, fields = begin(stranger)
    assert enter_by(stranger, device.answer(asked), fields).status == 302


def test_a_signature_that_was_touched_is_none(app: Flask, device: Authenticator) -> None:
    stranger = Reader(app)
    asked, fields = begin(stranger)
    said = device.answer(asked)
    mark = said["response"]["signature"]
    said["response"]["signature"] = mark[:-6] + ("AAAAAA" if mark[-6:] != "AAAAAA" else "BBBBBB")
    assert enter_by(stranger, said, fields).status == 401 and not is_in(stranger)


def test_another_key_under_the_same_number_is_none(app: Flask, device: Authenticator) -> None:
    stranger, thief = Reader(app), Authenticator(count=9, credential=device.credential)
    thief.user = device.user
    asked, fields = begin(stranger)
    assert enter_by(stranger, thief.answer(asked), fields).status == 401


def test_a_key_that_nobody_made_here_is_none(app: Flask, device: Authenticator) -> None:
    stranger = Reader(app)
    asked, fields = begin(stranger)
    unknown = Authenticator(user=device.user)
    assert enter_by(stranger, unknown.answer(asked), fields).status == 401


def test_the_same_answer_opens_once(app: Flask, device: Authenticator) -> None:
    first, second = Reader(app), Reader(app)
    asked, fields = begin(first)
    said = device.answer(asked)
    assert enter_by(first, said, fields).status == 302
    _, theirs = begin(second)
    again = enter_by(second, said, theirs)
    assert again.status == 401 and "siden var brukt før" in again.words


def test_a_question_that_was_answered_wrongly_is_spent(app: Flask, device: Authenticator) -> None:
    stranger = Reader(app)
    asked, fields = begin(stranger)
    enter_by(stranger, device.answer(asked, flags=PRESENT), fields)
    assert enter_by(stranger, device.answer(asked), fields).status == 401


def test_a_question_lasts_five_minutes(
    app: Flask, device: Authenticator, database: Database
) -> None:
    stranger = Reader(app)
    for ago, status in ((timedelta(minutes=4), 302), (timedelta(minutes=6), 401)):
        asked, fields = begin(stranger)
        with database.writing() as session:
            session.execute(update(Challenge).values(began_at=datetime.now(UTC) - ago))
        page = enter_by(stranger, device.answer(asked), fields)
        assert page.status == status, page.words
        stranger = Reader(app)
    assert "Det gikk for lang tid" in page.words


def test_a_question_about_making_a_key_lets_nobody_in(
    app: Flask, device: Authenticator, enter: Enter
) -> None:
    ingrid, stranger = enter("ingrid"), Reader(app)
    making, _ = ceremony(ingrid.send(ingrid.open("/office/me").form(MAKE)))
    assert [each["id"] for each in making["excludeCredentials"]] != []
    _, fields = begin(stranger)
    assert enter_by(stranger, device.answer(making), fields).status == 401


@pytest.mark.parametrize("who", ["its owner", "an administrator", "a new password", "closed"])
def test_a_key_that_was_taken_away_opens_nothing(
    who: str, app: Flask, device: Authenticator, enter: Enter, database: Database
) -> None:
    now, by = datetime.now(UTC), STAFF["admin"].id
    if who == "its owner":
        ingrid = enter("ingrid")
        page = ingrid.send(ingrid.open("/office/me").form("Ta bort"))
        assert page.status == 200
    elif who == "an administrator":
        admin, hers = enter("admin"), enter("ingrid")
        page = admin.send(admin.open("/office/people").form("Ta bort passnøklene"))
        assert page.status == 200
        assert hers.client.get("/office/homes").status_code == 302, "what it opened is shut too"
    elif who == "a new password":
        staff.new_password(database, by, INGRID, now)
    else:
        staff.close(database, by, INGRID, now)
        staff.reopen(database, by, INGRID, now)
    with database.reading() as session:
        assert people.passkeys_of(session, INGRID) == []
    stranger = Reader(app)
    asked, fields = begin(stranger)
    assert enter_by(stranger, device.answer(asked), fields).status == 401


def test_whoever_is_closed_does_not_come_in_though_the_key_is_there(
    app: Flask, device: Authenticator, database: Database
) -> None:
    with database.writing() as session:
        session.get_one(people.User, INGRID).closed_at = datetime.now(UTC)
    stranger = Reader(app)
    asked, fields = begin(stranger)
    assert enter_by(stranger, device.answer(asked), fields).status == 401


ODD: tuple[str, ...] = (
    "",
    "null",
    "[]",
    "{}",
    '{"response":null}',
    '{"response":{"clientDataJSON":"e30"},"rawId":"AA"}',
    '{"id":"AA","id":"BB","rawId":"AA","response":{}}',
    '{"response":{"clientDataJSON":7},"rawId":[]}',
    '{"response":{"clientDataJSON":"/+=="},"rawId":"AA"}',
    "NaN",
    "\ud800",
    "{" * 40_000,
    '{"a":' * 30 + "1" + "}" * 30,
)


@pytest.mark.parametrize("odd", range(len(ODD)))
def test_odd_words_are_an_answer_in_words(odd: int, app: Flask, device: Authenticator) -> None:
    stranger = Reader(app)
    _, fields = begin(stranger)
    page = enter_by(stranger, ODD[odd].encode(errors="replace").decode(), fields)
    assert page.status == 401 and "Passnøkkelen ble ikke godtatt." in page.words


ODD_PARTS: tuple[Any, ...] = ("", "AA", "A" * 200, 7, None, [], {"a": 1})


@pytest.mark.parametrize("part", ["authenticatorData", "signature", "clientDataJSON", "userHandle"])
def test_odd_parts_are_an_answer_in_words(part: str, app: Flask, device: Authenticator) -> None:
    for odd in ODD_PARTS:
        stranger = Reader(app)
        asked, fields = begin(stranger)
        said = device.answer(asked)
        said["response"][part] = odd
        page = enter_by(stranger, said, fields)
        gone = part == "userHandle" and odd in ("", None)  # a device need not say whose it is
        assert page.status == (302 if gone else 401), (part, odd)


def test_tries_are_slowed_down_by_key_and_by_address(
    app: Flask, device: Authenticator, database: Database
) -> None:
    stranger = Reader(app)
    answers = []
    for _ in range(NAME_LIMIT.tries + 1):
        asked, fields = begin(stranger)
        answers.append(enter_by(stranger, device.answer(asked, flags=PRESENT), fields))
    assert [page.status for page in answers] == [401] * NAME_LIMIT.tries + [429]
    assert "For mange forsøk" in answers[-1].words and answers[-1].headers["Retry-After"]
    with database.writing() as session:
        for _ in range(ADDRESS_LIMIT.tries - len(answers)):
            people.count_try(session, "address", "127.0.0.1", ADDRESS_LIMIT, datetime.now(UTC))
    asked, fields = begin(stranger)
    unknown = Authenticator(user=device.user)
    assert enter_by(stranger, unknown.answer(asked), fields).status == 429
    for _ in range(by_passkey.ASK_LIMIT.tries - NAME_LIMIT.tries - 2):
        assert stranger.open("/office/login/passkey").status == 200
    assert stranger.open("/office/login/passkey").status == 429


def test_where_a_code_is_required_a_passkey_is_enough(app: Flask, device: Authenticator) -> None:
    settings = app.extensions["oppgang_settings"]
    app.extensions["oppgang_settings"] = dataclasses.replace(settings, code_required=True)
    stranger = Reader(app)
    asked, fields = begin(stranger)
    enter_by(stranger, device.answer(asked), fields)
    assert "Kommunen krever engangskode" not in stranger.open("/office/inbox").words
    assert is_in(stranger)
    by_word = Reader(app).log_in("ingrid")
    assert "Kommunen krever engangskode av alle." in by_word.open("/office/inbox").words


def test_a_device_that_counts_nothing_is_let_in_each_time(app: Flask, enter: Enter) -> None:
    device = Authenticator(flags=SOUND | SYNCS | BACKED_UP)
    assert "Følger kontoen din" in make(enter("ingrid"), device).words
    for _ in range(2):
        stranger = Reader(app)
        asked, fields = begin(stranger)
        assert enter_by(stranger, device.answer(asked), fields).status == 302


@pytest.mark.parametrize("why", ["counter_went_back", "closed"])
def test_the_guard_is_told_whose_key_was_refused(
    why: str, app: Flask, device: Authenticator, database: Database, capsys: Any
) -> None:
    if why == "closed":
        with database.writing() as session:
            session.get_one(people.User, INGRID).closed_at = datetime.now(UTC)
    stranger = Reader(app)
    asked, fields = begin(stranger)
    seen(capsys)
    enter_by(stranger, device.answer(asked, **({} if why == "closed" else {"count": 1})), fields)
    (line,) = (line for line in seen(capsys) if line["seen"] == "login_failed")
    assert (line["why"], line["way"], line["user"]) == (why, "passkey", INGRID)
