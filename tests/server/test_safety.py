"""Trygt besøk: the server warns though the phone is dead, once, and by a clock that is right."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from server import people, safety
from server.config import Settings
from server.database import Database
from server.roles import Role
from server.safety.alone import due_at
from server.shapes import write_instant
from tests.makers import AREA_EAST, AREA_WEST, NOW, USERS, World, new_id
from tests.server.phone import Phone
from tests.server.safety import HALF_AN_HOUR, KARI, Alone, at_once

MINUTE = timedelta(minutes=1)
LISE, INGRID = USERS["lise"], USERS["ingrid"]


@pytest.fixture
def alone(database: Database, settings: Settings, world: World) -> Alone:
    """Kari, with a scheduler that has looked once."""
    made = Alone(database, settings)
    made.watches(NOW)
    return made


def test_the_answer_to_a_start_names_who_is_warned(alone: Alone) -> None:
    alone.starts()
    assert [path for path in alone.body if path.startswith("warns/")] == [f"warns/{LISE}"]


def test_nobody_is_named_while_no_scheduler_watches_and_they_are_when_one_does(
    database: Database, settings: Settings, world: World
) -> None:
    alone = Alone(database, settings)
    alone.starts()
    assert f"warns/{LISE}" not in alone.body
    alone.watches(NOW + MINUTE)
    assert alone.body[f"warns/{LISE}"] is True
    assert alone.warned_at is None


@pytest.mark.parametrize(("seconds", "watched"), [(119, True), (120, False)])
def test_a_sign_that_is_two_minutes_old_is_no_watch(
    alone: Alone, seconds: int, watched: bool
) -> None:
    alone.starts(NOW + timedelta(seconds=seconds))
    assert (f"warns/{LISE}" in alone.body) is watched


def test_a_phone_that_dies_has_the_server_warn_when_the_time_is_over(alone: Alone) -> None:
    alone.starts()
    alone.watches(NOW + HALF_AN_HOUR - timedelta(seconds=1))
    assert alone.warned_at is None
    alone.watches(NOW + HALF_AN_HOUR)
    assert alone.warned_at == write_instant(NOW + HALF_AN_HOUR)


def test_an_end_in_time_warns_nobody(alone: Alone) -> None:
    alone.starts()
    alone.says(NOW + 20 * MINUTE, ended_at=write_instant(NOW + 20 * MINUTE))
    alone.watches(NOW + timedelta(hours=2))
    assert alone.warned_at is None
    assert not alone.outing.is_over(NOW + timedelta(hours=2)), "it ended while a look was under way"


def test_more_time_moves_the_moment_and_no_further(alone: Alone) -> None:
    alone.starts()
    later = NOW + HALF_AN_HOUR + 15 * MINUTE
    alone.says(NOW + 29 * MINUTE, ends_at=write_instant(later))
    alone.watches(NOW + HALF_AN_HOUR)
    assert alone.warned_at is None
    alone.watches(later)
    assert alone.warned_at == write_instant(later)


def test_out_now_warns_at_once_and_the_same_press_is_one_warning(alone: Alone) -> None:
    alone.starts()
    alone.says(NOW + MINUTE, out_now=True)
    for seconds in (0, 3, 600, 3600):
        alone.watches(NOW + MINUTE + timedelta(seconds=seconds))
    assert alone.warnings == 1
    alone.says(NOW + 2 * MINUTE, out_now=True)
    alone.watches(NOW + 2 * MINUTE)
    assert alone.warnings == 1


def test_out_now_after_the_time_ran_out_warns_again(alone: Alone) -> None:
    alone.starts()
    alone.watches(NOW + HALF_AN_HOUR)
    alone.says(NOW + 40 * MINUTE, out_now=True)
    alone.watches(NOW + 40 * MINUTE)
    assert alone.warnings == 2
    assert alone.warned_at == write_instant(NOW + 40 * MINUTE)


def test_who_followed_up_one_warning_does_not_follow_up_the_next(alone: Alone) -> None:
    """A new warning stands as nobody's until somebody takes it, whoever took the last."""
    alone.starts()
    alone.watches(NOW + HALF_AN_HOUR)
    alone.says(NOW + 32 * MINUTE, taken_by=LISE)
    assert alone.outing.taken
    alone.says(NOW + 40 * MINUTE, out_now=True)
    alone.watches(NOW + 40 * MINUTE)
    assert not alone.outing.taken


def test_out_now_that_was_taken_back_and_is_pressed_anew_warns_anew(alone: Alone) -> None:
    alone.starts()
    for minute, pressed in ((1, True), (3, False), (9, True)):
        alone.says(NOW + minute * MINUTE, out_now=pressed)
        alone.watches(NOW + minute * MINUTE)
    assert alone.warnings == 2


def test_more_time_after_a_warning_begins_a_new_watch(alone: Alone) -> None:
    alone.starts()
    alone.watches(NOW + HALF_AN_HOUR)
    alone.says(NOW + 31 * MINUTE, ends_at=write_instant(NOW + 45 * MINUTE))
    alone.watches(NOW + 44 * MINUTE)
    assert alone.warnings == 1
    alone.watches(NOW + 45 * MINUTE)
    assert alone.warnings == 2


def test_an_end_that_comes_after_the_warning_stands_beside_it(alone: Alone) -> None:
    alone.starts()
    alone.watches(NOW + HALF_AN_HOUR)
    alone.says(NOW + 35 * MINUTE, ended_at=write_instant(NOW + 35 * MINUTE))
    assert alone.body["ended_at"] == write_instant(NOW + 35 * MINUTE)
    assert alone.warned_at == write_instant(NOW + HALF_AN_HOUR)


def test_what_was_offline_all_the_while_and_comes_ended_warns_nobody(alone: Alone) -> None:
    comes = NOW + timedelta(hours=3)
    ended = write_instant(NOW + 50 * MINUTE)
    alone.starts(comes=comes, ended_at=ended, out_now=True)
    alone.watches(comes)
    assert alone.warned_at is None
    assert alone.body["out_now"] is True


def test_what_comes_after_its_end_and_not_ended_warns_at_once(alone: Alone) -> None:
    comes = NOW + timedelta(hours=3)
    alone.starts(comes=comes)
    alone.watches(comes)
    assert alone.warned_at == write_instant(comes)


@pytest.mark.parametrize("wrong", [timedelta(hours=-2), timedelta(hours=2), timedelta(days=-30)])
def test_a_clock_that_is_wrong_by_a_known_time_changes_nothing(
    alone: Alone, wrong: timedelta
) -> None:
    alone.starts(clock=wrong, offset=-wrong)
    alone.watches(NOW + HALF_AN_HOUR - timedelta(seconds=1))
    assert alone.warned_at is None
    alone.watches(NOW + HALF_AN_HOUR)
    assert alone.warned_at == write_instant(NOW + HALF_AN_HOUR)


@pytest.mark.parametrize("years", [-7, 14])
def test_a_clock_that_nobody_can_believe_is_counted_from_when_it_came(
    alone: Alone, years: int
) -> None:
    alone.starts(clock=timedelta(days=365 * years), comes=NOW + MINUTE)
    alone.watches(NOW + HALF_AN_HOUR)
    assert alone.warned_at is None
    alone.watches(NOW + HALF_AN_HOUR + MINUTE)
    assert alone.warnings == 1


def test_a_clock_a_little_ahead_gives_nobody_longer(alone: Alone) -> None:
    """Nine minutes ahead could be true of a phone; what came cannot have been written later."""
    ahead = NOW + 9 * MINUTE
    assert due_at(ahead + HALF_AN_HOUR, ahead, 0, NOW) == (NOW + HALF_AN_HOUR, False)


def test_three_schedulers_give_one_warning(
    alone: Alone, database: Database, settings: Settings
) -> None:
    alone.reads_mail("lise", "lise@example.org")
    alone.starts()

    def look(seconds: int) -> None:
        for again in range(3):
            alone.watches(NOW + HALF_AN_HOUR + timedelta(seconds=seconds + again))

    at_once(3, look)
    assert alone.warnings == 1
    with database.reading() as session:
        assert len(safety.letters_about(session, [alone.id])) == 1


def test_a_scheduler_that_dies_after_its_claim_is_gone_on_from(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for a process that ends without a word."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    alone.starts()
    with monkeypatch.context() as patched:
        patched.setattr("server.safety.warning.take", die)
        with pytest.raises(Killed):
            alone.watches(NOW + HALF_AN_HOUR)
    assert alone.warned_at is None
    alone.watches(NOW + HALF_AN_HOUR + MINUTE)
    assert alone.warned_at == write_instant(NOW + HALF_AN_HOUR)


def test_what_its_author_took_away_warns_nobody(alone: Alone) -> None:
    alone.starts()
    alone.takes_away(NOW + MINUTE)
    alone.watches(NOW + timedelta(hours=1))
    assert alone.warnings == 0


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [(None, {LISE}), (INGRID, {INGRID}), (USERS["kari"], {LISE})],
    ids=["the leaders where nobody was chosen", "who was chosen", "not one who may not see it"],
)
def test_who_is_on_duty(
    database: Database, world: World, chosen: str | None, expected: set[str]
) -> None:
    with database.writing() as session:
        if chosen:
            people.put_on_duty(session, new_id(), AREA_EAST, chosen, LISE, NOW)
        assert set(people.on_duty(session, AREA_EAST)) == expected


def test_the_last_choice_counts_and_an_own_leader_comes_before_the_organisations(
    database: Database, world: World
) -> None:
    with database.writing() as session:
        for minutes, chosen in enumerate((INGRID, LISE, None)):
            at: datetime = NOW + minutes * MINUTE
            people.put_on_duty(session, new_id(), AREA_EAST, chosen, LISE, at)
        people.grant(session, new_id(), USERS["amir"], Role.LEADER, AREA_EAST)
        assert people.on_duty(session, AREA_EAST) == (USERS["amir"],)
        assert people.on_duty(session, AREA_WEST) == (LISE,)
        people.withdraw(session, USERS["amir"])
        people.withdraw(session, LISE)
        assert people.on_duty(session, AREA_EAST) == (INGRID,)


def test_a_shift_between_start_and_end_warns_both_whom_the_phone_named_and_who_came_on(
    alone: Alone, database: Database
) -> None:
    for login in ("lise", "ingrid"):
        alone.reads_mail(login, f"{login}@example.org")
    alone.starts()
    with database.writing() as session:
        people.put_on_duty(session, new_id(), AREA_EAST, INGRID, LISE, NOW + MINUTE)
    alone.watches(NOW + HALF_AN_HOUR)
    with database.reading() as session:
        letters = safety.letters_about(session, [alone.id])
    assert {letter.user for letter in letters} == {LISE, INGRID}
    assert alone.body[f"warns/{INGRID}"] is True


def test_who_comes_on_duty_later_is_promised_though_nobody_was_there_before(alone: Alone) -> None:
    """A look that found nobody to name says nothing, and does not stand in the way of the next."""
    with alone.database.writing() as session:
        for user in (LISE, INGRID):
            people.withdraw(session, user)
    alone.starts()
    alone.watches(NOW + MINUTE)
    assert not [path for path in alone.body if path.startswith("warns/")]
    with alone.database.writing() as session:
        people.grant(session, new_id(), LISE, Role.LEADER, None)
    alone.watches(NOW + 2 * MINUTE)
    assert alone.body[f"warns/{LISE}"] is True


def test_no_client_can_write_that_somebody_was_warned(kari: Phone) -> None:
    body = {
        "area": AREA_EAST,
        "who": KARI,
        "started_at": write_instant(NOW),
        "ends_at": write_instant(NOW + HALF_AN_HOUR),
    }
    for claimed in ({"escalated_at": write_instant(NOW)}, {f"warns/{LISE}": True}):
        (result,) = kari.sync(kari.write("check_in", new_id(), {**body, **claimed}))
        assert (result["state"], result["reason"]) == ("held", "invalid")
