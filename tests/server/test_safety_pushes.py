"""Browsers that are woken: without content, once, by those who may, and never in a letter's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from server import people, safety
from server.config import Settings
from server.database import Database
from server.people import LoginSession, token_digest
from server.push import HOSTS, Push
from server.safety.letters import AT_ONCE, TRIES_MAX, LetterRow
from server.shapes import write_instant
from tests.mail_sink import mail_sink
from tests.makers import NOW, USERS, World, new_id
from tests.push_sink import Service, push_service
from tests.server.safety import HALF_AN_HOUR, Alone, at_once, local

OVER = NOW + HALF_AN_HOUR
MINUTE = timedelta(minutes=1)
LISE, KARI = USERS["lise"], USERS["kari"]


@pytest.fixture
def service() -> Iterator[Service]:
    """A push service."""
    with push_service() as made:
        yield made


@pytest.fixture
def alone(database: Database, settings: Settings, world: World, service: Service) -> Alone:
    """Kari out alone, and browsers that the server may wake."""
    made = Alone(database, replace(settings, push=service.known_as(settings.sealing_key)))
    made.watches(NOW)
    made.starts(meet="Hos Eksempel i tredje")
    return made


def logs_in(database: Database, user: str = LISE, endpoint: str | None = None) -> str:
    """Let somebody log in, and be woken in that browser."""
    with database.writing() as session:
        token = people.open_session(session, user, NOW)
        people.keep_browser(session, token, endpoint)
    return token


def warns(alone: Alone) -> None:
    """Let the time run out, and send what there is to send."""
    alone.watches(OVER)
    safety.send_pushes(alone.database, alone.settings, OVER)


def test_the_service_is_asked_to_wake_who_is_on_duty_and_carries_nothing(
    alone: Alone, service: Service
) -> None:
    logs_in(alone.database, endpoint=service.endpoint("desk"))
    warns(alone)
    (asked,) = service.asked
    assert (asked.path, asked.body) == ("/wake/desk", b"")
    assert "content-encoding" not in asked.headers
    assert (asked.headers["ttl"], asked.headers["urgency"]) == ("3600", "high")
    assert asked.claims == {
        "aud": f"http://{service.host}",
        "exp": int((OVER + timedelta(hours=1)).timestamp()),
        "sub": "mailto:it@example.org",
    }
    push = alone.settings.push
    assert push is not None and asked.key == push.public_key
    assert state(alone) == [(OVER, None, False)]


def test_ten_senders_wake_it_once(alone: Alone, service: Service) -> None:
    logs_in(alone.database, endpoint=service.endpoint("desk"))
    alone.watches(OVER)
    at_once(10, lambda _: safety.send_pushes(alone.database, alone.settings, OVER))
    assert len(service.asked) == 1


def test_three_schedulers_put_one_browser_down_once_and_a_new_warning_wakes_it_anew(
    alone: Alone, service: Service
) -> None:
    logs_in(alone.database, endpoint=service.endpoint("desk"))
    for seconds in range(3):
        alone.watches(OVER + timedelta(seconds=seconds))
    safety.send_pushes(alone.database, alone.settings, OVER)
    assert len(service.asked) == 1
    alone.says(OVER + MINUTE, out_now=True)
    alone.watches(OVER + MINUTE)
    safety.send_pushes(alone.database, alone.settings, OVER + MINUTE)
    assert len(service.asked) == 2


def test_each_browser_of_a_person_is_woken(alone: Alone, service: Service) -> None:
    for browser in ("desk", "phone"):
        logs_in(alone.database, endpoint=service.endpoint(browser))
    warns(alone)
    assert sorted(asked.path for asked in service.asked) == ["/wake/desk", "/wake/phone"]


@pytest.mark.parametrize("status", [302, 400, 403, 429, 500])
def test_what_is_refused_is_tried_again_and_shown_until_then(
    alone: Alone, service: Service, status: int
) -> None:
    logs_in(alone.database, endpoint=service.endpoint("desk"))
    service.answers = status
    warns(alone)
    assert state(alone) == [(None, f"status {status}", False)]
    assert len(service.asked) == 1, "nothing is followed elsewhere"
    service.answers = 201
    safety.send_pushes(alone.database, alone.settings, OVER + timedelta(seconds=59))
    assert len(service.asked) == 1
    safety.send_pushes(alone.database, alone.settings, OVER + MINUTE)
    assert state(alone) == [(OVER + MINUTE, None, False)]


def test_it_is_given_up_after_an_hour(alone: Alone, service: Service) -> None:
    logs_in(alone.database, endpoint=service.endpoint("desk"))
    service.answers = 503
    alone.watches(OVER)
    for minutes in range(TRIES_MAX + 5):
        safety.send_pushes(alone.database, alone.settings, OVER + minutes * MINUTE)
    assert len(service.asked) == TRIES_MAX
    assert state(alone) == [(None, "status 503", True)]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_at_once(
    alone: Alone, service: Service, status: int
) -> None:
    token = logs_in(alone.database, endpoint=service.endpoint("desk"))
    service.answers = status
    warns(alone)
    assert state(alone) == [(None, f"status {status}", True)]
    with alone.database.reading() as session:
        assert people.browser_of(session, token) is None
    service.answers = 201
    safety.send_pushes(alone.database, alone.settings, OVER + MINUTE)
    assert len(service.asked) == 1


def test_a_service_that_is_away_loses_no_warning(alone: Alone, service: Service) -> None:
    away = Push("mailto:it@example.org", ("127.0.0.1:1", service.host), b"", plain=True)
    push = replace(away, key=alone.settings.sealing_key)
    logs_in(alone.database, endpoint="http://127.0.0.1:1/wake/desk")
    alone.watches(OVER)
    safety.send_pushes(alone.database, replace(alone.settings, push=push), OVER)
    assert state(alone) == [(None, "ConnectionError", False)]


def test_browsers_that_cannot_be_woken_keep_no_letter_waiting(
    alone: Alone, service: Service
) -> None:
    for number in range(AT_ONCE):
        with alone.database.writing() as session:
            row = {"check_in": alone.id, "user": LISE, "browser": f"{number:064}", "tries": 0}
            session.add(LetterRow(id=new_id(), made_at=NOW, **row))
    alone.reads_mail("lise", "lise@example.org")
    alone.watches(OVER)
    with mail_sink() as sink:
        by_mail = replace(alone.settings, smtp=local(sink.port))
        safety.send_letters(alone.database, by_mail, OVER)
        assert len(sink.taken) == 1
    assert service.asked == []


def test_what_is_over_before_it_could_be_sent_wakes_nobody(alone: Alone, service: Service) -> None:
    logs_in(alone.database, endpoint=service.endpoint("desk"))
    alone.watches(OVER)
    alone.says(OVER, ended_at=write_instant(OVER))
    safety.send_pushes(alone.database, alone.settings, OVER)
    assert service.asked == []


def test_where_nothing_is_set_up_no_browser_is_put_down(alone: Alone, service: Service) -> None:
    logs_in(alone.database, endpoint=service.endpoint("desk"))
    bare = Alone(alone.database, replace(alone.settings, push=None), alone.id)
    warns(bare)
    assert state(alone) == [] and service.asked == []
    assert alone.warned_at == write_instant(OVER)


@pytest.mark.parametrize(
    "ends",
    [
        lambda session, token: people.close_session(session, token, OVER),
        lambda session, token: people.close_sessions(session, LISE, OVER),
        lambda session, token: people.keep_browser(session, token, None),
        lambda session, token: people.withdraw(session, LISE),
        lambda session, token: setattr(session.get_one(people.User, LISE), "closed_at", OVER),
        lambda session, token: setattr(
            session.get_one(LoginSession, token_digest(token)), "seen_at", NOW - timedelta(days=9)
        ),
    ],
    ids=["logged out", "ended by another", "turned off", "no role", "closed", "long unused"],
)
@pytest.mark.parametrize("before", [True, False], ids=["before the warning", "after it"])
def test_a_browser_is_woken_no_more_when(
    alone: Alone, service: Service, ends: object, before: bool
) -> None:
    token = logs_in(alone.database, endpoint=service.endpoint("desk"))
    with alone.database.reading() as session:
        assert people.woken(session, {LISE}, OVER)
    if not before:
        alone.watches(OVER)
    with alone.database.writing() as session:
        assert callable(ends)
        ends(session, token)
    if before:
        alone.watches(OVER)
        assert state(alone) == [], "nothing waits for it either"
    safety.send_pushes(alone.database, alone.settings, OVER)
    assert service.asked == []


def test_what_is_no_longer_allowed_is_not_asked_though_it_was_kept(
    alone: Alone, service: Service
) -> None:
    logs_in(alone.database, endpoint=service.endpoint("desk"))
    push = Push("mailto:it@example.org", HOSTS, alone.settings.sealing_key, plain=True)
    alone.watches(OVER)
    safety.send_pushes(alone.database, replace(alone.settings, push=push), OVER)
    assert service.asked == []
    assert state(alone) == [(None, "not_allowed", True)]


def state(alone: Alone) -> list[tuple[object, str | None, bool]]:
    """Give for each browser when it was woken, the trouble, and whether it was given up."""
    with alone.database.reading() as session:
        letters = safety.letters_about(session, [alone.id])
    return [(one.sent_at, one.trouble, one.given_up) for one in letters if not one.by_mail]
