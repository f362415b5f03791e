"""Pushes recorded from released contracts are taken for ever, and answered as they were (I-15).

`tests/golden/<story>.push.json` never changes once its contract is released. Beside it stand the
answers, and the reply that a new vault gets at the end, which the phone's tests fold too.
OPPGANG_RECORD=1 writes both anew.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import update

from server import feed, people
from server.access import actor_of
from server.api.sync import reply_of
from server.clock import Clock
from server.database import Database
from server.intake import take
from server.records.projection import differing
from tests.makers import NOW, USERS, World, new_id
from tests.server.phone import PUBLIC

FOLDER = Path(__file__).parents[1] / "golden"
STORIES = sorted(path.name.removesuffix(".push.json") for path in FOLDER.glob("*.push.json"))
FRESH = new_id(0xFFFF)
"""The vault that comes last and is told everything at once."""
LIFE = "018f2c5e-0000-7000-8000-00000000feed"


def play(database: Database, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Push and pull what a story says, and give the replies."""
    cursors: dict[str, str | None] = {}
    replies = []
    for step in steps:
        user, replica = USERS[step["who"]], step["replica"]
        if replica not in cursors and step["phone"]:
            _register(database, user, replica)
        with database.reading() as session:
            actor = actor_of(session, user)
        raw = [orjson.dumps(mutation, option=orjson.OPT_SORT_KEYS) for mutation in step["push"]]
        results = [result.wire() for result in take(database, actor, replica, raw, NOW)]
        with database.reading() as session:
            page = feed.pull(session, actor, cursors.get(replica), now=NOW)
        if page.access is not None:
            feed.remember_access(database, page.access, NOW)
        cursors[replica] = page.cursor
        replies.append(orjson.loads(orjson.dumps(reply_of(page, results, NOW))))
    return replies


def _register(database: Database, user: str, replica: str) -> None:
    from server.sealing import from_base64url

    with database.writing() as session:
        people.register_replica(
            session,
            replica=replica,
            installation=new_id(),
            user=user,
            public_key=from_base64url(PUBLIC),
            app="golden",
            contract=1,
            now=NOW,
        )


@pytest.mark.parametrize("story", STORIES)
def test_a_recorded_story_is_answered_as_it_was(
    database: Database, world: World, story: str
) -> None:
    with database.writing() as session:
        session.execute(update(Clock).values(incarnation=LIFE))
    steps = orjson.loads((FOLDER / f"{story}.push.json").read_bytes())
    answers = play(database, steps)
    (fresh,) = play(database, [{"who": "kari", "replica": FRESH, "phone": True, "push": []}])
    for name, value in (("answers", answers), ("reply", fresh)):
        recorded = FOLDER / f"{story}.{name}.json"
        if os.environ.get("OPPGANG_RECORD"):
            options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
            recorded.write_bytes(orjson.dumps(value, option=options) + b"\n")
        assert value == orjson.loads(recorded.read_bytes())
    with database.reading() as session:
        assert differing(session) == []


def test_there_is_a_story_for_every_state() -> None:
    replies = [orjson.loads(path.read_bytes()) for path in FOLDER.glob("*.answers.json")]
    told = {
        (result["state"], result.get("reason"))
        for story in replies
        for reply in story
        for result in reply["results"]
    }
    expected = {
        ("applied", None),
        ("applied", "equal"),
        ("applied", "superseded"),
        ("review", "ask"),
        ("review", "delete"),
        ("review", "invariant"),
        ("held", "access"),
        ("held", "gone"),
        ("held", "invalid"),
        ("held", "mid_clash"),
        ("held", "ref"),
        ("held", "schema"),
        ("held", "duplicate_id"),
    }
    assert expected <= told
