"""Pushes recorded from released contracts are taken for ever, and answered as they were (I-15).

`tests/golden/<story>.push.json` never changes once its contract is released (test_released.py).
Beside it stand the answers, and the reply that a new vault gets at the end, which the phone's tests
fold too.
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
from server.records import REGISTRY
from server.records.projection import differing
from server.records.record import Envelope
from server.shapes import read_instant
from tests.makers import NOW, USERS, World, new_id
from tests.server.phone import PUBLIC

FOLDER = Path(__file__).parents[1] / "golden"
STORIES = sorted(path.name.removesuffix(".push.json") for path in FOLDER.glob("*.push.json"))
FRESH = new_id(0xFFFF)
"""The vault that comes last and is told everything at once."""
PLAIN = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
LIFE = "018f2c5e-0000-7000-8000-00000000feed"
SIGNS = "51" * 32
NOT_WRITTEN_ON_A_PHONE = frozenset(
    {
        *("area", "checklist", "emergency_number", "absence", "colleague", "receipt"),
        *("building", "tenancy", "contact", "cooperation_agreement", "site_figures"),
    }
)
"""Kinds that the app shows and has no form or act for: the office, its imports and the server
write them. (`colleague` and `receipt` are the server's alone.)"""


def play(
    database: Database, steps: list[dict[str, Any]], *, new: bool = False
) -> list[dict[str, Any]]:
    """Push and pull what a story says, and give the replies; a `new` one is fitted to its ground.

    A step that was recorded in a journey says when it came.
    """
    cursors: dict[str, str | None] = {}
    replies = []
    for step in steps:
        user, replica = USERS[step["who"]], step["replica"]
        now = read_instant(step["now"]) if "now" in step else NOW
        if replica not in cursors and step["phone"]:
            _register(database, user, replica)
        with database.reading() as session:
            actor = actor_of(session, user)
        if new:
            _fit(database, step["push"])
        raw = [orjson.dumps(mutation, option=orjson.OPT_SORT_KEYS) for mutation in step["push"]]
        server = step.get("server", False)
        taken = take(database, actor, replica, raw, now, server=server)
        results = [result.wire() for result in taken]
        with database.reading() as session:
            page = feed.pull(session, actor, cursors.get(replica), now=now)
        if page.access is not None:
            feed.remember_access(database, page.access, now)
        cursors[replica] = page.cursor
        replies.append(orjson.loads(orjson.dumps(reply_of(page, results, now))))
    return replies


def _fit(database: Database, pushes: list[dict[str, Any]]) -> None:
    """What somebody had seen and what stands is seen by the number that it has in a replay."""
    with database.reading() as session:
        for mutation in pushes:
            row = session.get(Envelope, mutation["id"])
            body = orjson.loads(row.body) if row is not None else {}
            for path, seen in mutation["seen"].items():
                if row is not None and seen["seq"] > 0 and body.get(path) == seen.get("value"):
                    seen["seq"] = row.seq


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
        session.execute(update(Clock).values(incarnation=LIFE, cursor_key=SIGNS))
    steps = orjson.loads((FOLDER / f"{story}.push.json").read_bytes())
    new = bool(os.environ.get("OPPGANG_RECORD")) and not (FOLDER / f"{story}.answers.json").exists()
    answers = play(database, steps, new=new)
    if new:
        (FOLDER / f"{story}.push.json").write_bytes(orjson.dumps(steps, option=PLAIN) + b"\n")
    (fresh,) = play(database, [{"who": "kari", "replica": FRESH, "phone": True, "push": []}])
    for name, value in (("answers", answers), ("reply", fresh)):
        recorded = FOLDER / f"{story}.{name}.json"
        if os.environ.get("OPPGANG_RECORD"):
            recorded.write_bytes(orjson.dumps(value, option=PLAIN) + b"\n")
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


def test_every_kind_that_a_phone_writes_is_in_a_recorded_story() -> None:
    """What a released contract promises is what was recorded: the rest is promised to nobody."""
    stories = [orjson.loads(path.read_bytes()) for path in FOLDER.glob("*.push.json")]
    steps = [step for story in stories for step in story]
    pushed = [mutation for step in steps if step["phone"] for mutation in step["push"]]
    told = {mutation["kind"] for mutation in pushed}
    assert REGISTRY.keys() - NOT_WRITTEN_ON_A_PHONE <= told
    assert not NOT_WRITTEN_ON_A_PHONE & told
