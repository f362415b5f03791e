"""The scheduler: one leads, each job works once for its day, a failed one is tried again."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from server import notices, oidc, people
from server.config import Settings
from server.database import Database
from server.jobs import (
    CLAIM_LASTS,
    Job,
    attempt,
    back_up,
    forget_the_passing,
    judge_what_was_held,
    leading,
    notice_silent_replicas,
)
from server.roles import Role
from tests.makers import World, new_id, visit
from tests.server.phone import Phone

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KARI = "018f2c5e-0000-7000-8000-00000000000a"
PHONE = "018f2c5e-0000-7000-8000-0000000000f1"


@pytest.fixture
def place(database: Database, settings: Settings) -> tuple[Database, Settings]:
    return database, settings


class Counted:
    """A job's work that counts its runs, and fails as often as told."""

    def __init__(self, fails: int = 0) -> None:
        self.runs, self.fails = 0, fails

    def __call__(self, database: Database, settings: Settings, now: datetime) -> None:
        self.runs += 1
        if self.runs <= self.fails:
            raise RuntimeError("planted")


def test_a_job_waits_for_its_hour_in_norwegian_time(place: tuple[Database, Settings]) -> None:
    work = Counted()
    job = Job("job", time(6, 0), work)
    assert not attempt(job, *place, datetime(2026, 11, 23, 4, 59, tzinfo=UTC))
    assert attempt(job, *place, datetime(2026, 11, 23, 5, 0, tzinfo=UTC))
    assert work.runs == 1


def test_a_job_works_once_a_day_however_often_it_is_looked_at(
    place: tuple[Database, Settings],
) -> None:
    work = Counted()
    job = Job("job", time(6, 0), work)
    for hours in (0, 1, 5, 24, 25):
        attempt(job, *place, MORNING + timedelta(hours=hours))
    assert work.runs == 2


def test_eight_schedulers_that_try_at_once_do_the_work_once(
    place: tuple[Database, Settings],
) -> None:
    work, gate, done = Counted(), threading.Barrier(8), list[bool]()
    job = Job("job", time(6, 0), work)

    def try_it() -> None:
        gate.wait()
        done.append(attempt(job, *place, MORNING))

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert work.runs == 1
    assert sorted(done) == [False] * 7 + [True]


def test_a_failed_run_is_tried_again_at_the_next_look(place: tuple[Database, Settings]) -> None:
    work = Counted(fails=2)
    job = Job("job", time(6, 0), work)
    assert [attempt(job, *place, MORNING) for _ in range(4)] == [False, False, True, False]


def test_a_run_that_died_half_way_is_taken_over_after_a_while(
    place: tuple[Database, Settings],
) -> None:
    class Killed(BaseException):
        """Stands for a process that ends without a word."""

    def die(*_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        attempt(Job("job", time(6, 0), die), *place, MORNING)
    work = Counted()
    job = Job("job", time(6, 0), work)
    assert not attempt(job, *place, MORNING + CLAIM_LASTS / 2)
    assert attempt(job, *place, MORNING + CLAIM_LASTS)


def test_only_one_scheduler_leads_and_another_follows_when_it_ends(
    place: tuple[Database, Settings],
) -> None:
    with leading(*place) as first:
        assert first
        assert first()
        with leading(*place) as second:
            assert second is None
    with leading(*place) as third:
        assert third


def test_the_nightly_backup_lands_in_its_folder(place: tuple[Database, Settings]) -> None:
    database, settings = place
    back_up(database, settings, MORNING)
    assert [path.name for path in (settings.data / "backups").iterdir()] == [
        "oppgang-20261123T080000Z.backup"
    ]


def replica(place: tuple[Database, Settings], *, heard: datetime, unsent: int) -> None:
    with place[0].writing() as session:
        if session.get(people.User, KARI) is None:
            people.add_user(session, KARI, "Kari", MORNING)
        session.merge(
            people.Replica(
                id=PHONE,
                installation=PHONE,
                user=KARI,
                public_key=b"\4" + bytes(64),
                app="1",
                contract=1,
                registered_at=MORNING - timedelta(days=90),
                last_seen_at=heard,
                unsent=unsent,
            )
        )


def open_notices(place: tuple[Database, Settings]) -> list[str]:
    with place[0].reading() as session:
        return [notice.about for notice in notices.unsettled(session)]


def test_a_phone_that_goes_silent_with_work_on_it_is_told_of_once(
    place: tuple[Database, Settings],
) -> None:
    replica(place, heard=MORNING - timedelta(days=4, hours=1), unsent=3)
    for days in range(3):
        notice_silent_replicas(*place, MORNING + timedelta(days=days))
    assert open_notices(place) == [PHONE]


@pytest.mark.parametrize(
    ("silent_for", "unsent"), [(timedelta(days=3, hours=1), 3), (timedelta(days=60), 0)]
)
def test_a_short_silence_or_one_without_work_is_no_news(
    place: tuple[Database, Settings], silent_for: timedelta, unsent: int
) -> None:
    replica(place, heard=MORNING - silent_for, unsent=unsent)
    notice_silent_replicas(*place, MORNING)
    assert open_notices(place) == []


def test_the_notice_ends_when_the_phone_is_heard_again_and_a_new_silence_is_a_new_one(
    place: tuple[Database, Settings],
) -> None:
    replica(place, heard=MORNING - timedelta(days=9), unsent=3)
    notice_silent_replicas(*place, MORNING)
    replica(place, heard=MORNING, unsent=3)
    notice_silent_replicas(*place, MORNING)
    assert open_notices(place) == []
    notice_silent_replicas(*place, MORNING + timedelta(days=30))
    assert open_notices(place) == [PHONE]


def test_work_held_for_want_of_access_is_judged_again_once_access_is_given(
    app: Flask, world: World, settings: Settings
) -> None:
    database = app.extensions["oppgang"]
    amir = Phone(app, "amir")
    with database.writing() as session:
        people.withdraw(session, amir.user)
    id, body = visit()
    pushed = amir.write("visit", id, body)
    assert amir.sync(pushed)[0]["state"] == "held"
    judge_what_was_held(database, settings, MORNING)
    assert amir.sync(pushed)[0]["state"] == "held"
    with database.writing() as session:
        people.grant(session, new_id(), amir.user, Role.BOMILJO, None)
    judge_what_was_held(database, settings, MORNING)
    assert amir.sync(pushed)[0]["state"] == "applied"


def test_logins_that_nobody_ended_are_let_go_of_at_night_with_what_was_typed(
    place: tuple[Database, Settings],
) -> None:
    moments = {
        True: (MORNING - people.CHALLENGE_LASTS, MORNING - oidc.ATTEMPT_LASTS),
        False: (MORNING - timedelta(days=1), MORNING - timedelta(days=1)),
    }
    with place[0].writing() as session:
        for stays, (asked_at, began_at) in moments.items():
            digest = bytes([stays]) * 32
            session.add(people.Challenge(sha256=digest, ceremony="enter", began_at=asked_at))
            marks = {"state_sha256": digest, "browser_sha256": digest, "purpose": "enter"}
            words = dict.fromkeys(("nonce", "verifier", "target", "kept"), "Det jeg skrev")
            session.add(oidc.Attempt(**marks, **words, began_at=began_at))
    forget_the_passing(*place, MORNING)
    with place[0].reading() as session:
        for column in (people.Challenge.sha256, oidc.Attempt.state_sha256):
            assert session.scalars(select(column)).all() == [bytes([True]) * 32]
