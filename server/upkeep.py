"""What an operator's commands do: the first administrator, exports, upgrades and retention.

Each reads its settings, does one thing and says so in words; `cli` names them.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from server import acts, staff
from server.config import Settings, read_settings
from server.database import BadDatabase, Database
from server.migrations import is_current
from server.roles import Role


class NotDone(Exception):
    """The command could not do its work; the text says why and what to do."""


def opened(settings: Settings) -> Database:
    """Open a database that is there and up to date; raises BadDatabase, in words, otherwise."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings)
    if not is_current(database):
        raise BadDatabase("The database is new, or older than this Oppgang. First: ./run migrate")
    return database


def first_admin(words: argparse.Namespace) -> int:
    """Make the first administrator, who lets everybody else in through the office."""
    database = opened(read_settings())
    refuse = _refuse_a_second if not words.another else _pass
    try:
        with database.reading() as session:
            refuse(session)
        values = {"name": words.name, "team": words.team, "login": words.login}
        grants = ((Role.ADMIN, None),)
        by, now = acts.at_the_machine(), datetime.now(UTC)
        staff.add(database, by, values, _password(words.password_stdin), grants, now, refuse)
    except staff.Refused as refused:
        raise NotDone(str(refused)) from refused
    origin = os.environ.get("OPPGANG_ORIGIN", "http://localhost:8000")
    print(f"{words.name} is an administrator and logs in at {origin}/office as {words.login}.")
    print("There they make areas and let others in: /office/people.")
    return 0


def _refuse_a_second(session: Session) -> None:
    if staff.has_admin(session):
        raise NotDone(
            "There is an administrator already. They let others in at /office/people. "
            "If nobody can log in as one any more, say --another."
        )


def _pass(session: Session) -> None:
    pass


def _password(from_stdin: bool) -> str:
    """Read a password: one line of standard input, or typed twice, unseen, at a terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise NotDone("There is no terminal to type a password at. Say --password-stdin.")
    first = getpass.getpass("Password (four words, or at least 16 characters): ")
    if first != getpass.getpass("Once more: "):
        raise NotDone("The two were not the same. Nothing was changed; try again.")
    return first
