"""The first administrator: made by command in an empty database, once, with a strong password."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from server import passwords, people, staff
from server.cli import main
from server.config import Settings
from server.database import Database
from server.records.colleague import Colleague
from server.roles import Role
from tests.makers import PASSWORD

Command = Callable[..., int]


@pytest.fixture
def command(settings: Settings, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `./run first-admin` on the database under test, with a password on standard input."""
    for name, value in {
        "OPPGANG_MODE": "test",
        "OPPGANG_DATA": str(settings.data),
        "OPPGANG_KEYS": str(keys),
        "OPPGANG_DATABASE_URL": settings.database_url,
    }.items():
        monkeypatch.setenv(name, value)

    def run(*more: str, password: str = PASSWORD, login: str = "vilde") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\nmore\n"))
        words = ["first-admin", "--name", "Vilde Ås", "--login", login, "--password-stdin", *more]
        return main(words)

    return run


def test_the_first_administrator_logs_in_and_is_known_to_every_phone(
    command: Command, database: Database
) -> None:
    assert command("--team", "IKT") == 0
    with database.reading() as session:
        user = people.check_password(session, "Vilde", PASSWORD)
        assert people.grants_of(session, {user.id})[user.id] == ((Role.ADMIN, None),)
        colleague = session.get_one(Colleague, user.id)
        assert (colleague.name, colleague.team) == ("Vilde Ås", "IKT")


def test_a_second_one_must_be_asked_for(
    command: Command, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command() == 0
    assert command(login="siri") == 1
    assert "There is an administrator already." in capsys.readouterr().err
    assert command("--another", login="siri") == 0
    with database.reading() as session:
        assert {member.login for member in staff.everyone(session)} == {"siri", "vilde"}


@pytest.mark.parametrize(
    "password", ["", "kort", "aaaaaaaaaaaaaaaaaaaa", "ord ord ord ord", "x" * 2000]
)
def test_a_weak_password_is_refused_and_nobody_is_made(
    password: str, command: Command, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(password=password) == 1
    assert "Passordet er for svakt." in capsys.readouterr().err
    with database.reading() as session:
        assert staff.everyone(session) == []


def test_a_taken_login_name_is_said(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command() == 0
    assert command("--another", login="VILDE") == 1
    assert "Brukernavnet vilde er tatt." in capsys.readouterr().err


def test_without_a_terminal_the_password_comes_from_standard_input(
    command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["first-admin", "--name", "V", "--login", "vilde"]) == 1
    assert "--password-stdin" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("password", "strong"),
    [
        ("fire ord som ingen", True),
        ("fire-ord-som-ingen", True),
        ("ord som ord som", False),
        ("en to av på", False),
        ("abcdefgh12345678", False),
        ("qwertyuiop123456", False),
        ("PasswordPassword1", False),
        ("iloveyou123456789", False),
        ("xk7vq2mzr9tw4bhd", True),
        ("abababababababab", False),
        ("Kort1!", False),
    ],
)
def test_strong_means_four_words_or_sixteen_signs_as_on_the_phone(
    password: str, strong: bool
) -> None:
    assert passwords.is_strong(password) is strong


@pytest.mark.parametrize(
    "password",
    [
        "vilde hansen bergen kommune",
        "Oppgang-Bergen-Bolig-2026",
        "bergenbergen2026!",
        "passord kommunal vilde oppgang",
    ],
)
def test_what_anybody_would_guess_here_is_no_password(password: str) -> None:
    """Four words and sixteen signs are counted without our own: name, login, address, trade."""
    own = ("Vilde Hansen", "oppgang.bergen.kommune.no")
    assert not passwords.is_strong(password, own)
    assert passwords.is_strong(f"{password} regnbue havre lerke spade", own)


def test_a_password_that_is_made_for_somebody_is_strong_and_new() -> None:
    made = {passwords.new_password() for _ in range(50)}
    assert len(made) == 50 and all(passwords.is_strong(one) for one in made)
