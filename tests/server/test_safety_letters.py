"""The letters of a warning: they say nothing of anybody, go out once, and are tried until taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from server import people, safety
from server.config import BadSettings, Settings, read_settings
from server.database import Database
from server.shapes import write_instant
from server.smtp import is_address
from tests.mail_sink import Sink, mail_sink
from tests.makers import NAMES, NOW, USERS, World
from tests.server.safety import HALF_AN_HOUR, Alone, at_once, local

OVER = NOW + HALF_AN_HOUR
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server."""
    with mail_sink() as made:
        yield made


@pytest.fixture
def alone(database: Database, settings: Settings, world: World, sink: Sink) -> Alone:
    """Kari out alone and over time, and a leader who reads mail."""
    made = Alone(database, replace(settings, smtp=local(sink.port)))
    made.reads_mail("lise", "lise@example.org")
    made.watches(NOW)
    made.starts(meet="Hos Eksempel i tredje")
    made.watches(OVER)
    return made


def test_the_letter_reaches_who_is_on_duty_and_says_nothing_of_anybody(
    alone: Alone, sink: Sink
) -> None:
    safety.send_letters(alone.database, alone.settings, OVER)
    ((to, letter),) = sink.taken
    assert to == "lise@example.org"
    said = letter.get_payload(decode=True)
    assert isinstance(said, bytes)
    whole = letter.as_string() + said.decode()
    assert f"{alone.settings.origin}/office/safety" in whole
    for secret in (*NAMES.values(), "Kari", "Storgata", "Eksempel", alone.id, "tiden", "Må ut"):
        assert secret not in whole


def test_ten_senders_hand_it_over_once(alone: Alone, sink: Sink) -> None:
    at_once(10, lambda _: safety.send_letters(alone.database, alone.settings, OVER))
    assert len(sink.taken) == 1


def test_what_is_refused_is_tried_again_and_shown_until_then(alone: Alone, sink: Sink) -> None:
    sink.refuses = True
    safety.send_letters(alone.database, alone.settings, OVER)
    assert state(alone) == (None, "SMTPRecipientsRefused")
    sink.refuses = False
    safety.send_letters(alone.database, alone.settings, OVER + timedelta(seconds=59))
    assert sink.taken == []
    safety.send_letters(alone.database, alone.settings, OVER + MINUTE)
    assert len(sink.taken) == 1
    assert state(alone) == (OVER + MINUTE, None)


def test_a_mail_server_that_is_away_loses_no_letter(alone: Alone, sink: Sink) -> None:
    away = replace(alone.settings, smtp=local(1))
    safety.send_letters(alone.database, away, OVER)
    assert state(alone)[1] == "ConnectionRefusedError"
    safety.send_letters(alone.database, replace(away, smtp=None), OVER + MINUTE)
    safety.send_letters(alone.database, alone.settings, OVER + 2 * MINUTE)
    assert len(sink.taken) == 1


def test_what_is_over_before_it_could_be_sent_is_not_sent(alone: Alone, sink: Sink) -> None:
    alone.says(OVER + MINUTE, ended_at=write_instant(OVER + MINUTE))
    safety.send_letters(alone.database, alone.settings, OVER + 2 * MINUTE)
    assert sink.taken == []


def test_who_takes_their_address_back_before_it_is_sent_gets_none(alone: Alone, sink: Sink) -> None:
    """It is written down that the letter had nowhere to go, and it is not tried for ever."""
    with alone.database.writing() as session:
        people.keep_address(session, USERS["lise"], None, OVER)
    for minute in range(3):
        safety.send_letters(alone.database, alone.settings, OVER + minute * MINUTE)
    assert sink.taken == [] and state(alone) == (None, "NoAddress")


def test_a_letter_that_nobody_takes_is_given_up_after_forty_tries(alone: Alone, sink: Sink) -> None:
    """That it never came stands where the duty list shows it."""
    away = replace(alone.settings, smtp=local(1))
    for minute in range(40):
        safety.send_letters(alone.database, away, OVER + minute * MINUTE)
    safety.send_letters(alone.database, alone.settings, OVER + 41 * MINUTE)
    assert sink.taken == [] and state(alone)[1] == "ConnectionRefusedError"


def test_who_has_said_no_address_gets_none_and_the_warning_stands(
    database: Database, settings: Settings, world: World
) -> None:
    alone = Alone(database, settings)
    alone.watches(NOW)
    alone.starts()
    alone.watches(OVER)
    with database.reading() as session:
        assert safety.letters_about(session, [alone.id]) == []
    assert alone.warned_at == write_instant(OVER)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("vakt.ost@eksempel.kommune.no", True),
        ("lise", False),
        ("lise@", False),
        ("@example.org", False),
        ("a@b@c", False),
        ("lise@example.org\r\nBcc: all@example.org", False),
        ("lise <lise@example.org>", False),
        ("lise@example.org, all@example.org", False),
        (f"{'l' * 250}@example.org", False),
    ],
)
def test_an_address_is_one_and_ends_no_line(text: str, good: bool) -> None:
    assert is_address(text) is good


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"LINE": "maybe"}, "LINE"),
        ({"PORT": "0"}, "PORT"),
        ({"PORT": "²"}, "PORT"),
        ({"FROM": "nobody"}, "FROM"),
        ({"LOGIN": "oppgang"}, "smtp.password"),
    ],
)
def test_settings_that_cannot_be_used_say_which(
    tmp_path: Path, given: dict[str, str], words: str
) -> None:
    whole = {"HOST": "mail.example.org", "FROM": "oppgang@example.org", **given}
    named = {f"OPPGANG_SMTP_{name}": value for name, value in whole.items()}
    with pytest.raises(BadSettings, match=words):
        read_settings({"OPPGANG_MODE": "test", "OPPGANG_DATA": str(tmp_path), **named})


def state(alone: Alone) -> tuple[object, str | None]:
    """Give when the one letter was taken, and its trouble."""
    with alone.database.reading() as session:
        (letter,) = safety.letters_about(session, [alone.id])
    return letter.sent_at, letter.trouble
