"""Which browsers are woken: whose login they are, where they may be, and what turns it all on."""

from __future__ import annotations

from pathlib import Path

import pytest

from server import people
from server.config import BadSettings, Settings, read_settings
from server.database import Database
from server.people import Came, LoginSession
from server.push import HOSTS, Push, is_allowed
from server.roles import Role
from tests.makers import AREA_EAST, NOW, USERS, World, new_id

LISE, KARI = USERS["lise"], USERS["kari"]
HERE = "https://push.example.org/desk"


def logs_in(database: Database, user: str = LISE, endpoint: str | None = None) -> str:
    """Let somebody log in, and be woken in that browser."""
    with database.writing() as session:
        token = people.open_session(session, user, NOW)
        people.keep_browser(session, token, endpoint)
    return token


def test_a_login_that_ends_forgets_where_its_browser_is(database: Database, world: World) -> None:
    ended = [logs_in(database, endpoint=f"{HERE}/{name}") for name in ("a", "b")]
    with database.writing() as session:
        people.close_session(session, ended[0], NOW)
        people.close_sessions(session, LISE, NOW)
        for number in range(people.LOGINS_MAX + 1):
            token = people.open_session(session, KARI, NOW)
            people.keep_browser(session, token, f"{HERE}/{number}")
    with database.reading() as session:
        kept = session.query(LoginSession).filter(LoginSession.endpoint.is_not(None)).all()
        assert {(row.user, row.revoked_at) for row in kept} == {(KARI, None)}
        assert len(kept) == people.LOGINS_MAX, "the one that gave way is forgotten too"


def test_only_who_may_be_on_duty_is_woken(database: Database, world: World) -> None:
    logs_in(database, KARI, HERE)
    with database.writing() as session:
        assert people.woken(session, {KARI, LISE}, NOW) == set()
        people.grant(session, new_id(), KARI, Role.LEADER, AREA_EAST)
        assert {user for user, _ in people.woken(session, {KARI, LISE}, NOW)} == {KARI}


def test_logging_in_anew_in_a_browser_goes_on_for_the_same_person_alone(
    database: Database, world: World
) -> None:
    token = logs_in(database, endpoint=HERE)
    with database.writing() as session:
        again = people.open_session(session, LISE, NOW, old=Came("", "", token).old)
        assert people.browser_of(session, token) is None
        assert people.browser_of(session, again) == HERE
        other = people.open_session(session, KARI, NOW, old=Came("", "", again).old)
        assert people.browser_of(session, other) is None
        assert people.woken(session, {LISE, KARI}, NOW) == set()


def test_a_browser_is_one_persons_at_a_time(database: Database, world: World) -> None:
    logs_in(database, LISE, HERE)
    logs_in(database, USERS["ingrid"], HERE)
    with database.reading() as session:
        both = people.woken(session, {LISE, USERS["ingrid"]}, NOW)
    assert both == {(USERS["ingrid"], people.browser_name(HERE))}


@pytest.mark.parametrize(
    ("endpoint", "good"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAA", True),
        ("https://web.push.apple.com/QGuQ", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%3d", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://fcm.googleapis.com:8443/fcm/send/abc", False),
        ("https://fcm.googleapis.com.example.org/abc", False),
        ("https://fcm.googleapis.com@10.0.0.1/abc", False),
        ("https://10.0.0.1\\@fcm.googleapis.com/abc", False),
        ("https://push.apple.com.example.org/abc", False),
        ("https://evilpush.apple.com.example/abc", False),
        ("https://evil.example/.push.apple.com/", False),
        ("https://127.0.0.1/abc", False),
        ("https://[::1]/abc", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://localhost/abc", False),
        ("https://fcm.googleapis.com/a b", False),
        ("https://fcm.googleapis.com/a\r\nX: y", False),
        ("https://fcm.googleapis.com/" + "a" * 1000, False),
        ("file:///etc/passwd", False),
        ("fcm.googleapis.com", False),
    ],
)
def test_only_a_push_service_is_ever_asked(endpoint: str, good: bool) -> None:
    assert is_allowed(Push("mailto:it@example.org", HOSTS, b""), endpoint) is good


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"SUBJECT": "it@example.org"}, "SUBJECT"),
        ({"HOSTS": "https://push.example.org"}, "HOSTS"),
        ({"HOSTS": "*"}, "HOSTS"),
        ({"HOSTS": "push.example.org, *push.example.org"}, "HOSTS"),
    ],
)
def test_settings_that_cannot_be_used_say_which(
    tmp_path: Path, given: dict[str, str], words: str
) -> None:
    with pytest.raises(BadSettings, match=words):
        told(tmp_path, **{"SUBJECT": "mailto:it@example.org", **given})


def test_it_is_off_until_somebody_is_named_and_has_a_key_of_its_own(tmp_path: Path) -> None:
    assert told(tmp_path, HOSTS="push.example.org").push is None
    assert not (tmp_path / "keys" / "push.key").exists()
    settings = told(tmp_path, SUBJECT="mailto:it@example.org")
    assert settings.push is not None and settings.push.hosts == HOSTS
    assert (tmp_path / "keys" / "push.key").read_bytes() == settings.push.key
    assert settings.push.key != settings.sealing_key
    assert repr(settings.push.key) not in repr(settings)
    mine = told(tmp_path, SUBJECT="mailto:it@example.org", HOSTS="push.example.org *.example.net")
    assert mine.push is not None and mine.push.hosts == ("push.example.org", "*.example.net")


def told(folder: Path, **given: str) -> Settings:
    """Read settings from what is given."""
    named = {f"OPPGANG_PUSH_{name}": value for name, value in given.items()}
    return read_settings({"OPPGANG_MODE": "test", "OPPGANG_DATA": str(folder), **named})
